"""Derivatives of random functions by variables with structure, judged by finite differences in the free parameters.

``python tests/fuzz_structure.py --n 200 --seed 0 [--only symmetric,toeplitz] [--order 2]``: for each structure, convention and order n random
scalar functions of a square X. An answer E vec(G) is judged by ``<answer, U> = Df(X)[E'U]``, E H E' by ``D^2 f(X)[E'U, E'V]``: the matrix E is made here
from the definition of the structure, and f is moved along the parameters alone. Riemannian Hessians are judged along curves on the manifold.
Prints what is wrong with its seed, then a line of counts a structure; the exit status is 1 where anything is wrong or crashed.
"""

import argparse
import sys
import traceback
from collections import Counter
from functools import cache

import numpy as np
import sympy as sp
from scipy.linalg import expm, null_space, sqrtm

import sympy_matcalc as mc
from sympy_matcalc.structure import STRUCTURES
from sympy_matcalc.testing import evaluate, random_env, random_expression
from sympy_matcalc.testing.check import compare
from sympy_matcalc.testing.differences import FIRST_STEP, SECOND_STEP, derivative_on_line, extrapolated
from sympy_matcalc.testing.evaluator import Evaluation
from sympy_matcalc.testing.time_limit import OutOfTime, time_limit

SECONDS = 20
DRAWS = 6
DIRECTIONS = 1  # random ones: a wrong answer is wrong along almost all


# ---- structures by their definitions, one matrix of 0, 1 and -1 a parameter
def units(name, n):
    """The matrices for which one free parameter is 1 and the others are 0, in column order."""
    places = [(i, j) for j in range(n) for i in range(n)]
    tied = {
        "symmetric": lambda p, q: sorted(p) == sorted(q),
        "skew": lambda p, q: sorted(p) == sorted(q) and p[0] != p[1],
        "diagonal": lambda p, q: p == q and p[0] == p[1],
        "lower": lambda p, q: p == q and p[0] >= p[1],
        "upper": lambda p, q: p == q and p[0] <= p[1],
        "strictly_lower": lambda p, q: p == q and p[0] > p[1],
        "strictly_upper": lambda p, q: p == q and p[0] < p[1],
        "tridiagonal": lambda p, q: p == q and abs(p[0] - p[1]) < 2,
        "toeplitz": lambda p, q: p[0] - p[1] == q[0] - q[1],
        "hankel": lambda p, q: sum(p) == sum(q),
        "circulant": lambda p, q: (p[0] - p[1] - q[0] + q[1]) % n == 0,
        "scalar": lambda p, q: p[0] == p[1] and q[0] == q[1],
    }[name]
    found, seen = [], set()
    for p in places:
        group = [q for q in places if tied(p, q)]
        if group and p not in seen:
            seen |= set(group)
            unit = np.zeros((n, n))
            for q in group:
                unit[q] = -1 if name == "skew" and q[0] < q[1] else 1
            found.append(unit)
    return found


def basis(name, n):
    """B with vec X = B theta."""
    found = [u.ravel("F") for u in units(name, n)]
    return np.stack(found, axis=1) if found else np.zeros((n * n, 0))


def transposed_matrix(name, convention, n):
    """E' of a convention; it is symmetric, since B has entries 0, 1 and -1."""
    B = basis(name, n)
    return B @ B.T if convention == "entries" else B @ np.linalg.pinv(B)


def tangent_projection(X):
    """The orthogonal projection on the tangent space of X'X = I, from a basis of that space."""
    n, k = X.shape
    normal = null_space(X.T)
    skew = [X @ u for u in units("skew", k)]
    across = [normal @ e.reshape(n - k, k) for e in np.eye((n - k) * k)] if n > k else []
    found = [u.ravel("F") for u in skew + across]
    T = np.stack(found, axis=1) if found else np.zeros((n * k, 0))
    return T @ np.linalg.pinv(T)


def direction_of(name, convention, X, U):
    """E'U: what X is moved along where the answer is contracted with U."""
    if name == "orthogonal":
        E = tangent_projection(X)
    elif name == "spd":
        return X @ (U + U.T) / 2 @ X
    else:
        E = transposed_matrix(name, convention, len(X))
    return (E @ U.ravel("F")).reshape(X.shape, order="F")


def random_point(name, shape, rng):
    """A random matrix with the structure, of moderate condition."""
    if name == "orthogonal":
        return np.linalg.qr(rng.normal(size=shape))[0]
    if name == "spd":
        A = rng.normal(size=shape)
        return A @ A.T / len(A) + np.eye(len(A)) / 2
    n = shape[0]
    B = basis(name, n)
    X = (B @ rng.uniform(-1, 1, size=B.shape[1])).reshape(n, n, order="F")
    return X


# ---- judging
def moved(f, env, X, step):
    return np.asarray(evaluate(f, {**env, X: env[X] + step}, Evaluation(env)), float)


def judge_first(f, X, env, answer, name, convention, rng):
    value, verdicts = np.asarray(evaluate(answer, env), float), set()
    if value.shape != env[X].shape:
        return "wrong"
    for _ in range(DIRECTIONS):
        U = rng.normal(size=value.shape) / value.size**0.5
        along = direction_of(name, convention, env[X], U)
        expected, error = derivative_on_line(lambda s: moved(f, env, X, s), along, FIRST_STEP)
        verdicts.add(compare(np.sum(U * value), expected, np.asarray(error), 1e-6, evaluate(f, env)))
    return worst(verdicts)


