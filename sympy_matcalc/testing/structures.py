"""Derivatives by a variable with structure, judged by finite differences in its free parameters.

An answer E vec(G) is judged by ``<answer, U> = Df(X)[E'U]``, a second one E H E' by ``D^2 f(X)[E'U, E'V]``: the matrix E is made here
from the definition of the structure, and f is moved along the structure alone. Riemannian Hessians are judged along curves on the manifold.
"""

import numpy as np

from .check import compare
from .differences import FIRST_STEP, SECOND_STEP, derivative_on_line, extrapolated
from .evaluator import Evaluation, evaluate

DIRECTIONS = 1  # random ones: a wrong answer is wrong along almost all


# ---- structures by their definitions, one matrix of 0, 1 and -1 a parameter
def units(name, m, n):
    """The matrices for which one free parameter is 1 and the others are 0, in column order."""
    places = [(i, j) for j in range(n) for i in range(m)]
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
            unit = np.zeros((m, n))
            for q in group:
                unit[q] = -1 if name == "skew" and q[0] < q[1] else 1
            found.append(unit)
    return found


def basis(name, shape):
    """B with vec X = B theta; itself where the structure is one of a user's."""
    if hasattr(name, "vec_basis"):
        return np.array(name.vec_basis.tolist(), float)
    found = [u.ravel("F") for u in units(name, *shape)]
    return np.stack(found, axis=1) if found else np.zeros((shape[0] * shape[1], 0))


def transposed_matrix(name, convention, shape):
    """E' of a convention; it is symmetric where B has entries 0, 1 and -1."""
    B = basis(name, shape)
    if convention == "entries" and hasattr(name, "vec_basis"):
        return B @ np.where(B, 1 / np.where(B, B, 1), 0).T
    return B @ B.T if convention == "entries" else B @ np.linalg.pinv(B)


def tangent_projection(X):
    """The orthogonal projection on the tangent space of X'X = I, from a basis of that space."""
    n, k = X.shape
    normal = np.linalg.svd(X)[0][:, k:]
    skew = [X @ u for u in units("skew", k, k)]
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
        E = transposed_matrix(name, convention, X.shape)
    return (E @ U.ravel("F")).reshape(X.shape, order="F")


def random_point(name, shape, rng):
    """A random matrix with the structure, of moderate condition."""
    if name == "orthogonal":
        return np.linalg.qr(rng.normal(size=shape))[0]
    if name == "spd":
        A = rng.normal(size=shape)
        return A @ A.T / len(A) + np.eye(len(A)) / 2
    B = basis(name, shape)
    return (B @ rng.uniform(-1, 1, size=B.shape[1])).reshape(shape, order="F")


# ---- judging
def moved(f, env, X, step):
    return np.asarray(evaluate(f, {**env, X: env[X] + step}, Evaluation(env)), float)


def magnitude(f, env, X, U):
    """The size of f where X has no structure too: on it f may be 0 by cancellation, as x'X x of skew X is, and is rounding errors then."""
    return np.maximum(np.abs(moved(f, env, X, 0)), np.abs(moved(f, env, X, U)))


def judge_structured(order, *question):
    """ "right", "wrong" or "unreliable": question is (f, X, env, answer, name of the structure, convention, rng)."""
    return (judge_first if order == 1 else judge_second)(*question)


def judge_first(f, X, env, answer, name, convention, rng):
    value, verdicts = np.asarray(evaluate(answer, env), float), set()
    if value.shape != env[X].shape:
        return "wrong"
    for _ in range(DIRECTIONS):
        U = rng.normal(size=value.shape) / value.size**0.5
        along = direction_of(name, convention, env[X], U)
        expected, error = derivative_on_line(lambda s: moved(f, env, X, s), along, FIRST_STEP)
        verdicts.add(compare(np.sum(U * value), expected, np.asarray(error), 1e-6, magnitude(f, env, X, U)))
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
        verdicts.add(compare(np.asarray(got), expected, np.asarray(error), 1e-4, magnitude(f, env, X, U)))
    return worst(verdicts)


def judge_jacobian(F, X, env, answer, name, convention, rng):
    """As `judge_first`, of the Jacobian of F in numerator layout: contracted with U on the axes of X it is DF(X)[E'U]."""
    value, at = np.asarray(evaluate(answer, env), float), np.asarray(evaluate(F, env), float)
    shape = env[X].shape
    if [k for k in value.shape if k != 1] != [k for k in at.shape + shape if k != 1]:
        return "wrong"
    U = rng.normal(size=shape) / (shape[0] * shape[1]) ** 0.5
    got = value.reshape(*at.shape, -1) @ U.ravel()
    along = direction_of(name, convention, env[X], U)
    expected, error = derivative_on_line(lambda s: moved(F, env, X, s), along, FIRST_STEP)
    return compare(got, expected, np.asarray(error), 1e-6, at)


def second_along(f, X, env, U, V):
    def four_points(h):
        a, b, c, d = (moved(f, env, X, h * (s * U + t * V)) for s, t in ((1, 1), (1, -1), (-1, 1), (-1, -1)))
        return (a - b - c + d) / (4 * h * h)

    return extrapolated(four_points, SECOND_STEP)


def _of_symmetric(function, A):
    """A function of a symmetric matrix."""
    values, vectors = np.linalg.eigh(A)
    return vectors * function(values) @ vectors.T


def on_manifold(f, X, env, T, V, name):
    """(<V, T V> in the metric, the second derivative of f along a geodesic, or a curve that agrees with one to second order)."""
    at = env[X]
    TV = np.einsum("ijkl,kl->ij", T, V)
    if name == "spd":
        inverse = np.linalg.inv(at)
        got = np.trace(inverse @ V @ inverse @ TV)
        root = _of_symmetric(np.sqrt, at)
        inside = np.linalg.inv(root) @ V @ np.linalg.inv(root)
        curve = lambda t: root @ _of_symmetric(np.exp, t * (inside + inside.T) / 2) @ root  # noqa: E731
    else:
        got = np.sum(V * TV)
        gram = V.T @ V
        curve = lambda t: (at + t * V) @ _of_symmetric(lambda w: w**-0.5, np.eye(len(gram)) + t * t * gram)  # noqa: E731

    def three_points(h):
        a, b, c = (moved(f, env, X, curve(t) - at) for t in (h, 0, -h))
        return (a - 2 * b + c) / h**2

    return got, extrapolated(three_points, SECOND_STEP)


def worst(verdicts):
    return next(v for v in ("wrong", "unreliable", "right") if v in verdicts)
