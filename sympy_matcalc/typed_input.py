"""What was typed as an expression."""

from sympy import Basic, Dummy, Expr, Function, MatPow, NDimArray, Pow, Sum, Symbol
from sympy.concrete.expr_with_limits import ExprWithLimits
from sympy.functions.elementary.piecewise import ExprCondPair
from sympy.matrices import MatrixBase
from sympy.matrices.expressions import MatrixExpr

from .errors import ExpressionError, ShapeError
from .kernel.classes import Derived
from .kernel.interning import NOT_FINITE
from .kernel.session import session_state
from .kernel.walks import every_node, leaves
from .nodes import Einsum, MatrixSum, Norm
from .nodes.arrays import is_array_expression
from .strict import sympified

INFINITE = frozenset(NOT_FINITE)
PARTLY_VALUES = (Norm, ExprWithLimits, MatrixSum, ExprCondPair)

POWERS = (Pow, MatPow)
DECLARED = (Symbol, Dummy)
LOOKED_AT = Derived(Symbol, Function, *POWERS)
FUNCTIONS = tuple(f"sympy.functions.{family}" for family in ("elementary.exponential", "elementary.trig", "elementary.hyper", "special"))


def as_differentiable(e):
    """As `as_expression`, and arrays: SymPy's array expressions and explicit N-dim arrays.

    Errors: ExpressionError too for a part that is not finite, and for a symbol that is declared complex.
    """
    e = _sympified(e)
    e = e if is_array_expression(e) else as_expression(e)
    nodes = [node for node in _checked_nodes(e) if LOOKED_AT[type(node)]]
    for s in nodes:
        if isinstance(s, Symbol) and is_complex_symbol(s):
            if s.is_infinite:
                raise ExpressionError(
                    f"`{s}` is declared infinite, and derivatives are those of finite expressions: declare it finite, or real"
                )
            raise ExpressionError(
                f"`{s}` is declared complex or not real, and derivatives are those by real variables with real parameters: "
                "take `complex_derivative`, or declare it real"
            )
    check_scalar_parts(nodes)
    return e


def check_scalar_parts(nodes):
    """ShapeError for a matrix where SymPy's constructors take one and only a scalar makes sense: an exponent, or inside of a function."""
    for node in nodes:
        if isinstance(node, Function):
            if str(type(node).__module__).startswith(FUNCTIONS) and any(map(_is_large, node.args)):
                f, shape = node.func, next(filter(_is_large, node.args)).shape
                raise ShapeError(
                    f"`{f}` of a matrix of shape {shape} in `{node}`; write `.applyfunc({f})` for every entry, "
                    f"`MatrixFunction({f}, ...)` for the function of a matrix"
                )
        elif isinstance(node, POWERS) and _is_large(node.args[1]):
            raise ShapeError(
                f"an exponent that is a matrix, of shape {node.args[1].shape} in `{node}`; write `HadamardPower` for every entry"
            )


def _is_large(part):
    return getattr(part, "is_Matrix", False) and part.shape != (1, 1)


def is_complex_symbol(s):
    """Whether a symbol is declared as what may not be a real number; one without assumptions counts as real."""
    if type(s) in DECLARED:  # what follows from a declaration is with it from the start, and asking takes SymPy twenty times as long
        facts = s.assumptions0
        real, is_complex = facts.get("real"), facts.get("complex")
    else:
        real, is_complex = s.is_real, s.is_complex
    return real is False or real is None and is_complex is True


def check_finite(e, typed=None):
    """The expression; ExpressionError where infinity, or an undefined value, stands in it as a number.

    typed: what it comes from, which the error names.
    """
    _checked_nodes(e, typed)
    return e


def _checked_nodes(e, typed=None):
    """All nodes of an expression without infinities; ExpressionError where one stands in it as a number."""
    nodes = every_node(e)
    if not INFINITE.isdisjoint(map(type, nodes)):
        for leaf in leaves(e, NOT_FINITE, PARTLY_VALUES, _values_inside):
            where = f"`{leaf}` occurs in `{e}`" if typed is None else f"`{leaf}` comes out of `{typed}`"
            raise ExpressionError(f"the expression is not finite: {where}, as after a division by zero; write it without that")
    session_state.listed = e, nodes
    return nodes


def _values_inside(node):
    """The parts of a norm, a sum or a branch that stand for its value: not the kind of the norm, limits or conditions."""
    return (node.arg,) if isinstance(node, Norm) else node.args[:1]


def as_expression(e):
    """What was typed as a SymPy scalar, matrix or Einsum; ExpressionError for anything else, strings too."""
    e = _sympified(e)
    if isinstance(e, MatrixBase):
        return e.as_immutable()
    if isinstance(e, Sum) and getattr(e.function, "is_Matrix", False):  # SymPy's Sum of matrices has no shape
        return MatrixSum(e.function, *e.limits)
    if not isinstance(e, (Expr, Einsum)) or not isinstance(e, Basic):
        raise ExpressionError(f"the expression must be a SymPy scalar or matrix expression, got {type(e).__name__}: `{e}`")
    if isinstance(e, MatrixExpr):
        _check_shape(e)
    return e


def _check_shape(e):
    """ExpressionError for a matrix node of arguments that its class is not of: SymPy's constructors take nearly anything."""
    try:
        shape = e.shape
    except (AttributeError, TypeError, ValueError, IndexError, NotImplementedError) as error:
        given = ", ".join(type(a).__name__ for a in e.args)
        raise ExpressionError(f"the expression, a `{type(e).__name__}` of {given}, has no shape ({error}): it is one of matrices") from None
    if not isinstance(shape, tuple):
        raise ExpressionError(f"the expression, a `{type(e).__name__}`, has no shape: its arguments have to be matrices")


def _sympified(e):
    try:
        e = sympified(e)
    except ExpressionError:
        instead = "; text is read by `expr, names = mc.parse(...)`" if isinstance(e, str) else ""
        raise ExpressionError(f"the expression must be a SymPy expression, got {type(e).__name__}: {e!r}{instead}") from None
    return e.as_immutable() if isinstance(e, NDimArray) else e
