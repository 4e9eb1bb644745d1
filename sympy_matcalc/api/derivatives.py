"""diff, gradient, jacobian, hessian, differential: check what was typed, run the pipeline, put the axes in order."""

from typing import Any

from sympy import Basic, Dummy, Indexed, S
from sympy.matrices.expressions import MatAdd, MatrixSymbol
from sympy.matrices.expressions.matexpr import MatrixElement

from .. import conventions
from ..adjoint import transpose_linear
from ..answers import echoed
from ..canonical import prepare, prepare_whole
from ..canonical.array_sums import added
from ..canonical.orientation import transpose_prepared
from ..errors import ShapeError, UnsupportedVariableError
from ..facts import read_facts
from ..indices import by_matrices, derivative_by_entry, is_index_question
from ..kernel import make, shapes
from ..kernel.interning import intern, surely_finite
from ..kernel.occurrence import contains
from ..kernel.scalars import scalar_product, scalar_sum
from ..kernel.session import session
from ..kernel.shapes import is_matrix, is_one
from ..kernel.walks import postorder, replaced
from ..nodes import AsMatrix, Einsum, EinsumTerm
from ..nodes.arrays import array_class, is_array_symbol
from ..notation import raise_terms
from ..notation.expression import axis_sizes
from ..notation.kronecker import commutation_in_front
from ..notation.present import present
from ..notation.term import new_axes
from ..rules.differential import differential_of
from ..structure import read_request
from ..typed_input import as_differentiable, check_finite
from ..typed_input import as_expression as as_expression
from .explicit import of_explicit
from .structured import (
    Direction,
    Second,
    along_structure,
    answered,
    early_session,
    hessian_from_all,
    hessian_is_on_axes,
    hessian_through_all,
    is_presented_later,
    jacobian_through_parameters,
    on_structure,
    read_requests,
    structure_session,
    structured_gradient,
    through_parameters,
)
from .structured import shortened as shortened
from .variables import axes_of, is_scalar, refuse_size, sequence_of, shape_of, variable_of


@of_explicit
def gradient(
    f: Any, X: Basic, assumptions: Any = None, structure: Any = None, convention: str | None = None, form: str | None = None
) -> Any:
    """Gradient of a scalar: an expression of X's shape.

    f: a scalar, or a 1 x 1 matrix expression. X: MatrixSymbol of any shape, Symbol, or entry ``X[i, j]``. assumptions: facts as for
    `simplify`, used on the derivative and never before it: the gradient by a symmetric X is that by all of its entries.

    structure: what X is, so that its entries are tied together: "symmetric", "skew", "diagonal", "lower", "upper", "strictly_lower",
    "strictly_upper", "toeplitz", "circulant", "hankel", "scalar" (t times I), "tridiagonal" or a `LinearStructure`; "orthogonal" (with
    orthonormal columns), "spd". With the gradient G by all entries, convention is "subspace", the projection of G on the structure and the
    default, since it is the one gradient with df = <G, dX> for every dX of the structure, or "entries", the derivative by the free
    parameter that sits at an entry: of a symmetric X ``(G + G')/2`` or ``G + G' - G o I``. `conditions` of the answer says which it is.
    form: "vech", the column of derivatives by the free parameters, of a symmetric X ``D' vec(G)``.

    Errors: ShapeError if f is no scalar or X cannot have the structure, UnsupportedVariableError, MissingRuleError, ArgumentError for an
    unknown structure or convention. Source: Magnus & Neudecker, ch. 9; df = tr(G' dX) defines G; `structure.linear` for structures.

    >>> from sympy import MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> m, n = symbols("m n", integer=True, positive=True)
    >>> X, w, y = MatrixSymbol("X", m, n), MatrixSymbol("w", n, 1), MatrixSymbol("y", m, 1)
    >>> mc.gradient((X*w - y).T*(X*w - y), w)
    2*X.T*(X*w - y)
    >>> from sympy import Q
    >>> A, x = MatrixSymbol("A", n, n), MatrixSymbol("x", n, 1)
    >>> mc.gradient(x.T*A*x, x, assumptions=Q.symmetric(A))
    2*A*x
    >>> from sympy import Determinant, Trace, log
    >>> S = MatrixSymbol("S", n, n)
    >>> mc.gradient(Trace(A*S), S, structure="symmetric")
    (A + A.T)/2
    >>> mc.gradient(log(Determinant(S)), S, structure="symmetric", convention="entries")
    2*S**(-1) - HadamardProduct(I, S**(-1))
    """
    f, X = by_matrices(f, X)
    f, X, facts = as_differentiable(f), variable_of(X), read_facts(assumptions)
    conventions.check_gradient_form(form)
    request = read_request(structure, convention, X, form)
    if not is_scalar(f):
        raise ShapeError(f"`gradient` needs a scalar, got `{echoed(f)}` of shape {shape_of(f)}; use `jacobian`")
    with early_session(request):
        found = plain_gradient(on_structure(f, request), X, presents=request is None)
        found = structured_gradient(request, found, form, facts) if request else found
    return answered(found, facts, assumptions, request, X, short=True)


