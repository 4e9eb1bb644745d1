"""Functions of other languages that are read as what they are written out: ``log1p(x)`` as ``log(1 + x)``, ``slogdet(A)[1]``."""

from collections.abc import Callable
from typing import Any

from sympy import Integer, Rational, pi

from .instead_shapes import fresh
from .tree import Node

Place = tuple[int, int]
OF_ENTRIES = ("of entries",)  # the mark of a sum with a number that says nothing about shapes, as a typed ``1 + x`` does


def number(value: int, place: Place) -> Node:
    return Node("number", (), place, Integer(value))


def called(function: str, place: Place, *args: Node) -> Node:
    return Node("call", args, place, function, kinds=("value",) * len(args))


def plus(a: Node, b: Node, place: Place) -> Node:
    return Node("add", (a, b), place, kinds=OF_ENTRIES)


def is_literal(node: Node) -> bool:
    """A number that is typed as one: ``-1``, ``1/2``."""
    return node.op == "number" or node.op in ("add", "mul", "reciprocal", "pow") and all(map(is_literal, node.args))


def log1p(place: Place, x: Node) -> Node:
    return called("log", place, plus(number(1, place), x, place))


def expm1(place: Place, x: Node) -> Node:
    return plus(called("exp", place, x), number(-1, place), place)


def logaddexp(place: Place, a: Node, b: Node) -> Node:
    """``a + log(1 + exp(b - a))``, of which no exponential can overflow in code; a number is added to each entry of the other."""
    a, b = (b, a) if is_literal(b) else (a, b)
    if a.op == "number" and a.value == 0:
        return log1p(place, called("exp", place, b))
    kinds = OF_ENTRIES if is_literal(a) else ()
    less = Node("mul", (number(-1, place), fresh(a)), place)
    return Node("add", (a, log1p(place, called("exp", place, Node("add", (b, less), place, kinds=kinds)))), place, kinds=kinds)


def of_base(base: int) -> Callable[[Place, Node], Node]:
    """The logarithm of a base."""

    def log(place: Place, x: Node) -> Node:
        return Node("mul", (called("log", place, x), Node("reciprocal", (called("log", place, number(base, place)),), place)), place)

    return log


def square(place: Place, x: Node) -> Node:
    return called("hpow", place, x, number(2, place))


def transpose(place: Place, x: Node) -> Node:
    return Node("T", (x,), place)


def matmul(place: Place, a: Node, b: Node) -> Node:
    return Node("mul", (a, b), place, {1: "@"})


def solve(place: Place, a: Node, b: Node | None = None) -> Node:
    """``A.I*b``; R's of one matrix is the inverse."""
    return Node("I", (a,), place) if b is None else Node("mul", (Node("I", (a,), a.span, "solve"), b), place)


def crossprod(place: Place, a: Node, b: Node | None = None) -> Node:
    return Node("mul", (transpose(a.span, a), fresh(a) if b is None else b), place)


def tcrossprod(place: Place, a: Node, b: Node | None = None) -> Node:
    return Node("mul", (a, transpose(a.span, fresh(a) if b is None else b)), place)


def signdet(place: Place, a: Node) -> Node:
    return called("sign", place, called("det", place, a))


def times(place: Place, *factors: Node) -> Node:
    return Node("mul", factors, place)


def root(place: Place, x: Node) -> Node:
    return called("sqrt", place, x)


def half(place: Place) -> Node:
    return Node("number", (), place, Rational(1, 2))


def normcdf(place: Place, x: Node) -> Node:
    """The distribution function of the standard normal, ``erfc(-x/sqrt(2))/2``, which has all digits in both tails."""
    return times(place, half(place), called("erfc", place, times(place, number(-1, place), root(place, half(place)), x)))


def normlogcdf(place: Place, x: Node) -> Node:
    return called("log", place, normcdf(place, x))


def normlogpdf(place: Place, x: Node) -> Node:
    """Its logarithm is ``-x^2/2 - log(2*pi)/2``."""
    constant = called("log", place, times(place, number(2, place), Node("number", (), place, pi)))
    less = times(place, number(-1, place), half(place), constant)
    return plus(less, times(place, number(-1, place), half(place), square(place, x)), place)


def normpdf(place: Place, x: Node) -> Node:
    """The density of the standard normal, ``exp(-x^2/2)/sqrt(2*pi)``."""
    scale = Node("reciprocal", (root(place, times(place, number(2, place), Node("number", (), place, pi))),), place)
    return times(place, scale, called("exp", place, times(place, number(-1, place), half(place), square(place, x))))


NORMAL = {"cdf": "normcdf", "pdf": "normpdf", "logcdf": "normlogcdf", "logpdf": "normlogpdf"}  # of the standard normal, as methods
WRITTEN_OUT: dict[str, tuple[int, Callable[..., Node]]] = {  # name: how many arguments, what it is; of two one may be left out in R
    "log1p": (1, log1p), "expm1": (1, expm1), "logaddexp": (2, logaddexp), "log2": (1, of_base(2)), "log10": (1, of_base(10)),
    "square": (1, square), "transpose": (1, transpose), "matmul": (2, matmul), "solve": (2, solve),
    "crossprod": (2, crossprod), "tcrossprod": (2, tcrossprod), "abs2": (1, square),
    "normcdf": (1, normcdf), "ndtr": (1, normcdf), "pnorm": (1, normcdf), "normlogcdf": (1, normlogcdf), "log_ndtr": (1, normlogcdf),
    "normpdf": (1, normpdf), "dnorm": (1, normpdf), "normlogpdf": (1, normlogpdf),
}  # fmt: skip
OF_ONE = ("solve", "crossprod", "tcrossprod")
SIGN, LOGARITHM = ("0", "sign"), ("1", "logabsdet", "logdet")  # the parts of what `slogdet` returns


def written_out(reader: Any, name: str, args: list[Any], place: Place) -> Node:
    """The node of the call of such a function."""
    count, make = WRITTEN_OUT[name]
    if not count - (name in OF_ONE) <= len(args) <= count or any(a.data in ("keyword", "starred") for a in args):
        wants = f"it takes {count}{' or 1' * (name in OF_ONE)}, given by position"
        raise reader.source.error(place[0], f"`{name}` got {len(args)} argument{'s' * (len(args) != 1)}", wants)
    return make(place, *map(reader.read, args))


def part_of_slogdet(reader: Any, called: Any, suffix: Any, start: int) -> Node:
    """``slogdet(A)[1]``, ``slogdet(A).logabsdet``: one of the two numbers that it returns."""
    is_entry = getattr(suffix, "data", "") == "entry" and len(suffix.children) == 1
    index = suffix.children[0] if is_entry else None
    part = str(suffix) if not is_entry else str(index.children[0]) if index is not None and index.data == "number" else ""
    if len(called.children) != 1 or part not in (*SIGN, *LOGARITHM):
        instead = "write `slogdet(A)[1]` for the logarithm of the absolute value, `slogdet(A)[0]` for the sign"
        raise reader.source.error(start, "`slogdet` returns two numbers", instead)
    place = start, reader.span(suffix)[1]
    return signdet(place, reader.read(called.children[0])) if part in SIGN else reader.call("logabsdet", called.children, place)
