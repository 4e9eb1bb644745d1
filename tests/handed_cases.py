"""The cases that were handed in for the engine, row by row: ``python tests/handed_cases.py`` says of each whether it holds.

A row is a function that says so, under the letter and number of the case: S safety, D one input one answer, F form, R refused although
meaningful, N numeric code. `tests/test_handed_cases.py` runs them too.
"""

import math
import sys
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np  # noqa: E402
from sympy import (  # noqa: E402
    Abs,
    DiagMatrix,
    Function,
    Identity,
    MatPow,
    Matrix,
    MatrixSymbol,
    Max,
    OneMatrix,
    Piecewise,
    Q,
    Rational,
    Symbol,
    Trace,
    ZeroMatrix,
    asinh,
    cos,
    det,
    diff,
    exp,
    log,
    sign,
    sin,
    sinh,
    sqrt,
    symbols,
    tanh,
)
from sympy.core.cache import clear_cache  # noqa: E402
from sympy.matrices.expressions import KroneckerProduct  # noqa: E402
from sympy.tensor.array.expressions import ArrayContraction, ArrayTensorProduct  # noqa: E402

import sympy_matcalc as mc  # noqa: E402
from sympy_matcalc.cli.main import main  # noqa: E402

m, n, p = symbols("m n p", integer=True, positive=True)
A, B, P, S, X = (MatrixSymbol(name, n, n) for name in "ABPSX")
a, b, r, w, x, y = (MatrixSymbol(name, n, 1) for name in "abrwxy")
W, V, K, H = MatrixSymbol("W", m, n), MatrixSymbol("V", p, m), MatrixSymbol("K", n, m), MatrixSymbol("H", m, n)
s, theta = symbols("s theta")
ROWS = {}


def row(name):
    def add(holds):
        ROWS[name] = holds
        return holds

    return add


def refused(call, kind=mc.MatcalcError, says=""):
    """Whether a call is an error of the package that says so."""
    try:
        call()
    except kind as error:
        return says in str(error)
    return False


def derived(text, name):
    expr, given = mc.parse(text)
    return mc.gradient(expr, given[name])


def shown(text, name):
    return str(derived(text, name))


def command(*typed):
    """The exit status of the command line."""
    try:
        return main(list(typed))
    except SystemExit as stop:
        return stop.code


# ---- safety
@row("S1")
def names_are_not_run():
    ran = sys.modules[__name__].__dict__["_ran"] = []
    call = f'__import__("sys").modules["{__name__}"]._ran.append(1)'
    for name in (f'x"}} , {call} , {{"', f"a\n{call}", f"q'\\{{{call}}}"):
        column = MatrixSymbol(name, n, 1)
        for given, value in (([Symbol(name)], Symbol(name) ** 2), ([column], column.T * column), ([column], {name: column})):
            f = mc.lambdify(given, value)
            for wrong in (np.ones((2, 3, 4)), np.ones((1, 7)), "t"):
                try:
                    f(wrong)
                except (TypeError, ValueError, mc.MatcalcError):
                    pass
    return not ran


@row("S2")
def powers_of_columns_are_not_scalars():
    laplace = "tr(X.T*(I - diag(rowsum(A)**(-1/2))*A*diag(rowsum(A)**(-1/2)))*X)"
    return refused(lambda: mc.parse(laplace), mc.ShapeError, "elementwise") and shown("sum((x - mean(x)*ones(n))**2)", "x") != "0"


@row("S3")
def greek_letters_are_what_their_use_says():
    shapes = [mc.parse(text)[1][name].shape for text, name in (("mu.T*w/sqrt(w.T*Sigma*w)", "mu"), ("y.T*X*beta", "beta"))]
    return all(shape[1] == 1 and shape[0] != 1 for shape in shapes)


@row("S4")
def a_function_with_kinks_is_not_analytic():
    class kinked(Function):
        def fdiff(self, argindex=1):
            return Piecewise((self.args[0], Abs(self.args[0]) < 1), (sign(self.args[0]), True))

    return refused(lambda: mc.gradient(Trace(mc.MatrixFunction(kinked, X)), X))