@of_explicit
def jacobian(
    F: Any,
    X: Basic,
    layout: str = "numerator",
    form: str | None = None,
    assumptions: Any = None,
    structure: Any = None,
    convention: str | None = None,
) -> Any:
    """Jacobian in numerator layout: index order F.shape + X.shape, axes of length 1 dropped.

    layout: "denominator" gives X.shape + F.shape. form: "vec" gives the matrix d vec F / d vec(X)' with stacked columns, "vech" that by
    the free parameters of a structure, J D of a symmetric X. assumptions, structure, convention: as for `gradient`, of each entry of F.
    Errors: as `gradient`; MatcalcError for an unknown layout or form. Source: Magnus & Neudecker, ch. 9 (vec form).

    >>> from sympy import MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> m, n, p, q = symbols("m n p q", integer=True, positive=True)
    >>> A, X, B = MatrixSymbol("A", p, m), MatrixSymbol("X", m, n), MatrixSymbol("B", n, q)
    >>> mc.jacobian(A*X*B, X, form="vec")
    KroneckerProduct(B.T, A)
    """
    F, X = by_matrices(F, X)
    F, X, facts = as_differentiable(F), variable_of(X), read_facts(assumptions)
    conventions.check_layout(layout, form)
    request = read_request(structure, convention, X, form)
    afterwards = through_parameters(request, form)
    within = Direction(request, form) if request and not afterwards else None
    with structure_session(request):
        F = on_structure(F, request)
        if form in ("vec", "vech"):
            found = _vec_form(F, X, within)
        elif layout == "denominator":
            found = _derivative(F, X, lambda fs, xs: xs + fs, row_of=0, within=within)
        else:
            found = plain_jacobian(F, X, within)
        found = jacobian_through_parameters(request, found, form) if afterwards else along_structure(request, found)
    return answered(found, facts, assumptions, request, X, short=afterwards)


@of_explicit
def diff(expr: Any, *variables: Any, assumptions: Any = None) -> Any:
    """Derivative in SymPy's index order X.shape + expr.shape, as ``expr.diff(X)`` should give: d(W*v)/dv = W.T.

    variables: as SymPy takes them, ``X``, ``X, Y``, ``X, 2`` or ``(X, 2)``; several are taken one after another. assumptions: as for
    `gradient`. Errors: as `gradient`.

    By an entry of an IndexedBase, ``x[k]``, the answer is in index notation. The index of the variable is taken to be one of its axis, as
    the shape says, or from 0 to n - 1 where sums run so and no entry outside is seen; any other range stays as a condition.

    >>> from sympy import MatrixSymbol, Trace, log, Determinant, symbols
    >>> import sympy_matcalc as mc
    >>> n = symbols("n", integer=True, positive=True)
    >>> X = MatrixSymbol("X", n, n)
    >>> mc.diff(log(Determinant(X)), X)
    X.T**(-1)
    >>> from sympy import IndexedBase, Sum
    >>> A, x = IndexedBase("A"), IndexedBase("x")
    >>> i, j, k, l = symbols("i j k l", integer=True)
    >>> mc.diff(Sum(A[i, j]*x[j], (j, 0, n - 1)), A[k, l])
    KroneckerDelta(i, k)*x[l]
    """
    expr, variables = (given := by_matrices(expr, *variables))[0], given[1:]
    e, facts = as_differentiable(expr), read_facts(assumptions)
    for X in sequence_of(variables):
        with session():
            like = X if is_scalar(e) and not isinstance(e, Einsum) else None
            e = _derivative(e, X, lambda fs, xs: xs + fs, row_of=None, like=like)
    return shortened(e, facts)


