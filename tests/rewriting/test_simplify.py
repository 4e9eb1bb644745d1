"""simplify, expand, collect, rewrite on what people ask for; the issue numbers are SymPy's."""

import pytest
from sympy import (
    Abs,
    BlockDiagMatrix,
    BlockMatrix,
    Determinant,
    DiagMatrix,
    HadamardPower,
    HadamardProduct,
    Identity,
    KroneckerProduct,
    Matrix,
    MatrixSymbol,
    Mul,
    OneMatrix,
    Piecewise,
    Q,
    Rational,
    Symbol,
    Trace,
    ZeroMatrix,
    cos,
    exp,
    log,
    nan,
    pi,
    sin,
    sqrt,
    symbols,
    tanh,
    zoo,
)
from sympy.assumptions import assuming
from sympy.matrices.expressions import MatAdd, MatMul, MatPow
from sympy.matrices.expressions.matexpr import MatrixElement

import sympy_matcalc as mc
from sympy_matcalc.answers import as_answer

m, n = symbols("m n", integer=True, positive=True)
A, B, C, D, E, P, R, S, U = (MatrixSymbol(name, n, n) for name in "ABCDEPRSU")
X, Y = MatrixSymbol("X", m, n), MatrixSymbol("Y", n, m)
x, y, z = (MatrixSymbol(name, n, 1) for name in "xyz")
W = MatrixSymbol("W", n, m)  # tall
HAT = W * (W.T * W).I * W.T  # the projection on its columns
I, K = Identity(n), KroneckerProduct
t, c = Symbol("t", real=True), Symbol("c", real=True)


def form(*factors):
    return MatrixElement(MatMul(*factors), 0, 0)


def same(found, expected):
    """Equal but for the brackets and the order that SymPy keeps of what was typed."""
    assert str(found) == str(as_answer(expected)) or found.doit() == expected.doit()


