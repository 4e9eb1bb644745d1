"""Batches: arguments with a leading axis of examples, in `lambdify(..., batch=[...])`.

Where a library has a vectorising map of its own (`jax.vmap`, `torch.func.vmap`), the function of one example is written, and mapped. NumPy
has none: there the axis is a label like the index of a sum, so that products, reductions and linear algebra are those of stacks.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sympy import Dummy, IndexedBase, Symbol

from ..errors import MatcalcError
from ..indices import matrix_of_base
from ..indices.access import name_of
from .intake import Parameter
from .ir.labels import Label
from .ir.node import Node
from .lower import shape_of
from .signature import described
from .values import Val


def chosen(
    batch: Any, parameters: Sequence[Parameter], sizes: Collection[Symbol], items: Sequence[Any] = (), option: str = "batch"
) -> list[Parameter]:
    """The parameters that an option of `lambdify`, `batch` say, names, in their order. items: expressions with the matrices of bases.

    Errors: MatcalcError for what is no argument, is there twice, or has to be the same for all examples: an integer, a size.
    """
    if batch is None:
        return []
    named = list(batch) if isinstance(batch, (list, tuple, set, frozenset)) else [batch]
    by_symbol = {p.symbol: p for p in parameters}
    bases = [s for s in named if isinstance(s, IndexedBase) and name_of(s) in {str(p.symbol) for p in parameters}]
    named = [matrix_of_base(s, *(p.symbol for p in parameters), *items) if s in bases else s for s in named]
    for s in named:
        if s not in by_symbol:
            raise _not_an_argument(s, parameters, option)
        if named.count(s) > 1:
            raise MatcalcError(f"`{s}` is twice in `{option}`; give it once")
        if isinstance(s, Symbol) and (s.is_integer or s in sizes):
            raise MatcalcError(f"`{s}` in `{option}` is an integer or a size, which is one for all; leave it out of `{option}`")
    return [p for p in parameters if p.symbol in named]


def _not_an_argument(s: Any, parameters: Sequence[Parameter], option: str) -> MatcalcError:
    """The error for what an option names and is no argument."""
    given = ", ".join(f"`{p.symbol}`" for p in parameters)
    same = [p.symbol for p in parameters if str(p.symbol) == str(s)]
    if isinstance(s, str):
        how = f": leave the quotes out, `{option}={s}`" if same else ""
        what = f"`{option}` takes the symbols of arguments of `lambdify`, which are {given}, not their names; got the string {s!r}{how}"
        return MatcalcError(what)
    other = f", which is another symbol: the argument is {described(same[0])}, this one is {described(s)}" if same else ""
    return MatcalcError(f"`{option}` names arguments of `lambdify`, which are {given}; got `{s}`{other}")


@dataclass(frozen=True)
class Stack:
    """An argument with the axis of the batch before its own, of which those of length 1 are left out."""

    name: str
    shape: tuple

    def __str__(self) -> str:
        return self.name


class Batch:
    """The batch of a function of stacks: the size of its axis, and its arguments as they are passed."""

    def __init__(self, parameters: Iterable[Parameter]) -> None:
        self.size: Any = Dummy("batch", integer=True, positive=True)
        self.label = Label(self.size, index=True)
        self.stacks = {p.symbol: self._stacked(p) for p in parameters}

    def _stacked(self, p: Parameter) -> Parameter:
        shape = (self.size, *(s for s in p.shape if s != 1))
        return Parameter(Stack(str(p.symbol), shape), "", shape, example=p.shape)

    def parameter(self, p: Parameter) -> Parameter:
        """The parameter as it is passed: with the axis of the batch where it has one."""
        return self.stacks.get(p.symbol, p)

    def bindings(self, graph: Any) -> dict[Any, Val]:
        """What lowering has in the place of the arguments."""
        return {s: self._value(graph, p) for s, p in self.stacks.items()}

    def _value(self, graph: Any, p: Parameter) -> Val:
        axes = (k for k, s in enumerate(p.example or ()) if s != 1)
        return Val(graph.make("arg", (), (p.symbol,), weak=False), (self.label, *axes))

    def result(self, ctx: Any, e: Any) -> tuple[Node, tuple]:
        """(node, shape) of an expression: the axis of the batch is the first, and the only one of numbers and matrices of one entry."""
        shape = shape_of(e)
        live = [k for k, s in enumerate(shape) if s != 1]
        val = ctx.dense(ctx.low(e), shape)
        node = val.node
        if self.label not in val.labels:  # the same for all examples
            node = ctx.graph.full(node, [ctx.size(s) for s in (self.size, *(shape[k] for k in live))])
        return node, (self.size, *shape) if live else (self.size,)
