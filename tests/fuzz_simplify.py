"""Random expressions with random facts through `mc.simplify` and its kin: ``python tests/fuzz_simplify.py --n 500 --seed 0``.

Judged by the independent evaluator at data that satisfy the stated facts and nothing else: the value and the shape stay, nothing gets
larger, simplifying twice is simplifying once, the order of the arguments of sums and of entrywise and scalar products is of no
consequence, only errors of the package are raised, `assumptions=` and `with assuming(...)` agree and leave nothing behind, and a
derivative under assumptions has the value of the derivative without. Prints each failure with its seed as code that one can paste.
"""
import argparse
import inspect
import signal
import sys
import time
import traceback
from collections import Counter, namedtuple
from contextlib import contextmanager

import numpy as np
import sympy as sp
from sympy import (
    Add,
    Basic,
    BlockDiagMatrix,
    BlockMatrix,
    Determinant,
    DiagMatrix,
    Expr,
    HadamardProduct,
    Identity,
    Inverse,
    KroneckerProduct,
    MatAdd,
    MatMul,
    MatPow,
    MatrixSymbol,
    Mul,
    OneMatrix,
    Pow,
    Rational,
    S,
    Symbol,
    Trace,
    Transpose,
    ZeroMatrix,
    assuming,
)
from sympy.matrices.expressions.diagonal import DiagonalOf
from sympy.matrices.expressions.dotproduct import DotProduct
from sympy.matrices.expressions.matexpr import MatrixExpr
from sympy.printing.repr import ReprPrinter

import sympy_matcalc as mc
from sympy_matcalc import nodes
from sympy_matcalc.errors import MatcalcError, ShapeError
from sympy_matcalc.testing import evaluate, random_expression
from sympy_matcalc.testing.facts import COMBINATIONS, REGULAR, assumptions, env_with_facts, is_square, random_facts, some_of
from sympy_matcalc.testing.generator import REFUSALS, _entry_of

SECONDS = 20
POINTS = 3
NOISE = 1e-13          # relative, in the data: what moves by this much of its size ...
ILL = 1e-9             # ... more than by this is not judged
WORST = 1e9            # condition of a matrix that is inverted: one without full rank shows here, however its inverse cancels later
TOLERANCE = 1e-7
MOST_NODES = 220

Case = namedtuple("Case", "seed expr facts X domain")
Failure = namedtuple("Failure", "kind what message result facts")


# ---- the functions under test
def tool(name):
    """The package's function of this name, None where there is none yet."""
    found = getattr(mc, name, None)
    return found if callable(found) else None


def stand_in(expr, facts=None):
    """What SymPy itself offers, for as long as the package has no `simplify`."""
    return sp.refine(expr.doit(), True if facts is None else facts)


class OutOfTime(BaseException):
    """One call took longer than its share; no subclass of Exception, so that the call cannot swallow it."""


@contextmanager
def time_limit(seconds):
    """OutOfTime is raised within after so many seconds (main thread of a POSIX system only)."""
    def out_of_time(signum, frame):
        raise OutOfTime(f"more than {seconds} s")

    before = signal.signal(signal.SIGALRM, out_of_time)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


# ---- trees
def size(expr):
    """Nodes of the tree, a matrix symbol being one."""
    count, stack = 0, [expr]
    while stack:
        node = stack.pop()
        count += 1
        if not isinstance(node, MatrixSymbol):
            stack += [a for a in node.args if isinstance(a, Basic)]
    return count


OPAQUE = (MatrixSymbol, sp.Lambda, sp.concrete.expr_with_limits.ExprWithLimits, sp.Piecewise, sp.FunctionMatrix, sp.Subs, sp.MatrixBase,
          sp.matrices.expressions.matexpr.MatrixElement, nodes.MatrixSum)
COMMUTATIVE = (Add, Mul, MatAdd, HadamardProduct, DotProduct)


def is_scalar(node):
    return isinstance(node, Expr) and not getattr(node, "is_Matrix", False)


def raw(node, args, evaluate=False):
    """A node of this class with these arguments; where it is one of scalars, evaluated only if asked for."""
    if not evaluate and isinstance(node, (Add, Mul, Pow, sp.Function)) and is_scalar(node):
        return node.func(*args, evaluate=False)
    return node.func(*args)


def rearranged(rng, expr, evaluate=False):
    """The expression with the arguments of commutative nodes, and the scalars of a matrix product, in a random order.

    evaluate: leave sums and products of scalars in the order in which SymPy always has them, unless they are not evaluated.
    """
    if isinstance(expr, OPAQUE) or not expr.args:
        return expr
    args = [rearranged(rng, a, evaluate) for a in expr.args]
    if type(expr) in COMMUTATIVE:  # a MatMul is an instance of Mul, too
        args = [args[k] for k in rng.permutation(len(args))]
    if isinstance(expr, MatMul):
        scalars, matrices = [a for a in args if is_scalar(a)], [a for a in args if not is_scalar(a)]
        args = [scalars[k] for k in rng.permutation(len(scalars))] + matrices
    return expr if tuple(args) == expr.args else raw(expr, args, evaluate)


