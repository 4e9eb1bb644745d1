"""Random numbers for the symbols of expressions, each within the domain that the expression needs."""

import numpy as np
from sympy import MatrixSymbol, Symbol
from sympy.matrices.expressions import MatrixSlice
from sympy.matrices.expressions.matexpr import MatrixElement

from ..kernel.walks import every_node, free_symbols
from ..nodes.arrays import array_class, is_array_symbol
from ..nodes.declaration import OwnNode
from ..strict import sympified
from .evaluator import Evaluation

SIZES = (3, 4, 2, 5, 6, 7, 8, 9, 10, 11)
DOMAINS = {}
OF_ENTRIES = (("all entries are between 0 and 1", "unit"), ("all entries are above 1", "above_one"))  # log(1 - p), sqrt(x - 1)
SYMMETRIC = {"spd", "symmetric", "simple_spectrum"}  # domains of nodes


def domain_of(function):
    """Register `function(rng, shape)`, an array of that shape, as the domain of its name."""
    DOMAINS[function.__name__.rstrip("_")] = function
    return function


@domain_of
def any_(rng, shape):
    return rng.normal(size=shape) * 0.7


@domain_of
def positive(rng, shape):
    return rng.uniform(0.4, 1.6, size=shape)


@domain_of
def unit(rng, shape):
    return rng.uniform(0.2, 0.8, size=shape)


@domain_of
def above_one(rng, shape):
    return rng.uniform(1.2, 2.5, size=shape)


@domain_of
def nonzero(rng, shape):
    return positive(rng, shape) * rng.choice([-1.0, 1.0], size=shape)


@domain_of
def posint(rng, shape):
    return rng.integers(1, 4, size=shape).astype(float)


@domain_of
def spd(rng, shape):
    A = rng.normal(size=_square(shape))
    return A @ A.T / shape[0] + 0.5 * np.eye(shape[0])


@domain_of
def symmetric(rng, shape):
    return _symmetrized(rng.normal(size=_square(shape)) * 0.7)


@domain_of
def orthogonal(rng, shape):
    return np.linalg.qr(rng.normal(size=_square(shape)))[0]


@domain_of
def diagonal(rng, shape):
    return np.diag(nonzero(rng, _square(shape)[0]))


@domain_of
def invertible(rng, shape):
    """U diag(s) V' with s between 0.5 and 2."""
    return orthogonal(rng, shape) @ np.diag(rng.uniform(0.5, 2, size=shape[0])) @ orthogonal(rng, shape)


@domain_of
def posdet(rng, shape):
    return _with_sign(invertible(rng, shape), 1)


@domain_of
def negdet(rng, shape):
    return _with_sign(invertible(rng, shape), -1)


@domain_of
def simple_spectrum(rng, shape):
    """Symmetric, neighbouring eigenvalues at least 0.3 apart."""
    Q, steps = orthogonal(rng, shape), rng.uniform(0.3, 0.7, size=shape[0])
    return _symmetrized((Q * (np.cumsum(steps) - steps.sum() / 2)) @ Q.T)


@domain_of
def fullrank(rng, shape):
    """U diag(s) V' of any two sizes, the singular values s spread over 0.5 to 2."""
    k = min(shape)
    s = 0.5 + 1.5 * (np.arange(k) + rng.uniform(0.3, 0.7, size=k)) / k
    return orthogonal(rng, (shape[0],) * 2)[:, :k] @ np.diag(s) @ orthogonal(rng, (shape[1],) * 2)[:k]


@domain_of
def small(rng, shape):
    return rng.normal(size=shape) * 0.3


@domain_of
def logdomain(rng, shape):
    """A positive definite plus a skew matrix: the eigenvalues have a real part of at least 0.5."""
    A = rng.normal(size=_square(shape)) * 0.5
    return spd(rng, shape) + A - A.T


