"""`at`: the value of any answer at a point, as NumPy arrays."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from sympy import Basic, Expr, MatrixSymbol, NDimArray, Symbol
from sympy.matrices import MatrixBase
from sympy.tensor.array.arrayop import Flatten

from ..codegen.lambdify import lambdify
from ..errors import ArgumentError, DtypeError, ExpressionError, ShapeError
from ..kernel.walks import free_symbols
from ..nodes.arrays import is_array_symbol
from ..nodes.unknown import UnknownFunction
from ..strict import sympified


def at(result: Any, values: Mapping | list) -> Any:
    """The value of an answer where the symbols have these values: a NumPy array, a number for a scalar.

    result: an expression, scalar, matrix or array, explicit or not; a list, tuple or dict of such, at any depth, gives the same of values;
    what `lambdify` has returned, an array or an operator, gives its array. values: ``{symbol: array}``, or pairs; a symbol itself, or
    its name where one symbol alone has that; numbers and explicit matrices of SymPy, lists and NumPy arrays are values, a column is one
    in two axes or one; the pair ``(Matrix([x, y]), [1, 2])`` gives each of its symbols an entry. Symbols that do not occur are passed
    over. Sizes are read off the arrays. A result is an array of its shape, ``(n,)`` for a vector if its vectors came so, a number for a
    scalar or 1 x 1.

    Errors: ShapeError for an array that does not fit; ArgumentError for a symbol without a value, or for a function that is not given;
    DtypeError for what is no number; errors of `lambdify`.

    >>> from sympy import Matrix, MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> n = symbols("n", integer=True, positive=True)
    >>> A, x = MatrixSymbol("A", n, n), MatrixSymbol("x", n, 1)
    >>> mc.at(mc.gradient(x.T*A*x, x), {A: [[1, 2], [3, 4]], x: [1, 1]})
    array([ 7., 13.])
    >>> u, v = symbols("u v")
    >>> mc.at(mc.gradient(u**2 + v**2, Matrix([u, v])), {u: 1, v: 2})
    array([[2.],
           [4.]])
    """
    if not isinstance(values, Mapping) and not (isinstance(values, (list, tuple)) and all(map(_is_pair, values))):  # type: ignore[redundant-expr]
        raise ArgumentError(f"`at` needs the values as a dict, {{symbol: array}}, or as pairs of these, got {type(values).__name__}")
    values = list(values.items()) if isinstance(values, Mapping) else list(values)
    if isinstance(result, Mapping):
        return {key: at(e, values) for key, e in result.items()}
    if isinstance(result, (list, tuple)):
        return type(result)(at(e, values) for e in result) if type(result) in (list, tuple) else [at(e, values) for e in result]
    if isinstance(result, (np.ndarray, np.generic)):
        return result
    if not isinstance(result, (Basic, MatrixBase)) and hasattr(result, "shape") and hasattr(result, "dtype"):
        return np.asarray(result @ np.eye(result.shape[1]))
    e = sympified(result)
    e = e.as_immutable() if isinstance(e, (MatrixBase, NDimArray)) else e
    if not (isinstance(e, (Expr, MatrixBase, NDimArray)) or hasattr(e, "shape")):
        raise ExpressionError(f"`at` gives the value of an expression, got {type(e).__name__}: `{e}`")
    given = _given(e, values)
    return lambdify(list(given), e)(*given.values())


def _is_pair(v: Any) -> bool:
    return isinstance(v, (list, tuple)) and len(v) == 2


def _given(e: Any, values: list) -> dict:
    """{symbol: value} for the symbols that occur in the expression; ArgumentError where one has none."""
    occurring = _symbols(e)
    found: dict = {}
    for key, value in values:
        for symbol, part in _parts(key, value):
            for s in _named(symbol, occurring):
                if s in found:
                    raise ArgumentError(f"`at`: the symbol `{s}` is given two values")
                found[s] = part
    missing = sorted((s for s in occurring if s not in found and not _is_shown(s, found)), key=str)
    if missing:
        names = ", ".join(f"`{s}`" for s in missing)
        raise ArgumentError(
            f"`at`: no value is given for {names} of `{_short(e)}`; give {{symbol: value}} for each, a size only if no array shows it"
        )
    used = {s: value for s, value in found.items() if s in occurring}
    unshown = [s for s in occurring if s not in used and not _is_shown(s, used)]
    return used | {s: value for s, value in found.items() if s not in used and any(_is_shown(n, {s: value}) for n in unshown)}


def _symbols(e: Any) -> set:
    """The symbols that have values: matrices, arrays and scalars, and sizes."""
    arrays = {a for a in _atoms(e, lambda a: is_array_symbol(a) or isinstance(a, MatrixSymbol))}
    names = {a.name for a in arrays if is_array_symbol(a)}
    sizes = {s for a in arrays for size in a.shape for s in size.free_symbols}
    scalars = {s for s in free_symbols(e) if isinstance(s, Symbol) and s not in names}
    functions = _atoms(e, lambda a: isinstance(a, UnknownFunction))
    for f in functions:
        raise ArgumentError(f"`at`: the function `{f}` is not given: put one in its place first, `result.subs({f}, Lambda(...)).doit()`")
    return arrays | (scalars) | sizes


def _atoms(e: Any, wanted: Any) -> set:
    found, stack, seen = set(), [e], set()
    while stack:
        node = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if wanted(node):
            found.add(node)
        elif isinstance(node, NDimArray):
            stack += list(Flatten(node))
        else:
            stack += getattr(node, "args", ())
    return found


def _is_shown(s: Any, found: dict) -> bool:
    """Whether a symbol is the size of an array that is given."""
    return isinstance(s, Symbol) and any(s in getattr(size, "free_symbols", ()) for a in found for size in getattr(a, "shape", ()))


def _parts(key: Any, value: Any) -> Iterable:
    """(symbol, value), one for each entry of an explicit matrix of symbols."""
    if not isinstance(key, MatrixBase):
        return [(key, _array(key, value))]
    array = np.asarray(_array(key, value))
    if array.shape not in (tuple(key.shape), (len(key),)) or array.ndim == 1 and 1 not in key.shape:
        raise ShapeError(f"`at`: `{key}` has the shape {tuple(key.shape)}: its value must have it too, got {array.shape}")
    return list(zip(key.flat(), array.ravel().tolist()))


def _named(key: Any, occurring: set) -> list:
    """The symbol that is meant by a key, as a list; none where it does not occur."""
    if isinstance(key, str):
        same = sorted((s for s in occurring if str(s.name) == key), key=str)
        if len(same) > 1:
            raise ArgumentError(f"`at`: {len(same)} symbols have the name {key!r}; give the symbol itself")
        return same
    if not (isinstance(key, (Symbol, MatrixSymbol)) or is_array_symbol(key)):
        raise ArgumentError(f"`at` takes values of symbols, or of an explicit matrix of symbols, got {type(key).__name__}: `{key}`")
    if key in occurring:
        return [key]
    other = [s for s in occurring if str(s.name) == str(key.name)]
    if other:
        raise ArgumentError(
            f"`at`: `{key}` does not occur, but another symbol of its name does, of another shape or other assumptions; use that one"
        )
    return [] if isinstance(key, Symbol) else [key]  # an array may show a size that occurs


def _array(key: Any, value: Any) -> Any:
    """A value as NumPy has it: numbers of SymPy too."""
    if isinstance(value, (MatrixBase, NDimArray)):
        value = np.array(value.tolist(), dtype=object)
    if isinstance(value, Basic) or isinstance(value, (list, tuple)) or getattr(getattr(value, "dtype", None), "kind", "") == "O":
        try:
            array = np.array(value, dtype=object)
            flat = [complex(x) for x in array.ravel()]
        except (TypeError, ValueError):
            raise DtypeError(f"`at`: the value of `{key}` has to be numbers, got `{_short(value)}`") from None
        numbers = np.array(flat if any(x.imag for x in flat) else [x.real for x in flat]).reshape(array.shape)
        return numbers if numbers.ndim else numbers.item()
    return value


def _short(e: Any) -> str:
    text = str(e)
    return text if len(text) < 80 else text[:77] + "..."
