"""The command line: what it prints, its exit status, and that a user's mistake is one message and never a traceback."""

import ast
import json
import shlex
import subprocess
import sys

import pytest

import sympy_matcalc as mc
from sympy_matcalc import cli
from sympy_matcalc.cli import derive, front_page
from sympy_matcalc.cli.main import COMMANDS
from sympy_matcalc.errors import TITLES
from sympy_matcalc.text.functions import WORDS


def run(capsys, *argv):
    """(exit status, stdout, stderr) of `main(argv)`."""
    status = cli.main(list(argv))
    out = capsys.readouterr()
    return status, out.out, out.err


def test_prints_shapes_expression_gradient_latex_and_check(capsys):
    status, out, err = run(capsys, "x.T*A*x", "--wrt", "x")
    assert (status, err) == (0, "")
    assert "x: n, A: n x n" in out and "A*x" in out and "def " not in out
    labels = [line.split(":")[0] for line in out.splitlines() if line and not line.startswith(" ")]
    assert labels == ["shapes", "read as", "expression", "gradient", "latex", "check"]


def test_json_has_everything(capsys):
    status, out, _ = run(capsys, "log(det(X))", "--wrt", "X", "--json")
    report = json.loads(out)
    assert status == 0 and report["ok"] is True and report["kind"] == "gradient"
    assert report["shapes"] == {"X": "n x n"} and report["result"] == "X.T.I"
    keys = {"expression", "wrt", "shapes", "notes", "kind", "result", "latex", "conditions", "ok", "check", "source", "names", "short"} | {
        "conventions"
    }
    assert set(report) == keys


@pytest.mark.parametrize(
    "argv,kind,result",
    [
        (["x.T*A*x", "--wrt", "x", "--order", "2"], "hessian", "A + A.T"),
        (["W*v", "--wrt", "v"], "jacobian", "W"),
        (["W*v", "--wrt", "v", "--layout", "denominator"], "jacobian", "W.T"),
        (["A*X*B", "--wrt", "X", "--form", "vec"], "jacobian", "kron(B.T, A)"),
        (["norm(A*x - b)**2", "--wrt", "x"], "gradient", "2*A.T*(A*x - b)"),
        (["tr(A*X)", "--wrt", "X[0, 1]"], "gradient", "A[1, 0]"),
        (["t**2", "--wrt", "t"], "gradient", "2*t"),
        (["-x.T*x", "--wrt", "x"], "gradient", "-2*x"),
        (["x.T*x", "--wrt", "y", "--shape", "y: n"], "gradient", "zeros(n)"),
        (["norm(A*x - b)", "--wrt", "x"], "gradient", "A.T*(A*x - b)/norm(A*x - b)"),
        (["logdet(A*X)", "--wrt", "X", "--assume", "positive_definite: A, X"], "gradient", "X.I"),
        (["norm(X, inf)", "--wrt", "X"], "gradient", "apply(u -> Piecewise((1, Eq(abs(u), norm(X, inf))), (0, True))*sign(u), X)"),
        (["logsumexp(A*x)", "--wrt", "x"], "gradient", "A.T*softmax(A*x)"),
        (["softmax(x)", "--wrt", "x"], "jacobian", "diag(softmax(x)) - softmax(x)*softmax(x).T"),
        (["sum(relu(W*x))", "--wrt", "W"], "gradient", "step(W*x)*x.T"),
        (["tr(A*expm(X))", "--wrt", "X"], "gradient", "frechet(exp, X, A).T"),
        (["expm(X)", "--wrt", "X", "--form", "vec"], "jacobian", "frechet_matrix(exp, X)"),
        (["eigval(X, n - 1)", "--wrt", "X", "--shape", "X: n x n"], "gradient", "eigvec(X, n - 1)*eigvec(X, n - 1).T"),
        (["singval(X, i)", "--wrt", "X"], "gradient", "left_singvec(X, i)*right_singvec(X, i).T"),
        (["tr(A*unvec(v, m, n))", "--wrt", "v"], "gradient", "vec(A.T)"),
        (["logdet(S)", "--wrt", "S", "--structure", "S:symmetric"], "gradient", "S.I"),
        (["logdet(S)", "--wrt", "S", "--structure", "symmetric", "--convention", "entries"], "gradient", "2*S.I - had(I(n), S.I)"),
        (["logdet(S)", "--wrt", "S", "--structure", "S:symmetric", "--form", "vech"], "gradient", "duplication(n).T*vec(S.I)"),
        (["tr(A*S)", "--wrt", "S", "--structure", "S:toeplitz", "--convention", "entries"], "gradient", "toepsum(A).T"),
    ],
)
def test_derivatives(capsys, argv, kind, result):
    status, out, err = run(capsys, *argv, "--json")
    report = json.loads(out)
    assert (status, report["kind"], report["result"]) == (0, kind, result), err


