"""`lambdify`: numeric functions of SymPy expressions, with matrix arguments of symbolic size."""

from dataclasses import dataclass
from functools import partial
from types import ModuleType
from typing import Any

from ..errors import MatcalcError
from ..facts import read_facts
from ..indices import in_matrices
from ..kernel.as_written import as_written
from ..kernel.collector import at_rest
from ..kernel.of_complex import is_of_complex
from . import lower_all as lower_all
from .backends import registry as backends
from .backends.sparse_backend import SparseNumpyBackend
from .batch import Batch, chosen
from .bounded.bytes import bytes_of
from .compiled import Compiled, compiled
from .context import Context
from .demands import is_of_real_numbers, real_arguments
from .kept.kept import kept
from .kept.key import key_of
from .literals import identifiers
from .lower import Lowerer, NeedsLoop, shape_of
from .pipeline import plans_of
from .schedule import reachable
from .signature import check_symbols, is_matrix_by_form, items_of, parameters_of
from .source import RESERVED, Asked, source_of
from .structured import Result, results_of


def lambdify(
    args: Any,
    exprs: Any,
    modules: Any = "numpy",
    assumptions: Any = None,
    structured: Any = False,
    complex: bool | None = None,
    batch: Any = None,
    sparse: Any = None,
    memory: Any = None,
    cache: Any = None,
) -> Compiled:
    """A function of arrays that computes `exprs`; its source is in its attribute ``source``. It can be pickled and copied.

    args: a MatrixSymbol, a Symbol or an IndexedBase, or a sequence of them, in the order of the call. exprs: an expression, or a list,
    tuple or dict of expressions that share their work; the result has the same form. Symbolic sizes are read off the arrays. Vectors come
    as ``(n,)`` or ``(n, 1)``, and column results are ``(n,)`` if all vectors came so; scalars and 1x1 results are scalars, but for
    expressions of 1x1 matrices and multiples of the identity, such as gradients by one: ``(1, 1)`` if such matrices came so.

    modules: ``"numpy"``, ``"jax"``, ``"torch"``, ``"dask"``, or the module of a library that follows the array API standard. The
    precision is that of the arrays; lists, integers and arrays of NumPy are converted. JAX: the function can be traced (`jax.jit`,
    `jax.vmap`, `jax.grad`), with data sharded over devices; integers are static arguments. PyTorch: on the device of the arguments, also
    under `torch.compile`. Dask: results are lazy arrays. What NumPy raises an error for by value (a matrix that is not symmetric, an
    eigenvalue that is not simple) is NaN in the other libraries.

    structured: True for results as operators of `sympy_matcalc.operators` where they have two axes or more, NumPy only: what is small is
    computed, a Kronecker factor or a diagonal, and the array of the result never. The operator maps the axes of the variable to those of
    the function, each flattened row by row; these are half of the axes each, of three axes as the deltas have it, else one to two. A
    number instead of True is the number of axes of the function; a sequence or dict says it for each result, False for an array (that of
    a gradient by a matrix, say). The operators may hold arguments themselves, not copies. "sparse" is for sparse arrays of SciPy in the
    place of operators, with what their form leaves out not stored; a result that has no zeros by its form is an error then.

    assumptions: facts about arguments, ``Q.symmetric(A)`` or ``Q.positive_definite(S)``: a product with A is one with A' too, which is not
    checked; the Cholesky factor of S is used, and an array that has none is an error. A derivative is simpler where it gets them too.

    complex: True for norms of arrays that may be complex, False for norms of real ones, where a complex array is refused. By default
    they are complex in what `complex_derivative` returned, and beside adjoints, conjugates, real and imaginary parts and I. A formula
    of products, inverses, determinants and conjugates takes complex arrays in any case.

    batch: an argument, or several, that come with one axis more, the first, for a batch of examples; every result has it too, also one
    that is the same for all. NumPy computes with stacks (its `matmul`, `solve`, `slogdet`, `cholesky`), or, where a node has no code for
    stacks, example by example; JAX and PyTorch map the function of one example, by `jax.vmap` and `torch.func.vmap`.

    sparse: a matrix argument, or several, that come as sparse arrays of SciPy (CSR or CSC, arrays or matrices); NumPy only. Products with
    dense arrays are dense; sums, scaled rows and columns and products of sparse ones are sparse, also as results. What would make one dense
    is an error of `lambdify`. Solutions and determinants with a sparse matrix are by SuperLU. What is not finite and meets zeros that are
    not stored gives NaN in a dense result; for a sparse one the function raises FloatingPointError.

    memory: a bound of what the function holds beside its arguments and results, in bytes or as text, ``"256 MB"``; NumPy only, and without
    sparse arrays. What is long along an axis is computed by tiles of it, which sums over it add up. The function raises
    MemoryError, with the least that it needs, where the bound is too low for the sizes.

    cache: a directory in which the source is kept for other processes, made where there is none; it has to be yours alone, since what is
    read from it is run. A file is known by expressions, options, facts, and the versions of the package, SymPy and the library; one that is
    not intact is made anew. Nothing is kept where a class or a rule of your own has a part in the result. `objective` and `residuals` keep
    their derivatives too, by what these are of.

    Raises MatcalcError for a symbol or size that no argument gives, for a node without numeric code, for an operation that the library has
    not, and where the library, or SciPy, is needed and not installed. The function raises ShapeError for an array whose shape does not
    fit, or that is empty where there is no value then, IndexRangeError for an entry that is not there, DtypeError for a complex array in a
    formula that is of real numbers only. Linear algebra of arrays in half precision is in single precision; arrays in more than double
    precision are refused there.

    >>> import numpy as np
    >>> from sympy import MatrixSymbol, symbols
    >>> from sympy_matcalc import lambdify
    >>> n = symbols("n", integer=True, positive=True)
    >>> A, x = MatrixSymbol("A", n, n), MatrixSymbol("x", n, 1)
    >>> f = lambdify([A, x], A*x)
    >>> f(np.array([[1., 2.], [3., 4.]]), np.array([1., 1.]))
    array([3., 7.])
    >>> f = lambdify([A, x], A.I*x, batch=[x])
    >>> f(np.array([[2., 0.], [0., 4.]]), np.array([[1., 1.], [2., 2.], [4., 4.]]))
    array([[0.5 , 0.25],
           [1.  , 0.5 ],
           [2.  , 1.  ]])

    >>> V = MatrixSymbol("V", n, 3)
    >>> from sympy_matcalc import hessian
    >>> from sympy import Trace
    >>> U = MatrixSymbol("U", n, 3)
    >>> H = lambdify([U, V], hessian(Trace(U*V.T*V*U.T), U), structured=True)(np.ones((2, 3)), np.eye(2, 3))
    >>> type(H).__name__, H.shape, H.B.tolist()
    ('KroneckerOperator', (6, 6), [[2.0, 0.0, 0.0], [0.0, 2.0, 0.0], [0.0, 0.0, 0.0]])
    """
    exprs = as_written(exprs)  # code adds up in the order in which sums are written
    asked = (args, exprs, modules, assumptions, structured, complex, batch, sparse, memory)
    if cache is None:
        return compiled(*_made(*asked))
    library = modules.__name__ if isinstance(modules, ModuleType) else str(modules)
    return kept(cache, key_of("lambdify", *asked, library=library), lambda: _made(*asked))


