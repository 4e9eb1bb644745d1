"""From the derivative by all entries to that by a variable with structure: dX is put into the structure, and moved out of it."""

from typing import Any, NamedTuple

from ..canonical import prepare
from ..errors import ArgumentError
from ..notation.present import present
from ..structure import Request, read_request

LINEAR, CURVED = "Magnus, Linear Structures", "Absil, Mahony & Sepulchre, ch. 3"
RULES = {
    "subspace": "structure {}, where dX is its own projection: {}",
    "entries": "structure {}, a free parameter moves all entries tied to it: {}",
}


class Tied(NamedTuple):
    """A variable with structure; given: `structure` and `convention` as for `gradient`."""

    request: Request
    given: dict

    @property
    def facts(self) -> Any:
        """What the variable is by its structure, as an assumption of SymPy; None for nothing."""
        return self.request.facts


def tied_by(structure: Any, convention: Any, X: Any, style: str, order: int) -> Tied | None:
    """What is asked for, None without a structure. Errors: ArgumentError where there are no steps for it; else as `gradient`."""
    request = read_request(structure, convention, X)
    if request is None:
        return None
    name = request.structure.name
    if style == "chain":
        raise ArgumentError(
            f"`explain`: style='chain' is about scalars and columns, and has no rule for a `{X}` that is `{name}`; "
            "take style='differential'"
        )
    if order == 2 and request.structure.second is not None:
        raise ArgumentError(
            f"`explain`: the Riemannian Hessian by `{X}` that is `{name}` is no second differential with dX held fixed, since the "
            "projection moves with X; take `hessian`, which has no steps"
        )
    return Tied(request, {"structure": structure, "convention": convention})


def moved_within(request: Request, dX: Any) -> Any:
    """What stands in the place of dX: (dX + dX')/2 of a symmetric X."""
    return present(request.direction(prepare(dX)))


def rule_of(request: Request) -> tuple[str, str]:
    """(name, source) of the step."""
    s, by_entries = request.structure, request.convention == "entries" and request.structure.ties is not None
    rule = "structure {}: {}" if s.second else RULES["entries" if by_entries else "subspace"]
    return rule.format(s.name, s.says[request.convention == "subspace"]), CURVED if s.second else LINEAR
