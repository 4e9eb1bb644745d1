"""Taylor polynomials of first and second order in matrix notation."""

from itertools import combinations_with_replacement
from typing import Any

from sympy import (
    Add,
    Basic,
    ImmutableMatrix,
    MatAdd,
    MatMul,
    MatrixSymbol,
    Mul,
    Rational,
    S,
    Symbol,
    Trace,
    Transpose,
    ZeroMatrix,
    default_sort_key,
)
from sympy.matrices import MatrixBase
from sympy.matrices.expressions.matexpr import MatrixElement, MatrixExpr

from ..canonical import prepare_whole
from ..errors import ArgumentError, ShapeError, UnsupportedVariableError
from ..facts import NONE
from ..kernel.session import session, session_with
from ..kernel.shapes import same_size
from ..kernel.walks import free_symbols, holds, nodes_of, rebuilt, replaced
from ..nodes.base import OfMatrix
from ..notation.present import present
from ..rewriting.parts import like_typed
from ..rewriting.public import simplify
from ..strict import sympified
from ..structure import read_request
from ..structure.algebra import minus, plus
from ..typed_input import as_differentiable
from .derivatives import diff, gradient, hessian, jacobian
from .directional import hvp, jvp
from .variables import is_scalar


def taylor(f: Any, X: Any, X0: Any, order: int = 1, structure: Any = None) -> Any:
    """Taylor polynomial of f around X0: ``f(X0) + Df(X0)[X - X0]``, with order=2 ``+ D2f(X0)[X - X0, X - X0]/2``.

    f: a scalar, vector or matrix. X: MatrixSymbol, Symbol, or an explicit matrix of symbols, ``Matrix([x, y])``. X0: a symbol, an
    expression or an explicit matrix of X's shape, a number for a scalar. Of a scalar function of a vector it is
    ``f(x0) + g(x0)'(x - x0) + (x - x0)' H(x0) (x - x0)/2``, of a matrix ``tr(G(X0)'(X - X0))`` and so on. The difference X - X0 is kept.
    structure: a subspace that X and X0 are of, as for `gradient`: derivatives are those by it.
    Errors: ArgumentError for another order; ShapeError for an X0 of another shape; else as `gradient`.
    Source: Magnus & Neudecker, ch. 6.

    >>> from sympy import Matrix, MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> n = symbols("n", integer=True, positive=True)
    >>> X, X0 = MatrixSymbol("X", n, n), MatrixSymbol("X0", n, n)
    >>> mc.taylor(X.I, X, X0)
    X0**(-1) - X0**(-1)*(X - X0)*X0**(-1)
    >>> x, y = symbols("x y")  # the tangent plane
    >>> mc.taylor(x**2 + y**2, Matrix([x, y]), Matrix([1, 2]))
    2*(x - 1) + 4*(y - 2) + 5
    """
    f = as_differentiable(f)
    if isinstance(order, bool) or order not in (1, 2):
        raise ArgumentError(f"`taylor` gives the polynomial of order 1 or 2, got order={order!r}")
    X = X.as_immutable() if isinstance(X, MatrixBase) else X
    if not isinstance(X, (Symbol, MatrixSymbol, MatrixBase)):
        raise UnsupportedVariableError(f"`taylor` takes a MatrixSymbol, a Symbol or an explicit matrix of symbols, got `{X}`")
    X0 = _center(X, X0)
    if structure is not None:
        f = _of_structure(f, X, X0, structure)
    if isinstance(X, MatrixBase):
        return _explicit(f, X, X0, order)
    if isinstance(X, Symbol):
        return _along_a_scalar(f, X, X0, order)
    return _in_matrices(f, X, X0, order, structure)


