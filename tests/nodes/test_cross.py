"""Cross products: forms of derivatives, and typed text."""

import pytest
from sympy import MatrixSymbol, ZeroMatrix, latex

import sympy_matcalc as mc
from sympy_matcalc import CrossProduct, SkewMatrix
from sympy_matcalc.text import parse

a, b, c = (MatrixSymbol(s, 3, 1) for s in "abc")


def test_forms():
    assert mc.gradient(c.T * CrossProduct(a, b), b) == -CrossProduct(a, c)
    assert mc.jacobian(CrossProduct(a, b), b) == SkewMatrix(a)
    assert mc.jacobian(CrossProduct(a, b), a) == -SkewMatrix(b)
    assert mc.gradient(c.T * CrossProduct(a, a), a) == ZeroMatrix(3, 1)
    assert mc.gradient(c.T * (CrossProduct(a, b) + CrossProduct(b, a)), a) == ZeroMatrix(3, 1)


def test_text():
    expr, symbols = parse("cross(w, x)")
    assert expr == CrossProduct(symbols["w"], symbols["x"]) and symbols["w"].shape == (3, 1)
    with pytest.raises(mc.ShapeError, match="column of length 3"):
        parse("cross(w, x)", {"w": (4, 1)})


@pytest.mark.parametrize("args", [(a, MatrixSymbol("x", 4, 1)), (a, MatrixSymbol("X", 3, 3)), (a, 1)])
def test_refusals(args):
    with pytest.raises(mc.ShapeError, match="CrossProduct needs a"):
        CrossProduct(*args)


def test_brackets_stand_where_a_product_needs_them():
    u, v, w = (MatrixSymbol(name, 3, 1) for name in "uvw")
    assert mc.latex(mc.Norm(mc.Cross(u, v))) == r"\left\lVert u \times v \right\rVert_{2}"
    assert mc.latex(2 * mc.Cross(mc.Cross(u, v), w)) == r"2 \left(\left(u \times v\right) \times w\right)"
    assert latex(mc.Cross(u, v)) == r"\left(u \times v\right)"  # SymPy's printer does not know that it is a product
