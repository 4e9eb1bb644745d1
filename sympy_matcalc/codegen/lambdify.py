"""`lambdify`: numeric functions of SymPy expressions, with matrix arguments of symbolic size."""

import linecache
from itertools import count

from sympy import Basic, MatrixSymbol, Symbol, Tuple
from sympy.tensor.array import NDimArray

from ..errors import ExpressionError, MatcalcError, ShapeError
from ..facts import read_facts
from ..nodes.arrays import is_array_symbol
from ..strict import sympified
from . import lower_declared, lower_extremes, lower_functions, lower_linalg, lower_log, lower_matrix, lower_norms, lower_scalar, lower_sum
from .backends import registry as backends
from .intake import Intake, Parameter
from .literals import BUILTINS, identifiers, key_literal
from .lower import Lowerer, shape_of
from .planning.factorise import factorised
from .planning.regimes import variants
from .planning.symmetry import assumed, matrices, symmetric_variants
from .schedule import Scheduler, reachable
from .steady.steadied import steadied
from .structured import Result, imports, results_of

# importing them registers their rules
LOWERING = (lower_declared, lower_extremes, lower_functions, lower_linalg, lower_log, lower_matrix, lower_norms, lower_scalar, lower_sum)
_serial = count(1)


def lambdify(args, exprs, modules="numpy", assumptions=None, structured=False):
    """A function of arrays that computes `exprs`; its source is in its attribute ``source``.

    args: a MatrixSymbol or Symbol, or a sequence of them, in the order of the call. exprs: an expression, or a list, tuple or dict of
    expressions that share their work; the result has the same form. Symbolic sizes are read off the arrays. Vectors come as ``(n,)``
    or ``(n, 1)``, and column results are ``(n,)`` if all vectors came so; scalars and 1x1 results are scalars.

    modules: ``"numpy"``, ``"jax"``, ``"torch"``, ``"dask"``, or the module of a library that follows the array API standard. The
    precision is that of the arrays; lists, integers and arrays of NumPy are converted. JAX: the function can be traced (`jax.jit`,
    `jax.vmap`, `jax.grad`), with data sharded over devices; integers are static arguments. PyTorch: on the device of the arguments, also
    under `torch.compile`. Dask: results are lazy arrays. What NumPy raises an error for by value (a matrix that is not symmetric, an
    eigenvalue that is not simple) is NaN in the other libraries.

    structured: True for results as operators of `sympy_matcalc.operators` where they have two axes or more, NumPy only: what is small is
    computed, a Kronecker factor or a diagonal, and the array of the result never. The operator maps the axes of the variable to those of
    the function, each flattened row by row; these are half of the axes each, of three axes as the deltas have it, else one to two. A
    number instead of True is the number of axes of the function; a sequence or dict says it for each result, False for an array (that of
    a gradient by a matrix, say). The operators may hold arguments themselves, not copies.

    assumptions: facts about arguments, ``Q.symmetric(A)`` or ``Q.positive_definite(S)``: a product with A is one with A' too, which is not
    checked; the Cholesky factor of S is used, and an array that has none is an error. A derivative is simpler where it gets them too.

    Raises MatcalcError for a symbol or size that no argument gives, for a node without numeric code, for an operation that the library has
    not, and where the library, or SciPy, is needed and not installed. The function raises ShapeError for an array whose shape does not fit.

    >>> import numpy as np
    >>> from sympy import MatrixSymbol, symbols
    >>> from sympy_matcalc import lambdify
    >>> n = symbols("n", integer=True, positive=True)
    >>> A, x = MatrixSymbol("A", n, n), MatrixSymbol("x", n, 1)
    >>> f = lambdify([A, x], A*x)
    >>> f(np.array([[1., 2.], [3., 4.]]), np.array([1., 1.]))
    array([3., 7.])

    >>> V = MatrixSymbol("V", n, 3)
    >>> from sympy_matcalc import hessian
    >>> from sympy import Trace
    >>> U = MatrixSymbol("U", n, 3)
    >>> H = lambdify([U, V], hessian(Trace(U*V.T*V*U.T), U), structured=True)(np.ones((2, 3)), np.eye(2, 3))
    >>> type(H).__name__, H.shape, H.B.tolist()
    ('KroneckerOperator', (6, 6), [[2.0, 0.0, 0.0], [0.0, 2.0, 0.0], [0.0, 0.0, 0.0]])
    """
    if structured and modules != "numpy":
        raise MatcalcError(f'`structured` results are made of NumPy arrays: it needs modules="numpy", got {modules!r}')
    make_backend = backends.find(modules)
    args = [args] if isinstance(args, Basic) and not isinstance(args, Tuple) else list(args)
    keys, items = _items(exprs)
    parameters, names = _parameters(args)
    sizes = {s for p in parameters for x in p.shape for s in x.free_symbols}
    ctx = Lowerer(sizes | {s for e in items for s in _size_symbols(e)})
    ctx.count_uses(items)
    results = results_of(ctx, items, keys, structured, _result)
    roots = [node for r in results for node in r.nodes]
    _check_symbols(roots, parameters, sizes)
    integers = {p.symbol for p in parameters if not p.shape and (p.symbol.is_integer or p.symbol in ctx.size_symbols)}
    name_of = identifiers([*names, *sorted(sizes - set(names), key=lambda s: s.name)], RESERVED)
    for p in parameters:
        p.name = name_of[p.symbol]
    backend = make_backend(name_of)
    nodes = steadied(ctx.graph, roots, backend.has_special)
    symmetric = _stated("symmetric", assumptions, parameters)
    if symmetric:
        nodes = assumed(ctx.graph, nodes, symmetric)
        ctx.graph.symmetric = matrices(nodes, symmetric)
    options = dict(weight_roots=backend.weight_roots)
    plans = variants(ctx.graph, nodes, sizes, ctx.size, **options)
    if backend.looks_at_values:
        arguments, more = symmetric_variants(ctx.graph, nodes, plans, parameters, sizes, ctx.size, **options)
        plans = [((*comparisons, *arguments), planned) for comparisons, planned in more] + plans
    if backend.factors:
        known = _stated("positive_definite", assumptions, parameters)
        plans = [(comparisons, factorised(ctx.graph, roots, known)) for comparisons, roots in plans]
    source = _source(backend, parameters, name_of, integers, plans, results, keys, exprs)
    return _compile(source, {name: f for name, f in backend.given.items() if callable(f)})


