"""Einsum: a sum of index-notation products, for the results that no matrix notation exists for.

An index is a small integer, local to its term; `dims` gives its size. An axis, of the result or of an operand, is a tuple of
indices: one for an ordinary axis, none for an axis of length 1, several for a fused (Kronecker) axis with the
first index the slowest. An index of `out` that repeats is a Kronecker delta; one that no operand has is a ones vector; an index of
an operand that `out` has not is summed.
"""

from collections.abc import Callable
from functools import lru_cache
from itertools import product
from math import prod
from typing import Any

from sympy import Basic, Expr, ImmutableDenseNDimArray, Integer, KroneckerDelta, Mul, S, Sum, Tuple
from sympy.core.symbol import Dummy
from sympy.matrices.expressions.matexpr import MatrixElement, MatrixExpr
from sympy.matrices.immutable import ImmutableDenseMatrix
from sympy.printing.pretty.stringpict import prettyForm
from sympy.printing.str import StrPrinter
from sympy.tensor.array.arrayop import Flatten

from ..compat import modulo
from ..errors import ShapeError
from ..strict import sympified, sympified_tuple
from .arrays import entry_of, is_array_expression, is_array_symbol
from .declaration import OwnNode
from .einsum_entries import entries_of
from .spelling import operand

__all__ = ["EinsumTerm", "Einsum", "EinsumScalar", "EinsumMatrix", "EinsumArray"]

LETTERS = "ijklpqstuvwabcdefgh"
NO_LIMITS = Tuple()


def free_under(symbols, limits):
    """The free symbols of a sum: limits are innermost first, and a bound may hold the index of a sum further out."""
    for symbol, low, high in limits:
        symbols = (symbols - {symbol}) | low.free_symbols | high.free_symbols
    return symbols


def axis_of(indices):
    """An axis, the `Tuple` of its indices: one object for equal ones, since every term has several."""
    if type(indices) is Tuple:
        return indices
    indices = tuple(indices)
    for i in indices:
        if type(i) is not int:
            return sympified_tuple(indices)
    return _axis(indices)


@lru_cache(maxsize=1024)
def _axis(indices):
    return Tuple(*map(Integer, indices), sympify=False)


def is_axis(node):
    """Whether a node is a tuple of numbers, which has nothing to be looked into."""
    return type(node) is Tuple and all(a.is_Integer for a in node.args)


