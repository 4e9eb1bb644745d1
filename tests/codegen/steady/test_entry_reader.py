"""Nodes taken apart by the entries of a vector: what is too long is refused, and the next node is read as if it came first."""

import pytest
from sympy import MatrixSymbol, symbols

from sympy_matcalc.codegen.ir.graph import Graph
from sympy_matcalc.codegen.steady.entry_reader import DEEP, Reader, UnfitError

n = symbols("n", integer=True, positive=True)


def test_a_node_that_is_refused_leaves_nothing_behind():
    g = Graph()
    d, a, b = (g.make("arg", (), (MatrixSymbol(name, n, 1),)) for name in "dab")
    p = g.make("prod", (d,), (0,))
    sums = [g.pow(g.add(p, *(g.make("sum", (x,), (0,)) for x in pair)), g.const(3)) for pair in ((a, b), (a, d))]
    long = g.mul(*sums)  # of 27 times 27 terms
    reader = Reader(g, d)
    for _ in range(DEEP):
        with pytest.raises(UnfitError):
            reader.terms(long)
    (term,) = reader.terms(g.mul(p, g.pow(d, g.const(-1))))
    assert term.power == 1 and list(term.divisors().values()) == [1]
