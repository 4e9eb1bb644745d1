"""objective and residuals: values and derivatives against NumPy and differences, SciPy's solvers, sizes, errors, what is compiled when."""

import pickle

import numpy as np
import pytest
from sympy import Determinant, Identity, Lambda, MatAdd, MatrixSymbol, Q, Symbol, Trace, exp, log, symbols, tanh

import sympy_matcalc as mc
from sympy_matcalc.errors import MatcalcError, ShapeError, UnsupportedVariableError
from sympy_matcalc.fitting import problem as module

from ..counting import counted

optimize = pytest.importorskip("scipy.optimize")

m, n, k = symbols("m n k", integer=True, positive=True)
X, Y, W, Z = MatrixSymbol("X", m, n), MatrixSymbol("Y", m, n), MatrixSymbol("W", m, k), MatrixSymbol("Z", n, k)
w, y, r = MatrixSymbol("w", n, 1), MatrixSymbol("y", m, 1), MatrixSymbol("r", 1, n)
A, lam, b, u = MatrixSymbol("A", n, n), Symbol("lam", positive=True), Symbol("b", real=True), Symbol("u")
softplus = Lambda(u, log(1 + exp(u)))
RNG = np.random.default_rng(1)
XX, YY, yy = RNG.standard_normal((7, 3)), RNG.standard_normal((7, 3)), RNG.standard_normal(7)
WW, ZZ = RNG.standard_normal((7, 2)), RNG.standard_normal((3, 2))
ridge = mc.Norm(X * w - y) ** 2 + lam * (w.T * w)[0, 0]
factors = Trace((Y - W * Z.T).T * (Y - W * Z.T)) / 2 + lam * Trace(W.T * W) + b**2 * Trace(Z.T * Z)


def differences(function, x, step=1e-6):
    """Derivative of a function by central differences, the axis of x last."""
    return np.stack([(np.asarray(function(x + e)) - function(x - e)) / (2 * step) for e in step * np.eye(x.size)], axis=-1)


PROBLEMS = {
    "ridge": (ridge, [w], {X: XX, y: yy, lam: 0.3}, [YY[0]]),
    "columns": (ridge, w, {X: XX, y: yy[:, None], lam: 0.3}, YY[0][:, None]),
    "factors": (factors, [W, Z, b], {Y: YY, lam: 0.1}, (WW, ZZ, 0.7)),
    "part of the factors": (factors, [b, W], {Y: YY, lam: 0.1, Z: ZZ}, (0.7, WW)),
    "logistic": (mc.ElementSum((X * w).applyfunc(softplus)) - (y.T * X * w)[0, 0], [w], {X: XX, y: yy > 0}, YY[0]),
    "row": (r * A * r.T, [r], {A: XX[:3]}, YY[0]),
    "row given as a matrix": (r * A * r.T, [r], {A: XX[:3]}, YY[:1]),
    "scalar": (b**4 + lam * b, [b], {lam: 2}, 0.3),
    "unused variable": (w.T * w, [w, b], {}, (YY[0], 0.5)),
    "linear": (r * w, [w], {r: XX[0]}, YY[0]),
    "logdet": (log(Determinant(A.T * A + Identity(n))) + Trace(A * A) ** 2, [A], {}, XX[:3]),
}


def problem_and_x(name):
    f, variables, data, start = PROBLEMS[name]
    problem = mc.objective(f, variables, data)
    return problem, problem.flatten(start[0] if isinstance(start, list) else start)