def canonical(expr):
    """A text that is the same for two expressions that `rearranged` may turn into one another."""
    if isinstance(expr, OPAQUE) or not expr.args:
        return sp.srepr(expr)
    parts = [canonical(a) for a in expr.args]
    if type(expr) in COMMUTATIVE:  # a MatMul is an instance of Mul, too
        parts.sort()
    if isinstance(expr, MatMul):
        scalars = [is_scalar(a) for a in expr.args]
        parts = sorted(p for p, s in zip(parts, scalars) if s) + [p for p, s in zip(parts, scalars) if not s]
    return f"{type(expr).__name__}({', '.join(parts)})"


def inner_nodes(expr):
    """The expression and the matrices and scalars below it that no bound symbol can occur in; numbers and sizes left out."""
    found, stack = [], [expr]
    while stack:
        node = stack.pop()
        if isinstance(node, MatrixExpr) or is_scalar(node) and not (node.is_Number or node.is_integer):
            found.append(node)
        if isinstance(node, BlockMatrix):
            stack += list(node.blocks)
        elif not isinstance(node, OPAQUE):
            stack += [a for a in node.args if isinstance(a, Basic)]
    return list(dict.fromkeys(found))


# ---- random expressions that have something to simplify
class Algebra:
    """Random products, sums, traces, determinants ... of matrix symbols with facts, and true identities to complicate them by."""

    def __init__(self, rng):
        self.rng, self.facts, self.pool, self.names = rng, {}, {}, iter("ABCDEFGHKLMPQRUVWYZ" + "abcdefghkruvwyz")
        n, m = sp.symbols("n m", integer=True, positive=True)
        self.sizes = [self.pick([n, n, S(2), S(3)]), self.pick([m, S(1), S(2), S(3), n])]

    def pick(self, options):
        return options[self.rng.integers(len(options))]

    def chance(self, p):
        return self.rng.random() < p

    def size(self):
        return self.pick(self.sizes)

    # ---- leaves
    def symbol(self, rows, cols):
        known = self.pool.setdefault((rows, cols), [])
        if len(known) < 2 and self.chance(0.7) or not known:
            known.append(MatrixSymbol(next(self.names), rows, cols))
            self.facts.update(random_facts(self.rng, known[-1:], 0.5))
        return self.pick(known)

    def with_fact(self, n, *names):
        """A square symbol with one of these facts."""
        known = [M for M in self.pool.get((n, n), []) if set(self.facts.get(M, ())) & set(names)]
        if known:
            return self.pick(known)
        M = MatrixSymbol(next(self.names), n, n)
        self.pool.setdefault((n, n), []).append(M)
        self.facts[M] = self.pick([c for c in COMBINATIONS if set(c) & set(names)])
        return M

    def regular(self, n):
        """An invertible matrix: by its facts, or I + A'A, or det I + ... of a product of such."""
        if self.chance(0.75):
            return self.with_fact(n, *REGULAR)
        A = self.symbol(self.size(), n)
        return MatAdd(Identity(n), MatMul(Transpose(A), A)) if self.chance(0.7) else self.product(self.with_fact(n, *REGULAR), self.with_fact(n, *REGULAR))

    def product(self, *factors):
        """Their product, as the operators make it or as it stands."""
        return MatMul(*factors) if self.chance(0.5) else MatMul(*factors).doit(deep=False)

    def number(self):
        return self.pick([S(2), S(-1), S(3), Rational(1, 2), Symbol("alpha"), Symbol("beta")])

    # ---- expressions
    def matrix(self, r, c, depth):
        if depth <= 0:
            return self.symbol(r, c)
        k, M = self.size(), lambda a, b: self.matrix(a, b, depth - 1)
        options = [
            lambda: self.symbol(r, c), lambda: self.product(M(r, k), M(k, c)), lambda: self.product(M(r, k), M(k, k), M(k, c)),
            lambda: Transpose(M(c, r)), lambda: Transpose(self.product(M(c, k), M(k, r))), lambda: MatAdd(M(r, c), M(r, c)),
            lambda: MatAdd(M(r, c), MatMul(self.number(), M(r, c))), lambda: MatMul(self.number(), M(r, c)),
            lambda: MatMul(self.scalar(depth - 1), M(r, c)), lambda: self.common_factor(r, c, k, M), lambda: HadamardProduct(M(r, c), M(r, c)),
            lambda: HadamardProduct(M(r, c), OneMatrix(r, c)), lambda: self.product(self.regular(r).I, M(r, c)),
            lambda: MatMul(M(r, k), Inverse(self.regular(k)), M(k, c)), lambda: MatAdd(M(r, c), ZeroMatrix(r, c)),
            lambda: MatMul(M(r, c), Identity(c)), lambda: MatMul(M(r, k), OneMatrix(k, c)), lambda: self.solve_pair(r, c, M),
            lambda: MatMul(DiagMatrix(M(r, S.One)), M(r, c)), lambda: nodes.Unvec(nodes.Vec(M(r, c)), r, c),
            lambda: MatMul(self.symbol(r, r), M(r, c), self.symbol(c, c)),
        ]  # fmt: skip
        if r == c:
            options += [
                lambda: Inverse(self.regular(r)), lambda: Inverse(self.product(self.regular(r), self.regular(r))), lambda: Identity(r),
                lambda: HadamardProduct(M(r, r), Identity(r)), lambda: DiagMatrix(DiagonalOf(M(r, r))), lambda: MatPow(M(r, r), self.pick([2, 3])),
                lambda: MatPow(self.regular(r), self.pick([-1, -2, 2])), lambda: MatMul(M(r, r), Transpose(self.symbol(r, r)), M(r, r)),
                lambda: nodes.PseudoInverse(self.symbol(r, r)), lambda: Inverse(Transpose(self.regular(r))),
            ]  # fmt: skip
        if c == 1:
            options += [lambda: DiagonalOf(M(r, r)), lambda: nodes.RowSum(M(r, k)), lambda: DiagonalOf(self.product(M(r, k), M(k, r)))]
        return self.built(options)

    def built(self, options):
        """One of the options; another where SymPy refuses."""
        for _ in range(8):
            try:
                return self.pick(options)()
            except REFUSALS:
                continue
        return options[0]()

    def common_factor(self, r, c, k, M):
        left, a, b = M(r, k), M(k, c), M(k, c)
        if self.chance(0.5):
            return MatAdd(MatMul(left, a), MatMul(self.number(), left, b))
        return Transpose(MatAdd(MatMul(Transpose(a), Transpose(left)), MatMul(Transpose(b), Transpose(left))))

    def solve_pair(self, r, c, M):
        B = self.regular(r)
        return self.pick([MatMul(B, Inverse(B), M(r, c)), MatMul(Transpose(B), Inverse(B), M(r, c)), MatMul(Inverse(B), MatAdd(MatMul(B, M(r, c)), M(r, c)))])

    def outer(self, depth):
        """A matrix of a shape that only the whole expression has."""
        a, b, c, d = (self.size() for _ in range(4))
        M = lambda r, c: self.matrix(r, c, depth - 1)  # noqa: E731
        return self.built([
            lambda: KroneckerProduct(M(a, b), M(c, d)), lambda: MatMul(KroneckerProduct(M(a, b), M(c, d)), KroneckerProduct(M(b, a), M(d, c))),
            lambda: Transpose(KroneckerProduct(M(a, b), M(c, d))), lambda: Inverse(KroneckerProduct(self.regular(a), self.regular(b))),
            lambda: MatMul(KroneckerProduct(Transpose(M(b, c)), M(a, d)), nodes.Vec(M(d, b))),
            lambda: BlockMatrix([[M(a, b), M(a, c)], [M(d, b), M(d, c)]]), lambda: Transpose(BlockMatrix([[M(a, b), M(a, c)]])),
            lambda: MatMul(BlockMatrix([[M(a, b), M(a, c)]]), BlockMatrix([[M(b, d)], [M(c, d)]])), lambda: Inverse(BlockDiagMatrix(self.regular(a), self.regular(b))),
            lambda: nodes.Vec(self.product(M(a, b), M(b, c))), lambda: MatAdd(KroneckerProduct(M(a, a), M(b, b)), KroneckerProduct(M(a, a), Identity(b))),
        ])  # fmt: skip

    def scalar(self, depth):
        a, b = self.size(), self.size()
        if depth <= 0:
            return self.pick([Symbol("alpha"), Symbol("beta"), Trace(self.symbol(a, a)), Determinant(self.symbol(a, a))])
        M, s, col = (lambda r, c: self.matrix(r, c, depth - 1)), (lambda: self.scalar(depth - 1)), (lambda n: self.matrix(n, S.One, depth - 2))
        return self.built([
            lambda: Trace(M(a, a)), lambda: Trace(self.product(M(a, b), M(b, a))), lambda: Trace(MatMul(M(a, b), M(b, b), M(b, a))),
            lambda: Determinant(self.product(self.regular(a), M(a, a))), lambda: Determinant(Inverse(self.regular(a))), lambda: Determinant(M(a, a)),
            lambda: sp.log(Determinant(self.regular(a))), lambda: sp.Abs(Determinant(M(a, a))), lambda: Determinant(KroneckerProduct(M(a, a), self.symbol(b, b))),
            lambda: Determinant(BlockDiagMatrix(M(a, a), M(b, b))), lambda: Determinant(BlockMatrix([[M(a, a), M(a, b)], [ZeroMatrix(b, a), M(b, b)]])),
            lambda: Trace(KroneckerProduct(M(a, a), M(b, b))), lambda: Trace(BlockMatrix([[M(a, a), M(a, b)], [M(b, a), M(b, b)]])),
            lambda: _entry_of(MatMul(Transpose(col(a)), M(a, b), col(b))), lambda: _entry_of(MatMul(Transpose(col(a)), col(a))), lambda: DotProduct(col(a), col(a)),
            lambda: nodes.Norm(M(a, b)), lambda: nodes.Norm(M(a, S.One)), lambda: nodes.Norm(self.product(self.with_fact(a, "orthogonal"), M(a, b))) ** 2,
            lambda: nodes.ElementSum(M(a, b)), lambda: _entry_of(M(a, b)), lambda: s() + s(), lambda: s() * s(), lambda: self.number() * s() + s(),
            lambda: s() / Determinant(self.regular(a)), lambda: sp.exp(sp.sin(s())), lambda: Determinant(M(a, a)) * Determinant(self.regular(a)),
            lambda: sp.log(Determinant(self.product(self.regular(a), self.regular(a)))), lambda: Trace(Transpose(M(a, a))) - Trace(M(a, a)),
            lambda: nodes.SpectralNorm(self.product(self.with_fact(a, "orthogonal"), M(a, b))), lambda: nodes.NuclearNorm(M(a, b)), lambda: s() ** 2,
        ])  # fmt: skip

    # ---- true identities
    def complicated(self, expr):
        """The expression with one of its matrices or scalars replaced by something equal, and larger; as it was where SymPy refuses."""
        inner = inner_nodes(expr)
        if not inner:
            return expr
        old = self.pick(inner)
        try:
            new = self.pick(self.same_matrix(old) if isinstance(old, MatrixExpr) else self.same_scalar(old))()
            return expr.xreplace({old: new})
        except REFUSALS:
            return expr

    def same_matrix(self, M):
        r, c = M.shape
        N, K = lambda: self.matrix(r, c, 1), lambda: self.matrix(r, r, 1)
        B, U, A = (lambda n: self.with_fact(n, *REGULAR)), (lambda n: self.with_fact(n, "orthogonal")), (lambda: self.symbol(self.size(), c))
        rows = [
            lambda: Transpose(Transpose(M)), lambda: MatMul(M, B_ := B(c), Inverse(B_)),
            lambda: MatMul(Transpose(U_ := U(r)), U_, M), lambda: MatMul(M, U_ := U(c), Transpose(U_)), lambda: MatMul(Inverse(B_ := B(r)), B_, M),
            lambda: MatAdd(M, N_ := N(), MatMul(S.NegativeOne, N_)), lambda: MatAdd(MatMul(2, M), MatMul(-1, M)), lambda: MatMul(Identity(r), M),
            lambda: MatAdd(M, ZeroMatrix(r, c)), lambda: HadamardProduct(M, OneMatrix(r, c)), lambda: MatMul(M, G := MatAdd(Identity(c), MatMul(Transpose(A_ := A()), A_)), Inverse(G)),
            lambda: MatAdd(MatMul(K_ := K(), M), MatMul(MatAdd(Identity(r), MatMul(-1, K_)), M)), lambda: nodes.Unvec(nodes.Vec(M), r, c),
            lambda: MatMul(Rational(1, 2), MatAdd(M, M)), lambda: MatMul(t := self.scalar(1), Pow(t, -1), M), lambda: KroneckerProduct(Identity(1), M),
            lambda: MatMul(Inverse(Inverse(B_ := B(r))), Inverse(B_), M), lambda: MatMul(Inverse(Transpose(B_ := B(r))), Transpose(B_), M),
            lambda: MatMul(nodes.PseudoInverse(B_ := B(r)), B_, M), lambda: MatMul(MatPow(B_ := B(r), -1), B_, M),
        ]  # fmt: skip
        names = set(self.facts.get(M, ())) if isinstance(M, MatrixSymbol) else set()
        if names & {"symmetric", "diagonal", "positive_definite"}:
            rows += [lambda: Transpose(M), lambda: MatMul(Rational(1, 2), MatAdd(M, Transpose(M)))] * 3
        if "diagonal" in names:
            rows += [lambda: HadamardProduct(Identity(r), M), lambda: DiagMatrix(DiagonalOf(M))] * 2
        if "idempotent" in names:
            rows += [lambda: MatMul(M, M), lambda: MatPow(M, 3)] * 3
        if "orthogonal" in names:
            rows += [lambda: Inverse(Transpose(M)), lambda: Transpose(Inverse(M))] * 3
        if isinstance(M, MatMul) and len(M.args) == 2 and not is_scalar(M.args[0]):
            rows += [lambda: Transpose(MatMul(Transpose(M.args[1]), Transpose(M.args[0])))] * 3
        return rows

    def same_scalar(self, s):
        a, b = self.size(), self.size()
        A, M, B = (lambda r, c: self.symbol(r, c)), (lambda r, c: self.matrix(r, c, 1)), (lambda: self.with_fact(a, *REGULAR))
        x, U = (lambda: self.symbol(a, S.One)), (lambda: self.with_fact(a, "orthogonal"))
        rows = [
            lambda: s + Trace(MatMul(P := A(a, b), R := A(b, a))) - Trace(MatMul(R, P)), lambda: s + Trace(P := M(a, a)) - Trace(Transpose(P)),
            lambda: s * Determinant(P := B()) * Determinant(Inverse(P)), lambda: s * Determinant(U()) ** 2, lambda: s * sp.Abs(Determinant(U())),
            lambda: Add(s, f := self.scalar(1), -f, evaluate=False), lambda: s + Determinant(P := M(a, a)) - Determinant(Transpose(P)),
            lambda: s + _entry_of(MatMul(Transpose(v := x()), P := A(a, a), v)) - _entry_of(MatMul(Transpose(v), Transpose(P), v)),
            lambda: s + nodes.Norm(MatMul(U(), v := M(a, b))) - nodes.Norm(v), lambda: s + Trace(KroneckerProduct(P := A(a, a), R := M(b, b))) - Trace(P) * Trace(R),
            lambda: s + nodes.ElementSum(P := M(a, b)) - nodes.ElementSum(Transpose(P)), lambda: s + DotProduct(v := x(), v) - Trace(MatMul(v, Transpose(v))),
            lambda: s + Determinant(MatMul(P := A(a, a), R := A(a, a))) - Determinant(P) * Determinant(R),
            lambda: s + nodes.Norm(P := M(a, b)) ** 2 - Trace(MatMul(Transpose(P), P)),
            lambda: s + Trace(nodes.PseudoInverse(P := B())) - Trace(Inverse(P)), lambda: s * Trace(P := M(a, a)) / Trace(P),
            lambda: s + nodes.ElementSum(HadamardProduct(P := M(a, b), R := A(a, b))) - Trace(MatMul(Transpose(P), R)),
        ]  # fmt: skip
        if isinstance(s, (Trace, Determinant)):
            inner, n = s.arg, s.arg.shape[0]
            regular = lambda: self.with_fact(n, *REGULAR)  # noqa: E731
            rows += [lambda: s.func(Transpose(inner)), lambda: s.func(MatMul(P := regular(), inner, Inverse(P)))] * 3
            if isinstance(inner, MatMul) and len(inner.args) == 2 and not is_scalar(inner.args[0]):
                rows += [lambda: Trace(MatMul(Transpose(inner.args[1]), Transpose(inner.args[0])))] * 4 if isinstance(s, Trace) else []
        return rows


