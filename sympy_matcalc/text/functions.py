"""The functions of the grammar as data: what each takes, the shape of what it gives, and the SymPy node that it is.

Those that are nodes of the package are read off the classes, where they are declared (`nodes.declaration`); those of SymPy are below.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from sympy import Basic, MatrixExpr, MatrixSymbol, S, exp, pi

from ..nodes.analytic import not_analytic
from ..nodes.bound import BOUND, as_function
from ..nodes.declaration import MANY, NODES, OwnNode, Typed, typed_of
from ..nodes.elementwise import Elementwise
from ..nodes.words import FUNCTIONS as SYMPYS
from ..strict import sympified
from .written_out import WRITTEN_OUT

CONSTANTS = {"pi": pi}
TYPED = {node.typed.name: node for node in NODES.values() if isinstance(node.typed, Typed)}
ENTRYWISE = {name: node for name, node in TYPED.items() if issubclass(node, Elementwise) and not node.parameters}
ELEMENTWISE = {**SYMPYS, **ENTRYWISE}  # of a scalar: the function; of a vector or matrix: entry by entry
ANALYTIC = sorted(name for name, f in ELEMENTWISE.items() if not not_analytic(f(BOUND), BOUND))  # those of a matrix
WRITTEN = {type(f(BOUND)).__name__: name for name, f in ELEMENTWISE.items()}  # SymPy's name of a function -> ours
OTHER_NAMES = {"trace": "tr", "hadamard": "had", "eye": "I", "piecewise": "where", "ln": "log", "gammaln": "lgamma", "loggamma": "lgamma"}
OTHER_NAMES |= {"expit": "sigmoid", "plogis": "sigmoid", "diagm": "diag", "Diagonal": "diag", "maximum": "max", "minimum": "min"}
OTHER_NAMES |= {"sylvester": "sylv", "riccati": "care", "logistic": "sigmoid"}
OTHER_NAMES |= {"arc" + name: "a" + name for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh")}
PRINTED = {  # the classes of SymPy and of the package, as `str` and `srepr` call them
    "Trace": "tr", "Determinant": "det", "HadamardProduct": "had", "HadamardPower": "hpow", "KroneckerProduct": "kron",
    "DiagMatrix": "diag", "DiagonalOf": "diag", "OneMatrix": "ones", "ZeroMatrix": "zeros", "Identity": "I", "Abs": "abs", "Max": "max",
    "Min": "min", "Inverse": "inv", "DotProduct": "dot", "Heaviside": "step",
    **{node.__name__: node.word() for node in NODES.values() if node.word() != node.__name__},
}  # fmt: skip
ALIASES = OTHER_NAMES | {alias: name for name, node in TYPED.items() for alias in typed_of(node).aliases}


class Function(NamedTuple):
    """A function of the grammar.

    takes: the kind of each argument, as `nodes.declaration.Typed` has them. For a function that is a node: `node`; `shape`, of the result,
    from the sizes of the first matrix and the sizes that are given; `of_number`, what it is of a number.
    """

    usage: str
    help: str
    arity: tuple = (1, 1)
    scalar: bool = False
    takes: tuple = ("value",)
    node: Any = None
    shape: Callable | None = None
    of_number: Callable | None = None

    @property
    def entrywise(self) -> bool:
        """Whether it takes each entry of its first argument by itself."""
        return self.node is not None and issubclass(self.node, Elementwise)


def function_of(node: type[OwnNode]) -> Function:
    """The function that makes a node of the package, as its class says."""
    typed = typed_of(node)
    return Function(typed.call, typed.help, typed.counts, is_scalar(node), typed.kinds, node, partial(shape_of_node, node), typed.of_number)


def is_scalar(node: type[OwnNode]) -> bool:
    """Whether a node is a number, whatever the shape of its arguments is."""
    return not issubclass(node, (MatrixExpr, Elementwise))


OF_SIZES = ("size", "order")
STAND_INS = {"function": as_function(exp), "index": S.Zero, "power": S(2), "number": S.One}  # the shape does not depend on them


def shape_of_node(node: type[OwnNode], *sizes) -> tuple:
    """The shape of a node, by its class, from the sizes of its first matrix, the sizes that are given, and an order."""
    if is_scalar(node):
        return S.One, S.One
    left, kinds = list(map(sympified, sizes)), typed_of(node).kinds
    shape = (left.pop(0), left.pop(0)) if kinds[0] != "size" else ()
    if issubclass(node, Elementwise):
        return shape
    args = []
    for kind in kinds:
        if kind not in OF_SIZES:
            args.append(STAND_INS[kind] if kind in STAND_INS else MatrixSymbol("X", *shape))
        elif left:
            args.append(left.pop(0))
    return Basic.__new__(node, *args).shape


FUNCTIONS = {
    "tr": Function("tr(X)", "trace", scalar=True),
    "det": Function("det(X)", "determinant", scalar=True),
    "logdet": Function("logdet(X)", "log(det(X))", scalar=True),
    "inv": Function("inv(X)", "inverse, as X.I"),
    "dot": Function("dot(x, y)", "x.T*y of two columns, tr(X.T*Y) of two matrices", (2, 2), True),
    "had": Function("had(X, Y)", "elementwise product", (2, MANY)),
    "hpow": Function("hpow(X, k)", "elementwise power; k may be of the shape of X", (2, 2)),
    "max of several": Function("max(a, b), max(X, Y, c)", "largest of scalars, or of the entries of each matrix and scalars", (2, MANY)),
    "min of several": Function("min(a, b), min(X, Y, c)", "smallest of scalars, or of the entries of each matrix and scalars", (2, MANY)),
    "where": Function("where(a > 0, a, b)", "a where the condition holds, else b, of scalars; also where(c, x, d, y, z)", (3, MANY), True),
    "step": Function("step(X), step(X, h)", "1 where positive, 0 where negative, h (or 0) at 0", (1, 2), takes=("value", "number")),
    "polygamma": Function("polygamma(k, X)", "derivative k + 1 of lgamma", (2, 2), takes=("number", "value")),
    "apply": Function("apply(u -> u**2, X)", "elementwise function, by a name (tanh) or as a map", (2, 2), takes=("function", "value")),
    "diag": Function("diag(x), diag(X)", "diagonal matrix of a vector; diagonal, as a column, of a matrix"),
    "diag of offset": Function("diag(x, k), diag(X, k)", "the same of diagonal k", (2, 2), takes=("value", "offset")),
    "rowmean": Function("rowmean(X)", "column of the means of each row, as mean(X, axis=1)"),
    "gather": Function("gather(X, [2, 0, 0])", "rows of a matrix by their numbers, from 0 on", (2, 2), takes=("value", "numbers")),
    "scatter": Function("scatter(X, [2, 0, 0], n)", "n rows, those of X added up by number", (3, 3), takes=("value", "numbers", "size")),
    "KroneckerDelta": Function("KroneckerDelta(i, j)", "1 where two indices are equal, else 0", (2, 2), True, ("index", "index")),
    "kron": Function("kron(X, Y)", "Kronecker product", (2, MANY)),
    "I": Function("I, I(n)", "identity; `I` alone takes its size from the context", takes=("size",)),
    "ones": Function("ones(n), ones(m, n)", "column or matrix of ones", (1, 2), takes=("size",)),
    "zeros": Function("zeros(n), zeros(m, n)", "column or matrix of zeros", (1, 2), takes=("size",)),
    "sylv": Function("sylv(A, B, C)", "solution Y of A*Y + Y*B = C", (3, 3)),
    "care": Function("care(A, B, Q, R)", "stabilising solution Y of A.T*Y + Y*A - Y*B*R.I*B.T*Y + Q = 0", (4, 4)),
    "dare": Function("dare(A, B, Q, R)", "stabilising solution of Riccati's equation of discrete time", (4, 4)),
    "hstack": Function("hstack(X, Y)", "matrices beside one another", (2, MANY)),
    "vstack": Function("vstack(X, Y)", "matrices below one another", (2, MANY)),
    "outer": Function("outer(x, y)", "x*y.T of two columns", (2, 2)),
    "Matrix": Function("Matrix([[a, b], [c, d]])", "matrix of these numbers"),
    "block": Function("block([[A, B], [C, D]])", "block matrix"),
}  # fmt: skip
FUNCTIONS |= {name: function_of(node) for name, node in TYPED.items() if name not in ENTRYWISE}
SEVERAL = {
    "max": "max of several",
    "min": "min of several",
    "diag": "diag of offset",
}  # other functions where there is more than one argument
FILLED = {"vector": 1, "matrix": 2}  # `vector(1)`: of ones, of the length that it needs
NORMS = {"norm1": (1,), "normF": (), "norm_F": (), "norm_fro": ()}  # as MATLAB and matrixcalculus.org call them: the power behind `norm`
WORDS = {*FUNCTIONS, *ALIASES, *ELEMENTWISE, *NORMS, *WRITTEN_OUT, "slogdet"} - {*SEVERAL.values()}  # what is no name


def help_of_functions():
    """A line a function: how it is called, what it is."""
    other = {name: [a for a in ALIASES if ALIASES[a] == name] for name in FUNCTIONS}
    other["norm"] = [*other["norm"], *NORMS]
    texts = [(f.usage, f.help + (f" (also {', '.join(other[name])})" if other[name] else "")) for name, f in FUNCTIONS.items()]
    texts.append(("slogdet(X)[1]", "as logabsdet(X); also read as what they are: " + ", ".join(sorted(WRITTEN_OUT))))
    return [f"{usage:24} {text}" for usage, text in texts]


def help_of_elementwise():
    """The functions of entries, with their other names."""
    other = {name: [a for a in ALIASES if ALIASES[a] == name] for name in ELEMENTWISE}
    return ", ".join(f"{name} ({', '.join(other[name])})" if other[name] else name for name in sorted(ELEMENTWISE))
