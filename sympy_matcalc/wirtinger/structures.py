"""Complex variables with structure: the derivatives by their free parameters, and the gradients in the subspace.

Of a Hermitian Z the entries above the diagonal and their conjugates, which stand below it, are the independent pair, so that
``G = df/dZ + (df/d conj(Z))'`` is the derivative by Z with conj(Z) = Z' (Hjorungnes, Complex-Valued Matrix Derivatives, ch. 6). Here it
is taken of the function in which Z' stands for conj(Z). Real and imaginary parts are real parameters, with the two conventions of
`gradient`: "entries" is the derivative by the parameter that sits at (i, j), "subspace" has ``df = <G, dZ>`` for every dZ of the structure.
"""

from dataclasses import dataclass
from typing import Any

from sympy import I, S

from ..canonical import prepare
from ..canonical.orientation import transpose_prepared
from ..errors import ArgumentError, ShapeError
from ..kernel import make
from ..kernel.shapes import is_matrix, same_size
from ..structure.algebra import diagonal_part
from ..structure.declaration import REASON

CONVENTIONS = ("subspace", "entries")


def add(*terms: tuple[Any, Any]) -> Any:
    """The sum of (number, matrix)."""
    return prepare(make.add(*(make.mul(S(c), *(a.args if a.is_MatMul else (a,))) for c, a in terms)))


def turned(g: Any) -> Any:
    return transpose_prepared(prepare(g))


@dataclass(frozen=True)
class ComplexStructure:
    """turn: conj(Z) = turn Z' of a Hermitian one; Z' = turn Z of a symmetric one."""

    name: str
    turn: int
    is_hermitian: bool

    def of_derivative(self, by: str, convention: str, g: Any) -> Any:
        """Of a Hermitian structure the derivative of a scalar from the one by Z, with Z' for conj(Z)."""
        t, opposite = self.turn, turned(g)
        if by == "Z":
            return g
        if by == "conjugate":
            return add((t, opposite))
        if by == "gradient":
            return add((t, opposite)) if convention == "subspace" else add((2 * t, opposite), (-t, diagonal_part(prepare(g))))
        scale, sign = (1, t) if by == "real" else (I, -t)
        if convention == "subspace":
            return add((scale / S(2), g), (sign * scale / S(2), opposite))
        terms = [(scale, g), (sign * scale, opposite)]
        return add(*terms, (-scale, diagonal_part(prepare(g)))) if sign > 0 else add(*terms)

    def note(self, Z: Any, by: str, convention: str | None) -> str:
        """What is to be said of a derivative."""
        if self.is_hermitian and by in ("Z", "conjugate"):
            turned = "its transpose" if self.turn > 0 else "minus its transpose"
            how = f"whose conjugate is {turned}: entry (i, j) is the derivative by the entry that sits there, independent of its conjugate"
        elif convention == "entries":
            how = 'convention "entries": (i, j) is the derivative by the free parameter that sits there; convention="subspace" projects it'
        else:
            given = "" if convention else f", the default, since it is {REASON}"
            how = f'convention "subspace"{given}; convention="entries" is by the free parameter that sits at (i, j)'
        return f"derivative by {Z} with structure {self.name}, {how}"

    def of_entries(self, convention: str, g: Any) -> Any:
        """Of a symmetric structure the derivative by it from that by all entries."""
        if convention == "subspace":
            return add((S.Half, g), (self.turn * S.Half, turned(g)))
        return add((1, g), (1, turned(g)), (-1, diagonal_part(prepare(g)))) if self.turn > 0 else add((1, g), (-1, turned(g)))


STRUCTURES = {
    s.name: s
    for s in (
        ComplexStructure("hermitian", 1, True),
        ComplexStructure("skew_hermitian", -1, True),
        ComplexStructure("symmetric", 1, False),
        ComplexStructure("skew", -1, False),
    )
}
PREDICATES = {"hermitian": "hermitian", "skew_hermitian": "antihermitian"}


def read_structure(name: Any, convention: Any, Z: Any) -> ComplexStructure | None:
    """The structure of a variable; None without one. Errors: ArgumentError, ShapeError for a Z that is not square."""
    if convention is not None and (name is None or convention not in CONVENTIONS):
        raise ArgumentError(f"`convention` is one of {CONVENTIONS}, of a variable with a `structure`; got {convention!r}")
    if name is None:
        return None
    if name not in STRUCTURES:
        raise ArgumentError(f"`structure` of a complex variable is one of {', '.join(map(repr, STRUCTURES))}, got {name!r}")
    if not is_matrix(Z) or not same_size(*Z.shape):
        raise ShapeError(f'structure="{name}" is of a square matrix, got `{Z}`')
    return STRUCTURES[name]
