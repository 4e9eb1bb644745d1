"""Deep compositions through every public function: ``python tests/fuzz_nested.py --n 300 --seed 0 [--text]``.

What it aims at are scalars of matrices inside of elementwise functions inside of scalars of matrices: softmax of softmax in each of its
spellings, logarithms of sums of exponentials, norms and sums as factors, quotients and exponents. With ``--text`` the expressions are
typed as text instead. Only two things may come out of diff, gradient, jacobian, hessian, differential, jvp, vjp, hvp, simplify, latex
and lambdify: an answer, or an error of the package. Derivatives are judged by finite differences too. Prints what is wrong and
what crashed with its seed, then a line of counts, as ``fuzz.py`` does.
"""

import argparse
import sys
from collections import Counter

import numpy as np
import sympy as sp
from sympy import (
    Abs,
    BlockMatrix,
    Determinant,
    DiagMatrix,
    HadamardProduct,
    Identity,
    ImmutableMatrix,
    KroneckerProduct,
    MatrixSymbol,
    Max,
    Min,
    OneMatrix,
    Piecewise,
    Rational,
    S,
    Sum,
    Symbol,
    Trace,
    cos,
    exp,
    log,
    sin,
    sqrt,
    tanh,
)
from sympy.matrices.expressions.diagonal import DiagonalOf
from sympy.matrices.expressions.hadamard import HadamardPower
from sympy.matrices.expressions.matexpr import MatrixElement

import sympy_matcalc as mc
from sympy_matcalc.text import read

try:
    from tests.fuzz import attempt, judged, points
except ImportError:  # run as a script
    from fuzz import attempt, judged, points

m, n, k = SIZES = sp.symbols("m n k", integer=True, positive=True)
a, t = Symbol("a"), Symbol("t")
LETTERS = "ABCDFGHKLMPQRSUVWYZ"
FUNCTIONS = (
    sin, cos, tanh, lambda u: exp(sin(u)), lambda u: exp(-(u**2)), lambda u: log(1 + u**2), lambda u: sqrt(1 + u**2), lambda u: u**2,
    lambda u: u**3, lambda u: 1 / (1 + exp(-u)), lambda u: log(1 + exp(u)), lambda u: Max(u, 0), Abs, lambda u: 2 * u - 1, lambda u: u,
    lambda u: Piecewise((u, u > 0), (exp(u) - 1, True)), lambda u: 1 / (2 + u**2), mc.Sigmoid, mc.Softplus, sp.erf, sp.atan,
)  # fmt: skip
POSITIVE = (exp, lambda u: 1 + u**2, lambda u: log(2 + u**2), lambda u: 1 / (1 + exp(-u)), lambda u: sqrt(1 + u**2))
WORDS = ("sin", "cos", "tanh", "sigmoid", "softplus", "relu", "abs", "atan", "erf")


def entry(M):
    """The 1 x 1 matrix M as a scalar, as SymPy writes it out or as it stands."""
    return M[0, 0] if sum(1 for _ in sp.preorder_traversal(M)) <= 40 else MatrixElement(M, S(0), S(0))