SIMPLER = [  # what is typed, what is known, what it is
    (A * x + A.T * x, Q.symmetric(A), 2 * A * x),
    (Trace(A * B) - Trace(B * A), None, 0),
    (Trace(A * B * C) - Trace(C.T * B.T * A.T), None, 0),
    (Trace(X.T * X * X.T * X) - Trace(X * X.T * X * X.T), None, 0),  # 21058
    (U.T * (A + B) * U * U.T - U.T * B, Q.orthogonal(U), U.T * A),
    (A * (x + y) - A * y, None, A * x),  # 9564
    ((A + B) ** 2 - A * B - B * A - B**2, None, A**2),
    (P * (I - P), mc.idempotent(P), ZeroMatrix(n, n)),
    (x.T * (I - HAT) * W, None, ZeroMatrix(1, m)),
    ((I - HAT) ** 2, None, I - HAT),
    ((HAT - I) * (x * (x - HAT * x).T + (x - HAT * x) * x.T) * W * (W.T * W).I, None, (HAT - I) * x * x.T * W * (W.T * W).I),
    ((I - P) ** 2, mc.idempotent(P), I - P),
    ((I - 2 * P) ** 2, mc.idempotent(P), I),
    (D * E - E * D, Q.diagonal(D) & Q.diagonal(E), ZeroMatrix(n, n)),
    (S ** Rational(1, 2) * S ** Rational(1, 2), None, S),
    ((A * B).I * A, None, B.I),
    ((A.T * A).I * A.T * A, None, I),
    (mc.PseudoInverse(A) * A * x, Q.invertible(A), x),
    (2 * A * X.T + t * A * X.T, None, (t + 2) * A * X.T),
    (X.T * (X * x - MatrixSymbol("w", m, 1)) + X.T * MatrixSymbol("w", m, 1), None, X.T * X * x),
    (Trace(Identity(n)[:2, :].T * Identity(n)[:2, :]), None, 2),  # a cycle that cancels has the order at its seam
    (Trace(Identity(n)[:, :2] * Identity(n)[:, :2].T), None, 2),
    (Trace(mc.DuplicationMatrix(n) * mc.PseudoInverse(mc.DuplicationMatrix(n))), None, n * (n + 1) / 2),
    (Trace(mc.PseudoInverse(mc.DuplicationMatrix(n)) * mc.DuplicationMatrix(n)), None, n * (n + 1) / 2),
    (Trace(mc.EliminationMatrix(n).T * mc.EliminationMatrix(n)), None, n * (n + 1) / 2),
    (Trace(mc.DiagonalBasis(n) * mc.DiagonalBasis(n).T), None, n),
    (Identity(n)[:, :2].T * Identity(n)[:, :2], None, Identity(2)),
    (sin(Trace(A)) ** 2 + cos(Trace(A.T)) ** 2, None, 1),
    ((sin(t) ** 2 + cos(t) ** 2) * A, None, A),
    (Determinant(A * B * A.I), None, Determinant(B)),
    (Determinant(U * B * U.T), Q.orthogonal(U), Determinant(B)),
    (Determinant(U) ** 2, Q.orthogonal(U), 1),
    (Determinant(U), Q.orthogonal(U), Determinant(U)),  # a reflection has -1, where SymPy's refine says 1
    (Determinant(A * B) / Determinant(A), None, Determinant(B)),
    (log(Determinant(S * B)) - log(Determinant(S)), Q.positive_definite(S), log(Determinant(B))),
    (log(Determinant(A * B)) - log(Determinant(A)), None, log(Determinant(A * B)) - log(Determinant(A))),  # both may be negative
    (log(Determinant(A * B)) - log(Determinant(A)), Q.positive(Determinant(A)), log(Determinant(B))),
    (log(Determinant(S) ** 2) - 2 * log(Determinant(S)), Q.positive_definite(S), 0),
    (Abs(Determinant(U)), Q.orthogonal(U), 1),
    (Abs(form(x.T, S, x)), Q.positive_definite(S), form(x.T, S, x)),
    (Abs(form(x.T, X.T, X, x)), None, form(x.T, X.T, X, x)),
    (Abs(form(x.T, A, x)), Q.symmetric(A), Abs(form(x.T, A, x))),
    (sqrt(Determinant(S) ** 2), Q.positive_definite(S), Determinant(S)),
    (mc.Norm(U * x), Q.orthogonal(U), mc.Norm(x)),
    (mc.Norm(U * A * U.T) ** 2, Q.orthogonal(U), mc.Norm(A) ** 2),
    (mc.SpectralNorm(U * A), Q.orthogonal(U), mc.SpectralNorm(A)),
    (K(A, B) * K(C, D), None, K(A * C, B * D)),
    (K(A, B) * K(A.I, D), None, K(I, B * D)),
    (K(A, B) + K(A, C), None, K(A, B + C)),
    (K(B.T, A) * mc.Vec(C), None, mc.Vec(A * C * B)),
    (mc.CommutationMatrix(n, m) * mc.Vec(Y), None, mc.Vec(Y.T)),
    (DiagMatrix(x) * y, None, HadamardProduct(x, y)),
    (HadamardProduct(A, B) + HadamardProduct(A, C), None, HadamardProduct(A, B + C)),
    (mc.Cholesky(S) * mc.Cholesky(S).T, Q.positive_definite(S), S),
    (Determinant(BlockMatrix([[A, B], [ZeroMatrix(n, n), C]])), None, Determinant(A) * Determinant(C)),
    (Trace(BlockMatrix([[A, B], [C, D]])), None, Trace(A) + Trace(D)),
    (BlockDiagMatrix(A, B) + BlockDiagMatrix(C, D), None, BlockDiagMatrix(A + C, B + D)),
    (
        2 * BlockMatrix([[A, B], [C, D]]) - 2 * BlockMatrix([[B, B], [C, A]]),
        None,
        BlockMatrix([[2 * A - 2 * B, ZeroMatrix(n, n)], [ZeroMatrix(n, n), 2 * D - 2 * A]]),
    ),
    (exp(Trace(A * B - B * A)), None, 1),
    (x.T * A * y + x.T * B * y, None, x.T * (A + B) * y),
    (x.T * A * x - x.T * A.T * x, None, ZeroMatrix(1, 1)),
    (x.T * U.T * U * y, Q.orthogonal(U), x.T * y),
    (MatPow(MatPow(A, 2), Rational(1, 2)), None, MatPow(MatPow(A, 2), Rational(1, 2))),  # -2 is no root of 4
    (MatPow(MatPow(A, 2), Rational(1, 2)), Q.positive_definite(A), A),
    (MatPow(-A, Rational(1, 2)), None, MatPow(-A, Rational(1, 2))),
    (MatPow(MatPow(A, 2), Rational(1, 2)) ** 2, None, A**2),
    (Determinant(A.I) * Determinant(A), None, 1),
    (log(Determinant(S.I)) + log(Determinant(S)), Q.positive_definite(S), 0),
    (K(P, P) ** 2, mc.idempotent(P), K(P, P)),
    (Abs(c) * A, Q.positive(c), c * A),
    (mc.Norm(c * x), Q.positive(c), c * mc.Norm(x)),
    (DiagMatrix(HadamardPower(x, -1)) * DiagMatrix(x), None, I),
    (OneMatrix(1, n) * x, None, OneMatrix(1, n) * x),
    (Trace(tanh(t) * A) + Piecewise((0, t > 0), (0, True)), None, tanh(t) * Trace(A)),
    (A + ZeroMatrix(n, n) + I * A - 2 * A, None, ZeroMatrix(n, n)),
]


