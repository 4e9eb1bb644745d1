"""Which declaration would mend an error of shapes: each is tried, so that no name is suggested that is settled already or not at fault."""

from dataclasses import replace
from itertools import islice
from typing import Any

from ..errors import MatcalcError
from .names import kind_of_name
from .tree import Node, below

OTHERS = {  # what a name may be instead of what it is by convention, with the word that declares it, the likelier first
    "matrix": {"column": "vector", "scalar": "scalar"},
    "column": {"scalar": "scalar", "matrix": "matrix"},
    "scalar": {"scalar": "scalar", "column": "vector", "matrix": "matrix"},  # a scalar where use makes it a column
    "number": {"column": "vector", "matrix": "matrix"},
}
MAX_NAMES = 4  # that are tried, in the order of the text
MAX_NODES = 60  # of a longer text no declaration is tried
SHOWN = 3  # declarations that are shown


def helpful(inference: Any) -> list[str]:
    """``x: scalar`` and such, each of which alone gives the text shapes; none where the text has other faults, or is long."""
    if inference.plain or len(list(islice(below(inference.root), MAX_NODES + 1))) > MAX_NODES:
        return []
    names = dict.fromkeys(node.value for node in below(inference.root) if node.op == "name")
    settled = {*inference.declared, *inference.kinds, *inference.size_names}
    found = []
    for name in [name for name in names if name not in settled][:MAX_NAMES]:
        words = OTHERS[kind_of_name(name)]
        found += [f"{name}: {words[kind]}" for kind in words if reads(inference, name, kind)][:1]
    return found


def reads(inference: Any, name: str, kind: str) -> bool:
    """Whether the text has shapes with a name of this kind, while no other name has to be what it is not by convention."""
    kinds = {**inference.kinds, name: kind}
    trial = type(inference)(inference.source, fresh(inference.root), inference.declared, inference.known_square, kinds, plain=True)
    try:
        trial.run()
        inference.check_readings(trial)
    except MatcalcError:
        return False
    return not trial.forced.notes()


def fresh(node: Node) -> Node:
    """A copy of a tree without its shapes."""
    return replace(node, args=tuple(map(fresh, node.args)), shape=(), number=False, broadcast=False)


def declaring(found: list[str]) -> str:
    """The sentence that offers declarations.

    >>> declaring(["x: scalar", "y: scalar"])
    ' It can be read with `x: scalar` or `y: scalar` declared.'
    """
    return f" It can be read with {' or '.join(f'`{d}`' for d in found[:SHOWN])} declared." if found else ""