@row("S5")
def complex_symbols_are_not_taken_as_real():
    z, i = Symbol("z", complex=True), Symbol("i", imaginary=True)
    return all(refused(lambda e=e, v=v: mc.diff(e, v), says="complex") for e, v in ((z**2, z), (i**2, i), (z * Trace(X), X)))


@row("S6")
def the_condition_of_an_eigenvalue_is_said():
    return "A is symmetric" in mc.conditions(mc.gradient(mc.Eigenvalue(A, 0), A))


OF_A_DEFINITE_MATRIX = (A.I * x, log(det(A)), mc.Eigenvalue(A, 0), mc.Cholesky(A))


@row("S7")
def what_is_not_finite_passes_no_check():
    compiled = [mc.lambdify([A, x], e, assumptions=Q.positive_definite(A)) for e in OF_A_DEFINITE_MATRIX]
    for place in np.ndindex(3, 3):
        for bad in (np.nan, np.inf, -np.inf):
            value = 2 * np.eye(3)
            value[place] = bad
            for f in compiled:
                try:
                    with np.errstate(all="ignore"):
                        if np.isfinite(f(value, np.ones(3))).all():
                            return False
                except (np.linalg.LinAlgError, ValueError):
                    pass
    return True


@row("S8")
def the_check_of_symmetry_knows_no_scale():
    value = np.diag([1e7, 1, 1])
    value[1, 2] = 0.5
    of = [mc.lambdify([A, x], e, assumptions=Q.positive_definite(A)) for e in (A.I * x, mc.Cholesky(A))]
    return all(refused(lambda f=f: f(value, np.ones(3)), np.linalg.LinAlgError) for f in of)


@row("S9")
def facts_that_contradict_one_another_are_refused():
    facts = [
        lambda: Q.singular(A.T) & Q.invertible(A),
        lambda: Q.singular(Identity(n)),
        lambda: Q.singular(A.I),
        lambda: Q.singular(A * B) & Q.invertible(A) & Q.invertible(B),
        lambda: Q.positive(s) & ~Q.real(s),
    ]
    return all(refused(lambda q=q: mc.gradient(s * Trace(A * B), A, assumptions=q()), mc.AssumptionError) for q in facts)


@row("S10")
def no_derivative_of_what_is_not_finite():
    return command("tr(A)/tr(A - A)") == 2


# ---- one input, one answer
@row("D1")
def an_answer_has_no_history():
    text, found = "-y.T*log(sigmoid(X*w)) - (1 - y).T*log(1 - sigmoid(X*w))", set()
    for _ in range(3):
        found.add(shown(text, "w"))
        clear_cache()
    return found == {"X.T*(sigmoid(X*w) - y)"}


@row("D2")
def an_entry_of_one_is_the_matrix():
    loss = -MatrixSymbol("y", m, 1).T * mc.Softmax(W * x).applyfunc(log)
    return {str(mc.gradient(e, W)) for e in (loss, loss[0, 0])} == {"(sum(y)*softmax(W*x) - y)*x.T"}


@row("D3")
def common_factors_up_to_sign():
    z, target = V * (W * x).applyfunc(tanh), MatrixSymbol("y", p, 1)
    found = str(mc.gradient(mc.LogSumExp(z) - (target.T * z)[0, 0], W))
    return "V.T*(softmax(V*tanh(W*x)) - y)" in found and found.count("tanh") == 2


# ---- form
@row("F1")
def centred_entries():
    c = x - mc.Mean(x) * OneMatrix(n, 1)
    norm = "norm(x - mean(x)*ones(n, 1))"
    one = str(mc.gradient(mc.Norm(c) ** 2 / n, x)) == "2*(x - mean(x)*ones(n, 1))/n"
    return one and str(mc.jacobian(c / mc.Norm(c), x)).startswith(f"(I - ones(n, n)/n)/{norm} - ")


