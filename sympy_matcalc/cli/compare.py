"""``check FORMULA --of EXPRESSION --wrt X``: what a formula of one's own is to the derivative."""

import argparse
from typing import Any

from ..verdicts.typed import typed_verdict
from ..verdicts.typed import written as as_typed
from .asked import read_typed, written
from .options import add_output, add_question
from .parser import Parser
from .terminal import coloured, labelled

EPILOG = """\
examples:
  python -m sympy_matcalc check "2*A*x" --of "x.T*A*x" --wrt x
  python -m sympy_matcalc check "2*inv(S)" --of "logdet(S)" --wrt S --structure S:symmetric --convention entries

Your formula is compared with the derivative as an expression, and at random points. The shapes are those of the expression.

--json gives the same keys whatever is found; what does not apply is null, or an empty list:
  kind               "right", "transposed", "scaled", "right if", "other convention", "sign", "missing term", "wrong shape", "wrong"
  also, note         kinds of further faults; which form, layout or convention the formula is in
  sentence           all of it in words
  mine, expression, wrt, derivative, answer, answer_latex   what was asked, and the gradient, jacobian or hessian that is right
  factor, terms      the formula is this times the derivative; of single terms, which
  difference         what has to be added to the formula
  condition, condition_words, convention                    of "right if" and of "other convention"
  counterexample     of "wrong": sizes, data, entry, and the two values there, mine and derivative
  points, sizes      how many random points were compared, of which sizes
  exact, digits      whether the difference simplifies to 0; to how many digits the two are known to agree, null for all
  shapes, conventions, notes   how the texts were read
  ok                 whether the formula is right

exit status: 0 right, 1 not right, or right under a condition only, 2 a mistake in what was asked, 3 a fault of the program."""


def parser() -> Parser:
    out = Parser("check", description="What a formula of your own is to a derivative.", epilog=EPILOG)
    out.add_argument("mine", help='your formula, for example "2*A*x"')
    out.add_argument("--of", required=True, metavar="EXPRESSION", help='what it is meant to be the derivative of: "x.T*A*x"')
    add_question(out)
    add_output(out)
    return out


def report(args: argparse.Namespace) -> tuple[dict[str, Any], bool]:
    """(what `Verdict.as_dict` has, with shapes and notes of what was read; whether the formula is not right)."""
    reading, _ = read_typed(args.of, args)
    given = {"form": args.form, "layout": args.layout or "numerator", "structure": args.structure, "convention": args.convention}
    found = typed_verdict(args.mine, reading, args.order, assumptions=args.facts, **given)
    how = as_typed if not args.look.unicode else lambda e: e if isinstance(e, str) else written(e, args)
    out = {
        **found.as_dict(how),
        "shapes": reading.shapes,
        "conventions": reading.conventions,
        "notes": list(reading.notes),
        "ok": bool(found),
    }
    return out, not out["ok"]


def show(found: dict[str, Any], args: argparse.Namespace) -> str:
    shapes = ", ".join(f"{name}: {shape}" for name, shape in found["shapes"].items())
    lines = [("shapes", shapes), ("expression", found["expression"]), ("yours", found["mine"])]
    lines += [("note", note) for note in found["notes"]]
    lines += [(found["derivative"], found["answer"])]
    lines += [("verdict", coloured(found["sentence"], "green" if found["ok"] else "red", args.look))]
    return labelled(lines, args.look)
