"""Notes on an answer: which gradient it is. They stand on the object that is returned, not in the expression; `conditions` reads them."""

from sympy import Basic

from ..nodes.base import NOTES
from .declaration import DEFAULT, REASON

STATED = {  # a predicate of SymPy: the structure that one means by it
    "diagonal": "diagonal",  # which is symmetric too
    "symmetric": "symmetric",
    "positive_definite": "symmetric",
    "positive_semidefinite": "symmetric",
    "lower_triangular": "lower",
    "upper_triangular": "upper",
    "orthogonal": "orthogonal",
}


def noted(result, notes):
    """The same expression as an object of its own with notes on it; itself where there are none, or where it can carry none."""
    if not notes or not result.args or not hasattr(result, "__dict__"):
        return result
    copy = Basic.__new__(type(result), *result.args)
    copy.__dict__.update({**result.__dict__, NOTES: tuple(notes)})
    return copy


def notes_of(request):
    """What is to be said of a derivative with a structure."""
    s, X = request.structure, request.X
    formula = dict(zip(("entries", "subspace"), s.says))[request.convention]
    if request.given is None:
        how = f'convention "{DEFAULT}", the default, since it is {REASON}'
    elif request.convention == "entries":
        how = 'convention "entries": (i, j) is the derivative by the free parameter that sits there'
    else:
        how = 'convention "subspace": the projection on the structure'
    if s.second is not None:
        how = "Riemannian"
    note = f"derivative by {X} with structure {s.name}, {how}; the gradient is {formula}, G that by all entries"
    other = "entries" if request.convention == "subspace" else "subspace"
    return (note + (f'; convention="{other}" gives {s.says[other == "subspace"]}' if s.ties and s.second is None else ""),)


def notes_of_facts(facts, variables):
    """What is to be said of a derivative by variables that are stated to have a structure which was not asked for."""
    found = []
    for X in variables:
        name = next((STATED[n] for n in STATED if facts.holds(n, X)), None)
        if name:
            found.append(
                f"derivative by all entries of {X} as independent variables, at a {X} that is {name}; "
                f'structure="{name}" gives the derivative by {X} as a {name} matrix'
            )
    return tuple(found)
