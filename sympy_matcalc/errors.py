"""Every error the package raises on purpose: one base class, one class a kind of mistake."""


class MatcalcError(Exception):
    """Base class of the errors of this package."""


class MissingRuleError(MatcalcError, NotImplementedError):
    """A node that contains the variable has no differential rule, so no derivative can be given."""


class ShapeError(MatcalcError, ValueError):
    """Two shapes that have to agree do not, or a scalar was needed and something larger was given.

    column: the place in a typed text, from 1, where there is one.
    """

    column: int | None = None


class UnsupportedVariableError(MatcalcError, TypeError):
    """What was given as the variable is not something one can differentiate by."""


class ExpressionError(MatcalcError, TypeError):
    """What was given as the expression is not a SymPy scalar or matrix expression."""


class ArgumentError(MatcalcError, ValueError):
    """An argument of a node, such as the p of a norm, is not one that it can have."""


class AssumptionError(MatcalcError, ValueError):
    """What was given as assumptions is no SymPy assumption, or contradicts itself."""


class IndexRangeError(MatcalcError, IndexError):
    """An index is no whole number, or is outside of its axis."""


class ParseError(MatcalcError, ValueError):
    """A typed expression is not in the grammar that the command line reads.

    column: the place in the text, from 1, where there is one.
    """

    def __init__(self, message: str, column: int | None = None):
        super().__init__(message)
        self.column = column


class DtypeError(MatcalcError, TypeError):
    """An array is of a type of numbers, or a thing no numbers at all, that a function cannot take."""


INSTALLED_AS = {"dask": "'dask[array]'"}  # what pip calls a library, where that is not its name
TITLES = dict(numpy="NumPy", scipy="SciPy", jax="JAX", torch="PyTorch", dask="Dask", matplotlib="Matplotlib")  # what errors call one


class MissingLibraryError(MatcalcError, ImportError):
    """What was asked for needs a library that is not installed. `source`: the code that was written and cannot run for it, or ""."""

    def __init__(self, what: str, library: str, cause: object = "") -> None:
        because = f" ({cause})" if cause else ""
        super().__init__(f"{what} needs {TITLES.get(library, f'`{library}`')}: pip install {INSTALLED_AS.get(library, library)}{because}")
        self.source = ""


class CheckError(MatcalcError, AssertionError):
    """A derivative disagrees with finite differences of its primal."""


class TakenAsRealWarning(UserWarning):
    """An expression has conjugates, and was given to what takes all symbols as real."""


INNER = ("sympy", "sympy_matcalc", "mpmath")  # packages whose exceptions mean nothing to a user


def is_inner(error: Exception, name: str) -> bool:
    """Whether an exception arose inside of the package or of SymPy: not in a user's rule, nor by a wrong call of `name`."""
    if isinstance(error, TypeError) and str(error).startswith(f"{name}()"):
        return False
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    module = trace.tb_frame.f_globals.get("__name__", "") if trace is not None else ""
    return str(module).partition(".")[0] in INNER


def failed(name: str, error: Exception) -> MatcalcError:
    """The error for what a function of the package could not do, and did not foresee."""
    said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return MatcalcError(
        f"`{name}` could not handle this expression, and gives no answer ({said}). Try it written in another way, with `.doit()` for "
        "instance; if it is a valid expression, this is a fault of the package: please report it"
    )
