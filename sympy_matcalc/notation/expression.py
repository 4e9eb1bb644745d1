"""raise_terms: a sum of terms to one SymPy expression, in matrix notation if there is one, else an Einsum."""

from typing import Any, NamedTuple

from sympy import S

from ..kernel import make
from ..kernel.chains import express_chain, scalar
from ..kernel.interning import intern
from ..kernel.occurrence import contains
from ..kernel.order import sort_key
from ..kernel.scalars import scalar_sum
from ..nodes import Einsum, EinsumTerm
from .collect import collect
from .dense import read_dense, read_hadamard
from .index_graph import IndexGraph
from .kronecker import read_matrix
from .term import label_size, size_of


class Raised(NamedTuple):
    """coefficient * chain under `limits`; the identity of the right order if the chain is empty."""

    coefficient: object
    chain: tuple
    limits: tuple


def raise_term(term):
    """`Raised` for a term of at most two axes that is series-parallel, else an EinsumTerm; None if it vanishes."""
    net = IndexGraph(term)
    net.reduce()
    if net.zero or net.coefficient == 0:
        return None
    if len(net.out) <= 2:
        chain = read_dense(net) if net.dense else read_matrix(net)
        chain = read_hadamard(net) if chain is None and not net.dense else chain  # an empty chain is the identity
        if chain and not any(net.out):  # a product of 1 x 1: a number, where a sum of numbers would pass over the chain
            net.scalars.append(scalar(chain))
            chain = ()
        if chain is not None:
            return _limited(net.coefficient, chain, net.limits)
    return _einsum_term(net)


def _limited(coefficient, chain, limits):
    """Sums over an index that nothing depends on, the limits of the sums inside too, are counted."""
    kept = []
    for symbol, low, high in limits:
        inside = [x for a in chain for x in (a[0], a[2])] + [bound for _, *bounds in kept for bound in bounds]
        if _free_of(coefficient, symbol) and all(_free_of(x, symbol) for x in inside):
            coefficient = coefficient * (high - low + 1)
        else:
            kept.append((symbol, low, high))
    return Raised(coefficient, chain, tuple(kept))


def _free_of(node, symbol):
    return not contains(node, symbol)


def _einsum_term(net):
    """What no product writes: edges, vectors and dense leaves with local index numbers."""
    factors: list[tuple[Any, ...]] = [(express_chain(chain), (u,), (v,)) for u, v, chain in net.edges.values()]
    factors += [(express_chain(net.vector(i)), (i,), ()) for i in net.at if net.weights[i]]
    factors += [(node, *axes) for node, axes in net.dense]
    factors.sort(key=lambda f: sort_key(f[0]))
    number = {}
    for axis in [*net.out, *(axis for f in factors for axis in f[1:])]:
        for i in axis:
            number.setdefault(i, len(number))
    rename = lambda axis: tuple(number[i] for i in axis)  # noqa: E731
    return EinsumTerm(
        net.coefficient,  # read last: fusing the vectors of a label may have added a scale
        [label_size(i) for i in number],
        [rename(a) for a in net.out],
        [(f[0], *map(rename, f[1:])) for f in factors],
        net.limits,
    )


def raise_terms(terms, sizes):
    """The sum of `terms` as one expression of the axis sizes `sizes`: scalar, column or matrix, N-dim array."""
    return add_raised(map(raise_term, terms), sizes)


def add_raised(found, sizes):
    """The sum of what `raise_term` made of terms, as one expression of the axis sizes `sizes`."""
    chains, tensors = [], []
    for raised in found:
        if isinstance(raised, Raised):
            chains.append(raised)
        elif raised is not None:
            tensors.append(raised)
    if len(sizes) > 2 and not tensors:
        return intern(Einsum(sizes))
    parts = []
    if chains or not tensors:
        parts.append(collect(chains, sizes))
    if tensors:
        parts.append(_collect_tensors(tensors, sizes))
    if len(parts) == 1:
        return parts[0]
    if not sizes:
        return scalar_sum(*parts)
    return make.add(*parts)


def _collect_tensors(tensors, sizes):
    total = {}
    for t in tensors:
        rest = t.args[1:]
        total[rest] = total.get(rest, S.Zero) + t.coefficient
    kept = [EinsumTerm(c, *rest) for rest, c in total.items() if c != 0]
    if not kept:
        return collect([], sizes) if len(sizes) <= 2 else intern(Einsum(sizes))
    return intern(Einsum(sizes, *kept))


def axis_sizes(axes):
    """Sizes of axes, those of length 1 left out."""
    return tuple(size_of(a) for a in axes if a)
