"""What looks like the left-hand side of an identity and is none: it stays as it is, or is refused by name."""

import pytest
from sympy import Determinant, Identity, KroneckerProduct, MatAdd, MatrixSymbol, Q, S, ZeroMatrix, symbols
from sympy.matrices.expressions import BlockMatrix, HadamardProduct

import sympy_matcalc as mc
from sympy_matcalc.answers import as_answer

n, m = symbols("n m", integer=True, positive=True)
t = symbols("t")
A, B, C, U = (MatrixSymbol(name, n, n) for name in "ABCU")
X, Y, W, x = MatrixSymbol("X", m, n), MatrixSymbol("Y", n, m), MatrixSymbol("W", m, m), MatrixSymbol("x", n, 1)
WIDE, DUPLICATION = MatrixSymbol("V", n, m), mc.DuplicationMatrix(n)


@pytest.mark.parametrize(
    "expr",
    [
        Determinant(BlockMatrix([[X, W], [ZeroMatrix(n, n), Y]])),  # square as a whole, its blocks are not
        Determinant(BlockMatrix([[ZeroMatrix(m, n), W], [C, Y]])),
        KroneckerProduct(A, B, x) * mc.Vec(C),
        KroneckerProduct(WIDE, A) * mc.Vec(X),  # as long as vec(Y), of other rows
        KroneckerProduct(A, B) ** 2 * mc.Vec(C),
        mc.EliminationMatrix(n).T * mc.EliminationMatrix(n),
        DUPLICATION * mc.EliminationMatrix(n),
        DUPLICATION.T * DUPLICATION,
    ],
    ids=str,
)
def test_it_stays(expr):
    assert str(mc.simplify(expr)) == str(as_answer(expr))


@pytest.mark.parametrize(
    "name, expr",
    [
        ("push_through", X * (A + Y * X).I),
        ("push_through", X * (t * Identity(n) + Y * X + A).I),
        ("determinant_lemma", Determinant(A * B)),
        ("determinant_lemma", Determinant(A + B)),
        ("inverse_between_duplications", A.I),
        ("inverse_between_duplications", (DUPLICATION.T * KroneckerProduct(A, B) * DUPLICATION).I),
    ],
    ids=str,
)
def test_a_rewrite_that_is_asked_for_by_name(name, expr):
    with pytest.raises(mc.ArgumentError, match=f"`{name}` applies nowhere"):
        mc.rewrite(expr, name)


@pytest.mark.parametrize("product", [KroneckerProduct, HadamardProduct])
def test_a_product_of_sums_with_too_many_terms(product):
    """Before the terms are made: 101 times 101."""
    sums = [MatAdd(*(MatrixSymbol(f"{name}{k}", n, n) for k in range(101))) for name in "ab"]
    with pytest.raises(mc.ArgumentError, match="terms"):
        mc.expand(product(*sums))


def array(c, dims, out, *factors):
    return mc.Einsum((n, n, n), mc.EinsumTerm(S(c), (n,) * dims, out, list(factors)))


def test_an_operand_that_becomes_the_identity_ties_two_axes():
    """U'U of an orthogonal U, and terms that are equal then add up."""
    apart, orthogonal = ((0,), (1,), (2,)), Q.orthogonal(U)
    one = array(1, 3, apart, (U.T * U, (0,), (1,)), (A, (1,), (2,)))
    assert str(mc.simplify(one)) == "Einsum(ijk: (U.T*U)[i,j]*A[j,k])"
    assert str(mc.simplify(one, orthogonal)) == "Einsum(ijk: delta[i,j]*A[i,k])"
    two = array(1, 3, apart, (2 * U.T * U, (0,), (1,)), (A, (1,), (2,)), (B, (0,), (2,)))
    assert str(mc.simplify(two, orthogonal)) == "Einsum(ijk: 2*delta[i,j]*(HadamardProduct(A, B))[i,k])"
    tied = array(-1, 2, ((0,), (0,), (1,)), (A, (0,), (1,)))
    assert str(mc.simplify(mc.Einsum((n, n, n), *one.terms, *tied.terms), orthogonal)) == "Einsum(ijk: 0)"


def test_other_operands_of_an_array_are_simplified_in_their_places():
    found = mc.simplify(array(1, 3, ((0,), (1,), (2,)), (A.I * A * B, (0,), (1,)), (C * A * A.I, (1,), (2,))))
    assert str(found) == "Einsum(ijk: B[i,j]*C[j,k])"
