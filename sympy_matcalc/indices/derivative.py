"""Derivatives in index notation: sum_j A_ij x_j by x_k is A_ik.

The derivative by an entry is linear in deltas of indices, so it is kept as terms, each a product under sums; each delta takes a sum away.
"""

from collections.abc import Sequence
from typing import Any

from sympy import Add, And, Derivative, Dummy, Expr, Indexed, KroneckerDelta, Mul, Ne, Not, Piecewise, Product, S, Subs, Sum, Tuple
from sympy.functions.elementary.piecewise import ExprCondPair
from sympy.matrices.expressions.matexpr import MatrixElement

from ..compat import dummy
from ..errors import IndexRangeError, MissingRuleError, UnsupportedVariableError
from ..kernel.shapes import is_matrix
from ..nodes import Einsum
from ..nodes.arrays import is_array_expression
from ..nodes.undefined import in_primes
from .access import Access, access_of, name_of, nodes_in, occurs, shape_of_base
from .matrix_parts import depends_by_matrix, derivative_of_part, is_matrix_part
from .naming import Names
from .ranges import Ranges
from .terms import Delta, Term, contracted, expression_of

SLOT = dummy("u", 7_300_000, real=True)


def derivative_by_entry(e: Expr, variable: Expr) -> Expr:
    """The derivative of a scalar in index notation by an entry with symbolic or concrete indices.

    Errors: MissingRuleError for a node without a derivative, IndexRangeError for another number of indices, UnsupportedVariableError
    for a variable that does not occur where another one of its name does.
    """
    entry = access_of(variable)
    assert entry is not None
    _check(e, entry, variable)
    if not occurs(entry.base, e) and not depends_by_matrix(entry.base, e):
        return S.Zero
    work = _Derivation(entry)
    e = work.names.apart(e)
    work.ranges.read(Tuple(e, *work.target))
    work.ranges.presume(work.base, work.target)
    found = [contracted(t, work.ranges) for t in work.terms(e)]
    return work.names.readable(expression_of([t for t in found if t is not None]))


def is_index_question(e: Any, variable: Any) -> bool:
    """Whether the derivative is one in index notation: by an entry of an IndexedBase, or by one at symbols where all are entries.

    An entry of a product of matrices, which SymPy writes as a sum over an index of its own as soon as it is typed, is one of matrices.
    Errors: UnsupportedVariableError for a matrix by an entry of an IndexedBase.
    """
    if isinstance(variable, Indexed):
        if is_matrix(e) or isinstance(e, Einsum) and e.axes_shape or is_array_expression(e):
            raise UnsupportedVariableError(
                f"the derivative by `{variable}` is one in index notation, and `{e}` is in matrix notation: "
                "write it with indices, as `to_index_notation` does"
            )
        return True
    if not isinstance(variable, MatrixElement) or access_of(variable) is None or all(at.is_number for at in (variable.i, variable.j)):
        return False
    nodes = list(nodes_in(e))
    if any(is_matrix(node) or isinstance(node, Einsum) or is_array_expression(node) for node in nodes):
        return False
    return any(isinstance(node, Indexed) for node in nodes) or not any(map(_is_of_product, nodes))


def _is_of_product(node: Any) -> bool:
    """Whether a sum is one that SymPy made of an entry of a product."""
    return isinstance(node, Sum) and all(isinstance(symbol, Dummy) for symbol, *_ in node.limits)


def _check(e: Expr, entry: Access, variable: Expr) -> None:
    """Errors for entries that are the variable's by name, but not of the same base or not of as many indices."""
    shape = shape_of_base(entry.base)
    for found in filter(None, map(access_of, nodes_in(e))):
        if found.base == entry.base and len(found.indices) != len(entry.indices):
            raise IndexRangeError(
                f"`{variable}` has {len(entry.indices)} indices, but an entry of `{name_of(entry.base)}` in the expression has "
                f"{len(found.indices)}: `{found.base[found.indices]}`; use as many in both"
            )
        if name_of(found.base) == name_of(entry.base) and found.base != entry.base:
            raise UnsupportedVariableError(
                f"an entry of another `{name_of(entry.base)}` than that of `{variable}` is in `{e}`, "
                f"{_described(found.base)}; the variable's is {_described(entry.base)}; use one object for both"
            )
    for at, size in zip(entry.indices, shape or ()):
        if (at.is_number and at < 0) or (at - size).is_nonnegative:
            raise IndexRangeError(f"the index `{at}` of `{variable}` is outside of an axis of size {size}: it can be 0 to {size - 1}")


def _described(base: Any) -> str:
    shape = shape_of_base(base)
    return f"a {type(base).__name__} " + ("without a shape" if shape is None else f"of shape {shape}")


