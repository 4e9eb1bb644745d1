"""Derivatives of random functions by variables with structure, judged by finite differences in the free parameters.

``python tests/fuzz_structure.py --n 200 --seed 0 [--only symmetric,toeplitz] [--order 2]``: for each structure, convention and order n random
scalar functions of X, judged as `sympy_matcalc.testing.structures` says. ``--order J``: Jacobians of random vectors and matrices. Among the
structures is "user": a `LinearStructure` with a random basis. Prints what is wrong with its seed, then a line of counts a structure;
the exit status is 1 where anything is wrong or crashed.
"""

import argparse
import sys
import traceback
from collections import Counter
from functools import cache, partial

import numpy as np
import sympy as sp

import sympy_matcalc as mc
from sympy_matcalc.structure import STRUCTURES
from sympy_matcalc.testing import random_env, random_expression
from sympy_matcalc.testing.evaluator import Evaluation
from sympy_matcalc.testing.structures import judge_jacobian, judge_structured, random_point
from sympy_matcalc.testing.time_limit import OutOfTime, time_limit

SECONDS = 20
DRAWS = 6
DERIVATIVES = {1: mc.gradient, 2: mc.hessian, "J": mc.jacobian}


# ---- random functions
@cache
def random_function(seed, name, shape=()):
    """(f, X, domain): a random function of a square X, or of a tall one for Stiefel matrices, that is smooth for every X.

    shape: of its value, () for a scalar and None for any other.
    """
    for k in range(200):
        rng = np.random.default_rng((seed, k))
        kind = "matrix" if name == "orthogonal" and seed % 3 == 0 else "square"
        try:
            with time_limit(SECONDS):
                f, X, domain = random_expression(rng, depth=int(rng.integers(2, 4)), kind=kind, shape=shape)
        except (OutOfTime, RuntimeError, TypeError):
            continue
        if shape is None and not (hasattr(f, "shape") and len(f.shape) == 2):
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
    return DERIVATIVES[order](f, X, structure=name, **given)


def user_structure(X, convention, seed, sizes):
    """(X of explicit size, a `LinearStructure` of it); for "entries" each entry is a multiple of one parameter or zero."""
    rng = np.random.default_rng((seed, 7))
    n = next(iter(sizes.values()), 2) if X.shape[0].is_Symbol else int(X.shape[0])
    k = int(rng.integers(1, n * n + 1))
    while True:
        B = rng.integers(-2, 3, size=(n * n, k))
        if convention == "entries":
            owner = rng.permutation([*range(k), *rng.integers(0, k, size=n * n - k)])  # each parameter sits somewhere
            B = np.where(B, B, 1 + rng.integers(0, 2)) if rng.random() < 0.5 else np.where(B, B, (rng.random(B.shape) < 0.7))
            B = B * (owner[:, None] == np.arange(k))
            B[:, ~B.any(axis=0)] = (owner[:, None] == np.arange(k))[:, ~B.any(axis=0)]
        if np.linalg.matrix_rank(B) == k:
            return sp.MatrixSymbol(X.name, n, n), mc.LinearStructure(vec_basis=sp.Matrix(B.tolist()))


def case(name, convention, order, seed):
    """(verdict, message) for one random function."""
    f, X, domain = random_function(seed, name if name in ("orthogonal", "spd") else "linear", None if order == "J" else ())
    sizes = sizes_of(X, seed, name)
    if name == "user":
        Z, name = user_structure(X, convention, seed, sizes)
        try:
            f, X, sizes = f.subs({s: Z.shape[0] for s in X.shape if s.is_Symbol}), Z, {}
        except (ValueError, TypeError, AttributeError, NotImplementedError) as error:  # SymPy cannot give every node another size
            return "unjudged", str(error)
    try:
        with time_limit(SECONDS):
            answer = derive(f, X, name, convention, order)
    except mc.MatcalcError as error:
        return "refused", f"{type(error).__name__}: {error}"
    except OutOfTime:
        return "timeout", f"`{f}`"
    except Exception:
        return "crash", f"`{f}`\n{traceback.format_exc()}"
    judge = judge_jacobian if order == "J" else partial(judge_structured, order)
    for draw in range(DRAWS):
        rng = np.random.default_rng((seed, draw))
        try:
            env = random_env([f, X], seed + 100 * draw, sizes, {s: d for s, d in domain.items() if s != X})
            shape = tuple(Evaluation(env).integer(s) for s in X.shape)
            if shape[0] < shape[1]:
                return "unjudged", "wide"
            env = {**env, X: random_point(name, shape, rng)}
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
    parser.add_argument("--order", choices=("1", "2", "J"))
    parser.add_argument("--only", default="")
    args = parser.parse_args(argv)
    bad = 0
    for name, convention in (*requests(), ("user", "entries"), ("user", "subspace")):
        if args.only and name not in args.only.split(","):
            continue
        for order in (1, 2, "J") if args.order is None else (int(args.order) if args.order != "J" else "J",):
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
