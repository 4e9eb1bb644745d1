"""Every rule has a row, every row holds at order 1 and 2, and a mutated rule is caught."""

import pytest
from sympy import Add, ImmutableDenseNDimArray, ImmutableSparseNDimArray, MatAdd
from sympy import S as ss
from sympy.matrices.expressions import DiagMatrix, HadamardProduct, Inverse, KroneckerProduct, MatMul, MatPow, MatrixSymbol, Transpose
from sympy.matrices.expressions.diagonal import DiagonalMatrix

import sympy_matcalc as mc
from sympy_matcalc.nodes import Einsum
from sympy_matcalc.rules import linear
from sympy_matcalc.rules.registry import RULES, USER
from sympy_matcalc.testing import check_rule

from .rows import FUNCTIONS, ROWS

CASES = [(cls, *row) for cls, rows in ROWS.items() for row in rows]


def test_every_rule_has_a_row():
    assert set(RULES) - USER == set(ROWS)


def test_every_row_has_a_rule_and_holds_its_node():
    for cls, rows in ROWS.items():
        assert cls in RULES and rows
        for expr, variable, _ in rows:
            holds = expr.has(cls) or isinstance(expr, cls)
            assert holds or cls.__name__.startswith("Immutable"), (cls, expr)
            assert expr.has(variable)


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize(
    "cls, expr, variable, domain",
    [pytest.param(*c, marks=pytest.mark.slow) if c[0] is mc.FrechetMatrix else c for c in CASES],  # n^4 numbers
    ids=[f"{c[0].__name__}-{i}" for i, c in enumerate(CASES)],
)
def test_rule(cls, expr, variable, domain, order):
    check_rule(expr, variable, domain, order=order)


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("expr, variable, domain", FUNCTIONS)
def test_scalar_functions(expr, variable, domain, order):
    check_rule(expr, variable, domain, order=order)


def test_no_rule_on_a_base_class():
    for cls in list(RULES):
        assert cls.__name__ not in ("Basic", "Expr", "MatrixExpr", "Function", "Application", "object")


# ---------------------------------------------------------------- the checker is checked: each mutant must be caught


def wrong_sign(node, d):
    return linear.mul(node, d(node.args[0]), node)


def wrong_factor(node, d):
    return linear.mul(ss(2), linear.transpose(d(node.args[0])))


def dropped_transpose(node, d):
    return d(node.args[0])


def dropped_term(node, d):
    args = node.args
    terms = [linear.mul(*args[:i], d(a), *args[i + 1 :]) for i, a in enumerate(args)]
    return next((t for t in terms if t is not None), None)


def dropped_hadamard_term(node, d):
    args = node.args
    terms = [linear.hadamard(*args[:i], d(a), *args[i + 1 :]) for i, a in enumerate(args)]
    return next((t for t in terms if t is not None), None)


def swapped_kronecker(node, d):
    left, right = node.args
    return linear.kron(right, d(left)) if d(left) is not None else linear.kron(d(right), left)


def short_power(node, d):
    a, k = node.args
    return linear.mul(k, d(a))


n = ROWS[MatMul][0][1].shape[1]
Q, C = MatrixSymbol("Q", n, n), MatrixSymbol("C", n, n)
MUTANTS = [
    (Inverse, wrong_sign, Q.I),
    (Transpose, wrong_factor, Q.T),
    (Transpose, dropped_transpose, C * Q.T),
    (MatMul, dropped_term, Q * C * Q),
    (HadamardProduct, dropped_hadamard_term, HadamardProduct(Q, C, Q.applyfunc(ss("exp(x)").func))),
    (KroneckerProduct, swapped_kronecker, KroneckerProduct(C, Q)),
    (MatPow, short_power, Q**3),
]


@pytest.mark.parametrize("cls, mutant, expr", MUTANTS, ids=[m[1].__name__ for m in MUTANTS])
def test_mutants_are_caught(monkeypatch, cls, mutant, expr):
    domain = {Q: "invertible"}
    check_rule(expr, Q, domain)
    monkeypatch.setitem(RULES, cls, mutant)
    with pytest.raises(mc.CheckError):
        check_rule(expr, Q, domain)


# ---------------------------------------------------------------- every rule, mutated in the same ways


def scaled(found):
    return found * 2 if isinstance(found, Einsum) else linear.mul(ss(2), found)


def negated(found):
    return linear.mul(ss.NegativeOne, found)


def without_its_last_term(found):
    return found.func(*found.args[:-1]) if isinstance(found, (Add, MatAdd)) else None


def transposed(found):
    return linear.transpose(found) if getattr(found, "is_Matrix", False) and found.shape[0] == found.shape[1] else None


ARRAYS = {Einsum, ImmutableDenseNDimArray, ImmutableSparseNDimArray}  # whose differentials are arrays, which `linear` does not scale
SYMMETRIC = {
    DiagMatrix,
    DiagonalMatrix,
    mc.ReducedResolvent,
    mc.PencilResolvent,
    mc.Riccati,
    mc.DiscreteRiccati,
    mc.ProductsOfOtherPairs,
    mc.HankelSums,
    mc.HankelMeans,
}  # whose differentials are, so that a transpose is no mutation


def is_caught(cls, rows):
    """Whether a row of the class no longer holds."""
    for expr, variable, domain in rows:
        try:
            check_rule(expr, variable, domain, trials=1)
        except mc.CheckError:
            return True
    return False


@pytest.mark.parametrize("mutate", [scaled, negated, without_its_last_term, transposed])
@pytest.mark.parametrize("cls", [c for c in ROWS if c not in ARRAYS], ids=lambda c: c.__name__)
def test_every_rule_is_caught_when_mutated(monkeypatch, cls, mutate):
    """A mutant that changes nothing for any row (a rule of one term has no last one to drop) is no mutant."""
    if mutate is transposed and cls in SYMMETRIC:
        return
    rule, changed = RULES[cls], []

    def mutant(node, d):
        found = rule(node, d)
        other = None if found is None else mutate(found)
        changed.append(other is not None)
        return found if other is None else other

    monkeypatch.setitem(RULES, cls, mutant)
    caught = is_caught(cls, ROWS[cls])
    assert changed, "no row of the class reaches its rule"
    assert caught or not any(changed)