class EinsumTerm(Basic):
    """One product: ``EinsumTerm(coefficient, dims, out, factors, limits)``.

    dims: size of each index. out: an axis (tuple of indices) for each axis of the result. factors: ``(operand, axis, axis, ...)``
    each. limits: ``(symbol, low, high)`` of an outer sum that binds a symbol of the coefficient or the operands.
    """

    def __new__(cls, coefficient, dims, out, factors, limits=()):
        factors = [(sympified(operand), *axes) for operand, *axes in factors]
        return cls.of_nodes(sympified(coefficient), sympified_tuple(dims), out, factors, Tuple(*map(sympified_tuple, limits)))

    @classmethod
    def of_nodes(cls, coefficient, dims, out, factors, limits=NO_LIMITS):
        """The same of parts that are nodes of SymPy's; dims and limits are Tuples."""
        out = Tuple(*map(axis_of, out), sympify=False)
        factors = Tuple(*[Tuple(operand, *map(axis_of, axes), sympify=False) for operand, *axes in factors], sympify=False)
        return Basic.__new__(cls, coefficient, dims, out, factors, limits)

    coefficient = property(lambda self: self.args[0])
    dims = property(lambda self: self.args[1])
    limits = property(lambda self: self.args[4])

    @property
    def out(self):
        """Axes of the result, as tuples of int."""
        return tuple(tuple(int(i) for i in axis) for axis in self.args[2])

    @property
    def factors(self):
        """List of ``(operand, axes)`` with axes as tuples of int."""
        return [(f[0], tuple(tuple(int(i) for i in axis) for axis in f.args[1:])) for f in self.args[3]]

    @property
    def summed(self):
        """The indices that are summed over."""
        kept = {i for axis in self.out for i in axis}
        return [i for i in range(len(self.dims)) if i not in kept]

    @property
    def bound_symbols(self):
        return {lim[0] for lim in self.limits}

    @property
    def free_symbols(self):
        inner = set().union(*(a.free_symbols for a in (self.coefficient, self.dims, self.args[3])))
        return free_under(inner, self.limits)

    def with_parts(self, function: Callable[[Any], Any]) -> "EinsumTerm":
        """The term with ``function(part)`` for its coefficient and operands; itself where nothing changes."""
        coefficient, dims, out, factors, limits = self._args
        c, new, changed = coefficient if coefficient.is_Rational else function(coefficient), [], False
        for f in factors._args:
            old, *axes = f._args
            op = function(old)
            changed = changed or op is not old
            new.append(f if op is old else Tuple(op, *axes, sympify=False))
        if not changed and c is coefficient:
            return self
        return Basic.__new__(EinsumTerm, c, dims, out, Tuple(*new, sympify=False) if changed else factors, limits)

    def times(self, c: Any) -> "EinsumTerm":
        """The term with a coefficient more."""
        return EinsumTerm(Mul(c, self.coefficient), *self.args[1:])

    def entry(self, index: Any) -> Any:
        """The scalar at the tuple `index` of the result: a product under sums over the summed indices."""
        value, deltas = {}, [self.coefficient]
        for axis, at in zip(self.out, index):
            for i, at_i in zip(axis, self._unfuse(axis, at)):
                if i in value:
                    deltas.append(KroneckerDelta(value[i], at_i))
                value.setdefault(i, at_i)
        names = {i: Dummy(LETTERS[i % len(LETTERS)], integer=True, nonnegative=True) for i in self.summed}
        value.update(names)
        body = Mul(*deltas, *(self.operand_entry(op, axes, value) for op, axes in self.factors))
        limits = [(names[i], 0, self.dims[i] - 1) for i in self.summed] + [tuple(lim) for lim in self.limits]
        return Sum(body, *limits) if limits else body

    @property
    def can_open(self) -> bool:
        """Whether all sizes are integers, and nothing is summed but indices."""
        return not self.limits and all(d.is_Integer for d in self.dims)

    def fused(self, axis: Any, value: Any) -> Any:
        """The place on an axis where its indices have these values."""
        at = S.Zero
        for i in axis:
            at = at * self.dims[i] + value[i]
        return at

    def _unfuse(self, axis, at):
        out = []
        for i in reversed(axis[1:]):
            out.append(modulo(at, self.dims[i]))
            at = at // self.dims[i]
        return ([at] + out[::-1]) if axis else []

    def operand_entry(self, operand: Any, axes: Any, value: Any) -> Any:
        """The entry of an operand where its indices have these values."""
        index = [self.fused(axis, value) for axis in axes]
        if isinstance(operand, Einsum) and not isinstance(operand, MatrixExpr):
            return operand.entry(tuple(index))
        if getattr(operand, "is_Matrix", False) or is_array_expression(operand):
            return entry_of(operand, index)
        return MatrixElement(operand, *index)


