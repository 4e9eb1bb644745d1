"""Index notation as input of what is about matrices: entries of an IndexedBase as entries of the matrix symbol that it stands for."""

from typing import Any

from sympy import Basic, Indexed, IndexedBase, MatrixSymbol, S

from ..errors import UnsupportedVariableError
from ..kernel.walks import holds
from ..typed_input import as_differentiable
from .access import name_of, shape_of_base
from .naming import Names
from .ranges import Ranges
from .sizes import Sizes
from .to_matrices import in_entries


def in_matrices(e: Any) -> Any:
    """An expression with the matrix symbol in the place of every IndexedBase; a vector is a column. What has none is as it was."""
    if not isinstance(e, Basic) or not holds(e, (Indexed,)):
        return e
    names = Names()
    ranges = Ranges(names)
    e = names.apart(as_differentiable(e))
    ranges.read(e)
    return names.readable(in_entries(e, Sizes(e, ranges, None)))


def matrix_of_base(base: IndexedBase, *expressions: Any) -> MatrixSymbol:
    """The matrix symbol that stands for an IndexedBase in expressions that `in_matrices` gave."""
    for e in expressions:
        found = next((s for s in sorted(e.atoms(MatrixSymbol), key=str) if s.name == name_of(base)), None)
        if found is not None:
            return found
    shape = shape_of_base(base)
    if shape is None or len(shape) > 2:
        raise UnsupportedVariableError(
            f"`{base}` is an IndexedBase without a shape of one or two axes, of which no entry is in the expression: "
            f"make it IndexedBase({name_of(base)!r}, shape=...), or a MatrixSymbol"
        )
    return MatrixSymbol(name_of(base), *(*shape, S.One)[:2])


def by_matrices(f: Any, *variables: Any) -> tuple:
    """(f, *variables) in matrices, where a variable is a whole IndexedBase; as they are otherwise."""
    if not any(isinstance(X, IndexedBase) for X in variables):
        return (f, *variables)
    f = in_matrices(f)
    return (f, *(matrix_of_base(X, f) if isinstance(X, IndexedBase) else X for X in variables))
