"""``explain EXPRESSION --wrt X``: the steps of a derivative."""

import argparse
from typing import Any

from ..derivations.derivation import Derivation
from ..derivations.explain import STYLES, explain
from ..text.domains import domains
from ..text.reader import Reading
from .asked import by_each, of_reading, read_typed, reading_lines
from .options import add_facts, add_output, add_reading, add_structure
from .parser import Parser
from .terminal import labelled

FORMS = ("text", "unicode", "latex", "document", "markdown", "html")
EPILOG = """\
examples:
  python -m sympy_matcalc explain "log(det(X.T*X))" --wrt X --detail 0
  python -m sympy_matcalc explain "norm(X*w - y)**2" --wrt w --style chain --form latex
  python -m sympy_matcalc explain "logdet(S)" --wrt S --structure S:symmetric --convention entries

exit status: 0 done, 2 a mistake in what was asked, 3 a fault of the program."""


def parser() -> Parser:
    out = Parser("explain", description="The steps of a derivative, each by a rule with its name.", epilog=EPILOG)
    out.add_argument("expression", help='for example "log(det(X.T*X))"')
    out.add_argument("--wrt", required=True, action="append", metavar="X", help="the variable: a name or an entry, X[0,1]; may be repeated")
    out.add_argument("--style", choices=STYLES, default="differential", help="by differentials, or by chain rules of vectors")
    out.add_argument("--detail", type=int, choices=(0, 1, 2), default=1, help="0: as on a board; 2: every rule has a line")
    out.add_argument("--order", type=int, choices=(1, 2), default=1, help="2: the Hessian of a scalar")
    out.add_argument("--hessian", dest="order", action="store_const", const=2, help="the same as --order 2")
    out.add_argument("--form", choices=(*FORMS, "json"), help="how it is printed; document: a whole LaTeX document; default: text")
    add_structure(out)
    add_reading(out)
    add_facts(out)
    add_output(out)
    return out


def report(args: argparse.Namespace) -> tuple[Any, bool]:
    """(the derivation as a dict with what was read, or a list of those of several variables; False)."""
    args.json = args.json or args.form == "json"
    args.found = list(map(explained, by_each(args)))
    if not args.json:
        return {}, False
    parts = [of_reading(reading, args) | derivation.as_dict() for reading, derivation in args.found]
    return parts if len(parts) > 1 else parts[0], False


def explained(args: argparse.Namespace) -> tuple[Reading, Derivation]:
    """What was read, and the derivation by the one variable of these options."""
    reading, variable = read_typed(args.expression, args)
    given = {"assumptions": args.facts, "structure": args.structure, "convention": args.convention}
    return reading, explain(reading.expr, variable, args.style, args.detail, args.order, domains(reading.expr)[0], **given)


def show(found: Any, args: argparse.Namespace) -> str:
    form = args.form or ("unicode" if args.look.unicode else "text")
    lines = reading_lines(of_reading(args.found[0][0], args)) if form in ("text", "unicode") else []
    above = [labelled([line for line in lines if line[0] != "expression"], args.look)] if lines else []
    return "\n\n".join([*above, *(shown(derivation, form) for _, derivation in args.found)])


def shown(found: Derivation, form: str) -> str:
    """A derivation in one of `FORMS`."""
    if form in ("latex", "document"):
        return found.latex(standalone=form == "document")
    if form in ("markdown", "html"):
        return found.markdown() if form == "markdown" else found._repr_html_()
    return found.text(unicode=form == "unicode")
