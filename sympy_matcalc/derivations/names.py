"""What textbooks call the moves that bring a differential into the form in which the derivative is read off."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from sympy import Add, Mul, Piecewise, Sum, Trace
from sympy.matrices.expressions import BlockMatrix, DiagMatrix, HadamardProduct, KroneckerProduct, MatAdd, MatMul, MatrixSlice, Transpose
from sympy.matrices.expressions.diagonal import DiagonalMatrix, DiagonalOf
from sympy.matrices.expressions.matexpr import MatrixElement

from ..nodes import MatrixSum, Vec
from ..rules.registry import RuleName, name_of_rule
from .node import Differential

SILENT = {"transpose", "entry"}
FREE = SILENT | {"constant factor", "sum rule", "product rule", "power rule", "chain rule"}
UNNAMED = {"sum", "factors in front", "trace"}  # which change nothing in what is written, or only where a number stands
TRIVIAL = UNNAMED | {"trace of a sum", "a scalar as a trace"}
ADJOINT = "adjoint "  # of an operator for which textbooks have no such rule
COLLECTING = "collecting terms"
MOVES = {
    MatAdd: "trace of a sum",
    Add: "sum",
    MatMul: "cyclic property of the trace",
    Mul: "factors in front",
    Transpose: "trace of a transpose",
    Trace: "trace",
    HadamardProduct: "tr(A'(B o C)) = tr((A o B)'C)",
    MatrixElement: "a scalar as a trace",
    DiagMatrix: "tr(A' diag(v)) = vecdiag(A)'v",
    DiagonalOf: "a' vecdiag(B) = tr(diag(a) B)",
    DiagonalMatrix: "tr(A'(B o I)) = tr((A o I)'B)",
    KroneckerProduct: "adjoint of a Kronecker product",
    Vec: "vec(A)' vec(B) = tr(A'B)",
    MatrixSlice: "zeros around a slice",
    BlockMatrix: "trace of blocks",
    MatrixSum: "trace of a sum",
    Sum: "sum",
    Piecewise: "each piece",
}
TIMES = {2: "twice"}
OF_VECTORS = {
    "cyclic property of the trace": "moving factors",
    "trace of a transpose": "a scalar is its own transpose",
    "tr(A'(B o C)) = tr((A o B)'C)": "a'(b o c) = (a o b)'c",
    "a scalar as a trace": "sum",  # there is none
}


def is_silent(name: str) -> bool:
    """Whether a rule needs no line of its own unless all are asked for."""
    return name in SILENT or name.startswith("linearity")


def is_turning(name: str) -> bool:
    """Whether a rule is d(A') = (dA)', for which nobody writes a line."""
    return name == "transpose"


def is_free(name: str) -> bool:
    """Whether a lecturer uses a rule without a line of its own."""
    return name in FREE or name.startswith("linearity")


def name_of_move(node: Any, of_vector: bool) -> str:
    """How a linear node is gone through when everything but dX is moved away from dX."""
    found = next((MOVES[cls] for cls in type(node).__mro__ if cls in MOVES), None)
    found = f"{ADJOINT}({name_of_rule(node).name})" if found is None else found
    return OF_VECTORS.get(found, found) if of_vector else found


def worth_naming(names: Iterable[str]) -> str:
    """The names of moves, each once, without those that go without saying."""
    return ", ".join(dict.fromkeys(n for n in names if n not in TRIVIAL)) or COLLECTING


def moves_named(names: Iterable[str], before: Any, after: Any) -> str:
    """The names of the moves from a line to the next, each with how many times it does that; and that terms are collected, if they are."""
    found = [n for n in names if n not in UNNAMED]
    collected = len(Add.make_args(before)) > len(Add.make_args(after)) and not isinstance(before, Differential)
    return counted([*found, *([COLLECTING] if collected or not found else [])])


def counted(names: Iterable[str]) -> str:
    """The names of what one line does, each with how many times it does that."""
    return ", ".join(name + (f" ({TIMES.get(count, f'{count} times')})" if count > 1 else "") for name, count in Counter(names).items())


def joined(names: list[RuleName], detail: int) -> tuple[str, str]:
    """(the names of rules, their sources), each once; what needs no line is named only where there is nothing else."""
    free = {0: is_free, 1: is_silent}.get(detail)
    loud = [n for n in names if not free(n.name)] if free else []
    loud = names if detail == 2 else loud or [n for n in names if not is_silent(n.name)] or names
    found = [n.name for n in loud]
    return counted(found) if detail == 2 else ", ".join(dict.fromkeys(found)), one_book(dict.fromkeys(n.source for n in loud if n.source))


def one_book(sources: Iterable[str]) -> str:
    """Places in books, a book that comes right again named once: "Magnus & Neudecker, ch. 8, sec. 3; ch. 8, sec. 4"."""
    out: list[str] = []
    before = ""
    for source in sources:
        book, comma, place = source.partition(", ")
        out.append(place if comma and book == before else source)
        before = book
    return "; ".join(out)
