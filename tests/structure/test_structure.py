"""Derivatives by variables with structure: exactly those of SymPy by the free parameters, and in the form that one prints."""

import pytest
import sympy as sp
from sympy import Determinant, HadamardProduct, Identity, KroneckerProduct, MatrixSymbol, Q, S, Trace, log, symbols
from sympy.matrices.expressions import DiagonalOf

import sympy_matcalc as mc
from sympy_matcalc.structure import CONVENTIONS, DEFAULT, STRUCTURES
from sympy_matcalc.testing.structures import units
from tests.fuzz_structure import case, requests

n = symbols("n", integer=True, positive=True)
X, A, B, C, Sig, P = (MatrixSymbol(name, n, n) for name in ("X", "A", "B", "C", "S", "P"))
a, b = MatrixSymbol("a", n, 1), MatrixSymbol("b", n, 1)
D, K = mc.DuplicationMatrix(n), mc.CommutationMatrix(n, n)
LINEAR = [name for name, s in STRUCTURES.items() if s.basis is not None]


# ---- forms
FORMS = [
    (Trace(A * X), "symmetric", "entries", A + A.T - HadamardProduct(Identity(n), A)),
    (Trace(A * X), "symmetric", "subspace", (A + A.T) / 2),
    (Determinant(X), "symmetric", "entries", Determinant(X) * (2 * X.I - HadamardProduct(Identity(n), X.I))),
    (log(Determinant(X)), "symmetric", "entries", 2 * X.I - HadamardProduct(Identity(n), X.I)),
    (log(Determinant(X)), "symmetric", "subspace", X.I),
    (a.T * X * b, "skew", "entries", a * b.T - b * a.T),
    (Trace(A.T * X), "diagonal", "entries", HadamardProduct(Identity(n), A)),
    (Trace(A.T * X), "lower", "entries", mc.LowerTriangle(A)),
    (Trace(A.T * X), "strictly_upper", "subspace", mc.UpperTriangle(A, 1)),
    (Trace(A.T * X), "toeplitz", "entries", mc.ToeplitzSums(A)),
    (Trace(A.T * X), "toeplitz", "subspace", mc.ToeplitzMeans(A)),
    (Trace(A.T * X), "circulant", "subspace", mc.CirculantSums(A) / n),
    (Trace(A * X), "hankel", "entries", mc.HankelSums(A)),
    (Trace(A * X), "scalar", "entries", Trace(A) * Identity(n)),
    (log(Determinant(X)), "spd", "subspace", X),
    (Trace(A.T * X), "orthogonal", "subspace", (A - X * A.T * X) / 2),
]


@pytest.mark.parametrize("f, structure, convention, expected", FORMS, ids=lambda x: str(x)[:30])
def test_gradient_reads_as_a_book_prints_it(f, structure, convention, expected):
    found = mc.gradient(f, X, structure=structure, convention=convention)
    assert mc.simplify(found - expected) == mc.simplify(expected - expected)
    assert sp.count_ops(str(found).count("(")) <= str(expected).count("(") + 2


def test_stiefel():
    m = symbols("m", integer=True, positive=True)
    Y, G = MatrixSymbol("Y", m, n), MatrixSymbol("G", m, n)
    assert str(mc.gradient(Trace(G.T * Y), Y, structure="orthogonal")) == "G - Y*(G.T*Y + Y.T*G)/2"


GAUSSIAN = -log(Determinant(Sig)) / 2 - Trace(Sig.I * C) / 2
PRECISION = n * log(Determinant(P)) / 2 - n * Trace(P * C) / 2


