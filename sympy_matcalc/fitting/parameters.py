"""Parameters: several variables as one flat vector and back; the sizes that arrays show."""

from math import prod
from typing import Any

import numpy as np
from sympy import MatrixSymbol, S, Symbol

from ..errors import MatcalcError, ShapeError, UnsupportedVariableError


class Parameters:
    """The variables of a problem in their order, each row by row, in one vector.

    variables: MatrixSymbols and Symbols. sizes: {size symbol: int} as far as it is known; a size that no data show is read once, off
    the first values that are flattened or off the length of the first x, and then stays.
    """

    def __init__(self, variables, sizes):
        self.variables, self.sizes = variables, sizes
        self.parts: Any = None  # (start, stop, shape for a call) of each variable, once all sizes are known
        self.user_shapes: list[tuple | None] = [None] * len(variables)  # as the user gave them
        self._lay_out()

    def flatten(self, values: Any) -> np.ndarray:
        """The vector x of `values`: a dict by variable, or a sequence in their order; for a single variable also its array alone."""
        arrays = [as_numbers(v, s) for s, v in zip(self.variables, self._sorted(values))]
        sizes = dict(self.sizes)  # values that do not fit leave nothing behind
        bind_all(zip(self.variables, arrays), sizes)
        self.sizes = sizes
        self._lay_out()
        self.user_shapes = [a.shape for a in arrays]
        return np.concatenate([a.ravel() for a in arrays])

    def restore(self, x: Any) -> Any:
        """The arrays in x, copied: one for a single variable, else a tuple. Vectors are ``(n,)`` unless others were flattened."""
        x = self.checked(x)
        shapes = [shape if given is None else given for (_, _, shape), given in zip(self.parts, self.user_shapes)]
        arrays = tuple(np.array(x[start:stop]).reshape(shape)[()] for (start, stop, _), shape in zip(self.parts, shapes))
        return arrays if len(arrays) > 1 else arrays[0]

    def views(self, x):
        """The parts of a checked x as arguments of a generated function."""
        return [x[start:stop].reshape(shape) if shape else x[start] for start, stop, shape in self.parts]

    def checked(self, x, name="x"):
        """x as a flat array of the right length."""
        x = np.asarray(x)
        if self.parts is None:
            self._read_length(x)
        if x.shape != (self.size,):
            parts = ", ".join(f"`{s}` {tuple(s.shape) if isinstance(s, MatrixSymbol) else ''}".strip() for s in self.variables)
            raise ShapeError(f"`{name}` must be a flat vector of {self.size} numbers for {parts}, got shape {x.shape}")
        return x

    @property
    def size(self):
        return self.parts[-1][1]

    def _lay_out(self):
        if self.parts is None and not self._unknown():
            self.parts, start = [], 0
            for symbol in self.variables:
                shape = call_shape(symbol, self.sizes)
                self.parts.append((start, start + prod(shape), shape))
                start += prod(shape)

    def _unknown(self):
        return {s for v in self.variables for n in shape_of(v) for s in n.free_symbols} - set(self.sizes)

    def _read_length(self, x):
        """A single size that is left is that for which x has the right length, if it is linear in it."""
        unknown = sorted(self._unknown(), key=str)
        total = sum((prod(shape_of(v), start=S.One) for v in self.variables), S.Zero).subs(self.sizes)
        found = solved(total, unknown[0], x.size) if len(unknown) == 1 and x.ndim == 1 else None
        if found is None:
            raise ShapeError(
                f"the size {', '.join(f'`{s}`' for s in unknown)} is not shown by the data: call `flatten` with initial values first"
            )
        self.sizes[unknown[0]] = found
        self._lay_out()

    def _sorted(self, values):
        if isinstance(values, dict):
            wrong = {*values} ^ {*self.variables}
            if wrong:
                raise MatcalcError(f"`flatten` needs a value for each of {self._names()} and no others, got {list(values)}")
            return [values[v] for v in self.variables]
        if len(self.variables) == 1 and not (isinstance(values, tuple) and len(values) == 1):
            return [values]
        if not isinstance(values, (tuple, list)) or len(values) != len(self.variables):
            raise MatcalcError(f"`flatten` needs the values of {self._names()} as a dict or in this order, got {type(values).__name__}")
        return list(values)

    def _names(self):
        return ", ".join(f"`{v}`" for v in self.variables)