@row("F2")
def no_transpose_around_a_product():
    rest = Identity(n) - K * H
    return str(mc.gradient(Trace(rest * P * rest.T), K, assumptions=Q.symmetric(P))) == "-2*(I - K*H)*P*H.T"


@row("F3")
def symmetric_pairs():
    found = str(mc.hessian((x.T * A * x)[0, 0] / (x.T * x)[0, 0], x, assumptions=Q.symmetric(A)))
    return "A*x*x.T + x*x.T*A" in found and ").T" not in found


@row("F4")
def determinants_of_diagonal_matrices():
    inverse = "HadamardPower(x, -1)"
    found = [str(mc.gradient(f, x)) for f in (log(det(DiagMatrix(x))), det(DiagMatrix(x)))]
    return found[0] == inverse and found[1].endswith(f"*{inverse}")


@row("F5")
def determinants_of_inverses_and_of_rank_one():
    gradient = mc.lambdify([X], mc.gradient(det(X), X))(np.array([[1.0, 2], [2, 4]]))
    of_rank_one = mc.gradient(det(x * y.T), x).subs(n, 3).doit() == ZeroMatrix(3, 1)
    return of_rank_one and str(mc.gradient(det(X.I), X)) == "-X.T**(-1)/Determinant(X)" and np.allclose(gradient, [[4, -2], [-2, 1]])


@row("F6")
def coefficients():
    mu, t = symbols("mu t")
    found = [
        mc.gradient(Trace(A * X * X * B), X),
        mc.hessian(mu * (x.T * x)[0, 0], x),
        mc.gradient(mc.Norm(x - a), x),
        mc.gradient(sqrt((a.T * X * b)[0, 0]), X),
    ]
    return list(map(str, found)) == ["(B*A*X + X*B*A).T", "2*mu*I(n)", "(x - a)/norm(x - a)", "a*b.T/(2*sqrt((a.T*X*b)[0, 0]))"]


@row("F7")
def one_hadamard_product():
    return str(mc.gradient(a.T * A * X.applyfunc(sin) * B * b, X)) == "HadamardProduct(A.T*a*b.T*B.T, cos(X))"


@row("F8")
def hessians_in_vec_form():
    loss = log(det(S)) / 2 + (r.T * S.I * r)[0, 0] / 2
    found = str(mc.hessian(loss, S, form="vec", assumptions=Q.symmetric(S)))
    return found.startswith("commutation(n, n)*(KroneckerProduct(") and found.count("commutation") == 1


@row("F9")
def attention():
    found = shown("tr(G.T*softmax(Q*K.T, 1)*V)", "Q")
    return found.count("HadamardProduct") <= 3 and "HadamardPower" not in found


@row("F10")
def undefined_functions():
    f = Function("f")
    outer, inner = mc.gradient(f((w.T * x)[0, 0]), w), mc.gradient(a.T * (A * x).applyfunc(f), x)
    value = mc.lambdify([w, x], outer.replace(f, sin).doit())(np.ones(2), np.ones(2))
    return "Subs" not in f"{outer} {inner}" and np.allclose(value, math.cos(2))


@row("F11")
def explicit_matrices_stay():
    turned = Matrix([[cos(theta), -sin(theta)], [sin(theta), cos(theta)]])
    point, target = MatrixSymbol("p", 2, 1), MatrixSymbol("q", 2, 1)
    return all("unit(" not in str(mc.diff(mc.Norm(turned * point - target) ** 2, v)) for v in (point, theta))


