"""Random well-typed matrix and scalar expressions, built with SymPy's public operators as a user types them.

Data stay tame (arguments of exp are bounded, arguments of log and sqrt positive, inverses well conditioned), so that finite
differences of the expressions are accurate.
"""

import numpy as np
import sympy as sp
from sympy import (
    Abs,
    BlockDiagMatrix,
    BlockMatrix,
    Determinant,
    Dummy,
    FunctionMatrix,
    Identity,
    ImmutableMatrix,
    KroneckerProduct,
    Lambda,
    MatrixSymbol,
    OneMatrix,
    Piecewise,
    Rational,
    S,
    Sum,
    Symbol,
    Trace,
    ZeroMatrix,
    exp,
    hadamard_product,
    log,
    sin,
    sqrt,
    tanh,
)  # fmt: skip
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalMatrix, DiagonalOf
from sympy.matrices.expressions.dotproduct import DotProduct
from sympy.matrices.expressions.hadamard import HadamardPower
from sympy.matrices.expressions.matexpr import MatrixElement

from ..errors import ShapeError
from .data import random_env
from .evaluator import evaluate
from .random_functions import ENTRY_FUNCTIONS, SCALAR_FUNCTIONS
from .random_nodes import NodeMaker
from .random_ones import OnesMaker

VARIABLE_KINDS = ("matrix", "matrix", "square", "square", "column", "column", "row", "scalar", "entry", "symbolic entry")
LETTERS = "ABCDEFGHKLMNPQRSUVWYZ"
REFUSALS = (TypeError, ValueError, AttributeError, NotImplementedError, IndexError)


def random_expression(rng, depth=3, kind=None, shape=None, concrete=False, book=False):
    """(expr, X, domain): a random expression that contains X, and the domain of each symbol for `random_env`.

    rng: seed or NumPy Generator; the same seed gives the same expression. kind: of the variable, "matrix", "square", "column", "row",
    "scalar", "entry", "symbolic entry"; random unless given. shape: () for a scalar expression, "matrix" for a matrix; random unless
    given. concrete: literal sizes in place of m, n, p. book: with the nodes of the reference books, norms, matrix functions and so on.
    """
    rng = np.random.default_rng(rng)
    for _ in range(50):
        maker = _Maker(rng, kind or rng.choice(VARIABLE_KINDS), concrete, book)
        scalar = rng.random() < 0.6 if shape is None else shape == ()
        expr = maker.scalar(depth) if scalar else maker.outermost(depth)
        if expr.has(maker.leaf) and _count(expr) <= 150 and _fits(expr, maker):
            return expr, maker.X, dict(maker.domain)
    raise RuntimeError("fifty random expressions in a row do not contain their variable")


def _fits(expr, maker):
    """Whether it has a value. SymPy transposes ``HadamardPower(2, A)`` to itself, makes square roots of matrices of ``Abs(x.T*x)``, and has
    no shape for a DiagonalMatrix of an explicit matrix in a Kronecker product; a vector of an eigenvalue needs that to be simple.
    """
    try:
        _ = expr.shape if getattr(expr, "is_Matrix", False) else ()
        evaluate(expr, random_env([expr, maker.X], 0, None, maker.domain))
    except (ShapeError, NotImplementedError, AttributeError, np.linalg.LinAlgError):
        return False
    return True


def _count(expr):
    return sum(1 for _ in sp.preorder_traversal(expr))


def _entry_of(M, i=0, j=0):
    """M[i, j]; where SymPy would take long to write that out as a sum over entries, the entry left as it is."""
    concrete = all(getattr(k, "is_Integer", False) for k in M.shape)
    return M[i, j] if _count(M) <= (16 if concrete else 40) else MatrixElement(M, S(i), S(j))


