"""The other commands: code, cookbook, convert, completion; how output looks; exit statuses."""

import io
import json
import re
import subprocess

import numpy as np
import pytest

import sympy_matcalc as mc
from sympy_matcalc import cli
from sympy_matcalc.cli import completion, progress
from sympy_matcalc.cli.parser import PROG
from sympy_matcalc.cli.terminal import look_of
from sympy_matcalc.cookbook.lookup import matches
from sympy_matcalc.cookbook.tables import FAMILIES


def run(capsys, *argv):
    status = cli.main(list(argv))
    out = capsys.readouterr()
    return status, out.out, out.err


# ---- convert
@pytest.mark.parametrize(
    "text,to,result",
    [
        ("x'*A*x", "python", "x.T*A*x"), ("norm(X*w - y)**2", "latex", r"\left\lVert X w - y \right\rVert_{2}^{2}"), (r"\lVert Xw - y\rVert_2^2", "matlab", "norm(X*w - y)^2"),
        ("x.T*A.I*x", "unicode", "xᵀ·A⁻¹·x"), ("A*x", "numpy", "A.dot(x)"),
    ],
)  # fmt: skip
def test_convert(capsys, text, to, result):
    status, out, err = run(capsys, "convert", text, "--to", to)
    assert (status, err) == (0, "") and result in out
    report = json.loads(run(capsys, "convert", text, "--to", to, "--json")[1])
    assert result in report["result"] and report["shapes"] and report["to"] == to


# ---- code
def test_code_of_value_gradient_and_hessian(capsys):
    status, out, _ = run(capsys, "code", "norm(X*w - y)**2", "--wrt", "w", "--hessian")
    assert status == 0 and "# returns value, gradient, hessian" in out
    function = re.search(r"^def ([^_\W]\w*)\(", out, re.M)[1]
    namespace = {}
    exec(out, namespace)
    X, w, y = np.array([[1.0, 2.0], [0.0, 1.0], [1.0, 1.0]]), np.array([1.0, -1.0]), np.ones(3)
    value, gradient, hessian = namespace[function](X, w, y)
    assert (
        np.allclose(value, np.sum((X @ w - y) ** 2)) and np.allclose(gradient, 2 * X.T @ (X @ w - y)) and np.allclose(hessian, 2 * X.T @ X)
    )
    report = json.loads(run(capsys, "code", "norm(X*w - y)**2", "--wrt", "w", "--json")[1])
    assert report["returns"] == ["value", "gradient"] and report["library"] == "numpy" and "def " in report["source"]


def test_code_of_a_vector_has_its_jacobian(capsys):
    assert json.loads(run(capsys, "code", "A*x", "--wrt", "x", "--json")[1])["returns"] == ["value", "jacobian"]
    status, _, err = run(capsys, "code", "A*x", "--wrt", "x", "--hessian")
    assert status == 2 and "`--hessian` is of a scalar" in err


def test_source_is_printed_where_it_is_asked_for(capsys):
    assert "def " in run(capsys, "x.T*A*x", "--wrt", "x", "--no-check", "--code", "numpy")[1]
    assert "def " not in run(capsys, "derive", "x.T*A*x", "--wrt", "x", "--no-check")[1]


# ---- cookbook
def test_cookbook(capsys):
    status, out, err = run(capsys, "cookbook", "logdet(B)", "--wrt", "B")
    assert (status, err) == (0, "") and "by B: B.T.I" in out
    report = json.loads(run(capsys, "cookbook", "logdet(B)", "--wrt", "B", "--json")[1])
    assert report["count"] >= 1 and {"number", "title", "here", "derivative"} <= set(report["found"][0])


def test_cookbook_by_words(capsys):
    status, out, _ = run(capsys, "cookbook", "--find", "trace resolvent")
    assert status == 0 and "resolvent" in out
    assert run(capsys, "cookbook", "--find", "no such words")[:2] == (1, "no identity of the cookbook fits\n")
    assert run(capsys, "cookbook")[0] == 2


