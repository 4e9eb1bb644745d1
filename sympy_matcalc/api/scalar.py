"""Scalars that stay as they are typed: SymPy writes the entry of a product of matrices out as nested sums."""

from typing import Any

from sympy import Expr, Identity, MatMul, MatrixExpr, OneMatrix, S, Trace, ZeroMatrix
from sympy.matrices import MatrixBase
from sympy.matrices.expressions.matexpr import MatrixElement

from ..errors import ExpressionError, ShapeError
from ..indices.recognised import without_sums
from ..strict import sympified


def scalar(expr: Any) -> Any:
    """A 1 x 1 matrix expression as the number it is, unexpanded, so that it adds to numbers: ``mc.scalar(x.T*A*x) + c``.

    expr: a 1 x 1 matrix expression; a number is itself, with the sums over entries in it, ``(x.T*A*x)[0, 0]`` as SymPy writes it, read as
    the products that they are. Shape: (), a scalar. Errors: ShapeError for a matrix that is not 1 x 1, ExpressionError for what is no
    expression. Source: the (0, 0) entry.

    >>> from sympy import MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> n, c = symbols("n", integer=True, positive=True), symbols("c")
    >>> A, x = MatrixSymbol("A", n, n), MatrixSymbol("x", n, 1)
    >>> mc.scalar(x.T*A*x) + c
    c + (x.T*A*x)[0, 0]
    >>> mc.scalar((x.T*A*x)[0, 0])
    (x.T*A*x)[0, 0]
    >>> mc.gradient(mc.scalar(x.T*A*x) + c, x)
    (A + A.T)*x
    """
    e = _expression("scalar", expr)
    if isinstance(e, MatrixBase | MatrixExpr):
        rows, cols = map(sympified, e.shape)
        if not _equal((rows, cols), (1, 1)):
            raise ShapeError(f"`scalar` needs a 1 x 1 matrix or a number, got shape {(rows, cols)}: `{e}`")
    return e[0, 0] if isinstance(e, MatrixBase) else entry_as_typed(e) if isinstance(e, MatrixExpr) else without_sums(e)


def dot(a: Any, b: Any) -> Any:
    """The inner product ``a' b`` of two vectors, or ``tr(A' B)`` of two matrices of one shape, as a scalar that stays as it is typed.

    a, b: columns or rows of one length, or matrices of one shape. Shape: (), a scalar. Errors: ShapeError where the shapes differ,
    ExpressionError for what is no expression. Source: Magnus & Neudecker, ch. 1; ``<A, B> = tr(A' B)``.

    >>> from sympy import MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> m, n = symbols("m n", integer=True, positive=True)
    >>> X, w, y = MatrixSymbol("X", m, n), MatrixSymbol("w", n, 1), MatrixSymbol("y", m, 1)
    >>> mc.dot(y, X*w)
    (y.T*X*w)[0, 0]
    >>> mc.gradient(mc.dot(y, X*w), w)
    X.T*y
    """
    a, b = _expression("dot", a), _expression("dot", b)
    if not getattr(a, "is_Matrix", False) and not getattr(b, "is_Matrix", False):
        return a * b
    shapes = [tuple(map(sympified, getattr(e, "shape", ()))) for e in (a, b)]
    if all(S.One in shape for shape in shapes):
        a, b = (e if shape[1] == 1 else e.T for e, shape in zip((a, b), shapes))
        shapes = [a.shape, b.shape]
    if () in shapes or not _equal(*shapes):
        given = f"`{a}` of shape {shapes[0]} and `{b}` of shape {shapes[1]}"
        raise ShapeError(f"`dot` needs two vectors of one length or two matrices of one shape, got {given}")
    return scalar(a.T * b) if shapes[0][1] == 1 else Trace(a.T * b)


def _equal(shape: Any, other: Any) -> bool:
    """Whether two shapes are known to be the same."""
    return all((sympified(p) - sympified(q)).expand() == 0 for p, q in zip(shape, other))


def _expression(name: str, given: Any) -> Any:
    e = sympified(given)
    if not isinstance(e, Expr | MatrixBase):
        raise ExpressionError(f"`{name}` takes an expression, got {type(given).__name__}: `{given}`")
    return e


def entry_as_typed(x: Any) -> Any:
    """A 1 x 1 expression as a scalar: its entry, unexpanded, with a coefficient in front."""
    if isinstance(x, OneMatrix | ZeroMatrix | Identity):
        return S.Zero if isinstance(x, ZeroMatrix) else S.One
    coefficient, matrices = x.as_coeff_matrices() if isinstance(x, MatMul) else (S.One, [x])
    if len(matrices) == 1 and not matrices[0].is_symbol:
        return coefficient * entry_as_typed(matrices[0]) if matrices[0] is not x else MatrixElement(x, S.Zero, S.Zero)
    return coefficient * MatrixElement(matrices[0] if len(matrices) == 1 else MatMul(*matrices), S.Zero, S.Zero)
