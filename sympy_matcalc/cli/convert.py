"""``convert TEXT --to latex``: an expression in another spelling."""

import argparse
from typing import Any

from ..printing import latex
from ..text import read, to_text
from ..text.matlab_text import to_matlab
from ..text.unicode import to_unicode
from .options import add_output, add_reading
from .parser import Parser
from .source import source

WRITERS = {"python": to_text, "matlab": to_matlab, "latex": latex, "unicode": to_unicode}
EPILOG = """\
examples:
  python -m sympy_matcalc convert "norm(X*w - y)**2" --to latex
  python -m sympy_matcalc convert '\\lVert Xw - y\\rVert_2^2' --to matlab
  python -m sympy_matcalc convert "x'*A*x" --to numpy

The result is printed alone; with --json also the shapes and what reading assumed. Each spelling but numpy can be read again.

exit status: 0 done, 2 a mistake in what was asked, 3 a fault of the program."""


def parser() -> Parser:
    out = Parser("convert", description="An expression in another spelling.", epilog=EPILOG)
    out.add_argument("expression", help="in any spelling")
    out.add_argument("--to", choices=(*WRITERS, "numpy"), default="python", help="the spelling that is asked for; numpy: as a function")
    add_reading(out)
    add_output(out)
    return out


def report(args: argparse.Namespace) -> tuple[dict[str, Any], bool]:
    """(the text in the other spelling with what was read; False)."""
    reading = read(args.expression, args.shape, syntax=args.syntax)
    text = source(reading, reading.expr) if args.to == "numpy" else WRITERS[args.to](reading.expr)
    out = {"expression": to_text(reading.expr), "to": args.to, "result": text, "shapes": reading.shapes}
    return {**out, "conventions": reading.conventions, "notes": list(reading.notes), "facts": list(reading.facts)}, False


def show(found: dict[str, Any], args: argparse.Namespace) -> str:
    return str(found["result"]).rstrip()
