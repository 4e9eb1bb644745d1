"""plot_structure: what is drawn, with which sizes, and what is refused; without Matplotlib, an error that says what to install."""

import sys

import numpy as np
import pytest
from sympy import BlockMatrix, Identity, KroneckerProduct, MatAdd, MatrixSymbol, Symbol, ZeroMatrix, symbols
from sympy.matrices.expressions import DiagMatrix

import sympy_matcalc as mc
from sympy_matcalc.pictures.structure import plot

m, n, p = symbols("m n p", integer=True, positive=True)
A, S, x, y = MatrixSymbol("A", m, n), MatrixSymbol("S", n, n), MatrixSymbol("x", n, 1), MatrixSymbol("y", m, 1)


@pytest.fixture(autouse=True)
def matplotlib():
    found = pytest.importorskip("matplotlib")
    found.use("Agg")
    pyplot = pytest.importorskip("matplotlib.pyplot")
    yield found
    pyplot.close("all")


def texts(ax):
    return [t.get_text() for t in ax.texts]


def ticks(ax):
    return [t.get_text() for t in ax.get_yticklabels()], [t.get_text() for t in ax.get_xticklabels()]


def test_blocks_have_sizes_and_texts():
    ax = mc.plot_structure(BlockMatrix([[S, A.T], [A, ZeroMatrix(m, m)]]))
    assert ticks(ax) == (["n", "m"], ["n", "m"]) and texts(ax) == ["S", "A.T", "A", "0"]


def test_a_kronecker_product_is_copies():
    ax = mc.plot_structure(KroneckerProduct(Identity(3), S))
    assert ticks(ax)[0] == ["3*n: 3 times n"] and ax.get_xlabel() == "kron(I(3), S)"
    wide = [r.get_width() for r in ax.patches if type(r).__name__ == "Rectangle" and r.get_width() < 0.5]
    assert len(wide) == 6 and np.allclose(wide, 1 / 3)  # a filling and a frame each


def test_a_hessian_by_several_variables():
    g = mc.Norm(y - A * x) ** 2
    by_pair = {(x, x): mc.hessian(g, x), (x, y): mc.hessian(g, x, y), (y, y): mc.hessian(g, y)}
    nested = {x: {x: by_pair[x, x], y: by_pair[x, y]}, y: {y: by_pair[y, y]}}
    for given in (by_pair, nested):
        ax = mc.plot_structure(given)
        assert ticks(ax) == (["x: n", "y: m"], ["x: n", "y: m"])
        assert texts(ax) == ["2*A.T*A", "-2*A.T", "-2*A", "2*I(m)"]
    rows = [[by_pair[x, x], by_pair[x, y]], [by_pair[x, y].T, by_pair[y, y]]]
    assert texts(mc.plot_structure(rows)) == texts(ax)
    assert texts(mc.plot_structure({x: S, y: Identity(m)})) == ["S", "?", "?", "I(m)"]
    assert texts(mc.plot_structure([S, Identity(m)])) == ["S", "?", "?", "I(m)"]


def test_numbers_are_drawn_where_they_are():
    a = np.zeros((6, 9))
    a[2, 7] = a[5, 0] = 1
    (image,) = mc.plot_structure(a).images
    assert np.array_equal(image.get_array()[..., 3] > 0, a != 0)
    big = np.zeros((3000, 3000))
    big[1234, 2345] = np.nan
    (image,) = mc.plot_structure(big).images
    assert (image.get_array()[..., 3] > 0).sum() == 1


def test_operators_and_sparse_matrices():
    sparse = pytest.importorskip("scipy.sparse")
    eye = sparse.eye(5, format="csr")
    operator = sparse.linalg.aslinearoperator(eye)
    for given in (eye, operator):
        (image,) = mc.plot_structure(given).images
        assert np.array_equal(image.get_array()[..., 3] > 0, np.eye(5) > 0)
    with pytest.raises(mc.ShapeError, match="every unit vector"):
        mc.plot_structure(sparse.linalg.aslinearoperator(sparse.eye(10_000)))


def test_symbolic_sizes_are_all_to_be_seen():
    small = MatrixSymbol("s", 1, 1)
    ax = mc.plot_structure({Symbol("a"): small, Symbol("b"): MatrixSymbol("B", 10_000, 10_000)})
    assert min(r.get_width() for r in ax.patches if type(r).__name__ == "Rectangle") > 0.08


def test_names_are_no_formulas(matplotlib):
    name = r"$\frac{"
    ax = mc.plot_structure({Symbol(name): MatrixSymbol(name, n, n), x: S})
    ax.figure.savefig("/dev/null", format="png")
    assert name in texts(ax) and ticks(ax)[0][0] == f"{name}: n"


def test_it_draws_on_given_axes(matplotlib):
    figure, ax = matplotlib.pyplot.subplots()
    assert mc.plot_structure(MatAdd(DiagMatrix(x), x * x.T), ax=ax) is ax
    figure.savefig("/dev/null", format="png")


@pytest.mark.parametrize(
    "given,error",
    [
        (x.T * x + Identity(1), None),
        (Symbol("t"), mc.ShapeError),
        (mc.jacobian(A * S, S), mc.ShapeError),
        (np.zeros(3), mc.ShapeError),
        (np.array([["a"]]), mc.MatcalcError),
        ("S", mc.MatcalcError),
        ([[S, A]], mc.ShapeError),
        ([[S], [S, S]], mc.ShapeError),
    ],
)
def test_what_is_no_matrix_is_refused(given, error):
    if error is None:
        mc.plot_structure(given)
        return
    with pytest.raises(error):
        mc.plot_structure(given)


def test_without_matplotlib(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    with pytest.raises(mc.MissingLibraryError, match="pip install matplotlib"):
        mc.plot_structure(S)


def test_long_names_are_inside_of_the_picture():
    w, z = (MatrixSymbol(name, n, 1) for name in ("weights_of_the_first_layer", "targets_of_the_second_output"))
    ax = mc.plot_structure({(w, w): S, (w, z): S, (z, z): DiagMatrix(z)})
    figure = ax.figure
    figure.canvas.draw()
    boxes = [label.get_window_extent() for label in [*ax.get_yticklabels(), *ax.get_xticklabels()]]
    assert all(0 <= b.x0 and b.x1 <= figure.bbox.width and 0 <= b.y0 and b.y1 <= figure.bbox.height for b in boxes)


def test_a_diagonal_is_told_from_a_block_without_colours():
    from matplotlib.colors import to_rgb  # noqa: PLC0415  an extra

    diagonal, block = (sum(to_rgb(c)) / 3 for c in (plot.INK, plot.FILL))
    assert block - diagonal > 0.25
