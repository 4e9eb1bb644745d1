"""Signs of scalars, those of matrices among them. Three values, as for matrices."""

from sympy import Abs, Add, Mul, Pow, S, exp
from sympy.matrices.expressions import Determinant, MatMul, Trace
from sympy.matrices.expressions.matexpr import MatrixElement

from ..kernel.session import known, session_state
from ..kernel.shapes import shape_of
from ..nodes import Norm, NuclearNorm, SingularValue, SpectralNorm
from .congruence import is_congruence
from .declared import Truth, has

IMPLIED = {  # what follows for a scalar from what is stated of it
    "positive": ("nonnegative", "nonzero"),
    "negative": ("nonpositive", "nonzero"),
    "zero": ("nonnegative", "nonpositive", "even"),
    "nonnegative": ("real",),
    "nonpositive": ("real",),
    "nonzero": ("real",),
    "even": ("integer",),
    "odd": ("integer", "nonzero"),
    "integer": ("rational",),
    "rational": ("real",),
    "real": ("finite",),
}
NAMES = {*IMPLIED, "finite"}
EXCLUSIVE = [
    {"positive", "negative"},
    {"positive", "nonpositive"},
    {"negative", "nonnegative"},
    {"positive", "zero"},
    {"negative", "zero"},
    {"nonzero", "zero"},
    {"even", "odd"},
    {"nonnegative", "nonpositive", "nonzero"},
    {"real", "imaginary"},
]


def _known(name, c):
    """What SymPy knows of the scalar, else what is stated of it."""
    found = getattr(c, f"is_{name}")
    return known(name, c) if found is None else found


def is_positive(c) -> Truth:
    """c > 0."""
    found = _known("positive", c)
    if found is not None:
        return found
    if isinstance(c, (Determinant, Trace)):
        return has("positive_definite", c.arg) or None
    if isinstance(c, (Mul, Add)):
        return all(map(is_positive, c.args)) or isinstance(c, Add) and _one_positive(c.args) or None
    if isinstance(c, Pow):
        return is_positive(c.base) and c.exp.is_extended_real is True or None
    return isinstance(c, exp) and c.args[0].is_extended_real is True or None


def _one_positive(terms):
    return all(map(is_nonnegative, terms)) and any(map(is_positive, terms))


def is_negative(c) -> Truth:
    """c < 0."""
    return _known("negative", c)


def is_nonnegative(c) -> Truth:
    """c >= 0."""
    found = _known("nonnegative", c)
    if found is not None:
        return found
    if is_positive(c):
        return True
    if isinstance(c, (Norm, SpectralNorm, NuclearNorm, SingularValue, Abs)):
        return True
    if isinstance(c, (Determinant, Trace)):
        return has("positive_semidefinite", c.arg) or None
    if isinstance(c, MatrixElement):
        return c.i == c.j and shape_of(c.parent) == (S.One, S.One) and _is_square_form(c.parent) or None
    if isinstance(c, (Mul, Add)):
        return all(map(is_nonnegative, c.args)) or None
    return isinstance(c, Pow) and _is_nonnegative_power(c.base, c.exp) or None


def _is_nonnegative_power(base, exponent):
    return is_nonnegative(base) and exponent.is_extended_real is True or exponent.is_even is True and _is_real(base)


def _is_square_form(node):
    """x'Sx with S positive semidefinite."""
    return isinstance(node, MatMul) and is_congruence(node, is_nonnegative, lambda s: has("positive_semidefinite", s), strict=False)


def _is_real(c):
    return c.is_extended_real is True or not session_state.is_complex and isinstance(c, (Determinant, Trace, MatrixElement))


def is_nonzero(c) -> Truth:
    """c is not 0."""
    found = _known("nonzero", c)
    if found is not None:
        return found
    return is_positive(c) or isinstance(c, Determinant) and has("invertible", c.arg) or None