@pytest.mark.parametrize("name", PROBLEMS)
def test_derivatives(name):
    problem, x = problem_and_x(name)
    value, together = problem.fun_and_jac(x)
    assert isinstance(value, float) and value == pytest.approx(problem.fun(x), rel=1e-12)
    gradient, hessian = problem.jac(x), problem.hess(x)
    assert gradient.shape == x.shape and hessian.shape == (x.size, x.size)
    np.testing.assert_allclose(together, gradient, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(gradient, differences(problem.fun, x), rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(hessian, differences(problem.jac, x), rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(hessian, hessian.T, rtol=1e-12, atol=1e-12)
    p = np.cos(np.arange(x.size))
    np.testing.assert_allclose(problem.hessp(x, p), hessian @ p, rtol=1e-9, atol=1e-10)


def test_the_value_is_that_of_numpy():
    problem, x = problem_and_x("factors")
    assert problem.fun(x) == pytest.approx(((YY - WW @ ZZ.T) ** 2).sum() / 2 + 0.1 * (WW**2).sum() + 0.49 * (ZZ**2).sum())


@pytest.mark.parametrize(
    "method", ["BFGS", "L-BFGS-B", "Newton-CG", "trust-ncg", "trust-krylov", "trust-exact", "dogleg", "trust-constr", "SLSQP"]
)
def test_solvers(method):
    problem, x = problem_and_x("ridge")
    second = {
        "Newton-CG": "hessp",
        "trust-ncg": "hessp",
        "trust-krylov": "hessp",
        "trust-exact": "hess",
        "dogleg": "hess",
        "trust-constr": "hess",
    }
    given = {second[method]: getattr(problem, second[method])} if method in second else {}
    found = optimize.minimize(problem.fun_and_jac, x, jac=True, method=method, **given)
    expected = np.linalg.solve(XX.T @ XX + 0.3 * np.eye(3), XX.T @ yy)
    np.testing.assert_allclose(problem.restore(found.x), expected, rtol=1e-4, atol=1e-5)


def test_several_matrices():
    problem = mc.objective(factors + Trace(Z.T * Z) / 10 + b**2, [W, Z, b], {Y: YY, lam: 0.1})
    x = problem.flatten((WW, ZZ, 0.7))
    found = optimize.minimize(problem.fun, x, jac=problem.jac, hess=problem.hess, method="trust-exact", options={"gtol": 1e-8})
    assert found.success
    singular = np.linalg.svd(YY, compute_uv=False)  # 0.1 (|W|^2 + |Z|^2) is 0.2 times the nuclear norm of W Z' at best
    assert found.fun == pytest.approx((singular[2] ** 2 + sum(2 * 0.2 * s - 0.2**2 for s in singular[:2])) / 2)
    for array, like in zip(problem.restore(found.x), (WW, ZZ, 0.7)):
        assert np.shape(array) == np.shape(like)


def test_flatten_and_restore():
    problem = mc.objective(factors, [W, Z, b], {Y: YY, lam: 0.1})
    x = problem.flatten({Z: ZZ, W: WW, b: 0.7})
    np.testing.assert_array_equal(x, [*WW.ravel(), *ZZ.ravel(), 0.7])
    for array, given in zip(problem.restore(x), (WW, ZZ, 0.7)):
        np.testing.assert_array_equal(array, given)
    problem.restore(x)[0][:] = 0
    assert x[0] == WW[0, 0]
    assert mc.objective(ridge, w, {X: XX, y: yy, lam: 1}).restore(np.ones(3)).shape == (3,)
    column, x = problem_and_x("columns")
    assert column.restore(x).shape == (3, 1)
    row, x = problem_and_x("row given as a matrix")
    assert row.restore(x).shape == (1, 3)


def test_sizes_off_the_length_of_x():
    problem = mc.objective(w.T * w + (w.T * w) ** 2, w)
    np.testing.assert_allclose(problem.hess([1.0, 0.0]), [[14.0, 0.0], [0.0, 6.0]])
    with pytest.raises(ShapeError, match="flat vector of 2 numbers for `w`"):
        problem.fun(np.ones(3))
    with pytest.raises(ShapeError, match="`n` is not shown by the data: call `flatten`"):
        mc.objective(Trace(A), A).fun(np.ones(9))
    assert mc.objective(Trace(A), A, {n: 3}).fun(np.ones(9)) == 3


def test_sizes_that_are_sums():
    long, M = MatrixSymbol("l", n + 1, 1), MatrixSymbol("M", n + 1, n)
    problem = mc.objective((long.T * M * w) ** 2, [long, w], {M: XX[:3, :2]})
    x = problem.flatten((np.ones(3), np.ones(2)))
    assert problem.fun(x) == pytest.approx(XX[:3, :2].sum() ** 2)
    with pytest.raises(ShapeError, match=r"`M` of shape \(n \+ 1, n\)|`M`: expected shape"):
        mc.objective((long.T * M * w) ** 2, [long, w], {M: XX[:3, :3]})


def test_values_that_do_not_fit_leave_nothing_behind():
    problem = mc.objective(r * A * w, [r, w, A])
    with pytest.raises(ShapeError):
        problem.flatten((np.ones(3), np.ones(4), np.ones((4, 4))))
    assert problem.fun(problem.flatten((np.ones(4), np.ones(4), np.ones((4, 4))))) == 16


def _deep_net(depth):
    """(sum over the entries of a residual net, the calls that its derivatives and their sources take)."""
    h = w
    for _ in range(depth):
        h = MatAdd(h, (A * h).applyfunc(Lambda(u, tanh(u))), evaluate=False)
    problem = mc.objective(mc.ElementSum(h), [w, A])
    x = problem.flatten((YY[0], XX[:3] / 9))
    return problem, x, counted(lambda: (problem.jac(x), problem.hessp(x, x)))[1]


@pytest.mark.slow
def test_a_deep_net():
    """Shared parts are visited once, from symbols to source."""
    _deep_net(2)
    steps = [_deep_net(depth)[2] for depth in (4, 8)]
    assert steps[1] < 4 * steps[0], steps
    problem, x, _ = _deep_net(12)
    np.testing.assert_allclose(problem.jac(x), differences(problem.fun, x), rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(problem.hessp(x, x), differences(problem.jac, x) @ x, rtol=1e-5, atol=1e-5)


def test_args_of_a_call():
    problem = mc.objective(ridge, w, {X: XX, y: yy}, args=[lam])
    expected = mc.objective(ridge, w, {X: XX, y: yy, lam: 0.5})
    x = problem.flatten(YY[0])
    assert problem.fun(x, 0.5) == expected.fun(x)
    np.testing.assert_array_equal(problem.hessp(x, x, 0.5), expected.hessp(x, x))
    for strength in (0.1, 10.0):
        found = optimize.minimize(problem.fun, x, args=(strength,), jac=problem.jac, hess=problem.hess, method="trust-exact")
        np.testing.assert_allclose(found.x, np.linalg.solve(XX.T @ XX + strength * np.eye(3), XX.T @ yy), rtol=1e-5)
    with pytest.raises(MatcalcError, match=r"expected 1 values after x \(lam"):
        problem.fun(x)


def test_what_is_returned_belongs_to_the_caller():
    data = XX[0].copy()
    problem = mc.objective(r * w, w, {r: data})
    gradient = problem.jac(YY[0])
    gradient[:] = 0
    np.testing.assert_array_equal(data, XX[0])
    problem = mc.objective(w.T * A * w / 2, w, {A: np.eye(3)}, assumptions=Q.symmetric(A))
    problem.hess(YY[0])[:] = 0
    np.testing.assert_array_equal(problem.hess(YY[0]), np.eye(3))
    p = np.ones(3)
    problem.hessp(YY[0], p)[:] = 0
    assert p.sum() == 3


def test_parts_are_made_when_they_are_called(monkeypatch):
    made = []
    monkeypatch.setattr(module, "lambdify", lambda *a: made.append(a) or mc.lambdify(*a))
    problem, x = problem_and_x("factors")
    assert made == []
    for _ in range(3):
        problem.fun(x), problem.jac(x)
    assert len(made) == 2
    problem.hessp(x, x)
    assert len(made) == 3 and "def compute" in problem.source("fun")


def test_value_and_gradient_share_their_work():
    problem, x = problem_and_x("ridge")
    assert problem.source("fun_and_jac").count("X.dot(w)") == 1


def test_pickle():
    problem, x = problem_and_x("factors")
    before = problem.fun(x)
    assert pickle.loads(pickle.dumps(problem)).fun(x) == before


def test_directions_have_names_of_their_own():
    v = MatrixSymbol("v_w", n, 1)
    problem = mc.objective((v.T * w) ** 2, w, {v: XX[0]})
    np.testing.assert_allclose(problem.hessp(YY[0], YY[1]), 2 * XX[0] * (XX[0] @ YY[1]))


@pytest.mark.parametrize("dtype", [np.float32, np.int64])
def test_types(dtype):
    problem = mc.objective(ridge, w, {X: XX.astype(np.float32), y: yy.astype(np.float32), lam: np.float32(0.5)})
    x = np.array([1, 2, 3], dtype)
    assert problem.jac(x).dtype == (np.float32 if dtype is np.float32 else np.float64)


class TestErrors:
    def test_symbols(self):
        for call, text in [
            (lambda: mc.objective(ridge, w, {X: XX, lam: 1}), "`y` occurs in the expression but is neither"),
            (lambda: mc.objective(ridge, w, {X: XX, y: yy, Symbol("lam"): 1}), "not the symbol of its name"),
            (lambda: mc.objective(ridge, [w, w], {}), "must be different"),
            (lambda: mc.objective(ridge, [w], {w: yy}), "given twice"),
            (lambda: mc.objective(ridge, [w], {"y": yy}), "MatrixSymbols and Symbols"),
            (lambda: mc.objective(ridge, [w], {X: XX, y: yy, lam: "a"}), "must be numbers"),
            (lambda: mc.objective(ridge, [w], {X: XX, y: yy, lam: 1}).flatten({X: yy}), "a value for each of `w`"),
            (lambda: mc.objective(factors, [W, Z], {Y: YY, lam: 1, b: 1}).flatten(WW), "in this order"),
        ]:
            with pytest.raises(MatcalcError, match=text):
                call()
        with pytest.raises(UnsupportedVariableError):
            mc.objective(ridge, [w[0, 0]])

    def test_shapes(self):
        for call, text in [
            (lambda: mc.objective(X * w, w, {X: XX}), "needs a scalar"),
            (lambda: mc.objective(ridge, w, {X: XX, y: yy[:4], lam: 1}), r"`y`: expected shape \(m, 1\) = \(7, 1\), got shape \(4,\)"),
            (lambda: mc.objective(ridge, w, {X: yy, y: yy, lam: 1}), "`X`: expected shape"),
            (lambda: mc.objective(ridge, w, {X: XX, y: yy, lam: yy}), "expected a number"),
            (lambda: mc.objective(ridge, w, {X: XX, y: yy, lam: 1}).flatten(yy), r"expected shape \(n, 1\) = \(3, 1\)"),
            (lambda: mc.objective(ridge, w, {X: XX, y: yy, lam: 1}).hessp(np.ones(3), np.ones(4)), "`p` must be a flat vector of 3"),
            (lambda: mc.residuals(mc.jacobian(A * A * w, A), A, {w: XX[0]}), "needs scalars and matrices"),
        ]:
            with pytest.raises(ShapeError, match=text):
                call()


class TestResiduals:
    blocks = [Y - W * Z.T, lam * W, b * Z.T, b]

    def problem(self):
        problem = mc.residuals(self.blocks, [W, Z, b], {Y: YY, lam: 0.3})
        return problem, problem.flatten((WW, ZZ, 0.7))

    def test_derivatives(self):
        problem, x = self.problem()
        np.testing.assert_allclose(problem.fun(x), [*(YY - WW @ ZZ.T).ravel(), *0.3 * WW.ravel(), *0.7 * ZZ.T.ravel(), 0.7])
        J = problem.jac(x)
        np.testing.assert_allclose(J, differences(problem.fun, x), rtol=1e-6, atol=1e-6)
        p, v = np.cos(np.arange(x.size)), np.sin(np.arange(len(J)))
        np.testing.assert_allclose(problem.jvp(x, p), J @ p, rtol=1e-9, atol=1e-10)
        np.testing.assert_allclose(problem.vjp(x, v), v @ J, rtol=1e-9, atol=1e-10)
        with pytest.raises(ShapeError, match="one a residual"):
            problem.vjp(x, v[1:])

    @pytest.mark.parametrize("method", ["trf", "lm", "dogbox"])
    def test_least_squares(self, method):
        problem = mc.residuals([X * w - y, lam * w], w, {X: XX, y: yy}, args=[lam])
        found = optimize.least_squares(problem.fun, problem.flatten(np.zeros(3)), jac=problem.jac, args=(0.5,), method=method)
        np.testing.assert_allclose(problem.restore(found.x), np.linalg.solve(XX.T @ XX + 0.25 * np.eye(3), XX.T @ yy), rtol=1e-6)

    def test_a_jacobian_that_is_data_is_copied(self):
        data = XX.copy()
        mc.residuals(X * w, w, {X: data}).jac(YY[0])[:] = 0
        np.testing.assert_array_equal(data, XX)


def test_parameters_that_the_data_do_not_determine_have_no_standard_errors():
    """Strengths that are compared in pairs, to all of which a number may be added: their Hessian is singular, and rounding may hide it."""
    e, s = mc.parse("sum(N.*log(1+exp(ones(n,1)*b' - b*ones(1,n)))) where b is a vector")
    for seed in range(8):
        rng = np.random.default_rng(seed)
        fit = mc.objective(e, s["b"], data={s["N"]: rng.integers(1, 9, (5, 5)).astype(float)})
        with pytest.raises(np.linalg.LinAlgError, match="singular but for rounding|not positive definite"):
            fit.standard_errors(rng.standard_normal(5))


def test_a_scaled_parameter_is_determined():
    X, w, y = MatrixSymbol("X", 3, 2), MatrixSymbol("w", 2, 1), MatrixSymbol("y", 3, 1)
    fit = mc.objective((X * w - y).T * (X * w - y) / 2, w, data={X: np.array([[1, 0], [1, 1e-9], [0, 1e-9]]), y: np.ones(3)})
    exact = np.sqrt(np.linalg.inv([[2.0, 1.0], [1.0, 2.0]]).diagonal())
    np.testing.assert_allclose(fit.standard_errors(np.ones(2)), exact * [1, 1e9], rtol=1e-9)


def test_sparse_data_are_refused_by_name():
    sparse = pytest.importorskip("scipy.sparse")
    X, w, y = MatrixSymbol("X", 3, 2), MatrixSymbol("w", 2, 1), MatrixSymbol("y", 3, 1)
    with pytest.raises(mc.MatcalcError, match=r"value of `X` is a csr_array.*toarray.*sparse=X"):
        mc.objective((X * w - y).T * (X * w - y), w, data={X: sparse.csr_array(np.eye(3, 2)), y: np.ones(3)})
