"""Sums and products of matrices as a person writes them: ``x - a``, ``2*mu*X``, ``(x - a)/norm(x - a)``; for each printer.

SymPy writes ``-a + x``, ``(2*mu)*X`` and ``1/norm(-a + x)*(-a + x)``. Its printers ask an object how it prints before they ask their own
tables; the sums and products of an answer are copies that answer with what is here, so that no printer is touched.

A sum begins with the identity, ``I + X*X.T``, else with a term that has no minus sign. A product has its numbers in front, and what
divides them behind.

To see whether brackets are needed SymPy negates a product and carries the result out, once a level of nesting: entries of products become
sums over indices, which it then tries to sum in closed form. An answer of four levels took it a minute to print. Whether a product has a
minus sign is whether the number in front is negative; nothing is evaluated here, and no constructor is called that keeps what it has made.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

from sympy import Basic, BlockDiagMatrix, BlockMatrix, Identity, MatAdd, MatMul, Mul, OneMatrix, Pow, S, ZeroMatrix
from sympy.matrices import MatrixBase
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.pretty.stringpict import prettyForm, stringPict

from .sum_order import sympys_order

ATTRIBUTES = ("_sympystr", "_pretty", "precedence", "_written", "_repr_latex_")  # of the one object that says itself how it prints
NOT_ABOVE = (MatrixBase, BlockMatrix, OneMatrix)  # what is not written above a bar: it is tall, or reads as the number 1
ONES = (OneMatrix, Identity)  # the number 1, where they are 1 x 1
ADD, MUL = PRECEDENCE["Add"], PRECEDENCE["Mul"]


def with_text(node: Any, args: Sequence[Any]) -> Any:
    """A sum or product of matrices with these arguments, as a new object that prints as people write it.

    A sum is written in the order of `args`; it has its terms in SymPy's, so that it equals the one that is typed in SymPy.
    """
    copy = Basic.__new__(type(node), *(sympys_order(args) if type(node) is MatAdd else args))
    own = copy.__dict__
    if node.__dict__:
        own.update((name, value) for name, value in node.__dict__.items() if name not in ATTRIBUTES)
    if type(node) is MatAdd:
        own["_sympystr"], own["_pretty"], own["_written"] = partial(sum_text, args), partial(sum_pretty, args), tuple(args)
    else:
        own["_sympystr"], own["_pretty"] = partial(product_text, args), partial(product_pretty, args)
        own["precedence"] = binding(args)
    return copy


def blocks_with_text(node: BlockMatrix, blocks: Sequence[Any]) -> BlockMatrix:
    """A block matrix of these blocks, row by row, as a new object that prints as one types it: SymPy writes it as a `Matrix` of numbers."""
    if isinstance(node, BlockDiagMatrix):  # of those on its diagonal alone
        copy = Basic.__new__(type(node), *blocks)
    else:
        rows, cols = node.blockshape
        copy = BlockMatrix([blocks[i * cols : (i + 1) * cols] for i in range(rows)])
    copy.__dict__["_sympystr"] = partial(blocks_text, copy.blocks)
    return copy


def written(node: Any) -> Any:
    """The arguments of a node in the order in which it is written, which for a sum of an answer is not that in which SymPy keeps them."""
    return node.__dict__.get("_written", node.args) if type(node) is MatAdd else node.args


# ---- signs and coefficients
def number(scalar: Any) -> Any:
    """The real number in front of a scalar, 1 where there is none."""
    value = scalar.as_coeff_Mul()[0] if isinstance(scalar, Mul) or scalar.is_Number else S.One
    return value if value.is_extended_real else S.One


def is_negative(e: Any) -> bool:
    """Whether a number with a minus sign comes first."""
    if isinstance(e, MatMul):
        return _is_negative(e.args)
    if getattr(e, "is_Matrix", False):
        return False
    return bool(number(e) < 0)


def _is_negative(factors):
    negative = False
    for f in factors:
        if not f.is_Matrix and number(f) < 0:
            negative = not negative
    return negative


def in_order(terms: Sequence[Any]) -> list:
    """The terms of a sum as they are, but the identity first, else one without a minus sign."""
    first = next((k for k, t in enumerate(terms) if isinstance(t, Identity)), None)
    if first is None:
        first = next((k for k, t in enumerate(terms) if not is_negative(t)), 0)
    return [terms[first], *terms[:first], *terms[first + 1 :]]


class Product(NamedTuple):
    """What a product of matrices is written from; `above` and `below` are scalars without a sign, 1 where there is nothing."""

    negative: bool
    above: Any
    matrices: list
    below: Any


def taken_apart(args: Sequence[Any]) -> Product:
    """The sign, the numerator of the coefficient, the matrices and the denominator, of the factors of a product."""
    value, factors, matrices = _sorted(args)
    size = abs(value)
    p, q = (size.p, size.q) if size.is_Rational else (size, 1)
    above = _product([S(p), *(f for f in factors if not _divides(f))])
    below = _product([S(q), *(f.base if f.exp == -1 else _scalar(Pow, f.base, -f.exp) for f in factors if _divides(f))])
    return Product(bool(value < 0), above, matrices, below)


def _sorted(args):
    """(real number, the other scalar factors, matrices) of the factors of a product."""
    value, factors = S.One, []
    for factor in (f for s in args if not getattr(s, "is_Matrix", False) for f in (s.args if isinstance(s, Mul) else (s,))):
        if factor.is_Number and factor.is_extended_real:
            value *= factor
        else:
            factors.append(factor)
    return value, factors, [a for a in args if getattr(a, "is_Matrix", False)]


def _divides(factor):
    return isinstance(factor, Pow) and factor.is_commutative and factor.exp.is_Rational and bool(factor.exp.is_negative)


def _product(factors):
    factors = [f for f in factors if f != 1] if len(factors) > 1 else factors
    return _scalar(Mul, *factors) if len(factors) > 1 else factors[0] if factors else S.One


def _scalar(cls, *args):
    """A scalar as it stands: SymPy's constructors would give an equal one that was made before, and prints in another way."""
    new = Basic.__new__(cls, *args)
    new.is_commutative = all(a.is_commutative for a in args)
    return new


