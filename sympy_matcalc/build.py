"""Raw constructors of SymPy nodes, interned: the only place where the engine makes a node.

SymPy's operators and `doit` distribute transposes, sort and cost milliseconds on long products, so the engine builds nodes with
`Basic.__new__` and the very arguments that the public constructor would store (a test compares the two for every class). A node is
built once a session: equal nodes are one object, so that memo tables and comparisons never walk a shared tree.
"""

import threading
from contextlib import contextmanager
from zlib import crc32

from sympy import Abs, Add, Basic, Derivative, Dummy, Expr, Lambda, MatrixSymbol, Max, Min, Mul, Pow, S, Sum, Symbol, Tuple, sign
from sympy.core.function import AppliedUndef
from sympy.matrices import MatrixBase
from sympy.matrices.expressions import (
    Determinant,
    DiagMatrix,
    HadamardPower,
    HadamardProduct,
    Identity,
    Inverse,
    KroneckerProduct,
    MatAdd,
    MatMul,
    MatPow,
    MatrixSlice,
    OneMatrix,
    Trace,
    Transpose,
    ZeroMatrix,
)
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.blockmatrix import BlockMatrix
from sympy.matrices.expressions.diagonal import DiagonalMatrix, DiagonalOf
from sympy.matrices.expressions.matexpr import MatrixElement, MatrixExpr

from .compat import dummy
from .nodes import Einsum, MatrixSum, MatrixUnit
from .nodes.base import MatrixOfMatrix
from .nodes.bound import BOUND
from .nodes.factorizations import PseudoInverse
from .nodes.matrix_functions import AnalyticFunction, FrechetDerivative, MatrixFunction
from .nodes.spectral import ReducedResolvent

__all__ = ["BOUND", "AppliedUndef", "Derivative", "Expr", "Sum"]


class Session(threading.local):
    """Tables of one derivation: interned nodes, memos of the stages.

    What is asked for a hundred times in every derivation has a plain dictionary here, {id(node): (node, value)}: the node is kept, so
    that its id stays its own.
    """

    table = memos = keys = shapes = symmetric = opened = contains = None
    facts = None  # facts.Facts, possibly none, while something is simplified; None while a derivative is taken, which may use none

    def open(self):
        self.table, self.memos = {}, {}
        self.keys, self.shapes, self.symmetric, self.opened, self.contains = {}, {}, {}, {}, {}

    def close(self):
        self.table = self.memos = self.keys = self.shapes = self.symmetric = self.opened = self.contains = None

    def state(self):
        return {name: getattr(self, name) for name in ("table", "memos", "keys", "shapes", "symmetric", "opened", "contains", "facts")}


session_state = Session()


@contextmanager
def session():
    """Open fresh tables (a nested session shares the outer one's)."""
    if session_state.table is not None:
        yield session_state
        return
    session_state.open()
    try:
        yield session_state
    finally:
        session_state.close()


@contextmanager
def session_with(facts):
    """Fresh tables in which `facts` hold, also inside of another session: what is equal depends on the facts."""
    outer = session_state.state()
    session_state.open()
    session_state.facts = facts
    try:
        yield session_state
    finally:
        for name, value in outer.items():
            setattr(session_state, name, value)


def stated(name, node):
    """Whether a fact is stated of this very node in this session."""
    return session_state.facts is not None and session_state.facts.holds(name, node)


def memo(name):
    """The dictionary called `name` of the session, made at first use."""
    return session_state.memos.setdefault(name, {})


class IdMemo:
    """A memo of nodes as objects: looking a node up never compares trees, which costs exponential time where parts are shared."""

    __slots__ = ("table",)

    def __init__(self):
        self.table = {}

    def get(self, node):
        found = self.table.get(id(node))
        return None if found is None else found[1]

    def __setitem__(self, node, value):
        self.table[id(node)] = (node, value)  # the node is kept, so that its id stays its own

    def __contains__(self, node):
        return id(node) in self.table


