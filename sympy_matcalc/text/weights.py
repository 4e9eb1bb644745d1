"""Capitals that are numbers by their use: `C` of ``norm(w)^2/2 + C*sum(x)``, `N` of ``N*log(s) + x'*x``."""

from collections.abc import Callable, Iterator
from typing import Any

from ..errors import ShapeError
from .names import kind_of_name
from .sizes import SCALAR
from .source import Source
from .tree import Node, below, names_in

COUNT = "N"  # the capital that is a number of samples in most books, and a matrix where it is multiplied as one


def weigh_numbers(inference: Any, make_scalar: Callable[[tuple], None]) -> None:
    """A capital times a number, added to a number, is a scalar: no one adds a sum or a norm to each entry of a matrix."""
    weighed: list[str] = []
    for node in below(inference.root):
        if node.op == "add" and any(arg.number and is_computed(arg) or is_form(inference.source, arg) for arg in node.args):
            weighed += [name for arg in node.args for name in weights(arg)]
    everywhere = names_in(inference.root)
    for name in dict.fromkeys(weighed):
        alone = weighed.count(name) == everywhere.count(name)  # else it may be a matrix there
        if alone and kind_of_name(name) == "matrix" and inference.is_open(inference.names[name]):
            inference.how[name] = "by use: times a number, added to a number"
            inference.notes.append(f"`{name}` is read as a scalar, times a number and added to a number; {other(name)}")
            make_scalar(inference.names[name])
            inference.propagate()


def other(name: str) -> str:
    return f"for a matrix declare `{name}: m x n`"


def is_computed(node: Node) -> bool:
    """Whether a number is a sum, a norm, an entry, and no literal or size."""
    return any(part.op in ("call", "sum", "entry", "mul") and part.number and part.args for part in below(node))


def is_form(source: Source, node: Node) -> bool:
    """Whether a term is `w'*w`, `x'*A*x/2`: a number whatever the shape of its letter."""
    factors = [f for f in node.args if f.op not in ("number", "reciprocal")] if node.op == "mul" else []
    if len(factors) < 2 or factors[0].op not in ("T", "H"):
        return False
    first, last = (source.at(f.span).strip("() ") for f in (factors[0].args[0], factors[-1]))
    return first == last


def weights(term: Node) -> list[str]:
    """The one name in a product with numbers, of which one is computed, that is none by construction; in a list."""
    names = [f.value for f in term.args if f.op == "name" and not f.number] if term.op == "mul" else []
    others = [f for f in term.args if f.op != "name"]
    return names if len(names) == 1 and all(f.number for f in others) and any(map(is_computed, others)) else []


def is_count(root: Node, known: set[str], trial: Callable[[], Node]) -> bool:
    """Whether `N` is a number: as a matrix it contradicts the text, or is multiplied by and added to numbers alone.

    trial: a copy of the tree with the shapes that convention gives; ShapeError where they contradict one another.
    """
    if COUNT in known or COUNT not in names_in(root):
        return False
    try:
        tree = trial()
    except ShapeError:
        return True
    found = list(places(tree))
    return bool(found) and all(among_numbers(parent, child) for parent, child in found)


def places(tree: Node) -> Iterator[tuple[Node, Node]]:
    """The operations of which `N` is a part, with that part: what is added to numbers or multiplied by literals stands for it."""
    for node in below(tree):
        yield from ((node, arg) for arg in node.args if arg.op == "name" and arg.value == COUNT and arg.shape != SCALAR)
        yield from ((node, arg) for arg in node.args if node.op == "mul" and arg.broadcast and COUNT in names_in(arg))


def among_numbers(parent: Node, child: Node) -> bool:
    others = [arg for arg in parent.args if arg is not child]
    if parent.op == "add":
        return parent.broadcast and all(arg.shape == SCALAR or arg.broadcast for arg in others)
    return parent.op == "mul" and all(arg.shape == SCALAR for arg in others) and any(arg.op != "number" for arg in others)


def notes_on_matrices(inference: Any) -> list[str]:
    """A sentence for a capital that is a matrix by convention alone, and stands in products with computed numbers alone."""
    found = []
    for name in inference.by_convention:
        if kind_of_name(name) == "matrix" and names_in(inference.root).count(name) == 1:
            node = next(n for n in below(inference.root) if any(a.op == "name" and a.value == name for a in n.args) or n.value == name)
            others = [arg for arg in node.args if arg.value != name] if node.op == "mul" else []
            if any(map(is_computed, others)) and all(arg.number for arg in others):
                found.append(f"`{name}` is read as a matrix, times a number; for a number declare `{name}: scalar`")
    return found
