"""Chains of atoms: products merged, traces rotated to one form, elementwise products of vectors."""

import pytest
from sympy import MatMul, MatrixSymbol, Rational, S, Symbol, Trace, symbols
from sympy.matrices.expressions import (
    DiagMatrix,
    HadamardPower,
    HadamardProduct,
    Identity,
    Inverse,
    KroneckerProduct,
    MatPow,
    OneMatrix,
    Transpose,
    ZeroMatrix,
)
from sympy.matrices.expressions.matexpr import MatrixElement

import sympy_matcalc as mc
from sympy_matcalc.canonical import prepare
from sympy_matcalc.kernel import chains, make
from sympy_matcalc.kernel.session import session

m, n, k = symbols("m n k", integer=True, positive=True)
i, j = symbols("i j", integer=True)
A, B, C = (MatrixSymbol(c, n, n) for c in "ABC")
X, Y = MatrixSymbol("X", m, n), MatrixSymbol("Y", n, m)
x, y = MatrixSymbol("x", n, 1), MatrixSymbol("y", n, 1)
Q = MatrixSymbol("Q", 2, 2)
WIDE, LONGER = MatrixSymbol("W", 3, 5), MatrixSymbol("V", n, n + 1)
UNIT, UNIT_J = (mc.MatrixUnit(n, 1, at, 0) for at in (i, j))
ROW_I = Transpose(UNIT)  # not evaluated: (UNIT, True, 1) as an atom
PRODUCTS = [  # factors, their product
    ((A, A), "A**2"),
    ((A, A.I), "I"),
    ((A.I, A), "I"),
    ((A, A, A, A.I), "A**2"),
    ((A.T, A.T.I), "I"),
    ((A, Inverse(A * B)), "A*(A*B)**(-1)"),
    ((Inverse(A * B), A), "B**(-1)"),
    ((Inverse(A * B), A, B), "I"),
    ((Inverse(X * Y), X, Y, X), "X"),
    ((X, Y, Inverse(X * Y), X), "X"),
    ((Y, MatPow(X * Y, -2), X, Y), "Y*(X*Y)**(-1)"),
    ((Y, X, MatPow(Y * X, -3), B), "(Y*X)**(-2)*B"),
    ((Inverse(X * Y), X, Y, Inverse(X * Y), X, Y, X), "X"),
    ((X, Inverse(A * Y * X), A, Y, X, B), "X*B"),
    ((Inverse(X * Y), Y.T, X.T), "(X*Y)**(-1)*Y.T*X.T"),
    ((Transpose(Inverse(X * Y)), Y.T, X.T, X), "X"),
    ((Inverse(X * Y), X, A, Y), "(X*Y)**(-1)*X*A*Y"),
    ((A, B, Inverse(A * B)), "I"),
    ((MatPow(A, k), MatPow(A, -k)), "I"),
    ((MatPow(A, 2), MatPow(A, k)), "A**(k + 2)"),
    ((X, X.T), "X*X.T"),
    ((DiagMatrix(x), DiagMatrix(y)), "DiagMatrix(HadamardProduct(x, y))"),
    ((DiagMatrix(x), A, DiagMatrix(y)), "DiagMatrix(x)*A*DiagMatrix(y)"),
    ((DiagMatrix(x), DiagMatrix(HadamardPower(x, -1))), "I"),
    ((OneMatrix(n, 1), OneMatrix(1, m)), "1"),
    ((OneMatrix(1, n), OneMatrix(n, 1)), "1*1"),
    ((mc.MatrixUnit(n, 1, i, 0), mc.MatrixUnit(m, 1, j, 0).T), "unit(n, 1, i, 0)*unit(1, m, 0, j)"),
    ((mc.Cholesky(A * A.T), mc.Cholesky(A * A.T).T), "A*A.T"),
    ((mc.MatrixSqrt(A), mc.MatrixSqrt(A)), "A"),
    ((mc.MatrixSqrt(A), mc.MatrixSqrt(A), mc.MatrixSqrt(A)), "A*sqrtm(A)"),
    ((X, mc.PseudoInverse(X), X), "X"),
    ((mc.PseudoInverse(X), X, mc.PseudoInverse(X)), "pinv(X)"),
    ((X, mc.PseudoInverse(X)), "X*pinv(X)"),
    ((Identity(n)[:2, :], A), "A[:2, :]"),
    ((A, Identity(n)[:, :2]), "A*I[:, :2]"),
    ((Identity(n)[1:3, :], A.T), "A[:, 1:3].T"),
    ((Identity(n)[:2, :], Identity(n)[:2, :].T), "I"),
    ((Identity(n)[:2, :], OneMatrix(n, m)), "1"),
    ((Identity(4)[:2, 1:3], Q), "I[:2, 1:3]*Q"),
    ((mc.MatrixSqrt(A * B), mc.MatrixSqrt(A * B)), "A*B"),
    ((MatPow(A, Rational(1, 2)), MatPow(A, Rational(1, 2))), "A"),
    ((A, Identity(n), B), "A*B"),
    ((WIDE, Inverse(WIDE.T * WIDE), WIDE.T, WIDE), "W*(W.T*W)**(-1)*W.T*W"),  # W'W has no inverse
    ((WIDE.T, WIDE, Inverse(WIDE.T * WIDE)), "W.T*W*(W.T*W)**(-1)"),
    ((Inverse(WIDE.T * WIDE), MatPow(WIDE.T * WIDE, 2)), "(W.T*W)**(-1)*(W.T*W)**2"),
    ((Inverse(WIDE.T * WIDE), Inverse(WIDE.T * WIDE)), "(W.T*W)**(-2)"),
    ((WIDE.T, Inverse(WIDE * WIDE.T), WIDE, WIDE.T), "W.T"),
    ((LONGER.T, LONGER, Inverse(LONGER.T * LONGER)), "V.T*V*(V.T*V)**(-1)"),
    ((Inverse(A.T * B), A.T), "B**(-1)"),
    ((Inverse(A**2 * B), A), "(A*B)**(-1)"),
    ((Inverse(A * B), A, A), "B**(-1)*A"),
    ((mc.RowSoftmax(X), OneMatrix(n, 1)), "1"),
    ((OneMatrix(1, n), mc.RowSoftmax(X).T), "1"),
    ((MatPow(mc.MatrixSqrt(A * B), 3), mc.MatrixSqrt(A * B)), "(A*B)**2"),
    ((mc.MatrixSqrt(2 * A),) * 2, "2*A"),
    ((mc.MatrixSqrt(A.I),) * 4, "A**(-2)"),
    ((mc.MatrixSqrt(A * B).T,) * 2, "B.T*A.T"),
    ((Identity(n)[1:3, :], OneMatrix(n, m)), "1"),
    ((Identity(9)[0:9:3, :], OneMatrix(9, m)), "1"),
    ((MatPow(MatPow(A, 2), Rational(1, 2)),) * 2, "A**2"),
    ((MatPow(MatPow(A, 2), Rational(1, 2)),) * 4, "A**4"),
    ((MatPow(MatPow(A, 2), Rational(1, 3)),) * 2, "(A**2)**(2/3)"),
    ((Inverse(A.T * B.T * C.T), A.T), "(B.T*C.T)**(-1)"),
    ((C.T, Inverse(A.T * B.T * C.T)), "(B*A).T**(-1)"),
    ((Inverse(A**3 * C), A**2), "(A*C)**(-1)"),
    ((Inverse(A * C), A**3), "C**(-1)*A**2"),
    ((A**3, Inverse(C * A)), "A**2*C**(-1)"),
    ((A, Inverse(C * A**2)), "(C*A)**(-1)"),
    ((Inverse(MatPow(A, Rational(1, 2)) * C), MatPow(A, Rational(1, 2))), "C**(-1)"),
    ((Inverse(MatPow(A, Rational(1, 2)) * C), A), "(A**(1/2)*C)**(-1)*A"),
    ((Inverse(A * C), A.T), "(A*C)**(-1)*A.T"),
    ((Inverse(X * Y), X), "(X*Y)**(-1)*X"),  # X has no inverse
    ((A, Inverse(B * A * C), B, A, C), "A"),
    ((MatPow(A * B, 2), Inverse(A * B)), "A*B"),
    ((mc.Cholesky(A * A.T),) * 2, "chol(A*A.T)**2"),
    ((mc.Cholesky(A * A.T).T, mc.Cholesky(A * A.T)), "chol(A*A.T).T*chol(A*A.T)"),
    ((mc.Cholesky(A * A.T) ** 2, mc.Cholesky(A * A.T).T), "chol(A*A.T)**2*chol(A*A.T).T"),
    ((mc.Cholesky(A * A.T), mc.Cholesky(B * B.T).T), "chol(A*A.T)*chol(B*B.T).T"),
    ((mc.Cholesky(A), mc.Cholesky(A).T), "chol(A)*chol(A).T"),  # of the lower triangle of A
    ((mc.Cholesky(2 * A * A.T), mc.Cholesky(2 * A * A.T).T), "chol(2*A*A.T)*chol(2*A*A.T).T"),
    ((Identity(n)[:2, :], A**2), "I[:2, :]*A**2"),
    ((A.I, Identity(n)[:2, :].T), "A**(-1)*I[:2, :].T"),
    ((A.T, Identity(n)[:2, :].T), "A[:2, :].T"),
    ((Identity(n)[:2, :], mc.MatrixUnit(n, n, i, j)), "I[:2, :]*unit(n, n, i, j)"),
    ((Identity(9)[:4, :], Identity(9)[1:5, :].T), "I[:4, :]*I[1:5, :].T"),
    ((Identity(4)[1:3, :], Identity(9)[1:5, :]), "I[1:3, :]*I[1:5, :]"),
    ((Identity(n)[:2, :].T, Identity(n)[:2, :]), "I[:2, :].T*I[:2, :]"),
    ((mc.MatrixUnit(n, n, i, j), UNIT_J), "unit(n, n, i, j)*unit(n, 1, j, 0)"),
    ((UNIT, mc.MatrixUnit(m, n, i, j)), "unit(n, 1, i, 0)*unit(m, n, i, j)"),
    ((OneMatrix(n, m), OneMatrix(m, k)), "1*1"),
    ((X.T, mc.PseudoInverse(X).T, X.T), "X.T"),
    ((X.T, mc.PseudoInverse(X), X), "X.T*pinv(X)*X"),
    ((A, mc.PseudoInverse(A) ** 2, A), "A*pinv(A)**2*A"),
    ((A**2, mc.PseudoInverse(A), A), "A**2*pinv(A)*A"),
    ((mc.RowSoftmax(X).T, OneMatrix(m, 1)), "softmax(X, axis=1).T*1"),
    ((OneMatrix(1, m), mc.RowSoftmax(X)), "1*softmax(X, axis=1)"),
    ((mc.RowSoftmax(A), mc.RowSoftmax(A)), "softmax(A, axis=1)**2"),
    ((mc.MatrixExp(A), A**2), "A**2*expm(A)"),
    ((mc.MatrixExp(A).T, A.T), "expm(A).T*A.T"),
    ((mc.MatrixExp(A), B), "expm(A)*B"),
]
TRACES = [
    ((A,), "Trace(A)"),
    ((A, B), "Trace(A*B)"),
    ((B, A), "Trace(A*B)"),
    ((A.T, B.T), "Trace(A*B)"),
    ((A, B, C), "Trace(A*B*C)"),
    ((C, A, B), "Trace(A*B*C)"),
    ((A.T,), "Trace(A)"),
    ((x, y.T), "(x.T*y)[0, 0]"),
    ((DiagMatrix(x), A), "Trace(A*DiagMatrix(x))"),
    ((X, Y), "Trace(X*Y)"),
    ((Y, X), "Trace(X*Y)"),
    ((A, B.T), "Trace(A*B.T)"),
    ((B, A.T), "Trace(A*B.T)"),
    ((MatPow(A, 2),), "Trace(A**2)"),
    ((DiagMatrix(x),), "(1*x)[0, 0]"),
    ((mc.MatrixUnit(n, n, i, j), A), "Trace(unit(n, n, i, j)*A)"),
    ((OneMatrix(n, n), A), "Trace(1*A)"),
    ((Inverse(A), B), "Trace(A**(-1)*B)"),
    ((A, Inverse(B)), "Trace(B**(-1)*A)"),
    ((A, Inverse(B), C, Inverse(A + B)), "Trace((A + B)**(-1)*A*B**(-1)*C)"),
    ((A, Inverse(B), C), "Trace(A*B**(-1)*C)"),
    ((A, Inverse(A * B)), "Trace(B**(-1))"),
    ((A, C, Inverse(A * B)), "Trace(B**(-1)*C)"),
    ((A, B, MatPow(A, -1)), "Trace(B)"),
    ((A, B, A), "Trace(A**2*B)"),
]
SCALARS = [  # factors whose product is 1 x 1, the scalar
    ((ROW_I, UNIT_J), "KroneckerDelta(i, j)"),
    ((ROW_I, A, UNIT_J), "A[i, j]"),
    ((ROW_I, A.T, UNIT_J), "A[j, i]"),
    ((ROW_I, A, x), "(A*x)[i, 0]"),
    ((x.T, A, UNIT), "(A.T*x)[i, 0]"),
    ((ROW_I, x), "x[i, 0]"),
    ((x.T, UNIT), "x[i, 0]"),
    ((OneMatrix(1, n), mc.Softmax(x)), "1"),
    ((y.T, mc.Softmax(x)), "(softmax(x).T*y)[0, 0]"),
    ((OneMatrix(1, n), A, OneMatrix(n, 1)), "(1*A*1)[0, 0]"),
    ((OneMatrix(1, n), OneMatrix(n, m), OneMatrix(m, 1)), "m*n"),
    ((OneMatrix(1, n), OneMatrix(n, m), OneMatrix(m, k), OneMatrix(k, 1)), "k*m*n"),
    ((OneMatrix(1, n * n), KroneckerProduct(A, B), OneMatrix(n * n, 1)), "(1*A*1)[0, 0]*(1*B*1)[0, 0]"),
    ((OneMatrix(1, n * n), KroneckerProduct(x, 2 * y)), "2*(1*x)[0, 0]*(1*y)[0, 0]"),
    ((KroneckerProduct(x.T, y.T), OneMatrix(n * n, 1)), "(1*x)[0, 0]*(1*y)[0, 0]"),
    ((y.T, A.T, x), "(x.T*A*y)[0, 0]"),
    ((x.T, ZeroMatrix(n, n), y), "0"),
    ((x.T, OneMatrix(n, 1)), "(1*x)[0, 0]"),
]
OPENED = [  # an expression as it is typed, the number in front, the chain
    (MatMul(A, MatMul(2, B, evaluate=False), evaluate=False), "2", ((A, False, 1), (B, False, 1))),
    ((2 * A * B).T, "2", ((B, True, 1), (A, True, 1))),
    (Inverse(2 * A * B), "1/2", ((A * B, False, -1),)),
    (MatPow(2 * A, 3), "8", ((A, False, 3),)),
    (MatPow(A * B, 3), "1", ((A * B, False, 3),)),
    (MatPow(-A, Rational(1, 2)), "1", ((-A, False, Rational(1, 2)),)),
    (MatPow(4 * A, Rational(1, 2)), "2", ((A, False, Rational(1, 2)),)),
    (MatPow(MatPow(A, 2), 3), "1", ((A, False, 6),)),
    (MatPow(MatPow(A, 2), Rational(1, 2)), "1", ((A**2, False, Rational(1, 2)),)),
    (Inverse(2 * Identity(n)), "1/2", ()),
]
POWERS_OF_ENTRIES = [
    (HadamardPower(x, 2), S(3), "HadamardPower(x, 6)"),
    (HadamardPower(x, -1), S(-1), "x"),
    (HadamardPower(x, 2), Rational(1, 2), "HadamardPower(HadamardPower(x, 2), 1/2)"),
    (HadamardProduct(x, y), S(2), "HadamardProduct(HadamardPower(x, 2), HadamardPower(y, 2))"),
    (HadamardProduct(x, y), Rational(1, 2), "HadamardPower(HadamardProduct(x, y), 1/2)"),
    (HadamardProduct(HadamardPower(x, 2), y), S(-1), "HadamardProduct(HadamardPower(x, -2), HadamardPower(y, -1))"),
    (OneMatrix(n, 1), S(5), "1"),
]
ELEMENTWISE = [
    ([x, y], "HadamardProduct(x, y)"),
    ([y, x], "HadamardProduct(x, y)"),
    ([x, x], "HadamardPower(x, 2)"),
    ([x, OneMatrix(n, 1)], "x"),
    ([HadamardPower(x, 2), x], "HadamardPower(x, 3)"),
    ([HadamardPower(x, -1), x], "1"),
    ([HadamardProduct(x, y), y], "HadamardProduct(x, HadamardPower(y, 2))"),
    ([HadamardPower(x, k), HadamardPower(x, -k), y], "y"),
]
IDS = dict(ids=lambda value: value if isinstance(value, str) else "")


