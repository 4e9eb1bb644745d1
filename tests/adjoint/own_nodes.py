"""Nodes as a user writes them, each declared by `mc.linear`: what the tests of declared operators derive, print and compute."""

import numpy as np
from sympy import Expr, Identity, KroneckerProduct, MatrixExpr, OneMatrix, Trace
from sympy.matrices.expressions.matexpr import MatrixElement

import sympy_matcalc as mc

# ---------------------------------------------------------------- A X + X A' = Q, with its matrix, in three libraries


class Lyapunov(MatrixExpr):
    """X with A X + X A' = Q."""

    shape = property(lambda self: self.args[1].shape)

    def _latex(self, printer):
        A, Q = map(printer._print, self.args)
        return rf"\mathcal{{L}}_{{{A}}}^{{-1}}\left({Q}\right)"


def lyapunov_matrix(X):
    A, one = X.args[0], Identity(X.shape[0])
    return (KroneckerProduct(one, A) + KroneckerProduct(A, one)).I


def by_kronecker(xp):
    """The solution of the equation as one of n^2 unknowns, in a library that works like NumPy."""

    def solve(A, Q):
        one = xp.eye(A.shape[0], dtype=A.dtype)
        return xp.linalg.solve(xp.kron(A, one) + xp.kron(one, A), Q.reshape(-1, 1)).reshape(Q.shape)

    return solve


mc.linear(
    Lyapunov,
    1,
    adjoint=lambda X, W: Lyapunov(X.args[0].T, W),
    matrix=lyapunov_matrix,
    numpy="scipy.linalg.solve_continuous_lyapunov",
    evaluate=by_kronecker(np),
)


@mc.rule(Lyapunov)
def d_lyapunov(X, d):
    """A dX + dX A' = dQ - dA X - X dA'."""
    A, Q = X.args
    return Lyapunov(A, d(Q) - d(A) * X - X * d(A).T)


# ---------------------------------------------------------------- the other equations of control, by SciPy


class Equation(MatrixExpr):
    """A solution, of the shape of the last argument."""

    shape = property(lambda self: self.args[-1].shape)

    def _entry(self, i, j, **kwargs):
        return MatrixElement(self, i, j)


class DiscreteLyapunov(Equation):
    """X with X = A X A' + Q."""

    def _latex(self, printer):
        A, Q = map(printer._print, self.args)
        return rf"\mathcal{{S}}_{{{A}}}^{{-1}}\left({Q}\right)"


mc.linear(
    DiscreteLyapunov,
    1,
    adjoint=lambda X, W: DiscreteLyapunov(X.args[0].T, W),
    matrix=lambda X: (Identity(X.shape[0] ** 2) - KroneckerProduct(X.args[0], X.args[0])).I,
    numpy="scipy.linalg.solve_discrete_lyapunov",
)


@mc.rule(DiscreteLyapunov)
def d_discrete_lyapunov(X, d):
    """dX = A dX A' + dQ + dA X A' + A X dA'."""
    A, Q = X.args
    return DiscreteLyapunov(A, d(Q) + d(A) * X * A.T + A * X * d(A).T)


class Sylvester(Equation):
    """X with A X + X B = C, for C of any shape."""

    def _latex(self, printer):
        A, B, C = map(printer._print, self.args)
        return rf"\mathcal{{T}}_{{{A}, {B}}}^{{-1}}\left({C}\right)"


def sylvester_matrix(X):
    A, B, C = X.args
    return (KroneckerProduct(Identity(C.shape[1]), A) + KroneckerProduct(B.T, Identity(C.shape[0]))).I


mc.linear(
    Sylvester, 2, adjoint=lambda X, W: Sylvester(X.args[0].T, X.args[1].T, W), matrix=sylvester_matrix, numpy="scipy.linalg.solve_sylvester"
)


@mc.rule(Sylvester)
def d_sylvester(X, d):
    """A dX + dX B = dC - dA X - X dB."""
    A, B, C = X.args
    return Sylvester(A, B, d(C) - d(A) * X - X * d(B))


# ---------------------------------------------------------------- X = A X B' + C, without a matrix; a rule first, then the declaration


