"""The canonical form of every node has its shape and its value, whatever its argument is: a transpose, a product, a single row."""

import numpy as np
import pytest
from sympy import DiagMatrix, Identity, MatrixSymbol, OneMatrix, symbols

import sympy_matcalc as mc
from sympy_matcalc.canonical import prepare
from sympy_matcalc.kernel.session import session
from sympy_matcalc.kernel.shapes import shape_of
from sympy_matcalc.testing import evaluate, random_env
from sympy_matcalc.verdicts.steady import is_steady

from ..nodes.rows import ROWS, m, n

k = symbols("k", integer=True, positive=True)
CASES = [row for node, rows in ROWS.items() for row in rows if not node.__name__.startswith("Unknown")]  # which have no value
SIZES = ({}, {m: 1}, {n: 1}, {m: 1, n: 1})


def symbols_of(expr):
    return sorted(expr.atoms(MatrixSymbol), key=str)


def forms(s, is_free):
    """Matrices of the shape of a symbol; without the first ones where random data have to be of its kind."""
    p, q = s.shape
    turned = MatrixSymbol(s.name, q, p).T
    yield from (turned, 2 * turned, -s)
    if is_free:
        left, right = MatrixSymbol("P_", p, k), MatrixSymbol("Q_", k, q)
        yield from (left * right, MatrixSymbol("P_", k, p).T * MatrixSymbol("Q_", q, k).T, turned + MatrixSymbol("P_", p, q))
        yield 3 * OneMatrix(p, q)
        if p == q:
            yield from (Identity(p), DiagMatrix(MatrixSymbol("P_", p, 1)))


def judge(expr, domain):
    """The canonical form against the expression as typed, at random numbers; nothing where it has no value."""
    known = {s.name for s in expr.free_symbols}
    if any(kind.startswith("index:") and kind.removeprefix("index:") not in known for kind in domain.values()):
        return  # of the first of one
    env = random_env([expr], seed=1, domain={getattr(s, "name", s): kind for s, kind in domain.items()})
    try:
        with np.errstate(all="ignore"):
            if not is_steady(expr, env):  # no value, or none that is determined: of a singular matrix, of what has no stabilising solution
                return
            wanted = np.asarray(evaluate(expr, env))
        with session():
            found = prepare(expr)
            shape = shape_of(found) if getattr(found, "is_Matrix", False) else (1, 1)
    except (mc.MatcalcError, NotImplementedError):
        return
    assert shape == tuple(expr.shape if getattr(expr, "is_Matrix", False) else (1, 1)), f"{expr}: {found}"
    got = np.asarray(evaluate(found, env)).reshape(wanted.shape)
    np.testing.assert_allclose(got, wanted, rtol=1e-6, atol=1e-8, err_msg=f"{expr}: {found}")


def variants(expr, domain, sizes):
    """The expression with a symbol in another form, one after the other."""
    for fixed in sizes:
        small = expr.subs(fixed) if fixed else expr
        for s in symbols_of(small):
            yield from (small.xreplace({s: form}) for form in forms(s, s not in domain))


@pytest.mark.parametrize("expr, domain", [c for c in CASES if any(m in s.shape for s in symbols_of(c[0]))], ids=str)
def test_of_one_row(expr, domain):
    """A quick selection: one row, a product of transposes."""
    small = expr.subs({m: 1})
    for s in symbols_of(small)[:1]:
        if s not in domain:
            judge(small.xreplace({s: list(forms(s, True))[4]}), domain)


@pytest.mark.slow
@pytest.mark.parametrize("expr, domain", CASES, ids=str)
def test_of_every_form(expr, domain):
    for variant in variants(expr, domain, SIZES):
        judge(variant, domain)
