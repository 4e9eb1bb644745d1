"""One orientation a node: vectors are columns, else fewer transposes, ties by the key; the other one is its `Transpose`."""

from sympy import S
from sympy.matrices.expressions import Inverse, MatMul, MatPow, Transpose

from ..kernel import chains, make
from ..kernel.shapes import is_matrix, is_one, shape_of
from ..kernel.symmetry import transpose


def oriented(chain):
    """The node of a chain, or of its reverse under a Transpose, whichever is canonical."""
    rows, cols = chains.chain_shape(chain)
    turned = chains.reverse(chain)
    if is_one(cols) and not is_one(rows):
        keep = True
    elif is_one(rows) and not is_one(cols):
        keep = False
    else:
        keep = chains.chain_key(chain) <= chains.chain_key(turned)
    return chains.express_chain(chain) if keep else transpose(chains.express_chain(turned))


def transpose_prepared(p):
    """The transpose of a prepared matrix, in canonical form."""
    if isinstance(p, MatMul) and not is_matrix(p.args[0]):
        return make.mul(p.args[0], *factors(transpose_prepared(make.mul(*p.args[1:]))))
    if isinstance(p, MatMul):
        return oriented(chains.reverse(chains.open_product(p)[1]))
    if isinstance(p, (Inverse, MatPow)):
        return oriented(chains.reverse(chains.open_product(p)[1]))
    return transpose(p)


def upright(a):
    """The one of a prepared matrix and its transpose that has no transpose around it, also behind a number; a column for a row."""
    rows, cols = shape_of(a)
    if is_one(rows) or is_one(cols):
        return a if is_one(cols) else transpose_prepared(a)
    inner = a.args[-1] if isinstance(a, MatMul) and len(a.args) == 2 and not is_matrix(a.args[0]) else a
    return transpose_prepared(a) if isinstance(inner, Transpose) else a


def times(coefficient, node):
    return node if coefficient is S.One else make.zero(*shape_of(node)) if coefficient == 0 else make.mul(coefficient, *factors(node))


def factors(node):
    return node.args if isinstance(node, MatMul) else (node,)