def random_case(seed):
    """The `Case` of a seed: half of them from `Algebra`, complicated; the others from `random_expression`, some of these complicated too."""
    rng = np.random.default_rng([seed, 77])
    for _ in range(50):
        algebra, domain, X = Algebra(rng), {}, None
        try:
            if rng.random() < 0.65:
                expr = algebra.scalar(2) if rng.random() < 0.5 else algebra.matrix(algebra.size(), algebra.size(), 2) if rng.random() < 0.7 else algebra.outer(1)
            else:
                expr, X, domain = random_expression(rng, int(rng.integers(1, 4)), kind=rng.choice(["matrix", "square", "column"]),
                                                    concrete=rng.random() < 0.4, book=rng.random() < 0.4)
                take_over(algebra, expr, domain)
            for _ in range(rng.integers(0, 4)):
                expr = algebra.complicated(expr)
        except (*REFUSALS, StopIteration):
            continue
        if size(expr) <= MOST_NODES and symbols_of(expr):
            facts = {M: names for M, names in algebra.facts.items() if expr.has(M)}
            return Case(seed, expr, facts, X if X is not None and expr.has(X) else algebra.pick(symbols_of(expr)), domain)
    raise RuntimeError(f"no expression for the seed {seed}")


def symbols_of(expr):
    return sorted(expr.atoms(MatrixSymbol), key=str)


