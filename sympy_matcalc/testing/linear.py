"""check_linear: what `mc.linear` declares of a node class, at random points: is it linear, are adjoint, matrix and numeric code right?"""

from importlib import import_module
from importlib.util import find_spec

import numpy as np
from sympy import Basic, MatrixSymbol, Symbol

import sympy_matcalc as mc

from ..errors import ArgumentError, CheckError
from ..kernel.session import session
from ..nodes.declared_code import code_of
from ..nodes.linearity import Operator, operator_of
from .check import DRAWS, size_symbols
from .data import random_env
from .evaluator import evaluate


def check_linear(node: Basic, domain: dict | None = None, trials: int = 3, rtol: float = 1e-8, seed: int = 0) -> None:
    """Check the declaration of a node class numerically: linearity, ``<W, L(E)> = <L*(W), E>``, ``vec L(E) = M vec E``, numeric code.

    node: a node of the class with symbols for the arguments it is linear in, ``Lyapunov(A, Q)``. domain: as for `random_env`, for the
    others. Sizes are distinct in each trial; one more trial for each size symbol has it at 1. Numeric code is compared with the
    evaluator's for all libraries that it was given for and that are installed.

    Errors: CheckError with what is wrong, the sizes and the seed; ArgumentError for a node that nothing is declared of, or that has no
    symbols there.

    >>> from sympy import MatrixExpr, MatrixSymbol, Symbol
    >>> import sympy_matcalc as mc
    >>> from sympy_matcalc.testing import check_linear
    >>> class Turned(MatrixExpr):
    ...     "A X'"
    ...     shape = property(lambda self: (self.args[0].shape[0], self.args[1].shape[0]))
    >>> mc.linear(Turned, 1, adjoint=lambda node, W: W.T*node.args[0], numpy=lambda A, X: A @ X.T)
    >>> m, n, p = (Symbol(s, integer=True, positive=True) for s in "mnp")
    >>> check_linear(Turned(MatrixSymbol("A", m, n), MatrixSymbol("X", p, n)))
    >>> mc.linear(Turned, 1, adjoint=lambda node, W: 2*W.T*node.args[0], numpy=lambda A, X: A @ X.T)
    >>> check_linear(Turned(MatrixSymbol("A", m, n), MatrixSymbol("X", p, n)))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    sympy_matcalc.errors.CheckError: the adjoint of `Turned` in argument 1: <W, L(E)> is 0.762, <L*(W), E> is 1.52 (m = 3, ... seed 0)
    """
    operator = operator_of(type(node))
    if operator is None:
        raise ArgumentError(f"`{type(node).__name__}` is not declared by `mc.linear`")
    positions = list(operator.positions(node))
    _check_symbols(node, positions)
    for trial, at_one in enumerate([None] * trials + size_symbols(node, node.args[positions[0]])):
        known = {} if at_one is None else {at_one: 1}
        _trial(_Case(node, operator, positions, domain, known, rtol), seed + 1000 * trial)


def _check_symbols(node, positions):
    for at in positions:
        X, others = node.args[at], [a for i, a in enumerate(node.args) if i != at]
        if not isinstance(X, (MatrixSymbol, Symbol)) or any(X in a.free_symbols for a in others):
            raise ArgumentError(f"`check_linear` needs a symbol of its own for the argument {at} of `{type(node).__name__}`, got `{X}`")


def _trial(case, seed):
    """Judge at the first of some random points where the node has a value."""
    for draw in range(DRAWS):
        try:
            return case.judge(seed + draw)
        except np.linalg.LinAlgError:
            continue
        except NotImplementedError as error:
            raise CheckError(f"`check_linear` needs the value of the node: give `mc.linear` an `evaluate` or `numpy` ({error})") from None
    raise CheckError(f"`{case.node}` has no value at any of {DRAWS} random points (seed {seed}); give a `domain`")


