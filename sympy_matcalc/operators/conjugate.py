"""Conjugate gradients with a preconditioner, for several right sides at once."""

from collections.abc import Callable

import numpy as np

Map = Callable[[np.ndarray], np.ndarray]


def conjugate_gradients(apply: Map, b: np.ndarray, precondition: Map) -> np.ndarray:
    """The x with A x = b, columns (n, k), for a Hermitian positive definite A given by its product with columns.

    The residuals are as small as rounding lets them become. Source: Golub & Van Loan, Matrix Computations, 11.5.2. Errors:
    numpy.linalg.LinAlgError where they do not become small in ten times as many steps as there are unknowns.
    """
    x, r = np.zeros_like(b, np.result_type(b, apply(b[:, :0]))), np.array(b)
    r = r.astype(x.dtype, copy=False)
    wanted = 100 * np.finfo(x.dtype).eps * np.linalg.norm(b, axis=0)
    z = precondition(r)
    p, rz = z.copy(), np.einsum("ij,ij->j", r.conj(), z).real
    best, least = x.copy(), np.linalg.norm(r, axis=0)
    for _ in range(10 * len(b) + 10):
        if (least <= wanted).all():
            return best
        q = apply(p)
        curvature = np.einsum("ij,ij->j", p.conj(), q).real
        step = np.divide(rz, curvature, out=np.zeros_like(rz), where=curvature > 0)
        x = x + step * p
        r = r - step * q
        size = np.linalg.norm(r, axis=0)
        best, least = np.where(size < least, x, best), np.minimum(least, size)
        z = precondition(r)
        new = np.einsum("ij,ij->j", r.conj(), z).real
        p = z + np.divide(new, rz, out=np.zeros_like(rz), where=rz > 0) * p
        rz = new
    if (least <= 1e4 * wanted).all():
        return best
    raise np.linalg.LinAlgError("conjugate gradients do not converge: the operator is singular, or nearly so")
