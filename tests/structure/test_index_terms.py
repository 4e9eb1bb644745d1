"""Terms of arrays in one normal form: equal ones are found however their axes and factors stand, and their axes are turned or made one."""

import pytest
from sympy import Determinant, Identity, MatrixSymbol, Rational, S, Symbol, ZeroMatrix, sqrt, symbols
from sympy.matrices.expressions import DiagonalOf, HadamardProduct, Transpose

from sympy_matcalc.facts import facts_about
from sympy_matcalc.kernel.interning import intern
from sympy_matcalc.kernel.scalars import scalar_product
from sympy_matcalc.kernel.session import session, session_with
from sympy_matcalc.nodes import Einsum, EinsumTerm
from sympy_matcalc.structure.index_terms import (
    Product,
    added,
    multiplied,
    on_diagonal,
    own_matrix,
    presented_array,
    terms_by,
    terms_of_array,
    turned,
    with_matrix,
)

n = symbols("n", integer=True, positive=True)
X, A, B = (MatrixSymbol(c, n, n) for c in "XAB")
a = MatrixSymbol("a", n, 1)
FOUR = ((0,), (1,), (2,), (3,))


def product(*factors, out=FOUR, labels=4):
    return Product((n,) * labels, out, factors)


@pytest.mark.parametrize(
    "one, other",
    [
        (product((A, (0,), (1,)), (B, (2,), (3,))), product((B, (2,), (3,)), (A, (0,), (1,)))),
        (product((Transpose(A), (0,), (1,)), (B, (2,), (3,))), product((A, (1,), (0,)), (B, (2,), (3,)))),
        (product((A, (0,), (1,)), (A, (2,), (3,))), product((A, (2,), (3,)), (A, (0,), (1,)))),
        (product((A, (2,), (3,)), (B, (0,), (1,))), product((A, (0,), (1,)), (B, (2,), (3,)), out=((2,), (3,), (0,), (1,)))),
    ],
)
def test_equal_products_add_up(one, other):
    with session():
        assert list(added([(S(2), one), (S(3), other)]).values()) == [5]
        assert added([(S(2), one), (S(-2), other)]) == {}


def test_a_symmetric_matrix_has_its_axes_in_either_order():
    one, other = product((X, (0,), (2,)), (X, (1,), (3,))), product((X, (2,), (0,)), (X, (1,), (3,)))
    with session():
        assert len(added([(S.One, one), (S.One, other)])) == 2
    with session_with(facts_about(X, "symmetric")):
        assert list(added([(S.One, one), (S.One, other)]).values()) == [2]


def test_the_multiple_of_a_matrix_is_in_the_coefficient():
    c = Symbol("c")
    array = Einsum((n,) * 4, EinsumTerm(c, (n,) * 4, FOUR, [(3 * A, (0,), (1,)), (B, (2,), (3,))]))
    with session():
        ((found, coefficient),) = terms_of_array(array).items()
        assert coefficient == 3 * c and found == product((A, (0,), (1,)), (B, (2,), (3,)))
        (shown,) = presented_array({found: -coefficient}, array.axes_shape).terms
        assert shown.coefficient == -3 * c and shown.dims == (n,) * 4


def test_turned_axes():
    assert turned(product((A, (0,), (1,))), 2, 3).out == ((0,), (1,), (3,), (2,))


def test_on_a_diagonal_what_then_stands_side_by_side_is_one():
    with session():
        assert on_diagonal(S.One, product((A, (0,), (2,)), (B, (1,), (3,))), 0, 1)[1].factors == ((A, (0,), (1,)), (B, (0,), (2,)))
        of_two = on_diagonal(S.One, product((A, (0,), (2,)), (B, (1,), (2,)), labels=3, out=((0,), (1,), (2,), (2,))), 0, 1)[1]
        assert [f[0] for f in of_two.factors] == [HadamardProduct(A, B)]
        of_one = on_diagonal(S.One, product((A, (0,), (1,)), (B, (2,), (3,))), 0, 1)[1]
        assert DiagonalOf(A) in [f[0] for f in of_one.factors]


def test_a_matrix_that_has_a_pair_of_axes_to_itself():
    with session():
        assert own_matrix(product((A, (1,), (0,)), (B, (2,), (3,))), 0, 1) == (0, Transpose(A))
        assert own_matrix(product((A, (0,), (2,)), (B, (1,), (3,))), 0, 1) is None
        assert own_matrix(product((A, (0,), (1,)), out=((0,), (1,), (1,), (0,)), labels=2), 0, 1) is None
        assert own_matrix(product((A, (0,), (1,)), (a, (0,), ()), (B, (2,), (3,))), 0, 1) is None


def test_a_matrix_in_the_place_of_another():
    given = product((A, (0,), (1,)), (B, (2,), (3,)))
    with session():
        assert with_matrix(S.One, given, 0, 2 * B, 0, 1) == (2, product((B, (0,), (1,)), (B, (2,), (3,))))
        c, found = with_matrix(S.One, given, 0, Identity(n), 0, 1)
        assert c == 1 and found.out[0] == found.out[1] and [f[0] for f in found.factors] == [B]
        assert with_matrix(S.One, given, 0, 0 * A, 0, 1) is None


def test_terms_that_become_equal_add_up():
    parts = ([(A, (0,), (1,)), (B, (2,), (3,))], [(A, (0,), (1,)), (A, (2,), (3,))])
    with session():
        array = intern(Einsum((n,) * 4, *(EinsumTerm(S.One, (n,) * 4, FOUR, factors) for factors in parts)))
        (c,) = added(terms_by(lambda e: A if e == B else e, array)).values()
        assert c == 2 and terms_by(lambda e: ZeroMatrix(n, n) if e == A else e, array) == []


c, d = symbols("c d", positive=True)


@pytest.mark.parametrize(
    "given", [S(3), c, 2 * c, c * d / 3, c + d, 2 * (c + d), sqrt(2) * c, 2**n, 2 ** (n + 1) * c, c**-2, Determinant(X) / 2]
)
@pytest.mark.parametrize("number", [S(2), S(-1), Rational(-1, 2), Rational(1, 4)])
def test_a_number_times_a_coefficient_is_their_product(given, number):
    with session():
        assert multiplied(number, given) == scalar_product(number, given)
