"""Derivatives of functions that have been given: what `subs` and `doit` put in the place of the derivative of an unknown function."""

from typing import Any

from sympy import Basic, MatrixSymbol, Symbol, Trace
from sympy.matrices.expressions.matexpr import MatrixElement

from ..kernel.walks import nodes_of
from ..nodes.unknown import ONE_BY_ONE, Form, Hooks, shape_of, value_of
from .derivatives import diff, gradient, jacobian
from .directional import jvp


def derivative_of_given(form: Form) -> Any:
    """The derivative that a form says, of a function that is given as a Lambda: at symbols, which the point is put in for afterwards."""
    names = _Names(form)
    variables = [names.symbol(shape_of(p)) for p in form.point]
    values = dict(zip(variables, form.point))
    e = value_of(form.function, tuple(variables))
    form = form._replace(function=_Shaped(e))
    directions = dict(zip(form.filled, form.given))
    for group, slot in enumerate(form.slots, 1):
        if form.shape_of_group(group) == ONE_BY_ONE:
            e = diff(e, variables[slot])
    if 0 in directions:
        weight = names.symbol(form.shape_of_group(0))
        values[weight] = directions.pop(0)
        e = Trace(weight.T * e) if 1 not in shape_of(e) else _only(weight.T * e if shape_of(e)[1] == 1 else weight * e.T)
    for group, direction in directions.items():
        symbol = names.symbol(shape_of(direction))
        values[symbol] = direction
        e = jvp(e, variables[form.slots[group - 1]], symbol)
    return _opened(e, form, variables).xreplace(values)


def _opened(e: Any, form: Form, variables: list) -> Any:
    """The derivative by the open groups, the slowest last."""
    if not form.open:
        return _only(e)
    first = form.rows[-1]
    if first:
        e = gradient(e, variables[form.slots[first - 1]])
    for group in (*reversed(form.rows[:-1]), *form.cols):
        e = jacobian(e, variables[form.slots[group - 1]], form="vec")
    return e


def _only(e):
    return MatrixElement(e, 0, 0) if getattr(e, "is_Matrix", False) and shape_of(e) == ONE_BY_ONE else e


class _Shaped:
    """What a form asks of its function: the shape of its values."""

    def __init__(self, value: Any):
        self.shape = tuple(value.shape) if getattr(value, "is_Matrix", False) else ()


class _Names:
    """Symbols of names that are not in use."""

    def __init__(self, form: Form):
        parts = (form.function, *form.point, *form.given)
        self.taken = {str(s.name) for e in parts if isinstance(e, Basic) for s in nodes_of(e, Symbol, MatrixSymbol)}
        self.count = 0

    def symbol(self, shape: tuple) -> Any:
        while True:
            self.count += 1
            name = f"z_{self.count}"
            if name not in self.taken:
                return Symbol(name, real=True) if shape == ONE_BY_ONE else MatrixSymbol(name, *shape)


Hooks.derivative = derivative_of_given
Hooks.diff = diff