def chain_of(factors):
    return sum((chains.open_product(prepare(f))[1] for f in factors), ())


@pytest.mark.parametrize("factors, text", PRODUCTS, **IDS)
def test_product(factors, text):
    with session():
        chain = chain_of(factors)
        found = chains.normalise(chain)
        assert str(chains.express_chain(found) if found else make.identity(n)) == text
        assert not found or chains.chain_shape(found) == chains.chain_shape(chain)


@pytest.mark.parametrize("factors, text", [row for row in PRODUCTS if row[1] != "A*sqrtm(A)"], **IDS)  # which commute
def test_the_transposed_product_is_the_transpose_of_the_product(factors, text):
    with session():
        chain = chain_of(factors)
        assert chains.normalise(chains.reverse(chain)) == chains.reverse(chains.normalise(chain))
        assert chains.reverse(chains.reverse(chain)) == chain


@pytest.mark.parametrize("factors, text", TRACES, **IDS)
def test_trace(factors, text):
    with session():
        assert str(chains.trace(chain_of(factors), n)) == text


@pytest.mark.parametrize("factors, text", TRACES, **IDS)
def test_trace_is_the_same_from_every_end(factors, text):
    with session():
        chain = chain_of(factors)
        size = chains.atom_shape(chain[0])[0]
        assert str(chains.trace(chains.reverse(chain), size)) == text
        for cut in range(1, len(chain)):
            turned = chain[cut:] + chain[:cut]
            assert str(chains.trace(turned, chains.atom_shape(turned[0])[0])) == text


