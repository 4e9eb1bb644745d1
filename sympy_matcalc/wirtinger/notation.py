"""From stand-ins back to conjugates, in the notation of the books: X^H A X, and neither (X^T A^T conj X)^T nor the stand-ins themselves.

A part can be written as it is, transposed, conjugated or both, and the mark left off put around it: the way with the fewest marks is taken.
"""

from typing import Any, NamedTuple

from sympy import Abs, Determinant, Expr, Lambda, Mul, Pow, S, Trace, conjugate
from sympy.functions.elementary.piecewise import ExprCondPair
from sympy.matrices import MatrixBase
from sympy.matrices.expressions import (
    Adjoint,
    DiagMatrix,
    HadamardPower,
    HadamardProduct,
    Inverse,
    KroneckerProduct,
    MatAdd,
    MatMul,
    MatPow,
    MatrixSymbol,
    OneMatrix,
    Transpose,
    ZeroMatrix,
)
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.matexpr import MatrixElement

from ..canonical import prepare
from ..kernel import make
from ..kernel.interning import intern, raw
from ..kernel.occurrence import contains
from ..kernel.order import sort_key
from ..kernel.scalars import rebuild_scalar, scalar_product
from ..kernel.shapes import is_matrix, shape_of
from ..nodes import Adjugate, Einsum, EinsumTerm, ElementSum, FrechetDerivative, MatrixFunction
from ..nodes.matrix_functions import AnalyticFunction
from .entries import ENTRY
from .tables import RAW

PLAIN, TRANSPOSED, CONJUGATE, ADJOINT = range(4)  # the exclusive or of two is one after the other
MARKS = {  # what a mark around a part costs, in transposes
    MatrixSymbol: (0, 1, 1.5, 1),
    MatMul: (0, 2.3, 1.6, 2.3),
    MatAdd: (0, 2, 2.1, 2),
    DiagMatrix: (0, 2, 2, 2),
}
OTHER_MARKS = (0, 1.3, 1.6, 1.3)
OF_TRANSPOSE_TOO = (Trace, Determinant, ElementSum)  # scalars that a matrix and its transpose have in common
SAME_OF_ALL = (  # a mark around them is one around their parts
    *(HadamardProduct, HadamardPower, ElementwiseApplyFunction, KroneckerProduct, Inverse, MatPow),
    *(AnalyticFunction, MatrixFunction, FrechetDerivative, Adjugate),
)


class Way(NamedTuple):
    """A part in one way of writing it, and how many marks that takes."""

    cost: float
    node: Any

    def __lt__(self, other: Any) -> bool:
        return self.cost < other.cost


