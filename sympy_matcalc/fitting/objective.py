"""`objective`: a scalar with gradient, Hessian and Hessian-vector product, as `scipy.optimize.minimize` takes them."""

from importlib import import_module
from itertools import combinations_with_replacement
from typing import Any

import numpy as np

from ..answers import echoed
from ..api.derivatives import gradient, hessian
from ..api.directional import hvp
from ..api.variables import is_scalar, shape_of
from ..codegen.structured.results import OPERATORS
from ..errors import ArgumentError, ShapeError
from ..typed_input import as_expression
from .estimates import Estimates
from .problem import Problem
from .residuals import Residuals
from .structured import StructuredObjective


def objective(
    f: Any,
    variables: Any,
    data: Any = None,
    args: Any = (),
    assumptions: Any = None,
    structure: dict[Any, Any] | None = None,
    structured: bool = False,
    cache: Any = None,
) -> "Objective | StructuredObjective":
    """An `Objective`: f and its derivatives as functions of one flat vector.

    f: a scalar, or a 1 x 1 matrix expression. variables: a MatrixSymbol or Symbol, or a sequence of them. data: {symbol: array or
    number}; sizes are read off the arrays. args: symbols whose values are given at each call, in SciPy's ``args=``. assumptions: facts
    as for `gradient`. structure: {variable: structure}, as for `gradient`: the flat vector holds the free parameters then, of "spd" those
    of its Cholesky factor, and a `StructuredObjective` is given. structured: True for a `hess` that returns an operator of
    `sympy_matcalc.operators`, as `lambdify` does, whose `solve` is Newton's step; its array is never made, and it may hold data. SciPy is
    needed for that, and not to make or to evaluate another objective. cache: a directory in which the generated code of each part is kept,
    as `lambdify` does it: a part that is there is not derived again in another process.
    Errors: ShapeError for an f that is no scalar and for data that do not fit, MatcalcError for a symbol without a value, ArgumentError
    for both `structure` and `structured`: the Hessian by parameters is an array.

    >>> import numpy as np
    >>> from sympy import MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> m, n = symbols("m n", integer=True, positive=True)
    >>> X, w, y = MatrixSymbol("X", m, n), MatrixSymbol("w", n, 1), MatrixSymbol("y", m, 1)
    >>> problem = mc.objective((X*w - y).T*(X*w - y), w, data={X: np.eye(3, 2), y: np.ones(3)})
    >>> x = problem.flatten(np.zeros(2))
    >>> problem.fun(x), problem.jac(x), problem.hessp(x, np.array([1.0, 2.0]))
    (3.0, array([-2., -2.]), array([2., 4.]))
    >>> from sympy import Determinant, Trace, log
    >>> S, C = MatrixSymbol("S", n, n), MatrixSymbol("C", n, n)
    >>> fit = mc.objective(log(Determinant(S)) + Trace(S.I*C), S, data={C: np.diag([2.0, 3.0])}, structure={S: "spd"})
    >>> x = fit.flatten(np.eye(2))
    >>> len(x), fit.jac(x).round(6).tolist()
    (3, [-2.0, 0.0, -4.0])
    >>> fit.restore(x).tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    >>> many = mc.objective((X*w - y).T*(X*w - y) + w.T*w, w, data={X: np.eye(1, 9000), y: np.ones(1)}, structured=True)
    >>> x = many.flatten(np.zeros(9000))
    >>> H = many.hess(x)
    >>> type(H).__name__, (x - H.solve(many.jac(x)))[:2]
    ('GramOperator', array([0.5, 0. ]))
    """
    if structure and structured:
        raise ArgumentError(
            f"`structured={structured!r}` with `structure`: the Hessian by free parameters is an array; leave one of them out"
        )
    plain = Objective(f, variables, data, args, assumptions, structured, cache)
    return StructuredObjective(plain, structure) if structure else plain


