"""Nodes of SymPy as answers hold them: SymPy's own in all they do, and printed so that people read them and can type them back.

SymPy prints a function of every entry as its Lambda, a matrix of ones as `1`. Its classes are left alone; a derived class has the text.
An object of it equals SymPy's of the same arguments, and so do the classes, so that dictionaries, `subs` and `==` take one for the other.
"""

from typing import Any, ClassVar

import sympy
from sympy import Basic
from sympy.matrices.expressions import applyfunc, special

from .words import entrywise_pretty, entrywise_text

BASES = (applyfunc.ElementwiseApplyFunction, special.OneMatrix, special.ZeroMatrix, special.Identity)
PLAIN: dict[int, type] = {}  # of a class of this file, by id: the class of SymPy


class _Alike(type(special.OneMatrix)):  # type: ignore[misc]
    """The class of classes that equal the one they are derived from."""

    def __eq__(cls, other: Any) -> bool:
        return PLAIN.get(id(cls), cls) is PLAIN.get(id(other), other)

    def __ne__(cls, other: Any) -> bool:
        return not cls == other

    def __hash__(cls) -> int:
        return type.__hash__(PLAIN.get(id(cls), cls))


class ElementwiseApplyFunction(applyfunc.ElementwiseApplyFunction, metaclass=_Alike):
    """``sigmoid(X*w)``."""

    def _sympystr(self, printer):
        return entrywise_text(self.function, self.expr, printer)

    def _pretty(self, printer):
        return entrywise_pretty(self.function, self.expr, printer)

    def doit(self, **hints):
        return shown(super().doit(**hints))


class OneMatrix(special.OneMatrix, metaclass=_Alike):
    """``ones(m, n)``."""

    def _sympystr(self, printer):
        return f"ones({', '.join(map(printer._print, self.args))})"


class ZeroMatrix(special.ZeroMatrix, metaclass=_Alike):
    """``zeros(m, n)``."""

    def _sympystr(self, printer):
        return f"zeros({', '.join(map(printer._print, self.args))})"


class Identity(special.Identity, metaclass=_Alike):
    """``I(n)``, where nothing beside it says its size."""

    def _sympystr(self, printer):
        return f"I({printer._print(self.args[0])})"


SHOWN = {base: cls for base, cls in zip(BASES, (ElementwiseApplyFunction, OneMatrix, ZeroMatrix, Identity))}
PLAIN.update((id(cls), base) for base, cls in SHOWN.items())


def shown(node: Any) -> Any:
    """A node of SymPy as one that prints well; itself where there is none."""
    cls = SHOWN.get(type(node))
    return node if cls is None or type(node) is cls else Basic.__new__(cls, *node.args)


def plain(node: Any) -> Any:
    """The node of SymPy that a node equals."""
    if isinstance(node, Displayed):
        return _of_class(node.func, node)
    base = PLAIN.get(id(type(node)))
    return node if base is None else Basic.__new__(base, *node.args)


# ---- sums, products and powers of numbers, whose objects have no room for an attribute
class Displayed:
    """Mixin of one that says itself how Jupyter shows it, by ``_repr_latex_``."""

    __slots__ = ()
    _repr_latex_: ClassVar[Any]

    @property
    def func(self):
        """SymPy's class: what is made of the object is SymPy's, whose constructors keep what they have made."""
        return PLAIN[id(type(self))]


class Add(Displayed, sympy.Add, metaclass=_Alike):
    __slots__ = ()


class Mul(Displayed, sympy.Mul, metaclass=_Alike):
    __slots__ = ()


class Pow(Displayed, sympy.Pow, metaclass=_Alike):
    __slots__ = ()


DISPLAYED = {sympy.Add: Add, sympy.Mul: Mul, sympy.Pow: Pow}
PLAIN.update((id(cls), base) for base, cls in DISPLAYED.items())


def displayed(expr: Any) -> Any:
    """A sum, product or power as one that says how Jupyter shows it."""
    return _of_class(DISPLAYED.get(type(expr), type(expr)), expr)


def _of_class(cls: type, expr: Any) -> Any:
    """One of another class, not evaluated."""
    copy = Basic.__new__(cls, *expr.args)
    copy.is_commutative = expr.is_commutative
    return copy
