"""Functions of entries of one matrix: products multiplied out, diagonal matrices of them added."""

import pytest
from sympy import MatrixSymbol, OneMatrix, S, Symbol, atan, cos, erf, erfc, exp, pi, sin, symbols, tanh
from sympy.matrices.expressions import DiagMatrix

import sympy_matcalc as mc
from sympy_matcalc.canonical.form import prepare_whole
from sympy_matcalc.kernel.chains import open_product
from sympy_matcalc.kernel.session import session
from sympy_matcalc.nodes.bound import BOUND
from sympy_matcalc.notation.elementwise import _cancelled, _combined_diagonals, _divides_by_complements, _expanded

n = symbols("n", integer=True, positive=True)
c = Symbol("c")
x, y, z = (MatrixSymbol(s, n, 1) for s in "xyz")
A = MatrixSymbol("A", n, n)


def expanded(*factors):
    """As sets: the order is that of the nodes."""
    with session():
        return {(k, frozenset(others)) for k, others in _expanded([prepare_whole(f) for f in factors])}


def test_one_sum_is_multiplied_out():
    assert expanded(x + 2 * y, z) == {(S(1), frozenset({x, z})), (S(2), frozenset({y, z}))}
    assert expanded(x - OneMatrix(n, 1), z) == {(S(1), frozenset({x, z})), (S(-1), frozenset({z}))}
    assert expanded(x, z) == {(S(1), frozenset({x, z}))}


def test_two_sums_and_products_stay():
    assert expanded(x + y, x + z) == {(S(1), frozenset({x + y, x + z}))}
    assert expanded(A * x + y, z) == {(S(1), frozenset({y + A * x, z}))}


def combined(*vectors):
    """The diagonals of what the diagonal matrices of some vectors add up to, None where it is no fewer."""
    with session():
        found = _combined_diagonals([open_product(DiagMatrix(prepare_whole(v))) for v in vectors])
        return found and [(k, chain[0][0].args[0]) for k, chain in found]


def test_diagonal_matrices_of_functions_of_one_vector():
    f, g = x.applyfunc(sin), x.applyfunc(cos)
    ((k, diagonal),) = combined(f, g)
    assert (k, diagonal.args[1]) == (1, x) and diagonal.function(c) == sin(c) + cos(c)
    assert combined(f, y) is None  # no fewer
    assert combined(f) is None
    assert combined(x.applyfunc(exp), y.applyfunc(exp)) is None


def test_what_divides_by_a_function_and_by_its_complement_stays_apart():
    phi = exp(-(BOUND**2))
    for f, g in (
        (erfc(BOUND), 1 - erfc(BOUND) / 2),
        (1 + erf(BOUND), 1 - erf(BOUND)),
        (1 + 2 * atan(BOUND) / pi, 1 - 2 * atan(BOUND) / pi),
    ):
        for e in (phi / f + phi / g, phi / f / g**2):
            assert _divides_by_complements(e) and _cancelled(e) == e
        assert not _divides_by_complements(phi / f + phi / f**2)
    t = tanh(BOUND)
    assert _cancelled((1 - t**2) / (1 + t) + (1 - t**2) / (1 - t)) == 2  # no divisors are left


@pytest.mark.parametrize(
    ("text", "variable", "written"),
    [
        ("-sum(y.*log(sigmoid(X*w))) - sum((1-y).*log(sigmoid(-X*w)))", "w", "X.T*(sigmoid(X*w) - y)"),
        ("-sum(Y.*log(sigmoid(U*V'))) - sum((1-Y).*log(sigmoid(-U*V')))", "U", "(sigmoid(U*V.T) - Y)*V"),
        ("-sum(y.*log(sigmoid(X*w - t))) - sum((1-y).*log(sigmoid(t - X*w)))", "w", "X.T*(sigmoid(X*w - t) - y)"),
        ("-sum(y.*log(sigmoid(-(X*w + t)))) - sum((1-y).*log(sigmoid(X*w + t)))", "w", "X.T*(y - apply(u -> 1 - sigmoid(u), X*w + t))"),
        ("sum(sigmoid(A).*sigmoid(-A))", "A", "apply(u -> sigmoid(u)*(1 - sigmoid(u))*(1 - 2*sigmoid(u)), A)"),
        ("sum(exp(X*w) + exp(-X*w))", "w", "X.T*(exp(X*w) - exp(-X*w))"),
        (
            "sum(log(1+exp(-X*w)).*y + log(1+exp(X*w)).*z)",
            "w",
            "X.T*(HadamardProduct(sigmoid(X*w), z) - HadamardProduct(sigmoid(-X*w), y))",
        ),
        ("sum(relu(X*w)) + sum(relu(-X*w))", "w", "X.T*(step(X*w) - step(-X*w))"),
    ],
)
def test_functions_of_an_argument_and_of_its_negative(text, variable, written):
    """They are added up where that gives a shorter answer, and have names where they have them."""
    e, symbols = mc.parse(text)
    x = symbols[variable]
    answer = mc.gradient(e, x)
    assert str(answer) == written
    assert mc.check(e, x, answer)
