"""Second moments: which axes of a sum of products may change places, and which products are read as such."""

import numpy as np
import pytest
from sympy import MatrixSymbol, symbols

import sympy_matcalc as mc
from sympy_matcalc.codegen.ir.graph import Graph
from sympy_matcalc.codegen.ir.labels import Label
from sympy_matcalc.codegen.ir.product import Factor, Product
from sympy_matcalc.codegen.planning.moments import mirrored

from ...answers import planned
from .rows import LARGE, S, T, U, X, second_moments

s = symbols("s", integer=True, positive=True)
GRAPH = Graph()
A, B, C, x = (GRAPH.make("arg", (), (MatrixSymbol(name, s, 1 if name in "x" else s),), weak=False) for name in "ABCx")
GRAM = GRAPH.matmul(GRAPH.transpose(C), C)


def term(scale, *factors):
    """A product with the axes abc of the result, given for each factor its node and its labels."""
    labels = {letter: Label(s) for letter in "abcdefg"}
    return Product(
        (GRAPH.const(scale),), [Factor(node, [labels[letter] for letter in at]) for node, at in factors], [labels[x] for x in "abc"]
    )


@pytest.mark.parametrize(
    "terms, may",
    [
        ([term(1, (A, "ab"), (A, "ac"))], True),
        ([term(1, (A, "ab"), (B, "ac"))], False),
        ([term(1, (A, "ab"), (B, "ac")), term(1, (B, "ab"), (A, "ac"))], True),
        ([term(1, (A, "ab"), (B, "ac")), term(2, (B, "ab"), (A, "ac"))], False),
        ([term(1, (x, "a"), (GRAM, "bc"))], True),
        ([term(1, (x, "a"), (A, "bc"))], False),
        ([term(3, (A, "ad"), (B, "db"), (A, "ae"), (B, "ec"))], True),
        ([term(3, (A, "ad"), (B, "db"), (A, "ae"), (C, "ec"))], False),
        ([term(1, (A, "bd"), (x, "d"), (A, "cd"), (B, "ad"))], True),
    ],
)
def test_which_axes_may_change_places(terms, may):
    assert mirrored(GRAPH, terms) == may


@pytest.mark.parametrize("matrices", [(X, X, S), (X, U, T), (U, X, T)])
def test_the_values(matrices):
    rng = np.random.default_rng(1)
    given = {
        S: rng.standard_normal((90, 9)),
        X: rng.standard_normal((90, 7)),
        U: rng.standard_normal((90, 7)),
        T: rng.standard_normal((90, 9)),
    }
    f = mc.lambdify([X, U, S, T], second_moments(*matrices))
    expected = np.einsum("si,sj,sk,sl->ijkl", *(given[M] for M in (*matrices, T)))
    np.testing.assert_allclose(f(given[X], given[U], given[S], given[T]), expected, atol=1e-11)
    plan = planned([second_moments(*matrices)], LARGE)
    assert "second_moments(" in plan and "mirrored" not in plan


def test_a_gram_matrix_stays_one():
    assert "moments" not in planned([second_moments(X, X, T)], LARGE)
