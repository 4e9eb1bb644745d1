"""Lowering of the factors of QR and LU decompositions, all from one."""

from .lower import rule, shape_of
from .lower_linalg import part
from .lower_matrix import squeezed

PLACES = {"QRFactorQ": ("qr", 0), "QRFactorR": ("qr", 1), "LUFactorP": ("lu", 0), "LUFactorL": ("lu", 1), "LUFactorU": ("lu", 2)}


@rule(*PLACES)
def factor(ctx, e):
    op, place = PLACES[next(cls.__name__ for cls in type(e).__mro__ if cls.__name__ in PLACES)]
    return squeezed(ctx, part(ctx, ctx.graph.make(op, (ctx.matrix(e.arg)[0],)), place), shape_of(e))
