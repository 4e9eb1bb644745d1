"""What `str` prints of an answer is read back as an equal expression, over the formulas of the cookbook and their derivatives."""

import pytest
from sympy import BlockMatrix, Matrix, MatrixSymbol, symbols

import sympy_matcalc as mc
from sympy_matcalc.answers import as_answer
from sympy_matcalc.cookbook import tables

from ..round_trips import judged

OF_VALUE = {  # read as the same number, written in another way
    "DotProduct": "SymPy's DotProduct is read as the entry of a product",
    "number of a matrix": "SymPy takes functions and powers of a 1 x 1 matrix as they come; what is read is of its entry",
    "lambda": "lambda, which Python has for itself, is read as `lam`, as is the letter",
}
OTHERWISE = {
    "mc69d2": "DotProduct", "mc129d": "DotProduct", "mc129m": "number of a matrix", "mc26i": "number of a matrix",
    "mc26o": "number of a matrix", "mc26p": "number of a matrix", "ml2l": "lambda", "ml2h": "lambda",
}  # fmt: skip
REAL = [i for i in tables.all_identities() if not i.is_complex]
m, n = symbols("m n", integer=True, positive=True)
A, B, b, x = MatrixSymbol("A", m, n), MatrixSymbol("B", m, n), MatrixSymbol("b", m, 1), MatrixSymbol("x", n, 1)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("identity", [i for i in REAL if i.number not in OTHERWISE], ids=lambda i: i.number)
def test_the_cookbook_is_typed_back(identity):
    for expr in (identity.expression, identity.derivative):
        verdict, text = judged(expr, "str")
        assert verdict == "same", text


def test_what_is_read_otherwise_is_still_so():
    """A reason that no longer holds is to go from the list."""
    assert set(OTHERWISE.values()) == set(OF_VALUE)
    for identity in REAL:
        if identity.number in OTHERWISE:
            assert {judged(e, "str")[0] for e in (identity.expression, identity.derivative)} & {"equal", "differs"}


@pytest.mark.parametrize(
    "text", ["2*(A - B)", "(A - B)/2", "-(A - B)", "(A*B.T).T*A", "-2*(B*A.T*B).T*b", "2*x - (A + B).T*b", "(A - B).T*(A*x - b)"]
)
def test_numbers_in_front_of_sums_and_transposes_of_products_stay_there(text):
    assert str(mc.parse(text, {"A": "m x n", "B": "m x n", "x": "n"})[0]) == text


def test_a_block_matrix_is_written_as_one_types_it():
    blocks = BlockMatrix([[A, B], [B - A, A]])
    assert str(as_answer(blocks)) == "block([[A, B], [B - A, A]])" and as_answer(blocks) == blocks
    assert mc.parse(str(as_answer(blocks)), {"A": "m x n", "B": "m x n"})[0] == blocks
    assert str(blocks).startswith("Matrix([") and isinstance(as_answer(Matrix([[1, 2]])), Matrix)
