"""Rows of the table of linear operators that move entries about: a cotangent passes by relabelling its axes, and by leaves beside it.

A node that is linear in its first argument alone is declared here only: its differential follows.

``f(node, term, is_linear) -> [(part, term)]``: `term.hole` are the axes of the node; those of the returned terms belong to the parts.
"""

from sympy import Add, Mul, Piecewise, S, Sum, Trace
from sympy.matrices.expressions import BlockMatrix, DiagMatrix, HadamardProduct, KroneckerProduct, MatAdd, MatMul, MatrixSlice, Transpose
from sympy.matrices.expressions.diagonal import DiagonalMatrix, DiagonalOf
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.matrices.expressions.special import ZeroMatrix
from sympy.matrices.immutable import ImmutableDenseMatrix, ImmutableSparseMatrix

from ..errors import MissingRuleError
from ..kernel import make
from ..kernel.chains import selector
from ..kernel.indices import free_index
from ..kernel.interning import intern, raw
from ..kernel.occurrence import contains
from ..kernel.scalars import scalar_product
from ..kernel.shapes import is_column, is_matrix, parted, same_size, shape_of
from ..nodes import Einsum, MatrixSum, Unvec, Vec
from ..nodes.linearity import LINEAR, Linearity
from ..notation.term import new_axes, new_axis
from ..rules.registry import builtin

# ---------------------------------------------------------------- the parts that a node is linear in


def product(node):
    """Linear in each argument."""
    return (node.args,)


def each(node):
    """Linear in all arguments together."""
    return [(a,) for a in node.args]


def first(node):
    """Linear in the first argument."""
    return ((node.args[0],),)


def rest(node):
    """What is not the first argument."""
    return node.args[1:]


def of_same_kind(node, a):
    """The node with its first argument replaced."""
    return raw(type(node), a, *node.args[1:])


def moves(*classes, name, build=of_same_kind):
    """`linear` for nodes that move the entries of their first argument about: their differential follows, d L(A) = L(dA)."""
    for cls in classes:
        builtin(cls, name=name)(_rule_of(cls.__name__, build))
    return linear(*classes, terms=first, fixed=rest)


def _rule_of(name, build):
    def d_moved(node, d):
        da = d(node.args[0])
        return None if da is None else build(node, da)

    d_moved.__name__, d_moved.__doc__ = f"d_{name.lower()}", f"d {name}(A) = {name}(dA)."
    return d_moved


def linear(*classes, terms, fixed=None):
    """Add a row for each class: its nodes are linear in these terms, and a cotangent passes by the decorated function, one at a time."""

    def register(f):
        def through(node, cotangents, walk):
            return [x for term in cotangents for x in f(node, term, walk.is_linear)]

        for cls in classes:
            LINEAR[cls] = Linearity(terms, through, fixed)
        return f

    return register


def _one_linear(node, args, is_linear):
    """Position of the only argument that holds dX."""
    at = [i for i, a in enumerate(args) if is_linear(a)]
    if len(at) != 1:
        raise MissingRuleError(
            f"`{node}` is not linear in the differential: it occurs in {len(at)} factors of one product; it must be in one"
        )
    return at[0]


@linear(MatAdd, Add, terms=each)
def through_sum(node, term, is_linear):
    """Each summand gets the whole cotangent."""
    for a in node.args:
        if not is_linear(a):
            raise MissingRuleError(
                f"`{node}` is not linear in the differential: the summand `{a}` is constant; it must be in every summand"
            )
    return [(a, term) for a in node.args]


@linear(MatMul, Mul, terms=product)
def through_product(node, term, is_linear):
    """Y = A dB C: the other factors become leaves before and behind."""
    args = node.args
    at = _one_linear(node, args, is_linear)
    before, left = parted(args[:at])
    behind, right = parted(args[at + 1 :])
    term = term.times(scalar_product(*before, *behind)) if before or behind else term
    child = args[at]
    if not is_matrix(child):
        rest = left + right
        return [(child, term.with_leaves((make.mul(*rest), *term.hole), hole=()) if rest else term)]
    row, col = term.hole
    leaves = []
    if left:
        inner = new_axis(shape_of(child)[0])
        leaves.append((make.mul(*left), row, inner))
        row = inner
    if right:
        inner = new_axis(shape_of(child)[1])
        leaves.append((make.mul(*right), inner, col))
        col = inner
    return [(child, term.with_leaves(*leaves, hole=(row, col)))]


@moves(Transpose, name="transpose")
def through_transpose(node, term, is_linear):
    return [(node.args[0], term._replace(hole=term.hole[::-1]))]


@moves(Trace, name="linearity of the trace")
def through_trace(node, term, is_linear):
    """tr(dA): rows and columns of dA are one index."""
    size, _ = shape_of(node.arg)
    axis = new_axis(size)
    return [(node.arg, term._replace(hole=(axis, axis)))]


