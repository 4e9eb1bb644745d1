"""The judge of `mc.simplify` is judged: data have the facts that are stated and no others, and wrong simplifiers are caught."""

import numpy as np
import pytest
import sympy as sp
from sympy import Add, Determinant, HadamardProduct, Identity, Inverse, MatAdd, MatMul, MatrixSymbol, Q, Trace, Transpose, symbols

from sympy_matcalc import nodes
from sympy_matcalc.errors import MatcalcError
from sympy_matcalc.testing import algebra, evaluate, paste
from sympy_matcalc.testing.facts import COMBINATIONS, PREDICATES, assumptions, data_with, env_with_facts, random_facts, some_of

from .. import fuzz_simplify as fs

n, m = symbols("n m", integer=True, positive=True)
alpha = sp.Symbol("alpha")
A, B, U, P = (MatrixSymbol(name, n, n) for name in "ABUP")
R, x = MatrixSymbol("R", n, m), MatrixSymbol("x", n, 1)


def rank(M):
    return np.linalg.matrix_rank(M, tol=1e-8)


HOLDS = {
    "symmetric": lambda M: np.array_equal(M, M.T),
    "orthogonal": lambda M: np.allclose(M.T @ M, np.eye(len(M)), atol=1e-12),
    "diagonal": lambda M: np.array_equal(M, np.diag(np.diag(M))),
    "positive_definite": lambda M: np.array_equal(M, M.T) and np.linalg.eigvalsh(M).min() > 0.1,
    "invertible": lambda M: rank(M) == len(M),
    "singular": lambda M: rank(M) < len(M),
    "fullrank": lambda M: rank(M) == min(M.shape),
    "upper_triangular": lambda M: np.array_equal(M, np.triu(M)),
    "lower_triangular": lambda M: np.array_equal(M, np.tril(M)),
    "unit_triangular": lambda M: (
        np.array_equal(np.diag(M), np.ones(len(M))) and (np.array_equal(M, np.triu(M)) or np.array_equal(M, np.tril(M)))
    ),
    "idempotent": lambda M: np.allclose(M @ M, M, atol=1e-12),
}
IMPLIED = {  # what follows, and so may hold without being stated
    "positive_definite": {"symmetric", "invertible", "fullrank"}, "orthogonal": {"invertible", "fullrank"}, "invertible": {"fullrank"},
    "fullrank": {"invertible"}, "diagonal": {"symmetric", "upper_triangular", "lower_triangular"}, "unit_triangular": {"invertible", "fullrank"},
}  # fmt: skip
PAIRS = {  # what follows from two facts together
    ("orthogonal", "diagonal"): {"upper_triangular", "lower_triangular", "symmetric"}, ("orthogonal", "upper_triangular"): {"diagonal"},
    ("orthogonal", "positive_definite"): set(HOLDS), ("upper_triangular", "lower_triangular"): {"diagonal"},
}  # fmt: skip


def closure(names):
    facts = set(names)
    for _ in range(4):
        for fact in list(facts):
            facts |= IMPLIED.get(fact, set())
        for pair, more in PAIRS.items():
            facts |= more if set(pair) <= facts else set()
    return facts


@pytest.mark.parametrize("names", sorted(set(COMBINATIONS)))
@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_stated_facts_hold(names, size):
    for seed in range(20):
        value = data_with(np.random.default_rng(seed), names, (size, size))
        assert value.shape == (size, size)
        assert [name for name in names if not HOLDS[name](value)] == []


@pytest.mark.parametrize("names", [(), *sorted(set(COMBINATIONS))])
def test_nothing_else_holds_always(names):
    draws = [data_with(np.random.default_rng(seed), names, (3, 3)) for seed in range(60)]
    always = {name for name, holds in HOLDS.items() if all(holds(M) for M in draws)}
    assert always <= closure(names)


@pytest.mark.parametrize("names", [("orthogonal",), ("orthogonal", "symmetric"), ("orthogonal", "diagonal"), ("invertible",), ("symmetric", "invertible"),
                                   ("diagonal", "invertible"), ("upper_triangular", "invertible")])  # fmt: skip
def test_determinants_have_either_sign(names):
    signs = [np.sign(np.linalg.det(data_with(np.random.default_rng(seed), names, (3, 3)))) for seed in range(60)]
    assert 15 <= signs.count(-1) <= 45


@pytest.mark.parametrize("names", [("singular",), ("symmetric", "singular"), ("diagonal", "singular"), ("upper_triangular", "singular")])
def test_singular_matrices_lack_one_rank(names):
    assert {int(rank(data_with(np.random.default_rng(seed), names, (4, 4)))) for seed in range(20)} == {3}


