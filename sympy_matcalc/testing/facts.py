"""Random facts about matrix symbols, and random numbers for which the facts hold, and as little else as possible.

Facts are a dict from a MatrixSymbol to the names of its facts; `assumptions` makes SymPy's boolean of it.
"""

import numpy as np
from sympy import And

from ..facts import PREDICATES
from .data import random_env

COMBINATIONS = (
    ("symmetric",), ("symmetric",), ("symmetric", "invertible"), ("symmetric", "singular"), ("symmetric", "fullrank"),
    ("orthogonal",), ("orthogonal",), ("orthogonal", "symmetric"), ("orthogonal", "diagonal"), ("orthogonal", "invertible"),
    ("orthogonal", "upper_triangular"), ("orthogonal", "positive_definite"),
    ("diagonal",), ("diagonal",), ("diagonal", "invertible"), ("diagonal", "singular"), ("diagonal", "positive_definite"),
    ("diagonal", "idempotent"), ("diagonal", "symmetric"), ("upper_triangular", "lower_triangular"),
    ("positive_definite",), ("positive_definite",), ("positive_definite", "symmetric"),
    ("invertible",), ("invertible",), ("singular",), ("fullrank",),
    ("upper_triangular",), ("upper_triangular", "invertible"), ("upper_triangular", "singular"), ("upper_triangular", "unit_triangular"),
    ("lower_triangular",), ("lower_triangular", "invertible"), ("lower_triangular", "unit_triangular"), ("unit_triangular",),
    ("idempotent",), ("idempotent",), ("idempotent", "symmetric"), ("idempotent", "singular"),
)  # fmt: skip
REGULAR = {"invertible", "fullrank", "positive_definite", "orthogonal", "unit_triangular"}  # each of them says: of full rank
TRIANGULAR = {"upper_triangular", "lower_triangular"}
SPECTRAL = {"symmetric", "positive_definite"}
DEFICIENT = 0.2  # how often a matrix of which no fact says otherwise lacks a rank


def is_square(symbol):
    return symbol.shape[0] == symbol.shape[1]


def random_facts(rng, symbols, chance=0.6):
    """Facts for some of the matrix symbols; of those that are not square only the full rank can be one."""
    rng = np.random.default_rng(rng)
    facts = {}
    for M in sorted(symbols, key=str):
        if rng.random() < (chance if is_square(M) else chance / 4):
            facts[M] = COMBINATIONS[rng.integers(len(COMBINATIONS))] if is_square(M) else ("fullrank",)
    return facts


def some_of(rng, facts):
    """A part of the facts, possibly none of them."""
    rng = np.random.default_rng(rng)
    kept = {M: tuple(name for name in names if rng.random() < 0.5) for M, names in facts.items()}
    return {M: names for M, names in kept.items() if names}


def assumptions(facts):
    """The facts as SymPy's boolean of applied predicates; None where there are none.

    >>> from sympy import MatrixSymbol
    >>> assumptions({MatrixSymbol("A", 2, 2): ("symmetric", "invertible")})
    Q.invertible(A) & Q.symmetric(A)
    """
    applied = [PREDICATES[name](M) for M, names in facts.items() for name in names]
    return And(*applied) if applied else None


def env_with_facts(exprs, facts, seed=0, sizes=None, domain=None):
    """A value for every symbol of the expressions, as `random_env` gives, the matrices such that the facts hold.

    domain: of the symbols without facts. Those with neither are as generic as matrices are, now and then without full rank.
    """
    named = {getattr(M, "name", str(M)) for M in domain or {}}
    env = random_env(exprs, seed, sizes, domain)
    rng = np.random.default_rng([seed, 1])
    for M in sorted((M for M in env if hasattr(M, "shape")), key=str):
        if M in facts or M.name not in named:
            env[M] = data_with(rng, facts.get(M, ()), env[M].shape)
    return env


def data_with(rng, names, shape):
    """A random array of this shape that has the facts of these names."""
    facts, (rows, cols) = implied(names), shape
    if rows != cols:
        return rectangular(rng, facts, rows, cols)
    if "diagonal" in facts:
        return np.diag(spectrum(rng, facts, rows))
    if facts & (TRIANGULAR | {"unit_triangular"}):
        return triangular(rng, facts, rows)
    Q = rotation(rng, rows)
    if facts & SPECTRAL:
        value = (Q * spectrum(rng, facts, rows)) @ Q.T
        return (value + value.T) / 2
    if "idempotent" in facts:
        V = (Q * rng.uniform(0.5, 2, size=rows)) @ rotation(rng, rows)
        return (V * spectrum(rng, facts, rows)) @ np.linalg.inv(V)
    return Q if "orthogonal" in facts else (Q * spectrum(rng, facts, rows)) @ rotation(rng, rows)


def implied(names):
    """The facts, and "diagonal" where a triangular matrix has to be that."""
    facts = set(names)
    if facts & TRIANGULAR and (facts >= TRIANGULAR or facts & {"symmetric", "orthogonal", "positive_definite"}):
        facts.add("diagonal")
    return facts


def rotation(rng, n):
    """A random orthogonal matrix; its determinant is -1 as often as 1."""
    Q, R = np.linalg.qr(rng.normal(size=(n, n)))
    Q = Q * np.sign(np.diag(R))
    Q[:, 0] *= rng.choice([-1.0, 1.0])
    return Q


def spectrum(rng, facts, n):
    """Eigenvalues, singular values up to sign, or the diagonal of a matrix with these facts."""
    regular_projection = "idempotent" in facts and facts & REGULAR  # there is one only
    if {"orthogonal", "positive_definite"} <= facts or "unit_triangular" in facts or regular_projection:
        return np.ones(n)
    signs = rng.choice([-1.0, 1.0], size=n)
    if "orthogonal" in facts:
        return signs
    if "idempotent" in facts:
        return rng.permutation(np.arange(n) < rank_of_projection(rng, facts, n)).astype(float)
    sizes = rng.uniform(0.4, 1.6, size=n)
    if "singular" in facts or not facts & REGULAR and rng.random() < DEFICIENT:
        sizes[rng.integers(n)] = 0
    return sizes if "positive_definite" in facts else sizes * signs


def rank_of_projection(rng, facts, n):
    """Any rank from 0 to n, a tenth of the time each of the two ends; n is none where the matrix is singular."""
    top = n - 1 if "singular" in facts else n
    if top > 1 and rng.random() < 0.8:
        return rng.integers(1, n)
    return rng.choice([0, top])


def triangular(rng, facts, n):
    """Upper or lower; either where the facts do not say."""
    if "upper_triangular" in facts:
        upper = True
    else:
        upper = "lower_triangular" not in facts and rng.random() < 0.5
    above = np.triu(rng.normal(size=(n, n)) * 0.7, 1)
    return np.diag(spectrum(rng, facts, n)) + (above if upper else above.T)


def rectangular(rng, facts, rows, cols):
    """U diag(s) V'; where full rank is not stated, one of the values s is zero now and then."""
    k = min(rows, cols)
    return (rotation(rng, rows)[:, :k] * spectrum(rng, facts, k)) @ rotation(rng, cols)[:k]
