"""``matcalc explain``: what it prints, and that a mistake is one message."""

import json

import pytest

from sympy_matcalc import cli


def run(capsys, *argv):
    status = cli.main(list(argv))
    out = capsys.readouterr()
    return status, out.out, out.err


def test_text(capsys):
    status, out, err = run(capsys, "explain", "log(det(X.T*X))", "--wrt", "X", "--detail", "0")
    assert (status, err) == (0, "") and "Jacobi's formula" in out and "gradient" in out and "checked at 3 random points" in out


@pytest.mark.parametrize(
    "form, word",
    [("unicode", "Xᵀ"), ("latex", r"\begin{align*}"), ("document", r"\documentclass"), ("markdown", "1. "), ("html", "<details")],
)
def test_forms(capsys, form, word):
    assert word in run(capsys, "explain", "log(det(X.T*X))", "--wrt", "X", "--form", form)[1]


def test_json(capsys):
    data = json.loads(run(capsys, "explain", "norm(X*w - y)**2", "--wrt", "w", "--style", "chain", "--json")[1])
    assert data["style"] == "chain" and data["result"] == "2*X.T*(X*w - y)" and data["certificate"]["points"] == 3


def test_second_order(capsys):
    assert "hessian" in run(capsys, "explain", "x.T*A*x", "--wrt", "x", "--order", "2")[1]


@pytest.mark.parametrize("argv", [("explain", "x.T*", "--wrt", "x"), ("explain", "tr(A*X)", "--wrt", "X", "--style", "chain")])
def test_mistakes(capsys, argv):
    status, out, err = run(capsys, *argv)
    assert status == 2 and err.startswith("sympy-matcalc: error:") and out == ""
    status, out, err = run(capsys, *argv, "--json")
    assert status == 2 and "error" in json.loads(out)


def test_an_expression_of_that_name(capsys):
    """`explain` alone is the name of a variable."""
    status, out, _ = run(capsys, "explain", "--wrt", "explain")
    assert status == 0 and "gradient" in out


def test_facts_and_structures(capsys):
    status, out, err = run(capsys, "explain", "x.T*A*x", "--wrt", "x", "--assume", "symmetric: A")
    assert (status, err) == (0, "") and "= 2*A*x " in out
    assert "= 2*A*x " in run(capsys, "explain", "x'*A*x where A is symmetric", "--wrt", "x")[1]
    status, out, err = run(capsys, "explain", "tr(A*S)", "--wrt", "S", "--structure", "S:symmetric", "--convention", "entries")
    assert (status, err) == (0, "") and "structure symmetric" in out and "A + A.T - had(I(n), A)" in out
    assert "no matrix `B`" in run(capsys, "explain", "tr(A*S)", "--wrt", "S", "--assume", "symmetric: B")[2]


def test_what_was_read_stands_above_the_steps(capsys):
    text = "\\sum_{i=1}^N (y_i - w^\\top x_i)^2"
    out = run(capsys, "explain", text, "--wrt", "w")[1]
    assert out.startswith("shapes:     y: N, w: n, x: N x n\nnote:       `x` with an index is read as a vector")
    assert not run(capsys, "explain", text, "--wrt", "w", "--form", "latex")[1].startswith("shapes")
    data = json.loads(run(capsys, "explain", text, "--wrt", "w", "--json")[1])
    assert data["shapes"] == {"y": "N", "w": "n", "x": "N x n"} and len(data["notes"]) == 2