def judge_second(f, X, env, answer, name, convention, rng):
    shape = env[X].shape
    size = shape[0] * shape[1]
    T = np.asarray(evaluate(answer, env), float)
    if [k for k in T.shape if k != 1] != [k for k in shape * 2 if k != 1]:
        return "wrong"
    T, verdicts = T.reshape(*shape, *shape), set()
    for _ in range(DIRECTIONS):
        U, V = rng.normal(size=(2, *shape)) / size**0.5
        if name in ("orthogonal", "spd"):
            V = direction_of("symmetric" if name == "spd" else name, "subspace", env[X], V)
            got, (expected, error) = on_manifold(f, X, env, T, V, name)
        else:
            got = np.einsum("ijkl,ij,kl", T, U, V)
            along, across = (direction_of(name, convention, env[X], W) for W in (U, V))
            expected, error = second_along(f, X, env, along, across)
        verdicts.add(compare(np.asarray(got), expected, np.asarray(error), 1e-4, evaluate(f, env)))
    return worst(verdicts)


def second_along(f, X, env, U, V):
    def four_points(h):
        a, b, c, d = (moved(f, env, X, h * (s * U + t * V)) for s, t in ((1, 1), (1, -1), (-1, 1), (-1, -1)))
        return (a - b - c + d) / (4 * h * h)

    return extrapolated(four_points, SECOND_STEP)


def on_manifold(f, X, env, T, V, name):
    """(<V, T V> in the metric, the second derivative of f along a geodesic, or a curve that agrees with one to second order)."""
    at = env[X]
    TV = np.einsum("ijkl,kl->ij", T, V)
    if name == "spd":
        inverse = np.linalg.inv(at)
        got = np.trace(inverse @ V @ inverse @ TV)
        curve = lambda t: at @ expm(t * inverse @ V)  # noqa: E731
    else:
        got = np.sum(V * TV)
        curve = lambda t: (at + t * V) @ np.linalg.inv(np.real(sqrtm(np.eye(V.shape[1]) + t * t * V.T @ V)))  # noqa: E731

    def three_points(h):
        a, b, c = (moved(f, env, X, curve(t) - at) for t in (h, 0, -h))
        return (a - 2 * b + c) / h**2

    return got, extrapolated(three_points, SECOND_STEP)


def worst(verdicts):
    return next(v for v in ("wrong", "unreliable", "right") if v in verdicts)


# ---- random functions
@cache
def random_function(seed, name):
    """(f, X, domain): a random scalar function of a square X, or of a tall one for Stiefel matrices, that is smooth for every X."""
    for k in range(200):
        rng = np.random.default_rng((seed, k))
        kind = "matrix" if name == "orthogonal" and seed % 3 == 0 else "square"
        try:
            with time_limit(SECONDS):
                f, X, domain = random_expression(rng, depth=int(rng.integers(2, 4)), kind=kind, shape=())
        except (OutOfTime, RuntimeError, TypeError):
            continue
        if domain.get(X, "any") == "any" or name == "spd":
            return f, X, domain
    raise RuntimeError(f"no random function for seed {seed}")


def sizes_of(X, seed, name):
    """Sizes from 1 to 5 of the variable, the others as `random_env` draws them; more rows than columns of a Stiefel matrix."""
    n = 1 + seed % 5
    if X.shape[0] == X.shape[1]:
        return {X.shape[0]: n} if X.shape[0].is_Symbol else {}
    rows, cols = X.shape
    return {s: k for s, k in ((rows, n + seed % 2), (cols, n)) if s.is_Symbol}


def derive(f, X, name, convention, order):
    given = {} if convention is None else {"convention": convention}
    return (mc.gradient if order == 1 else mc.hessian)(f, X, structure=name, **given)


def case(name, convention, order, seed):
    """(verdict, message) for one random function."""
    f, X, domain = random_function(seed, name if name in ("orthogonal", "spd") else "linear")
    try:
        with time_limit(SECONDS):
            answer = derive(f, X, name, convention, order)
    except mc.MatcalcError as error:
        return "refused", f"{type(error).__name__}: {error}"
    except OutOfTime:
        return "timeout", f"`{f}`"
    except Exception:
        return "crash", f"`{f}`\n{traceback.format_exc()}"
    sizes = sizes_of(X, seed, name)
    for draw in range(DRAWS):
        rng = np.random.default_rng((seed, draw))
        try:
            env = random_env([f, X], seed + 100 * draw, sizes, {s: d for s, d in domain.items() if s != X})
            shape = tuple(Evaluation(env).integer(s) for s in X.shape)
            if shape[0] < shape[1]:
                return "unjudged", "wide"
            env = {**env, X: random_point(name, shape, rng)}
            judge = judge_first if order == 1 else judge_second
            verdict = judge(f, X, env, answer, name, convention, rng)
        except (np.linalg.LinAlgError, FloatingPointError, IndexError):
            continue
        if verdict == "wrong":
            return "wrong", f"f = {sp.srepr(f)}\nX = {X}, {shape}\nanswer: {answer}"
        if verdict == "right":
            return "right", ""
    return "unjudged", ""


def requests():
    return [(name, c) for name, s in STRUCTURES.items() for c in ("entries", "subspace") if c == "subspace" or s.ties is not None]


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--n", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--order", type=int, choices=(1, 2))
    parser.add_argument("--only", default="")
    args = parser.parse_args(argv)
    bad = 0
    for name, convention in requests():
        if args.only and name not in args.only.split(","):
            continue
        for order in (1, 2) if args.order is None else (args.order,):
            count = Counter()
            for k in range(args.n):
                verdict, message = case(name, convention, order, args.seed + k)
                count[verdict] += 1
                if verdict in ("wrong", "crash"):
                    bad += 1
                    print(f"{verdict} {name} {convention} order {order} seed {args.seed + k}\n{message}", flush=True)
            print(f"{name:15} {convention:9} order {order}: {', '.join(f'{v} {k}' for k, v in sorted(count.items()))}", flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