def id_memo(name):
    """The `IdMemo` called `name` of the session, made at first use."""
    found = session_state.memos.get(name)
    if found is None:
        found = session_state.memos[name] = IdMemo()
    return found


def raw(cls, *args):
    """The interned node `cls(*args)`, built without evaluation."""
    node = Basic.__new__(cls, *args)
    return session_state.table.setdefault(node, node)


def raw_scalar(cls, *args):
    """An unevaluated Add or Mul; unlike other nodes these keep whether they commute in a slot of their own."""
    node = Basic.__new__(cls, *args)
    node.is_commutative = True
    return session_state.table.setdefault(node, node)


def intern(node):
    return session_state.table.setdefault(node, node)


def adopt(node):
    """The interned copy of a scalar that SymPy made, all its parts interned: its cached constructors return equal older trees."""
    if not node.args or not isinstance(node, Basic) or isinstance(node, (*INDIVISIBLE, MatrixBase)):
        return intern(node)
    table = id_memo("adopt")
    found = table.get(node)
    if found is None:
        args = [adopt(a) for a in node.args]
        same_parts = all(x is y for x, y in zip(args, node.args))
        found = table[node] = intern(node if same_parts else _with_args(node, args))
        table[found] = found
    return found


def _with_args(node, args):
    """A copy of a node with equal arguments, without the constructor and its cache."""
    new = Basic.__new__(type(node), *args)
    for name in (slot for cls in type(node).__mro__ for slot in getattr(cls, "__slots__", ())):
        if name not in ("_args", "_mhash", "_assumptions") and hasattr(node, name):
            setattr(new, name, getattr(node, name))
    if hasattr(node, "__dict__"):
        new.__dict__.update(node.__dict__)
    return new


def postorder(top, parts):
    """The nodes below `top` and itself, each once, parts first, without recursion; ``parts(node)`` are those to go into."""
    seen, order, stack = set(), [], [(top, False)]
    while stack:
        node, closed = stack.pop()
        if closed:
            order.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            stack.append((node, True))
            stack += [(a, False) for a in parts(node) if id(a) not in seen]
    return order


def from_inside(function, top, parts):
    """``function(top)`` of a memoised recursive function; where that recurses too deeply, from the innermost parts outwards."""
    try:
        return function(top)
    except RecursionError:
        for node in postorder(top, parts):
            function(node)
        return function(top)


FIRST_INDEX = 7_100_000
FIRST_OF_RESULT, MAX_DEPTH = 7_050_000, 10_000  # bound symbols of results are numbered by depth, `forms.present`


def plain_name(symbol):
    """The name of a bound symbol as it was typed, without the number that `fresh_index` has set behind it."""
    number = getattr(symbol, "dummy_index", 0)
    if FIRST_INDEX < number < 2 * FIRST_INDEX:
        return symbol.name.removesuffix(f"_{number - FIRST_INDEX - 1}")
    return symbol.name


def fresh_index(name, nonnegative=True):
    """A summation index that no expression of the session has; the same ones in the same order in every session."""
    counter = memo("fresh")
    number = counter["next"] = counter.get("next", FIRST_INDEX) + 1
    name = name if number == FIRST_INDEX + 1 else f"{name}_{number - FIRST_INDEX - 1}"
    return dummy(name, number, integer=True, nonnegative=nonnegative)


def reserve_indices(expr):
    """Keep `fresh_index` clear of the indices that `expr` has from an earlier derivative."""
    nodes = postorder(expr, lambda node: () if isinstance(node, MatrixSymbol) else node.args)
    used = (s.dummy_index for s in nodes if isinstance(s, Dummy))
    counter = memo("fresh")
    counter["next"] = max([counter.get("next", FIRST_INDEX), *(k for k in used if FIRST_INDEX < k < 2 * FIRST_INDEX)])


# ---------------------------------------------------------------- ordering


