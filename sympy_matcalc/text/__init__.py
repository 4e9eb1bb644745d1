"""Typed expressions: ``parse("x.T*A*x")``. Text is read through a whitelist and is never evaluated."""

from importlib import import_module as _import_module
from typing import TYPE_CHECKING as _TYPE_CHECKING

if _TYPE_CHECKING:
    from .reader import Reading as Reading
    from .reader import parse as parse
    from .reader import read as read
    from .writer import to_text as to_text

# Loaded when they are first asked for: the command line's help needs the table of functions alone.
_ON_DEMAND = {"Reading": ".reader", "parse": ".reader", "read": ".reader", "to_text": ".writer"}
__all__ = sorted(_ON_DEMAND)

if not _TYPE_CHECKING:

    def __getattr__(name):
        if name in _ON_DEMAND:
            value = globals()[name] = getattr(_import_module(_ON_DEMAND[name], __name__), name)
            return value
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
