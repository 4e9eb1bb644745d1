"""`residuals`: a vector of residuals with its Jacobian, as `scipy.optimize.least_squares` takes them."""

from typing import Any

import numpy as np

from ..api.derivatives import jacobian
from ..api.directional import jvp, vjp
from ..errors import ShapeError
from ..kernel.shapes import is_matrix
from ..nodes import Einsum
from ..typed_input import as_expression
from .problem import Problem
from .structured import StructuredResiduals


def residuals(
    F: Any,
    variables: Any,
    data: Any = None,
    args: Any = (),
    assumptions: Any = None,
    structure: dict[Any, Any] | None = None,
    cache: Any = None,
) -> "Residuals | StructuredResiduals":
    """A `Residuals`: F and its Jacobian as functions of one flat vector.

    F: a matrix expression or a scalar, or a sequence of them, put one after another, each row by row. The rest as for `objective`;
    with ``structure={X: "symmetric"}`` the flat vector holds the free parameters.
    Errors: ShapeError for an F of more than two axes and for data that do not fit, MatcalcError for a symbol without a value.

    >>> import numpy as np
    >>> from sympy import MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> m, n = symbols("m n", integer=True, positive=True)
    >>> X, w, y = MatrixSymbol("X", m, n), MatrixSymbol("w", n, 1), MatrixSymbol("y", m, 1)
    >>> problem = mc.residuals([X*w - y, w/10], w, data={X: np.eye(3, 2), y: np.ones(3)})
    >>> problem.fun([1.0, 2.0])
    array([ 0. ,  1. , -1. ,  0.1,  0.2])
    >>> problem.jac([1.0, 2.0])
    array([[1. , 0. ],
           [0. , 1. ],
           [0. , 0. ],
           [0.1, 0. ],
           [0. , 0.1]])
    """
    plain = Residuals(F, variables, data, args, assumptions, cache)
    return StructuredResiduals(plain, structure) if structure else plain


class Residuals(Problem):
    """What `residuals` gives: ``least_squares(p.fun, p.flatten(start), jac=p.jac)``, then ``p.restore(result.x)``.

    As `Objective`: parts take ``(x, *args)`` and are derived and compiled when first called. `jvp` and `vjp` are the products with
    the Jacobian for solvers that need no more, such as LSMR.
    """

    def __init__(self, F, variables, data=None, args=(), assumptions=None, cache=None):
        exprs = [as_expression(e) for e in (F if isinstance(F, (tuple, list)) else [F])]
        for e in exprs:
            if isinstance(e, Einsum) and not is_matrix(e) and e.axes_shape:
                raise ShapeError(f"`residuals` needs scalars and matrices, got `{e}` with {len(e.axes_shape)} axes")
        if not exprs:
            raise ShapeError("`residuals` needs at least one expression")
        super().__init__(exprs, variables, data, args, assumptions, cache)

    def fun(self, x: Any, *args: Any) -> np.ndarray:
        """The residuals, one vector."""
        x = self.parameters.checked(x)
        return self._flat(self._call("fun", x, args), x, args)

    def jac(self, x: Any, *args: Any) -> np.ndarray:
        """The Jacobian, a dense matrix with a row for each residual."""
        x = self.parameters.checked(x)
        blocks = self._call("jac", x, args)
        widths = [stop - start for start, stop, _ in self.parameters.parts]
        rows = [blocks[k : k + len(widths)] for k in range(0, len(blocks), len(widths))]
        if len(blocks) == 1:
            return self._own(_matrix(blocks[0], x.size), x, args)
        return np.vstack([np.hstack([_matrix(block, w) for block, w in zip(row, widths)]) for row in rows])

    def jvp(self, x: Any, p: Any, *args: Any) -> np.ndarray:
        """The Jacobian times p, by forward mode."""
        x, p = self.parameters.checked(x), self.parameters.checked(p, "p")
        return self._flat(self._call("jvp", x, args, self.parameters.views(p)), p, args)

    def vjp(self, x: Any, u: Any, *args: Any) -> np.ndarray:
        """The transposed Jacobian times u, by reverse mode."""
        x, u = self.parameters.checked(x), np.asarray(u)
        shapes = [np.shape(part) for part in self._call("fun", x, args)]
        ends = np.cumsum([int(np.prod(s)) for s in shapes])
        if u.shape != (ends[-1],):
            raise ShapeError(f"`u` must be a flat vector of {ends[-1]} numbers, one a residual, got shape {u.shape}")
        pieces = [piece.reshape(s)[()] for piece, s in zip(np.split(u, ends[:-1]), shapes)]
        found = self._call("vjp", x, args, pieces)
        count = len(self.variables)
        return sum(self._flat(found[k : k + count], u, args) for k in range(0, len(found), count))

    # ---- what a part computes: (the symbols it takes beside the variables, expressions)
    def _derive_fun(self):
        return (), self.exprs

    def _derive_jac(self):
        return (), [jacobian(e, v, assumptions=self.assumptions) for e in self.exprs for v in self.variables]

    def _derive_jvp(self):
        return self.directions, [jvp(e, self.variables, self.directions, self.assumptions) for e in self.exprs]

    def _derive_vjp(self):
        weights = self._fresh("u", self.exprs)
        return weights, [d for e, u in zip(self.exprs, weights) for d in vjp(e, self.variables, u, self.assumptions)]


def _matrix(block, width):
    """A block of the Jacobian as a matrix, also where a factor of its size is 0."""
    block = np.asarray(block)
    return block.reshape(block.size // width if width else 0, width)
