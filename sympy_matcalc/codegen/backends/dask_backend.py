"""How each operation of the graph is spelled in Dask.

Arguments come in chunks, results are lazy: `.compute()` gives one, `dask.compute` several at once, which shares their work. Data in chunks
of rows is read chunk by chunk; products with it are sums of the products of chunks. On a cluster, `client.dashboard_link` shows the work,
and `distributed.progress(*map(client.compute, results))` its progress.
"""

import numpy as np

from .base import NAMED
from .core import SHARED
from .factor_spelling import USES_OF_FACTORS
from .helpers import Dialect
from .numpy_backend import OF_COMPLEX
from .numpy_style import NumpyStyle
from .spelling import ATOM, POWER, listing, paren, spells


class DaskBackend(NumpyStyle):
    """dask.array: what works chunk by chunk. Determinants and spectra of matrices in chunks are not among it."""

    title, package, xp, module_name = "Dask", "dask", "da", "dask.array"
    runtime = (*SHARED, "standard", "dask_helpers")
    words = Dialect(functions={"finfo": "np.finfo", "concat": "concatenate"}, dropped=frozenset({"device"}))
    named = NAMED
    array_only = {*NAMED}

    special_in_double, special_of_complex = True, OF_COMPLEX
    refuses = USES_OF_FACTORS.union(
        "det slogdet adjugate matrix_power eigh qr lu sylvester discrete_lyapunov care dare real_eigen group_resolvent pinv "
        "simple distinct gap_matrix inverse_gaps reciprocal block_triangular unit_matrix duplication matrix_function "
        "frechet frechet_between frechet_matrix spectrum like stack".split()
    )
    instead = ", which Dask cannot do on chunks: compute the matrix, and use `modules='numpy'` for what follows"

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

    # ---- reductions
    @spells("max_or_zero")
    def _max_or_zero(self, node, texts):
        return self.reduced_by(node, texts, self.need("_max_or_zero"))

    # ---- construction
    @spells("full")
    def _full(self, node, texts):
        x, *sizes = texts
        shape = listing([s[0] for s in sizes[1:]] if node.attrs[0] else [s[0] for s in sizes])
        if self.number(node.args[0]) and node.attrs[0]:
            return f"da.full({shape}, {x[0]}, dtype={sizes[0][0]})", ATOM
        return f"da.broadcast_to({x[0]}, {shape})", ATOM

    @spells("eye")
    def _eye(self, node, texts):
        if len(texts) == 2:
            return f"da.eye({texts[0][0]}, dtype={texts[1][0]})", ATOM
        zeros = self.filled("zeros", listing([texts[0][0], texts[2][0]]), texts[1][0])  # Dask's own fails for a few more columns
        return f'{self.need("_add_diagonal")}("aa->a", {zeros}, 1)', ATOM

    @spells("diagonal")
    def _diagonal(self, node, texts):
        i, j = node.attrs
        return self.called("diagonal", texts, *([] if node.args[0].ndim == 2 else [f"axis1={i}", f"axis2={j}"]))

    @spells("array")
    def _array(self, node, texts):
        *entries, dtype = (t[0] for t in texts)
        if any(a.imaginary for a in node.args):
            dtype = f"{self.numpy('result_type')}({dtype}, np.complex64)"
        return f"{self.need('_array')}([{', '.join(entries)}], {node.attrs}, {dtype})", ATOM

    # ---- products
    @spells("kron")
    def _kron(self, node, texts):
        return self.helped(node, texts)

    # ---- linear algebra
    @spells("solve", "inv")
    def _solve(self, node, texts):
        return self.helped(node, texts)

    @spells("cholesky")
    def _cholesky(self, node, texts):
        return f"da.linalg.cholesky({self.need('_squared')}({texts[0][0]}), lower=True)", ATOM

    @spells("svd")
    def _svd(self, node, texts):
        return self.called("linalg.svd", self.finite(texts))

    @spells("item")
    def _item(self, node, texts):
        return f"{paren(texts[0], POWER)}[{node.attrs[0]}]", ATOM