@domain_of
def real_spectrum(rng, shape):
    """Real eigenvalues at least 0.3 apart, with vectors that are not orthogonal."""
    S, T = simple_spectrum(rng, shape), np.eye(shape[0]) + 0.3 * rng.normal(size=_square(shape)) / shape[0] ** 0.5
    return T @ S @ np.linalg.inv(T)


@domain_of
def prob(rng, shape):
    weights = positive(rng, shape)
    return weights / weights.sum()


@domain_of
def distinct_abs(rng, shape):
    """Entries of either sign whose absolute values are at least 0.15 apart, and away from 0."""
    return (0.3 + 0.15 * rng.permutation(int(np.prod(shape))).reshape(shape)) * rng.choice([-1.0, 1.0], size=shape)


def _square(shape):
    if len(shape) != 2 or shape[0] != shape[1]:
        raise ValueError(f"this domain is one of square matrices, got the shape {shape}")
    return shape


def _symmetrized(A):
    return (A + A.T) / 2


def _with_sign(A, sign):
    A[0] *= sign * np.sign(np.linalg.det(A))
    return A


def random_env(exprs, seed=0, sizes=None, domain=None):
    """A value for every symbol of `exprs` (one expression or several): a dict from symbol to a number or a 2-d array.

    sizes: values of size symbols; the others get distinct values. domain: from a symbol, or its name, to one of "any", "positive",
    "unit" (0.2 to 0.8), "above_one" (1.2 to 2.5), "nonzero", "small" (about 0.3),
    "distinct_abs" (no two entries of one absolute value), "prob" (positive, of
    sum 1), "posint", "index:n" (an int from 0 to n - 1), "fullrank" (distinct singular values, 0.5 to 2); of square matrices "spd",
    "symmetric", "simple_spectrum" (symmetric, distinct eigenvalues), "orthogonal", "diagonal", "invertible", "posdet", "negdet",
    "logdomain" (not symmetric, eigenvalues with positive real part). Without one: an index where the symbol is used as such, otherwise
    what its assumptions ask for. Raises ValueError for an unknown domain.
    """
    exprs = exprs if isinstance(exprs, (list, tuple)) else [exprs]
    rng, domain = np.random.default_rng(seed), dict(domain or {})
    nodes = {a for e in exprs for a in _all_nodes(e)}
    matrices, symbols = _symbols(exprs, nodes)
    index_domain = index_domains(nodes)
    domain = {**{s: d for s, d in index_domain.items() if s.name not in domain}, **domain}
    is_size = _size_symbols(nodes, index_domain)
    env = _sizes([s for s in symbols if s in is_size and not _given(domain, s)], dict(sizes or {}))
    for s in sorted(symbols, key=lambda s: "index" in str(_given(domain, s))):
        if s not in env:
            env[s] = _draw(rng, (), _given(domain, s) or _assumed(s), env)
    for M in matrices:
        env[M] = _draw(rng, tuple(Evaluation(env).integer(s) for s in M.shape), _given(domain, M) or "any", env)
    return env


def milder_domains(exprs):
    """(what it is in words, domain) to draw from where data of either sign have no value, as in ``log(det(X*A*X'))``.

    None is of symmetric matrices, whose transposes nobody can tell from them; nodes that are of such matrices have no milder data.
    """
    nodes = {a for e in exprs for a in _all_nodes(e)}
    if any(isinstance(a, OwnNode) and a.domain in SYMMETRIC for a in nodes):
        return
    (matrices, symbols), indices = _symbols(exprs, nodes), index_domains(nodes)
    numbers = {s: "positive" for s in symbols if not s.is_integer and s not in indices}
    square = [M for M in matrices if len(M.shape) == 2 and M.shape[0] == M.shape[1] != 1]
    everything = numbers | dict.fromkeys(matrices, "positive")
    if square:
        of = f"part of {square[0]} is" if len(square) == 1 else "parts of square matrices are"
        yield f"the symmetric {of} positive definite, all else positive", everything | dict.fromkeys(square, "logdomain")
    yield "all entries are positive", everything
    for words, name in OF_ENTRIES:
        yield words, dict.fromkeys(everything, name)