class Maker:
    """Random compositions with `x` or `X` in them; one method a production."""

    def __init__(self, seed):
        self.rng, self.names, self.pool = np.random.default_rng(seed), iter(LETTERS), {}
        kind = self.pick(("column", "column", "matrix", "scalar", "entry"))
        self.leaf = self.X = {
            "column": MatrixSymbol("x", n, 1),
            "matrix": MatrixSymbol("X", m, n),
            "scalar": t,
            "entry": MatrixSymbol("X", m, n),
        }[kind]
        if kind == "entry":
            self.X = self.leaf[0, 0]

    def pick(self, options):
        return options[self.rng.integers(len(options))]

    def chance(self, p):
        return self.rng.random() < p

    def attempt(self, options, *args):
        """One of the productions; another where SymPy refuses to build that one."""
        for _ in range(10):
            try:
                return self.pick(options)(*args)
            except (TypeError, ValueError, AttributeError, NotImplementedError, IndexError):
                continue
        return options[0](*args)

    def size(self):
        return self.pick(SIZES)

    def symbol(self, r, c):
        if (r, c) not in self.pool or len(self.pool[r, c]) < 2 and self.chance(0.3):
            name = next(self.names)
            self.pool.setdefault((r, c), []).append(MatrixSymbol(name.lower() + "_" if c == 1 else name, r, c))
        return self.pick(self.pool[r, c])

    # ---- columns
    def base(self, r):
        """A column of length r that holds the variable."""
        if self.leaf is t:
            return t * self.symbol(r, 1)
        v = self.leaf if self.leaf.shape[1] == 1 else self.leaf * self.symbol(n, 1)
        return v if v.shape[0] == r and self.chance(0.7) else self.symbol(r, v.shape[0]) * v

    def column(self, r, depth):
        if depth <= 0:
            return self.base(r)
        kinds = [
            self._softmax, self._softmax, self._softmax, self._apply, self._apply, self._linear, self._linear, self._quotient, self._had,
            self._layer_norm, self._scaled, self._with_scalar, self._log_softmax, self._power, self._plus, self._rows, self._diagonal,
            self._solve,
        ]  # fmt: skip
        return self.attempt(kinds, r, depth)

    def _softmax(self, r, depth):
        v = self.column(r, depth - 1)
        e = v.applyfunc(exp)
        total = OneMatrix(1, r) * e
        return self.pick(
            (
                lambda: mc.Softmax(v),
                lambda: e / mc.ElementSum(e),
                lambda: e / entry(total),
                lambda: e * total.I,
                lambda: HadamardProduct(e, HadamardPower(OneMatrix(r, r) * e, -1)),
                lambda: (v - mc.LogSumExp(v) * OneMatrix(r, 1)).applyfunc(exp),
            )
        )()

    def _log_softmax(self, r, depth):
        return self._softmax(r, depth).applyfunc(log)

    def _apply(self, r, depth):
        return self.column(r, depth - 1).applyfunc(self.pick(FUNCTIONS))

    def _linear(self, r, depth):
        c = self.size()
        return self.symbol(r, c) * self.column(c, depth - 1)

    def _quotient(self, r, depth):
        v = self.column(r, depth - 1)
        e = v.applyfunc(self.pick(POSITIVE))
        return e / self.pick((lambda: mc.ElementSum(e), lambda: mc.Norm(e), lambda: mc.Norm(v), lambda: 1 + entry(v.T * v)))()

    def _had(self, r, depth):
        return HadamardProduct(self.column(r, depth - 1), self.column(r, depth - 2)).doit(deep=False)

    def _layer_norm(self, r, depth):
        v = self.column(r, depth - 1)
        c = v - mc.Mean(v) * OneMatrix(r, 1)
        return c / self.pick((mc.Norm(c), sqrt(1 + entry(c.T * c) / r)))

    def _scaled(self, r, depth):
        return self.scalar(depth - 1) * self.column(r, depth - 2)

    def _with_scalar(self, r, depth):
        """An elementwise function with a scalar of matrices in its body."""
        f, s = self.pick(FUNCTIONS), self.scalar(depth - 1)
        return self.column(r, depth - 2).applyfunc(self.pick((lambda u: f(u) * s, lambda u: f(u + s), lambda u: f(u) / (1 + s**2))))

    def _power(self, r, depth):
        base = self.column(r, depth - 1).applyfunc(self.pick(POSITIVE))
        return HadamardPower(base, self.pick((Rational(1, 2), -1, 3, a, self.scalar(depth - 2))))

    def _plus(self, r, depth):
        return self.column(r, depth - 1) + self.pick((1, 2, -1)) * self.column(r, depth - 2)

    def _rows(self, r, depth):
        return mc.RowSum(self.matrix(r, self.size(), depth - 1))

    def _diagonal(self, r, depth):
        return DiagonalOf(self.matrix(r, r, depth - 1))

    def _solve(self, r, depth):
        return self.gram(r, depth - 1).I * self.column(r, depth - 2)

    # ---- matrices
    def matrix(self, r, c, depth):
        if depth <= 0:
            return self.base(r) * self.symbol(c, 1).T if self.chance(0.5) else self.symbol(r, c)
        kinds = [self._outer, self._product, self._apply_matrix, self._row_softmax, self._sum, self._column_times]
        if r == c:
            kinds += [lambda r, c, d: DiagMatrix(self.column(r, d - 1)), lambda r, c, d: self.gram(r, d - 1), self._inverse, self._function]
        return self.attempt(kinds, r, c, depth)

    def gram(self, r, depth):
        v = self.column(r, depth - 1)
        return v * v.T + Identity(r) if self.chance(0.5) else DiagMatrix(v.applyfunc(self.pick(POSITIVE)))

    def _outer(self, r, c, depth):
        return self.column(r, depth - 1) * self.column(c, depth - 2).T

    def _product(self, r, c, depth):
        j = self.size()
        return self.matrix(r, j, depth - 1) * self.matrix(j, c, depth - 2)

    def _apply_matrix(self, r, c, depth):
        return self.matrix(r, c, depth - 1).applyfunc(self.pick(FUNCTIONS))

    def _row_softmax(self, r, c, depth):
        E = self.matrix(r, c, depth - 1).applyfunc(exp)
        return HadamardProduct(E, HadamardPower(E * OneMatrix(c, c), -1))

    def _sum(self, r, c, depth):
        return self.matrix(r, c, depth - 1) + self.symbol(r, c)

    def _column_times(self, r, c, depth):
        return HadamardProduct(self.column(r, depth - 1) * OneMatrix(1, c), self.symbol(r, c))

    def _inverse(self, r, c, depth):
        return self.gram(r, depth - 1).I

    def _function(self, r, c, depth):
        return mc.MatrixExp(self.matrix(r, r, depth - 1).applyfunc(tanh) / 4)

    # ---- scalars
    def scalar(self, depth):
        if depth <= 0:
            v = self.base(self.size())
            return self.pick((lambda: entry(v.T * v), lambda: mc.ElementSum(v), lambda: mc.Norm(v), lambda: a, lambda: v[0, 0]))()
        kinds = [
            self._log_sum_exp, self._log_sum_exp, self._inner, self._inner, self._of_column, self._of_scalar, self._cross_entropy,
            self._ratio, self._of_matrix, self._typed_sum, self._exponent, self._piece, self._form, self._block, self._explicit,
        ]  # fmt: skip
        return self.attempt(kinds, depth)

    def _log_sum_exp(self, depth):
        r = self.size()
        v = self.column(r, depth - 1)
        e = v.applyfunc(exp)
        return self.pick(
            (
                lambda: mc.LogSumExp(v),
                lambda: log(mc.ElementSum(e)),
                lambda: log(entry(OneMatrix(1, r) * e)),
                lambda: log(Trace(DiagMatrix(e))),
            )
        )()

    def _inner(self, depth):
        r = self.size()
        return entry(self.column(r, depth - 2).T * self.column(r, depth - 1))

    def _of_column(self, depth):
        v = self.column(self.size(), depth - 1)
        return self.pick((mc.ElementSum, mc.Norm, mc.Mean, lambda v: mc.Norm(v, 1), lambda v: mc.Norm(v, 3), lambda v: v[0, 0]))(v)

    def _of_scalar(self, depth):
        return self.pick((*FUNCTIONS, lambda u: Max(u, a), lambda u: Min(u, 1), lambda u: sp.sign(u) * u))(self.scalar(depth - 1))

    def _cross_entropy(self, depth):
        r = self.size()
        return entry(self.symbol(r, 1).T * self.column(r, depth - 1).applyfunc(self.pick(POSITIVE)).applyfunc(log))

    def _ratio(self, depth):
        return self.scalar(depth - 1) / (1 + self.scalar(depth - 2) ** 2)

    def _exponent(self, depth):
        return (1 + self.scalar(depth - 1) ** 2) ** self.pick((self.scalar(depth - 2), Rational(1, 3), a, -1))

    def _piece(self, depth):
        s, u = self.scalar(depth - 1), self.scalar(depth - 2)
        return Piecewise((s, u > 0), (s**2 + u, True))

    def _of_matrix(self, depth):
        r = self.size()
        G = self.gram(r, depth - 1)
        M = self.matrix(r, r, depth - 1)
        return self.pick(
            (
                lambda: Trace(M),
                lambda: log(Determinant(G)),
                lambda: Determinant(G) / 2,
                lambda: mc.Norm(M),
                lambda: mc.ElementSum(M),
                lambda: Trace(G.I * M),
                lambda: Trace(KroneckerProduct(M, self.symbol(r, r))),
                lambda: mc.EigenvalueSum(M),
                lambda: M[0, 0],
            )
        )()

    def _form(self, depth):
        r = self.size()
        v = self.column(r, depth - 1)
        return entry(v.T * self.symbol(r, r) * v)

    def _typed_sum(self, depth):
        r, i = self.size(), Symbol("i", integer=True)
        v, f = self.column(r, depth - 1), self.pick(FUNCTIONS)
        at = MatrixElement(v, i, S(0)) if self.chance(0.5) else v[i, 0]
        return Sum(f(at) * self.symbol(r, 1)[i, 0], (i, 0, r - 1))

    def _block(self, depth):
        u, v = self.column(self.size(), depth - 1), self.column(self.size(), depth - 2)
        return mc.LogSumExp(BlockMatrix([[u], [v]])) if self.chance(0.5) else mc.Norm(BlockMatrix([[u], [v]]))

    def _explicit(self, depth):
        v = ImmutableMatrix(2, 1, [self.scalar(depth - 1), self.scalar(depth - 2)])
        return self.pick((lambda: mc.LogSumExp(v), lambda: entry(mc.Softmax(v).T * v), lambda: mc.Norm(v)))()


