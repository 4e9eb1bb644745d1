"""Conjugates of what is real, which change nothing; a warning says that symbols are taken as real."""

from warnings import warn

from sympy import S, conjugate, im, re
from sympy.matrices.expressions import Adjoint

from ..errors import MissingRuleError, TakenAsRealWarning
from ..kernel.occurrence import contains
from ..kernel.session import session_state
from .form import as_scalar, prepare, prepares
from .orientation import transpose_prepared
from .scalars import handles


@prepares(Adjoint)
def adjoint(e):
    return transpose_prepared(of_real(e))  # SymPy's conjugate of a matrix is the adjoint of its transpose


@as_scalar(Adjoint)
def conjugated(e):
    return of_real(e)


@handles(conjugate, re)
def real_scalar(e, prepare):
    return of_real(e)


@handles(im)
def imaginary_scalar(e, prepare):
    of_real(e)
    return S.Zero


def of_real(e):
    """What a conjugate or a real part is of; MissingRuleError where an imaginary unit is in it, or symbols are known to be complex."""
    if session_state.is_complex or contains(e, S.ImaginaryUnit):
        raise MissingRuleError(
            f"`{e}` conjugates an imaginary unit, or what is complex: symbols and expressions have to be real here; "
            "`complex_derivative` takes complex ones"
        )
    text = f"the symbols in `{e}` are taken as real, where a conjugate changes nothing; for complex ones there is `complex_derivative`"
    warn(text, TakenAsRealWarning, stacklevel=2)
    return prepare(e.args[0])
