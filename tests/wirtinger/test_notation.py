"""From stand-ins to conjugates."""

from sympy import Adjoint, DiagMatrix, HadamardProduct, MatAdd, MatrixSymbol, S, symbols

import sympy_matcalc as mc
from sympy_matcalc.kernel.session import complex_session
from sympy_matcalc.nodes import Einsum, EinsumTerm
from sympy_matcalc.wirtinger.notation import Notation

n = symbols("n", integer=True, positive=True)
Z, A, z = MatrixSymbol("Z", n, n), MatrixSymbol("A", n, n), MatrixSymbol("z", n, 1)
P, Q = MatrixSymbol("P", n, n), MatrixSymbol("Q", n, n)


def branching(*matrices):
    """The matrix of the sums over k of products of the entries (i, k), which has no notation by matrices."""
    i, j, k = range(3)
    return Einsum((n, n), EinsumTerm(S.One, (n, n, n), ((i,), (j,)), [*((M, (i,), (k,)) for M in matrices), (A, (j,), (k,))], ()))


def test_an_array_within_a_sum_of_matrices_has_conjugates():
    with complex_session():
        said = Notation({P: Z}, {Q: Z}, {}, {}).say(MatAdd(branching(P, Q), P))
    assert said == MatAdd(branching(Z, Adjoint(Z.T)), Z)


def test_the_conjugate_of_a_diagonal_is_the_diagonal_of_the_conjugate():
    assert mc.complex_jacobians(HadamardProduct(z, z.conjugate()), z) == (DiagMatrix(Adjoint(z.T)), DiagMatrix(z))


def test_a_derivative_with_three_axes_and_more_that_is_zero_is_printed_as_zero():
    assert mc.latex(mc.complex_jacobians(A * Z * A, Z)[1]) == r"\mathbf{0}"
