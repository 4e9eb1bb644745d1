"""Parts of an expression replaced, each shared part once, past SymPy's evaluation of matrices."""

from collections.abc import Callable, Sequence
from operator import is_not
from typing import Any

from sympy import Add, Basic, Lambda, MatrixSymbol, Mul
from sympy.matrices import MatrixBase
from sympy.matrices.expressions import BlockMatrix, HadamardProduct, MatAdd, MatMul
from sympy.matrices.expressions.matexpr import MatrixElement

from ..kernel import make
from ..kernel.classes import Derived
from ..kernel.interning import intern, raw, raw_scalar
from ..kernel.occurrence import contains
from ..kernel.order import sort_key
from ..kernel.scalars import rebuild_scalar
from ..kernel.session import memo
from ..kernel.shapes import is_matrix
from ..kernel.walks import postorder
from ..notation.present import RAW
from .node import Differential

IS_WHOLE, IS_NODE = Derived(MatrixSymbol, Lambda, Differential), Derived(Basic)


def parts_of(node: Any) -> tuple:
    """What is gone into: not names, functions, or what a differential is held of."""
    kind = type(node)
    return node.args if IS_NODE[kind] and not IS_WHOLE[kind] else ()


def expanded(top: Any, values: dict) -> Any:
    """`top` with some of its differentials replaced; only what holds one is gone through.

    Sums and products of scalars are left as they come, for the canonical form, which is asked for next, evaluates them.
    """
    held_in(top)
    table = memo("differentials held")
    return replaced(top, values, lambda node: [a for a in parts_of(node) if table[id(a)][1]], _as_it_comes)


def _as_it_comes(node: Any, args: list) -> Any:
    return raw_scalar(type(node), *args) if type(node) in (Add, Mul) else rebuilt(node, args)


def replaced(top: Any, values: dict, parts: Any = parts_of, again: Callable[[Any, list], Any] | None = None) -> Any:
    """`top` with some of its parts replaced; itself where it has none of them. again: a node of other arguments, `rebuilt` by default."""
    again = again or rebuilt
    found: dict[int, Any] = {}
    for node in postorder(top, parts):
        new = values[node] if node in values else with_parts(node, found, again)
        if new is not node:
            found[id(node)] = new
    return found.get(id(top), top)


def with_parts(node: Any, found: dict[int, Any], again: Callable[[Any, list], Any]) -> Any:
    """A node with its parts as they were found to be, {id of a part: what it is now} of those that are another; itself where none is."""
    if not found:
        return node
    args = [found.get(id(a), a) for a in node.args]
    return again(node, args) if any(map(is_not, args, node.args)) else node


def rebuilt(node: Any, args: list) -> Any:
    """A node of other arguments: products and sums flat, nothing evaluated."""
    if isinstance(node, MatMul):
        return make.mul(*(x for a in args for x in (a.args if isinstance(a, MatMul) else (a,))))
    if isinstance(node, MatAdd):
        return make.add(*(x for a in args for x in (a.args if isinstance(a, MatAdd) else (a,))))
    if isinstance(node, MatrixElement) and not isinstance(args[0], MatrixBase):  # sizes stay: its index need not be checked again
        return make.element(*args)
    if isinstance(node, (MatrixBase, BlockMatrix)) or not is_matrix(node):
        return intern(rebuild_scalar(node, args))
    return raw(type(node), *args) if isinstance(node, RAW) else intern(node.func(*args))


def differential_last(top: Any, moves: Callable[[Any], bool]) -> Any:
    """`top` with what moves, as it holds a differential, last in each elementwise product: f'(X) o dX, which is how textbooks write it."""
    found: dict[int, Any] = {}
    for node in postorder(top, lambda node: parts_of(node) if moves(node) else ()):
        args = [found.get(id(a), a) for a in node.args]
        args = sorted(args, key=moves) if isinstance(node, HadamardProduct) and moves(node) else args
        found[id(node)] = node if all(x is y for x, y in zip(args, node.args)) else rebuilt(node, args)
    return found[id(top)]


def held_in(top: Any) -> tuple:
    """The differentials held in an expression, each once, in the order in which they are written.

    Found out once a session for each part: from line to line most of an expression stays.
    """
    table = memo("differentials held")  # {id of a node: (the node, what it holds)}: the node is kept, so that its id stays its own
    known = table.get(id(top))
    if known is None:
        for part in postorder(top, lambda node: () if id(node) in table else parts_of(node)):
            if id(part) not in table:
                held = (part,) if isinstance(part, Differential) else _of_parts([table[id(a)][1] for a in parts_of(part)])
                table[id(part)] = (part, held)
        known = table[id(top)]
    return tuple(known[1])


def _of_parts(held: list) -> tuple:
    """What some parts hold; where two of them hold the same, it stands where it is written last."""
    found = [h for h in held if h]
    if len(found) < 2:
        return tuple(found[0]) if found else ()
    return tuple(dict.fromkeys(one for h in reversed(found) for one in reversed(h)))[::-1]


def outermost(held: Sequence) -> list:
    """Those of which no other one is a differential of more: written out first, none comes up a second time."""
    if len(held) < 2:
        return list(held)
    return [h for h in held if not any(other is not h and _is_inside(h.part, other.part) for other in held)]


def _is_inside(part: Any, whole: Any) -> bool:
    return sort_key(part)[1] < sort_key(whole)[1] and contains(whole, part)