MODULUS = (1 << 61) - 1  # a Mersenne prime: digests are polynomials over it
BASE = 1_000_003_579


def key(node):
    """(leading symbol, size, digest): a total order that is the same in every process and costs one visit a node."""
    table = session_state.keys
    known = table.get(id(node))
    if known is None:
        if not node.args or isinstance(node, MatrixSymbol):
            text = node.name if isinstance(node, (Symbol, MatrixSymbol)) else str(node)
            found = (text if isinstance(node, MatrixSymbol) else "", 1, _digest(type(node).__name__ + text))
        else:
            lead, size, digest = "", 1, _digest(type(node).__name__)
            for a in node.args:
                inner, count, code = key(a)
                lead = lead or inner
                size += count
                digest = (digest * BASE + code) % MODULUS
            found = (lead, size, digest)
        table[id(node)] = known = (node, found)
    return known[1]


def _digest(text):
    data = text.encode()
    return (crc32(data) * BASE + crc32(data[::-1]) + len(data)) % MODULUS


# ---------------------------------------------------------------- shapes

INDIVISIBLE = (MatrixSymbol, Lambda, Sum, MatrixSum, Einsum, MatrixSlice, BlockMatrix)


def is_matrix(node):
    return isinstance(node, (MatrixExpr, MatrixBase))


def is_one(size):
    return size is S.One


def same(a, b):
    """Whether two sizes are surely equal."""
    return a is b or a == b or (a - b).expand() == 0


def shape(node):
    """Shape, memoised: SymPy recomputes it down the tree at every call."""
    table = session_state.shapes
    known = table.get(id(node))
    if known is None:
        if isinstance(node, MatMul):
            first, last = None, None
            for a in node.args:
                if is_matrix(a):
                    first = first or a
                    last = a
            found = (shape(first)[0], shape(last)[1])
        elif isinstance(node, (MatAdd, HadamardProduct)):
            found = shape(next(a for a in node.args if is_matrix(a)))
        elif isinstance(node, Transpose):
            found = shape(node.args[0])[::-1]
        elif isinstance(node, (Inverse, MatPow)):
            found = shape(node.args[0])
        elif isinstance(node, HadamardPower):
            found = shape(node.args[0] if is_matrix(node.args[0]) else node.args[1])
        elif isinstance(node, ElementwiseApplyFunction):
            found = shape(node.args[1])
        elif isinstance(node, DiagMatrix):
            rows, cols = shape(node.args[0])
            found = (cols, cols) if is_one(rows) else (rows, rows)
        elif type(node).shape is MatrixOfMatrix.shape:
            found = shape(node.arg)
        else:
            found = tuple(S(x) for x in node.shape)
        table[id(node)] = known = (node, found)
    return known[1]


def is_scalar_shaped(node):
    """A scalar, or a matrix that is literally 1 x 1; needs no session."""
    return not is_matrix(node) or tuple(node.shape) == (1, 1)


def is_column(node):
    return is_one(shape(node)[1])


# ---------------------------------------------------------------- constructors of matrices


def mul(*factors):
    """Product of scalars and matrices as they come, scalars first; no evaluation beyond merging the scalars."""
    scalars = [f for f in factors if not is_matrix(f)]
    matrices = [f for f in factors if is_matrix(f)]
    c = scalars[0] if len(scalars) == 1 else Mul(*scalars)
    if c is S.Zero and matrices:
        return zero(shape(matrices[0])[0], shape(matrices[-1])[1])
    if not matrices:
        return c
    if c is S.One:
        return matrices[0] if len(matrices) == 1 else raw(MatMul, *matrices)
    return raw(MatMul, c, *matrices)


def add(*terms):
    return terms[0] if len(terms) == 1 else raw(MatAdd, *terms)


