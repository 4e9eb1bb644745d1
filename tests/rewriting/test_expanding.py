"""The terms of a matrix: multiplied out throughout, or with the factors of Kronecker and elementwise products left as they are."""

import numpy as np
import pytest
from sympy import KroneckerProduct, MatrixSymbol, symbols
from sympy.matrices.expressions import HadamardProduct, MatAdd, MatPow

from sympy_matcalc.canonical import prepare
from sympy_matcalc.kernel import chains
from sympy_matcalc.kernel.session import session
from sympy_matcalc.rewriting.expanding import Budget, terms_of
from sympy_matcalc.testing import evaluate, random_env

n = symbols("n", integer=True, positive=True)
c = symbols("c")
A, B, C, D = (MatrixSymbol(name, n, n) for name in "ABCD")
K, H = KroneckerProduct, HadamardProduct
ROWS = [  # a matrix, its terms multiplied out, those with the factors left where they are others
    (K(A + B, C), [K(A, C), K(B, C)], None),
    (K(A, 2 * B - C), [2 * K(A, B), -K(A, C)], None),
    (K(A + B, C + D), [K(A, C), K(A, D), K(B, C), K(B, D)], None),
    (K(A * (B + C), D), [K(A * B, D), K(A * C, D)], [K(A * (B + C), D)]),
    (K((A + B) ** 2, D), [K(A**2, D), K(A * B, D), K(B * A, D), K(B**2, D)], [K((A + B) ** 2, D)]),
    (K((A + B.T).T, C), [K(A.T, C), K(B, C)], None),
    (K((A + B).I, C), [K((A + B).I, C)], None),
    (K(A, B), [K(A, B)], None),
    (K(A + B, C).T, [K(A.T, C.T), K(B.T, C.T)], None),
    (c * K(A + 3 * B, C), [c * K(A, C), 3 * c * K(B, C)], None),
    (H(A + B, C), [H(A, C), H(B, C)], None),
    (H(A * (B + C), D), [H(A * B, D), H(A * C, D)], [H(A * (B + C), D)]),
    (A * (B + C), [A * B, A * C], None),
    ((A + B).T * C, [A.T * C, B.T * C], None),
    (MatPow(A + B, 2), [A**2, A * B, B * A, B**2], None),
    (MatPow(A + B, 5), [MatPow(A + B, 5)], None),
    (K(A + B, C) * K(D, D), [K(A, C) * K(D, D), K(B, C) * K(D, D)], None),
]


@pytest.mark.parametrize("m, everything, outside", ROWS, ids=str)
def test_terms(m, everything, outside):
    env = random_env([m], 0)
    for inside, terms in ((True, everything), (False, outside or everything)):
        with session():
            found = [prepare(chains.product(scale, chain, n)) for scale, chain in terms_of(prepare(m), 100, inside)]
            assert sorted(map(str, found)) == sorted(str(prepare(e)) for e in terms)
        value = sum(np.asarray(evaluate(e, env), dtype=float) for e in found)
        np.testing.assert_allclose(value, np.asarray(evaluate(m, env), dtype=float), rtol=1e-9)


def test_more_terms_than_asked_for():
    with session():
        m = prepare(K(MatAdd(A, B), MatAdd(C, D)))
        assert len(terms_of(m, 4)) == 4
        for inside in (True, False):
            with pytest.raises(Budget):
                terms_of(m, 3, inside)
