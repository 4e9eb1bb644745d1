"""dataflow: an expression as a graph of operations, with the backward pass beside it."""

from collections.abc import Iterable
from typing import Any

from sympy import Identity, MatAdd, MatMul, S, Symbol
from sympy.matrices.expressions import ZeroMatrix

from ..api.variables import variable_of
from ..errors import UnsupportedVariableError
from ..kernel.session import session
from ..kernel.shapes import is_matrix, shape_of
from ..typed_input import as_expression
from . import languages
from .operations import Operation, operations_of, reaching
from .svg import drawing


class Dataflow:
    """The graph of an expression: `inputs`, `operations` in order, `variables` of the backward pass; pictures `dot`, `mermaid`, `svg`.

    ``local_jacobians[op.symbol, operand]`` are those of the backward pass, each a matrix d vec(op) / d vec(operand)'.
    """

    def __init__(self, expr: Any, inputs: list[Any], operations: list[Operation], variables: Iterable[Any]):
        self.expression, self.inputs, self.operations = expr, tuple(inputs), tuple(operations)
        self.variables = tuple(variables)
        self.reaching = reaching(operations, self.variables)
        self.local_jacobians = {
            (op.symbol, s): op.local_jacobian(s) for op in operations for s in op.operands if self.variables and s in self.reaching
        }

    @property
    def output(self) -> Any:
        """The symbol of the last operation; the expression itself where there is none."""
        return self.operations[-1].symbol if self.operations else self.expression

    @property
    def seed(self) -> Any:
        """The derivative of the expression by itself, with which the backward pass begins."""
        return _identity(self.output)

    def jacobian(self, variable: Any) -> Any:
        """d vec(expression) / d vec(variable)' as sums of products of local Jacobians, in the symbols of the operations."""
        back = {self.output: self.seed}
        for op in reversed(self.operations):
            for operand in op.operands:
                if op.symbol in back and (op.symbol, operand) in self.local_jacobians:
                    term = _product(back[op.symbol], self.local_jacobians[op.symbol, operand])
                    back[operand] = _sum(back[operand], term) if operand in back else term
        if variable not in back:
            raise UnsupportedVariableError(f"`{variable}` is none of the variables of this graph; take one of {self.variables}")
        return back[variable]

    def dot(self) -> str:
        """The graph in the language of Graphviz."""
        return languages.dot(self)

    def mermaid(self) -> str:
        """The graph in the language of Mermaid, as Markdown pages show it."""
        return languages.mermaid(self)

    def svg(self) -> str:
        """The graph as a picture, laid out here: no program or library is needed."""
        return drawing(self)

    def _repr_svg_(self) -> str:
        return self.svg()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"image/svg+xml": self.svg(), "text/plain": repr(self)}

    def __repr__(self) -> str:
        return "\n".join(f"{op.symbol} = {languages.text_of(op.value)}" for op in self.operations) or languages.text_of(self.expression)


def dataflow(expr: Any, derivative: Any = False) -> Dataflow:
    """The graph of the operations of an expression, shared parts once, with shapes on the edges; in Jupyter a picture.

    derivative: True draws the backward pass by all symbols beside it, a symbol or a list of symbols that by these. Each of its edges has
    the local Jacobian with which a cotangent (a row) is multiplied on its way back, d vec(u) / d vec(v)' with stacked columns: A for
    u = A*v, diag(f'(v)) for u = f(v) entry by entry. ``dataflow(...).jacobian(X)`` is the sum of their products.
    Errors: as `jacobian`. Source: Griewank & Walther, Evaluating Derivatives, ch. 3.

    >>> from sympy import MatrixSymbol, Symbol, sin, symbols
    >>> import sympy_matcalc as mc
    >>> x = Symbol("x", real=True)
    >>> graph = mc.dataflow(sin(x**2), derivative=True)
    >>> graph
    u1 = x**2
    u2 = sin(u1)
    >>> graph.local_jacobians
    {(u1, x): 2*x, (u2, u1): cos(u1)}
    >>> graph.jacobian(x)
    2*x*cos(u1)
    >>> n = symbols("n", integer=True, positive=True)
    >>> A, v = MatrixSymbol("A", n, n), MatrixSymbol("v", n, 1)
    >>> mc.dataflow(mc.Softmax(A*v), derivative=v).jacobian(v)
    (DiagMatrix(softmax(u1)) - softmax(u1)*softmax(u1).T)*A
    """
    expr = as_expression(expr)
    inputs, operations = operations_of(expr)
    return Dataflow(expr, inputs, operations, _variables(derivative, inputs))


def _variables(derivative: Any, inputs: list[Any]) -> list[Any]:
    """The inputs that the backward pass goes to."""
    if derivative is False or derivative is None:
        return []
    if derivative is True:
        return [s for s in inputs if not (isinstance(s, Symbol) and s.is_integer)]  # an index, or another number that counts
    asked = [variable_of(v) for v in (derivative if isinstance(derivative, (list, tuple)) else [derivative])]
    for v in asked:
        if v not in inputs:
            raise UnsupportedVariableError(f"`{v}` is no symbol of the expression; take one of {', '.join(map(str, inputs))}")
    return asked


def _identity(symbol: Any) -> Any:
    """The derivative of what is computed by itself."""
    if not is_matrix(symbol):
        return S.One
    with session():
        rows, cols = shape_of(symbol)
    return Identity(rows * cols) if rows * cols != 1 else S.One


def _product(a: Any, b: Any) -> Any:
    if a == 1 or isinstance(a, Identity) and is_matrix(b):
        return b
    return MatMul(a, b).doit(deep=False) if is_matrix(a) or is_matrix(b) else a * b


def _sum(a: Any, b: Any) -> Any:
    if isinstance(a, ZeroMatrix) or isinstance(b, ZeroMatrix):
        return b if isinstance(a, ZeroMatrix) else a
    return MatAdd(a, b).doit(deep=False) if is_matrix(a) and is_matrix(b) else a + b
