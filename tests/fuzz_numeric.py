"""Random expressions through `mc.lambdify`, judged by the evaluator: ``python tests/fuzz_numeric.py --n 500 --seed 0``.

What it aims at is the planner: sums of products that can be multiplied out and factored, inverses that can be pushed through, products
with a transpose, deltas, terms that cancel, outputs that share work. Each expression is evaluated at sizes that take every branch of the
generated code. Prints what is wrong, what crashed and what took long, with its seed, then a line of counts.
"""

import argparse
import sys
import time
import traceback
from collections import Counter, namedtuple
from dataclasses import replace

import numpy as np
import sympy as sp
from sympy import (
    Determinant,
    DiagMatrix,
    HadamardProduct,
    Identity,
    Inverse,
    KroneckerProduct,
    MatMul,
    MatrixSymbol,
    OneMatrix,
    Trace,
    ZeroMatrix,
)
from sympy.matrices.expressions.diagonal import DiagonalOf

import sympy_matcalc as mc
from sympy_matcalc.codegen import lambdify as generator
from sympy_matcalc.codegen import pipeline
from sympy_matcalc.codegen.planning import regimes
from sympy_matcalc.errors import MatcalcError
from sympy_matcalc.testing.evaluator import Evaluation
from sympy_matcalc.testing.time_limit import OutOfTime, time_limit

m, n, k = SIZES = sp.symbols("m n k", integer=True, positive=True)
s, t = sp.symbols("s t", positive=True)
POINTS = ((2, 17, 40), (40, 3, 5), (6, 6, 6), (1, 9, 2), (3, 1, 1), (17, 40, 2), (1, 1, 1), (9, 2, 30))
SMALL_POINTS = ((2, 3, 5), (5, 2, 3), (3, 3, 3), (1, 4, 2), (3, 1, 1), (16, 2, 1), (1, 2, 9), (2, 17, 2))
SLOW = 2.0
FUNCTIONS = (sp.tanh, sp.sin, sp.exp, sp.cos)
PLANS = ({}, {"multiply_out": False}, {"push": False}, {"weight_roots": False})

Finding = namedtuple("Finding", "kind message")


