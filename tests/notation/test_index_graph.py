"""Contractions that are no products of matrices, and slices that are blocks."""

import pytest
from sympy import BlockMatrix, Identity, MatrixSymbol, S, Sum, Symbol, Trace, ZeroMatrix, cos, hadamard_product, sin, symbols
from sympy.matrices.expressions import HadamardPower, MatMul
from sympy.matrices.expressions.kronecker import KroneckerProduct

import sympy_matcalc as mc
from sympy_matcalc.canonical import prepare
from sympy_matcalc.kernel.session import session
from sympy_matcalc.notation import raise_terms
from sympy_matcalc.notation.expression import axis_sizes
from sympy_matcalc.notation.term import AdjointTerm, new_axis
from sympy_matcalc.testing import check_rule

m, n = symbols("m n", integer=True, positive=True)
i, j, k, l = symbols("i j k l", integer=True)
t = Symbol("t", real=True)
A, X = MatrixSymbol("A", n, n), MatrixSymbol("X", n, n)
x = MatrixSymbol("x", n, 1)
FOUR = Sum(X[i, j] * A[j, k] * X[k, l] * A[l, i] * X[i, k] * A[j, l], *((q, 0, n - 1) for q in (i, j, k, l)))


@pytest.mark.parametrize(
    "expr", [FOUR, FOUR**2, FOUR * Trace(X), FOUR * (x.T * A * x)[0, 0], MatMul(FOUR, A, x)], ids=lambda e: str(e)[-25:]
)
def test_a_closed_contraction_beside_a_product_is_kept(expr):
    """Four labels that are all joined: no trace, no product; it must not be read as 1 where an axis or a factor stands beside it."""
    check_rule(expr, X)


class TestTheIdentityUnderATrace:
    """A label that only identities have is summed all the same: it was taken for 1."""

    form = (x.T * X * x)[0, 0]

    @pytest.mark.parametrize("total", [form * Identity(n) + X, form * Identity(n) + Trace(X) * A, A * X - form**2 * Identity(n)], ids=str)
    def test_of_a_sum(self, total):
        check_rule(Trace(total), X)
        check_rule(Trace(total) ** 2, X)
        check_rule(Trace(total) * Trace(x.T * total * x), X, order=2)

    def test_reads_as_a_book_prints_it(self):
        assert str(mc.gradient(Trace(self.form * Identity(n) + X), X)) == "I + n*x*x.T"

    def test_in_a_fused_axis(self):
        found = mc.hessian(self.form * Trace(X), X, structure="toeplitz", convention="entries")
        assert "toepbasis(n, n).T*vec(I(n))" in str(found)


@pytest.mark.parametrize(
    "left, right", [(i, k), (k, i)], ids=["the axis of the result before the summed index", "the axis of the result behind it"]
)
def test_an_identity_between_an_axis_of_the_result_and_a_summed_index(left, right):
    """X^-1 X is the identity: its two indices are one, and that is an axis of the result, not summed."""
    a, b = MatrixSymbol("a", n, 1), MatrixSymbol("b", n, 1)
    entries = Sum(X.I[left, j] * X[j, right] * a[k, 0] * b[k, 0], (j, 0, n - 1), (k, 0, n - 1))
    assert mc.to_matrix_notation(entries, (i,)) == hadamard_product(a, b)


def test_by_a_scalar_before_it():
    check_rule(t * FOUR, t)
    assert mc.simplify(FOUR) != 1


@pytest.mark.parametrize("by_entry", [True, False])
def test_a_kronecker_product_with_a_vector_that_closes_to_a_number(by_entry):
    """e' U' (q kron e) is a 1 x 1 product beside nothing: it was read as 1."""
    Y, q, U = MatrixSymbol("Y", m, n), MatrixSymbol("q", n, 1), MatrixSymbol("U", m * n, n)
    f = Trace(U.T * KroneckerProduct(q, Y))
    check_rule(f, Y[0, 0] if by_entry else Y)
    check_rule(f**2, Y[0, 0] if by_entry else Y, order=2)


