"""dataflow: the operations once each, local Jacobians whose products are the derivative, and pictures in which nothing overlaps or breaks out."""

import itertools
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from sympy import Determinant, MatAdd, MatMul, MatrixSymbol, Symbol, Trace, cos, exp, log, sin, sqrt, symbols, tanh

import sympy_matcalc as mc
from sympy_matcalc.pictures.languages import backward, forward
from sympy_matcalc.pictures.svg import Side, _rows
from sympy_matcalc.testing import evaluate, random_env

n, m, d, h, k = symbols("n m d h k", integer=True, positive=True)
A, B = MatrixSymbol("A", n, n), MatrixSymbol("B", n, m)
x, y, b = MatrixSymbol("x", n, 1), MatrixSymbol("y", k, 1), MatrixSymbol("b", h, 1)
t = Symbol("t", real=True)
W1, W2 = MatrixSymbol("W1", h, n), MatrixSymbol("W2", k, h)
Q, K, V = MatrixSymbol("Q", n, d), MatrixSymbol("K", m, d), MatrixSymbol("V", m, h)
NETWORK = mc.Norm(W2 * (W1 * x + b).applyfunc(tanh) - y) ** 2 / 2
ATTENTION = mc.Softmax(Q * K.T / sqrt(d), axis=1) * V

CASES = {
    "sin(x^2)": (sin(t**2), t),
    "network, weights": (NETWORK, W1),
    "network, input": (NETWORK, x),
    "attention, Q": (ATTENTION, Q),
    "attention, K": (ATTENTION, K),
    "shared": (exp((x.T * A * x)[0, 0]) + cos((x.T * A * x)[0, 0]), x),
    "softmax": (mc.Softmax(A * x), x),
    "both sides": (MatAdd(A * x, MatMul(A, A.T, x)), A),
    "log det": (log(Determinant(A.T * A)), A),
    "trace of inverse": (Trace((A + A.T).I * A), A),
    "by a scalar": (mc.Norm((A + t * A.T) * x), t),
    "entry": (A[0, 1] * Trace(A), A),
    "row": (x.T * A, x),
    "sigmoid": (mc.Sigmoid(B), B),
    "itself": (x, x),
}


def value(e, env):
    return np.asarray(evaluate(e, env), float)


@pytest.mark.parametrize("name", CASES)
def test_the_product_of_the_local_jacobians_is_the_derivative(name):
    expr, by = CASES[name]
    graph = mc.dataflow(expr, derivative=by)
    for seed in range(2):
        env = dict(random_env([expr], seed=seed))
        want = value(mc.jacobian(expr, by, form="vec"), env)
        for op in graph.operations:
            env[op.symbol] = evaluate(op.value, env)
        if graph.operations:
            assert np.allclose(value(graph.output, env), value(expr, env))
        got = value(graph.jacobian(by), env)
        assert np.allclose(got.reshape(want.shape), want, rtol=1e-9, atol=1e-12)


def test_the_backward_pass_does_not_go_to_an_index():
    i = symbols("i", integer=True)
    graph = mc.dataflow((A * x)[i, 0], derivative=True)
    assert i in graph.inputs and graph.variables == tuple(s for s in graph.inputs if s != i)


def test_shared_parts_are_one_operation():
    z = x
    for _ in range(20):  # a million nodes when it is written out
        z = MatAdd(mc.Softmax(z), MatMul(A, z))
    assert len(mc.dataflow(z).operations) == 60
    assert repr(mc.dataflow(CASES["shared"][0])).count("x.T*A*x") == 1


def test_local_jacobians_are_those_of_the_books():
    jacobians = mc.dataflow(NETWORK, derivative=True).local_jacobians
    found = {(str(u), str(v)): str(J) for (u, v), J in jacobians.items()}
    assert found["u1", "x"] == "W1" and found["u3", "u2"].startswith("DiagMatrix(") and found["u4", "u3"] == "W2"


def test_a_function_of_the_entries_reads_as_one():
    assert "× diag(1 - tanh(u2)**2)" in mc.dataflow(NETWORK, derivative=x).svg()


def test_what_an_operation_gives_has_its_name_on_the_way_back():
    labels = [e.label for e in backward(mc.dataflow(mc.Softmax(A * x), derivative=x))[1]]
    assert labels == ["\N{MULTIPLICATION SIGN} diag(u2) - u2*u2.T", "\N{MULTIPLICATION SIGN} A"]


