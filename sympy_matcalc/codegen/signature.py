"""What `lambdify` was asked for: its arguments, its expressions, and whether the one has all symbols of the other."""

from sympy import Basic, Identity, IndexedBase, MatAdd, MatMul, MatrixSymbol, OneMatrix, Symbol, Tuple, ZeroMatrix
from sympy.tensor.array import NDimArray

from ..errors import ExpressionError, MatcalcError
from ..indices import matrix_of_base
from ..kernel.walks import every_node, nodes_of
from ..nodes.arrays import is_array_symbol
from ..strict import sympified
from ..typed_input import check_scalar_parts
from .intake import Parameter
from .schedule import reachable


def items_of(exprs):
    """(keys or None, list of SymPy expressions)."""
    if isinstance(exprs, dict):
        bad = [k for k in exprs if not isinstance(k, (str, int))]
        if bad:
            raise ExpressionError(f"the keys of a dict of expressions are strings or integers, got `{bad[0]}`")
        return list(exprs), [_expression(e) for e in exprs.values()]
    if isinstance(exprs, (list, tuple)):
        return range(len(exprs)), [_expression(e) for e in exprs]
    return None, [_expression(exprs)]


def _expression(e):
    if isinstance(e, str):
        raise ExpressionError(f"`lambdify` takes SymPy expressions, got the string {e!r}")
    e = sympified(e)
    if not isinstance(e, (Basic, NDimArray)) and not getattr(e, "is_Matrix", False):
        raise ExpressionError(f"`lambdify` takes SymPy expressions, got `{e!r}` of type {type(e).__name__}")
    if isinstance(e, Basic):
        check_scalar_parts(every_node(e))
    return e.as_immutable() if getattr(e, "is_Matrix", False) and hasattr(e, "as_immutable") and not isinstance(e, Basic) else e


def is_matrix_by_form(e):
    """Whether e is a matrix also where it is 1 x 1: of a matrix of one entry, or a multiple of the identity, or zero, or a sum with one.

    >>> from sympy import Identity, MatrixSymbol, Symbol
    >>> x = MatrixSymbol("x", 3, 1)
    >>> is_matrix_by_form(Symbol("t")*Identity(1)), is_matrix_by_form(x.T*x), is_matrix_by_form(x.T*x*MatrixSymbol("z", 1, 1))
    (True, False, True)
    """
    if getattr(e, "is_Matrix", False) and e.shape == (1, 1) and any(s.shape == (1, 1) for s in nodes_of(e, MatrixSymbol)):
        return True
    if isinstance(e, MatAdd):
        return any(map(is_matrix_by_form, e.args))
    factors = e.args if isinstance(e, MatMul) else (e,)
    matrices = [a for a in factors if getattr(a, "is_Matrix", False)]
    return bool(matrices) and all(isinstance(a, (Identity, ZeroMatrix, OneMatrix)) for a in matrices)


def parameters_of(args, items=()):
    """The parameters of one argument, or of a sequence of them, without names yet; items: expressions with the matrices of bases."""
    args = [args] if isinstance(args, Basic) and not isinstance(args, Tuple) else list(args)
    args = [matrix_of_base(a, *items) if isinstance(a, IndexedBase) else a for a in args]
    parameters = [_parameter(a) for a in args]
    symbols = [p.symbol for p in parameters]
    twice = [s for s in symbols if symbols.count(s) > 1]
    if twice:
        raise MatcalcError(f"`{twice[0]}` is twice among the arguments of `lambdify`; give it once")
    return parameters


def _parameter(a):
    if isinstance(a, MatrixSymbol) or is_array_symbol(a) and a.shape:
        return Parameter(_without_ones(a), "", tuple(a.shape))
    if isinstance(a, Symbol):
        return Parameter(a, "", ())
    raise MatcalcError(f"an argument of `lambdify` is a Symbol, a MatrixSymbol or an ArraySymbol, got `{a!r}` of type {type(a).__name__}")


def _without_ones(a):
    """The argument itself; MatcalcError for an array of three axes or more of which one is of length 1."""
    if len(a.shape) > 2 and 1 in a.shape:
        raise MatcalcError(f"`{a}` has an axis of length 1 in its shape {tuple(a.shape)}: declare the array without it for `lambdify`")
    return a


def check_symbols(roots, parameters, sizes):
    """Every free symbol is an argument or a size that an argument shows."""
    given = {p.symbol for p in parameters}
    by_name = _by_name(given, sizes)
    for node in reachable(roots):
        if node.op in ("sym", "arg") and node.attrs[0] not in given and node.attrs[0] not in sizes:
            raise _unknown(node, by_name)


def _by_name(given, sizes):
    """The symbols by name. MatcalcError where an argument has the name of a size that the arrays show, and is meant to be that; two
    arguments of one name are told apart by their places.
    """
    by_name = {_key(s): s for s in given}
    for s in sizes - given:
        other = by_name.setdefault(_key(s), s)
        if other != s and isinstance(s, Symbol) and isinstance(other, Symbol):
            raise MatcalcError(f"two different symbols have the name `{s.name}`: {described(other)} and {described(s)}; rename one")
    return by_name


def _unknown(node, by_name):
    """The error for a symbol that is no argument."""
    s = node.attrs[0]
    if _key(s) in by_name:
        return MatcalcError(
            f"`{s.name}` in the expression is not the argument of that name: {described(s)}, the argument is {described(by_name[_key(s)])}"
        )
    if node.integer:
        return MatcalcError(f"no array argument shows `{s.name}`: pass it to `lambdify` as an argument of its own")
    return MatcalcError(f"`{s.name}` occurs in the expression but is not an argument of `lambdify`")


def _key(s):
    return getattr(s, "dummy_index", None), str(s.name)


def described(s):
    """What a symbol is, for an error."""
    if not hasattr(s, "name"):
        return f"a {type(s).__name__}"
    if isinstance(s, IndexedBase):
        return "an IndexedBase"
    if not isinstance(s, Symbol):
        return f"a{'n ArraySymbol' if is_array_symbol(s) else ' MatrixSymbol'} of shape {tuple(s.shape)}"
    given = getattr(s, "_assumptions_orig", {})
    return f"a Symbol({', '.join(f'{k}={v}' for k, v in sorted(given.items()))})" if given else "a Symbol"