class Einsum(OwnNode, Basic):
    """A sum of index-notation products: ``Einsum(shape, term, ...)`` with `EinsumTerm` terms.

    The result of a derivative that matrix notation cannot write: rank 3 and more, and contractions that are not
    series-parallel. With no axis it is a scalar, with one a column, with two a matrix expression (so it may stand in products).

    >>> from sympy import MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> m, n = symbols("m n", integer=True, positive=True)
    >>> W, v = MatrixSymbol("W", m, n), MatrixSymbol("v", n, 1)
    >>> mc.jacobian(W*v, W)
    Einsum(ijk: I(m)[i,j]*v[k])
    """

    typed = "it is typed as it prints, but has no random arguments: `text/index_notation.py`"

    def __new__(cls, shape, *terms):
        shape = Tuple(*map(sympified, shape))
        for term in terms:
            if not isinstance(term, EinsumTerm):
                raise ShapeError(f"Einsum is made of EinsumTerm, got `{term}`")
            if len(term.args[2].args) != len(shape):
                raise ShapeError(
                    f"Einsum of shape {tuple(shape)} has a term with {len(term.out)} axes; there must be one an axis of the shape"
                )
        cls = {0: EinsumScalar, 1: EinsumMatrix, 2: EinsumMatrix}.get(len(shape), EinsumArray)
        return Basic.__new__(cls, shape, *terms)

    @property
    def axes_shape(self):
        """The sizes of the axes, without the length-1 axis that a column carries."""
        return tuple(self.args[0])

    @property
    def terms(self):
        return self.args[1:]

    def entry(self, index: Any) -> Any:
        """The scalar at `index`, one number an axis."""
        total = S.Zero
        for term in self.terms:
            total += term.entry(index)
        return total

    def as_explicit(self):
        """Entries written out: a Matrix, an N-dim array, or a scalar; all sizes must be integers."""
        sizes = self.axes_shape
        if not all(getattr(s, "is_Integer", False) for s in sizes):
            raise ValueError(f"as_explicit needs integer sizes, got shape {sizes}")
        opened = [entries_of(t) if t.can_open else None for t in self.terms]
        entries = []
        for index in product(*(map(Integer, range(int(s))) for s in sizes)):
            parts = [t.entry(index).doit() if known is None else known.get(index, S.Zero) for t, known in zip(self.terms, opened)]
            entries.append(sum(parts, start=S.Zero))
        return ImmutableDenseNDimArray(entries, tuple(map(int, sizes))) if prod(map(int, sizes)) else ImmutableDenseNDimArray([], sizes)

    def to_array_expression(self):
        """The same array in SymPy's array expressions (`sympy.tensor.array.expressions`); ordinary axes only."""
        from .array_form import array_of  # SymPy's array expressions cost a tenth of its import time

        return array_of(self)

    # ---- printing
    def _sympystr(self, printer):
        n_axes = len(self.axes_shape)
        heads = [_axis_names(t) for t in self.terms]
        head = "".join(heads[0][0]) if heads else "".join(LETTERS[:n_axes])
        body = _signed_sum(_term_str(t, names, printer) for t, (_, names) in zip(self.terms, heads))
        body = f"-{body[2:]}" if body.startswith("- ") else body
        return f"Einsum({head}: {body})" if head else f"Einsum({body})"

    def _pretty(self, printer):
        return prettyForm(self._sympystr(StrPrinter()))

    def _latex(self, printer, exp=None):
        if not self.terms and self.axes_shape:
            return r"\mathbf{0}"
        body = _signed_sum(_term_latex(t, _axis_names(t)[1], printer) for t in self.terms)
        body = rf"\left[{body}\right]_{{{''.join(_axis_names(self.terms[0])[0])}}}" if self.axes_shape else body
        return body if exp is None else rf"\left({body}\right)^{{{exp}}}"


class EinsumScalar(Einsum, Expr):
    """An `Einsum` without axes: a number."""

    is_commutative = True
    is_scalar = True

    @property
    def shape(self):
        return ()

    def as_explicit(self):
        return self.entry(()).doit()


class EinsumMatrix(Einsum, MatrixExpr):
    """An `Einsum` with one axis, a column, or with two: a matrix expression."""

    @property
    def shape(self):
        s = self.axes_shape
        return (s[0], S.One) if len(s) == 1 else s

    def _entry(self, i, j, **kwargs):
        return self.entry((i, j)[: len(self.axes_shape)])

    def as_explicit(self):
        if not all(t.can_open for t in self.terms):
            return MatrixExpr.as_explicit(self).doit()
        return ImmutableDenseMatrix(*self.shape, list(Flatten(Einsum.as_explicit(self))))

    def _eval_transpose(self):
        if len(self.axes_shape) == 1:
            return None
        flipped = (EinsumTerm(t.coefficient, t.dims, t.out[::-1], t.args[3], t.limits) for t in self.terms)
        return Einsum(self.axes_shape[::-1], *flipped)


class EinsumArray(Einsum, Expr):
    """An `Einsum` with three axes or more."""

    @property
    def shape(self):
        return self.axes_shape

    __iter__ = None  # an array of symbolic size; Python would iterate by `__getitem__`

    def __getitem__(self, index):
        return self.entry(tuple(map(sympified, index)))


