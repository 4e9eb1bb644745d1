"""Random expressions in index notation: ``python tests/fuzz_indices.py --n 500 --seed 0``.

Each is differentiated by an entry with symbolic or concrete indices and, at small sizes and for every value of the free indices, compared
with SymPy's derivative of the expression written out, at rational numbers. The expression is written out by code that shares nothing with
the package: a loop for a sum, a symbol for an entry. Of kind "round trip" random matrix expressions go to index notation and back; both are
judged by their values. Prints each failure with its seed.
"""

import argparse
import random
import sys
import traceback
from collections import Counter
from itertools import product

import numpy as np
import sympy as sp
from sympy import (
    Add,
    Idx,
    Indexed,
    IndexedBase,
    KroneckerDelta,
    MatrixSymbol,
    Mul,
    Piecewise,
    Product,
    Rational,
    S,
    Sum,
    Symbol,
    cos,
    exp,
    sin,
    symbols,
)
from sympy.matrices.expressions.matexpr import MatrixElement

import sympy_matcalc as mc
from sympy_matcalc.errors import MatcalcError
from sympy_matcalc.testing import evaluate, random_env, random_expression
from sympy_matcalc.testing.time_limit import OutOfTime, time_limit

SECONDS = 20
n, m = symbols("n m", integer=True, positive=True)
SIZES = {n: 3, m: 2}
FREE = symbols("k l", integer=True)
KNOWN = Symbol("values of sums")
DIGITS = 30


# ---- writing out
def entry_symbol(base, indices, shape):
    """The symbol of an entry; an error where there is no such entry."""
    at = [int(i) for i in indices]
    if any(not 0 <= i < size for i, size in zip(at, shape)):
        raise IndexError(f"{base}{at} is outside of {shape}")
    return Symbol("_".join([str(base.label), *map(str, at)]))


def written_out(e, values, shapes):
    """`e` with every sum written out and every entry a symbol; values: those of sizes and indices; shapes: {name: sizes}."""
    if e in values:
        return S(values[e])
    if isinstance(e, Indexed):
        return entry_symbol(e.base, [written_out(i, values, shapes) for i in e.indices], shapes[str(e.base.label)])
    if isinstance(e, (Sum, Product)):
        total = written_loops(e.function, list(e.limits), values, shapes)
        return Add(*total) if isinstance(e, Sum) else Mul(*total)
    if isinstance(e, Piecewise):
        for branch in e.args:
            if written_out(branch.cond, values, shapes) == True:  # noqa: E712
                return written_out(branch.expr, values, shapes)
        return S.NaN
    if isinstance(e, Mul):  # a delta of 0 stands before entries that do not exist
        deltas = [written_out(a, values, shapes) for a in e.args if isinstance(a, KroneckerDelta)]
        if 0 in deltas:
            return S.Zero
    return e.func(*(written_out(a, values, shapes) for a in e.args)) if e.args else e


def written_loops(body, limits, values, shapes):
    if not limits:
        return [written_out(body, values, shapes)]
    symbol, low, high = limits[-1]
    low, high = (int(written_out(b, values, shapes)) for b in (low, high))
    return [t for at in range(low, high + 1) for t in written_loops(body, limits[:-1], {**values, symbol: at}, shapes)]


