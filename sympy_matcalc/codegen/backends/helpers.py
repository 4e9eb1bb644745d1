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
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

STANDARD = "xp"  # what the modules of `runtime` that are written for any library call it


@dataclass(frozen=True)
class Helper:
    """The source of a helper, the names it uses that are helpers too, and the lines of import it needs.

    `abstract`: it only raises NotImplementedError, and each library must have one of its own.
    """

    text: str
    calls: tuple[str, ...]
    imports: tuple[str, ...]
    abstract: bool = False


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


def helper_table(modules: Sequence[str], dialect: Dialect) -> dict[str, Helper]:
    """The helpers of some modules of `runtime`, by name; of two of one name that of the later module."""
    found: dict[str, tuple[str, dict[str, str]]] = {}
    for module in modules:
        functions, imports = _parsed(module)
        found |= {name: (text, imports) for name, text in functions.items()}
    return {name: _helper(_translated(text, dialect), imports, set(found) - {name}) for name, (text, imports) in found.items()}


def check_complete(table: Mapping[str, Helper], owner: str) -> None:
    """Raise for helpers that a library has to define itself and does not."""
    missing = sorted(name for name, helper in table.items() if helper.abstract)
    if missing:
        raise TypeError(f"`{owner}` lacks helpers of its own that its kind of back end needs: {', '.join(f'`{m}`' for m in missing)}")


@cache
def _parsed(module: str) -> tuple[dict[str, str], dict[str, str]]:
    """(the source of each top-level function and constant, the line that imports each name) of a module of `runtime`."""
    source = files(__package__).joinpath("runtime", f"{module}.py").read_text(encoding="utf-8")
    functions: dict[str, str] = {}
    imports: dict[str, str] = {}
    for node in ast.parse(source).body:
        text = ast.get_source_segment(source, node) or ""
        if isinstance(node, ast.FunctionDef):
            functions[node.name] = text
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            functions[node.targets[0].id] = text
        elif isinstance(node, ast.Import) or isinstance(node, ast.ImportFrom) and not node.level:
            imports |= {alias.asname or alias.name.split(".")[0]: text for alias in node.names}
    return functions, {name: line for name, line in imports.items() if name != STANDARD}


def _helper(text: str, imports: Mapping[str, str], others: set[str]) -> Helper:
    tree = ast.parse(text)
    names = tuple(dict.fromkeys(node.id for node in ast.walk(tree) if isinstance(node, ast.Name)))
    calls = tuple(name for name in names if name in others)
    last = tree.body[0].body[-1] if isinstance(tree.body[0], ast.FunctionDef) else None
    abstract = isinstance(last, ast.Raise) and isinstance(last.exc, ast.Name) and last.exc.id == "NotImplementedError"
    return Helper(text, calls, tuple(imports[name] for name in names if name in imports), abstract)


def _translated(text: str, dialect: Dialect) -> str:
    """The text of a helper in the words of a library; its lines stay as they are otherwise."""
    tree = ast.parse(text)
    lines = text.split("\n")
    edits = sorted(_edits(tree, dialect), reverse=True)
    inside = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]  # where Python 3.11 gives no positions
    if any(list(_edits(node, dialect)) for node in inside):
        raise ValueError(f"a helper has a word of the library inside an f-string; take it out of there: {text}")
    for row, start, end, word in edits:
        line = lines[row - 1]
        lines[row - 1] = line[:start] + word + line[end:]
    return "\n".join(lines)


def _edits(tree: ast.AST, dialect: Dialect) -> Iterator[tuple[int, int, int, str]]:
    """(line, first column, last column, word) of all that is said otherwise."""
    for node in ast.walk(tree):
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
