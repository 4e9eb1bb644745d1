"""The JAX back end: jit, vmap, grad, precision, and data sharded over devices without being gathered."""

import os
import subprocess
import sys

import numpy as np
import pytest
from sympy import Lambda, MatrixSymbol, Sum, Trace, exp, log, symbols

import sympy_matcalc as mc
from sympy_matcalc.codegen.lambdify import lambdify

from ..models import ARGS, MODELS, data

jax = pytest.importorskip("jax")
jnp = jax.numpy
n, k = symbols("n k", integer=True, positive=True)
i = symbols("i", integer=True, nonnegative=True)
c = symbols("c", real=True)
A, x = MatrixSymbol("A", n, n), MatrixSymbol("x", n, 1)


@pytest.mark.parametrize("model", MODELS)
def test_jit_gives_what_the_function_gives(model):
    values = data(50, 3)
    f = lambdify(ARGS, MODELS[model], modules="jax")
    plain, compiled, want = f(*values), jax.jit(f)(*values), lambdify(ARGS, MODELS[model])(*values)
    for key, value in want.items():
        np.testing.assert_allclose(plain[key], value, rtol=1e-3, atol=1e-4)
        np.testing.assert_allclose(compiled[key], value, rtol=1e-3, atol=1e-4)


def test_vmap_over_a_batch_of_matrices():
    e = [A.I * x, log(mc.LogSumExp(A * x) ** 2), mc.Eigenvalue(A.T * A, 0), A[i, 0]]
    matrices = np.random.default_rng(0).uniform(1, 2, (5, 3, 3)).astype(np.float32) + 3 * np.eye(3, dtype=np.float32)
    f, g = lambdify([A, x, i], e, modules="jax"), lambdify([A, x, i], e)
    out = jax.vmap(lambda a: f(a, jnp.ones(3), 1))(matrices)
    for row, a in enumerate(matrices):
        for got, want in zip(out, g(a, np.ones(3, np.float32), 1), strict=True):
            np.testing.assert_allclose(got[row], want, rtol=1e-4)


@pytest.mark.parametrize("model", MODELS)
def test_grad_of_the_value_is_the_gradient(model):
    f = lambdify(ARGS, MODELS[model]["value"], modules="jax")
    X, y, w, _ = data(20, 3)
    got = jax.grad(f, argnums=2)(jnp.asarray(X), jnp.asarray(y), jnp.asarray(w), 0.0)
    want = lambdify(ARGS, MODELS[model]["gradient"])(X, y, w, 0.0)
    np.testing.assert_allclose(got, want, rtol=1e-3, atol=1e-4)


def test_derivatives_of_the_logistic_function_at_zero():
    """Of the slope exp(-c)/(1 + exp(-c))^2: -1/8 in second order."""
    t = symbols("t", real=True)
    f = lambdify([t], exp(-t) / (1 + exp(-t)) ** 2, modules="jax")
    assert jax.grad(jax.grad(f))(0.0) == pytest.approx(-1 / 8)
    g = lambdify([t], log(1 + exp(t)), modules="jax")
    assert jax.grad(jax.grad(jax.grad(jax.grad(g))))(0.0) == pytest.approx(-1 / 8)


def test_derivative_where_the_weights_vanish():
    f = lambdify(ARGS, MODELS["logistic"]["hessian"], modules="jax")
    X, y, w, lam = map(jnp.asarray, data(5, 2))
    assert jnp.isfinite(jax.grad(lambda w: f(X, y, w, lam).sum())(1e4 * w)).all()


def test_precision_is_that_of_the_session_and_of_the_data():
    f = lambdify([A, x], A * x + mc.Norm(A) * x, modules="jax")
    before = jax.config.jax_enable_x64
    try:
        for wide, dtype in ((False, "float32"), (True, "float64")):
            jax.config.update("jax_enable_x64", wide)
            assert f(np.eye(2), [1, 2]).dtype == dtype
            assert f(jnp.eye(2, dtype=jnp.float32), jnp.ones(2, jnp.float32)).dtype == "float32"
    finally:
        jax.config.update("jax_enable_x64", before)
    assert f(jnp.eye(2, dtype=jnp.bfloat16), jnp.ones(2, jnp.bfloat16)).dtype == "bfloat16"


def test_integers_are_static():
    f = lambdify([A, k], A**k, modules="jax")
    assert jax.jit(f, static_argnums=1)(np.eye(2) * 2, 3)[0, 0] == 8
    with pytest.raises(TypeError, match="`k`.*static_argnames"):
        jax.jit(f)(np.eye(2), 3)


def test_a_function_of_a_traced_condition():
    t = symbols("t", real=True)
    from sympy import Piecewise, sin

    f = lambdify([t, x], sin(Piecewise((1, t > 0), (2, True))) * x, modules="jax")
    np.testing.assert_allclose(jax.jit(f)(1.0, np.ones(2)), np.sin([1, 1]), rtol=1e-6)


def test_source_is_what_one_would_write():
    source = lambdify(ARGS, MODELS["logistic"]["gradient"], modules="jax").source
    assert "jax.nn.sigmoid(" in source and "- y) @ X" in source and "import jax.numpy as jnp" in source
    assert "np.asarray" not in source.replace("jnp.asarray", "") and "numpy as np" not in source
    assert "trace" not in lambdify([A], Trace(A * A.T), modules="jax").source


SHARDED = """
import json, re, sys
import jax, numpy as np
from jax.sharding import Mesh, NamedSharding, PartitionSpec as P
from sympy_matcalc.codegen.lambdify import lambdify
from tests.codegen.models import ARGS, MODELS, data
jax.config.update("jax_enable_x64", True)
assert len(jax.devices()) == 4
mesh = Mesh(np.array(jax.devices()), ("rows",))
X, y, w, lam = data(64, 5)
X, y = (jax.device_put(a, NamedSharding(mesh, P("rows"))) for a in (X, y))
w = jax.device_put(w, NamedSharding(mesh, P()))
for name, model in MODELS.items():
    f = jax.jit(lambdify(ARGS, model, modules="jax"))
    text = f.lower(X, y, w, lam).compile().as_text()
    collectives = set(re.findall(r"(all-gather|all-to-all|collective-permute|all-reduce|reduce-scatter)\\(", text))
    assert collectives == {"all-reduce"}, (name, collectives)
    assert "[16,5]" in text and "[64,5]" not in text, name
    for key, want in lambdify(ARGS, model)(*data(64, 5)).items():
        np.testing.assert_allclose(f(X, y, w, lam)[key], want, rtol=1e-10, err_msg=f"{name} {key}")
print("sharded")
"""


def test_rows_sharded_over_devices_are_reduced_and_not_gathered():
    env = dict(os.environ, XLA_FLAGS="--xla_force_host_platform_device_count=4", JAX_PLATFORMS="cpu")
    done = subprocess.run([sys.executable, "-c", SHARDED], capture_output=True, text=True, env=env)
    assert done.stdout.strip() == "sharded", done.stderr[-2000:]


def test_a_sum_over_the_index_of_rows():
    e = Sum(log(1 + exp(-(A * x)[i, 0])), (i, 0, n - 1))
    f = jax.jit(lambdify([A, x], e, modules="jax"))
    assert f(np.eye(3), np.zeros(3)) == pytest.approx(3 * np.log(2))
    assert lambdify([x], x.applyfunc(Lambda(c, c**2)), modules="jax")(np.ones(2)).tolist() == [1, 1]
