"""Letters as papers use them: P for a softmax, r for a residual; columns and scalars in lower case; none that the expression has."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from sympy import Add, Basic, MatrixSymbol, Mul, Pow, Symbol
from sympy.core.function import AppliedUndef
from sympy.matrices.expressions import DiagMatrix, HadamardProduct, Inverse, KroneckerProduct, MatAdd, MatMul, MatPow
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.matexpr import MatrixElement

from ..kernel.scalars import has_minus
from ..kernel.shapes import is_matrix, is_one, shape_of
from ..nodes import Eigenvector, Hardmax, LogSumExp, Mean, Norm, PseudoInverse, Sigmoid, Softmax

# The first class that fits says the letter; the rest are U.
OF_MATRICES = (
    (Softmax, "P"),
    (Hardmax, "P"),
    (Eigenvector, "V"),
    (PseudoInverse, "G"),
    (DiagMatrix, "D"),
    (Sigmoid, "P"),
    (ElementwiseApplyFunction, "H"),
    (Inverse, "K"),
    (MatPow, "K"),
    (KroneckerProduct, "W"),
    (HadamardProduct, "D"),
)
OF_SCALARS = ((Norm, "s"), (Pow, "s"), (LogSumExp, "s"), (Add, "v"), (MatrixElement, "q"))
REST, DIFFERENCE, CENTRED, SUM, SOLUTION = "U", "R", "C", "M", "K"


def symbols_for(parts: list[Any], taken: Iterable[str]) -> list[Any]:
    """A symbol for each part, of its shape, with a name that is not taken."""
    used = set(taken)
    letters = [letter_of(part) for part in parts]
    count, out = Counter(letters), []
    for part, letter in zip(parts, letters):
        name = _name(letter, count[letter] == 1 and letter.upper() != REST, used)
        used.add(name)
        out.append(MatrixSymbol(name, *shape_of(part)) if is_matrix(part) else Symbol(name))
    return out


def letter_of(part: Any) -> str:
    """The letter for a part: a capital for a matrix, lower case for a column, a row or a scalar."""
    if not is_matrix(part):
        return next((letter for cls, letter in OF_SCALARS if isinstance(part, cls)), REST.lower())
    letter = next((letter for cls, letter in OF_MATRICES if isinstance(part, cls)), None) or _of_products(part)
    return letter.lower() if any(map(is_one, shape_of(part))) else letter


def _of_products(part: Any) -> str:
    if isinstance(part, MatMul):
        return SOLUTION if any(isinstance(f, Inverse) for f in part.args) else REST
    if not isinstance(part, MatAdd):
        return REST
    minus = [t for t in part.args if isinstance(t, MatMul) and not is_matrix(t.args[0]) and has_minus(t.args[0])]
    if any(isinstance(leaf, Mean) for t in minus for leaf in Mul.make_args(t.args[0])):
        return CENTRED
    return DIFFERENCE if minus else SUM


def _name(letter: str, alone: bool, used: set[str]) -> str:
    """The letter itself where it is free and the only one of its kind, else with the first number that is free."""
    if alone and letter not in used:
        return letter
    k = 1
    while f"{letter}{k}" in used:
        k += 1
    return f"{letter}{k}"


def names_in(nodes: Iterable[Any]) -> set[str]:
    """Every name that nodes have: of symbols, arrays and undefined functions."""
    found = set()
    for node in nodes:
        if isinstance(node, AppliedUndef):
            found.add(str(node.func))
        name = getattr(node, "name", None) if isinstance(node, Basic) else None
        if name is not None:
            found.add(str(name))
    return found