def checked_variables(variables):
    """The variables as a tuple of different symbols."""
    variables = tuple(variables) if isinstance(variables, (tuple, list)) else (variables,)
    for v in variables:
        if not isinstance(v, (MatrixSymbol, Symbol)):
            raise UnsupportedVariableError(f"a variable to fit is a MatrixSymbol or a Symbol, got {type(v).__name__}: `{v}`")
    if not variables or len(set(variables)) < len(variables):
        raise MatcalcError(f"the variables to fit must be different and at least one, got `{list(variables)}`")
    return variables


def shape_of(symbol):
    return tuple(symbol.shape) if isinstance(symbol, MatrixSymbol) else ()


def call_shape(symbol, sizes):
    """The shape in which a generated function gets the symbol: vectors have one axis."""
    shape = tuple(int(n.subs(sizes)) for n in shape_of(symbol))
    axes = [k for k, n in enumerate(shape_of(symbol)) if n != 1]
    return (shape[axes[0]],) if len(axes) == 1 else shape


def as_numbers(value, symbol):
    """The value of a symbol as an array of floating point (or complex) numbers."""
    if hasattr(value, "toarray"):
        raise MatcalcError(
            f"the value of `{symbol}` is a {type(value).__name__}, and data here are dense: pass `.toarray()`, or give a minimiser the "
            f"functions of `lambdify(..., sparse={symbol})`"
        )
    if isinstance(value, np.ma.MaskedArray):
        raise MatcalcError(f"the value of `{symbol}` is a masked array, whose mask no formula sees: pass `.filled(...)`, or weights of 0")
    array = np.asarray(value)
    if array.dtype.kind in "biu":
        return array.astype(float)
    if array.dtype.kind not in "fc":
        raise MatcalcError(f"the value of `{symbol}` must be numbers, got an array of dtype {array.dtype}")
    return array


def bind_all(pairs, sizes):
    """Read sizes off arrays, given as (symbol, array), into `sizes`, and check that all of them fit."""
    pairs = sorted(pairs, key=lambda pair: sum(not n.is_Symbol for n in shape_of(pair[0])))  # a plain size is read first
    for symbol, array in pairs:
        _bind(symbol, array, sizes)
    for symbol, array in pairs:
        check_shape(symbol, array, sizes)


def _bind(symbol, array, sizes):
    """Put the sizes that the array shows and that are not known yet into `sizes`."""
    for size, length in zip(shape_of(symbol), _lengths(symbol, array, sizes)):
        unknown = size.free_symbols - set(sizes)
        if len(unknown) == 1:
            found = solved(size.subs(sizes), next(iter(unknown)), length)
            if found is None:
                raise ShapeError(
                    f"`{symbol}` of shape {shape_of(symbol)} cannot have an axis of length {length}, got {array.shape}; give one that fits"
                )
            sizes[unknown.pop()] = found


def check_shape(symbol, array, sizes):
    """ShapeError where the array has not the shape of the symbol."""
    expected = tuple(n.subs(sizes) for n in shape_of(symbol))
    if tuple(_lengths(symbol, array, sizes)) != expected:
        _wrong_shape(symbol, array, sizes)


def _lengths(symbol, array, sizes):
    """Both lengths of a matrix; a vector may have one axis, a scalar has none."""
    shape = shape_of(symbol)
    if len(shape) == array.ndim:
        return array.shape
    if array.ndim == 1 and 1 in shape:
        return (array.size, 1) if shape[1] == 1 else (1, array.size)
    return _wrong_shape(symbol, array, sizes)


def _wrong_shape(symbol, array, sizes):
    shape = shape_of(symbol)
    known = tuple(n.subs(sizes) for n in shape)
    text = f"{shape}" if known == shape else f"{shape} = {known}"
    raise ShapeError(f"the value of `{symbol}`: expected {f'shape {text}' if shape else 'a number'}, got shape {array.shape}")


def solved(size, symbol, length):
    """The whole number for which a size that is linear in `symbol` has this length, or None."""
    a, c = size.coeff(symbol, 1), size.coeff(symbol, 0)
    if (size - a * symbol - c).expand() != 0 or not a.is_Integer or not c.is_Integer or a == 0:
        return None
    found, rest = divmod(length - int(c), int(a))
    return found if rest == 0 and found >= 0 else None
