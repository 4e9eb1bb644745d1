"""`explain`: the steps of a derivative, by the rules that make it."""

from dataclasses import replace
from typing import Any

from sympy import assuming
from sympy.matrices import MatrixBase

from ..answers import as_answer
from ..api.explicit import StandIns
from ..api.variables import variable_of
from ..errors import ArgumentError
from ..facts import predicates
from ..kernel.session import session
from ..typed_input import as_differentiable
from . import chains, differentials
from .derivation import Derivation
from .differentials import answer_for
from .structured import tied_by

STYLES = ("differential", "chain")


def explain(
    expr: Any,
    X: Any,
    style: str = "differential",
    detail: int = 1,
    order: int = 1,
    domain: dict | None = None,
    points: int = 3,
    assumptions: Any = None,
    structure: Any = None,
    convention: str | None = None,
) -> Derivation:
    """The derivative of `expr` by X with its steps, made by the very rules that make the answer, each checked by numbers.

    expr: a scalar, vector or matrix. X: MatrixSymbol, Symbol or entry ``X[i, j]``, or an explicit matrix of symbols, for which one
    MatrixSymbol stands in the steps while the result is explicit. style: "differential", from `Differential(expr)` from
    the outside in to tr(G' dX), g' dx, J dx or, where that has more axes, J vec(dX), from which the derivative is read off; "chain", of a
    scalar or vector by a scalar or column: intermediate variables u1, u2, ..., their Jacobians, the chain rule, the product, and
    u1, u2, ... substituted back. detail: 0 what a lecturer writes on a board, 1 a line a level, 2 every rule with a line of its own.
    order: 2 for d^2 f and the Hessian. domain, points: as for `check`, of the random points at which each step is compared with
    differences of the expression. assumptions: as for `gradient`; the steps are true of what obeys them. structure, convention: as for
    `gradient`: the step from the derivative by all entries is the projection on the structure, as an equation that holds for every dX.

    Returns a `Derivation`: `steps`, each with `left`, `right`, `rule`, `source`, `shapes`, `note`; `result`, which is what `gradient`,
    `jacobian` (``form="vec"`` of more than two axes) or `hessian` (``form="vec"`` by a matrix) gives; `certificate`. A rule of one's own,
    by `rule` or `linear`, is a step as well. It shows itself as text, LaTeX, HTML, Markdown and data.

    Errors: CheckError where a step is not true; ArgumentError for an unknown style, detail or order; UnsupportedVariableError for an entry
    in index notation, for arrays of more than two axes, and in the chain style for matrices; ArgumentError for a structure in the chain
    style, and for order 2 by orthogonal or spd matrices; else as `gradient`.
    Source: Magnus & Neudecker, ch. 5 to 10; Minka, Old and new matrix algebra useful for statistics; for the chain style Parr & Howard,
    The matrix calculus you need for deep learning.

    >>> from sympy import Determinant, MatrixSymbol, log, symbols
    >>> import sympy_matcalc as mc
    >>> m, n = symbols("m n", integer=True, positive=True)
    >>> X = MatrixSymbol("X", m, n)
    >>> derivation = mc.explain(log(Determinant(X.T*X)), X, detail=0)
    >>> for step in derivation:
    ...     print(step.right, "|", step.rule)
    Trace((X.T*X)**(-1)*(X.T*dX + dX.T*X)) | Jacobi's formula for a determinant
    2*Trace((X.T*X)**(-1)*X.T*dX) | transposing and cycling under the trace
    2*Trace((X.T*X)**(-1)*X.T*dX) | identification: df = tr(G' dX) makes G the gradient
    >>> derivation.result
    2*X*(X.T*X)**(-1)
    >>> derivation.certificate.points
    3
    """
    given = {"structure": structure, "convention": convention}
    with assuming(*predicates(assumptions)):
        if not isinstance(X, MatrixBase):
            return _certified(derived(expr, X, style, detail, order, **given), points, domain, **given)
        stand_ins = StandIns(expr, [X])
        found = derived(stand_ins.put_in(expr), stand_ins.variable(X), style, detail, order, **given)
        result = as_answer(answer_for(found.kind, expr, X, **given), derived=True)
        return _certified(found, points, domain, **given).explicitly(X, result)


def _certified(found: Derivation, points: int, domain: dict | None, structure: Any, convention: Any) -> Derivation:
    """The same with its certificate, at points where the variable has its structure."""
    from .certify import certify  # needs NumPy, which the steps do not

    tied = tied_by(structure, convention, found.variable, found.style, found.order)
    return found.certified(certify(found, points, domain, tied and tied.facts))


def derived(
    expr: Any, X: Any, style: str = "differential", detail: int = 1, order: int = 1, structure: Any = None, convention: Any = None
) -> Derivation:
    """`explain` without a certificate."""
    if style not in STYLES:
        raise ArgumentError(f"`explain`: the style is one of {', '.join(STYLES)}, got {style!r}")
    if detail not in (0, 1, 2) or isinstance(detail, bool):
        raise ArgumentError(f"`explain`: the detail is 0, 1 or 2, got {detail!r}")
    if order not in (1, 2) or isinstance(order, bool):
        raise ArgumentError(f"`explain`: the order is 1 or 2, got {order!r}")
    expr, X = as_differentiable(expr), variable_of(X)
    tied = tied_by(structure, convention, X, style, order)
    with session():
        if style == "chain":
            kind, result, steps = chains.derive(expr, X, detail, order)
        else:
            kind, result, steps = differentials.derive(expr, X, detail, order, tied)
    result = as_answer(result, derived=True)
    steps[-1] = replace(steps[-1], found=(kind, result))
    return Derivation(expr, X, style, detail, order, kind, tuple(steps), result)