class _Derivation:
    """One derivative by one entry."""

    def __init__(self, entry: Access) -> None:
        self.names = Names()
        self.ranges = Ranges(self.names)
        self.base, self.target = entry.base, tuple(self.names.apart(at) for at in entry.indices)
        self.holds: dict[Expr, bool] = {}

    def depends(self, e: Expr) -> bool:
        if e not in self.holds:
            self.holds[e] = occurs(self.base, e) or depends_by_matrix(self.base, e)
        return self.holds[e]

    def terms(self, e: Expr) -> list[Term]:
        """Terms whose sum is the derivative of `e`."""
        if not self.depends(e):
            return []
        entry = access_of(e)
        if entry is not None:
            return [self._entry(e, entry)]
        if is_matrix_part(e):
            return self._matrix_part(e)
        for cls, rule in RULES:
            if isinstance(e, cls):
                return rule(self, e)
        return self._function(e)

    def _entry(self, e: Expr, entry: Access) -> Term:
        if any(map(self.depends, entry.indices)):
            text = f"`{self.names.readable(e)}` has an entry of `{name_of(self.base)}` in its indices, which are whole numbers"
            raise MissingRuleError(f"{text}: there is no derivative by those, write the indices without it")
        deltas = (Delta(at, to, self.ranges.axis(self.base, k)) for k, (at, to) in enumerate(zip(entry.indices, self.target)))
        return Term(S.One, tuple(deltas))

    def _matrix_part(self, e: Expr) -> list[Term]:
        """An entry of an inverse and the like: the derivative in matrix notation, written with indices."""
        found = self.names.apart(derivative_of_part(e, self.base, self.target))
        self.ranges.read_bounds(found)
        return [Term(t) for t in Add.make_args(found)]

    def _sum(self, e: Sum) -> list[Term]:
        """The derivative of every summand, under the same sums."""
        function, limits = self._own(e)
        return [t._replace(limits=t.limits + limits) for t in self.terms(function)]

    def _product(self, e: Product) -> list[Term]:
        """sum_m f'(m) prod_{l < m} f(l) prod_{l > m} f(l), which holds where a factor is 0 too."""
        if len(e.limits) > 1:
            e = Product(Product(e.function, *e.limits[:-1]), e.limits[-1])
        function, limits = self._own(e)
        (here, low, high) = limits[0]
        before, after = (Product(e.function, (e.limits[0][0], *ends)) for ends in ((low, here - 1), (here + 1, high)))
        return [t.times(before * after)._replace(limits=t.limits + limits) for t in self.terms(function)]

    def _own(self, e: Expr) -> tuple[Expr, tuple]:
        """(what is summed, the limits), with symbols of their own: the sum itself may be a factor of its derivative."""
        if any(self.depends(b) for lim in e.limits for b in lim[1:]) or any(len(lim) != 3 for lim in e.limits):
            raise MissingRuleError(
                f"the range of `{self.names.readable(e)}` depends on the variable, or it has none: write one with numbers and sizes"
            )
        new = {lim[0]: self.names.fresh(lim[0]) for lim in e.limits}
        limits = tuple((new[s], low.xreplace(new), high.xreplace(new)) for s, low, high in e.limits)
        self.ranges.of_bound.update({symbol: (low, high) for symbol, low, high in limits})
        return e.function.xreplace(new), limits

    def _add(self, e: Add) -> list[Term]:
        return [t for a in e.args for t in self.terms(a)]

    def _mul(self, e: Mul) -> list[Term]:
        parts = ((Mul(*e.args[:k], *e.args[k + 1 :]), a) for k, a in enumerate(e.args))
        return [t.times(others) for others, a in parts for t in self.terms(a)]

    def _piecewise(self, e: Piecewise) -> list[Term]:
        """Each branch where its condition is the first to hold."""
        out: list[Term] = []
        for k, branch in enumerate(e.args):
            here = And(branch.cond, *(Not(b.cond) for b in e.args[:k]))
            out += [t._replace(conditions=(*t.conditions, here)) for t in self.terms(branch.expr)]
        return out

    def _function(self, e: Expr) -> list[Term]:
        """The chain rule: the partial derivative by each argument times that of the argument."""
        out: list[Term] = []
        for k, a in enumerate(e.args):
            terms = self.terms(a)
            if terms:
                partial = self._partial(e, k)
                out += [t.times(partial) for t in terms]
        return out

    def _partial(self, e: Expr, k: int) -> Expr:
        slots = e.func(*e.args[:k], SLOT, *e.args[k + 1 :])
        found = in_primes(slots.diff(SLOT))
        if found.has(Derivative, Subs) or not isinstance(found, Expr):
            raise MissingRuleError(f"`{e.func.__name__}` has no derivative by its argument {k + 1}; met at `{self.names.readable(e)}`")
        return found.xreplace({SLOT: e.args[k]})

    def _refuse(self, e: Expr) -> list[Term]:
        raise MissingRuleError(f"`{type(e).__name__}` has no derivative by an entry in index notation; met at `{self.names.readable(e)}`")


RULES: Sequence = (
    (Sum, _Derivation._sum),
    (Product, _Derivation._product),
    (Add, _Derivation._add),
    (Mul, _Derivation._mul),
    (Piecewise, _Derivation._piecewise),
    ((KroneckerDelta, Derivative, Subs, ExprCondPair, Ne), _Derivation._refuse),
)
