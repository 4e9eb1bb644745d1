"""The symbols of a text by name, whatever spelling the name is asked for in."""

import pytest

import sympy_matcalc as mc

TEXT = r"\lambda \|w\|^2 + x_1^\top \Sigma_{12} \Sigma_{22}^{-1} \mu"


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("λ", "lam"), (r"\lambda", "lam"), ("lambda", "lam"), ("lam", "lam"), ("μ", "mu"), (r"\mu", "mu"), ("x_1", "x1"), ("x1", "x1"),
        (r"\Sigma_{12}", "Sigma12"), ("Sigma_12", "Sigma12"), ("Σ12", "Sigma12"), ("w", "w"),
    ],
)  # fmt: skip
def test_a_name_is_found_by_all_its_spellings(key, name):
    names = mc.parse(TEXT)[1]
    assert names[key].name == name and key in names and names.get(key) is names[key]


@pytest.mark.parametrize("key", ["Λ", "sigma", "Sigma", "x", "", 1, "x2"])
def test_another_name_is_not_found(key):
    names = mc.parse(TEXT)[1]
    assert key not in names and names.get(key) is None and names.get(key, 0) == 0
    with pytest.raises(KeyError):
        names[key]
