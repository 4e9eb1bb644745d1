"""The entries of a matrix expression, of a sum or product by those of its operands: SymPy opens a sum over entries for every entry anew,
and an entry of a Kronecker product under such a sum has quotients and remainders of its index.
"""

from functools import reduce
from typing import Any

from sympy import Add, DiagMatrix, HadamardProduct, Identity, KroneckerProduct, MatAdd, MatMul, Mul, Transpose
from sympy.matrices import MatrixBase, diag
from sympy.matrices.expressions.matexpr import MatrixExpr
from sympy.matrices.immutable import ImmutableDenseMatrix


def written_out(e: Any) -> Any:
    """The matrix of the entries of a matrix expression, whose sizes are numbers; those of a node that is no sum or product are by its name.

    >>> from sympy import KroneckerProduct, MatrixSymbol
    >>> from sympy_matcalc.nodes.written_out import written_out
    >>> x, y = MatrixSymbol("x", 2, 1), MatrixSymbol("y", 1, 2)
    >>> written_out(KroneckerProduct(x, y)*x)
    Matrix([
    [x[0, 0]**2*y[0, 0] + x[0, 0]*x[1, 0]*y[0, 1]],
    [x[0, 0]*x[1, 0]*y[0, 0] + x[1, 0]**2*y[0, 1]]])
    """
    return _written_out(e, {})


def _written_out(e: Any, known: dict[Any, Any]) -> Any:
    if isinstance(e, MatrixBase):
        return e.as_immutable()
    if e not in known:
        known[e] = _of(e, known)
    return known[e]


def _of(e: Any, known: dict[Any, Any]) -> Any:
    if isinstance(e, MatMul):
        return _of_product(e, known)
    if isinstance(e, Transpose):
        return _written_out(e.arg, known).T
    if isinstance(e, DiagMatrix) and 1 in e.args[0].shape:
        return diag(*_written_out(e.args[0], known)).as_immutable()
    if isinstance(e, (MatAdd, HadamardProduct, KroneckerProduct)):
        parts = [_written_out(a, known) for a in e.args]
        return reduce(_kronecker, parts) if isinstance(e, KroneckerProduct) else _entrywise(Add if isinstance(e, MatAdd) else Mul, parts)
    return MatrixExpr.as_explicit(e).as_immutable()


def _of_product(e: Any, known: dict[Any, Any]) -> Any:
    c, matrices = e.as_coeff_matrices()
    factors = [_written_out(a, known) for a in matrices if not isinstance(a, Identity)]
    found = reduce(_product, factors) if factors else ImmutableDenseMatrix.eye(int(e.rows))
    return found if c == 1 else found.applyfunc(lambda entry: c * entry)


def _entrywise(function: Any, parts: Any) -> Any:
    return ImmutableDenseMatrix(*parts[0].shape, lambda i, j: function(*(a[i, j] for a in parts)))


def _product(A: Any, B: Any) -> Any:
    """The product, entries as they are: SymPy's own of explicit matrices simplifies some."""
    return ImmutableDenseMatrix(A.rows, B.cols, lambda i, j: Add(*(A[i, k] * B[k, j] for k in range(A.cols))))


def _kronecker(A: Any, B: Any) -> Any:
    m, n = B.shape
    return ImmutableDenseMatrix(A.rows * m, A.cols * n, lambda i, j: A[i // m, j // n] * B[i % m, j % n])