def test_the_hessians_of_the_gaussian_likelihood_are_those_of_magnus_and_neudecker():
    by_precision = mc.hessian(PRECISION, P, structure="symmetric", form="vech")
    assert by_precision == mc.gradient(n * sp.Symbol("q"), sp.Symbol("q")) * -S.Half * D.T * KroneckerProduct(P.I, P.I) * D
    by_covariance = mc.hessian(GAUSSIAN, Sig, structure="symmetric", form="vech", assumptions=Q.symmetric(C))
    assert str(by_covariance) == ("duplication(n).T*KroneckerProduct(S**(-1), S**(-1) - 2*S**(-1)*C*S**(-1))*duplication(n)/2")


def test_centred_data_stay_centred_between_basis_matrices():
    x, mu = MatrixSymbol("x", n, 1), MatrixSymbol("mu", n, 1)
    of_one = log(Determinant(Sig)) + ((x - mu).T * Sig.I * (x - mu))[0, 0]
    expected = (
        "duplication(n).T*(2*KroneckerProduct(S**(-1), S**(-1)*(x - mu)*(x - mu).T*S**(-1)) - KroneckerProduct(S**(-1), S**(-1)))"
        "*duplication(n)"
    )
    assert str(mc.hessian(of_one, Sig, structure="symmetric", form="vech")) == expected


def test_forms_of_vech():
    assert mc.gradient(Trace(A * X), X, structure="symmetric", form="vech") == D.T * mc.Vec(A)
    assert mc.jacobian(X * A, X, structure="symmetric", form="vech") == KroneckerProduct(A.T, Identity(n)) * D
    assert mc.gradient(log(Determinant(X)), X, structure="diagonal", form="vech") == DiagonalOf(X.I)
    assert mc.hessian(Trace(A * X * B * X), X, structure="diagonal", form="vech").has(HadamardProduct)
    assert mc.hessian(Trace(A * X * B * X), X, structure="scalar", form="vech") == 2 * Trace(A * B)
    assert mc.hessian(log(Determinant(X)), X, structure="symmetric", form="vech") == -D.T * KroneckerProduct(X.I, X.I) * D
    assert not mc.hessian(Trace(A * X * B * X), X, structure="lower", form="vech").has(mc.Einsum)


@pytest.mark.parametrize("name", LINEAR)
@pytest.mark.parametrize("convention", [None, *CONVENTIONS])
def test_no_einsum_where_there_is_a_kronecker_form(name, convention):
    for f in (Trace(A * X * B * X), log(Determinant(X)), Trace(A * X * X.T)):
        assert not mc.hessian(f, X, structure=name, convention=convention, form="vec").has(mc.Einsum)
        assert not mc.hessian(f, X, structure=name, form="vech").has(mc.Einsum)
    assert not mc.jacobian(A * X * B, X, structure=name, convention=convention, form="vec").has(mc.Einsum)


def test_the_second_derivative_of_a_gaussian_log_likelihood():
    """By a symmetric S three Kronecker products between the symmetrisers (Magnus & Neudecker, ch. 15), of which none is half of another."""
    r = MatrixSymbol("r", n, 1)
    f = log(Determinant(Sig)) / 2 + (r.T * Sig.I * r)[0, 0] / 2
    P = "S**(-1)*r*r.T*S**(-1)"
    pairs = f"KroneckerProduct({P}, S**(-1)) + KroneckerProduct(S**(-1), {P}) - KroneckerProduct(S**(-1), S**(-1))"
    assert str(mc.hessian(f, Sig, structure="symmetric", form="vec")) == f"(I + commutation(n, n))*({pairs})/4"
    assert str(mc.hessian(f, Sig, form="vec", assumptions=Q.symmetric(Sig))) == f"commutation(n, n)*({pairs})/2"


# ---- which derivative it is
def test_the_answer_says_its_convention():
    default, entries, subspace = (mc.gradient(Trace(A * X), X, structure="symmetric", convention=c) for c in (None, "entries", "subspace"))
    assert DEFAULT == "subspace" and default == subspace != entries
    (said,) = mc.conditions(default)
    assert "subspace" in said and "default" in said and "df = <G, dX>" in said and 'convention="entries"' in said
    assert "entries" in mc.conditions(entries)[0] and "default" not in mc.conditions(entries)[0]
    assert mc.conditions(default * 2) == ()