class Typist:
    """The same kind of compositions as typed text, with the shapes of its names."""

    SHAPES = ("x: n", "X: m x n", "y: m", "A: n x n", "B: n x m", "z: n", "c: scalar")

    def __init__(self, seed):
        self.rng = np.random.default_rng(seed)
        self.variable = self.pick(("x", "x", "X", "c"))

    def pick(self, options):
        return options[self.rng.integers(len(options))]

    def column(self, r, depth):
        """Text of a column of length "m" or "n"."""
        if depth <= 0:
            return {"m": ("X*x", "y", "c*y + X*x"), "n": ("x", "x", "c*z", "X.T*y", "z + x")}[r][self.rng.integers(3)]
        v = self.column(r, depth - 1)
        other = "n" if r == "m" else "m"
        return self.pick(
            (
                f"softmax({v})",
                f"exp({v})/sum(exp({v}))",
                f"{'X' if r == 'm' else 'B'}*({self.column(other, depth - 1)})/sum(exp({self.column(other, depth - 1)}))",
                f"{'X' if r == 'm' else 'B'}*({self.column(other, depth - 1)})",
                f"{self.pick(WORDS)}({v})",
                f"log(1 + exp({v}))",
                f"log(exp({v})/sum(exp({v})))",
                f"({v})/norm({v})",
                f"({v} - mean({v})*ones({r}))/sqrt(1 + norm({v})**2)",
                f"had({v}, {self.column(r, depth - 1)})",
                f"({self.scalar(depth - 1)})*({self.column(r, 0)})",
                f"{v} + {self.column(r, depth - 1)}",
                f"rowsum(had(({v})*{self.column('n', depth - 1).join('()')}.T, ones({r}, n)))",
                f"exp(({v})/sum(abs({v})))",
                f"hpow(1 + exp({v}), -1)",
            )
        )

    def scalar(self, depth):
        """Text of a scalar."""
        r = self.pick("mn")
        v, other = self.column(r, depth - 1), self.column(r, depth - 1)
        name = "y" if r == "m" else "z"
        return self.pick(
            (
                f"log(sum(exp({v})))",
                f"logsumexp({v})",
                f"({name}).T*log(exp({v})/sum(exp({v})))",
                f"{name}.T*log(exp({v})/sum(exp({other})))",
                f"({v}).T*({other})",
                f"sum({v})",
                f"norm({v})",
                f"norm({v})**2/(1 + sum(abs({other})))",
                f"{name}.T*log(exp({v})/({name}.T*exp({v})))",
                f"tr(({v})*({other}).T)",
                f"log(det(I + ({v})*({v}).T))",
                f"log(ones(1, {r})*exp({v}))",
                f"exp(-({self.scalar(depth - 1) if depth > 1 else 'c'})**2)",
                f"sqrt(1 + ({self.scalar(depth - 1) if depth > 1 else 'c'})**2)",
            )
        )


