"""The functions of the grammar as data: what each takes, the shape of what it gives, and the SymPy node that it is."""

from collections.abc import Callable
from typing import NamedTuple

from sympy import Abs, Heaviside, Mul, S, acos, asin, atan, cos, cosh, erf, exp, log, pi, sign, sin, sinh, sqrt, tan, tanh

from .. import nodes as N
from ..nodes.analytic import not_analytic
from ..nodes.bound import BOUND, as_function

CONSTANTS = {"pi": pi}
ELEMENTWISE = {  # of a scalar: the function; of a vector or matrix: entry by entry
    "exp": exp, "log": log, "sqrt": sqrt, "sin": sin, "cos": cos, "tan": tan, "sinh": sinh, "cosh": cosh, "tanh": tanh,
    "asin": asin, "acos": acos, "atan": atan, "abs": Abs, "sign": sign, "erf": erf,
    "sigmoid": N.Sigmoid, "softplus": N.Softplus, "relu": N.Relu, "step": lambda x: Heaviside(x, 0),
}  # fmt: skip
ANALYTIC = sorted(name for name, f in ELEMENTWISE.items() if not not_analytic(f(BOUND), BOUND))  # those of a matrix
WRITTEN = {type(f(BOUND)).__name__: name for name, f in ELEMENTWISE.items()}  # SymPy's name of a function -> ours
ALIASES = {
    "trace": "tr", "hadamard": "had", "eye": "I",
    "norm2": "spectral_norm", "spectral": "spectral_norm", "nuclear": "nuclear_norm", "cholesky": "chol",
}  # fmt: skip


class Function(NamedTuple):
    """A function of the grammar.

    takes: the kind of each argument, the last one also of all that follow: "value", an expression; "matrix", "vector", "square" (matrix);
    "function" (a name, or a map), "size", "index", "power" (of a norm), "order" (a number that may be left out), "direction" (of the
    shape of the square matrix). For a function that is a node: `node`; `shape`, of the result, from the sizes of the first matrix and
    the sizes that are given; `of_scalar`, what it is of a number.
    """

    usage: str
    help: str
    arity: tuple = (1, 1)
    scalar: bool = False
    takes: tuple = ("value",)
    node: type | None = None
    shape: Callable | None = None
    of_scalar: Callable | None = None


MANY = 1000


def _node(node, takes, shape, of_scalar, usage, help, arity=None):
    takes = tuple(takes.split())
    return Function(usage, help, arity or (len(takes), len(takes)), shape is SCALAR, takes, node, shape, of_scalar)


def SCALAR(*sizes):
    return S.One, S.One


def _same(rows, cols):
    return rows, cols


def _rows(rows, cols):
    return rows, S.One


def _cols(rows, cols):
    return cols, S.One


def _itself(x, *index):
    return x


def _absolute(x, *index):
    return Abs(x)


def _one(*args):
    return S.One


def _frechet_of_scalar(f, x, *directions):
    return as_function(f).expr.diff(BOUND, len(directions)).xreplace({BOUND: x}) * Mul(*directions)


def _frechet_matrix_of_scalar(f, x, *args):
    order = int(args[0]) if args and args[0].is_Integer else 1
    directions = args[1:] if args and args[0].is_Integer else args
    return _frechet_of_scalar(f, x, *directions, *[S.One] * order)


def _frechet_matrix_shape(rows, cols, order=1):
    return rows * cols, rows ** (2 * order)


