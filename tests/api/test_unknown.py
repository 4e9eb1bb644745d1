"""Unknown functions: what comes out once they are given is the derivative of what was given; notation, second orders, refusals.

``python tests/api/test_unknown.py --n 500`` tries more random compositions.
"""

import argparse
import pickle
import random
from itertools import product

import pytest
from sympy import Determinant, Function, ImmutableMatrix, Lambda, MatrixSymbol, Rational, Symbol, Trace, log, sin, srepr, symbols
from sympy.core.cache import clear_cache
from sympy.tensor.array.arrayop import Flatten

import sympy_matcalc as mc

m, n = symbols("m n", integer=True, positive=True)
t, s = symbols("t s")
A, S = MatrixSymbol("A", m, n), MatrixSymbol("S", m, n)
x, y, w = MatrixSymbol("x", n, 1), MatrixSymbol("y", m, 1), MatrixSymbol("w", n, 1)
X, C, R, Q = (MatrixSymbol(name, n, n) for name in "XCRQ")
f, g, F, G = mc.function("f"), mc.function("g", (m, 1)), mc.function("F", (n, n)), mc.function("G", (m, n))
P, At, xt = mc.function("P", (n, n)), mc.function("A", (n, n)), mc.function("x", (n, 1))

FORMS = [
    (mc.gradient(f(A * x), x), "A.T*grad(f)(A*x)", r"A^{\top} \nabla f\left(A x\right)"),
    (mc.hessian(f(A * x), x), "A.T*hess(f)(A*x)*A", r"A^{\top} \nabla^{2} f\left(A x\right) A"),
    (mc.diff(P(t), t), "P'(t)", r"\dot{P}\left(t\right)"),
    (mc.diff(P(t), t, 2), "P''(t)", r"\ddot{P}\left(t\right)"),
    (mc.diff(P(s), s), "P'(s)", r"P'\left(s\right)"),
    (mc.diff(log(Determinant(P(s))), s), "Trace(P(s)**(-1)*P'(s))", r"\operatorname{tr}\left(P\left(s\right)^{-1} P'\left(s\right)\right)"),
    (mc.differential(F(X), X), "D(F)(X)[dX]", r"DF\left(X\right)\left[\mathrm{d}X\right]"),
    (mc.gradient(Trace(C.T * F(X)), X), "D(F)(X)^*[C]", r"DF\left(X\right)^{*}\left[C\right]"),
    (mc.jacobian(F(X), X, form="vec"), "D(F)(X)", r"DF\left(X\right)"),
    (mc.gradient(f(x, y), y), "grad_y(f)(x, y)", r"\nabla_{y} f\left(x, y\right)"),
    (mc.gradient(f(x, A * x), w), "0", "0"),
    (mc.hessian(f(x, y), y, x), "hess_x_y(f)(x, y).T", r"\nabla^{2}_{x y} f\left(x, y\right)^{\top}"),
    (mc.diff(f(s, x), s), "D_s(f)(s, x)", r"\frac{\partial f}{\partial s}\left(s, x\right)"),
    (mc.gradient(f(x.T * x), x), "2*f'((x.T*x)[0, 0])*x", r"2 f'\left(x^{\top} x\right) x"),
    (mc.gradient(Trace(S.T * G(w, X)), X), "D_X(G)(w, X)^*[S]", r"D_{X}G\left(w, X\right)^{*}\left[S\right]"),
    (mc.hessian(g(x).T * g(x), x), "2*D(g)(x).T*D(g)(x) + 2*D2(g)(x)^*[g(x)]", None),
    (mc.diff(F(P(t)), t), "D(F)(P(t))[P'(t)]", r"DF\left(P\left(t\right)\right)\left[\dot{P}\left(t\right)\right]"),
    (mc.gradient(Determinant(F(X)), X), "Determinant(F(X))*D(F)(X)^*[F(X).T**(-1)]", None),
]


def test_derivatives_along_time_are_those_of_leibniz():
    """Term by term with equal terms added up, however many there are: the coefficients of d^3 are the trinomial ones."""
    expr = xt(t).T * At(t) * xt(t)
    assert str(mc.diff(expr, t, 2)) == (
        "(x(t).T*A(t)*x''(t))[0, 0] + 2*(x(t).T*A'(t)*x'(t))[0, 0] + (x(t).T*A''(t)*x(t))[0, 0] + 2*(x'(t).T*A(t)*x'(t))[0, 0]"
        " + 2*(x'(t).T*A'(t)*x(t))[0, 0] + (x''(t).T*A(t)*x(t))[0, 0]"
    )
    assert sorted(int(term.as_coeff_Mul()[0]) for term in mc.diff(expr, t, 3).args) == [1, 1, 1, 3, 3, 3, 3, 3, 3, 6]


