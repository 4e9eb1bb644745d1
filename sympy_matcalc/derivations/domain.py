"""Where the steps of a derivation are about something: the matrices that have to be nonsingular, and sizes for which they are."""

from collections.abc import Iterator
from itertools import chain, islice, permutations
from typing import Any

import numpy as np
from sympy import Basic, Determinant, Mul, Pow, log
from sympy.matrices.expressions import Inverse, MatMul, MatPow, Transpose

from ..kernel.walks import every_node
from ..nodes import FrechetDerivative, FrechetMatrix, MatrixLog, MatrixSqrt
from ..testing.data import SIZES
from ..testing.evaluator import Evaluation
from .node import Differential
from .partial import Partial
from .text import plain

SINGULAR = 1e-10  # of the largest singular value: below this the least one counts as zero
ARRANGEMENTS = 60  # of sizes that are tried


def needed_nonsingular(sides: list) -> list:
    """The matrices in the sides of steps that have to be nonsingular, each once.

    Those whose inverse or logarithm is taken have no value else; and where a root is differentiated, its rule is that of functions that
    are smooth at the eigenvalues, which a root at 0 is not.
    """
    found: dict = {}
    for node in _nodes(sides):
        found.update(dict.fromkeys(_of_value(node)))
        if isinstance(node, (Differential, Partial)):
            parts = every_node(node.part)
            found.update(dict.fromkeys(a.arg for a in parts if isinstance(a, MatrixSqrt) and node.variable in a.free_symbols))
    return list(found)


def _nodes(sides: list) -> Iterator:
    return iter(dict.fromkeys(chain.from_iterable(every_node(e) for e in sides if isinstance(e, Basic))))


def _of_value(node: Any) -> Iterator:
    """What has to be nonsingular for a node to have a value."""
    if isinstance(node, (Inverse, MatrixLog)):
        yield node.args[0]
    elif isinstance(node, (FrechetDerivative, FrechetMatrix)):
        if node.function.has(log, Pow):
            yield node.arg
    elif isinstance(node, MatPow):
        if node.exp.is_negative:
            yield node.base
    elif isinstance(node, log) or isinstance(node, Pow) and node.exp.is_negative:
        yield from (a.args[0] for a in Mul.make_args(node.args[0]) if isinstance(a, Determinant))


def singular_at(matrices: list, env: dict) -> list:
    """Those that are singular where the symbols have these values; not those of which that cannot be said here, below a sum."""
    ev = Evaluation(env)
    return [A for A in matrices if _is_singular(A, ev)]


def _is_singular(A: Any, ev: Evaluation) -> bool:
    try:
        with np.errstate(all="ignore"):
            s = np.linalg.svd(np.asarray(ev.value(A)), compute_uv=False)
    except (KeyError, ValueError, TypeError, NotImplementedError, IndexError):
        return False
    return bool(np.all(np.isfinite(s)) and s.size and s[-1] <= SINGULAR * s[0])


def in_words(matrices: list) -> tuple[str, ...]:
    """That matrices are nonsingular, each a sentence, but not what follows from another: of its root, or its transpose."""
    return tuple(_in_words(A) for A in matrices if not (isinstance(A, (MatrixSqrt, Transpose)) and A.args[0] in matrices))


def _in_words(A: Any) -> str:
    """That a matrix is nonsingular, and what follows for the sizes: those between the factors are at least its own."""
    own = A.shape[0]
    inner = dict.fromkeys(f.shape[1] for f in A.args if getattr(f, "is_Matrix", False)) if isinstance(A, MatMul) else {}
    least = [f"{size} >= {own}" for size in inner if (size - own).is_nonnegative is None]
    return f"{plain(A)} is nonsingular" + (f" ({', '.join(least)})" if least else "")


def arrangements(names: list) -> Iterator[dict]:
    """Distinct sizes, others each time; after three, in which each is once the largest, all orders of them."""
    few = SIZES[: max(4, len(names))]
    turned = (tuple(few[(k + turn) % len(few)] for k in range(len(names))) for turn in range(3))
    for sizes in chain(turned, islice(permutations(few, len(names)), ARRANGEMENTS)):
        yield dict(zip(names, sizes))
