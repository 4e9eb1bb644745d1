"""The table of linear operators: one row a node class, which says in which of its parts a node is linear and how to transpose it there.

The check of a rule (is what it returns linear in the differentials?), the adjoint walk, the canonical form (numbers in front, zero of
zero) and code generation all read this table, for the nodes of SymPy, of the package and of users alike.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sympy import Basic

from .declaration import is_library as is_library


@dataclass(frozen=True, eq=False)
class Operator:
    """A linear operator that a node is by name, ``E -> L(..., E, ...)``: what is known of it, `at` a position among the arguments."""

    positions: Callable[[Basic], Iterable[int]]  # node -> positions of the arguments that it is linear in
    replaced: Callable[[Basic, int, Basic], Basic]  # (node, at, E) -> L(..., E, ...)
    adjoint: Callable[[Basic, int, Basic], Basic] | None = None  # (node, at, W) -> L*(W) prepared, <W, L(E)> = <L*(W), E>
    matrix: Callable[[Basic, int], Basic] | None = None  # (node, at) -> M prepared, vec L(E) = M vec E
    jointly: bool = False  # linear in all of these arguments together, as a sum is, and not in each alone, as a product is
    leaves: Callable[[Basic, int, Any], Any] | None = None  # (node, at, term) -> the argument's term, the operator among its leaves


@dataclass(frozen=True, eq=False)
class Linearity:
    """A row: a node is the sum of terms, each of them linear in each of its `parts`, and depends in other ways on what is `fixed`."""

    terms: Callable[[Basic], Iterable[Iterable[Basic]]]  # node -> for each term its parts
    through: Callable[..., list]  # (node, cotangents, walk) -> [(part, cotangent)]
    fixed: Callable[[Basic], Iterable[Basic]] | None = None  # node -> its other parts; None where there are none
    operator: Operator | None = None


LINEAR: dict[type, Linearity] = {}


def linearity_of(cls: type) -> Linearity | None:
    """The row of a class, or of its nearest base class that has one; None where it is not declared linear in anything."""
    found = LINEAR.get(cls)
    return found or next((LINEAR[base] for base in cls.__mro__ if base in LINEAR), None)


def operator_of(cls: type) -> Operator | None:
    """The operator that the nodes of a class are by declaration; None for all others."""
    row = linearity_of(cls)
    return row.operator if row else None