@linear(HadamardProduct, terms=product)
def through_hadamard(node, term, is_linear):
    """A o dB: the other factors on the same axes."""
    at = _one_linear(node, node.args, is_linear)
    rest = [a for i, a in enumerate(node.args) if i != at]
    return [(node.args[at], term.with_leaves(*((a, *term.hole) for a in rest)))]


@moves(MatrixElement, name="entry", build=lambda node, a: of_same_kind(node, a) if is_matrix(a) else a)
def through_element(node, term, is_linear):
    """dA[i, j]: unit vectors on both axes."""
    a, i, j = node.args
    axes, leaves = [], []
    for size, at in zip(shape_of(a), (i, j)):
        axis = new_axis(size)
        axes.append(axis)
        if axis:
            leaves.append((make.unit(size, at), axis, ()))
    return [(a, term.with_leaves(*leaves, hole=tuple(axes)))]


@moves(DiagMatrix, name="linearity of diag", build=lambda node, v: make.diag_matrix(v))
def through_diag_matrix(node, term, is_linear):
    """diag(dv): rows and columns become the one index of dv."""
    (v,) = node.args
    row, col = term.hole
    return [(v, term.with_leaves((make.identity_like(node), row, col), hole=(row, ()) if is_column(v) else ((), row)))]


@moves(DiagonalOf, name="linearity of the diagonal", build=lambda node, a: make.diagonal_of(a))
def through_diagonal_of(node, term, is_linear):
    """The diagonal of dA: its index is that of rows and of columns; of a wide or tall matrix, of its leading square."""
    (a,) = node.args
    rows, cols = shape_of(a)
    axis = term.hole[0]
    if same_size(rows, cols):
        return [(a, term._replace(hole=(axis, axis)))]
    if (rows - cols).is_extended_negative:
        return _leading(a, term, axis, rows, cols, wide=True)
    if (rows - cols).is_extended_positive:
        return _leading(a, term, axis, cols, rows, wide=False)
    raise MissingRuleError(
        f"`{node}`: the diagonal of a {rows} x {cols} matrix is as long as the smaller of two sizes that are not known; "
        "take a square slice of it first"
    )


def _leading(a, term, axis, short, long, wide):
    inner = new_axis(long)
    pick = selector(long, (S.Zero, short, S.One))
    hole = (axis, inner) if wide else (inner, axis)
    return [(a, term.with_leaves((pick, axis, inner), hole=hole))]


@moves(DiagonalMatrix, name="linearity of the diagonal part")
def through_diagonal_matrix(node, term, is_linear):
    """dA o I."""
    return [(node.args[0], term.with_leaves((make.identity_like(node), *term.hole)))]


@linear(KroneckerProduct, terms=product)
def through_kronecker(node, term, is_linear):
    """Each axis is the fused axis of the factors' axes."""
    at = _one_linear(node, node.args, is_linear)
    axes = [new_axes(shape_of(a)) for a in node.args]
    fused = [sum((x[i] for x in axes), ()) for i in (0, 1)]
    ties = [(make.identity(size), outer, inner) for size, outer, inner in zip(shape_of(node), term.hole, fused)]
    leaves = [(a, *axes[i]) for i, a in enumerate(node.args) if i != at]
    return [(node.args[at], term.with_leaves(*ties, *leaves, hole=axes[at]))]


@moves(Vec, name="linearity of vec")
def through_vec(node, term, is_linear):
    """vec(dA): the fused axis (column, row)."""
    row, col = new_axes(shape_of(node.arg))
    tie = (make.identity_like(node), term.hole[0], col + row)
    return [(node.arg, term.with_leaves(tie, hole=(row, col)))]


@moves(Unvec, name="linearity of vec")
def through_unvec(node, term, is_linear):
    """The axis of dv is the fused axis (column, row)."""
    (row, col), inner = term.hole, new_axis(shape_of(node.arg)[0])
    tie = (make.identity_like(node.arg), inner, col + row)
    return [(node.arg, term.with_leaves(tie, hole=(inner, ())))]


@moves(MatrixSlice, name="linearity of a slice")
def through_slice(node, term, is_linear):
    """dA[rows, cols]: selectors on the axes that are cut."""
    a, rows, cols = node.args
    hole, leaves = [], []
    for size, bounds, axis in zip(shape_of(a), (rows, cols), term.hole):
        if bounds[0] == 0 and same_size(bounds[1], size) and bounds[2] == 1:
            hole.append(axis)
            continue
        inner = new_axis(size)
        pick = selector(size, tuple(bounds))
        leaves.append((pick, axis, inner))
        hole.append(inner)
    return [(a, term.with_leaves(*leaves, hole=tuple(hole)))]


def _blocks(node):
    return [(a,) for a in node.blocks if not isinstance(a, ZeroMatrix)]


