"""Capitals that are numbers by their use: `C` of ``norm(w)^2/2 + C*sum(x)``, `N` of ``N*log(s) + x'*x``."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from ..errors import ShapeError
from .functions import ELEMENTWISE, FUNCTIONS
from .names import is_of_numbers, kind_of_name
from .operators import DOTS
from .sizes import SCALAR
from .source import Source
from .tree import Node, below, names_in, unscaled

COUNT = "N"  # the capital that is a number of samples in most books, and a matrix where it is multiplied as one


def weigh_numbers(inference: Any, make_scalar: Callable[[tuple], None]) -> None:
    """A capital times a number, added to a number, is a scalar: no one adds a sum or a norm to each entry of a matrix."""
    weighed: list[str] = []
    for node in below(inference.root):
        if node.op == "add" and any(is_number(inference.source, arg) for arg in node.args):
            weighed += [name for arg in node.args for name in weights(inference.source, arg)]
    everywhere = names_in(inference.root)
    for name in dict.fromkeys(weighed):
        alone = weighed.count(name) == everywhere.count(name)  # else it may be a matrix there
        if alone and kind_of_name(name) == "matrix" and inference.is_open(inference.names[name]):
            inference.how[name] = "by use: times a number, added to a number"
            inference.notes.append(f"`{name}` is read as a scalar, times a number and added to a number; {other(name)}")
            make_scalar(inference.names[name])
            inference.propagate()


def is_number(source: Source, term: Node) -> bool:
    """Whether a term is a computed number, or one times a letter of numbers: ``lam*norm(w)^2/2``."""
    if term.number and is_computed(term) or is_form(source, term):
        return True
    factors = factors_of(term)
    letters = [f for f in factors if f.op == "name" and not f.number]
    others = [f for f in factors if f not in letters]
    return (
        bool(letters) and all(is_of_numbers(f.value) for f in letters) and all(f.number for f in others) and any(map(is_computed, others))
    )


def factors_of(term: Node) -> list[Node]:
    """The factors of a product, and of those in it: of ``\\frac{\\lambda}{2} \\|w\\|^2`` three."""
    return [f for arg in term.args for f in factors_of(arg)] if term.op == "mul" else [term]


def label_numbers(inference: Any, make_scalar: Callable[[tuple], None], is_vector: Callable[[str], bool]) -> None:
    """`y` of ``1 - y*w'*x``, ``log(1 + exp(-y*(w'*x + b)))`` is a scalar, the label of one sample: it weighs a number, added to a number.

    is_vector: whether something else in the text says that a name is none.
    """
    for node in inference.sums:
        for term in node.args if any(arg.op == "number" for arg in node.args) else ():
            name = labelled(inside(term))
            if name and kind_of_name(name) == "column" and inference.is_open(inference.names[name]) and not is_vector(name):
                inference.how[name] = "by use: times a number, added to a number"
                saw = f"`{name}` is read as a scalar, times a number and added to a number in `{inference.source.at(node.span)}`"
                inference.notes.append(f"{saw}; for a vector declare `{name}: n`")
                make_scalar(inference.names[name])
                inference.propagate()
    found = [(in_front_of_a_form(inference.source, node), node) for node in below(inference.root)]
    everywhere = names_in(inference.root)
    for name, node in {name: node for name, node in found if name}.items():
        alone = [other for other, _ in found].count(name) == everywhere.count(name)  # else it may be a vector there
        if alone and kind_of_name(name) == "column" and inference.is_open(inference.names[name]) and not is_vector(name):
            inference.how[name] = "by use: in front of a number"
            text = inference.source.at(node.span)
            inference.notes.append(f"`{name}` is read as a scalar, in front of a number in `{text}`; for a vector declare `{name}: n`")
            make_scalar(inference.names[name])
            inference.propagate()


def in_front_of_a_form(source: Source, node: Node) -> str:
    """`k` of ``k*x'*x``, ``k*(x'*A*x)/2``; "" for other products, as ``x*x'*y``."""
    factors = [f for f in node.args if f.op not in ("number", "reciprocal")] if node.op == "mul" else []
    if len(factors) < 2 or factors[0].op != "name":
        return ""
    form = factors[1] if len(factors) == 2 else replace(node, args=tuple(factors[1:]))
    name = str(factors[0].value)
    return name if is_form(source, form) and all(name not in names_in(f) for f in factors[1:]) else ""


