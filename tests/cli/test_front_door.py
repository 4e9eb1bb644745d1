"""What new users typed and saw, one row a complaint: each behaves as it should."""

import json

import pytest

from sympy_matcalc import cli


def run(capsys, *argv):
    status = cli.main(list(argv))
    out = capsys.readouterr()
    return status, out.out, out.err


@pytest.mark.parametrize(
    ("text", "variable"),
    [
        ("x'*A*x", "x"), ("sum(A.*B)", "A"), ("sum(x.^2)", "x"), ("tr(X^2)", "X"), ("norm2(X*w - y)^2", "w"), ("||x||^2", "x"), ("vector(1)'*x", "x"), ("tr(eye*X)", "X"), ("sum(arcsin(x))", "x"),
        (r"x^\top A x", "x"), (r"\log\det X", "X"), ("xᵀAx", "x"), ("α*x.T*x", "x"), ("sum(relu(1 - had(y, X*w + b))) where b scalar", "w"), ("sum(hpow(exp(-F*U.T) + 1, -1))", "U"),
    ],
)  # fmt: skip
def test_it_is_read_and_derived(capsys, text, variable):
    report = json.loads(run(capsys, text, "--wrt", variable, "--json", "--no-check")[1])
    assert report["result"] and not report.get("error")


@pytest.mark.parametrize(
    ("argv", "where", "says"),
    [
        (["trase(X)", "--wrt", "X"], 1, "did you mean `trace`"), (["x.T*A*", "--wrt", "x"], 7, "ends with"), (["x.T*A*x", "--wrt", "x", "--shape", "A: 3 by 3"], None, "`3 by 3` is not a size"),
        (["x.T*A*x", "--wrt", "x", "--assume", "symetric: A"], None, "did you mean `symmetric`"), (["1/(1 + exp(-X*w))", "--wrt", "w"], 4, "hpow"), (["1/x", "--wrt", "x"], 3, "`hpow(x, -1)`"),
        (["x # y", "--wrt", "x"], 3, "begins no comment"), (["x**2", "--wrt", "x"], 1, "two ways"), (["x*y", "--wrt", "x"], 3, "elementwise: `had(x, y)`"), (["sigma vector; x'*Sigma*x", "--wrt", "x"], None, "two names"),
        (["x Ab", "--wrt", "x"], 3, "can be one name, or a product"), (["'x", "--wrt", "x"], 1, "follows nothing"), (["Softmaxx(Z)", "--wrt", "Z"], 1, "did you mean"), (["Softmax(Z)", "--wrt", "Z"], 9, "needs a vector"), (["softmax(Z)", "--wrt", "Z"], 9, "needs a vector"),
    ],
    ids=str,
)  # fmt: skip
def test_a_mistake_is_json_with_its_place(capsys, argv, where, says):
    status, out, err = run(capsys, *argv, "--json")
    report = json.loads(out)
    assert status == 2 and err == "" and (says or "") in report["error"] and report["where"] == where
    assert not [word for word in ("unterminated", "SyntaxError", "tokenize", "Traceback", "lark") if word in report["error"]]


def test_facts_and_declared_shapes_settle_sizes(capsys):
    assert (
        json.loads(run(capsys, "logdet(A*X)", "--wrt", "X", "--assume", "positive_definite: A, X", "--json", "--no-check")[1])["result"]
        == "X.I"
    )
    found = json.loads(run(capsys, "log(a + z.T*kron(A, B).I*z)", "--wrt", "z", "--json", "--no-check")[1])
    assert found["shapes"] == {"a": "scalar", "z": "m*n", "A": "n x n", "B": "m x m"}
    assert run(capsys, "tr(A*kron(C, F).T)", "--wrt", "A", "--shape", "A: m*p x n*q", "--shape", "C: m x n", "--json", "--no-check")[0] == 0


def test_several_variables_and_the_source_only_where_asked(capsys):
    status, out, _ = run(capsys, "x.T*A*x", "--wrt", "x", "--wrt", "A", "--no-check")
    assert status == 0 and out.count("gradient:") == 2 and "def " not in out and len(out.splitlines()) < 14


def test_greek_letters_in_latex(capsys):
    assert r"\alpha" in json.loads(run(capsys, "α*x.T*x", "--wrt", "x", "--json", "--no-check")[1])["latex"]


def test_one_symbol_in_three_alphabets(capsys):
    results = {run(capsys, f"x.T*{s}*x", "--wrt", "x", "--no-check", "--json")[1] for s in ("Sigma", "Σ")}
    assert len(results) == 1


def test_flags_may_stand_in_front_of_a_command(capsys):
    assert cli.main(["--json", "derive", "x'*x", "--wrt", "x", "--no-check"]) == 0
    assert json.loads(capsys.readouterr().out)["result"] == "2*x"
    assert cli.main(["--json", "derive", "x'*", "--wrt", "x"]) == 2
    assert json.loads(capsys.readouterr().out)["where"] == 4
