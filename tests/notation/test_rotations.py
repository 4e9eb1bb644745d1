"""J(c w) w = w: where a Jacobian of a rotation is left out, and where it stays."""

import pytest
from sympy import Symbol, symbols
from sympy.matrices.expressions import MatrixSymbol

from sympy_matcalc.canonical import prepare
from sympy_matcalc.kernel.session import session
from sympy_matcalc.nodes import RightJacobian
from sympy_matcalc.notation.rotations import with_axis_kept

a = Symbol("a", real=True)
n = symbols("n", integer=True, positive=True)
w, v, R = MatrixSymbol("w", 3, 1), MatrixSymbol("v", 3, 1), MatrixSymbol("R", 3, 3)
J, J2 = RightJacobian(w), RightJacobian(2 * w)
ROWS = [
    ((J, w), (w,)),
    ((J.T, w), (w,)),
    ((w.T, J), (w.T,)),
    ((J, J, w), (w,)),
    ((R, J, w), (R, w)),
    ((a, J, w), (a, w)),
    ((J, 2 * w), (2 * w,)),
    ((J2, w), (w,)),
    ((J, v), (J, v)),
    ((v.T, J), (v.T, J)),
    ((w, J), (w, J)),
    ((J, v, w), (J, v, w)),  # not beside it
    ((w.T, R, J), (w.T, R, J)),
]


@pytest.mark.parametrize("factors, left", ROWS, ids=str)
def test_the_axis_is_kept(factors, left):
    with session():
        assert with_axis_kept(tuple(map(prepare, factors))) == tuple(map(prepare, left))
