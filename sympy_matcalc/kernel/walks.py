"""Walks over shared trees: every node once, without recursion."""


def postorder(top, parts):
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


def from_inside(function, top, parts):
    """``function(top)`` of a memoised recursive function; where that recurses too deeply, from the innermost parts outwards."""
    try:
        return function(top)
    except RecursionError:
        for node in postorder(top, parts):
            function(node)
        return function(top)
