"""Index notation as an `Einsum` prints it: ``Einsum(ijkl: delta[i,k]*X[l,j] + 2*delta[j,l]*X[i,k])``.

In front of the colon stand the axes of the result, a letter each, those of a Kronecker axis in brackets; other letters are summed.
"""

import re
from typing import Any, NamedTuple

from sympy import Integer, Mul, S, prod

from ..nodes import Einsum
from ..nodes.einsum import EinsumTerm
from .algebra import scalar
from .sizes import SCALAR
from .tree import Node
from .typed_sizes import size_of

EXAMPLE = "write `Einsum(ijk: A[i,j]*x[k])`, the axes of the result in front of the colon"
AXES = re.compile(r"(?:[A-Za-z]|\([A-Za-z]{2,}\))*")


class Term(NamedTuple):
    """A product: how many coefficients it has, the axes of each operand, pairs of letters that are one index."""

    coefficients: int
    operands: list[list[str]]
    deltas: list[tuple[str, str]]
    sizes: list[tuple[str, Node]]  # of letters: what `I(n)[i,j]` says


def axes_of(text: str) -> list[str]:
    """The letters of each axis: of ``ij(kl)`` these are `i`, `j` and `kl`."""
    return [part.strip("()") for part in re.findall(r"\([A-Za-z]+\)|[A-Za-z]", text)]


# ---- reading
def read_einsum(reader: Any, args: list[Any], place: tuple[int, int]) -> Node:
    """The node of an Einsum: hidden nodes whose shapes are the sizes of the letters, then coefficients and operands, term by term."""
    head, body = head_and_body(reader, args, place)
    terms, parts = [], []
    for sign, tree in signed_terms(body):
        term, inside = read_term(reader, sign, tree)
        terms.append(term)
        parts += inside
    axes = axes_of(head)
    letters = dict.fromkeys("".join([*axes, *(axis for term in terms for operand in term.operands for axis in operand)]))
    used = {a for term in terms for operand in term.operands for axis in operand for a in axis}
    for letter in letters:
        if letter not in used and not any(letter in pair for term in terms for pair in term.deltas):
            raise reader.source.error(place[0], f"no factor of `Einsum` has the index `{letter}`", EXAMPLE)
    hidden = [Node("length", (), place, letter) for letter in letters]
    node = reader.node("einsum", [*hidden, *parts], place, (axes, list(letters), terms))
    node.sizes = tuple(size for term in terms for _, size in term.sizes)
    return node


def head_and_body(reader: Any, args: list[Any], place: tuple[int, int]) -> tuple[str, Any]:
    if len(args) == 1 and args[0].data != "slice":
        return "", args[0]
    bounds = [b.children for b in args[0].children if getattr(b, "data", "") == "bound"] if len(args) == 1 else []
    if len(bounds) != 2 or not all(bounds):
        reader.refuse_call(place, "an `Einsum` that is no sum of products", EXAMPLE)
    first = bounds[0][0]
    head = (str(first.children[0]) if first.data == "name" else reader.text(first)).replace(" ", "")
    letters = re.sub(r"[()]", "", head)
    if not AXES.fullmatch(head) or len({*letters}) != len(letters):
        raise reader.error(first, f"the axes `{head}` of an `Einsum`", EXAMPLE)
    return head, bounds[1][0]


def signed_terms(tree: Any) -> list[tuple[int, Any]]:
    """The terms of a sum with their signs."""
    if tree.data == "total":
        first, *rest = tree.children
        pairs = zip(rest[::2], rest[1::2])
        return [*signed_terms(first), *((-s if sign.type == "MINUS" else s, t) for sign, term in pairs for s, t in signed_terms(term))]
    if tree.data == "signed":
        sign, term = tree.children
        return [(-s if sign.type == "MINUS" else s, t) for s, t in signed_terms(term)]
    return [(1, tree)]


def read_term(reader: Any, sign: int, tree: Any) -> tuple[Term, list[Node]]:
    """A term and what stands in it."""
    factors = factors_of(reader, tree)
    if len(factors) and factors[0].data == "signed":
        inner = factors_of(reader, factors[0].children[1])
        sign, factors = -sign if factors[0].children[0].type == "MINUS" else sign, [*inner, *factors[1:]]
    coefficients, operands, axes, deltas, sizes = [], [], [], [], []
    for factor in factors:
        index = index_of(reader, factor)
        if not index:
            coefficients.append(reader.read(factor))
        elif is_delta(reader, factor) and len(index) == 2:
            deltas.append((index[0], index[1]))
        elif reader.text(factor.children[0]) == "I" and len(index) == 2 and len(factor.children) == 3:
            deltas.append((index[0], index[1]))
            sizes += [(index[0], reader.read(size)) for size in factor.children[1].children]
        elif len(index) > 2:
            raise reader.error(factor, f"an entry with {len(index)} indices", "write `X[i,j]`, or `x[i]` for a vector")
        else:
            operands.append(operand_of(reader, factor))
            axes.append(index)
    if sign < 0:
        coefficients.insert(0, reader.node("number", (), tree, Integer(-1)))
    return Term(len(coefficients), axes, deltas, sizes), [*coefficients, *operands]


