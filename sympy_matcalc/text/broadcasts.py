"""A computed number added to every entry, ``tr(X) + M*lam``: an error where all of it can be numbers, else a note.

Nobody adds a trace to each entry of a vector that only a convention makes one: a letter of it is a number, or the sum is a slip.
"""

from typing import Any

from ..errors import ShapeError
from .instead_shapes import fresh
from .names import GREEK, kind_of_name
from .sizes import SCALAR
from .tree import Node, below, names_in, unscaled
from .weights import is_computed, is_form
from .written_out import OF_ENTRIES


def check_broadcasts(inference: Any) -> None:
    """ShapeError, with its place, where a term is a vector or matrix by a convention alone, and a computed number is added to it."""
    for node in below(inference.root):
        numbers = computed(inference, node) if node.op == "add" and node.broadcast and node.shape != SCALAR else []
        for term in node.args if numbers else ():
            names = doubtful(inference, node, term)
            if names:
                number, text = inference.source.at(numbers[0].span), inference.source.at(term.span)
                saw = f"`{text}` is by convention no number, and the number `{number}` is added to it"
                said = " and ".join(f"`{name}: scalar`" for name in names)
                shape = " x ".join(map(str, inference.names[names[0]]))
                raise inference.placed(f"{saw}; declare {said}, or `{names[0]}: {shape}` to add it to each entry", term.span[0])
        if node.op == "add" and not node.broadcast and SCALAR != node.shape:
            note_added(inference, node)
        if numbers and 1 in node.shape and node.kinds != OF_ENTRIES:  # what a function is written out as has its numbers
            note(inference, node, numbers)


def note_added(inference: Any, node: Node) -> None:
    """A note on `b` of ``X*w + b``, a column by its use alone, which may be one number for all entries; not of ``A*x - b``."""
    known = {*inference.declared, *inference.kinds}
    terms = list(map(unscaled, node.args))
    is_residual = len(terms) == 2 and any(term is not typed for term, typed in zip(terms, node.args)) and all(t.op != "call" for t in terms)
    if node.shape[1] != 1 or is_residual:
        return
    names = [part.value for part in terms if part.op == "name" and part.value not in known]
    by_use = [n for n in names if kind_of_name(n) == "scalar" and n not in GREEK]
    for name in by_use if len(by_use) < len(node.args) else ():
        said = any(note.startswith(f"`{name}` is read as a column") for note in inference.notes)
        if names_in(inference.root).count(name) == 1 and not said:
            text, length = inference.source.at(node.span), inference.names[name][0]
            saw = f"`{name}` in `{text}` is read as a column, {length}, since it is added to one"
            inference.notes.append(f"{saw}; for one number that is added to every entry declare `{name}: scalar`")


def note(inference: Any, node: Node, numbers: list[Node]) -> None:
    """A note where a number is added to each entry of a vector, unless it is one of that vector, as in ``x - mean(x)``."""
    others = {name for term in node.args if term.shape != SCALAR for name in names_in(term)}
    alone = [number for number in numbers if others.isdisjoint(names_in(number))]
    if alone:
        text, number = inference.source.at(node.span), inference.source.at(alone[0].span)
        inference.notes.append(f"`{text}` adds the number `{number}` to every entry")


def computed(inference: Any, node: Node) -> list[Node]:
    """The terms that are sums, norms, traces, forms: numbers, but no letters, literals and sizes."""
    terms = [term for term in node.args if term.shape == SCALAR]
    return [term for term in terms if term.number and is_computed(term) or is_form(inference.source, term) or is_inner(term)]


def is_inner(term: Node) -> bool:
    return term.op == "mul" and any(arg.op in ("T", "H") for arg in term.args)


def doubtful(inference: Any, node: Node, term: Node) -> list[str]:
    """The names of a term of a sum that may all be numbers, with which the whole sum is one: no columns, each in no other place."""
    known = {*inference.declared, *inference.kinds, *inference.size_names, *inference.known_square}
    factors = term.args if term.op == "mul" else ()
    names = [f.value for f in factors if f.op == "name" and f.shape != SCALAR and kind_of_name(f.value) != "column"]
    everywhere = names_in(inference.root)
    if not names or unscaled(term).op == "name" or any(everywhere.count(name) > 1 or name in known for name in names):
        return []
    kinds = {**inference.kinds, **dict.fromkeys(names, "scalar")}
    tree = fresh(inference.root)
    try:
        shapes, *_ = type(inference)(inference.source, tree, inference.declared, inference.known_square, kinds, plain=True).run()
    except ShapeError:
        return []
    if any(shape == SCALAR != inference.names[name] for name, shape in shapes.items() if kind_of_name(name) == "column"):
        return []
    return names if any(n.op == "add" and n.span == node.span and n.shape == SCALAR for n in below(tree)) else []
