"""Random complex expressions through `complex_derivative`, judged by differences: ``python tests/fuzz_complex.py --n 500 --seed 0``.

The judge is the expression as typed, evaluated at complex points by `testing`: its differences in the real and in the imaginary part of
every entry say what each derivative has to be. Derivatives are evaluated as expressions and by `lambdify(..., complex=True)`. With
``--blocks`` the blocks of the Hessians of scalars are judged, by differences of the evaluated first derivatives; with ``--structure
hermitian`` (or ``skew_hermitian``, ``symmetric``, ``skew``) derivatives of scalars by such a variable, in both conventions, by differences in
its free parameters; with ``--jax`` the code for JAX, of complex and of real arrays, and JAX's own gradient of it.

Prints each wrong derivative and each crash with its seed and the expression, then a line of counts: correct, wrong, refused (an error of
the package), crash (any other error, or a time-out), unjudged (no reliable differences).
"""

import argparse
import sys
import traceback
from collections import Counter

import numpy as np
import sympy as sp
from sympy.matrices.expressions import Adjoint, HadamardProduct, Identity, KroneckerProduct, MatrixSymbol

import sympy_matcalc as mc
from sympy_matcalc.errors import MatcalcError
from sympy_matcalc.testing import evaluate
from sympy_matcalc.testing.differences import extrapolated
from sympy_matcalc.testing.time_limit import OutOfTime, time_limit

SECONDS = 20
SIZES = sp.symbols("a b c d", integer=True, positive=True)
T, C = sp.Symbol("t", real=True), sp.Symbol("s", complex=True)
ENTRY = sp.Symbol("w")


