"""Functions of matrices of numbers, to any precision: by the eigenvalues; Fréchet derivatives as differences with more digits.

Source: Higham, Functions of Matrices, 1.2 and 3.4.
"""

from collections.abc import Callable
from itertools import product
from typing import Any

from mpmath import mp
from sympy import Basic, Expr, Float
from sympy.core.evalf import PrecisionExhausted

from .bound import BOUND, body_of
from .multiprecision import by_mpmath, mpmath_matrix


def function_evalf(function: Basic, matrix: Expr, prec: int) -> Expr | None:
    """f(A), to `prec` bits; None where A has symbols, or eigenvalues that meet."""
    return by_mpmath(lambda A: _of_matrix(function, A), matrix, (), prec)


def frechet_evalf(function: Basic, matrix: Expr, directions: tuple[Basic, ...], prec: int) -> Expr | None:
    """L_f(A; E1, ..., Ek), to `prec` bits."""
    return by_mpmath(lambda A, *Es: _frechet(function, A, [mpmath_matrix(E) for E in Es]), matrix, directions, prec)


def frechet_matrix_evalf(function: Basic, matrix: Expr, order: int, directions: tuple[Basic, ...], prec: int) -> Expr | None:
    """K with vec L_f(A; E, ..., directions) = K (vec E kron ...), to `prec` bits."""
    return by_mpmath(lambda A, *Es: _matrix(function, A, order, [mpmath_matrix(E) for E in Es]), matrix, directions, prec)


def _matrix(function, A, order, directions):
    n = A.rows
    K = mp.matrix(n * n, n ** (2 * order))
    for column, places in enumerate(product(range(n * n), repeat=order)):
        L = _frechet(function, A, [*(_unit(n, k) for k in places), *directions])
        if L is None:
            return None
        for k in range(n * n):
            K[k, column] = L[k % n, k // n]
    return K


def _unit(n, k):
    """The matrix whose vec has a 1 at k."""
    E = mp.matrix(n, n)
    E[k % n, k // n] = 1
    return E


def _frechet(function, A, directions):
    """The mixed central difference, of a step so short that its square is below the rounding."""
    k, prec = len(directions), mp.prec
    h = mp.ldexp(1, -prec // 2 - 10)
    with mp.workprec(prec + k * (prec // 2 + 10) + 30):
        total = mp.matrix(A.rows, A.cols)
        for signs in product((1, -1), repeat=k):
            at = _of_matrix(function, A + h * _sum([s * E for s, E in zip(signs, directions)], A))
            if at is None:
                return None
            total += mp.fprod(signs) * at
        return total / (2 * h) ** k


def _sum(matrices, like):
    total = mp.matrix(like.rows, like.cols)
    for E in matrices:
        total += E
    return total


def _of_matrix(function: Basic, A: Any) -> Any:
    """V f(values) V^-1 with twice the digits; None where the eigenvectors have no inverse with that."""
    prec = mp.prec
    with mp.workprec(2 * prec):
        values, V = mp.eig(A)
        scalar = _scalar(function, mp.prec)
        try:
            if abs(mp.det(V)) < mp.ldexp(1, -prec // 2):
                return None
            F = V * mp.diag([scalar(x) for x in values]) * mp.inverse(V)
        except (ZeroDivisionError, PrecisionExhausted):
            return None
        is_real = all(mp.im(x) == 0 for x in A) and all(abs(mp.im(x)) <= mp.ldexp(1 + abs(x), -prec) for x in F)
        return F.apply(mp.re) if is_real else F


def _scalar(function: Basic, prec: int) -> Callable[[Any], Any]:
    body = body_of(function)

    def value(x):
        number = Float._new(x._mpf_, prec) if isinstance(x, mp.mpf) else Expr._from_mpmath(x, prec)
        return body.xreplace({BOUND: number})._eval_evalf(prec)._to_mpmath(prec)

    return value
