"""Points outside the domain of the steps are passed over, which the certificate says; what is not true inside is an error still."""

from dataclasses import replace

import pytest
from sympy import Determinant, Inverse, MatrixSymbol, Trace, log, symbols

import sympy_matcalc as mc
from sympy_matcalc.derivations.certify import certify
from sympy_matcalc.derivations.explain import derived

k, m, n = symbols("k m n", integer=True, positive=True)
A, X, x = MatrixSymbol("A", k, m), MatrixSymbol("X", m, n), MatrixSymbol("x", n, 1)
ROOT = Trace(mc.MatrixSqrt(X.T * X))


@pytest.mark.parametrize(
    "expr, order, said",
    [
        (ROOT, 1, ("X.T*X is nonsingular (m >= n)",)),
        (mc.NuclearNorm(X), 1, ()),
        (mc.NuclearNorm(X), 2, ("X.T*X is nonsingular (m >= n)",)),
        (log(Determinant(X * X.T)), 1, ("X*X.T is nonsingular (n >= m)",)),
        (Trace(Inverse(X.T * A.T * A * X)), 1, ("X.T*A.T*A*X is nonsingular (m >= n, k >= n)",)),
    ],
)
def test_sizes_are_found_where_the_form_has_values(expr, order, said):
    certificate = certify(derived(expr, X, order=order))
    assert (certificate.points, certificate.conditions) == (3, said)
    assert not said or str(certificate).endswith(f"where {said[0]}")


def test_the_step_and_the_data_say_it_too():
    d = mc.explain(ROOT, X)
    assert d.steps[0].note == "where X.T*X is nonsingular" and d.as_dict()["certificate"]["conditions"] == ["X.T*X is nonsingular (m >= n)"]


def test_a_step_of_a_form_without_values_at_any_size_is_an_error():
    with pytest.raises(mc.CheckError, match="step 1"):
        mc.explain(Trace(mc.MatrixSqrt(x * x.T)), x)


def test_what_is_not_true_in_the_domain_is_an_error():
    d = derived(ROOT, X)
    step = d.steps[-1]
    wrong = replace(d, steps=(*d.steps[:-1], replace(step, right=2 * step.right)))
    with pytest.raises(mc.CheckError, match="step 4"):
        certify(wrong)


def test_a_side_without_a_value_where_the_other_has_one_is_an_error():
    """The norm has a differential at each point, log(-x'x) has no value at any: that is no domain, but a wrong step."""
    d = derived(mc.Norm(x), x)
    wrong = replace(d, steps=(replace(d.steps[0], right=d.steps[0].right + log(-(x.T * x)[0, 0])), *d.steps[1:]))
    with pytest.raises(mc.CheckError, match="step 1"):
        certify(wrong)


def test_data_are_milder_where_the_expression_has_no_value_for_others():
    expr, names = mc.parse("sum(X.*log(X./Y))")
    found = mc.explain(expr, names["X"]).certificate
    assert found.points == 3 and "all entries are positive" in found.conditions and "positive" in str(found)
    x = names["X"]
    nowhere = mc.explain(log(-Trace(x.T * x)), x).certificate
    assert not found.reason and not nowhere.ok and nowhere.conditions == ()
