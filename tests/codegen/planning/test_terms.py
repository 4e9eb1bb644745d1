"""What several terms of a sum share: one factor, or a product of factors that is then computed once."""

from sympy import MatrixSymbol, symbols

from sympy_matcalc.codegen.ir.graph import Graph
from sympy_matcalc.codegen.ir.labels import Label
from sympy_matcalc.codegen.ir.product import Factor, Product
from sympy_matcalc.codegen.planning.terms import common_factors, common_products

n = symbols("n", integer=True, positive=True)
GRAPH = Graph()
A, B, C, x, y = (GRAPH.make("arg", (), (MatrixSymbol(name, n, 1 if name in "xy" else n),), weak=False) for name in "ABCxy")


def term(out, *factors):
    """A product, given the labels of its result and, for each factor, its node and its labels."""
    labels = {letter: Label(n) for letter in dict.fromkeys(out + "".join(at for _, at in factors))}
    return Product((), [Factor(node, [labels[letter] for letter in at]) for node, at in factors], [labels[letter] for letter in out])


def shared(find, *terms):
    """The nodes that the terms share, by term."""
    return [{k: [f.node for f in (fs if isinstance(fs, list) else [fs])] for k, fs in found} for found in find(terms)]


def test_a_product_that_is_summed_to_fewer_axes():
    """(A' x) x' + (A' x) y'."""
    terms = term("ij", (A, "ki"), (x, "k"), (x, "j")), term("ij", (A, "ki"), (x, "k"), (y, "j"))
    assert {0: [A, x], 1: [A, x]} in shared(common_products, *terms)


def test_one_factor_that_the_others_meet_is_no_product():
    """A B + A C: that is what factors alone are looked for."""
    terms = term("ij", (A, "ik"), (B, "kj")), term("ij", (A, "ik"), (C, "kj"))
    assert shared(common_products, *terms) == []
    assert shared(common_factors, *terms) == [{0: [A], 1: [A]}]


def test_one_factor_that_is_summed_alone_is_a_product():
    """(A 1) x' + (A 1) y'."""
    terms = term("ij", (A, "ik"), (x, "j")), term("ij", (A, "ik"), (y, "j"))
    assert shared(common_products, *terms) == [{0: [A], 1: [A]}]


def test_what_is_a_whole_term_is_shared_by_none():
    """A x + y o (A x): nothing is left of the first."""
    terms = term("i", (A, "ik"), (x, "k")), term("i", (A, "ik"), (x, "k"), (y, "i"))
    assert shared(common_products, *terms) == []


def test_a_matrix_that_some_terms_have_twice():
    """sum_s A_si A_sj B_sk + A_si A_sj C_sk + A_si A_sj y_s x_k + A_si B_jk + A_sj B_ik: the last have one of the two factors each."""
    twice = (A, "si"), (A, "sj")
    terms = [term("ijk", *twice, (B, "sk")), term("ijk", *twice, (C, "sk")), term("ijk", *twice, (y, "s"), (x, "k"))]
    more = term("ijk", (A, "si"), (y, "s"), (B, "jk")), term("ijk", (A, "sj"), (y, "s"), (B, "ik"))
    assert {k: [A, A] for k in range(3)} in shared(common_products, *terms, *more)
    assert {k: [A, A] for k in range(2)} not in shared(common_products, *terms[:2], *more)
