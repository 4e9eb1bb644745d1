"""From SymPy back to the typed grammar: `to_text` is the inverse of `parse` wherever the grammar has a word for a node."""

from typing import Any

from sympy import Adjoint, And, Eq, Integer, Inverse, MatAdd, MatMul, Ne, Not, Or, S, Symbol, Transpose
from sympy.matrices.expressions import MatrixSlice
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.printing.precedence import PRECEDENCE, precedence

from ..errors import ExpressionError
from ..indices.recognised import as_typed
from ..kernel.as_written import as_written
from ..nodes.algebra_text import binding, blocks_text, positive_first, product_text, sum_text
from ..nodes.bound import BOUND
from ..nodes.declaration import NODES
from ..nodes.elementwise import Elementwise
from ..nodes.shown import plain
from ..nodes.softmax import OfColumns
from ..nodes.words import OwnSumsLast
from ..notation.logistic import in_sigmoids
from .functions import ELEMENTWISE, ENTRYWISE, PRINTED, TYPED
from .limits import digits

CALLS = {  # what SymPy's str writes as something else than a call
    name: PRINTED[name]
    for name in (
        "Trace Determinant HadamardProduct HadamardPower KroneckerProduct DiagMatrix DiagonalOf OneMatrix ZeroMatrix Identity".split()
    )
}
WORDS = {node: name for name, node in TYPED.items()}
OWN_WORDS = {NODES[name]: PRINTED[name] for name in ("Sylvester", "Riccati", "DiscreteRiccati")}
OF_NUMBERS = {NODES[name]: name.lower() for name in ("Gather", "Scatter")}
NAMES = {function(BOUND): name for name, function in ELEMENTWISE.items()}
NAMES |= {node.definition(BOUND): name for name, node in ENTRYWISE.items()}  # of the same value

WRITTEN = {MatAdd: sum_text, MatMul: product_text}
MAX_WRITTEN = 4000  # digits of a number; Python itself writes 4300


def to_text(expr: Any) -> str:
    """`expr` as one would type it: identities and ones are not mistaken for numbers; a node without a word prints as SymPy's str.

    >>> from sympy import Identity, MatrixSymbol, symbols, tanh
    >>> n = symbols("n", integer=True, positive=True)
    >>> A, x = MatrixSymbol("A", n, n), MatrixSymbol("x", n, 1)
    >>> to_text((A.T + Identity(n)).inverse()*x.applyfunc(tanh))
    '(I(n) + A.T).I*tanh(x)'
    """
    return TextPrinter().doprint(as_typed(as_written(expr)))