class Objective(Estimates, Problem):
    """What `objective` gives: ``minimize(p.fun, p.flatten(start), jac=p.jac, hess=p.hess)``, then ``p.restore(result.x)``.

    x is the variables in their order, each row by row. Every part takes ``(x, *args)``, is derived and compiled when it is first
    called, and is then kept. `flatten` and `restore` go from values to x and back, ``source("jac")`` is the generated source.
    Matrices with one column or row have one axis in it; what is returned belongs to the caller.
    """

    def __init__(self, f, variables, data=None, args=(), assumptions=None, structured=False, cache=None):
        self.structured = structured
        f = as_expression(f)
        if not is_scalar(f):
            raise ShapeError(f"`objective` needs a scalar, got `{echoed(f)}` of shape {shape_of(f)}; use `residuals`")
        super().__init__([f], variables, data, args, assumptions, cache)

    def fun(self, x: Any, *args: Any) -> float:
        """The value, a number."""
        return float(self._call("fun", self.parameters.checked(x), args))

    def jac(self, x: Any, *args: Any) -> np.ndarray:
        """The gradient, a vector as long as x."""
        x = self.parameters.checked(x)
        return self._flat(self._call("jac", x, args), x, args)

    def fun_and_jac(self, x: Any, *args: Any) -> tuple[float, np.ndarray]:
        """(value, gradient) by one generated function that shares their work, for ``jac=True``."""
        x = self.parameters.checked(x)
        value, *parts = self._call("fun_and_jac", x, args)
        return float(value), self._flat(parts, x, args)

    def hess(self, x: Any, *args: Any) -> Any:
        """The Hessian, with mixed derivatives: a dense matrix, symmetric up to rounding, or an operator if `structured`."""
        x = self.parameters.checked(x)
        blocks = self._call("hess", x, args)
        sizes = [stop - start for start, stop, _ in self.parameters.parts]
        places = list(combinations_with_replacement(range(len(sizes)), 2))
        if self.structured:
            return _operator(dict(zip(places, blocks)), sizes)
        if len(sizes) == 1:
            return self._own(np.asarray(blocks[0]).reshape(x.size, x.size), x, args)
        grid: list[list[Any]] = [[None] * len(sizes) for _ in sizes]
        for (i, k), block in zip(places, blocks):
            grid[i][k] = np.asarray(block).reshape(sizes[i], sizes[k])
            grid[k][i] = grid[i][k].T
        return np.block(grid)

    def hessp(self, x: Any, p: Any, *args: Any) -> np.ndarray:
        """The Hessian times p, a vector; the Hessian is neither derived nor computed."""
        x, p = self.parameters.checked(x), self.parameters.checked(p, "p")
        return self._flat(self._call("hessp", x, args, self.parameters.views(p)), p, args)

    def _residuals(self, exprs):
        return Residuals(exprs, self.variables, self.data, self.args, self.assumptions, self.cache)

    # ---- what a part computes: (the symbols it takes beside the variables, expressions)
    def _derive_fun(self):
        return (), self.exprs[0]

    def _derive_jac(self):
        return (), [gradient(self.exprs[0], v, self.assumptions) for v in self.variables]

    def _derive_fun_and_jac(self):
        return (), [self.exprs[0], *self._derive_jac()[1]]

    def _derive_hess(self):
        pairs = list(combinations_with_replacement(self.variables, 2))
        exprs = [hessian(self.exprs[0], v, w, assumptions=self.assumptions) for v, w in pairs]
        return (), exprs, {"structured": [_axes(v) if _axes(w) else False for v, w in pairs]} if self.structured else {}

    def _derive_hessp(self):
        return self.directions, list(hvp(self.exprs[0], self.variables, self.directions, self.assumptions))


def _axes(variable):
    """How many axes of a derivative are those of a variable: a number, so that none is False."""
    return sum(n != 1 for n in getattr(variable, "shape", ())) or False


def _operator(blocks, sizes):
    """The symmetric operator of the blocks on and over the diagonal, by place: operators, or arrays where a variable is a number."""
    operators = import_module(OPERATORS)  # which need SciPy

    def whole(block, i, k):
        if isinstance(block, operators.StructuredOperator):
            return block
        return operators.DenseOperator(np.asarray(block, float).reshape(sizes[i], sizes[k]))

    grid: list[list[Any]] = [[None] * len(sizes) for _ in sizes]
    for (i, k), block in blocks.items():
        grid[i][k] = whole(block, i, k)
        if i != k:
            grid[k][i] = grid[i][k].T
    return operators.BlockOperator(grid) if len(sizes) > 1 else grid[0][0]
