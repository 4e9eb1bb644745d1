"""How each operation of the graph is spelled in NumPy and SciPy."""

from importlib.util import find_spec
from types import SimpleNamespace

from .base import COMMON_HELPERS, STEADY
from .numpy_factor import FACTOR_HELPERS, NumpyFactors
from .numpy_linalg import LINALG_FRESH, LINALG_HELPERS, TOLERANT
from .numpy_style import NumpyStyle
from .spelling import ATOM, POWER, PRODUCT, listing, paren

HELPERS = dict(
    _as_array="""
def _as_array(x, name):
    if isinstance(x, np.ma.MaskedArray) or hasattr(x, "toarray"):
        raise TypeError(f"argument `{name}`: expected a plain array, got {type(x).__name__}: pass `.filled(...)` or `.toarray()`")
    x = np.asarray(x)
    if x.dtype.kind in "biu":
        return x.astype(float)
    if x.dtype.kind not in "fc":
        raise TypeError(f"argument `{name}`: expected numbers, got an array of dtype {x.dtype}")
    return x
""",
    _as_scalar="""
def _as_scalar(t, name, dtype):
    x = np.asarray(t)
    if x.ndim:
        raise ShapeError(f"argument `{name}`: expected a scalar, got an array of shape {x.shape}")
    if x.dtype.kind not in "biufc":
        raise TypeError(f"argument `{name}`: expected a number, got {t!r}")
    if isinstance(t, complex) and not isinstance(t, np.generic):
        return np.result_type(dtype, np.complex64).type(t)
    plain = isinstance(t, (int, float)) and not isinstance(t, np.generic)
    return np.dtype(dtype).type(t) if plain or x.dtype.kind in "biu" else x[()]
""",
    _as_integer="""
def _as_integer(k, name):
    x = np.asarray(k)
    if x.ndim or x != int(x):
        raise ShapeError(f"argument `{name}`: expected an integer, got {k!r}")
    return int(x)
""",
    _as_single="""
def _as_single(x, name):
    if x.size != 1:
        raise ShapeError(f"argument `{name}`: expected shape (1, 1) or a scalar, got {x.shape}")
    return x.reshape(())[()]
""",
    # tile by tile, since a matrix and its transpose lie differently in memory
    _is_symmetric="""
def _is_symmetric(a, tile=256):
    if a.dtype.kind != "f" or len(a) < 32 or a[0, -1] != a[-1, 0]:      # looking at a small one costs more than it saves
        return False
    starts = range(0, len(a), tile)
    return all(np.array_equal(a[i:i + tile, j:j + tile], a[j:j + tile, i:i + tile].T) for i in starts for j in starts if j <= i)
""",
    _take="""
def _take(x, at, axis):
    if at.size and at.min() < 0:
        raise IndexError(f"index {at.min()} is out of range")
    return np.take(x, at, axis=axis)
""",
    _expit="""
def _expit(x):
    with np.errstate(over="ignore"):
        e = np.exp(-x)
    e += 1
    return 1 / e
""",
    _expit_slope="""
def _expit_slope(x):
    e = np.exp(-x if np.iscomplexobj(x) else -np.abs(x))
    return e / (1 + e) ** 2
""",
    _outer_sum="""
def _outer_sum(left, right):
    rows = np.stack([x.ravel() for x in left], 1)
    columns = np.stack([x.ravel() for x in right])
    return (rows @ columns).reshape(left[0].shape + right[0].shape)
""",
    _weighted_gram='''
def _weighted_gram(x, d):
    """``x' diag(d) x``, as ``z' z`` of the rows with positive d less that of those with negative d."""
    if d.dtype.kind == "c" or x.dtype.kind == "c":
        return x.T @ (d[:, None] * x)
    z, positive = np.sqrt(np.abs(d))[:, None] * x, d >= 0
    if positive.all():
        return z.T @ z
    z, rest = z[positive], z[~positive]
    return z.T @ z - rest.T @ rest
''',
    _embedded="""
def _embedded(axes, core, shape, dtype):
    out = np.zeros(shape, dtype if getattr(core, "dtype", None) is dtype else np.result_type(core, dtype))
    np.einsum(axes, out)[...] = core
    return out
""",
    _add_diagonal="""
def _add_diagonal(axes, x, core):
    if getattr(core, "dtype", None) is not x.dtype:
        x = x.astype(np.result_type(x, core), copy=False)
    np.einsum(axes, x)[...] += core
    return x
""",
    _log_cosh="""
def _log_cosh(x):
    if np.iscomplexobj(x):
        return np.log(np.cosh(x))
    x = np.abs(x)
    return np.log1p(np.exp(-2 * x)) + x - math.log(2)
""",
    # with two branches, since either loses digits on the other side (Mächler, Accurately computing log(1 - exp(-|a|)))
    _log_one_less_exp="""
def _log_one_less_exp(x):
    if np.iscomplexobj(x):
        return np.log(-np.expm1(x))
    near, other = x > -math.log(2), -np.ones_like(x)
    return np.where(near, np.log(-np.expm1(np.where(near, x, other))), np.log1p(-np.exp(np.where(near, other, x))))[()]
""",
    # of few numbers the count costs less than the context
    _log_beside='''
def _log_beside(y, x):
    """log(y), 0 where x is 0."""
    if x.size < 2000 and np.count_nonzero(x) == x.size:
        return np.log(y)
    try:
        with np.errstate(divide="raise"):
            return np.log(y)
    except FloatingPointError:
        return np.log(np.where((x == 0) & (y == y), np.ones_like(y), y))
''',
    _root_less_one="""
def _root_less_one(y):
    root = np.sqrt(1 + y)
    if np.iscomplexobj(y):
        return y / (1 + root)
    return np.where(y < 1, np.minimum(y, 1) / (1 + root), root - 1)[()]
""",
    _sech_squared="""
def _sech_squared(x):
    with np.errstate(over="ignore"):
        c = np.cosh(x)
        return 1 / (c * c)
""",
    # the root of the dot product where that is in range, first by bounds that hold in single precision too
    _norm="""
def _norm(x):
    x = x.ravel("K")
    root = np.sqrt(np.vdot(x, x).real)
    limits = np.finfo(root.dtype) if not 1e-15 < root < 1e15 else None
    if limits is None or (limits.tiny / limits.eps) ** 0.5 < root <= limits.max:
        return root
    largest = np.abs(x).max(initial=0)
    if not 0 < largest <= limits.max:
        return largest
    x = x / largest
    return largest * np.sqrt(np.vdot(x, x).real)
""",
    _root_of_squares="""
def _root_of_squares(x):
    return np.sqrt((x * x).sum()) if np.iscomplexobj(x) else _norm(x)
""",
    _pad='''
def _pad(x, axis, size, at):
    """An array as part of an axis of the given size, among zeros."""
    out = np.zeros(x.shape[:axis] + (size,) + x.shape[axis + 1:], x.dtype)
    out[(slice(None),) * axis + (at,)] = x
    return out
''',
    _add_band='''
def _add_band(x, d, rows, columns):
    """A vector added to the diagonal of a block."""
    x = x.astype(np.result_type(x, d), copy=False)
    np.einsum("ii->i", x[rows, columns])[...] += d
    return x
''',
    _softplus="""
def _softplus(x):
    return np.log(1 + np.exp(x)) if np.iscomplexobj(x) else np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))
""",
    _logsumexp="""
def _logsumexp(x, axis=None):
    m = x.real.max(axis, keepdims=True, initial=-np.inf)
    m = np.where(np.isfinite(m), m, 0)
    e = x - m
    out = np.log(np.exp(e, out=e).sum(axis))
    return out + m.reshape(np.shape(out))
""",
    _log_softmax="""
def _log_softmax(x, axis=None):
    x = x - x.real.max(axis, keepdims=True)
    return x - np.log(np.exp(x).sum(axis, keepdims=True))
""",
    _softmax="""
def _softmax(x, axis=None):
    e = x - x.real.max(axis, keepdims=True)
    np.exp(e, out=e)
    e /= e.sum(axis, keepdims=True)
    return e
""",
    **COMMON_HELPERS,
    **LINALG_HELPERS,
    **FACTOR_HELPERS,
)
FRESH = LINALG_FRESH | {
    "add",
    "mul",
    "pow",
    "matmul",
    "tensordot",
    "einsum",
    "solve",
    "inv",
    "kron",
    "block",
    "embed",
    "add_diagonal",
    "full",
    "outer_sum",
    "softmax",
    "log_softmax",
    "weighted_gram",
    "zeros",
    "pad",
    "add_band",
}


