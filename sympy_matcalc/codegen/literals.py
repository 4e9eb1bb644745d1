"""Names and literals of generated source: the one place where text that a user chose becomes part of a program.

A symbol may have any name. In the source it is an identifier made of the letters and digits of its name, or a string literal that
evaluates to its name; no other code puts a name, a key or a size into quotes.
"""

import builtins
import keyword
import unicodedata
from collections.abc import Collection, Hashable, Iterable
from typing import Any

BUILTINS = frozenset(dir(builtins)) - {"_"}  # an interactive session puts its last result under `_`: names do not depend on that
LONGEST = 60  # characters of an identifier that stands for a longer name


def string_literal(text: object) -> str:
    """Python source of a string that evaluates to ``str(text)``.

    >>> print(string_literal("x"), string_literal('x"} + y'))
    "x" 'x"} + y'
    """
    plain = str.__str__(text) if isinstance(text, str) else str(text)
    return f'"{plain}"' if plain.isprintable() and '"' not in plain and "\\" not in plain else str.__repr__(plain)


def key_literal(key: Hashable) -> str:
    """Python source of the key of a dict: a string or an integer, of a subclass too, whose own `repr` is not asked."""
    if isinstance(key, str):
        return str.__repr__(str.__str__(key))
    if isinstance(key, int):
        return int.__repr__(int(key)) if not isinstance(key, bool) else repr(bool(key))
    raise TypeError(f"a key is a string or an integer, got {type(key).__name__}")


def is_identifier(text: object) -> bool:
    """Whether a text can be the name of a function in a source: an identifier, and no keyword."""
    return isinstance(text, str) and text.isidentifier() and not keyword.iskeyword(text)


def function_import(path: str, name: str) -> str:
    """Python source that imports a function by its dotted name, under a name of our own; ValueError where the path is none.

    >>> function_import("scipy.linalg.solve", "_solve")
    'from scipy.linalg import solve as _solve'
    """
    parts = path.split(".")
    if len(parts) < 2 or not all(map(is_identifier, parts)):
        raise ValueError(f"not the dotted name of a function: {path!r}")
    return f"from {'.'.join(parts[:-1])} import {parts[-1]} as {name}"


def identifier(name: str, taken: Collection[str]) -> str:
    """The Python identifier nearest to a name that is none of `taken` and no keyword.

    >>> identifier("lambda", set()), identifier("x y", {"x_y"}), identifier("2x", set())
    ('lambda_', 'x_y_', '_2x')
    """
    letters = [c if f"_{c}".isidentifier() else "_" for c in unicodedata.normalize("NFKC", name)]
    found = unicodedata.normalize("NFKC", "".join(letters[:LONGEST])) or "_"
    found = found if found.isidentifier() else "_" + found
    while keyword.iskeyword(found) or keyword.issoftkeyword(found) or found in taken:
        found += "_"
    return found


def identifiers(symbols: Iterable[Any], reserved: Collection[str]) -> dict[Any, str]:
    """An identifier for each symbol, all different: its own name where that is free."""
    out: dict[Any, str] = {}
    taken = {*reserved, *BUILTINS}
    for s in symbols:
        out[s] = identifier(str(s.name), taken)
        taken.add(out[s])
    return out