# ---- random expressions
class Maker:
    """Random expressions; `sizes` of the axes of each base are n or m."""

    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.idx = self.rng.random() < 0.3
        shapes = {"A": (n, n), "B": (n, m), "x": (n,), "y": (m,), "z": (n,)}
        self.sizes = shapes
        with_shape = self.rng.random() < 0.4
        self.bases = {name: IndexedBase(name, shape=shape) if with_shape else IndexedBase(name) for name, shape in shapes.items()}
        self.shapes = {name: tuple(SIZES[s] for s in shape) for name, shape in shapes.items()}

    def index(self, name, size):
        return Idx(name, size) if self.idx else Symbol(name, integer=True)

    def entry(self, scope):
        """An entry whose indices are in scope: [(index, size)]."""
        name = self.rng.choice("AABxxxyz")
        at = []
        for size in self.sizes[name]:
            fitting = [i for i, s in scope if s == size]
            if fitting and self.rng.random() < 0.95:
                at.append(self.rng.choice(fitting))
            else:
                at.append(S.Zero)
        return self.bases[name][tuple(at)]

    def expression(self, scope, depth):
        kind = self.rng.choice(
            ["entry", "entry", "product", "product", "sum over", "sum over", "add", "power", "function", "delta", "number"]
        )
        if depth == 0 or kind == "entry":
            return self.entry(scope)
        part = lambda: self.expression(scope, depth - 1)  # noqa: E731
        if kind == "product":
            return part() * part()
        if kind == "add":
            return part() + self.rng.choice([1, -1, 2, Rational(1, 2)]) * part()
        if kind == "power":
            return part() ** self.rng.choice([2, 2, 3])
        if kind == "function":
            f = self.rng.choice([sin, cos, exp])
            return f(part() / 7)
        if kind == "delta":
            same = [i for i, s in scope if s == n]
            return KroneckerDelta(self.rng.choice(same), self.rng.choice(same)) * part() if len(same) > 1 else part()
        if kind == "number":
            return self.rng.choice([2, 3, -1]) * part()
        return self.sum_over(scope, depth)

    def sum_over(self, scope, depth):
        size = self.rng.choice([n, n, m])
        index = self.index(self.rng.choice("ijkl"), size)
        low, high, hidden = S.Zero, size - 1, [(i, s) for i, s in scope if i != index]
        how = self.rng.random()
        if how < 0.1 and not self.idx:
            low = S.One
        elif how < 0.2 and not self.idx:
            high = size - 2
        elif how < 0.27 and not self.idx and [i for i, s in hidden if s == size]:
            high = self.rng.choice([i for i, s in hidden if s == size])
        body = self.expression([*hidden, (index, size)], depth - 1)
        if how > 0.9 and not self.idx and size == n:
            body = body * self.bases["x"][index + 1]
            high = size - 2
        cls = Product if how > 0.4 and how < 0.43 else Sum
        return cls(body, (index, low, high))

    def case(self, order=1):
        """(expression, variables)."""
        scope = [(self.index("k", n), n), (self.index("l", m), m), (self.index("i", n), n)]
        e = self.expression(scope if self.rng.random() < 0.7 else [], self.rng.randint(2, 4))
        there = sorted({str(x.base.label) for x in e.atoms(Indexed)} or "ABxyz")
        return e, [self.variable(self.rng.choice(there)) for _ in range(order)]

    def variable(self, name):
        """An entry with indices that are free."""
        at = [self.rng.choice([self.index(c, s) for c in ("kli" if s == n else "kl")] + [S.Zero]) for s in self.sizes[name]]
        return self.bases[name][tuple(at)]


# ---- judging
def free_indices(parts):
    found = set().union(*(p.free_symbols for p in parts))
    return sorted((s for s in found if isinstance(s, (Symbol, Idx)) and s not in SIZES and s.is_integer and str(s) not in "ABxyz"), key=str)


def judge_derivative(seed, order=1):
    """(verdict, message) for the derivative of a random expression by one entry, or by one after another."""
    maker = Maker(seed)
    e, variables = maker.case(order)
    try:
        found = mc.diff(e, *variables)
    except MatcalcError as error:
        return "refused", f"{e} by {variables}: {error}"
    free = free_indices([e, *variables])
    numbers = random.Random(seed + 1)
    for values in product(*(range(3) for _ in free)):
        values = {**dict(zip(free, values)), **SIZES}
        try:
            expected = written_out(e, values, maker.shapes)
            by = [written_out(v, values, maker.shapes) for v in variables]
        except IndexError:
            continue  # the question itself has an entry that does not exist
        for symbol in by:
            expected = expected.diff(symbol)
        if differ(expected, written_out(found, values, maker.shapes), numbers):
            return "wrong", f"{e} by {variables} at {values}: {found}"
    return ("zero" if found == 0 else "correct"), ""


def differ(expected, result, numbers):
    """Whether two expressions are different at random rational numbers."""
    names = sorted(expected.free_symbols | result.free_symbols, key=str)
    point = {s: Rational(numbers.randint(-9, 9) or 1, numbers.randint(1, 7)) for s in names}
    difference = (expected - result).xreplace(point)
    return difference != 0 and not abs(difference.evalf(DIGITS)) <= 1e-20 * (1 + abs(expected.xreplace(point).evalf(DIGITS)))


def judge_second(seed):
    return judge_derivative(seed, 2)