FUNCTIONS = {
    "tr": Function("tr(X)", "trace", scalar=True),
    "det": Function("det(X)", "determinant", scalar=True),
    "logdet": Function("logdet(X)", "log(det(X))", scalar=True),
    "inv": Function("inv(X)", "inverse, as X.I"),
    "sum": _node(N.ElementSum, "matrix", SCALAR, _itself, "sum(X)", "sum of all entries"),
    "mean": _node(N.Mean, "matrix", SCALAR, _itself, "mean(X)", "mean of all entries"),
    "rowsum": _node(N.RowSum, "matrix", _rows, _itself, "rowsum(X)", "column of the sums over each row"),
    "norm": _node(N.Norm, "matrix power", SCALAR, _absolute, "norm(X), norm(X, p)", "entrywise norm, p a number >= 1 or inf; "
                  "without p the 2-norm of a vector, the Frobenius norm of a matrix", (1, 2)),
    "spectral_norm": _node(N.SpectralNorm, "matrix", SCALAR, _absolute, "spectral_norm(X)", "largest singular value, the induced 2-norm"),
    "nuclear_norm": _node(N.NuclearNorm, "matrix", SCALAR, _absolute, "nuclear_norm(X)", "sum of the singular values"),
    "dot": Function("dot(x, y)", "x.T*y of two columns", (2, 2), True),
    "had": Function("had(X, Y)", "elementwise product", (2, MANY)),
    "hpow": Function("hpow(X, k)", "elementwise power", (2, 2)),
    "apply": Function("apply(u -> u**2, X)", "elementwise function, by a name (tanh) or as a map", (2, 2), takes=("function", "value")),
    "diag": Function("diag(x), diag(X)", "diagonal matrix of a vector; diagonal, as a column, of a matrix"),
    "kron": Function("kron(X, Y)", "Kronecker product", (2, MANY)),
    "vec": Function("vec(X)", "columns stacked"),
    "unvec": _node(N.Unvec, "vector size size", lambda rows, cols, m, n: (m, n), _itself,
                   "unvec(x, m, n)", "the m x n matrix whose columns, stacked, are x"),
    "logsumexp": _node(N.LogSumExp, "vector", SCALAR, _itself, "logsumexp(x)", "log(sum(exp(x))) of a vector"),
    "softmax": _node(N.Softmax, "vector", _same, _one, "softmax(x)", "exp(x)/sum(exp(x)) of a vector"),
    "expm": _node(N.MatrixExp, "square", _same, exp, "expm(X)", "matrix exponential"),
    "logm": _node(N.MatrixLog, "square", _same, log, "logm(X)", "principal matrix logarithm"),
    "sqrtm": _node(N.MatrixSqrt, "square", _same, sqrt, "sqrtm(X)", "principal matrix square root"),
    "sinm": _node(N.MatrixSin, "square", _same, sin, "sinm(X)", "matrix sine"),
    "cosm": _node(N.MatrixCos, "square", _same, cos, "cosm(X)", "matrix cosine"),
    "funm": _node(N.MatrixFunction, "function square", _same, lambda f, x: f(x),
                  "funm(tanh, X)", "matrix function, of a name or of a map u -> u/(1 + u)"),
    "frechet": _node(N.FrechetDerivative, "function square direction", _same, _frechet_of_scalar,
                     "frechet(exp, X, E)", "Frechet derivative of a matrix function at X in the direction E, or several", (3, MANY)),
    "frechet_matrix": _node(N.FrechetMatrix, "function square order direction", _frechet_matrix_shape, _frechet_matrix_of_scalar,
                            "frechet_matrix(exp, X)", "K with vec(frechet(exp, X, E)) = K*vec(E)", (2, MANY)),
    "pinv": _node(N.PseudoInverse, "matrix", lambda rows, cols: (cols, rows), lambda x: 1 / x, "pinv(X)", "Moore-Penrose inverse"),
    "eigval": _node(N.Eigenvalue, "square index", SCALAR, _itself, "eigval(X, i)", "eigenvalue of a symmetric matrix, ascending from 0"),
    "eigvec": _node(N.Eigenvector, "square index", _rows, _one, "eigvec(X, i)", "its unit eigenvector"),
    "eigsum": _node(N.EigenvalueSum, "square", SCALAR, _itself, "eigsum(X)", "sum of the eigenvalues"),
    "eigprod": _node(N.EigenvalueProduct, "square", SCALAR, _itself, "eigprod(X)", "product of the eigenvalues"),
    "resolvent": _node(N.ReducedResolvent, "square index", _same, lambda x, i: S.Zero, "resolvent(X, i)", "pinv(eigval(X, i)*I - X)"),
    "singval": _node(N.SingularValue, "matrix index", SCALAR, _absolute, "singval(X, i)", "singular value, descending from 0"),
    "left_singvec": _node(N.LeftSingularVector, "matrix index", _rows, None, "left_singvec(X, i)", "its left unit singular vector"),
    "right_singvec": _node(N.RightSingularVector, "matrix index", _cols, None, "right_singvec(X, i)", "its right unit singular vector"),
    "chol": _node(N.Cholesky, "square", _same, sqrt, "chol(X)", "lower Cholesky factor of a symmetric positive definite matrix"),
    "halflower": _node(N.HalfLower, "size", lambda n: (n, n), lambda: S.Half, "halflower(n)", "1 below the diagonal, 1/2 on it, 0 above"),
    "commutation": _node(N.CommutationMatrix, "size size", lambda m, n: (m * n, m * n), _one,
                         "commutation(m, n)", "K with K*vec(X) = vec(X.T) of an m x n matrix X"),
    "duplication": _node(N.DuplicationMatrix, "size", lambda n: (n**2, n * (n + 1) / 2), _one,
                         "duplication(n)", "D with D*vech(X) = vec(X) of a symmetric n x n matrix X"),
    "unit": _node(N.MatrixUnit, "size size index index", lambda m, n: (m, n), _one, "unit(m, n, i, j)", "m x n matrix with a single 1"),
    "I": Function("I, I(n)", "identity; `I` alone takes its size from the context", takes=("size",)),
    "ones": Function("ones(n), ones(m, n)", "column or matrix of ones", (1, 2), takes=("size",)),
    "zeros": Function("zeros(n), zeros(m, n)", "column or matrix of zeros", (1, 2), takes=("size",)),
    "block": Function("block([[A, B], [C, D]])", "block matrix"),
}  # fmt: skip
WORDS = {*FUNCTIONS, *ALIASES, *ELEMENTWISE}  # what is no name


def help_of_functions():
    """A line a function: how it is called, what it is."""
    other = {name: [a for a in ALIASES if ALIASES[a] == name] for name in FUNCTIONS}
    texts = [(f.usage, f.help + (f" (also {', '.join(other[name])})" if other[name] else "")) for name, f in FUNCTIONS.items()]
    return [f"{usage:24} {text}" for usage, text in texts]
