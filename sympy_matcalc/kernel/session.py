"""Tables of one derivation: interned nodes and memos of the stages, per thread.

A node is built once a session: equal nodes are one object, so that memo tables and comparisons never walk a shared tree.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sympy import Basic

from .collector import at_rest


class Session(threading.local):
    """Tables of one derivation: interned nodes, memos of the stages.

    What is asked for a hundred times in every derivation has a plain dictionary here, {id(node): (node, value)}: the node is kept, so
    that its id stays its own.
    """

    table: Any = None
    interned: Any = None  # {id(node): the node of the session that equals it}
    met: Any = None  # the nodes with an id in `interned` that are no nodes of the session
    built: Any = None
    memos: Any = None
    keys: Any = None
    shapes: Any = None
    symmetric: Any = None
    prepared: Any = None
    opened: Any = None
    contains: Any = None
    listed: Any = None  # (an expression, all its nodes) from the check of what was typed to the derivative that follows
    closed: bool = False  # whether a node has parts that were not looked into, or is no finite number
    facts: Any = None  # facts.Facts, possibly none, while something is simplified, or is derived along a structure; else None
    derives: bool = True  # whether a derivative is taken: it holds where ranks are constant and no divisor is 0
    is_complex: bool = False  # whether matrices and scalars may be complex: nothing is to be used then that is true of real ones alone

    def open(self) -> None:
        self.table, self.interned, self.met, self.built, self.memos, self.closed = {}, {}, [], {}, {}, False
        self.keys, self.shapes, self.symmetric, self.prepared, self.opened, self.contains = {}, {}, {}, {}, {}, {}

    def close(self) -> None:
        for name in TABLES:
            setattr(self, name, None)

    def state(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in (*TABLES, "closed", "facts", "derives", "is_complex")}


TABLES = ("table", "interned", "met", "built", "memos", "keys", "shapes", "symmetric", "prepared", "opened", "contains")
session_state = Session()


@contextmanager
def session() -> Iterator[Session]:
    """Open fresh tables (a nested session shares the outer one's)."""
    if session_state.table is not None:
        yield session_state
        return
    with at_rest():
        session_state.open()
        try:
            yield session_state
        finally:
            session_state.close()


@contextmanager
def session_with(facts: Any, derives: bool = False) -> Iterator[Session]:
    """Fresh tables in which `facts` hold, also inside of another session: what is equal depends on the facts."""
    outer = session_state.state()
    session_state.open()
    session_state.facts, session_state.derives = facts, derives
    try:
        yield session_state
    finally:
        for name, value in outer.items():
            setattr(session_state, name, value)


@contextmanager
def complex_session() -> Iterator[Session]:
    """Fresh tables in which matrices and scalars may be complex, also inside of another session."""
    outer = session_state.state()
    session_state.open()
    session_state.facts, session_state.derives, session_state.is_complex = None, True, True
    try:
        yield session_state
    finally:
        for name, value in outer.items():
            setattr(session_state, name, value)


def stated(name: str, node: Basic) -> bool:
    """Whether a fact is stated of this very node in this session."""
    return session_state.facts is not None and session_state.facts.holds(name, node)


def known(name: str, node: Basic) -> bool | None:
    """True where a fact is stated of this very node in this session, False where it is denied, None where nothing is said."""
    return None if session_state.facts is None else session_state.facts.knows(name, node)


def memo(name: str) -> dict[Any, Any]:
    """The dictionary called `name` of the session, made at first use."""
    return session_state.memos.setdefault(name, {})


class IdMemo:
    """A memo of nodes as objects: looking a node up never compares trees, which costs exponential time where parts are shared."""

    __slots__ = ("table",)

    def __init__(self) -> None:
        self.table: dict[int, tuple[Basic, Any]] = {}

    def get(self, node: Basic) -> Any:
        found = self.table.get(id(node))
        return None if found is None else found[1]

    def __setitem__(self, node: Basic, value: Any) -> None:
        self.table[id(node)] = (node, value)  # the node is kept, so that its id stays its own

    def __contains__(self, node: Basic) -> bool:
        return id(node) in self.table


def id_memo(name: str) -> IdMemo:
    """The `IdMemo` called `name` of the session, made at first use."""
    found = session_state.memos.get(name)
    if found is None:
        found = session_state.memos[name] = IdMemo()
    return found
