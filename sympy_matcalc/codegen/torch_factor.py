"""One factorisation for several uses in PyTorch. A test whether a matrix is symmetric would wait for the device: LU, unless stated."""

FACTOR_HELPERS = dict(
    _factor='''
def _factor(a, positive_definite=False):
    """The Cholesky factor of `a` where it is stated to be positive definite, else its LU factors and the rows they exchange."""
    return (torch.linalg.cholesky(a), None) if positive_definite else torch.linalg.lu_factor(a)
''',
    _factor_solve='''
def _factor_solve(factor, b, transposed=False):
    """The solution x of ``a x = b``, or of ``a' x = b``."""
    lu, pivots = factor
    columns = b[:, None] if b.ndim == 1 else b
    if pivots is None:
        out = torch.cholesky_solve(columns, lu)
    elif transposed:
        out = torch.linalg.lu_solve(lu, pivots, columns.T, left=False).T
    else:
        out = torch.linalg.lu_solve(lu, pivots, columns)
    return out.reshape(b.shape)
''',
    _factor_inv='''
def _factor_inv(factor):
    """The inverse of the matrix."""
    return _factor_solve(factor, torch.eye(len(factor[0]), dtype=factor[0].dtype, device=factor[0].device))
''',
    _factor_slogdet='''
def _factor_slogdet(factor):
    """(sign, log of the absolute value) of the determinant."""
    lu, pivots = factor
    d = lu.diagonal()
    if pivots is None:
        return torch.ones((), dtype=d.dtype, device=d.device), 2 * d.abs().log().sum()
    swaps = (pivots != torch.arange(1, len(d) + 1, device=d.device)).sum() % 2
    return d.sgn().prod() * (1 - 2 * swaps), d.abs().log().sum()
''',
    _factor_det='''
def _factor_det(factor):
    """The determinant."""
    lu, pivots = factor
    d = lu.diagonal()
    if pivots is None:
        return (d * d.conj()).prod()
    return d.prod() * (1 - 2 * ((pivots != torch.arange(1, len(d) + 1, device=d.device)).sum() % 2))
''',
)
DEPENDS = {"_factor_inv": ("_factor_solve",)}