@pytest.mark.parametrize(
    "argv,conditions,note",
    [
        (["eigval(X, 0)", "--wrt", "X"], ["X is symmetric", "eigenvalue 0 of X is simple"], "X symmetric, its eigenvalues simple"),
        (["eigvec(X, i)", "--wrt", "X", "--form", "vec"], ["X is symmetric", "eigenvalue i of X is simple"], "X symmetric"),
        (["tr(A*chol(S))", "--wrt", "S"], ["S is symmetric positive definite"], "S symmetric positive definite"),
        (["spectral_norm(X)", "--wrt", "X"], ["singular value 0 of X is simple and positive"], "X of full rank"),
        (["tr(logm(X))", "--wrt", "X"], [], "X of eigenvalues with a positive real part"),
        (["norm(X, 1)", "--wrt", "X"], [], "X of entries that differ in absolute value"),
    ],
    ids=str,
)
def test_what_has_to_hold_and_what_it_was_checked_with(capsys, argv, conditions, note):
    report = json.loads(run(capsys, *argv, "--json")[1])
    assert report["ok"] is True and report["conditions"] == conditions
    assert f"checked with {note}" in report["notes"][-1] and "holds" not in report["check"]
    out = run(capsys, *argv)[1]
    line = f"conditions: {'; '.join(conditions)}\ncheck:"
    assert (line in out) is bool(conditions) and ("conditions:" in out) is bool(conditions)


def test_no_check_says_nothing_of_its_data(capsys):
    report = json.loads(run(capsys, "eigval(X, 0)", "--wrt", "X", "--json", "--no-check")[1])
    assert report["notes"] == [] and report["conditions"] and report["check"] == "skipped"


def test_a_matrix_power_comes_with_a_note(capsys):
    assert "note:       `(X - U*V.T)**2` is the matrix power" in run(capsys, "sum((X - U*V.T)**2)", "--wrt", "U", "--no-check")[1]


@pytest.mark.parametrize("argv", [["--help"], ["-h"], ["help"], ["x'*x", "--wrt", "x", "--help"], ["--plain", "--help"]], ids=" ".join)
def test_help_is_one_screen(argv, capsys):
    status, out, err = run(capsys, *argv)
    lines = out.splitlines()
    assert (status, err) == (0, "") and len(lines) <= 24 and max(map(len, lines)) <= 80
    assert all(f"  {word} " in out or f"; {word}:" in out for word in COMMANDS if word != "derive") and "COMMAND --help" in out


@pytest.mark.parametrize(("typed", "printed"), front_page.EXAMPLES)
def test_the_front_page_shows_what_is_printed(typed, printed, capsys):
    assert printed in run(capsys, *shlex.split(typed), "--no-check")[1].splitlines()


@pytest.mark.parametrize("argv", [["--version"], ["--help"], ["completion", "bash"], ["convert", "x'*x", "--to", "latex"]], ids=" ".join)
@pytest.mark.parametrize("in_front", [True, False], ids=["json in front", "json behind"])
def test_everything_is_json_where_that_is_asked_for(argv, in_front, capsys):
    status, out, err = run(capsys, *(["--json", *argv] if in_front else [*argv, "--json"]))
    assert (status, err) == (0, "") and len(json.loads(out)) >= 1


def test_help_has_a_line_for_every_function(capsys):
    with pytest.raises(SystemExit):
        cli.main(["derive", "--help"])
    out = capsys.readouterr().out
    assert not [name for name in WORDS if name not in out] and "\n  eigval(X, i) " in out


EXAMPLES = [line.strip() for line in derive.EPILOG.splitlines() if line.strip().startswith("python -m sympy_matcalc ")]


@pytest.mark.parametrize("line", EXAMPLES)
def test_the_examples_of_the_help_run(capsys, line):
    status, out, err = run(capsys, *shlex.split(line)[3:])
    assert out and not err
    assert status == (1 if " check " in line else 0)  # 2*A*x is not right for a general A


