"""A row a move: where it fires, with the plan that comes out, and where it refuses, because its condition or its price says so."""

from sympy import DiagMatrix, HadamardPower, HadamardProduct, Identity, Inverse, MatAdd, MatrixSymbol, OneMatrix, Trace, exp, symbols
from sympy.tensor.array.expressions import ArrayAdd, ArrayTensorProduct

from sympy_matcalc import hessian
from sympy_matcalc.nodes import Einsum, EinsumTerm

m, n, k = symbols("m n k", integer=True, positive=True)
s, t = symbols("s t", positive=True)
A, B, C = (MatrixSymbol(name, n, n) for name in "ABC")
X, W, U, V = MatrixSymbol("X", m, k), MatrixSymbol("W", k, n), MatrixSymbol("U", m, k), MatrixSymbol("V", n, k)
S, T, M = MatrixSymbol("S", m, n), MatrixSymbol("T", m, n), MatrixSymbol("M", m, 1)
x, y, d = MatrixSymbol("x", n, 1), MatrixSymbol("y", n, 1), MatrixSymbol("d", m, 1)
one, I = OneMatrix(m, 1), Identity(n)
half = I[:2, :]
P = DiagMatrix(x) - x * x.T  # the derivative of a softmax x
LARGE = {m: 1000, n: 1000, k: 1000}
TALL = {m: 1000, n: 1000, k: 12}


def over_rows(Z):
    """The softmax of each row."""
    E = Z.applyfunc(exp)
    return DiagMatrix(HadamardPower(E * OneMatrix(n, 1), -1)) * E


WIDE = {m: 1000, n: 12, k: 1000}
D = DiagMatrix(d.applyfunc(exp))


def outer_sums(count):
    """The sum of some terms ``(sum_m A_m,ij B_m,kl) V_lp``, of four outer products each: too many for the search."""
    out = []
    for i in range(count):
        pairs = [[(MatrixSymbol(f"{name}{i}{j}", n, n), *at) for name, at in (("A", ((0,), (1,))), ("B", ((2,), (3,))))] for j in range(4)]
        inner = Einsum((n,) * 4, *(EinsumTerm(1, (n,) * 4, ((0,), (1,), (2,), (3,)), factors) for factors in pairs))
        out.append(EinsumTerm(1, (n, n, n, n, k), ((0,), (1,), (2,), (4,)), [(inner, (0,), (1,), (2,), (3,)), (V, (3,), (4,))]))
    return Einsum((n, n, n, k), *out)


def outer_sum(pairs):
    """The plan of the sum of all outer products of `outer_sums`."""
    names = [f"{i}{j}" for i in range(pairs) for j in range(4)]
    return f"outer_sum({', '.join(f'A{x}' for x in names)}, {', '.join(f'matmul(B{x}, V)' for x in names)})"


def second_moments(P, Q, R):
    """``sum_s P_si Q_sj R_sk T_sl``."""
    at = [(P, (0,), (1,)), (Q, (0,), (2,)), (R, (0,), (3,)), (T, (0,), (4,))]
    return Einsum((k, k, n, n), EinsumTerm(1, (m, k, k, n, n), ((1,), (2,), (3,), (4,)), at))


def beside(P, Q, *out):
    """``(sum_s P_si Q_sj S_sk) W_il`` with its axes in some order."""
    at = [(P, (0,), (1,)), (Q, (0,), (2,)), (S, (0,), (3,)), (W, (1,), (4,))]
    return Einsum(tuple((m, k, k, n, n)[x] for x in out), EinsumTerm(1, (m, k, k, n, n), tuple((x,) for x in out), at))


def fourth_moments(P, Q):
    """``sum_s d_s P_si P_sj P_sk Q_sl``."""
    at = [(d, (0,), ()), *((Z, (0,), (j,)) for j, Z in enumerate((P, P, P, Q), 1))]
    return Einsum((k,) * 4, EinsumTerm(1, (m, k, k, k, k), ((1,), (2,), (3,), (4,)), at))