@pytest.mark.parametrize("factors, text", SCALARS, **IDS)
def test_scalar(factors, text):
    with session():
        chain = sum((chains.open_product(f)[1] for f in factors), ())
        assert str(chains.scalar(chain)) == text


@pytest.mark.parametrize("typed, number, chain", OPENED, **IDS)
def test_a_product_is_opened(typed, number, chain):
    with session():
        assert (str(chains.open_product(typed)[0]), chains.open_product(typed)[1]) == (number, chain)


@pytest.mark.parametrize("base, k, text", POWERS_OF_ENTRIES, **IDS)
def test_powers_of_entries(base, k, text):
    with session():
        assert str(chains.atoms.hadamard_power_of(base, k)) == text


@pytest.mark.parametrize("vectors, text", ELEMENTWISE, **IDS)
def test_elementwise(vectors, text):
    with session():
        assert str(chains.hadamard_vectors([prepare(v) for v in vectors])) == text


def test_slices_of_slices():
    with session():
        a = prepare(MatrixSymbol("A", 9, 9)[1:9:2, 2:9])
        rows = prepare(Identity(4)[1:3, :])
        (atom,) = chains.normalise((*chains.open_product(rows)[1], *chains.open_product(a)[1]))
        assert str(atom[0]) == "A[3:7:2, 2:]"


