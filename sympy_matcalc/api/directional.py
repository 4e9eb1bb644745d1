"""jvp, vjp, hvp: products of Jacobians and Hessians with a vector, derived without the Jacobian or Hessian.

Notation: D F(X)[V] is the derivative of F at X in the direction V, <A, B> = tr(A' B) = sum of A .* B. The first two are the forward
and the reverse mode of automatic differentiation; the third is forward over reverse, whose size grows with that of the gradient and
not with the number of paths through it. Sources: Griewank & Walther, Evaluating Derivatives, 2nd ed., ch. 3 (jvp, vjp) and 5 (hvp);
Pearlmutter, Fast exact multiplication by the Hessian, 1994.
"""

from typing import Any

from sympy import MatMul, MatrixSymbol, Mul, S, Symbol, Trace, Transpose, Tuple
from sympy.matrices.expressions.matexpr import MatrixElement

from ..answers import echoed
from ..canonical import prepare_whole
from ..errors import ArgumentError, MatcalcError, ShapeError, UnsupportedVariableError
from ..facts import read_facts
from ..kernel import make, shapes
from ..kernel.session import session
from ..kernel.shapes import is_matrix, same_size
from ..kernel.walks import every_node
from ..nodes import Einsum
from ..nodes.arrays import is_array_expression, is_array_symbol
from ..notation.factored import factored
from ..notation.present import present
from ..rules.differential import is_entry
from ..structure import read_request
from ..typed_input import as_differentiable
from .derivatives import gradient, linear_in, shortened
from .structured import joined
from .variables import is_scalar, shape_of, sizes_in, variable_of


def jvp(F: Any, X: Any, V: Any, assumptions: Any = None, structure: Any = None) -> Any:
    """Jacobian-vector product: the derivative of F at X in the direction V, an expression of F's shape that is linear in V.

    F: a scalar or matrix expression. X: MatrixSymbol, Symbol or entry ``X[i, j]``. V: a MatrixSymbol of X's shape, a Symbol for a
    scalar X; it must not occur in F. X and V may be sequences of one length: the sum over the pairs. assumptions: as for `gradient`.
    structure: as for `gradient`, or a dict by variable; V is a direction of it then, symmetric of a symmetric X, a tangent on a manifold.
    Errors: ShapeError for a V of another shape, UnsupportedVariableError for a V that is no symbol or is in use, MissingRuleError.

    >>> from sympy import MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> n = symbols("n", integer=True, positive=True)
    >>> X, V = MatrixSymbol("X", n, n), MatrixSymbol("V", n, n)
    >>> mc.jvp(X.I, X, V)
    -X**(-1)*V*X**(-1)
    """
    F, facts = as_differentiable(F), read_facts(assumptions)
    with session():
        pairs = _pairs("jvp", F, X, V)[0]
        found = linear_in(F, pairs)
    return along_directions("jvp", found, facts, assumptions, pairs, structure)


def vjp(F: Any, X: Any, V: Any, assumptions: Any = None, structure: Any = None, convention: str | None = None) -> Any:
    """Vector-Jacobian product: the gradient of <V, F(X)> by X, an expression of X's shape that is linear in V.

    F: a scalar or matrix expression. X: MatrixSymbol, Symbol or entry ``X[i, j]``; a sequence of them gives a tuple. V: a MatrixSymbol
    of F's shape, a Symbol for a scalar F; it must not occur in F. assumptions, structure, convention: as for `gradient`, a structure of
    several variables as a dict. Errors: as for `jvp`.

    >>> from sympy import MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> m, n, p = symbols("m n p", integer=True, positive=True)
    >>> A, X, V = MatrixSymbol("A", m, n), MatrixSymbol("X", n, p), MatrixSymbol("V", m, p)
    >>> mc.vjp(A*X, X, V)
    A.T*V
    """
    F = as_differentiable(F)
    if isinstance(F, Einsum) and not is_matrix(F) and F.axes_shape or is_array_expression(F) and not is_scalar(F):
        raise ShapeError(f"`vjp` needs a scalar or a matrix, got `{F}` of shape {shape_of(F)}")
    variables = [variable_of(x) for x in (X if _is_sequence(X) else [X])]
    with session():
        _check_direction("vjp", V, F)
        _refuse_occurrence("vjp", F, [V], variables)
    with session():
        weighted = Mul(_entry(V), _entry(F), evaluate=False) if is_scalar(F) else Trace(MatMul(Transpose(V), F))
    by = structures_of("vjp", structure, variables)
    found = tuple(gradient(weighted, x, assumptions, by.get(x), convention if x in by or not by else None) for x in variables)
    return found if _is_sequence(X) else found[0]


def hvp(f: Any, X: Any, V: Any, assumptions: Any = None, structure: Any = None, convention: str | None = None) -> Any:
    """Hessian-vector product: the derivative of the gradient at X in the direction V, an expression of X's shape that is linear in V.

    f: a scalar. X: MatrixSymbol, Symbol or entry ``X[i, j]``. V: a MatrixSymbol of X's shape, a Symbol for a scalar X; it must not
    occur in f. X and V may be sequences of one length: a tuple with sum_j D(gradient by X_i)[V_j] for each X_i, which has the mixed
    derivatives in it. assumptions: as for `gradient`. structure, convention: of the gradient that is differentiated, V being a direction
    of the structure; a subspace, of manifolds there is `hessian`. Errors: as for `jvp`, and ShapeError for an f that is no scalar.

    >>> from sympy import MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> m, n = symbols("m n", integer=True, positive=True)
    >>> X, w, v, y = MatrixSymbol("X", m, n), MatrixSymbol("w", n, 1), MatrixSymbol("v", n, 1), MatrixSymbol("y", m, 1)
    >>> mc.hvp((X*w - y).T*(X*w - y), w, v)
    2*X.T*X*v
    """
    f, facts = as_differentiable(f), read_facts(assumptions)
    if not is_scalar(f):
        raise ShapeError(f"`hvp` needs a scalar, got `{echoed(f)}` of shape {shape_of(f)}; use `jvp`")
    with session():
        pairs, several = _pairs("hvp", f, X, V)
        by = structures_of("hvp", structure, [x for x, _ in pairs])
        _refuse_manifolds(by)
        firsts = [gradient(f, x, None, by.get(x), convention if x in by or not by else None) for x, _ in pairs]
        found = tuple(_collected(linear_in(g, pairs), x) for g, (x, _) in zip(firsts, pairs))
    found = tuple(along_directions("hvp", e, facts, assumptions, pairs, structure) for e in found)
    return found if several else found[0]


