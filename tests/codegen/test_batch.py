"""Batches: each example of a batch against the function of one example, for each library."""

import numpy as np
import pytest
from sympy import (
    Determinant,
    DiagMatrix,
    HadamardProduct,
    Identity,
    IndexedBase,
    MatrixSymbol,
    OneMatrix,
    Piecewise,
    Rational,
    Sum,
    Symbol,
    Trace,
    log,
    symbols,
    tanh,
)

import sympy_matcalc as mc
from sympy_matcalc.errors import MatcalcError, ShapeError

m, n = symbols("m n", integer=True, positive=True)
A, S, X = MatrixSymbol("A", n, n), MatrixSymbol("S", n, n), MatrixSymbol("X", m, n)
x, y, z, r = MatrixSymbol("x", n, 1), MatrixSymbol("y", n, 1), MatrixSymbol("z", m, 1), MatrixSymbol("r", 1, n)
t = symbols("t", positive=True)
EXAMPLES, M, N = 4, 5, 3
LOSS = ((X * x - z).T * (X * x - z))[0, 0]
QUADRATIC = (x.T * S.I * x)[0, 0]

EXPRESSIONS = {
    "product": A * x,
    "quadratic form": x.T * A * x,
    "solution": A.I * x,
    "solution by the transpose": x.T * A.I,
    "many right sides": A.I * X.T,
    "two inverses": A.I * S.I,
    "two inverses of transposes": A.T.I * S.T.I,
    "inverse form": X * S.I * X.T,
    "log det": log(Determinant(S)),
    "gradient of log det": mc.gradient(log(Determinant(S)) + QUADRATIC, S),
    "Hessian by a matrix": mc.hessian(QUADRATIC, S),
    "gradient of least squares": mc.gradient(LOSS, x),
    "Hessian of least squares": mc.hessian(LOSS, x),
    "delta of four axes": mc.hessian(Trace(A.T * A * S), A),
    "on the diagonal": A + t * Identity(n) + DiagMatrix(x),
    "softmax": mc.Softmax(A * x) + x,
    "log-sum-exp": mc.LogSumExp(X * x) * r,
    "entries": HadamardProduct((A * x).applyfunc(tanh), x) + A[:, 1] * t,
    "norms": mc.Norm(A) + mc.Norm(x, 1),
    "cases": Piecewise((t * x[0, 0], t > Rational(3, 2)), (A[1, 0], True)),
    "vec": mc.Vec(A * S),
    "powers": A**-2 * x + A**3 * y,
    "Cholesky factor": mc.Cholesky(S) * x,
    "ones": A * OneMatrix(n, 1),
}
BY_EXAMPLE = {"exponential": mc.MatrixExp(A) * x, "eigenvalue": mc.Eigenvalue(S, 0) * x, "blocks": mc.PseudoInverse(X) * z}


def values(rng, lead):
    root = rng.standard_normal((*lead, N, N))
    return {
        A: rng.standard_normal((*lead, N, N)) + 3 * np.eye(N),
        S: root @ np.swapaxes(root, -1, -2) + np.eye(N),
        X: rng.standard_normal((*lead, M, N)),
        **{v: rng.standard_normal((*lead, N)) for v in (x, y, r)},
        z: rng.standard_normal((*lead, M)),
        t: rng.random(lead) + 1,
    }


def compared(e, module="numpy", tolerance=1e-9, most=3):
    """The sources of a function for some choices of batches, whose values have been compared."""
    rng, sources = np.random.default_rng(1), []
    used = [s for s in (A, S, X, x, y, z, r, t) if e.has(s)]
    single = mc.lambdify(used, e)
    choices = dict.fromkeys([tuple(used[1:]) or tuple(used), tuple(used), tuple(used[:1])])
    for batch in list(choices)[:most]:
        stacks, same = values(rng, (EXAMPLES,)), values(rng, ())
        given = [stacks[s] if s in batch else same[s] for s in used]
        wanted = np.stack([single(*(a[k] if s in batch else a for s, a in zip(used, given))) for k in range(EXAMPLES)])
        f = mc.lambdify(used, e, modules=module, batch=list(batch))
        if module == "torch":
            given = list(map(pytest.importorskip("torch").as_tensor, given))
        found = np.asarray(f(*given))
        assert found.shape == wanted.shape
        assert np.allclose(found, wanted, rtol=tolerance, atol=tolerance)
        sources.append(f.source)
    return sources


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_a_batch_is_the_function_of_each_example_as_stacks(name):
    assert not any("_example" in source for source in compared(EXPRESSIONS[name]))


