"""`verdict`: how a user's own formula stands to the derivative."""

from dataclasses import replace
from typing import Any

import numpy as np
from sympy import Basic, Indexed, IndexedBase
from sympy.matrices import MatrixBase

from ..api.explicit import StandIns
from ..text import to_text
from .case import case_of
from .conforming import misfit
from .diagnosis import diagnose
from .indexed import by_entries
from .points import NotComparableError
from .question import read_question
from .result import Verdict


def verdict(
    mine: Any,
    expr: Any,
    X: Basic,
    order: int = 1,
    *,
    Y: Basic | None = None,
    form: str | None = None,
    layout: str = "numerator",
    assumptions: Any = None,
    structure: Any = None,
    convention: str | None = None,
    domain: dict[Any, Any] | None = None,
    indices: Any = None,
) -> Verdict:
    """How a formula of one's own stands to a derivative: right, or what is the matter with it, as a `Verdict`.

    mine: the formula, a SymPy expression of the symbols of `expr`. expr, X: as for `gradient` of scalars, else as for `jacobian`; order=2:
    the Hessian, by X and Y for a mixed one. form, layout, structure, convention, assumptions: as there, they say which derivative is meant.
    domain: {symbol: "positive" | "spd" | ...} for the random data, as for `check`; it is no fact that a formula may use.
    indices: the free ones of a formula in index notation, in the order of the axes of the derivative; by an entry ``x[k]`` those of it.

    ``.kind`` is "right"; "transposed", the other layout; "sign"; "scaled", with ``.factor``; "right if", with ``.condition``; "other
    convention", a structured X by entries or by subspace, or rows stacked in a vec form; "missing term", with ``.difference``, what has to
    be added (of a term too many its negative); "wrong shape"; or "wrong", with ``.counterexample``. A second fault is in ``.also``. A
    Kronecker form of a derivative with more than two axes is right, and ``.note`` says which form. The two are compared at random points
    of three sets of distinct sizes and two scales, where the derivative is certified by finite differences.

    Errors: ExpressionError, ShapeError for what is no formula of the expression's symbols; as `gradient`; CheckError where nothing can be
    compared.

    >>> from sympy import MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> n = symbols("n", integer=True, positive=True)
    >>> A, x = MatrixSymbol("A", n, n), MatrixSymbol("x", n, 1)
    >>> v = mc.verdict(2*A*x, x.T*A*x, x)
    >>> v.kind, v.condition
    ('right if', Q.symmetric(A))
    >>> print(v)
    Right if A is symmetric: `2*A*x` is the gradient of `x.T*A*x` by `x` then; in general it is `(A + A.T)*x`
    >>> mc.verdict(A*x, x.T*A*x, x).difference
    A.T*x
    >>> mc.verdict(x.T*(A + A.T), x.T*A*x, x).kind
    'transposed'
    """
    if isinstance(X, MatrixBase):
        return _of_explicit(verdict, mine, expr, X, order=order, form=form, layout=layout, assumptions=assumptions, domain=domain)
    if indices is not None or isinstance(X, (Indexed, IndexedBase)):
        mine, expr, X = by_entries(mine, expr, X, indices)
    given = {"Y": Y, "form": form, "layout": layout, "assumptions": assumptions, "structure": structure, "convention": convention}
    question = read_question(mine, expr, X, order, domain=dict(domain or {}), **given)
    with np.errstate(all="ignore"):  # of data outside of a domain, which are drawn anew
        try:
            case = case_of(question)
        except NotComparableError:
            apart = misfit(question.mine)
            if not apart:
                raise
            note = f"`{to_text(question.mine)}` does not fit together, {apart}"
            return Verdict("wrong shape", question.mine, question.derivative(), question.expr, question.X, question.name, note=note)
        found = diagnose(case)
    sizes = tuple({tuple(p.sizes.items()): p.sizes for p in case.points}.values())
    return Verdict(
        mine=question.mine,
        answer=case.answer,
        expr=question.expr,
        X=question.X,
        Y=question.Y,
        name=question.name,
        points=len(case.points),
        sizes=sizes,
        **found,
    )


def _of_explicit(judge, mine, expr, X, **given):
    """The verdict where the variable is an explicit matrix of symbols, for which one MatrixSymbol stands meanwhile."""
    stand_ins = StandIns(expr, [X])
    v = judge(stand_ins.put_in(mine), stand_ins.put_in(expr), stand_ins.variable(X), **given)
    back = {k: stand_ins.put_back(getattr(v, k)) for k in ("answer", "factor", "difference") if getattr(v, k) is not None}
    return replace(v, mine=mine, expr=expr, X=X, terms=tuple(map(stand_ins.put_back, v.terms)), **back)