def _items(exprs):
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
    return e.as_immutable() if getattr(e, "is_Matrix", False) and hasattr(e, "as_immutable") and not isinstance(e, Basic) else e


def _parameters(args):
    parameters = []
    for a in args:
        if isinstance(a, MatrixSymbol) or is_array_symbol(a) and a.shape:
            parameters.append(Parameter(_without_ones(a), "", tuple(a.shape)))
        elif isinstance(a, Symbol):
            parameters.append(Parameter(a, "", ()))
        else:
            raise MatcalcError(
                f"an argument of `lambdify` is a Symbol, a MatrixSymbol or an ArraySymbol, got `{a!r}` of type {type(a).__name__}"
            )
    symbols = [p.symbol for p in parameters]
    twice = [s for s in symbols if symbols.count(s) > 1]
    if twice:
        raise MatcalcError(f"`{twice[0]}` is twice among the arguments of `lambdify`")
    return parameters, symbols


def _without_ones(a):
    """The argument itself; MatcalcError for an array of three axes or more of which one is of length 1."""
    if len(a.shape) > 2 and 1 in a.shape:
        raise MatcalcError(f"`{a}` has an axis of length 1 in its shape {tuple(a.shape)}: declare the array without it for `lambdify`")
    return a


def _stated(name, assumptions, parameters):
    """The arguments of which a fact is stated."""
    facts = read_facts(assumptions)
    return {p.symbol for p in parameters if facts.holds(name, p.symbol)}


def _size_symbols(e):
    return {s for size in shape_of(e) for s in size.free_symbols}


def _result(ctx, e):
    """A dense result, with one axis for each that is not literally 1."""
    shape = shape_of(e)
    return Result(shape, ctx.dense(ctx.low(e), shape).node)


def _check_symbols(roots, parameters, sizes):
    """Every free symbol is an argument or a size that an argument shows."""
    given = {p.symbol for p in parameters}
    by_name = {}
    for s in [*given, *sizes]:
        other = by_name.setdefault(_key(s), s)
        if other != s and isinstance(s, Symbol) and isinstance(other, Symbol):  # arrays are told apart by their place
            raise MatcalcError(f"two different symbols have the name `{s.name}`: {_describe(other)} and {_describe(s)}")
    for node in reachable(roots):
        if node.op not in ("sym", "arg") or node.attrs[0] in given or node.attrs[0] in sizes:
            continue
        s = node.attrs[0]
        if _key(s) in by_name:
            raise MatcalcError(
                f"`{s.name}` in the expression is not the argument of that name: "
                f"{_describe(s)}, the argument is {_describe(by_name[_key(s)])}"
            )
        if node.integer:
            raise MatcalcError(f"no array argument shows `{s.name}`: pass it to `lambdify` as an argument of its own")
        raise MatcalcError(f"`{s.name}` occurs in the expression but is not an argument of `lambdify`")


def _key(s):
    return getattr(s, "dummy_index", None), str(s.name)


def _describe(s):
    if not isinstance(s, Symbol):
        return f"a{'n ArraySymbol' if is_array_symbol(s) else ' MatrixSymbol'} of shape {tuple(s.shape)}"
    given = getattr(s, "_assumptions_orig", {})
    return f"a Symbol({', '.join(f'{k}={v}' for k, v in sorted(given.items()))})" if given else "a Symbol"


