"""A node of each operation, and its value by the code of a back end: what the tests of the table cross with its questions."""

import numpy as np
from sympy import MatrixSymbol, Symbol, symbols

from sympy_matcalc.codegen.backends import registry
from sympy_matcalc.codegen.ir.graph import Graph
from sympy_matcalc.codegen.ir.labels import Label
from sympy_matcalc.codegen.ir.product import Factor
from sympy_matcalc.codegen.schedule import Scheduler
from sympy_matcalc.nodes.declared_code import NumericCode

m, n = symbols("m n", integer=True, positive=True)
t = Symbol("t", positive=True)
NUMBERS = {m: 3, n: 4}
A, B, X = MatrixSymbol("A", n, n), MatrixSymbol("B", n, n), MatrixSymbol("X", m, n)
x, y = MatrixSymbol("x", n, 1), MatrixSymbol("y", m, 1)


def environment(seed=0):
    """Values of the symbols."""
    rng = np.random.default_rng(seed)
    env = {M: rng.standard_normal([int(s.subs(NUMBERS)) for s in M.shape if s != 1]) for M in (A, B, X, x, y)}
    env[A] += 4 * np.eye(4)
    return env | NUMBERS | {t: 1.3}


class Leaves:
    """A graph with nodes of the symbols."""

    def __init__(self):
        self.graph = g = Graph()
        self.A, self.B, self.X, self.x, self.y = (g.make("arg", (), (M,), weak=False) for M in (A, B, X, x, y))
        self.m, self.n = (self.size(s) for s in (m, n))
        self.t, self.dtype = g.make("sym", (), (t,), weak=False), g.dtype_node()
        self.zero, self.one, self.two = map(g.const, (0, 1, 2))
        self.symmetric = g.add(self.A, g.transpose(self.A))
        self.definite = g.add(g.matmul(g.transpose(self.A), self.A), g.eye(self.n))

    def size(self, size):
        """The node of a SymPy size."""
        if size.is_Integer:
            return self.graph.const(int(size))
        if size.is_Symbol:
            return self.graph.make("sym", (), (size,), integer=True, weak=True)
        make = {"Add": self.graph.add, "Mul": self.graph.mul}[type(size).__name__]
        return make(*map(self.size, size.args))

    def turned(self):
        """A solution with the transpose of what was factored, where that with the matrix is there."""
        factor, right = self.factor(), self.graph.transpose(self.X)
        return self.graph.make("turned_factored", (self.graph.make("solve_factored", (factor, right), (False,)), factor, right))

    def loop(self):
        """The sum of ``t x[i]`` over i."""
        g = self.graph
        i = g.iter()
        body = g.mul(self.t, g.make("index", (self.x, i), (0,)))
        return g.make("loop", (body, self.zero, self.n, self.dtype), ("sum", i, True))

    def columns(self):
        """The columns ``i x``, for i from 1 to m."""
        g = self.graph
        i = g.iter()
        return g.make("loop", (g.mul(i, self.x), self.one, g.add(self.m, self.one), self.dtype), ("columns", i, True))

    def tiles(self):
        """The sum of the rows of ``exp(X)``, and the rows, two at a time."""
        g = self.graph
        it = g.iter("tiles")
        size = g.make("builtin", (self.two, g.add(self.m, g.mul(g.const(-1), it))), ("min",), integer=True, weak=True)
        part = g.call("exp", g.make("slice", (self.X, it, g.add(it, size), self.one), ("slice", None)))
        return g.make("tiles", (g.sum(part, (0,)), part, self.m, self.two), (it, "add", 0))

    def room(self):
        operands = (self.graph.const(10**6), self.n, self.m, self.dtype, self.X)
        return self.graph.make("room", operands, (8,), integer=True, weak=True)

    def svd(self):
        return self.graph.make("svd", (self.X,))

    def item(self, source, k):
        return self.graph.make("item", (source,), (k,))

    def factor(self):
        return self.graph.make("factor", (self.A,), ("general",))

    def contraction(self):
        """``t sum_j X_ij A^-1_jk B_kj``."""
        i, j, k = Label(m), Label(n), Label(n)
        factors = [Factor(self.X, (i, j)), Factor(self.A, (j, k), inverse=True), Factor(self.B, (k, j))]
        return self.graph.contract(factors, (i, k), self.t)


