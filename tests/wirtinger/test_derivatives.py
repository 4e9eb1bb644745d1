"""Complex derivatives: the forms of the books, what is refused, what is stated, and random expressions against differences."""

import numpy as np
import pytest
from sympy import (
    Abs,
    Adjoint,
    Determinant,
    Function,
    I,
    Identity,
    Lambda,
    MatrixSymbol,
    Max,
    N,
    Piecewise,
    Q,
    Rational,
    Sum,
    Symbol,
    Trace,
    arg,
    assuming,
    conjugate,
    exp,
    im,
    log,
    re,
    sin,
    sqrt,
    symbols,
)

import sympy_matcalc as mc
from tests import fuzz_complex

m, n = symbols("m n", integer=True, positive=True)
Z, S, A, B = MatrixSymbol("Z", m, n), MatrixSymbol("S", n, n), MatrixSymbol("A", n, n), MatrixSymbol("B", n, m)
z, w, b = MatrixSymbol("z", n, 1), MatrixSymbol("w", n, 1), MatrixSymbol("b", m, 1)
c, t, v = Symbol("c", complex=True), Symbol("t", real=True), Symbol("v")
wz = (Adjoint(w) * z)[0, 0]

FORMS = [  # f, variable, by, assumptions, what a book prints
    (Trace(Adjoint(S)), S, "real", None, "I(n)"),
    (Trace(Adjoint(S)), S, "imag", None, "-I*I(n)"),
    (Trace(Z * Adjoint(Z)), Z, "Z", None, "Adjoint(Z.T)"),
    (Trace(Z * Adjoint(Z)), Z, "conjugate", None, "Z"),
    (Trace(Z * Adjoint(Z)), Z, "gradient", None, "2*Z"),
    (Trace(Z * Adjoint(Z)), Z, "real", None, "Z + Adjoint(Z.T)"),
    (Trace(B * Z), Z, "conjugate", None, "zeros(m, n)"),
    (Trace(B * Z), Z, "Z", None, "B.T"),
    (Trace(S.I * A), S, "Z", None, "-S.T**(-1)*A.T*S.T**(-1)"),
    (Adjoint(z) * A * z, z, "Z", None, "A.T*Adjoint(z.T)"),
    (Adjoint(z) * A * z, z, "conjugate", None, "A*z"),
    (Adjoint(z) * A * z, z, "gradient", Q.hermitian(A), "2*A*z"),
    (Adjoint(z) * A * z, z, "gradient", Q.positive_definite(A), "2*A*z"),
    (mc.Norm(Z * z - b) ** 2, z, "gradient", None, "2*Adjoint(Z)*(Z*z - b)"),
    (mc.Norm(Z), Z, "gradient", None, "Z/norm(Z)"),
    (mc.Norm(Z * z - b), z, "gradient", None, "Adjoint(Z)*(Z*z - b)/norm(Z*z - b)"),
    (mc.NuclearNorm(Z), Z, "gradient", None, "Z*pinv(sqrtm(Adjoint(Z)*Z))"),
    (Determinant(Adjoint(S) * A * S), S, "Z", None, "Determinant(Adjoint(S)*A*S)*S.T**(-1)"),
    (Determinant(Adjoint(Z) * Z), Z, "gradient", None, "2*Determinant(Adjoint(Z)*Z)*Z*(Adjoint(Z)*Z)**(-1)"),
    (log(Determinant(Identity(m) + Z * Adjoint(Z))), Z, "gradient", None, "2*(I + Z*Adjoint(Z))**(-1)*Z"),
    (Abs(Determinant(S)) ** 2, S, "conjugate", None, "Abs(Determinant(S))**2*Adjoint(S)**(-1)"),
    (mc.LogAbsDeterminant(S), S, "gradient", None, "Adjoint(S)**(-1)"),
    (re(Trace(A * S)), S, "gradient", None, "Adjoint(A)"),
    (im(Trace(A * S)), S, "gradient", None, "I*Adjoint(A)"),
    (Abs(wz), z, "gradient", None, "(Adjoint(w)*z)[0, 0]*w/Abs((Adjoint(w)*z)[0, 0])"),
    (Trace(mc.MatrixExp(S)), S, "Z", None, "expm(S.T)"),
    (mc.Norm(z, 1), z, "gradient", None, "HadamardProduct(z, apply(u -> 1/Abs(u), z))"),
    (Abs(c) ** 2, c, "Z", None, "conjugate(c)"),
    (Abs(c), c, "gradient", None, "c/Abs(c)"),
    (arg(c), c, "gradient", None, "I/conjugate(c)"),
    (c * t, c, "Z", None, "t"),
    (Trace(Z * Adjoint(Z)), Z[0, 1], "conjugate", None, "Z[0, 1]"),
    (z * Adjoint(w), z[0, 0], "Z", None, "unit(n, 1, 0, 0)*Adjoint(w)"),
]


