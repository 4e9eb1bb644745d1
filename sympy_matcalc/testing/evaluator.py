"""An independent evaluator of SymPy expressions in NumPy: the judge of derivatives, sharing no code with what derives them.

A value is a number (0-d), a matrix (2-d, always), an array of rank 3 and up, or, inside a Lambda only, a 1-d batch of numbers.
"""

from contextlib import contextmanager
from functools import lru_cache, partial

import numpy as np
import sympy as sp
from sympy import MatrixSymbol, Symbol
from sympy.concrete.expr_with_limits import ExprWithLimits
from sympy.core.function import AppliedUndef
from sympy.core.symbol import Dummy
from sympy.matrices.expressions.matexpr import MatrixElement, MatrixExpr

from ..errors import ShapeError
from ..nodes import Einsum
from ..nodes.declared_code import called_by_name, code_of, expansion
from ..strict import sympified

HANDLERS = {}
EAGER = (sp.Add, sp.Mul, sp.Pow, sp.Function, MatrixExpr)
LAZY = (sp.Piecewise, Einsum, MatrixSymbol)


def evaluator(*nodes):
    """Register `handler(evaluation, node)`, which gives the value of a node, for the classes `nodes` (not for subclasses)."""

    def register(handler):
        HANDLERS.update(dict.fromkeys(nodes, handler))
        return handler

    return register


def evaluate(expr, env, near=None):
    """The value of `expr` (SymPy expression, or nested list) where `env` maps symbols, or their names, to numbers and 2-d arrays.

    A matrix gives a 2-d array, a scalar a number, an array of rank r an r-d array. Symbolic sizes are symbols in `env` too. A 1x1
    matrix serves as a scalar and a scalar as a 1x1 matrix. near: an Evaluation under an environment close to `env`, whose choice is
    kept where a value is free to change sign, as that of an eigenvector is.

    Raises NotImplementedError for a node it does not know, KeyError for a symbol without a value, ShapeError for values that do not fit.

    >>> from sympy import MatrixSymbol, Symbol
    >>> n = Symbol("n")
    >>> A, x = MatrixSymbol("A", n, n), MatrixSymbol("x", n, 1)
    >>> float(evaluate((x.T*A*x)[0, 0], {"n": 2, "A": [[1, 2], [3, 4]], "x": [[1], [1]]}))
    10.0
    """
    with np.errstate(all="ignore"):
        return Evaluation(env, near).value(expr)


@lru_cache(maxsize=2**16)
def mentions(expr):
    """All symbols in `expr`, bound ones too."""
    if isinstance(expr, Symbol):
        return frozenset([expr])
    return frozenset().union(*[mentions(a) for a in expr.args])


class Evaluation:
    """The values under one environment: ``value``, ``scalar``, ``matrix``, ``integer`` of a node, each computed once."""

    def __init__(self, env, near=None):
        self.env, self.near = dict(env), near
        self.memo = {}
        self.bound = {}

    def value(self, expr):
        if isinstance(expr, (list, tuple)):
            return [self.value(e) for e in expr]
        if not isinstance(expr, sp.Basic):
            expr = expr.as_immutable() if hasattr(expr, "as_immutable") else sympified(expr)
        key = self._key(expr)
        if key not in self.memo:
            for node in self._inner_nodes(expr):
                self.memo[self._key(node)] = handler_of(node)(self, node)
        return self.memo[key]

    def _key(self, expr):
        if not self.bound:
            return expr
        seen = mentions(expr)
        return expr, tuple((s, token) for s, (token, _) in self.bound.items() if s in seen)

    def _inner_nodes(self, expr):
        """`expr` and the nodes below it that it surely needs, lowest first: so that deep expressions do not recurse deeply."""
        stack, done = [(expr, False)], set()
        while stack:
            node, ready = stack.pop()
            if ready:
                yield node
            elif node not in done and self._key(node) not in self.memo:
                done.add(node)
                stack.append((node, True))
                if isinstance(node, EAGER) and not isinstance(node, LAZY) and not getattr(node, "bound_symbols", None):
                    stack += [(a, False) for a in node.args if isinstance(a, EAGER) and type(a) in HANDLERS]

    def scalar(self, expr):
        """The value as a number (or, inside a Lambda, a batch of them); a 1x1 matrix gives its entry."""
        return as_scalar(self.value(expr), expr)

    def matrix(self, expr):
        """The value as a 2-d array; a number gives a 1x1 matrix."""
        value = self.value(expr)
        if np.ndim(value) not in (0, 2):
            raise ShapeError(f"a matrix was needed, `{expr}` has the value of shape {np.shape(value)}")
        return np.reshape(value, (1, 1)) if np.ndim(value) == 0 else value

    def integer(self, expr):
        """The value as an int, for a size, an index or an exponent; ValueError where it is none."""
        if isinstance(expr, sp.Integer):
            return int(expr)
        value = self.scalar(expr)
        if np.ndim(value) or not np.isfinite(value) or abs(value - round(np.real(value))) > 1e-9:
            raise ValueError(f"an integer was needed, `{expr}` is {value}")
        return int(round(np.real(value)))

    def index(self, expr, size, of):
        """The value as an index into an axis of this size, or a batch of them; IndexError outside 0..size - 1."""
        value = self.scalar(expr)
        k = np.round(np.real(value)).astype(int) if np.all(np.isfinite(value)) else value
        if not np.all(np.abs(value - k) <= 1e-9):
            raise ValueError(f"an integer was needed, `{expr}` is {value}")
        if np.any(k < 0) or np.any(k >= size):
            raise IndexError(f"`{of}` has the index {k} in an axis of size {size}")
        return k

    def signed(self, vector, node):
        """`vector`, the value of `node` up to its sign, with the sign that is closer to the value of the node at `near`."""
        if self.near is None:
            return vector
        self.near.bound = self.bound
        return vector if np.vdot(self.near.value(node), vector) >= 0 else -vector

    def batches(self):
        """The bound symbols whose value is a batch."""
        return {s for s, (_, value) in self.bound.items() if np.ndim(value)}

    @contextmanager
    def bind(self, symbol, value):
        """Within, `symbol` has `value`: an int, or a batch."""
        before = self.bound.get(symbol)
        self.bound[symbol] = (value if np.ndim(value) == 0 else object(), value)
        try:
            yield
        finally:
            if before is None:
                del self.bound[symbol]
            else:
                self.bound[symbol] = before

    def lookup(self, symbol):
        """What the environment says of a symbol, by object or else by name; a Dummy only by object."""
        if symbol in self.bound:
            return self.bound[symbol][1]
        if symbol in self.env:
            return self.env[symbol]
        if not isinstance(symbol, Dummy) and str(symbol) in self.env:
            return self.env[str(symbol)]
        raise KeyError(f"no value for the symbol `{symbol}` ({type(symbol).__name__})")