def binding(args: Sequence[Any]) -> int:
    """How strongly the text of a product of these factors binds."""
    return ADD if _is_negative(args) else MUL


# ---- text
def positive_first(terms: list) -> list:
    """a - b for -b + a."""
    k = next((k for k, term in enumerate(terms) if not is_negative(_one_product(term))), 0)
    return [terms[k], *terms[:k], *terms[k + 1 :]]


def _one_product(term: Any) -> Any:
    """The product of which a term is the only entry."""
    return term.parent if isinstance(term, MatrixElement) else term


def sum_text(args: Sequence[Any], printer: Any) -> str:
    """``x - a``."""
    texts = list(map(printer._print, in_order(args)))
    return texts[0] + "".join(f" - {t[1:]}" if t.startswith("-") else f" + {t}" for t in texts[1:])


def blocks_text(blocks: MatrixBase, printer: Any) -> str:
    """``block([[A, B], [C, D]])``."""
    rows = (", ".join(printer._print(as_entry(block)) for block in row) for row in blocks.tolist())
    return "block([" + ", ".join(f"[{row}]" for row in rows) + "])"


def as_entry(block: Any) -> Any:
    """The number that a block is a 1 x 1 matrix of, as one types it; any other block as it is."""
    if block.shape != (1, 1):
        return block
    if isinstance(block, (*ONES, ZeroMatrix)):
        return S(int(isinstance(block, ONES)))
    is_multiple = isinstance(block, MatMul) and len(block.args) == 2 and isinstance(block.args[1], ONES)
    return block.args[0] if is_multiple and not block.args[0].is_Matrix else block


def product_text(args: Sequence[Any], printer: Any) -> str:
    """``-2*(x - a)/norm(x - a)``."""
    negative, above, matrices, below = taken_apart(args)
    factors = [] if above == 1 else [printer.parenthesize(above, MUL, strict=True)]
    factors += [printer.parenthesize(f, MUL, strict=True) for f in matrices]
    over = "" if below == 1 else "/" + printer.parenthesize(below, MUL)
    return "-" * negative + "*".join(factors) + over


# ---- two-dimensional text
def sum_pretty(args: Sequence[Any], printer: Any) -> prettyForm:
    terms = in_order(args)
    form = printer._print(terms[0])
    for term in terms[1:]:
        negative = is_negative(term)
        shown = printer._print(_without_sign(term) if negative else term)
        form = prettyForm(*stringPict.next(form, " - " if negative else " + ", shown))
    return form


def _without_sign(term):
    """A negative product with the sign taken off, as it stands."""
    value, factors, matrices = _sorted(term.args)
    scale = _product([-value, *factors])
    rest = matrices if scale == 1 else [scale, *matrices]
    return rest[0] if len(rest) == 1 else with_text(term, rest)


def product_pretty(args: Sequence[Any], printer: Any) -> prettyForm:
    negative, above, matrices, below = taken_apart(args)
    if not is_fraction(above, matrices, below):
        return printer._print_MatMul(Basic.__new__(MatMul, *args))
    form = printer._print(matrices[0]) / printer._print(below)
    return prettyForm(*stringPict.next("-", form)) if negative else form


def is_fraction(above: Any, matrices: list, below: Any) -> bool:
    """Whether a product is written as one fraction, x/|x|: a single matrix over what is no number."""
    return above == 1 and len(matrices) == 1 and not below.is_number and not isinstance(matrices[0], NOT_ABOVE)
