"""Explicit matrices: as the variable, ``Matrix([x, y])``, and as what is differentiated; the answers are explicit too.

An explicit variable is one MatrixSymbol of its shape while the derivative is taken, so that layouts and forms are those of any matrix, and
products that hold it as a whole stay products.
"""

from collections.abc import Callable
from functools import wraps
from itertools import chain, count, product
from typing import Any

from sympy import Basic, Expr, MatrixSymbol, Symbol, Tuple
from sympy.matrices import MatrixBase
from sympy.matrices.expressions import MatrixExpr
from sympy.matrices.expressions.matexpr import MatrixElement

from ..errors import UnsupportedVariableError
from ..kernel.walks import holds, nodes_of, replaced
from ..nodes import Einsum, MatrixUnit
from ..nodes.unknown import OfUnknown


def of_explicit(function: Callable) -> Callable:
    """``function(expr, X, ...)`` for explicit matrices of symbols in the place of X too, with explicit answers to explicit questions."""

    @wraps(function)
    def wrapped(expr: Any, *args: Any, **options: Any) -> Any:
        asked = isinstance(expr, MatrixBase)
        if not asked and not any(_holds_explicit(a) for a in (*args, *options.values())):
            return function(expr, *args, **options)
        stand_ins = StandIns(expr, [*args, *options.values()])
        args = tuple(map(stand_ins.variable, args))
        options = {name: stand_ins.variable(a) for name, a in options.items()}
        found = function(stand_ins.put_in(expr), *args, **options)
        return _explicit(stand_ins.put_back(found)) if asked or stand_ins.symbols else found

    return wrapped


def _holds_explicit(a: Any) -> bool:
    """Whether an argument is an explicit matrix, or a pair of one and a count."""
    return isinstance(a, MatrixBase) or isinstance(a, (tuple, list, Tuple)) and any(isinstance(x, MatrixBase) for x in a)


class StandIns:
    """MatrixSymbols that stand for explicit variables, and their entries for the symbols in those."""

    def __init__(self, expr: Any, args: list):
        self.symbols: dict[Any, MatrixSymbol] = {}
        self.entries: dict[Any, Any] = {}
        used = nodes_of(expr, Symbol, MatrixSymbol) if isinstance(expr, (Basic, MatrixBase)) else set()
        self.taken = {str(s.name) for s in used}
        for a in args:
            for X in [a] if isinstance(a, MatrixBase) else a if _holds_explicit(a) else []:
                if isinstance(X, MatrixBase):
                    self._add(X.as_immutable())
        _check_occurrence(expr, used, self.entries)

    def _add(self, X: Any) -> None:
        if X in self.symbols:
            return
        name = next(name for name in chain(["X"], (f"X_{k}" for k in count(1))) if name not in self.taken)
        self.taken.add(name)
        self.symbols[X] = V = MatrixSymbol(name, *X.shape)
        for i, j in product(range(X.rows), range(X.cols)):
            x = X[i, j]
            if not isinstance(x, Symbol) and not (isinstance(x, MatrixElement) and isinstance(x.parent, MatrixSymbol)):
                raise UnsupportedVariableError(f"an explicit matrix as the variable has symbols for its entries, got `{x}` in `{X}`")
            if x in self.entries:
                raise UnsupportedVariableError(f"explicit matrices as variables have each symbol once, got `{x}` twice, in `{X}`")
            self.entries[x] = V[i, j]

    def variable(self, a: Any) -> Any:
        """What stands for a variable, or for one in a pair with a count."""
        if isinstance(a, MatrixBase):
            return self.symbols[a.as_immutable()]
        if isinstance(a, (tuple, list, Tuple)):
            return tuple(map(self.variable, a))
        return self.entries.get(a, a) if isinstance(a, Basic) else a

    def put_in(self, expr: Any) -> Any:
        """The expression in the MatrixSymbols: explicit variables in it, upright or lying, as a whole."""
        if not self.symbols or not isinstance(expr, (Basic, MatrixBase)):
            return expr
        parents = {x.parent for x in self.entries if isinstance(x, MatrixElement)}
        written_out = {P: P.as_explicit().as_immutable().xreplace(self.entries) for P in parents if all(s.is_Integer for s in P.shape)}
        whole = {X.T: V.T for X, V in self.symbols.items()} | self.symbols
        if isinstance(expr, MatrixBase):
            return expr.as_immutable().applyfunc(lambda a: a.xreplace(self.entries | whole | written_out))
        return replaced(expr, self.entries | whole | written_out)

    def put_back(self, found: Any) -> Any:
        back = {V: X for X, V in self.symbols.items()} | {e: x for x, e in self.entries.items()}
        back |= {MatrixSymbol(f"d{V.name}", *V.shape): _differential(X) for X, V in self.symbols.items()}
        return found.applyfunc(lambda a: a.xreplace(back)) if isinstance(found, MatrixBase) else replaced(found, back)


def _check_occurrence(expr: Any, used: set, entries: dict) -> None:
    """A symbol that is a size has no derivative; a matrix of unknown size stands for entries that nobody sees."""
    sizes = {s for P in used if isinstance(P, MatrixSymbol) for size in P.shape for s in size.free_symbols}
    for x in entries:
        if x in sizes:
            raise UnsupportedVariableError(f"`{x}` is the size of a matrix in `{expr}`: there is no derivative by a size")
        if isinstance(x, MatrixElement) and not all(s.is_Integer for s in x.parent.shape):
            raise UnsupportedVariableError(
                f"`{x}` in an explicit matrix is an entry of a matrix of unknown size: take `{x.parent}` as the variable"
            )


def _differential(X):
    return X.applyfunc(lambda x: Symbol(f"d{x.name}" if isinstance(x, Symbol) else f"d{x}", real=True))


def _explicit(found: Any) -> Any:
    """The entries of an answer in which no matrix is left that is a symbol or unknown, but in scalars, and whose sizes are numbers."""
    if isinstance(found, MatrixBase):
        return found.applyfunc(_evaluated).as_immutable()
    if not isinstance(found, (MatrixExpr, Einsum)) or not found.shape:
        return _evaluated(found)
    if (
        _has_abstract(found, scalars=False)
        and not holds(found, (MatrixUnit,))
        or not all(getattr(s, "is_Integer", True) for s in found.shape)
    ):
        return found
    value = found.as_explicit()
    return (value.applyfunc(_evaluated)).as_immutable()


def _evaluated(e: Any) -> Any:
    return e if not isinstance(e, Expr) or _has_abstract(e, scalars=True) else e.doit()


def _has_abstract(e: Any, scalars: bool) -> bool:
    """Whether a matrix that is a symbol, or the value of an unknown function, stands in it; scalars: in its scalars too."""
    if isinstance(e, (MatrixSymbol, OfUnknown)):
        return True
    if isinstance(e, MatrixElement) and isinstance(e.parent, MatrixSymbol):
        return False
    if not scalars and isinstance(e, Expr) and not isinstance(e, (MatrixExpr, Einsum)):
        return False
    return any(_has_abstract(a, scalars) for a in e.args)