def _axis_names(term):
    """(a string for each axis of the result, letter of each index); a repeated index gets one letter an axis and a delta."""
    letters = iter(LETTERS + LETTERS.upper())
    heads, names = [], {}
    for axis in term.out:
        head = ""
        for i in axis:
            x = next(letters)
            names.setdefault(i, []).append(x)
            head += x
        heads.append(head if len(axis) == 1 else f"({head})")
    for i in term.summed:
        names[i] = [next(letters)]
    return heads, names


def _factors_text(term, names):
    """Deltas as pairs of letters, then (operand, index string)."""
    deltas = [(x[0], y) for x in names.values() for y in x[1:]]
    return deltas, [(op, [_axis_text(axis, names) for axis in axes]) for op, axes in term.factors]


def _axis_text(axis, names):
    text = "".join(names[i][0] for i in axis)
    return f"({text})" if len(axis) > 1 else text


def _term_str(term, names, printer):
    deltas, factors = _factors_text(term, names)
    minus, coefficient = _sign_apart(term.coefficient)
    parts = [] if coefficient == 1 else [printer.parenthesize(coefficient, 50)]
    known = {i for _, axes in term.factors for axis in axes for i in axis}
    size = {letter: term.dims[i] for i, letters in names.items() if i not in known for letter in letters}
    parts += [_delta_str(printer, size.get(a), f"[{a},{b}]") for a, b in deltas]
    for op, index in factors:
        text = printer._print(op)
        text = text if op.is_symbol or is_array_symbol(op) else f"({text})"
        parts.append(f"{text}[{','.join(i for i in index if i)}]")
    body = "*".join(parts) or "1"
    if not term.limits:
        return f"- {body}" if minus else body
    body = f"-{body}" if minus else body
    for symbol, low, high in term.limits:
        body = f"Sum({body}, ({printer._print(symbol)}, {printer._print(low)}, {printer._print(high)}))"
    return body


def _delta_str(printer, size, index):
    """A delta, where no operand says its size as an entry of an identity, which is then typed back."""
    return f"delta{index}" if size is None else f"I({printer._print(size)}){index}"


def _term_latex(term, names, printer):
    deltas, factors = _factors_text(term, names)
    sums = "".join(rf"\sum_{{{printer._print(s)}={printer._print(a)}}}^{{{printer._print(b)}}} " for s, a, b in term.limits)
    summed = "".join(names[i][0] for i in term.summed)
    sums += rf"\sum_{{{summed}}} " if summed else ""
    pieces = [rf"\delta_{{{a}{b}}}" for a, b in deltas]
    for op, index in factors:
        text = operand(printer, op)
        pieces.append(f"{text}_{{{''.join(index)}}}" if any(index) else text)
    minus, scale = _scale_latex(term.coefficient, printer, alone=not pieces)
    inside = term.coefficient.free_symbols & term.bound_symbols  # a coefficient that the sum binds stands in it
    body = " ".join([sums + scale, *pieces] if inside else [scale + " " + sums if sums and scale else scale or sums, *pieces])
    return minus + (" ".join(body.split()) or "1")


def _sign_apart(coefficient):
    """(whether a number with a minus sign is in front, the coefficient without it)."""
    minus = (coefficient.is_Mul or coefficient.is_number) and bool(coefficient.as_coeff_Mul()[0].is_extended_negative)
    return minus, -coefficient if minus else coefficient


def _scale_latex(coefficient, printer, alone):
    """("- " or "", LaTeX of the coefficient, empty for a 1 that something follows)."""
    minus, coefficient = _sign_apart(coefficient)
    if coefficient == 1 and not alone:
        return "- " if minus else "", ""
    text = printer._print(coefficient)
    brackets = not alone and printer._needs_mul_brackets(coefficient, first=True, last=False)
    return "- " if minus else "", rf"\left({text}\right)" if brackets else text


def _signed_sum(terms):
    """Terms joined, those that have a minus sign with it."""
    text = ""
    for term in terms:
        text += term if not text else f" - {term[2:]}" if term.startswith("- ") else f" + {term}"
    return text or "0"