@linear(BlockMatrix, terms=_blocks)
def through_blocks(node, term, is_linear):
    """Each block sees its own rows and columns of the cotangent."""
    blocks, parts = node.blocks, []
    row_bounds, col_bounds = _bounds(node.rowblocksizes), _bounds(node.colblocksizes)
    for i in range(blocks.shape[0]):
        for j in range(blocks.shape[1]):
            if is_linear(blocks[i, j]):
                leaves, hole = [], []
                for size, bounds, at, outer in zip(shape_of(node), (row_bounds, col_bounds), (i, j), term.hole):
                    inner = outer if len(bounds) == 1 else new_axis(shape_of(blocks[i, j])[len(hole)])
                    if len(bounds) > 1:
                        leaves.append((selector(size, bounds[at]), inner, outer))
                    hole.append(inner)
                parts.append((blocks[i, j], term.with_leaves(*leaves, hole=tuple(hole))))
    return parts


def _bounds(sizes):
    start, out = S.Zero, []
    for size in sizes:
        out.append((start, start + size, S.One))
        start = start + size
    return out


@linear(MatrixSum, Sum, terms=first, fixed=rest)
def through_sum_over_index(node, term, is_linear):
    """sum_r: the index joins the limits of the term, innermost first as in SymPy's Sum."""
    term = _clear_of({lim[0] for lim in node.limits}, term)
    return [(node.args[0], term._replace(limits=tuple(tuple(lim) for lim in node.limits) + term.limits))]


def _clear_of(bound, term):
    """The term with other indices where it has those that a sum inside of it is over."""
    parts = [term.coefficient, *(leaf[0] for leaf in term.leaves)]
    around = {lim[0] for lim in term.limits}
    clashing = {s for s in bound if s in around or any(contains(e, s) and s in e.free_symbols for e in parts)}
    if not clashing:
        return term
    if clashing - around:
        names = ", ".join(f"`{s}`" for s in sorted(clashing - around, key=str))
        raise MissingRuleError(f"{names} is the index of a sum and stands for something else beside it: give the index another name")
    new = {s: free_index(s, bound | around) for s in clashing}
    leaves = tuple((intern(node.xreplace(new)), *axes) for node, *axes in term.leaves)
    limits = tuple(tuple(x.xreplace(new) for x in lim) for lim in term.limits)
    return term._replace(coefficient=term.coefficient.xreplace(new), leaves=leaves, limits=limits)


def _entries(node):
    return [(a,) for a in node if a != 0]


@linear(ImmutableDenseMatrix, ImmutableSparseMatrix, terms=_entries)
def through_entries(node, term, is_linear):
    """An explicit matrix of linear entries: unit vectors on both axes for each."""
    parts, (rows, cols) = [], shape_of(node)
    for i in range(node.shape[0]):
        for j in range(node.shape[1]):
            if is_linear(node[i, j]):
                units = [(make.unit(n, S(k)), axis, ()) for n, k, axis in zip((rows, cols), (i, j), term.hole) if axis]
                parts.append((node[i, j], term.with_leaves(*units, hole=())))
    return parts


def _branches(node):
    return [(branch.expr,) for branch in node.args if branch.expr != 0]


def _conditions(node):
    return [branch.cond for branch in node.args]


@linear(Piecewise, terms=_branches, fixed=_conditions)
def through_piecewise(node, term, is_linear):
    """Each branch gets the cotangent where its condition is the first to hold."""
    parts = []
    for at, branch in enumerate(node.args):
        if is_linear(branch.expr):
            chosen = Piecewise(*((S.One if k == at else S.Zero, b.cond) for k, b in enumerate(node.args)), (S.Zero, True))
            parts.append((branch.expr, term.times(chosen)))
    return parts


def _products(node):
    return [[t.coefficient, *(operand for operand, _ in t.factors)] for t in node.terms]


def _limits(node):
    return [t.limits for t in node.terms]


@linear(Einsum, terms=_products, fixed=_limits)
def through_einsum(node, term, is_linear):
    """Index notation: the other operands are leaves, the axes are tied to those of the hole."""
    return [_through_product_of_indices(node, t, term, is_linear) for t in node.terms]


def _through_product_of_indices(node, t, term, is_linear):
    label = {i: new_axis(size) for i, size in enumerate(t.dims)}
    rename = lambda axis: tuple(x for i in axis for x in label[i])  # noqa: E731
    factors = [(op, *map(rename, axes)) for op, axes in [(t.coefficient, ()), *t.factors]]
    at = _one_linear(node, [f[0] for f in factors], is_linear)
    ties = [(make.identity(size), outer, rename(inner)) for size, outer, inner in zip(node.axes_shape, term.hole, t.out)]
    others = [f for i, f in enumerate(factors) if i not in (0, at)]
    child = term.with_leaves(*ties, *others, hole=tuple(factors[at][1:]))
    child = child if at == 0 else child.times(t.coefficient)
    return factors[at][0], child._replace(limits=tuple(tuple(x) for x in t.limits) + term.limits)
