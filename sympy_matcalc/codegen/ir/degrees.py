"""Degrees of homogeneity: how a node scales when an array E in it is multiplied by a number for each index on its axes `kept`. The rules
that the table of operations names.

A degree is ``(d, axes of the node that are the kept ones)``, or None for a node that has none. A rule gets the degrees of the operands,
which all have one, and not all 0; `kept` are the axes of E.
"""

from collections.abc import Sequence

from .node import Node

Degree = tuple[float, tuple | None]
SAME = {"abs", "real", "imag", "conj"}  # functions f with f(c x) = c f(x) for c > 0


def unknown(node: Node, operands: Sequence[Degree], kept: tuple) -> Degree | None:
    return None


def mul(node: Node, operands: Sequence[Degree], kept: tuple) -> Degree | None:
    return _product(_aligned(node, operands))


def add(node: Node, operands: Sequence[Degree], kept: tuple) -> Degree | None:
    degrees = set(_aligned(node, operands))
    return degrees.pop() if len(degrees) == 1 else None


def power(node: Node, operands: Sequence[Degree], kept: tuple) -> Degree | None:
    p = node.args[1].value
    return (operands[0][0] * p, operands[0][1]) if isinstance(p, (int, float)) else None


def call(node: Node, operands: Sequence[Degree], kept: tuple) -> Degree | None:
    d, at = operands[0]
    if node.attrs[0] == "sqrt":
        return d / 2, at
    return (d, at) if node.attrs[0] in SAME else None


def reduction(node: Node, operands: Sequence[Degree], kept: tuple) -> Degree | None:
    d, at = operands[0]
    axes = at or ()
    return None if set(axes) & set(node.attrs) else (d, tuple(k - sum(x < k for x in node.attrs) for k in axes))


def view(node: Node, operands: Sequence[Degree], kept: tuple) -> Degree | None:
    d, at = operands[0]
    return d, tuple(node.attrs.index(k) for k in at or ())


def diagonal(node: Node, operands: Sequence[Degree], kept: tuple) -> Degree | None:
    d, at = operands[0]
    rest = [k for k in range(node.args[0].ndim) if k not in node.attrs]
    return d, tuple(rest.index(k) if k in rest else len(rest) for k in at or ())


def diag(node: Node, operands: Sequence[Degree], kept: tuple) -> Degree | None:
    return operands[0]  # its rows scale with the entries; so do its columns


def embed(node: Node, operands: Sequence[Degree], kept: tuple) -> Degree | None:
    axes, target = node.attrs  # zeros scale as anything does; of an axis that is there twice, either is the kept one
    d, at = operands[0]
    return d, at and tuple(axes.index(target[k]) for k in at)


def add_diagonal(node: Node, operands: Sequence[Degree], kept: tuple) -> Degree | None:
    if node.attrs != ("aa", "a") or operands[0][0] != operands[1][0]:
        return None
    return operands[0] if not kept or operands[0][1] in ((0,), (1,)) and operands[1][1] == (0,) else None


def reshape(node: Node, operands: Sequence[Degree], kept: tuple) -> Degree | None:
    """Of an operation whose result has other axes, where none is kept."""
    return None if kept else operands[0]


def cumulative(node: Node, operands: Sequence[Degree], kept: tuple) -> Degree | None:
    return None if kept or node.attrs[0] != "cumsum" else operands[0]


def contract(node: Node, operands: Sequence[Degree], kept: tuple) -> Degree | None:
    inputs, inverses, output, _ = node.attrs
    *arrays, scale = operands
    degrees: list[Degree] = [scale]
    for (d, at), labels, inverse in zip(arrays, inputs, inverses, strict=True):
        if d and inverse and at:
            return None
        degrees.append((-d if inverse else d, at and tuple(labels[k] for k in at)))
    degree = _product(degrees)
    if degree is None or degree[0] == 0:
        return degree
    d, at = degree
    return (d, tuple(output.index(x) for x in at or ())) if set(at or ()) <= set(output) else None


def _aligned(node: Node, operands: Sequence[Degree]) -> list[Degree]:
    """The degrees of broadcast operands, with axes as the node has them."""
    return [(d, at and tuple(k + node.ndim - a.ndim for k in at)) for a, (d, at) in zip(node.args, operands, strict=True)]


def _product(degrees: Sequence[Degree]) -> Degree | None:
    """The sum of degrees by the same axes; None where those by different axes are left."""
    totals: dict[tuple | None, float] = {}
    for d, at in degrees:
        totals[at] = totals.get(at, 0) + d
    left = [(d, at) for at, d in totals.items() if d]
    return None if len(left) > 1 else left[0] if left else (0, None)
