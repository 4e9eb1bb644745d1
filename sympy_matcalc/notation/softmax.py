"""Softmax recognised: exp(z)/sum(exp(z)), also where it is a factor of a larger product, as in exp(z) o y/sum(exp(z))."""

from sympy import Mul, Pow
from sympy.matrices.expressions import DiagMatrix, HadamardProduct, MatMul, OneMatrix, Transpose
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.matexpr import MatrixElement

from ..kernel import make
from ..kernel.chains import hadamard_vectors
from ..kernel.interning import raw
from ..kernel.shapes import is_column, is_matrix
from ..nodes import Softmax
from ..nodes.bound import EXP


def with_softmax(factors):
    """The factors of a product, scalars first, with a softmax for each pair of 1/sum(exp(z)) and exp(z) among them."""
    for i, f in enumerate(factors):
        if is_matrix(f):
            break
        if not isinstance(f, (Mul, Pow)):
            continue
        for g in Mul.make_args(f):
            if isinstance(g, Pow) and (powers := _sum_of_powers(g)) is not None:
                rest = (*factors[:i], f / g * g.base ** (g.exp + 1), *factors[i + 1 :])
                found = _replaced(rest, powers, raw(Softmax, powers.args[1]))
                if found is not None:
                    return with_softmax(found)
    return factors


def may_have_softmax(scalar):
    """Whether a coefficient divides by a sum of exp(z)."""
    return any(isinstance(g, Pow) and _sum_of_powers(g) is not None for g in Mul.make_args(scalar))


def _sum_of_powers(power):
    """exp(z) for a negative power of 1' exp(z), z a column; None for any other power."""
    base, k = power.args
    if not isinstance(base, MatrixElement) or not k.is_Integer or k.p > 0:
        return None
    parent = base.args[0]
    if not isinstance(parent, MatMul) or len(parent.args) != 2 or not isinstance(parent.args[0], OneMatrix):
        return None
    node = parent.args[1]
    is_exp = isinstance(node, ElementwiseApplyFunction) and node.args[0].expr == EXP
    return node if is_exp and is_column(node) else None


def _replaced(parts, old, new):
    """The parts with `new` for one `old` that is a factor of one of them; None where it is a factor of none."""
    for i, part in enumerate(parts):
        found = _with_factor(part, old, new)
        if found is not None:
            return (*parts[:i], found, *parts[i + 1 :])
    return None


def _with_factor(node, old, new):
    """The node with `new` for one factor `old`; None where it has no such factor."""
    if node is old:
        return new
    if type(node) not in BUILDERS:
        return None
    found = _replaced(_operands(node), old, new)
    return None if found is None else BUILDERS[type(node)](node, found)


def _operands(node):
    return node.args[:1] if isinstance(node, MatrixElement) else node.args


BUILDERS = {
    DiagMatrix: lambda node, args: make.diag_matrix(*args),
    Transpose: lambda node, args: raw(Transpose, *args),
    HadamardProduct: lambda node, args: hadamard_vectors(args),
    MatMul: lambda node, args: make.mul(*args),
    Mul: lambda node, args: Mul(*args),
    MatrixElement: lambda node, args: make.element(*args, *node.args[1:]),
}