# ---- completion
@pytest.mark.parametrize("shell", completion.SHELLS)
def test_completion_names_every_command_and_option(capsys, shell):
    status, out, _ = run(capsys, "completion", shell)
    words = {option.lstrip("-") for p in completion.parsers().values() for a in p._actions for option in a.option_strings}
    assert status == 0 and not [w for w in {*words, *cli.main.__globals__["COMMANDS"]} if w not in out]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (["c"], {"check", "code", "cookbook", "convert", "completion"}), (["derive", "x", "--hes"], {"--hessian"}), (["convert", "x", "--to", "m"], {"matlab"}),
        (["x'*x", "--code", "j"], {"jax"}), (["completion", "f"], {"fish"}), (["explain", "x", "--style", ""], {"differential", "chain"}),
    ],
)  # fmt: skip
def test_bash_completes(typed, expected):
    words = " ".join(f'"{w}"' for w in [PROG, *typed])
    name = PROG.replace("-", "_")
    code = f"{completion.bash(completion.parsers())}\nCOMP_WORDS=({words}); COMP_CWORD={len(typed)}; _{name}; printf '%s\\n' \"${{COMPREPLY[@]}}\""
    done = subprocess.run(["bash", "-c", code], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) == expected


# ---- how it looks
class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("environment", "options", "colour", "unicode"),
    [
        ({}, [], True, True), ({"NO_COLOR": "1"}, [], False, True), ({"TERM": "dumb"}, [], False, False), ({}, ["--plain"], False, False), ({"NO_COLOR": ""}, [], True, True),
    ],
)  # fmt: skip
def test_a_terminal_has_colours_and_signs(monkeypatch, environment, options, colour, unicode):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    out = Terminal()
    monkeypatch.setattr("sys.stdout", out)
    assert cli.main(["x.T*A*x", "--wrt", "x", "--no-check", *options]) == 0
    assert ("\x1b[" in out.getvalue(), "xᵀ·A·x" in out.getvalue()) == (colour, unicode)


def test_a_pipe_is_plain_and_may_be_coloured(monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    assert look_of(io.StringIO()) == (False, False)
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert look_of(io.StringIO()) == (True, False)


def test_json_is_plain_on_a_terminal_too(monkeypatch):
    out = Terminal()
    monkeypatch.setattr("sys.stdout", out)
    assert cli.main(["x.T*A*x", "--wrt", "x", "--json", "--no-check"]) == 0
    assert json.loads(out.getvalue())["result"] == "(A + A.T)*x"


def test_a_bar_shows_after_a_second_and_is_cleared(monkeypatch):
    out = Terminal()
    monkeypatch.setattr("sys.stderr", out)
    times = iter(range(100))
    assert list(progress.with_bar(list("abcdef"), "letters", lambda: next(times))) == list("abcdef")
    assert "/6 letters" in out.getvalue() and out.getvalue().endswith("\r\x1b[K")
    monkeypatch.setattr("sys.stderr", quick := Terminal())
    assert list(progress.with_bar([1, 2], "numbers", lambda: 0.0)) == [1, 2] and quick.getvalue() == ""


def test_the_bar_of_the_cookbook_is_there_while_its_chapters_are_read():
    seen = []
    found = matches(mc.parse("logdet(X)")[0], None, lambda names: (seen.append(name) or name for name in names))
    assert found and seen == list(FAMILIES)


# ---- words
def test_a_command_may_have_its_options_in_front(capsys):
    assert run(capsys, "derive", "--wrt", "x", "x.T*A*x", "--no-check")[0] == 0


def test_hessian_is_order_2(capsys):
    assert json.loads(run(capsys, "x.T*A*x", "--wrt", "x", "--hessian", "--json", "--no-check")[1])["result"] == "A + A.T"


def test_explain_takes_several_variables(capsys):
    found = json.loads(run(capsys, "explain", "x.T*A*x", "--wrt", "x", "--wrt", "A", "--json")[1])
    assert [d["result"] for d in found] == ["(A + A.T)*x", "x*x.T"]


@pytest.mark.parametrize(
    "argv",
    [
        ["explain", "x.T*", "--wrt", "x"], ["check", "2*x", "--of", "x.T*", "--wrt", "x"], ["code", "x.T*", "--wrt", "x"], ["cookbook", "x.T*"], ["convert", "x.T*"],
        ["convert", "x", "--to", "cobol"], ["derive"], [], ["completion", "tcsh"], ["cookbook"],
    ],
    ids=str,
)  # fmt: skip
def test_every_mistake_is_json_and_status_2(capsys, argv):
    status, out, err = run(capsys, *argv, "--json")
    assert status == 2 and err == "" and set(json.loads(out)) == {"error", "where"}
