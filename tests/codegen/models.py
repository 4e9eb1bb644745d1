"""Two models whose data has more rows than anything else: what the back ends for large data are tested on."""

import numpy as np
from sympy import Identity, Lambda, MatrixSymbol, OneMatrix, exp, log, symbols
from sympy.matrices.expressions.diagonal import DiagMatrix

m, n = symbols("m n", integer=True, positive=True)
c, lam = symbols("c lambda", positive=True)
X, w, y = MatrixSymbol("X", m, n), MatrixSymbol("w", n, 1), MatrixSymbol("y", m, 1)
ARGS = [X, y, w, lam]
MARGIN = X * w
PROBABILITY = MARGIN.applyfunc(Lambda(c, 1 / (1 + exp(-c))))
SLOPE = MARGIN.applyfunc(Lambda(c, exp(-c) / (1 + exp(-c)) ** 2))
RESIDUAL = X * w - y
LEAST_SQUARES = {
    "value": (RESIDUAL.T * RESIDUAL + lam * w.T * w)[0, 0], "gradient": 2 * X.T * RESIDUAL + 2 * lam * w,
    "hessian": 2 * X.T * X + 2 * lam * Identity(n), "minimiser": (X.T * X + lam * Identity(n)).I * X.T * y,
}  # fmt: skip
LOGISTIC = {
    "value": (MARGIN.applyfunc(Lambda(c, log(1 + exp(c)))).T * OneMatrix(m, 1) - y.T * MARGIN)[0, 0],
    "gradient": X.T * (PROBABILITY - y) + lam * w, "hessian": X.T * DiagMatrix(SLOPE) * X + lam * Identity(n),
    "step": (X.T * DiagMatrix(SLOPE) * X + lam * Identity(n)).I * (X.T * (PROBABILITY - y) + lam * w),
}  # fmt: skip
MODELS = {"least_squares": LEAST_SQUARES, "logistic": LOGISTIC}


def data(rows, columns, seed=0):
    """Values of ARGS."""
    g = np.random.default_rng(seed)
    return g.standard_normal((rows, columns)), (g.random(rows) < 0.4).astype(float), g.standard_normal(columns) / 4, 0.5
