"""What a benchmark problem is, and the words the problems are written with.

A problem is a class: its docstring is the formula, `args` are the symbols in the order of the call, of which the first is what is
differentiated by, `expr` is what a user types, `data` makes the arrays, `fun` is the same formula over NumPy or JAX, and `grad`, `hess`,
`jac`, `value` are what an expert would write after deriving the formula on paper. Dense answers have the index order F.shape + X.shape;
a vector is one axis.

Hand-written code may use what the formula shows (the sum of A and A.T is symmetric) but not what only the data show, except where everybody
passes such data: a covariance is positive definite. Then `assumes` says so in words, and `facts` in SymPy's predicates: the benchmark
times our code both without them and with them.

The hand-written code takes the best order, factorisation and BLAS call for the formula as it stands. Matrix identities that change the
cost (Woodbury) are in `insight_grad` and the like, and reported apart.
"""

from types import FunctionType, SimpleNamespace

import numpy as np
from scipy import special
from scipy.linalg import lapack
from sympy import Lambda, MatrixSymbol, OneMatrix, Symbol, symbols

ORDERS = ("value", "grad", "jac", "hess")
SIZES = ("small", "medium", "large")
PROBLEMS: dict[str, type["Problem"]] = {}
m, n, k, p = symbols("m n k p", integer=True, positive=True)
t = Symbol("t", real=True)


class Problem:
    """The base class: a subclass is registered under its own name, its functions as static methods."""

    args: tuple = ()
    expr: object = None
    sizes: dict = {}
    kind = "rest"  # "structured": the second derivative has blocks of zeros or low rank, which no peer uses
    assumes = ""
    facts: object = None
    area = ""

    def __init_subclass__(cls):
        for name, f in vars(cls).copy().items():
            if isinstance(f, FunctionType):
                setattr(cls, name, staticmethod(f))
        cls.area = cls.__module__.rsplit(".", 1)[-1]
        PROBLEMS[cls.__name__] = cls

    @classmethod
    def orders(cls):
        """The orders that have hand-written code."""
        return [o for o in ORDERS if hasattr(cls, o)]

    @classmethod
    def dims(cls, order, size):
        """The sizes of a case; `sizes` has a key "grad" or "grad value" for each group of orders, "all" for all of them."""
        return next(v for key, v in cls.sizes.items() if key == "all" or order in key.split())[SIZES.index(size)]

    @classmethod
    def make(cls, order, size, seed=0):
        """The arrays of a case, in the order of `args`."""
        return cls.data(np.random.default_rng(seed), **cls.dims(order, size))


# ---------------------------------------------------------------- symbols


def mat(name, rows, cols):
    return MatrixSymbol(name, rows, cols)


def col(name, rows):
    return MatrixSymbol(name, rows, 1)


def each(f, A):
    """f of every entry."""
    return A.applyfunc(Lambda(t, f(t)))


def ones(rows, cols=1):
    return OneMatrix(rows, cols)


def row_of_ones(cols):
    return OneMatrix(1, cols)


# ---------------------------------------------------------------- the names that `fun` uses


class _Names(SimpleNamespace):
    """The array module's own names, and a few that NumPy and JAX have in different places."""

    def __getattr__(self, name):
        return getattr(self.module, name)


def numpy_names():
    return _Names(
        module=np,
        solve=np.linalg.solve,
        logdet=lambda A: np.linalg.slogdet(A)[1],
        erf=special.erf,
        lse=special.logsumexp,
        softmax=special.softmax,
        softplus=lambda z: np.logaddexp(0.0, z),
        sigmoid=special.expit,
        relu=lambda z: np.maximum(z, 0.0),
        ndtr=special.ndtr,
    )


def jax_names():
    """JAX in double precision; raises ImportError where there is none."""
    import jax

    jax.config.update("jax_enable_x64", True)
    jnp = jax.numpy
    return _Names(
        module=jnp,
        solve=jnp.linalg.solve,
        logdet=lambda A: jnp.linalg.slogdet(A)[1],
        erf=jax.scipy.special.erf,
        lse=jax.nn.logsumexp,
        softmax=jax.nn.softmax,
        softplus=jax.nn.softplus,
        sigmoid=jax.nn.sigmoid,
        relu=jax.nn.relu,
        ndtr=jax.scipy.stats.norm.cdf,
    )


# ---------------------------------------------------------------- what the hand-written code shares


def spd(r, size):
    """A well-conditioned positive definite matrix."""
    B = r.standard_normal((size, size))
    return B @ B.T / size + np.eye(size)


def expit(z):
    """The logistic function: two passes cheaper than scipy.special.expit for arguments that do not overflow."""
    e = np.exp(-z)
    e += 1.0
    return np.reciprocal(e, out=e)


def softplus(z):
    """log(1 + exp(z)), a quarter of the time of numpy.logaddexp."""
    s = np.abs(z)
    np.negative(s, out=s)
    np.exp(s, out=s)
    np.log1p(s, out=s)
    s += np.maximum(z, 0.0)
    return s


def potrf(S):
    """The Cholesky factor of a positive definite S in the form that `potrs` takes (S may be a Fortran or a C array)."""
    c, info = lapack.dpotrf(S.T, lower=1, clean=0)
    if info:
        raise np.linalg.LinAlgError("not positive definite")
    return c


def potrs(c, b):
    return lapack.dpotrs(c, b, lower=1)[0]


def whitened(c, b):
    """The factor's inverse times b: b'S^-1 b is its square, at half the work of `potrs`, and by syrk."""
    return lapack.dtrtrs(c, b, lower=1)[0]


def spd_inverse(S):
    """potrf and potri, half the work of getrf and getri; the triangle that they leave zero is the mirror image."""
    P = lapack.dpotri(lapack.dpotrf(S.T, lower=1)[0], lower=1)[0]
    P = P + P.T
    P.reshape(-1, order="A")[:: P.shape[0] + 1] *= 0.5
    return P


def half_logdet(c):
    return np.log(np.diagonal(c)).sum()


def weighted_gram(X, d):
    """X' diag(d) X of nonnegative d: with the root on both sides NumPy calls syrk, half the work of gemm."""
    Z = np.sqrt(d)[:, None] * X
    return Z.T @ Z


def add_to_diagonal(A, d):
    A.reshape(-1)[:: A.shape[0] + 1] += d
    return A


def repeat_block(block, times):
    """I (x) block, of shape (times, q, times, q)."""
    H = np.zeros((times, block.shape[0], times, block.shape[0]))
    i = np.arange(times)
    H[i, :, i, :] = block
    return H


def outer_pair(left, right, order):
    """sum_r left[r] (x) right[r] of matrices, its axes then in the given order (a view): several terms are one gemm of small inner size."""
    if len(left) == 1:
        return np.multiply.outer(left[0], right[0]).transpose(order)
    L, R = np.empty((len(left), left[0].size)), np.empty((len(left), right[0].size))
    for r, (a, b) in enumerate(zip(left, right)):
        L[r], R[r] = a.ravel(), b.ravel()
    return (L.T @ R).reshape(*left[0].shape, *right[0].shape).transpose(order)
