"""Helper functions of generated code: read as text from the modules of `runtime`, put in the words of a library, with all they call.

The modules are real Python, so they are linted, typed and tested as such; reading them as text needs neither NumPy nor any other library.

>>> table = helper_table(("standard",), Dialect(xp="mx", renamed={"axis": "dim"}))
>>> print(table["_imag"].text)
def _imag(x):
    return mx.imag(x) if _is_complex(x) else mx.zeros_like(x)
>>> table["_imag"].calls
('_is_complex',)
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

STANDARD = "xp"  # what the modules of `runtime` that are written for any library call it


@dataclass(frozen=True)
class Helper:
    """The source of a helper, the names it uses that are helpers too, and the lines of import it needs."""

    text: str
    calls: tuple[str, ...]
    imports: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """A helper as it stands in a module of `runtime`; `imports`: the line that imports each name there.

    `abstract`: it only raises NotImplementedError, and each library must have one of its own.
    """

    text: str
    imports: Mapping[str, str]
    abstract: bool


@dataclass(frozen=True)
class Dialect:
    """How a library's words differ from those of the array API standard.

    `xp`: the name of the library in the source; `functions`: its own name for a function of the standard, with a dot where that is not of
    `xp`; `renamed`: other names, of arguments or of helpers for which the library has a function; `dropped`: arguments it does not take.
    """

    xp: str = STANDARD
    functions: Mapping[str, str] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)
    dropped: frozenset[str] = frozenset()


class HelperTable(Mapping[str, Helper]):
    """Helpers by name, each put in the words of the library when it is first asked for: a source needs few of many."""

    def __init__(self, sources: Mapping[str, Source], dialect: Dialect) -> None:
        self.sources, self.dialect = sources, dialect
        self._made: dict[str, Helper] = {}

    def __getitem__(self, name: str) -> Helper:
        if name not in self._made:
            source = self.sources[name]
            text, nodes = _translated(source.text, self.dialect)
            self._made[name] = _helper(text, nodes, source.imports, self.sources.keys() - {name})
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.sources)

    def __len__(self) -> int:
        return len(self.sources)


def helper_table(modules: Sequence[str], dialect: Dialect) -> HelperTable:
    """The helpers of some modules of `runtime`, by name; of two of one name that of the later module."""
    found: dict[str, Source] = {}
    for module in modules:
        found |= _parsed(module)
    return HelperTable(found, dialect)


def check_complete(table: HelperTable, owner: str) -> None:
    """Raise for helpers that a library has to define itself and does not."""
    missing = sorted(name for name, source in table.sources.items() if source.abstract)
    if missing:
        raise TypeError(f"`{owner}` lacks helpers of its own that its kind of back end needs: {', '.join(f'`{m}`' for m in missing)}")


@cache
def _parsed(module: str) -> dict[str, Source]:
    """The top-level functions and constants of a module of `runtime`."""
    text = files(__package__).joinpath("runtime", f"{module}.py").read_text(encoding="utf-8")
    found: dict[str, str] = {}
    imports: dict[str, str] = {}
    for statement in _statements(text):
        name = _NAME.match(statement)
        if name:
            found[name[1] or name[2]] = statement
        elif statement.startswith("import ") or statement.startswith("from ") and not statement.startswith("from ."):
            node = ast.parse(statement).body[0]
            assert isinstance(node, ast.Import | ast.ImportFrom)
            imports |= {alias.asname or alias.name.split(".")[0]: statement for alias in node.names}
    imports = {name: line for name, line in imports.items() if name != STANDARD}
    return {name: Source(text, imports, text.endswith(" raise NotImplementedError")) for name, text in found.items()}


_NAME = re.compile(r"def (\w+)\(|(\w+) = ")


def _statements(text: str) -> list[str]:
    """The texts of the top-level statements of a module, without what stands between them. Each begins at the margin and its other lines do
    not, but for a closing bracket: parsing all modules took longer than the rest of the first `lambdify`.
    """
    found: list[list[str]] = [[]]
    body = text.split('"""', 2)[2] if text.startswith('"""') else text
    for line in body.split("\n"):
        if line[:1] not in ("", " ", ")", "]", "}", "#"):
            found.append([])
        found[-1].append(line)
    return ["\n".join(_without_end(lines)) for lines in found[1:]]


def _without_end(lines: list[str]) -> list[str]:
    """The lines before the empty lines and comments at the margin that end them."""
    while lines and (not lines[-1] or lines[-1].startswith("#")):
        lines = lines[:-1]
    return lines


def _helper(text: str, nodes: Sequence[ast.AST], imports: Mapping[str, str], others: Set[str]) -> Helper:
    names = tuple(dict.fromkeys(node.id for node in nodes if isinstance(node, ast.Name)))
    return Helper(text, tuple(n for n in names if n in others), tuple(imports[n] for n in names if n in imports))


def _translated(text: str, dialect: Dialect) -> tuple[str, list[ast.AST]]:
    """(the text of a helper in the words of a library, its syntax); its lines stay as they are otherwise."""
    nodes = list(ast.walk(ast.parse(text)))
    lines = text.split("\n")
    edits = sorted(_edits(nodes, dialect), reverse=True)
    inside = [node for node in nodes if isinstance(node, ast.JoinedStr)]  # where Python 3.11 gives no positions
    if any(list(_edits(ast.walk(node), dialect)) for node in inside):
        raise ValueError(f"a helper has a word of the library inside an f-string; take it out of there: {text}")
    for row, start, end, word in edits:
        line = lines[row - 1]
        lines[row - 1] = line[:start] + word + line[end:]
    new = "\n".join(lines)
    return new, list(ast.walk(ast.parse(new))) if edits else nodes


def _edits(nodes: Iterable[ast.AST], dialect: Dialect) -> Iterator[tuple[int, int, int, str]]:
    """(line, first column, last column, word) of all that is said otherwise."""
    for node in nodes:
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == STANDARD:
            word = dialect.functions.get(node.attr, node.attr)
            yield node.lineno, node.col_offset, node.end_col_offset or 0, word if "." in word else f"{dialect.xp}.{word}"
        elif isinstance(node, ast.Name) and node.id in dialect.renamed:
            yield node.lineno, node.col_offset, node.end_col_offset or 0, dialect.renamed[node.id]
        elif isinstance(node, (ast.keyword, ast.arg)) and node.arg is not None:
            yield from _argument_edits(node, dialect)


def _argument_edits(node: ast.keyword | ast.arg, dialect: Dialect) -> Iterator[tuple[int, int, int, str]]:
    name = node.arg or ""
    if name in dialect.dropped:  # with the comma before it: such arguments are never the first
        yield node.lineno, node.col_offset - len(", "), node.end_col_offset or 0, ""
    elif name in dialect.renamed:
        yield node.lineno, node.col_offset, node.col_offset + len(name), dialect.renamed[name]
