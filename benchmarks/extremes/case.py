"""A case at the edge of floating point, its truth, and how far our answer is from it.

Every case is a formula with arguments at the edge of what floating point holds, in float64 and float32. The truth is the same formula in
mpmath with 120 digits, its derivatives by differences there (steps of 1e-30 leave 50 right digits), or an exact array. Right means: each
entry to some hundred units of rounding, where the problem is well posed for each entry; the largest entry to the condition number times
that, where it is not.
"""
import warnings
from dataclasses import dataclass

import mpmath
import numpy as np

import sympy_matcalc as mc

STEP = mpmath.mpf(10)**-30
CASES: list["Case"] = []


@dataclass
class Case:
    """A formula and where it is computed.

    args, expr: as for `lambdify`; the first of args is what is differentiated by. values: arrays by dtype name, or for both. truth: a
    function of object arrays of mpmath numbers, or a dict of exact arrays by order. slack: allowed error in units of rounding.
    """
    name: str
    args: tuple
    expr: object
    values: tuple
    truth: object
    orders: tuple = ("value", "grad", "hess")
    slack: float = 200.0
    by: str = "entry"
    least: float = 0.0
    dtypes: tuple = ("float64", "float32")
    narrow: tuple | None = None         # other values for float32, whose range is smaller
    narrow_slack: float | None = None

    def __post_init__(self):
        CASES.append(self)


def exact(a):
    """An object array of mpmath numbers."""
    out = np.empty(np.shape(a), dtype=object)
    for index, x in np.ndenumerate(np.asarray(a)):
        out[index] = mpmath.mpf(float(x))
    return out


class High:
    """The functions that truths are written with, on object arrays."""

    def __getattr__(self, name):
        return np.frompyfunc(getattr(mpmath, name), 1, 1)

    @staticmethod
    def matrix(a):
        return mpmath.matrix(a.tolist())

    def logdet(self, a):
        return mpmath.log(abs(mpmath.det(self.matrix(a))))

    def solve(self, a, b):
        x = mpmath.lu_solve(self.matrix(a), self.matrix(np.reshape(b, (-1, 1))))
        return np.array([x[i] for i in range(len(b))], dtype=object)

    def lse(self, x):
        return mpmath.log(np.sum(self.exp(x)))


H = High()


def true_answer(case, order, arrays):
    """The answer of a case by high precision."""
    if isinstance(case.truth, dict):
        return np.asarray(case.truth[order], dtype=float)
    x, rest = exact(arrays[0]), [exact(a) if np.ndim(a) else mpmath.mpf(float(a)) for a in arrays[1:]]

    def f(point):
        return np.asarray(case.truth(point, *rest))

    if order == "value":
        return f(x)
    size = max((abs(v) for v in x.ravel()), default=0) or mpmath.mpf(1)
    steps = [STEP*(abs(v) or size) for v in x.ravel()]

    def moved(*moves):
        point = x.copy().ravel()
        for k, sign in moves:
            point[k] += sign*steps[k]
        return f(point.reshape(x.shape))

    if order in ("grad", "jac"):
        columns = [np.asarray((moved((k, 1)) - moved((k, -1)))/(2*steps[k])) for k in range(x.size)]
        return np.stack(columns, -1).reshape(*columns[0].shape, *x.shape)
    out = np.empty((x.size, x.size), dtype=object)
    for i in range(x.size):
        for j in range(i + 1):
            corners = moved((i, 1), (j, 1)) - moved((i, 1), (j, -1)) - moved((i, -1), (j, 1)) + moved((i, -1), (j, -1))
            out[i, j] = out[j, i] = corners/(4*steps[i]*steps[j])
    return out.reshape(*x.shape, *x.shape)


def expression(case, order):
    X = case.args[0]
    if order == "value":
        return case.expr
    return {"grad": mc.gradient, "jac": mc.jacobian, "hess": mc.hessian}[order](case.expr, X)


def error(got, want, dtype, by, least=0.0):
    """Relative error in units of rounding, infinite where finite numbers were expected and did not come.

    What is too small for the dtype's normal numbers counts as zero, and so does what is left of zeros by the differences; what is too large
    may be infinite. least: the size that errors are relative to at least, for answers that are zero by cancellation.
    """
    eps, tiny, huge = (float(getattr(np.finfo(dtype), a)) for a in ("eps", "tiny", "max"))
    got, want = np.asarray(got), np.asarray(want)
    if got.shape != want.shape:
        return float("inf")
    if want.dtype != object and np.isfinite(want).all():
        top = max(float(np.max(np.abs(want), initial=0.0)), least, tiny)
        scale = np.maximum(np.abs(want), max(least, tiny)) if by == "entry" else top
        units = float(np.max(np.abs(np.asarray(got, float) - want)/scale, initial=0.0)/eps)
        return units if np.isfinite(units) else float("inf")
    errors, top = [0.0], max((abs(mpmath.mpf(w)) for w in want.ravel()), default=mpmath.mpf(0))
    for g, w in zip(got.ravel(), want.ravel()):
        w = mpmath.mpf(w)
        if not mpmath.isfinite(w) or abs(w) > huge:
            errors.append(0.0 if mpmath.mpf(float(g)) == w or abs(float(g)) == float("inf") else float("inf"))
        elif not np.isfinite(g):
            errors.append(float("inf"))
        else:
            w = w if abs(w) > top*mpmath.mpf(10)**-55 else mpmath.mpf(0)
            scale = max(abs(w) if by == "entry" else top, least)
            difference = abs(mpmath.mpf(float(g)) - w)
            errors.append(0.0 if difference <= 4*tiny else float(difference/max(scale, tiny)/eps))
    return max(errors)


def run(case):
    """A result for each order and dtype."""
    for order in case.orders:
        try:
            f, failure = mc.lambdify(case.args, expression(case, order)), None
        except mc.MatcalcError as x:
            f, failure = None, f"{type(x).__name__}: {x}"[:120]
        for dtype in case.dtypes:
            values = case.narrow if case.narrow is not None and dtype == "float32" else case.values
            arrays = [np.asarray(v, dtype=dtype) if np.ndim(v) else np.dtype(dtype).type(v) for v in values]
            slack = case.narrow_slack if case.narrow_slack is not None and dtype == "float32" else case.slack
            result = dict(name=case.name, order=order, dtype=dtype, units=float("inf"), note=failure or "")
            if f is not None:
                result |= _compared(case, order, dtype, f, arrays)
            result["right"] = result["units"] <= slack and not result["note"]
            yield result


def _compared(case, order, dtype, f, arrays):
    with warnings.catch_warnings(), mpmath.workdps(120):
        warnings.simplefilter("ignore")
        try:
            got = f(*arrays)
        except Exception as x:          # whatever the generated code raises is what is looked for
            return dict(note=f"{type(x).__name__}: {x}"[:120])
        units = error(got, true_answer(case, order, arrays), dtype, case.by, case.least)
    other = np.asarray(got).dtype.name
    return dict(units=units, note="" if other == dtype else f"the result is {other}")
