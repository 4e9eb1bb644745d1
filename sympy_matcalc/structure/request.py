"""A request: which structure of which variable, by which convention; read from what a user gives, refused where it cannot be."""

from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import Any

from sympy import And, Q
from sympy.matrices.expressions import MatrixSymbol

from ..canonical import prepare
from ..errors import ArgumentError, ShapeError, UnsupportedVariableError
from ..facts import facts_about
from ..kernel.shapes import same_size
from .declaration import CONVENTIONS, DEFAULT, ON_DIAGONAL, STRUCTURES, Structure

COMPLEX = ("hermitian", "skew_hermitian")  # structures of complex variables, which `wirtinger` declares


@dataclass(frozen=True)
class Request:
    """A structure of a variable, and the convention that its derivatives are wanted by; `given` is None where that is the default."""

    structure: Structure
    convention: str
    X: Any
    given: str | None = None

    def applied(self, G):
        """The gradient by the structure, of that by all entries; prepared."""
        return self.structure.applied(self.convention, G, prepare(self.X))

    def direction(self, dX):
        """What stands in the place of dX."""
        return self.structure.direction(self.convention, dX, prepare(self.X))

    def tangent(self, dX):
        """What stands in the place of dX in second derivatives."""
        return self.structure.tangent(dX, prepare(self.X)) if self.structure.tangent else self.direction(dX)

    def second(self, G, dG, dX):
        """The derivative of the gradient, an expression linear in dX, from dG, that of G in the direction that stands for dX."""
        second = self.structure.second
        return second(prepare(self.X), G, dG, dX) if second else self.applied(dG)

    def second_in_vec(self, G, H):
        """The vec form of the derivative of the gradient G of a manifold, from that by all entries."""
        assert self.structure.second_in_vec is not None
        return self.structure.second_in_vec(prepare(self.X), G, H)

    def second_on_axes(self, G, H):
        """The plain form of the same, as an array; from these two as well."""
        assert self.structure.second_on_axes is not None
        return self.structure.second_on_axes(prepare(self.X), G, H)

    @property
    def is_on_axes(self):
        """Whether the plain form of second derivatives is made from that by all entries."""
        return not any(n == 1 for n in self.X.shape) and bool(self.parts or self.structure.second_on_axes)

    @property
    def parts(self):
        """((c, what), ...) where the derivative is the sum of c G, c G' and c G o I; None where it is not."""
        return self.structure.parts.get(self.convention) if self.X.shape != (1, 1) else None

    @property
    def turns(self):
        """The same where it is the sum of c G and c G'."""
        return self.parts if self.parts and all(what is not ON_DIAGONAL for _, what in self.parts) else None

    @property
    def by_basis(self):
        """Whether the vec form is written with the basis."""
        return self.convention in self.structure.by_basis and self.X.shape != (1, 1)

    @cached_property
    def square(self):
        """Whether X surely is square."""
        return same_size(*self.X.shape)

    @property
    def turn(self):
        """1 where X' = X, -1 where X' = -X, else 0."""
        return self.structure.turn if self.square else 0

    @property
    def facts(self):
        """What X is stated to be by its structure, as an assumption of SymPy; None for nothing."""
        names = self.structure.facts if self.square else ()
        return And(*(getattr(Q, name)(self.X) for name in names)) if names else None

    @cached_property
    def known(self):
        """What X is by its structure, as `Facts`; None for nothing, and of a scalar."""
        names = self.structure.facts if self.square else self.structure.facts_of_tall
        return facts_about(self.X, *names) if names and self.X.shape != (1, 1) else None

    def facts_along(self, V):
        """What X, and a direction V of the structure, are, as assumptions of SymPy; V is symmetric of positive definite X."""
        if self.facts is None or self.X.shape == (1, 1):
            return []
        names = () if self.structure.name == "orthogonal" else ("symmetric",) if self.is_manifold else self.structure.facts
        return [self.facts, *(getattr(Q, name)(V) for name in names)]

    @property
    def is_manifold(self):
        """Whether the structure is no subspace."""
        return self.structure.second is not None