def inside(term: Node) -> Node:
    """What a term is a number times, or a function of the entries of."""
    while True:
        bare = unscaled(term)
        if bare is not term:
            term = bare
        elif term.op == "call" and len(term.args) == 1 and (term.value in ELEMENTWISE or term.value == "expm"):
            term = term.args[0]
        else:
            return term


def labelled(term: Node) -> str:
    """`y` of ``y*w'*x``, ``w'*x*y`` and ``y*(w'*x + b)``; "" for other products."""
    factors = [f for f in term.args if f.op not in ("number", "reciprocal")] if term.op == "mul" else []
    for name, rest in ((factors[0], factors[1:]), (factors[-1], factors[:-1])) if len(factors) > 1 else ():
        if name.op == "name" and is_inner(rest):
            return str(name.value)
    return ""


def is_inner(factors: list[Node]) -> bool:
    """Whether factors are a row, and at last a column, or one that has such a product as a term."""
    if len(factors) > 1:  # ``w'*x``, and not the row of ``x'*A``
        return factors[0].op in ("T", "H") and factors[-1].op not in ("T", "H") and not is_of_matrices(factors[-1])
    node = factors[0]
    if node.op == "add":
        return any(is_inner([unscaled(term)]) for term in node.args if term.op in ("mul", "call"))
    if node.op == "mul" and len(node.args) == 2 and (node.value or {}).get(1) in DOTS:  # `w @ x`
        return all(arg.op == "name" and kind_of_name(arg.value) != "matrix" for arg in node.args)
    return node.op == "mul" and is_inner(list(node.args)) or node.op == "call" and node.value == "dot"


def is_of_matrices(node: Node) -> bool:
    """Whether a factor is by convention a matrix: `A`, `inv(A)`, `(A + B)^-1`, ``A*B``."""
    if node.op == "name":
        return kind_of_name(node.value) == "matrix"
    if node.op == "call" and node.value in FUNCTIONS and FUNCTIONS[node.value].scalar:
        return False
    if node.op in ("I", "pow", "T", "H", "call"):
        return is_of_matrices(node.args[0]) if node.args else False
    if node.op == "add":
        return any(map(is_of_matrices, node.args))
    return node.op == "identity" or node.op == "mul" and is_of_matrices(node.args[-1])


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


def weights(source: Source, term: Node) -> list[str]:
    """The one name in a product with numbers, of which one is computed, that is none by construction; in a list."""
    names = [f.value for f in term.args if f.op == "name" and not f.number] if term.op == "mul" else []
    others = [f for f in term.args if f.op != "name"]
    if len(names) == 1:
        return names if all(f.number for f in others) and any(map(is_computed, others)) else []
    last = term.args[-1] if names else None
    form = replace(term, args=term.args[:-1]) if last is not None and last.op == "name" else None  # `w'*w*C`
    return [str(last.value)] if last is not None and form is not None and is_form(source, form) and last.value not in names_in(form) else []


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
    return bool(found) and all(among_numbers(parent, child) for parent, child in found) or is_added_to_a_number(tree)


def is_added_to_a_number(tree: Node) -> bool:
    """Whether `N` times a letter of numbers is added to a sum, norm or trace, ``N*lam + tr(X)``, and stands nowhere else."""
    terms = [
        term.args
        for node in below(tree)
        if node.op == "add" and any(arg.number and is_computed(arg) for arg in node.args)
        for term in node.args
        if term.op == "mul" and COUNT in names_in(term)
    ]
    letters = [f.value for f in terms[0] if f.op == "name" and f.value != COUNT] if len(terms) == 1 else []
    bare = all(f.op == "name" or f.number for f in terms[0]) if terms else False
    return bare and bool(letters) and all(map(is_of_numbers, letters)) and names_in(tree).count(COUNT) == 1


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