class _Maker(NodeMaker, OnesMaker):
    """The symbols of one expression, and a method a production: ``scalar(depth)`` and ``matrix(rows, cols, depth)``."""

    def __init__(self, rng, kind, concrete=False, book=False):
        self.book = book
        self.rng, self.domain, self.pool, self.names = rng, {}, {}, iter(LETTERS)
        symbols = sp.symbols("m n p", integer=True, positive=True)
        self.sizes = tuple(S(k) for k in rng.permutation([2, 3, 4])) if concrete else symbols
        if not concrete and rng.random() < 0.15:
            self.sizes = (symbols[0], symbols[1], S(3))
        self._choose_variable(str(kind))

    def _choose_variable(self, kind):
        m, n = self.sizes[:2]
        shapes = {"matrix": (m, n), "square": (n, n), "column": (n, 1), "row": (1, n), "entry": (m, n), "symbolic entry": (m, n)}
        if kind == "scalar":
            self.leaf = self.X = Symbol("t")
            return
        self.leaf = self.X = MatrixSymbol("X" if kind not in ("column", "row") else "x", *shapes[kind])
        self.pool[self.X.shape] = [self.X]
        if kind == "square":
            self.domain[self.X] = str(self.rng.choice(["any", "spd", "invertible", "posdet", "negdet", "symmetric"]))
        if kind == "entry":
            self.X = self.X[0, 0]
        if kind == "symbolic entry":
            i, j = sp.symbols("i j", integer=True, nonnegative=True)
            self.domain.update({i: f"index:{m}", j: f"index:{n}"})
            self.X = self.X[i, j]

    def pick(self, options):
        return options[self.rng.integers(len(options))]

    def chance(self, p):
        return self.rng.random() < p

    def attempt(self, productions, *args):
        """One of the productions; another where SymPy refuses to build that one."""
        for _ in range(10):
            try:
                return self.pick(productions)(*args)
            except REFUSALS:
                continue
        return productions[0](*args)

    # ---- leaves
    def symbol(self, rows, cols):
        """A matrix symbol of this shape: the variable often, where it fits, one of at most two others otherwise."""
        known = self.pool.setdefault((rows, cols), [])
        if known and known[0] == self.leaf and self.chance(0.6):
            return self.leaf
        others = [M for M in known if M != self.leaf]
        if len(others) == 2 or others and self.chance(0.5):
            return self.pick(others)
        name = next(self.names)
        known.append(MatrixSymbol(name.lower() if 1 in (rows, cols) else name, rows, cols))
        return known[-1]

    def atom(self, rows, cols):
        """A matrix without structure, in the variable if possible."""
        shape = getattr(self.leaf, "shape", None)
        if shape is None:
            return self.leaf * self.symbol(rows, cols) if self.chance(0.4) else self.symbol(rows, cols)
        if shape == (cols, rows) and self.chance(0.5):
            return self.leaf.T
        if shape != (rows, cols) and self.chance(0.4):
            left = None if shape[0] == rows else self.symbol(rows, shape[0])
            right = None if shape[1] == cols else self.symbol(shape[1], cols)
            product = self.leaf if left is None else left * self.leaf
            return product if right is None else product * right
        return self.symbol(rows, cols)

    def constant(self, rows, cols):
        kinds = [lambda: OneMatrix(rows, cols), lambda: ZeroMatrix(rows, cols), lambda: self._function_matrix(rows, cols)]
        if rows == cols:
            kinds += [lambda: Identity(rows)] * 3
        return self.pick(kinds)()

    def _function_matrix(self, rows, cols):
        i, j = Dummy("i", integer=True), Dummy("j", integer=True)
        return FunctionMatrix(rows, cols, Lambda((i, j), (i + 1) / (j + 2)))

    def number(self):
        return S(self.pick([2, 3, -1, Rational(1, 2), Rational(-2, 3), 1]))

    def size(self):
        return self.pick([*self.sizes, S.One])

    # ---- scalars
    def scalar(self, depth):
        """A scalar expression."""
        if self.book and depth > 0 and self.chance(0.35):
            return self.attempt([self._own_scalar], depth)
        if depth <= 0:
            return self.attempt([self._scalar_symbol, self._entry, self._inner, self._trace], depth)
        return self.attempt(
            [self._trace, self._trace, self._inner, self._quadratic, self._quadratic, self._dot, self._det, self._log_det, self._function,
             self._function, self._sum, self._product, self._quotient, self._entry, self._entry_sum, self._double_sum, self._exp_sum,
             self._root_of_inner, self._trace_of_kron, self._block_form, self._mixed_one_by_one, self._norm], depth)  # fmt: skip

    def _scalar_symbol(self, depth):
        return self.leaf if isinstance(self.leaf, Symbol) else self.pick([Symbol("alpha"), Symbol("beta")])

    def _entry(self, depth):
        rows, cols = self.size(), self.size()
        return _entry_of(self.matrix(rows, cols, depth - 1))

    def _inner(self, depth):
        n = self.size()
        return _entry_of(self.matrix(n, S.One, depth - 1).T * self.matrix(n, S.One, depth - 1))

    def _quadratic(self, depth):
        m, n = self.size(), self.size()
        return _entry_of(self.matrix(m, S.One, depth - 2).T * self.matrix(m, n, depth - 1) * self.matrix(n, S.One, depth - 2))

    def _root_of_inner(self, depth):
        r = self.matrix(self.size(), S.One, depth - 1)
        square = _entry_of(r.T * r)
        return sqrt(1 + square) if self.chance(0.5) else exp(-square / 8)

    def _norm(self, depth):
        r = self.matrix(self.size(), self.size(), depth - 1)
        return sqrt(Trace(r.T * r) + 1)

    def _mixed_one_by_one(self, depth):
        """A 1x1 matrix used as the scalar factor of a matrix, and seen again through a trace."""
        n = self.size()
        inner = _entry_of(self.matrix(n, S.One, depth - 1).T * self.matrix(n, S.One, depth - 1))
        return Trace(inner * self.matrix(n, n, depth - 1)) + inner**2 / 4

    def _dot(self, depth):
        n = self.size()
        return DotProduct(self.matrix(n, S.One, depth - 1), self.matrix(n, S.One, depth - 1))

    def _trace(self, depth):
        n = self.size()
        k = self.size()
        if self.chance(0.5):
            return Trace(self.matrix(n, k, depth - 1) * self.matrix(k, n, depth - 1))
        return Trace(self.matrix(n, n, depth - 1))

    def _trace_of_kron(self, depth):
        m, n = self.pick(self.sizes), self.size()
        return Trace(KroneckerProduct(self.matrix(m, m, depth - 1), self.matrix(n, n, depth - 1)))

    def _det(self, depth):
        n = self.pick(self.sizes)
        return Determinant(self.matrix(n, n, depth - 2) / 2 + Identity(n)) if self.chance(0.5) else Determinant(self.regular(n, depth - 1))

    def _log_det(self, depth):
        n = self.pick(self.sizes)
        if getattr(self.leaf, "shape", None) == (n, n) and self.chance(0.6):
            known = self.domain[self.leaf]
            if known in ("spd", "posdet"):
                return log(Determinant(self.leaf))
            if known in ("negdet", "invertible"):
                return log(Abs(Determinant(self.leaf)))
        return log(Determinant(self.gram(n, depth - 1)))

    def _function(self, depth):
        return self.pick(SCALAR_FUNCTIONS)(self.scalar(depth - 1))

    def _sum(self, depth):
        return self.scalar(depth - 1) + self.number() * self.scalar(depth - 1)

    def _product(self, depth):
        return self.scalar(depth - 1) * self.scalar(depth - 1)

    def _quotient(self, depth):
        return self.scalar(depth - 1) / (1 + self.scalar(depth - 1) ** 2)

    def _entry_sum(self, depth):
        """Sum_i f(v_i) w_i, written by hand."""
        n, i = self.size(), Symbol("k", integer=True)
        v, w = self.matrix(n, S.One, depth - 2), self.symbol(n, S.One)
        return Sum(self.pick(SCALAR_FUNCTIONS)(_entry_of(v, i)) * w[i, 0], (i, 0, n - 1))

    def _double_sum(self, depth):
        """Sum_ij A_ij B_ij, A_ij x_i, or with a weight i + 1."""
        m, n = self.size(), self.size()
        i, j = sp.symbols("r s", integer=True)
        other = self.pick([self.symbol(m, n)[i, j], self.symbol(n, m)[j, i], self.symbol(m, 1)[i, 0]])
        body = _entry_of(self.matrix(m, n, depth - 2), i, j) * other
        return Sum(body * self.pick([1, 1, (i + 1) / n]), (i, 0, m - 1), (j, 0, n - 1))

    def _exp_sum(self, depth):
        """log sum exp, written by hand."""
        n, i = self.size(), Symbol("k", integer=True)
        return log(Sum(exp(_entry_of(self.matrix(n, S.One, depth - 2).applyfunc(tanh), i)), (i, 0, n - 1)))

    def _block_form(self, depth):
        """v' [[A, b], [c', d]] v for v stacked from two parts."""
        n = self.pick(self.sizes)
        block = BlockMatrix([[self.matrix(n, n, depth - 1), self.symbol(n, S.One)], [self.symbol(S.One, n), self.matrix(S.One, S.One, 0)]])
        v = BlockMatrix([[self.matrix(n, S.One, depth - 2)], [Identity(1)]])
        return _entry_of(v.T * block * v) if self.chance(0.5) else Trace(v.T * block * v)

    # ---- matrices
    def outermost(self, depth):
        """A matrix expression, of a shape that only the outermost node may have as well."""
        if self.chance(0.75):
            return self.matrix(self.size(), self.size(), depth)
        return self.attempt([self._kron, self._block_row, self._block_diag, self._vec_like], depth)

    def _kron(self, depth):
        return KroneckerProduct(self.matrix(self.size(), self.size(), depth - 1), self.matrix(self.size(), self.size(), depth - 1))

    def _block_row(self, depth):
        n = self.size()
        return BlockMatrix([[self.matrix(n, self.size(), depth - 1), self.matrix(n, self.size(), depth - 1)]])

    def _block_diag(self, depth):
        return BlockDiagMatrix(self.matrix(self.size(), self.size(), depth - 1), self.matrix(self.size(), self.size(), depth - 1))

    def _vec_like(self, depth):
        return KroneckerProduct(OneMatrix(self.size(), 1), self.matrix(self.size(), self.size(), depth - 1))

    def matrix(self, rows, cols, depth):
        """A matrix expression of this shape."""
        if depth <= 0:
            return self.constant(rows, cols) if self.chance(0.05) else self.atom(rows, cols)
        if self.book and self.chance(0.35):
            return self.attempt([self._own_matrix], rows, cols, depth)
        productions = [self.atom_, self._matmul, self._matmul, self._matmul, self._matadd, self._matadd, self._scaled, self._hadamard,
                       self._hadamard_power, self._apply, self._apply, self._apply_twice, self._transpose, self._sum_of_matrices,
                       self._piece, self._less_mean, self._centred, self._sums_along_an_axis]  # fmt: skip
        if rows == cols:
            productions += [self._inverse, self._inverse, self._power, self._diag, self._diagonal_part, self._solve]
        if cols == 1:
            productions += [self._diagonal_of, self._column, self._solve_column]
        if rows.is_Integer and cols.is_Integer and rows * cols <= 9:
            productions += [self._explicit]
        return self.attempt(productions, rows, cols, depth)

    def atom_(self, rows, cols, depth):
        return self.atom(rows, cols)

    def _matmul(self, rows, cols, depth):
        k = self.size()
        return self.matrix(rows, k, depth - 1) * self.matrix(k, cols, depth - 1)

    def _matadd(self, rows, cols, depth):
        return self.matrix(rows, cols, depth - 1) + self.number() * self.matrix(rows, cols, depth - 1)

    def _scaled(self, rows, cols, depth):
        return self.scalar(depth - 2) * self.matrix(rows, cols, depth - 1)

    def _piece(self, rows, cols, depth):
        s = self.scalar(depth - 2)
        return Piecewise((s, s > Rational(1, 3)), (s**2, True)) * self.matrix(rows, cols, depth - 1)

    def _hadamard(self, rows, cols, depth):
        return hadamard_product(self.matrix(rows, cols, depth - 1), self.matrix(rows, cols, depth - 1))

    def _hadamard_power(self, rows, cols, depth):
        A = self.matrix(rows, cols, depth - 1)
        if self.chance(0.3):
            return HadamardPower(2, A.applyfunc(sin))
        if self.chance(0.3):
            return HadamardPower(A.applyfunc(lambda z: 1 + z**2), self.pick([Rational(1, 2), S(-1), self.atom(rows, cols).applyfunc(tanh)]))
        return HadamardPower(A, self.pick([2, 3]))

    def _apply(self, rows, cols, depth):
        return self.matrix(rows, cols, depth - 1).applyfunc(self.pick(ENTRY_FUNCTIONS))

    def _apply_twice(self, rows, cols, depth):
        inner, outer, shift = self.pick(ENTRY_FUNCTIONS), self.pick(ENTRY_FUNCTIONS), self._scalar_symbol(0)
        return self.matrix(rows, cols, depth - 1).applyfunc(inner).applyfunc(lambda z: outer(z) * tanh(shift) + z)

    def _transpose(self, rows, cols, depth):
        return self.matrix(cols, rows, depth - 1).T

    def _sum_of_matrices(self, rows, cols, depth):
        """(sum_k v_k w_k) A, with a hand-written sum as the factor."""
        n, k = self.size(), Symbol("k", integer=True)
        return Sum(self.symbol(n, S.One)[k, 0] * self.atom(n, S.One)[k, 0], (k, 0, n - 1)) * self.matrix(rows, cols, depth - 1)

    def _inverse(self, rows, cols, depth):
        return self.regular(rows, depth - 1).I

    def _solve(self, rows, cols, depth):
        return self.regular(rows, depth - 1).I * self.matrix(rows, cols, depth - 1)

    def _solve_column(self, rows, cols, depth):
        return self._solve(rows, cols, depth)

    def _power(self, rows, cols, depth):
        if self.chance(0.3):
            return self.regular(rows, depth - 1) ** -2
        return self.matrix(rows, rows, depth - 1) ** self.pick([2, 2, 3])

    def _diag(self, rows, cols, depth):
        return DiagMatrix(self.matrix(rows, S.One, depth - 1))

    def _diagonal_part(self, rows, cols, depth):
        return DiagonalMatrix(self.matrix(rows, rows, depth - 1))

    def _diagonal_of(self, rows, cols, depth):
        return DiagonalOf(self.matrix(rows, rows, depth - 1))

    def _column(self, rows, cols, depth):
        """The first column of a matrix, as a slice."""
        return self.matrix(rows, self.pick(self.sizes), depth - 1)[:, 0:1]

    def _explicit(self, rows, cols, depth):
        return ImmutableMatrix(int(rows), int(cols), lambda i, j: self.scalar(depth - 2))
