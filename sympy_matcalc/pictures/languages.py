"""The graph as text: boxes, edges and labels; for Graphviz, for Mermaid."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from sympy import MatrixSymbol, Symbol
from sympy.matrices.expressions import DiagMatrix
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction

from ..errors import MatcalcError
from ..kernel.shapes import is_matrix
from ..kernel.walks import holds
from ..nodes import Einsum
from ..text import to_text
from .escaping import dot as quoted
from .escaping import mermaid as entities
from .escaping import shortened


class Drawn(NamedTuple):
    """What is drawn in a box: its text, and what kind of box it is, "input", "operation", "output" or "cotangent"."""

    name: str
    text: str
    kind: str


class Edge(NamedTuple):
    """An arrow between two boxes, by name, with its label."""

    start: str
    end: str
    label: str


def text_of(e: Any) -> str:
    """An expression as it is typed, a function of the entries of u as that of u; as SymPy prints it where it has no typed form."""
    if isinstance(e, DiagMatrix) and isinstance(e.args[0], ElementwiseApplyFunction):
        return f"diag({text_of(e.args[0])})"
    if isinstance(e, ElementwiseApplyFunction) and isinstance(e.expr, MatrixSymbol):
        e = e.function(Symbol(e.expr.name))
    try:
        return str(to_text(e))
    except (MatcalcError, NotImplementedError, TypeError, AttributeError):
        return str(e)


def shape_text(e: Any) -> str:
    """``m \N{MULTIPLICATION SIGN} n``, or "scalar"."""
    return " \N{MULTIPLICATION SIGN} ".join(text_of(s) for s in e.shape) if is_matrix(e) else "scalar"


def forward(graph: Any) -> tuple[list[Drawn], list[Edge]]:
    """The boxes and edges of the computation; edges say the shape of what goes along them."""
    ids = ids_of(graph)
    boxes = [Drawn(ids[s], text_of(s), "input") for s in graph.inputs]
    for op in graph.operations:
        kind = "output" if op is graph.operations[-1] else "operation"
        boxes.append(Drawn(ids[op.symbol], f"{text_of(op.symbol)} = {text_of(op.value)}", kind))
    if not graph.operations and not graph.inputs:
        boxes.append(Drawn("f1", text_of(graph.expression), "output"))
    edges = [Edge(ids[s], ids[op.symbol], shape_text(s)) for op in graph.operations for s in op.operands]
    return boxes, edges


def backward(graph: Any) -> tuple[list[Drawn], list[Edge]]:
    """The boxes and edges of the backward pass: cotangents, multiplied with the local Jacobians on their way.

    What the operation itself gives has its name there: diag(u2) - u2 u2' of u2 = softmax(u1).
    """
    if not graph.variables:
        return [], []
    ids = {s: "b" + name[1:] for s, name in ids_of(graph).items()}
    reached = [s for s in ids if s in graph.reaching]
    seed = f" = {text_of(graph.seed)}"
    boxes = [Drawn(ids[s], _partial(graph.output, s) + (seed if s == graph.output else ""), "cotangent") for s in reached]
    values = {op.symbol: op.value for op in graph.operations}
    edges = [
        Edge(ids[s], ids[operand], f"\N{MULTIPLICATION SIGN} {_factor(s, operand, J.xreplace({values[s]: s}))}")
        for (s, operand), J in reversed(graph.local_jacobians.items())
    ]
    return boxes, edges


def _partial(of: Any, by: Any) -> str:
    return f"\N{PARTIAL DIFFERENTIAL}{text_of(of)}/\N{PARTIAL DIFFERENTIAL}{text_of(by)}"


def _factor(of: Any, by: Any, jacobian: Any) -> str:
    """The text of a local Jacobian; its name where it has no matrix notation."""
    return _partial(of, by) if holds(jacobian, (Einsum,)) else text_of(jacobian)


def ids_of(graph: Any) -> dict[Any, str]:
    """A plain name for each box; no text of the expression is in it."""
    symbols = [*graph.inputs, *(op.symbol for op in graph.operations)]
    return {s: f"f{k}" for k, s in enumerate(dict.fromkeys(symbols), 1)}


SHAPES = {"input": "ellipse", "operation": "box", "output": "box", "cotangent": "box"}


def dot(graph: Any) -> str:
    """The language of Graphviz, forward and backward pass each in a cluster."""

    def lines() -> Iterator[str]:
        for title, (boxes, edges) in (("forward", forward(graph)), ("backward", backward(graph))):
            if boxes:
                yield f'  subgraph "cluster_{title}" {{ label="{title}"; color="gray80";'
                for b in boxes:
                    style = ", penwidth=2" if b.kind == "output" else ""
                    yield f"    {b.name} [label={quoted(shortened(b.text))}, tooltip={quoted(b.text)}, shape={SHAPES[b.kind]}{style}];"
                yield "  }"
            for e in edges:
                back = ", dir=back" if title == "backward" else ""
                ends = f"{e.end} -> {e.start}" if back else f"{e.start} -> {e.end}"
                yield f"  {ends} [label={quoted(shortened(e.label))}, tooltip={quoted(e.label)}{back}];"

    return "\n".join(["digraph dataflow {", '  node [fontname="monospace"]; edge [fontname="monospace", fontsize=10];', *lines(), "}"])


def mermaid(graph: Any) -> str:
    """The language of Mermaid."""

    def lines() -> Iterator[str]:
        for title, (boxes, edges) in (("forward", forward(graph)), ("backward", backward(graph))):
            if boxes:
                yield f"  subgraph {title}"
                for b in boxes:
                    opening, closing = ("([", "])") if b.kind == "input" else ("[", "]")
                    yield f"    {b.name}{opening}{entities(shortened(b.text))}{closing}"
                yield "  end"
            for e in edges:
                yield f"  {e.start} -->|{entities(shortened(e.label))}| {e.end}"

    return "\n".join(["flowchart TD", *lines()])
