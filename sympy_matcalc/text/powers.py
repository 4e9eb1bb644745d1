"""Powers that are of entries by what stands around them: ``sum((X*w - y)**2)``, and NumPy's ``**``, in a text with ``np.`` or methods of
arrays; where only ``@`` is NumPy's, which SymPy's matrices have too, that of a matrix can be read in two ways.
"""

from typing import Any

from sympy import Integer

from .forced import DIVISOR
from .names import COUNTS
from .operators import MATLAB
from .sizes import SCALAR
from .tree import Node, names_in
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


# ---- quotients
def _settled_divisor(inference: Any, node: Node, divisor: Node) -> bool:
    """Whether it is known what NumPy's divisor is: a number, or an array, of which the quotient is of each entry."""
    if inference.is_scalar(divisor.shape):
        return True
    known = all(inference.sizes.is_large(size) or inference.sizes.is_one(size) for size in divisor.shape)
    if known:
        text = inference.source.factor(divisor)
        inference.notes.append(f"`/{text}` is of each entry, as NumPy has it")
        minus = Node("number", (), node.span, Integer(-1), shape=SCALAR, number=True)
        node.op, node.value, node.kinds, node.args = "call", "hpow", ("value", "value"), (divisor, minus)
    return known


def kind_of_division(reader: Any, left: Node, divisor: Node) -> tuple[str, ...]:
    """The mark of a quotient that may be of each entry, as NumPy has it, or ``A*inv(B)``, where MATLAB's spelling is named.

    That is of a row or matrix by a matrix, by their letters.
    """
    if reader.is_numpy and is_of_arrays(divisor):
        return ("numpy",)
    is_row = left.op in ("T", "H") or is_of_matrices(left)
    counts = any(name in COUNTS for name in names_in(divisor))
    return ("matlab",) if reader.syntax == MATLAB and is_row and is_of_matrices(divisor) and not counts else ()


def note_solve(reader: Any, left: Node, right: Node) -> None:
    """A note on ``X\\y``, which MATLAB reads as least squares where X is tall."""
    if left.op == "name" and left.value not in reader.declared:
        x, y = reader.source.at(left.span), reader.source.factor(right)
        reader.notes.append(
            f"`{x}\\{y}` is read with a square `{x}`, as `inv({x})*{y}`; the least squares of a tall one are `pinv({x})*{y}`"
        )


def is_of_arrays(divisor: Node) -> bool:
    """Whether a divisor is computed, as ``1 + np.exp(-z)`` is: a name may be a number, though by convention a vector."""
    return divisor.op in ("add", "call", "entrywise") or divisor.op == "pow" and divisor.args[0].op != "name"


def shape_of_reciprocal(inference: Any, node: Node) -> None:
    """A number; of MATLAB's right division the inverse, unless what divides is declared to be a number."""
    divisor = node.args[0]
    if node.kinds == ("numpy",) and not divisor.number:
        node.shape = divisor.shape
        inference.waiting.append(lambda: _settled_divisor(inference, node, divisor))
        return
    numbers = [inference.kinds.get(n) == "scalar" or inference.declared.get(n) == SCALAR for n in names_in(divisor)]
    if node.kinds != ("matlab",) or any(numbers):
        inference.need_scalar(divisor, node, DIVISOR)
        node.shape, node.number = SCALAR, True
        return
    text, inner = inference.source.factor(divisor), inference.source.at(divisor.span)
    scalar = f", for a number declare `{inner}: scalar`" if divisor.op == "name" and inner not in inference.declared else ""
    inference.notes.append(f"`/{text}` is read as `*inv({inner})`, as in MATLAB; entry by entry: `./{text}`{scalar}")
    node.op = "I"
    inference.visit_I(node)