def test_projections_of_every_rank():
    assert {int(rank(data_with(np.random.default_rng(seed), ("idempotent",), (3, 3)))) for seed in range(80)} == {0, 1, 2, 3}


def test_matrices_that_are_not_square():
    draws = [data_with(np.random.default_rng(seed), (), (3, 2)) for seed in range(40)]
    assert {int(rank(M)) for M in draws} == {1, 2}
    assert {int(rank(data_with(np.random.default_rng(seed), ("fullrank",), (3, 2)))) for seed in range(40)} == {2}


def test_random_facts_are_about_square_matrices():
    for seed in range(50):
        facts = random_facts(seed, [A, R, x], chance=1)
        assert facts[A] in COMBINATIONS
        assert all(names == ("fullrank",) for M, names in facts.items() if M != A)
        assert all(set(names) <= set(facts[M]) for M, names in some_of(seed, facts).items())
    assert {c for seed in range(400) for c in random_facts(seed, [A], chance=1).values()} == set(COMBINATIONS)


def test_assumptions():
    assert assumptions({}) is None
    assert assumptions({A: ("symmetric", "invertible"), U: ("orthogonal",)}) == Q.symmetric(A) & Q.invertible(A) & Q.orthogonal(U)
    assert assumptions({P: ("idempotent",)}) == PREDICATES["idempotent"](P)


def test_env_with_facts():
    env = env_with_facts([A * R + alpha * R], {A: ("orthogonal",)}, 3, {n: 4})
    assert env[n] == 4 and env[A].shape == (4, 4) and isinstance(env[alpha], float)
    assert HOLDS["orthogonal"](env[A])
    np.testing.assert_allclose(evaluate(A.T * A, env), np.eye(4), atol=1e-12)
    assert np.linalg.eigvalsh(env_with_facts([A], {}, 3, domain={A: "spd"})[A]).min() > 0
    same = env_with_facts([A * R + alpha * R], {A: ("orthogonal",)}, 3, {n: 4})
    assert all(np.array_equal(env[s], same[s]) for s in env)


# ---- the fuzzer: what it catches, and what it lets pass
def kinds(simplify, expr, facts=None, seed=0):
    case = algebra.Case(seed, expr, facts or {}, algebra.symbols_of(expr)[0], {})
    return {f.kind for f in fs.failures(case, simplify, seconds=2)}


def unchanged(expr, assumptions=None):
    return expr


def without_transposes(expr, assumptions=None):
    return expr.replace(lambda e: isinstance(e, Transpose) and e.shape[0] == e.shape[1], lambda e: e.arg)


def as_if_symmetric(expr, assumptions=None):
    return sp.refine(expr, sp.And(*[Q.symmetric(M) for M in algebra.symbols_of(expr)]))


def as_if_invertible(expr, assumptions=None):
    return expr.xreplace({MatMul(M, mc_pinv(M)): Identity(M.shape[0]) for M in algebra.symbols_of(expr)})


def mc_pinv(M):
    return nodes.PseudoInverse(M)


def sleepy(expr, assumptions=None):
    while True:
        try:
            while True:
                pass
        except Exception:  # as code does that takes any error for a refusal
            continue


def refusing(expr, assumptions=None):
    raise MatcalcError("not this one")