def take_over(algebra, expr, domain):
    """The symbols of an expression made elsewhere become those of the algebra, with random facts where no domain is asked for."""
    known = symbols_of(expr)
    for M in known:
        algebra.pool.setdefault(M.shape, []).append(M)
    algebra.names = (name for name in "ABCDEFGHKLMPQRUVWYZ" if name not in {M.name for M in known})
    algebra.sizes = sorted({s for M in known for s in M.shape}, key=str)
    algebra.facts.update(random_facts(algebra.rng, [M for M in known if M not in domain], 0.5))
    stated = {"spd": ("positive_definite",), "invertible": ("invertible",), "symmetric": ("symmetric",)}
    for M, name in list(domain.items()):
        if name in stated and is_square(M) and algebra.chance(0.5):
            algebra.facts[M] = stated[name]


# ---- judging values
class Point:
    """Data, and the value of an expression there, None where that is not finite, not real, or too sensitive to be judged."""

    def __init__(self, expr, env):
        self.env = env
        try:
            self.value = np.asarray(evaluate(expr, env))
            if worst_condition(expr, env) > WORST:
                self.value = None
                return
            moved = [np.asarray(evaluate(expr, noisy(env, k))) for k in range(2)]
        except (np.linalg.LinAlgError, NotImplementedError):
            self.value = None
            return
        self.scale = max(1.0, np.abs(self.value).max(initial=0))
        error = max(np.abs(v - self.value).max(initial=0) for v in moved) if self.value.size else 0
        if not np.all(np.isfinite(self.value)) or not error <= ILL * self.scale or self.scale > 1e8:
            self.value = None

    def complaint(self, result, squeezed=False):
        """What is wrong with the value of the result here, None where nothing is."""
        try:
            got = np.asarray(evaluate(result, self.env))
        except (KeyError, np.linalg.LinAlgError, NotImplementedError, MatcalcError, ValueError, IndexError) as error:
            return "value", f"{type(error).__name__}: {error}"
        expected = np.squeeze(self.value) if squeezed else self.value
        got = np.squeeze(got) if squeezed else got
        if got.shape != expected.shape:
            return "shape", f"shape {got.shape}, expected {expected.shape}"
        if not np.all(np.abs(got - expected) <= TOLERANCE * self.scale):
            return "value", f"got {got.ravel()[:4]}, expected {expected.ravel()[:4]}"
        return None


