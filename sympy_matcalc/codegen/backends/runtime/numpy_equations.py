"""Helpers of the NumPy back end for matrix equations: they are solved by Schur forms, and what has no solution is an error."""

import numpy as np
from scipy import linalg


# SciPy's own `solve_sylvester` passes over what LAPACK says of a singular equation: it solves one beside it
def _sylvester(a, b, c):
    if not c.size:
        return np.zeros(c.shape, np.result_type(a, b, c))
    form = "complex" if any(map(np.iscomplexobj, (a, b, c))) else "real"  # LAPACK takes forms of one kind
    (r, u), (s, v) = linalg.schur(a, form), linalg.schur(b.conj().T, form)
    f = u.conj().T @ c @ v
    y, scale, info = linalg.get_lapack_funcs("trsyl", (r, s, f))(r, s, f, tranb="C")
    if info:
        raise np.linalg.LinAlgError("the equation A X + X B = C has no one solution: an eigenvalue of A is minus one of B, up to rounding")
    return scale * (u @ y @ v.conj().T)


# X = A X A' + C in the basis of the Schur form of A, column by column from the last
def _discrete_lyapunov(a, c):
    t, u = linalg.schur(a, output="complex")
    values, y = t.diagonal(), u.conj().T @ c @ u.conj()
    gap = np.abs(1 - values * values[:, None])
    if not (gap > 10 * len(a) * np.finfo(t.dtype).eps * np.maximum(1, np.abs(values * values[:, None]))).all():
        raise np.linalg.LinAlgError(
            "the equation X = A X A' + Q has no one solution: a product of two eigenvalues of A is 1, up to rounding"
        )
    for j in range(len(a) - 1, -1, -1):
        rest = y[:, j] + t @ (y[:, j + 1 :] @ t[j, j + 1 :])
        y[:, j] = linalg.solve_triangular(np.eye(len(a)) - t[j, j] * t, rest)
    x = u @ y @ u.T
    return x if np.iscomplexobj(a) or np.iscomplexobj(c) else x.real.astype(np.result_type(a, c))


def _riccati(solve, a, b, q, r):
    """SciPy's solution, made symmetric; its residual and the closed loop are for the caller to judge."""
    if not all(np.isrealobj(x) and np.isfinite(x).all() for x in (a, b, q, r)):
        raise np.linalg.LinAlgError("a Riccati equation needs real matrices of finite entries")
    try:
        x = solve(a, b, (q + q.T) / 2, (r + r.T) / 2).astype(np.result_type(a, b, q, r))
    except (np.linalg.LinAlgError, ValueError) as error:
        raise np.linalg.LinAlgError(f"the Riccati equation has no stabilising solution that SciPy finds: {error}") from None
    return (x + x.T) / 2


def _judged(x, residual, scale, is_stable):
    if not (np.abs(residual).max() <= 10 * np.sqrt(np.finfo(x.dtype).eps) * scale < np.inf):
        raise np.linalg.LinAlgError("the Riccati equation is solved too badly: an eigenvalue of its pencil is on the border of stability")
    if not is_stable:
        raise np.linalg.LinAlgError("the Riccati equation has no stabilising solution: (A, B) cannot be stabilised, or barely")
    return x


def _care(a, b, q, r):
    x = _riccati(linalg.solve_continuous_are, a, b, q, r)
    k = np.linalg.solve(r, b.T @ x)
    parts = a.T @ x, x @ b @ k, q
    residual = parts[0] + parts[0].T - parts[1] + q
    return _judged(x, residual, sum(np.abs(p).max() for p in parts), np.linalg.eigvals(a - b @ k).real.max() < 0)


def _dare(a, b, q, r):
    x = _riccati(linalg.solve_discrete_are, a, b, q, r)
    k = np.linalg.solve(r + b.T @ x @ b, b.T @ x @ a)
    parts = a.T @ x @ a, a.T @ x @ b @ k, q
    return _judged(x, parts[0] - parts[1] + q - x, sum(np.abs(p).max() for p in parts), np.abs(np.linalg.eigvals(a - b @ k)).max() < 1)