class Maker:
    """Makes random matrix expressions of given shapes; parts of them come again, in the same expression and in others."""

    def __init__(self, seed):
        self.rng, self.pool = np.random.default_rng(seed), {}

    def chance(self, p):
        return self.rng.random() < p

    def pick(self, options):
        return options[self.rng.integers(len(options))]

    def size(self):
        return self.pick((m, n, k, n, sp.S.One))

    def leaf(self, r, c):
        if (r, c) == (1, 1):
            return self.scalar(0) * Identity(1)
        name = self.pick("AB" if r == c else "XY") + f"{r}{c}"
        return MatrixSymbol(name.lower() if c == 1 else name, r, c) if r != 1 else MatrixSymbol(name.lower(), c, r).T

    def coefficient(self):
        return self.pick((2, -1, -2, sp.Rational(1, 2), t, s, m * n, 1 / n, t * s, -t, k, 3 * t, 1, 1, 1))

    def scalar(self, depth):
        if depth <= 0:
            return self.pick((t, s, m, sp.S(2), n * t))
        kind = self.pick(("trace", "form", "square", "det", "product", "sum", "function"))
        if kind == "trace":
            a = self.pick((m, n, k))
            return Trace(self.matrix(a, a, depth - 1))
        if kind in ("form", "square"):
            r, c = self.size(), self.size()
            value = (self.leaf(r, 1).T * self.matrix(r, c, depth - 1) * self.leaf(c, 1))[0, 0]
            return value**2 if kind == "square" else value
        if kind == "det":
            return sp.log(Determinant(self.positive(self.pick((m, n, k)), 1)))
        if kind == "product":
            return self.scalar(depth - 1) * self.scalar(depth - 2)
        if kind == "sum":
            return self.scalar(depth - 1) + self.coefficient() * self.scalar(depth - 1)
        return sp.tanh(self.scalar(depth - 1))

    def positive(self, r, depth):
        """A matrix that has an inverse: ``t I + X L X.T``."""
        X = self.pick((self.leaf(r, self.size()), self.matrix(r, self.size(), depth - 1).applyfunc(sp.tanh)))
        c = X.shape[1]
        inner = self.pick((None, DiagMatrix(self.weight(c)) if c != 1 else None, s))
        return self.pick((t, 1, t + s)) * Identity(r) + (X * X.T if inner is None else inner * X * X.T if inner is s else X * inner * X.T)

    def weight(self, r):
        return self.pick((self.leaf(r, 1).applyfunc(sp.exp), HadamardProduct(self.leaf(r, 1), self.leaf(r, 1))))

    def inverse(self, r, depth):
        a = self.pick((self.positive(r, depth), self.positive(r, depth), self.leaf(r, r), self.leaf(r, r) * self.leaf(r, r)))
        return self.pick((Inverse(a), Inverse(a), Inverse(a.T), Inverse(a).T))

    def matrix(self, r, c, depth):
        """A matrix expression of this shape."""
        known = self.pool.setdefault((r, c), [])
        if known and self.chance(0.2):
            return self.pick(known)
        turned = self.pool.get((c, r))
        if turned and self.chance(0.1):
            return self.pick(turned).T
        made = self._matrix(r, c, depth)
        known.append(made)
        return made

    def _matrix(self, r, c, depth):
        if depth <= 0:
            if r == c and r != 1 and self.chance(0.15):
                return Identity(r)
            return OneMatrix(r, c) if self.chance(0.1) else self.leaf(r, c)
        kinds = ["product"] * 5 + ["sum"] * 5 + ["leaf", "scaled", "transpose", "function", "hadamard", "partly zero", "expanded"]
        if r == c and r != 1:
            kinds += ["inverse", "inverse", "diagonal", "gram", "symmetric", "shifted", "trace times"]
        if c == 1 and r != 1:
            kinds += ["diagonal of", "row sums"]
        if r != 1:
            kinds += ["solve", "solve", "pushed", "weighted"]
        return getattr(self, "_" + self.pick(kinds).replace(" ", "_"))(r, c, depth - 1)

    def _leaf(self, r, c, depth):
        return self.leaf(r, c)

    def _product(self, r, c, depth):
        sizes = [r, *(self.size() for _ in range(self.pick((1, 1, 2, 3)))), c]
        return self.coefficient() * MatMul(*(self.matrix(a, b, depth - 1) for a, b in zip(sizes, sizes[1:], strict=False)))

    def _sum(self, r, c, depth):
        return sum((self.coefficient() * self.matrix(r, c, depth) for _ in range(self.pick((1, 2, 2, 3)))), self.matrix(r, c, depth))

    def _scaled(self, r, c, depth):
        return self.scalar(depth) * self.matrix(r, c, depth)

    def _transpose(self, r, c, depth):
        return self.matrix(c, r, depth).T

    def _function(self, r, c, depth):
        return self.matrix(r, c, depth).applyfunc(self.pick(FUNCTIONS))

    def _hadamard(self, r, c, depth):
        return HadamardProduct(self.matrix(r, c, depth), self.matrix(r, c, depth - 1))

    def _partly_zero(self, r, c, depth):
        return self.pick(
            (ZeroMatrix(r, c), OneMatrix(r, c), self.leaf(r, 1) * OneMatrix(1, c), OneMatrix(r, 1) * self.leaf(1, c))
        ) + self.matrix(r, c, depth)

    def _expanded(self, r, c, depth):
        """``(P + Q) S - P S``: what cancels once it is multiplied out."""
        b = self.size()
        P, Q, S = self.matrix(r, b, depth - 1), self.matrix(r, b, depth - 1), self.matrix(b, c, depth - 1)
        return MatMul(P + Q, S) - P * S - self.pick((0, 1, 2)) * Q * S + self.matrix(r, c, depth - 1)

    def _inverse(self, r, c, depth):
        return self.inverse(r, depth)

    def _diagonal(self, r, c, depth):
        return DiagMatrix(self.matrix(r, 1, depth))

    def _gram(self, r, c, depth):
        X = self.matrix(r, self.size(), depth)
        return X * X.T

    def _symmetric(self, r, c, depth):
        A = self.matrix(r, r, depth)
        return self.pick((A + A.T, A.T - A, A * A.T + A.T * A))

    def _shifted(self, r, c, depth):
        return self.matrix(r, r, depth) + self.coefficient() * Identity(r)

    def _trace_times(self, r, c, depth):
        a = self.pick((m, n, k))
        return Trace(self.matrix(a, a, depth)) * self.matrix(r, r, depth - 1)

    def _diagonal_of(self, r, c, depth):
        return DiagonalOf(self.matrix(r, r, depth))

    def _row_sums(self, r, c, depth):
        a = self.size()
        return self.matrix(r, a, depth) * OneMatrix(a, 1)

    def _solve(self, r, c, depth):
        return self.inverse(r, depth) * self.matrix(r, c, depth)

    def _weighted(self, r, c, depth):
        a = self.size()
        X = self.matrix(r, a, depth - 1)
        D = DiagMatrix(self.pick((self.weight(a), self.matrix(a, 1, depth - 1)))) if a != 1 else t * Identity(1)
        return X * D * (X.T if r == c else self.matrix(a, c, depth - 1))

    def _pushed(self, r, c, depth):
        """``(t I + X R)^-1 ... X ...``"""
        a = self.pick((m, n, k))
        X = self.leaf(r, a)
        base = t * Identity(r) + self.pick((X * X.T, X * DiagMatrix(self.weight(a)) * X.T))
        between = self.pick((None, None, DiagMatrix(self.leaf(r, 1)), self.matrix(r, r, depth - 1)))
        product = Inverse(base) * X if between is None else Inverse(base) * between * X
        return product * self.matrix(a, c, depth - 1)

    # ---- what has more axes, or comes from the rest of the package
    def kronecker(self, depth):
        a, b, c, d = (self.size() for _ in range(4))
        product = KroneckerProduct(self.matrix(a, b, depth), self.matrix(c, d, depth))
        return MatMul(self.pick((1, 2, t)), product)  # `*` has SymPy take it apart, which it cannot where a factor is a number times I(1)

    def slice(self, depth):
        A = self.matrix(n, m, depth) + self.leaf(n, m)
        B = self.pick(
            (
                A[: n - 1 + 1 : 1, :],
                A[n // 2 :, :],
                (A * self.matrix(m, n, 1))[: n // 2, n // 2 :],
                Identity(n)[: n // 2, :] * A,
                Identity(n)[n // 2 :, :].T * self.leaf(n, m)[n // 2 :, :],
            )
        )
        return B * B.T if self.chance(0.4) else B * self.leaf(B.shape[1], self.pick((k, 1))) if B.shape[1] in SIZES else B

    def derivative(self, depth):
        """(a derivative, 1 or 2) of a random function by one of its symbols."""
        second = self.chance(0.6)
        f = self.scalar(depth) if self.chance(0.6) else self.matrix(self.size(), self.size(), depth - 1)
        symbols = sorted(f.atoms(MatrixSymbol), key=str)
        if not symbols:
            return self.matrix(n, m, depth)
        X = self.pick(symbols)
        if getattr(f, "is_Matrix", False):
            return mc.jacobian(f, X)
        return (
            mc.jacobian(mc.gradient(f, X), self.pick(symbols))
            if second and X.shape[1] != 1
            else mc.hessian(f, X)
            if second
            else mc.gradient(f, X)
        )


def case(seed):
    """(expressions, whether their arrays may have many axes) of a seed."""
    make = Maker(seed)
    kind = make.pick(("matrix",) * 6 + ("several",) * 4 + ("scalar", "kronecker", "slice") + ("derivative",) * 5)
    depth = make.pick((2, 3, 4))
    if kind == "matrix":
        return [make.matrix(make.size(), make.size(), depth)], False
    if kind == "several":
        return [make.matrix(make.size(), make.size(), depth - 1) for _ in range(make.pick((2, 3, 4)))], False
    if kind == "derivative":
        return [make.derivative(make.pick((1, 2, 3))) for _ in range(make.pick((1, 1, 2)))], True
    return [getattr(make, kind)(depth - 1)], kind == "kronecker"


def arguments(exprs):
    """Every symbol of the expressions, and the sizes that no array shows."""
    whole = sp.Tuple(*(e if isinstance(e, sp.Basic) else sp.ImmutableDenseNDimArray(e) for e in exprs))
    matrices = sorted(whole.atoms(MatrixSymbol), key=str)
    shown = {x for M in matrices for x in M.shape if x.is_Symbol}
    scalars = {x for x in whole.atoms(sp.Symbol) if x in (s, t) or x in SIZES and x not in shown}
    return [*matrices, *sorted(scalars, key=str)]


def environment(args, sizes, seed, symmetric=""):
    """Values: the square matrices have inverses; those with names that begin with one of the letters are symmetric."""
    rng, env = np.random.default_rng(seed), dict(zip(SIZES, sizes, strict=True))
    env |= {s: 0.7, t: 1.3}
    for M in args:
        if isinstance(M, MatrixSymbol):
            r, c = (int(sp.S(x).xreplace({a: sp.S(b) for a, b in zip(SIZES, sizes, strict=True)})) for x in M.shape)
            env[M] = rng.normal(size=(r, c)) / max(1, c) ** 0.5
            if M.shape[0] == M.shape[1]:
                env[M] = np.eye(r) + 0.4 * env[M]
                if symmetric and M.name[0] in symmetric:
                    env[M] = (env[M] + env[M].T) / 2
    return env


class Reference:
    """The value of an expression at a point, and the size of its largest intermediate result."""

    def __init__(self, expr, env):
        evaluation = Evaluation(env)
        with np.errstate(all="ignore"):
            self.value = np.asarray(evaluation.value(expr))
        values = [v for v in evaluation.memo.values() if np.size(v)]
        self.largest = max([1.0, *(float(np.abs(v).max()) for v in values)])
        single = not getattr(expr, "shape", ()) or all(x == 1 for x in expr.shape)
        if single:
            self.value = self.value.reshape(())


def differs(value, reference, tolerance=1e-8):
    """What is wrong with a value, or None."""
    expected = reference.value
    if np.shape(value) != expected.shape:
        return f"shape {np.shape(value)}, expected {expected.shape}"
    error = float(np.abs(np.asarray(value) - expected).max(initial=0))
    if not error <= tolerance * reference.largest:
        return f"error {error:.2g}, largest value {reference.largest:.2g}"
    return None


class Judge:
    """Compares generated functions with the evaluator; counts what it compared."""

    def __init__(self):
        self.compared, self.slow = 0, []

    def findings(self, seed, exprs, many_axes):
        """What is wrong with the code of some expressions."""
        args = arguments(exprs)
        functions, plans = [], []
        start = time.perf_counter()
        functions.append(("default", None, mc.lambdify(args, exprs)))
        taken = time.perf_counter() - start
        if taken > SLOW:
            self.slow.append((taken, seed))
        for options in PLANS[1:]:
            with planned(options):
                functions.append((str(options), None, mc.lambdify(args, exprs)))
        with each_plan(plans):
            mc.lambdify(args, exprs)
        for at, (source, comparisons) in enumerate(plans):
            functions.append((f"plan {at} where {comparisons}", comparisons, source))
        seen, distinct = set(), []
        for name, comparisons, function in functions:
            if (function.source, comparisons) not in seen:
                seen.add((function.source, comparisons))
                distinct.append((name, comparisons, function))
        points = SMALL_POINTS if many_axes else POINTS
        some = points[::2] if any(isinstance(x, MatrixSymbol) and x.rows == x.cols for x in args) else ()
        for sizes, symmetric in [*((p, "") for p in points), *((p, "A") for p in some), *((p, "AB") for p in some)]:
            yield from self._at(sizes, args, exprs, distinct, seed, symmetric)

    def _at(self, sizes, args, exprs, functions, seed, symmetric):
        env = environment(args, sizes, seed, symmetric)
        references = [Reference(e, env) for e in exprs]
        if any(not np.isfinite(r.value).all() or r.largest > 1e8 for r in references):
            return
        number = dict(zip(SIZES, sizes, strict=True))
        for name, comparisons, function in functions:
            if comparisons is not None and not all(f * number[a] <= number[b] for a, b, f in comparisons):
                continue
            before = {x: np.copy(env[x]) for x in args}
            got = function(*(env[x] for x in args))
            if any(not np.array_equal(before[x], env[x]) for x in args):
                yield Finding("wrong", f"{name}, sizes {sizes}: an argument was changed")
            bad = self._first_difference(got, references)
            if bad:
                yield Finding("wrong", f"{name}, sizes {sizes}, symmetric: {symmetric}, {bad}\n{body(function)}")
                return
        yield from in_single_precision(functions[0][2], env, args, sizes)

    def _first_difference(self, got, references):
        for e, (value, reference) in enumerate(zip(got, references, strict=True)):
            self.compared += 1
            bad = differs(value, reference)
            if bad:
                return f"result {e}: {bad}"
        return None


def in_single_precision(function, env, args, sizes):
    """Of arrays in single precision every result is in single precision."""
    if not any(isinstance(x, MatrixSymbol) for x in args):
        return
    for value in function(*(np.float32(env[x]) if isinstance(x, MatrixSymbol) else env[x] for x in args)):
        if isinstance(value, np.ndarray) and value.dtype != np.float32:
            yield Finding("wrong", f"sizes {sizes}: dtype {value.dtype} from float32\n{body(function)}")


class planned:
    """Within, the planner has these options."""

    def __init__(self, options):
        self.options = options

    def __enter__(self):
        self.old, options = regimes.Planner, self.options
        regimes.Planner = lambda *args, **given: self.old(*args, **{**given, **options})

    def __exit__(self, *_):
        regimes.Planner = self.old


class each_plan:
    """Within, `lambdify` appends to `found` a function for each plan that was considered, with the comparisons of sizes it needs."""

    def __init__(self, found):
        self.found = found

    def __enter__(self):
        self.chosen, self.old = regimes._chosen, pipeline.variants
        considered = []
        regimes._chosen = lambda graph, plans, *rest: considered.extend(plans) or self.chosen(graph, plans, *rest)
        pipeline.variants = lambda *args: self._with_each(considered, self.old(*args))
        self.source, self.compile = generator.source_of, generator.compiled
        generator.source_of = self._sources
        generator.compiled = lambda source, given: source

    def _with_each(self, considered, chosen):
        self.plans = [(tuple((a, b, 1) for a, b in needs), roots) for roots, needs, _ in considered] or chosen
        return chosen

    def _sources(self, asked, plans):
        for needs, roots in self.plans:
            fresh = replace(asked, backend=type(asked.backend)(asked.names))
            self.found.append((self.compile(self.source(fresh, [((), roots)]), {}), needs))
        return ""

    def __exit__(self, *_):
        regimes._chosen, pipeline.variants, generator.source_of, generator.compiled = self.chosen, self.old, self.source, self.compile


def body(function):
    return function.source[function.source.index("def compute") :]


def outcomes(seed, judge, seconds=20):
    """(expressions or None, findings) of one seed."""
    exprs = None
    try:
        with time_limit(seconds):
            exprs, many_axes = case(seed)
    except (Exception, OutOfTime) as error:  # not what is tested here
        return None, [Finding("skipped", f"{type(error).__name__}: {error}")]
    try:
        with time_limit(2 * seconds):
            return exprs, list(judge.findings(seed, exprs, many_axes))
    except (MatcalcError, NotImplementedError, np.linalg.LinAlgError) as error:
        return exprs, [Finding("refused", f"{type(error).__name__}: {str(error)[:90]}")]
    except (Exception, OutOfTime) as error:
        return exprs, [Finding("crash", "".join(traceback.format_exception(error)[-4:])[-1500:])]


def run(count, seed=0, verbose=False):
    """Counts of the findings over some seeds; prints them."""
    judge, counts, reasons = Judge(), Counter(), Counter()
    for one in range(seed, seed + count):
        exprs, found = outcomes(one, judge)
        counts["expressions"] += exprs is not None
        for kind in {f.kind for f in found}:
            counts[kind] += 1
        reasons.update(f.message[:100] for f in found if f.kind in ("refused", "skipped"))
        for f in [f for f in found if f.kind in ("wrong", "crash")][: 1 if not verbose else None]:
            print(f"=== {f.kind}, seed {one}: {f.message}\nexprs = {exprs}", flush=True)
    for taken, one in sorted(judge.slow, reverse=True)[:10]:
        print(f"slow: {taken:.1f} s to generate, seed {one}")
    for reason, times in reasons.most_common(10):
        print(f"{times} times: {reason}")
    print(", ".join(f"{v} {key}" for key, v in counts.items()) + f", {judge.compared} values compared")
    return counts


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--n", type=int, default=500, help="number of expressions")
    parser.add_argument("--seed", type=int, default=0, help="seed of the first; the others follow")
    parser.add_argument("--verbose", action="store_true", help="print every finding, not the first of each seed")
    a = parser.parse_args(argv)
    counts = run(a.n, a.seed, a.verbose)
    return 1 if counts["wrong"] or counts["crash"] else 0


if __name__ == "__main__":
    sys.exit(main())