def test_one_thing_only(capsys):
    assert run(capsys, "x.T*A*x", "--wrt", "x", "--latex-only", "--no-check")[1].count("\n") == 1
    assert run(capsys, "x.T*A*x", "--wrt", "x", "--source-only", "--no-check")[1].startswith(("def ", "import "))


MISTAKES = [
    (["x'*A*", "--wrt", "x"], "the expression ends with `*`"),
    (["trase(X)", "--wrt", "X"], "did you mean `trace`"),
    (["x.T*A*x", "--wrt", "z"], "`z` does not occur"),
    (["x*y", "--wrt", "x"], "inner sizes"),
    (["x.T*A*x", "--wrt", "x", "--shape", "x"], "does not declare a shape"),
    (["A*x", "--wrt", "x", "--shape", "A: 3 x 4", "--shape", "x: 5"], "3 x 4"),
    (["x.T*x", "--wrt", "x", "--order", "2", "--layout", "denominator"], "--layout"),
    (["W*v", "--wrt", "v", "--order", "2"], "needs a scalar"),
    (["logdet(S) where S is symmetric", "--wrt", "S", "--form", "vech"], "`--structure S:symmetric`"),
    (["sum(vech(S))", "--wrt", "S"], "write `elimination(n)*vec(S)`"),
    (["X**k", "--wrt", "k"], "whole number"),
    (["X[i, j]", "--wrt", "i"], "whole number"),
    (["sum(x)/n", "--wrt", "n", "--shape", "x: n"], "whole number"),
    (["(" * 5000, "--wrt", "v"], "deeper"),
    (["x.__class__", "--wrt", "x"], "attribute"),
    (["eigval(X, i)", "--wrt", "i"], "whole number"),
    (["eigval(X, 3)", "--wrt", "X", "--shape", "X: 3 x 3"], "index 3 is out of range for 3 values"),
    (["funm(abs, X)", "--wrt", "X"], "`abs` is not a function that `funm` takes"),
]


@pytest.mark.parametrize("argv,part", MISTAKES, ids=str)
def test_a_mistake_is_one_message_and_status_2(capsys, argv, part):
    status, out, err = run(capsys, *argv)
    assert status == 2 and out == ""
    assert err.startswith("sympy-matcalc: error: ") and part in err and "Traceback" not in err


@pytest.mark.parametrize("argv", [[], ["x", "--wrt"], ["x", "--wrt", "x", "--order", "3"], ["x", "--wrt", "x", "--bogus"]], ids=str)
def test_usage_errors_have_status_2(capsys, argv):
    status, out, err = run(capsys, *argv)
    assert status == 2 and not out and "usage:" in err and "sympy-matcalc: error:" in err


def test_a_derivative_that_fails_its_check_has_status_1(capsys, monkeypatch):
    def wrong(expr, X, **options):
        raise mc.CheckError("wrong by 3")

    monkeypatch.setattr(mc, "check", wrong, raising=False)
    status, out, _ = run(capsys, "x.T*A*x", "--wrt", "x", "--json")
    assert status == 1 and json.loads(out)["ok"] is False and "wrong by 3" in out


def test_the_check_judges_what_is_printed(capsys, monkeypatch):
    monkeypatch.setattr(mc, "gradient", lambda f, X, **kwargs: -X)
    status, out, _ = run(capsys, "x.T*x", "--wrt", "x", "--json")
    assert status == 1 and "is not the derivative" in json.loads(out)["check"]


@pytest.mark.parametrize("options", ["--order 2", "--form vec", "--layout denominator", "--order 2 --form vec"])
def test_every_form_is_checked(capsys, options):
    report = json.loads(run(capsys, "log(det(X))", "--wrt", "X", "--json", *options.split())[1])
    assert report["ok"] is True and "finite differences" in report["check"]


@pytest.mark.parametrize("options", ["", "--convention entries", "--order 2", "--order 2 --form vech", "--form vech"])
def test_a_structure_is_checked_and_said(capsys, options):
    report = json.loads(run(capsys, "tr(A*S*S)", "--wrt", "S", "--structure", "S:symmetric", "--json", *options.split())[1])
    assert report["ok"] is True and "along it" in report["check"]
    assert "structure symmetric" in report["conditions"][0] and "entries" in report["conditions"][0]


