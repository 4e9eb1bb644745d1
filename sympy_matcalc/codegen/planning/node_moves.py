"""Moves of nodes with planned operands: what a later step can use better is moved out of them."""

from .nodes import at_hand, behind, is_new, is_turned

OVER_ROWS = ("softmax", "log_softmax", "logsumexp")


def function_of_transposes(rebuilder, node, args):
    """An elementwise operation on transposes as the transpose of one."""
    if node.ndim != 2 or not (node.kind.elementwise or node.op == "float"):
        return None
    if not any(is_turned(a) and a.args[0].op not in ("arg", "view") for a in args) or not all(map(_turns_for_free, args)):
        return None
    return rebuilder.graph.transpose(rebuilder.rebuilt(node, [_turned(rebuilder, a) for a in args]))


def function_as_arguments_lie(rebuilder, node, args):
    """An elementwise operation on a product of matrices and on transposes of arguments as the transpose of one of the transposed product
    and the arguments: arrays that lie alike are read at the same time.
    """
    if node.ndim != 2 or not node.kind.elementwise:
        return None
    matrices = [a for a in args if a.ndim == 2]
    products = {a.number: _product_turned(rebuilder, a) for a in matrices}
    others = [rebuilder.unscaled(a)[1] for a in matrices if products[a.number] is None]
    if not others or len(others) == len(matrices) or not all(is_turned(a) and at_hand(a.args[0]) for a in others):
        return None
    return rebuilder.graph.transpose(rebuilder.rebuilt(node, [products.get(a.number) or _turned(rebuilder, a) for a in args]))


def _product_turned(rebuilder, a):
    """The transpose of a product of matrices, or of a function of one, that has no other use; None for all else."""
    g = rebuilder.graph
    if a.ndim != 2 or rebuilder.uses.get(a.number, 0) > 1:
        return None
    if a.op == "matmul" and all(x.ndim == 2 for x in a.args):
        return g.make("matmul", tuple(g.transpose(x) for x in reversed(a.args)))
    if a.kind.elementwise and len(a.args) == 1:
        inner = _product_turned(rebuilder, a.args[0])
        return None if inner is None else g.remake(a, [inner])
    return None


def _turns_for_free(a):
    return is_turned(a) or a.ndim < 2 or at_hand(a) or a.op == "view" and None in a.attrs


def _turned(rebuilder, a):
    """An operand of an elementwise operation on matrices, for the operation on the transposes."""
    g = rebuilder.graph
    if a.ndim == 2:
        coefs, array = rebuilder.unscaled(a)
        return g.mul(*coefs, g.transpose(array))
    return g.make("view", (a,), (0, None)) if a.ndim == 1 else a


def columns_for_rows(rebuilder, node, args):
    """A reduction of the rows of a matrix as one of the columns of its transpose: NumPy is faster along the long axis of data, and a
    product gives either for the same price.
    """
    if node.op not in OVER_ROWS or node.attrs != (1,) or args[0].ndim != 2:
        return None
    g, array = rebuilder.graph, args[0]
    if array.op == "matmul" and all(a.ndim == 2 for a in array.args):
        array = g.transpose(g.make("matmul", tuple(g.transpose(a) for a in reversed(array.args))))
    if not is_turned(array):
        return g.make(node.op, (array,), node.attrs)
    new = g.make(node.op, (array.args[0],), (0,))
    return new if node.op == "logsumexp" else g.transpose(new)


def scalars_first(rebuilder, node, args):
    """An elementwise product with what is a single number apart from it, so that a product around it can take that."""
    if node.op != "mul" or node.ndim < 2:
        return None
    numbers, arrays = [], []
    for a in args:
        coefs, a = rebuilder.unscaled(a)
        numbers += coefs
        (arrays if a.ndim else numbers).append(a)
    return rebuilder.graph.mul(*numbers, rebuilder.product(arrays)) if numbers else rebuilder.product(arrays)


def computed_first(rebuilder, arrays):
    """The factors in an order in which NumPy can work in the memory of the first: a computed array, then squares factor by factor."""
    ndim = max((a.ndim for a in arrays), default=0)
    first = next((a for a in arrays if a.ndim == ndim and is_new(a) and a.op != "pow" and _is_used_once(rebuilder, a)), None)
    if first is None or sum(a is first for a in arrays) > 1:  # a square has two uses of what one factor uses once
        return arrays
    out = [first]
    for a in arrays:
        if a is not first:
            square = a.op == "pow" and a.args[1].value == 2 and at_hand(a.args[0]) and _is_used_once(rebuilder, a)
            out += [a.args[0]] * 2 if square else [a]
    return out


def opposite_sum(rebuilder, node):
    """``a - b`` as -1 times ``b - a`` where b is computed and a is at hand, so that b can be overwritten."""
    if node.op != "add" or not _is_used_once(rebuilder, node) or node.ndim < 2:
        return None
    g = rebuilder.graph
    negative = [a for a in node.args if a.op == "mul" and len(a.args) == 2 and a.args[0].value == -1]
    plain = [a for a in node.args if a not in negative]
    minus = [a.args[1] for a in negative]
    if not plain or not all(behind(a).op == "arg" or a.ndim < node.ndim for a in plain) or not any(map(is_new, minus)):
        return None
    return [g.const(-1)], g.add(*minus, *(g.mul(g.const(-1), a) for a in plain))


def _is_used_once(rebuilder, node):
    return rebuilder.uses.get(node.number, 0) <= 1
