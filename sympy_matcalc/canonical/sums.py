"""Sums over entries, typed or made by SymPy's own indexing, as matrix expressions: an index becomes a label, a product of entries a term.

``Sum(A[i,j]*x[i,0]*x[j,0], (i, 0, n-1), (j, 0, n-1))`` is ``x.T*A*x``. A function of something that depends on one or two indices
makes that something a vector or a matrix first. What does not fit stays a Sum, which has a rule of its own.
"""

from collections.abc import Callable
from functools import reduce
from itertools import product
from math import prod

from sympy import Add, Expr, KroneckerDelta, Lambda, Mul, Piecewise, Pow, S, Sum, Symbol, exp, floor, log, sqrt
from sympy.matrices.expressions import FunctionMatrix, HadamardPower, Transpose
from sympy.matrices.expressions.matexpr import MatrixElement, MatrixExpr

from ..compat import dummy, modulo
from ..errors import ShapeError
from ..kernel import make
from ..kernel.binding import is_bound_in
from ..kernel.chains import selector
from ..kernel.indices import fresh_index, plain_name
from ..kernel.interning import intern, raw
from ..kernel.scalars import scalar_product, scalar_sum
from ..kernel.session import session_state
from ..kernel.shapes import is_matrix, is_one, same_size, shape_of
from ..kernel.symmetry import transpose
from ..kernel.walks import nodes_of
from ..nodes import AsMatrix, MatrixSum, Norm, Vec
from ..nodes.arrays import array_class, is_array_symbol
from ..nodes.bound import BOUND
from ..notation import raise_terms
from ..notation.term import AdjointTerm, label_size, new_axis
from .diagonals import with_diagonals
from .entry_functions import factors_of_pieces, function_of, hides_a_branch
from .kronecker_sums import fused, with_kronecker_indices
from .nonnegative import is_away_from_zero, is_positive_of_squares
from .scalars import handles, has_matrix, prepare_scalar

ROW, COLUMN = (dummy(name, k, integer=True) for name, k in (("i", 7_000_003), ("j", 7_000_004)))
MOST_TERMS = 40  # of a product of sums that is multiplied out
UNIT = AdjointTerm(S.One, (), (), ())


SCALARS_OF_MATRICES: dict[type, Callable] = {}  # class: function(e, env, prepare) that gives its terms, filled by `samples`


class NotLiftable(Exception):
    """The sum has no matrix form."""


class TooManyAxes(NotLiftable):
    """A part of the sum depends on three indices or more, so that it is no matrix."""


@handles(Sum)
def lower_sum(e, prepare):
    """The scalar Sum `e` in matrix notation, or as it is with its body prepared."""
    try:
        return raise_terms(_lift_sum(e, Scope(), prepare), ())
    except NotLiftable:
        return _in_parts(e, prepare)


def _in_parts(e, prepare):
    """A sum of sums of which some have a matrix form; as it is where none has."""
    if isinstance(e.function, Add):
        parts = [prepare_scalar(e.func(a, *e.limits), prepare) for a in e.function.args]
        if not all(isinstance(p, Sum) for p in parts):
            return scalar_sum(*parts)
    return open_sum(e, prepare)


def open_sum(e, prepare):
    """The Sum or Product with a prepared body and indices of its own, so that no sum around it can capture them."""
    fresh = {lim[0]: fresh_index(plain_name(lim[0]), lim[1].is_nonnegative) for lim in e.limits}
    body = prepare_scalar(e.function.xreplace(fresh), prepare)
    return intern(e.func(body, *((fresh[s], low.xreplace(fresh), high.xreplace(fresh)) for s, low, high in e.limits)))


class Index:
    """A bound symbol: its range, how many values are in it and the axis that stands for it."""

    def __init__(self, low, high, count):
        self.low, self.high, self.count = low, high, count
        self.axis = new_axis(count)


def _lift_sum(e, env, prepare):
    e = with_kronecker_indices(e)
    inner = scope(e.limits, env)
    terms = lift(without_single(e.function, inner), inner, prepare)
    # an index that the body does not mention is counted
    new = [i.axis[0] for s, i in inner.items() if s not in env and i.axis]
    return [with_diagonals(count_missing(t, new), new) for t in terms]


def without_single(body, env):
    """The body with the value put in of each index that has only one."""
    single = {s: i.low for s, i in env.items() if not i.axis}
    return body.subs(single) if single else body


