"""Read the matrix off a network with one leaf whose axes are fused, a Kronecker matrix such as that of a Fréchet derivative.

What hangs on the labels of a fused axis is a Kronecker product beside the leaf: vec(A L(X; E) B) = kron(B', A) K vec(E).
"""

from copy import copy
from typing import Any

from sympy import S

from ..kernel import make
from ..kernel.chains import express_chain, normalise, open_product, reverse
from ..kernel.interning import raw
from ..kernel.shapes import is_matrix
from ..nodes import Vec
from .kronecker import kron_chain, permutation
from .term import label_size, new_axis


def read_dense(net):
    """The chain of the result with rows out[0] and columns out[1] (absent axes have length 1); None if there is none."""
    if len(net.dense) != 1:
        return None
    node, axes = net.dense[0]
    labels = [i for axis in net.out for i in axis]
    if not is_matrix(node) or len(axes) != 2 or len(set(labels)) != len(labels):
        return None
    rows, cols = (net.out[k] if len(net.out) > k else () for k in (0, 1))
    net, masks = _without_masks(net)
    used = set()
    sides = [_side(net, axis, set(labels), used) for axis in axes]
    if None in sides or used != set(net.at) or len(net.edges) != sum(len(x[2]) for x in sides):
        return None
    c, chain = open_product(node)
    assert c is S.One  # a number before a leaf is one of the scalars
    if sorted(sides[0][1]) != sorted(rows):
        sides, chain = sides[::-1], reverse(chain)
    if sorted(sides[0][1]) != sorted(rows) or sorted(sides[1][1]) != sorted(cols):
        return None
    (left, row_labels, _), (right, col_labels, _) = sides
    return normalise(masks[0] + _ordered(row_labels, rows) + left + chain + reverse(masks[1] + _ordered(col_labels, cols) + right))


def _without_masks(net):
    """The network without the edges between the two labels of an axis of the result, and these as diag(vec M) for rows and columns."""
    masks: list[tuple[Any, ...]] = [(), ()]
    new = copy(net)
    new.edges, new.at = dict(net.edges), {i: dict(at) for i, at in net.at.items()}
    for k, axis in enumerate(net.out):
        numbers = [e for e in new.at[axis[0]] if e in new.at[axis[1]]] if len(axis) == 2 else []
        if numbers:
            _, chain = net.chain_from(numbers[0], axis[1])
            masks[k] = ((make.diag_matrix(raw(Vec, express_chain(chain))), False, S.One),)
            del new.edges[numbers[0]], new.at[axis[0]][numbers[0]], new.at[axis[1]][numbers[0]]
    return new, masks


def read_hadamard(net):
    """vec(A (M o dX) B) = kron(B', A) diag(vec M) kron(I, I) vec(dX): an edge M in the middle is a diagonal leaf between two fused axes."""
    if len(net.out) != 2 or any(len(axis) != 2 for axis in net.out):
        return None
    for number in net.edges:
        chain = read_dense(_with_diagonal_leaf(net, number))
        if chain is not None:
            return chain
    return None


def _with_diagonal_leaf(net, number):
    """The network with the edge as diag(vec M), each end of it split into one label for the rows' side and one for the columns'."""
    u, v, chain = net.edges[number]
    twin = {x: new_axis(label_size(x))[0] for x in (u, v)}
    columns = set(net.out[1])
    new = copy(net)
    new.edges = {}
    for k, (x, y, c) in net.edges.items():
        if k != number:
            x, y = (twin.get(x, x) if y in columns else x), (twin.get(y, y) if x in columns else y)
            new.edges[k] = (x, y, c)
    new.out = [net.out[0], tuple(twin.get(x, x) for x in net.out[1])]
    new.weights = {**net.weights, **{t: [] for t in twin.values()}}
    new.at = {x: {} for x in new.weights}
    for k, (x, y, _) in new.edges.items():
        new.at[x][k] = new.at[y][k] = True
    matrix = make.diag_matrix(raw(Vec, express_chain(chain)))
    new.dense = [(matrix, ((v, u), (twin[v], twin[u])))]
    return new


def _side(net, axis, outer, used):
    """(chain from the outer labels to the axis, outer labels in the order of the axis, edges); None if something else hangs on it."""
    factors, labels, edges = [], [], []
    for x in axis:
        if x in used:
            return None
        used.add(x)
        at = list(net.at[x])
        if x in outer and not at:
            factors.append(net.diagonal(x))
            labels.append(x)
        elif not at and x not in outer:
            factors.append(reverse(net.vector(x)))
        elif len(at) == 1 and x not in outer:
            y, chain = net.chain_from(at[0], x)
            if y not in outer or y in used:
                return None
            used.add(y)
            edges.append(at[0])
            labels.append(y)
            factors.append(normalise(net.diagonal(y) + reverse(chain) + net.diagonal(x)))
        else:
            return None
    if not any(factors):
        return (), labels, edges
    sizes = [label_size(x) for x in axis]
    return kron_chain([f or ((make.identity(n), False, S.One),) for f, n in zip(factors, sizes)]), labels, edges


def _ordered(labels, wanted):
    """The permutation from the labels in this order to the wanted one."""
    return permutation([wanted.index(i) for i in labels], [label_size(i) for i in wanted])
