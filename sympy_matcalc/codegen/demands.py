"""What a function asks of its arguments beyond their shapes: real numbers, a precision that linear algebra has, sizes that are not 0.

It is read off the graph and asked for where the arguments come in, so that NumPy, and every other library, says the same by name.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sympy import Expr, Min, Mul, Symbol

from .ir.lengths import length
from .ir.node import Node

REAL_OF_COMPLEX = {"abs", "real", "imag", "angle"}  # functions whose value is real, whatever they are of
OF_REAL_NUMBERS = {"maximum", "minimum", "heaviside", "mod", "floor", "ceil", "round", "arctan2", "cbrt", "hypot"}
ORDER = {"<", "<=", ">", ">="}
OF_SOME_ENTRY = {"softmax", "log_softmax", "logsumexp", "max", "min", "hardmax", "p_norm"}  # reductions that have no value for no entries
OF_SOME_MATRIX = {"matrix_function", "frechet_sqrt", "block_triangular"}  # SciPy has none of them of an empty matrix

OF_NONE = {
    *OF_SOME_ENTRY,
    *OF_SOME_MATRIX,
    "stack",
    "simple",
    "distinct",
    "index",
    "slice",
}  # operations that may have no value for a size of 0


@dataclass
class Demands:
    """real: arguments of which a complex one is refused. linalg: those whose precision linear algebra, or a special function, has to have.
    sizes: sizes that may not be 0, and whether for the sake of an entry that is asked for by its index.
    """

    real: set[Any] = field(default_factory=set)
    linalg: set[Any] = field(default_factory=set)
    sizes: dict[Expr, bool] = field(default_factory=dict)

    def add_planned(self, order: Sequence[Node], backend: Any) -> None:
        """What the nodes of a plan ask for."""
        in_double = backend.special_in_double
        meeting = [a.number for node in order if node.kind.linalg(node) or in_double and special_name(node) for a in node.args]
        if meeting:
            below = arguments_below(order, is_cut=lambda node: node.op == "size")
            self.linalg.update(*(below[number] for number in meeting))
        for node in order:
            if not node.loops and (node.op in OF_NONE or not node.ndim and node.op == "mul"):
                for size, is_index in nonempty_sizes(node):
                    self.sizes[size] = self.sizes.get(size, False) or is_index
        self.real |= real_arguments(order, lambda node: special_name(node) not in {"", *backend.special_of_complex})


def real_arguments(order: Sequence[Node], is_of_real: Callable[[Node], bool], marked: Iterable[int] = ()) -> set[Any]:
    """The arguments that a function of real numbers meets; `marked`: numbers of nodes whose values have to be real besides."""
    meeting = [a.number for node in order if is_of_real(node) for a in node.args]
    if not meeting and not marked:
        return set()
    below = arguments_below(order, _is_real)
    return set().union(*(below.get(number, ()) for number in (*meeting, *marked))) - {DATA}


DATA = "the dtype that all arrays have in common"


def arguments_below(order: Sequence[Node], is_cut: Callable[[Node], bool]) -> dict[int, frozenset[Any]]:
    """For each node the arguments that its value comes from; nothing passes a node that is cut."""
    below: dict[int, frozenset[Any]] = {}
    for node in order:
        if node.op in ("arg", "sym"):
            below[node.number] = frozenset([node.attrs[0]])
        elif node.op == "dtype":
            below[node.number] = frozenset([DATA])
        else:
            below[node.number] = frozenset() if is_cut(node) else frozenset().union(*(below[a.number] for a in node.args))
    return below


def _is_real(node: Node) -> bool:
    return node.op in ("norm", "p_norm", "compare", "size") or node.op == "call" and node.attrs[0] in REAL_OF_COMPLEX


def is_of_real_numbers(node: Node) -> bool:
    if node.op == "call":
        return node.attrs[0] in OF_REAL_NUMBERS
    return node.op in ("max", "min", "hardmax", "svd") or node.op == "compare" and node.attrs[0] in ORDER


def special_name(node: Node) -> str:
    """What SciPy calls a special function; "" for all else."""
    name = node.attrs[0] if node.op == "call" else ""
    return name.removeprefix("special.") if name.startswith("special.") else ""


# ---- sizes
def nonempty_sizes(node: Node) -> Iterator[tuple[Expr, bool]]:
    """(size, whether an entry at an index is asked for) for each size that may not be 0 if the node is to have a value."""
    shape = node.args[0].shape if node.args else ()
    if node.op in OF_SOME_ENTRY:
        yield from ((size, False) for k in node.attrs for size in factors(shape[k]))
    elif node.op in OF_SOME_MATRIX and node.attrs != ("expm",):
        yield from ((size, False) for size in factors(shape[0]))
    elif node.op == "distinct":
        yield from ((size, False) for size in factors(node.args[1].shape[0]))
    elif node.op == "stack":
        yield from ((size, False) for size in factors(node.shape[1]))
    elif node.op == "simple":
        yield from ((size, True) for size in factors(shape[0]))
    elif node.op in ("index", "slice"):
        yield from ((size, True) for k in first_entries(node) for size in factors(shape[k]))
    else:
        yield from ((size, False) for a in node.args if is_reciprocal(a) for size in factors(length(a.args[0])))


def first_entries(node: Node) -> Iterator[int]:
    """The axes of which an access takes entry 0. All other indices are checked as they are used."""
    rest = iter(node.args[1:])
    for k, kind in enumerate(node.attrs):
        operands = [next(rest) for _ in range(0 if kind is None else 3 if kind == "slice" else 1)]
        if len(operands) == 1 and operands[0].value == 0:
            yield k


def is_reciprocal(node: Node) -> bool:
    """One over a size, as in a mean."""
    if node.op != "pow" or node.ndim or not node.args[0].integer:
        return False
    exponent = node.args[1].value
    return isinstance(exponent, (int, float)) and exponent < 0


def factors(size: Expr) -> Iterator[Expr]:
    """The sizes none of which may be 0 if this one may not."""
    if isinstance(size, (Mul, Min)):
        for part in size.args:
            yield from factors(part)
    elif isinstance(size, Symbol) or not size.is_number:
        yield size