def nested(seed, depth):
    """(expr, X): what the seed makes, with the variable in it."""
    for trial in range(50):
        maker = Maker(seed + 1_000_003 * trial)
        expr = maker.scalar(depth) if maker.chance(0.7) else maker.column(maker.size(), depth)
        if expr.has(maker.leaf) and sum(1 for _ in sp.preorder_traversal(expr)) <= 300:
            return expr, maker.X
    raise RuntimeError("fifty random expressions in a row do not contain their variable")


def typed(seed, depth):
    """(expr, X) of random text; ParseError and ShapeError are the reader's answers, anything else is a finding."""
    typist = Typist(seed)
    text = typist.scalar(depth) if typist.rng.random() < 0.7 else typist.column(typist.pick("mn"), depth)
    reading = read(text, list(Typist.SHAPES), (typist.variable,))
    return reading.expr, reading.variables[0]


def is_scalar(expr):
    return not getattr(expr, "is_Matrix", False) or expr.shape == (1, 1)


def calls(expr, X):
    """(name, function, order of the derivative in numerator layout that it is, 0 for none); each is to answer or to raise an error of the package."""
    scalar = is_scalar(expr)
    yield "jacobian", lambda: mc.jacobian(expr, X), 1
    yield "diff", lambda: mc.diff(expr, X), 0
    yield "differential", lambda: mc.differential(expr, X), 0
    yield "vec", lambda: mc.jacobian(expr, X, form="vec"), 0
    yield "jvp", lambda: mc.jvp(expr, X, _direction("V_", X)), 0
    yield "simplify", lambda: mc.simplify(expr), 0
    yield "lambdify", lambda: code(expr), 0
    if scalar:
        yield "gradient", lambda: mc.gradient(expr, X), 1
        yield "hessian", lambda: mc.hessian(expr, X), 2
        yield "hvp", lambda: mc.hvp(expr, X, _direction("V_", X)), 0
        yield "simplify hessian", lambda: mc.simplify(mc.hessian(expr, X)), 0
        yield "lambdify hessian", lambda: code(mc.hessian(expr, X)), 0
    else:
        yield "second", lambda: mc.jacobian(mc.jacobian(expr, X), X), 2
    yield "latex", lambda: (mc.latex(expr), mc.latex(mc.jacobian(expr, X))), 0
    yield "simplify first", lambda: mc.simplify(mc.jacobian(expr, X)), 1


