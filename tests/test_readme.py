"""The README is true: its Python runs as doctests, and the output it shows of its first command is what that command prints.

``python tests/test_readme.py`` writes that output into the README anew.
"""

import contextlib
import doctest
import io
import re
import shlex
from pathlib import Path

from sympy_matcalc import cli

PATH = Path(__file__).resolve().parents[1] / "README.md"


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", PATH.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def first_use():
    """(the first command, the output shown below it, what the command prints)."""
    command, _, shown = blocks("console")[0].partition("\n")
    argv = shlex.split(command.split("-m sympy_matcalc ")[1])
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert cli.main(argv) == 0
    return command, shown, out.getvalue()


def rounding_apart(text):
    """Without the size of the rounding error, which differs from machine to machine."""
    return re.sub(r"\d\.\de-\d+", "#", text)


class RoundingApart(doctest.OutputChecker):
    """Compares what is printed but for the size of rounding errors."""

    def check_output(self, want, got, optionflags):
        return super().check_output(rounding_apart(want), rounding_apart(got), optionflags)


def test_python_blocks_run():
    code = "\n".join(blocks("python"))
    test = doctest.DocTestParser().get_doctest(code, {}, "README.md", "README.md", 0)
    assert len(test.examples) > 10
    report = []
    doctest.DocTestRunner(RoundingApart(), optionflags=doctest.NORMALIZE_WHITESPACE).run(test, out=report.append)
    assert not report, "".join(report)


def test_first_use_prints_what_is_shown():
    _, shown, printed = first_use()
    assert rounding_apart(printed) == rounding_apart(shown), "run `python tests/test_readme.py`"


if __name__ == "__main__":
    command, shown, printed = first_use()
    text = PATH.read_text(encoding="utf-8")
    PATH.write_text(text.replace(f"{command}\n{shown}```", f"{command}\n{printed}```", 1), encoding="utf-8")