def read_request(structure: Any, convention: Any, X: Any, form: Any = None) -> Request | None:
    """The request for X; None without a structure.

    structure: a name, a `LinearStructure`, or a dict of them by variable. Errors: ArgumentError for what is none or has no such convention
    or form, UnsupportedVariableError for a variable that is no matrix, ShapeError for one that cannot have the structure.
    """
    if isinstance(structure, dict):
        structure = structure.get(X)
    if structure is None:
        if convention is not None or form == "vech":
            what = "`convention`" if convention is not None else "`form='vech'`"
            instead = f'`structure="symmetric"`, or on the command line `--structure {X}:symmetric`'
            raise ArgumentError(f"{what} needs a variable with a structure: name one, {instead}")
        return None
    found = _structure(structure)
    if convention is not None and convention not in CONVENTIONS:
        raise ArgumentError(f"convention must be one of {CONVENTIONS}, got {convention!r}")
    _check_variable(found, X)
    found = _of_basis(found, X)
    if form == "vech":
        _check_vech(found, convention, X)
        return Request(found, "entries", X, "entries")
    convention_used = convention or DEFAULT
    if convention_used == "entries" and found.ties is None:
        why = (
            "more than one parameter may meet in an entry" if isinstance(structure, Structure) else "no free parameters sit at its entries"
        )
        raise ArgumentError(f'the structure `{found.name}` has no derivatives by convention="entries": {why}; use convention="subspace"')
    return Request(found, convention_used, X, convention)


def _structure(structure):
    if isinstance(structure, Structure):
        return structure
    if isinstance(structure, str) and structure in STRUCTURES:
        return STRUCTURES[structure]
    names = {word: name for name, found in STRUCTURES.items() for word in (name, *found.also)}
    near = get_close_matches(str(structure).lower(), list(names), 1)
    if structure in COMPLEX:
        raise ArgumentError(f"{structure!r} matrices are complex: take `complex_derivative(f, X, structure={structure!r})`")
    hint = f"did you mean {names[near[0]]!r}?" if near else "a subspace of your own is `LinearStructure(vec_basis=B)`"
    raise ArgumentError(f"structure must be one of {', '.join(STRUCTURES)}, got {structure!r}; {hint}")


def _check_variable(structure, X):
    if not isinstance(X, MatrixSymbol):
        raise UnsupportedVariableError(
            f"a variable with a structure is a MatrixSymbol, got {type(X).__name__}: `{X}` as `{structure.name}`; an entry or a number "
            "has none"
        )
    rows, cols = X.shape
    if structure.of_shape == "square" and not same_size(rows, cols):
        raise ShapeError(f"`{X}` of shape {(rows, cols)} cannot be `{structure.name}`: that needs a square matrix")
    if structure.of_shape == "tall" and rows != cols and (rows - cols).is_negative:
        raise ShapeError(f"`{X}` of shape {(rows, cols)} cannot have orthonormal columns: that needs at least as many rows as columns")
    if hasattr(structure, "vec_basis") and (structure.vec_basis.shape[0] - rows * cols).expand().is_zero is False:
        raise ShapeError(
            f"`vec_basis` has {structure.vec_basis.shape[0]} rows, and `{X}` of shape {(rows, cols)} has {rows * cols} entries: "
            "they must be as many"
        )


def _of_basis(structure, X):
    """The structure itself, or the one in the table whose basis a user's is."""
    if not hasattr(structure, "vec_basis"):
        return structure
    return next((s for s in STRUCTURES.values() if s.basis and s.basis(*X.shape) == structure.vec_basis), structure)


def _check_vech(structure, convention, X):
    if structure.basis is None:
        raise ArgumentError(f"`{structure.name}` matrices are no subspace: there is no `form='vech'` of a derivative by one, leave it out")
    if convention == "subspace":
        raise ArgumentError(
            f"form='vech' is the derivative by the free parameters, which is convention=\"entries\", got {convention!r}: "
            "leave the convention out"
        )
    rows, cols = X.shape
    sized = structure.name in ("toeplitz", "hankel") or hasattr(structure, "vec_basis")
    if not sized and not same_size(rows, cols):
        raise ShapeError(f"form='vech' of `{structure.name}` needs a square matrix, got `{X}` of shape {(rows, cols)}")
    of_numbers = all(n.is_Integer for n in X.shape) or hasattr(structure, "vec_basis")  # of symbolic sizes none is without parameters
    if of_numbers and structure.basis(rows, cols).shape[1] == 0:
        raise ShapeError(
            f"`{X}` of shape {(rows, cols)} that is `{structure.name}` has no free parameters: "
            "there is nothing to derive by, take a larger one"
        )
