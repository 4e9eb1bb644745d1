"""All that is declared of a name, by options and in the text: one shape and one kind, or an error that shows what contradicts what."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from ..errors import ShapeError
from .sizes import SCALAR, shape_text


class Said(NamedTuple):
    """A declaration: of which name, in which words, and where; it says a shape, or a kind in a word, or both as `scalar` does."""

    name: str
    words: str
    where: str
    shape: tuple | None = None
    kind: str = ""


def agreed(said: Iterable[Said]) -> tuple[dict[str, tuple], dict[str, str]]:
    """({name: shape}, {name: kind of those without a shape}); ShapeError where two declarations of a name contradict each other.

    >>> agreed([Said("A", "a matrix", "in the text", None, "matrix"), Said("A", "square", "in the text", None, "square")])
    ({}, {'A': 'square'})
    """
    shapes: dict[str, tuple] = {}
    kinds: dict[str, str] = {}
    seen: dict[str, list[Said]] = {}
    for one in said:
        for other in seen.setdefault(one.name, []):
            if not fits(other, one):
                raise contradiction(other, one)
        seen[one.name].append(one)
        if one.shape is not None:
            shapes[one.name] = one.shape
        elif kinds.get(one.name, "matrix") == "matrix":  # of which square is the narrower
            kinds[one.name] = one.kind
    return shapes, {name: kind for name, kind in kinds.items() if name not in shapes}


def fits(one: Said, other: Said) -> bool:
    """Whether two declarations can hold together."""
    if one.shape and other.shape and not is_same(one.shape, other.shape):
        return False
    if one.kind and other.kind:
        return one.kind == other.kind or {one.kind, other.kind} == {"matrix", "square"}
    return all(is_of_kind(a.shape, b.kind) for a, b in ((one, other), (other, one)) if a.shape and b.kind)


def is_same(shape: tuple, other: tuple) -> bool:
    return all((a - b).expand() == 0 for a, b in zip(shape, other))


def is_of_kind(shape: Any, kind: str) -> bool:
    """Whether a shape is of a kind that is declared in a word."""
    rows, columns = shape
    return {
        "scalar": rows == columns == 1,
        "column": columns == 1,
        "row": rows == 1,
        "matrix": True,
        "square": (rows - columns).expand() == 0,
    }[kind]


def in_words(kind: str) -> str:
    """A kind as it stands behind `is`."""
    return kind if kind in ("square", "scalar") else f"a {kind}"


def contradiction(one: Said, other: Said) -> ShapeError:
    if one.where == other.where:
        return ShapeError(f"`{one.name}` is declared twice, as {one.words} and as {other.words}: leave one out")
    return ShapeError(f"`{one.name}` is {one.words} {one.where} and {other.words} {other.where}: leave one of them out")


def check_sizes(inference: Any) -> None:
    """ShapeError for `n` of ``x: n``, a whole number, that is declared to be something else, as by ``n: 5``, a column."""
    for name in inference.size_names:
        shape, kind = inference.declared.get(name, SCALAR), inference.kinds.get(name, "scalar")
        if shape != SCALAR or kind != "scalar":
            said = shape_text(shape) if shape != SCALAR else in_words(kind)
            of = next(
                (other for other, sizes in inference.declared.items() if any(str(s) == name for size in sizes for s in size.free_symbols)),
                "",
            )
            place = f", in `{of}: {shape_text(inference.declared[of])}`" if of else ""
            length = f"; for a length of {shape[0]} write `{shape[0]}` there" if shape[1] == 1 and shape[0].is_Integer else ""
            raise ShapeError(f"`{name}` is a size{place}, a whole number, and declared as {said}: leave one out{length}")
