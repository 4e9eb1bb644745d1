"""The stored tables are those of the grammar, and parse as those that are made anew."""

import json

import pytest
from lark import Token

from sympy_matcalc.text import tables
from sympy_matcalc.text.parser import parser
from sympy_matcalc.text.plain import PlainScanner
from sympy_matcalc.text.source import Source

from .test_matlab import FORMULAS


def tree(made, text):
    tokens = PlainScanner(Source(text), None).scan()
    return made.parse_interactive().resume_parser() if not tokens else fed(made.parse_interactive(), tokens)


def fed(state, tokens):
    for token in tokens:
        state.feed_token(Token(token.type, token.value))
    return state.feed_eof()


def test_they_parse_as_the_grammar_does():
    version, digest = json.loads(tables.PLACE.read_text())["key"]
    assert digest == tables.key()[1], "write them with `python -m sympy_matcalc.text.tables`"
    if version != tables.key()[0]:
        pytest.skip(f"the tables are those of lark {version}: they are made anew with this one")
    stored, made = tables.stored(), tables.made()
    for text, *_ in FORMULAS:
        assert tree(stored, text) == tree(made, text)


@pytest.mark.parametrize("change", [{"key": ["0", ""]}, {"data": {}}, {"memo": {"x": 1}}])
def test_those_of_another_grammar_or_in_disorder_are_not_used(change, tmp_path, monkeypatch):
    other = tmp_path / "tables.json"
    other.write_text(json.dumps(json.loads(tables.PLACE.read_text()) | change))
    monkeypatch.setattr(tables, "PLACE", other)
    assert tables.stored() is None
    parser.cache_clear()
    assert parser() is not None


def test_without_them_the_parser_is_made(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "PLACE", tmp_path / "none.json")
    assert tables.stored() is None