def worst_condition(expr, env):
    """Of the matrices that the expression inverts."""
    inverted = [e.args[0] for e in inner_nodes(expr) if isinstance(e, Inverse) or isinstance(e, MatPow) and e.exp.is_negative]
    return max((np.linalg.cond(np.atleast_2d(evaluate(M, env))) for M in inverted), default=1)


def noisy(env, seed):
    rng = np.random.default_rng(seed)
    return {s: v * (1 + NOISE * rng.normal(size=np.shape(v))) if np.ndim(v) == 2 or isinstance(v, float) else v for s, v in env.items()}


def points(expr, case, facts, seed):
    """Where to judge: some random data with the facts, and one more for each symbolic size that has it at 1."""
    sizes = sorted({s for M in symbols_of(expr) for d in M.shape for s in d.free_symbols}, key=str)
    known = [{}] * POINTS + [{s: 1} for s in sizes]
    exprs = [expr] if case.X is None else [expr, case.X]
    return [Point(expr, env_with_facts(exprs, facts, seed + 7919 * k, some, case.domain)) for k, some in enumerate(known)]


def sizes_in(env):
    return {str(s): v for s, v in env.items() if isinstance(s, Symbol)}


# ---- the promises
class Judge:
    """All checks on one case; collects the failures and counts what was done."""

    def __init__(self, case, simplify=None, seconds=SECONDS, only_simplify=False):
        self.case, self.seconds, self.only_simplify = case, seconds, only_simplify
        self.simplify = simplify or tool("simplify") or stand_in
        self.failures, self.counts = [], Counter()

    def run(self):
        case = self.case
        plain = self.check(self.simplify, "simplify", case.expr, {})
        if case.facts:
            part = some_of(case.seed, case.facts)
            full = self.check(self.simplify, "simplify", case.expr, case.facts)
            if part not in ({}, case.facts):
                self.check(self.simplify, "simplify", case.expr, part)
            if not self.failures and full is not None:
                self.check_assuming(plain, full)
        if not self.only_simplify:
            for name in ("expand", "collect"):
                if tool(name):
                    self.check(lambda e, facts, name=name: tool(name)(e), name, case.expr, {})
            self.check_derivatives()
        return self.failures

    def fail(self, kind, what, message, result, facts):
        self.failures.append(Failure(kind, what, message, result, facts))

    def call(self, what, function, facts, quiet=False):
        """The result, None where it fails; a failure is recorded unless it is an error of the package."""
        try:
            with time_limit(self.seconds):
                return function()
        except MatcalcError as error:
            self.counts["refused"] += 1
            self.counts[f"refused: {type(error).__name__}: {str(error)[:80]}"] += 1
            if isinstance(error, ShapeError) and not quiet:  # the expression has a shape, so it is one of the package's own making
                self.fail("refused", what, f"ShapeError: {error}", None, facts)
        except OutOfTime as error:
            if not quiet:
                self.fail("slow", what, str(error), None, facts)
        except Exception as error:  # whatever it is, it is the finding
            if not quiet:
                self.fail("crash", what, last_frames(error), None, facts)
        return None

    def check(self, function, what, expr, facts):
        """The promises on the function's result; the result, None where there is none."""
        stated = assumptions(facts)
        result = self.call(what, lambda: function(expr, stated), facts)
        if result is None:
            return None
        self.counts["results"] += 1
        if not self.judged(what, expr, result, facts):
            return result
        if what == "simplify":
            before, after = size(expr), size(result)
            self.counts["smaller"] += after < before
            if after > before:
                self.fail("larger", what, f"{before} nodes became {after}", result, facts)
        self.check_twice(function, what, result, facts, stated)
        self.check_order(function, what, expr, result, facts, stated)
        return result

    def judged(self, what, expr, result, facts, squeezed=False):
        """Whether the values agree at all points, each point counted; the first that does not is a failure."""
        if not isinstance(result, Basic):
            self.fail("type", what, f"the result is a {type(result).__name__}", result, facts)
            return False
        with np.errstate(all="ignore"):
            for point in points(expr, self.case, facts, self.case.seed):
                self.counts["points" if point.value is not None else "points not judged"] += 1
                complaint = None if point.value is None else point.complaint(result, squeezed)
                if complaint:
                    self.fail(complaint[0], what, f"{complaint[1]}, sizes {sizes_in(point.env)}", result, facts)
                    return False
        return True

    def check_twice(self, function, what, result, facts, stated):
        again = self.call(f"{what} twice", lambda: function(result, stated), facts)
        if again is not None and again != result:
            self.fail("not idempotent", what, f"again: {again}", result, facts)

    def check_order(self, function, what, expr, result, facts, stated):
        for kind, other in self.orders(expr):
            self.counts["rearranged"] += 1
            changed = self.call(f"{what} rearranged", lambda other=other: function(other, stated), facts)
            if changed is not None and changed != result:
                self.fail(kind, what, f"of the rearranged: {changed}; rearranged: {code(other)}", result, facts)

    def orders(self, expr):
        """(kind of failure, rearrangement), one each: of matrices only, and of scalars that are not evaluated, too."""
        found = {}
        for k in range(6):
            try:
                other = rearranged(np.random.default_rng([self.case.seed, k]), expr, evaluate=k % 2 == 0)
            except (*REFUSALS, RecursionError):
                continue
            if other != expr and other not in found.values() and canonical(other) == canonical(expr):
                found.setdefault("order of unevaluated" if k % 2 else "order", other)
        return list(found.items())

    def check_assuming(self, plain, full):
        """`with assuming` is the same as the argument, and is forgotten afterwards."""
        case, stated = self.case, assumptions(self.case.facts)

        def within():
            with assuming(*sp.And.make_args(stated)):
                return self.simplify(case.expr)

        if self.simplify is tool("simplify"):
            inside = self.call("with assuming", within, case.facts)
            if inside is not None and inside != full:
                self.fail("assuming", "simplify", f"with assuming: {inside}", full, case.facts)
            after = self.call("after assuming", lambda: self.simplify(case.expr), {})
            if None not in (after, plain) and after != plain:
                self.fail("assuming", "simplify", f"after assuming: {after}", plain, {})

    # ---- derivatives
    def check_derivatives(self):
        """A derivative under the facts, those of the variable among them, has the value of the one without."""
        case = self.case
        known = tool("gradient") and "assumptions" in inspect.signature(mc.gradient).parameters
        if not known or not case.facts:
            return
        variables = [M for M in case.facts if M in symbols_of(case.expr)][:1] + [case.X]
        for X in dict.fromkeys(variables):
            for name in derivatives_of(case.expr, case.seed):
                self.check_derivative(name, X)

    def check_derivative(self, name, X):
        case, function = self.case, tool(name)
        plain = self.call(f"{name} by {X}", lambda: function(case.expr, X), {}, quiet=True)
        if plain is None:
            self.counts["derivatives without an answer"] += 1
            return
        self.counts["derivatives"] += 1
        what, stated = f"{name} by {X}", assumptions(case.facts)
        refused = self.counts["refused"]
        result = self.call(what, lambda: function(case.expr, X, assumptions=stated), case.facts)
        if result is None and self.counts["refused"] > refused and not any(f.what == what for f in self.failures):
            self.fail("refused", what, "refused with the facts only", None, case.facts)
        if result is None or not isinstance(plain, Basic):
            return
        try:
            self.judged(what, plain, result, case.facts, squeezed=True)
        except (IndexError, KeyError, ValueError):  # the derivative without facts is not for this judge
            self.counts["derivatives not judged"] += 1


