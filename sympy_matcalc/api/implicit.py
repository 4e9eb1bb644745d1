"""`implicit`: the derivative of what an equation defines."""

from typing import Any

from sympy import Eq, ImmutableMatrix, MatMul, MatrixSymbol, S, Symbol
from sympy.matrices import MatrixBase
from sympy.matrices.expressions import Inverse, ZeroMatrix

from ..errors import ArgumentError, ShapeError, UnsupportedVariableError
from ..nodes import Unvec, Vec
from ..structure.notes import noted
from ..typed_input import as_differentiable
from .derivatives import diff, jacobian
from .linearised import presented, solved_by_name
from .variables import is_scalar, variable_of


def implicit(F: Any, y: Any, x: Any, assumptions: Any = None) -> Any:
    """The derivative dy/dx of the y that ``F(x, y) = 0`` defines: ``-(dF/dy)^-1 dF/dx``, in the numerator layout of `jacobian`.

    F: an expression that is 0, or a SymPy Eq; it has as many entries as y. y: MatrixSymbol or Symbol, x: another one. Scalars and
    vectors: ``-J_y^-1 J_x``, also of explicit vectors of symbols, ``Matrix([u, v])``, and equations in them. A matrix y by a scalar x:
    the solution of the differentiated equation, by `Sylvester` or `Lyapunov` where it is of that kind, ``A^-1 C B^-1`` where one product
    holds dY, else ``unvec`` of the vec form. A matrix y by a vector or matrix x, and a vector y by a matrix x: the vec form,
    d vec y / d vec(x)'. It holds where dF/dy is invertible (the implicit function theorem), which `conditions` of the answer says where
    that is a matrix; a scalar must not be 0. assumptions: as for `gradient`.
    Errors: ShapeError where F and y have different sizes, ArgumentError where F does not depend on y, or y is x.
    Source: Magnus & Neudecker, ch. 7 (implicit function theorem).

    >>> from sympy import MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> n = symbols("n", integer=True, positive=True)
    >>> A, b, y = MatrixSymbol("A", n, n), MatrixSymbol("b", n, 1), MatrixSymbol("y", n, 1)
    >>> found = mc.implicit(A*y - b, y, b)
    >>> found, mc.conditions(found)
    (A**(-1), ('A is invertible',))
    >>> t, Q = symbols("t"), mc.function("Q", (n, n))
    >>> P = MatrixSymbol("P", n, n)
    >>> mc.implicit(A*P + P*A.T + Q(t), P, t)
    -lyap(A, Q'(t))
    """
    F = as_differentiable(F.lhs - F.rhs if isinstance(F, Eq) else F)
    if isinstance(y, MatrixBase) or isinstance(x, MatrixBase):
        return _explicit(F, _column(y), _column(x))
    y, x = variable_of(y), variable_of(x)
    _check(F, y, x)
    if is_scalar(F) and isinstance(y, Symbol):
        by_y, by_x = diff(F, y), jacobian(F, x, assumptions=assumptions)
        _refuse_zero(by_y, F, y)
        quotient = MatMul(-1 / by_y, by_x) if getattr(by_x, "is_Matrix", False) else -by_x / by_y
        return noted(presented(quotient), (f"{by_y} is not 0",))
    matrix_by_scalar = isinstance(y, MatrixSymbol) and 1 not in y.shape and isinstance(x, Symbol)
    if matrix_by_scalar:
        right = presented(MatMul(S.NegativeOne, diff(F, x, assumptions=assumptions)))
        solved = solved_by_name(F, y, right, assumptions)
        if solved is not None:
            return solved
    by_y = jacobian(F, y, form="vec", assumptions=assumptions)
    _refuse_zero(by_y, F, y)
    if matrix_by_scalar:
        sign, right = right.as_coeff_mmul()
        rate = presented(Unvec(MatMul(sign, Inverse(by_y), Vec(right)), *y.shape))
    else:
        rate = _product(by_y, jacobian(F, x, form="vec", assumptions=assumptions))
    return noted(rate, (f"{by_y} is invertible",))


def _column(v):
    """A scalar variable beside an explicit one as an explicit matrix too."""
    if isinstance(v, MatrixBase):
        return v.as_immutable()
    if not isinstance(v, Symbol):
        raise UnsupportedVariableError(f"`implicit`: beside an explicit variable the other is explicit too, or a symbol, got `{v}`")
    return ImmutableMatrix([v])


def _as_matrix(J):
    """A Jacobian of one entry as the matrix of that."""
    return J if getattr(J, "is_Matrix", False) else ImmutableMatrix([[J]])


def _explicit(F, y, x):
    """Of explicit variables and equations."""
    if set(getattr(y, "free_symbols", ())) & set(getattr(x, "free_symbols", ())):
        raise ArgumentError(f"`implicit` needs two variables, got `{y}` and `{x}`")
    _check(F, y, x)
    equations = F if isinstance(F, MatrixBase) else ImmutableMatrix([F])
    by_y, by_x = (_as_matrix(jacobian(equations, v, form="vec")) for v in (y, x))
    if not isinstance(by_y, MatrixBase) or not isinstance(by_x, MatrixBase):
        raise ArgumentError(f"`implicit` of explicit variables needs equations in these and numbers: `{F}` holds matrices that are symbols")
    _refuse_zero(by_y, F, y)
    try:
        rate = -(by_y.inv() * by_x)
    except ValueError as error:
        raise ArgumentError(f"`implicit`: the derivatives of `{F}` by `{y}` are singular: write equations that define `{y}`") from error
    rate = rate.applyfunc(lambda e: e.cancel() if e.is_rational_function() else e).as_immutable()
    return noted(rate, (f"{by_y} is invertible",))


def _check(F, y, x):
    if x == y or getattr(x, "parent", None) == y or getattr(y, "parent", None) == x:
        raise ArgumentError(f"`implicit` needs two variables, got `{y}` and `{x}`")
    length = [_length(e) for e in (F, y)]
    if (length[0] - length[1]).expand().is_zero is not True:
        raise ShapeError(f"`implicit` needs as many equations as `{y}` has entries, {length[1]}, got {length[0]}: `{F}`")


def _length(e):
    rows, cols = e.shape if getattr(e, "is_Matrix", False) else (S.One, S.One)
    return S(rows) * S(cols)


def _refuse_zero(by_y, F, y):
    if by_y == 0 or isinstance(by_y, ZeroMatrix) or isinstance(by_y, MatrixBase) and by_y.is_zero_matrix:
        raise ArgumentError(f"`implicit`: `{F}` does not depend on `{y}`, so that it defines none: write an equation that has it")


def _product(by_y, by_x):
    """-J_y^-1 J_x."""
    if not getattr(by_y, "is_Matrix", False):
        return presented(MatMul(-1 / by_y, by_x) if getattr(by_x, "is_Matrix", False) else -by_x / by_y)
    by_y = by_y.as_immutable() if isinstance(by_y, MatrixBase) else by_y
    inverse = by_y.inv() if isinstance(by_y, MatrixBase) else Inverse(by_y)
    found = presented(MatMul(S.NegativeOne, inverse, by_x))
    return found.doit() if isinstance(by_y, MatrixBase) and isinstance(by_x, MatrixBase) else found
