"""match: the ways in which a prepared pattern is a prepared expression, its symbols renamed or standing for sub-expressions.

Products are matched as chains of atoms (kernel/chains.py), so that one symbol may stand for a piece of a product; traces in every
rotation; sums and elementwise products in any order. Every method yields the bindings of one more way.
"""

from sympy import Add, Mul, Number, S, Symbol, Trace
from sympy.matrices import MatrixBase
from sympy.matrices.expressions import Determinant, DiagMatrix, HadamardPower, HadamardProduct, KroneckerProduct, MatAdd, MatrixSymbol
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.diagonal import DiagonalOf
from sympy.matrices.expressions.matexpr import MatrixElement

from ..canonical import prepare
from ..canonical.orientation import transpose_prepared
from ..kernel import chains, make
from ..kernel.order import sort_key
from ..kernel.shapes import is_matrix, shape_of
from ..nodes import Norm, NuclearNorm, PseudoInverse, SpectralNorm
from ..nodes.bound import BOUND
from ..nodes.matrix_functions import MatrixFunction
from .bindings import Bindings

TURN_INSIDE = (HadamardPower, ElementwiseApplyFunction, KroneckerProduct, PseudoInverse, MatrixFunction)  # f(A).T = f(A.T)
TURN_BLIND = (Determinant, Norm, NuclearNorm, SpectralNorm, DiagonalOf)  # f(A.T) = f(A)


