"""Numeric code that users declare for the nodes of a class: functions of the values of all arguments, by library.

`linear` and `rule` write a row of this table; code generation and the evaluator read it. What SymPy's `implemented_function` makes, or a
function class with the ``_imp_`` that SymPy's `lambdify` calls, is a row by itself. A node without a row may still be written out: its own
``doit()`` says what it is in nodes that have code.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from keyword import iskeyword
from typing import Any

from sympy import Basic, Function

from ..errors import ArgumentError, MatcalcError
from .declaration import is_library

Numeric = Callable[..., Any] | str
LIBRARIES = ("numpy", "jax", "torch", "dask", "array_api")  # those that numeric code can be declared for


@dataclass(frozen=True, eq=False)
class NumericCode:
    """The functions of a class, as functions or dotted names."""

    functions: Mapping[str, Numeric]
    evaluate: Numeric | None = None  # the same in NumPy, by which results are judged

    @property
    def independent(self) -> Numeric | None:
        """What the evaluator takes: `evaluate`, else the function for NumPy."""
        return self.evaluate or self.functions.get("numpy")


CODE: dict[type, NumericCode] = {}


def code_of(cls: type) -> NumericCode | None:
    """What was declared of a class, or of the nearest of its base classes of which it was: by us, or of a function by its own ``_imp_``."""
    for base in cls.__mro__:
        if base in CODE:
            return CODE[base]
        if "_imp_" in base.__dict__ and issubclass(base, Function) and callable(function := getattr(base, "_imp_")):  # noqa: B009
            return _implemented(function)
    return None


@lru_cache(maxsize=4096)
def _implemented(function: Callable[..., Any]) -> NumericCode:
    """One row for each function, whichever class has it now, so that equal nodes have the same."""
    return NumericCode({"numpy": function})


def expansion(node: Basic) -> Basic | None:
    """What a node of a user's class is in other nodes, as its own ``doit()`` says; None where the class has none, or it leaves the node."""
    own = next((cls for cls in type(node).__mro__ if "doit" in cls.__dict__), Basic)
    if is_library(own):
        return None
    found = node.doit(deep=False)
    return found if isinstance(found, Basic) and not found.has(node) else None


def checked_code(by: str, node: str, given: Mapping[str, Any], evaluate: Any) -> NumericCode:
    """The row of what `by`, a function of the package, was given; ArgumentError for another library, and for what is no function."""
    unknown = sorted(set(given) - set(LIBRARIES))
    if unknown:
        raise ArgumentError(f"`{by}`: numeric code is given for {', '.join(LIBRARIES)}; got `{unknown[0]}`")
    for key, function in (*given.items(), ("evaluate", evaluate)):
        _check_function(by, node, key, function)
    return NumericCode({key: function for key, function in given.items() if function is not None}, evaluate)


def _check_function(by: str, node: str, key: str, function: Any) -> None:
    if isinstance(function, str):
        parts = function.split(".")
        if len(parts) > 1 and all(p.isidentifier() and not iskeyword(p) for p in parts):
            return
        raise ArgumentError(f"`{by}`: `{key}` of `{node}` must be a function or a name like 'module.function', got {function!r}")
    if function is not None and not callable(function):
        raise ArgumentError(f"`{by}`: `{key}` of `{node}` must be a function or the dotted name of one, got `{function!r}`")


def called_by_name(function: Numeric) -> Callable[..., Any]:
    """The function itself where only its dotted name was given; MatcalcError where there is none of that name."""
    if not isinstance(function, str):
        return function
    module, _, name = function.rpartition(".")
    try:
        return getattr(import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise MatcalcError(
            f"the function `{function}`, declared as numeric code, cannot be imported: {error}; give one that can"
        ) from error
