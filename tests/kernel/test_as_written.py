"""Answers as they are written: the order of writing of the very objects that are given, of nothing that is made of them."""

import pytest
from sympy import BlockMatrix, Inverse, MatAdd, MatrixSymbol, Trace, symbols

from sympy_matcalc.answers import as_answer
from sympy_matcalc.kernel.as_written import as_written, is_answer
from sympy_matcalc.nodes.algebra_text import written

n, t = symbols("n t", integer=True, positive=True)
A, B = MatrixSymbol("A", n, n), MatrixSymbol("B", n, n)
TURNED = MatAdd(B, A)  # not in SymPy's order


def test_the_order_is_that_of_what_was_given_as_an_answer():
    answer = as_answer(Inverse(TURNED))
    assert answer == Inverse(A + B) != Inverse(TURNED) and is_answer(answer) and as_written(answer) == Inverse(TURNED)


def test_what_is_made_of_an_answer_is_as_it_is():
    made = Trace(as_answer(TURNED)) * t
    assert not is_answer(made) and as_written(made) is made and not is_answer(A + B) and as_written(TURNED) is TURNED


def test_a_node_that_is_no_sum_of_an_answer_is_written_as_it_stands():
    assert written(TURNED) == (B, A) == written(as_answer(TURNED)) and written(A * B) == (A, B)


@pytest.mark.parametrize("pack", [list, tuple, lambda items: dict(enumerate(items))], ids=["list", "tuple", "dict"])
def test_several_in_one_object(pack):
    answers = [as_answer(TURNED), A + B, as_answer(t * Trace(Inverse(TURNED)))]
    assert as_written(pack(answers)) == pack([TURNED, A + B, t * Trace(Inverse(TURNED))])


def test_blocks():
    answer = as_answer(BlockMatrix([[TURNED, A]]))
    assert as_written(answer) == BlockMatrix([[TURNED, A]]) != answer == BlockMatrix([[A + B, A]])
