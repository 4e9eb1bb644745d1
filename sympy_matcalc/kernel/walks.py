"""Walks over shared trees: every node once, without recursion."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sympy import Basic, MatrixSymbol, Symbol

from ..nodes import Einsum
from ..nodes.arrays import is_array_expression
from ..strict import sympified
from .session import id_memo
from .shapes import is_matrix


def postorder(top: Any, parts: Callable[[Any], Iterable[Any]]) -> list[Any]:
    """The nodes below `top` and itself, each once, parts first, without recursion; ``parts(node)`` are those to go into."""
    seen, order, stack = set(), [], [(top, False)]
    while stack:
        node, closed = stack.pop()
        if closed:
            order.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            stack.append((node, True))
            stack += [(a, False) for a in parts(node) if id(a) not in seen]
    return order


def leaves(top: Any, classes: tuple[type, ...], partly: tuple[type, ...] = (), values: Any = None) -> Iterator[Any]:
    """The nodes of some classes below `top` that have no parts, each once; of a node of the classes `partly`, only below ``values(node)``.

    Every expression is looked through so, some more than once: one flat loop.
    """
    nodes, seen = [top], {id(top)}
    for node in nodes:
        parts = node.args
        if not parts:
            if isinstance(node, classes):
                yield node
            continue
        if isinstance(node, partly):
            parts = values(node)
        for part in parts:
            if id(part) not in seen and isinstance(part, Basic):
                seen.add(id(part))
                nodes.append(part)


def every_node(top: Basic) -> list[Basic]:
    """All nodes below `top` and itself, each once, from the top downwards.

    Every derivative looks through its expression so, twice: one flat loop.
    """
    nodes, seen = [top], {id(top)}
    for node in nodes:
        for part in node.args:
            if id(part) not in seen and isinstance(part, Basic):
                seen.add(id(part))
                nodes.append(part)
    return nodes


def nodes_of(top: Any, *classes: type) -> set:
    """SymPy's `atoms` of some classes, each shared part looked into once."""
    return {node for node in every_node(sympified(top)) if isinstance(node, classes)}  # a matrix that can be changed has no parts


def holds(top: Any, classes: tuple[type, ...]) -> bool:
    """Whether a node of some classes is below `top`, or is it; each shared part is looked into once."""
    nodes, seen = [top], {id(top)}
    for node in nodes:
        if isinstance(node, classes):
            return True
        for part in node.args:
            if id(part) not in seen and isinstance(part, Basic):
                seen.add(id(part))
                nodes.append(part)
    return False


def free_symbols(top: Any) -> set:
    """SymPy's `free_symbols`, each shared part looked into once."""
    top = sympified(top)
    found: dict[int, set] = {}
    for node in postorder(top, lambda node: () if isinstance(node, MatrixSymbol) else node.args):
        if isinstance(node, (MatrixSymbol, Symbol)):
            found[id(node)] = {node}
        else:
            found[id(node)] = set().union(*(found[id(a)] for a in node.args)) - set(getattr(node, "bound_symbols", ()))
    return found[id(top)]


def replaced(top: Any, values: dict) -> Any:
    """SymPy's `xreplace`, each shared part rebuilt once."""
    new: dict[int, Any] = {}
    for node in postorder(top, lambda node: () if node in values or not isinstance(node, Basic) else node.args):
        if node in values:
            new[id(node)] = values[node]
        elif isinstance(node, Basic) and node.args:
            args = [new[id(a)] for a in node.args]
            new[id(node)] = node if all(x is y for x, y in zip(args, node.args)) else node.func(*args)
        else:
            new[id(node)] = node
    return new[id(top)]


def rebuilt(top: Any, function: Callable[[Any], Any]) -> Any:
    """The expression with each part replaced by ``function(part)``, from the inside out, each shared part once."""
    new: dict[int, Any] = {}
    for node in postorder(top, lambda node: node.args if isinstance(node, Basic) else ()):
        args = [new[id(a)] for a in node.args] if isinstance(node, Basic) else []
        same = all(x is y for x, y in zip(args, getattr(node, "args", ())))
        new[id(node)] = function(node if same else node.func(*args))
    return new[id(top)]


def from_inside(function: Callable[[Any], Any], top: Any, parts: Callable[[Any], Iterable[Any]]) -> Any:
    """``function(top)`` of a memoised recursive function; where that recurses too deeply, from the innermost parts outwards."""
    try:
        return function(top)
    except RecursionError:
        for node in postorder(top, parts):
            function(node)
        return function(top)


def has_matrix(e: Basic) -> bool:
    """Whether a matrix or an array occurs in a scalar, memoised."""
    table = id_memo("has_matrix")
    found = table.get(e)
    if found is None:
        found = is_matrix(e) or isinstance(e, Einsum) or is_array_expression(e) or any(has_matrix(a) for a in e.args)
        table[e] = found
    return bool(found)