def test_a_wrong_derivative_with_structure_is_seen(capsys, monkeypatch):
    monkeypatch.setattr(mc, "gradient", lambda f, X, **kwargs: X)
    status, out, _ = run(capsys, "tr(A*S)", "--wrt", "S", "--shape", "S: n x n", "--structure", "S:symmetric", "--json")
    assert status == 1 and "is wrong" in json.loads(out)["check"]


@pytest.mark.parametrize("structure, text", [("A:symmetric", "is of the variable"), ("S:symetric", "did you mean 'symmetric'")])
def test_mistakes_about_a_structure(capsys, structure, text):
    status, _, err = run(capsys, "tr(A*S)", "--wrt", "S", "--shape", "S: n x n", "--structure", structure)
    assert status == 2 and text in err


def test_what_cannot_be_judged_is_said_not_raised(capsys, monkeypatch):
    def singular(expr, X, **options):
        raise ValueError("Singular matrix")

    monkeypatch.setattr(mc, "check", singular)
    status, out, _ = run(capsys, "x.T*A*x", "--wrt", "x", "--json")
    assert status == 0 and json.loads(out)["ok"] is None and "not checked: Singular" in out


@pytest.mark.parametrize("text", ["X[5, 0]**2", "eigval(X, 5)"])
def test_an_index_that_is_too_large_for_the_random_sizes_is_said(capsys, text):
    status, out, _ = run(capsys, text, "--wrt", "X", "--json")
    assert status == 0 and json.loads(out)["ok"] is None and "declare larger sizes with --shape" in json.loads(out)["check"]
    assert json.loads(run(capsys, text, "--wrt", "X", "--shape", "X: 6 x 6", "--json")[1])["ok"] is True


def test_no_source_is_said_not_raised(capsys, monkeypatch):
    def none(args, exprs, **options):
        raise NotImplementedError("no printer for Foo")

    monkeypatch.setattr(mc, "lambdify", none, raising=False)
    status, out, _ = run(capsys, "x.T*A*x", "--wrt", "x", "--no-check", "--json")
    assert status == 0 and "no printer for Foo" in json.loads(out)["source"]


