"""Batches, sparse data, and Hessians beside SparseDiffPy, the engine of CVXPY: what `lambdify` does with its options `batch` and `sparse`.

A case has the code that a person writes by hand, ours, and where it has the operations SparseDiffPy's. SparseDiffPy has the data in its
graph, so that only a new point is passed; where it is not installed it is left out.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any

import numpy as np
from scipy import sparse
from scipy.special import expit
from sympy import Determinant, Trace, exp, log

import sympy_matcalc as mc

from .contest import contest, error
from .problem import col, each, m, mat, n, ones, spd, weighted_gram
from .report import mean, number

SCALE = {"small": 0.02, "medium": 0.2, "large": 1.0}  # of the number of rows, or of examples


@dataclass
class Case:
    """Functions of no arguments, by contestant: "hand", "ours", "sparsediffpy"."""

    name: str
    dims: dict[str, int]
    functions: dict[str, Callable[[], Any]] = field(default_factory=dict)


def _softplus_sum(X, w):
    return ones(1, m) * each(lambda z: log(1 + exp(z)), X * w)


CASES: list[Callable[[np.random.Generator, float], Case]] = []


def case(make):
    CASES.append(make)
    return make


# ---------------------------------------------------------------- batches
@case
def batched_gradients(r, scale):
    """The gradient of logistic regression for a batch of weights."""
    X, w, y = mat("X", m, n), col("w", n), col("y", m)
    sizes = dict(m=int(5000 * scale) + 10, n=40, batch=50)
    A, t, W = r.standard_normal((sizes["m"], 40)), r.random(sizes["m"]), r.standard_normal((50, 40)) / 6
    loss = (_softplus_sum(X, w) - y.T * X * w)[0, 0]
    f = mc.lambdify([X, y, w], mc.gradient(loss, w), batch=[w])
    return Case("gradients, a batch of weights", sizes, {"hand": lambda: (expit(W @ A.T) - t) @ A, "ours": lambda: f(A, t, W)})


@case
def batched_solutions(r, scale):
    """The gradient of the Mahalanobis distance for a batch of covariances and points."""
    S, x = mat("S", n, n), col("x", n)
    sizes = dict(n=20, batch=int(4000 * scale) + 10)
    G = r.standard_normal((sizes["batch"], 20, 20))
    C, v = G @ G.swapaxes(1, 2) / 20 + np.eye(20), r.standard_normal((sizes["batch"], 20))
    f = mc.lambdify([S, x], S.I * x, batch=[S, x])
    return Case(
        "solutions, a batch of matrices", sizes, {"hand": lambda: np.linalg.solve(C, v[..., None])[..., 0], "ours": lambda: f(C, v)}
    )


@case
def batched_likelihoods(r, scale):
    """Value and gradient by S of the Gaussian log-likelihood, a batch of matrices."""
    S, C = mat("S", n, n), mat("C", n, n)
    sizes = dict(n=16, batch=int(4000 * scale) + 10)
    G = r.standard_normal((sizes["batch"], 16, 16))
    V, c = G @ G.swapaxes(1, 2) / 16 + np.eye(16), spd(r, 16)
    f = mc.lambdify([S, C], mc.gradient(log(Determinant(S)) + Trace(S.I * C), S), batch=[S])

    def hand():
        P = np.linalg.inv(V).swapaxes(1, 2)
        return P - P @ c.T @ P

    return Case("likelihoods, a batch of matrices", sizes, {"hand": hand, "ours": lambda: f(V, c)})


# ---------------------------------------------------------------- Hessians with dense and with sparse data
def _logistic_hessian(name, A, sizes):
    X, w = mat("X", m, n), col("w", n)
    v = np.linspace(-0.5, 0.5, A.shape[1])
    f = mc.lambdify([X, w], mc.hessian(_softplus_sum(X, w)[0, 0], w), **({"sparse": X} if sparse.issparse(A) else {}))

    def hand():
        p = expit(A @ v)
        d = p * (1 - p)
        return weighted_gram(A, d) if not sparse.issparse(A) else A.T @ (sparse.diags_array(d) @ A)

    case = Case(name, sizes, {"hand": hand, "ours": lambda: f(A, v)})
    if find_spec("sparsediffpy"):
        case.functions["sparsediffpy"] = _engine_hessian(A, v)
    return case


def _engine_hessian(A, v):
    """SparseDiffPy's Hessian of sum(log(1 + exp(A w)))."""
    from sparsediffpy import _sparsediffengine as engine

    rows, columns = A.shape
    x = engine.make_variable(columns, 1, 0, columns)
    if sparse.issparse(A):
        B = sparse.csr_array(A)
        z = engine.make_left_matmul(None, x, "sparse", B.data, B.indices.astype(np.int32), B.indptr.astype(np.int32), rows, columns)
    else:
        z = engine.make_left_matmul(None, x, "dense", A.ravel(), rows, columns)
    problem = engine.make_problem(engine.make_sum(engine.make_logistic(z), -1), [], False)
    engine.problem_init_derivatives(problem)
    nothing = np.zeros(0)

    def hessian():
        engine.problem_objective_forward(problem, v)
        engine.problem_gradient(problem)  # the Hessian is made of what this leaves
        data, indices, indptr, shape = engine.problem_hessian(problem, 1.0, nothing)
        return sparse.csr_array((data, indices, indptr), shape)

    return hessian