def test_a_variable_stated_symmetric_is_still_all_entries():
    found = mc.gradient(Trace(A * X), X, assumptions=Q.symmetric(X))
    assert found == A.T
    assert "all entries of X" in mc.conditions(found)[0] and 'structure="symmetric"' in mc.conditions(found)[0]
    assert mc.conditions(mc.gradient(Trace(A * X), X, assumptions=Q.symmetric(A))) == ()


REFUSED = [
    (lambda: mc.gradient(Trace(X), X, structure="symetric"), mc.ArgumentError, "did you mean 'symmetric'"),
    (lambda: mc.gradient(Trace(X), X, structure="stiefel"), mc.ArgumentError, "did you mean 'orthogonal'"),
    (lambda: mc.gradient(Trace(X), X, structure="anti-symmetric"), mc.ArgumentError, "did you mean 'skew'"),
    (lambda: mc.gradient(Trace(X), X, structure="symmetric", convention="tied"), mc.ArgumentError, "convention must be"),
    (lambda: mc.gradient(Trace(X), X, convention="entries"), mc.ArgumentError, "name one"),
    (lambda: mc.gradient(Trace(X), X, form="vech"), mc.ArgumentError, "name one"),
    (lambda: mc.gradient(Trace(X), X, structure="symmetric", form="vech", convention="subspace"), mc.ArgumentError, "leave the convention out"),
    (lambda: mc.gradient(Trace(X), X, structure="orthogonal", convention="entries"), mc.ArgumentError, "no free parameters"),
    (lambda: mc.gradient(Trace(X), X, structure="spd", form="vech"), mc.ArgumentError, "no subspace"),
    (lambda: mc.gradient(X[0, 0], X[0, 0], structure="symmetric"), mc.UnsupportedVariableError, "MatrixSymbol"),
    (lambda: mc.gradient(a.T * b, a, structure="symmetric"), mc.ShapeError, "square"),
    (lambda: mc.hessian(Trace(X * A), X, A, structure="symmetric"), mc.ArgumentError, "dict"),
    (lambda: mc.LinearStructure(vec_basis=sp.Matrix([[1, 2], [2, 4]])), mc.ArgumentError, "depend"),
    (lambda: mc.LinearStructure(vec_basis="B"), mc.ShapeError, "vec_basis"),
    (lambda: mc.gradient(sp.Trace(MatrixSymbol("Z", 2, 2)), MatrixSymbol("Z", 2, 2), structure=mc.LinearStructure(sp.eye(3))), mc.ShapeError, "rows"),
]  # fmt: skip


@pytest.mark.parametrize("call, error, text", REFUSED)
def test_refusals_say_what_to_do(call, error, text):
    with pytest.raises(error, match=text):
        call()


# ---- exactly SymPy's own derivatives by the free parameters
EXACT = [
    lambda X, A, B, one: Trace(A * X * B * X) + 2 * Trace(X) ** 2,
    lambda X, A, B, one: Determinant(X + A),
    lambda X, A, B, one: Trace(A * X.T * X * X) + Trace(B * (X + 7 * one).inverse()),
]


def explicit(e, at):
    """The entries, column by column, of an expression at explicit matrices."""
    columns = {d: explicit(d.arg, at)[::3] for d in e.atoms(DiagonalOf)}  # SymPy has no shape for that of an explicit matrix
    e = e.xreplace({d: sp.ImmutableMatrix(column) for d, column in columns.items()}).xreplace(at)
    e = e.xreplace({d: d.arg.doit().as_explicit().det() for d in e.atoms(Determinant)}).doit()  # which older SymPy leaves as it is
    e = e.as_explicit() if hasattr(e, "as_explicit") else e
    return list(e.T) if hasattr(e, "T") else [e]