@pytest.mark.parametrize("name", BY_EXAMPLE)
def test_what_has_no_code_for_stacks_is_computed_example_by_example(name):
    assert any("_example" in source for source in compared(BY_EXAMPLE[name]))


@pytest.mark.parametrize("name", ["solution", "gradient of log det", "cases", "Cholesky factor"])
@pytest.mark.parametrize("module", ["jax", "torch"])
def test_other_libraries_map_the_function_of_one_example(name, module):
    pytest.importorskip(module)
    assert all("vmap" in source for source in compared(EXPRESSIONS[name], module, 1e-4, most=1))


def test_a_solution_is_no_product_with_an_inverse():
    source = mc.lambdify([A, x], A.I * x, batch=[A, x]).source
    assert "linalg.solve" in source and "inv(" not in source


def test_vectors_and_numbers_come_back_the_way_they_went_in():
    f, rng = mc.lambdify([A, x], A * x, batch=[x]), np.random.default_rng(0)
    a, v = rng.standard_normal((N, N)), rng.standard_normal((EXAMPLES, N))
    assert f(a, v).shape == (EXAMPLES, N) and f(a, v[:, :, None]).shape == (EXAMPLES, N, 1)
    assert mc.lambdify([A, x], x.T * A * x, batch=[x])(a, v).shape == (EXAMPLES,)
    assert mc.lambdify([A, x], [A, x.T], batch=[x])(a, v)[0].shape == (EXAMPLES, N, N)
    assert mc.lambdify([A, x], {"row": x.T}, batch=[x])(a, v)["row"].shape == (EXAMPLES, 1, N)
    assert mc.lambdify([A, t], t * A, batch=[t])(a, v[:, 0]).shape == (EXAMPLES, N, N)


def test_what_cannot_be_a_batch_is_refused_by_name():
    a, v = np.eye(N), np.ones((EXAMPLES, N))
    with pytest.raises(MatcalcError, match="`y`"):
        mc.lambdify([A, x], A * x, batch=[y])
    with pytest.raises(MatcalcError, match="twice"):
        mc.lambdify([A, x], A * x, batch=[x, x])
    with pytest.raises(MatcalcError, match="integer or a size"):
        mc.lambdify([A, x, n], n * A * x, batch=[n])
    with pytest.raises(MatcalcError, match="structured"):
        mc.lambdify([A, x], A, batch=[x], structured=True)
    with pytest.raises(ShapeError, match="`x`"):
        mc.lambdify([A, x], A * x, batch=[x])(a, np.ones(N))
    with pytest.raises(ShapeError, match="`x`"):
        mc.lambdify([A, x], A * x, batch=[A, x])(np.ones((2, N, N)), v)
    with pytest.raises(ShapeError, match="`x`"):
        mc.lambdify([A, x], mc.MatrixExp(A) * x, batch=[A, x])(np.ones((2, N, N)), v)
    pytest.importorskip("dask.array")
    with pytest.raises(MatcalcError, match="Dask"):
        mc.lambdify([A, x], A * x, batch=[x], modules="dask")


def test_a_batch_of_no_examples_has_no_results():
    assert mc.lambdify([A, x], A.I * x, batch=[x])(np.eye(N), np.ones((0, N))).shape == (0, N)
    assert mc.lambdify([A, x], x.T * A * x, batch=[A, x])(np.ones((0, N, N)), np.ones((0, N))).shape == (0,)