@pytest.mark.parametrize("f, variable, by, assumptions, form", FORMS, ids=[f"{f}-{by}"[:50] for f, _, by, _, _ in FORMS])
def test_forms(f, variable, by, assumptions, form):
    assert str(mc.complex_derivative(f, variable, by=by, assumptions=assumptions)) == form


def test_jacobians_are_a_pair_and_obey_the_chain_rule():
    """D F = D_G F D G + D_conj(G) F conj(D_conj G), by Z, in the vec form (Hjorungnes & Gesbert, theorem 1)."""
    by_z, by_conj = mc.complex_jacobians(Z * A * Adjoint(Z), Z, form="vec")
    assert str(by_z) == "KroneckerProduct(Adjoint(Z.T)*A.T, I(m))"
    assert str(by_conj) == "KroneckerProduct(I(m), Z*A)*commutation(m, n)"
    G = MatrixSymbol("G", m, m)
    outer = [mc.complex_derivative(Trace(G * G * Adjoint(G)), G, by) for by in ("Z", "conjugate")]
    inner = Z * A * Adjoint(Z)
    whole = mc.complex_derivative(Trace(inner * inner * Adjoint(inner)), Z, "Z")
    rng = fuzz_complex.np.random.default_rng(1)
    env = {m: 2, n: 3} | {s: rng.normal(size=(p, q)) + 1j * rng.normal(size=(p, q)) for s, p, q in ((Z, 2, 3), (A, 3, 3))}
    value = lambda e: fuzz_complex.evaluate(e, env)  # noqa: E731
    vec = lambda a: a.T.ravel()  # noqa: E731
    D, D_conj = value(by_z), value(by_conj)
    d_outer = [vec(value(e.subs(G, inner))) for e in outer]
    assert abs(d_outer[0] @ D + d_outer[1] @ D_conj.conj() - vec(value(whole))).max() < 1e-9


def test_hessian_blocks():
    f = Adjoint(z) * A * z
    assert str(mc.complex_hessian(f, z, by=("conjugate", "Z"))) == "A"
    assert str(mc.complex_hessian(f, z, by=("Z", "conjugate"))) == "A.T"
    assert mc.complex_hessian(f, z, by=("Z", "Z")).is_ZeroMatrix
    norm = mc.Norm(z) ** 4
    assert str(mc.complex_hessian(norm, z, by=("Z", "Z"))) == "2*Adjoint(z.T)*Adjoint(z)"
    assert str(mc.complex_hessian(norm, z)) == "2*Adjoint(z.T)*z.T + 2*norm(z)**2*I"
    assert mc.complex_hessian(f, z, w).is_ZeroMatrix


def test_differential_is_linear_in_both():
    assert str(mc.differential(Z * A * Adjoint(Z), Z, complex=True)) == "Z*A*Adjoint(dZ) + dZ*A*Adjoint(Z)"
    assert str(mc.differential(S.I, S, complex=True)) == "-S**(-1)*dS*S**(-1)"
    assert str(mc.differential(Abs(c) ** 2, c, complex=True)) == "c*conjugate(dc) + dc*conjugate(c)"


