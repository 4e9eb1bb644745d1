"""What a plan costs beside what is computed anyway, and small questions about nodes that steer it."""

from sympy import Inverse, MatrixSymbol, Trace, symbols

from sympy_matcalc.codegen import lower_all as lower_all
from sympy_matcalc.codegen.ir.costs import CALL
from sympy_matcalc.codegen.lower import Lowerer
from sympy_matcalc.codegen.planning.ledger import Ledger
from sympy_matcalc.codegen.planning.nodes import at_hand, behind, is_new, is_turned
from sympy_matcalc.codegen.planning.sizes import Sizes

n, k = symbols("n k", integer=True, positive=True)
A, B, x, y = MatrixSymbol("A", n, n), MatrixSymbol("B", n, n), MatrixSymbol("x", n, 1), MatrixSymbol("y", n, 1)


def setting():
    ctx = Lowerer({n})
    g, (a, b, u, v) = ctx.graph, (ctx.low(e).node for e in (A, B, x, y))
    return ctx, g, a, b, u, v, Ledger(Sizes({n: 1000}))


def test_a_factorisation_is_paid_once():
    ctx, g, a, b, u, v, ledger = setting()
    one, other, turned, elsewhere = g.solve(a, u), g.solve(a, v), g.solve(g.transpose(a), v), g.solve(b, u)
    factoring = ledger.sizes.factorisation(a)
    alone = ledger.price(one)
    assert alone > factoring > 0
    assert ledger.price(one, other) == 2 * alone - factoring
    assert ledger.price(one, turned) < alone + factoring
    assert ledger.price(one, elsewhere) == 2 * alone
    assert ledger.price(one, one) == alone
    ledger.commit(one)
    assert ledger.price(one) == 0 and ledger.price(other) == alone - factoring and not ledger.is_formed(a)


def test_an_inverse_is_there_once_it_is_computed():
    ctx, g, a, b, u, v, ledger = setting()
    ledger.commit(g.make("inv", (a,)))
    assert ledger.is_formed(a) and ledger.is_formed(g.transpose(a)) and not ledger.is_formed(b)
    ledger.tried.add(b.number)
    assert ledger.is_formed(b)


def test_what_costs_nothing():
    ctx, g, a, b, u, v, ledger = setting()
    cost = ledger.sizes.cost
    assert cost(a) == cost(g.transpose(a)) == 0
    assert cost(g.mul(g.const(2), a)) > CALL
    assert cost(g.add(a, b)) > 1000**2
    assert cost(ctx.low(Trace(A)).node) > CALL  # a scalar that depends on arrays
    assert cost(ctx.size(2 * n + 1)) == 0  # and one that sizes make


def test_numbers_for_sizes():
    sizes = Sizes({n: 12})
    assert [sizes.of(size) for size in (n, n + 1, n // 2, n - 20, k, 0 * n)] == [12, 13, 6, 1, 64, 1]


def test_questions():
    ctx, g, a, b, u, v, ledger = setting()
    turned, twice = g.transpose(a), g.mul(g.const(2), a)
    many = g.mul(g.const(2), ctx.low(Trace(B)).node, a)
    assert at_hand(a) and at_hand(turned) and at_hand(twice) and at_hand(g.mul(g.const(2), turned)) and at_hand(many)
    assert not at_hand(g.add(a, b)) and not at_hand(g.mul(g.const(2), g.add(a, b)))
    assert behind(turned) is a and behind(a) is a and is_turned(turned) and not is_turned(a)
    assert not is_new(a) and not is_new(turned) and is_new(g.add(a, b)) and is_new(ctx.low(Inverse(A)).node)
