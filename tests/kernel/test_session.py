"""Sessions: facts that hold in one, tables of nodes as objects, and expressions marked as those of complex numbers."""

from sympy import MatMul, MatrixSymbol, S, Symbol, Tuple, conjugate

from sympy_matcalc.facts import Facts
from sympy_matcalc.kernel.of_complex import is_of_complex, marked_complex
from sympy_matcalc.kernel.session import id_memo, known, session, session_state, session_with, stated

A, B = MatrixSymbol("A", 3, 3), MatrixSymbol("B", 3, 3)


def test_facts_are_known_where_they_hold():
    with session():
        assert known("symmetric", A) is None and stated("symmetric", A) is False
        with session_with(Facts({A: {"symmetric"}}, {B: {"symmetric"}})):
            assert [known("symmetric", M) for M in (A, B, A.T)] == [True, False, None]
            assert [stated("symmetric", M) for M in (A, B)] == [True, False]
        assert known("symmetric", A) is None and session_state.facts is None


def test_a_memo_of_objects_never_compares_trees():
    with session():
        table, product, equal = id_memo("tried"), MatMul(A, B, evaluate=False), MatMul(A, B, evaluate=False)
        assert product == equal and product is not equal
        table[product] = 1
        assert product in table and equal not in table
        assert table.get(product) == 1 and table.get(equal) is None
        assert id_memo("tried") is table


def test_an_expression_is_marked_as_one_of_complex_numbers():
    e = A * B
    marked = marked_complex(e)
    assert marked == e and marked is not e
    assert is_of_complex(marked) and not is_of_complex(e)
    assert is_of_complex(conjugate(Symbol("z"))) and is_of_complex(S.ImaginaryUnit * A)
    assert marked_complex(A) is A  # a symbol is what others share
    assert marked_complex(S.One) is S.One


def test_what_cannot_carry_a_mark_is_left_as_it_is():
    node = Symbol("a") + 1  # nodes of SymPy's scalars have slots alone
    assert not hasattr(node, "__dict__") and marked_complex(node) is node and not is_of_complex(node)
    assert is_of_complex(marked_complex(Tuple(A)))
