"""Which results are operators, how their axes are divided, and what `lambdify` writes for each result."""

from importlib import import_module

from sympy import MatAdd, MatMul, S

from ...errors import MatcalcError
from ...nodes import CommutationMatrix
from ..lower import shape_of
from .layout import Layout
from .matrices import matrix
from .pairs import pairs
from .tensors import dense, is_dense, network, number, total, zero
from .terms import terms_of

OPERATORS = "sympy_matcalc.operators"


class Result:
    """What one result is made of: `nodes` to compute and, for an operator, the `layout` of its text around them.

    is_matrix: it is a matrix by its form even where it is 1 x 1. is_stack: the first axis is that of a batch.
    is_sparse: the operator is returned as a sparse array.
    """

    def __init__(self, shape, node=None, layout=None, is_matrix=False, is_stack=False, is_sparse=False):
        self.shape, self.layout, self.is_matrix, self.is_stack, self.is_sparse = shape, layout, is_matrix, is_stack, is_sparse
        self.nodes = [node] if layout is None else layout.nodes()

    def text(self, planned, texts):
        """The text of an operator, given the planned nodes."""
        text = self.layout.text({n.number: texts[p.number][0] for n, p in zip(self.nodes, planned, strict=True)})
        return f"{text}.to_sparse()" if self.is_sparse else text


def imports(results):
    """The line that imports the operators of the results, in a list; none for no operators."""
    names = set().union(*(r.layout.operators() for r in results if r.layout is not None))
    return [f"from {OPERATORS} import {', '.join(sorted(names))}"] if names else []


def results_of(ctx, exprs, keys, given, plain):
    """A `Result` for each expression. given: the argument `structured` of `lambdify`; plain: makes a dense one."""
    choices = _choices(given, keys, len(exprs))
    if any(c is not False for c in choices):
        import_module(OPERATORS)  # says what to do where SciPy is not installed
    out = []
    for e, choice in zip(exprs, choices):
        live = sum(s != 1 for s in shape_of(e))
        if choice is False or live < 2:
            out.append(plain(ctx, e))
        elif choice == "sparse":
            out.append(Result(shape_of(e), layout=_thin(operator(ctx, e), shape_of(e)), is_sparse=True))
        else:
            out.append(Result(shape_of(e), layout=operator(ctx, e, choice)))
    return out


DENSE = {"DenseOperator", "GramOperator", "DiagonalPlusLowRankOperator"}


def _thin(layout, shape):
    """The layout; MatcalcError where a part of it has no zeros by its form."""
    parts = [layout, *(a for a in layout.args if isinstance(a, Layout))] if layout.name == "SumOperator" else [layout]
    for part in parts:
        whole = part.name == "KroneckerOperator" and not any(isinstance(a, Layout) and a.name == "Eye" for a in part.args)
        whole = whole or part.name == "TensorOperator" and _has_no_delta(part)
        if whole or part.name in DENSE:
            raise MatcalcError(
                f'`structured="sparse"`: the result of shape {tuple(shape)} has no zeros by its form (it is a `{part.name}`): '
                "use `structured=True`, or leave `structured` out"
            )
    return layout


def _has_no_delta(layout):
    """Whether a network joins no row with a column, and is not zero."""
    value = layout.args[1][0]
    if value.op == "full" and value.args[0].value == 0:
        return False
    out, _, into = layout.args[0].partition("->")[2].partition(",")
    return len({*out, *into}) == len(out + into)


def _choices(given, keys, count):
    """False, True, "sparse", or a number of axes, for each result."""
    if isinstance(given, dict):
        unknown = [k for k in given if keys is None or k not in keys]
        if unknown:
            raise MatcalcError(f"`structured` has the key {unknown[0]!r}, which is none of the results; give keys of the results")
        found = [given.get(k, False) for k in keys]
    elif isinstance(given, (list, tuple)):
        found = list(given)
        if len(found) != count:
            raise MatcalcError(f"`structured` has {len(found)} entries for {count} results; give one a result")
    else:
        found = [given] * count
    for c in found:
        if c != "sparse" and (type(c) not in (bool, int) or c is not True and c is not False and c < 1):
            raise MatcalcError(
                f'`structured` is True, False, "sparse" or a positive number of axes, or a sequence or dict of these, got {c!r}'
            )
    return found


