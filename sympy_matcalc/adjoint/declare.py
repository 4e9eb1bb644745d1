"""`linear`: the public declaration of a linear operator, from which its differential, adjoint, matrix and numeric code follow."""

from collections.abc import Callable
from typing import Any

from sympy import Add, Basic, Expr, S
from sympy.matrices import MatrixBase
from sympy.matrices.expressions import MatAdd, ZeroMatrix

from ..canonical import prepare
from ..errors import ArgumentError, ExpressionError, MissingRuleError, ShapeError
from ..kernel.shapes import is_matrix, shape_of
from ..nodes.declared_code import CODE, checked_code
from ..nodes.linearity import LINEAR, Operator
from ..rules.registry import RULES, TOO_BROAD, USER, rule, rule_of
from .operators import declare

DERIVED = {}  # class -> the rule that follows from its declaration


def linear(
    Node: type,
    *arguments: int | slice,
    adjoint: Callable[..., Any] | None = None,
    matrix: Callable[..., Any] | None = None,
    jointly: bool = False,
    evaluate: Callable[..., Any] | None = None,
    **numeric: Any,
) -> None:
    r"""Declare that a node class is linear in some of its arguments: differential, adjoint and numeric code follow.

    Node: a SymPy class, of matrices with the property ``shape`` (and ``_entry``, by which SymPy prints entries), or of scalars
    with ``is_commutative = True``. arguments: the positions in
    ``node.args``, one or more, or a slice, ``slice(1, None)`` for all but the first; the node L is linear in each of them while the others
    are kept, or with ``jointly=True`` in all of them together, as a sum is.

    adjoint: ``f(node, W)``, an expression L*(W) of the argument's shape with <W, L(E)> = <L*(W), E>, <A, B> = tr(A'B), for every W of the
    node's shape. matrix: ``f(node)``, the matrix M with vec L(E) = M vec E. One of the two is needed; the adjoint gives gradients in the
    node's own notation, the matrix Jacobians between arrays. Without an adjoint gradients are written with M', without a matrix Jacobians
    as a sum over unit matrices. For more than one argument both get the position as well: ``f(node, W, at)``, ``f(node, at)``.

    numpy, jax, torch, dask, array_api: the value of the node, a function of the values of all its arguments (arrays of two axes for
    matrices, numbers for scalars) in that library, as a function or as its dotted name, ``"scipy.linalg.solve_continuous_lyapunov"``;
    array_api serves any library of that standard. evaluate: the same in NumPy for `check`, which by default takes that of ``numpy``.

    The differential by the arguments declared is L(dE). If other arguments can depend on a variable as well, give the whole differential
    with `rule`, as below. ``sympy_matcalc.testing.check_linear`` tries a declaration at random points.

    Errors: ExpressionError for what is no node class or too broad a one; ArgumentError where the declaration is incomplete, or clashes
    with what the package says of the class.

    >>> from sympy import KroneckerProduct, Identity, MatrixExpr, MatrixSymbol, Symbol, Trace
    >>> import sympy_matcalc as mc
    >>> class Lyapunov(MatrixExpr):
    ...     "X with A X + X A' = Q"
    ...     shape = property(lambda self: self.args[1].shape)
    ...     def _latex(self, printer):
    ...         A, Q = map(printer._print, self.args)
    ...         return rf"\mathcal{{L}}_{{{A}}}^{{-1}}\left({Q}\right)"
    >>> def matrix(X):
    ...     A, one = X.args[0], Identity(X.shape[0])
    ...     return (KroneckerProduct(one, A) + KroneckerProduct(A, one)).I
    >>> mc.linear(Lyapunov, 1, adjoint=lambda X, W: Lyapunov(X.args[0].T, W), matrix=matrix,
    ...           numpy="scipy.linalg.solve_continuous_lyapunov")
    >>> @mc.rule(Lyapunov)
    ... def d_lyapunov(X, d):
    ...     "A dX + dX A' = dQ - dA X - X dA'"
    ...     A, Q = X.args
    ...     return Lyapunov(A, d(Q) - d(A)*X - X*d(A).T)
    >>> n = Symbol("n", integer=True, positive=True)
    >>> A, Q, C = (MatrixSymbol(name, n, n) for name in "AQC")
    >>> mc.gradient(Trace(C.T*Lyapunov(A, Q)), Q)
    Lyapunov(A.T, C)
    >>> mc.gradient(Trace(C.T*Lyapunov(A, Q)), A)
    -Lyapunov(A.T, C)*Lyapunov(A, Q).T - Lyapunov(A.T, C).T*Lyapunov(A, Q)
    >>> mc.jacobian(Lyapunov(A, Q), Q, form="vec")
    (KroneckerProduct(I(n), A) + KroneckerProduct(A, I(n)))**(-1)
    >>> mc.check(Trace(C.T*Lyapunov(A, Q)), A).ok
    True
    >>> mc.lambdify([A, Q], Lyapunov(A, Q))([[1, 0], [0, 3]], [[2, 4], [4, 6]])
    array([[1., 1.],
           [1., 1.]])
    >>> print(mc.latex(Lyapunov(A, Q)))
    \mathcal{L}_{A}^{-1}\left(Q\right)
    """
    _refuse_class(Node)
    name = Node.__name__
    positions, several = _positions(name, arguments)
    for what, function in (("adjoint", adjoint), ("matrix", matrix)):
        if function is not None and not callable(function):
            raise ArgumentError(f"`linear`: the {what} of `{name}` must be a function, got `{function!r}`")
    if adjoint is None and matrix is None:
        raise ArgumentError(
            f"`linear`: `{name}` needs an `adjoint`, f(node, W), or a `matrix`, f(node): without one there are no gradients"
        )
    code = checked_code("linear", name, numeric, evaluate)
    operator = Operator(
        positions, _zeros_beside(positions) if jointly else _replaced, _adjoint(adjoint, several), _matrix(matrix, several), bool(jointly)
    )
    declare(Node, operator)
    CODE[Node] = code
    _derive_rule(Node, operator)


