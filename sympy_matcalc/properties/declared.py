"""A property of matrices: what it is called, what follows from it, and how it is derived. Three values: True, False, None for not known.

A property is declared where it is derived, in the file of its name; the readers of assumptions and the rewrites take it from here.
"""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from sympy import Basic

from ..kernel.session import id_memo, known
from ..kernel.shapes import shape_of

Truth = bool | None


class Property(NamedTuple):
    """One property.

    name: SymPy's name of the predicate. implies: what a square matrix that has it has too. of_square: only square matrices have it.
    listed: users state it; else it is another word for one that is listed.
    """

    name: str
    implies: tuple[str, ...] = ()
    of_square: bool = True
    listed: bool = True


PROPERTIES: dict[str, Property] = {}  # by name, in the order in which they are listed for users
DERIVED: dict[str, Callable[[Any], Truth]] = {}  # name -> the property of a node, for files that cannot import one another


def declare(name: str, implies: tuple[str, ...] = (), of_square: bool = True, listed: bool = True) -> Property:
    """Make a property known by its name."""
    PROPERTIES[name] = Property(name, implies, of_square, listed)
    return PROPERTIES[name]


def derived(name: str) -> Callable[[Callable[[Any], Truth]], Callable[[Any], Truth]]:
    """The decorator of what derives a property of a prepared matrix: what is stated or denied of it comes first, answers are remembered."""

    memo_name = "property " + name

    def decorate(derive: Callable[[Any], Truth]) -> Callable[[Any], Truth]:
        def holds(node: Any) -> Truth:
            table = id_memo(memo_name).table
            found = table.get(id(node))
            if found is None:
                table[id(node)] = node, None  # asked again below itself: not known
                value = known(name, node)
                if value is None:
                    rows, cols = shape_of(node)
                    value = derive(node) if rows is cols or rows == cols else False
                found = table[id(node)] = node, value
            return found[1]

        holds.__name__, holds.__doc__ = derive.__name__, derive.__doc__
        DERIVED[name] = holds
        return holds

    return decorate


def has(name: str, node: Any) -> Truth:
    """Whether a prepared matrix has a property, by the name of that."""
    return DERIVED[name](node)


def is_square(node: Basic) -> bool:
    """As many rows as columns, as far as the sizes say."""
    rows, cols = shape_of(node)
    return rows == cols


def all_of(values: Iterable[Truth]) -> Truth:
    """True where all are; None elsewhere, as what does not hold of the parts may hold of the whole."""
    return True if all(values) else None


def every(values: Iterable[Truth]) -> Truth:
    """True where all are, False where one is not."""
    unknown = False
    for value in values:
        if value is False:
            return False
        unknown = unknown or value is None
    return None if unknown else True


def some(values: Iterable[Truth]) -> Truth:
    """True where one is; None elsewhere."""
    return True if any(values) else None
