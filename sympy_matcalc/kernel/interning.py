"""Raw nodes, interned: `Basic.__new__` and the very arguments that the public constructor would store.

SymPy's operators and `doit` distribute transposes, sort and cost milliseconds on long products.
"""

from collections.abc import Sequence
from typing import Any

from sympy import Basic
from sympy.matrices import MatrixBase

from .session import session_state
from .shapes import INDIVISIBLE


def raw(cls: type, *args: Any) -> Any:
    """The interned node `cls(*args)`, built without evaluation."""
    interned = session_state.interned
    for a in args:
        if id(a) not in interned:
            args = tuple(intern(a) for a in args)
            break
    node = Basic.__new__(cls, *args)
    found = session_state.table.setdefault(node, node)
    interned[id(found)] = (found, found)
    return found


def raw_scalar(cls: type, *args: Any) -> Any:
    """An unevaluated Add or Mul; unlike other nodes these keep whether they commute in a slot of their own."""
    node: Any = Basic.__new__(cls, *map(intern, args))
    node.is_commutative = True
    return _known(node)


def intern(node: Any) -> Any:
    """The one node of the session that equals this one, all of its parts such nodes too, so that equal nodes are always one object.

    What SymPy's cached constructors return may be an equal tree of an earlier session.
    """
    known = session_state.interned.get(id(node))
    if known is None:
        found = node
        if node.args and isinstance(node, Basic) and not isinstance(node, (*INDIVISIBLE, MatrixBase)):
            args = [intern(a) for a in node.args]
            if any(x is not y for x, y in zip(args, node.args)):
                found = _with_args(node, args)
        found = _known(found)
        session_state.interned[id(node)] = known = (node, found)  # the node is kept, so that its id stays its own
    return known[1]


def _known(node: Any) -> Any:
    """The node of the session that equals one whose parts are interned."""
    found = session_state.table.setdefault(node, node)
    session_state.interned[id(found)] = (found, found)
    return found


def _with_args(node: Basic, args: Sequence[Basic]) -> Basic:
    """A copy of a node with equal arguments, without the constructor and its cache."""
    new = Basic.__new__(type(node), *args)
    for name in (slot for cls in type(node).__mro__ for slot in getattr(cls, "__slots__", ())):
        if name not in ("_args", "_mhash", "_assumptions") and hasattr(node, name):
            setattr(new, name, getattr(node, name))
    if hasattr(node, "__dict__"):
        new.__dict__.update(node.__dict__)
    return new
