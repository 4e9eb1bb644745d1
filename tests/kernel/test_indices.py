"""Summation indices: their names and numbers, and that none is in what was typed."""

from sympy import Symbol

from sympy_matcalc.compat import dummy
from sympy_matcalc.kernel.indices import FIRST_INDEX, FIRST_INSIDE, free_index, fresh_index, plain_name, reserve_indices
from sympy_matcalc.kernel.session import session, session_state


def test_fresh_indices_are_numbered_by_session():
    for _ in range(2):
        with session():
            first, second, third = (fresh_index("i") for _ in range(3))
            assert [s.name for s in (first, second, third)] == ["i", "i_1", "i_2"]
            assert [s.dummy_index - FIRST_INDEX for s in (first, second, third)] == [1, 2, 3]
            assert [plain_name(s) for s in (first, second, third)] == ["i", "i", "i"]
            assert first.is_nonnegative and [fresh_index("k", known).is_negative for known in (False, None)] == [None, None]


def test_names_that_were_typed_stay():
    assert plain_name(Symbol("i_1")) == "i_1"
    theirs = 2 * FIRST_INDEX + 8  # the number of a Dummy of SymPy's, which are none of the session's
    assert plain_name(dummy(f"i_{theirs - FIRST_INDEX - 1}", theirs)) == f"i_{theirs - FIRST_INDEX - 1}"


def test_indices_of_earlier_derivatives_are_taken():
    with session():
        old = [fresh_index("i") for _ in range(3)][-1]
    with session():
        reserve_indices(old + 1)
        assert fresh_index("i").dummy_index == old.dummy_index + 1
    with session():
        reserve_indices(old + dummy("i", 2 * FIRST_INDEX + 8))  # of SymPy's own numbers there are as many as one likes
        assert fresh_index("i").dummy_index == old.dummy_index + 1


def test_what_was_listed_of_another_expression_is_not_looked_at():
    with session():
        old = fresh_index("i")
    with session():
        session_state.listed = (Symbol("a"), [Symbol("a")])
        reserve_indices(old + 1)
        assert fresh_index("i").dummy_index == old.dummy_index + 1 and session_state.listed is None
    with session():
        e = old + 1
        session_state.listed = (e, [])
        reserve_indices(e)
        assert fresh_index("i").dummy_index == old.dummy_index  # the list is taken for what it is said to be


def test_a_free_index_is_the_first_that_is_not_taken():
    i = Symbol("i", integer=True, nonnegative=True)
    first = free_index(i, ())
    second = free_index(i, (first,))
    assert (first.name, first.dummy_index, second.dummy_index) == ("i", FIRST_INSIDE, FIRST_INSIDE + 1)
    assert free_index(i, ()) == first and first.is_nonnegative
