"""Problem: what objectives and residuals share, that is symbols, data and the functions generated so far."""

from functools import cached_property
from typing import Any

import numpy as np
from sympy import MatrixSymbol, Symbol

from ..api.directional import symbols_in
from ..codegen.kept.kept import kept
from ..codegen.kept.key import key_of
from ..codegen.lambdify import lambdify
from ..errors import MatcalcError, ShapeError
from ..facts import read_facts
from ..kernel.session import session
from ..kernel.walks import free_symbols
from .parameters import Parameters, as_numbers, bind_all, call_shape, checked_variables, shape_of
from .shown import Shown, the_values


class Problem(Shown):
    """Expressions in variables, data and arguments, compiled part by part when a part is first called, and then kept."""

    def __init__(self, exprs, variables, data, args, assumptions, cache=None):
        self.exprs, self.variables, self.args = exprs, checked_variables(variables), tuple(args)
        data = dict(data or {})
        _check_inputs(self.variables, data, self.args)
        arrays = {s: as_numbers(v, s) for s, v in data.items()}
        sizes = {s: int(v) for s, v in arrays.items() if isinstance(s, Symbol) and s.is_integer and v.ndim == 0}
        bind_all(arrays.items(), sizes)
        self.data = {s: a.reshape(call_shape(s, sizes))[()] for s, a in arrays.items()}
        self.data |= {s: sizes[s] for s in data if s in sizes}
        self.assumptions, self.cache = assumptions, cache
        read_facts(assumptions)
        _check_symbols(exprs, {*self.variables, *data, *self.args})
        self.parameters = Parameters(self.variables, sizes)
        self._functions = {}

    def flatten(self, values: Any = None, *more: Any, **named: Any) -> np.ndarray:
        """The flat x of values of the variables: a dict, a sequence in their order, or for one variable its array; each row by row."""
        return self.parameters.flatten(the_values(values, more, named, self.variables))

    def restore(self, x: Any) -> Any:
        """The variables in x as arrays of their shapes: one array for one variable, else a tuple in the order of the variables."""
        return self.parameters.restore(x)

    @property
    def bounds(self):
        """[(lowest, highest)] of each entry of x, None where there is none, as ``scipy.optimize.minimize(bounds=)`` takes them.

        They are what the symbols' assumptions say: positive and negative numbers keep a distance of 2.2e-16 from 0.
        """
        if self.parameters.parts is None:
            raise ShapeError("`bounds`: a size is not shown by the data, so that the length of x is not known: call `flatten` first")
        return [b for v, (start, stop, _) in zip(self.variables, self.parameters.parts) for b in [_bounds(v)] * (stop - start)]

    def source(self, part: str) -> str:
        """The generated source of a part, ``"fun"`` say."""
        return self._function(part).source

    def __getstate__(self):
        return {**self.__dict__, "_functions": {}}  # generated functions cannot be pickled; they are made anew

    @cached_property
    def directions(self):
        """A symbol for the direction of each variable, which no symbol in use is called."""
        return self._fresh("v", self.variables)

    def _fresh(self, prefix, like):
        """A symbol of the shape of each of `like`, called by none of the names in use."""
        with session():
            taken = {s.name for e in self.exprs for s in symbols_in(e)} | {s.name for s in (*self.variables, *self.data, *self.args)}
        found = []
        for k, e in enumerate(like):
            name = f"{prefix}_{getattr(e, 'name', k)}"
            while name in taken:
                name += "_"
            taken.add(name)
            shape = tuple(getattr(e, "shape", ()))
            found.append(MatrixSymbol(name, *shape) if shape else Symbol(name, real=True))
        return tuple(found)

    def _function(self, part):
        found = self._functions.get(part)
        if found is None:
            found = self._functions[part] = self._made(part) if self.cache is None else self._kept(part)
        return found

    def _made(self, part):
        extra, exprs, *options = getattr(self, "_derive_" + part)()
        return lambdify([*self.variables, *extra, *self.data, *self.args], exprs, **dict(*options))

    def _kept(self, part):
        """The function of a part by the source that is kept: neither derived nor compiled anew."""

        def made():
            function = self._made(part)
            return function.source, dict(function.given)

        asked = self.exprs, self.variables, tuple(self.data), self.args, self.assumptions, getattr(self, "structured", False)
        return kept(self.cache, key_of(type(self).__name__, part, *asked), made)

    def _call(self, part, x, args, extra=()):
        """The values of a part at x."""
        if len(args) != len(self.args):
            names = ", ".join(map(str, self.args)) or "none"
            raise MatcalcError(f"expected {len(self.args)} values after x ({names}, see `args`), got {len(args)}")
        return self._function(part)(*self.parameters.views(x), *extra, *self.data.values(), *args)

    def _own(self, array, x, args):
        """The array, copied where it is, or may be, a part of the data or of x: who gets it may write to it."""
        inputs = [x, *self.data.values(), *args]
        return np.array(array) if any(np.may_share_memory(array, a) for a in inputs if isinstance(a, np.ndarray)) else array

    def _flat(self, parts, x, args):
        """One vector of the parts of a gradient."""
        if len(parts) == 1:
            return self._own(np.asarray(parts[0]).reshape(-1), x, args)
        return np.concatenate([np.asarray(p).reshape(-1) for p in parts])


def _bounds(symbol):
    """(lowest, highest) value of a symbol by its assumptions."""
    if not isinstance(symbol, Symbol):
        return None, None
    least = np.finfo(float).eps
    low = least if symbol.is_positive else 0.0 if symbol.is_nonnegative else None
    high = -least if symbol.is_negative else 0.0 if symbol.is_nonpositive else None
    return low, high


def _check_inputs(variables, data, args):
    for s in (*data, *args):
        if not isinstance(s, (MatrixSymbol, Symbol)):
            raise MatcalcError(f"`data` and `args` are given by MatrixSymbols and Symbols, got {type(s).__name__}: `{s}`")
    given = [*variables, *data, *args]
    twice = [s for s in given if given.count(s) > 1]
    if twice:
        raise MatcalcError(f"`{twice[0]}` is given twice: a symbol is a variable, or in `data`, or in `args`")


def _check_symbols(exprs, given):
    """Every free symbol has a value; sizes are seen to by `lambdify`."""
    free = set().union(*map(free_symbols, exprs))
    sizes = {s for e in given for n in shape_of(e) for s in n.free_symbols}
    for s in sorted(free - given - sizes, key=str):
        namesake = " (it is not the symbol of its name that was given: compare their shapes and assumptions)"
        raise MatcalcError(
            f"`{s}` occurs in the expression but is neither a variable nor in `data` or `args`: give it in one of these"
            + namesake * (s.name in {g.name for g in given})
        )
