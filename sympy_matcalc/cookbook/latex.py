"""SymPy's LaTeX as the cookbook prints it: elementwise functions by name, a 1 x 1 matrix for its entry, rows of ones."""
from sympy.core.function import Function
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.printing.latex import LatexPrinter
from sympy.printing.precedence import PRECEDENCE

from .symbols import relu, sigmoid, softplus, step, u

NAMES = {
    sigmoid.expr: r"\sigma",
    softplus.expr: r"\operatorname{softplus}",
    relu.expr: r"\operatorname{relu}",
    step.expr: r"\operatorname{step}",
}
PLAIN = {"exp", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh"}     # a command of LaTeX


class Latex(LatexPrinter):
    """SymPy's LaTeX printer with these few nodes its own way."""

    def _print_MatrixElement(self, e):
        return self._print(e.parent) if _is_whole(e) else super()._print_MatrixElement(e)

    def _print_OneMatrix(self, e):
        return r"\mathbf{1}^{T}" if e.shape[0] == 1 and e.shape[1] != 1 else r"\mathbf{1}"

    def _print_ElementwiseApplyFunction(self, e):
        (bound,) = e.function.variables
        body = e.function.expr.xreplace({bound: u})
        name = NAMES.get(body) or _name(body)
        return rf"{name}\left({self._print(e.expr)}\right)" if name else super()._print_ElementwiseApplyFunction(e)

    def parenthesize(self, item, level, *args, **kwargs):
        """A 1 x 1 product is a factor of its own: (x'Ax) x."""
        if _is_whole(item) and level >= PRECEDENCE["Mul"]:
            return rf"\left({self._print(item)}\right)"
        return super().parenthesize(item, level, *args, **kwargs)

    def _needs_mul_brackets(self, expr, first=False, last=False):
        return _is_whole(expr) and not (first and last) or super()._needs_mul_brackets(expr, first, last)


def _is_whole(e):
    """The entry of a compound 1 x 1 expression."""
    return isinstance(e, MatrixElement) and e.parent.shape == (1, 1) and not e.parent.is_symbol


def _name(body):
    """The LaTeX name of a function f from f(u); None for anything else."""
    if not isinstance(body, Function) or body.args != (u,):
        return None
    name = type(body).__name__
    return f"\\{name}" if name in PLAIN else rf"\operatorname{{{name.lower()}}}"
