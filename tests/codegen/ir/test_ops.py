"""The table of operations: every operation is crossed with every question that is asked of it, and with every back end."""

import inspect

import numpy as np
import pytest

from sympy_matcalc.codegen.backends import registry
from sympy_matcalc.codegen.backends.array_backend import ArrayBackend
from sympy_matcalc.codegen.backends.numpy_backend import NumpyBackend
from sympy_matcalc.codegen.ir import costs, degrees, demands, ops, terms
from sympy_matcalc.codegen.ir.demands import Form
from sympy_matcalc.codegen.ir.graph import Graph
from sympy_matcalc.codegen.ir.op import Memory, Op
from sympy_matcalc.codegen.ir.ops import OPS
from sympy_matcalc.codegen.ir.product import Product
from sympy_matcalc.codegen.planning.planner import Planner
from sympy_matcalc.codegen.planning.sizes import Sizes
from sympy_matcalc.codegen.schedule import reachable
from sympy_matcalc.codegen.steady.degrees import Degrees
from sympy_matcalc.errors import MatcalcError

from .samples import ALSO, NUMBERS, SAMPLES, Leaves, X, computed, environment

EVERY = SAMPLES | ALSO
SEVERAL = {
    "qr",
    "lu",
    "real_eigen",
    "svd",
    "eigh",
    "spectrum",
    "slogdet",
    "factor",
    "regular_factored",
    "slogdet_factored",
    "tiles",
}  # several results, which are no array
NO_VALUE = {"iter", "dtype", "regular"}
BACKENDS = [*registry.BACKENDS.values(), ArrayBackend]


def direct(node):
    """The value of a node by the code of NumPy; of a contraction by what it says."""
    env = environment()
    if node.op == "contract":
        A, B, X, _, _ = (env[M] for M in list(env)[:5])
        return 1.3 * np.einsum("ij,jk,kj->ik", X, np.linalg.inv(A), B)
    return computed("numpy", node, env)[1]


# ---- the table itself
def test_every_operation_has_a_sample_of_its_own():
    assert set(SAMPLES) == set(OPS)
    assert all(SAMPLES[name](Leaves()).op == name for name in SAMPLES)


def test_an_operation_that_is_not_in_the_table_is_an_error():
    with pytest.raises(ValueError, match="`cumsum` is not in the table"):
        Graph().make("cumsum")


@pytest.mark.parametrize("column", [name for name, p in inspect.signature(Op).parameters.items() if p.default is p.empty])
def test_a_row_that_lacks_a_column_is_an_error(column):
    row = {f: getattr(OPS["add"], f) for f in inspect.signature(Op).parameters}
    del row[column]
    with pytest.raises(TypeError, match=column):
        Op(**row)


def test_an_operation_stands_once_in_the_table():
    columns = [getattr(OPS["add"], f) for f in inspect.signature(Op).parameters]
    with pytest.raises(ValueError, match="`add` is in the table already"):
        ops.operation(*columns)


# ---- shape, symmetry, sign
@pytest.mark.parametrize("name", [name for name in EVERY if name not in NO_VALUE | SEVERAL])
def test_the_shape_is_that_of_the_array(name):
    node = EVERY[name](Leaves())
    sizes = Sizes(NUMBERS)
    value = direct(node)
    if node.op == "builtin" or node.op == "loop" and node.attrs[0] == "columns":
        return
    assert sizes.shape(node) == np.shape(value)
    assert node.ndim == np.ndim(value)


@pytest.mark.parametrize("name", [name for name in EVERY if name not in NO_VALUE | SEVERAL])
def test_what_the_form_shows_is_true(name):
    node = EVERY[name](Leaves())
    value = direct(node)
    if node.symmetric:
        np.testing.assert_allclose(value, value.T, rtol=1e-9, atol=1e-12)
    if node.nonnegative:
        assert np.all(np.asarray(value) >= 0)


def test_symmetry_and_sign_are_seen():
    shown = {name: EVERY[name](Leaves()) for name in EVERY}
    assert {name for name in EVERY if shown[name].symmetric} >= {
        "pow", "matmul", "weighted_gram", "symmetric", "inv", "add_diagonal", "add of a matrix and its transpose", "mul of symmetric",
        "call of symmetric", "view of symmetric", "eye, square", "eye less ones",
    }  # fmt: skip
    assert {name for name in EVERY if shown[name].nonnegative} >= {"const", "float", "softmax", "pow, even", "pow of exp", "sum of squares"}
    assert not any(shown[name].symmetric for name in ("arg", "view", "eye", "add", "matrix_function", "cholesky"))
    assert not any(shown[name].nonnegative for name in ("arg", "add", "mul", "log_softmax", "matmul", "det"))


