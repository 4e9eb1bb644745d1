"""Terms of an array as plain tuples in one normal form, so that equal ones are found and added up, and their axes turned or made one.

The labels of a term are numbered by the axes of the result and then by its factors. A factor is its operand with an axis, a tuple of
labels, for each of its own; ``A'[i, j]`` is ``A[j, i]``, and of a symmetric A that is ``A[i, j]``, whichever comes first.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from sympy import Mul, S, Tuple
from sympy.matrices.expressions import Identity, MatMul, MatrixSymbol, Transpose, ZeroMatrix

from ..canonical.declared import number_in_front
from ..kernel.chains import count_flips, express_chain, open_product, reverse
from ..kernel.order import sort_key
from ..kernel.scalars import scalar_product, scalar_sum
from ..kernel.session import id_memo
from ..kernel.shapes import is_matrix
from ..kernel.symmetry import is_symmetric, transpose
from ..nodes import Einsum, EinsumTerm
from ..notation.expression import raise_term
from ..notation.present import present
from ..notation.term import AdjointTerm, new_axis
from ..strict import sympified_tuple


class Product(NamedTuple):
    """A product of index notation without its coefficient."""

    sizes: tuple  # of the labels
    out: tuple  # axes of the result
    factors: tuple  # of (operand, axis, axis, ...)
    limits: tuple = ()

    def __hash__(self) -> int:
        return hash((self.out, self.factors))  # the sizes follow from those, but for labels that are nowhere else


Term = tuple[Any, Product]  # a coefficient and a product
Terms = dict[Product, Any]  # the coefficients of products in normal form


def terms_of_array(array: Einsum) -> Terms:
    """The terms of a prepared array."""
    return added(map(_product, array.terms))


def terms_by(function: Callable[[Any], Any], array: Einsum) -> list[Term]:
    """(coefficient, product) of an array with ``function(part)`` for their parts, in no normal form."""
    found = (_of_new_parts(_product(t), function) for t in array.terms)
    return [term for term in found if term]


def each(terms: Terms) -> list[Term]:
    """(coefficient, product) of all terms."""
    return [(c, product) for product, c in terms.items()]


def presented_array(terms: Terms, sizes: Any) -> Any:
    """The array of these terms, as it is to be read."""
    form: dict[int, Any] = {}
    dims: dict[tuple, Any] = {}
    found = []
    for product, c in terms.items():
        factors = []
        for op, *axes in product.factors:
            if id(op) not in form:
                form[id(op)] = op if type(op) is MatrixSymbol else present(op)
            factors.append((form[id(op)], *axes))
        if product.sizes not in dims:
            dims[product.sizes] = Tuple(*product.sizes, sympify=False)
        c = c if c.is_Rational else present(c)
        limits = (Tuple(*map(sympified_tuple, product.limits)),) if product.limits else ()
        found.append(EinsumTerm.of_nodes(c, dims[product.sizes], product.out, factors, *limits))
    return Einsum(sizes, *found)


def _product(t):
    """(coefficient, product) of a term; no factor is the multiple of a matrix."""
    numbers, factors = [t.coefficient], []
    for op, axes in t.factors:
        if isinstance(op, MatMul):
            c, op = number_in_front(op)
            numbers.append(c)
        factors.append((op, *axes))
    return scalar_product(*numbers), Product(tuple(t.dims), t.out, tuple(factors), tuple(map(tuple, t.limits)))


def added(terms: Any, to: Terms | None = None) -> Terms:
    """(coefficient, product) in normal form with equal products added up, in the order in which they come first.

    to: terms that are in normal form, before them.
    """
    total: dict[Product, list] = {product: [c] for product, c in to.items()} if to else {}
    for c, product in terms:
        total.setdefault(_numbered(product), []).append(c)
    sums = {product: cs[0] if len(cs) == 1 else scalar_sum(*cs) for product, cs in total.items()}
    return {product: c for product, c in sums.items() if c != 0}


def multiplied(number: Any, c: Any) -> Any:
    """A number that is not 0 times a coefficient, of which nothing but the number in front is another one."""
    if c.is_Rational:
        return number * c
    old, rest = c.as_coeff_Mul()
    factors = Mul.make_args(rest)
    if not old.is_Rational or any([f.is_Add or f.is_Pow and f.base.is_number for f in factors]):
        return scalar_product(number, c)
    new = number * old
    return rest if new is S.One else Mul._from_args((new, *factors))


def _numbered(product):
    """The product in normal form."""
    sizes, out, factors, limits = product
    number = {}
    for axis in out:
        for i in axis:
            if i not in number:
                number[i] = len(number)
    if factors:
        factors = _in_order([_oriented(f, number) if len(f) == 3 else f for f in factors], number)
    for f in factors:
        for axis in f[1:]:
            for i in axis:
                if i not in number:
                    number[i] = len(number)
    for i in range(len(sizes)):
        if i not in number:  # summed over with nothing in it
            number[i] = len(number)
    old = list(number)
    if old == sorted(old):
        return Product(sizes, out, tuple(factors), limits)
    rename = lambda axis: (number[axis[0]],) if len(axis) == 1 else tuple([number[i] for i in axis])  # noqa: E731
    factors = [(f[0], *map(rename, f[1:])) for f in factors]
    return Product(tuple([sizes[i] for i in old]), tuple(map(rename, out)), tuple(factors), limits)


def _in_order(factors, number):
    """Factors in the order of their operands, those of one operand in that of their axes."""
    if len(factors) < 2:
        return factors
    nodes = [f[0] for f in factors]
    if len(set(map(id, nodes))) == len(nodes):
        return sorted(factors, key=lambda f: sort_key(f[0]))
    last = len(number)
    return sorted(factors, key=lambda f: (sort_key(f[0]), [[number.get(i, last) for i in axis] for axis in f[1:]]))


def _oriented(factor, number):
    """A matrix with two axes, transposed where that needs fewer transposes; a symmetric one with its axes in the order of the result."""
    node, row, col = factor
    if len(row) != 1 or len(col) != 1 or not is_matrix(node):
        return factor
    if isinstance(node, (Transpose, MatMul)):
        node, is_turned = _upright(node)
        if is_turned:
            row, col = col, row
    last = len(number)
    if number.get(col[0], last) < number.get(row[0], last) and is_symmetric(node):
        return node, col, row
    return node, row, col


def _upright(node):
    """(a matrix or its transpose, whichever has fewer transposes in it, whether it is the transpose)."""
    table = id_memo("upright")
    found = table.get(node)
    if found is None:
        found = table[node] = _of_fewer_transposes(node)
    return found


def _of_fewer_transposes(node):
    if isinstance(node, Transpose):
        return node.args[0], True
    if isinstance(node, MatMul):
        _, chain = open_product(node)
        turned = reverse(chain)
        if count_flips(turned) < count_flips(chain):
            return express_chain(turned), True
    return node, False


# ---------------------------------------------------------------- what is done to the axes of a term


def turned(product: Product, i: int, j: int) -> Product:
    """The product with two axes of its result exchanged."""
    out = list(product.out)
    out[i], out[j] = out[j], out[i]
    return product._replace(out=tuple(out))


def on_diagonal(c: Any, product: Product, i: int, j: int) -> Term | None:
    """(coefficient, product) of what stands on the diagonal of two axes of the result, of one label each; None for zero."""
    (keep,), (gone,) = product.out[i], product.out[j]
    if keep == gone:
        return c, product
    rename = lambda axis: tuple(keep if k == gone else k for k in axis)  # noqa: E731
    out, factors = tuple(map(rename, product.out)), tuple((f[0], *map(rename, f[1:])) for f in product.factors)
    new = Product(product.sizes, out, factors, product.limits)
    return reduced(c, new) if _reduces(factors) else (c, _without_label(new, gone))


def _without_label(product, gone):
    """The product with the labels after one that is nowhere moved up."""
    rename = lambda axis: tuple(k - (k > gone) for k in axis)  # noqa: E731
    factors = tuple((f[0], *map(rename, f[1:])) for f in product.factors)
    return Product(product.sizes[:gone] + product.sizes[gone + 1 :], tuple(map(rename, product.out)), factors, product.limits)


def _reduces(factors):
    """Whether two factors have the same labels, or a matrix has both of its axes in one."""
    met = set()
    for f in factors:
        labels = frozenset(i for axis in f[1:] for i in axis)
        if labels in met or len(f) == 3 and f[1] == f[2]:
            return True
        met.add(labels)
    return False


def reduced(c: Any, product: Product) -> Term | None:
    """(coefficient, product) with all products written that there are, in matrix notation; None for zero."""
    found = raise_term(labelled(c, product))
    return None if found is None else _product(found)


def labelled(c: Any, product: Product) -> AdjointTerm:
    """The term with labels of the session in the place of its own numbers."""
    label = [new_axis(size) for size in product.sizes]
    axis = lambda numbers: tuple(i for k in numbers for i in label[k])  # noqa: E731
    factors = tuple((f[0], *map(axis, f[1:])) for f in product.factors)
    return AdjointTerm(c, factors, tuple(map(axis, product.out)), (), product.limits)


def own_matrix(product: Product, i: int, j: int) -> tuple[int, Any] | None:
    """(which factor, as it stands between them) of the matrix that has two axes of the result to itself; None where there is none."""
    row, col = product.out[i], product.out[j]
    if row == col or sum(axis == row or axis == col for axis in product.out) != 2:
        return None
    mine = [k for k, f in enumerate(product.factors) if any(row[0] in axis or col[0] in axis for axis in f[1:])]
    if len(mine) != 1:
        return None
    node, *axes = product.factors[mine[0]]
    if not is_matrix(node) or axes != [row, col] and axes != [col, row]:
        return None
    return mine[0], node if axes[0] == row else transpose(node)


def with_matrix(c: Any, product: Product, k: int, matrix: Any, i: int, j: int) -> Term | None:
    """(coefficient, product) with a matrix between two axes of the result in the place of a factor; None for zero."""
    if isinstance(matrix, ZeroMatrix):
        return None
    number, matrix = number_in_front(matrix)
    changed = product._replace(factors=(*product.factors[:k], (matrix, product.out[i], product.out[j]), *product.factors[k + 1 :]))
    return reduced(scalar_product(c, number), changed) if isinstance(matrix, Identity) else (scalar_product(c, number), changed)


def _of_new_parts(term, function):
    """The term with ``function(part)`` for its coefficient and operands; None for zero."""
    c, product = term
    c, operands = function(c), [function(f[0]) for f in product.factors]
    if all([op is f[0] for op, f in zip(operands, product.factors)]):
        return c, product
    if any(isinstance(op, ZeroMatrix) for op in operands):
        return None
    pairs = list(map(number_in_front, operands))
    new = product._replace(factors=tuple((op, *f[1:]) for (_, op), f in zip(pairs, product.factors)))
    c = scalar_product(c, *(number for number, _ in pairs))
    return reduced(c, new) if any(isinstance(op, Identity) for _, op in pairs) else (c, new)
