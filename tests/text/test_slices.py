"""Slices: the rows and columns that they take, the sizes they need, and what is refused."""

import pytest
from sympy import MatrixSymbol, symbols
from sympy.matrices.expressions import MatrixSlice

import sympy_matcalc as mc
from sympy_matcalc.text import parse, read

n, m, k = symbols("n m k", integer=True, positive=True)
x, A = MatrixSymbol("x", n, 1), MatrixSymbol("A", n, m)

READ = [
    ("x[1:]", MatrixSlice(x, (1, n, 1), (0, 1, 1))),
    ("x[:-1]", MatrixSlice(x, (0, n - 1, 1), (0, 1, 1))),
    ("x[1:3]", MatrixSlice(x, (1, 3, 1), (0, 1, 1))),
    ("A[0, :]", MatrixSlice(A, (0, 1, 1), (0, m, 1))),
    ("A[:, -2:]", MatrixSlice(A, (0, n, 1), (m - 2, m, 1))),
    ("A[k:, 1]", MatrixSlice(A, (k, n, 1), (1, 2, 1))),
    ("A[1:, :][1:, 0]", MatrixSlice(A, (2, n, 1), (0, 1, 1))),
    ("x[0:1]", x[0, 0]),
    ("A[0:1, 2]", A[0, 2]),
]


@pytest.mark.parametrize("text,expected", READ)
def test_reads(text, expected):
    assert parse(text)[0] == expected


@pytest.mark.parametrize(
    "text,shapes",
    [
        ("A[:-1, :]*x", "A: n x m, x: m"),
        ("A[:, j].T*x", "A: n x m, j: scalar, x: n"),
        ("a[1:]", "a: n"),
        ("x.T[0:2]", "x: 1 x n"),
        ("x[1:] - y", "x: n, y: n - 1"),
        ("x[:3] - y", "x: n, y: 3"),
        ("A[1:, :] - B[:-1, :]", "A: n x m, B: n x m"),
    ],
)
def test_sizes_follow(text, shapes):
    assert ", ".join(f"{name}: {shape}" for name, shape in read(text).shapes.items()) == shapes


REFUSED = [
    ("x[2:1]", [], "is empty"),
    ("x[2:2]", [], "is empty"),
    ("A[1:3, 2:]", ["A: 2 x 5"], "goes beyond `A`, of shape 2 x 5"),
    ("x[1:]", ["x: scalar"], "goes beyond an axis of length 1"),
    ("x[:-3]", ["x: 3"], "is empty"),
    ("x[::2]", [], "the step of the slice `::2`; write `start:stop`"),
    ("A[1:]", ["A: 2 x 3"], "write `X[1:, :]`"),
    ("x[1.5:]", [], "is not a size"),
    ("x[1:] - x", [], "the shapes must be equal"),
    ("A[-1, :]", [], "indices count from 0"),
    ("A[5, :]", ["A: 3 x 3"], "stay below 3"),
]


@pytest.mark.parametrize("text,declared,part", REFUSED)
def test_refuses(text, declared, part):
    with pytest.raises(mc.MatcalcError) as error:
        parse(text, declared)
    assert part in str(error.value)
