"""Nodes that are declared linear, in canonical form: numbers stand in front of them, and of zero they are zero."""

from sympy import Expr, S
from sympy.matrices.expressions import MatMul, ZeroMatrix

from ..kernel import make
from ..kernel.interning import intern
from ..kernel.scalars import scalar_product
from ..kernel.shapes import is_matrix, shape_of
from ..nodes.linearity import Operator


def operator_in_form(e, operator: Operator, prepare):
    """(number, node) of a node that is an operator; the node is None where one of the arguments is 0.

    An argument that is literally 1 x 1 stays the matrix that the node was made with.
    """
    args = [prepare(a) if is_matrix(a) or isinstance(a, Expr) and not a.is_Atom else a for a in e.args]
    args = [new if is_matrix(new) or not is_matrix(old) else old for new, old in zip(args, e.args)]
    numbers = []
    for at in () if operator.jointly else operator.positions(e):
        if args[at] == 0 or isinstance(args[at], ZeroMatrix):
            return S.Zero, None
        number, args[at] = number_in_front(args[at])
        numbers.append(number)
    same = all(new is old for new, old in zip(args, e.args))
    return scalar_product(*numbers), intern(e if same else e.func(*args))


def number_in_front(a):
    """(c, A) for a prepared matrix c A."""
    if isinstance(a, MatMul) and not is_matrix(a.args[0]):
        return a.args[0], make.mul(*a.args[1:])
    return S.One, a


def matrix_operator(e, operator: Operator, prepare):
    """The canonical form where the node is a matrix."""
    number, node = operator_in_form(e, operator, prepare)
    return make.zero(*shape_of(e)) if node is None else make.mul(number, *(node.args if isinstance(node, MatMul) else (node,)))


def scalar_operator(e, operator: Operator, prepare):
    """The canonical form where the node is a scalar, or a matrix that is literally 1 x 1."""
    number, node = operator_in_form(e, operator, prepare)
    if node is None:
        return S.Zero
    return scalar_product(number, make.element(node) if is_matrix(node) else node)