# ---- refused although meaningful
MEANINGFUL = (
    "sum(hpow(x, y))|x", "dot(A, B)|A", "sum(x[0:2])|x", "sum(max(x, 0))|x", "max(x)|x", "min(x)|x", "sum(lgamma(x))|x", "sum(digamma(x))|x",
    "sum(erfc(x))|x", "sum(asinh(x))|x", "norm(x, p)|x", "prod(x)|x", "sum(triu(X))|X", "tr(tril(X)*A)|X", "sum(diag(X, 1))|X",
    "y.T*cumsum(x)|x", "y.T*cumprod(x)|x", "y.T*eigvals(X)|X", "y.T*svdvals(X)|X", "logabsdet(X)|X", "norm(X, 1)|X", "tr(X**(1/2))|X",
    "slogdet(X)[1]|X", "y.T*max(X, axis=1)|X", "det(adj(X))|X", "tr(A*adj(X))|X", "a.T*cross(x, y)|x", "tr(lyap(A, X))|X",
    "tr(sylvester(A, B, X))|X", "tr(C*qr_r(X))|X", "tr(lu_u(X))|X",
)  # fmt: skip


@row("R")
def what_is_meaningful_is_derived():
    for case in MEANINGFUL:
        derived(*case.split("|"))
    array = ArrayContraction(ArrayTensorProduct(A, X), (0, 3), (1, 2))
    return str(mc.gradient(array, X)) == "A.T" and bool(mc.gradient(Trace(MatPow(X, Rational(1, 2))), X))


@row("R det")
def derivatives_of_determinants_at_singular_matrices():
    value = np.array([[1.0, 2, 0], [2, 4, 0], [0, 1, 3]])
    second = mc.lambdify([X], mc.hessian(det(X), X))(value)
    moved = np.array([[0, 1, 0], [0, 0, 1], [1, 0, 0.0]])
    of = mc.lambdify([X], mc.gradient(det(X), X))
    return np.allclose(np.einsum("ijkl,kl->ij", second, moved), (of(value + moved) - of(value - moved)) / 2)


# ---- numeric code
@row("N1")
def an_exponential_of_explicit_entries_stays():
    t = symbols("t1:4")
    turned = mc.MatrixExp(Matrix([[0, -t[2], t[1]], [t[2], 0, -t[0]], [-t[1], t[0], 0]])) * MatrixSymbol("p", 3, 1)
    value = mc.lambdify([*t, MatrixSymbol("p", 3, 1)], turned)(0.1, 0.2, 0.3, np.ones(3))
    return np.isfinite(value).all() and len(mc.latex(mc.diff(turned, t[0]))) < 500


@row("N2")
def norms_at_zero():
    of = [mc.lambdify([A, w, y], mc.gradient(f, w)) for f in (mc.Norm(w), mc.Norm(A * w - y))]
    return not of[0](np.eye(3), np.zeros(3), np.ones(3)).any() and not of[1](np.eye(3), np.ones(3), np.ones(3)).any()


@row("N3")
def symbols_of_one_name():
    column, size_like = MatrixSymbol("X", n, 1), MatrixSymbol("n", n, n)
    product = mc.lambdify([X, column], X * column)(np.eye(2), np.ones(2))
    return np.allclose(product, 1) and np.allclose(mc.lambdify([size_like], size_like * 2 * n)(np.eye(2)), 4 * np.eye(2))


@row("N4")
def matrices_of_one_entry():
    z = MatrixSymbol("z", 1, 1)
    return mc.lambdify([z, a, b], (a.T * b)[0, 0] * Identity(1))(np.ones((1, 1)), np.ones(3), np.ones(3)).shape == (1, 1)


@row("N5")
def precisions_that_linear_algebra_lacks():
    f = mc.lambdify([A, x], A.I * x)
    eye = lambda dtype: (np.eye(2, dtype=dtype), np.ones(2, dtype=dtype))  # noqa: E731
    return refused(lambda: f(*eye(np.longdouble)), mc.DtypeError) and np.allclose(f(*eye(np.float16)), 1)


@row("N6")
def the_command_line_derives_a_matrix_exponential():
    return command("tr(expm(X))", "--wrt", "X") == 0


@row("N7")
def nested_softmaxes():
    expr, given = mc.parse("log(ones(k).T*exp(H*softmax(V.T*cos(z))))")
    return bool(mc.hessian(expr, given["z"]))


@row("N8")
def division_by_a_determinant_that_is_zero():
    return bool(mc.simplify(Trace(A) / det(x * x.T)))