@at_rest()
def _made(args, exprs, modules, assumptions, structured, complex, batch, sparse, memory):
    """(source, functions of a user that it calls, by name)."""
    if structured and modules != "numpy":
        raise MatcalcError(f'`structured` results are made of NumPy arrays: it needs modules="numpy", got {modules!r}')
    make_backend = backends.find(modules)
    keys, items = items_of(exprs)
    is_complex = any(map(is_of_complex, items)) if complex is None else bool(complex)
    items = [in_matrices(e) for e in items]
    parameters = parameters_of(args, items)
    sizes = {s for p in parameters for x in p.shape for s in x.free_symbols}
    examples = chosen(batch, parameters, sizes, items)
    thin = chosen(sparse, parameters, sizes, items, "sparse")
    if thin:
        make_backend = sparse_backend(modules, thin, examples or structured)
    if examples and structured:
        raise MatcalcError(f"`batch={batch!r}` and `structured` exclude each other: an operator is of one example; leave one of them out")
    bound = None if memory is None else _bound(memory, modules, make_backend, structured, thin)
    given = _Given(make_backend, parameters, sizes, items, keys, exprs, structured, is_complex, assumptions, bound)
    if not examples:
        return _generated(given)
    if getattr(make_backend, "computes_stacks", False):
        try:
            return _generated(given, Batch(examples))
        except NeedsLoop:
            pass
    if bound:
        raise MatcalcError(
            f"`memory={memory!r}`: this expression has no code for stacks and is computed example by example, whose results are kept; "
            "leave `memory` or `batch` out"
        )
    return _generated(given, mapped=examples)


