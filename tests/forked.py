"""Many mutants against one set of tests: collected once, then a process a mutant, in which one function is exchanged.

Which tests reach a function is recorded first, so that a mutant meets only those that can see it, quick ones first. What this can't
judge (a mutant outside of every function, a function that no test calls in this process) it says so, by None: see `mutants.py`.
"""

import ast
import contextlib
import gc
import importlib
import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FunctionType

import pytest
from _pytest.runner import runtestprotocol

Function = tuple[str, str, int]  # file, qualified name, first line
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
MOST = 5  # seconds of processor time that a test may take on top of ten times what it took without a mutant


@dataclass
class Edited:
    """A file with a mutant in its place: old and new text, and where in the old one it begins."""

    path: Path
    old: str
    new: str
    start: int

    def function(self) -> Function | None:
        """The outermost function that holds the edit in its body; None where there is none."""
        found = self._found()
        return None if found is None else (str(self.path), *found[:2])

    def marked(self) -> "Edited":
        """The old text with a call of ``_reached`` as the first statement of the function that holds the edit, and of those inside of it."""
        lines, (_, _, outer) = self.old.split("\n"), self._found() or ("", 0, None)
        assert outer is not None
        inside = [f.body[0] for f in ast.walk(outer) if isinstance(f, FUNCTIONS) and f.body[0].lineno > f.lineno]
        for first in sorted(inside, key=lambda statement: -statement.lineno):
            lines.insert(first.lineno - 1, " " * first.col_offset + f"_reached({self.function()!r})")
        return Edited(self.path, self.old, "\n".join(lines), self.start)

    def _found(self) -> tuple[str, int, ast.AST] | None:
        return _outermost(ast.parse(self.old), self.old.count("\n", 0, self.start) + 1, "")


def _outermost(tree: ast.AST, row: int, prefix: str) -> tuple[str, int, ast.AST] | None:
    for node in getattr(tree, "body", []):
        if not node.lineno <= row <= (node.end_lineno or row):
            continue
        if isinstance(node, FUNCTIONS):
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            return (prefix + node.name, first, node) if row >= node.body[0].lineno > node.lineno else None
        if isinstance(node, ast.ClassDef):
            return _outermost(node, row, f"{prefix}{node.name}.")
    return None


def _codes(code: CodeType) -> Iterator[CodeType]:
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield inner
            yield from _codes(inner)


Live = dict[Function, list[FunctionType]]


def live_functions() -> Live:
    """The functions of this process by their name: where a decorator or a closure holds one, it is among them."""
    out: Live = {}
    for f in gc.get_objects():
        if isinstance(f, FunctionType):
            out.setdefault(_name(f.__code__), []).append(f)
    return out


def exchange(edited: Edited, name: Function, live: Live, names: dict[str, object] | None = None) -> bool:
    """Give every live function of this name, and those that it has made, the code of the edited file, and its module the names; False
    where there is none.
    """
    path, qualified, line = name
    old, new = (
        next(c for c in _codes(compile(text, path, "exec")) if (c.co_qualname, c.co_firstlineno) == (qualified, line))
        for text in (edited.old, edited.new)
    )
    pairs = [(old, new), *zip(_codes(old), _codes(new), strict=True)]
    for before, after in pairs:
        for f in live.get(_name(before), ()):
            f.__code__ = after
            f.__globals__.update(names or {})
    return any(_name(before) in live for before, _ in pairs)


def _name(code: CodeType) -> Function:
    return code.co_filename, code.co_qualname, code.co_firstlineno


def in_a_process(work: Callable[[], object]) -> object:
    """What ``work()`` says, as JSON carries it, in a copy of this process; None where that broke off."""
    with tempfile.NamedTemporaryFile("r", suffix=".json") as answer:
        child = os.fork()
        if child == 0:
            with contextlib.suppress(BaseException):
                null = os.open(os.devnull, os.O_RDWR)
                for stream in (0, 1, 2):
                    os.dup2(null, stream)
                Path(answer.name).write_text(json.dumps(work()), encoding="utf-8")
            os._exit(0)
        os.waitpid(child, 0)
        text = Path(answer.name).read_text(encoding="utf-8")
    return json.loads(text) if text else None