class Scope(dict):
    """{bound symbol: Index}; `multiplied_out` counts the products of sums that were, in one cell for all scopes of a sum."""

    def __init__(self, outer=()):
        super().__init__(outer)
        self.multiplied_out = getattr(outer, "multiplied_out", [0])


def scope(limits, env):
    """The scope inside of a sum."""
    inner = Scope(env)
    for symbol, low, high in reversed(limits):
        if any(s in inner for bound in (low, high) for s in bound.free_symbols) or has_matrix(low) or has_matrix(high):
            raise NotLiftable
        if low.is_infinite or high.is_infinite:
            raise NotLiftable
        count = high - low + 1
        if count.is_number and count < 1:
            raise NotLiftable
        inner[symbol] = Index(low, high, count)
    return inner


def count_missing(term, labels):
    """The term summed over labels that may be on none of its leaves."""
    present = {x for leaf in term.leaves for axis in leaf[1:] for x in axis}
    return term.times(scalar_product(*(label_size(i) for i in labels if i not in present)))


def lift(e, env, prepare):
    """Terms whose sum is `e`, with the labels of the indices that it depends on."""
    if not any(s in env for s in e.free_symbols):
        return [UNIT._replace(coefficient=prepare(e))]
    if isinstance(e, Sum):
        return _lift_sum(e, env, prepare)
    if is_matrix(e):
        return SCALARS_OF_MATRICES[MatrixExpr](e, env, prepare)
    if isinstance(e, Add):
        return [t for a in e.args for t in lift(a, env, prepare)]
    if isinstance(e, Piecewise):  # SymPy's Sum takes the factors beside it into its branches
        e = Mul(*factors_of_pieces(e, env))
    if isinstance(e, Mul):
        return product_of_sums([_single(a, env, prepare) for a in e.args], env)
    read = next((f for cls, f in SOURCES.items() if isinstance(e, cls)), None)
    read = read or (_array_entry if array_class(e) == "ArrayElement" else _reader_of(e))
    if read:
        return read(e, env, prepare)
    return _lift_power(e, env, prepare) if isinstance(e, Pow) else [_elementwise(e, env, prepare)]


def _lift_power(e, env, prepare):
    """Small powers multiplied out, a power with an index in its exponent too, any other as a function of the base."""
    if e.exp.is_Integer and 2 <= e.exp <= 4 and (isinstance(e.base, (Add, Mul)) or _is_source(e.base)):
        return product_of_sums([_single(e.base, env, prepare) for _ in range(int(e.exp))], env)  # fresh labels each time
    if all(any(s in env for s in a.free_symbols) for a in e.args):
        return [_entrywise_power(e, env, prepare)]
    return [_elementwise(e, env, prepare)]


def _entrywise_power(e, env, prepare):
    """A power whose base and exponent depend on the same indices."""
    leaves = [materialise(lift(a, env, prepare), env, prepare) for a in e.args]
    if any(leaf.coefficient is not S.One or len(leaf.leaves) != 1 for leaf in leaves):
        raise NotLiftable
    (base, *axes), (exponent, *others) = (leaf.leaves[0] for leaf in leaves)
    if axes != others and axes != others[::-1]:
        raise NotLiftable
    exponent = exponent if axes == others else transpose(exponent)
    return oriented(prepare(raw(HadamardPower, base, exponent)), axes)


def _leaf(node, *axes):
    return UNIT._replace(leaves=((node, *axes),))


def _times(factors):
    return UNIT._replace(coefficient=scalar_product(*(f.coefficient for f in factors)), leaves=sum((f.leaves for f in factors), ()))


def product_of_sums(factors, env, join=None):
    """The terms of a product of sums of terms, multiplied out; join: the product of two terms."""
    if prod(map(len, factors)) > MOST_TERMS:
        raise NotLiftable
    env.multiplied_out[0] += any(len(f) > 1 for f in factors)
    return [reduce(join, chosen) if join else _times(chosen) for chosen in product(*factors)]


def _single(e, env, prepare):
    """[the terms of `e` as one], all of them where one would have too many axes: the product they are in is multiplied out."""
    terms = lift(e, env, prepare)
    if len(terms) == 1:
        return terms
    try:
        return [materialise(terms, env, prepare)]
    except TooManyAxes:
        return terms


