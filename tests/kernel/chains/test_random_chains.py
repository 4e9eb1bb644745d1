"""Random products: merged, as traces and as numbers they have the value of the product of their factors."""

import numpy as np
import pytest
from sympy import Identity, MatrixSymbol, Rational, S, exp
from sympy.matrices.expressions import DiagMatrix, HadamardProduct, KroneckerProduct, MatMul, OneMatrix

import sympy_matcalc as mc
from sympy_matcalc.canonical import prepare
from sympy_matcalc.kernel import chains
from sympy_matcalc.kernel.session import session
from sympy_matcalc.testing import evaluate

A, B, W = MatrixSymbol("A", 4, 4), MatrixSymbol("B", 4, 4), MatrixSymbol("W", 4, 2)
u, v = MatrixSymbol("u", 4, 1), MatrixSymbol("v", 4, 1)
P, R = MatrixSymbol("P", 2, 2), MatrixSymbol("R", 2, 2)
I, SPD = Identity(4), MatMul(A, A.T)
SQUARE = [A, B, A.T, A.I, A**2, A**-2, (A * B).I, (B * A).I, (A * B) ** 2, (A.T * B).I, A.T.I, SPD.I, SPD, SPD ** Rational(1, 2)]
SQUARE += [DiagMatrix(u), DiagMatrix(v), DiagMatrix(u).I, OneMatrix(4, 4), mc.MatrixUnit(4, 4, 1, 2), mc.MatrixSqrt(SPD), mc.Cholesky(SPD)]
SQUARE += [mc.Cholesky(SPD).T, mc.MatrixExp(A), mc.MatrixExp(A).T, mc.RowSoftmax(A), mc.RowSoftmax(A).T, HadamardProduct(A, B), I]
SQUARE += [KroneckerProduct(P, R), KroneckerProduct(P, R).I, mc.CommutationMatrix(2, 2), A.applyfunc(exp)]
TALL = [
    W,
    I[:, 1:3],
    I[1:3, :].T,
    OneMatrix(4, 2),
    mc.PseudoInverse(W).T,
    KroneckerProduct(P, MatrixSymbol("r", 2, 1)),
    mc.MatrixUnit(4, 2, 3, 1),
]
COLUMNS = [u, v, OneMatrix(4, 1), mc.MatrixUnit(4, 1, 2, 0), mc.Softmax(u), mc.Vec(P), W * MatrixSymbol("w", 2, 1)]
BETWEEN = [P, R, P.I, R.T, Identity(2), OneMatrix(2, 2), W.T * W, (W.T * W).I]


def factors_of(rng):
    """Matrices of which the product exists, now and then by way of two columns or of one."""
    pick = lambda options: options[rng.integers(len(options))]  # noqa: E731
    out = []
    while len(out) < 2 or len(out) < 6 and rng.random() < 0.7:
        kind = rng.random()
        if kind < 0.7:
            out.append(pick(SQUARE))
        elif kind < 0.9:
            out += [pick(TALL), *([pick(BETWEEN)] if rng.random() < 0.5 else []), pick(TALL).T]
        else:
            out += [pick(COLUMNS), pick(COLUMNS).T]
    return out


def value_of(node, env):
    return np.asarray(evaluate(node, env), dtype=float)


@pytest.mark.parametrize("seed", range(200))
def test_value(seed):
    rng = np.random.default_rng(seed)
    factors = factors_of(rng)
    symbols = {s for f in factors for s in f.atoms(MatrixSymbol)} | {u, v}
    env = {s: rng.uniform(0.2, 1, s.shape) + (2 * np.eye(*s.shape) if s.shape[1] > 1 else 0) for s in sorted(symbols, key=str)}
    product = np.linalg.multi_dot([np.atleast_2d(value_of(f, env)) for f in factors])
    close = dict(rtol=1e-8, atol=1e-8 * (1 + np.abs(product).max()))
    with session():
        opened = [chains.open_product(prepare(f)) for f in factors]
        number, chain = float(np.prod([float(c) for c, _ in opened])), sum((chain for _, chain in opened), ())
        merged = chains.normalise(chain)
        assert chains.normalise(merged) == merged
        turned = chains.normalise(chains.reverse(chain))
        scalar = chains.scalar((*chains.open_product(prepare(u.T))[1], *chain, *chains.open_product(v)[1]))
        trace = chains.trace(chain, S(4))
        whole, other = (chains.product(S.One, c, S(4)) for c in (merged, turned))
    np.testing.assert_allclose(number * value_of(whole, env), product, **close)
    np.testing.assert_allclose(number * value_of(other, env), product.T, **close)
    np.testing.assert_allclose(number * value_of(trace, env), np.trace(product), **close)
    np.testing.assert_allclose(number * value_of(scalar, env), (env[u].T @ product @ env[v]).item(), **close)
