"""The text of a node, for people: as in mathematics where it is arithmetic, else ``operation(operands; attributes)``."""

from .node import Node

SUM, PRODUCT, POWER, ATOM = range(4)  # how tightly a text holds together


def text_of(node: Node) -> str:
    """The text of a node with all that it is made of.

    >>> from sympy import MatrixSymbol
    >>> from sympy_matcalc.codegen.ir.graph import Graph
    >>> g = Graph()
    >>> X, two = g.make("arg", (), (MatrixSymbol("X", 2, 3),)), g.const(2)
    >>> print(text_of(g.mul(two, g.add(g.pow(X, two), g.call("exp", g.transpose(X))))))
    2*(X**2 + exp(X.T))
    """
    return _text(node)[0]


def _text(node: Node) -> tuple[str, int]:
    if node.op == "const":
        return str(node.value), ATOM
    if node.op in ("arg", "sym"):
        return str(node.attrs[0]), ATOM
    if node.op == "add":
        return " + ".join(_within(a, PRODUCT) for a in node.args), SUM
    if node.op == "mul":
        return "*".join(_within(a, POWER) for a in node.args), PRODUCT
    if node.op == "pow":
        return "**".join(_within(a, ATOM) for a in node.args), POWER
    if node.op == "view" and node.attrs == (1, 0):
        return f"{_within(node.args[0], ATOM)}.T", ATOM
    if node.op == "call":
        return f"{node.attrs[0]}({', '.join(map(text_of, node.args))})", ATOM
    if node.op == "contract":
        return _contraction(node), ATOM
    attrs = f"; {', '.join(map(str, node.attrs))}" if node.attrs else ""
    return f"{node.op}({', '.join(map(text_of, node.args))}{attrs})", ATOM


def _within(node: Node, tightness: int) -> str:
    text, own = _text(node)
    return text if own >= tightness else f"({text})"


def _contraction(node: Node) -> str:
    """``2*sum(X[ij] Y^-1[jk] -> ik)``."""
    inputs, inverses, output, _ = node.attrs
    *arrays, scale = node.args
    word = lambda labels: "".join(chr(ord("i") + k) for k in labels)  # noqa: E731
    factors = [f"{_within(a, ATOM)}{'^-1' if inverse else ''}[{word(x)}]" for a, x, inverse in zip(arrays, inputs, inverses, strict=True)]
    number = "" if scale.value == 1 else f"{_within(scale, POWER)}*"
    return f"{number}sum({' '.join(factors)} -> {word(output)})"
