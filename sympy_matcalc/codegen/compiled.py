"""The function of a source text: it can be pickled and copied, and tracebacks can show its lines."""

import linecache
from collections.abc import Callable, Mapping
from functools import partial
from inspect import Signature
from itertools import count
from typing import Any

from .. import errors
from ..errors import MissingLibraryError
from .source import ERRORS

_serial = count(1)
LARGEST = 2**25 - 2**15  # bytes: glibc learns from what is freed up to 32 MB


class Compiled(partial):
    """What `lambdify` gives: a function of arrays. source: its text, from which a pickle makes it again."""

    source: str
    given: Mapping[str, Callable[..., Any]]

    def __repr__(self) -> str:
        return f"<function of lambdify: compute{Signature.from_callable(self.func)}>"

    def __reduce__(self) -> Any:
        return compiled, (self.source, dict(self.given))


def compiled(source: str, given: Mapping[str, Callable[..., Any]]) -> Compiled:
    """The function of a source text. given: the functions of a user that it calls, by name.

    Errors: MissingLibraryError where a library that it imports is not installed.
    """
    file = f"<sympy_matcalc.lambdify {next(_serial)}>"
    namespace: dict[str, Any] = {"__name__": "sympy_matcalc_generated", **given}
    linecache.cache[file] = (len(source), None, source.splitlines(True), file)
    try:
        exec(compile(source, file, "exec"), namespace)
    except ImportError as error:
        library = (error.name or "scipy").partition(".")[0]
        missing: Any = MissingLibraryError("the numeric code of this expression", library, error)
        missing.source = source
        raise missing from error
    if "np" in namespace:
        _keep_pages(namespace["np"])
    namespace |= {name: getattr(errors, name) for name in ERRORS if name in namespace}
    function: Any = Compiled(namespace["compute"])  # a call of it costs next to nothing, unlike one of a class written in Python
    function.source, function.given = source, given
    function.__name__, function.__doc__ = "compute", None
    return function


def _keep_pages(np: Any) -> None:
    """Have the allocator keep what a call frees for the next one.

    glibc gives the pages of temporary arrays back to the system after each call, and the next call faults them in anew (a gradient with
    arrays of 0.5 MB took 3.6 times as long), until as large an array has once been freed. This one is never written: it has no pages.
    """
    np.empty(LARGEST, np.uint8)
