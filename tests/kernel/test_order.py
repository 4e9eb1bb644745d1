"""The order of nodes: the same in every process, and of symbols that differ in what is not printed only."""

import subprocess
import sys
from itertools import permutations

from sympy import MatAdd, MatMul, MatrixSymbol, Rational, S, Symbol, cos, pi, sin, srepr, symbols

import sympy_matcalc as mc
from sympy_matcalc.kernel.order import sort_key
from sympy_matcalc.kernel.session import session

n, m = symbols("n m", integer=True, positive=True)
x, A = MatrixSymbol("x", n, 1), MatrixSymbol("A", n, n)
PINNED = [("A", 1, 815116353731474180), ("A", 5, 775205238603507525), ("", 5, 278965001117628401)]  # of A, A*A.T*x and sin(cos(t)) + 2
HIDDEN = [350307090908341554, 350307090908341554, 384985443552089661]  # of the shapes 2 x 3, of a transpose, and of a product of two
PRINT_KEYS = """
from sympy import Dummy, MatrixSymbol, Symbol
from sympy_matcalc.kernel.order import sort_key
from sympy_matcalc.kernel.session import session
with session():
    print(sort_key(Symbol("a", positive=True)), sort_key(MatrixSymbol("A", 2, 3).T), sort_key(Dummy("d")))
"""


def test_namesakes_have_keys_of_their_own():
    with session():
        for namesakes in (
            [Symbol("a"), Symbol("a", real=True), Symbol("a", positive=True), Symbol("a", commutative=False)],
            [MatrixSymbol("A", n, n), MatrixSymbol("A", n, m), MatrixSymbol("A", n, 2), MatrixSymbol("A", 2, n)],
            [MatrixSymbol("A", n, 1), MatrixSymbol("A", Symbol("n"), 1)],
        ):
            assert len({sort_key(s) for s in namesakes}) == len(namesakes)
            assert len({sort_key(s)[:3] for s in namesakes}) == 1  # they stand where they stood before


def test_sums_with_namesakes_have_one_form():
    a, other = Symbol("a", positive=True), Symbol("a", real=True)
    wide, narrow = MatrixSymbol("A", n, m), MatrixSymbol("A", n, 2)
    for terms in (
        [x.T * M * M.T * x for M in (A, wide, narrow)],
        [sin(a) * x.T * A * x, sin(other) * x.T * A.T * A * x, cos(other) * x.T * A.T * A * x],
    ):
        assert len({srepr(mc.gradient(MatAdd(*p, evaluate=False), x)) for p in permutations(terms)}) == 1


def test_the_same_in_every_process():
    runs = {
        subprocess.run([sys.executable, "-c", PRINT_KEYS], env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)}, capture_output=True, text=True, check=True).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(runs) == 1


def test_numbers_that_are_not_whole_have_keys_of_their_own():
    with session():
        assert len({sort_key(k) for k in (Rational(1, 2), Rational(1, 3), S.Zero, S.One, pi, S(3))}) == 6


def test_what_is_printed_in_full_hides_nothing():
    with session():
        assert [sort_key(e)[3] for e in (S(2), sin(S(2)), S(2) ** pi)] == [0, 0, 0]
        assert sort_key(MatrixSymbol("A", 2, 3).T)[3] != 0 != sort_key(sin(Symbol("a")))[3]


def test_what_is_hidden_is_that_of_every_release():
    """Shapes of numbers: what SymPy writes of the assumptions of symbols is another text in another of its releases."""
    with session():
        found = [
            sort_key(e)[3]
            for e in (MatrixSymbol("A", 2, 3), MatrixSymbol("A", 2, 3).T, MatMul(MatrixSymbol("A", 2, 3), MatrixSymbol("B", 3, 4)))
        ]
    assert found == HIDDEN


def test_the_order_is_that_of_every_release():
    with session():
        found = [sort_key(e)[:3] for e in (A, A * A.T * x, sin(cos(Symbol("t"))) + 2)]
    assert found == PINNED
