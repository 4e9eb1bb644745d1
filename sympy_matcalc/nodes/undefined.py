"""Derivatives of functions that are not given: f'(w'x) for a SymPy Function('f')."""

from sympy import Derivative, Expr, Subs, Symbol, Tuple
from sympy.core.function import AppliedUndef

from ..compat import dummy
from ..errors import ExpressionError
from ..strict import sympified, sympified_tuple
from .declaration import OwnNode

__all__ = ["FunctionDerivative"]


def _slot(i: int) -> Symbol:
    """The symbol that stands for the argument number i."""
    return dummy(f"u_{i + 1}", 7_000_200 + i, real=True)


class FunctionDerivative(OwnNode, Expr):
    """f'(p), or the partial derivative of f(p, q, ...): an undefined function of slots, how often by each of them, and the point.

    As soon as the function is given, by ``.replace(f, sin)`` say, it is the derivative of that.

    >>> from sympy import Function, MatrixSymbol, sin, symbols
    >>> import sympy_matcalc as mc
    >>> n = symbols("n", integer=True, positive=True)
    >>> w, x, f = MatrixSymbol("w", n, 1), MatrixSymbol("x", n, 1), Function("f")
    >>> mc.gradient(f((w.T*x)[0, 0]), w)
    f'((w.T*x)[0, 0])*x
    >>> mc.gradient(f((w.T*x)[0, 0]), w).replace(f, sin)
    cos((w.T*x)[0, 0])*x
    """

    typed = "a function that is not given has no text"
    is_commutative = True
    is_extended_real = True

    def __new__(cls, applied: Expr, counts: Tuple, *point: Expr) -> Expr:
        applied, counts, point = sympified(applied), sympified_tuple(counts), tuple(map(sympified, point))
        slots = [_slot(i) for i in range(len(point))]
        if isinstance(applied, AppliedUndef):
            return Expr.__new__(cls, applied, counts, *point)
        if not isinstance(applied, Expr):
            raise ExpressionError(f"FunctionDerivative needs a function of its slots, got {type(applied).__name__}: `{applied}`")
        found = applied.diff(*((s, c) for s, c in zip(slots, counts) if c))
        return found.xreplace(dict(zip(slots, point)))

    @classmethod
    def of(cls, function: type, counts: list[int], point: tuple) -> Expr:
        """The derivative of a function at a point."""
        return cls(function(*(_slot(i) for i in range(len(point)))), Tuple(*counts), *point)

    @property
    def point(self) -> tuple:
        return self.args[2:]

    @property
    def free_symbols(self) -> set:
        return set().union(*(p.free_symbols for p in self.point))

    @property
    def bound_symbols(self) -> list:
        return [_slot(i) for i in range(len(self.point))]

    def partial(self, i: int) -> Expr:
        """The derivative once more by the argument number i."""
        counts = [c + (k == i) for k, c in enumerate(self.args[1])]
        return self.func(self.args[0], Tuple(*counts), *self.point)

    def _eval_derivative(self, s: Expr) -> Expr:
        return sum((self.partial(i) * p.diff(s) for i, p in enumerate(self.point)), start=self * 0)

    def _mark(self) -> str:
        """Primes of a function of one argument; else how often by each, as in f^(1,0)."""
        counts = self.args[1]
        if len(counts) == 1 and counts[0] <= 3:
            return "'" * int(counts[0])
        return f"({','.join(map(str, counts))})"

    def _sympystr(self, printer):
        mark = self._mark()
        at = ", ".join(map(printer._print, self.point))
        return f"{self.args[0].func.__name__}{'' if mark[0] != '(' else '^'}{mark}({at})"

    def head_latex(self, printer):
        """The name of the function with its primes."""
        mark, name = self._mark(), printer._print(Symbol(self.args[0].func.__name__))
        return f"{name}{mark}" if mark[0] != "(" else f"{name}^{{{mark}}}"

    def _latex(self, printer, exp=None):
        body = rf"{self.head_latex(printer)}\left({', '.join(map(printer._print, self.point))}\right)"
        return body if exp is None else rf"\left({body}\right)^{{{exp}}}"


def in_primes(e: Expr) -> Expr:
    """`e` with SymPy's derivatives of undefined functions, and their values at a point, as `FunctionDerivative`s."""
    if not e.args or not e.has(Derivative):
        return e
    if isinstance(e, Derivative) and isinstance(e.expr, AppliedUndef) and _is_partial(e):
        counts = dict(e.variable_count)
        return FunctionDerivative.of(e.expr.func, [counts.get(a, 0) for a in e.expr.args], e.expr.args)
    if isinstance(e, Subs):
        inner = in_primes(e.expr)
        return e if inner.has(Derivative) else inner.xreplace(dict(zip(e.variables, e.point)))
    return e if isinstance(e, Derivative) else e.func(*map(in_primes, e.args))


def _is_partial(e: Derivative) -> bool:
    """Whether it is taken by arguments of the function, each of which stands there once and in no other argument."""
    args = e.expr.args
    return all(count.is_Integer and s in args and sum(a.has(s) for a in args) == 1 for s, count in e.variable_count)