class Generator:
    """Random scalars and matrices of a complex variable Z, constants and scalars; sizes: {symbol or number: number}."""

    def __init__(self, rng, square=False):
        self.rng = rng
        self.sizes = {s: int(rng.integers(1, 5)) for s in SIZES} | {sp.Integer(k): k for k in (1, 2, 3)}
        shapes = [(SIZES[0], SIZES[0])] if square else [(self.size(), self.size()), (self.size(), sp.S.One), (SIZES[0], SIZES[0])]
        self.Z = MatrixSymbol("Z", *self.pick(shapes))
        self.constants = {}

    def pick(self, things):
        return things[self.rng.integers(len(things))]

    def size(self):
        return self.pick([*SIZES, *SIZES, sp.Integer(2), sp.Integer(3)])

    def constant(self, m, n):
        name = f"A{len(self.constants)}"
        symbol = MatrixSymbol(name, m, n)
        same = [s for s in self.constants if s.shape == (m, n)]
        if same and self.rng.random() < 0.5:
            return self.pick(same)
        self.constants[symbol] = 0.6 * self.gaussian(m, n)
        return symbol

    def gaussian(self, m, n):
        shape = self.sizes[m], self.sizes[n]
        return self.rng.normal(size=shape) + 1j * self.rng.normal(size=shape)

    def env(self):
        env = {s: v for s, v in self.sizes.items() if s.is_Symbol}
        return env | self.constants | {T: self.rng.uniform(0.3, 1.5), C: complex(*self.rng.normal(size=2))}

    # ---- expressions
    def leaf(self, m, n):
        Z = self.Z
        kinds = [self.constant] if self.rng.random() < 0.3 else []
        if Z.shape == (m, n):
            kinds += [lambda m, n: Z, lambda m, n: Z.conjugate()]
        if Z.shape == (n, m):
            kinds += [lambda m, n: Z.T, lambda m, n: Adjoint(Z)]
        return self.pick(kinds)(m, n) if kinds else self.through(m, n)

    def through(self, m, n):
        """A matrix of any shape that holds Z."""
        Z = self.pick([self.Z, self.Z.conjugate(), self.Z.T, Adjoint(self.Z)])
        return self.constant(m, Z.shape[0]) * Z * self.constant(Z.shape[1], n)

    def matrix(self, m, n, depth):
        if depth <= 0:
            return self.leaf(m, n)
        M = lambda p, q: self.matrix(p, q, depth - 1)  # noqa: E731
        kinds = [
            lambda: M(m, n) + M(m, n),
            lambda: M(m, k := self.size()) * M(k, n),
            lambda: M(n, m).T,
            lambda: Adjoint(M(n, m)),
            lambda: M(m, n).conjugate(),
            lambda: self.scalar(depth - 2) * M(m, n),
            lambda: HadamardProduct(M(m, n), M(m, n)),
            lambda: M(m, n).applyfunc(self.function()),
            lambda: mc.MatrixSum(sp.Symbol("k", integer=True) * M(m, n), (sp.Symbol("k", integer=True), 1, 3)),
            lambda: M(m, n) - M(m, n).conjugate(),
        ]
        if m == n:
            kinds += [
                lambda: (M(m, m) + 4 * Identity(m)).I,
                lambda: (Identity(m) + (X := M(m, self.size())) * Adjoint(X)).I,
                lambda: M(m, m) ** 2,
                lambda: mc.MatrixExp(0.25 * M(m, m)),
                lambda: sp.DiagMatrix(M(m, sp.S.One)),
                lambda: M(m, m) + Adjoint(M(m, m)),
            ]
        return self.pick(kinds)()

    def function(self):
        w = ENTRY
        bodies = [
            sp.exp(w / 3),
            sp.sin(w),
            sp.Abs(w) ** 2,
            sp.Abs(w),
            w * sp.conjugate(w) ** 2,
            sp.re(w),
            sp.im(w) * w,
            w**3 - C * w,
            1 / (2 + w * sp.conjugate(w)),
            sp.sqrt(1 + sp.Abs(w) ** 2),
            sp.log(1 + sp.Abs(w) ** 2),
            sp.sqrt(sp.exp(w / 2)),
            sp.log(sp.exp(w)) + sp.tanh(w / 4),
            sp.sqrt(w**2 + 3),
            sp.sign(w),
            mc.Sigmoid(w / 3),
        ]
        return sp.Lambda(w, self.pick(bodies))

    def scalar(self, depth):
        if depth <= 0:
            return self.pick([sp.Integer(2), T, C, sp.I, sp.conjugate(C), self.small()])
        s, M = (lambda: self.scalar(depth - 1)), (lambda p, q: self.matrix(p, q, depth - 1))
        k, one = self.size(), sp.S.One
        kinds = [
            lambda: sp.Trace(M(k, k)),
            lambda: sp.Determinant(M(k, k)),
            lambda: mc.Norm(M(k, self.size())),
            lambda: mc.Norm(M(k, one)) ** 2,
            lambda: mc.Norm(M(k, one), self.pick([1, 3, 4])),
            lambda: mc.ElementSum(M(k, self.size())),
            lambda: (Adjoint(x := M(k, one)) * self.constant(k, k) * x)[0, 0],
            lambda: (self.constant(one, k) * M(k, one))[0, 0],
            lambda: sp.log(sp.Determinant(Identity(k) + (X := M(k, self.size())) * Adjoint(X))),
            lambda: mc.LogAbsDeterminant(M(k, k) + 4 * Identity(k)),
            lambda: sp.Trace(KroneckerProduct(M(k, k), M(2, 2))),
            lambda: sp.Abs(s()),
            lambda: sp.Abs(s()) ** 2,
            lambda: sp.re(s()),
            lambda: sp.im(s()),
            lambda: sp.conjugate(s()),
            lambda: sp.exp(s() / 9),
            lambda: sp.log(3 + sp.Abs(s()) ** 2),
            lambda: sp.sqrt(1 + sp.Abs(s()) ** 2),
            lambda: s() + s(),
            lambda: s() * s(),
            lambda: s() / (2 + sp.Abs(s()) ** 2),
            lambda: sp.arg(s() + 9),
        ]
        return self.pick(kinds)()

    def small(self):
        Z = self.Z
        return self.pick([sp.Trace(Adjoint(Z) * Z), mc.ElementSum(Z), mc.Norm(Z), Z[0, 0]])


