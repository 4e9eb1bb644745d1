"""Vectors at one index: which stand at an end of the product, and which on the diagonal between the ends."""

from sympy import HadamardProduct, MatrixSymbol, symbols

from sympy_matcalc.canonical.diagonals import divided
from sympy_matcalc.kernel.session import session

n = symbols("n", integer=True, positive=True)
x, y, z = (MatrixSymbol(name, n, 1) for name in "xyz")
A = MatrixSymbol("A", n, n)
Ax = A * x


def parts(vectors, ends):
    with session():
        found = divided(vectors, ends)
    return None if found is None else (list(found.ends), list(found.diagonal))


def test_the_last_stand_at_the_ends():
    assert parts([z, x, y], 0) == ([], [x, y, z])
    assert parts([z, x, y], 1) == ([z], [x, y])
    assert parts([z, x, y], 2) == ([y, z], [x])


def test_equal_vectors_stand_together():
    assert parts([x, y, y], 2) == ([y, y], [x])
    assert parts([x, x, y], 2) == ([x, x], [y])
    assert parts([x, y, y], 0) == ([], [x, y, y])
    ends, diagonal = parts([x, y, y], 1)
    assert diagonal == [] and len(ends) == 1 and ends[0].has(HadamardProduct)


def test_products_stand_at_an_end():
    assert parts([Ax, x, y], 1) == ([Ax], [x, y])
    assert parts([Ax, x, y], 2) == ([Ax, y], [x])
    assert parts([Ax, Ax], 1) is None  # more of them than ends


def test_nothing_is_left_for_the_diagonal():
    assert parts([x], 1) is None
    assert parts([x, y], 2) is None
    assert parts([Ax], 1) is None
