"""Sums of products written out: products that are equal but for the transpose of a matrix, and what products share taken out."""

import numpy as np
from sympy import MatrixSymbol, symbols

from sympy_matcalc.codegen.ir.graph import Graph
from sympy_matcalc.codegen.ir.labels import Label
from sympy_matcalc.codegen.ir.product import Factor, Product
from sympy_matcalc.codegen.ir.text import text_of
from sympy_matcalc.codegen.planning.written_out import written_out

k, m = symbols("k m", integer=True, positive=True)
g = Graph()
S, P, U, V = (g.make("arg", (), (MatrixSymbol(name, m, m if name in "SP" else k),)) for name in "SPUV")
a, b = Label(m), Label(m)


def product(number, out, *factors):
    return Product([g.const(number)], [Factor(node, labels) for node, *labels in factors], out)


def test_transposes_are_summed():
    x, y = Label(k), Label(k)
    one, other = ([(P, *at), (U, a, x), (V, b, y)] for at in ((a, b), (b, a)))
    assert text_of(written_out(g, [product(3, (x, y), *one), product(3, (x, y), *other)])) == "3*sum(U[ij] V[kl] (P + P.T)[ik] -> jl)"
    unlike = text_of(written_out(g, [product(3, (x, y), *one), product(2, (x, y), *other)]))
    assert unlike == "3*sum(P[ij] U[ik] V[jl] -> kl) + 2*sum(P[ij] U[jk] V[il] -> kl)"


def test_what_cancels_is_gone():
    x, y = Label(k), Label(k)
    one = [(P, a, b), (U, a, x), (V, b, y)]
    assert (
        text_of(written_out(g, [product(3, (x, y), *one), product(-3, (x, y), *one), product(1, (x, y), (U, a, x), (U, a, y))]))
        == "sum(U[ij] U[ik] -> jk)"
    )


def test_what_products_share_is_taken_out():
    """Both have the rows of U and V: what is left is a sum of arrays of three axes."""
    out = w, x, y, z = [Label(k) for _ in range(4)]
    first = [(U, a, w), (V, a, x)]
    terms = [product(1, out, *first, (S, a, b), (U, b, y), (V, b, z)), product(-2, out, *first, (P, a, b), (V, b, y), (U, b, z))]
    left = "(sum(S[ij] U[jk] V[jl] -> ikl) + -2*sum(P[ij] V[jk] U[jl] -> ikl))"
    assert text_of(written_out(g, terms)) == f"sum(U[ij] V[ik] {left}[ilm] -> jklm)"
    assert np.shape(out) == (4,)
