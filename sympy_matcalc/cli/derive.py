"""``derive EXPRESSION --wrt X``, or only ``EXPRESSION --wrt X``: the derivative as text and LaTeX, checked numerically."""

import argparse
import textwrap
from typing import Any

import sympy_matcalc as mc

from ..errors import MatcalcError, ParseError
from ..printing import latex
from ..text.functions import help_of_elementwise, help_of_functions
from .asked import by_each, is_scalar, of_reading, read_typed, reading_lines, written
from .options import add_code, add_output, add_question
from .parser import Parser
from .terminal import coloured, labelled

LINE = 80  # characters; of a longer answer, repeated parts get names

EPILOG = """\
commands, in front of the expression; each has its own --help:
  derive      what happens without a command too
  explain     the steps of a derivative, each by a rule with its name
  check       what a formula of your own is to a derivative
  code        value, gradient and Hessian as one function for NumPy, JAX, PyTorch or Dask
  cookbook    the identities of the textbooks that an expression is an instance of
  convert     an expression in another spelling
  serve       the same for editors and agents: JSON lines on standard input and output
  completion  what bash, zsh and fish need to complete words

examples:
  python -m sympy_matcalc "x.T*A*x" --wrt x
  python -m sympy_matcalc "log(det(X))" --wrt X --hessian --form vec
  python -m sympy_matcalc "norm(Y - U*V.T)**2" --wrt U --shape "U: m x 3" --json
  python -m sympy_matcalc "logdet(S)" --wrt S --structure S:symmetric --convention entries
  python -m sympy_matcalc "x'*A*x where A is symmetric" --wrt x --wrt A --code numpy
  python -m sympy_matcalc '\\lVert Xw - y\\rVert_2^2' --wrt w
  python -m sympy_matcalc explain "log(det(X.T*X))" --wrt X --detail 0
  python -m sympy_matcalc check "2*A*x" --of "x.T*A*x" --wrt x
  python -m sympy_matcalc code "norm(X*w - y)**2" --wrt w --hessian
  python -m sympy_matcalc cookbook "logdet(X)" --wrt X
  python -m sympy_matcalc convert "norm(X*w - y)**2" --to latex

grammar, in Python's spelling: names, numbers, pi, + - * @ / **, X.T, X.I (inverse), X.H, entries X[i, j] and x[i]; in MATLAB's
x', .* ./ .^ ^, A\\b, ||x||, [A, B; C, D]; LaTeX; by hand xᵀAx. Declarations stand in front ("A symmetric matrix, x vector; x'*A*x")
or behind the word where. The functions:
{functions}
functions of a scalar, which act entry by entry on vectors and matrices:
{elementwise}

shapes are inferred from use. What use leaves open: a capital is a matrix, h..z a column, a..g, t and small Greek a scalar
(all but t a column where transposed, right behind a matrix, or in a*b'). The shapes are printed; --shape overrides.

exit status: 0 done, 1 the derivative failed its numeric check, 2 a mistake in what was asked, 3 a fault of the program."""


def parser() -> Parser:
    out = Parser(description="Derivative of a matrix expression.", epilog=epilog())
    out.add_argument("expression", help='for example "x.T*A*x"')
    add_question(out)
    out.add_argument("--no-check", action="store_true", help="skip the numeric check")
    add_code(out, None)
    out.add_argument("--latex-only", action="store_true", help="print the derivative's LaTeX, nothing else")
    out.add_argument("--source-only", action="store_true", help="print the derivative's source, nothing else")
    out.add_argument("--version", action="version", version=f"sympy_matcalc {mc.__version__}")
    add_output(out)
    return out


def epilog() -> str:
    elementwise = textwrap.fill(help_of_elementwise(), 116, initial_indent="  ", subsequent_indent="  ")
    return EPILOG.format(functions=textwrap.indent("\n".join(help_of_functions()), "  "), elementwise=elementwise)


# ---- the work
def report(args: argparse.Namespace) -> tuple[Any, bool]:
    """(the report of the variable, or a list of those of several; whether one of the derivatives failed its check)."""
    reports = [derived(one) for one in by_each(args)]
    return reports if len(reports) > 1 else reports[0], any(r["ok"] is False for r in reports)


