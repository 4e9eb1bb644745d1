"""The garbage collector is at rest while a derivation or a plan is made.

Their nodes go when the last reference to them does. A collection in between finds nothing, but promotes what is still in use, and a full
one, which that brings on, visits every object of SymPy's: 60 ms, more than most plans take.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def at_rest() -> Iterator[None]:
    """No collections in here; afterwards as it was before, also when this is nested."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