RESERVED = {"ShapeError", "flat", "dtype", "device", "compute", "_LAPACK", *backends.NAMES, *BUILTINS}


def _source(backend, parameters, names, integers, plans, results, keys, exprs):
    """The module text. `plans`: ``(conditions, planned roots)``, tried in turn; the roots are the nodes of all results. A condition is a
    comparison of sizes, or an argument that has to be symmetric.
    """
    taken = {*names.values(), *RESERVED}
    flat = any(p.is_vector for p in parameters)
    intake = Intake(backend, parameters, names, integers)
    need_dtype, body = False, []
    for conditions, roots in plans:
        depth = 2 if conditions else 1
        if conditions:
            body.append(f"    if {' and '.join(_condition(backend, intake, c) for c in conditions)}:")
        rest = iter(roots)
        parts = [(r, [next(rest) for _ in r.nodes]) for r in results]
        vectors = [nodes[0] for r, nodes in parts if r.layout is None and nodes[0].ndim == 1 and r.shape[1:] == (1,)]
        scheduler = Scheduler(backend, roots, taken, vectors)
        body += scheduler.body(depth)
        taken_out = set()
        texts = [_returned(backend, scheduler.texts, nodes, result, flat, taken_out) for result, nodes in parts]
        body.append("    " * depth + "return " + _collected(texts, keys, exprs))
        need_dtype = need_dtype or any(n.op == "dtype" for n in scheduler.order)
    head = intake.write(need_dtype or backend.needs_dtype)
    lines = [f"def compute({', '.join(p.name for p in parameters)}):", *("    " + line for line in head), *body]
    helpers = backend.helper_source()
    backend.imports |= dict.fromkeys(imports(results), True)
    head = backend.header() + ("\nShapeError = ValueError\n" if "ShapeError" in helpers else "")
    return head + helpers + "\n\n" + "\n".join(lines) + "\n"


def _condition(backend, intake, condition):
    if isinstance(condition, MatrixSymbol):
        return f"{backend.need('_is_symmetric')}({backend.names[condition]})"
    small, large, factor = condition
    times = f"{factor} * " if factor != 1 else ""
    return f"{times}{intake.size_text(small)} <= {intake.size_text(large)}"


def _returned(backend, texts, nodes, result, flat, taken_out):
    """The text of a result in the shape that was promised, or of an operator. `taken_out`: the arrays that earlier results are."""
    if result.layout is not None:
        return result.text(nodes, texts)
    (node,), shape = nodes, result.shape
    body, precedence = texts[node.number]
    if node.ndim:
        array = _array_of(node)
        if array.op in ("arg", "declared") or array.number in taken_out:  # who writes into a result changes nothing else
            body, precedence = backend.own(body if precedence > 80 else f"({body})"), 100
        taken_out.add(array.number)
    if node.ndim == 0 and all(s == 1 for s in shape):
        return backend.returned_number(body) if backend.number(node) and not isinstance(node.value, complex) else body
    if node.ndim == len(shape):
        return body
    body = body if precedence > 80 else f"({body})"
    if len(shape) == 2 and node.ndim == 1 and shape[1] == 1:
        return f"{body} if flat else {body}[:, None]" if flat else f"{body}[:, None]"
    return body + "[" + ", ".join("None" if s == 1 else ":" for s in shape) + "]"


def _array_of(node):
    """The array that a node is, or shows a part of."""
    while node.op in ("view", "slice", "index", "diagonal", "reshape"):
        node = node.args[0]
    return node


def _collected(texts, keys, exprs):
    if keys is None:
        return texts[0]
    if isinstance(exprs, dict):
        return "{" + ", ".join(f"{key_literal(k)}: {t}" for k, t in zip(keys, texts, strict=True)) + "}"
    inner = ", ".join(texts)
    return f"[{inner}]" if isinstance(exprs, list) else f"({inner}{',' if len(texts) == 1 else ''})"


def _compile(source, given):
    """The function of a source text, which tracebacks can show. given: the functions of a user that it calls, by name."""
    file = f"<sympy_matcalc.lambdify {next(_serial)}>"
    namespace = {"__name__": "sympy_matcalc_generated", **given}
    linecache.cache[file] = (len(source), None, source.splitlines(True), file)
    try:
        exec(compile(source, file, "exec"), namespace)
    except ModuleNotFoundError as error:
        hint = "pip install 'sympy_matcalc[check]'"
        raise MatcalcError(f"the numeric code of this expression needs SciPy: {hint} ({error})") from error
    if "ShapeError" in namespace:
        namespace["ShapeError"] = ShapeError
    function = namespace["compute"]
    function.source = source
    return function
