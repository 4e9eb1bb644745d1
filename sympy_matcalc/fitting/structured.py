"""Problems over the free parameters of variables with structure: a plain problem by all entries, and the charts of its variables."""

from typing import Any

import numpy as np

from ..errors import ArgumentError, MatcalcError, ShapeError
from .charts import chart_of, requests_of
from .estimates import Estimates
from .shown import Shown, the_values


class OverParameters(Shown):
    """A problem whose x holds free parameters.

    x is the variables in their order, each with structure by its parameters, column by column, the others row by row; of a positive
    definite X = L L' they are the entries of L, those of the diagonal by their logarithms. `flatten` takes values to x, and is an error for
    a value without its structure; `restore` takes x to full arrays.
    """

    def __init__(self, plain, structure):
        self.plain, self.structure, self.requests = plain, structure, requests_of(structure, plain.variables)
        self._charts = None

    # ---- between x and the entries of all variables
    @property
    def charts(self):
        """(start and stop in x, start and stop among all entries, chart or None) of each variable."""
        if self._charts is None:
            if self.plain.parameters.parts is None:
                names = ", ".join(map(str, self.plain.variables))
                raise ShapeError(f"a size of {names} is not shown by the data: call `flatten` with initial values first")
            self._charts, at = [], 0
            for v, (start, stop, _) in zip(self.plain.variables, self.plain.parameters.parts):
                chart = chart_of(self.requests[v], _shape(v, self.plain.parameters.sizes)) if v in self.requests else None
                size = chart.size if chart else stop - start
                self._charts.append((at, at + size, start, stop, chart))
                at += size
        return self._charts

    def _shown_problem(self) -> Any:
        return self.plain

    def _shown_structures(self) -> dict[Any, str]:
        return {v: request.structure.name for v, request in self.requests.items()}

    def _shown_length(self) -> int | None:
        return None if self.plain.parameters.parts is None else self.charts[-1][1]

    def flatten(self, values: Any = None, *more: Any, **named: Any) -> np.ndarray:
        """The vector x of values of the variables: a dict, a sequence in their order, or for one variable its array."""
        full = self.plain.flatten(the_values(values, more, named, self.plain.variables))
        return np.concatenate([c.parameters(full[s:t].reshape(c.shape)) if c else full[s:t] for _, _, s, t, c in self.charts])

    def restore(self, x: Any) -> Any:
        """The variables in x as full arrays: one for one variable, else a tuple."""
        return self.plain.restore(self._entries(self._checked(x)))

    @property
    def bounds(self):
        """[(lowest, highest)] of each entry of x: none of the parameters of a structure."""
        plain = self.plain.bounds
        return [b for a, z, s, t, c in self.charts for b in ([(None, None)] * (z - a) if c else plain[s:t])]

    def source(self, part: str) -> str:
        """The generated source of a part of the problem by all entries."""
        return self.plain.source(part)

    def _checked(self, x, name="x"):
        x, size = np.asarray(x, float), self.charts[-1][1]
        if x.shape != (size,):
            raise ShapeError(f"`{name}` must be a flat vector of {size} numbers, the free parameters, got shape {x.shape}")
        return x

    def _entries(self, x):
        return np.concatenate([c.value(x[a:z]).ravel() if c else x[a:z] for a, z, _, _, c in self.charts])

    def _pushed(self, x, p):
        return np.concatenate([c.push(x[a:z], p[a:z]).ravel() if c else p[a:z] for a, z, _, _, c in self.charts])

    def _pulled(self, x, g):
        return np.concatenate([c.pull(x[a:z], g[s:t].reshape(c.shape)) if c else g[s:t] for a, z, s, t, c in self.charts])

    def _curved(self, x, g, p):
        parts = [c.curve(x[a:z], g[s:t].reshape(c.shape), p[a:z]) if c else np.zeros(z - a) for a, z, s, t, c in self.charts]
        return np.concatenate(parts)


class StructuredResiduals(OverParameters):
    """What `residuals` gives with ``structure=``: `fun`, `jac`, `jvp` and `vjp` as functions of the free parameters."""

    def fun(self, x: Any, *args: Any) -> np.ndarray:
        """The residuals, one vector."""
        return self.plain.fun(self._entries(self._checked(x)), *args)

    def jac(self, x: Any, *args: Any) -> np.ndarray:
        """The Jacobian by the parameters, a dense matrix with a row for each residual."""
        x = self._checked(x)
        rows = self.plain.jac(self._entries(x), *args)
        return np.array([self._pulled(x, row) for row in rows]).reshape(len(rows), x.size)

    def jvp(self, x: Any, p: Any, *args: Any) -> np.ndarray:
        """The Jacobian times p."""
        x, p = self._checked(x), self._checked(p, "p")
        return self.plain.jvp(self._entries(x), self._pushed(x, p), *args)

    def vjp(self, x: Any, u: Any, *args: Any) -> np.ndarray:
        """The transposed Jacobian times u."""
        x = self._checked(x)
        return self._pulled(x, self.plain.vjp(self._entries(x), u, *args))