@pytest.mark.parametrize(("expr", "facts", "expected"), SIMPLER, ids=lambda e: str(e)[:40].replace("\n", " "))
def test_simplify(expr, facts, expected):
    found = mc.simplify(expr, facts)
    assert mc.simplify(found - expected, facts) in (0, ZeroMatrix(*getattr(expr, "shape", (n, n))))
    assert str(found) == str(mc.simplify(expected, facts))


def test_facts_are_only_used_where_they_are_stated():
    for expr, facts, _ in SIMPLER:
        if facts is not None:
            with assuming(*facts.args if facts.func.__name__ == "And" else [facts]):
                inside = mc.simplify(expr)
            assert inside == mc.simplify(expr, facts)
            assert mc.simplify(expr) == mc.simplify(expr, Q.symmetric(R))


def test_facts_about_products():
    assert mc.simplify((A * B).T + A * B, Q.symmetric(A * B)) == 2 * A * B


@pytest.mark.parametrize(
    "bad",
    [
        "Q.symmetric(A)",
        3,
        False,
        [Q.symmetric(A), "B"],
        Q.singular(A) & Q.invertible(A),
        Q.symmetric(A) & ~Q.symmetric(A),
        Q.orthogonal(A) & Q.singular(A),
        Q.symmetric,
        Q.symmetric(5),
        t > 0,
        Q.positive(t) & Q.negative(t),
    ],
)
def test_what_is_no_assumption_or_contradicts_itself(bad):
    with pytest.raises(mc.AssumptionError):
        mc.simplify(A, bad)


def test_a_fact_of_a_square_matrix_about_another():
    with pytest.raises(mc.ShapeError, match="square"):
        mc.simplify(X, Q.symmetric(X))


def test_facts_that_do_not_concern_the_expression_do_no_harm():
    assert mc.simplify(A * A, Q.symmetric(Matrix([[1, 2], [2, 3]]))) == A**2


