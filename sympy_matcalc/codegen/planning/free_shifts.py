"""What is constant along the axes of a softmax is left out of its argument, and so of ``z - max z`` in the place of that.

The squares of the points in ``exp(-|x_i - m_k|^2/2)`` over its sum over k are such, and cost a pass over all pairs. It is done after points
have been moved to their mean, by which all of the distance is known as one.

>>> from sympy import MatrixSymbol, OneMatrix, symbols
>>> from sympy_matcalc.codegen.example import before_and_after
>>> from sympy_matcalc.nodes import Softmax
>>> m, n = symbols("m n", integer=True, positive=True)
>>> A, x, y = MatrixSymbol("A", m, n), MatrixSymbol("x", m, 1), MatrixSymbol("y", n, 1)
>>> before_and_after(free_shifts, Softmax(A + x*OneMatrix(1, n) + OneMatrix(m, 1)*y.T, 1))
before: softmax(view(x; 0, None) + y + A; 1)
after:  softmax(y + A; 1)
>>> before_and_after(free_shifts, Softmax(A + OneMatrix(m, 1)*y.T, 1))
before: softmax(y + A; 1)
after:  softmax(y + A; 1)
"""

from __future__ import annotations

from ..context import Context
from ..ir.graph import Graph
from ..ir.node import Node
from ..ir.terms import is_scaled
from ..schedule import reachable

Axes = tuple[int, ...]
Users = dict[int, list[Node]]


def free_shifts(graph: Graph, roots: list[Node], context: Context) -> list[Node]:
    """The roots with such arguments of softmaxes, and of exponentials relative to the largest, where they have no other use."""
    order = reachable(roots)
    users: Users = {r.number: [r] for r in roots}
    for node in order:
        for a in node.args:
            users.setdefault(a.number, []).append(node)
    found = {node.number: gone for node in order if (gone := _free_along(node, users)) is not None}
    if not any(_has_constants(node, found[node.number], users) for node in order if node.number in found):
        return roots
    new: dict[int, Node] = {}
    for node in order:
        gone = found.get(node.number)
        rest = None if gone is None else _without_constants(graph, node, gone, users, new)
        is_whole = rest is not None and rest.shape == node.shape
        new[node.number] = rest if rest is not None and is_whole else graph.remake(node, [new[a.number] for a in node.args])
    return [new[r.number] for r in roots]


# ---- what a shift does not change
def _free_along(z: Node, users: Users) -> Axes | None:
    """The axes of softmaxes of z, if all that z is used for is those and its exponential relative to the largest; None elsewhere."""
    if z.op not in ("add", "mul", "view") or not z.ndim or z.number not in users:
        return None
    axes = {_axes_met(z, u, users) for u in users[z.number]}
    return axes.pop() if len(axes) == 1 else None


def _axes_met(z: Node, user: Node, users: Users) -> Axes | None:
    """Those of one use, None for another use."""
    if user.op in ("softmax", "weighted_softmax") and user.args[0] is z and not any(a is z for a in user.args[1:]):
        return user.attrs
    if user.op == "call" and user.attrs == ("real",):
        tops = users[user.number]
        if all(t.op == "max" and t.attrs == tops[0].attrs and _are_taken_off(z, t, users) for t in tops):
            return tops[0].attrs
    if user.op == "add" and len(user.args) == 2:
        top = _taken_off(user.args[1 if user.args[0] is z else 0])
        return top.attrs if top is not None and top.args[0].op == "call" and top.args[0].args[0] is z else None
    return None


def _taken_off(less: Node) -> Node | None:
    """The maximum that a summand is minus."""
    if less.op != "mul" or len(less.args) != 2 or less.args[0].value != -1:
        return None
    top = less.args[1].args[0] if less.args[1].op == "view" else less.args[1]
    return top if top.op == "max" else None


def _are_taken_off(z: Node, top: Node, users: Users) -> bool:
    """Whether all that a maximum of z is used for is to be taken from z."""
    views = users[top.number]
    minus = [m for v in views for m in (users[v.number] if v.op == "view" else [v])]
    return all(_taken_off(m) is top and all(u.op == "add" and len(u.args) == 2 and z in u.args for u in users[m.number]) for m in minus)


# ---- what is constant
def _has_constants(z: Node, gone: Axes, users: Users) -> bool:
    inner = _inside(z, gone, users)
    if inner is not None:
        return _has_constants(*inner, users)
    return z.op == "add" and any(_is_constant(a, z, gone) or _is_read(a, z, gone, users) for a in z.args)


def _is_read(a: Node, of: Node, gone: Axes, users: Users) -> bool:
    """Whether a summand with all axes of the sum, whose numbers are its own then, has constants itself."""
    return a.ndim == of.ndim and len(users[a.number]) == 1 and _has_constants(a, gone, users)


def _inside(z: Node, gone: Axes, users: Users) -> tuple[Node, Axes] | None:
    """What an array is a multiple or a transpose of, if it has no other use, and the axes there; None elsewhere."""
    if not z.args or len(users[z.args[-1].number]) > 1:
        return None
    if z.op == "view" and None not in z.attrs:
        return z.args[0], tuple(z.attrs[k] for k in gone)
    return (z.args[-1], gone) if z.op == "mul" and is_scaled(z) else None


def _is_constant(a: Node, of: Node, gone: Axes) -> bool:
    """Whether a summand is the same along these axes of the sum."""
    lead = of.ndim - a.ndim
    return all(k < lead or a.shape[k - lead] == 1 and of.shape[k] != 1 for k in gone)


def _without_constants(g: Graph, z: Node, gone: Axes, users: Users, new: dict[int, Node]) -> Node | None:
    """z, of operands that are renewed, without its summands that are constant along these axes; None where nothing is left."""
    if not _has_constants(z, gone, users):
        return new.get(z.number) or g.remake(z, [new[a.number] for a in z.args])
    inside = _inside(z, gone, users)
    if inside is not None:
        inner = _without_constants(g, *inside, users, new)
        if inner is None:
            return None
        return g.view(inner, z.attrs) if z.op == "view" else g.mul(*(new[a.number] for a in z.args[:-1]), inner)
    left = [a for a in z.args if not _is_constant(a, z, gone)]
    rest = [
        x for a in left if (x := _without_constants(g, a, gone, users, new) if _is_read(a, z, gone, users) else new[a.number]) is not None
    ]
    return g.add(*rest) if rest else None
