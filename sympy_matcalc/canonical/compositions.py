"""Products, sums, inverses and functions of functions of one matrix, read as one function of it: ``(I + expm(A))^-1``.

Their values and differentials as such lose no digits where those by the rules of products and inverses do: of ``L_exp(A; E)`` between two
inverses of ``I + expm(A)``, and of ``expm(A) expm(-2 A)``, as many as the exponentials of the eigenvalues of A are apart.
"""

from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Any

from sympy import Add, Mul, S, cosh, exp, sinh
from sympy.matrices.expressions import Identity, Inverse, MatAdd, MatMul, MatPow, Transpose

from ..compat import dummy
from ..kernel import make
from ..kernel.session import session_state
from ..kernel.shapes import is_matrix, parted
from ..kernel.symmetry import is_symmetric
from ..nodes.bound import BOUND, body_of
from .analytic import FUNCTIONS
from .rotations import rotation_vector

GROWING = (exp, sinh, cosh)
ANY = dummy("z", 7_000_011)  # in the place of BOUND: no real number, of which ``log(exp(u))`` is u


def composition(node: Any, variable: Any = BOUND) -> tuple[Any, Any] | None:
    """(body, A) of an inverse of a sum or product with a function of A in it that grows as the exponential does, and of a function of what
    has one in it; None of any other node. The variable of the body is BOUND or ANY.
    """
    if isinstance(node, (Inverse, MatPow)):
        k = node.args[1]
        inner = node.args[0] if k.is_Integer and k < 0 and not _is_function(node.args[0]) else None
    else:
        inner = node.arg if isinstance(node, FUNCTIONS) and not _is_linear(node.arg) else None
    a = None if inner is None else _matrix_of(inner)
    body = None if a is None else read(node, a, variable)
    return None if body is None else (body, a)


def runs(factors: Sequence[Any], variable: Any = BOUND) -> list[tuple[int, int, Any]]:
    """(start, end, (body, A)) of the parts of a product, those that are one function of a matrix together as one, and None for others. A
    function beside powers of its matrix that are no inverses stays apart.
    """
    if not any(map(_has_function, factors)):
        return [(k, k + 1, None) for k in range(len(factors))]
    out: list[tuple[int, int, Any]] = []
    start = 0
    while start < len(factors):
        end, whole = start + 1, None
        for a in dict.fromkeys(_arguments(factors[start])):
            bodies = list(takewhile(lambda b: b is not None, (read(x, a, variable) if is_matrix(x) else None for x in factors[start:])))
            if start + len(bodies) >= end and _belong_together(bodies, factors[start : start + len(bodies)], variable):
                end, whole = start + len(bodies), (_quotient(Mul(*bodies), variable), a)
        out.append((start, end, whole))
        start = end
    return out


def rotated(factors: Sequence[Any], variable: Any = BOUND) -> Sequence[Any]:
    """The factors of a product whose trace is taken, with none of its runs cut by its ends."""
    for _ in factors if len(factors) > 2 and _has_function(factors[-1]) and _has_function(factors[0]) else ():
        if runs((factors[-1], factors[0]), variable)[0][2] is None:
            break
        factors = [factors[-1], *factors[:-1]]
    return factors


def _has_function(factor: Any) -> bool:
    """Whether a function of a matrix is in a factor, outside of products."""
    if isinstance(factor, FUNCTIONS):
        return rotation_vector(factor) is None
    return isinstance(factor, (Inverse, MatPow, MatAdd, Transpose)) and any(map(_has_function, factor.args))


def _arguments(node: Any) -> Iterator[Any]:
    """The matrices that a factor may be read as a function of, the innermost last."""
    if not is_matrix(node) or isinstance(node, Identity):
        return
    if isinstance(node, Transpose):
        yield from map(_transpose, _arguments(node.args[0]))
        return
    if isinstance(node, MatMul):
        matrices = parted(node.args)[1]
        yield make.mul(*matrices)
        yield from _arguments(matrices[0])
        return
    yield node
    if isinstance(node, FUNCTIONS):
        yield from _arguments(node.arg)
    elif isinstance(node, (Inverse, MatPow, MatAdd)):
        for m in node.args if isinstance(node, MatAdd) else node.args[:1]:
            yield from _arguments(m)


def _transpose(a: Any) -> Any:
    return a.args[0] if isinstance(a, Transpose) else Transpose(a)


def _belong_together(bodies: Sequence[Any], factors: Sequence[Any], variable: Any) -> bool:
    """Whether there are two functions, or a function and an inverse; or a factor that is a composition by itself, and an inverse."""
    if len(bodies) < 2:
        return False
    functions = [b for b in bodies if not b.is_rational_function(variable)]
    poles = [b for b in bodies if b not in functions and not b.is_polynomial(variable)]
    if len(functions) > 1 or functions and poles:
        return True
    return any(isinstance(x, (Inverse, MatPow)) for x in factors) and any(composition(x, variable) for x in factors)


def _quotient(body: Any, variable: Any) -> Any:
    """``exp(u)/(1 + exp(u))`` as ``1/(exp(-u) + 1)``: a product of what is large with what is small has fewer digits."""
    factors = Mul.make_args(body)
    for e in factors:
        for f in factors:
            if isinstance(e, exp) and f.is_Pow and f.base.is_Add and f.exp.is_Integer and f.exp < 0:
                over = exp(e.args[0] / f.exp)
                terms = [t * over for t in f.base.args]
                if any(not t.has(variable) for t in terms):
                    return Mul(*(g for g in factors if g is not e and g is not f), Add(*terms) ** f.exp)
    return body


def read(node: Any, a: Any, variable: Any = BOUND) -> Any:
    """The body of a function of the matrix A. None where the node is none that is seen, and where it is another of complex eigenvalues
    than of real ones: ``logm(expm(A))`` is A where A is symmetric.
    """
    body = _read(node, a)
    if body is None or variable == ANY:
        return body
    real = body.xreplace({ANY: BOUND})
    return real if real.xreplace({BOUND: ANY}) == body or is_symmetric(a) and not session_state.is_complex else None


def _read(node: Any, a: Any) -> Any:
    if node == a:
        return ANY
    if isinstance(node, Identity):
        return S.One
    if isinstance(node, Transpose):
        return _read(node.args[0], _transpose(a))
    if isinstance(node, FUNCTIONS):
        inner = _read(node.arg, a)
        return None if inner is None else _body(node.function).xreplace({ANY: inner})
    if isinstance(node, (Inverse, MatPow)):
        base = _read(node.args[0], a) if node.args[1].is_Integer else None
        return None if base is None else base ** node.args[1]
    if isinstance(node, (MatAdd, MatMul)):
        scalars, matrices = parted(node.args)
        if scalars and make.mul(*matrices) == a:
            return Mul(*scalars, ANY)
        parts = [_read(m, a) for m in matrices]
        return None if None in parts else Add(*parts) if isinstance(node, MatAdd) else Mul(*scalars, *parts)
    return None


def _body(function: Any) -> Any:
    """The body of a function in ANY."""
    (x,) = function.variables
    return function.expr.xreplace({x: ANY})


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
