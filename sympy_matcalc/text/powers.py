"""Powers that are of entries by what stands around them: ``sum((X*w - y)**2)``, and NumPy's ``**``, in a text with ``np.`` or methods of
arrays; where only ``@`` is NumPy's, which SymPy's matrices have too, that of a matrix can be read in two ways.
"""

from typing import Any

from .sizes import SCALAR
from .tree import Node
from .weights import is_of_matrices


def shape_of_power(inference: Any, node: Node) -> None:
    """A power in a sum, or of NumPy's: it waits for its base to be a number, a vector, of which it is entry by entry, or a matrix."""
    base, exponent = node.args
    inference.scalar(exponent, "an exponent")
    node.number = base.number and exponent.number
    if node.number:
        return
    if node.kinds == ("summed",):
        inference.wide.append(base)
    inference.waiting.append(lambda: _settled(inference, node, base))


def _settled(inference: Any, node: Node, base: Node) -> bool:
    """Whether it is known what the base is."""
    if inference.is_scalar(base.shape):
        node.kinds = ()
        inference.equate(node.shape, SCALAR, lambda: inference.place(base))
        return True
    large, one = ([test(size) for size in base.shape] for test in (inference.sizes.is_large, inference.sizes.is_one))
    text, inner = inference.source.at(node.span), inference.source.at(base.span)
    of_arrays = all(large) and node.kinds == ("numpy",)
    if any(large) and any(one) or of_arrays:
        node.op, node.value, node.kinds = "call", "hpow", ("value", "value")
        inference.notes.append(f"`{text}` is of each entry, " + ("as NumPy has it" if of_arrays else f"since `{inner}` is a vector"))
        return True
    if all(large) and node.kinds == ("at",):
        power, whole = inference.source.at(node.args[1].span), inference.source.factor(base)
        both = f"write `hpow({inner}, {power})` entry by entry, as NumPy has it, `{whole}^{power}` for that of the matrix"
        raise inference.placed(f"`{text}` can be read in two ways; {both}", node.span[0])
    if all(large):
        node.kinds = ()
        inference.square(base, "a power")
    return all(large)


def check_sign(reader: Any, base: Node, signs: list[Any], tight: Any) -> None:
    """ParseError for ``A^+ b`` and ``A^- b`` of a matrix, which books write of a generalized inverse that stands in front of b."""
    if len(signs) != 1 or tight.data == "number" or not is_of_matrices(base):
        return
    (sign,) = signs
    if sign.type == "PLUS" or reader.source.text[sign.end_pos].isspace():
        matrix, behind, mark = reader.source.at(base.span), reader.text(tight), reader.text(sign)
        allowed = f"write `pinv({matrix})*{behind}` for the pseudoinverse, `{matrix}^({mark}{behind})` for the power"
        raise reader.error(sign, f"`{matrix}^{mark} {behind}` can be read in two ways", allowed)
