"""The `n` of ``\\frac1n \\sum_j x_j``: the number of terms of the one sum that it divides; elsewhere a number of its own, with a note."""

from collections.abc import Collection, Iterator

from .sizes import SCALAR, shape_text
from .source import Source
from .tree import Node, below, names_in

COUNTS = ("n", "N", "m")  # the letters of numbers of terms


def count_terms(source: Source, root: Node, known: Collection[str]) -> tuple[Node, str] | None:
    """The one sum without a bound that a count divides, `1` or a number above it, which is given that bound, and a note; None for none."""
    found = [one for node in below(root) for one in divided(node, known)]
    if len(found) != 1 or found[0][1] in size_texts(root):
        return None
    node, name = found[0]
    node.sizes = (Node("name", (), node.span, name),)
    return node, f"`{name}` is read as the number of terms of `{source.at(node.span)}`; for another number declare `{name}: scalar`"


def divided(node: Node, known: Collection[str]) -> Iterator[tuple[Node, str]]:
    """Sums over an index alone in a product with numbers and the reciprocal of one count: ``\\frac{1}{2n} \\sum_i``."""
    factors = node.args if node.op == "mul" else ()
    sums = [f for f in factors if f.op == "sum" and not f.sizes]
    rest = [f for f in factors if f.op not in ("sum", "number")]
    names = [name for f in rest if f.op == "reciprocal" for name in names_in(f)]
    nested = any(part.op == "sum" and part is not one and not part.sizes for one in sums for part in below(one))
    if len(sums) == 1 and len(names) == 1 and all(f.op == "reciprocal" for f in rest) and not nested:
        if names[0] in COUNTS and names[0] not in known:
            yield sums[0], names[0]


def size_texts(root: Node) -> set[str]:
    """The names that are sizes by what is typed."""
    return {name for node in below(root) for size in node.sizes for name in names_in(size)}


def note_on_counts(root: Node, shapes: dict[str, tuple], sizes: Collection[str], known: Collection[str]) -> Iterator[str]:
    """A sentence for `n` of ``norm(X*w - y)^2/n``, which is a number of its own, though it may be meant to be a length."""
    divisors = {name for node in below(root) if node.op == "reciprocal" for name in names_in(node)}
    free = [n for n, (rows, _) in shapes.items() if n not in known and rows != 1 and not rows.is_Integer and str(rows) not in sizes]
    for name in COUNTS if free else ():
        if name in divisors and name not in known and name not in sizes and shapes.get(name) == SCALAR:
            first = free[0]
            rows, columns = shapes[first]
            meant = f"{name} x {columns}" if columns != 1 else name
            said = f"`{name}` is a number of its own, while `{first}` is {shape_text(shapes[first])}"
            yield f"{said}; where it is a length declare `{first}: {meant}`"
