"""Arguments as SymPy objects, text excepted: `sympify` evaluates a string as Python, so no string may reach it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sympy import Basic, Tuple, sympify
from sympy.core.sympify import SympifyError

from .errors import ExpressionError


def sympified(x: Any) -> Any:
    """The SymPy object of a number, an expression or a matrix.

    Errors: ExpressionError for text, and for what SymPy has no object for.

    >>> sympified(2)
    2
    >>> sympified("x + 1")
    Traceback (most recent call last):
    ...
    sympy_matcalc.errors.ExpressionError: expected a SymPy object or a number, got the text 'x + 1'; sympy_matcalc.text.parse reads text
    """
    if isinstance(x, Basic):
        return x
    text = next(texts_in(x), None)
    if text is not None:
        raise ExpressionError(f"expected a SymPy object or a number, got the text {text!r}; sympy_matcalc.text.parse reads text")
    try:
        return sympify(x, strict=True)
    except SympifyError:
        raise ExpressionError(f"expected a SymPy object or a number, got {type(x).__name__}: {x!r}") from None


def texts_in(x: Any) -> Iterator[str | bytes]:
    """The texts among the items of an object, at any depth: SymPy's `sympify` reaches them there too."""
    if isinstance(x, (str, bytes)):
        yield x
    elif isinstance(x, Mapping):
        for pair in x.items():
            yield from texts_in(pair)
    elif isinstance(x, (list, tuple, set, frozenset)):
        for item in x:
            yield from texts_in(item)
    elif getattr(getattr(x, "dtype", None), "kind", "") in ("O", "S", "U", "T"):
        yield from texts_in(x.tolist())


def sympified_tuple(items: Iterable[Any]) -> Tuple:
    """The `Tuple` of SymPy objects."""
    if type(items) is Tuple:
        return items
    return Tuple(*map(sympified, items), sympify=False)
