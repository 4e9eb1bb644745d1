"""The functions of the grammar as data: how many arguments each takes, and what the elementwise ones are."""
from collections import namedtuple

from sympy import Abs, Max, S, acos, asin, atan, cos, cosh, erf, exp, log, pi, sign, sin, sinh, sqrt, tan, tanh

CONSTANTS = {"pi": pi}


def relu(x):
    """The larger of x and 0; unevaluated where SymPy cannot compare the two."""
    try:
        return Max(x, S.Zero)
    except TypeError:
        return Max(x, S.Zero, evaluate=False)


ELEMENTWISE = {  # of a scalar: the function; of a vector or matrix: entry by entry
    "exp": exp, "log": log, "sqrt": sqrt, "sin": sin, "cos": cos, "tan": tan, "sinh": sinh, "cosh": cosh, "tanh": tanh,
    "asin": asin, "acos": acos, "atan": atan, "abs": Abs, "sign": sign, "erf": erf,
    "sigmoid": lambda x: 1 / (1 + exp(-x)),
    "softplus": lambda x: log(1 + exp(x)),
    "relu": relu,
}  # fmt: skip

Function = namedtuple("Function", "arity scalar help")
MANY = 1000

FUNCTIONS = {  # name: (fewest and most arguments), is the result a scalar, help
    "tr": Function((1, 1), True, "trace"),
    "trace": Function((1, 1), True, "trace"),
    "det": Function((1, 1), True, "determinant"),
    "logdet": Function((1, 1), True, "log(det(X))"),
    "inv": Function((1, 1), False, "inverse, as X.I"),
    "sum": Function((1, 1), True, "sum of all entries"),
    "mean": Function((1, 1), True, "mean of all entries"),
    "norm": Function((1, 1), True, "2-norm of a vector, Frobenius norm of a matrix"),
    "dot": Function((2, 2), True, "x.T*y of two columns"),
    "had": Function((2, MANY), False, "elementwise product"),
    "hadamard": Function((2, MANY), False, "elementwise product"),
    "hpow": Function((2, 2), False, "elementwise power"),
    "apply": Function((2, 2), False, "apply(tanh, W*x): elementwise function"),
    "diag": Function((1, 1), False, "diagonal matrix of a vector; diagonal, as a column, of a matrix"),
    "kron": Function((2, MANY), False, "Kronecker product"),
    "vec": Function((1, 1), False, "columns stacked"),
    "logsumexp": Function((1, 1), True, "log(sum(exp(x)))"),
    "softmax": Function((1, 1), False, "exp(x)/sum(exp(x))"),
    "I": Function((1, 1), False, "identity; `I` alone takes its size from the context"),
    "eye": Function((1, 1), False, "identity"),
    "ones": Function((1, 2), False, "column or matrix of ones"),
    "zeros": Function((1, 2), False, "column or matrix of zeros"),
    "block": Function((1, 1), False, "block([[A, B], [C, D]])"),
}
