"""Values of matrix expressions by mpmath alone, and the check of derivatives by differences: what the page has in place of NumPy.

It shares nothing with the rules and the code generator: SymPy's nodes have their arithmetic here, and a node of the package is asked for
its own value (`doit` and `evalf` of explicit arguments). What is not known here is not checked, and the page says so.
"""

import random

import sympy as sp
from mpmath import mp, mpf
from mpmath.libmp import dps_to_prec
from sympy.matrices import expressions as me
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalOf
from sympy.matrices.expressions.matexpr import MatrixElement

from sympy_matcalc.nodes.declaration import OwnNode

DIGITS = 40
FIRST, SECOND = mpf(10) ** -13, mpf(10) ** -9  # steps of first and second differences
DIRECTIONS = 3
SIZES = (3, 4, 2, 5)
GENERAL = {"invertible", "fullrank"}  # what every random square matrix here is
DEFINITE = {"symmetric", "positive_definite"}  # what (M + M')/2 is too, with its large diagonal
TRIANGULAR = {"lower_triangular", "upper_triangular"}


class NotKnown(Exception):
    """A node without a value here."""


def rows(M):
    return [[M[i, j] for j in range(M.cols)] for i in range(M.rows)]


def entrywise(f, *matrices):
    first = matrices[0]
    return mp.matrix([[f(*(M[i, j] for M in matrices)) for j in range(first.cols)] for i in range(first.rows)])


def value(e, env):
    """A number of mpmath, or a matrix of such."""
    if e in env:
        return env[e]
    if isinstance(e, sp.Number | sp.NumberSymbol):
        return mp.mpmathify(e.evalf(DIGITS))
    for kind, compute in NODES:
        if isinstance(e, kind):
            return compute(e, env)
    return from_sympy(e.func(*[to_sympy(a, env) for a in e.args]))


def to_sympy(e, env):
    """An argument with its value in it, for nodes that know their own."""
    if not isinstance(e, sp.Expr | me.MatrixExpr):
        return e
    found = value(e, env)
    if e.is_integer:
        return sp.Integer(int(found))
    return sp.ImmutableMatrix(rows(found)) if isinstance(found, mp.matrix) else sp.sympify(found)


def from_sympy(e):
    own = e._eval_evalf(dps_to_prec(DIGITS)) if isinstance(e, OwnNode) else None
    e = e.doit() if own is None else own
    e = e.as_explicit() if isinstance(e, me.MatrixExpr) else e if isinstance(e, sp.MatrixBase) else e.evalf(DIGITS)
    if isinstance(e, sp.MatrixBase):
        return mp.matrix([[mp.mpmathify(x.evalf(DIGITS)) for x in row] for row in e.tolist()])
    if not e.is_number:
        raise NotKnown(type(e).__name__)
    return mp.mpmathify(e)


def size(s, env):
    return int(value(s, env))


def scalar(x):
    return x[0, 0] if isinstance(x, mp.matrix) else x


def product(e, env):
    out = mpf(1)
    for a in e.args:
        x = value(a, env)
        one = isinstance(x, mp.matrix) and x.rows == x.cols == 1
        out = out * (x[0, 0] if one and not (isinstance(out, mp.matrix) and out.cols == 1) else x)
    return out


def total(e, env):
    parts = [value(a, env) for a in e.args]
    out = parts[0]
    for x in parts[1:]:
        out = out + x if isinstance(out, mp.matrix) == isinstance(x, mp.matrix) else scalar(out) + scalar(x)
    return out


def kronecker(A, B):
    return mp.matrix([[a * b for a in left for b in right] for left in rows(A) for right in rows(B)])


def hadamard(e, env):
    out = value(e.args[0], env)
    for a in e.args[1:]:
        out = entrywise(lambda x, y: x * y, out, value(a, env))
    return out


def power(e, env):
    base, exponent = value(e.args[0], env), value(e.args[1], env)
    if not isinstance(base, mp.matrix):
        return base ** scalar(exponent)
    return base[0, 0] ** exponent if base.rows == base.cols == 1 else base ** int(exponent)


def applied(e, env):
    bound = e.function.variables[0]
    return entrywise(lambda x: scalar(value(e.function.expr, {**env, bound: x})), value(e.expr, env))


def all_entries(e, env):
    return mp.matrix([[mpf(1)] * size(e.shape[1], env)] * size(e.shape[0], env))


def diag(x):
    entries = [x[k] for k in range(len(x))]
    return mp.diag(entries)


NODES = [
    (me.Identity, lambda e, env: mp.eye(size(e.shape[0], env))),
    (me.ZeroMatrix, lambda e, env: 0 * all_entries(e, env)),
    (me.OneMatrix, all_entries),
    (me.Transpose, lambda e, env: value(e.arg, env).T),
    (me.Inverse, lambda e, env: value(e.arg, env) ** -1),
    (me.MatPow | sp.Pow, power),
    (me.MatMul | sp.Mul, product),
    (me.MatAdd | sp.Add, total),
    (me.HadamardProduct, hadamard),
    (me.HadamardPower, lambda e, env: entrywise(lambda x: x ** scalar(value(e.exp, env)), value(e.base, env))),
    (me.KroneckerProduct, lambda e, env: kronecker(*[value(a, env) for a in e.args]) if len(e.args) == 2 else unknown(e)),
    (me.Trace, lambda e, env: sum(value(e.arg, env)[k, k] for k in range(size(e.arg.shape[0], env)))),
    (me.Determinant, lambda e, env: mp.det(value(e.arg, env))),
    (DiagMatrix, lambda e, env: diag(value(e.args[0], env))),
    (DiagonalOf, lambda e, env: mp.matrix([value(e.args[0], env)[k, k] for k in range(size(e.args[0].shape[0], env))])),
    (ElementwiseApplyFunction, applied),
    (MatrixElement, lambda e, env: value(e.parent, env)[size(e.i, env), size(e.j, env)]),
]


