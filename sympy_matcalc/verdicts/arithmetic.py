"""Sums, multiples and transposes of formulas, in the package's own form.

SymPy's ``+``, ``-`` and ``*`` of matrices evaluate all that is inside of them, down to the nested sums over entries that SymPy makes of
``(x.T*A*x)[0, 0]``: seconds for what is built here at once.
"""

from typing import Any

from sympy import MatrixExpr, Sum

from ..canonical import prepare_whole
from ..errors import MatcalcError
from ..kernel import make
from ..kernel.scalars import UndefinedError
from ..kernel.session import session
from ..kernel.symmetry import transpose
from ..kernel.walks import holds
from ..notation.present import present
from ..strict import sympified


def combined(*terms: tuple[Any, Any]) -> Any:
    """The sum of c*e over the pairs (c, e); a scalar and a 1 x 1 matrix count as the same."""
    if any(isinstance(e, MatrixExpr) for _, e in terms):
        if any(getattr(e, "shape", ()) == (1, 1) for _, e in terms):
            return combined(*((c, entry_of(e)) for c, e in terms))
        if all(isinstance(e, MatrixExpr) and e.shape == terms[0][1].shape for _, e in terms):
            with session():
                return present(prepare_whole(make.add(*(make.mul(sympified(c), e) for c, e in terms))))
    total = terms[0][0] * terms[0][1]
    for c, e in terms[1:]:
        total = total + c * e
    return total


def entry_of(e: Any) -> Any:
    """The scalar that a 1 x 1 matrix is; anything else as it is."""
    if not isinstance(e, MatrixExpr) or e.shape != (1, 1):
        return e
    with session():
        return present(prepare_whole(make.element(e)))


def minus(a: Any, b: Any) -> Any:
    return combined((1, a), (-1, b))


def times(c: Any, e: Any) -> Any:
    return combined((c, e))


def turned(e: Any) -> Any:
    """The transpose, a product or a sum turned factor by factor."""
    with session():
        return present(prepare_whole(transpose(e)))


def folded(e: Any) -> Any:
    """A formula without the sums over entries that SymPy makes of a product that is a scalar; as it is where there are none."""
    if not hasattr(e, "args") or not holds(e, (Sum,)):
        return e
    try:
        with session():
            return present(prepare_whole(e))
    except (MatcalcError, UndefinedError):
        return e