def entry_value(e, values, env):
    """The number that an expression in index notation is; entries and what is left in matrix notation by `env`."""
    if e in values:
        return values[e]
    if isinstance(e, Sum):  # which may stand in others, and be the same for all of their indices
        known = values.setdefault(KNOWN, {})
        key = e, *((s, values[s]) for s in sorted(values, key=str) if s in e.free_symbols)
        if key not in known:
            known[key] = sum(loop_values(e.function, list(e.limits), values, env))
        return known[key]
    if isinstance(e, Indexed):
        at = tuple(int(entry_value(i, values, env)) for i in e.indices)
        array = env_of(e.base, env)
        return array[(*at, 0)[: array.ndim]]
    if isinstance(e, MatrixElement):
        return np.asarray(evaluate(e.parent, env))[int(entry_value(e.i, values, env)), int(entry_value(e.j, values, env))]
    if isinstance(e, Mul):
        deltas = [entry_value(a, values, env) for a in e.args if isinstance(a, KroneckerDelta)]
        if 0 in deltas:
            return 0.0
    if any(getattr(a, "is_Matrix", False) for a in e.args):
        return np.asarray(evaluate(e, env)).item()
    if e.has(Indexed, MatrixElement, *values):
        return e.func(*(sp.sympify(entry_value(a, values, env)) for a in e.args)) if e.args else e
    return (
        np.asarray(evaluate(e, env)).item()
        if e.has(MatrixSymbol)
        else sp.sympify(e).subs({s: v for s, v in env.items() if not isinstance(s, MatrixSymbol)})
    )


def env_of(base, env):
    return next(np.asarray(v) for s, v in env.items() if isinstance(s, MatrixSymbol) and s.name == str(base.label))


def loop_values(body, limits, values, env):
    if not limits:
        return [entry_value(body, values, env)]
    symbol, low, high = limits[-1]
    low, high = (int(entry_value(b, values, env)) for b in (low, high))
    return [t for at in range(low, high + 1) for t in loop_values(body, limits[:-1], {**values, symbol: sp.Integer(at)}, env)]


def judge_round_trip(seed):
    """(verdict, message) for a random matrix expression in index notation and back again."""
    e, _, domain = random_expression(seed, depth=2, shape="matrix" if seed % 2 else (), book=seed % 3 == 0)
    shape = tuple(e.shape) if getattr(e, "is_Matrix", False) else ()
    at = tuple(Idx(name, size) for name, size in zip(("a", "b"), shape))
    env = random_env([e], seed=seed, domain=domain)
    numbers = {s: v for s, v in env.items() if not isinstance(s, MatrixSymbol) and np.ndim(v) == 0}
    try:
        expected = np.asarray(evaluate(e, env), dtype=float).reshape([int(sp.sympify(s).subs(numbers)) for s in shape])
        if not np.all(np.isfinite(expected)):
            return "refused", "not finite"
        written = mc.to_index_notation(e, at)
        there = {index: complex(entry_value(written, dict(zip(at, map(sp.Integer, index))), env)) for index in np.ndindex(*expected.shape)}
    except (MatcalcError, NotImplementedError) as error:
        return "refused", f"{e}: {error}"
    scale = 1 + np.abs(expected).max(initial=0)
    if any(abs(value - expected[index]) > 1e-7 * scale for index, value in there.items()):
        return "wrong", f"{e} is not {written}"
    try:
        back = mc.to_matrix_notation(written, at)
    except MatcalcError as error:
        return "no way back", f"{written}: {error}"
    found = np.asarray(evaluate(back, env)).reshape(expected.shape)
    if not np.allclose(found, expected, rtol=1e-7, atol=1e-7 * scale):
        return "wrong", f"{written} is not {back}"
    return "correct", ""


JUDGES = {"derivative": judge_derivative, "round trip": judge_round_trip, "second": judge_second}


def outcome(kind, seed):
    try:
        with time_limit(SECONDS):
            return JUDGES[kind](seed)
    except OutOfTime:
        return "slow", f"{kind} {seed}"
    except Exception:
        return "crash", traceback.format_exc()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--n", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kind", choices=sorted(JUDGES), default=None)
    parser.add_argument("--verbose", action="store_true")
    args = parser.parse_args()
    bad = 0
    for kind in [args.kind] if args.kind else sorted(JUDGES):
        counts = Counter()
        for seed in range(args.seed, args.seed + args.n):
            verdict, message = outcome(kind, seed)
            counts[verdict] += 1
            if verdict not in ("correct", "zero", "refused") and (args.verbose or verdict != "no way back"):
                print(f"{kind} seed {seed}: {verdict}: {message}")
        bad += counts["wrong"] + counts["crash"]
        print(kind, dict(counts))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
