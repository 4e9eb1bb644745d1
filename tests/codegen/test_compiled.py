"""The functions that `lambdify` gives, as objects: pickled, copied, looked at, and used by other libraries."""

import copy
import inspect
import os
import pickle
import platform
import subprocess
import sys

import numpy as np
import pytest
from sympy import MatrixExpr, MatrixSymbol, Symbol, symbols

import sympy_matcalc as mc

n = symbols("n", integer=True, positive=True)
A, x = MatrixSymbol("A", n, n), MatrixSymbol("x", n, 1)
VALUES = np.array([[2.0, 1], [0, 4]]), np.array([1.0, 3])


def test_a_pickle_is_the_same_function_in_another_process(tmp_path):
    f = mc.lambdify([A, x], {"solution": A.I * x, "form": x.T * A * x})
    (tmp_path / "f").write_bytes(pickle.dumps(f))
    code = "import pickle, sys, numpy as np; f = pickle.load(open(sys.argv[1], 'rb')); print(f(2 * np.eye(2), np.ones(2))['form'])"
    run = subprocess.run([sys.executable, "-c", code, str(tmp_path / "f")], capture_output=True, text=True, check=True)
    assert float(run.stdout) == 4
    again = pickle.loads(pickle.dumps(f))
    assert again.source == f.source and np.array_equal(again(*VALUES)["solution"], f(*VALUES)["solution"])


@pytest.mark.parametrize(
    "options", [{"batch": [x]}, {"sparse": A}, {"structured": True}, {"modules": "jax"}, {"modules": "torch"}], ids=str
)
def test_all_kinds_are_pickled_and_copied(options):
    if "modules" in options:
        pytest.importorskip(options["modules"])
    f = mc.lambdify([A, x], A * x, **options)
    for other in (pickle.loads(pickle.dumps(f)), copy.copy(f), copy.deepcopy([f])[0]):
        assert type(other) is type(f) and other.source == f.source


def twice(x):
    return 2 * x


class Twice(MatrixExpr):
    shape = property(lambda self: self.args[0].shape)


mc.linear(Twice, 0, adjoint=lambda node, W: Twice(W), numpy=twice)


def test_a_pickle_holds_functions_of_the_user_by_their_names():
    f = pickle.loads(pickle.dumps(mc.lambdify([A], Twice(A))))
    assert np.array_equal(f(VALUES[0]), 2 * VALUES[0]) and twice in f.given.values()


def test_the_parameters_and_the_names_are_seen():
    f = mc.lambdify([A, x], A * x)
    assert list(inspect.signature(f).parameters) == ["A", "x"] and "compute(A, x)" in repr(f) and f.__name__ == "compute"


def test_arguments_of_one_name_are_told_apart_by_their_places():
    a, other = Symbol("a"), Symbol("a", positive=True)
    f = mc.lambdify([a, other, MatrixSymbol("a", 2, 1)], a - other)
    assert f(3, 1, np.ones(2)) == 2 and len(set(inspect.signature(f).parameters)) == 3
    assert mc.lambdify([a, A], a * A, batch=a)(np.ones(3), np.eye(2)).shape == (3, 2, 2)
    with pytest.raises(mc.errors.MatcalcError, match="two different symbols have the name `n`"):
        mc.lambdify([A, Symbol("n")], Symbol("n") * A)
    with pytest.raises(mc.errors.MatcalcError, match="not the argument of that name"):
        mc.lambdify([a], other)


def test_other_libraries_take_them_as_functions():
    jax = pytest.importorskip("jax")
    f = mc.lambdify([A, x], A * x, modules="jax")
    assert np.allclose(jax.jit(jax.vmap(f, (None, 0)))(VALUES[0], np.ones((3, 2))), [[3, 4]] * 3)
    assert jax.jacobian(f, 1)(*VALUES).shape == (2, 2)


FAULTS = """
import resource, numpy as np, sympy_matcalc as mc
from sympy import HadamardProduct, MatrixSymbol, cosh, sin, symbols
n = symbols("n", integer=True, positive=True)
A = MatrixSymbol("A", n, n)
f = mc.lambdify([A], mc.gradient(mc.ElementSum(HadamardProduct((A * A.T).applyfunc(sin), (A * A.T).applyfunc(cosh))), A))
at = np.full((250, 250), 0.01)
faults = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(5):
    f(at)
before = faults()
for _ in range(20):
    f(at)
print(faults() - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="an allocator of another kind")
def test_the_pages_of_temporaries_are_kept():
    """In a process of its own, whose allocator has learnt nothing yet: five arrays of 122 pages a call, of which none is faulted in."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("MALLOC_", "GLIBC_TUNABLES"))}
    run = subprocess.run([sys.executable, "-c", FAULTS], capture_output=True, text=True, check=True, env=env)
    assert int(run.stdout) < 500
