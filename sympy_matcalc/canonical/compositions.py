"""Products, sums, inverses and functions of functions of one matrix, read as one function of it: ``(I + expm(A))^-1``.

Their differentials as such lose no digits where those by the rules of products and inverses do: of ``L_exp(A; E)`` between two inverses of
``I + expm(A)`` as many as the exponentials of the eigenvalues of A are apart.
"""

from collections.abc import Sequence
from itertools import takewhile
from typing import Any

from sympy import Add, Mul, S, cosh, exp, sinh
from sympy.matrices.expressions import Identity, Inverse, MatAdd, MatMul, MatPow

from ..kernel import make
from ..kernel.shapes import is_matrix, parted
from ..nodes.bound import BOUND, body_of
from .analytic import FUNCTIONS
from .rotations import rotation_vector

GROWING = (exp, sinh, cosh)


def composition(node: Any) -> tuple[Any, Any] | None:
    """(body, A) of an inverse of a sum or product with a function of A in it that grows as the exponential does, and of a function of what
    has one in it; None of any other node.
    """
    if isinstance(node, (Inverse, MatPow)):
        k = node.args[1]
        inner = node.args[0] if k.is_Integer and k < 0 and not _is_function(node.args[0]) else None
    else:
        inner = node.arg if isinstance(node, FUNCTIONS) and not _is_linear(node.arg) else None
    a = None if inner is None else _matrix_of(inner)
    body = None if a is None else read(node, a)
    return None if body is None else (body, a)


def runs(factors: Sequence[Any]) -> list[tuple[int, int, Any]]:
    """(start, end, (body, A)) of the parts of a product, those that are one function of a matrix together as one, and None for others;
    one that has no inverse as `composition` reads them stays apart.
    """
    if not any(isinstance(x, (Inverse, MatPow)) for x in factors):
        return [(k, k + 1, None) for k in range(len(factors))]
    out: list[tuple[int, int, Any]] = []
    start = 0
    while start < len(factors):
        end, whole = start + 1, None
        for a in dict.fromkeys(found[1] for x in factors[start:] if is_matrix(x) and (found := composition(x))):
            bodies = list(takewhile(lambda b: b is not None, (read(x, a) if is_matrix(x) else None for x in factors[start:])))
            if len(bodies) > 1 and any(composition(x) for x in factors[start : start + len(bodies)]):
                end, whole = start + len(bodies), (_quotient(Mul(*bodies)), a)
                break
        out.append((start, end, whole))
        start = end
    return out


def _quotient(body: Any) -> Any:
    """``exp(u)/(1 + exp(u))`` as ``1/(exp(-u) + 1)``: a product of what is large with what is small has fewer digits."""
    factors = Mul.make_args(body)
    for e in factors:
        for f in factors:
            if isinstance(e, exp) and f.is_Pow and f.base.is_Add and f.exp.is_Integer and f.exp < 0:
                over = exp(e.args[0] / f.exp)
                terms = [t * over for t in f.base.args]
                if any(not t.has(BOUND) for t in terms):
                    return Mul(*(g for g in factors if g is not e and g is not f), Add(*terms) ** f.exp)
    return body


def read(node: Any, a: Any) -> Any:
    """The body of a function of the matrix A, None where the node is none that is seen."""
    if node == a:
        return BOUND
    if isinstance(node, Identity):
        return S.One
    if isinstance(node, FUNCTIONS):
        inner = read(node.arg, a)
        return None if inner is None else body_of(node.function).xreplace({BOUND: inner})
    if isinstance(node, (Inverse, MatPow)):
        base = read(node.args[0], a) if node.args[1].is_Integer else None
        return None if base is None else base ** node.args[1]
    if isinstance(node, (MatAdd, MatMul)):
        scalars, matrices = parted(node.args)
        if scalars and make.mul(*matrices) == a:
            return Mul(*scalars, BOUND)
        parts = [read(m, a) for m in matrices]
        return None if None in parts else Add(*parts) if isinstance(node, MatAdd) else Mul(*scalars, *parts)
    return None


def _is_function(node: Any) -> bool:
    """Whether a node is the exponential, which has a rule of its own for its inverse."""
    return isinstance(node, FUNCTIONS) and body_of(node.function) == exp(BOUND)


def _is_linear(node: Any) -> bool:
    """Whether no function that grows is in an argument, but around what is no function of a matrix."""
    return _matrix_of(node) is None


def _matrix_of(node: Any) -> Any:
    """The matrix of the innermost function that grows, without a number in front of it; None where there is none."""
    if isinstance(node, FUNCTIONS):
        inner = _matrix_of(node.arg)
        if inner is not None or not body_of(node.function).has(*GROWING) or rotation_vector(node) is not None:
            return inner
        scalars, matrices = parted(node.arg.args) if isinstance(node.arg, MatMul) else ((), (node.arg,))
        return make.mul(*matrices) if scalars else node.arg
    if isinstance(node, (Inverse, MatPow)):
        return _matrix_of(node.args[0])
    if isinstance(node, (MatAdd, MatMul)):
        return next((a for m in parted(node.args)[1] if (a := _matrix_of(m)) is not None), None)
    return None