def differences(expr, Z, env):
    """(derivative by Re Z, derivative by Im Z, largest estimate of error) of the expression, of its shape + the shape of Z."""
    point, found, errors = env[Z], ([], []), 0
    for part, unit in enumerate((1, 1j)):
        for at in np.ndindex(point.shape):
            direction = np.zeros(point.shape, complex)
            direction[at] = unit

            def value(step, direction=direction):
                ahead, back = (evaluate(expr, env | {Z: point + sign * step * direction}) for sign in (1, -1))
                return np.asarray((ahead - back) / (2 * step))

            slope, error = extrapolated(value, 0.02)
            found[part].append(slope)
            errors = max(errors, np.max(np.abs(error), initial=0))
    real, imag = (np.stack(slopes, -1).reshape(np.shape(slopes[0]) + point.shape) for slopes in found)
    return real, imag, errors


def expected(real, imag):
    return {"Z": (real - 1j * imag) / 2, "conjugate": (real + 1j * imag) / 2, "real": real, "imag": imag, "gradient": real + 1j * imag}


def dense(value, truth, is_scalar):
    """A value in the shape of the truth, where axes of length 1 may be missing."""
    value = np.asarray(value)
    return value.reshape(truth.shape) if value.size == truth.size else value


def judge(expr, Z, env):
    """(verdict, message) of all derivatives of an expression."""
    with np.errstate(all="ignore"):
        value = np.asarray(evaluate(expr, env))
        real, imag, error = differences(expr, Z, env)
    slope = max(np.max(np.abs(real), initial=0), np.max(np.abs(imag), initial=0))
    scale = max(slope, 1e-3 * np.max(np.abs(value), initial=0), 1e-7)  # below, differences are rounding
    if not np.isfinite(scale) or error > 1e-5 * scale or scale > 1e9:
        return "unjudged", ""
    is_scalar = value.size == 1 and not (expr.is_Matrix and expr.shape != (1, 1))
    args = [s for s in env if isinstance(s, MatrixSymbol)] + [T, C] + [s for s in SIZES if s in env]
    for by, truth in expected(real, imag).items():
        if by == "gradient" and not is_scalar:
            continue
        try:
            derivative = mc.complex_derivative(expr, Z, by=by)
        except mc.ExpressionError:
            if by == "gradient":
                continue
            raise
        if by == "gradient" and np.abs(value.imag).max() > 1e-8 * (np.abs(value).max() + 1e-6):
            return "wrong", "a gradient of an expression that is not real"
        with np.errstate(all="ignore"):
            found = dense(evaluate(derivative, env), truth, is_scalar)
        if found.shape != truth.shape or not np.max(np.abs(found - truth), initial=0) < 2e-5 * scale:
            return "wrong", f"by={by!r}: {derivative}"
        function = mc.lambdify(args, derivative, complex=True)
        with np.errstate(all="ignore"):
            got = dense(function(*(env[s] for s in args)), truth, is_scalar)
        if got.shape != truth.shape or not np.max(np.abs(got - truth), initial=0) < 2e-5 * scale:
            return "wrong", f"numeric code, by={by!r}: {derivative}"
    return "correct", ""


BLOCKS = [(a, b) for a in ("Z", "conjugate") for b in ("Z", "conjugate")]


def judge_blocks(expr, Z, env):
    """(verdict, message) of the blocks of the complex Hessian of a scalar: differences of the evaluated first derivatives."""
    args = [s for s in env if isinstance(s, MatrixSymbol)] + [T, C] + [s for s in SIZES if s in env]
    verdict = "unjudged"
    for by in BLOCKS:
        first = mc.complex_derivative(expr, Z, by=by[0])
        real, imag, error = differences(first, Z, env)
        truth = expected(real, imag)[by[1]]
        scale = max(np.max(np.abs(real), initial=0), np.max(np.abs(imag), initial=0), 1e-7)
        if not np.isfinite(scale) or error > 1e-5 * scale or scale > 1e9:
            continue
        verdict, block = "correct", mc.complex_hessian(expr, Z, by=by)
        with np.errstate(all="ignore"):
            values = {"": evaluate(block, env), "numeric code, ": mc.lambdify(args, block, complex=True)(*(env[s] for s in args))}
        for what, value in values.items():
            found = dense(value, truth, False)
            if found.shape != truth.shape or not np.max(np.abs(found - truth), initial=0) < 2e-5 * scale:
                return "wrong", f"{what}block by={by!r}: {block}"
    return verdict, ""


