"""One factorisation for several uses in JAX. Whether a matrix is symmetric is not known when a function is traced: LU, unless stated."""

OWN = dict(
    _factor='''
def _factor(a, positive_definite=False):
    """The Cholesky factor of `a` where it is stated to be positive definite, else its LU factors and the rows they exchange."""
    return (linalg.cho_factor(_hermitian(a))[0], None) if positive_definite else linalg.lu_factor(a)
''',
    _factor_solve='''
def _factor_solve(factor, b, transposed=False):
    """The solution x of ``a x = b``, or of ``a' x = b``."""
    lu, pivots = factor
    b = b.astype(jnp.result_type(lu, b))
    if pivots is None:
        return linalg.cho_solve((lu, False), b.conj()).conj() if transposed else linalg.cho_solve((lu, False), b)
    return linalg.lu_solve((lu.astype(b.dtype), pivots), b, trans=int(transposed))
''',
    # whether the rows are exchanged an odd number of times
    _swaps="""
def _swaps(pivots):
    return (pivots != jnp.arange(len(pivots))).sum() % 2
""",
)