class StructuredObjective(OverParameters, Estimates):
    """What `objective` gives with ``structure=``: `fun`, `jac`, `fun_and_jac`, `hess` and `hessp` as functions of the free parameters.

    `covariance` and `standard_errors` are of the parameters, or with ``of="entries"`` of the entries they make.
    """

    def fun(self, x: Any, *args: Any) -> float:
        """The value, a number."""
        return self.plain.fun(self._entries(self._checked(x)), *args)

    def jac(self, x: Any, *args: Any) -> np.ndarray:
        """The gradient by the parameters, a vector as long as x."""
        x = self._checked(x)
        return self._pulled(x, self.plain.jac(self._entries(x), *args))

    def fun_and_jac(self, x: Any, *args: Any) -> tuple[float, np.ndarray]:
        """(value, gradient), for ``jac=True``."""
        x = self._checked(x)
        value, g = self.plain.fun_and_jac(self._entries(x), *args)
        return value, self._pulled(x, g)

    def hess(self, x: Any, *args: Any) -> np.ndarray:
        """The Hessian by the parameters, a dense matrix."""
        x = self._checked(x)
        entries = self._entries(x)
        H, g = self.plain.hess(entries, *args), self.plain.jac(entries, *args)
        along = [(p, H @ self._pushed(x, p)) for p in np.eye(len(x))]
        return np.stack([self._pulled(x, h) + self._curved(x, g, p) for p, h in along], axis=1)

    def hessp(self, x: Any, p: Any, *args: Any) -> np.ndarray:
        """The Hessian times p, a vector."""
        x, p = self._checked(x), self._checked(p, "p")
        entries = self._entries(x)
        found = self._pulled(x, self.plain.hessp(entries, self._pushed(x, p), *args))
        bent = any(r.structure.name == "spd" for r in self.requests.values())
        return found + self._curved(x, self.plain.jac(entries, *args), p) if bent else found

    def covariance(self, x: Any, *args: Any, scale: float = 1.0, contributions: Any = None, of: str = "parameters") -> np.ndarray:
        """The covariance matrix of the estimate x, as `Objective.covariance` has it, of the free parameters or of all entries.

        of: "parameters", or "entries" for J C J' with C that of the parameters and J the Jacobian of the variables' entries by them (the
        delta method), row by row in the order of the variables: ``standard_errors(x, of="entries")`` has the errors of the entries of a
        positive definite X, whose parameters are those of its Cholesky factor. It is singular where entries are tied.
        Errors: as `Objective.covariance`; ArgumentError for another `of`. Source: Magnus & Neudecker, Matrix Differential Calculus, 2019,
        ch. 15.

        >>> from sympy import Determinant, MatrixSymbol, Trace, log
        >>> from sympy_matcalc import objective
        >>> S, C = MatrixSymbol("S", 2, 2), MatrixSymbol("C", 2, 2)
        >>> nll = 50*(log(Determinant(S)) + Trace(S.I*C))    # of 100 observations; the variance of an entry is 2 s^2/100 and s t/100
        >>> fit = objective(nll, S, data={C: np.diag([2.0, 3.0])}, structure={S: "spd"})
        >>> fit.standard_errors(fit.flatten(np.diag([2.0, 3.0])), of="entries").round(3).tolist()
        [0.283, 0.245, 0.245, 0.424]
        """
        if of not in ("parameters", "entries"):
            raise ArgumentError(f'`of` is "parameters" or "entries", got {of!r}')
        found = super().covariance(x, *args, scale=scale, contributions=contributions)
        if of == "parameters":
            return found
        x = self._checked(x)
        J = np.stack([self._pushed(x, p) for p in np.eye(len(x))], axis=1)
        return J @ found @ J.T

    def _residuals(self, exprs):
        return StructuredResiduals(self.plain._residuals(exprs), self.structure)


def _shape(symbol, sizes):
    shape = tuple(int(n.subs(sizes)) for n in symbol.shape)
    if not all(shape):
        raise MatcalcError(f"`{symbol}` of shape {shape} has no entries to fit")
    return shape
