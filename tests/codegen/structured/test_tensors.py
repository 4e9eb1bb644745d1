"""Networks as operators: which indices are summed beforehand, so that no array with more than two axes is formed on the way."""

import numpy as np
import pytest
from sympy import MatrixSymbol, S, symbols

import sympy_matcalc as mc

n = symbols("n", integer=True, positive=True)
A, B, C, D = (MatrixSymbol(name, n, n) for name in "ABCD")
v, w = MatrixSymbol("v", n, 1), MatrixSymbol("w", n, 1)
ROWS = {  # the result's axes, factors with the names of their indices, how the operator holds them, twice where the name says so
    "a product of two": ("ijk", [(A, "ip"), (B, "pj"), (v, "k")], "[A.dot(B), v]"),
    "a sum that three axes meet": ("ijkl", [(A, "ip"), (B, "pj"), (C, "pk"), (v, "l")], "[A, B, C, v]"),
    "a chain": ("ijkl", [(A, "ip"), (B, "pq"), (C, "qj"), (D, "kl")], "[D, A.dot(B.dot(C)).T]"),
    "twice, the smallest is scaled": ("ijk", [(A, "ip"), (B, "pj"), (v, "k")], "[A.dot(B), 2.0 * v]"),
    "twice, not an argument": ("ijkl", [(A, "ij"), (B, "kp"), (C, "pl")], "[A, 2.0 * B.dot(C)]"),
    "twice, the first of two arguments": ("ijkl", [(A, "ij"), (B, "kl")], "[2.0 * A, B]"),
    "a sum with one axis": ("ijkl", [(A, "ip"), (v, "p"), (B, "jk"), (D, "lk")], "[B, D, A.dot(v)]"),
}


@pytest.mark.parametrize("name", ROWS)
def test_what_is_summed_beforehand(name):
    axes, factors, held = ROWS[name]
    scale = S(1 + name.startswith("twice"))
    number = {x: k for k, x in enumerate(dict.fromkeys(axes + "".join(at for _, at in factors)))}
    operands = [(M, *((number[x],) for x in at), *([()] if len(at) == 1 else [])) for M, at in factors]
    out = tuple((number[x],) for x in axes)
    array = mc.Einsum((n,) * len(axes), mc.EinsumTerm(scale, (n,) * len(number), out, operands))
    symbols_ = list(dict.fromkeys(M for M, _ in factors))
    f = mc.lambdify(symbols_, array, structured=True)
    assert f.source.rstrip().endswith(f"{held})")
    values = {M: np.random.default_rng(k).standard_normal((3, 3) if M is not v else 3) for k, M in enumerate(symbols_)}
    operator = f(*values.values())
    expected = int(scale) * np.einsum(",".join(at for _, at in factors) + "->" + axes, *(values[M] for M, _ in factors))
    np.testing.assert_allclose(np.reshape(operator.todense(), expected.shape), expected)


@pytest.mark.parametrize(
    "sizes, factors, held",
    [
        ((n, n, S.One), [(A, (0,), (1,))], "DenseOperator(A)"),
        ((n, S.One, n, S.One), [(v, (0,), (1,)), (w, (2,), (3,))], 'TensorOperator("a,b->a,b", [v, w])'),
    ],
)
def test_axes_of_one_entry_are_none_of_the_operator(sizes, factors, held):
    array = mc.Einsum(sizes, mc.EinsumTerm(S.One, sizes, tuple((k,) for k in range(len(sizes))), factors))
    given = [M for M, *_ in factors]
    values = [np.random.default_rng(k).standard_normal((3, 3) if M is A else 3) for k, M in enumerate(given)]
    f = mc.lambdify(given, array, structured=True)
    assert f.source.rstrip().endswith(held)
    np.testing.assert_allclose(f(*values).todense(), values[0] if len(values) == 1 else np.outer(*values))
