"""Raw nodes, interned: `Basic.__new__` and the very arguments that the public constructor would store.

SymPy's operators and `doit` distribute transposes, sort and cost milliseconds on long products.
"""

from collections.abc import Sequence
from operator import is_
from typing import Any

from sympy import Basic, MatrixSymbol
from sympy.core.numbers import ComplexInfinity, Infinity, NaN, NegativeInfinity
from sympy.matrices import MatrixBase

from ..nodes.algebra_text import ATTRIBUTES
from ..nodes.shown import plain
from .classes import Derived
from .session import session_state
from .shapes import INDIVISIBLE

NOT_FINITE = (NaN, ComplexInfinity, Infinity, NegativeInfinity)  # SymPy's only objects of these classes
CLOSED = (*NOT_FINITE, MatrixBase, *(cls for cls in INDIVISIBLE if cls is not MatrixSymbol))
UNDIVIDED = (*INDIVISIBLE, MatrixBase)


class _Slots(dict[type, tuple[str, ...]]):
    """The slots of a class that `Basic.__new__` does not fill, found out once a class."""

    def __missing__(self, cls: type) -> tuple[str, ...]:
        names = (slot for base in cls.__mro__ for slot in getattr(base, "__slots__", ()))
        self[cls] = found = tuple(name for name in names if name not in ("_args", "_mhash", "_assumptions"))
        return found


IS_CLOSED, OWN_SLOTS = Derived(*CLOSED), _Slots()


def raw(cls: type, *args: Any) -> Any:
    """The interned node `cls(*args)`, built without evaluation."""
    key = (cls, *map(id, args))  # nearly all parts are nodes of the session: equal ones are one object
    found = session_state.built.get(key)
    if found is None:
        found = session_state.built[key] = _new(cls, args)
    return found


def _new(cls: type, args: tuple) -> Basic:
    """The node of the session of these parts, which are such nodes too and keep their ids from now on."""
    interned = session_state.interned
    if not all(map(interned.__contains__, map(id, args))):
        args = tuple(map(intern, args))
    node = Basic.__new__(cls, *args)
    found = session_state.table.setdefault(node, node)
    if found is node:
        interned[id(node)] = node
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
        known = node
        if node.args and isinstance(node, Basic) and not isinstance(node, UNDIVIDED):
            args = [intern(a) for a in node.args]
            if any(x is not y for x, y in zip(args, node.args)):
                known = with_args(node, args)
        known = _known(plain(known))
        if known is not node:
            session_state.interned[id(node)] = known
            session_state.met.append(node)  # it is kept, so that its id stays its own
    return known


def _known(node: Any) -> Any:
    """The node of the session that equals one whose parts are interned."""
    found = session_state.table.setdefault(node, node)
    session_state.interned[id(found)] = found
    if IS_CLOSED[type(node)]:
        session_state.closed = True
    return found


def surely_finite(node: Any) -> bool:
    """Whether no infinity can be in a node of the session: none is in any of its nodes, nor parts that were not looked into."""
    intern(node)
    return not session_state.closed


def with_args(node: Basic, args: Sequence[Basic]) -> Basic:
    """A copy of a node with equal arguments, without the constructor and its cache."""
    new = Basic.__new__(type(node), *args)
    for name in OWN_SLOTS[type(node)]:
        if hasattr(node, name):
            setattr(new, name, getattr(node, name))
    if getattr(node, "__dict__", None):
        fresh = {id(a): b for a, b in zip(node.args, args)}  # some classes keep an argument as an attribute too
        dropped = ATTRIBUTES[-1:] if all(map(is_, args, node.args)) else ATTRIBUTES  # true of the arguments that the object has
        kept = (name for name in node.__dict__ if name not in dropped)
        new.__dict__.update((name, fresh.get(id(value := node.__dict__[name]), value)) for name in kept)
    return new