def transpose(a):
    """The transpose; nothing is distributed."""
    if isinstance(a, Transpose):
        return a.args[0]
    if isinstance(a, OneMatrix):
        return raw(OneMatrix, *a.args[::-1])
    if isinstance(a, ZeroMatrix):
        return raw(ZeroMatrix, *a.args[::-1])
    return a if is_symmetric(a) else raw(Transpose, a)


def inverse(a):
    return a.args[0] if isinstance(a, Inverse) else raw(Inverse, a, S.NegativeOne)


def power(a, k):
    if k is S.Zero:
        return identity(shape(a)[0])
    if k is S.One:
        return a
    return inverse(a) if k is S.NegativeOne else raw(MatPow, a, k)


def identity(n):
    return raw(Identity, n)


def ones(m, n=S.One):
    return raw(OneMatrix, m, n)


def zero(m, n):
    return raw(ZeroMatrix, m, n)


def unit(n, i):
    """Unit vector e_i of length n."""
    return raw(MatrixUnit, n, S.One, i, S.Zero)


def matrix_unit(m, n, i, j):
    return raw(MatrixUnit, m, n, i, j)


def hadamard(*factors):
    return factors[0] if len(factors) == 1 else raw(HadamardProduct, *factors)


def diag_matrix(v):
    return intern(DiagMatrix(v))


def diagonal_of(a):
    return intern(DiagonalOf(a))


def diagonal_matrix(a):
    return raw(DiagonalMatrix, a)


def kron(*factors):
    return factors[0] if len(factors) == 1 else raw(KroneckerProduct, *factors)


def block(rows):
    return intern(BlockMatrix([list(r) for r in rows]))


def slice_of(a, rows, cols):
    """``a[rows, cols]`` with (start, stop, step) triples."""
    return raw(MatrixSlice, a, Tuple(*rows), Tuple(*cols))


def matrix_sum(body, *limits):
    return raw(MatrixSum, body, *(Tuple(*lim) for lim in limits))


def function(body):
    """The one-argument Lambda with `body` in BOUND."""
    return intern(Lambda(BOUND, body))


def apply(f, a):
    """Elementwise `f` (a Lambda of BOUND) of the matrix `a`."""
    return raw(ElementwiseApplyFunction, f, a)


def hadamard_power(a, k):
    return a if k is S.One else raw(HadamardPower, a, k)


# ---------------------------------------------------------------- constructors of scalars


def trace(a):
    return raw(Trace, a)


def det(a):
    return raw(Determinant, a)


def element(a, i=S.Zero, j=S.Zero):
    """``a[i, j]``, unevaluated: SymPy's indexing would write the product out as a sum."""
    return raw(MatrixElement, a, i, j)


# Without SymPy's cache, which compares with equal trees of earlier sessions: exponential where parts are shared.
_MUL, _ADD = (getattr(cls.__new__, "__wrapped__", cls.__new__) for cls in (Mul, Add))


def scalar_product(*factors):
    """Product of scalars with powers of one base merged, and sign(u)*|u|^k = u*|u|^(k-1), sign(u)*u = |u|, which SymPy leaves."""
    factors = [f for f in factors if f is not S.One]
    if len(factors) < 2:
        return factors[0] if factors else S.One
    found = _MUL(Mul, *factors)
    return _tidy_product(found) if found.is_Mul else found


def _tidy_product(e):
    powers = {}
    for f in e.args:
        base, k = (f.base, f.exp) if isinstance(f, Pow) else (f, S.One)
        powers.setdefault(base, []).append(k)
    signs = [base for base in powers if isinstance(base, sign) and (Abs(base.args[0]) in powers or _has_factor(powers, base.args[0]))]
    if not signs and all(len(ks) == 1 for ks in powers.values()):
        return e
    for base in signs:
        u, k = base.args[0], Add(*powers.pop(base))
        if not k.is_Integer or k <= 0:
            powers[base] = [k]
            continue
        if k % 2 == 0:  # sign(u)^2 = 1 beside a power of u, which is 0 where the sign is
            continue
        turn = S.One if Abs(u) in powers else S.NegativeOne  # sign(u) = u/|u| = |u|/u
        powers.setdefault(u, []).append(turn)
        powers.setdefault(Abs(u), []).append(-turn)
    return Mul(*(_even_power(base, Add(*ks)) for base, ks in powers.items()))