def _of_structure(f, X, X0, structure):
    """f by what a structure says of X; ArgumentError for a manifold, and for a point of which it is not seen that it has the structure."""
    request = read_request(structure, None, X)
    if request is None:
        return f
    if request.is_manifold:
        raise ArgumentError(
            f"`taylor` around `{X0}` that is {structure!r}: {X} - {X0} is no direction of a manifold; take `gradient(..., structure=...)` "
            "and the retraction that is used with it"
        )
    if not isinstance(X0, MatrixSymbol):
        with session():
            missing = simplify(present(plus(prepare_whole(X0), minus(request.structure.project(prepare_whole(X0), X)))))
        if not isinstance(missing, ZeroMatrix) and not (isinstance(missing, MatrixBase) and missing.is_zero_matrix):
            raise ArgumentError(
                f"`taylor`: it is not seen that the point `{X0}` is `{request.structure.name}`; take one that is, or a symbol"
            )
    with session_with(request.known or NONE):
        return like_typed(present(prepare_whole(f)), f)


def _center(X, X0):
    """X0 as an expression of X's shape."""
    X0 = ImmutableMatrix(X0) if isinstance(X, MatrixBase) and isinstance(X0, (list, tuple)) else sympified(X0)
    X0 = X0.as_immutable() if isinstance(X0, MatrixBase) else X0
    expected, given = (tuple(e.shape) if getattr(e, "is_Matrix", False) else () for e in (X, X0))
    if len(expected) != len(given) or not all(same_size(S(a), S(b)) for a, b in zip(expected, given)):
        what, got = expected or "a scalar", given or "a scalar"
        raise ShapeError(f"`taylor`: the point `{X0}` must have the shape of `{X}`: expected {what}, got {got}")
    symbols = set(X.flat()) if isinstance(X, MatrixBase) else {X}
    if symbols & (free_symbols(X0) | nodes_of(X0, MatrixSymbol)):
        raise ArgumentError(f"`taylor`: the point `{X0}` has the variable in it; give it a symbol of its own")
    return X0


def _scalar(e):
    """A scalar, or the entry of a 1 x 1 matrix, in the form of answers."""
    with session():
        return present(prepare_whole(e))


def _at(e, values):
    if isinstance(e, MatrixBase):
        return e.applyfunc(lambda a: a.xreplace(values))
    return replaced(e, values)


def _times(c, step):
    """c times a difference, which SymPy would distribute a number over."""
    if not any(a.is_Add for a in Mul.make_args(step.base if step.is_Pow else step)):
        return c * step
    return S.Zero if c == 0 else step if c == 1 else Mul(c, step, evaluate=False)


def _kept(terms):
    """The sum of scalars in the order of SymPy, differences kept, zeros left out."""
    terms = [t for t in terms if t != 0] or [S.Zero]
    return terms[0] if len(terms) == 1 else Add(*sorted(terms, key=default_sort_key), evaluate=False)


def _sum(terms):
    """The sum as it is written, differences kept, zeros left out."""
    terms = [t for t in terms if t != 0 and not isinstance(t, ZeroMatrix)] or terms[:1]
    if len(terms) == 1:
        return terms[0]
    return MatAdd(*terms) if _is_matrix(terms[0]) else _kept(terms)


def _along_a_scalar(f, t, t0, order):
    dt = t - t0
    value, rates = (_scalar(f) if is_scalar(f) else f), []
    for k in range(1, order + 1):
        rates.append((diff(f, t, k), k))
    terms = [_tidy(_at(value, {t: t0}), t0)]
    for rate, k in rates:
        rate = _tidy(_at(rate, {t: t0}), t0)
        terms.append(_multiple(dt**k, _half(rate) if k == 2 else rate) if _is_matrix(rate) else _times(rate / k, dt**k))
    return _sum(terms)


def _is_matrix(e):
    return bool(getattr(e, "is_Matrix", False))


def _multiple(c, A):
    """A scalar times a matrix, without brackets around a product."""
    if isinstance(A, ZeroMatrix):
        return A
    if not isinstance(A, MatMul):
        return MatMul(c, A)
    return MatMul(Mul(c, *(a for a in A.args if not _is_matrix(a))), *(a for a in A.args if _is_matrix(a)))