@case
def dense_hessian(r, scale):
    """Logistic regression, dense rows."""
    sizes = dict(m=int(5000 * scale) + 10, n=100)
    return _logistic_hessian("Hessian, dense data", r.standard_normal((sizes["m"], 100)) / 10, sizes)


@case
def sparse_hessian(r, scale):
    """Logistic regression, sparse rows."""
    sizes = dict(m=int(50_000 * scale) + 10, n=2000)
    A = sparse.csr_array(sparse.random(sizes["m"], 2000, 0.002, "csr", random_state=r))
    return _logistic_hessian("Hessian, sparse data", A, sizes)


@case
def banded_hessian(r, scale):
    """A sum of functions of differences of neighbours: the Hessian is tridiagonal."""
    count = int(50_000 * scale) + 10
    D = sparse.csr_array(sparse.diags_array([-np.ones(count), np.ones(count)], offsets=[0, 1], shape=(count, count + 1)))
    return _logistic_hessian("Hessian, tridiagonal", D, dict(m=count, n=count + 1))


# ---------------------------------------------------------------- the run
def rows(sizes: list[str], rounds: int) -> Iterator[dict[str, Any]]:
    """A row for each case and size: dims, seconds, and the errors against the hand-written answer."""
    for make in CASES:
        for size in sizes:
            one = make(np.random.default_rng(0), SCALE[size])
            want = _dense(one.functions["hand"]())
            wrong = {name: error(_dense(f()), want) for name, f in one.functions.items() if name != "hand"}
            yield dict(problem=one.name, size=size, dims=one.dims, error=wrong, seconds=contest(one.functions, rounds))


def _dense(answer: Any) -> Any:
    """Numbers to compare; of a large sparse array what is stored, in order."""
    if not sparse.issparse(answer):
        return answer
    if answer.shape[0] * answer.shape[1] <= 10**7:
        return answer.toarray()
    found = sparse.csr_array(answer)
    found.sum_duplicates()
    found.eliminate_zeros()
    return found.data


def table(found: list[dict[str, Any]]) -> str:
    """The table, in Markdown, and the means."""
    lines = ["| | size | | ms by hand | ours/hand | SparseDiffPy/ours |", "|---|---|---|---|---|---|"]
    for row in found:
        s = row["seconds"]
        other = s["sparsediffpy"] / s["ours"] if "sparsediffpy" in s else None
        dims = " ".join(f"{k}={v}" for k, v in row["dims"].items())
        lines.append(
            f"| {row['problem']} | {row['size']} | {dims} | {s['hand'] * 1e3:.3g} | {number(s['ours'] / s['hand'])} | {number(other)} |"
        )
    ratios = [row["seconds"]["ours"] / row["seconds"]["hand"] for row in found]
    return "\n".join([*lines, "", f"ours/hand: {mean(ratios):.2f}, geometric mean of {len(ratios)}; worst {max(ratios):.2f}."]) + "\n"


def is_wrong(row: dict[str, Any]) -> bool:
    return any(not e <= 1e-9 for e in row["error"].values())