@pytest.mark.parametrize("found, text, tex", FORMS, ids=[row[1] for row in FORMS])
def test_forms(found, text, tex):
    if text == "0":
        assert found == 0 * w
        return
    assert str(found) == text
    assert tex is None or mc.latex(found) == tex
    assert pickle.loads(pickle.dumps(found)) == found
    space: dict = {}
    exec(
        "from sympy import *\nfrom sympy_matcalc import *\nfrom sympy.core.symbol import Str\nfrom sympy.matrices.expressions.matexpr import MatrixElement",
        space,
    )
    for node in found.atoms(mc.UnknownMatrixDerivative, mc.UnknownScalarDerivative):
        assert eval(srepr(node), space) == node == node.func(*node.args)


def test_along_time():
    """Products keep their order; the equation of Riccati."""
    found = mc.diff(xt(t).T * At(t) * xt(t), t)
    assert {str(a) for a in found.args} == {"(x(t).T*A(t)*x'(t))[0, 0]", "(x(t).T*A'(t)*x(t))[0, 0]", "(x'(t).T*A(t)*x(t))[0, 0]"}
    riccati = At(t).T * P(t) + P(t) * At(t) - P(t) * R * P(t) + Q
    given = {At: Lambda(t, t * C), P: Lambda(t, t**2 * Q)}
    assert (mc.diff(riccati, t).subs(given).doit() - mc.diff(riccati.subs(given).doit(), t)).doit().expand().doit() == 0 * Q


def test_a_value_that_is_given_gives_its_derivatives():
    assert mc.gradient(f(x), x).subs(f(x), x.T * C * x).doit() == (C + C.T) * x
    assert mc.diff(P(t), t).subs(P(t), mc.MatrixExp(t * C)) == C * mc.MatrixExp(t * C)
    assert mc.gradient(f(A * x), x).subs(f(x), x.T * x).has(f)  # it says nothing of other points


def test_by_a_function_of_sympy():
    assert mc.gradient(f(x.T * x), x).subs(f, Lambda(s, sin(s))) == mc.gradient(sin(x.T * x), x)


def test_sizes_follow_the_argument():
    """A function given for vectors of length n is one for any length."""
    length = Lambda(x, x.T * x)
    assert mc.gradient(f(A * x), x).subs(f, length).doit() == 2 * A.T * A * x
    assert mc.gradient(f(y), y).subs(f, Lambda(x, mc.ElementSum(x))).doit() == mc.gradient(mc.ElementSum(y), y)


def test_elementwise():
    assert str(mc.gradient(mc.ElementSum((A * x).applyfunc(f)), x)) == "A.T*apply(u -> f'(u), A*x)"
    assert mc.latex(mc.gradient(mc.ElementSum((A * x).applyfunc(f)), x)) == r"A^{\top} f'\left(A x\right)"
    undefined = mc.gradient(mc.ElementSum((A * x).applyfunc(Function("f"))), x)
    assert "Subs" not in str(undefined) and mc.latex(undefined) == r"A^{\top} f'\left(A x\right)"


def test_sympys_own_diff_goes_by_the_rules():
    assert P(t).diff(t) == mc.diff(P(t), t) and f(t**2).diff(t) == mc.diff(f(t**2), t)
    assert (f(t) ** 2).diff(t, 2).expand() == mc.diff(f(t) ** 2, t, 2)


def test_check_knows_a_function_of_each_name():
    assert mc.check(f(A * x) * Trace(F(C)), x) and mc.check(F(X) * x, X) and mc.check(G(w, X), w)


REFUSALS = [
    (lambda: mc.function(""), mc.ArgumentError),
    (lambda: mc.function(t), mc.ArgumentError),
    (lambda: mc.function("f", (m,)), mc.ShapeError),
    (lambda: mc.function("f", "mn"), mc.ShapeError),
    (lambda: mc.function("f", (0, m)), mc.ShapeError),
    (lambda: f(), mc.ArgumentError),
    (lambda: f("x"), mc.ExpressionError),
    (lambda: f([1, 2]), mc.ExpressionError),
    (lambda: mc.UnknownScalar(F, X), mc.ShapeError),
    (lambda: mc.UnknownMatrix(f, X), mc.ShapeError),
    (lambda: f(x).subs(f, Lambda((x, y), x.T * x)), mc.ArgumentError),
    (lambda: f(MatrixSymbol("z", 3, 1)).subs(f, Lambda(MatrixSymbol("z", 4, 1), s)), mc.ShapeError),
    (lambda: f(x).subs(f, t), mc.ExpressionError),
    (lambda: F(X).subs(F, Lambda(X, Trace(X))), mc.ShapeError),
    (lambda: f(x).subs(f, Lambda(s, s)), mc.ShapeError),
    (lambda: f(x) + mc.gradient(F(X), X), mc.ShapeError),
    (lambda: mc.lambdify([x], mc.gradient(f(x), x)), mc.MatcalcError),
]


@pytest.mark.parametrize("call, error", REFUSALS)
def test_refusals(call, error):
    with pytest.raises(error):
        call()


