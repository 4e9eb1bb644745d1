"""An expression as a graph of vectors and scalars, u1, u2, ..., each an operation on the ones before: what the chain rule is about."""

from typing import Any, NamedTuple

from sympy import Add, Expr, Function, Integral, Lambda, MatrixSymbol, Mul, S, Symbol
from sympy import Product as ScalarProduct
from sympy import Sum as ScalarSum
from sympy.matrices.expressions import DiagMatrix, MatAdd, MatMul, OneMatrix, Transpose
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.matexpr import MatrixElement

from ..api.directional import symbols_in
from ..canonical import prepare
from ..errors import UnsupportedVariableError
from ..kernel import make
from ..kernel.occurrence import occurrence_of
from ..kernel.shapes import is_column, is_matrix, is_one, shape_of
from ..kernel.walks import postorder
from ..nodes import Einsum, MatrixSum
from ..notation.present import present
from .partial import named
from .replace import replaced
from .text import plain

SUMS = (ScalarSum, MatrixSum, Einsum, ScalarProduct, Integral)
PASSED = (Transpose, DiagMatrix, MatMul)  # matrices that are read as part of an operation on vectors
AFFINE = (Add, Mul, MatAdd, MatMul)


class Operation(NamedTuple):
    """``symbol = op``, an operation on the symbols `on`; whole: the same in terms of the variable."""

    symbol: Any
    op: Any
    on: tuple
    whole: Any


def refusal(what: str) -> UnsupportedVariableError:
    return UnsupportedVariableError(
        f"the chain rule style is about vectors and scalars, functions of a vector or a scalar: {what}; take style='differential'"
    )


def operations(prepared: Any, X: Any, detail: int) -> list[Operation]:
    """The operations that an expression in canonical form is made of, each after those that it is of; the last is the expression."""
    prepared = in_vectors(prepared) if detail else prepared
    prepared = one_by_one(prepared)
    return _Graph(prepared, X, detail).operations()


class _Graph:
    def __init__(self, top: Any, X: Any, detail: int):
        self.top, self.X, self.detail = top, X, detail
        self.depends = occurrence_of(X)
        self.uses: dict[Any, int] = {}
        for node in postorder(top, lambda node: () if isinstance(node, MatrixSymbol) else node.args):
            for a in set(node.args) if self.depends(node) and not isinstance(node, MatrixSymbol) else ():
                self.uses[a] = self.uses.get(a, 0) + 1

    def operations(self) -> list[Operation]:
        """In the order in which they are computed."""
        order = postorder(self.top, lambda node: self.parts(node)[::-1])
        inner = [node for node in order if node is not self.top and node != self.X]
        letter, last = _letters(self.top, len(inner))
        symbols = {node: named(f"{letter}{k}", node) for k, node in enumerate(inner, 1)}
        symbols[self.top] = named(last, self.top)
        return [self._operation(node, symbols) for node in [*inner, self.top]]

    def _operation(self, node: Any, symbols: dict) -> Operation:
        parts = self.parts(node)
        op = replaced(node, {p: symbols[p] for p in parts if p != self.X})
        return Operation(symbols[node], present(op), tuple(symbols.get(p, self.X) for p in parts), present(node))

    def parts(self, node: Any) -> list:
        """The vectors and scalars that a node is an operation on, each once, in the order in which they are written."""
        return [] if node == self.X else list(dict.fromkeys(p for a in node.args for p in self._below(a, node)))

    def _below(self, a: Any, parent: Any) -> list:
        if not self.depends(a):
            return []
        if isinstance(a, SUMS):
            raise refusal(f"`{plain(present(a))}` is a sum over an index that has no matrix notation")
        if a == self.X or isinstance(a, Lambda):  # a function of entries that has the variable in it: part of the operation
            return [self.X]
        if is_matrix(a) and not is_column(a) or is_matrix(a) and all(map(is_one, shape_of(a))):
            if not isinstance(a, PASSED):
                raise refusal(f"`{plain(present(a))}` is a matrix of shape {tuple(shape_of(a))} that depends on `{self.X}`")
            return [p for b in a.args for p in self._below(b, a)]
        if not is_matrix(a) and not isinstance(a, Expr):
            return [p for b in a.args for p in self._below(b, a)]
        return [p for b in a.args for p in self._below(b, a)] if self._is_merged(a, parent) else [a]

    def _is_merged(self, a: Any, parent: Any) -> bool:
        """An affine function of an affine function is one, where neither occurs elsewhere; with all details, every operation counts."""
        if isinstance(a, Mul) and a.args[0].is_Number and len(a.args) == 2:
            return isinstance(parent, AFFINE)
        return self.detail < 2 and self.uses.get(a, 0) < 2 and self._is_affine(a) and self._is_affine(parent)

    def _is_affine(self, a: Any) -> bool:
        if isinstance(a, (Add, MatAdd)):
            return True
        a = a.args[0] if isinstance(a, MatrixElement) and isinstance(a.args[0], MatMul) else a
        return isinstance(a, (Mul, MatMul)) and sum(map(self.depends, a.args)) == 1


def _letters(top: Any, count: int) -> tuple[str, str]:
    """(the letter of the intermediate variables, the name of the last), not in use."""
    taken = {str(s.name) for s in symbols_in(top)}
    letter = next(c for c in ("u", "v", "z", "u_", "v_", "z_") if not any(f"{c}{k}" in taken for k in range(1, count + 1)))
    return letter, next(c for c in (*"fghF", "f_", "g_", "h_") if c not in taken)


def in_vectors(top: Any) -> Any:
    """With dot products as sums of elementwise products, as "The matrix calculus you need for deep learning" takes them apart."""
    values: dict = {}
    for node in postorder(top, lambda node: () if isinstance(node, (MatrixSymbol, Symbol)) else node.args):
        found = _as_sum(node)
        if found is not None:
            values[node] = found
    while values and (new := replaced(top, values)) is not top:
        top = new
    return top


def _as_sum(node: Any) -> Any:
    """1'(v o w) for v'w."""
    if not isinstance(node, MatrixElement) or not isinstance(node.parent, MatMul) or len(node.parent.args) != 2:
        return None
    left, right = node.parent.args
    if not isinstance(left, Transpose) or not is_column(right) or isinstance(left.args[0], OneMatrix) or isinstance(right, OneMatrix):
        return None
    v = left.args[0]
    product = make.hadamard_power(v, S(2)) if v == right else make.hadamard(v, right)
    return make.element(make.mul(make.ones(S.One, shape_of(right)[0]), product))


def one_by_one(top: Any) -> Any:
    """With f(g(x)) of the entries of x, which the canonical form has as one function, as two: each is an operation of its own."""
    values: dict = {}
    for node in postorder(top, lambda node: () if isinstance(node, (MatrixSymbol, Symbol)) else node.args):
        found = _as_two(node) if isinstance(node, ElementwiseApplyFunction) else None
        if found is not None:
            values[node] = found
    while values and (new := replaced(top, values)) is not top:
        top = new
    return top


def _as_two(node: Any) -> Any:
    """f(g(x)) for a function of a function of the entries that has no name of its own, as softplus has; None for all else."""
    (u,), body = node.function.args
    if not isinstance(body, Function) or len(body.args) != 1 or body.args[0] == u or not plain(node).startswith("apply("):
        return None
    inner = prepare(ElementwiseApplyFunction(Lambda(u, body.args[0]), node.expr))
    return make.apply(make.function(body.func(u)), one_by_one(inner))