def operator(ctx, e, choice=True):
    """The layout of an expression with two axes or more."""
    ctx.low(e)  # from an explicit stack: what follows looks at operands that are known
    shape = shape_of(e)
    if type(e).__name__ in ("BlockMatrix", "BlockDiagMatrix"):
        return _grid(ctx, e)
    permuted = _commutation(ctx, e)
    if permuted is not None:
        return permuted
    terms = terms_of(ctx, e)
    count = _rows(terms, shape) if choice is True else choice
    if count >= len(shape):
        raise MatcalcError(f"`structured={count}` leaves no axes for the columns of a result of shape {shape}; give fewer")
    if not terms:
        return zero(ctx, shape, count)
    terms = [t.split(count) for t in terms]
    if any(map(is_dense, terms)):
        return _dense(ctx, e, shape, count)
    groups = {}
    for t in terms:
        groups.setdefault((len(t.rows), len(t.cols), *(x.size for x in t.rows + t.cols)), []).append(t)
    return total([form(ctx, same) for same in groups.values()])


def _commutation(ctx, e):
    """The layout of a multiple of a commutation matrix, which has no axes for its deltas, or of a sum with one; None for all else, and for
    a sum with what is dense.

    K(m, n) vec(A) = vec(A') with A (m, n): row by row, vec(A) is A', and vec(A') is A.
    """
    if isinstance(e, MatAdd):
        parts = [operator(ctx, a) for a in e.args] if any(map(_of_commutation, e.args)) else []
        return total(parts) if parts and not any(p.name in DENSE for p in parts) else None
    if not _of_commutation(e):
        return None
    factors = e.args if isinstance(e, MatMul) else (e,)
    K = next(a for a in factors if isinstance(a, CommutationMatrix))
    m, n = map(ctx.size, K.args)
    scale = ctx.graph.mul(*(ctx.scalar(a).node for a in factors if a is not K))
    return Layout("TransposedOperator", ((n, m), (1, 0), number(ctx, scale)))


def _of_commutation(e):
    """Whether an expression is a commutation matrix times numbers."""
    matrices = [a for a in (e.args if isinstance(e, MatMul) else (e,)) if getattr(a, "is_Matrix", False)]
    return len(matrices) == 1 and isinstance(matrices[0], CommutationMatrix)


def form(ctx, terms):
    """The layout of terms with axes of the same sizes."""
    sides = len(terms[0].rows), len(terms[0].cols)
    if sides == (1, 1):
        return matrix(ctx, terms)
    if sides == (2, 2):
        return pairs(ctx, terms)
    return total([network(ctx, t) for t in terms])


def _rows(terms, shape):
    """How many axes are those of the function: half of them; of an odd number as many as let most deltas join a row with a column."""
    half = len(shape) // 2
    if len(shape) % 2 == 0:
        return half
    return max((half, half + 1), key=lambda count: sum(_joined(t, count) for t in terms))


def _joined(term, count):
    """How many deltas of a term join an axis before `count` with one after it."""
    t = term.split(count)
    return sum(x is y for x in t.rows for y in t.cols)


def _dense(ctx, e, shape, count):
    node = ctx.dense(ctx.low(e), shape).node
    return dense(ctx, node, sum(s != 1 for s in shape[:count]))


def _grid(ctx, e):
    """``BlockOperator([[...], ...])``; where all blocks are dense, the matrix."""
    blocks = e.blocks
    rows, cols = range(blocks.shape[0]), range(blocks.shape[1])
    grid = [[_block(ctx, blocks[i, j]) for j in cols] for i in rows]
    if all(isinstance(b, Layout) and b.name == "DenseOperator" or not isinstance(b, Layout) and b is not None for row in grid for b in row):
        return _dense(ctx, e, shape_of(e), 1)
    sizes = {}
    if any(all(b is None for b in line) for line in [*grid, *zip(*grid)]):
        sizes = {
            "row_sizes": [ctx.size(S(blocks[i, 0].shape[0])) for i in rows],
            "column_sizes": [ctx.size(S(blocks[0, j].shape[1])) for j in cols],
        }
    return Layout("BlockOperator", (grid,), sizes)


def _block(ctx, e):
    """The layout of a block, the node of a row or column, None for zeros."""
    if type(e).__name__ == "ZeroMatrix":
        return None
    return ctx.matrix(e)[0] if 1 in shape_of(e) else operator(ctx, e)
