"""What the package's nodes share: the check of a matrix argument, and printing as a function of the arguments."""

from typing import Any

from sympy import Basic, Expr, Function, Identity, MatrixSymbol, S
from sympy.matrices import MatrixBase
from sympy.matrices.expressions import Transpose
from sympy.matrices.expressions.matexpr import MatrixElement, MatrixExpr

from ..errors import ExpressionError, IndexRangeError, ShapeError
from ..strict import sympified
from .declaration import OwnNode
from .written_out import written_out


def as_matrix(cls, arg, square=False, vector=False, hint=""):
    """`arg` as a SymPy matrix expression; ShapeError naming the node where it is none, or surely not square or no vector.

    hint: what to do about a matrix that is no vector.
    """
    try:
        arg = sympified(arg)
    except ExpressionError:
        raise ShapeError(f"{cls.__name__} needs a matrix, got {type(arg).__name__}: {arg!r}") from None
    if isinstance(arg, MatrixBase):
        arg = arg.as_immutable()
    if isinstance(arg, OwnNode) and isinstance(arg, Function) and arg.has(MatrixSymbol):  # a function of the one entry of X*w, of one row
        arg = arg * Identity(1)
    if not getattr(arg, "is_Matrix", False):
        of_matrix = isinstance(arg, Function) and len(arg.args) == 1 and getattr(arg.args[0], "is_Matrix", False)
        entries = f"; of every entry write `{arg.args[0]}.applyfunc({arg.func})`" if of_matrix else ""
        raise ShapeError(f"{cls.__name__} needs a matrix, got {type(arg).__name__}: `{arg}`{entries}")
    rows, cols = map(sympified, arg.shape)
    if square and (rows - cols).is_zero is False:
        raise ShapeError(f"{cls.__name__} needs a square matrix, got shape {(rows, cols)}: `{arg}`")
    if vector and 1 not in (rows, cols):
        raise ShapeError(f"{cls.__name__} needs a vector, got shape {(rows, cols)}: `{arg}`{hint}")
    return arg


class OfMatrix(OwnNode, Basic):
    """Mixin of a node whose first argument is a matrix."""

    abstract = True

    @property
    def arg(self):
        """The matrix."""
        return self.args[0]

    @property
    def conditions(self):
        """What has to hold for the value, or for what it is a derivative of, to exist; a tuple of sentences."""
        return ()

    def doit(self, **hints):
        """The node of the evaluated arguments; its value where the matrix is explicit and the value has a closed form."""
        args = [a.doit(**hints) for a in self.args] if hints.get("deep", True) else self.args
        value = self._value(*args) if isinstance(args[0], MatrixBase) else None
        return self.func(*args) if value is None else value

    def _value(self, *args):
        """The value for an explicit matrix, None where there is no closed form."""
        return None

    def _body_latex(self, printer):
        return rf"{self.latex_word()}\left({', '.join(printer._print(a) for a in self.args)}\right)"

    def _latex(self, printer, exp=None):
        body = self._body_latex(printer)
        return body if exp is None else rf"{{{body}}}^{{{exp}}}"


def as_size(cls, n):
    """`n` as a size; ShapeError where it is surely no positive whole number."""
    n = sympified(n) if n is not None else n
    if not isinstance(n, Expr) or getattr(n, "is_Matrix", False) or n.is_integer is False or n.is_positive is False or n is S.NaN:
        raise ShapeError(f"{cls.__name__} needs a positive whole number as a size, got `{n}`")
    return n


def as_index(cls, i, count):
    """`i` as an index; IndexRangeError where it is surely no whole number from 0 on and below `count`."""
    i = sympified(i) if i is not None else i
    if not isinstance(i, Expr) or getattr(i, "is_Matrix", False) or i.is_integer is False or i.is_Float or i is S.NaN:
        raise IndexRangeError(f"{cls.__name__}: the index must be a whole number, got `{i}`")
    if i.is_negative or (i - count).is_nonnegative:
        raise IndexRangeError(f"{cls.__name__}: index {i} is out of range" + (f" for {count} values" if count.is_finite else ""))
    return i


NOTES = "_matcalc_notes"  # the attribute of an answer that says which derivative it is


def conditions(expr: Any) -> tuple[str, ...]:
    """What has to hold for a result: the conditions of the nodes in it, each once, as sentences.

    Of a derivative by a variable with a structure it is said first which convention it follows; that is said of the answer as it was
    returned, and not of what is made of it.

    >>> from sympy import MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> n = symbols("n", integer=True, positive=True)
    >>> X = MatrixSymbol("X", n, n)
    >>> mc.conditions(mc.gradient(mc.Eigenvalue(X, 0), X))
    ('X is symmetric', 'eigenvalue 0 of X is simple')
    """
    if not isinstance(expr, Basic):
        raise ExpressionError(f"`conditions` takes a SymPy expression, got {type(expr).__name__}: `{expr}`")
    found, stack, seen = dict.fromkeys(expr.__dict__.get(NOTES, ()) if hasattr(expr, "__dict__") else ()), [expr], set()
    while stack:
        node = stack.pop()
        if id(node) not in seen:
            seen.add(id(node))
            found.update(dict.fromkeys(getattr(node, "conditions", ()) if isinstance(node, OfMatrix) else ()))
            stack += [a for a in reversed(node.args) if isinstance(a, Basic)]
    return tuple(found)


class MatrixOfMatrix(OfMatrix, MatrixExpr):
    """A matrix that is a function of a matrix, of the same shape unless the class says otherwise."""

    abstract = True

    @property
    def shape(self):
        return self.arg.shape

    def _entry(self, i, j, **kwargs):
        return MatrixElement(self, i, j)

    def as_explicit(self):
        """The entries: in closed form where the argument is explicit, else as entries of the node."""
        value = self.func(written_out(self.arg), *self.args[1:]).doit()
        return value.as_explicit() if isinstance(value, MatrixBase) else super().as_explicit()


class ScalarOfMatrix(OfMatrix, Expr):
    """A scalar that is a function of a matrix."""

    abstract = True
    is_commutative = True


class RealScalarOfMatrix(ScalarOfMatrix):
    """One that is real whatever the matrix is."""

    abstract = True
    is_extended_real = True


class ScalarOfEntries(ScalarOfMatrix):
    """A function ``of_entries`` of all entries in any order, so that a transposed matrix has the same."""

    abstract = True

    def __new__(cls, A):
        A = as_matrix(cls, A)
        return Basic.__new__(cls, A.arg if isinstance(A, Transpose) else A)

    def _value(self, A):
        return self.of_entries(*A.flat())


class ColumnOfRows(MatrixOfMatrix):
    """The column of a function ``of_entries`` of each row; a column is what it is of itself."""

    abstract = True

    def __new__(cls, A):
        A = as_matrix(cls, A)
        return A if A.shape[1] == 1 else Basic.__new__(cls, A)

    @property
    def shape(self):
        return sympified(self.arg.shape[0]), S.One

    def _value(self, A):
        return type(A)([self.of_entries(*A.row(i)) for i in range(A.rows)])