def test_blocks_are_cut_along_their_borders_only():
    from sympy import BlockMatrix

    M = BlockMatrix([[A, B], [C, A]])
    with session():
        cut = lambda rows, cols: chains.block_slice(M, (rows, cols))  # noqa: E731
        assert cut((0, n, 1), (n, 2 * n, 1)) == B and cut((n, 2 * n, 1), (0, n, 1)) == C
        assert cut((0, 2 * n, 1), (0, n, 1)) == BlockMatrix([[A], [C]])
        assert cut((0, n + 1, 1), (0, n, 1)) is None and cut((0, n, 2), (0, n, 1)) is None


def test_powers_split_only_where_they_may():
    with session():
        c, half = Symbol("c"), Rational(1, 2)
        assert chains.splits(c, S(2)) and not chains.splits(c, half) and chains.splits(Symbol("c", positive=True), half)
        assert chains.powers_multiply((A, False, S(2)), S(3)) and not chains.powers_multiply((A, False, S(2)), half)


def test_entries():
    with session():
        assert str(chains.entry(chain_of([A, B]), i, j)) == "(A*B)[i, j]"
        assert str(chains.entry(chain_of([A.T]), i, j)) == "A[j, i]"
        assert str(chains.entry(chain_of([DiagMatrix(x)]), i, j)) == "KroneckerDelta(i, j)*x[i, 0]"
        assert chains.entry(chain_of([OneMatrix(n, m)]), i, j) == 1
        assert str(chains.entry((), i, j)) == "KroneckerDelta(i, j)" and chains.entry((), S.Zero, S.Zero) == 1
        assert str(chains.entry(chain_of([mc.MatrixUnit(n, n, 0, 1)]), i, j)) == "KroneckerDelta(0, i)*KroneckerDelta(1, j)"


