"""Variables with structure: the step from the derivative by all entries, which is an equation for every dX."""

import pytest
from sympy import Determinant, Matrix, MatrixSymbol, Q, Trace, log, symbols

import sympy_matcalc as mc

n = symbols("n", integer=True, positive=True)
S, A, B = (MatrixSymbol(c, n, n) for c in "SAB")
QUADRATIC = Trace(A * S * B * S)
BY_BOTH = ["symmetric", "skew", "diagonal", "lower", "toeplitz", "circulant", "scalar"]


@pytest.mark.parametrize("convention", ["entries", "subspace"])
@pytest.mark.parametrize("structure", BY_BOTH)
def test_gradients(structure, convention):
    d = mc.explain(QUADRATIC, S, structure=structure, convention=convention)
    assert d.result == mc.gradient(QUADRATIC, S, structure=structure, convention=convention)
    assert d.certificate.points == 3 and d.certificate.steps == len(d.steps)
    step, last = d.steps[-2:]
    assert step.rule.startswith(f"structure {structure}") and step.opening and last.found == ("gradient", d.result)


@pytest.mark.parametrize("structure", ["orthogonal", "spd"])
def test_gradients_on_manifolds(structure):
    d = mc.explain(QUADRATIC, S, structure=structure)
    assert d.result == mc.gradient(QUADRATIC, S, structure=structure) and d.certificate.points == 3


def test_what_the_step_says():
    d = mc.explain(Trace(A * S), S, structure="symmetric", detail=0)
    assert str(d).splitlines()[:4] == [
        "d(tr(A*S))          = tr(A*dS)             constant factor",
        "tr(A*(dS + dS.T))/2 = tr((A + A.T)*dS)/2   "
        "structure symmetric, where dX is its own projection: (G + G')/2 [Magnus, Linear Structures]",
        "gradient            = (A + A.T)/2          identification: df = tr(G' dX) makes G the gradient [Magnus, Linear Structures]",
        str(d.certificate),
    ]


@pytest.mark.parametrize("structure, convention", [("symmetric", None), ("symmetric", "entries"), ("diagonal", None), ("skew", "entries")])
def test_hessians_and_jacobians(structure, convention):
    given = {"structure": structure, "convention": convention}
    d = mc.explain(log(Determinant(S)), S, order=2, **given)
    assert d.result == mc.hessian(log(Determinant(S)), S, form="vec", **given) and d.certificate.points == 3
    d = mc.explain(S * A * S, S, **given)
    assert d.result == mc.jacobian(S * A * S, S, form="vec", **given) and d.certificate.points == 3


def test_of_a_basis_of_an_explicit_matrix_and_with_facts():
    rotations = mc.LinearStructure(vec_basis=Matrix([[1, 0], [0, 1], [0, -1], [1, 0]]))
    X, C = MatrixSymbol("X", 2, 2), MatrixSymbol("C", 2, 2)
    assert mc.explain(Trace(C * X * X), X, structure=rotations).result == mc.gradient(Trace(C * X * X), X, structure=rotations)
    a, b, c, e = symbols("a b c e")
    M = Matrix([[a, b], [c, e]])
    assert mc.explain(a * b, M, structure="symmetric").result == mc.gradient(a * b, M, structure="symmetric")
    facts = Q.symmetric(A)
    found = mc.explain(Trace(A * S), S, structure="symmetric", assumptions=facts)
    assert found.result == mc.gradient(Trace(A * S), S, structure="symmetric", assumptions=facts) == A


@pytest.mark.parametrize(
    "expr, X, options, words",
    [
        (QUADRATIC, S, {"structure": "spd", "order": 2}, "Riemannian Hessian"),
        (QUADRATIC, S, {"structure": "diagonal", "style": "chain"}, "style='differential'"),
        (QUADRATIC, S, {"convention": "entries"}, "needs a variable with a structure"),
        (QUADRATIC, S, {"structure": "symetric"}, "symmetric"),
    ],
)
def test_refusals(expr, X, options, words):
    with pytest.raises(mc.MatcalcError, match=words):
        mc.explain(expr, X, **options)
