"""One factorisation for several uses in NumPy: LAPACK by way of SciPy."""
from .factor_spelling import FactorSpelling

FACTOR_HELPERS = dict(
    _factor='''
_PREFIX = dict(f="s", d="d", F="c", D="z")


def _factor(a, positive_definite=False):
    """The Cholesky factor of `a` where it is symmetric and positive definite, else its LU factors."""
    kind, turned = _PREFIX[a.dtype.char], not a.flags.f_contiguous
    if positive_definite and not np.allclose(a, a.T, 1e-6, 1e-8 * np.abs(a).max(initial=0)):
        raise np.linalg.LinAlgError("a matrix that is stated to be positive definite is not symmetric")
    if kind in "sd" and (positive_definite or len(a) > 32 and a[0, -1] == a[-1, 0] and np.array_equal(a, a.T)):
        c, info = getattr(lapack, kind + "potrf")(a.T if turned else a, clean=0) if len(a) else (a, 0)
        if info == 0:
            return c, None, False
        if positive_definite:
            raise np.linalg.LinAlgError("a matrix that is stated to be positive definite is not")
    if not len(a):
        return a, None, False
    lu, pivots, info = getattr(lapack, kind + "getrf")(a.T if turned else a)
    return lu, pivots, turned
''',
    _factor_solve='''
def _factor_solve(factor, b, transposed=False):
    """The solution x of ``a x = b``, or of ``a' x = b``."""
    lu, pivots, turned = factor
    if not b.size:
        return np.zeros(b.shape, np.result_type(lu, b))
    kind = _PREFIX[np.result_type(lu, b).char]
    if pivots is None:
        return getattr(lapack, kind + "potrs")(lu, b)[0]
    if not lu.diagonal().all():
        raise np.linalg.LinAlgError("Singular matrix")
    return getattr(lapack, kind + "getrs")(lu, pivots, b, trans=int(turned != transposed))[0]
''',
    _factor_inv='''
def _factor_inv(factor):
    """The inverse of the matrix."""
    lu, pivots, turned = factor
    if not len(lu):
        return lu
    kind = _PREFIX[lu.dtype.char]
    if pivots is None:
        half = getattr(lapack, kind + "potri")(lu)[0]
        return np.triu(half) + np.triu(half, 1).conj().T
    inverse, info = getattr(lapack, kind + "getri")(lu, pivots, lwork=64 * len(lu))
    if info:
        raise np.linalg.LinAlgError("Singular matrix")
    return inverse.T if turned else inverse
''',
    _factor_slogdet='''
def _factor_slogdet(factor):
    """(sign, log of the absolute value) of the determinant."""
    lu, pivots, _ = factor
    d = lu.diagonal()
    if pivots is None:
        return d.dtype.type(1), 2 * np.log(np.abs(d)).sum()
    if not d.all():
        return d.dtype.type(0), np.abs(d[0]).dtype.type(-np.inf)
    swaps = (pivots != np.arange(len(pivots))).sum() % 2
    return (d / np.abs(d)).prod() * (1 - 2 * int(swaps)), np.log(np.abs(d)).sum()
''',
    _factor_det='''
def _factor_det(factor):
    """The determinant."""
    lu, pivots, _ = factor
    d = lu.diagonal()
    if pivots is None:
        return (d * d.conj()).prod()
    return d.prod() * (1 - 2 * int((pivots != np.arange(len(pivots))).sum() % 2))
''',
)


class NumpyFactors(FactorSpelling):
    """Factorisations by LAPACK, which NumPy alone does not keep."""

    def _factor(self, node, texts):
        self.imports["from scipy.linalg import lapack"] = True
        return super()._factor(node, texts)