def derived(args: argparse.Namespace) -> dict[str, Any]:
    """The report: a dict of strings and lists of such, plus ``ok`` (True, False, or None where not checked)."""
    reading, variable = read_typed(args.expression, args)
    kind, result = differentiate(reading.expr, variable, args)
    out = {
        **of_reading(reading, args),
        "wrt": written(variable, args),
        "kind": kind,
        "result": written(result, args),
        "latex": latex(result),
        "conditions": list(mc.conditions(result)),
    }
    out["names"], out["short"] = shortened(result, out["result"], args)
    out["ok"], out["check"], notes = checked(reading.expr, variable, result, args)
    out["notes"] += notes + of_layout(reading.expr, out["wrt"], args)
    out["source"] = sourced(reading, result, args)
    return out


def checked(expr: Any, variable: Any, result: Any, args: argparse.Namespace) -> tuple[bool | None, str, list[str]]:
    """(whether it is right, that in words, what the data of the check had to be)."""
    if args.no_check or args.latex_only or args.source_only:
        return None, "skipped", []
    from ..text.domains import domains
    from .judged import verdict

    ok, text = verdict(expr, variable, result, args)
    return ok, text, domains(expr)[1] if ok is not None else []


def sourced(reading: Any, result: Any, args: argparse.Namespace) -> str:
    """The source, where it is asked for; beside the derivative a comment that says why there is none."""
    if not (args.json or args.code or args.source_only):
        return ""
    from .source import source

    try:
        return source(reading, result, args.code or "numpy")
    except MatcalcError as error:
        if args.source_only:
            raise
        return f"# {error}"


def differentiate(expr: Any, variable: Any, args: argparse.Namespace) -> tuple[str, Any]:
    """('gradient' | 'jacobian' | 'hessian', the derivative)."""
    given = {"assumptions": args.facts, "structure": args.structure, "convention": args.convention}
    if args.order == 2:
        if args.layout == "denominator":
            raise ParseError("`--layout` is of a Jacobian, and a Hessian has none: leave it out with `--order 2`")
        return "hessian", mc.hessian(expr, variable, form=args.form, **given)
    if is_scalar(expr) and args.form in (None, "vech") and args.layout != "denominator":
        return "gradient", mc.gradient(expr, variable, form=args.form, **given)
    return "jacobian", mc.jacobian(expr, variable, layout=args.layout or "numerator", form=args.form, **given)


def of_layout(expr: Any, variable: str, args: argparse.Namespace) -> list[str]:
    """What a layout that was asked for did to the derivative of a scalar: nothing."""
    if not args.layout or args.order == 2 or args.form or not is_scalar(expr):
        return []
    return [f"the derivative of a scalar is of the shape of `{variable}` in both layouts; the row of the numerator layout is its transpose"]


def shortened(result: Any, text: str, args: argparse.Namespace) -> tuple[list[dict[str, str]], str]:
    """([{"name", "part"}, ...], the answer in these names); nothing where it fits on a line, or where no name shortens it."""
    names, short = mc.abbreviate(result) if len(text) > LINE else ((), result)
    parts = [{"name": written(s, args), "part": written(part, args)} for s, part in names]
    return parts, written(short, args) if names else text


# ---- the output
def show(found: Any, args: argparse.Namespace) -> str:
    return "\n\n".join(show_one(r, args) for r in (found if isinstance(found, list) else [found]))


def show_one(found: dict[str, Any], args: argparse.Namespace) -> str:
    if args.latex_only or args.source_only:
        return str(found["latex" if args.latex_only else "source"]).rstrip()
    lines = reading_lines(found)
    lines += [(found["kind"], coloured(found["result"], "strong", args.look))]
    lines += [("where", f"{d['name']} = {d['part']}") for d in found["names"]]
    lines += [("it is", found["short"])] if found["names"] else []
    lines += [("latex", found["latex"])]
    lines += [("conditions", "; ".join(found["conditions"]))] if found["conditions"] else []
    lines += [("check", coloured(found["check"], {True: "green", False: "red", None: "yellow"}[found["ok"]], args.look))]
    source = f"\nsource:\n{textwrap.indent(found['source'].rstrip(), '    ')}" if found["source"] else ""
    return labelled(lines, args.look) + source