# ---- what is stated, and what is refused
def test_a_real_function_has_to_be_known_as_one():
    with pytest.raises(mc.ExpressionError, match=r"not known to be real.*Q.hermitian"):
        mc.complex_derivative(Adjoint(z) * A * z, z, by="gradient")
    with assuming(Q.hermitian(A)):
        assert str(mc.complex_derivative(Adjoint(z) * A * z, z, by="gradient")) == "2*A*z"
    with pytest.raises(mc.ExpressionError, match="not known to be real"):
        mc.complex_derivative(Symbol("s") * mc.Norm(z), z, by="gradient")
    assert str(mc.complex_derivative(t * mc.Norm(z) ** 2, z, by="gradient")) == "2*t*z"
    with pytest.raises(mc.ShapeError, match="real scalar"):
        mc.complex_derivative(A * z, z, by="gradient")


def test_what_is_stated_of_matrices():
    f = Trace(Adjoint(A) * S * A)
    assert str(mc.complex_derivative(f, S, "Z", assumptions=Q.real_elements(A))) == "A*A.T"
    assert str(mc.complex_derivative(f, S, "Z")) == "Adjoint(A.T)*A.T"
    unitary = mc.complex_derivative(mc.Norm(A * z) ** 2, z, by="gradient", assumptions=Q.unitary(A))
    assert str(unitary) == "2*z"
    symmetric = mc.complex_derivative(z.T * A * z, z, "Z", assumptions=Q.symmetric(A))
    assert str(symmetric) == "2*A*z"
    with pytest.raises(mc.AssumptionError, match="state the fact of the symbols"):
        mc.complex_derivative(z.T * A * z, z, assumptions=Q.hermitian(A + S))


@pytest.mark.parametrize(
    "f, variable, message",
    [
        (mc.SpectralNorm(Z), Z, "SpectralNorm"),
        (mc.PseudoInverse(Z), Z, r"Adjoint\(A\)\*A"),
        (mc.Relu(c), c, "Relu"),
        (Max(Trace(S), 0), S, "Max"),
        (mc.Norm(z, float("inf")), z, "largest entry"),
        (Function("f")(c), c, "nothing is known of the conjugate"),
        (z.applyfunc(Lambda(t, t**2)), z, "declared real"),
        (mc.Lyapunov(S, A), S, "Sylvester"),
        (mc.Cholesky(S), S, "Cholesky"),
    ],
)
def test_what_is_not_known_is_refused_by_name(f, variable, message):
    with pytest.raises(mc.MissingRuleError, match=message):
        mc.complex_derivative(f, variable)


@pytest.mark.parametrize(
    "root", [lambda u: sqrt(exp(u)), lambda u: sqrt(u**4), lambda u: (u**2) ** Rational(3, 2)], ids=["exp", "4", "3/2"]
)
def test_a_branch_cut_in_a_sum_over_entries_stays(root):
    """sqrt(exp(u)) is exp(u/2), and sqrt(u^4) is u^2, for real u alone: neither the derivative nor its code may say so."""
    k = Symbol("k", integer=True)
    f, at = Sum(root(z[k, 0]), (k, 0, n - 1)), np.array([1 + 3j, -2 + 0.5j, -1 - 4j])
    found = mc.lambdify([z], mc.complex_derivative(f, z))(at)
    w = Symbol("w")
    wanted = [complex(N(root(w).diff(w).subs(w, x))) for x in at]
    np.testing.assert_allclose(found, wanted, rtol=1e-12)
    np.testing.assert_allclose(mc.lambdify([z], f)(at), sum(complex(N(root(w).subs(w, x))) for x in at), rtol=1e-12)


def test_variables():
    with pytest.raises(mc.UnsupportedVariableError, match="declared real"):
        mc.complex_derivative(t**2, t)
    with pytest.raises(mc.UnsupportedVariableError, match="imaginary"):
        mc.complex_derivative(Symbol("y", imaginary=True) ** 2, Symbol("y", imaginary=True))
    with pytest.raises(mc.ArgumentError, match="'conjugate'"):
        mc.complex_derivative(c, c, by="conj")