def cube(values):
    """A function that a user may declare."""
    return values**3


def bounds(s):
    return s.one, s.n, s.two


SAMPLES = {
    "arg": lambda s: s.X,
    "sym": lambda s: s.t,
    "const": lambda s: s.graph.const(2.5),
    "dtype": lambda s: s.dtype,
    "iter": lambda s: s.graph.iter(),
    "int": lambda s: s.graph.to_int(s.graph.call("floor", s.x)),
    "builtin": lambda s: s.graph.make("builtin", (s.m, s.n), ("max",), integer=True, weak=True),
    "direction": lambda s: s.graph.make("direction", (s.n, s.m), integer=True, weak=True),
    "within": lambda s: s.graph.make("within", (s.two, s.n), integer=True, weak=True),
    "size": lambda s: s.graph.make("size", (s.X,), (1,), integer=True, weak=True),
    "simple": lambda s: s.graph.make(
        "simple", (s.item(s.graph.make("eigh", (s.symmetric,)), 0), s.one), ("eigenvalue",), integer=True, weak=True
    ),
    "add": lambda s: s.graph.add(s.X, s.x, s.t),
    "mul": lambda s: s.graph.mul(s.X, s.graph.view(s.y, (0, None))),
    "pow": lambda s: s.graph.pow(s.symmetric, s.two),
    "call": lambda s: s.graph.call("arctan2", s.X, s.x),
    "compare": lambda s: s.graph.compare("<", s.X, s.t),
    "where": lambda s: s.graph.where(s.graph.compare("<", s.X, s.t), s.zero, s.x),
    "float": lambda s: s.graph.floating(s.graph.compare("<", s.X, s.t)),
    "view": lambda s: s.graph.make("view", (s.X,), (1, None, 0)),
    "reshape": lambda s: s.graph.reshape(s.X, [s.graph.mul(s.m, s.n)]),
    "full": lambda s: s.graph.full(s.x, [s.m, s.n]),
    "contract": lambda s: s.contraction(),
    "matmul": lambda s: s.graph.matmul(s.X, s.graph.transpose(s.X)),
    "dot": lambda s: s.graph.make("dot", (s.X, s.X)),
    "einsum": lambda s: s.graph.make("einsum", (s.A, s.X), ("ab,ca->abc",)),
    "outer_sum": lambda s: s.graph.make("outer_sum", (s.x, s.x, s.X, s.X)),
    "sum_of_products": lambda s: s.graph.make("sum_of_products", (s.graph.view(s.y, (0, None)), s.x, s.graph.view(s.y, (0, None)), s.X)),
    "second_moments": lambda s: s.graph.make("second_moments", (s.X, s.graph.make("einsum", (s.X, s.y), ("ab,a->ab",)))),
    "fourth_moments": lambda s: s.graph.make("fourth_moments", (s.X, s.y)),
    "weighted_gram": lambda s: s.graph.make("weighted_gram", (s.X, s.y)),
    "kron": lambda s: s.graph.make("kron", (s.X, s.A)),
    "sum": lambda s: s.graph.sum(s.X, (0,)),
    "prod": lambda s: s.graph.make("prod", (s.X,), (1,)),
    "max": lambda s: s.graph.make("max", (s.X,), (0,)),
    "max_or_zero": lambda s: s.graph.make("max_or_zero", (s.X,), (0,)),
    "min": lambda s: s.graph.make("min", (s.X,), (1,)),
    "hardmax": lambda s: s.graph.make("hardmax", (s.X,), (1,)),
    "triangle": lambda s: s.graph.make("triangle", (s.X, s.one), ("triu",)),
    "distinct": lambda s: s.graph.make("distinct", tuple(s.item(s.graph.make("eigh", (s.symmetric,)), k) for k in (1, 0)), ("eigenvalue",)),
    "gap_matrix": lambda s: s.graph.make("gap_matrix", (s.x,)),
    "others": lambda s: s.graph.make("others", (s.X,)),
    "other_pairs": lambda s: s.graph.make("other_pairs", (s.x,)),
    "tied": lambda s: s.graph.make("tied", (s.X,), ("toeplitz", True)),
    "structure_basis": lambda s: s.graph.make("structure_basis", (s.n, s.n, s.dtype), ("skew",)),
    "cumulative": lambda s: s.graph.make("cumulative", (s.X,), ("cumsum", False)),
    "decay": lambda s: s.graph.make("decay", (s.x,), ("tril",)),
    "decayed": lambda s: s.graph.make("decayed", (s.X, s.y), (True,)),
    "gather": lambda s: s.graph.make("gather", (s.X,), (2, 0, 0)),
    "scatter": lambda s: s.graph.make("scatter", (s.X, s.n), (2, 0, 0)),
    "qr": lambda s: s.graph.make("qr", (s.A,)),
    "lu": lambda s: s.graph.make("lu", (s.A,)),
    "sylvester": lambda s: s.graph.make("sylvester", (s.graph.eye(s.m), s.definite, s.X)),
    "norm": lambda s: s.graph.make("norm", (s.X,), (0,)),
    "p_norm": lambda s: s.graph.make("p_norm", (s.X, s.graph.const(3)), (0,)),
    "root_of_squares": lambda s: s.graph.make("root_of_squares", (s.X,), (0,)),
    "logsumexp": lambda s: s.graph.make("logsumexp", (s.X,), (1,)),
    "softmax": lambda s: s.graph.make("softmax", (s.X,), (0,)),
    "log_softmax": lambda s: s.graph.make("log_softmax", (s.X,), (0,)),
    "weighted_softmax": lambda s: s.graph.make("weighted_softmax", (s.X, s.graph.call("abs", s.X), s.graph.call("exp", s.X)), (1,)),
    "trace": lambda s: s.graph.make("trace", (s.A,)),
    "solve": lambda s: s.graph.solve(s.A, s.graph.transpose(s.X)),
    "inv": lambda s: s.graph.inv(s.definite),
    "det": lambda s: s.graph.of_square("det", s.A),
    "slogdet": lambda s: s.graph.of_square("slogdet", s.A),
    "matrix_power": lambda s: s.graph.make("matrix_power", (s.A, s.two)),
    "factor": lambda s: s.factor(),
    "adjugate": lambda s: s.graph.make("adjugate", (s.A,)),
    "regular": lambda s: s.graph.make("regular", (s.A,)),
    "regular_factored": lambda s: s.graph.make("regular_factored", (s.A, s.factor())),
    "solve_factored": lambda s: s.graph.make("solve_factored", (s.factor(), s.graph.transpose(s.X)), (True,)),
    "gram_factored": lambda s: s.graph.make("gram_factored", (s.factor(), s.graph.transpose(s.X)), (True,)),
    "forms_factored": lambda s: s.graph.make("forms_factored", (s.factor(), s.graph.transpose(s.X))),
    "turned_factored": lambda s: s.turned(),
    "inv_factored": lambda s: s.graph.make("inv_factored", (s.factor(),)),
    "det_factored": lambda s: s.graph.make("det_factored", (s.factor(),)),
    "slogdet_factored": lambda s: s.graph.make("slogdet_factored", (s.factor(),)),
    "svd": lambda s: s.svd(),
    "eigh": lambda s: s.graph.make("eigh", (s.symmetric,)),
    "item": lambda s: s.item(s.svd(), 2),
    "finite": lambda s: s.graph.make("finite", (s.symmetric,)),
    "symmetric": lambda s: s.graph.make("symmetric", (s.symmetric,)),
    "discrete_lyapunov": lambda s: s.graph.make("discrete_lyapunov", (s.A, s.definite)),
    "care": lambda s: s.graph.make("care", (s.A, s.A, s.definite, s.definite)),
    "dare": lambda s: s.graph.make("dare", (s.A, s.A, s.definite, s.definite)),
    "stumpff": lambda s: s.graph.make("stumpff", (s.graph.call("abs", s.X),), (2,)),
    "real_eigen": lambda s: s.graph.make("real_eigen", (s.symmetric, s.zero)),
    "group_resolvent": lambda s: s.graph.make(
        "group_resolvent",
        (s.symmetric, *(s.graph.make("item", (s.graph.make("real_eigen", (s.symmetric, s.zero)),), (k,)) for k in range(3))),
    ),
    "cholesky": lambda s: s.graph.make("cholesky", (s.definite,)),
    "pinv": lambda s: s.graph.make("pinv", (s.X,)),
    "reciprocal": lambda s: s.graph.make("reciprocal", (s.item(s.svd(), 1), s.item(s.svd(), 2))),
    "inverse_gaps": lambda s: s.graph.make("inverse_gaps", (s.item(s.graph.make("eigh", (s.symmetric,)), 0), SAMPLES["simple"](s))),
    "matrix_function": lambda s: s.graph.make("matrix_function", (s.A,), ("expm",)),
    "spectrum": lambda s: s.graph.make("spectrum", (s.definite,)),
    "frechet": lambda s: s.graph.make(
        "frechet", (s.definite, s.graph.make("spectrum", (s.definite,)), s.B, s.t), (("mul", 0, ("log", "x")), 1)
    ),
    "frechet_matrix": lambda s: s.graph.make("frechet_matrix", (s.A, s.graph.make("spectrum", (s.A,)), s.B), (("exp", "x"), 1)),
    "frechet_between": lambda s: s.graph.make(
        "frechet_between",
        (s.definite, s.graph.make("spectrum", (s.definite,)), s.B, s.A, s.B),
        (("log", "x"), 1, (True, False, False, True)),
    ),
    "block_triangular": lambda s: s.graph.make("block_triangular", (s.A, s.B, s.A)),
    "like": lambda s: s.graph.make("like", (SAMPLES["matrix_function"](s), s.A)),
    "eye": lambda s: s.graph.make("eye", (s.m, s.dtype, s.n)),
    "zeros": lambda s: s.graph.make("zeros", (s.dtype, s.m, s.n)),
    "arange": lambda s: s.graph.make("arange", (s.two, s.n), integer=True),
    "array": lambda s: s.graph.make("array", (s.t, s.one, s.zero, s.t, s.dtype), (2, 2)),
    "block": lambda s: s.graph.make("block", (s.A, s.B, s.X, s.X), (2, 2)),
    "stack": lambda s: s.graph.make("stack", (s.columns(),)),
    "tri": lambda s: s.graph.make("tri", (s.n, s.dtype)),
    "duplication": lambda s: s.graph.make("duplication", (s.n, s.dtype)),
    "unit_matrix": lambda s: s.graph.make("unit_matrix", (s.n, s.two, s.dtype)),
    "selector": lambda s: s.graph.make("selector", (s.n, s.dtype, *bounds(s))),
    "diag": lambda s: s.graph.make("diag", (s.x,)),
    "diagonal": lambda s: s.graph.make("diagonal", (s.graph.make("einsum", (s.A, s.X), ("ab,ca->acb",)),), (0, 2)),
    "embed": lambda s: s.graph.make("embed", (s.X, s.dtype, s.m, s.n, s.m), ("aba", "ab")),
    "add_diagonal": lambda s: s.graph.make("add_diagonal", (s.symmetric, s.x), ("aa", "a")),
    "add_band": lambda s: s.graph.make("add_band", (s.A, s.y, s.one, s.n, s.one, s.zero, s.m, s.one)),
    "index": lambda s: s.graph.make("index", (s.X, s.two), (0, None)),
    "slice": lambda s: s.graph.make("slice", (s.X, s.two, *bounds(s)), ("index", "slice")),
    "take": lambda s: s.graph.make("take", (s.X, s.graph.make("arange", (s.zero, s.m), integer=True)), (1,)),
    "pad": lambda s: s.graph.make("pad", (s.y, s.n, s.one, s.n, s.one), (0,)),
    "loop": lambda s: s.loop(),
    "room": lambda s: s.room(),
    "tile_rows": lambda s: s.graph.make("tile_rows", (s.room(), s.m, s.one, s.n), integer=True, weak=True),
    "tiles": lambda s: s.tiles(),
    "of_tiles": lambda s: s.graph.make("of_tiles", (s.tiles(),), (0,), weak=False),
    "declared": lambda s: s.graph.make("declared", (s.X, s.m, s.n), (NumericCode({"numpy": cube}), "Cube", (m, n))),
}
ALSO = {  # more of those with other attributes, or with signs and symmetry to show
    "add of a matrix and its transpose": lambda s: s.symmetric,
    "mul of symmetric": lambda s: s.graph.mul(s.t, s.symmetric),
    "call of symmetric": lambda s: s.graph.call("exp", s.symmetric),
    "view of symmetric": lambda s: s.graph.make("view", (s.definite,), (1, 0)),
    "eye, square": lambda s: s.graph.eye(s.n),
    "matmul of vectors": lambda s: s.graph.matmul(s.X, s.x),
    "matmul from the left": lambda s: s.graph.matmul(s.y, s.X),
    "matmul of stacks": lambda s: s.graph.make("matmul", (s.graph.make("einsum", (s.A, s.X), ("ab,ca->abc",)), s.X)),
    "eye less ones": lambda s: s.graph.add(s.definite, s.graph.const(-1)),
    "array, a vector": lambda s: s.graph.make("array", (s.t, s.one, s.dtype), (2,)),
    "full of a number": lambda s: s.graph.full(s.zero, [s.m, s.n]),
    "arange from 0": lambda s: s.graph.make("arange", (s.zero, s.n), integer=True),
    "slice from 0": lambda s: s.graph.make("slice", (s.X, s.zero, s.two, s.one), (None, "slice")),
    "slice of a size in words": lambda s: s.graph.make(
        "slice", (s.X, s.zero, s.graph.call("floordiv", s.n, s.two, integer=True), s.one), (None, "slice")
    ),
    **{f"item {k} of svd": lambda s, k=k: s.item(s.svd(), k) for k in (0, 1)},
    **{f"item {k} of eigh": lambda s, k=k: s.item(s.graph.make("eigh", (s.symmetric,)), k) for k in (0, 1)},
    **{f"item {k} of slogdet": lambda s, k=k: s.item(s.graph.of_square("slogdet", s.A), k) for k in (0, 1)},
    "of_tiles, placed": lambda s: s.graph.make("of_tiles", (s.tiles(),), (1,), weak=False),
    "pow, even": lambda s: s.graph.pow(s.X, s.two),
    "pow of exp": lambda s: s.graph.pow(s.graph.call("exp", s.X), s.graph.const(0.3)),
    "sum of squares": lambda s: s.graph.sum(s.graph.pow(s.X, s.two), (0,)),
    "reshape of squares": lambda s: s.graph.reshape(s.graph.pow(s.X, s.two), [s.graph.mul(s.m, s.n)]),
}


def computed(module, node, env=None):
    """(source, value or None) of a node by the code of a back end; the value where `env` gives those of the symbols."""
    symbols = (A, B, X, x, y, m, n, t)
    names = {s: s.name for s in symbols}
    backend = registry.find(module)(names)
    scheduler = Scheduler(backend, [node], {*names.values(), "dtype", "device"})
    body = scheduler.body()
    lines = [*body, f"    return {scheduler.texts[node.number][0]}"]
    head = f"def compute({', '.join(names.values())}, dtype=float):"
    source = (
        backend.header()
        + "ShapeError = ValueError\nIndexRangeError = IndexError\n"
        + backend.helper_source()
        + "\n\n"
        + "\n".join([head, *lines])
        + "\n"
    )
    if env is None:
        return source, None
    space = dict(backend.given)
    exec(compile(source, "<sample>", "exec"), space)
    return source, space["compute"](*(env[s] for s in symbols))
