"""How each operation of the graph is spelled in Dask.

Arguments come in chunks, results are lazy: `.compute()` gives one, `dask.compute` several at once, which shares their work. Data in chunks
of rows is read chunk by chunk; products with it are sums of the products of chunks. On a cluster, `client.dashboard_link` shows the work,
and `distributed.progress(*map(client.compute, results))` its progress.
"""

import numpy as np

from .base import COMMON_HELPERS, STEADY
from .numpy_style import NumpyStyle
from .shared_helpers import DEPENDS, in_dialect
from .spelling import ATOM, POWER, listing, paren

OWN = dict(
    _as_array="""
def _as_array(x, name):
    x = da.asarray(x)
    if any(map(math.isnan, x.shape)):
        raise ShapeError(f"argument `{name}`: its chunks have unknown sizes; `compute_chunk_sizes()` gives them")
    if x.dtype.kind not in "biufc":
        raise TypeError(f"argument `{name}`: expected numbers, got an array of dtype {x.dtype}")
    return x if x.dtype.kind in "fc" else x.astype(float)
""",
    _as_scalar="""
def _as_scalar(t, name, dtype):
    x = da.asarray(t)
    if x.ndim:
        raise ShapeError(f"argument `{name}`: expected a scalar, got an array of shape {x.shape}")
    if isinstance(t, complex):
        return x.astype(np.result_type(dtype, np.complex64))
    return x.astype(dtype) if isinstance(t, (int, float)) or x.dtype.kind in "biu" else x
""",
    # places in chunks like those of x
    _add_diagonal="""
def _add_diagonal(spec, x, core):
    axes, target = spec.split("->")
    places = [da.arange(n, chunks=(x.chunks[k],)) for k, n in enumerate(x.shape)]
    places = [at[tuple(slice(None) if j == k else None for j in range(x.ndim))] for k, at in enumerate(places)]
    if getattr(core, "ndim", 0):
        core = core[(None,) * (len(target) - core.ndim)]
        core = da.transpose(core, [target.index(a) for a in dict.fromkeys(axes)])
        core = core[tuple(slice(None) if axes.index(a) == k else None for k, a in enumerate(axes))]
    on = [places[k] == places[axes.index(a)] for k, a in enumerate(axes) if axes.index(a) != k]
    return da.where(reduce(da.logical_and, on), x + core, x)
""",
    _take="""
def _take(x, at, axis):
    if at.size and not 0 <= at.min() <= at.max() < x.shape[axis]:
        raise IndexError(f"indices from {at.min()} to {at.max()} are out of range for an axis of size {x.shape[axis]}")
    return da.take(x, at.ravel(), axis=axis).reshape(x.shape[:axis] + at.shape + x.shape[axis + 1:])
""",
    # Dask factorises matrices in equal square chunks
    _squared="""
def _squared(x):
    return x if len({*x.chunks[0], *x.chunks[1]}) == 1 else x.rechunk(-1)
""",
    _solve="""
def _solve(a, b):
    a = _squared(a)
    return da.linalg.solve(a, b.rechunk({0: a.chunks[0]}))
""",
    # Dask's own inverse is in double precision
    _inv="""
def _inv(a):
    a = _squared(a)
    return da.linalg.solve(a, da.eye(len(a), chunks=a.chunks[0][0], dtype=a.dtype))
""",
    _array="""
def _array(entries, shape, dtype):
    return da.stack([da.asarray(e).astype(dtype) for e in entries]).reshape(shape)
""",
)
WORDS = [(", device=x.device", ""), ("_is_complex(x)", 'x.dtype.kind == "c"'), ("xp.finfo(", "np.finfo("), ("xp.", "da.")]
IN_PLACE_OF = (
    "_is_complex",
    "_imag",
    "_conj",
    "_angle",
    "_sinc",
    "_heaviside",
    "_diag",
    "_einsum",
    "_block_triangular",
    "_unit_matrix",
    "_pinv",
    "_inverse_gaps",
    "_where_simple",
    "_reciprocal",
    "_duplication",
)
UNSUPPORTED = (
    "det",
    "slogdet",
    "matrix_power",
    "eigh",
    "pinv",
    "simple",
    "inverse_gaps",
    "reciprocal",
    "block_triangular",
    "unit_matrix",
    "duplication",
    "matrix_function",
    "frechet_exp",
    "frechet_sqrt",
    "like",
    "stack",
)