def _refuse_class(cls):
    if not (isinstance(cls, type) and issubclass(cls, Basic)):
        raise ExpressionError(f"`linear` takes a SymPy node class first, got `{cls!r}`")
    if cls in TOO_BROAD:
        raise ExpressionError(f"`linear`: `{cls.__name__}` is the base class of all nodes; declare the class of your own node")
    if cls in LINEAR and cls not in DERIVED or cls in RULES and cls not in USER:
        raise ArgumentError(
            f"`linear`: the package has the rules of `{cls.__name__}`; they cannot be declared anew. Derive a class of your own"
        )


def _positions(name, arguments):
    """(function from a node to the positions, whether there may be more than one)."""
    if not arguments:
        raise ArgumentError(f"`linear` needs the positions of the arguments in which `{name}` is linear, 0 for the first")
    for a in arguments:
        if not isinstance(a, slice) and (not isinstance(a, int) or isinstance(a, bool) or a < 0):
            raise ArgumentError(f"`linear`: a position among the arguments of `{name}` is a whole number from 0, or a slice; got `{a!r}`")
    if len({repr(a) for a in arguments}) < len(arguments):
        raise ArgumentError(f"`linear`: a position among the arguments of `{name}` is given twice: {arguments}")

    def positions(node):
        count = len(node.args)
        found = [i for a in arguments for i in (range(count)[a] if isinstance(a, slice) else [a])]
        if any(i >= count for i in found) or len(set(found)) < len(found):
            raise ArgumentError(
                f"`{name}` is declared linear in the arguments {arguments}, but `{node}` has {count} of them; numbers must be below"
            )
        return found

    return positions, len(arguments) > 1 or isinstance(arguments[0], slice)


def _adjoint(function, several):
    """A user's f(node, W), for several arguments f(node, W, at), as one of (node, at, W) that gives what the walk needs."""

    def adjoint(node, at, w):
        value = function(node, w, at) if several else function(node, w)
        return _checked("adjoint", node, value, _shape(node.args[at]))

    return function and adjoint


def _matrix(function, several):
    """A user's f(node), for several arguments f(node, at), as one of (node, at)."""

    def matrix(node, at):
        value = function(node, at) if several else function(node)
        return _checked("matrix", node, value, tuple(rows * columns for rows, columns in map(_shape, (node, node.args[at]))))

    return function and matrix


def _shape(e):
    return shape_of(e) if is_matrix(e) else (S.One, S.One)


def _checked(what, node, value, shape):
    """What a declared function has returned, in canonical form; an error where that is of another shape."""
    name = type(node).__name__
    if not (isinstance(value, (Expr, MatrixBase)) or is_matrix(value)):
        raise ExpressionError(f"the {what} of `{name}` must return an expression, got {value!r}")
    value = prepare(value)
    if any((a - b).expand().is_zero is not True for a, b in zip(_shape(value), shape)):
        raise ShapeError(f"the {what} of `{name}` must have the shape {tuple(shape)} for `{node}`, got {_shape(value)}: `{value}`")
    return value


def _replaced(node, at, e):
    return node.func(*node.args[:at], e, *node.args[at + 1 :])


def _zeros_beside(positions):
    """What an operator is along one of the arguments that it is jointly linear in: the others are 0."""

    def replaced(node, at, e):
        others = set(positions(node)) - {at}
        return node.func(*(e if i == at else _zero_like(a) if i in others else a for i, a in enumerate(node.args)))

    return replaced


def _zero_like(a):
    return ZeroMatrix(*a.shape) if is_matrix(a) else S.Zero


# ---------------------------------------------------------------- the differential that follows


def _derive_rule(cls, operator):
    """Register d L(E) = L(dE), unless a rule has been given for the class."""
    owner, known = rule_of(cls)
    if owner in USER and known is not DERIVED.get(owner):
        DERIVED[cls] = None
        return

    def d_operator(node, d):
        _refuse_others(node, operator, d)
        changes = [(at, d(node.args[at])) for at in operator.positions(node)]
        if operator.jointly:
            return node.func(*(dict(changes).get(at, a) for at, a in enumerate(node.args)))
        terms = [operator.replaced(node, at, e) for at, e in changes if e != 0 and not isinstance(e, ZeroMatrix)]
        if not terms:
            return _zero_like(node)
        return terms[0] if len(terms) == 1 else (MatAdd if is_matrix(node) else Add)(*terms)

    d_operator.__name__ = f"d_{cls.__name__.lower()}"
    rule(cls, name=f"linearity of {cls.__name__}")(d_operator)
    DERIVED[cls] = d_operator


def _refuse_others(node, operator, d):
    """The declaration says nothing of the arguments that the node is not linear in."""
    linear_in = set(operator.positions(node))
    for at, a in enumerate(node.args):
        if at not in linear_in and (isinstance(a, Expr) or is_matrix(a)):
            da = d(a)
            if da != 0 and not isinstance(da, ZeroMatrix):
                name = type(node).__name__
                raise MissingRuleError(
                    f"`{name}` is declared linear in the arguments {sorted(linear_in)} only, and `{a}` at {at} of `{node}` depends on the "
                    f"variable too: give its whole differential, `@mc.rule({name})` over `def d_{name.lower()}(node, d): return ...`"
                )
