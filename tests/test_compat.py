"""What the package does for every SymPy it supports, whichever is installed."""

import pickle

import pytest
from sympy import Dummy, Integer, MatrixSymbol, srepr, symbols, tanh

import sympy_matcalc as mc
from sympy_matcalc.compat import dummy, modulo

m, n = symbols("m n", integer=True, positive=True)
i, j = symbols("i j", integer=True, nonnegative=True)
DIVISIONS = [
    (i, n),
    (i + j * m, m),
    (i + 1, n),
    (i + n, n),
    (2 * i, n),
    (2 * i, 2 * n),
    (i * m, i * n + n),
    (Integer(1), n),
    (Integer(2), n),
    (Integer(0), n),
    (n - 1, n),
    (n, n + 1),
    (n + 2, n + 1),
    (2 * n + 1, n),
    (Integer(7), Integer(3)),
    (3 * n, n),
    (n, m),
    (i, Integer(1)),
]


@pytest.mark.parametrize("p, q", DIVISIONS, ids=str)
def test_modulo_is_the_remainder_of_numbers(p, q):
    found = modulo(p, q)
    for at in range(27):
        values = {i: at % 5, j: at % 7, m: 1 + at % 3, n: 1 + at // 3 % 4}
        a, b = p.subs(values), q.subs(values)
        assert found.subs(values) == int(a) % int(b)
        assert found.doit().subs(values) == int(a) % int(b)


def test_entries_of_vec_at_a_number():
    A = MatrixSymbol("A", n, n)
    one = mc.Vec(A)[1, 0]
    assert [one.args[k].subs(n, 3) for k in (1, 2)] == [1, 0]
    assert [one.args[k].subs(n, 1) for k in (1, 2)] == [0, 1]


def test_an_answer_is_pickled_after_srepr():
    x = MatrixSymbol("x", n, 1)
    answer = mc.jacobian(x.applyfunc(tanh), x)
    assert answer.atoms(Dummy)
    srepr(answer)
    assert pickle.loads(pickle.dumps(answer)) == answer


def test_dummies_of_one_index_are_equal():
    assert dummy("u", 7, real=True) == dummy("u", 7, real=True) == Dummy("u", dummy_index=7, real=True)
    assert hash(dummy("u", 7, real=True)) == hash(Dummy("u", dummy_index=7, real=True))
    assert eval(srepr(dummy("u", 7, real=True)), {"Dummy": Dummy}) == dummy("u", 7, real=True)