@pytest.mark.parametrize("f", EXACT, ids=range(len(EXACT)))
@pytest.mark.parametrize("name", LINEAR)
def test_exactly_as_sympy_by_the_free_parameters(name, f):
    """Gradients by both conventions and by the parameters, and Hessians, at a point with rational numbers."""
    size = 2
    basis = [sp.Matrix(u.astype(int)) for u in units(name, size, size)]
    theta = sp.symbols(f"theta:{len(basis)}", positive=True)
    numbers = {t: sp.Rational(3 * k + 2, 7) for k, t in enumerate(theta, 1)}
    filled = sum((t * u for t, u in zip(theta, basis)), sp.zeros(size, size))
    given = [sp.ImmutableMatrix([[s, 3], [1, sp.Rational(s, 2)]]) for s in (2, 5)]
    Z, M, N = (MatrixSymbol(letter, size, size) for letter in "ZMN")
    at = {Z: sp.ImmutableMatrix(filled.subs(numbers)), **dict(zip((M, N), given)), Identity(size): sp.ImmutableMatrix(sp.eye(size))}
    scalar = f(sp.ImmutableMatrix(filled), *given, sp.ImmutableMatrix(sp.eye(size))).doit()
    slopes = [scalar.diff(t) for t in theta]
    first = sp.Matrix([d.subs(numbers) for d in slopes])
    second = sp.Matrix(len(theta), len(theta), [d.diff(t).subs(numbers) for d in slopes for t in theta])
    V = sp.Matrix.hstack(*(u.T.reshape(size * size, 1) for u in basis))
    e = f(Z, M, N, Identity(size))
    gradients = {"entries": V * first, "subspace": V * (V.T * V).inv() * first}
    for convention, expected in gradients.items():
        assert explicit(mc.gradient(e, Z, structure=name, convention=convention), at) == list(expected)
    assert explicit(mc.gradient(e, Z, structure=name, form="vech"), at) == list(first)
    found = explicit(mc.hessian(e, Z, structure=name, form="vech"), at)
    assert found == list(second) or found == [0] and second.is_zero_matrix


# ---- random functions, by differences in the free parameters
@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("name, convention", requests())
def test_random_functions(name, convention, order):
    """A few; `tests/fuzz_structure.py` has any number."""
    for seed in (41,):
        verdict, message = case(name, convention, order, seed)
        assert verdict in ("right", "unjudged"), message


@pytest.mark.parametrize("name", ["symmetric", "toeplitz", "orthogonal", "spd"])
def test_jacobians_of_random_functions(name):
    assert case(name, "subspace", "J", 102)[0] == "right"


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_what_a_user_gives_is_a_structure_like_the_others(convention):
    """Gradients of a random function, and Hessians of one whose second derivative is 0."""
    assert case("user", convention, 1, 101)[0] == "right"
    Z, own = MatrixSymbol("Z", 2, 2), mc.LinearStructure(vec_basis=sp.Matrix([1, 0, 2, 1]))
    assert mc.hessian(Trace(Z), Z, structure=own, convention=convention, form="vec") == sp.ZeroMatrix(4, 4)
    assert str(mc.hessian(Trace(Z), Z, structure=own, convention=convention)) == "Einsum(ijkl: 0)"


def test_latex_says_the_convention_on_request():
    found = mc.gradient(log(Determinant(X)), X, structure="symmetric", convention="entries")
    plain, said = mc.latex(found), mc.latex(found, conditions=True)
    assert "entries" not in plain and said.startswith(plain) and r"\text{(derivative by X with structure symmetric" in said


@pytest.mark.parametrize("name, seed", [("symmetric", 3034), ("skew", 3034), ("scalar", 3028), ("toeplitz", 7022), ("scalar", 7022)])
def test_what_the_fuzzer_found(name, seed):
    """A coefficient that a differential has behind a factor stays when that is transposed; the trace of the identity is no 1."""
    assert case(name, "subspace", 2, seed)[0] == "right"