def test_an_entry_of_a_multiple_of_the_identity():
    """It was an entry of the number 1, at which `simplify` stopped."""
    multiple = MatMul(Trace(A), Identity(n))
    assert mc.simplify(MatrixElement(multiple, 1, 1)) == Trace(A) and mc.simplify(MatrixElement(multiple, 0, 1)) == 0
    assert str(mc.gradient(MatrixElement(multiple, i, j), A)) == "KroneckerDelta(i, j)*I(n)"


def test_a_vector_times_a_sum_that_it_cancels_is_zero():
    ones, s = OneMatrix(n, 1), Symbol("s", real=True)
    sums = {
        x - mc.Mean(x) * ones: True,
        x - mc.Mean(y) * ones: False,
        x + y: False,
        A * x - mc.Mean(A * x) * ones: True,
        x - s * ones: False,
    }
    with session():
        for total, is_zero in sums.items():
            chain = chain_of((OneMatrix(1, n), total))
            assert (chains.scalar(chain) is S.Zero) == is_zero == (chains.scalar(chains.reverse(chain)) is S.Zero)
        conjugate = y - (x.T * A * y)[0, 0] / (x.T * A * x)[0, 0] * x
        assert chains.scalar(chain_of((x.T, A, conjugate))) is S.Zero and chains.scalar(chain_of((x.T, B, conjugate))) is not S.Zero
        projected = y - (x.T * y)[0, 0] / (x.T * x)[0, 0] * x
        assert chains.scalar(chain_of((x.T, projected))) is S.Zero and chains.scalar(chain_of((y.T, projected))) is not S.Zero


