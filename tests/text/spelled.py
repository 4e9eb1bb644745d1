"""What is asked of every spelling: that a mistake in it has its place, and that what is read from it is derived right."""

import pytest

import sympy_matcalc as mc
from sympy_matcalc import MatcalcError
from sympy_matcalc.text import read
from sympy_matcalc.text.domains import domains


def check_place(text, column, says):
    """The error for a text says this, at this column."""
    with pytest.raises(MatcalcError) as error:
        read(text)
    assert says in str(error.value) and error.value.column == column


def check_derivative(text, variable):
    """The derivative of what a text says is right by numbers."""
    reading = read(text, variables=(variable,))
    (by,) = reading.variables
    assert mc.check(reading.expr, by, domain=domains(reading.expr)[0]).ok
