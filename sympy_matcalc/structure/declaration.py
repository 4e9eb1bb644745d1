"""What a structure of a matrix variable is, said once: the table that derivatives, vech forms, fitting, texts and tests are made from.

A linear structure is a subspace, ``vec X = B theta`` with the free parameters theta. Two gradients of a scalar f, whose gradient by all
entries as independent variables is G, are in use:

- "entries": entry (i, j) is the derivative by the free parameter that sits there, 0 where none does: of a symmetric X ``G + G' - G o I``,
  of a Toeplitz X the sums of G over its diagonals.
- "subspace": the orthogonal projection of G on the subspace: of a symmetric X ``(G + G')/2``, of a Toeplitz X the means over the diagonals.

By both `vec` of a gradient is E vec G and the vec form of a Hessian E H E', with the matrix E of the convention: B B' for "entries" (where
the entries of B are 0, 1 and -1), the projection ``B (B'B)^-1 B'`` for "subspace".
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..errors import ArgumentError

CONVENTIONS = ("entries", "subspace")
DEFAULT = "subspace"
AS_IT_IS, TURNED, ON_DIAGONAL = "G", "G'", "G o I"  # what parts of a gradient are made of
REASON = "the one gradient with df = <G, dX> for every dX of the structure"  # of the default convention


@dataclass(frozen=True, eq=False)
class Structure:
    """One structure. Matrices are prepared expressions; `X` is the variable, `G` of its shape.

    project: (G, X) -> the orthogonal projection of G on the subspace, or on the tangent space at X. ties: what "entries" makes of G; None
    where no parameters sit at the entries. basis: (m, n) -> B; None where there is none. vector: (G) -> ``B' vec G`` in its own
    notation, None for the product. between: (A, C) -> ``B' (A kron C) B`` in its own notation, where there is a shorter one.
    turn: 1 where a square X has X' = X, -1 where X' = -X. facts: names of SymPy's predicates that a square X obeys; facts_of_tall: of
    properties that any other X has. of_shape: "square", "any" or "tall". parts: {convention: ((c, what), ...)} where the gradient is a sum
    of c G, c G' and c G o I, so that it is had from the axes of G. second: (X, G, dG, dX) -> the derivative of the gradient in the
    direction that dX is projected to, as a tangent vector, dG being that of G; None where the projection of dG is that. second_on_axes:
    (X, G, H) -> the same as an array, from that by all entries; of X with two axes, of which `second` is then not asked. second_in_vec:
    (X, G, H) -> its vec form, from that by all entries. tangent: (V, X) -> the direction that second derivatives are taken along, where
    `project` is another one. spread: adjoint of `ties`, where that is another one.
    by_basis: the conventions by which the vec form is written with B, there being no shorter matrix for it. matrices: {convention: the
    factors of E}, of a structure that a user gives. also: what else it is called, for whoever asks for it by that.
    """

    name: str
    project: Callable[..., Any]
    ties: Callable[..., Any] | None = None
    basis: Callable[..., Any] | None = None
    vector: Callable[..., Any] | None = None
    between: Callable[..., Any] | None = None
    turn: int = 0
    facts: tuple[str, ...] = ()
    facts_of_tall: tuple[str, ...] = ()
    of_shape: str = "square"
    parts: Mapping[str, tuple[tuple[Any, str], ...]] = field(default_factory=dict)
    by_basis: tuple[str, ...] = ()
    second: Callable[..., Any] | None = None
    second_in_vec: Callable[..., Any] | None = None
    second_on_axes: Callable[..., Any] | None = None
    tangent: Callable[..., Any] | None = None
    spread: Callable[..., Any] | None = None
    matrices: Mapping[str, Any] = field(default_factory=dict)
    says: tuple[str, str] = ("", "")  # formulas of the two conventions, for people
    also: tuple[str, ...] = ()

    def applied(self, convention, G, X):
        """The gradient of a convention from that by all entries."""
        return self.ties(G) if convention == "entries" and self.ties else self.project(G, X)

    def direction(self, convention, V, X):
        """The adjoint of `applied`: what stands in the place of dX, so that derivatives by X come out as those of the convention."""
        spread = self.spread or self.ties
        return spread(V) if convention == "entries" and spread else self.project(V, X)


STRUCTURES: dict[str, Structure] = {}


def declare(structure: Structure) -> Structure:
    """Add a structure to the table; `gradient(..., structure=name)` knows it by that."""
    if structure.name in STRUCTURES:
        raise ArgumentError(f"there is a structure `{structure.name}` already: take another name")
    STRUCTURES[structure.name] = structure
    return structure