@row("N9")
def numbers_out_of_range():
    return command("1e-5000*tr(A)") == command("9**9**9*tr(A)") == 2


def _nuclear(Z, shape):
    """How often the Hessian of the nuclear norm is right, and how often it is refused, at random points."""
    gradient, hessian = (mc.lambdify([Z], of(mc.NuclearNorm(Z), Z)) for of in (mc.gradient, mc.hessian))
    right = errors = 0
    for seed in range(13):
        g = np.random.default_rng(seed)
        value, moved = g.normal(size=shape), g.normal(size=shape)
        try:
            found = np.einsum("ijkl,kl->ij", hessian(value), moved)
        except np.linalg.LinAlgError:
            errors += 1
            continue
        right += np.allclose(found, (gradient(value + 1e-6 * moved) - gradient(value - 1e-6 * moved)) / 2e-6, atol=1e-4)
    return right, errors


@row("N10")
def hessians_of_the_nuclear_norm():
    """Right where the formula holds; a wide matrix of symbolic sizes is refused at every point, by the condition that is said."""
    Z, sized = MatrixSymbol("Z", m, n), MatrixSymbol("Z", 2, 3)
    said = "Z.T*Z is nonsingular" in mc.conditions(mc.hessian(mc.NuclearNorm(Z), Z))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return said and _nuclear(sized, (2, 3)) == _nuclear(Z, (3, 2)) == (13, 0) and _nuclear(Z, (2, 3)) == (0, 13)


@row("N11")
def sizes_of_zero_and_complex_arrays():
    empty = [(mc.LogSumExp(x), np.ones(0), x), (mc.Softmax(x), np.ones(0), x), (A[0, 0], np.ones((0, 0)), A)]
    real = [(f, np.ones(2) * 1j, x) for f in (x.applyfunc(mc.Relu), mc.Norm(x))]
    return all(
        refused(lambda e=e, v=v, g=g: mc.lambdify([g], e)(v), (mc.ShapeError, mc.IndexRangeError, mc.DtypeError))
        for e, v, g in empty + real
    )


@row("N12")
def infinite_symbols_and_suspended_generators():
    def suspended():
        with mc.installed():
            yield

    before, generator = str(diff(log(det(X)), X)), suspended()
    next(generator)
    during = str(diff(log(det(X)), X))
    generator.close()
    return before == during and refused(lambda: mc.diff(Max(Symbol("q", infinite=True), s), s), says="infinite")


@row("N13")
def entries_of_kronecker_products():
    s1 = mc.Softmax(KroneckerProduct(MatrixSymbol("X", 3, 2) * MatrixSymbol("z", 2, 1), MatrixSymbol("b", 4, 1)))
    shape = mc.jacobian(s1, MatrixSymbol("X", 3, 2)).as_explicit().shape
    whole = OneMatrix(1, m * n) * KroneckerProduct(A, MatrixSymbol("M", m, m)) * OneMatrix(m * n, 1)
    return tuple(shape) == (12, 3, 2) and str(mc.gradient(whole[0, 0], A)) == "sum(M)*ones(n, n)"


@row("N14")
def logarithms_of_shares():
    return "softmax(u)" in shown("y.T*log(X*exp(u)/sum(exp(u)))", "u")


@row("N growth")
def inverse_functions_of_what_grows():
    t = Symbol("t")
    values = [mc.lambdify([t], f)(720.0) for f in (asinh(sinh(t)), log(1 + sinh(t) ** 2), log(1 + exp(t)))]
    return np.allclose(values, [720, 1440 - math.log(4), 720])


if __name__ == "__main__":
    missing = []
    for name, holds in ROWS.items():
        try:
            found = "holds" if holds() else "does not hold"
        except Exception as error:  # the others are still to be seen
            found = f"does not hold: {type(error).__name__}: {error}"
        missing += [name] * (found != "holds")
        print(f"{name:10}{holds.__name__.replace('_', ' '):60}{found}", flush=True)
    sys.exit(bool(missing))