REFLECT = {"hermitian": lambda V: V.conj().T, "skew_hermitian": lambda V: -V.conj().T, "symmetric": lambda V: V.T, "skew": lambda V: -V.T}


def by_parameters(expr, Z, env, within):
    """(derivative by the real, by the imaginary parameter at (i, j), largest estimate of error); 0 where none sits."""
    size, found, errors = len(env[Z]), ([], []), 0
    for part, unit in enumerate((1, 1j)):
        for at in np.ndindex(size, size):
            V = np.zeros((size, size), complex)
            V[at] = unit
            V = within(V) / (2 if at[0] == at[1] else 1)

            def value(step, V=V):
                ahead, back = (np.asarray(evaluate(expr, env | {Z: env[Z] + sign * step * V})).reshape(()) for sign in (1, -1))
                return np.asarray((ahead - back) / (2 * step))

            slope, error = extrapolated(value, 0.02) if V.any() else (0, 0)
            found[part].append(slope)
            errors = max(errors, np.max(np.abs(error), initial=0))
    return *(np.array(slopes, complex).reshape(size, size) for slopes in found), errors


def judge_structure(expr, Z, env, name):
    """(verdict, message) of the derivatives of a scalar by a variable with a structure."""
    within = lambda V: V + REFLECT[name](V)  # noqa: E731
    env = env | {Z: within(env[Z]) / 2}
    with np.errstate(all="ignore"):
        real, imag, error = by_parameters(expr, Z, env, within)
    scale = max(np.max(np.abs(real), initial=0), np.max(np.abs(imag), initial=0), 1e-7)
    if not np.isfinite(scale) or error > 1e-5 * scale or scale > 1e9:
        return "unjudged", ""
    args = [s for s in env if isinstance(s, MatrixSymbol)] + [T, C] + [s for s in SIZES if s in env]
    diagonal = np.eye(len(env[Z]), dtype=bool)
    projected = lambda by_entries: np.where(diagonal, by_entries, by_entries / 2)  # noqa: E731
    hermitian = "hermitian" in name
    truths = {
        ("real", "entries"): real,
        ("imag", "entries"): imag,
        ("real", "subspace"): projected(real),
        ("imag", "subspace"): projected(imag),
    }
    truths |= {("gradient", "entries"): real + 1j * imag, ("gradient", "subspace"): projected(real + 1j * imag)}
    if hermitian:  # by the entry and its conjugate as an independent pair; one real parameter on the diagonal
        sign = 1 if name == "hermitian" else -1
        on_diagonal = real if sign > 0 else -1j * imag
        by_z = np.where(diagonal, on_diagonal, (real - 1j * imag) / 2)
        truths |= {("Z", None): by_z, ("conjugate", None): sign * by_z.T}
    for (by, convention), truth in truths.items():
        try:
            derivative = mc.complex_derivative(expr, Z, by, structure=name, **({"convention": convention} if convention else {}))
        except mc.ExpressionError:
            if by == "gradient":
                continue
            raise
        with np.errstate(all="ignore"):
            values = {"": evaluate(derivative, env), "numeric code, ": mc.lambdify(args, derivative, complex=True)(*(env[s] for s in args))}
        for what, value in values.items():
            found = dense(value, truth, True)
            if found.shape != truth.shape or not np.max(np.abs(found - truth), initial=0) < 2e-5 * scale:
                return "wrong", f"{what}structure={name!r}, by={by!r}, convention={convention!r}: {derivative}"
    return "correct", ""


