"""Functions of roots of sums of exponentials beside a number, where the exponentials are out of range, against mpmath."""

import mpmath as mp
import numpy as np
import pytest

import sympy_matcalc as mc

CASES = {
    "log(1+sqrt(sum(exp(u))))": lambda t: mp.log(1 + mp.sqrt(t)),
    "sqrt(sum(exp(u)))/(2+sqrt(sum(exp(u))))": lambda t: mp.sqrt(t) / (2 + mp.sqrt(t)),
    "log(3+sum(exp(u))^(1/3))": lambda t: mp.log(3 + t ** (mp.mpf(1) / 3)),
    "1/(1+sqrt(sum(exp(u))))": lambda t: 1 / (1 + mp.sqrt(t)),
}
POINTS = ([1.0, 0.3, -0.5], [400.0, 396.0, 392.0], [900.0, 899.0, 898.5], [-900.0, -899.0, -898.5], [300.0, 10.0, -5.0])


def derivatives(f, u):
    with mp.workdps(900):
        step = mp.mpf(10) ** -200
        at = lambda *moves: f(sum(mp.exp(x + sum(d for k, d in moves if k == i)) for i, x in enumerate(map(mp.mpf, u))))  # noqa: E731
        slopes = [(at((k, step)) - at((k, -step))) / (2 * step) for k in range(3)]
        second = [
            [sum(p * q * at((i, p * step), (j, q * step)) for p in (1, -1) for q in (1, -1)) / (4 * step**2) for j in range(3)]
            for i in range(3)
        ]
        return float(at()), np.array([float(x) for x in slopes]), np.array([[float(x) for x in row] for row in second])


@pytest.mark.parametrize("text", CASES)
def test_in_range_for_all_exponents(text):
    e, names = mc.parse(text)
    u = names["u"]
    code = mc.lambdify([u], [e, mc.gradient(e, u), mc.hessian(e, u)])
    for point in POINTS:
        for found, right in zip(code(np.array(point)), derivatives(CASES[text], point), strict=True):
            # the diagonal of the Hessian is a difference of shares
            np.testing.assert_allclose(
                found, right, rtol=1e-11, atol=1e-13 * min(1, np.abs(derivatives(CASES[text], point)[1]).max()) + 1e-300
            )