class TestBlocks:
    P, Q, R, S = MatrixSymbol("P", m, m), MatrixSymbol("Q", m, n), MatrixSymbol("R", n, m), MatrixSymbol("S", n, n)
    z = MatrixSymbol("z", m + n, 1)

    def test_by_a_scalar(self):
        found = mc.diff(BlockMatrix([[self.P * t, self.Q * t**2], [self.R, self.S * sin(t)]]), t)
        assert found == BlockMatrix([[self.P, MatMul(2 * t, self.Q)], [ZeroMatrix(n, m), MatMul(cos(t), self.S)]])

    def test_of_a_vector_in_parts(self):
        head, tail = self.z[:m, :], self.z[m:, :]
        f = head.T * self.P * head + tail.T * self.S * tail
        assert str(mc.gradient(f, self.z)) == "block([[(P + P.T)*z[:m, :]], [(S + S.T)*z[m:, :]]])"
        assert mc.hessian(f, self.z).blocks[0, 1] == ZeroMatrix(m, n)
        for order in (1, 2):
            check_rule(f, self.z, order=order)

    def test_a_slice_alone_stays_one(self):
        assert isinstance(mc.gradient(x.T * self.z[m:, :], self.z), MatMul)

    @pytest.mark.parametrize("rows, cols", [((0, 2), (1, 3)), ((0, 4), (1, 3)), ((0, 2), (0, 4)), ((1, 3), (0, 3))], ids=str)
    def test_a_part_of_the_identity_is_no_choice_of_rows(self, rows, cols):
        """I[:2, 1:3] has fewer columns than the identity: what stands behind it is not sliced, but multiplied."""
        part, F = Identity(4)[slice(*rows), slice(*cols)], MatrixSymbol("F", 4, 4)
        check_rule(part * F[slice(*cols), :] * F[:, slice(*rows)], F)
        check_rule(Trace(part.T * F[slice(*rows), :] * F[:, slice(*cols)]), F)


def test_sums_over_the_same_index_do_not_capture_one_another():
    """The square of a sum is a sum over two indices, and so is a sum of sums that were typed with one name."""
    once = mc.MatrixSum(k * (X + A), (k, 1, 3))
    assert str(mc.gradient(Trace(once * once), X)) == "MatrixSum(2*_k*k*(A + X).T, (_k, 1, 3), (k, 1, 3))"
    twice = mc.MatrixSum(k * once, (k, 1, 3))
    for f in (Trace(once * A * once), Trace(twice * A), Trace(twice * twice)):
        check_rule(f, X)
    with pytest.raises(mc.MissingRuleError, match="give the index another name"):
        mc.gradient(k * Trace(A * once), X)


B, v = MatrixSymbol("B", n, m), MatrixSymbol("v", m, 1)
CANCELS = [  # leaves with the axes named by letters, the axes of the result, how it reads
    ([(B, "i", "j"), (HadamardPower(B, -1), "i", "j")], "ij", "1"),
    ([(B, "i", "j"), (HadamardPower(B, -1).T, "j", "i")], "ij", "1"),
    ([(B, "i", "j"), (HadamardPower(B, -1), "i", "j"), (v, "j", "")], "ij", "1*v.T"),
    ([(B, "i", "j"), (HadamardPower(B, -1), "i", "j"), (v, "j", "")], "i", "(1*v)[0, 0]*1"),
    ([(A, "k", "i"), (x, "i", ""), (HadamardPower(x, -1), "i", ""), (B, "i", "j")], "kj", "A*B"),
    ([(x, "i", ""), (HadamardPower(x, -1), "i", "")], "i", "1"),
    ([(x, "i", ""), (HadamardPower(x, -1), "i", "")], "ii", None),
]


@pytest.mark.parametrize("leaves, out, text", CANCELS, ids=lambda e: str(e)[:30])
def test_elementwise_factors_that_cancel_leave_ones(leaves, out, text):
    sizes = dict(i=n, j=m, k=n)
    with session():
        axes = {"": (), **{letter: new_axis(size) for letter, size in sizes.items()}}
        term = AdjointTerm(S.One, tuple((prepare(e), *(axes[a] for a in at)) for e, *at in leaves), tuple(axes[a] for a in out), ())
        found = raise_terms([term], axis_sizes(term.out))
    assert str(found) == (text or "I")