@of_explicit
def hessian(
    f: Any,
    X: Basic,
    Y: Basic | None = None,
    form: str | None = None,
    assumptions: Any = None,
    structure: Any = None,
    convention: str | None = None,
) -> Any:
    """Second derivative of a scalar: index order X.shape + Y.shape (Y = X if left out), n x n for a vector.

    form: "vec" gives the matrix with rows vec(X) and columns vec(Y), "vech" that by the free parameters of a structure, D' H D of a
    symmetric X. assumptions, structure, convention: as for `gradient`. By "entries" the entry (i, j, k, l) is the second derivative by the
    free parameters that sit at (i, j) and (k, l); by "subspace" the bilinear form of f on the structure, P H P in the vec form; of
    "orthogonal" and "spd" the Riemannian Hessian, the T that takes V of the tangent space to ``sum_kl T_ijkl V_kl`` there. With a Y of its
    own a structure is given by variable, ``structure={X: "symmetric", Y: "diagonal"}``.
    Errors: ShapeError if f is no scalar; else as `gradient`.

    >>> from sympy import MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> n = symbols("n", integer=True, positive=True)
    >>> A, x = MatrixSymbol("A", n, n), MatrixSymbol("x", n, 1)
    >>> mc.hessian(x.T*A*x, x)
    A + A.T
    """
    f, X, Y = by_matrices(f, X, Y)
    f, X = as_differentiable(f), variable_of(X)
    conventions.check_layout("numerator", form)
    requests = read_requests(structure, convention, X, X if Y is None else variable_of(Y), form)
    Y = X if Y is None else variable_of(Y)
    if not is_scalar(f):
        raise ShapeError(f"`hessian` needs a scalar, got `{echoed(f)}` of shape {shape_of(f)}")
    facts = read_facts(assumptions)
    afterwards = hessian_through_all(requests[0], form) and (form == "vech" or X == Y)
    with early_session(*requests):
        first = plain_gradient(on_structure(f, *requests), X, presents=not any(requests))
        with session() if afterwards else structure_session(*requests):
            within = Second(requests, first, form) if any(requests) and not afterwards else None
            presents = not (afterwards or is_presented_later(requests[0] or requests[1], facts))
            if form in ("vec", "vech") and not (afterwards and hessian_is_on_axes(requests[0], form)):
                found = commutation_in_front(_vec_form(first, Y, within, presents))
            else:
                found = _derivative(first, Y, lambda fs, xs: fs + xs, row_of=1, within=within, presents=presents)
            if afterwards:
                found = hessian_from_all(requests, first, found, form)
            else:
                found = along_structure(requests[0] or requests[1], found)
    return answered(found, facts, assumptions, requests[0] or requests[1], X, Y, short=afterwards)


def plain_gradient(f, X, presents=True):
    """The gradient of a scalar as it is derived, with nothing that is stated used on it; in a session. presents: as for `_derivative`."""
    return _derivative(f, X, lambda fs, xs: xs, like=X, presents=presents)


def plain_jacobian(F, X, within=None):
    """The Jacobian in numerator layout as it is derived, with nothing that is stated used on it; in a session.

    within: a `Direction`, what a structure of X makes of the differential.
    """
    return _derivative(F, X, lambda fs, xs: fs + xs, row_of=1, within=within)


def linear_in(e, pairs):
    """The differential of `e` by the variables of `pairs`, (X, the symbol that stands for dX or None for one made up); in a session.

    The symbol is in the result from the start: to put another one for dX into it afterwards would walk shared parts as often as
    they occur.
    """
    for X, _ in pairs:
        if isinstance(X, Indexed):
            raise UnsupportedVariableError(f"`{X}` is an entry in index notation, which has no differential: take `diff` by it")
    prepared = prepare_whole(e)
    parts = [_differential(prepared, X, symbol) for X, symbol in pairs]
    parts = [p for p in parts if p is not None]
    if isinstance(prepared, Einsum) and not is_matrix(prepared) and prepared.axes_shape:
        return _finite(present(added(parts, e, prepare)), e) if parts else intern(Einsum(prepared.axes_shape))
    if not parts:
        return make.zero(*shapes.shape_of(prepared)) if is_matrix(prepared) else S.Zero
    return _finite(present(prepare(MatAdd(*parts))) if is_matrix(prepared) else scalar_sum(*parts), e)


def _differential(prepared, X, symbol=None):
    refuse_size(prepared, X)
    linear, d = _differential_of(prepared, X, symbol)
    if linear is None:
        return None
    while any(contains(linear, p) for p in d.placeholders):
        linear = replaced(linear, d.placeholders)
    return present(prepare(linear))


# ---------------------------------------------------------------- the pipeline


def _derivative(expr, X, order, row_of=None, like=None, within=None, presents=True):
    """prepare, rules, walk, raise. order: (axes of expr, axes of X) to the axes of the result; like: a variable whose shape it has.

    within: a `Direction`, what a structure of X makes of the differential. presents: whether the answer is to be read, or is in canonical
    form, for whoever goes on with it.
    """
    if is_index_question(expr, X):
        return derivative_by_entry(expr, X)
    prepared = prepare_whole(expr)
    refuse_size(prepared, X)
    f_axes, x_axes = new_axes(axes_of(prepared)), new_axes(axes_of(X))
    linear, d = _differential_of(prepared, X, within=within)
    axes = tuple(a for a in order(f_axes, x_axes) if a)
    sizes = axis_sizes(axes)
    terms = _terms(linear, d, f_axes, within)
    result = raise_terms([t._replace(out=tuple(a for a in order(t.out, t.hole) if a), hole=()) for t in terms], sizes)
    if like is not None:
        result = _of_shape(result, like)
    elif len(sizes) == 1 and _is_row(expr, X, f_axes, row_of):
        result = transpose_prepared(result)
    return _finite(present(result) if presents else result, expr)