# ---------------------------------------------------------------- directions of a structure


def structures_of(name, structure, variables):
    """{variable: structure} of what is given for one variable, or as a dict; ArgumentError for a variable that is none."""
    if structure is None:
        return {}
    if not isinstance(structure, dict):
        if len(variables) > 1:
            raise ArgumentError(f"`{name}` by several variables: write which of them is {structure!r}, `structure={{{variables[0]}: ...}}`")
        return {variables[0]: structure}
    unknown = [x for x in structure if x not in variables]
    if unknown:
        raise ArgumentError(f"`structure` of `{unknown[0]}`: it must be of a variable, which are {', '.join(f'`{x}`' for x in variables)}")
    return structure


def along_directions(name, found, facts, assumptions, pairs, structure):
    """A derivative along directions of structures, shortened by what is stated and by what the structures say of X and of its direction."""
    by = structures_of(name, structure, [x for x, _ in pairs])
    requests = [(read_request(by[x], None, x), v) for x, v in pairs if x in by]
    more = [fact for request, v in requests if request for fact in request.facts_along(v)]
    return shortened(found, read_facts(joined(assumptions, *more)) if more else facts)


def _refuse_manifolds(by):
    for x, s in by.items():
        request = read_request(s, None, x)
        if request and request.is_manifold:
            raise ArgumentError(
                f"`hvp` along `{x}` that is {s!r}: take the Riemannian one, `hessian(f, {x}, structure={s!r})`, and contract it with `V`"
            )


def _collected(e, X):
    """The differential of a product is a sum, of which more than one summand may end alike; with the shape of X where that is 1 x 1."""
    prepared = prepare_whole(e)
    if is_matrix(prepared):
        return present(factored(prepared))
    return make.mul(e, make.identity(S.One)) if isinstance(X, MatrixSymbol) and not is_matrix(e) else e


# ---------------------------------------------------------------- what was typed


def _is_sequence(X):
    return isinstance(X, (tuple, list, Tuple))


def _pairs(name, F, X, V):
    """([(variable, direction), ...], whether several were given)."""
    several = _is_sequence(X)
    if several != _is_sequence(V) or several and len(X) != len(V):
        raise MatcalcError(f"`{name}` needs a direction for each variable, got the variables `{X}` and the directions `{V}`")
    variables, directions = ([variable_of(x) for x in X], list(V)) if several else ([variable_of(X)], [V])
    if not variables or len(set(variables)) < len(variables):
        raise MatcalcError(f"`{name}` needs variables that differ, got `{X}`")
    for x, v in zip(variables, directions):
        _check_direction(name, v, x)
    _refuse_occurrence(name, F, directions, variables)
    return list(zip(variables, directions)), several


def _check_direction(name, V, like):
    """V is a symbol of the shape of `like`."""
    if not isinstance(V, (MatrixSymbol, Symbol)) and not is_array_symbol(V):
        raise UnsupportedVariableError(
            f"the direction of `{name}` must be a MatrixSymbol or a Symbol, or an ArraySymbol for a variable of three axes or more, got "
            f"{type(V).__name__}: `{V}`; take a new symbol and substitute afterwards"
        )
    expected = tuple(shapes.shape_of(like)) if is_matrix(like) or is_array_symbol(like) else ()
    given = () if isinstance(V, Symbol) else tuple(V.shape)
    if len(expected) == len(given) and all(map(same_size, expected, given)) or name == "vjp" and {expected, given} == {(), (1, 1)}:
        return
    raise ShapeError(
        f"the direction `{V}` of `{name}` must have the shape of `{like}`: expected {expected or 'a Symbol'}, got {given or 'a Symbol'}"
    )


def _refuse_occurrence(name, F, directions, variables):
    """A direction is a symbol of its own: by name, since two symbols of one name cannot be told apart in what comes out."""
    owners = [x.args[0] if is_entry(x) else x for x in variables]
    sizes = {s for x in owners if not isinstance(x, Symbol) for n in x.shape for s in n.free_symbols}
    used = {str(s.name) for s in symbols_in(F) | set(owners) | sizes}
    for k, v in enumerate(directions):
        if str(v.name) in used or v.name in {other.name for other in directions[:k]}:
            raise UnsupportedVariableError(
                f"the direction `{v}` of `{name}` must be a symbol that is not in use, but `{F}` or its "
                "variables have one of that name; take a new symbol and substitute afterwards"
            )


def symbols_in(expr):
    """Every Symbol and MatrixSymbol below an expression, bound ones and sizes too, each part visited once; in a session."""
    return {s for s in every_node(expr) if isinstance(s, (MatrixSymbol, Symbol))} | sizes_in(expr)


def _entry(e):
    """A scalar, or the entry of a 1 x 1 matrix."""
    if is_array_expression(e):
        return prepare_whole(e)
    return MatrixElement(e, 0, 0) if is_matrix(e) else e
