"""A second opinion for scalar gradients: pullbacks written directly in matrix notation, on SymPy's own operators.

``pullback(f, X)`` carries the cotangent G of each node down to X. It shares nothing with the engine: no preparation, no differentials,
no index terms, no forms. Nodes that it does not know raise NotImplementedError.
"""

from sympy import Add, Determinant, Dummy, Expr, Function, Identity, Lambda, Mul, OneMatrix, Pow, S, Trace, ZeroMatrix
from sympy.matrices.expressions import DiagMatrix, HadamardPower, HadamardProduct, Inverse, MatAdd, MatMul, MatPow, MatrixExpr, Transpose
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction


def gradient(f, X):
    """Gradient of a scalar (or 1 x 1) expression by the matrix X."""
    cotangent = Identity(1) if isinstance(f, MatrixExpr) else S.One
    terms = list(pullback(f, cotangent, X))
    return MatAdd(*terms) if len(terms) > 1 else terms[0] if terms else ZeroMatrix(*X.shape)


def pullback(node, G, X):
    """Contributions to the gradient by X of a node with cotangent G."""
    if node == X:
        yield G
    elif node.has(X):
        for cls, rule in RULES.items():
            if isinstance(node, cls):
                for child, cotangent in rule(node, G):
                    yield from pullback(child, cotangent, X)
                return
        raise NotImplementedError(type(node).__name__)


def of_sum(node, G):
    return [(a, G) for a in node.args]


def of_matmul(node, G):
    for i, a in enumerate(node.args):
        left = [x for x in node.args[:i] if isinstance(x, MatrixExpr)]
        right = [x for x in node.args[i + 1 :] if isinstance(x, MatrixExpr)]
        scalars = [x for j, x in enumerate(node.args) if j != i and not isinstance(x, MatrixExpr)]
        if isinstance(a, MatrixExpr):
            yield a, MatMul(*scalars, *(x.T for x in left[::-1]), G, *(x.T for x in right[::-1]))
        else:
            yield a, Mul(*scalars) * Trace(MatMul(G.T, *left, *right))


def of_mul(node, G):
    return [(a, G * Mul(*node.args[:i], *node.args[i + 1 :])) for i, a in enumerate(node.args)]


def of_pow(node, G):
    return [(node.base, G * node.exp * node.base ** (node.exp - 1))]


def of_function(node, G):
    t = Dummy("t", real=True)
    (u,) = node.args
    if isinstance(u, MatrixExpr):
        raise NotImplementedError("function of a 1 x 1")
    return [(u, G * node.func(t).diff(t).subs(t, u))]


def of_power(node, G):
    a, k = node.args
    if not k.is_Integer:
        raise NotImplementedError("symbolic power")
    if k < 0:
        return of_power(MatPow(Inverse(a), -k), G) if k != -1 else of_inverse(Inverse(a), G)
    return [(a, MatMul(*[a.T] * r, G, *[a.T] * (int(k) - 1 - r))) for r in range(int(k))]


def of_inverse(node, G):
    return [(node.args[0], MatMul(-1, node.T, G, node.T))]


def of_hadamard(node, G):
    return [(a, HadamardProduct(G, *node.args[:i], *node.args[i + 1 :])) for i, a in enumerate(node.args)]


def of_hadamard_power(node, G):
    a, k = node.args
    if isinstance(k, MatrixExpr):
        raise NotImplementedError("matrix exponent")
    return [(a, k * HadamardProduct(G, HadamardPower(a, k - 1)))]


def of_apply(node, G):
    t = Dummy("t", real=True)
    f, a = node.args
    return [(a, HadamardProduct(G, a.applyfunc(Lambda(t, f(t).diff(t)))))]


def of_diag(node, G):
    (v,) = node.args
    return [(v, HadamardProduct(G, Identity(G.shape[0])) * OneMatrix(G.shape[0], 1))]


RULES = {
    MatAdd: of_sum,
    MatMul: of_matmul,
    Transpose: lambda node, G: [(node.arg, G.T)],
    Inverse: of_inverse,
    MatPow: of_power,
    HadamardProduct: of_hadamard,
    HadamardPower: of_hadamard_power,
    ElementwiseApplyFunction: of_apply,
    DiagMatrix: of_diag,
    Trace: lambda node, G: [(node.arg, G * Identity(node.arg.shape[0]))],
    Determinant: lambda node, G: [(node.arg, G * node * Inverse(node.arg).T)],
    Add: of_sum,
    Mul: of_mul,
    Pow: of_pow,
    Function: of_function,
    Expr: lambda node, G: (_ for _ in ()).throw(NotImplementedError(type(node).__name__)),
}
