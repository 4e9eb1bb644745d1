"""Source of what was derived, for the library that is asked for."""

from typing import Any

import sympy_matcalc as mc

from ..errors import TITLES, MatcalcError, MissingLibraryError
from ..text import Reading
from .options import LIBRARIES


def source(reading: Reading, result: Any, library: str = "numpy") -> str:
    """Source of a result as a function of the names it contains; of more names, then of sizes, where a size is not shown.

    It can be written where the library is not installed, and then begins with a comment that says so. Errors: MatcalcError where the
    library has none.
    """
    failure: Any = None
    for args in signatures(reading, result):
        try:
            return mc.lambdify(args, result, modules=library).source
        except (MatcalcError, NotImplementedError) as error:
            if isinstance(error, MissingLibraryError) and error.source:
                return f"# {error}\n{error.source}"
            failure = failure or error
    others = ", ".join(name for name in LIBRARIES if name != library)
    raise MatcalcError(f"no {TITLES[library]} source: {failure}; `--code` takes others: {others}") from failure


def signatures(reading: Reading, result: Any) -> list[list[Any]]:
    """The arguments to try one after the other: the names in the results, all names, these and the sizes."""
    results = result if isinstance(result, (list, tuple)) else list(result.values()) if isinstance(result, dict) else [result]
    free = {s for r in results for s in r.free_symbols}
    used = {str(s) for s in free}
    every = list(reading.symbols.values())
    shapes = {d for s in every for size in getattr(s, "shape", ()) for d in size.free_symbols}
    sizes = sorted((shapes | free) - set(every), key=str)
    return [[s for s in every if str(s) in used], every, every + sizes]
