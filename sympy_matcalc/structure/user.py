"""`LinearStructure`: a subspace of matrices that a user gives by a basis."""

from typing import Any

from sympy import ImmutableMatrix, S
from sympy.matrices import MatrixBase
from sympy.matrices.expressions import ZeroMatrix
from sympy.matrices.expressions.matexpr import MatrixExpr

from ..canonical import prepare
from ..errors import ArgumentError, ExpressionError, ShapeError
from ..kernel.interning import raw
from ..kernel.shapes import is_matrix, is_one, shape_of
from ..nodes import Unvec, Vec
from ..strict import sympified, texts_in
from .algebra import times
from .declaration import CONVENTIONS, Structure


class LinearStructure(Structure):
    """The matrices X with ``vec X = B theta``, columns stacked, for any vector theta of free parameters.

    vec_basis: B, an explicit Matrix, an array or a matrix expression, with as many rows as X has entries and of full column rank. By
    convention "subspace" the gradient is ``B (B'B)^-1 B' vec G``, by ``form="vech"`` that by theta, ``B' vec G``. "entries" needs an
    explicit B with at most one parameter an entry; an entry that is c times a parameter is itself taken for the parameter there.
    Errors: ShapeError for a B that is no matrix, ArgumentError for a B whose columns depend on one another.

    >>> from sympy import Matrix, MatrixSymbol, Trace
    >>> import sympy_matcalc as mc
    >>> A, X = MatrixSymbol("A", 2, 2), MatrixSymbol("X", 2, 2)
    >>> rotations = mc.LinearStructure(vec_basis=Matrix([[1, 0], [0, 1], [0, -1], [1, 0]]))  # a b; -b a
    >>> mc.gradient(Trace(A.T*X), X, structure=rotations).xreplace({A: Matrix([[2, 1], [3, 4]])}).as_explicit()
    Matrix([
    [3, -1],
    [1,  3]])
    """

    def __init__(self, vec_basis: Any):
        B = _matrix(vec_basis)
        rows = _ties(B) if isinstance(B, MatrixBase) else None
        projector = _projector(B)
        super().__init__(
            "LinearStructure",
            lambda G, X: _on_vec(projector, G),
            rows and (lambda G: _on_vec([rows], G)),
            lambda m, n: B,
            of_shape="any",
            spread=rows and (lambda G: _on_vec([rows.T], G)),
            by_basis=CONVENTIONS,
            matrices={"entries": [rows], "subspace": projector},
            says=("the derivatives by the entries that are tied together, added up", "B (B'B)^-1 B' vec(G)"),
        )
        object.__setattr__(self, "vec_basis", B)

    def __repr__(self):
        return f"LinearStructure(vec_basis={self.vec_basis})"  # type: ignore[attr-defined]


def _matrix(B):
    if hasattr(B, "tolist") and not isinstance(B, (MatrixBase, MatrixExpr)):
        text = next(texts_in(B), None)
        if text is not None:
            raise ExpressionError(f"`vec_basis` must hold numbers or SymPy expressions, got the text {text!r}")
        B = ImmutableMatrix(B.tolist())
    try:
        B = sympified(B)
    except ExpressionError:
        pass
    if not isinstance(B, (MatrixBase, MatrixExpr)):
        raise ShapeError(f"`LinearStructure` needs a matrix `vec_basis`, got {type(B).__name__}: `{B}`")
    if isinstance(B, MatrixBase):
        B = ImmutableMatrix(B)
        if not B.free_symbols and B.rank() < B.cols:
            raise ArgumentError(
                f"`LinearStructure`: the columns of `vec_basis` depend on one another, rank {B.rank()} of {B.cols}: "
                "leave out those that the others give"
            )
    return B


def _ties(B):
    """The explicit matrix of the convention "entries", W B' with 1/b in W where B has b; None where two parameters meet in an entry."""
    if any(sum(b != 0 for b in B.row(p)) > 1 for p in range(B.rows)):
        return None
    return ImmutableMatrix(B.applyfunc(lambda b: 1 / b if b != 0 else S.Zero) * B.T)


def _projector(B):
    """The factors of the matrix of the projection."""
    if isinstance(B, MatrixBase) and all(b.is_Rational for b in B):
        return [ImmutableMatrix(B * (B.T * B).inv() * B.T)]
    return [B, (B.T * B).inverse() if not isinstance(B, MatrixBase) else (B.T * B).inv(), B.T]


def _on_vec(matrices, G):
    """unvec(M vec(G)) for the product M of matrices."""
    if isinstance(G, ZeroMatrix) or not is_matrix(G):
        return G  # of one entry, which is the parameter or a multiple of it
    m, n = shape_of(G)
    M = [prepare(a) for a in matrices]
    return times(*M, G) if is_one(n) else prepare(raw(Unvec, times(*M, raw(Vec, G)), m, n))
