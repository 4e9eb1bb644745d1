"""Fresh summation indices: the same ones in the same order in every session."""

from collections.abc import Iterable
from itertools import count

from sympy import Basic, Dummy, Symbol

from ..compat import dummy
from .session import memo, session_state
from .walks import every_node

FIRST_INDEX = 7_100_000
FIRST_INSIDE = 7_400_000  # the numbers of indices of a sum inside of a sum over the same index
FIRST_OF_RESULT, MAX_DEPTH = 7_050_000, 10_000  # bound symbols of results are numbered by depth, `forms.present`


def plain_name(symbol: Symbol) -> str:
    """The name of a bound symbol as it was typed, without the number that `fresh_index` has set behind it."""
    number = getattr(symbol, "dummy_index", 0)
    if FIRST_INDEX < number < 2 * FIRST_INDEX:
        return symbol.name.removesuffix(f"_{number - FIRST_INDEX - 1}")
    return symbol.name


def fresh_index(name: str, nonnegative: bool | None = True) -> Dummy:
    """A summation index that no expression of the session has; the same ones in the same order in every session.

    Where it is not said to be nonnegative nothing is known of its sign.
    """
    counter = memo("fresh")
    number = counter["next"] = counter.get("next", FIRST_INDEX) + 1
    name = name if number == FIRST_INDEX + 1 else f"{name}_{number - FIRST_INDEX - 1}"
    return dummy(name, number, integer=True, nonnegative=nonnegative or None)


def free_index(symbol: Symbol, taken: Iterable[Basic]) -> Dummy:
    """An index for a symbol that is taken, the same wherever the same ones are taken, so that equal terms stay equal."""
    found = (dummy(plain_name(symbol), number, integer=True, nonnegative=symbol.is_nonnegative) for number in count(FIRST_INSIDE))
    return next(index for index in found if index not in taken)


def reserve_indices(expr: Basic) -> None:
    """Keep `fresh_index` clear of the indices that `expr` has from an earlier derivative."""
    listed, session_state.listed = session_state.listed, None
    nodes = listed[1] if listed is not None and listed[0] is expr else every_node(expr)
    used = [s.dummy_index for s in nodes if isinstance(s, Dummy)]
    counter = memo("fresh")
    counter["next"] = max([counter.get("next", FIRST_INDEX), *(k for k in used if FIRST_INDEX < k < 2 * FIRST_INDEX)])