MUTANTS = [
    (lambda e, f=None: sp.refine(e, f or True), Determinant(U), {U: ("orthogonal",)}, "value"),  # SymPy's own: 1, be it a reflection
    (lambda e, f=None: sp.refine(e, f or True), Determinant(U), {U: ("orthogonal", "symmetric")}, "value"),
    (without_transposes, MatMul(Transpose(A), x), {}, "value"),
    (without_transposes, Trace(MatMul(A, Transpose(A))), {A: ("invertible",)}, "value"),
    (without_transposes, MatMul(P, Transpose(P)), {P: ("idempotent",)}, "value"),
    (as_if_symmetric, MatMul(Transpose(A), B), {B: ("symmetric",)}, "value"),
    (as_if_invertible, MatMul(A, mc_pinv(A)), {A: ("diagonal",)}, "value"),
    (as_if_invertible, MatMul(A, mc_pinv(A)), {A: ("singular",)}, "value"),
    (lambda e, f=None: sp.Abs(e), Determinant(A), {A: ("symmetric", "invertible")}, "value"),
    (lambda e, f=None: e.args[1] if f else e, MatMul(A, x), {A: ("positive_definite",)}, "value"),
    (lambda e, f=None: Add(e, 0, evaluate=False), Trace(A), {}, "larger"),
    (
        lambda e, f=None: e.args[0].args[0] if isinstance(e, Transpose) else e,
        Transpose(Transpose(Transpose(Transpose(x)))),
        {},
        "not idempotent",
    ),
    (lambda e, f=None: e.args[0], Transpose(x), {}, "shape"),
    (lambda e, f=None: Trace(MatrixSymbol("Z", n, n)), Trace(A), {}, "value"),
    (lambda e, f=None: 1 // 0, Trace(A), {}, "crash"),
    (lambda e, f=None: None if e.has(x) else 1.5, Trace(A), {}, "type"),
    (unchanged, MatAdd(A, B, MatMul(2, P)), {}, "order"),
    (unchanged, HadamardProduct(A, B, P, Inverse(P)), {}, "order"),
]


@pytest.mark.parametrize("k", range(len(MUTANTS)))
def test_wrong_simplifiers_are_caught(k):
    simplify, expr, facts, kind = MUTANTS[k]
    assert kind in set().union(*[kinds(simplify, expr, facts, seed) for seed in range(3)])


def test_a_correct_simplifier_passes():
    def transposed(expr, assumptions=None):
        known = {a.arguments[0] for a in sp.And.make_args(assumptions) if a.function == Q.symmetric} if assumptions else set()
        return expr.xreplace({Transpose(M): M for M in known})

    for seed in range(5):
        assert kinds(transposed, MatMul(Transpose(A), Transpose(B), x), {A: ("symmetric", "invertible"), B: ("orthogonal",)}, seed) == set()


def test_a_simplifier_that_hangs_is_stopped():
    case = algebra.Case(0, Trace(A), {}, A, {})
    assert [f.kind for f in fs.failures(case, sleepy, seconds=0.2)] == ["slow"]


def test_an_error_of_the_package_is_a_refusal():
    judge = fs.Judge(algebra.Case(0, Trace(A), {}, A, {}), refusing, only_simplify=True)
    assert judge.run() == [] and judge.counts["refused"] == 1


def test_points_that_are_not_finite_are_not_judged():
    judge = fs.Judge(algebra.Case(0, Trace(Inverse(A)), {A: ("singular",)}, A, {}), unchanged, only_simplify=True)
    assert judge.run() == [] and judge.counts["points not judged"] > 3


def test_size_counts_the_body_of_a_lambda_and_not_the_name_of_a_matrix():
    u = sp.Dummy("u")
    assert algebra.size(A) == 1 and algebra.size(MatMul(A, A)) == 3
    assert algebra.size(A.applyfunc(sp.Lambda(u, sp.sin(u) + 1))) - algebra.size(A.applyfunc(sp.Lambda(u, sp.sin(u)))) == 2


def test_rearranged_keeps_the_value():
    for seed in range(40):
        expr = algebra.random_case(seed).expr
        other = algebra.rearranged(np.random.default_rng(seed), expr)
        env = env_with_facts([expr], {}, seed)
        if algebra.canonical(other) == algebra.canonical(expr) and fs.Point(expr, env).value is not None:
            np.testing.assert_allclose(evaluate(other, env), evaluate(expr, env), rtol=1e-7, atol=1e-9)


def test_the_same_seed_gives_the_same_case():
    first, second = algebra.random_case(11), algebra.random_case(11)
    assert algebra.canonical(first.expr) == algebra.canonical(second.expr) and first.facts == second.facts


def test_the_fuzzer_finds_the_mutants_by_itself():
    """On random cases, not only on hand-written ones; the order and the size are of no interest here."""
    for mutant in (without_transposes, as_if_symmetric):
        found = (f.kind for seed in range(40) for f in fs.failures(algebra.random_case(seed), mutant, seconds=5))
        assert "value" in found


def test_cases_are_printed_as_code():
    for seed in range(30):
        case = algebra.random_case(seed)
        space = {}
        exec(paste.PRELUDE + "\n" + paste.report(case, fs.Failure("value", "simplify", "not\nso", case.expr, case.facts)), space)
        assert algebra.canonical(space["expr"]) == algebra.canonical(case.expr) and space["facts"] == assumptions(case.facts)


def test_findings_are_shrunk_and_printed_as_code():
    expr = MatAdd(MatMul(Transpose(A), B), MatMul(3, B, Inverse(MatAdd(A, Identity(n)))))
    case = algebra.Case(0, expr, {B: ("symmetric",)}, A, {})
    failure = next(f for f in fs.failures(case, without_transposes) if f.kind == "value")
    small, failure = fs.shrunk(case, failure, without_transposes)
    assert small.expr == Transpose(A) and small.facts == {}
    text = paste.report(case, failure._replace(facts=case.facts))
    space = {}
    exec(paste.PRELUDE + "\n" + text, space)
    assert space["expr"] == expr and space["facts"] == Q.symmetric(B)