class TextPrinter(OwnSumsLast):
    """SymPy's str with the words of the grammar."""

    def doprint(self, expr):
        return super().doprint(as_written(expr))

    def _print(self, expr, **kwargs):
        expr = plain(expr)  # of an answer, whose nodes have a text of their own
        if type(expr) in WRITTEN:  # before the text that those of an answer have of their own
            return WRITTEN[type(expr)](expr.args, self)
        if type(expr) in OF_NUMBERS:
            return self.with_numbers(expr)
        if isinstance(expr, OfColumns):
            return f"{expr.arg.name.lower()}({self._print(expr.arg.arg.T)}, 0)"
        word = WORDS.get(type(expr)) or OWN_WORDS.get(type(expr))
        return f"{word}({', '.join(map(self._print, expr.args))})" if word else super()._print(expr, **kwargs)

    def _as_ordered_terms(self, expr, order=None):
        """The terms of a sum of scalars: `b - a`, not `-a + b`."""
        return positive_first(list(super()._as_ordered_terms(expr, order)))

    def with_numbers(self, expr):
        """``gather(X, [2, 0])``."""
        matrix, numbers, *sizes = expr.args
        args = [self._print(matrix), f"[{', '.join(map(self._print, numbers))}]", *map(self._print, sizes)]
        return f"{OF_NUMBERS[type(expr)]}({', '.join(args)})"

    def _print_Lambda(self, expr):
        """The name of a function of one argument, else what it does to its argument."""
        if len(expr.variables) != 1:
            return super()._print_Lambda(expr)
        (bound,) = expr.variables
        body = in_sigmoids(expr.expr.xreplace({bound: BOUND})).xreplace({BOUND: bound})
        taken = {s.name for s in body.free_symbols if s != bound}
        letter = next(Symbol(name) for name in (bound.name.lstrip("_") or "u", *"uvwrst", "u_") if name not in taken)
        return NAMES.get(body.xreplace({bound: BOUND})) or f"{letter} -> {self._print(body.xreplace({bound: letter}))}"

    def _print_Integer(self, expr):
        if digits(expr) > MAX_WRITTEN:
            raise ExpressionError(f"a number of {digits(expr):.0f} digits comes out: more than the {MAX_WRITTEN} that are written")
        return super()._print_Integer(expr)

    def _print_Rational(self, expr):
        return f"{self._print(Integer(expr.p))}/{self._print(Integer(expr.q))}"

    def _print_Infinity(self, expr):
        return "inf"

    def _print_Heaviside(self, expr):
        return f"step({', '.join(map(self._print, expr.args[: 1 + (expr.args[1] != 0)]))})"

    def _print_call(self, expr):
        args = expr.args
        if expr.func.__name__ in ("OneMatrix", "ZeroMatrix") and args[1] == 1:
            args = args[:1]
        return f"{CALLS[expr.func.__name__]}({', '.join(map(self._print, args))})"

    _print_Trace = _print_Determinant = _print_HadamardProduct = _print_HadamardPower = _print_KroneckerProduct = _print_call
    _print_DiagMatrix = _print_DiagonalOf = _print_OneMatrix = _print_ZeroMatrix = _print_Identity = _print_call

    def _print_Inverse(self, expr):
        return f"{self.suffixed(expr.arg)}.I"

    def _print_Transpose(self, expr):
        return f"{self.suffixed(expr.arg)}.T"

    def _print_Adjoint(self, expr):
        return f"{self.suffixed(expr.arg)}.H"

    def _print_Abs(self, expr):
        return f"abs({self._print(expr.args[0])})"

    def _print_Max(self, expr):
        return f"max({', '.join(map(self._print, expr.args))})"  # not relu, whose derivative at 0 is another one

    def _print_Min(self, expr):
        return f"min({', '.join(map(self._print, expr.args))})"

    def _print_loggamma(self, expr):
        return f"lgamma({self._print(expr.args[0])})"

    def _print_polygamma(self, expr):
        order, x = expr.args
        word = {0: "digamma", 1: "trigamma"}.get(order)
        return f"{word}({self._print(x)})" if word else f"polygamma({self._print(order)}, {self._print(x)})"

    def _print_Piecewise(self, expr):
        """Of conditions that the grammar has, the last of them always true."""
        *pairs, (value, last) = expr.args
        if last != S.true or any(condition.atoms(Not, Eq, Ne) for _, condition in pairs):
            return self._print_Function(expr)
        parts = [part for x, condition in pairs for part in (self.condition(condition), self._print(x))]
        return f"where({', '.join([*parts, self._print(value)])})"

    def condition(self, expr):
        """A condition as it is typed: `a > 0`, and those joined by `and` and `or`."""
        if not isinstance(expr, (And, Or)):
            return self._print(expr)
        parts = [f"({self.condition(a)})" if isinstance(a, (And, Or)) else self.condition(a) for a in expr.args]
        return (" and " if isinstance(expr, And) else " or ").join(sorted(parts))

    def _print_MatrixSlice(self, expr):
        """``x[1:]``, ``A[:, j]``; with a step as SymPy writes it."""
        parent, *ranges = expr.args
        if any(step != 1 for _, _, step in ranges):
            return super()._print_MatrixSlice(expr)
        axes = [self.span(start, stop, size) for (start, stop, _), size in zip(ranges, parent.shape)]
        return f"{self.suffixed(parent)}[{', '.join(axes[: 1 + (parent.shape[1] != 1)])}]"

    def span(self, start, stop, size):
        """A range of an axis; of a single index that index."""
        if stop - start == 1 and size != 1:
            return self._print(start)
        return f"{'' if start == 0 else self.bound(start, size)}:{'' if stop == size else self.bound(stop, size)}"

    def bound(self, bound, size):
        from_end = bound - size
        return self._print(from_end if from_end.is_Integer and from_end < 0 and not bound.is_Integer else bound)

    def _print_MatPow(self, expr):
        return f"{self.suffixed(expr.base)}**{self.parenthesize(expr.exp, PRECEDENCE['Pow'])}"

    def _print_MatrixElement(self, expr):
        """The entry of a 1 x 1 product is that product."""
        parent, *index = expr.args
        if _is_whole(expr):
            return self._print(parent)
        return f"{self.suffixed(parent)}[{', '.join(map(self._print, index[:1] if parent.shape[1] == 1 else index))}]"

    def _print_ElementwiseApplyFunction(self, expr):
        (bound,), body = expr.function.variables, expr.function.expr
        if isinstance(body, Elementwise) and body.args[0] == bound and not any(p.has(bound) for p in body.args[1:]):
            return f"{WORDS[type(body)]}({', '.join(map(self._print, (expr.expr, *body.args[1:])))})"
        function, arg = map(self._print, (expr.function, expr.expr))
        return f"{function}({arg})" if function in ELEMENTWISE else f"apply({function}, {arg})"

    def _print_MatrixBase(self, expr):
        rows = (", ".join(map(self._print, expr[i, :])) for i in range(expr.rows))
        return "Matrix([" + ", ".join(f"[{row}]" for row in rows) + "])"

    def _print_BlockMatrix(self, expr):
        return blocks_text(expr.blocks, self)

    def parenthesize(self, item, level, strict=False):
        """No brackets around what is written as a call; brackets around a 1 x 1 product that stands for its entry."""
        text, own = self._print(item), _precedence(item)
        return f"({text})" if own < level or (not strict and own <= level) else text

    def suffixed(self, expr):
        """`expr` in brackets, unless a suffix binds to the whole of it."""
        text = self._print(expr)
        closed = expr.is_symbol or isinstance(expr, (Transpose, Inverse, Adjoint, MatrixSlice)) or _is_call(expr)
        return text if closed else f"({text})"


def _is_whole(expr):
    """The entry of a compound 1 x 1 expression."""
    return isinstance(expr, MatrixElement) and expr.parent.shape == (1, 1) and not expr.parent.is_symbol


def _is_call(expr):
    return (
        expr.func.__name__ in CALLS
        or type(expr) in WORDS
        or type(expr) in OWN_WORDS
        or type(expr) in OF_NUMBERS
        or isinstance(expr, ElementwiseApplyFunction)
    )


def _precedence(expr):
    """How strongly the text of `expr` binds, without SymPy's trial negation of matrix products."""
    if _is_call(expr):
        return PRECEDENCE["Atom"]
    if isinstance(expr, MatMul):
        return binding(expr.args)
    return PRECEDENCE["Mul"] - 1 if _is_whole(expr) else precedence(expr)
