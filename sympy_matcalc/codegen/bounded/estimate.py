"""How many numbers a graph holds at a time beside its arguments and results: a bound from above, as an expression in the sizes."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sympy import Add, Expr, Min, Mul, S, Symbol

from ...errors import MatcalcError
from ..ir.lengths import Unnamed, length
from ..ir.node import Node
from ..ir.op import Memory
from ..schedule import reachable

IN_PLACE = frozenset({"add_diagonal", "add_band"})  # operations that write into an array that is new and has no other use


@dataclass
class Held:
    """kept: the sizes of arrays that are there until the end, of a function or of a tile; passing: of what an operation needs while it is
    computed, of which one is there at a time.
    """

    kept: list[Expr] = field(default_factory=list)
    passing: list[Expr] = field(default_factory=list)

    def add(self, node: Node, is_result: bool) -> None:
        if not node.args:  # an argument, a number
            return
        volume = volume_of(node)
        operands, results = node.kind.room(node)
        for_it = Add(operands * Add(*(volume_of(a) for a in node.args)), results * volume)
        if node.kind.memory is Memory.HELD:  # a factorisation, say, whose arrays are no nodes
            self.kept.append(for_it)
        else:
            self.passing.append(for_it)
        if not is_result and (node.kind.memory in (Memory.OWN, Memory.EITHER) or node.op == "reshape"):
            self.kept.append(volume)


@dataclass
class Estimate:
    """whole: of what is not inside of a loop over tiles; loops: of each loop, by its variable."""

    whole: Held
    loops: dict[int, Held]


def estimate(roots: Sequence[Node], variables: Mapping[int, Node]) -> Estimate:
    """What the graph of some roots holds. variables: those of the loops over tiles, by level."""
    order = reachable(roots)
    uses = Counter(a.number for n in order for a in n.args) + Counter(r.number for r in roots)
    results = {n.number for r in roots for n in _arrays_of(r, uses)}
    levels = {it: level for level, it in variables.items()}
    found = Estimate(Held(), {level: Held() for level in variables})
    for node in order:
        tile = next((levels[it] for it in node.loops if it in levels), None)
        held = found.whole if tile is None else found.loops[tile]
        held.add(node, node.number in results)
        if tile is None and node.loops:  # of an ordinary loop: the array of the one before is there while the next is computed
            held.add(node, False)
    return found


def split(volumes: Sequence[Expr], length_of_tile: Symbol) -> tuple[Expr, Expr]:
    """(numbers of any tile, numbers for each row) of some volumes inside of a loop."""
    fixed = [v for v in volumes if not v.has(length_of_tile)]
    each = [v.xreplace({length_of_tile: S.One}) for v in volumes if v.has(length_of_tile)]
    return Add(*fixed), Add(*each)


def volume_of(node: Node) -> Expr:
    """How many numbers an array has, at most; 0 for a number."""
    if not node.ndim:
        return S.Zero
    return Mul(*(s.replace(Min, lambda *sizes: sizes[0]) for s in node.shape))


def checked(volumes: Sequence[Expr], tile: Symbol | None) -> None:
    """MatcalcError where a size is known only when the function runs."""
    unknown = {s for v in volumes for s in v.free_symbols if isinstance(s, Unnamed) and s != tile}
    if unknown:
        what = "1 size of an array is" if len(unknown) == 1 else f"{len(unknown)} sizes of arrays are"
        raise MatcalcError(
            f"`memory`: {what} known only while the function runs, as in sums over samples of functions of a matrix, "
            "so that no bound can be kept; leave `memory` out"
        )


def length_symbol(node: Node) -> Symbol:
    """The symbol of the length of a tile."""
    found = length(node)
    assert isinstance(found, Symbol)
    return found


def _arrays_of(node: Node, uses: Mapping[int, int]) -> Iterator[Node]:
    """The nodes in whose array a result lies: what it shows a part of, and what is written into that has no other use."""
    while True:
        yield node
        shown = node.kind.memory is Memory.PART and node.op != "reshape"
        written = node.op in IN_PLACE and node.args[0].kind.memory is Memory.OWN and uses[node.args[0].number] == 1
        if not (shown or written):
            return
        node = node.args[0]
