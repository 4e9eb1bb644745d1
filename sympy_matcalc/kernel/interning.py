"""Raw nodes, interned: `Basic.__new__` and the very arguments that the public constructor would store.

SymPy's operators and `doit` distribute transposes, sort and cost milliseconds on long products.
"""

from collections.abc import Sequence
from typing import Any

from sympy import Basic
from sympy.matrices import MatrixBase

from .session import id_memo, session_state
from .shapes import INDIVISIBLE


def raw(cls: type, *args: Any) -> Any:
    """The interned node `cls(*args)`, built without evaluation."""
    node = Basic.__new__(cls, *args)
    return session_state.table.setdefault(node, node)


def raw_scalar(cls: type, *args: Any) -> Any:
    """An unevaluated Add or Mul; unlike other nodes these keep whether they commute in a slot of their own."""
    node = Basic.__new__(cls, *args)
    node.is_commutative = True
    return session_state.table.setdefault(node, node)


def intern(node: Any) -> Any:
    return session_state.table.setdefault(node, node)


def adopt(node: Any) -> Any:
    """The interned copy of a scalar that SymPy made, all its parts interned: its cached constructors return equal older trees."""
    if not node.args or not isinstance(node, Basic) or isinstance(node, (*INDIVISIBLE, MatrixBase)):
        return intern(node)
    table = id_memo("adopt")
    found = table.get(node)
    if found is None:
        args = [adopt(a) for a in node.args]
        same_parts = all(x is y for x, y in zip(args, node.args))
        found = table[node] = intern(node if same_parts else _with_args(node, args))
        table[found] = found
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
