"""Random expressions that have something to simplify: identities of matrix algebra written backwards, with the facts they need."""

from collections import namedtuple

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
)
from sympy.matrices.expressions.diagonal import DiagonalOf
from sympy.matrices.expressions.dotproduct import DotProduct
from sympy.matrices.expressions.matexpr import MatrixExpr

from .. import nodes
from .facts import COMBINATIONS, REGULAR, is_square, random_facts
from .generator import REFUSALS, _entry_of, random_expression

MOST_NODES = 220

Case = namedtuple("Case", "seed expr facts X domain")


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


OPAQUE = (
    MatrixSymbol,
    sp.Lambda,
    sp.concrete.expr_with_limits.ExprWithLimits,
    sp.Piecewise,
    sp.FunctionMatrix,
    sp.Subs,
    sp.MatrixBase,
    sp.matrices.expressions.matexpr.MatrixElement,
    nodes.MatrixSum,
)
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
        return (
            MatAdd(Identity(n), MatMul(Transpose(A), A))
            if self.chance(0.7)
            else self.product(self.with_fact(n, *REGULAR), self.with_fact(n, *REGULAR))
        )

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
        return self.pick(
            [
                MatMul(B, Inverse(B), M(r, c)),
                MatMul(Transpose(B), Inverse(B), M(r, c)),
                MatMul(Inverse(B), MatAdd(MatMul(B, M(r, c)), M(r, c))),
            ]
        )

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
        M, s, col = (
            (lambda r, c: self.matrix(r, c, depth - 1)),
            (lambda: self.scalar(depth - 1)),
            (lambda n: self.matrix(n, S.One, depth - 2)),
        )
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
        B, U, A = (
            (lambda n: self.with_fact(n, *REGULAR)),
            (lambda n: self.with_fact(n, "orthogonal")),
            (lambda: self.symbol(self.size(), c)),
        )
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
                expr = (
                    algebra.scalar(2)
                    if rng.random() < 0.5
                    else algebra.matrix(algebra.size(), algebra.size(), 2)
                    if rng.random() < 0.7
                    else algebra.outer(1)
                )
            else:
                expr, X, domain = random_expression(
                    rng,
                    int(rng.integers(1, 4)),
                    kind=rng.choice(["matrix", "square", "column"]),
                    concrete=rng.random() < 0.4,
                    book=rng.random() < 0.4,
                )
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
