"""A derivative with parts in matrix notation and parts without."""

from sympy import Add, MatAdd, MatrixSymbol, S, Sum, Trace, ZeroMatrix, exp, symbols

import sympy_matcalc as mc
from sympy_matcalc.kernel.session import session
from sympy_matcalc.nodes.einsum import EinsumTerm
from sympy_matcalc.notation.expression import _collect_tensors

n = symbols("n", integer=True, positive=True)
A, B, C, D, X = (MatrixSymbol(name, n, n) for name in "ABCDX")
i, j, k, l, t = symbols("i j k l t", integer=True)
WITHOUT = Sum(
    A[i, j] * B[i, k] * C[i, l] * D[j, k] * X[j, l] * A[k, l], *((s, 0, n - 1) for s in (i, j, k, l))
)  # each index in three factors


def test_a_matrix_is_a_sum_of_matrices():
    found = mc.gradient(WITHOUT + Trace(A * X), X)
    assert type(found) is MatAdd and found.shape == (n, n)
    assert A.T in found.args and len(found.args) == 2 and any(isinstance(a, mc.AsMatrix | mc.Einsum) for a in found.args)


def test_a_scalar_is_a_sum_of_scalars():
    grows = (t * X).applyfunc(exp)
    total = Sum(A[i, j] * B[i, k] * C[i, l] * D[j, k] * grows[j, l] * A[k, l], *((s, 0, n - 1) for s in (i, j, k, l)))
    found = mc.gradient(total + Trace(mc.MatrixExp(t * A)), t)
    assert isinstance(found, Add) and len(found.args) == 2
    assert not any(a.is_Matrix for a in found.args) and any(isinstance(a, mc.Einsum) for a in found.args)


def test_terms_without_matrix_notation_that_cancel():
    sizes = (n, n, n)
    term = lambda c: EinsumTerm(S(c), sizes, ((0,), (1,), (2,)), [(A, (0,), (1,)), (B, (1,), (2,))])  # noqa: E731
    pair = lambda c: EinsumTerm(S(c), sizes, ((0,), (1,)), [(A, (0,), (1,)), (B, (1,), (2,))])  # noqa: E731
    with session():
        assert _collect_tensors([term(1), term(-1)], sizes) == mc.Einsum(sizes)
        assert _collect_tensors([pair(1), pair(-1)], sizes[:2]) == ZeroMatrix(n, n)
        assert _collect_tensors([term(1), term(2)], sizes) == mc.Einsum(sizes, term(3))
