"""One factorisation for several uses in JAX. Whether a matrix is symmetric is not known when a function is traced: LU, unless stated."""

FACTOR_HELPERS = dict(
    _factor='''
def _factor(a, positive_definite=False):
    """The Cholesky factor of `a` where it is stated to be positive definite, else its LU factors and the rows they exchange."""
    return (linalg.cho_factor(a)[0], None) if positive_definite else linalg.lu_factor(a)
''',
    _factor_solve='''
def _factor_solve(factor, b, transposed=False):
    """The solution x of ``a x = b``, or of ``a' x = b``."""
    lu, pivots = factor
    b = b.astype(jnp.result_type(lu, b))
    return linalg.cho_solve((lu, False), b) if pivots is None else linalg.lu_solve((lu.astype(b.dtype), pivots), b, trans=int(transposed))
''',
    _factor_inv='''
def _factor_inv(factor):
    """The inverse of the matrix."""
    return _factor_solve(factor, jnp.eye(len(factor[0]), dtype=factor[0].dtype))
''',
    _factor_slogdet='''
def _factor_slogdet(factor):
    """(sign, log of the absolute value) of the determinant."""
    lu, pivots = factor
    d = lu.diagonal()
    size = jnp.abs(d)
    if pivots is None:
        return jnp.ones((), d.dtype), 2 * jnp.log(size).sum()
    swaps = (pivots != jnp.arange(len(d))).sum() % 2
    return jnp.sign(d).prod() * (1 - 2 * swaps), jnp.log(size).sum()
''',
    _factor_det='''
def _factor_det(factor):
    """The determinant."""
    lu, pivots = factor
    d = lu.diagonal()
    return (d * d.conj()).prod() if pivots is None else d.prod() * (1 - 2 * ((pivots != jnp.arange(len(d))).sum() % 2))
''',
)
DEPENDS = {"_factor_inv": ("_factor_solve",)}