def _direction(name, X):
    return MatrixSymbol(name, *X.shape) if isinstance(X, MatrixSymbol) else Symbol(name)


def code(expr):
    """The generated function of every symbol and size in it."""
    used = expr.free_symbols | {s for M in expr.atoms(MatrixSymbol) for d in M.shape for s in d.free_symbols}
    return mc.lambdify(sorted(used, key=str), expr)


def findings(seed, depth, seconds, text=False):
    """(expr, X) of the seed, and (verdict, name, message) for each call."""
    error, made = attempt(lambda: (typed if text else nested)(seed, depth), 3 * seconds)
    if error:
        return None, [("skipped" if "OutOfTime" in error[1] or not text else error[0], "making the expression", error[1])]
    out = []
    places = points(*made, {}, seed, 1)
    for name, function, order in calls(*made):
        error, found = attempt(function, seconds)
        if not error and order:
            error, verdict = attempt(
                lambda found=found, order=order: judged(found, places[:3] if order == 1 else places[:1], order, False), 3 * seconds
            )
            error = error or verdict
        out.append((_verdict(*error), name, error[1]) if error else ("answered", name, ""))
    return made, out


def _verdict(verdict, message):
    return "slow" if message.startswith("OutOfTime") else verdict


def run(number, seed, depth, seconds, text=False, verbose=False):
    """Counts of the verdicts over that many seeds; prints what is wrong and what crashed."""
    counts = Counter()
    for s in range(seed, seed + number):
        made, found = findings(s, depth, seconds, text)
        counts.update(verdict for verdict, _, _ in found)
        for verdict, name, message in found:
            if verdict in ("wrong", "crash") or verbose and verdict == "refused":
                print(f"--- {verdict}: {name}, seed {s}  {message}\n{made}"[:2000], flush=True)
    print(", ".join(f"{counts[v]} {v}" for v in ("correct", "answered", "wrong", "refused", "crash", "slow", "unjudged", "skipped")))
    return counts


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--n", type=int, default=300, help="number of expressions")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--depth", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=10, help="time for one call")
    parser.add_argument("--text", action="store_true", help="typed as text")
    parser.add_argument("--verbose", action="store_true", help="print refusals too")
    args = parser.parse_args(argv)
    counts = run(args.n, args.seed, args.depth, args.seconds, args.text, args.verbose)
    return 1 if counts["wrong"] or counts["crash"] else 0


if __name__ == "__main__":
    sys.exit(main())