def derivatives_of(expr, seed):
    """The names of the functions to try; the second derivatives now and then."""
    if is_scalar(expr):
        return ["gradient", "hessian"] if seed % 8 == 0 and size(expr) < 40 else ["gradient"] if seed % 3 else ["gradient", "diff"]
    return ["jacobian"] if size(expr) < 80 and seed % 2 else []


def last_frames(error):
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    return f"{type(error).__name__}: {error} at " + " < ".join(f"{f.filename.rsplit('/', 1)[-1]}:{f.lineno}" for f in reversed(frames))


def failures(case, simplify=None, **options):
    """The failures on one case; of `simplify` alone where that is given."""
    return Judge(case, simplify, only_simplify=simplify is not None, **options).run()


# ---- small examples
def shrunk(case, failure, simplify=None, seconds=SECONDS, budget=15):
    """A smaller case with a failure of this kind: parts of the expression, and facts left out, tried in turn."""
    def still(candidate):
        try:
            found = Judge(candidate, simplify, 5, only_simplify=" by " not in failure.what and failure.what == "simplify").run()
        except (Exception, OutOfTime):
            return None
        return next((f for f in found if f.kind == failure.kind and f.what.split()[0] == failure.what.split()[0]), None)

    until = time.monotonic() + budget
    improved = True
    while improved and time.monotonic() < until:
        improved = False
        for candidate in smaller_cases(case):
            found = still(candidate) if time.monotonic() < until else None
            if found:
                case, failure, improved = candidate, found, True
                break
    return case, failure


