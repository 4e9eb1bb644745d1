"""What is asked: a formula, an expression and a variable, checked against one another; the derivative that the formula is judged by."""

from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from typing import Any

from sympy import Basic, Dummy, IndexedBase, MatrixSymbol, Symbol
from sympy.matrices.expressions.matexpr import MatrixElement

from ..api.derivatives import gradient, hessian, jacobian
from ..api.variables import is_scalar, variable_of
from ..errors import ArgumentError, ExpressionError, ShapeError
from ..facts import Facts, read_facts
from ..kernel.walks import every_node
from ..nodes.arrays import is_array_symbol
from ..nodes.base import conditions
from ..typed_input import as_differentiable
from .arithmetic import folded

NAMES = {"gradient": "gradient", "jacobian": "Jacobian", "hessian": "Hessian"}


@dataclass(frozen=True, eq=False)
class Question:
    """Whether `mine` is the derivative of `expr` by `X`, of which `answer` is the package's form."""

    mine: Any
    expr: Any
    X: Basic
    Y: Basic | None = None
    order: int = 1
    form: str | None = None
    layout: str = "numerator"
    assumptions: Any = None
    structure: Any = None
    convention: str | None = None
    domain: dict = field(default_factory=dict)

    @cached_property
    def plain(self) -> Any:
        """The expression without sums over entries, which is evaluated faster."""
        return folded(self.expr)

    @property
    def kind(self):
        """ "gradient", "jacobian" or "hessian", as the command line says it."""
        if self.order == 2:
            return "hessian"
        return "gradient" if is_scalar(self.expr) and self.form != "vec" and self.layout == "numerator" else "jacobian"

    @property
    def name(self):
        return NAMES[self.kind]

    @property
    def facts(self) -> Facts:
        return read_facts(self.assumptions)

    def derivative(self, **given: Any) -> Any:
        """The derivative of the kind that is asked for; `given` replaces what was given with the question."""
        asked = {"form": self.form, "assumptions": self.assumptions, "structure": self.structure, "convention": self.convention} | given
        if self.kind == "hessian":
            return hessian(self.expr, self.X, self.Y, **asked)
        if self.kind == "gradient":
            return gradient(self.expr, self.X, **asked)
        return jacobian(self.expr, self.X, **{"layout": self.layout} | asked)


def read_question(mine: Any, expr: Any, X: Basic, order: int, **given: Any) -> Question:
    """The `Question`; errors for what is no formula of the expression's symbols, with what was seen and what to do."""
    if order not in (1, 2):
        raise ArgumentError(f"order must be 1, or 2 for the Hessian, got {order!r}")
    if isinstance(mine, str) or isinstance(expr, str):
        raise _of_text(mine, expr, X)
    expr, mine = as_differentiable(expr), _formula(mine)
    if order == 2 and not is_scalar(expr):
        raise ShapeError(f"`order=2` is the Hessian of a scalar, got `{expr}` of shape {tuple(expr.shape)}")
    if order == 1 and given.get("Y") is not None:
        raise ArgumentError(f"`Y` is the second variable of a mixed Hessian: leave `{given['Y']}` out, or ask with `order=2`")
    if order == 2 and given.get("layout") != "numerator":
        raise ArgumentError(f"`layout` is of a Jacobian, and a Hessian has none: leave {given['layout']!r} out")
    check_symbols(mine, [expr, variable_of(X), *([variable_of(given["Y"])] if given.get("Y") is not None else [])])
    return Question(mine, expr, X, order=order, **given)


def _formula(mine):
    try:
        return as_differentiable(mine)
    except ExpressionError as error:
        raise ExpressionError(f"`mine` is no formula that can be compared: write it with SymPy's symbols ({error})") from None


def _of_text(mine, expr, X):
    """The error for typed text: both texts need the same shapes, and inferred alone they need not have them."""
    return ExpressionError(
        f"`verdict` compares SymPy expressions, got text in `verdict({mine!r}, {expr!r}, ...)`: read both with the shapes of all names, "
        "`shapes = ['A: n x n', 'x: n']`, by `expr, names = mc.parse(text, shapes)` and `mine, _ = mc.parse(text, shapes)`, and name the "
        f'variable as in `names[\'x\']`; or type `python -m sympy_matcalc check "{mine}" --of "{expr}" --wrt {X}`'
    )


# ---- the symbols of the formula are those of the expression
def symbols_of(*expressions):
    """{name: every symbol, matrix, array or base of that name}, sizes among them; bound ones that SymPy made are left out."""
    found: dict[str, set] = {}
    for e in expressions:
        for node in every_node(e):
            if isinstance(node, (MatrixSymbol, Symbol, IndexedBase)) and not isinstance(node, Dummy) or is_array_symbol(node):
                found.setdefault(str(node.name), set()).add(node)
    return found


def bound_in(e):
    """The names that an expression binds in a sum, or in a function of every entry."""
    return {str(s) for node in every_node(e) for s in getattr(node, "bound_symbols", ())}


def check_symbols(mine, others):
    """ExpressionError where `mine` uses a symbol that the question has not, or one of its name that is another."""
    known, bound = symbols_of(*others), bound_in(mine)
    for name, used in symbols_of(mine).items():
        strangers = used - _shadowed(known.get(name, set()))
        if name in bound or not strangers:
            continue
        if name not in known:
            near = get_close_matches(name, list(known), 1)
            hint = f"; did you mean `{near[0]}`?" if near else ""
            has = f"its symbols are {', '.join(sorted(known))}"
            raise ExpressionError(f"`mine` uses `{name}`, which `{others[0]}` has not: write it in those, {has}{hint}")
        raise _other_symbol(name, next(iter(strangers)), next(iter(known[name])))


def _shadowed(symbols):
    """The symbols, and the plain Symbol by which SymPy keeps the name of an IndexedBase."""
    return symbols | {s.label for s in symbols if isinstance(s, IndexedBase)}


def _other_symbol(name, mine, theirs):
    shapes = [tuple(s.shape) if hasattr(s, "shape") else None for s in (mine, theirs)]
    if shapes[0] != shapes[1]:
        seen = [f"of shape {s}" if s else "a scalar" for s in shapes]
        return ShapeError(f"`{name}` is {seen[0]} in `mine` and {seen[1]} in the expression: use the very same symbol in both")
    return ExpressionError(
        f"`{name}` in `mine` is declared with other assumptions than in the expression: use the very same symbol in both"
    )


def entry_parent(X):
    """The matrix of which the variable is, or is an entry."""
    return X.parent if isinstance(X, MatrixElement) else X


def needs(answer):
    """What has to hold for an answer to be one."""
    return conditions(answer) if hasattr(answer, "args") else ()
