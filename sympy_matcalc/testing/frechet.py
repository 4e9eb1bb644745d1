"""Fréchet derivatives of a function of a matrix by the Daleckii-Krein formula, in extended precision."""

from itertools import permutations, product

import mpmath as mp
import numpy as np

NOISE_DIGITS = 20
SPARE_DIGITS = 60


class DaleckiiKrein:
    """The mixed derivative of f at X as a function of its `order` directions, from divided differences of f over the eigenvalues.

    With ``X = V diag(l) V^-1`` and ``D = V^-1 E V`` it is ``L_ik = sum_j f[l_i, l_j, l_k] (D1_ij D2_jk + D2_ij D1_jk)`` in that basis
    for two directions, and likewise for any number (Higham & Relton, SIAM J. Matrix Anal. Appl. 35, 2014).

    f: a function of one mpmath number, analytic near the eigenvalues. X is moved by about 1e-20, after which it has distinct
    eigenvalues even if it had a Jordan block; the precision makes up for what their closeness loses.
    """

    def __init__(self, f, X, order):
        self.digits = SPARE_DIGITS + (order + 1) * NOISE_DIGITS
        noise = np.random.default_rng(0).normal(size=X.shape) * max(1, np.abs(X).max())
        with mp.workdps(self.digits):
            moved = mp.matrix(X.tolist()) + mp.matrix(noise.tolist()) * mp.mpf(10) ** -NOISE_DIGITS
            self.eigenvalues, self.V = mp.eig(moved)
            self.V_inverse = self.V**-1
            self.taylor = [mp.taylor(f, x, order) for x in self.eigenvalues]
        self.differences = {}

    def __call__(self, *directions):
        """The derivative along matrices, a complex array."""
        n = len(self.eigenvalues)
        with mp.workdps(self.digits):
            inner = [self.V_inverse * mp.matrix(E.tolist()) * self.V for E in directions]
            value = mp.zeros(n)
            for path in product(range(n), repeat=len(inner) + 1):
                steps = list(zip(path, path[1:]))
                weight = mp.fsum(mp.fprod(D[step] for D, step in zip(order, steps)) for order in permutations(inner))
                value[path[0], path[-1]] += self.divided_difference(path) * weight
            return np.array((self.V * value * self.V_inverse).tolist(), dtype=complex)

    def divided_difference(self, path):
        """f[l_i, l_j, ...] over the eigenvalues of these indices, in any order; of equal ones it is a Taylor coefficient."""
        key = tuple(sorted(path))
        if key not in self.differences:
            low, high = self.eigenvalues[key[0]], self.eigenvalues[key[-1]]
            self.differences[key] = (
                self.taylor[key[0]][len(key) - 1]
                if key[0] == key[-1]
                else ((self.divided_difference(key[1:]) - self.divided_difference(key[:-1])) / (high - low))
            )
        return self.differences[key]