class Matcher(Bindings):
    """One search of a pattern with the given variable; needs a session."""

    def match(self, pattern, subject, found):
        """All bindings under which the prepared `pattern` is the prepared `subject`."""
        if is_matrix(pattern) and is_matrix(subject):
            yield from self.product(pattern, subject, found)
        elif not is_matrix(pattern) and not is_matrix(subject):
            yield from self.scalar(pattern, subject, found)

    def match_all(self, patterns, subjects, found):
        """The arguments of a node, one by one."""
        if not patterns:
            yield found
            return
        for one in self.match(patterns[0], subjects[0], found):
            yield from self.match_all(patterns[1:], subjects[1:], one)

    def match_some(self, match, patterns, subjects, found):
        """Each pattern with a subject of its own, in any order: (bindings, subjects left over)."""
        if not patterns:
            yield found, subjects
            return
        for k, subject in enumerate(subjects):
            for one in match(patterns[0], subject, found):
                yield from self.match_some(match, patterns[1:], subjects[:k] + subjects[k + 1 :], one)

    def absorb(self, symbols, subjects, join, found):
        """Symbols that take what is left over, each one subject and the last one all the rest.

        symbols: pairs (scale, symbol); ``join(scale, subjects)`` is the value of a symbol.
        """
        if not symbols:
            if not subjects:
                yield found
            return
        (scale, symbol), rest = symbols[0], symbols[1:]
        ways = [([one], subjects[:k] + subjects[k + 1 :]) for k, one in enumerate(subjects)] if rest else [(subjects, [])]
        for taken, left in ways:
            for one in self.bound(symbol, join(scale, taken), found):
                yield from self.absorb(rest, left, join, one)

    def bound(self, symbol, value, found):
        new = self.bind(found, symbol, value)
        if new is not None:
            yield new

    # ------------------------------------------------------------ scalars

    def scalar(self, p, s, found):
        if isinstance(p, Symbol):
            if p == BOUND:
                yield from [found] * (p == s)
            else:
                yield from self.bound(p, s, found)
        elif isinstance(p, Mul):
            yield from self.factors(p, s, found)
        elif isinstance(p, Add):
            yield from self.terms(p, s, found)
        elif type(p) is not type(s) or len(p.args) != len(s.args):
            return
        elif isinstance(p, Trace):
            yield from self.trace(p, s, found)
        elif isinstance(p, TURN_BLIND):
            yield from self.either_way(p, s, found)
        elif isinstance(p, MatrixElement):
            yield from self.entry(p, s, found)
        elif not p.args:
            yield from [found] * (p == s)
        else:
            yield from self.match_all(p.args, s.args, found)

    def factors(self, p, s, found):
        """A symbol among the factors takes all that the others leave, the number 1 if that is all."""
        number, rest = s.as_coeff_Mul()
        own, mine = p.as_coeff_Mul()
        symbols = [f for f in Mul.make_args(mine) if isinstance(f, Symbol) and f != BOUND]
        fixed = _largest_first(f for f in Mul.make_args(mine) if f not in symbols)
        subjects = [f for f in Mul.make_args(rest) if f is not S.One]
        for one, left in self.match_some(self.scalar, fixed, subjects, found):
            left = left + [number / own] * (number != own)
            yield from self.absorb([(S.One, symbol) for symbol in symbols], left, lambda _, parts: Mul(*parts), one)

    def terms(self, p, s, found):
        """A symbol among the terms, with a number before it or not, takes all that the others leave."""
        free = [t for t in p.args if self._is_constant(t.as_coeff_Mul()[1])]
        fixed = _largest_first(t for t in p.args if t not in free)
        scales = [t.as_coeff_Mul() for t in free]
        for one, left in self.match_some(self.scalar, fixed, list(Add.make_args(s)), found):
            if len(left) >= len(free):
                yield from self.absorb(scales, left, lambda c, parts: Add(*parts) / c, one)

    def _is_constant(self, node):
        return isinstance(node, (Symbol, MatrixSymbol)) and node != self.variable and node != BOUND

    def trace(self, p, s, found):
        (_, pattern), (_, subject) = chains.open_product(p.arg), chains.open_product(s.arg)
        for turned in (subject, chains.reverse(subject)):
            for k in range(len(turned)):
                yield from self.chain(pattern, turned[k:] + turned[:k], S.One, found)

    def either_way(self, p, s, found):
        """A function of a matrix and of its transpose alike."""
        for odd in (False, True):
            for one in self.product(p.args[0], s.args[0], found, odd):
                yield from self.match_all(p.args[1:], s.args[1:], one)

    def entry(self, p, s, found):
        """An entry, or that of the transpose: x'Ay is y'A'x."""
        for odd, index in ((False, s.args[1:]), (True, s.args[:0:-1])):
            for one in self.match_all(p.args[1:], index, found):
                yield from self.product(p.parent, s.parent, one, odd)

    # ------------------------------------------------------------ products

    def product(self, p, s, found, odd=False):
        """Two matrices as a scalar times a chain; `odd`: the subject is transposed."""
        (own, pattern), (c, subject) = chains.open_product(p), chains.open_product(s)
        subject = chains.reverse(subject) if odd else subject
        if not pattern and not subject:
            found = self.sizes(found, shape_of(p), shape_of(s))
        if found is None:
            return
        for one in self.scalar(own, c, found):
            yield from self.chain(pattern, subject, S.One, one)
        if isinstance(own, Number) and own != c:
            yield from self.chain(pattern, subject, c / own, found)

    def chain(self, pattern, subject, c, found):
        """Atom by atom; `c` is a factor of the subject that a constant of the pattern has to take."""
        if not pattern:
            if not subject and c is S.One:
                yield found
            return
        (base, flipped, k), rest = pattern[0], pattern[1:]
        if isinstance(base, MatrixSymbol) and k is S.One:
            for length in range(1, len(subject) - len(rest) + 1):
                segment = subject[:length]
                for taken, left in [(c, S.One), (S.One, c)][: 1 + (c is not S.One)]:
                    value = prepare(make.mul(taken, chains.express_chain(chains.reverse(segment) if flipped else segment)))
                    for one in self.bound(base, value, found):
                        yield from self.chain(rest, subject[length:], left, one)
        elif subject:
            for sign, one in self.atom(pattern[0], subject[0], found):
                yield from self.chain(rest, subject[1:], sign * c, one)

    def atom(self, pattern, subject, found):
        """(sign, bindings): two atoms of a chain; a sum may be the negative of the pattern's."""
        (p, flipped, k), (s, turned, e) = pattern, subject
        odd = flipped != turned
        for one in self.scalar(k, e, found):
            for two in self.base(p, s, odd, one):
                yield S.One, two
            if isinstance(p, MatAdd) and isinstance(s, MatAdd) and k is S.One:
                for two in self.sum(p, s, odd, one, sign=-1):
                    yield S.NegativeOne, two

    def base(self, p, s, odd, found):
        if isinstance(p, MatrixSymbol):
            yield from self.bound(p, prepare(transpose_prepared(s) if odd else s), found)
        elif isinstance(p, MatAdd) and isinstance(s, MatAdd):
            yield from self.sum(p, s, odd, found)
        elif isinstance(p, HadamardProduct) and isinstance(s, HadamardProduct):
            yield from self.elementwise(p, s, odd, found)
        elif type(p) is type(s) and len(p.args) == len(s.args):
            yield from self.same_class(p, s, odd, found)

    def same_class(self, p, s, odd, found):
        """Bindings for two nodes of one class with as many arguments."""
        if isinstance(p, TURN_BLIND):
            yield from self.either_way(p, s, found)
        elif isinstance(p, ElementwiseApplyFunction):
            for one in self.scalar(p.function.expr, s.function.expr, found):
                yield from self.product(p.expr, s.expr, one, odd)
        elif isinstance(p, MatrixBase):
            if p.shape == s.shape:
                yield from self.match_all(list(p), list(s.T if odd else s), found)
        elif not odd or isinstance(p, TURN_INSIDE + (DiagMatrix,)):
            turned = odd and not isinstance(p, DiagMatrix)
            yield from self.match_all(p.args, [transpose_prepared(a) if turned and is_matrix(a) else a for a in s.args], found)

    # ------------------------------------------------------------ sums and elementwise products

    def sum(self, p, s, odd, found, sign=1):
        """A constant among the terms, with a number before it or not, takes all that the others leave."""
        free, fixed = [], []
        for t in p.args:
            c, chain = chains.open_product(t)
            if isinstance(c, Number) and len(chain) == 1 and self._is_constant(chain[0][0]) and chain[0][2] is S.One:
                free.append((c, chain[0]))
            else:
                fixed.append(t)
        subjects = [prepare(make.mul(S(sign), transpose_prepared(t) if odd else t)) for t in s.args]
        for one, left in self.match_some(self.product, _largest_first(fixed), subjects, found):
            if len(left) >= len(free):
                scales = [((c, flipped), base) for c, (base, flipped, _) in free]
                yield from self.absorb(scales, left, _scaled_sum, one)

    def elementwise(self, p, s, odd, found):
        """A constant among the factors takes all that the others leave."""
        free = [f for f in p.args if self._is_constant(f)]
        fixed = _largest_first(f for f in p.args if f not in free)
        subjects = [transpose_prepared(f) if odd else f for f in s.args]
        for one, left in self.match_some(self.product, fixed, subjects, found):
            if len(left) >= len(free):
                yield from self.absorb([(S.One, f) for f in free], left, lambda _, parts: prepare(make.hadamard(*parts)), one)


def _scaled_sum(scale, parts):
    """The sum of `parts` over a number, transposed where the symbol is."""
    c, flipped = scale
    value = prepare(make.add(*(make.mul(1 / c, part) for part in parts)))
    return transpose_prepared(value) if flipped else value


def _largest_first(nodes):
    """What has the most structure prunes the search most."""
    return sorted(nodes, key=lambda node: -sort_key(node)[1])