def test_runs_as_a_module_without_a_terminal():
    argv = [sys.executable, "-m", "sympy_matcalc", "x.T*A*x", "--wrt", "x"]
    done = subprocess.run(argv, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert done.returncode == 0 and "A*x" in done.stdout and done.stderr == ""
    done = subprocess.run([*argv[:3], "'x", "--wrt", "x"], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert done.returncode == 2 and "Traceback" not in done.stderr
    done = subprocess.run([*argv[:3], "--help"], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert done.returncode == 0 and "commands" in done.stdout


MISTAKES = [
    (["x.T*A*x", "--shape", "A: 3 by 3"], ["`A` is declared, but `3 by 3` is not a size", "`A: m x n`"]),
    (["x.T*A*x", "--shape", "A: 0"], ["the size `0` is out of range", "sizes are from 1"]),
    (["x.T*A*x", "--shape", "exp: 3"], ["`exp` cannot be declared", "meaning of its own"]),
    (["x.T*A*x", "--assume", "symetric: A"], ["`symetric` is no fact", "did you mean `symmetric`?"]),
    (["gradient", "x.T*A*x"], ["`gradient` is no command", "leave it out"]),
    (["hessian", "x.T*A*x"], ["`--hessian`"]),
    (["explian", "x.T*A*x"], ["did you mean `explain`"]),
    (["x.T*A*x", "x"], ["did you mean `--wrt x`?"]),
    (["explain", "x.T*A*x", "x"], ["did you mean `--wrt x`?"]),
    (["cos", "x.T*A*x"], ["the commands are derive"]),
    (["x.T*A*x", "--assume", "symmetrical A"], ["no colon", '"symmetric: A, S"']),
    (["x.T*A*x", "--assume", "round: A"], ["`round` is no fact", "they are symmetric, orthogonal"]),
    (["x.T*A*x", "--assume", "symmetric: B"], ["no matrix `B`", "its matrices are x, A"]),
    (["trase(X)"], ["did you mean `trace`?"]),
    (["x.T*A*"], ["column 7", "ends with `*`"]),
]


@pytest.mark.parametrize("argv,parts", MISTAKES)
def test_a_mistake_is_named_with_what_to_write(capsys, argv, parts):
    status, out, err = run(capsys, *argv, "--wrt", "x")
    assert status == 2 and not out and not [part for part in parts if part not in err], err


@pytest.mark.parametrize("argv", [["x'*A*x"], ["explain", "x'*A*x"], ["check", "2*A*x", "--of", "x'*A*x"], ["code", "x'*A*x"]])
def test_a_missing_variable_is_asked_for_by_name(capsys, argv):
    status, out, err = run(capsys, *argv)
    assert status == 2 and not out and "`--wrt` is missing" in err and "`--wrt x` or `--wrt A`" in err


def test_a_missing_variable_of_a_mistaken_expression(capsys):
    assert "column 7" in run(capsys, "x.T*A*")[2] and "unrecognized" in run(capsys, "x.T*A*x", "--wrrt", "x")[2]


def test_a_fact_in_words_is_as_one_with_a_colon(capsys):
    said = [run(capsys, "x.T*A*x", "--wrt", "x", "--assume", fact, "--no-check")[1] for fact in ("A symmetric", "symmetric: A")]
    assert said[0] == said[1] and "2*A*x" in said[0]


def test_a_layout_of_a_scalar_says_what_it_did(capsys):
    for layout in ("numerator", "denominator"):
        status, out, _ = run(capsys, "x.T*A*x", "--wrt", "x", "--layout", layout, "--no-check")
        assert status == 0 and "is of the shape of `x`" in out
    assert "is of the shape" not in run(capsys, "x.T*A*x", "--wrt", "x", "--no-check")[1]
    assert "is of the shape" not in run(capsys, "A*x", "--wrt", "x", "--layout", "numerator", "--no-check")[1]


@pytest.mark.parametrize("text,where", [("trase(X)", 1), ("x.T*A*", 7), ("tr(A*x)", 4), ("x*y", 3), ("tr(X) + x^2", 9)])
def test_a_mistake_is_json_where_that_is_asked_for(capsys, text, where):
    status, out, err = run(capsys, text, "--wrt", "X", "--json")
    report = json.loads(out)
    assert status == 2 and not err and set(report) == {"error", "where"} and report["where"] == where and report["error"]


def test_a_name_that_is_a_scalar_only_by_a_quotient_has_a_note(capsys):
    status, out, _ = run(capsys, "x.T*x/y", "--wrt", "x", "--no-check")
    assert status == 0 and "`y` is read as a scalar: it is a divisor in `/y` (column 7)" in out and "hpow" in out


WITHOUT_SCIPY = """
import sys
class Barred:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "scipy":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Barred())
from sympy_matcalc.cli import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize(
    "typed, gradient, code",
    [
        ("tr(expm(X))", "expm(X).T", "linalg.expm("),
        ("tr(logm(X))", "X.T.I", "np.linalg.inv("),
        ("sum(erf(X))", "exp(-u**2)", "np.exp("),
        ("tr(A*sqrtm(X))", "frechet(", "linalg.sqrtm("),
    ],
)
def test_without_scipy_the_derivative_is_printed(typed, gradient, code):
    """What needs SciPy is the check and to run the source; they say so, with a command that works without the package's own index."""
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_SCIPY, typed, "--wrt", "X", "--json"], capture_output=True, text=True, timeout=100, check=False
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert gradient in report["result"] and report["ok"] is None
    assert report["check"].startswith("not checked: ") and "needs SciPy: pip install scipy" in report["check"]
    assert code in report["source"]
    assert ("needs SciPy: pip install scipy" in report["source"]) == ("scipy" in report["source"])


@pytest.mark.parametrize("library", ["jax", "torch", "dask"])
def test_source_is_written_where_its_library_is_not_installed(library, monkeypatch, capsys):
    """What it looks for in the library is taken to be there, and the first line says what to install."""
    for name in [n for n in sys.modules if n.partition(".")[0] == library]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, library, None)
    for words in (["--source-only"], ["--no-check", "--json"]):
        assert cli.main(["sum(erf(X*w))", "--wrt", "w", "--code", library, *words]) == 0
        out = capsys.readouterr().out
        source = json.loads(out)["source"] if "--json" in words else out
        assert (
            source.startswith(f"# the numeric code of this expression needs {TITLES[library]}: pip install ") and "def compute(" in source
        )
        ast.parse(source)


def test_source_that_a_library_has_not_is_a_mistake_where_it_was_all_that_was_asked(capsys):
    asked = ["tr(expm(X))", "--wrt", "X", "--code", "dask"]
    for words in ([*asked, "--source-only"], ["code", *asked]):
        assert cli.main(words) == 2
        out, err = capsys.readouterr()
        assert not out and "no Dask source: " in err
    assert cli.main([*asked, "--no-check"]) == 0
    assert "# no Dask source: " in capsys.readouterr().out


ATTENTION = "tr(C.T*rowsoftmax(Q*K.T/sqrt(d))*V)"


def test_a_long_answer_has_names(capsys):
    _, out, _ = run(capsys, ATTENTION, "--wrt", "Q", "--no-check")
    lines = out.splitlines()
    assert "where:      P = rowsoftmax(Q*K.T/sqrt(d))" in lines
    assert "it is:      had(C*V.T - had(C*V.T, P)*ones(p, p), P)*K/sqrt(d)" in lines
    report = json.loads(run(capsys, ATTENTION, "--wrt", "Q", "--no-check", "--json")[1])
    assert report["names"] == [{"name": "P", "part": "rowsoftmax(Q*K.T/sqrt(d))"}] and report["short"] in out


def test_a_short_answer_has_none(capsys):
    report = json.loads(run(capsys, "x.T*A*x", "--wrt", "x", "--no-check", "--json")[1])
    assert report["names"] == [] and report["short"] == report["result"]


# ---- check
CHECKS = [
    (["2*A*x", "--of", "x.T*A*x"], "right if", 1),
    (["(A + A.T)*x", "--of", "x.T*A*x"], "right", 0),
    (["-(A + A.T)*x", "--of", "x.T*A*x"], "sign", 1),
    (["x.T*(A + A.T)", "--of", "x.T*A*x"], "transposed", 1),
    (["2*A*x", "--of", "x.T*A*x", "--assume", "symmetric: A"], "right", 0),
    (["2*X*(X*x - y)", "--of", "norm(X*x - y)**2"], "wrong shape", 1),
    (["X.T*(X*x - y)/n", "--of", "norm(X*x - y)**2"], "scaled", 1),
    (["A + A.T", "--of", "x.T*A*x", "--order", "2"], "right", 0),
    (["A.T", "--of", "A*x", "--layout", "denominator"], "right", 0),
    (["kron(x.T, A)", "--of", "A*X*x", "--wrt", "X", "--form", "vec"], "right", 0),
    (["0", "--of", "x.T*A*x"], "wrong", 1),
    (["2*inv(S) - had(I, inv(S))", "--of", "logdet(S)", "--wrt", "S"], "other convention", 1),
    (["2*inv(S) - had(I, inv(S))", "--of", "logdet(S)", "--wrt", "S", "--structure", "symmetric", "--convention", "entries"], "right", 0),
]


@pytest.mark.parametrize("argv,kind,exit_status", CHECKS)
def test_check(capsys, argv, kind, exit_status):
    argv = argv if "--wrt" in argv else [*argv, "--wrt", "x"]
    status, out, err = run(capsys, "check", *argv, "--json")
    report = json.loads(out)
    assert (report["kind"], status, err) == (kind, exit_status, "")
    assert report["ok"] == (kind == "right") and report["sentence"].lower().startswith(kind.split()[0])


def test_check_as_text(capsys):
    status, out, _ = run(capsys, "check", "2*A*x", "--of", "x.T*A*x", "--wrt", "x")
    assert [line.split(":")[0] for line in out.splitlines()] == ["shapes", "expression", "yours", "gradient", "verdict"]
    assert "Right if A is symmetric" in out and status == 1


@pytest.mark.parametrize(
    "mine,says",
    [
        ("2*B*x", "uses `B`"),
        ("2*a*x", "`a`"),
        ("2*A*x +", "what follows"),
        ("", "empty"),
        ("__import__('os')", ""),
        ("2*A*xx", "did you mean `x`"),
    ],
)
def test_check_of_what_is_no_formula(capsys, mine, says):
    status, out, err = run(capsys, "check", mine, "--of", "x.T*A*x", "--wrt", "x")
    assert status == 2 and out == "" and says in err


def test_an_expression_may_be_called_check(capsys):
    status, out, _ = run(capsys, "check", "--wrt", "check", "--shape", "check: scalar", "--json")
    assert status == 0 and json.loads(out)["result"] == "1"


@pytest.mark.parametrize(
    "typed",
    [
        ["x.T*S*x", "--structure", "S:symmetric"],
        ["x.T*inv(S)*x", "--structure", "S:spd", "--convention", "subspace"],
        ["log(det(S)) + tr(inv(S)*C)", "--structure", "S:symmetric", "--assume", "symmetric: C"],
        ["tr(Q.T*S*Q)", "--structure", "S:symmetric", "--assume", "orthogonal: Q"],
    ],
    ids=str,
)
def test_structured_derivatives_of_one_entry_and_with_facts_are_checked(typed, capsys):
    assert cli.main([*typed, "--wrt", "S"]) == 0
    assert "checked at" in capsys.readouterr().out


@pytest.mark.parametrize("command, option", [("explain", "--style"), ("check", "--of")])
def test_a_command_has_its_own_help(command, option, capsys):
    with pytest.raises(SystemExit) as stopped:
        cli.main([command, "--help"])
    assert stopped.value.code == 0 and option in capsys.readouterr().out


def test_several_variables_one_after_the_other(capsys):
    status, out, _ = run(capsys, "x'*A*x where A is symmetric", "--wrt", "x", "--wrt", "A", "--json")
    assert status == 0 and [(r["wrt"], r["result"]) for r in json.loads(out)] == [("x", "2*A*x"), ("A", "x*x.T")]
    text = run(capsys, "x.T*A*x", "--wrt", "x", "--wrt", "A")[1]
    assert "gradient:   (A + A.T)*x" in text and "gradient:   x*x.T" in text


def test_a_structure_is_of_the_variable_that_it_names(capsys):
    out = run(capsys, "tr(A*S) + x'*S*x", "--wrt", "x", "--wrt", "S", "--structure", "S:symmetric", "--json", "--no-check")[1]
    assert [r["wrt"] for r in json.loads(out)] == ["x", "S"]


def test_the_spelling_is_named_or_found(capsys):
    assert "2*X.T*(X*w - y)" in run(capsys, r"\lVert Xw - y\rVert_2^2", "--wrt", "w")[1]
    assert run(capsys, "x'*A*x", "--wrt", "x", "--syntax", "matlab")[0] == 0
    status, _, err = run(capsys, "x'*A*x", "--wrt", "x", "--syntax", "python")
    assert status == 2 and "is not read in Python's spelling" in err


def test_what_a_convention_chose_is_said(capsys):
    out = run(capsys, "sum(X)*x.T*x", "--wrt", "X")[1]
    assert "read as:" in out and "X by convention: a capital is a matrix" in out
    out = run(capsys, "a.T*X*b", "--wrt", "X")[1]
    assert "X by convention: a capital is a matrix; a, b by use: a column" in out


def test_a_wrong_option_is_json_too(capsys):
    status, out, _ = run(capsys, "x'*x", "--wrt", "x", "--shap", "x: n", "--ordr", "2", "--json")
    assert status == 2 and "did you mean `--order`" in json.loads(out)["error"]
    assert "did you mean `--order`" in run(capsys, "x'*x", "--wrt", "x", "--ordr", "2")[2]


def test_a_fault_of_the_program_is_told_from_a_failed_check(capsys, monkeypatch):
    def broken(args):
        raise KeyError("n")

    monkeypatch.setattr(derive, "report", broken)
    status, _, err = run(capsys, "x.T*x", "--wrt", "x")
    assert status == 3 and "a fault of the program, KeyError" in err.splitlines()[-1]
    status, out, _ = run(capsys, "x.T*x", "--wrt", "x", "--json")
    assert status == 3 and "KeyError" in json.loads(out)["error"]


@pytest.mark.parametrize("library", ["lark", "numpy"])
def test_an_incomplete_installation_is_one_line_that_says_what_to_install(library):
    code = f"import sys; sys.modules[{library!r}] = None; from sympy_matcalc import cli; sys.exit(cli.main(['x.T*A*x', '--wrt', 'x']))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert (done.returncode, done.stdout) == (2, "")
    called = TITLES.get(library, f"`{library}`")
    assert done.stderr == f"sympy-matcalc: error: the command line needs {called}: pip install {library}\n"


def test_a_module_of_the_package_that_is_missing_is_a_fault_and_nothing_to_install(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "sympy_matcalc.cli.derive", None)
    status, _, err = run(capsys, "x.T*A*x", "--wrt", "x")
    assert status == 3 and "a fault of the program" in err and "pip install" not in err