def test_names_of_operations_are_none_of_the_expression():
    u = MatrixSymbol("u1", n, 1)
    assert repr(mc.dataflow(mc.Softmax(A * u))).startswith("u1' = A*u1\n")


def test_a_variable_that_is_not_there_is_an_error():
    with pytest.raises(mc.UnsupportedVariableError, match="`x` is no symbol"):
        mc.dataflow(sin(t), derivative=x)
    with pytest.raises(mc.ExpressionError):
        mc.dataflow("x")


def sides(graph):
    rows = _rows(graph)
    yield Side(*forward(graph), rows, False)
    if graph.variables:
        yield Side(*backward(graph), {name.replace("f", "b"): row for name, row in rows.items()}, True)


@pytest.mark.parametrize("name", CASES)
def test_boxes_and_labels_do_not_overlap(name):
    for side in sides(mc.dataflow(CASES[name][0], derivative=True)):
        boxes = [*side.boxes.values(), *(label for *_, label in side.edges)]
        for one, other in itertools.combinations(boxes, 2):
            if one.row == other.row:
                assert abs(one.x - other.x) >= (one.width + other.width) / 2 + 10


HOSTILE = [
    '"]; evil [label="x',
    "</text><script>alert(1)</script>",
    'a"b\\',
    "x\n--> y",
    "&lt;b&gt; &amp;",
    "]]>",
    "\x00\x1b\u202e",
    "#quot;);click f1 href",
    "é世界" * 30,
    "`${1}`",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_stays_in_its_label(name):
    plain = mc.dataflow(sin(Symbol("x", real=True) ** 2), derivative=True)
    graph = mc.dataflow(sin(Symbol(name, real=True) ** 2), derivative=True)
    tags = [e.tag for e in ET.fromstring(graph.svg()).iter() if not e.tag.endswith("title")]
    assert tags == [e.tag for e in ET.fromstring(plain.svg()).iter()]
    quoted = re.compile(r'"(?:[^"\\\n]|\\.)*"')
    assert quoted.sub("", graph.dot()) == quoted.sub("", plain.dot())
    label = re.compile(r'"[^"\n]*"')
    assert label.sub("", graph.mermaid()) == label.sub("", plain.mermaid())
    assert not set("<>`$[](){}|\\;") & set("".join(re.sub(r"#\d+;", "", s[1:-1]) for s in label.findall(graph.mermaid())))
    if shutil.which("dot"):
        subprocess.run(["dot", "-Tsvg"], input=graph.dot(), text=True, check=True, capture_output=True)


def test_the_page_shows_between_the_boxes():
    """No rectangle as wide as the picture, and no text outside of a box that is nearly black or white: pages are light or dark."""
    root = ET.fromstring(mc.dataflow(NETWORK, derivative=x).svg())
    assert not [e for e in root if e.get("width") == "100%" or e.get("fill") in ("white", "#ffffff") and e.get("stroke") is None]
    labels = {e.get("fill") for e in root if e.tag.endswith("text") and e.get("font-size") == "12"}
    assert labels and all(0x40 < sum(bytes.fromhex(c[1:])) / 3 < 0xC0 for c in labels)


def test_it_shows_itself():
    graph = mc.dataflow(sin(t**2))
    assert graph._repr_svg_().startswith("<svg") and graph._repr_mimebundle_()["image/svg+xml"] == graph.svg()
    assert "n × n" in mc.dataflow(A * x).svg() and "n × n" in mc.dataflow(A * x).dot()
    assert mc.dataflow(A * x).svg() == mc.dataflow(A * x).svg()


def test_an_input_that_many_operations_use_has_one_long_edge():
    """Of thirty layers with the same matrix: a way beside them, not thirty."""
    layers = x
    for _ in range(30):
        layers = (A * layers).applyfunc(tanh) + x
    graph = mc.dataflow(layers, derivative=True)
    rows = _rows(graph)
    side = Side(*forward(graph), rows, False)
    assert len(graph.operations) == 90
    assert max(len({id(b) for _, way, _ in side.edges for b in way[1:-1] if b.row == row}) for row in range(max(rows.values()))) <= 4
    assert side.width < 2500