class DaskBackend(NumpyStyle):
    """dask.array: what works chunk by chunk. Determinants and spectra of matrices in chunks are not among it."""

    title, package, xp, module_name = "Dask", "dask", "da", "dask.array"
    HELPERS = COMMON_HELPERS | in_dialect(WORDS, OWN, leave=IN_PLACE_OF)
    DEPENDS = {name: tuple(o for o in others if o not in IN_PLACE_OF) for name, others in DEPENDS.items()} | {
        "_solve": ("_squared",),
        "_inv": ("_squared",),
        "_add_diagonal": (),
        "_array": (),
    }
    named = dict(expit="_expit", softplus="_softplus", expit_slope="_expit_slope", **STEADY)
    array_only = {"expit", "softplus", "expit_slope", *STEADY}

    def spell(self, node, texts):
        if node.op in UNSUPPORTED:
            raise self.refused(
                f"numeric code for the operation `{self.operation(node)}`, which Dask cannot do on chunks: "
                "compute the matrix, and use `modules='numpy'` for what follows"
            )
        return super().spell(node, texts)

    # ---- intake and results
    def result_type(self, texts):
        return f"{self.numpy('result_type')}({', '.join(t if t == 'dtype' or '.' in t else t + '.dtype' for t in texts)})"

    def default_dtype(self, scalars):
        return "float"

    def returned_number(self, text):
        return f"da.asarray(float({text}))"

    # ---- elementwise
    def function_of(self, node, texts, name):
        if name == "heaviside":  # a ufunc of NumPy, which Dask runs on chunks
            return f"{self.numpy('heaviside')}({', '.join(t[0] for t in texts)})", ATOM
        return super().function_of(node, texts, name)

    def has_special(self, name):
        return True

    def special_of(self, node, texts, name):
        """SciPy's ufuncs run on chunks."""
        if not isinstance(getattr(self._imported("scipy.special"), name, None), np.ufunc):
            raise self.refused(f"numeric code for the function `{name}`: `scipy.special` has no ufunc of that name")
        return self.called_special(texts, name, "scipy", "special")

    def cast(self, text, dtype):
        return f"da.asarray({text[0]}).astype({dtype})"

    # ---- construction
    def _full(self, node, texts):
        x, *sizes = texts
        shape = listing([s[0] for s in sizes[1:]] if node.attrs[0] else [s[0] for s in sizes])
        if self.number(node.args[0]) and node.attrs[0]:
            return f"da.full({shape}, {x[0]}, dtype={sizes[0][0]})", ATOM
        return f"da.broadcast_to({x[0]}, {shape})", ATOM

    def _eye(self, node, texts):
        if len(texts) == 2:
            return f"da.eye({texts[0][0]}, dtype={texts[1][0]})", ATOM
        zeros = self.filled("zeros", listing([texts[0][0], texts[2][0]]), texts[1][0])  # Dask's own fails for a few more columns
        return f'{self.need("_add_diagonal")}("aa->a", {zeros}, 1)', ATOM

    def _diagonal(self, node, texts):
        i, j = node.attrs
        return self.called("diagonal", texts, *([] if node.args[0].ndim == 2 else [f"axis1={i}", f"axis2={j}"]))

    def _array(self, node, texts):
        *entries, dtype = (t[0] for t in texts)
        if any(isinstance(a.value, complex) for a in node.args):
            dtype = f"{self.numpy('result_type')}({dtype}, np.complex64)"
        return f"{self.need('_array')}([{', '.join(entries)}], {node.attrs}, {dtype})", ATOM

    # ---- products
    def _kron(self, node, texts):
        return self.helped(node, texts)

    # ---- linear algebra
    def _solve(self, node, texts):
        return self.helped(node, texts)

    _inv = _solve

    def _cholesky(self, node, texts):
        return f"da.linalg.cholesky({self.need('_squared')}({texts[0][0]}), lower=True)", ATOM

    def _svd(self, node, texts):
        return self.called("linalg.svd", texts)

    def _item(self, node, texts):
        return f"{paren(texts[0], POWER)}[{node.attrs[0]}]", ATOM