def test_a_batch_of_no_examples_in_pytorch_has_no_results_or_says_so():
    torch = pytest.importorskip("torch")
    assert mc.lambdify([A, x], A.I * x, batch=x, modules="torch")(torch.eye(N), torch.ones(0, N)).shape == (0, N)
    with pytest.raises(ShapeError, match="batch of no examples"):
        mc.lambdify([A, x, t], A * x + t * x, batch=t, modules="torch")(torch.eye(N), torch.ones(N), torch.ones(0))


def test_an_index_notation_argument_is_a_batch_or_sparse_too():
    sparse = pytest.importorskip("scipy.sparse")
    i, k = symbols("i k", integer=True)
    base, weights = IndexedBase("B"), IndexedBase("v")
    e = Sum(base[i, k] * weights[k], (i, 0, m - 1), (k, 0, n - 1))
    stack = np.arange(6.0).reshape(3, 2)
    assert np.allclose(mc.lambdify([base, weights], e, batch=weights)(np.eye(2), stack), stack.sum(1))
    assert mc.lambdify([base, weights], e, sparse=base)(sparse.eye_array(2).tocsr(), stack[0]) == 1


@pytest.mark.parametrize("option", ["batch", "sparse"])
def test_what_is_no_argument_is_refused_with_what_to_write(option):
    with pytest.raises(MatcalcError, match=f"`{option}` takes the symbols .* got the string 'A': leave the quotes out, `{option}=A`"):
        mc.lambdify([A, x], A * x, **{option: "A"})
    with pytest.raises(
        MatcalcError, match="another symbol: the argument is a MatrixSymbol of shape .n, n., this one is .* of shape .n, m."
    ):
        mc.lambdify([A, x], A * x, **{option: MatrixSymbol("A", n, m)})
    with pytest.raises(MatcalcError, match="this one is an IndexedBase|which are `t`"):
        mc.lambdify([t], t, **{option: IndexedBase("t2")})


def test_a_symbol_with_the_name_of_a_batch_is_another_one():
    batch = Symbol("batch", positive=True)
    f = mc.lambdify([x, batch], batch * x, batch=[x, batch])
    assert np.allclose(f(np.ones((2, N)), np.array([1.0, 2.0])), [[1] * N, [2] * N])


def test_the_square_of_a_multiple():
    """A computed array that two factors multiply is there twice."""
    k, n = symbols("k n", integer=True, positive=True)
    x, B, C = MatrixSymbol("x", k, 1), MatrixSymbol("B", k, n), MatrixSymbol("C", k, k)
    rng = np.random.default_rng(0)
    xs, b, c = rng.standard_normal((3, 4)), rng.standard_normal((4, 2)), rng.standard_normal((4, 4))
    row, matrix = -2 * x.T * B, -2 * C * B
    f = mc.lambdify([x, B], HadamardProduct(row, row), batch=[x])
    np.testing.assert_allclose(f(xs, b)[:, 0], (2 * xs @ b) ** 2)
    np.testing.assert_allclose(mc.lambdify([C, B], HadamardProduct(matrix, matrix))(c, b), (2 * c @ b) ** 2)


def test_the_axis_of_examples_has_a_name_in_messages():
    """It is a symbol of the package, whose own name begins with an underscore."""
    m, n = symbols("m n", integer=True, positive=True)
    A, x, y = MatrixSymbol("A", m, n), MatrixSymbol("x", n, 1), MatrixSymbol("y", n, 1)
    f = mc.lambdify([A, x], A * x, batch=[x])
    for given in ((5, 3), (4,), (5, 4, 2)):
        with pytest.raises(mc.ShapeError, match=r"expected shape \(batch, n") as caught:
            f(np.ones((3, 4)), np.ones(given))
        assert "_batch" not in str(caught.value)
    f = mc.lambdify([x, y], x + y, batch=[x, y])
    with pytest.raises(mc.ShapeError, match="batch from `x`"):
        f(np.ones((5, 4)), np.ones((6, 4)))
