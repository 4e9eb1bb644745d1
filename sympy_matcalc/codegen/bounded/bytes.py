"""A bound of memory as it is typed: bytes, or a text with a unit."""

import re
from typing import Any

from ...errors import ArgumentError

UNITS = {"B": 1, "kB": 10**3, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40}
TYPED = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([A-Za-z]+)\s*")


def bytes_of(memory: Any) -> int:
    """The number of bytes.

    Errors: ArgumentError for what is no positive number of bytes and no number with a unit.

    >>> bytes_of("256 MB"), bytes_of("1.5GiB"), bytes_of(10**6)
    (256000000, 1610612736, 1000000)
    """
    found = None
    if isinstance(memory, str):
        typed = TYPED.fullmatch(memory)
        if typed and typed[2] in UNITS:
            found = int(float(typed[1]) * UNITS[typed[2]])
    elif isinstance(memory, int) and not isinstance(memory, bool):
        found = memory
    if found is None or found <= 0:
        units = ", ".join(UNITS)
        raise ArgumentError(f"`memory` is a number of bytes, or a text with a unit ({units}) such as '256 MB'; got {memory!r}")
    return found
