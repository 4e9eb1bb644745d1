"""A generated function whose source is kept in a directory."""

from collections.abc import Callable
from typing import Any

from ..compiled import Compiled, compiled
from .folder import Folder

Made = tuple[str, Any]  # a source, and the functions of a user that it calls


def kept(directory: Any, key: str | None, make: Callable[[], Made]) -> Compiled:
    """The function of the source that is kept under a key, else of what is made, which is kept unless it calls functions of a user."""
    folder, made = Folder(directory), list[Made]()

    def source() -> str | None:
        made.append(make())
        text, given = made[0]
        return None if given else text

    found = folder.source(key, source) if key is not None else source()
    return compiled(*made[0]) if made else compiled(found or "", {})
