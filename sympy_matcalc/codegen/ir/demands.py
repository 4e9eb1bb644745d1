"""What an operation asks of its operands, and what numbers it gives. The rules that the table of operations names.

A rule for sizes gives ``(size, whether an entry at an index is asked for)`` for each size that may not be 0 if there is to be a value.
"""

from collections.abc import Callable, Iterator
from enum import Enum
from typing import NamedTuple

from sympy import Expr, Min, Mul, Symbol

from .lengths import length
from .node import Node
from .properties import always, never


class Form(Enum):
    """How the value depends on the operands."""

    OTHER = "in another way, or in none that is of use"
    SUM = "as the sum of all of them: it is linear in them together"
    PRODUCT = "as a product: it is linear in each of them"
    LINEAR = "linear in the first, by whatever the others say"
    NORM = "as a norm of the first: f(c x) = |c| f(x)"


# ---- numbers
class Numbers(NamedTuple):
    """real_valued: whether the value is real, whatever the operands are. of_real: whether the operands have to be real."""

    real_valued: Callable[[Node], bool]
    of_real: Callable[[Node], bool]


REAL_OF_COMPLEX = {"abs", "real", "imag", "angle", "log_size"}  # functions whose value is real, whatever they are of
OF_REAL_NUMBERS = {"maximum", "minimum", "heaviside", "mod", "floor", "ceil", "round", "arctan2", "cbrt", "hypot"}
ORDER = {"<", "<=", ">", ">="}


def real_function(node: Node) -> bool:
    return node.attrs[0] in REAL_OF_COMPLEX


def function_of_real(node: Node) -> bool:
    return node.attrs[0] in OF_REAL_NUMBERS


def ordered(node: Node) -> bool:
    return node.attrs[0] in ORDER


ANY = Numbers(never, never)
REAL_VALUED = Numbers(always, never)
OF_REAL = Numbers(never, always)
BY_FUNCTION = Numbers(real_function, function_of_real)
BY_ORDER = Numbers(always, ordered)  # equal may be what is complex


# ---- sizes
Sizes = Iterator[tuple[Expr, bool]]


def any_size(node: Node) -> Sizes:
    """There is a value for no entries."""
    yield from ()


def some_entry(node: Node) -> Sizes:
    """A reduction that has no value for no entries."""
    yield from ((size, False) for k in node.attrs for size in factors(node.args[0].shape[k]))


def some_matrix(node: Node) -> Sizes:
    """SciPy has it of no empty matrix; but the exponential."""
    if node.attrs != ("expm",):
        yield from ((size, False) for size in factors(node.args[0].shape[0]))


def some_derivative(node: Node) -> Sizes:
    """The same of their derivatives."""
    if node.op != "frechet" or node.attrs[0] != ("exp", "x"):
        yield from ((size, False) for size in factors(node.args[0].shape[0]))


def some_value(node: Node) -> Sizes:
    """An entry of the first operand is asked for by its index."""
    yield from ((size, True) for size in factors(node.args[0].shape[0]))


def some_of_second(node: Node) -> Sizes:
    yield from ((size, False) for size in factors(node.args[1].shape[0]))


def some_states(node: Node) -> Sizes:
    """The equation of a system with states and with controls: neither may be missing."""
    yield from ((size, False) for k in (0, 1) for size in factors(node.args[1].shape[k]))


def some_column(node: Node) -> Sizes:
    """Columns that a loop collects one by one."""
    yield from ((size, False) for size in factors(node.shape[1]))


def entries(node: Node) -> Sizes:
    """The first entries that an access takes. All other indices are checked as they are used."""
    shape, rest = node.args[0].shape, iter(node.args[1:])
    for k, kind in enumerate(node.attrs):
        operands = [next(rest) for _ in range(0 if kind is None else 3 if kind == "slice" else 1)]
        if len(operands) == 1 and operands[0].value == 0:
            yield from ((size, True) for size in factors(shape[k]))


def reciprocals(node: Node) -> Sizes:
    """One over a size as a factor, as in a mean; of no entries where the size is one of the product's own."""
    own = {s for x in node.shape for s in x.free_symbols}
    for a in node.args:
        if is_reciprocal(a):
            yield from ((size, False) for size in factors(length(a.args[0])) if size not in own)


def is_reciprocal(node: Node) -> bool:
    """One over a size."""
    if node.op != "pow" or node.ndim or not node.args[0].integer:
        return False
    exponent = node.args[1].value
    return isinstance(exponent, (int, float)) and exponent < 0


def factors(size: Expr) -> Iterator[Expr]:
    """The sizes none of which may be 0 if this one may not."""
    if isinstance(size, (Mul, Min)):
        for part in size.args:
            yield from factors(part)
    elif isinstance(size, Symbol) or not size.is_number:
        yield size
