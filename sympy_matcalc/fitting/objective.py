"""`objective`: a scalar with gradient, Hessian and Hessian-vector product, as `scipy.optimize.minimize` takes them."""

from typing import Any

import numpy as np

from ..api.derivatives import gradient, hessian
from ..api.directional import hvp
from ..api.variables import is_scalar, shape_of
from ..errors import ShapeError
from ..typed_input import as_expression
from .estimates import Estimates
from .problem import Problem
from .residuals import Residuals
from .structured import StructuredObjective


def objective(
    f: Any, variables: Any, data: Any = None, args: Any = (), assumptions: Any = None, structure: dict[Any, Any] | None = None
) -> "Objective | StructuredObjective":
    """An `Objective`: f and its derivatives as functions of one flat vector.

    f: a scalar, or a 1 x 1 matrix expression. variables: a MatrixSymbol or Symbol, or a sequence of them. data: {symbol: array or
    number}; sizes are read off the arrays. args: symbols whose values are given at each call, in SciPy's ``args=``. assumptions: facts
    as for `gradient`. structure: {variable: structure}, as for `gradient`: the flat vector holds the free parameters then, of "spd" those
    of its Cholesky factor, and a `StructuredObjective` is given. SciPy is not needed to make or to evaluate an objective.
    Errors: ShapeError for an f that is no scalar and for data that do not fit, MatcalcError for a symbol without a value.

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
    """
    plain = Objective(f, variables, data, args, assumptions)
    return StructuredObjective(plain, structure) if structure else plain


class Objective(Estimates, Problem):
    """What `objective` gives: ``minimize(p.fun, p.flatten(start), jac=p.jac, hess=p.hess)``, then ``p.restore(result.x)``.

    x is the variables in their order, each row by row. Every part takes ``(x, *args)``, is derived and compiled when it is first
    called, and is then kept. `flatten` and `restore` go from values to x and back, ``source("jac")`` is the generated source.
    Matrices with one column or row have one axis in it; what is returned belongs to the caller.
    """

    def __init__(self, f, variables, data=None, args=(), assumptions=None):
        f = as_expression(f)
        if not is_scalar(f):
            raise ShapeError(f"`objective` needs a scalar, got `{f}` of shape {shape_of(f)}; use `residuals`")
        super().__init__([f], variables, data, args, assumptions)

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

    def hess(self, x: Any, *args: Any) -> np.ndarray:
        """The Hessian, a dense matrix, mixed derivatives of the variables included; symmetric up to rounding."""
        x = self.parameters.checked(x)
        blocks = iter(self._call("hess", x, args))
        parts = self.parameters.parts
        if len(parts) == 1:
            return self._own(np.asarray(next(blocks)).reshape(x.size, x.size), x, args)
        found: Any = None
        for i, (a0, a1, _) in enumerate(parts):
            for c0, c1, _ in parts[i:]:
                block = np.asarray(next(blocks)).reshape(a1 - a0, c1 - c0)
                found = np.empty((x.size, x.size), np.result_type(x, block)) if found is None else found
                found[a0:a1, c0:c1] = block
                if a0 != c0:
                    found[c0:c1, a0:a1] = block.T
        return found

    def hessp(self, x: Any, p: Any, *args: Any) -> np.ndarray:
        """The Hessian times p, a vector; the Hessian is neither derived nor computed."""
        x, p = self.parameters.checked(x), self.parameters.checked(p, "p")
        return self._flat(self._call("hessp", x, args, self.parameters.views(p)), p, args)

    def _residuals(self, exprs):
        return Residuals(exprs, self.variables, self.data, self.args, self.assumptions)

    # ---- what a part computes: (the symbols it takes beside the variables, expressions)
    def _derive_fun(self):
        return (), self.exprs[0]

    def _derive_jac(self):
        return (), [gradient(self.exprs[0], v, self.assumptions) for v in self.variables]

    def _derive_fun_and_jac(self):
        return (), [self.exprs[0], *self._derive_jac()[1]]

    def _derive_hess(self):
        pairs = [(v, w) for i, v in enumerate(self.variables) for w in self.variables[i:]]
        return (), [hessian(self.exprs[0], v, w, assumptions=self.assumptions) for v, w in pairs]

    def _derive_hessp(self):
        return self.directions, list(hvp(self.exprs[0], self.variables, self.directions, self.assumptions))