def test_the_size_of_what_a_product_becomes():
    """Ones as many as the rows and columns of the whole."""
    with session():
        for factors, shape in (
            ((mc.RowSoftmax(X), OneMatrix(n, k)), (m, k)),
            ((OneMatrix(k, n), mc.RowSoftmax(X).T), (k, m)),
            ((OneMatrix(n, 1), OneMatrix(1, m)), (n, m)),
            ((OneMatrix(n, m), Identity(m)[:2, :].T), (n, 2)),
            ((Identity(n)[1:3, :], OneMatrix(n, k)), (2, k)),
        ):
            (atom,) = chains.normalise(chain_of(factors))
            assert chains.atom_shape(atom) == shape


@pytest.mark.parametrize(
    "left, right, text",
    [
        ((UNIT, False), (mc.MatrixUnit(m, 1, j, 0), True), "unit(n, m, i, j)"),
        ((UNIT, True), (UNIT_J, False), None),
        ((UNIT, False), (UNIT_J, False), None),
        ((UNIT, True), (UNIT_J, True), None),
        ((UNIT, False), (mc.MatrixUnit(n, m, i, j), True), None),
        ((mc.MatrixUnit(n, m, i, j), False), (UNIT, True), None),
    ],
)
def test_a_column_of_the_identity_times_a_row_of_it(left, right, text):
    with session():
        found = chains.merging.merge((*left, S.One), (*right, S.One))
        assert found is None if text is None else [str(base) for base, _, _ in found] == [text]


def test_an_inverse_with_a_number_inside_is_left_as_it_is():
    with session():
        inverse = (make.mul(S(2), A, B), False, S.NegativeOne)
        assert chains.merging.merge(inverse, (A, False, S.One)) is None
