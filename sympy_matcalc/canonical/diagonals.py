"""Which vectors of x' diag(v) y are at the ends: v' diag(x) y is the same number, and SymPy writes the same sum over entries for both.

So that all spellings meet in one, what occurs twice is at both ends; else the simplest vector is the diagonal.
"""

from typing import Any, NamedTuple

from sympy import Expr, S
from sympy.matrices.expressions import DiagMatrix, HadamardProduct, Identity, MatMul

from ..kernel import make
from ..kernel.chains import hadamard_vectors, open_product, reverse
from ..kernel.order import sort_key
from ..kernel.scalars import scalar_product
from ..kernel.shapes import is_column
from ..notation.term import AdjointTerm
from .declared import number_in_front


class Division(NamedTuple):
    """The vectors at the ends and those on the diagonal; without a diagonal, the first end is the product of all that may be one."""

    ends: list[Any]
    diagonal: list[Any]


def divided(vectors: list[Any], ends: int) -> Division | None:
    """Products of matrices stay at an end; None where more of them are given than fit, or where nothing is left for the diagonal.

    Beside an end that is taken, y and y are y o y.
    """
    products = [v for v in vectors if isinstance(v, MatMul)]
    rest = sorted((v for v in vectors if not isinstance(v, MatMul)), key=_preference)
    free = ends - len(products)
    if free < 0 or len(rest) <= free:
        return None
    pair = next((v for v, w in zip(rest[::-1], rest[-2::-1]) if v is w), None)
    if pair is not None and free == 1:
        return Division([hadamard_vectors(rest), *products], [])
    chosen = [pair, pair] if pair is not None and free == 2 else rest[len(rest) - free :]
    for v in chosen:
        rest.remove(v)
    return Division(products + chosen, rest)


def _preference(v: Any) -> Any:
    return sort_key(v)[1], sort_key(v)


def _diagonal(vectors: list[Any]) -> tuple[Expr, Any]:
    """(number, chain of the diagonal matrix) of an elementwise product."""
    if not vectors:
        return S.One, ()
    number, v = number_in_front(hadamard_vectors(vectors))
    return number, ((make.diag_matrix(v), False, S.One),)


def _parts(vector: Any) -> list[Any]:
    return list(vector.args) if isinstance(vector, HadamardProduct) else [vector]


# ---------------------------------------------------------------- in a product as typed


def with_simple_diagonals(chain: tuple[Any, ...]) -> tuple[Expr, tuple[Any, ...]]:
    """(number, chain) with the vectors around every diagonal matrix in the order of preference."""
    numbers, out = [], [(atom,) for atom in chain]
    for at, (base, _, k) in enumerate(chain):
        if isinstance(base, DiagMatrix) and k is S.One:
            sides = [side for side in (at - 1, at + 1) if 0 <= side < len(chain) and _is_vector(chain[side], side < at)]
            vectors = [v for side in sides for v in _parts(chain[side][0])]
            found = divided(vectors + _parts(base.args[0]), len(sides)) if sides else None
            if found is not None:
                number, diagonal = _diagonal(found.diagonal)
                opened = [open_product(v) for v in found.ends]
                numbers += [number, *(c for c, _ in opened)]
                out[at] = diagonal
                for side, (_, inner) in zip(sides, opened):
                    out[side] = reverse(inner) if side < at else inner
    return scalar_product(*numbers), sum(out, ()) if numbers else chain


def _is_vector(atom: Any, row: bool) -> bool:
    return atom[2] is S.One and atom[1] == row and is_column(atom[0])


# ---------------------------------------------------------------- in a sum over entries


def with_diagonals(term: AdjointTerm, summed: list[int]) -> AdjointTerm:
    """The term with diag(v) in the place of a Kronecker delta beside v, as SymPy writes the entries of diag(v)."""
    for delta in [leaf for leaf in term.leaves if _is_delta(leaf)]:
        if not any(leaf is delta for leaf in term.leaves):  # a part of what was joined before
            continue
        term, delta = _joined(term, delta, summed)
        term = _with_diagonal(term, delta, summed)
    return term


def _is_delta(leaf: Any) -> bool:
    return isinstance(leaf[0], Identity) and len(leaf[1]) == len(leaf[2]) == 1 and leaf[1] != leaf[2]


def _joined(term: AdjointTerm, delta: Any, summed: list[int]) -> tuple[AdjointTerm, Any]:
    """The deltas in a row, with nothing but vectors between them, as one: diag(v) diag(w) is diag(v o w)."""
    for middle, end in (delta[1:], delta[:0:-1]):
        others = [leaf for leaf in term.leaves if leaf is not delta]
        here = [leaf for leaf in others if middle in leaf[1:]]
        edges = [leaf for leaf in here if not _is_vector_leaf(leaf)]
        if len(edges) == 1 and _is_delta(edges[0]) and middle[0] in summed:
            (next_delta,) = edges
            whole = (delta[0], *(end if axis == middle else axis for axis in next_delta[1:]))
            moved = [(leaf[0], end, ()) if any(leaf is h for h in here) else leaf for leaf in others if leaf is not next_delta]
            return _joined(term._replace(leaves=(*moved, whole)), whole, summed)
    return term, delta


def _is_vector_leaf(leaf: Any) -> bool:
    return len(leaf) == 3 and len(leaf[1]) == 1 and not leaf[2]


def _with_diagonal(term: AdjointTerm, delta: Any, summed: list[int]) -> AdjointTerm:
    """The term with the vectors at both indices of a delta divided among a diagonal and the indices at which nothing else is."""
    others = [leaf for leaf in term.leaves if leaf is not delta]
    vectors = [leaf for leaf in others if _is_vector_leaf(leaf) and leaf[1] in delta[1:]]
    rest = _one_at_each_end([leaf for leaf in others if not any(leaf is v for v in vectors)], delta[1:], summed)
    taken = [sum(leaf[1:].count(axis) for leaf in rest) + (axis[0] not in summed) for axis in delta[1:]]
    open_ends = [axis for axis, count in zip(delta[1:], taken) if not count]
    found = divided([v for leaf in vectors for v in _parts(leaf[0])], len(open_ends)) if max(taken) < 2 else None
    if found is None or not found.diagonal:
        return term
    number, ((diagonal, _, _),) = _diagonal(found.diagonal)
    ends = [(v, axis, ()) for v, axis in zip(found.ends, open_ends)]
    return term._replace(coefficient=scalar_product(term.coefficient, number), leaves=(*rest, (diagonal, *delta[1:]), *ends))


def _one_at_each_end(leaves: list[Any], ends: Any, summed: list[int]) -> list[Any]:
    """The leaves, the second of two matrices at one index of a delta moved to the other one: they are one index."""
    for here, there in (ends, ends[::-1]):
        at = [k for k, leaf in enumerate(leaves) if here in leaf[1:]]
        if at and len(at) + (here[0] not in summed) == 2 and there[0] in summed:
            *_, last = at
            node, *axes = leaves[last]
            moved = node, *(there if axis == here else axis for axis in axes)
            return [moved if k == last else leaf for k, leaf in enumerate(leaves)]
    return leaves
