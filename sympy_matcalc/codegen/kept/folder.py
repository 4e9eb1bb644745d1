"""The directory of kept code. What is read from it is run, so that nobody but its owner may be able to write there.

A file has the name of the digest of its key, and holds the key, the source, and a digest of both. A file that is not intact, or that others
can write to, is not used: its code is generated anew. A directory in which others can write is an error.
"""

import json
import os
import stat
import tempfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

from ...errors import ArgumentError

OTHERS = stat.S_IWGRP | stat.S_IWOTH
FORMAT = 1  # of a file


class Folder:
    """A directory, made where there is none.

    Errors: ArgumentError for what is no directory, cannot be one, or can be written to by others than its owner, who has to be the user.
    """

    def __init__(self, directory: Any) -> None:
        if not isinstance(directory, (str, os.PathLike)) or not os.fspath(directory):
            raise ArgumentError(f'`cache` is a directory, as text or a path, `cache="derivatives"`; got {directory!r}')
        self.path = Path(directory).expanduser()
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            found = self.path.stat()
        except OSError as error:
            raise ArgumentError(f"`cache`: `{self.path}` cannot be a directory ({error.strerror}): give another one") from error
        if not _is_own(found):
            raise ArgumentError(
                f"`cache`: others can write in `{self.path}` (mode {stat.S_IMODE(found.st_mode):o}), and what is read from it is run: "
                "give a directory of your own, `chmod 700`"
            )

    def source(self, key: str, make: Callable[[], str | None]) -> str | None:
        """The source that is kept under a key, else that of `make`, which is kept then; None where there is none to keep."""
        file = self.path / f"{sha256(key.encode()).hexdigest()}.json"
        found = _read(file, key)
        if found is None:
            found = make()
            if found is not None:
                _write(file, key, found)
        return found


def _is_own(found: os.stat_result) -> bool:
    """Whether only the user can write to a file or directory. Windows has no such bits: there its owner sees to it."""
    return not hasattr(os, "geteuid") or found.st_uid == os.geteuid() and not found.st_mode & OTHERS


def _digest(key: str, source: str) -> str:
    return sha256(json.dumps([FORMAT, key, source]).encode()).hexdigest()


def _read(file: Path, key: str) -> str | None:
    """The source in a file, None where there is none that is intact and the user's own."""
    try:
        with open(file, encoding="utf-8") as opened:
            found = os.fstat(opened.fileno())
            if not (stat.S_ISREG(found.st_mode) and _is_own(found)):
                return None
            kept = json.load(opened)
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(kept, dict) or kept.get("key") != key or not isinstance(kept.get("source"), str):
        return None
    return kept["source"] if kept.get("digest") == _digest(key, kept["source"]) else None


def _write(file: Path, key: str, source: str) -> None:
    """Write a file at once, so that another process never reads a part of it. Where the disk is full, or read-only, nothing is kept."""
    text = json.dumps({"digest": _digest(key, source), "key": key, "source": source})
    try:
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=".", suffix=".part")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as opened:
                opened.write(text)
            os.replace(name, file)
        except BaseException:
            os.unlink(name)
            raise
    except OSError:
        return
