"""Expressions as one would type them, for the left sides of a derivation."""

from typing import Any

from sympy import Basic
from sympy.matrices.expressions import MatAdd

from ..cookbook.show import readable as _readable
from ..kernel.session import session
from ..kernel.walks import postorder
from ..notation.transposes import in_order
from .node import Differential
from .replace import parts_of, rebuilt


def readable(e: Any) -> Any:
    """As one would type it, summands in the order in which the right sides have them."""
    if isinstance(e, Differential):
        return Basic.__new__(type(e), readable(e.part), *e.args[1:])
    e = _readable(e)
    with session():
        found: dict[int, Any] = {}
        for node in postorder(e, parts_of):
            args = [found.get(id(a), a) for a in node.args]
            new = node if all(x is y for x, y in zip(args, node.args)) else rebuilt(node, args)
            found[id(node)] = in_order(new) if isinstance(new, MatAdd) else new
        return found[id(e)]