# ---- cost
@pytest.mark.parametrize("name", list(EVERY))
def test_the_cost_is_known_and_grows_with_the_sizes(name):
    node = EVERY[name](Leaves())
    small, large = (Sizes({s: k * v for s, v in NUMBERS.items()}).cost(node) for k in (1, 50))
    assert isinstance(small, int) and 0 <= small <= large
    assert (small == 0) == (node.kind.cost is costs.free or node.weak)


# ---- sums of products
@pytest.mark.parametrize("name", [name for name in EVERY if name not in NO_VALUE | SEVERAL | {"loop"}])
def test_planning_keeps_the_value(name):
    """A node is rebuilt from the sum of products that it is read as."""
    s = Leaves()
    node = EVERY[name](s)
    (planned,) = Planner(s.graph, NUMBERS, s.size).run([node])
    assert planned.shape == node.shape
    np.testing.assert_allclose(computed("numpy", planned, environment())[1], direct(node), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", list(EVERY))
def test_terms_have_the_axes_of_the_node(name):
    node = EVERY[name](Leaves())
    found = node.kind.terms(node, Whole())
    assert found and all(isinstance(t, Product) and [x.size for x in t.out] == list(node.shape) for t in found)
    assert (node.kind.terms is terms.one_factor) <= (len(found) == 1 and len(found[0].factors) == 1)


class Whole:
    """A reader that takes no operand apart."""

    def terms_of(self, node):
        return terms.one_factor(node, self)

    def flat(self, product):
        return product


# ---- degrees
SCALED = {  # nodes of E = exp(X), with axes of E that may be kept
    "mul": lambda s, E: s.graph.mul(E, E, s.graph.call("tanh", s.x)),
    "add": lambda s, E: s.graph.add(E, s.graph.mul(E, s.x)),
    "pow": lambda s, E: s.graph.pow(s.graph.sum(E, (1,)), s.graph.const(-2)),
    "call": lambda s, E: s.graph.call("sqrt", s.graph.sum(E, (1,))),
    "sum": lambda s, E: s.graph.sum(E, (1,)),
    "max": lambda s, E: s.graph.make("max", (E,), (1,)),
    "min": lambda s, E: s.graph.make("min", (E,), (1,)),
    "max_or_zero": lambda s, E: s.graph.make("max_or_zero", (E,), (1,)),
    "norm": lambda s, E: s.graph.make("norm", (E,), (1,)),
    "view": lambda s, E: s.graph.view(E, (1, None, 0)),
    "diagonal": lambda s, E: s.graph.make("diagonal", (s.graph.make("slice", (E, s.zero, s.m, s.one), (None, "slice")),), (0, 1)),
    "diag": lambda s, E: s.graph.make("diag", (s.graph.sum(E, (1,)),)),
    "add_diagonal": lambda s, E: s.graph.make(
        "add_diagonal", (s.graph.make("diag", (s.graph.sum(E, (1,)),)), s.graph.sum(E, (1,))), ("aa", "a")
    ),
    "embed": lambda s, E: s.graph.make("embed", (E, s.graph.dtype_node(), s.m, s.n, s.m), ("aba", "ab")),
    "reshape": lambda s, E: s.graph.reshape(E, [s.graph.mul(s.m, s.n)]),
    "index": lambda s, E: s.graph.make("index", (E, s.two), (None, 0)),
    "slice": lambda s, E: s.graph.make("slice", (E, s.zero, s.two, s.one), (None, "slice")),
    "take": lambda s, E: s.graph.make("take", (E, s.graph.make("arange", (s.zero, s.two), integer=True)), (1,)),
    "cumulative": lambda s, E: s.graph.make("cumulative", (E,), ("cumsum", False)),
    "contract": lambda s, E: s.graph.sum(s.graph.mul(E, s.x), (1,)),
}


def test_every_operation_with_a_degree_is_tried():
    assert set(SCALED) == {op.name for op in OPS.values() if op.degree is not degrees.unknown}


@pytest.mark.parametrize("kept", ((), (0,)), ids=str)
@pytest.mark.parametrize("name", list(SCALED))
def test_a_node_scales_by_its_degree(name, kept):
    s = Leaves()
    node = SCALED[name](s, s.graph.call("exp", s.X))
    degree = Degrees(s.X, kept, reachable([node])).of(node)
    if degree is None:
        assert kept and name in ("diagonal", "reshape", "index", "slice", "take", "cumulative")
        return
    d, at = degree
    assert d != 0
    env, factor = environment(), np.array([2.0, 0.5, 3.0]) if kept else np.array([2.0, 2.0, 2.0])
    before, after = direct(node), computed("numpy", node, env | {X: env[X] + np.log(factor)[:, None]})[1]
    if kept:
        factor = factor.reshape([-1 if k in at else 1 for k in range(node.ndim)]) if node.ndim else factor
        np.testing.assert_allclose(after, before * factor**d)
    else:
        np.testing.assert_allclose(after, before * 2.0**d)


# ---- spelling
def test_each_back_end_spells_or_refuses_each_operation_by_name():
    for backend in BACKENDS:
        assert {*backend.spellings, *backend.refuses} == {op.name for op in OPS.values() if op.written}


@pytest.mark.parametrize("module", ["numpy", "jax", "torch", "dask"])
@pytest.mark.parametrize("name", [name for name in SAMPLES if name not in {"contract", "iter", "regular"}])
def test_each_back_end_writes_code_or_says_that_it_has_none(name, module):
    pytest.importorskip({"jax": "jax", "torch": "torch", "dask": "dask.array"}.get(module, "numpy"))
    s = Leaves()
    node = s.item(SAMPLES[name](s), 0) if name in ("svd", "eigh") else SAMPLES[name](s)  # what has several results is not one itself
    refuses = registry.BACKENDS[module].refuses
    if name in {"declared", "tiles", "of_tiles"} and module != "numpy" or any(a.op in refuses for a in reachable([node])):
        with pytest.raises(MatcalcError, match="has no numeric code"):
            computed(module, node)
    else:
        compile(computed(module, node)[0], "<sample>", "exec")


def test_a_back_end_that_leaves_out_an_operation_fails_where_it_is_registered():
    from sympy_matcalc.codegen.backends.base import check_contract

    class Lacking(NumpyBackend):
        pass

    Lacking.spellings = {op: f for op, f in NumpyBackend.spellings.items() if op != "solve"}
    with pytest.raises(TypeError, match=r"neither spells nor refuses the operations \['solve'\]"):
        check_contract(Lacking)


def test_a_method_cannot_take_the_place_of_a_spelling_unseen():
    with pytest.raises(TypeError, match=r"`Own._reduction` takes the place of a spelling"):

        class Own(NumpyBackend):
            def _reduction(self, node, texts):
                return "0", 0


def test_numpy_writes_only_into_arrays_of_its_own():
    """What the table says is an array of its own shares no memory with an argument."""
    env = environment()
    for name, make in EVERY.items():
        node = make(Leaves())
        if node.kind.memory is Memory.OWN and node.op != "contract":
            value = computed("numpy", node, env)[1]
            assert not any(np.shares_memory(value, v) for v in env.values() if isinstance(v, np.ndarray)), name


# ---- what is asked of operands
@pytest.mark.parametrize("name", [name for name in EVERY if EVERY[name](Leaves()).kind.form is not Form.OTHER and name != "contract"])
def test_the_value_depends_on_its_operands_as_the_table_says(name):
    """Operands that are arrays are scaled by -2, in the first place, in each, or all."""
    s = Leaves()
    node = EVERY[name](s)
    form, before = node.kind.form, direct(node)
    places = {Form.SUM: [range(len(node.args))], Form.PRODUCT: [[k] for k in range(len(node.args))]}.get(form, [[0]])
    for at in places:
        after = direct(s.graph.remake(node, [s.graph.mul(s.graph.const(-2), a) if k in at else a for k, a in enumerate(node.args)]))
        np.testing.assert_allclose(after, before * (2 if form is Form.NORM else -2), rtol=1e-9, atol=1e-12)


def test_forms_are_seen():
    forms = {form: {op.name for op in OPS.values() if op.form is form} for form in Form}
    assert forms[Form.SUM] == {"add", "add_diagonal"} and forms[Form.NORM] == {"norm", "p_norm", "root_of_squares"}
    assert {"matmul", "kron", "contract"} <= forms[Form.PRODUCT] and {"view", "sum", "index", "pad"} <= forms[Form.LINEAR]


@pytest.mark.parametrize("name", [op.name for op in OPS.values() if op.some is not demands.any_size and op.name != "mul"])
def test_sizes_that_may_not_be_0(name):
    node = EVERY[name](Leaves())
    found = list(node.kind.some(node))
    assert all(size.is_Symbol and isinstance(is_index, bool) for size, is_index in found)
    assert found or name in {"index", "slice", "matrix_function"}  # an entry that is not the first is checked by its index


def test_a_new_operation_is_an_error_where_it_says_too_little():
    required = [name for name, p in inspect.signature(Op).parameters.items() if p.default is p.empty]
    row = ["newcomer", *(getattr(OPS["max"], name) for name in required[1:])]
    for count in range(1, len(row)):
        with pytest.raises(TypeError, match=f"'{required[count]}'"):
            ops.operation(*row[:count])
    assert "newcomer" not in OPS
