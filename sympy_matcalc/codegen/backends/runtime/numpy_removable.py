"""What is smooth in a matrix though it is written with the inverse, such as second derivatives of a determinant.

At a matrix that is nearly singular it is what the values beside it tend to. `at` is the function, of the factorisation that it is to
compute with.
"""

import numpy as np

from .numpy_factors import _factor, _factor_inv


def _continued(at):
    """What `at` gives, or tends to where a matrix is nearly singular; an error where it tends to nothing."""
    try:
        return at(_well_conditioned)
    except np.linalg.LinAlgError:
        pass
    with np.errstate(all="ignore"):
        moved: list[int] = []
        found = _limit(at, lambda a, step, _: _beside(a, step, moved), moved) if _is_smooth(at) else None
    return at(_factor) if found is None else found


def _is_smooth(at):
    """Whether `at` has a limit at every singular matrix: it has one at a random matrix of rank n - 1, in the place of each in turn.

    What is a quotient by powers of a determinant, which is irreducible, is a polynomial then. A limit on one path to the matrices that
    are given says less: `det(A)*inv(A)[0, 0]*inv(A)[1, 1]` has one at diag(1, 0), and no value there.
    """
    known = [0]
    for singular in known:

        def beside(a, step, number, singular=singular):
            if number == len(known):
                known.append(number)
            return _random(a, step if number == singular else 1.0, number)

        if _limit(at, beside, [1]) is None:
            return False
    return True


def _random(a, smallest, seed):
    """A random matrix, symmetric if `a` is; smallest: what part of the next one its smallest singular value is."""
    rng = np.random.default_rng(seed)
    b = rng.normal(size=a.shape) + (1j * rng.normal(size=a.shape) if np.iscomplexobj(a) else 0)
    if np.array_equal(a, a.conj().T):
        b = b + b.conj().T
    left, s, right = np.linalg.svd(b)
    s[-1] = smallest * (s[-2] if len(s) > 1 else 1.0)
    b = (left * s) @ right
    return (b + b.conj().T) / 2 if np.array_equal(a, a.conj().T) else b


def _well_conditioned(a, rank=None):
    """The factors of `a`; an error where its inverse is to lose more than about four digits, under any scaling of rows and columns."""
    factor = _factor(a, rank)
    kind, factors, _, _ = factor
    d = np.abs(factors.diagonal())
    if kind != "empty" and not d.min() > 1e-3 * d.max() and not (np.abs(_factor_inv(factor)) * np.abs(a.T)).sum() < 1e4 * len(a):
        raise np.linalg.LinAlgError("nearly singular")
    return factor


def _limit(at, beside, moved):
    """The value of `at` for steps towards the matrices, extrapolated to no step by Neville's scheme; None where that does not settle.

    beside: (matrix, step, its number) -> the matrix that is taken. moved: the numbers of singular values that a step moves.

    It does not stop before the degree that the square of a determinant has: entries on a small scale do not show beside the others.
    """
    value, rows, sizes, best = None, [], [], (np.inf, [])
    for k in range(14):
        numbers = iter(range(10**6))
        try:
            value = at(lambda a, rank=None, step=0.5**k, numbers=numbers: _factor(beside(a, step, next(numbers))))
        except np.linalg.LinAlgError:
            return None
        parts = list(value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else [value])
        if not all(isinstance(x, (np.ndarray, np.generic)) for x in parts):
            return None
        before, rows = rows, [[x] for x in parts]
        for row, last in zip(rows, before):
            for j, x in enumerate(last):
                row.append(row[-1] + (row[-1] - x) / (2.0 ** (j + 1) - 1))
        sizes = [max(size, np.abs(x).max(initial=0)) for size, x in zip(sizes or [0.0] * len(parts), parts)]
        if k >= min(12, 2 * max(moved, default=2)):
            change = [np.abs(row[-1] - row[-2]).max(initial=0) / (size or 1) for row, size in zip(rows, sizes)]
            found = max(change, default=0.0), [row[-1] for row in rows]
            if best[0] < 1e-8 and not found[0] < best[0]:  # all that is left is rounding
                break
            best = min(best, found, key=lambda pair: pair[0])
        if best[0] < 1e-14:
            break
    if not best[0] < 1e-8:
        return None
    if isinstance(value, dict):
        return dict(zip(value, best[1]))
    return type(value)(best[1]) if isinstance(value, (list, tuple)) else best[1][0]


def _beside(a, step, moved):
    """`a` with its two smallest singular values, and all that are nothing beside the others, moved by a part of the smallest of these;
    symmetric if `a` is. The rows and columns are taken as scaled to about 1. `moved` gets the number of those that are.
    """
    if not np.isfinite(a).all():
        raise np.linalg.LinAlgError("not finite")
    symmetric = np.array_equal(a, a.conj().T)
    rows, columns = np.ones(len(a)), np.ones(len(a))
    for _ in range(4):
        b = np.abs(a) / rows[:, None] / columns
        highest, widest = (np.sqrt(b.max(axis=axis)) for axis in (1, 0))
        rows, columns = rows * np.where(highest > 0, highest, 1), columns * np.where(widest > 0, widest, 1)
    b = a / rows[:, None] / columns
    if symmetric:
        s, left = np.linalg.eigh(b)
        order = np.argsort(-np.abs(s))
        s, left = s[order], left[:, order]
        right = (left * np.where(s < 0, -1, 1)).conj().T
    else:
        left, s, right = np.linalg.svd(b)
    s = np.abs(s)
    others = s[:-2][s[:-2] > 1e-12 * s.max()]
    moved.append(len(s) - len(others))
    left[:, : len(others)] = 0
    return a + step * (others.min() if len(others) else s.max() or 1.0) * rows[:, None] * (left @ right) * columns