class Notation:
    """``say(e)``: an answer in stand-ins, written with conjugates.

    plain: {stand-in: symbol}; conjugates: {stand-in: the symbol that it is the conjugate of}.
    """

    def __init__(self, plain: dict, conjugates: dict, norms: dict, nuclear: dict):
        self.plain, self.conjugates = plain, conjugates
        self.norms = {prepare(squared): norm for squared, norm in norms.items()}
        self.nuclear = {prepare(trace): norm for trace, norm in nuclear.items()}
        stand_in = {s: e for e, s in plain.items()}
        self.swapped = {e: stand_in[s] for e, s in conjugates.items()} | {stand_in[s]: e for e, s in conjugates.items()}
        self.memo: dict[tuple[Any, int], Way] = {}

    def say(self, e: Any) -> Any:
        """The answer, with its conjugates."""
        return self.term(e, PLAIN).node

    def term(self, e: Any, state: int) -> Way:
        """An answer, or a summand: a product has its transposes at the factors."""
        if not isinstance(e, MatMul):
            return self.best(e, state)
        found, inside = self._product(e, state), self._product(e, state ^ CONJUGATE)
        around = inside.cost + MARKS[MatMul][CONJUGATE]
        return found if found.cost <= around else Way(around, with_mark(inside.node, CONJUGATE))

    def best(self, e: Any, state: int) -> Way:
        """The cheapest way to write a part in one of the four states."""
        found = self.memo.get((e, state))
        if found is None:
            found = self.memo[e, state] = self._matrix(e, state) if is_matrix(e) else self.scalar(e, bool(state & CONJUGATE))
        return found

    # ---------------------------------------------------------------- matrices

    def _matrix(self, e: Any, state: int) -> Way:
        if isinstance(e, Transpose):
            return self.best(e.arg, state ^ TRANSPOSED)
        ways = [self._marked(e, state, mark) for mark in range(4)]
        return min(way for way in ways if way is not None)

    def _marked(self, e: Any, state: int, mark: int) -> Way | None:
        inside = self._direct(e, state ^ mark)
        if inside is None:
            return None
        costs = next((c for cls, c in MARKS.items() if isinstance(e, cls)), OTHER_MARKS)
        costs = OTHER_MARKS if isinstance(e, MatAdd) and S.One in shape_of(e) else costs
        return Way(inside.cost + costs[mark], with_mark(inside.node, mark))

    def _direct(self, e: Any, state: int) -> Way | None:
        """A part with no mark around it, None where it cannot be written so."""
        for classes, way in self.WAYS.items():
            if isinstance(e, classes):
                return way(self, e, state)
        if isinstance(e, HadamardPower) and isinstance(e.args[0], HadamardProduct) and e.args[1] == S.NegativeOne / 2:
            return self._sizes(e, state) or self._rebuilt(e, state)
        if isinstance(e, SAME_OF_ALL):
            return self._rebuilt(e, state)
        if not e.args or all(isinstance(a, Expr) and not is_matrix(a) and a.is_integer for a in e.args):  # identities, permutations
            return Way(0, e) if not state & TRANSPOSED else None
        return self._rebuilt(e, state) if not state & TRANSPOSED else None

    def _symbol(self, e: Any, state: int) -> Way | None:
        if e in self.conjugates:
            return Way(0, self.conjugates[e]) if state == CONJUGATE else None
        if e in self.plain:
            return Way(0, self.plain[e]) if state == PLAIN else None
        return Way(0, e) if not state & TRANSPOSED else None  # real

    def _product(self, e: Any, state: int) -> Way:
        scalars = [a for a in e.args if not is_matrix(a)]
        matrices = [a for a in e.args if is_matrix(a)]
        ways = [self.best(a, state) for a in (matrices[::-1] if state & TRANSPOSED else matrices)]
        number = self.scalar(scalar_product(*scalars), bool(state & CONJUGATE))
        factors = [f for w in ways for f in (w.node.args if isinstance(w.node, MatMul) else (w.node,))]
        return Way(number.cost + sum(w.cost for w in ways), make.mul(number.node, *factors))

    def _constant(self, e: Any, state: int) -> Way:
        return Way(0, raw(type(e), *(e.args[::-1] if state & TRANSPOSED else e.args)))

    def _diagonal(self, e: Any, state: int) -> Way:
        return self._rebuilt(e, state & CONJUGATE)

    def _sum(self, e: Any, state: int) -> Way:
        ways = [self.term(a, state) for a in e.args]
        terms = [t for w in ways for t in (w.node.args if isinstance(w.node, MatAdd) else (w.node,))]
        return Way(sum(w.cost for w in ways), raw(MatAdd, *terms))

    def _rebuilt(self, e: Any, state: int) -> Way:
        ways = [self.best(a, state) if isinstance(a, Expr) or is_matrix(a) else self._inside(a, bool(state & CONJUGATE)) for a in e.args]
        args = [w.node for w in ways]
        node = raw(type(e), *args) if isinstance(e, (*RAW, ElementwiseApplyFunction)) else intern(e.func(*args))
        return Way(sum(w.cost for w in ways), node)

    def _sizes(self, e: Any, state: int) -> Way | None:
        """1/|u| of the entries for (u o conj(u))^(-1/2), None where the base is no such product."""
        u, *rest = e.args[0].args
        if len(rest) != 1 or prepare(u.xreplace(self.swapped)) != prepare(rest[0]):
            return None
        inside = min(self.best(u, state), self.best(u, state ^ CONJUGATE))
        return Way(inside.cost, raw(ElementwiseApplyFunction, Lambda(ENTRY, 1 / Abs(ENTRY)), inside.node))

    def _inside(self, a: Any, barred: bool) -> Way:
        """A function, whose coefficients have conjugates too, or a branch; bounds and lists of numbers as they are."""
        if isinstance(a, Lambda):
            return Way(0, intern(Lambda(a.signature, self.scalar(a.expr, barred).node)))
        if isinstance(a, ExprCondPair):
            return Way(0, intern(a.func(self.scalar(a.args[0], barred).node, a.args[1])))
        return Way(0, a)

    def _explicit(self, e: Any, state: int) -> Way:
        entries = e.T if state & TRANSPOSED else e
        return Way(len(entries), entries.applyfunc(lambda x: self.best(x, state & CONJUGATE).node).as_immutable())

    def _einsum(self, e: Any, state: int) -> Way | None:
        """An array in index notation: the conjugate is that of each factor."""
        return None if state & TRANSPOSED else self._conjugates_in(e, state)

    def _conjugates_in(self, e: Any, state: int) -> Way:
        said = lambda t: [(self.best(op, state).node, *axes) for op, axes in t.factors]  # noqa: E731
        terms = [EinsumTerm(self.scalar(t.coefficient, bool(state)).node, t.dims, t.out, said(t), t.limits) for t in e.terms]
        return Way(1, intern(Einsum(e.axes_shape, *terms)))

    WAYS = {  # of the classes that have one of their own
        MatrixSymbol: _symbol,
        Einsum: _einsum,
        (OneMatrix, ZeroMatrix): _constant,
        MatMul: _product,
        MatrixBase: _explicit,
        DiagMatrix: _diagonal,
        MatAdd: _sum,
    }

    # ---------------------------------------------------------------- scalars

    def scalar(self, e: Any, barred: bool) -> Way:
        if isinstance(e, Einsum):
            return self._conjugates_in(e, CONJUGATE if barred else PLAIN)
        if not e.args:
            return self._leaf(e, barred)
        norm = self.norms.get(prepare(e)) if self.norms and isinstance(e, (Trace, MatrixElement)) else None
        if norm is not None:
            return Way(0, norm**2)
        if self.nuclear and isinstance(e, Trace) and (norm := self.nuclear.get(prepare(e))) is not None:
            return Way(0, norm)
        if isinstance(e, OF_TRANSPOSE_TOO) or isinstance(e, MatrixElement) and shape_of(e.parent) == (S.One, S.One):
            return self._of_matrix(e, barred)
        if isinstance(e, MatrixElement):
            found = self.best(e.parent, CONJUGATE if barred else PLAIN)
            other = self.best(e.parent, PLAIN if barred else CONJUGATE)
            if other.cost < found.cost:
                return Way(other.cost + 1, conjugate(raw(MatrixElement, other.node, *e.args[1:])))
            return Way(found.cost, raw(MatrixElement, found.node, *e.args[1:]))
        if isinstance(e, Pow):
            return self._power(e, barred)
        if isinstance(e, Mul):
            return self._scalars(e, barred)
        return self._rebuilt_scalar(e, barred)

    def _leaf(self, e: Any, barred: bool) -> Way:
        if e in self.conjugates:
            return Way(0, self.conjugates[e]) if barred else Way(1, conjugate(self.conjugates[e]))
        if e in self.plain:
            return Way(1, conjugate(self.plain[e])) if barred else Way(0, self.plain[e])
        return Way(0, -e if barred and e is S.ImaginaryUnit else e)

    def _of_matrix(self, e: Any, barred: bool) -> Way:
        """A scalar that is the same of the transpose, and may be the conjugate of one."""
        state = CONJUGATE if barred else PLAIN
        within = min(self.best(e.args[0], state), self.best(e.args[0], state ^ TRANSPOSED))
        outside = min(self.best(e.args[0], state ^ CONJUGATE), self.best(e.args[0], state ^ ADJOINT))
        if outside.cost + 1.5 < within.cost:
            return Way(outside.cost + 1.5, intern(conjugate(self._with(e, outside.node))))
        return Way(within.cost, self._with(e, within.node))

    @staticmethod
    def _with(e: Any, inner: Any) -> Any:
        return raw(type(e), inner, *e.args[1:])

    def _rebuilt_scalar(self, e: Any, barred: bool) -> Way:
        ways = [self._argument(a, barred) for a in e.args]
        args = [w.node for w in ways]
        node = raw(type(e), *args) if isinstance(e, RAW) else intern(rebuild_scalar(e, args))
        return Way(sum(w.cost for w in ways), node)

    def _argument(self, a: Any, barred: bool) -> Way:
        return self.best(a, CONJUGATE if barred else PLAIN) if isinstance(a, Expr) or is_matrix(a) else self._inside(a, barred)

    def _power(self, e: Pow, barred: bool) -> Way:
        """sqrt(tr(Z^H Z)) that was typed as a norm is that norm."""
        if self.norms and (2 * e.exp).is_Integer and not e.exp.is_Integer:
            norm = self.norms.get(prepare(e.base))
            if norm is not None:
                return Way(0, norm ** (2 * e.exp))
        return self._rebuilt_scalar(e, barred)

    def _scalars(self, e: Mul, barred: bool) -> Way:
        """A product, with |u|^2 for u conj(u)."""
        factors, found = list(e.args), []
        while factors:
            u = factors.pop(0)
            if u.is_Number or isinstance(u, Pow) and not u.exp.is_Integer:
                found.append(self.scalar(u, barred))
                continue
            partner = next((v for v in factors if self._are_conjugate(u, v)), None)
            if partner is None:
                found.append(self.scalar(u, barred))
                continue
            factors.remove(partner)
            base, k = (u.base, u.exp) if isinstance(u, Pow) else (u, S.One)
            plain = min((self.scalar(base, b) for b in (False, True)), key=lambda w: (w.cost, sort_key(w.node)))
            size = rebuild_scalar(Abs(plain.node, evaluate=False), (plain.node,))  # SymPy's own fails on some sums of matrices
            found.append(Way(plain.cost, size ** (2 * k)))
        return Way(sum(w.cost for w in found), intern(Mul(*(w.node for w in found))))

    def _are_conjugate(self, u: Any, v: Any) -> bool:
        if type(u) is not type(v) and not (u.is_Symbol and v.is_Symbol):
            return False
        return any(contains(u, s) for s in self.swapped) and prepare(u.xreplace(self.swapped)) == prepare(v) != prepare(u)


def with_mark(node: Any, mark: int) -> Any:
    """A matrix transposed, conjugated or both, as SymPy writes it."""
    if mark == PLAIN:
        return node
    if mark == TRANSPOSED:
        return raw(Transpose, node)
    return raw(Adjoint, node) if mark == ADJOINT else raw(Adjoint, raw(Transpose, node))
