"""What SymPy's `simplify`, which can take exponential time, is given: the largest, and what is too large."""

from sympy import Add, Mul, exp, sin, symbols

from sympy_matcalc.rewriting.expanding import affordable, terms_in

a, b = symbols("a b")


def sum_of(k):
    return Add(*symbols(f"x:{k}"))


def product_of(k):
    return Mul(*symbols(f"x:{k}"))


def test_terms_of_what_is_multiplied_out():
    assert terms_in((a + b) ** 4) == 2**4
    assert terms_in((a + b) ** 5) == 1  # left as it is
    assert terms_in(1 / (a + b)) == terms_in(a + b) - 1 == 1
    assert terms_in(sum_of(3) * (a + b) + a) == 7


def test_terms_for_sympy():
    hundred = sum_of(10) * Add(*symbols("y:10"))
    assert terms_in(hundred) == 100 and affordable(hundred)
    assert terms_in(hundred + a) == 101 and not affordable(hundred + a)


def test_nodes_for_sympy():
    assert affordable(product_of(119)) and not affordable(product_of(120))
    assert affordable(exp(product_of(118))) and not affordable(exp(product_of(119)))
    assert affordable(sin(product_of(38))) and not affordable(sin(product_of(39)))  # a third of that with sines