def _run(items: list[pytest.Item], limits: dict[str, float] | None = None) -> Iterator[tuple[pytest.Item, bool, float]]:
    """Each test, whether it passed, and its processor time; the process ends where one takes more than its limit."""
    for k, item in enumerate(items):
        before = time.process_time()
        if limits:
            signal.setitimer(signal.ITIMER_PROF, limits[item.nodeid])
        after = items[k + 1] if k + 1 < len(items) else None
        reports = runtestprotocol(item, log=False, nextitem=after)
        yield item, not any(r.failed for r in reports), time.process_time() - before


@dataclass
class Judge:
    """A plug-in of pytest that runs the mutants in place of the tests."""

    mutants: list[Edited]
    report: Callable[[int, bool | None], None]
    done: bool = False
    live: Live = field(default_factory=dict)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        for path in {edited.path for edited in self.mutants}:  # some are imported where they are used only
            with contextlib.suppress(ImportError):
                importlib.import_module(".".join(path.relative_to(Path.cwd()).with_suffix("").parts))
        items, self.live = {item.nodeid: item for item in session.items}, live_functions()
        gc.freeze()  # a collection in a copy of the process would copy the pages of all that there is
        recorded = in_a_process(lambda: self._recorded(session.items))
        assert isinstance(recorded, dict), "the tests don't come to an end without a mutant"
        broken = [name for name, (passed, _, _) in recorded.items() if not passed]
        if broken:
            print(f"left out, since they fail without a mutant: {', '.join(broken)}", flush=True)
        for k, edited in enumerate(self.mutants):
            name = edited.function()
            reach = {t: seconds for t, (passed, found, seconds) in recorded.items() if passed and list(name or ()) in found}
            self.report(k, self._killed(edited, name, [items[t] for t in sorted(reach, key=reach.__getitem__)], reach))
        self.done = True
        return True

    def _killed(self, edited: Edited, name: Function | None, items: list[pytest.Item], took: dict[str, float]) -> bool | None:
        if name is None or not items:
            return None

        def work() -> bool | None:
            try:
                if not exchange(edited, name, self.live):
                    return None
            except (StopIteration, SyntaxError, ValueError):  # no such function in the edited file, or one of other variables
                return None
            return any(not passed for _, passed, _ in _run(items, {t: MOST + 10 * seconds for t, seconds in took.items()}))

        killed = in_a_process(lambda: [work()])
        return True if killed is None else killed[0]  # type: ignore[index]

    def _recorded(self, items: list[pytest.Item]) -> dict[str, tuple[bool, list[Function], float]]:
        """Each test: whether it passes, the functions with mutants that it calls, its processor time."""
        seen: set[Function] = set()
        for edited in self.mutants:
            name = edited.function()
            if name is not None:
                exchange(edited.marked(), name, self.live, {"_reached": seen.add})
        out = {}
        for item, passed, seconds in _run(items):
            out[item.nodeid] = passed, list(seen), seconds
            seen.clear()
        return out


def judge(root: Path, tests: list[str], mutants: list[Edited], report: Callable[[int, bool | None], None]) -> None:
    """Report of each mutant by its number whether one of the tests kills it; None where that can't be judged here."""
    os.chdir(root)
    sys.path.insert(0, str(root))
    judging = Judge(mutants, report)
    status = pytest.main(["-s", "-qq", "--tb=no", "--no-summary", "-p", "no:cacheprovider", *tests], plugins=[judging])
    if not judging.done:
        raise RuntimeError(f"the tests could not be collected (status {status}): {' '.join(tests)}")