class TestSingular:
    """An inverse of what is stated to be singular is no answer: det(A) inv(A)' is not 0 there."""

    def test_a_derivative(self):
        """That of the determinant is the transposed adjugate, which a singular A has too: not 0."""
        assert mc.gradient(Determinant(A), A, assumptions=Q.singular(A)) == mc.Adjugate(A).T
        assert mc.gradient(Determinant(A) * Trace(B), B, assumptions=Q.singular(A)) == ZeroMatrix(n, n)

    def test_simplify_and_rewrite(self):
        with pytest.raises(mc.AssumptionError, match="singular"):
            mc.simplify(A.I * B, Q.singular(A))
        with pytest.raises(mc.AssumptionError, match="singular"):
            mc.rewrite(Determinant(A + x * y.T), "determinant_lemma", Q.singular(A))


def test_sums_in_products_are_not_multiplied_out_without_end():
    many = Mul(*[Trace(A) + Determinant(MatrixSymbol(f"B{i}", n, n)) for i in range(25)])
    assert mc.simplify(many) == many
    with pytest.raises(mc.ArgumentError, match="terms"):
        mc.expand(many)


def test_a_matrix_that_is_not_singular_is_invertible():
    assert mc.simplify(mc.PseudoInverse(A) * A, ~Q.singular(A)) == I


class TestDerivatives:
    def test_shorter_with_facts(self):
        assert mc.gradient(x.T * A * x, x, assumptions=Q.symmetric(A)) == 2 * A * x
        assert mc.hessian(x.T * A * x, x, assumptions=Q.symmetric(A)) == 2 * A
        assert mc.gradient(log(Determinant(S)), S, assumptions=Q.positive_definite(S)) == S.I
        assert mc.jacobian(U * A * U.T * x, x, assumptions=Q.orthogonal(U) & Q.symmetric(A)) == U * A * U.T
        assert mc.diff(x.T * A * x, x, 2, assumptions=[Q.symmetric(A)]) == 2 * A
        with assuming(Q.symmetric(A)):
            assert mc.gradient(x.T * A * x, x) == 2 * A * x

    def test_facts_about_the_variable_are_used_after_the_derivative(self):
        """X'X is I for orthogonal X, its derivative is not 0."""
        assert mc.gradient(Trace(U.T * U), U, assumptions=Q.orthogonal(U)) == 2 * U
        assert mc.hessian(Determinant(U) ** 2, U, form="vec", assumptions=Q.orthogonal(U)) != ZeroMatrix(n**2, n**2)
        with assuming(Q.orthogonal(U)):
            assert mc.gradient(Trace(U.T * A * U), U) == (A + A.T) * U

    def test_the_check_takes_data_that_satisfy_the_facts(self):
        facts = Q.symmetric(A) & Q.orthogonal(U)
        assert mc.check((U * x).T * A * U * x, x, assumptions=facts).ok
        with pytest.raises(mc.CheckError):
            mc.check(x.T * A * x, x, derivative=2 * x.T * A)