def _has_factor(powers, u):
    return any(k.is_Integer and k > 0 for k in powers.get(u, ()))


def _even_power(base, k):
    """|u|^2k = u^2k for real u."""
    return Pow(base.args[0], k) if isinstance(base, Abs) and (k / 2).is_integer else Pow(base, k)


def scalar_sum(*terms):
    return terms[0] if len(terms) == 1 else _ADD(Add, *terms)


def rebuild(node, args):
    """``node.func(*args)``; without evaluation where SymPy's fails on matrices inside, as the comparison of Max and the sign of Abs do."""
    if isinstance(node, (Max, Min)):
        return node.func(*args, evaluate=False)
    try:
        return node.func(*args)
    except (TypeError, NotImplementedError):
        if not isinstance(node, (Abs, Pow, sign)):
            raise
        return node.func(*args, evaluate=False)


def substitute(e, values):
    """`e` with some of its parts replaced: `xreplace` by way of `rebuild`."""
    if e in values:
        return values[e]
    if not e.args:
        return e
    args = [substitute(a, values) for a in e.args]
    return e if all(x is y for x, y in zip(args, e.args)) else rebuild(e, args)


# ---------------------------------------------------------------- structure


def is_symmetric(a):
    """Whether `a` equals its own transpose by its structure."""
    table = session_state.symmetric
    known = table.get(id(a))
    if known is None:
        rows, cols = shape(a)
        table[id(a)] = known = (a, bool(rows == cols and _symmetric(a)))
    return known[1]


def _symmetric(a):
    if isinstance(a, (Identity, DiagMatrix, DiagonalMatrix, OneMatrix, ZeroMatrix, ReducedResolvent)):
        return True
    if isinstance(a, MatrixUnit):
        return a.args[2] == a.args[3]
    if isinstance(a, (Inverse, MatPow)):
        return is_symmetric(a.args[0])
    if isinstance(a, HadamardPower):
        return all(is_symmetric(x) for x in a.args if is_matrix(x))
    if isinstance(a, ElementwiseApplyFunction):
        return is_symmetric(a.args[1])
    if isinstance(a, (HadamardProduct, KroneckerProduct)):
        return all(is_symmetric(x) for x in a.args if is_matrix(x))
    if isinstance(a, (AnalyticFunction, MatrixFunction, PseudoInverse)):
        return is_symmetric(a.arg)
    if isinstance(a, FrechetDerivative):
        return all(map(is_symmetric, a.args[1:]))
    if isinstance(a, MatAdd):
        return _symmetric_sum(a) or stated("symmetric", a)
    if isinstance(a, MatMul):
        return _palindrome([x for x in a.args if is_matrix(x)]) or stated("symmetric", a)
    return stated("symmetric", a)


def _palindrome(factors):
    n = len(factors)
    return all(flip(factors[i]) == factors[n - 1 - i] for i in range((n + 1) // 2))


def flip(a):
    """Transpose of one factor of a product, in the form the engine keeps it."""
    return a if is_symmetric(a) else transpose(a)


def _symmetric_sum(a):
    left = {}
    for t in a.args:
        if not is_symmetric(t):
            left[t] = left.get(t, 0) + 1
    for t in list(left):
        partner = _flip_term(t)
        if left.get(partner) != left[t]:
            return False
    return True


def _flip_term(t):
    if isinstance(t, MatMul):
        scalars = [x for x in t.args if not is_matrix(x)]
        return mul(*scalars, *(flip(x) for x in reversed([x for x in t.args if is_matrix(x)])))
    return flip(t)