def smaller_cases(case):
    """The case with a part of its expression in its place, a part replaced by something below it, or a fact less."""
    inner = inner_nodes(case.expr)
    options = sorted((e for e in inner if e != case.expr), key=size)
    for old in inner:
        below = [e for e in inner_nodes(old) if e != old and getattr(e, "shape", ()) == getattr(old, "shape", ())]
        options += [replaced(case.expr, old, e) for e in below]
        options += [replaced(case.expr, old, raw_without(old, k)) for k in range(len(old.args)) if isinstance(old, (Add, Mul, MatAdd, MatMul, HadamardProduct))]
    for expr in dict.fromkeys(e for e in options if e is not None and size(e) < size(case.expr) and symbols_of(e)):
        X = case.X if expr.has(case.X) else symbols_of(expr)[0]
        yield case._replace(expr=expr, X=X, facts={M: names for M, names in case.facts.items() if expr.has(M)})
    for M, names in case.facts.items():
        for name in names:
            rest = tuple(k for k in names if k != name)
            yield case._replace(facts={**{k: v for k, v in case.facts.items() if k != M}, **({M: rest} if rest else {})})


def raw_without(node, k):
    """The node with an argument less, None where the shape would change."""
    args = [a for i, a in enumerate(node.args) if i != k]
    try:
        new = args[0] if len(args) == 1 else raw(node, args)
        return new if getattr(new, "shape", ()) == getattr(node, "shape", ()) else None
    except (*REFUSALS, IndexError):
        return None


def replaced(expr, old, new):
    try:
        return expr.xreplace({old: new}) if new is not None else None
    except REFUSALS:
        return None


# ---- reporting
PRELUDE = """from sympy import *
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.diagonal import DiagonalMatrix, DiagonalOf
from sympy.matrices.expressions.dotproduct import DotProduct
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.functions.elementary.piecewise import ExprCondPair
import sympy_matcalc as mc
from sympy_matcalc.nodes import *"""


