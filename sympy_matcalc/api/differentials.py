"""differential: an expression linear in dX, of real or of complex variables."""

from typing import Any

from sympy import MatrixSymbol

from ..errors import ArgumentError, MatcalcError
from ..facts import read_facts
from ..kernel.session import session
from ..typed_input import as_differentiable
from ..wirtinger.derivatives import complex_differential
from .derivatives import linear_in, shortened
from .directional import along_directions
from .explicit import of_explicit
from .variables import variable_of


@of_explicit
def differential(expr: Any, *variables: Any, assumptions: Any = None, complex: bool = False, structure: Any = None) -> Any:
    """Magnus-Neudecker differential: an expression linear in dX (and dY, ... for several variables).

    dX is a MatrixSymbol of that name, or a Symbol for a scalar variable. assumptions: as for `gradient`; they are
    facts about the symbols, not about dX. complex: True for the differential by complex variables, linear in dX and its conjugate,
    with assumptions and errors as for `complex_derivative`. structure: as for `gradient`, or a dict by variable; dX is a direction of it
    then, symmetric of a symmetric X. Errors: as `gradient`.

    >>> from sympy import MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> n = symbols("n", integer=True, positive=True)
    >>> X = MatrixSymbol("X", n, n)
    >>> mc.differential(X.I, X)
    -X**(-1)*dX*X**(-1)
    >>> from sympy import Adjoint
    >>> mc.differential(Adjoint(X)*X, X, complex=True)
    Adjoint(X)*dX + Adjoint(dX)*X
    """
    if not variables:
        raise MatcalcError("`differential` needs at least one variable: write `differential(expr, X)`")
    if complex:
        if structure is not None:
            raise ArgumentError(
                f"`differential` takes no structure of complex variables, got {structure!r}: `complex_derivative(..., structure=...)` does"
            )
        return complex_differential(expr, variables, assumptions)
    e, facts = as_differentiable(expr), read_facts(assumptions)
    with session():
        known = [variable_of(X) for X in variables]
        found = linear_in(e, [(X, None) for X in known])
    if structure is None:
        return shortened(found, facts)
    pairs = [(X, MatrixSymbol(f"d{X.name}", *X.shape) if isinstance(X, MatrixSymbol) else X) for X in known]
    return along_directions("differential", found, facts, assumptions, pairs, structure)
