"""What the functions in a summand are functions of: Max(0, 1 - a[i]*b[i])**2 is one of 1 - a[i]*b[i], written for every i.

The parts are the largest polynomials in entries; where all are numbers times powers of one thing, the summand is a function of that.
"""

from collections.abc import Callable, Container
from math import gcd
from typing import Any

from sympy import Add, Expr, Mul, Piecewise, Pow, S
from sympy.matrices.expressions import HadamardPower, HadamardProduct, MatAdd, MatMul, MatrixSlice, MatrixSymbol, Transpose
from sympy.matrices.expressions.matexpr import MatrixElement

from ..kernel.binding import is_bound_in
from ..kernel.scalars import scalar_product, scalar_sum
from ..kernel.shapes import is_matrix
from ..nodes.bound import BOUND
from .functions import BRANCHED

LINEAR = (Add, Mul, MatAdd, MatMul, HadamardProduct, Transpose, MatrixSlice)  # in each of their factors


def function_of(e: Expr, indices: Container[Any], is_source: Callable[[Any], bool], in_products: bool = False) -> tuple[Any, Any]:
    """(what `e` is a function of, the function in BOUND); (None, None) where there is none, more than one, or one that is bound in `e`.

    is_source: whether a node is an entry, a sum or an index itself. in_products: whether the polynomials among the factors of a product
    are one, a b in a b exp(a b).
    """
    reading = _Reading(indices, is_source)
    e = reading.with_products(e) if in_products else e
    parts = reading.polynomials(e)
    if parts is None:
        return None, None
    for read, places in ((_power_of_a_base, parts), (_power_up_to_sign, parts), (_as_it_stands, reading.sources(e))):
        found = {p: read(p, reading) for p in places}
        bases = list(dict.fromkeys(base for base, _ in found.values()))
        if len(bases) == 1 and not is_bound_in(bases[0], e):
            return bases[0], e.xreplace({p: function for p, (_, function) in found.items()})
    return None, None


def hides_a_branch(e: Expr, indices: Container[Any], is_source: Callable[[Any], bool]) -> bool:
    """Whether a branch cut lies around more than products and sums of sources: sqrt(exp(u)) and sqrt(u^4).

    In the bound symbol, which is real, SymPy writes these without the root, as exp(u/2) and u^2: of complex u that is another function.
    """
    reading = _Reading(indices, is_source)

    def is_plain(a: Any) -> bool:
        if not reading.depends(a) or is_source(a) and not is_matrix(a):
            return True
        return isinstance(a, (*LINEAR, MatrixSymbol)) and all(map(is_plain, a.args))

    def found(a: Any) -> bool:
        if not reading.depends(a) or isinstance(a, MatrixElement):
            return False
        is_branched = isinstance(a, BRANCHED) or isinstance(a, (Pow, HadamardPower)) and not a.args[1].is_integer
        return is_branched and not is_plain(a.args[0]) or any(map(found, a.args))

    return found(e)


def factors_of_pieces(e: Piecewise, indices: Container[Any]) -> tuple[Expr, ...]:
    """The factors of a Piecewise: those that all of its branches have and no condition, which depend on the indices, and what is left.

    A branch that is 0 has them all.
    """
    branches = [Mul.make_args(b.expr) for b in e.args if b.expr != 0]
    if not branches:
        return (e,)
    common = [f for f in branches[0] if all(f in b for b in branches[1:]) and any(s in indices for s in f.free_symbols)]
    common = [f for f in common if not any(b.cond.has(f) for b in e.args)]
    if not common:
        return (e,)
    left = lambda b: Mul(*(f for f in Mul.make_args(b) if f not in common))  # noqa: E731
    return (*common, Piecewise(*((left(b.expr), b.cond) for b in e.args)))


class _Reading:
    def __init__(self, indices: Container[Any], is_source: Callable[[Any], bool]) -> None:
        self.indices, self.is_source = indices, is_source

    def depends(self, e: Any) -> bool:
        return any(s in self.indices for s in e.free_symbols)

    def is_polynomial(self, e: Any) -> bool:
        """Whether it is one in the sources, with coefficients that do not depend on the indices."""
        if self.is_source(e) or not self.depends(e):
            return True
        if isinstance(e, Pow):
            return bool(e.exp.is_Integer and e.exp > 1 and self.is_polynomial(e.base))
        return isinstance(e, (Add, Mul)) and all(map(self.is_polynomial, e.args))

    def polynomials(self, e: Any) -> list[Any] | None:
        """The largest polynomials; None where a matrix depends on the indices, as in tr(A^i)."""
        return self._parts(e, self.is_polynomial)

    def with_products(self, e: Any) -> Any:
        """The same with the polynomials among the factors of each product in a product of their own."""
        if not self.depends(e) or self.is_source(e) or is_matrix(e) or self.is_polynomial(e):
            return e
        args = [self.with_products(a) for a in e.args]
        inside = [a for a in args if self.depends(a) and self.is_polynomial(a)] if isinstance(e, Mul) else []
        if len(inside) < 2:
            return e if all(x is y for x, y in zip(args, e.args)) else e.func(*args)
        return Mul(Mul(*inside), *(a for a in args if a not in inside), evaluate=False)

    def sources(self, e: Any) -> list[Any]:
        return self._parts(e, self.is_source) or []

    def _parts(self, e: Any, wanted: Callable[[Any], bool]) -> list[Any] | None:
        if not self.depends(e):
            return []
        if wanted(e):
            return [e]
        found: list[Any] = []
        for a in e.args:
            inner = None if is_matrix(a) else self._parts(a, wanted)
            if inner is None:
                return None
            found += inner
        return list(dict.fromkeys(found))


def _power_of_a_base(p: Any, reading: _Reading) -> tuple[Any, Expr]:
    """(base, c u^k + d) with p = c base^k + d, for a base that is a source, a sum, or a product of such."""
    if isinstance(p, Add):
        free, inside = _apart(p, reading)
        base, function = _power_of_a_base(Add(*inside), reading) if len(inside) == 1 else (Add(*inside), BOUND)
        return base, scalar_sum(function, *free)
    free, inside = _apart(p, reading)
    if len(inside) == 1 and isinstance(inside[0], Add):
        return inside[0], scalar_product(*free, BOUND)
    powers = [f.as_base_exp() if isinstance(f, Pow) else (f, S.One) for f in inside]
    k = gcd(*(int(e) for _, e in powers))
    return Mul(*(b ** (e / k) for b, e in powers)), scalar_product(*free, BOUND**k)


def _apart(p: Any, reading: _Reading) -> tuple[list[Any], list[Any]]:
    parts = type(p).make_args(p) if isinstance(p, (Add, Mul)) else (p,)
    return [f for f in parts if not reading.depends(f)], [f for f in parts if reading.depends(f)]


def _power_up_to_sign(p: Any, reading: _Reading) -> tuple[Any, Expr]:
    """The same, with the number that a sum has in front, and its sign, in the function."""
    base, function = _power_of_a_base(p, reading)
    if not isinstance(base, Add):
        return base, function
    number, base = base.primitive()
    number, base = (-number, -base) if base.could_extract_minus_sign() else (number, base)
    return base, function.xreplace({BOUND: number * BOUND})


def _as_it_stands(p: Any, reading: _Reading) -> tuple[Any, Expr]:
    return p, BOUND
