"""The helpers of the NumPy back end for decompositions, functions of a matrix and norms."""

# Tolerances are relative; in single precision they are a multiple of its rounding error.
LINALG_HELPERS = dict(
    _tolerance="""
def _tolerance(x, least):
    return max(least, 100 * float(np.finfo(x.dtype).eps))
""",
    _symmetric="""
def _symmetric(x):
    if not np.abs(x - x.T.real).max() <= _tolerance(x, 1e-8) * np.abs(x).max():
        raise np.linalg.LinAlgError("a real symmetric matrix is needed, for its eigenvalues or its Cholesky factor; this one is not")
    return x
""",
    _simple="""
def _simple(values, i, kind):
    tolerance = _tolerance(values, 1e-10) * np.abs(values).max()
    if not np.all(np.abs(np.delete(values, i) - values[i]) > tolerance):
        raise np.linalg.LinAlgError(f"{kind} {i} is not simple, so that it does not determine a vector: {values}")
    if kind == "singular value" and not values[i] > tolerance:
        raise np.linalg.LinAlgError(f"singular value {i} is zero, so that it does not determine a vector: {values}")
    return i
""",
    # what is singular in theory, such as c I - X with an eigenvalue c of X, is singular only up to rounding
    _pinv="""
def _pinv(x):
    return np.linalg.pinv(x, _tolerance(x, 1e-10))
""",
    _inverse_gaps="""
def _inverse_gaps(values, i):
    gaps = values[i] - values
    gaps[i] = np.inf
    return 1 / gaps
""",
    _reciprocal="""
def _reciprocal(values, vectors):
    if np.iscomplexobj(vectors):
        raise TypeError("the pseudo-inverse of the square root of B'B needs a real B")
    return np.divide(1, values, out=np.zeros_like(values), where=values > _tolerance(values, 1e-10) * values.max())
""",
    # An imaginary part up to the root of the rounding error may be dropped: the square root y of x has then an error in y**2 that is
    # rounding error of x. A negative eigenvalue that is one shows as a larger part.
    _like="""
def _like(y, x):
    if np.iscomplexobj(y) and not np.iscomplexobj(x) and np.abs(y.imag).max() <= np.sqrt(len(x) * np.finfo(x.dtype).eps) * np.abs(y).max():
        y = y.real
    return y.astype(np.result_type(x, np.complex64 if np.iscomplexobj(y) else np.float32), copy=False)
""",
    # SciPy's quotient of sinhm and coshm loses exp(2 |x|) in accuracy, and overflows; tanh(2 x) = 2 t (I + t t)^-1, t = tanh(x), does not.
    _tanhm="""
def _tanhm(x):
    doublings = max(0, int(np.ceil(np.log2(max(1, np.abs(x).sum(0).max())))))
    t = linalg.tanhm(x / 2**doublings)
    for _ in range(doublings):
        t = 2 * np.linalg.solve(np.eye(len(t), dtype=t.dtype) + t @ t, t)
    return t
""",
    _frechet_sqrt="""
def _frechet_sqrt(root, e):
    out = linalg.solve_sylvester(root, root, e)
    if not np.abs(out).max() * np.abs(root).max() * np.sqrt(len(root) * np.finfo(root.dtype).eps) <= np.abs(e).max():
        raise np.linalg.LinAlgError("the square root of a matrix has no derivative where the matrix is singular")
    return out
""",
    _block_triangular="""
def _block_triangular(x, *directions):
    for e in directions:
        e = np.kron(np.eye(len(x) // len(e), dtype=e.dtype), e)
        x = np.block([[x, e], [np.zeros_like(x), x]])
    return x
""",
    _unit_matrix="""
def _unit_matrix(n, k, dtype):
    e = np.zeros((n, n), dtype)
    e[k % n, k // n] = 1
    return e
""",
    _duplication="""
def _duplication(n, dtype):
    col, row = np.triu_indices(n)
    at = np.empty((n, n), int)
    at[row, col] = at[col, row] = np.arange(len(row))
    return np.eye(len(row), dtype=dtype)[at.ravel()]
""",
    _p_norm="""
def _p_norm(x, p, axis=None):
    x = np.abs(x)
    m = x.max(axis, keepdims=True)
    m = np.where((m > 0) & np.isfinite(m), m, 1)
    out = ((x / m) ** p).sum(axis) ** (1 / p)
    return out * m.reshape(np.shape(out))
""",
)
TOLERANT = dict.fromkeys(("_symmetric", "_simple", "_pinv", "_reciprocal"), ("_tolerance",))
LINALG_FRESH = {"matrix_function", "pinv", "cholesky", "frechet_exp", "frechet_sqrt", "block_triangular", "tri", "duplication"}
