"""The tables of the grammar as data beside this file: to make them anew takes as long as to import half of SymPy.

They are those of one version of lark and of one text of the grammar; of another they are made anew. Written by
``python -m sympy_matcalc.text.tables``, which a change of the grammar needs; what is parsed does not depend on it.
"""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from .grammar import rules

PLACE = Path(__file__).with_name("tables.json")
OPTIONS = {"parser": "lalr", "lexer": "basic", "propagate_positions": True, "maybe_placeholders": False}


def made() -> Any:
    """The parser, from the text of the grammar."""
    from lark import Lark

    return Lark(rules(), **OPTIONS)


def key() -> list[str]:
    """What the tables are of."""
    import lark

    return [lark.__version__, sha256(rules().encode()).hexdigest()]


def as_data() -> dict[str, Any]:
    """The tables of the parser that is made, with what they are of."""
    from lark.grammar import Rule
    from lark.lexer import TerminalDef

    data, memo = made().memo_serialize([TerminalDef, Rule])
    return {"key": key(), "data": data, "memo": memo}


def stored() -> Any:
    """The parser of the tables that are stored; None where they are of another grammar or version, or are not there."""
    from lark import Lark

    try:
        found = json.loads(PLACE.read_text())
        if found["key"] != key():
            return None
        table = found["data"]["parser"]["parser"]
        table["states"] = {int(state): actions for state, actions in table["states"].items()}  # JSON has texts as keys
        return Lark._load_from_dict(found["data"], {int(k): v for k, v in found["memo"].items()})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):  # of a lark that keeps its tables in another way
        return None


if __name__ == "__main__":
    PLACE.write_text(json.dumps(as_data(), separators=(",", ":"), sort_keys=True) + "\n")
