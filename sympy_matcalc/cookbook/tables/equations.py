"""Matrix equations of control: Lyapunov, Sylvester, Riccati."""
from sympy import KroneckerProduct, Trace

from ...nodes import DiscreteLyapunov, Lyapunov, Riccati, Sylvester
from ..identity import Identity
from ..symbols import Eye, column, m, matrices, matrix, n, value


def linear():
    """Linear equations, by the right side and by the coefficients."""
    A, Q, W = matrices("A Q W", n, n)
    M, V = matrix("M", m, m), matrix("V", m, n)
    C = matrix("C", m, n)
    L, X = Lyapunov(A.T, W), Lyapunov(A, Q)
    D, Y = DiscreteLyapunov(A.T, W), DiscreteLyapunov(A, Q)
    S, Z = Sylvester(M.T, A.T, V), Sylvester(M, A, C)
    return [
        Identity("eq1", "Magnus & Neudecker 9", "Lyapunov's equation AX + XA' = Q by Q",
                 Trace(W.T * X), Q, "gradient", {A: "logdomain"}, L),
        Identity("eq2", "Magnus & Neudecker 9", "Lyapunov's equation by A",
                 Trace(W.T * X), A, "gradient", {A: "logdomain"}, -L * X.T - L.T * X),
        Identity("eq3", "Golub & Van Loan 7.6", "Sylvester's equation MX + XA = C by C",
                 Trace(V.T * Z), C, "gradient", {A: "logdomain", M: "logdomain"}, S),
        Identity("eq4", "Golub & Van Loan 7.6", "Sylvester's equation by M",
                 Trace(V.T * Z), M, "gradient", {A: "logdomain", M: "logdomain"}, -S * Z.T),
        Identity("eq5", "Golub & Van Loan 7.6", "Lyapunov's equation of discrete time X = AXA' + Q by Q",
                 Trace(W.T * Y), Q, "gradient", {A: "small"}, D),
        Identity("eq6", "Golub & Van Loan 7.6", "Lyapunov's equation of discrete time by A",
                 Trace(W.T * Y), A, "gradient", {A: "small"}, D * A * Y.T + D.T * A * Y),
        Identity("eq7", "Golub & Van Loan 7.6", "Lyapunov's equation, vec form",
                 X, Q, "vec jacobian", {A: "logdomain"}, (KroneckerProduct(Eye(n), A) + KroneckerProduct(A, Eye(n))).I),
    ]


def riccati():
    """The cost of the linear-quadratic regulator."""
    A, Q = matrices("A Q", n, n)
    B, R = matrix("B", n, m), matrix("R", m, m)
    x = column("x", n)
    P = Riccati(A, B, Q, R)
    L = Lyapunov(A - B * R.I * B.T * P, x * x.T)
    facts = {Q: "spd", R: "spd"}
    return [
        Identity("eq8", "Lancaster & Rodman", "cost x'Px of the regulator by its weight Q", value(x.T * P * x), Q, "gradient", facts, -L),
        Identity("eq9", "Lancaster & Rodman", "cost of the regulator by A", value(x.T * P * x), A, "gradient", facts, -2 * P * L),
        Identity("eq10", "Lancaster & Rodman", "cost of the regulator by B",
                 value(x.T * P * x), B, "gradient", facts, 2 * P * L * P * B * R.I),
    ]


IDENTITIES = [*linear(), *riccati()]