def _terms(linear, d, f_axes, within):
    """The terms of the derivative; a structure that ties entries makes more paths to dX, which are written out all the same."""
    if linear is None:
        return []
    if not within:
        return transpose_linear(linear, d.symbol, f_axes, f_axes, d.placeholders)
    return within.completed(transpose_linear(linear, d.symbol, f_axes, f_axes, d.placeholders, expand=within.paths))


def _finite(result, typed):
    """The result; ExpressionError where it has an infinity in it, which what was typed need not show: 1/tr(A - A)."""
    return result if surely_finite(result) else check_finite(result, typed)


def _is_row(expr, X, f_axes, row_of):
    """A single axis is a row where it comes from X in numerator layout, or from a row vector in SymPy's order."""
    from_f = any(f_axes)
    if row_of is not None:
        return not from_f if row_of == 1 else from_f
    source = expr if from_f else X
    return is_matrix(source) and is_one(shapes.shape_of(source)[0])


def _of_shape(result, X):
    """The derivative of a scalar with the very shape of X."""
    if is_array_symbol(X):
        return result if S.One not in X.shape else _with_ones(result, X)
    if not isinstance(X, (MatrixSymbol, AsMatrix)):
        return result
    shape = shapes.shape_of(X)
    if shape == (S.One, S.One):
        return make.mul(result, make.identity(S.One))
    return transpose_prepared(result) if is_one(shape[0]) else result


def _with_ones(result, X):
    """A derivative as an array of X's shape, axes of length 1 among them."""
    axes: list[tuple] = []
    live = [s for s in X.shape if not is_one(s)]
    for size in X.shape:
        axes.append(() if is_one(size) else (sum(len(a) for a in axes),))
    factors = [(result, *((k,) for k in range(len(live))))] if live else []
    return intern(Einsum(X.shape, EinsumTerm(S.One if live else result, live, axes, factors)))


def _vec_form(F, X, within=None, presents=True):
    if is_index_question(F, X):
        return derivative_by_entry(F, X)
    prepared = prepare_whole(F)
    refuse_size(prepared, X)
    if isinstance(prepared, Einsum) and len(prepared.axes_shape) > 2:
        raise ShapeError(f"form='vec' needs a matrix, got {len(prepared.axes_shape)} axes")
    f_axes, x_axes = new_axes(axes_of(prepared)), new_axes(axes_of(X))
    linear, d = _differential_of(prepared, X, within=within)
    terms = _terms(linear, d, f_axes, within)
    rows, cols = (scalar_product(*axes_of(e)) for e in (prepared, X))
    fused = [t._replace(out=(conventions.vec_axis(t.out), conventions.vec_axis(t.hole)), hole=()) for t in terms]
    if any(f_axes) or any(x_axes):
        found = raise_terms(fused, (rows, cols))
    else:
        found = raise_terms([t._replace(out=()) for t in fused], ())
    return _finite(present(found) if presents else found, F)


def _differential_of(prepared, X, symbol=None, within=None):
    """(the differential, its table); None for the differential where X does not occur, and an error where another X does."""
    linear, d = differential_of(prepared, X, symbol, within and within.direction)
    if within:
        return within.result(linear, d.symbol), d
    if linear is None:
        _finite(prepared, None)  # log(tr(A - A)) has no derivative, not the derivative 0
        mine = X.args[0] if isinstance(X, MatrixElement) or array_class(X) == "ArrayElement" else X
        arrays = [a for a in postorder(prepared, lambda node: node.args) if is_array_symbol(a)]
        free = prepared.free_symbols - {a.name for a in arrays}
        for s in sorted({*free, *arrays}, key=str):
            if str(s.name) == str(mine.name) and s not in (mine, *mine.args) and not isinstance(s, Dummy):
                raise UnsupportedVariableError(
                    f"`{X}` does not occur in `{prepared}`, but another symbol of its name does: "
                    f"{_described(s)}; the variable is {_described(mine)}; use one symbol for both"
                )
    return linear, d


def _described(s):
    if isinstance(s, AsMatrix) or is_array_symbol(s):
        return f"an ArraySymbol of shape {tuple(s.array.shape if isinstance(s, AsMatrix) else s.shape)}"
    if isinstance(s, MatrixSymbol):
        return f"a MatrixSymbol of shape {tuple(s.shape)}"
    given = ", ".join(f"{k}={v}" for k, v in sorted(getattr(s, "_assumptions_orig", {}).items()))
    return f"a Symbol({given})" if given else "a Symbol without assumptions"