class Stein(MatrixExpr):
    """X with X - A X B' = C, for C of any shape."""

    shape = property(lambda self: self.args[2].shape)


@mc.rule(Stein)
def d_stein(X, d):
    """dX - A dX B' = dC + dA X B' + A X dB'."""
    A, B, C = X.args
    return Stein(A, B, d(C) + d(A) * X * B.T + A * X * d(B).T)


def solve_stein(A, B, C):
    return np.linalg.solve(np.eye(C.size) - np.kron(A, B), C.reshape(-1, 1)).reshape(C.shape)


mc.linear(Stein, 2, adjoint=lambda X, W: Stein(X.args[0].T, X.args[1].T, W), numpy=solve_stein)

# ---------------------------------------------------------------- by its matrix alone; a vector


class Smooth(MatrixExpr):
    """M x, where M = (I + A'A)^-1."""

    shape = property(lambda self: self.args[1].shape)


def smoother(A):
    return (Identity(A.shape[1]) + A.T * A).I


mc.linear(Smooth, 1, matrix=lambda node: smoother(node.args[0]), numpy=lambda A, x: np.linalg.solve(np.eye(A.shape[1]) + A.T @ A, x))


@mc.rule(Smooth)
def d_smooth(node, d):
    A, x = node.args
    return Smooth(A, d(x) - (d(A).T * A + A.T * d(A)) * node)


# ---------------------------------------------------------------- linear in each of any number of arguments


class Chain(MatrixExpr):
    """The product of its arguments."""

    shape = property(lambda self: (self.args[0].shape[0], self.args[-1].shape[1]))


def chain_adjoint(node, W, at):
    """tr(W' L E R) = <L' W R', E>."""
    left, right = node.args[:at], node.args[at + 1 :]
    return Chain(*(a.T for a in reversed(left)), W, *(a.T for a in reversed(right)))


mc.linear(Chain, slice(None), adjoint=chain_adjoint, numpy=lambda *args: np.linalg.multi_dot(args) if len(args) > 1 else args[0])

# ---------------------------------------------------------------- a scalar, linear in each of two


class Inner(Expr):
    """<A, B>, the sum of the products of all entries."""

    is_commutative = True


mc.linear(Inner, 0, 1, adjoint=lambda node, W, at: W * node.args[1 - at], numpy=lambda A, B: np.sum(A * B))

# ---------------------------------------------------------------- linear in two together


class Stack(MatrixExpr):
    """X above 2 Y."""

    shape = property(lambda self: (self.args[0].shape[0] + self.args[1].shape[0], self.args[0].shape[1]))


def stack_adjoint(node, W, at):
    rows = node.args[0].shape[0]
    return W[:rows, :] if at == 0 else 2 * W[rows:, :]


mc.linear(Stack, 0, 1, jointly=True, adjoint=stack_adjoint, numpy=lambda X, Y: np.concatenate([X, 2 * Y]))

# ---------------------------------------------------------------- a column to a row; a number to a matrix


class Reversed(MatrixExpr):
    """The entries of a column in reverse, as a row."""

    shape = property(lambda self: self.args[0].shape[::-1])


class Unreversed(MatrixExpr):
    """The entries of a row in reverse, as a column."""

    shape = property(lambda self: self.args[0].shape[::-1])


mc.linear(Reversed, 0, adjoint=lambda node, W: Unreversed(W), numpy=lambda x: x[::-1].T)
mc.linear(Unreversed, 0, adjoint=lambda node, W: Reversed(W), numpy=lambda x: x[:, ::-1].T)


class Ramp(MatrixExpr):
    """t n I + t 1 1' for a number t."""

    shape = property(lambda self: self.args[1].shape)


mc.linear(
    Ramp,
    0,
    adjoint=lambda node, W: node.shape[0] * Trace(W) + Trace(W * OneMatrix(*node.shape)),
    numpy=lambda t, A: t * (len(A) * np.eye(len(A)) + np.ones(A.shape)),
)

# ---------------------------------------------------------------- wrong ones


class Wrong(MatrixExpr):
    """A X, declared wrongly in the test that asks for it."""

    shape = property(lambda self: (self.args[0].shape[0], self.args[1].shape[1]))
