"""present: the last step, transposes where one writes them: X.T**-1 and ``1*mu.T``, not the transpose of an inverse or of a product."""
from sympy import Lambda, S
from sympy.matrices.expressions import (
    HadamardPower,
    HadamardProduct,
    Inverse,
    KroneckerProduct,
    MatAdd,
    MatMul,
    MatPow,
    MatrixSymbol,
    OneMatrix,
    Transpose,
)
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.matexpr import MatrixElement

from .. import build as b
from ..nodes import ElementSum, FrechetDerivative, MatrixExp
from ..tensor.chain import count_flips, express_chain, open_product, reverse

RAW = (MatMul, MatAdd, Transpose, Inverse, MatPow, HadamardProduct, HadamardPower, KroneckerProduct, ElementwiseApplyFunction)


def present(top):
    """`_present`, from the inside out: deep nesting needs no deep recursion."""
    return b.from_inside(_present, top, lambda node: () if isinstance(node, (MatrixSymbol, Lambda)) else node.args)


def _present(node):
    """The same expression with its transposes pushed into inverses, and into products where that needs no more of them."""
    if not node.args or isinstance(node, (MatrixSymbol, Lambda)):
        return node
    table = b.id_memo("present")
    found = table.get(node)
    if found is None:
        args = [_present(a) for a in node.args]
        if any(x is not y for x, y in zip(args, node.args)):
            node = _rebuilt(node, args)
        found = table[node] = _push(node) if isinstance(node, Transpose) else _named(node)
    return found


def _named(node):
    """exp(-A) for the inverse of exp(A); sum(A) for 1' A 1."""
    if isinstance(node, Inverse) and isinstance(node.args[0], MatrixExp):
        return b.raw(MatrixExp, _negative(node.args[0].arg))
    if isinstance(node, MatrixElement) and isinstance(node.parent, MatMul) and b.shape(node.parent) == (S.One, S.One):
        left, *middle, right = node.parent.args
        if isinstance(left, OneMatrix):
            return b.raw(ElementSum, b.mul(*middle) if middle and isinstance(right, OneMatrix) else b.mul(*middle, right))
    return node


def _negative(a):
    c, *factors = a.args if isinstance(a, MatMul) and not b.is_matrix(a.args[0]) else (S.One, a)
    return b.mul(-c, *factors)


def _rebuilt(node, args):
    if isinstance(node, MatMul):
        return b.mul(*(x for a in args for x in (a.args if isinstance(a, MatMul) else (a,))))
    return b.raw(type(node), *args) if isinstance(node, RAW) else b.intern(b.rebuild(node, args))


def _push(node):
    inner = node.args[0]
    if isinstance(inner, FrechetDerivative):
        turned = [b.flip(a) for a in inner.args[1:]]
        fewer = sum(isinstance(a, Transpose) for a in turned) <= sum(isinstance(a, Transpose) for a in inner.args[1:])
        return b.raw(FrechetDerivative, inner.args[0], *turned) if fewer else node
    if isinstance(inner, KroneckerProduct):
        turned = [b.flip(a) for a in inner.args]
        fewer = sum(isinstance(a, Transpose) for a in turned) <= sum(isinstance(a, Transpose) for a in inner.args)
        return b.kron(*turned) if fewer else node
    if isinstance(inner, (Inverse, MatPow)) or isinstance(inner, MatMul):
        c, chain = open_product(inner)
        turned = reverse(chain)
        if count_flips(turned) <= count_flips(chain) + 1:
            return b.mul(c, express_chain(turned))
    return node
