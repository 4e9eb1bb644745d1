"""An answer with the terms of its sums in the order in which they are written, for what goes by the order of terms.

A sum in an answer has its terms in SymPy's order, so that it equals the one that is typed in SymPy, and knows in which it is written. SymPy
keeps what its constructors have made and takes equals for one another: a part of an answer may so get into an expression that someone
types later. There the order of writing has no say; it has only in the very objects that are given as answers.
"""

from operator import is_
from typing import Any

from sympy import BlockMatrix, Lambda, MatrixSymbol, Number, Symbol, Tuple
from sympy.matrices import MatrixBase

from ..nodes.algebra_text import blocks_with_text, written
from ..nodes.einsum import is_axis
from ..nodes.shown import Displayed, plain
from .classes import Derived
from .interning import with_args
from .walks import postorder

WHOLE = (Symbol, Number, MatrixSymbol, Lambda, MatrixBase)  # what is not looked into
IS_WHOLE = Derived(*WHOLE)


def is_answer(expr: Any) -> bool:
    """Whether an object is one that was given as an answer, not what someone made of it."""
    return isinstance(expr, Displayed) or "_repr_latex_" in getattr(expr, "__dict__", ())


def parts_of(node: Any) -> Any:
    """The parts of a node that are looked into, in the order in which SymPy keeps them."""
    cls = type(node)
    return () if IS_WHOLE[cls] or cls is Tuple and is_axis(node) else tuple(node.blocks) if cls is BlockMatrix else node.args


def parts_as_written(node: Any) -> Any:
    """The same in the order in which they are written."""
    parts = parts_of(node)
    return written(node) if parts is node.args else parts


def as_written(found: Any) -> Any:
    """An answer, or those in a list, tuple or dict, as it is written; what is no answer as it is."""
    if isinstance(found, dict):
        return {k: as_written(e) for k, e in found.items()}
    if type(found) in (list, tuple):
        return type(found)(map(as_written, found))
    if not is_answer(found):
        return found
    return plain(_restored(found)) if isinstance(found, Displayed) else _restored(found)


def _restored(expr):
    new: dict[int, Any] = {}
    for node in postorder(expr, parts_as_written):
        parts = parts_as_written(node)
        args = [new[id(a)] for a in parts]
        if type(node) is BlockMatrix:
            new[id(node)] = node if all(map(is_, args, parts)) else blocks_with_text(node, args)
        else:
            new[id(node)] = node if all(map(is_, args, node.args)) else with_args(node, args)
    return new[id(expr)]