class TestForms:
    def test_expand(self):
        assert mc.expand((A + B) * (A - B)) == mc.expand(A**2 + B * A - A * B - B**2)
        assert str(mc.expand(Trace((A + B) * C))) == "Trace(A*C) + Trace(B*C)"
        assert str(mc.expand(K(A + B, C))) == "KroneckerProduct(A, C) + KroneckerProduct(B, C)"
        assert str(mc.expand((X * Y).T * (X * Y))) == "Y.T*X.T*X*Y"
        assert mc.expand((A * B).I) == B.I * A.I
        assert mc.expand(log(Determinant(A * B))) == log(Determinant(A) * Determinant(B))
        with assuming(Q.positive_definite(A), Q.positive_definite(B)):
            assert mc.expand(log(Determinant(A * B))) == log(Determinant(A)) + log(Determinant(B))
        assert str(mc.expand(t * (A + B) * 2)) == "2*t*A + 2*t*B"

    def test_expand_refuses_what_nobody_reads(self):
        with pytest.raises(mc.ArgumentError, match="terms"):
            mc.expand(MatMul(*[MatAdd(MatrixSymbol(f"A{i}", n, n), I) for i in range(20)]))

    def test_collect(self):
        assert mc.collect(A * X.T + B * X.T + B * A * X.T) == (A + B + B * A) * X.T
        assert str(mc.collect(A * x + B * (x + y), x)) == "(A + B)*x + B*y"
        assert mc.collect(x.T * A * x + x.T * B * x).shape == (1, 1)
        with pytest.raises(mc.ExpressionError):
            mc.collect(A * x, A * x)

    def test_collect_by_a_scalar(self):
        assert str(mc.collect((c + t) * A + (c - t) * B, c)) == "c*(A + B) + t*(A - B)"
        assert str(mc.collect(c**2 + c * Trace(A) + c * Trace(B), c)) == "c**2 + c*(Trace(A) + Trace(B))"

    def test_rewrite_of_neighbours(self):
        assert mc.rewrite(U.I * A, "inverse_of_orthogonal", Q.orthogonal(U)) == U.T * A

    def test_woodbury(self):
        F = MatrixSymbol("F", m, m)
        same(mc.rewrite((A + Y * F * X).I, "woodbury"), A.I - A.I * Y * (F.I + X * A.I * Y).I * X * A.I)
        same(mc.rewrite((A - B * C).I, "woodbury"), A.I + A.I * B * (I - C * A.I * B).I * C * A.I)
        same(mc.rewrite((I + Y * X).I, "woodbury"), I - Y * (Identity(m) + X * Y).I * X)

    def test_push_through(self):
        same(mc.rewrite(X * (I + Y * X).I, "push_through"), (Identity(m) + X * Y).I * X)
        same(mc.rewrite((t * I + X.T * X).I * X.T, "push_through"), X.T * (t * Identity(m) + X * X.T).I)

    def test_rewrite_says_what_there_is(self):
        with pytest.raises(mc.ArgumentError, match="woodbury"):
            mc.rewrite(A, "woodburry")
        with pytest.raises(mc.ArgumentError, match="nowhere"):
            mc.rewrite(A, "woodbury")
        assert "woodbury" in mc.rewrites()


def test_a_common_factor_is_taken_out_where_that_is_no_larger():
    u, v = MatrixSymbol("u", n, 1), MatrixSymbol("v", n, 1)
    assert str(mc.simplify(A * B * A + A * u * v.T)) == "A*(B*A + u*v.T)"
    assert str(mc.simplify(3 * A * B + A * u * v.T)) == "A*(u*v.T + 3*B)"


def test_numbers_stay_as_they_are():
    assert mc.simplify(0.5 * A + 0.25 * A) == 0.75 * A
    assert mc.simplify(pi * Trace(A) / pi) == Trace(A)


def test_deep_and_long():
    deep = x
    for i in range(300):
        deep = MatMul(MatrixSymbol(f"A{i}", n, n), deep).applyfunc(tanh)
    assert mc.simplify(deep).args[1].args[0] == MatrixSymbol("A299", n, n)
    long = MatAdd(*[MatMul(MatrixSymbol(f"A{i}", n, n), x) for i in range(100)])
    assert mc.simplify(long).args[-1] == x


def test_what_is_divided_by_the_determinant_of_a_singular_matrix_stays_as_typed():
    A, B, x = MatrixSymbol("A", n, n), MatrixSymbol("B", n, n), MatrixSymbol("x", n, 1)
    zero, s = Determinant(A * B), log(Trace(B))
    for f in (
        1 / (zero * s) + zero * s,
        Trace(B) / zero - 1,
        Piecewise((s, s + zero**-2 > 0), (s**2, True)),
        exp(1 / zero) * B,
        B * x / zero,
    ):
        for fact in (None, Q.singular(A)):
            found = mc.simplify(f, fact)
            assert not found.has(zoo, nan)
    assert mc.simplify(1 / (zero * s) + zero * s, Q.singular(A)) == 1 / (zero * s) + zero * s
