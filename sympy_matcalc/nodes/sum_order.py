"""The order in which SymPy keeps the terms of a sum of matrices, so that an answer equals the same sum typed in SymPy.

SymPy sorts by keys that hold those of all parts, of all levels below, and keeps them in its cache, which compares whole trees: for a part
that occurs in many places that takes as many steps as there are paths to it. Two terms nearly always differ near their top. Here keys are
compared as they are made, the parts of a term only where all before them is equal, and two of them only once. The order is SymPy's own,
term for term (`Expr.sort_key`, `Expr.as_ordered_terms`, `Mul.as_ordered_factors`).
"""

from collections.abc import Sequence
from functools import cmp_to_key
from itertools import groupby
from operator import itemgetter
from typing import Any

from sympy import Expr, Mul, Number, NumberSymbol, Pow, S, default_sort_key
from sympy.core.exprtools import decompose_power
from sympy.matrices.expressions.matexpr import MatrixExpr, MatrixSymbol


def sympys_order(terms: Sequence[Any]) -> list[Any]:
    """The terms sorted as ``sorted(terms, key=default_sort_key)`` sorts them.

    >>> from sympy import MatrixSymbol
    >>> A, B = MatrixSymbol("A", 2, 2), MatrixSymbol("B", 2, 2)
    >>> sympys_order([B*A, B, A])
    [B*A, A, B]
    """
    order = _Order()
    heads = [(order.head(term), place) for place, term in enumerate(terms)]
    heads.sort()
    found: list[Any] = []
    for _, same in groupby(heads, itemgetter(0)):
        of_one = [terms[place] for _, place in same]
        found += of_one if len(of_one) == 1 else sorted(of_one, key=order.key)
    return found


class _Order:
    """The order of SymPy's keys, which are never made whole."""

    def __init__(self):
        self.known = {}  # by two ids: what was found, with the two objects, so that the ids stay theirs
        self.key = cmp_to_key(self.compared)

    def head(self, e):
        """What the key of a term begins with: classes and how many parts they have, down to the first name."""
        found = []
        while True:
            if not _has_usual_key(e):
                found.append(default_sort_key(e)[0])
                return found
            if not isinstance(e, MatrixExpr):
                found.append(_base_and_exponent(e.as_coeff_Mul()[1])[0].class_key())
                return found
            found.append(e.class_key())
            if isinstance(e, MatrixSymbol):
                found.append(e.name)
                return found
            found.append(len(e.args) if e.is_Add or not e.is_Mul else len(parts := self._factors(e)))
            if e.is_Add or not e.args:
                return found
            e = parts[0] if e.is_Mul else e.args[0]

    def compared(self, a, b):
        """Below 0 where the key of a is less than that of b, 0 where they are equal."""
        if a is b:
            return 0
        at = id(a), id(b)
        if at not in self.known:
            self.known[at] = self._found(a, b), a, b
        return self.known[at][0]

    def _found(self, a, b):
        if not (_has_usual_key(a) and _has_usual_key(b)):
            return _sign(default_sort_key(a), default_sort_key(b))
        (first, c), (second, d) = a.as_coeff_Mul()[::-1], b.as_coeff_Mul()[::-1]
        (first, p), (second, q) = _base_and_exponent(first), _base_and_exponent(second)
        return _sign(first.class_key(), second.class_key()) or self._of_parts(first, second) or self.compared(p, q) or _sign(c, d)

    def _of_parts(self, a, b):
        """The order of two of one class."""
        if a is b:
            return 0
        if a.is_Atom:
            return _sign(a.sort_key(), b.sort_key()) if a.is_Dummy else _sign(str(a), str(b))
        below, beside = self._parts(a), self._parts(b)
        return len(below) - len(beside) or self._of_lists(below, beside)

    def _of_lists(self, some, others):
        return next(filter(None, map(self.compared, some, others)), len(some) - len(others))

    def _parts(self, e):
        """What SymPy takes for the parts of an expression, in the order of its key."""
        return self._terms(e) if e.is_Add else self._factors(e) if e.is_Mul else e.args

    def _factors(self, e):
        if all(f.is_Matrix for f in e.args):
            return e.args
        commuting, others = e.args_cnc()
        return [*sorted(commuting, key=self.key), *others]

    def _terms(self, e):
        """Sorted by powers, highest first, then by what does not commute, then by coefficients."""
        args = sorted(e.args, key=lambda x: not isinstance(x, (Number, NumberSymbol)))
        if len(args) == 2 and _is_less_a_multiple(*args):
            return args
        split = [_split(term) for term in args]
        bases = sorted({base for _, powers, _ in split for base in powers}, key=self.key)
        rows = [
            (tuple(-powers.get(base, 0) for base in bases), others, ((bool(c.imag), c.imag), (c.real, c.imag)), term)
            for (c, powers, others), term in zip(split, args)
        ]
        return [row[-1] for row in sorted(rows, key=cmp_to_key(self._of_rows))]

    def _of_rows(self, row, other):
        return _sign(row[0], other[0]) or self._of_lists(row[1], other[1]) or _sign(row[2], other[2])


def _has_usual_key(e):
    """Whether SymPy's key is that of the class, the parts, the exponent and the coefficient."""
    return isinstance(e, Expr) and type(e).sort_key is Expr.sort_key


def _base_and_exponent(e):
    if not e.is_Pow:
        return e, S.One
    base, exponent = e.as_base_exp()
    return (Pow(S.Exp1, exponent), S.One) if base is S.Exp1 else (base, exponent)


def _is_less_a_multiple(first, second):
    """Whether a sum is a positive number less a multiple of something, which SymPy leaves in this order."""
    if not isinstance(first, (Number, NumberSymbol)) or not isinstance(second, Mul):
        return False
    factors = sorted(second.args, key=lambda x: not isinstance(x, (Number, NumberSymbol)))
    return len(factors) == 2 and isinstance(factors[0], Number) and bool(first.is_positive and factors[0].is_negative)


def _split(term):
    """(coefficient, {base: power}, what does not commute) of a term."""
    number, rest = term.as_coeff_Mul()
    coefficient, powers, others = complex(number), {}, []
    for factor in () if rest is S.One else Mul.make_args(rest):
        value = _value(factor) if factor.is_number else None
        if value is not None:
            coefficient *= value
        elif factor.is_commutative:
            base, power = decompose_power(factor)
            powers[base] = power
        else:
            others.append(factor)
    return coefficient, powers, others


def _value(factor):
    try:
        return complex(factor)
    except (TypeError, ValueError):
        return None


def _sign(a, b):
    return -1 if a < b else int(a != b)