class _Case:
    """A node under test at some sizes."""

    def __init__(self, node, operator: Operator, positions, domain, sizes, rtol):
        self.node, self.operator, self.positions = node, operator, positions
        self.domain, self.sizes, self.rtol = domain, sizes, rtol
        self.name = type(node).__name__
        shape = getattr(node, "shape", None)
        name = "W" + "_" * max((len(s.name) for s in node.atoms(MatrixSymbol, Symbol)), default=0)  # one that no symbol has
        self.W = MatrixSymbol(name, *shape) if shape else Symbol(name, real=True)

    def judge(self, seed):
        self.env = random_env([self.node, self.W], seed, self.sizes, self.domain)
        self.rng = np.random.default_rng([seed, 2])
        self.where = ", ".join([*(f"{s} = {v}" for s, v in self.env.items() if np.ndim(v) == 0 and isinstance(v, int)), f"seed {seed}"])
        if not np.all(np.isfinite(self.value({}))):
            raise np.linalg.LinAlgError("the node has no value here")
        for group in [self.positions] if self.operator.jointly else [[at] for at in self.positions]:
            self.linear(group)
        for at in self.positions:
            e = self.like(at)
            along = self.value({at: e}, zero=self.operator.jointly)
            self.adjoint(at, e, along)
            self.matrix(at, e, along)
        self.numeric()

    # ---- values
    def like(self, at):
        return self.rng.normal(size=np.shape(self.env[self.node.args[at]]))

    def value(self, changed, zero=False):
        """The value with other arguments at some positions, zero at all others that it is linear in, or as they are."""
        env = dict(self.env)
        for at in self.positions:
            X = self.node.args[at]
            env[X] = changed.get(at, 0 * np.asarray(env[X]) if zero else env[X])
        return np.asarray(evaluate(self.node, env))

    def wrong(self, text):
        raise CheckError(f"{text} ({self.where})")

    def differ(self, got, expected):
        scale = max(1.0, np.abs(expected).max(initial=0))
        return np.shape(got) != np.shape(expected) or not np.all(np.abs(got - expected) <= self.rtol * scale)

    # ---- what is declared
    def linear(self, group):
        e, f = ({at: self.like(at) for at in group} for _ in range(2))
        got = self.value({at: 2 * e[at] - 3 * f[at] for at in group})
        if self.differ(got, 2 * self.value(e) - 3 * self.value(f)):
            together = " together" if len(group) > 1 else ""
            self.wrong(
                f"`{self.name}` is not linear in argument {', '.join(map(str, group))}{together}: L(2 E - 3 F) is not 2 L(E) - 3 L(F)"
            )

    def declared(self, function, at, *W):
        """The value of what a declared function returns."""
        with session():
            return np.asarray(evaluate(function(self.node, at, *W), self.env))

    def adjoint(self, at, e, along):
        if self.operator.adjoint is None:
            return
        found = self.declared(self.operator.adjoint, at, self.W)
        name = f"the adjoint of `{self.name}` in argument {at}"
        forwards, backwards = np.vdot(self.env[self.W], along), np.vdot(found, e)
        size = np.linalg.norm(self.env[self.W]) * np.linalg.norm(along) + np.linalg.norm(found) * np.linalg.norm(e)
        if not abs(forwards - backwards) <= self.rtol * size:
            self.wrong(f"{name}: <W, L(E)> is {forwards:.3g}, <L*(W), E> is {backwards:.3g}")

    def matrix(self, at, e, along):
        if self.operator.matrix is None:
            return
        found = np.atleast_2d(self.declared(self.operator.matrix, at))
        name = f"the matrix of `{self.name}` in argument {at}"
        if self.differ(found @ np.ravel(e, "F"), np.ravel(along, "F")):
            self.wrong(f"{name}: M vec(E) is not vec(L(E))")

    def numeric(self):
        """The generated code of each library that is installed, against the evaluator."""
        arguments = [s for s in self.env if s in self.node.free_symbols or isinstance(s, MatrixSymbol) and self.node.has(s)]
        code = code_of(type(self.node))
        for library in code.functions if code else ():
            modules = "array_api_strict" if library == "array_api" else library
            if find_spec(modules) is None:
                continue
            chosen = import_module(modules) if library == "array_api" else modules
            got = mc.lambdify(arguments, self.node, modules=chosen)(*(self.env[s] for s in arguments))
            got = np.asarray(got.compute() if library == "dask" else got)
            rtol = self.rtol if got.dtype.itemsize >= 8 else 1e-3
            expected = self.value({})
            if not np.allclose(got.ravel(), expected.ravel(), rtol=rtol, atol=rtol * max(1.0, np.abs(expected).max(initial=0))):
                self.wrong(f"the numeric code of `{self.name}` for {library} differs from its value\n{got}\nexpected\n{expected}\n")
