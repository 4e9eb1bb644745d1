"""Scalars of matrices in index notation: traces, sums and norms as sums over entries."""

from collections.abc import Callable
from typing import Any

from sympy import Abs, Expr, S, Sum, Trace, exp, log
from sympy.matrices.expressions import DotProduct
from sympy.matrices.expressions.matexpr import MatrixElement

from ..nodes import ElementProduct, ElementSum, LogSumExp, Mean, Norm
from .terms import sum_over
from .to_indices import Writer, writes_scalar


def total(w: Writer, a: Any, f: Callable = lambda x: x) -> Expr:
    """The sum of a function of all entries."""
    rows, cols = a.shape
    return w.summed(rows, lambda i: w.summed(cols, lambda j: f(w.entry(a, i, j))))


@writes_scalar(Trace)
def trace(w: Writer, e: Any) -> Expr:
    return w.summed(e.arg.shape[0], lambda i: w.entry(e.arg, i, i))


@writes_scalar(ElementSum)
def element_sum(w: Writer, e: Any) -> Expr:
    return total(w, e.arg)


@writes_scalar(Mean)
def mean(w: Writer, e: Any) -> Expr:
    rows, cols = e.arg.shape
    return total(w, e.arg) / (S(rows) * cols)


@writes_scalar(Norm)
def norm(w: Writer, e: Any) -> Expr | None:
    if e.p is S.Infinity:
        return None
    return total(w, e.arg, (lambda x: x**2) if e.p == 2 else lambda x: Abs(x) ** e.p) ** (1 / e.p)


@writes_scalar(LogSumExp)
def log_sum_exp(w: Writer, e: Any) -> Expr:
    return log(total(w, e.arg, exp))


@writes_scalar(ElementProduct)
def element_product(w: Writer, e: Any) -> None:
    return None


@writes_scalar(DotProduct)
def dot_product(w: Writer, e: Any) -> Expr:
    a, b = (x if x.shape[1] == 1 else x.T for x in e.args)
    return w.summed(a.shape[0], lambda i: w.entry(a, i, S.Zero) * w.entry(b, i, S.Zero))


@writes_scalar(MatrixElement)
def element(w: Writer, e: Any) -> Expr:
    return w.entry(e.parent, e.i, e.j)


@writes_scalar(Sum)
def typed_sum(w: Writer, e: Any) -> Expr:
    """A sum of entries, as SymPy writes them."""
    return sum_over(w.scalar(e.function), *e.limits)