def _bound(memory, modules, make_backend, structured, thin):
    """The bound in bytes, of a back end that can keep one."""
    if structured == "sparse" or thin:
        option, what = ("structured", "results") if structured == "sparse" else ("sparse", "arguments")
        raise MatcalcError(
            f"`memory={memory!r}` and `{option}` exclude each other: what SciPy needs beside sparse {what} is not known; leave `memory` out"
        )
    if not getattr(make_backend, "computes_tiles", False):
        raise MatcalcError(f'`memory={memory!r}` needs modules="numpy", got modules={modules!r}')
    return bytes_of(memory)


@dataclass(frozen=True)
class _Given:
    """What `lambdify` was given, read."""

    make_backend: Any
    parameters: list
    sizes: set
    items: list
    keys: Any
    exprs: Any
    structured: Any
    is_complex: bool
    assumptions: Any
    memory: int | None


def _generated(given, stack=None, mapped=()):
    """(source, functions of a user that it calls, by name). stack: the `Batch` that is computed at once; mapped: the parameters that are
    batches of a function of one example.
    """
    parameters, sizes = given.parameters, given.sizes
    symbols = sizes | {s for e in given.items for size in shape_of(e) for s in size.free_symbols}
    ctx = Lowerer(symbols, given.is_complex, "spectrum" not in getattr(given.make_backend, "refuses", ("spectrum",)))
    ctx.is_bounded = given.memory is not None
    if stack:
        parameters, sizes = [stack.parameter(p) for p in parameters], sizes | {stack.size}
        ctx.bindings, ctx.stacks = stack.bindings(ctx.graph), frozenset(stack.stacks)
    ctx.count_uses(given.items)
    results = results_of(ctx, given.items, given.keys, given.structured, partial(_result, stack=stack))
    roots = [node for r in results for node in r.nodes]
    check_symbols(roots, parameters, sizes)
    real = real_arguments(reachable(roots), is_of_real_numbers, ctx.graph.real)
    backend = given.make_backend(_named(parameters, sizes))
    backend.is_bounded = given.memory is not None
    plans = plans_of(ctx.graph, roots, _context(ctx, backend, parameters, sizes, given))
    integers = {p.symbol for p in parameters if not p.shape and (p.symbol.is_integer or p.symbol in ctx.size_symbols)}
    asked = Asked(backend, parameters, backend.names, integers, results, given.keys, given.exprs, real, mapped)
    return source_of(asked, plans), {name: f for name, f in backend.given.items() if callable(f)}


def sparse_backend(modules, parameters, other):
    """What makes the back end for sparse arguments. other: whether batches, or operators, are asked for too."""
    if modules != "numpy" or other:
        raise MatcalcError(
            f'`sparse` needs modules="numpy", and neither `batch` nor `structured`: got modules={modules!r}'
            + " with one of them" * bool(other)
        )
    for p in parameters:
        p.is_sparse = True
        if len(p.axes) != 2:
            raise MatcalcError(f"`sparse` is for matrices, got `{p.symbol}` of shape {p.shape}")
    return partial(SparseNumpyBackend, sparse={p.symbol for p in parameters})


def _named(parameters, sizes):
    """The names of the arguments and sizes in the source, by symbol; the parameters get theirs."""
    symbols = [p.symbol for p in parameters]
    names = identifiers([*symbols, *sorted(sizes - set(symbols), key=lambda s: s.name)], RESERVED)
    for p in parameters:
        p.name = names[p.symbol]
    return names


def _context(ctx, backend, parameters, sizes, given):
    """What passes know beside the graph."""
    facts = read_facts(given.assumptions)
    stated = {
        name: frozenset(p.symbol for p in parameters if p.example is None and facts.holds(name, p.symbol))
        for name in ("symmetric", "positive_definite")
    }
    return Context(ctx.size, backend, frozenset(sizes), parameters, stated["symmetric"], stated["positive_definite"], given.memory)


def _result(ctx, e, stack=None):
    """A dense result, with one axis for each that is not literally 1, behind that of a batch."""
    if stack:
        node, shape = stack.result(ctx, e)
        return Result(shape, node, is_stack=True)
    shape = shape_of(e)
    return Result(shape, ctx.dense(ctx.low(e), shape).node, is_matrix=is_matrix_by_form(e))