def factors_of(reader: Any, tree: Any) -> list[Any]:
    """The factors of a product by `*` or of factors beside one another."""
    if tree.data == "beside":
        return list(tree.children)
    if tree.data != "product":
        return [tree]
    if any(sign.type != "STAR" for sign in tree.children[1::2]):
        raise reader.error(tree, f"`{reader.text(tree)}` in an `Einsum`", "write its terms as products by `*`, fractions in brackets")
    return [part for factor in tree.children[::2] for part in factors_of(reader, factor)]


def index_of(reader: Any, tree: Any) -> list[str]:
    """The axes of a factor that has indices; none of a coefficient."""
    last = tree.children[-1] if tree.data == "suffixed" else tree
    if getattr(last, "data", "") != "entry" or not all(i.data == "name" for i in last.children):
        return []
    return [str(i.children[0]) for i in last.children]


def is_delta(reader: Any, tree: Any) -> bool:
    return len(tree.children) == 2 and reader.text(tree.children[0]).lstrip("\\") == "delta"


def operand_of(reader: Any, tree: Any) -> Node:
    """What an entry is of."""
    base, *suffixes = tree.children[:-1]
    start = reader.span(tree)[0]
    if suffixes and getattr(suffixes[0], "data", "") == "called":
        node = reader.read_call(base, suffixes.pop(0))
    else:
        node = reader.read(base)
    for suffix in suffixes:
        node = reader.with_suffix(node, suffix, start)
    return node


# ---- shapes
def shape_of_einsum(inference: Any, node: Node) -> None:
    """The sizes of the letters from the operands; a column of one axis, a matrix of two."""
    axes, letters, terms = node.value
    size = {letter: part.shape[0] for letter, part in zip(letters, node.args)}
    rest = list(node.args[len(letters) :])
    for term in terms:
        for arg in rest[: term.coefficients]:
            inference.scalar(arg, "a coefficient in an `Einsum`")
        for operand, index in zip(rest[term.coefficients :], term.operands):
            found = (*(prod((size[a] for a in axis), start=S.One) for axis in index), S.One)[:2]
            inference.wide.append(operand)
            inference.equate(operand.shape, found, lambda o=operand, i=index: f"{inference.place(o)}, and has the indices `{','.join(i)}`")
        for a, part in term.sizes:
            said = size_of(inference.source, part)
            inference.equate(
                (size[a],), (said,), lambda a=a, n=said, p=part: f"`I({n})` (column {p.span[0] - 1}) has another size than the index `{a}`"
            )
        for a, b in term.deltas:
            inference.equate((size[a],), (size[b],), lambda a=a, b=b: f"`delta[{a},{b}]` is of indices of different length")
        rest = rest[term.coefficients + len(term.operands) :]
    inference.identities.extend(size.values())
    shape = tuple(prod((size[a] for a in axis), start=S.One) for axis in axes)
    node.number = not shape
    node.shape = (SCALAR, (*shape, S.One)[:2])[min(len(shape), 1)] if len(shape) < 3 else shape
    if len(shape) > 2 and node is not inference.root:
        raise inference.shape_error(
            lambda: f"`{inference.source.at(node.span)}` (column {node.span[0] + 1}) has {len(shape)} axes: it stands alone"
        )


# ---- what it is
def build_einsum(node: Node, *args: Any) -> Any:
    axes, letters, terms = node.value
    size = {letter: part.shape[0] for letter, part in zip(letters, node.args)}
    rest, found = list(args[len(letters) :]), []
    for term in terms:
        coefficient = Mul(*map(scalar, rest[: term.coefficients]))
        number = numbers_of(axes, term)
        dims = [S.One] * (max(number.values(), default=-1) + 1)
        for letter, i in number.items():
            dims[i] = size[letter]
        count = len(term.operands)
        factors = [(op, *indexed(number, index)) for op, index in zip(rest[term.coefficients :], term.operands)]
        found.append(EinsumTerm(coefficient, dims, indexed(number, axes, False), factors))
        rest = rest[term.coefficients + count :]
    shape = [prod((size[a] for a in axis), start=S.One) for axis in axes]
    return Einsum(shape, *found)


def numbers_of(axes: list[str], term: Term) -> dict[str, int]:
    """The number of the index of each letter: those that a delta joins have one; in the order of the result, then of the operands."""
    same = {b: a for a, b in term.deltas}
    number: dict[str, int] = {}
    for letter in "".join([*axes, *(axis for operand in term.operands for axis in operand)]):
        first = letter
        while first in same:
            first = same[first]
        if first not in number:
            number[first] = len({*number.values()})
        number[letter] = number[first]
    return number


def indexed(number: dict[str, int], axes: list[str], is_operand: bool = True) -> list[tuple[int, ...]]:
    """The axes as numbers of indices; a column has an axis of length 1 more."""
    found = [tuple(number[a] for a in axis) for axis in axes]
    return [*found, ()] if is_operand and len(found) == 1 else found
