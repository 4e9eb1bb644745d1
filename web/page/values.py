"""Values of matrix expressions by mpmath alone, and the check of a gradient by differences: what the page has in place of NumPy.

It shares nothing with the rules and the code generator: SymPy's nodes have their arithmetic here, and a node of the package is asked for
its own value (`doit` and `evalf` of explicit arguments). What is not known here is not checked, and the page says so.
"""

import random

import sympy as sp
from mpmath import mp, mpf
from sympy.matrices import expressions as me
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalOf
from sympy.matrices.expressions.matexpr import MatrixElement

DIGITS, STEP = 40, mpf(10) ** -13
SIZES = (3, 4, 2, 5)


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
    return sp.ImmutableMatrix(rows(found)) if isinstance(found, mp.matrix) else sp.sympify(found)


def from_sympy(e):
    e = e.doit()
    e = e if isinstance(e, sp.MatrixBase) else e.evalf(DIGITS)
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


def point(symbols, generator):
    """(random values of symbols and sizes that differ, the sizes by name): square matrices with a positive determinant, not symmetric."""
    sizes = sorted({s for x in symbols for d in getattr(x, "shape", ()) for s in d.free_symbols}, key=str)
    env = {s: mpf(SIZES[k % len(SIZES)]) for k, s in enumerate(sizes)}
    for x in symbols:
        if isinstance(x, sp.MatrixSymbol):
            m, n = (size(d, env) for d in x.shape)
            M = mp.matrix([[mpf(generator.uniform(0.3, 1.2)) for _ in range(n)] for _ in range(m)])
            env[x] = M + 2 * n * mp.eye(n) if m == n > 1 else M
        else:
            env[x] = mpf(generator.uniform(0.5, 1.5))
    return env, {str(s): int(env[s]) for s in sizes}


def check(f, X, gradient, symbols):
    """(whether the gradient is that of f by differences, in words); None where a node has no value here."""
    generator = random.Random(0)
    try:
        with mp.workdps(DIGITS):
            env, sizes = point(symbols, generator)
            mine = value(gradient, env)
            error = mpf(0)
            entries = [(i, j) for i in range(env[X].rows) for j in range(env[X].cols)] if isinstance(env[X], mp.matrix) else [None]
            for at in entries:
                slope = (moved(f, X, env, at, STEP) - moved(f, X, env, at, -STEP)) / (2 * STEP)
                found = mine[at] if at and isinstance(mine, mp.matrix) else scalar(mine)
                error = max(error, abs(found - slope) / max(1, abs(slope)))
    except NotKnown as missing:
        return None, f"not checked: the page has no numbers for {missing}"
    except (ArithmeticError, ValueError, TypeError, AttributeError, IndexError, NotImplementedError) as failure:
        return None, f"not checked: {type(failure).__name__}: {failure}"
    where = ", ".join(f"{name} = {size}" for name, size in sizes.items())
    said = f"at a random point ({where}): largest relative error {mp.nstr(error, 2)} against differences with {DIGITS} digits"
    return bool(error < mpf(10) ** -15), said


def moved(f, X, env, at, step):
    changed = env[X].copy() if at else env[X] + step
    if at:
        changed[at] += step
    return scalar(value(f, {**env, X: changed}))