def sums_of_sums(P):
    """``sum_s X_si (M_sjk T_sl + M_sjl S_sk)`` with ``M_sjk = X_sj S_sk + P_sj T_sk``."""
    own, whole = ((0,), (1,), (2,)), ((0,), (1,), (2,), (3,))
    products = [[(Q, (0,), (1,)), (R, (0,), (2,))] for Q, R in ((X, S), (P, T))]
    M = Einsum((m, k, n), *(EinsumTerm(1, (m, k, n), own, of) for of in products))
    sides = [[(M, (0,), (1,), (2,)), (T, (0,), (3,))], [(M, (0,), (1,), (3,)), (S, (0,), (2,))]]
    inner = Einsum((m, k, n, n), *(EinsumTerm(1, (m, k, n, n), whole, of) for of in sides))
    at = [(X, (0,), (1,)), (inner, (0,), (2,), (3,), (4,))]
    return Einsum((k, k, n, n), EinsumTerm(1, (m, k, k, n, n), ((1,), (2,), (3,), (4,)), at))


# name: (expressions, numbers for the sizes, their plan), (expressions, numbers for the sizes) of which the plan is the same without the move
ROWS = {
    "multiply out": (([(U * V.T - T) * V], TALL, "-1*matmul(T, V) + matmul(U, matmul(V.T, V))"), ([(U * V.T - T) * V], LARGE)),
    "multiply out a constant": (([(T - one * x.T).T * one], LARGE, "-1*m*x + sum(T; 0)"), ([(T - U * V.T).T * one], LARGE)),
    "multiply out outer products": (([outer_sums(4)], TALL, outer_sum(4)), ([outer_sums(4)], {**LARGE, m: 12, n: 12})),
    "multiply out a matrix": (
        (
            [(y * x.T + DiagMatrix(x) * B) * P],
            LARGE,
            "x*(view(x; 0, None)*B) + outer_sum(x*matmul(B, x), y, -1*x, (x + matmul(-1*x, x))*x)",
        ),
        ([(y * x.T + A * B) * P], LARGE),
    ),
    "multiply out all sums": (([sums_of_sums(X)], LARGE, "second_moments(X, outer_sum(S, T, 2*T + S, T; 1))"), ([sums_of_sums(U)], LARGE)),
    "take out a factor": (([A * C + B * C], LARGE, "matmul(A + B, C)"), ([A * C + C * B], LARGE)),
    "take out entries": (
        ([DiagMatrix(x) * A + A * DiagMatrix(y)], LARGE, "A*(view(x; 0, None) + y)"),
        ([DiagMatrix(x) * A + A.T * DiagMatrix(y)], LARGE),
    ),
    "equal products": (
        ([MatAdd(t * A * B, s * A * B, C, evaluate=False)], LARGE, "(t + s)*matmul(A, B) + C"),
        ([t * A * B + s * B * A], LARGE),
    ),
    "push through": (
        ([Inverse(t * Identity(m) + X * X.T) * X], TALL, "solve(add_diagonal(matmul(X.T, X), t; aa, a), X.T).T"),
        ([Inverse(t * Identity(m) + X * X.T) * X], {**LARGE, m: 12}),
    ),
    "made before": (
        (
            [hessian(Trace(A.I * B), A)],
            LARGE,
            f"view(outer_sum({(made := 'solve(A.T, solve(A, B).T)')}, inv(A).T, inv(A), {made}.T); 0, 2, 3, 1)",
        ),
        ([A * V * V.T * B, B * V * V.T * A], WIDE),
    ),
    "begin with what others have": (
        ([(x.T * A * y)[0, 0], A * y], LARGE, "matmul(matmul(A, y), x); matmul(A, y)"),
        ([(x.T * A * y)[0, 0], A * x], LARGE),
    ),
    "begin with what is there": (
        ([A * B, C * A * B * C], LARGE, "matmul(A, B); matmul(matmul(C, matmul(A, B)), C)"),
        ([A * C, C * A * B * C], LARGE),
    ),
    "begin with what comes twice": (
        ([(x.T * Inverse(A) * B * Inverse(A) * x)[0, 0]], LARGE, "matmul(matmul(solve(A.T, x), B), solve(A, x))"),
        ([(x.T * Inverse(A) * B * Inverse(A) * y)[0, 0]], LARGE),
    ),
    "begin with a sum": (
        (
            [beside(X, U, 1, 2, 3, 4), beside(U, X, 4, 3, 2, 1)],
            LARGE,
            f"view(W; 0, None, None, 1)*view({(made := 'reshape(matmul(S.T, reshape(view(X; 0, 1, None)*view(U; 0, None, 1), m, k*k)), n, k, k)')}"
            f"; 1, 2, 0, None); {made}*view(W; 1, None, None, 0)",
        ),
        ([beside(X, X, 1, 2, 3, 4)], LARGE),
    ),
    "form inverses": (([Trace(B * Inverse(A))], LARGE, "dot(B, inv(A).T)"), ([B * Inverse(A)], LARGE)),
    "Gram matrix": (
        ([X.T * D * X], LARGE, "matmul((X*view(sqrt(exp(d)); 0, None)).T, X*view(sqrt(exp(d)); 0, None))"),
        ([X.T * D * U], LARGE),
    ),
    "second moments": (
        ([second_moments(X, X, S)], LARGE, "second_moments(X, view(S; 0, 1, None)*view(T; 0, None, 1))"),
        ([second_moments(X, U, S)], LARGE),
    ),
    "fourth moments": (([fourth_moments(X, X)], LARGE, "fourth_moments(X, d)"), ([fourth_moments(X, U)], LARGE)),
    "band": (
        (
            [half.T * DiagMatrix(x[:2, :]) * half + A],
            LARGE,
            f"add_band(A, slice(x, {(of := '0, within(2, n + 1), 1')}; slice), {of}, {of})",
        ),
        ([half.T * A[:2, :2] * half + A], LARGE),
    ),
    "common scalars": (([2 * t * A * B + 2 * t * C * A], LARGE, "2*t*(matmul(A, B) + matmul(C, A))"), ([2 * t * A * B + 3 * C * A], LARGE)),
    "products as arguments lie": (([A * (V * U.T - T.T)], TALL, "matmul(A, (-1*T + matmul(U, V.T)).T)"), ([A * B - C - A.T], LARGE)),
    "outer products together": (
        ([ArrayAdd(ArrayTensorProduct(A, B), ArrayTensorProduct(C, A))], LARGE, "outer_sum(A, C, B, A)"),
        ([A * x * y.T + B], LARGE),
    ),
    "common number": (
        ([HadamardProduct(A, 2 * B) + 2 * C * A], LARGE, "2*(matmul(C, A) + B*A)"),
        ([HadamardProduct(A, 3 * B) + 2 * C * A], LARGE),
    ),
    "common scalars of some": (
        ([A * x + t * B * x - t * y], LARGE, "t*(-1*y + matmul(B, x)) + matmul(A, x)"),
        ([A * x + t * B * x - 2 * y], LARGE),
    ),
    "common transpose": (([T.T * T + B.T], LARGE, "(matmul(T.T, T) + B).T"), ([C * A + B.T], LARGE)),
    "function of transposes": (([(A * B).T.applyfunc(exp)], LARGE, "exp(matmul(A, B)).T"), ([A.T.applyfunc(exp)], LARGE)),
    "function as arguments lie": (
        ([(U * V.T).applyfunc(exp) - MatrixSymbol("S", n, m).T], LARGE, "(-1*S + exp(matmul(V, U.T))).T"),
        ([HadamardProduct(A * B, C)], LARGE),
    ),
    "columns for rows": (([over_rows(X * W)], LARGE, "softmax(matmul(W.T, X.T); 0).T"), ([over_rows(T)], LARGE)),
    "scalars first": (([HadamardProduct(A, t * B * C)], LARGE, "t*(matmul(B, C)*A)"), ([HadamardProduct(A, B * C)], LARGE)),
    "computed first": (([HadamardProduct(A, B.applyfunc(exp))], LARGE, "exp(B)*A"), ([HadamardProduct(A, B)], LARGE)),
    "opposite sum": (
        ([A * HadamardProduct(C, B - C.applyfunc(exp))], LARGE, "-1*matmul(A, (exp(C) + -1*B)*C)"),
        ([A * HadamardProduct(C, B - C)], LARGE),
    ),
}