def materialise(terms, env, prepare):
    """The sum of terms as one leaf: a scalar, a column or a matrix over the indices that occur."""
    present = {x for t in terms for leaf in t.leaves for axis in leaf[1:] for x in axis}
    axes = [i.axis for i in env.values() if i.axis and i.axis[0] in present]
    if len(axes) > 2:
        raise TooManyAxes
    return leaf_of(terms, axes, prepare)


def leaf_of(terms, axes, prepare):
    """The sum of terms as one leaf with these axes, at most two."""
    node = raise_terms([t._replace(out=tuple(axes)) for t in terms], tuple(label_size(a[0]) for a in axes))
    if not axes:
        return UNIT._replace(coefficient=node)
    node = prepare(node)
    return oriented(node, axes if len(axes) == 2 else [axes[0], ()])


def _index_vector(index):
    return intern(FunctionMatrix(index.high - index.low + 1, 1, Lambda((ROW, COLUMN), ROW + index.low)))


def _entry(e, env, prepare):
    parent, row, col = e.args
    if any(s in env for s in parent.free_symbols):
        return SCALARS_OF_MATRICES[MatrixElement](e, env, prepare)
    stacked = next((k for k in row.free_symbols if k in env and _is_stacked(k, row, col, parent.shape[0])), None)
    if stacked is not None:
        parent, row, col = Vec(parent), stacked, S.Zero
    m = prepare(parent)
    if not is_matrix(m):
        return [UNIT._replace(coefficient=m)]
    return [_at(m, (row, col), env)]


def _is_stacked(k, row, col, rows):
    """Whether (row, col) is the place in a matrix of entry k of its columns stacked."""
    return isinstance(col, floor) and col == floor(k / rows) and row == modulo(k, rows)


def _array_entry(e, env, prepare):
    """An entry of an array symbol; of one or two axes the entry of a matrix."""
    array, index = e.args
    if not is_array_symbol(array) or not array.shape:
        raise NotLiftable
    if len(array.shape) < 3:
        return _entry(make.element(prepare(AsMatrix(array)), *(*index, S.Zero)[:2]), env, prepare)
    return [_at(prepare(array), index, env)]


def _at(array, index, env):
    """The leaf of a prepared matrix or array at these indices."""
    axes, leaves = zip(*(_axis(at, size, env) for at, size in zip(index, shape_of(array))))
    return UNIT._replace(leaves=((array, *axes), *sum(leaves, ())))


def _axis(at, size, env):
    """(axis of the matrix, extra leaves) for one index of an entry."""
    if is_one(size):
        return (), ()
    index = env.get(at)
    if index is not None and index.low is S.Zero and index.count == size:  # nearly always
        return index.axis, ()
    bound = [s for s in env if s in at.free_symbols]  # in the order of the sums
    if len(bound) > 1 and (whole := _fused_axis(at, bound, size, env)):
        return whole, ()
    axis = new_axis(size)
    if not bound:
        return axis, ((make.unit(size, at), axis, ()),)
    if len(bound) > 1 or not (at - bound[0]).is_number and (at - bound[0]).free_symbols & set(env):
        raise NotLiftable
    index, shift = env[bound[0]], at - bound[0]
    first, last = index.low + shift, index.high + shift
    if first == 0 and same_size(last, size - 1):
        return index.axis, ()
    if first.is_negative or (last - size).is_nonnegative:
        raise ShapeError(
            f"the index `{at}` of a sum runs from {first} to {last}, but the entries of an axis of size {size} "
            f"are counted from 0 to {size - 1}"
        )
    return axis, ((selector(size, (first, last + 1, S.One)), index.axis, axis),)


def _fused_axis(at, bound, size, env):
    """The axis of the labels of several indices that number all of it, each counted from 0; empty for anything else."""
    counted = {s: env[s].high + 1 for s in bound if env[s].low == 0}
    order = fused(at, counted) if len(counted) == len(bound) else None
    if order is None or not same_size(scalar_product(*counted.values()), size):
        return ()
    return sum((env[s].axis for s in order), ())


def _index(e, env, prepare):
    """An index as a number: the vector of its values."""
    return [_leaf(_index_vector(env[e]), env[e].axis, ())]


def _delta(e, env, prepare):
    i, j = e.args[:2]  # SymPy's Identity(n)[i, j] carries a range too
    if i in env and j in env and env[i].low == env[j].low and env[i].high == env[j].high:
        return [_leaf(make.identity(label_size(env[i].axis[0])), env[i].axis, env[j].axis)]
    for index, at in ((i, j), (j, i)):
        if index in env and not any(s in env for s in at.free_symbols):
            return [_only_at(env[index], at)]
    raise NotLiftable


