"""The key of what is kept: a text with all that the generated code depends on.

These are the expressions by their structure, with the assumptions of symbols, the facts that are stated (`with assuming(...)` too), the
options, and the versions of the package (with its files), of SymPy and of the library that the code is for. Bound symbols, which have
another number in each process, are numbered as they come. There is no key where a class or a rule of a user has a part in the answer: its
code may change under the same name.
"""

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from numbers import Integral
from pathlib import Path
from types import ModuleType
from typing import Any

from sympy import Basic, Dummy, Symbol
from sympy.assumptions.assume import global_assumptions

from ...adjoint.declare import DERIVED
from ...rules.registry import USER

OWN = ("sympy.", "sympy_matcalc.")
LIBRARIES = ("sympy_matcalc", "sympy", "numpy", "scipy")


class NoKey(Exception):
    """Something has no text that says all of it."""


def key_of(*asked: Any, library: str = "numpy") -> str | None:
    """The key of what is asked for, None where there is none.

    >>> from sympy import MatrixSymbol
    >>> x = MatrixSymbol("x", 3, 1)
    >>> key_of(x.T*x) == key_of(x.T*x), key_of(object())
    (True, None)
    """
    if any(cls.__module__.startswith(OWN) for cls in (*USER, *DERIVED)):  # rules of a user for what SymPy or the package has
        return None
    writer = _Writer()
    try:
        facts = sorted(map(_alone, global_assumptions))
        return "\n".join([_versions(library), *(writer.text(a) for a in asked), *facts])
    except NoKey:
        return None


def _alone(a: Any) -> str:
    """The text of something that has no place in an order, and so must not hold what is told apart by its place: a Dummy."""
    if isinstance(a, Basic) and a.has(Dummy):
        raise NoKey
    return _Writer().text(a)


@cache
def _versions(library: str) -> str:
    found = [_files()]
    for name in dict.fromkeys((*LIBRARIES, library.partition(".")[0])):
        try:
            found.append(f"{name} {version(name.replace('_', '-'))}")
        except PackageNotFoundError:
            found.append(f"{name} {'there' if find_spec(name) else 'missing'}")
    return ", ".join(found)


def _files() -> str:
    """A digest of the files of the package, which may change under one version where it is being worked on."""
    folder = Path(__file__).resolve().parents[2]
    files = sorted((str(f.relative_to(folder)), f.stat()) for f in folder.rglob("*.py"))
    return sha256(repr([(name, found.st_size, found.st_mtime_ns) for name, found in files]).encode()).hexdigest()


class _Writer:
    """Writes structures as texts that differ where the structures do."""

    def __init__(self) -> None:
        self.numbers: dict[Dummy, int] = {}
        self.known: dict[tuple[type, Basic], str] = {}  # the names of parts that were written before: a shared tree is written once

    def text(self, a: Any) -> str:
        if isinstance(a, Basic):
            return self._node(a)
        if a is None or isinstance(a, (bool, str)):
            return repr(a)
        if isinstance(a, Integral):
            return str(int(a))
        if isinstance(a, ModuleType):
            return f"module {a.__name__}"
        if isinstance(a, Mapping):
            return "{" + ", ".join(f"{self.text(k)}: {self.text(v)}" for k, v in a.items()) + "}"
        if isinstance(a, (set, frozenset)):
            return "{" + ", ".join(sorted(map(_alone, a))) + "}"
        if isinstance(a, (tuple, list)):
            return f"{type(a).__name__}({', '.join(map(self.text, a))})"
        if isinstance(a, float):
            return repr(a)
        return self._other(a)

    def _other(self, a: Any) -> str:
        """A matrix of SymPy that can be changed, by what it holds."""
        if getattr(a, "is_Matrix", False) and hasattr(a, "as_immutable"):
            return self._node(a.as_immutable())
        raise NoKey

    def _node(self, root: Basic) -> str:
        """A node by its class and parts, written without recursion, each part once."""
        lines: list[str] = []
        stack: list[tuple[Basic, bool]] = [(root, False)]
        while stack:
            node, ready = stack.pop()
            if (type(node), node) in self.known:
                continue
            parts = _parts(node)
            if ready:
                name = f"@{len(self.known)}"
                lines.append(f"{name} = {_class_of(node)}({', '.join(self._part(p, node) for p in parts)})")
                self.known[type(node), node] = name
            else:
                stack.append((node, True))
                stack.extend((p, False) for p in reversed(parts) if isinstance(p, Basic))
        return "\n".join([*lines, self.known[type(root), root]])

    def _part(self, part: Any, node: Basic) -> str:
        if isinstance(part, Basic):
            return self.known[type(part), part]
        if isinstance(node, Dummy) and isinstance(part, Integral):
            return f"#{self.numbers.setdefault(node, len(self.numbers))}"
        return self.text(part)


def _class_of(node: Basic) -> str:
    kind = type(node)
    if not (kind.__module__ or "").startswith(OWN):
        raise NoKey
    return f"{kind.__module__}.{kind.__qualname__}"


def _parts(node: Basic) -> tuple[Any, ...]:
    """What a node is made of besides its class."""
    args, content = tuple(node.args), tuple(node._hashable_content())
    return args if args == content else content if not args or isinstance(node, Symbol) else (*args, *content)
