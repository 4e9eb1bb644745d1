"""Linear and quadratic forms."""
from sympy import Sum, symbols
from sympy.matrices.expressions import DotProduct, OneMatrix

from ..identity import Identity
from ..symbols import column, columns, m, matrices, matrix, n, p, r, value


def linear():
    """Linear in the variable."""
    a, x = columns("a x", n)
    X = matrix("X", n, n)
    return [
        Identity("mc69", "Matrix Cookbook 2.4", "a'x", a.T * x, x, "gradient", {}, a),
        Identity("mc72b", "Matrix Cookbook 2.4", "a'X'a", a.T * X.T * a, X, "gradient", {}, a * a.T),
    ]


def bilinear():
    """Bilinear in two vectors."""
    a = column("a", m)
    X = matrix("X", m, n)
    b = column("b", n)
    return [
        Identity("mc70", "Matrix Cookbook 2.4", "a'Xb", a.T * X * b, X, "gradient", {}, a * b.T),
    ]


def bilinear_transposed():
    """Bilinear, with the matrix transposed."""
    a = column("a", n)
    X = matrix("X", m, n)
    b = column("b", m)
    return [
        Identity("mc71", "Matrix Cookbook 2.4", "a'X'b", a.T * X.T * b, X, "gradient", {}, b * a.T),
    ]


def quadratic():
    """Quadratic in a vector."""
    x, b = columns("x b", n)
    A, B = matrices("A B", n, n)
    return [
        Identity("mc69d2", "folklore", "x'x as a dot product", DotProduct(x, x), x, "gradient", {}, 2 * x),
        Identity("mc97", "Matrix Cookbook 2.4", "x'Ax + b'x", x.T * A * x + b.T * x, x, "gradient", {}, (A + A.T) * x + b),
        Identity("mc81i", "Matrix Cookbook 2.4", "x'Bx", value(x.T * B * x), x, "gradient", {}, (B + B.T) * x),
    ]


def affine():
    """Products and ratios of affine maps of a vector."""
    B = matrix("B", m, n)
    D = matrix("D", p, n)
    C = matrix("C", m, p)
    x = column("x", n)
    b = column("b", m)
    d = column("d", p)
    return [
        Identity("mc93", "Matrix Cookbook 2.4", "(Bx)'C(Dx)",
                 (B * x).T * C * (D * x), x, "gradient", {}, B.T * C * D * x + D.T * C.T * B * x),
        Identity("mc78", "Matrix Cookbook 2.4", "(Bx+b)'C(Dx+d)",
                 (B * x + b).T * C * (D * x + d), x, "gradient", {}, B.T * C * (D * x + d) + D.T * C.T * (B * x + b)),
        Identity("mc95", "Matrix Cookbook 2.4", "ratio of quadratic forms",
                 value((B * x).T * (B * x)) / value((D * x).T * (D * x)), x, "gradient", {x: "nonzero"},
                 2 / value(x.T * D.T * D * x) * B.T * B * x - 2 * value(x.T * B.T * B * x) / value(x.T * D.T * D * x)**2 * D.T * D * x),
    ]


def quadratic_in_a_matrix():
    """Quadratic in a matrix."""
    b, c = columns("b c", n)
    X = matrix("X", m, n)
    C = matrix("C", m, m)
    d = column("d", m)
    return [
        Identity("mc77", "Matrix Cookbook 2.4", "b'X'Xc", b.T * X.T * X * c, X, "gradient", {}, X * (b * c.T + c * b.T)),
        Identity("mc82", "Matrix Cookbook 2.4", "b'X'CXc",
                 b.T * X.T * C * X * c, X, "gradient", {}, C.T * X * b * c.T + C * X * c * b.T),
        Identity("mc83", "Matrix Cookbook 2.4", "(Xb+d)'C(Xb+d)",
                 (X * b + d).T * C * (X * b + d), X, "gradient", {}, (C + C.T) * (X * b + d) * b.T),
        Identity("mc76", "Matrix Cookbook 2.4", "square of the sum of all entries",
                 value(OneMatrix(1, m) * X * OneMatrix(n, 1))**2, X, "gradient", {},
                 2 * value(OneMatrix(1, m) * X * OneMatrix(n, 1)) * OneMatrix(m, n)),
    ]


def weighted():
    """Weighted squares of a residual."""
    x, s = columns("x s", n)
    W = matrix("W", n, n)
    return [
        Identity("mc85", "Matrix Cookbook 2.4", "(x-s)'W(x-s) by x",
                 (x - s).T * W * (x - s), x, "gradient", {W: "symmetric"}, 2 * W * (x - s)),
        Identity("mc86", "Matrix Cookbook 2.4", "(x-s)'W(x-s) by s",
                 (x - s).T * W * (x - s), s, "gradient", {W: "symmetric"}, -2 * W * (x - s)),
    ]


def weighted_residual():
    """Weighted squares of the residual x - As."""
    x = column("x", m)
    A = matrix("A", m, n)
    s = column("s", n)
    W = matrix("W", m, m)
    return [
        Identity("mc84", "Matrix Cookbook 2.4", "(x-As)'W(x-As) by s",
                 (x - A * s).T * W * (x - A * s), s, "gradient", {W: "symmetric"}, -2 * A.T * W * (x - A * s)),
        Identity("mc88", "Matrix Cookbook 2.4", "(x-As)'W(x-As) by A",
                 (x - A * s).T * W * (x - A * s), A, "gradient", {W: "symmetric"}, -2 * W * (x - A * s) * s.T),
        Identity("mc88w", "Matrix Cookbook 2.4", "(x-As)'W(x-As) by W",
                 (x - A * s).T * W * (x - A * s), W, "gradient", {}, (x - A * s) * (x - A * s).T),
    ]


def powers():
    """Powers of a matrix between vectors."""
    X = matrix("X", n, n)
    a, b = columns("a b", n)
    k = symbols("k", integer=True, positive=True)
    return [
        Identity("mc91_2", "Matrix Cookbook 2.4", "a'X^2 b", a.T * X**2 * b, X, "gradient", {}, a * b.T * X.T + X.T * a * b.T),
        Identity("mc92_2", "Matrix Cookbook 2.4", "a'(X^2)'X^2 b",
                 a.T * (X**2).T * X**2 * b, X, "gradient", {}, X**2 * (a * b.T + b * a.T) * X.T + X.T * X**2 * (a * b.T + b * a.T)),
        Identity("mc91", "Matrix Cookbook 2.4", "a'X^k b, symbolic k",
                 a.T * X**k * b, X, "gradient", {}, Sum(X.T**r * a * b.T * X.T**(k - 1 - r), (r, 0, k - 1))),
    ]


IDENTITIES = [
    *linear(), *bilinear(), *bilinear_transposed(), *quadratic(), *affine(), *quadratic_in_a_matrix(),
    *weighted(), *weighted_residual(), *powers(),
]