def judge_jax(expr, Z, env):
    """(verdict, message) of JAX's code of a scalar and its derivatives beside NumPy's, at complex and at real arrays, and of `jax.grad`."""
    import jax

    jax.config.update("jax_enable_x64", True)
    args = [s for s in env if isinstance(s, MatrixSymbol)] + [T, C] + [s for s in SIZES if s in env]
    exprs = [expr, mc.complex_derivative(expr, Z), mc.complex_derivative(expr, Z, by="conjugate")]
    by_jax, by_numpy = (mc.lambdify(args, exprs, modules=modules, complex=True) for modules in ("jax", "numpy"))
    taken = 0
    for widen in (False, True):
        values = [np.real(v) if widen and isinstance(v, np.ndarray) else v for v in (env[s] for s in args)]
        with np.errstate(all="ignore"):
            truth = [np.asarray(evaluate(e, env | dict(zip(args, values)))) for e in exprs]
            found = by_numpy(*values), by_jax(*values)
        scale = max(np.max(np.abs(t), initial=1e-7) for t in truth)
        if not np.isfinite(scale) or scale > 1e9:
            continue
        taken += 1
        for library, results in zip(("numpy", "jax"), found):
            for e, t, r in zip(exprs, truth, results):
                r = dense(r, t, True)
                if r.shape != t.shape or not np.max(np.abs(r - t), initial=0) < 2e-5 * scale:
                    return "wrong", f"{library}, {'real' if widen else 'complex'} arrays: {e}"
        at = args.index(Z)
        whole = lambda z: by_jax(*values[:at], z, *values[at + 1 :])[0].real.sum()  # noqa: E731, B023
        if not widen and np.abs(np.imag(truth[0])).max() < 1e-9 * scale and expr.is_extended_real:
            own = np.asarray(jax.grad(whole)(values[at])).conj()
            ours = 2 * dense(found[0][2], own, True)
            if np.all(np.isfinite(own)) and not np.max(np.abs(own - ours), initial=0) < 1e-5 * scale:
                return "wrong", f"jax.grad {own} beside {ours}"
    return ("correct" if taken else "unjudged"), ""


def one(seed, depth, kind="first"):
    """(verdict, message, expression) of one random expression; kind: of `KINDS`."""
    rng = np.random.default_rng(seed)
    g = Generator(rng, square=kind in REFLECT)
    expr = None
    try:
        with time_limit(SECONDS):
            while expr is None or not expr.has(g.Z):
                wanted = int(rng.integers(1, depth + 1))
                try:
                    scalar = rng.random() < 0.75 or kind != "first"
                    expr = g.scalar(wanted) if scalar else g.matrix(g.size(), g.size(), wanted)
                except (AttributeError, TypeError):  # SymPy has no angle of a sum of unequal matrices, say
                    expr = None
            env = g.env() | {g.Z: 0.7 * g.gaussian(*g.Z.shape)}
            return *KINDS[kind](expr, g.Z, env), expr
    except MatcalcError as error:
        return "refused", f"{type(error).__name__}: {error}", expr
    except OutOfTime:
        return "crash", "out of time", expr
    except (np.linalg.LinAlgError, OverflowError):
        return "unjudged", "", expr
    except Exception:
        return "crash", traceback.format_exc(), expr


KINDS = {"first": judge, "blocks": judge_blocks, "jax": judge_jax}
KINDS |= {name: lambda expr, Z, env, name=name: judge_structure(expr, Z, env, name) for name in REFLECT}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--depth", type=int, default=4)
    parser.add_argument("--blocks", action="store_true", help="the blocks of the Hessians of random scalars")
    parser.add_argument("--structure", choices=sorted(REFLECT), help="derivatives of scalars by a variable with this structure")
    parser.add_argument("--jax", action="store_true", help="code for JAX, of complex and of real arrays")
    parser.add_argument("-v", action="store_true", help="print what is refused too")
    options = parser.parse_args()
    counts, kind = Counter(), "blocks" if options.blocks else "jax" if options.jax else options.structure or "first"
    for seed in range(options.seed, options.seed + options.n):
        verdict, message, expr = one(seed, options.depth, kind)
        counts[verdict] += 1
        if verdict in ("wrong", "crash") or options.v and verdict == "refused":
            print(f"{verdict} seed {seed}: {str(expr)[:600]}\n    {message[:1500]}", flush=True)
    print(", ".join(f"{v} {counts[v]}" for v in ("correct", "wrong", "refused", "crash", "unjudged")))
    return 1 if counts["wrong"] or counts["crash"] else 0


if __name__ == "__main__":
    sys.exit(main())