class NumpyBackend(NumpyFactors, NumpyStyle):
    """NumPy, and SciPy for functions of a matrix and special functions; the one back end that writes into arrays of its own."""

    title, package, xp, module_name = "NumPy", "numpy", "np", "numpy"
    HELPERS = HELPERS
    DEPENDS = TOLERANT | {"_factor_det": ("_factor_slogdet",), "_factor": ("_is_symmetric",), "_root_of_squares": ("_norm",)}
    looks_at_values = weight_roots = True
    named = dict(expit="_expit", softplus="_softplus", expit_slope="_expit_slope", **STEADY)

    @property
    def factors(self):
        return find_spec("scipy") is not None

    def number(self, node):
        return node.weak

    def scipy(self, module):
        """The text of a module of SciPy."""
        self.imports[f"from scipy import {module}"] = True
        return module

    # ---- intake and results
    def intake_array(self, name, symbol):
        return [
            f'if type({name}) is not np.ndarray or {name}.dtype.kind not in "fc":',
            f'    {name} = {self.need("_as_array")}({name}, "{symbol}")',
        ]

    def intake_scalar(self, name, symbol):
        return [f"if type({name}) is not np.float64:", f'    {name} = {self.need("_as_scalar")}({name}, "{symbol}", dtype)']

    def default_dtype(self, scalars):
        return "float"

    def intake_shared(self, arrays, scalars, needed):
        if not needed or len(arrays) < 2:
            return super().intake_shared(arrays, scalars, needed)
        same = " is ".join(f"{x}.dtype" for x in arrays)  # asking costs less than promoting
        return [f"dtype = {arrays[0]}.dtype if {same} else {self.result_type(arrays)}"]

    def own(self, text):
        return f"{text}.copy()"

    def returned_number(self, text):
        return f"np.float64({text})"

    # ---- functions
    def _of_numbers(self, node, texts, name):
        if name == "conj" and not isinstance(node.args[0].value, complex):
            return texts[0]
        if name == "conj":
            return self.called("conj", texts)
        text, precedence = self.function_of(node, texts, name)
        return f"float({text})", precedence

    def has_special(self, name):
        return self.factors

    def special_of(self, node, texts, name):
        return f"{self.scipy('special')}.{name}({', '.join(t[0] for t in texts)})", ATOM

    def _float(self, node, texts):
        return self.cast(texts[0], texts[1][0]) if node.ndim else f"float({texts[0][0]})", ATOM

    def filled(self, name, shape, dtype):
        return f"np.{name}({shape}, {dtype})"

    # ---- norms
    def _norm(self, node, texts):
        return self.helped(node, texts) if len(node.attrs) == node.args[0].ndim else super()._norm(node, texts)

    def _root_of_squares(self, node, texts):
        return self.helped(node, texts)

    # ---- products
    def _mul(self, node, texts):
        """With a scalar behind a computed matrix: NumPy multiplies that in place, but not from the left by a scalar of its own."""
        pairs = list(zip(node.args, texts, strict=True))
        scalars = [p for p in pairs if p[0].ndim == 0 and not p[0].weak]
        arrays = [p for p in pairs if p[0].ndim]
        if node.ndim > 1 and scalars and any(not t[0].isidentifier() for a, t in arrays):
            pairs = [p for p in pairs if p[0].ndim == 0 and p[0].weak] + arrays + scalars
        args, texts = zip(*pairs, strict=True)
        return super()._mul(SimpleNamespace(args=args), texts)

    def _dot(self, node, texts):
        a, b = node.args
        if "view" in (a.op, b.op):
            return super()._dot(node, texts)
        flat = [f"{paren(t, POWER)}.ravel()" if a.ndim > 1 else paren(t, PRODUCT) for t in texts]
        return f"{flat[0]} @ {flat[1]}", PRODUCT

    def _weighted_gram(self, node, texts):
        return self.helped(node, texts)

    # ---- diagonals, written in place
    def _embed(self, node, texts):
        core, dtype, *sizes = texts
        axes, target = node.attrs
        return f'{self.need("_embedded")}("{axes}->{target}", {core[0]}, {listing([s[0] for s in sizes])}, {dtype[0]})', ATOM

    def _add_diagonal(self, node, texts):
        x, core = texts
        axes, target = node.attrs
        base = x[0] if self.is_fresh(node.args[0], node.loops) else f"{paren(x, POWER)}.copy()"
        return f'{self.need("_add_diagonal")}("{axes}->{target}", {base}, {core[0]})', ATOM

    def on_band(self, node, x, d, rows, columns):
        base = x if self.is_fresh(node.args[0], node.loops) else f"({x}).copy()"
        return f"{self.need('_add_band')}({base}, {d}, {rows}, {columns})", ATOM

    def is_fresh(self, node, loops):
        """Whether the array of a node is new and has no other use, so that it can be written to."""
        while node.op in ("view", "reshape") and None not in node.attrs and self.uses[node.number] == 1:
            node = node.args[0]
        return node.op in FRESH and self.uses[node.number] == 1 and node.loops == loops

    # ---- checks by value, which raise
    def _simple(self, node, texts):
        return self.helped(node, texts, f'"{node.attrs[0]}"')

    def _like(self, node, texts):
        return self.helped(node, texts)

    # ---- functions of a matrix
    def _matrix_function(self, node, texts):
        (name,) = node.attrs
        linalg = self.scipy("linalg")
        function = self.need("_tanhm") if name == "tanhm" else f"{linalg}.{name}"
        return f"{function}({', '.join(t[0] for t in texts)})", ATOM

    def _frechet_exp(self, node, texts):
        return f"{self.scipy('linalg')}.expm_frechet({texts[0][0]}, {texts[1][0]}, compute_expm=False)", ATOM

    def _frechet_sqrt(self, node, texts):
        self.scipy("linalg")
        return self.helped(node, texts)
