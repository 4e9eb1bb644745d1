"""Quotients of exponentials as polynomials of the logistic function: the form, the value, and where they stay as they are."""

import random

import pytest
from sympy import Add, Float, Integer, Mul, N, Rational, Symbol, cos, count_ops, exp, log, sin, sqrt, tan, tanh

from sympy_matcalc.nodes import Sigmoid
from sympy_matcalc.nodes.bound import BOUND as u
from sympy_matcalc.notation.logistic import in_sigmoids

s = Sigmoid(u)
r = Symbol("r")
ROWS = [  # (a function of an entry, how it is written)
    (1 / (1 + exp(-u)), s),
    (1 / (1 + exp(u)), Sigmoid(-u)),
    (exp(-u) / (1 + exp(-u)), Sigmoid(-u)),
    (1 - 1 / (1 + exp(-u)), 1 - s),
    (-3 / (1 + exp(-u)), -3 * s),
    ((1 + exp(-u)) ** -2, s**2),
    (exp(-u) / (1 + exp(-u)) ** 2, s * (1 - s)),
    (exp(u) / (1 + exp(u)) ** 2, s * (1 - s)),
    (exp(u) / (1 + exp(u)) ** 3, s * (1 - s) ** 2),
    (-exp(-u) / (1 + exp(-u)) ** 2 + 2 * exp(-2 * u) / (1 + exp(-u)) ** 3, s * (1 - s) * (1 - 2 * s)),
    (1 / (exp(u) + 2 + exp(-u)), s * (1 - s)),
    ((exp(-u) - exp(u)) / (exp(u) + 2 + exp(-u)) ** 2, s * (1 - s) * (1 - 2 * s)),
    (u * exp(-u) / (1 + exp(-u)) ** 2 + 1 / (1 + exp(-u)), s * (1 + u * (1 - s))),
    (exp(-u) * cos(1 / (1 + exp(-u))) / (1 + exp(-u)) ** 2, s * (1 - s) * cos(s)),
    (exp(u) * (u + sin(3 / (1 + exp(-u)))) / (exp(2 * u) + 2 * exp(u) + 1), s * (1 - s) * (u + sin(3 * s))),
    (
        exp(u) * (tan(u) - cos(1 - 1 / (1 + exp(-u)))) / (exp(3 * u) + 3 * exp(2 * u) + 3 * exp(u) + 1),
        s * (1 - s) ** 2 * (tan(u) - cos(1 - s)),
    ),
    (
        u * (1 - 2 / (1 + exp(-u))) * exp(-u) / (1 + exp(-u)) ** 2 + (1 - 1 / (1 + exp(-u))) / (1 + exp(-u)),
        s * (1 - s) * (1 + u * (1 - 2 * s)),
    ),
    (2 * log(1 + exp(u)) / (1 + exp(-u)), 2 * log(1 + exp(u)) * s),
    (tanh(u) / (1 + exp(-u)), tanh(u) * s),
    (s * (1 - s) ** 2 - s**2 * (1 - s), s * (1 - s) * (1 - 2 * s)),
    (s - s**2, s * (1 - s)),
    ((12 * log(1 + exp(u)) ** 2 * tan(u) + 4) / (1 + exp(-u)), (12 * log(1 + exp(u)) ** 2 * tan(u) + 4) * s),
    ((6 * tan(u) + 3) ** 2 * exp(-u) / (1 + exp(-u)) ** 2, (6 * tan(u) + 3) ** 2 * s * (1 - s)),
    ((2 * s - 2) ** 2 * tan(u) / (1 + exp(-u)), 4 * s * (1 - s) ** 2 * tan(u)),
    (u * s - u * s**2 + 3, u * s * (1 - s) + 3),
    ((1 - 1 / (1 + exp(-u))) ** (r - 1) * log(1 + exp(-u)) * exp(-u) / (1 + exp(-u)) ** 2, (1 - s) ** r * log(1 + exp(-u)) * s),
]
STAY = [
    exp(u), log(1 + exp(u)), 1 / (2 + exp(u)), 1 / (exp(u) + 3 + exp(-u)), (1 + exp(u)) ** Rational(-3, 2), exp(3 * u) / (1 + exp(u)), (exp(u) - 1) / (1 + exp(u)),
    exp(sin(u)) / (1 + exp(u)), (1 + exp(u)) / (1 + exp(-u)), 1 / (1 + exp(2 * u)), sqrt(u) / (1 + u), exp(u / 2) / (1 + exp(u)), s * (1 - s), 1 - s, u - s, s**2 + tanh(u), u * (exp(u) - 1) / (1 + exp(u)),
]  # fmt: skip


@pytest.mark.parametrize(("body", "written"), ROWS, ids=lambda e: str(e).replace(" ", ""))
def test_it_is_written_by_the_logistic_function(body, written):
    found = in_sigmoids(body)
    assert found == written and in_sigmoids(found) == found
    for at in (-1.3, 0.4, 2.2):
        assert abs(N((found - body).subs({u: at, r: 1.5}).rewrite(exp))) < 1e-12


@pytest.mark.parametrize("body", STAY, ids=lambda e: str(e).replace(" ", ""))
def test_it_stays(body):
    assert in_sigmoids(body) == body


def test_a_sum_stays_where_one_term_is_no_polynomial():
    body = Add(1 / (1 + exp(-u)), exp(3 * u) / (1 + exp(u)))
    assert in_sigmoids(body) == body


t = Symbol("t", real=True)
LEAVES = [
    u, t, exp(u), exp(-u), exp(2 * u), 1 / (1 + exp(-u)), 1 / (1 + exp(u)), (1 + exp(-u)) ** -2, (1 + exp(u)) ** -3, log(1 + exp(u)), cos(u), s, 1 - s,
    Integer(2), Rational(-3, 2), exp(-u) / (1 + exp(-u)) ** 2, 1 / (2 + exp(u) + exp(-u)), tanh(t), 2 * s - 2, 4 - 4 * s, 1 / (2 + 2 * exp(u)), 1 - exp(u),
]  # fmt: skip


def random_body(r, depth):
    if depth == 0:
        return r.choice(LEAVES)
    parts = [random_body(r, depth - 1) for _ in range(r.choice([2, 2, 3]))]
    kind = r.random()
    if kind < 0.45:
        return Mul(*parts)
    if kind < 0.85:
        return Add(*(r.choice([1, 1, 2, -4, Rational(1, 2)]) * part for part in parts))
    return parts[0] ** r.choice([2, 3]) if kind < 0.93 else r.choice([cos, log])(1 + parts[0] ** 2)


@pytest.mark.parametrize("block", range(4))
def test_random_functions_keep_their_values(block):
    changed = 0
    for seed in range(100 * block, 100 * block + 100):
        r = random.Random(seed)
        body = random_body(r, r.choice([1, 2, 2, 3]))
        if count_ops(body) > 80:
            continue
        found = in_sigmoids(body)
        changed += found != body
        for at in ("0.37", "-1.3"):
            values = {u: Float(at, 30), t: Float("0.71", 30)}
            expected = N(body.xreplace(values), 25)
            assert abs(N(found.xreplace(values), 25) - expected) <= 1e-15 * (1 + abs(expected)), (seed, body, found)
    assert changed > 15