def of_either_sign(exprs, domain):
    """The scalar symbols for which `random_env` draws numbers of either sign: real, no sizes, without a domain or an assumption."""
    nodes = {a for e in exprs for a in _all_nodes(e)}
    symbols, indices = _symbols(exprs, nodes)[1], index_domains(nodes)
    sizes = _size_symbols(nodes, indices)
    return [s for s in symbols if s not in sizes and s not in indices and (_given(domain, s) or _assumed(s)) == "any"]


def _symbols(exprs, nodes):
    """(matrix symbols, scalar symbols), those of sizes among them, in one order."""
    matrices = sorted((a for a in nodes if isinstance(a, MatrixSymbol) or is_array_symbol(a)), key=str)
    free = set().union(*map(free_symbols, exprs)) | {s for M in matrices for d in M.shape for s in d.free_symbols}
    return matrices, sorted((s for s in free if isinstance(s, Symbol)), key=str)


def _all_nodes(expr):
    return every_node(sympified(expr))


def _given(domain, symbol):
    return domain.get(symbol, domain.get(str(symbol)))


def _assumed(symbol):
    """The domain that a symbol's assumptions ask for."""
    if symbol.is_integer:
        return "posint"
    return "positive" if symbol.is_nonnegative else "nonzero" if symbol.is_zero is False else "any"


def index_domains(nodes):
    """ "index:size" for each symbol that stands alone as the index of an entry."""
    out = {}
    for e in nodes:
        if array_class(e) == "ArrayElement" and hasattr(e.name, "shape"):
            out.update({at: ("index", size) for at, size in zip(e.indices, e.name.shape, strict=True) if isinstance(at, Symbol)})
        if isinstance(e, MatrixElement):
            for index, size in zip((e.i, e.j), e.parent.shape, strict=True):
                if isinstance(index, Symbol):
                    out[index] = ("index", size)
        if isinstance(e, MatrixSlice):  # of a single row or column
            pairs = zip((e.rowslice, e.colslice), e.parent.shape, strict=True)
            out.update({start: ("index", size) for (start, stop, _), size in pairs if isinstance(start, Symbol) and stop == start + 1})
        for index, size in e.indices if isinstance(e, OwnNode) else ():
            if isinstance(index, Symbol):
                out[index] = ("index", size)
    return out


def _size_symbols(nodes, index_domain):
    """Symbols that occur in the shape of a matrix, or in the limits of a sum."""
    shapes = [s for e in nodes if hasattr(e, "shape") for s in _shape(e)]
    limits = [b for e in nodes if hasattr(e, "limits") for lim in e.limits for b in lim[1:]]
    return {s for e in shapes + limits for s in getattr(e, "free_symbols", ())} - set(index_domain)


def _shape(node):
    """The shape, none where SymPy cannot tell it."""
    try:
        return [s for s in node.shape if s is not None]
    except (NotImplementedError, AttributeError, TypeError):
        return []


def _sizes(symbols, given):
    """Distinct values for the size symbols, those that are given first."""
    env = {s: int(given.get(s, given.get(s.name))) for s in symbols if s in given or s.name in given}
    unused = [k for k in SIZES if k not in env.values()]
    return env | dict(zip([s for s in symbols if s not in env], unused, strict=False))


def _draw(rng, shape, domain, env):
    size = domain[1] if isinstance(domain, tuple) else domain.removeprefix("index:") if domain.startswith("index:") else None
    if size is not None:
        by_name = {s.name: k for s, k in env.items() if isinstance(s, Symbol)}
        size = int(by_name.get(size, size)) if isinstance(size, str) else Evaluation(env).integer(size)
        return int(rng.integers(0, size))
    if domain not in DOMAINS:
        raise ValueError(f"no domain `{domain}`; there are {', '.join(DOMAINS)} and index:n")
    value = DOMAINS[domain](rng, shape)
    return float(value) if shape == () else value
