"""``matcalc check``: for every kind of verdict the keys of its JSON, what stands in them, and the exit status."""

import json

import pytest

from sympy_matcalc.cli.main import main
from sympy_matcalc.verdicts import KINDS

KEYS = {
    "kind", "also", "sentence", "mine", "expression", "wrt", "derivative", "answer", "answer_latex", "factor", "condition", "condition_words",
    "difference", "terms", "note", "convention", "counterexample", "points", "sizes", "exact", "digits", "shapes", "conventions", "notes", "ok",
}  # fmt: skip
ROWS = [  # kind, mine, --of, --wrt, what stands in which key
    ("right", "(A + A.T)*x", "x.T*A*x", "x", {"exact": True, "digits": None, "ok": True}),
    ("transposed", "x.T*(A + A.T)", "x.T*A*x", "x", {}),
    ("scaled", "X.T*(X*w - y)", "norm(X*w - y)**2", "w", {"factor": "1/2"}),
    ("scaled", "0.3333333333*t", "t**2/6", "t", {"factor": "9999999999/10000000000", "note": "the two agree to 10 digits only"}),
    ("right if", "2*A*x", "x.T*A*x", "x", {"condition": "Q.symmetric(A)", "condition_words": "A is symmetric"}),
    ("other convention", "2*inv(S) - had(I, inv(S))", "logdet(S)", "S", {"convention": "entries"}),
    ("sign", "2*X.T*(y - X*w)", "norm(X*w - y)**2", "w", {"factor": "-1"}),
    ("missing term", "A*x", "x.T*A*x", "x", {"difference": "A.T*x"}),
    ("wrong shape", "2*(X*w - y)", "norm(X*w - y)**2", "w", {}),
    ("wrong", "had(x, x)", "sum(sin(x))", "x", {}),
]


@pytest.mark.parametrize("kind, mine, of, wrt, says", ROWS, ids=[f"{row[0]}: {row[1]}" for row in ROWS])
def test_json(capsys, kind, mine, of, wrt, says):
    status = main(["check", mine, "--of", of, "--wrt", wrt, "--json"])
    found = json.loads(capsys.readouterr().out)
    assert set(found) == KEYS
    assert found["kind"] == kind and {key: found[key] for key in says} == says, found["sentence"]
    assert status == (0 if kind == "right" else 1) and found["ok"] is (kind == "right")
    assert (found["counterexample"] is not None) == (kind == "wrong")
    if kind == "wrong":
        assert set(found["counterexample"]) == {"sizes", "data", "entry", "mine", "derivative"}


def test_every_kind_has_a_row():
    assert {row[0] for row in ROWS} == set(KINDS)


def test_what_cannot_be_asked_is_status_2(capsys):
    assert main(["check", "2*A*z", "--of", "x.T*A*x", "--wrt", "x", "--json"]) == 2


def test_the_help_and_the_readme_name_every_key(capsys):
    with pytest.raises(SystemExit):
        main(["check", "--help"])
    text = capsys.readouterr().out
    assert [key for key in KEYS if key not in text] == [] and [kind for kind in KINDS if f'"{kind}"' not in text] == []