def _only_at(index, at):
    """1 where an index has a value that surely is one of its own, else 0."""
    if not ((at - index.low).is_nonnegative and (index.high - at).is_nonnegative):
        raise NotLiftable
    return _leaf(make.unit(index.count, at - index.low), index.axis, ())


SOURCES = {Symbol: _index, MatrixElement: _entry, KroneckerDelta: _delta}


def _elementwise(e, env, prepare):
    """A function of one thing that depends on the indices: elementwise application."""
    if session_state.is_complex and hides_a_branch(e, env, _is_source):
        raise NotLiftable
    inner, body = function_of(e, env, _is_source)
    if inner is None:
        inner, body = _innermost(e, env)
    if any(s in env for s in body.free_symbols):
        raise NotLiftable
    inner, body = _of_square(inner, prepare_scalar(body, prepare))
    before = env.multiplied_out[0]
    terms = lift(inner, env, prepare)
    if env.multiplied_out[0] > before and not (is_safe_after_rounding(body) or is_away_from_zero(inner, body)):
        raise NotLiftable
    if _is_positive(body) or is_positive_of_squares(inner, body):  # however its argument is rounded
        env.multiplied_out[0] = before
    leaf = materialise(terms, env, prepare)
    if leaf.coefficient is not S.One or len(leaf.leaves) != 1:
        leaf = materialise([leaf], env, prepare)
    node, *axes = leaf.leaves[0]
    return oriented(prepare(make.apply(make.function(body), node)), axes)


def loses_a_branch(e):
    """Whether the matrix notation of a sum is that of real entries alone, see `hides_a_branch`."""
    sums = nodes_of(e, Sum, MatrixSum)
    bound = {limit[0] for s in sums for limit in s.args[1:]}
    return any(hides_a_branch(s.args[0], bound, _is_source) for s in sums)


def _is_positive(body):
    """Whether it is exp of something, or a positive number times that."""
    number, rest = body.as_coeff_Mul()
    return number.is_positive and isinstance(rest, exp)


def _of_square(inner, body):
    """A function of a norm as one of its square, where there is no root in that."""
    if isinstance(inner, Norm) and inner.p == 2:
        of_square = body.xreplace({BOUND: sqrt(BOUND)})
        if is_safe_after_rounding(of_square) or is_away_from_zero(inner**2, of_square):
            return Pow(inner, 2), of_square
    return inner, body


def is_safe_after_rounding(body):
    """Whether a function may be taken of a square that was multiplied out, which rounding can make less than 0: no root, no logarithm."""
    return not body.has(log) and all(p.exp.is_Integer for p in body.atoms(Pow) if p.base.has(BOUND))


def oriented(node, axes):
    """The leaf of a prepared matrix or scalar whose axes are these."""
    if not is_matrix(node):
        return UNIT._replace(coefficient=node)
    return _leaf(node.args[0], *reversed(axes)) if isinstance(node, Transpose) else _leaf(node, *axes)


def _reader_of(e):
    e = e.base if isinstance(e, Pow) and isinstance(e.base, Norm) else e
    return next((SCALARS_OF_MATRICES[c] for c in type(e).__mro__ if c in SCALARS_OF_MATRICES), None)


def _is_source(e):
    return _reader_of(e) is not None or isinstance(e, (Sum, *SOURCES)) or array_class(e) == "ArrayElement"


def _innermost(e, env):
    """(what the functions of one argument around it are functions of, the function in BOUND): 1 - a b in Max(0, 1 - a b)^2."""
    whole = e
    while True:
        dependent = [a for a in e.args if any(s in env for s in a.free_symbols)]
        if len(dependent) != 1 or not isinstance(dependent[0], Expr) or is_matrix(dependent[0]):
            return _of_products(whole, env)
        (e,) = dependent
        if isinstance(e, (Add, Mul)) or _is_source(e):
            if is_bound_in(e, whole):
                raise NotLiftable
            return e, whole.xreplace({e: BOUND})


def _of_products(e, env):
    """The same of what is a function of one product, whose factors stand among others: exp(a b/(1 + a^2 b^2)) beside its log."""
    inner, body = function_of(e, env, _is_source, in_products=True)
    if inner is None:
        raise NotLiftable
    return inner, body
