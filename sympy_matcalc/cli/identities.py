"""``cookbook EXPRESSION``: the identities of the textbooks that an expression is an instance of, or that words name."""

import argparse
from typing import Any

from ..cookbook.lookup import Match, matches, search
from ..errors import ParseError
from ..text import read
from .asked import of_reading, reading_lines, written
from .options import add_output, add_reading
from .parser import Parser
from .progress import progress
from .terminal import coloured, labelled

EPILOG = """\
examples:
  python -m sympy_matcalc cookbook "logdet(X)" --wrt X
  python -m sympy_matcalc cookbook "norm(B*u - c)**2" --wrt u --json
  python -m sympy_matcalc cookbook --find "trace resolvent"

Symbols of an identity stand for parts of the expression; the nearest comes first. A bar on stderr shows how far it is, on a terminal.

exit status: 0 done, 1 no identity fits, 2 a mistake in what was asked, 3 a fault of the program."""
AT_MOST = 10


def parser() -> Parser:
    out = Parser("cookbook", description="The identities of the textbooks that fit.", epilog=EPILOG)
    out.add_argument("expression", nargs="?", help='for example "logdet(X)"')
    out.add_argument("--wrt", metavar="X", help="the variable; default: any that an identity is about")
    out.add_argument("--find", metavar="WORDS", help="the identities with these words in their number, title or source")
    out.add_argument("--most", type=int, default=AT_MOST, metavar="N", help=f"how many are shown at most, default {AT_MOST}")
    add_reading(out)
    add_output(out)
    return out


def report(args: argparse.Namespace) -> tuple[dict[str, Any], bool]:
    """(what was read, and what was found as dicts; whether nothing was)."""
    if (args.expression is None) == (args.find is None):
        raise ParseError(f"`cookbook` got `{args.expression}` and `--find {args.find}`: write an expression, or words behind `--find`")
    if args.find is not None:
        found, read_as = search(args.find), {}
    else:
        reading = read(args.expression, args.shape, [args.wrt] if args.wrt else [], syntax=args.syntax)
        found = matches(reading.expr, reading.variables[0] if args.wrt else None, progress("chapters of the cookbook", args))
        read_as = of_reading(reading, args)
    return {**read_as, "found": [as_dict(f, args) for f in found[: args.most]], "count": len(found)}, not found


def as_dict(found: Any, args: argparse.Namespace) -> dict[str, Any]:
    """An identity; of a match with what its symbols stand for and the derivative of what was typed."""
    identity = found.identity if isinstance(found, Match) else found
    out = {"number": identity.number, "title": identity.title, "source": identity.source, "kind": identity.kind}
    out |= {
        "identity": written(identity.expression, args),
        "by": written(identity.variable, args),
        "is": written(identity.derivative, args),
    }
    if isinstance(found, Match):
        out["here"] = {written(s, args): written(part, args) for s, part in found.substitution.items()}
        out |= {"wrt": written(found.variable, args), "derivative": written(found.derivative, args)}
    return out


def show(found: dict[str, Any], args: argparse.Namespace) -> str:
    parts = [labelled(reading_lines(found), args.look)] if "shapes" in found else []
    parts += [show_one(one, args) for one in found["found"]]
    left = found["count"] - len(found["found"])
    parts += [f"... and {left} more; `--most {found['count']}` shows all"] if left else []
    return "\n\n".join(parts if found["found"] else [*parts, "no identity of the cookbook fits"])


def show_one(one: dict[str, Any], args: argparse.Namespace) -> str:
    lines = [coloured(f"{one['number']}  {one['title']}  [{one['source']}]", "strong", args.look)]
    lines += [f"    {one['kind']} of {one['identity']} by {one['by']}: {one['is']}"]
    if "derivative" in one:
        here = ", ".join(f"{name} = {part}" for name, part in one["here"].items() if name != part)
        lines += [f"    here {here}" if here else "    as it stands", f"    by {one['wrt']}: {one['derivative']}"]
    return "\n".join(lines)