def test_names_do_not_collide():
    other = MatrixSymbol("Z_conj", m, n)
    assert str(mc.complex_derivative(Trace(Adjoint(other) * Z) + Trace(Adjoint(Z) * Z), Z)) == "Adjoint((Z + Z_conj).T)"
    one, two = Symbol("z"), Symbol("z", complex=True)
    assert mc.complex_derivative(one * conjugate(two) ** 2, two, "conjugate") == 2 * one * conjugate(two)


def test_an_absolute_value_of_a_real_dummy_is_one_of_a_complex_entry():
    """|u|^2 is u^2 for the real symbol that functions are written of in the engine."""
    f = mc.ElementSum(z.applyfunc(Lambda(c, Abs(c) ** 2)))
    assert str(mc.complex_derivative(f, z, by="gradient")) == "2*z"


def test_a_sum_of_entries_is_not_real_of_a_complex_matrix():
    assert conjugate(mc.ElementSum(Z)) != mc.ElementSum(Z)
    assert str(mc.complex_derivative(Abs(mc.ElementSum(Z)) ** 2, Z, by="conjugate")) == "sum(Z)*ones(m, n)"
    hessian = mc.complex_hessian(Trace(Z * Adjoint(Z)) ** 2, Z)
    assert conjugate(hessian) != hessian


# ---- values
WITH_COEFFICIENTS = [  # functions, powers and branches that have complex coefficients themselves
    mc.ElementSum(z.applyfunc(Lambda(v, exp(I * v) * sin(c * v)))) * conjugate(mc.ElementSum(z.applyfunc(Lambda(v, exp(c * v))))),
    mc.ElementSum(z.applyfunc(Lambda(v, log(2 + c * v * conjugate(v))))),
    mc.Norm(z.applyfunc(Lambda(v, exp(I * c * v) + 1))),
    mc.ElementSum(z.applyfunc(Lambda(v, c * conjugate(v) ** 2 + exp(I * v)))),
    Piecewise((Abs(mc.ElementSum(z)) ** 2 * conjugate(c), t < 0), (c * re(mc.ElementSum(z)), True)),
    Abs(t) * c**2 * conjugate(mc.ElementSum(z)) ** c,
    Trace(mc.MatrixExp(I * z * z.T) * Adjoint(mc.MatrixSin(c * z * z.T))),
]


@pytest.mark.parametrize("f", WITH_COEFFICIENTS, ids=lambda f: str(f)[:40])
def test_coefficients_have_conjugates_too(f):
    rng = fuzz_complex.np.random.default_rng(2)
    env = {n: 2, c: 0.4 + 0.7j, t: -0.6, z: rng.normal(size=(2, 2)) @ [[1], [1j]]}
    real, imag, _ = fuzz_complex.differences(f, z, env)
    for by, truth in fuzz_complex.expected(real, imag).items():
        if by != "gradient":
            found = fuzz_complex.evaluate(mc.complex_derivative(f, z, by), env)
            assert abs(found.reshape(truth.shape) - truth).max() < 1e-7 * (1 + abs(truth).max()), by


@pytest.mark.parametrize("seed", range(1000, 1016))
def test_random_expressions(seed):
    verdict, message, expr = fuzz_complex.one(seed, 3)
    assert verdict in ("correct", "unjudged"), f"{expr}: {message}"


@pytest.mark.parametrize("kind", sorted(fuzz_complex.REFLECT))
@pytest.mark.parametrize("seed", range(1020, 1023))
def test_random_expressions_by_a_variable_with_structure(kind, seed):
    verdict, message, expr = fuzz_complex.one(seed, 2, kind)
    assert verdict in ("correct", "unjudged"), f"{expr}: {message}"


@pytest.mark.slow
@pytest.mark.parametrize("start", range(0, 500, 50))
def test_many_random_expressions(start):
    found = [fuzz_complex.one(seed, 4) for seed in range(start, start + 50)]
    assert [f for f in found if f[0] == "wrong" or f[0] == "crash" and f[1] != "out of time"] == []


def test_imaginary_unit():
    assert mc.complex_derivative(Trace(I * Z * Adjoint(Z)), Z, "conjugate") == I * Z
