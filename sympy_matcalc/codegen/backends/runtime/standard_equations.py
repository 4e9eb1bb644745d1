"""Helpers for matrix equations that several back ends share, in the words of the array API standard: what has no solution is NaN.

Libraries have no Schur form: linear equations are solved entry by entry, at the cost of the sixth power of the size, and Riccati equations
by iterations that converge quadratically, whose number is fixed so that they can be traced.
"""

import numpy as xp

from .standard import _kron


# the equation of the entries, row by row: libraries have no Schur form to solve it by
def _sylvester(a, b, c):
    m, n = c.shape
    rows, columns = (xp.eye(k, dtype=c.dtype, device=c.device) for k in (m, n))
    x = xp.linalg.solve(_kron(a, columns) + _kron(rows, b.T), xp.reshape(c, (m * n, 1)))
    return xp.reshape(x, (m, n))


def _discrete_lyapunov(a, c):
    n = a.shape[0]
    twice = xp.reshape(a[:, None, :, None] * a[None, :, None, :], (n * n, n * n))
    x = xp.linalg.solve(xp.eye(n * n, dtype=a.dtype, device=a.device) - twice, xp.reshape(c, (n * n, 1)))
    return xp.reshape(x, (n, n))


def _where_solved(x, residual, parts, is_stable):
    """The symmetric part of x where the residual is rounding error beside the parts of the equation, else NaN."""
    scale = sum(xp.max(xp.abs(p)) for p in parts)
    solved = (xp.max(xp.abs(residual)) <= 10 * xp.finfo(x.dtype).eps ** 0.5 * scale) & (scale < xp.inf) & is_stable
    return xp.where(solved, (x + x.T) / 2, xp.full_like(x, xp.nan))


def _group_resolvent(x, value, v, u):
    projector = v[:, None] * u[None, :]
    return xp.linalg.inv(value * xp.eye(x.shape[0], dtype=x.dtype, device=x.device) - x + projector) - projector


# The sign of the Hamiltonian matrix by Newton's iteration, scaled by determinants: the stable subspace spans (I, X) (Roberts 1980)
def _care(a, b, q, r):
    n = a.shape[0]
    one = xp.eye(n, dtype=a.dtype, device=a.device)
    g = b @ xp.linalg.solve(r, b.T)
    s = xp.concat([xp.concat([a, -g], axis=1), xp.concat([-q, -a.T], axis=1)], axis=0)
    for _ in range(30):
        size = xp.exp(xp.linalg.slogdet(s)[1] / (2 * n))
        s = (s / size + xp.linalg.inv(s) * size) / 2
    left = xp.concat([s[:n, n:], s[n:, n:] + one], axis=0)
    right = xp.concat([s[:n, :n] + one, s[n:, :n]], axis=0)
    u, t = xp.linalg.qr(left)
    x = -xp.linalg.solve(t, u.T @ right)
    off = xp.max(xp.abs(left @ x + right)) <= 10 * xp.finfo(x.dtype).eps ** 0.5 * (xp.max(xp.abs(x)) + xp.max(xp.abs(right)))
    ax, xgx = a.T @ x, x @ g @ x
    return _where_solved(x, ax + ax.T - xgx + q, (ax, xgx, q), off)


# By doubling: A_k is the closed loop to the power 2^k, and H_k tends to X (Chu, Fan, Lin & Wang 2004)
def _dare(a, b, q, r):
    one = xp.eye(a.shape[0], dtype=a.dtype, device=a.device)
    power, g, x = a, b @ xp.linalg.solve(r, b.T), q
    for _ in range(30):
        w = one + g @ x
        next_power, moved = xp.linalg.solve(w, power), xp.linalg.solve(w, g)
        power, g, x = power @ next_power, g + power @ moved @ power.T, x + power.T @ x @ next_power
    k = xp.linalg.solve(r + b.T @ x @ b, b.T @ x @ a)
    axa, axbk = a.T @ x @ a, a.T @ x @ b @ k
    return _where_solved(x, axa - axbk + q - x, (axa, axbk, q), xp.max(xp.abs(power)) < 0.01)