def _in_matrices(f, X, X0, order, structure=None):
    """By the gradient and the Hessian of a scalar, by directional derivatives of all else."""
    taken = {str(s.name) for s in nodes_of(f, Symbol, MatrixSymbol)} | {str(X.name)}
    D, E = (MatrixSymbol(_free(name + X.name, taken), *X.shape) for name in ("d", "e"))
    if is_scalar(f):
        terms = [_scalar(f), _inner(gradient(f, X, structure=structure), D)]
        if order == 2:
            is_vector = 1 in X.shape and X.shape != (1, 1)
            second = _quadratic(hessian(f, X), D) if is_vector else _inner(hvp(f, X, D, structure=structure), D)
            terms.append(second / 2)
    else:
        terms = [f, jvp(f, X, D, structure=structure)]
        if order == 2:
            terms.append(_half(replaced(jvp(terms[1], X, E, structure=structure), {E: D})))
    at = [_tidy(_at(e, {X: X0}), X0) for e in terms]
    apart = [t for e in at[1:] for t in (e.args if isinstance(e, MatAdd) else (e,))]
    return _sum([at[0], *(_at(e, {D: X - X0}) for e in apart)])


def _half(e):
    with session():
        return present(prepare_whole(MatMul(S.Half, e)))


def _free(name, taken):
    while name in taken:
        name += "'"
    return name


def _inner(G, D):
    """<G, D>."""
    if 1 in D.shape:
        product = MatMul(Transpose(G), D) if D.shape[1] == 1 else MatMul(G, Transpose(D))
        return _scalar(MatrixElement(product, 0, 0))
    return _scalar(Trace(MatMul(Transpose(G), D)))


def _quadratic(H, D):
    column = D if D.shape[1] == 1 else Transpose(D)
    return _scalar(MatrixElement(MatMul(Transpose(column), H, column), 0, 0))


def _tidy(e, X0):
    """What a point that is no symbol makes simpler: inverses of identities, products with zeros, functions of constants."""
    if isinstance(X0, (Symbol, MatrixSymbol, MatrixBase)) or not isinstance(e, Basic) or not holds(e, (MatrixExpr,)):
        return e
    return simplify(rebuilt(e, lambda node: node.doit(deep=False) if isinstance(node, OfMatrix) else node))


def _explicit(f, X, X0, order):
    """Of scalars and explicit matrices by entries; of what holds other matrices by the Jacobian, to first order."""
    at = dict(zip(X.flat(), X0.flat()))
    if isinstance(f, MatrixBase):
        return f.applyfunc(lambda a: _explicit(a, X, X0, order)).as_immutable()
    if is_scalar(f):
        steps = [x - x0 for x, x0 in at.items()]
        first = gradient(f, X)
        first = first.as_explicit() if hasattr(first, "as_explicit") else first
        terms = [_at(_scalar(f), at), *(_times(_at(g, at), s) for g, s in zip(first.flat(), steps) if _at(g, at) != 0)]
        if order == 2:
            symbols = list(at)
            for i, j in combinations_with_replacement(range(len(symbols)), 2):
                h = _at(diff(first.flat()[i], symbols[j]), at) * (Rational(1, 2) if i == j else 1)
                if h != 0:
                    terms.append(_times(h, steps[i] ** 2 if i == j else steps[i] * steps[j]))
        return _kept(terms)
    if order == 2 or 1 not in f.shape or 1 not in X.shape:
        raise UnsupportedVariableError(
            f"`taylor`: `{f}` holds matrices that are symbols, and the variable is explicit: take a MatrixSymbol of shape {X.shape} for it"
        )
    J = jacobian(f, X, form="vec")
    step = ImmutableMatrix((X - X0).flat())
    moved = MatMul(_at(J, at), step)
    return _sum([_at(f, at), moved if f.shape[1] == 1 else Transpose(moved)])