class CodePrinter(ReprPrinter):
    """`srepr` with the symbols by name, and the arguments of sums and products in the order they have."""

    def _print_MatrixSymbol(self, node):
        return name_of(node)

    def _print_Symbol(self, node):
        return node.name

    _print_Dummy = ReprPrinter._print_Symbol

    def _print_MatAdd(self, node):
        return f"{type(node).__name__}({self.reprify(node.args, ', ')})"

    _print_MatMul = _print_HadamardProduct = _print_BlockDiagMatrix = _print_MatAdd

    def _print_BlockMatrix(self, node):
        rows = node.blocks.tolist()
        return "BlockMatrix([" + ", ".join(f"[{self.reprify(row, ', ')}]" for row in rows) + "])"

    def _print_Add(self, node):
        as_made = node.func(*node.args) == node
        return f"{type(node).__name__}({self.reprify(node.args, ', ')}{'' if as_made else ', evaluate=False'})"

    _print_Mul = _print_Add


def name_of(M):
    """The name of a matrix symbol, told from the sizes n, m, p."""
    return f"{M.name}_" if M.name in "nmpijk" else M.name


def code(expr):
    return CodePrinter().doprint(expr)


def symbols_as_code(exprs):
    """Python that defines the symbols of the expressions."""
    matrices = {M for e in exprs for M in symbols_of(e)}
    scalars = {s for e in exprs for s in e.atoms(Symbol) if not isinstance(s, sp.Dummy)}
    made = [(s.name, sp.srepr(s)) for s in sorted(scalars, key=str)]
    made += [(name_of(M), f"MatrixSymbol({M.name!r}, {M.rows}, {M.cols})") for M in sorted(matrices, key=str)]
    return [f"{name} = {text}" for name, text in made]


def facts_as_code(facts):
    prefix = {"idempotent": "mc.idempotent"}
    stated = " & ".join(f"{prefix.get(name, 'Q.' + name)}({name_of(M)})" for M, names in facts.items() for name in names)
    return f"facts = {stated or None}"


def report(case, failure):
    """The failure as text: the seed brings the case back, the code below pastes."""
    lines = [commented(f"---- {failure.kind}: {failure.what}, seed {case.seed}  {failure.message}"), commented(f"{case.expr}, by {case.X}")]
    lines += symbols_as_code([case.expr, case.X]) + [facts_as_code(failure.facts), f"expr = {code(case.expr)}"]
    if failure.result is None:
        return "\n".join(lines)
    got = code(failure.result) if isinstance(failure.result, Basic) else failure.result
    return "\n".join([*lines, commented(f"got: {failure.result}"), commented(f"got: {got}")])


def commented(text):
    return "\n".join(f"# {line}" for line in text.splitlines())


def made(seed, seconds):
    """The case of this seed, None where SymPy takes too long or fails on the way."""
    try:
        with time_limit(seconds):
            return random_case(seed)
    except (Exception, OutOfTime):
        return None


def run(n, seed=0, simplify=None, stop=None, shrink=True, verbose=False, seconds=SECONDS, ignore=()):
    """Counts over n seeds; prints each failure, shrunk, unless its kind, message or expression contains a text to ignore."""
    counts, start = Counter(), time.monotonic()
    for s in range(seed, seed + n):
        case = made(s, seconds)
        if case is None:
            counts["not made"] += 1
            continue
        judge = Judge(case, simplify, seconds, only_simplify=simplify is not None)
        found = judged_whole(judge, counts)
        counts.update(judge.counts)
        counts["expressions"] += 1
        for failure in {(f.kind, f.what.split()[0]): f for f in reversed(found)}.values():
            if any(text in f"{failure.kind}: {failure.what}: {failure.message} of {case.expr}" for text in ignore):
                counts["ignored"] += 1
                continue
            counts["failures"] += 1
            counts[f"failure: {failure.kind}, {failure.what.split()[0]}"] += 1
            print(report(*(shrunk(case, failure, simplify) if shrink and failure.kind != "slow" else (case, failure))), flush=True)
        if stop and counts["failures"] >= stop:
            break
    print(summary(counts, time.monotonic() - start, verbose))
    return counts


def judged_whole(judge, counts):
    """The failures; where the fuzzer's own work (evaluating, rearranging) takes too long or fails, that is counted."""
    try:
        return judge.run()
    except Exception as error:
        counts[f"unjudged: {last_frames(error)[:160]}"] += 1
        return judge.failures


def summary(counts, seconds, verbose=False):
    """Failures by kind, then one line; refusals by their text when verbose."""
    details = [f"{times} {text}" for text, times in counts.most_common() if text.startswith(("failure:", "unjudged:")) or verbose and ":" in text]
    names = ("expressions", "not made", "results", "smaller", "rearranged", "points", "points not judged", "derivatives",
             "derivatives without an answer", "refused", "ignored", "failures")
    return "\n".join([*details, ", ".join(f"{counts[k]} {k}" for k in names) + f", {seconds:.0f} s"])


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--n", type=int, default=500, help="number of expressions")
    parser.add_argument("--seed", type=int, default=0, help="seed of the first; the others follow")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="time for one call")
    parser.add_argument("--stop", type=int, help="stop after so many failures")
    parser.add_argument("--ignore", nargs="*", default=[], help="leave out failures with one of these texts, to see what else there is")
    parser.add_argument("--no-shrink", action="store_true", help="print the cases as they were found")
    parser.add_argument("--verbose", action="store_true", help="say what was refused, too")
    a = parser.parse_args(argv)
    print(PRELUDE)
    counts = run(a.n, a.seed, stop=a.stop, shrink=not a.no_shrink, verbose=a.verbose, seconds=a.seconds, ignore=a.ignore)
    return 1 if counts["failures"] else 0


if __name__ == "__main__":
    sys.exit(main())