def handler_of(node):
    """The function that evaluates nodes of this class, NotImplementedError where there is none."""
    kind = type(node)
    if kind in HANDLERS:
        return HANDLERS[kind]
    for family in (sp.MatrixBase, sp.Number, sp.NumberSymbol, Symbol, AppliedUndef, Einsum, sp.NDimArray):
        if isinstance(node, family):
            return HANDLERS[family]
    code = code_of(kind)
    if code is not None and code.independent is not None:
        return partial(of_declared, called_by_name(code.independent))
    meaning = expansion(node)
    if meaning is not None:
        return lambda ev, _: ev.value(meaning)
    raise NotImplementedError(f"the evaluator does not know the node {kind.__module__}.{kind.__name__}: `{node}`")


def of_declared(function, ev, node):
    """The value of a node whose numeric code was declared, by the function that was given for it."""
    arguments = [ev.matrix(a) if getattr(a, "is_Matrix", False) else ev.scalar(a) for a in node.args]
    shape = tuple(ev.integer(s) for s in getattr(node, "shape", ()))
    if not shape and any(np.ndim(a) == 1 for a in arguments):  # a batch inside a Lambda
        return numeric([function(*each) for each in np.broadcast(*arguments)])
    value = numeric(function(*arguments))
    if np.shape(value) != shape:
        raise ShapeError(f"`{node}` is of the shape {shape} here, and its declared function gave an array of shape {np.shape(value)}")
    return value


def as_scalar(value, what="the value"):
    """A number from a number or a 1x1 matrix; ShapeError from anything larger."""
    if np.ndim(value) < 2:
        return value
    if np.size(value) != 1:
        raise ShapeError(f"a scalar was needed, `{what}` has the value of shape {np.shape(value)}")
    return np.reshape(value, ())[()]


def numeric(value):
    """Numbers and arrays as float or complex NumPy values."""
    array = np.asarray(value)
    return (array.astype(complex if np.iscomplexobj(array) else float))[()]


@lru_cache(maxsize=2**14)
def needs_loop(body, symbols):
    """Whether one of the symbols sits inside a matrix, or in the limits of a sum, where a batch of values has no meaning."""
    if not symbols & mentions(body):
        return False
    if isinstance(body, (MatrixExpr, Einsum)):
        return True
    if isinstance(body, ExprWithLimits):
        return any(symbols & mentions(lim) for lim in body.limits) or needs_loop(body.function, symbols)
    return any(needs_loop(a, symbols) for a in body.args)


@evaluator(Symbol, Dummy)
def of_symbol(ev, node):
    value = numeric(ev.lookup(node))
    return value if node in ev.bound else as_scalar(np.atleast_2d(value), node)


@evaluator(MatrixSymbol)
def of_matrix_symbol(ev, node):
    value = numeric(ev.lookup(node))
    shape = tuple(ev.integer(s) for s in node.shape)
    if np.ndim(value) < 2 and np.size(value) == np.prod(shape) and 1 in shape:
        value = np.reshape(value, shape)
    if np.shape(value) != shape:
        raise ShapeError(f"`{node}` is {node.shape[0]} x {node.shape[1]}, {shape} here, and was given an array of shape {np.shape(value)}")
    return value


@evaluator(MatrixElement)
def of_element(ev, node):
    parent = ev.matrix(node.parent)
    return parent[ev.index(node.i, parent.shape[0], node), ev.index(node.j, parent.shape[1], node)]
