"""A bar on stderr for what takes over a second, where someone looks at it."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

WIDTH = 30
AFTER, EVERY = 1.0, 0.1  # seconds until a bar is shown, and between its steps


def progress(what: str, args: Any = None) -> Callable[[Iterable[Any]], Iterable[Any]]:
    """What passes the items of an iterable through, with a bar on a terminal."""
    if not sys.stderr.isatty() or getattr(args, "json", False):
        return lambda items: items
    return lambda items: with_bar(list(items), what)


def with_bar(items: list[Any], what: str, clock: Callable[[], float] = time.monotonic) -> Iterator[Any]:
    """The items one after the other; after a second a line that is written anew, and cleared at the end."""
    due, shown = clock() + AFTER, False
    for done, item in enumerate(items):
        if clock() >= due:
            due, shown = clock() + EVERY, True
            sys.stderr.write("\r" + bar(done, len(items), what))
            sys.stderr.flush()
        yield item
    if shown:
        sys.stderr.write("\r\x1b[K")


def bar(done: int, total: int, what: str) -> str:
    """
    >>> bar(10, 40, "identities")
    '[#######                       ] 10/40 identities'
    """
    filled = WIDTH * done // max(total, 1)
    return f"[{'#' * filled}{' ' * (WIDTH - filled)}] {done}/{total} {what}"