def unknown(e):
    raise NotKnown(type(e).__name__)


class Point:
    """Random values of symbols, of sizes that differ; square matrices have a positive determinant and what is stated of them, no more."""

    def __init__(self, symbols, facts):
        self.unmet, symbols, self.generator = "", list(symbols), random.Random(0)
        sizes = sorted({s for x in symbols for d in getattr(x, "shape", ()) for s in d.free_symbols}, key=str)
        with mp.workdps(DIGITS):
            self.env = {s: mpf(SIZES[k % len(SIZES)]) for k, s in enumerate(sizes)}
            for x in symbols:
                self.env.setdefault(x, self._value(x, facts.stated.get(x, set())))
        self.sizes = ", ".join(f"{s} = {int(self.env[s])}" for s in sizes)

    def _value(self, x, stated):
        if not isinstance(x, sp.MatrixSymbol):
            return mpf(self.generator.uniform(0.5, 1.5))
        m, n = (size(d, self.env) for d in x.shape)
        M = self.random(m, n) + (2 * n * mp.eye(n) if m == n > 1 else mp.zeros(m, n))
        if not stated - GENERAL:
            return M
        if stated <= GENERAL | DEFINITE:
            return (M + M.T) / 2
        if stated <= GENERAL | DEFINITE | {"diagonal"} | TRIANGULAR:
            lower = "diagonal" not in stated and "lower_triangular" in stated
            upper = "diagonal" not in stated and not lower
            return mp.matrix([[M[i, j] if i == j or (i > j and lower) or (i < j and upper) else 0 for j in range(n)] for i in range(m)])
        self.unmet = f"not checked: the page makes no random matrix that is {', '.join(sorted(stated - GENERAL))}"
        return M

    def random(self, m, n):
        return mp.matrix([[mpf(self.generator.uniform(0.3, 1.2)) for _ in range(n)] for _ in range(m)])

    def along(self, f, X, moves):
        """The values of f where X is moved by these steps."""
        return [value(f, {**self.env, X: self.env[X] + step}) for step in moves]

    def direction(self, X):
        at = self.env[X]
        return self.random(at.rows, at.cols) if isinstance(at, mp.matrix) else mpf(1)

    def check(self, f, X, gradient):
        """(whether the gradient is that of f by differences, in words); None where a node has no value here."""

        def compared():
            mine = value(gradient, self.env)
            for _ in range(DIRECTIONS):
                V = self.direction(X)
                ahead, behind = map(scalar, self.along(f, X, (FIRST * V, -FIRST * V)))
                yield inner(mine, V), (ahead - behind) / (2 * FIRST)

        return self._judged(compared, f"along {DIRECTIONS} directions")

    def check_jacobian(self, f, X, jacobian):
        """The same of a column by a column."""
        if is_wide(X) or f.shape[1] != 1:
            return None, "not checked: in the page only derivatives of numbers and columns by numbers and columns are"

        def compared():
            mine = value(jacobian, self.env)
            for _ in range(DIRECTIONS):
                V = self.direction(X)
                ahead, behind = self.along(f, X, (FIRST * V, -FIRST * V))
                yield from zip(mine * V, (ahead - behind) / (2 * FIRST))

        return self._judged(compared, f"along {DIRECTIONS} directions")

    def check_hessian(self, f, X, hessian):
        """The same of a Hessian, that of a matrix by its columns under one another, by second differences of f itself."""

        def compared():
            mine = value(hessian, self.env)
            for _ in range(DIRECTIONS):
                U, V = self.direction(X), self.direction(X)
                moves = [SECOND * (a * U + b * V) for a in (1, -1) for b in (1, -1)]
                pp, pm, mp_, mm = map(scalar, self.along(f, X, moves))
                yield scalar(transposed(stacked(U)) * mine * stacked(V)), (pp - pm - mp_ + mm) / (4 * SECOND**2)

        return self._judged(compared, f"along {DIRECTIONS} pairs of directions")

    def _judged(self, compared, where):
        if self.unmet:
            return None, self.unmet
        try:
            with mp.workdps(DIGITS):
                error = max(abs(found - slope) / max(1, abs(slope)) for found, slope in compared())
        except NotKnown as missing:
            return None, f"not checked: the page has no numbers for {missing}"
        except (ArithmeticError, ValueError, TypeError, AttributeError, IndexError, NotImplementedError) as failure:
            return None, f"not checked: {type(failure).__name__}: {failure}"
        at = f" ({self.sizes})" if self.sizes else ""
        said = f"at a random point{at} {where}: largest relative error {mp.nstr(error, 2)} against differences with {DIGITS} digits"
        return bool(error < mpf(10) ** -12), said


def is_wide(X):
    """Whether a variable is a matrix and no column."""
    return isinstance(X, sp.MatrixSymbol) and X.shape[1] != 1


def transposed(M):
    return M.T if isinstance(M, mp.matrix) else M


def stacked(M):
    """The columns of a matrix under one another."""
    return mp.matrix([M[i, j] for j in range(M.cols) for i in range(M.rows)]) if isinstance(M, mp.matrix) else M


def inner(A, B):
    """The sum of the products of the entries of two matrices."""
    if not isinstance(A, mp.matrix) or not isinstance(B, mp.matrix):
        return scalar(A) * scalar(B)
    return sum((A[i, j] * B[i, j] for i in range(A.rows) for j in range(A.cols)), mpf(0))
