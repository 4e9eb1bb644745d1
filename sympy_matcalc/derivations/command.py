"""``matcalc explain "x.T*A*x" --wrt x``: the steps of a derivative on the command line."""

import argparse
import json

from ..text import read
from ..text.domains import domains
from ..text.operators import SYNTAXES
from .derivation import Derivation
from .explain import STYLES, explain

FORMS = ("text", "unicode", "latex", "document", "markdown", "html", "json")


def parser() -> argparse.ArgumentParser:
    out = argparse.ArgumentParser("matcalc explain", description="The steps of a derivative, each by a rule with its name.")
    out.add_argument("expression", help='for example "log(det(X.T*X))"')
    out.add_argument("--wrt", required=True, metavar="X", help="the variable: a name, or an entry such as X[0,1]")
    out.add_argument("--style", choices=STYLES, default="differential", help="by differentials, or by chain rules of vectors")
    out.add_argument("--detail", type=int, choices=(0, 1, 2), default=1, help="0: as on a board; 2: every rule has a line")
    out.add_argument("--order", type=int, choices=(1, 2), default=1, help="2: the Hessian of a scalar")
    out.add_argument("--shape", action="append", default=[], metavar='"X: m x n"', help="as without `explain`; may be repeated")
    out.add_argument("--syntax", choices=("auto", *SYNTAXES), default="auto", help="the spelling of the formula; default: as it looks")
    out.add_argument("--form", choices=FORMS, default="text", help="how it is printed; document: a whole LaTeX document")
    out.add_argument("--json", action="store_true", help="everything as one JSON object")
    return out


def run(args: argparse.Namespace) -> tuple[str, int]:
    """(what is printed, exit status). Errors: MatcalcError for what the user can put right."""
    reading = read(args.expression, args.shape, [args.wrt], syntax=args.syntax)
    (variable,) = reading.variables
    found = explain(reading.expr, variable, args.style, args.detail, args.order, domains(reading.expr)[0])
    return shown(found, "json" if args.json else args.form), 0


def shown(found: Derivation, form: str) -> str:
    """A derivation in one of `FORMS`."""
    if form == "json":
        return json.dumps(found.as_dict(), indent=2, ensure_ascii=False)
    if form in ("latex", "document"):
        return found.latex(standalone=form == "document")
    if form in ("markdown", "html"):
        return found.markdown() if form == "markdown" else found._repr_html_()
    return found.text(unicode=form == "unicode")