# ---------------------------------------------------------------- random compositions, made concrete afterwards
N = 2
v2, X2 = MatrixSymbol("x", N, 1), MatrixSymbol("X", N, N)
z, Z = MatrixSymbol("z", N, 1), MatrixSymbol("Z", N, N)
B, b = ImmutableMatrix([[1, -2], [3, 1]]), ImmutableMatrix([2, -1])
fv, fm, gv, Fm, Fs = mc.function("p"), mc.function("q"), mc.function("g", (N, 1)), mc.function("F", (N, N)), mc.function("K", (N, N))
hv = mc.function("h")
B_, b_ = MatrixSymbol("B", N, N), MatrixSymbol("b", N, 1)
GIVEN = {
    fv: Lambda(z, (z.T * B_ * z)[0, 0] + (b_.T * z)[0, 0] ** 3 * Trace(B_)),
    fm: Lambda(Z, Trace(B_ * Z * Z) + (b_.T * Z * b_)[0, 0]),
    gv: Lambda(z, B_ * z + (b_.T * z)[0, 0] * z),
    Fm: Lambda(Z, Z * B_ * Z + Z.T),
    Fs: Lambda(s, s**2 * B_ + s * B_.T),
    hv: Lambda((z, Z), (z.T * Z * z)[0, 0] + (b_.T * z)[0, 0] * Trace(Z)),
}


class Compositions:
    """Random expressions of a vector x, a matrix X and a scalar t."""

    def __init__(self, seed):
        self.rng = random.Random(seed)

    def scalar(self, depth):
        if depth == 0:
            return t
        kind = self.rng.randrange(6)
        if kind == 0:
            return fv(self.vector(depth - 1))
        if kind == 1:
            return fm(self.matrix(depth - 1))
        if kind == 2:
            return Trace(B_ * self.matrix(depth - 1))
        if kind == 3:
            return hv(self.vector(depth - 1), self.matrix(depth - 1))
        if kind == 4:
            return (b_.T * self.vector(depth - 1))[0, 0] * t
        return fv(self.vector(depth - 1)) * t

    def vector(self, depth):
        if depth == 0:
            return v2
        kind = self.rng.randrange(5)
        if kind == 0:
            return gv(self.vector(depth - 1))
        if kind == 1:
            return Fm(self.matrix(depth - 1)) * self.vector(0)
        if kind == 2:
            return self.matrix(depth - 1) * self.vector(depth - 1)
        if kind == 3:
            return B_ * gv(t * self.vector(0))
        return self.vector(0) + gv(self.vector(depth - 1))

    def matrix(self, depth):
        if depth == 0:
            return X2
        kind = self.rng.randrange(5)
        if kind == 0:
            return Fm(self.matrix(depth - 1))
        if kind == 1:
            return Fs(self.scalar(depth - 1))
        if kind == 2:
            return self.vector(depth - 1) * self.vector(0).T
        if kind == 3:
            return B_ * Fm(self.matrix(0)).T
        return self.matrix(0) + Fm(t * self.matrix(0))


VALUES = {B_: B, b_: b}


def entries(e, values):
    """Every entry of a result, with explicit matrices in it, in the order of its axes."""
    e = e.xreplace(values)
    e = e.doit() if hasattr(e, "doit") else e
    explicit = e.as_explicit() if hasattr(e, "as_explicit") else e
    explicit = explicit.doit() if hasattr(explicit, "doit") else explicit
    if hasattr(explicit, "flat"):
        return list(explicit.flat())
    return list(Flatten(explicit)) if hasattr(explicit, "rank") else [explicit]


def entries_of(variable):
    return [variable] if isinstance(variable, Symbol) else [variable[i, j] for i, j in product(*map(range, variable.shape))]


def check(seed, order):
    """The derivative once the functions are given, that of the functions given before, and SymPy's by entries: exactly equal."""
    make = Compositions(seed)
    e = make.rng.choice([make.scalar, make.vector, make.matrix] if order == 1 else [make.scalar])(2)
    variable = make.rng.choice([v2, X2, t])
    derive = mc.jacobian if order == 1 else mc.hessian
    late = derive(e, variable).subs(GIVEN)
    concrete = e.subs(GIVEN)
    early = derive(concrete, variable)
    rng = random.Random(seed)
    at = {symbol: Rational(rng.randint(-3, 3), rng.randint(1, 3)) for v in (v2, X2) for symbol in entries_of(v)} | {t: Rational(2, 3)}
    here = {v: ImmutableMatrix(*v.shape, [at[symbol] for symbol in entries_of(v)]) for v in (v2, X2)} | {t: at[t]} | VALUES
    expected = entries(concrete, VALUES | {v: v.as_explicit() for v in (v2, X2)})
    for _ in range(order):
        expected = [p.diff(symbol) for p in expected for symbol in entries_of(variable)]
    values = [entries(late, here), entries(early, here), [a.xreplace(at) for a in expected]]
    assert not any(a.free_symbols for items in values for a in items), values
    assert values[0] == values[1] == values[2], (seed, order, e, variable)


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("seed", range(8))
def test_given_afterwards(seed, order):
    check(seed, order)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1000)
    options = parser.parse_args()
    for k in range(options.seed, options.seed + options.n):
        for order in (1, 2):
            check(k, order)
        clear_cache()
    print(f"{2 * options.n} derivatives, all exact")
