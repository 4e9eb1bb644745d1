"""The options that several commands have."""

from ..facts import PREDICATES
from ..structure import CONVENTIONS, DEFAULT, REASON, STRUCTURES
from ..text.operators import SYNTAXES
from .parser import Parser

LIBRARIES = ("numpy", "jax", "torch", "dask")


def add_reading(out: Parser) -> None:
    """The options that say how a text is read."""
    out.add_argument("--syntax", choices=("auto", *SYNTAXES), default="auto", help="the spelling of the formula; default: as it looks")
    out.add_argument("--shape", action="append", default=[], metavar='"X: m x n"', help='also "v: n" and "t: scalar"; may be repeated')


def add_facts(out: Parser) -> None:
    words = f"facts that shorten the answer: {', '.join(PREDICATES)}; may be repeated"
    out.add_argument("--assume", action="append", default=[], metavar='"symmetric: A, S"', help=words)


def add_structure(out: Parser) -> None:
    out.add_argument("--structure", metavar="X:symmetric", help=f"what the variable is: {', '.join(STRUCTURES)}")
    out.add_argument("--convention", choices=CONVENTIONS, help=f"of a derivative with structure; default {DEFAULT}, {REASON}")


def add_question(out: Parser) -> None:
    """The options that say which derivative is meant."""
    out.add_argument("--wrt", required=True, action="append", metavar="X", help="the variable: a name or an entry, X[0,1]; may be repeated")
    out.add_argument("--order", type=int, choices=(1, 2), default=1, help="2: the Hessian of a scalar")
    out.add_argument("--hessian", dest="order", action="store_const", const=2, help="the same as --order 2")
    out.add_argument("--form", choices=("vec", "vech"), help="vec: d vec F / d vec(X)', columns stacked; vech: by the free parameters")
    add_structure(out)
    out.add_argument("--layout", choices=("numerator", "denominator"), help="layout of a Jacobian, default numerator")
    add_reading(out)
    add_facts(out)


def add_code(out: Parser, default: str | None) -> None:
    words = f"the library of the code{f', default {default}' if default else ', which is printed with it'}"
    out.add_argument("--code", choices=LIBRARIES, default=default, help=words)


def add_output(out: Parser) -> None:
    out.add_argument("--json", action="store_true", help="everything as JSON, mistakes too")
    out.add_argument("--plain", action="store_true", help="no colours and ASCII signs on a terminal too, as in a pipe or with NO_COLOR")
