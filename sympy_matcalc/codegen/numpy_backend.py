"""How each operation of the graph is spelled in NumPy."""
import math
from importlib.util import find_spec

from ..errors import MatcalcError
from .numpy_factor import FACTOR_HELPERS, FactorSpelling
from .numpy_linalg import LINALG_FRESH, LINALG_HELPERS, LinalgSpelling
from .spelling import ATOM, COMPARE, POWER, PRODUCT, SUM, UNARY, listing, paren

HELPERS = dict(
    _as_array='''
def _as_array(x, name):
    x = np.asarray(x)
    if x.dtype.kind in "biu":
        return x.astype(float)
    if x.dtype.kind not in "fc":
        raise TypeError(f"argument `{name}`: expected numbers, got an array of dtype {x.dtype}")
    return x
''',
    _as_scalar='''
def _as_scalar(t, name, dtype):
    x = np.asarray(t)
    if x.ndim:
        raise ShapeError(f"argument `{name}`: expected a scalar, got an array of shape {x.shape}")
    if isinstance(t, complex) and not isinstance(t, np.generic):
        return np.result_type(dtype, np.complex64).type(t)
    plain = isinstance(t, (int, float)) and not isinstance(t, np.generic)
    return np.dtype(dtype).type(t) if plain or x.dtype.kind in "biu" else x[()]
''',
    _as_integer='''
def _as_integer(k, name):
    x = np.asarray(k)
    if x.ndim or x != int(x):
        raise ShapeError(f"argument `{name}`: expected an integer, got {k!r}")
    return int(x)
''',
    _wrong_shape='''
def _wrong_shape(name, symbols, expected, got):
    raise ShapeError(f"argument `{name}`: expected shape {symbols} = {expected}, got {tuple(got)}")
''',
    _as_vector='''
def _as_vector(x, name, symbols, axis):
    if x.ndim != 2 or x.shape[1 - axis] != 1:
        raise ShapeError(f"argument `{name}`: expected shape {symbols}, or one axis, got {x.shape}")
    return x[:, 0] if axis == 0 else x[0]
''',
    _as_single='''
def _as_single(x, name):
    if x.size != 1:
        raise ShapeError(f"argument `{name}`: expected shape (1, 1) or a scalar, got {x.shape}")
    return x.reshape(())[()]
''',
    _within='''
def _within(k, size):
    if not 0 <= k < size:
        raise IndexError(f"index {k} is out of range for an axis of size {size}")
    return k
''',
    _take='''
def _take(x, at, axis):
    if at.size and at.min() < 0:
        raise IndexError(f"index {at.min()} is out of range")
    return np.take(x, at, axis=axis)
''',
    _expit='''
def _expit(x):
    with np.errstate(over="ignore"):
        e = np.exp(-x)
    return 1 / (1 + e)
''',
    _expit_slope='''
def _expit_slope(x):
    e = np.exp(-x if np.iscomplexobj(x) else -np.abs(x))
    return e / (1 + e) ** 2
''',
    _outer_sum='''
def _outer_sum(left, right):
    rows = np.stack([x.ravel() for x in left], 1)
    columns = np.stack([x.ravel() for x in right])
    return (rows @ columns).reshape(left[0].shape + right[0].shape)
''',
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
    _embedded='''
def _embedded(axes, core, shape, dtype):
    out = np.zeros(shape, np.result_type(core, dtype))
    np.einsum(axes, out)[...] = core
    return out
''',
    _add_diagonal='''
def _add_diagonal(axes, x, core):
    x = x.astype(np.result_type(x, core), copy=False)
    np.einsum(axes, x)[...] += core
    return x
''',
    _softplus='''
def _softplus(x):
    return np.log(1 + np.exp(x)) if np.iscomplexobj(x) else np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))
''',
    _logsumexp='''
def _logsumexp(x, axis=None):
    m = x.real.max(axis, keepdims=True, initial=-np.inf)
    m = np.where(np.isfinite(m), m, 0)
    out = np.log(np.exp(x - m).sum(axis))
    return out + m.reshape(np.shape(out))
''',
    _softmax='''
def _softmax(x, axis=None):
    e = np.exp(x - x.real.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)
''',
    **LINALG_HELPERS,
    **FACTOR_HELPERS,
)
WEAK_INTEGER = {"floordiv": "//", "intmod": "%"}
NAMED = {"expit": "_expit", "softplus": "_softplus", "expit_slope": "_expit_slope"}
FRESH = LINALG_FRESH | {
    "add", "mul", "pow", "matmul", "tensordot", "einsum", "solve", "inv", "kron", "block", "embed", "add_diagonal", "full", "outer_sum", "softmax",
    "weighted_gram",
}


class NumpyBackend(LinalgSpelling, FactorSpelling):
    """Spelling of nodes; `helpers` collects which of `HELPERS` the source needs, `scipy` which modules of SciPy."""

    trivial = {"sym", "arg", "const", "dtype", "iter"}
    header = "import numpy as np\n"

    def __init__(self, names):
        self.names = names                            # SymPy symbol -> Python name
        self.helpers, self.scipy, self.uses, self.parts = {}, set(), {}, {}
        self.lapack = False

    @property
    def factors(self):
        """Whether factorisations can be kept: NumPy alone cannot."""
        return find_spec("scipy") is not None

    def need(self, helper):
        self.helpers[helper] = True
        return helper

    # ---- loops
    def loop_range(self, node, low, high):
        """The range of a loop, and what follows it: a sum whose bounds are in reverse is the negative of what lies between (Karr)."""
        if node.attrs[2]:
            return f"range({low}, {high})", None
        undone = "-{0}" if node.attrs[0] == "sum" else "1 / {0}"
        return f"range(min({low}, {high}), max({low}, {high}))", f"if {high} < {low}:\n    {{0}} = {undone}"

    def loop_start(self, node, texts):
        dtype, *sizes = texts
        kind = node.attrs[0]
        if kind == "columns":
            return "[]"
        if not sizes:
            return "0.0" if kind == "sum" else "1.0"
        return f"np.{'zeros' if kind == 'sum' else 'ones'}({listing([s[0] for s in sizes])}, {dtype[0]})"

    def loop_step(self, kind, result, body):
        if kind == "columns":
            return f"{result}.append({body[0]})"
        return f"{result} = {result} {'+' if kind == 'sum' else '*'} {paren(body, SUM if kind == 'sum' else PRODUCT)}"

    # ---- expressions
    def spell(self, node, texts):
        return getattr(self, "_" + node.op)(node, texts)

    def _sym(self, node, texts):
        return self.names[node.attrs[0]], ATOM

    _arg = _sym

    def _dtype(self, node, texts):
        return "dtype", ATOM

    def _const(self, node, texts):
        v = node.attrs[0]
        if isinstance(v, float) and not math.isfinite(v):
            return ("np.nan", ATOM) if math.isnan(v) else ("np.inf", ATOM) if v > 0 else ("-np.inf", UNARY)
        if isinstance(v, complex):
            return repr(v), ATOM if repr(v)[0] != "-" else UNARY
        return repr(v), ATOM if v >= 0 else UNARY

    def _add(self, node, texts):
        texts = sorted(texts, key=lambda t: t[0].startswith("-"))
        out = texts[0][0] if texts[0][1] >= SUM else f"({texts[0][0]})"
        for text, precedence in texts[1:]:
            if text.startswith("-") and precedence >= PRODUCT:
                out += " - " + text[1:]
            else:
                out += " + " + paren((text, precedence), SUM)
        return out, SUM

    def _mul(self, node, texts):
        items = []
        for a, (text, precedence) in zip(node.args, texts, strict=True):
            divides = a.op == "pow" and text.startswith("1 / ")
            items.append((divides, text[4:] if divides else paren((text, precedence), PRODUCT), a))
        sign = ""
        if items[0][2].value == -1:
            sign, items = "-", items[1:]
        if items[0][0]:
            first = next((k for k, item in enumerate(items) if not item[0]), None)
            items = items[first:first + 1] + items[:first] + items[first + 1:] if first is not None else [(False, "1", None), *items]
        out = items[0][1]
        for divides, text, _ in items[1:]:
            out += (" / " if divides else " * ") + text
        if sign and out.startswith("-"):
            out = f"({out})"
        return sign + out, PRODUCT if len(items) > 1 else UNARY

    def _pow(self, node, texts):
        base, exponent = node.args
        e = exponent.value
        if isinstance(e, (int, float)) and e < 0:
            inner = texts[0] if e == -1 else self._power(base, texts[0], -e, (repr(-e), ATOM))
            return "1 / " + paren(inner, PRODUCT), PRODUCT
        return self._power(base, texts[0], e, texts[1])

    def _power(self, base, text, e, exponent):
        if base.weak and not (isinstance(e, int) or base.integer and exponent[1] == ATOM and e is None and base.value is not None):
            return f"float(np.power(float({text[0]}), {exponent[0]}))", ATOM
        return f"{paren(text, POWER)}**{paren(exponent, POWER)}", POWER

    def _call(self, node, texts):
        (name,) = node.attrs
        if name in WEAK_INTEGER:
            return f"{paren(texts[0], PRODUCT - 1)} {WEAK_INTEGER[name]} {paren(texts[1], PRODUCT)}", PRODUCT
        if name == "conj":
            return (texts[0] if node.args[0].weak and not isinstance(node.args[0].value, complex) else
                    (f"np.conj({texts[0][0]})" if node.args[0].weak else f"{paren(texts[0], POWER)}.conj()", ATOM))
        if name.startswith("special."):
            self.scipy.add("special")
        function = self.need(NAMED[name]) if name in NAMED else name if name.startswith("special.") else f"np.{name}"
        text = f"{function}({', '.join(t[0] for t in texts)})"
        return (f"float({text})" if node.weak else text), ATOM

    def _compare(self, node, texts):
        a, b = (paren(t, COMPARE) for t in texts)
        return f"{a} {node.attrs[0]} {b}", COMPARE

    def _where(self, node, texts):
        return f"np.where({', '.join(t[0] for t in texts)})", ATOM

    def _float(self, node, texts):
        return f"{paren(texts[0], POWER)}.astype({texts[1][0]})" if node.ndim else f"float({texts[0][0]})", ATOM

    def _builtin(self, node, texts):
        return f"{node.attrs[0]}({', '.join(t[0] for t in texts)})", ATOM

    def _direction(self, node, texts):
        return f"(1 if {texts[0][0]} <= {texts[1][0]} else -1)", ATOM

    def _within(self, node, texts):
        return f"{self.need('_within')}({texts[0][0]}, {texts[1][0]})", ATOM

    def _int(self, node, texts):
        return (f"np.rint({texts[0][0]}).astype(int)" if node.ndim else f"round({texts[0][0]})"), ATOM

    def _view(self, node, texts):
        axes = node.attrs
        order = [k for k in axes if k is not None]
        x = paren(texts[0], POWER)
        if order != sorted(order):
            x += ".T" if order == list(range(len(order)))[::-1] else f".transpose({', '.join(map(str, order))})"
        if None in axes:
            x += "[" + ", ".join("None" if k is None else ":" for k in axes) + "]"
        return x, ATOM

    def _sum(self, node, texts):
        return self._reduce(node, texts, "sum")

    def _prod(self, node, texts):
        return self._reduce(node, texts, "prod")

    def _max(self, node, texts):
        return self._reduce(node, texts, "max")

    def _reduce(self, node, texts, name):
        axes = node.attrs
        where = "" if len(axes) == node.args[0].ndim else str(axes[0]) if len(axes) == 1 else str(tuple(axes))
        return f"{paren(texts[0], POWER)}.{name}({where})", ATOM

    def _logsumexp(self, node, texts):
        return self._named_reduction(node, texts, "_logsumexp")

    def _named_reduction(self, node, texts, helper):
        axes = node.attrs
        where = "" if len(axes) == node.args[0].ndim else f", {axes[0] if len(axes) == 1 else tuple(axes)}"
        return f"{self.need(helper)}({texts[0][0]}{where})", ATOM

    def _full(self, node, texts):
        x, *sizes = texts
        dtype = f", {sizes.pop(0)[0]}" if node.attrs[0] else ""
        return f"np.full({listing([s[0] for s in sizes])}, {x[0]}{dtype})", ATOM

    def _reshape(self, node, texts):
        return f"{paren(texts[0], POWER)}.reshape({', '.join(t[0] for t in texts[1:]) or '()'})", ATOM

    def _eye(self, node, texts):
        sizes = [texts[0][0]] + [t[0] for t in texts[2:]]
        return f"np.eye({', '.join(sizes)}, dtype={texts[1][0]})", ATOM

    def _diag(self, node, texts):
        return f"np.diag({texts[0][0]})", ATOM

    def _diagonal(self, node, texts):
        i, j = node.attrs
        if node.args[0].ndim == 2:
            return f"{paren(texts[0], POWER)}.diagonal()", ATOM
        return f"np.diagonal({texts[0][0]}, axis1={i}, axis2={j})", ATOM

    def _arange(self, node, texts):
        return f"np.arange({texts[1][0]})" if node.args[0].value == 0 else f"np.arange({texts[0][0]}, {texts[1][0]})", ATOM

    def _array(self, node, texts):
        *entries, dtype = texts
        entries = [e[0] for e in entries]
        kind = f", np.result_type({dtype[0]}, np.complex64)" if any(isinstance(a.value, complex) for a in node.args) else f", {dtype[0]}"
        if len(node.attrs) == 1:
            return f"np.array([{', '.join(entries)}]{kind})", ATOM
        n = node.attrs[1]
        rows = ", ".join("[" + ", ".join(entries[k:k + n]) + "]" for k in range(0, len(entries), n))
        return f"np.array([{rows}]{kind})", ATOM

    def _index(self, node, texts):
        rest = iter(texts[1:])
        parts = [":" if p is None else next(rest)[0] for p in node.attrs]
        while parts[-1] == ":":
            parts.pop()
        return f"{paren(texts[0], POWER)}[{', '.join(parts)}]", ATOM

    def _slice(self, node, texts):
        rest = iter(texts[1:])
        parts = []
        for p in node.attrs:
            if p == "slice":
                start, stop, step = (next(rest) for _ in range(3))
                start = "" if start[0] == "0" else start[0]
                parts.append(f"{start}:{stop[0]}" + ("" if step[0] == "1" else f":{step[0]}"))
            else:
                parts.append(":" if p is None else next(rest)[0])
        while parts[-1] == ":":
            parts.pop()
        return f"{paren(texts[0], POWER)}[{', '.join(parts)}]", ATOM

    def _take(self, node, texts):
        return f"{self.need('_take')}({texts[0][0]}, {texts[1][0]}, {node.attrs[0]})", ATOM

    def _block(self, node, texts):
        rows, cols = node.attrs
        texts = [t[0] for t in texts]
        return "np.block([" + ", ".join("[" + ", ".join(texts[k * cols:(k + 1) * cols]) + "]" for k in range(rows)) + "])", ATOM

    def _kron(self, node, texts):
        return f"np.kron({texts[0][0]}, {texts[1][0]})", ATOM

    def _matmul(self, node, texts):
        left = texts[0][0] if node.args[0].op == "matmul" and texts[0][1] == PRODUCT else paren(texts[0], PRODUCT)
        return f"{left} @ {paren(texts[1], PRODUCT)}", PRODUCT

    def _dot(self, node, texts):
        a, b = node.args
        if "view" in (a.op, b.op):
            return f"({paren(texts[0], PRODUCT - 1)} * {paren(texts[1], PRODUCT)}).sum()", ATOM
        flat = [f"{paren(t, POWER)}.ravel()" if a.ndim > 1 else paren(t, PRODUCT) for t in texts]
        return f"{flat[0]} @ {flat[1]}", PRODUCT

    def _tensordot(self, node, texts):
        return f"np.tensordot({texts[0][0]}, {texts[1][0]}, axes={node.attrs})", ATOM

    def _einsum(self, node, texts):
        return f'np.einsum("{node.attrs[0]}", {texts[0][0]}, {texts[1][0]})', ATOM

    def _outer_sum(self, node, texts):
        half = len(texts) // 2
        left, right = (listing([t[0] for t in part]) for part in (texts[:half], texts[half:]))
        return f"{self.need('_outer_sum')}({left}, {right})", ATOM

    def _weighted_gram(self, node, texts):
        return f"{self.need('_weighted_gram')}({texts[0][0]}, {texts[1][0]})", ATOM

    def _size(self, node, texts):
        return f"{paren(texts[0], POWER)}.shape[{node.attrs[0]}]", ATOM

    def _trace(self, node, texts):
        return f"np.trace({texts[0][0]})", ATOM

    def _linalg(self, node, texts):
        return f"np.linalg.{node.op}({', '.join(t[0] for t in texts)})", ATOM

    _inv = _det = _slogdet = _matrix_power = _solve = _linalg

    def _embed(self, node, texts):
        core, dtype, *sizes = texts
        axes, target = node.attrs
        return f'{self.need("_embedded")}("{axes}->{target}", {core[0]}, {listing([s[0] for s in sizes])}, {dtype[0]})', ATOM

    def _add_diagonal(self, node, texts):
        x, core = texts
        axes, target = node.attrs
        fresh = self._is_fresh(node.args[0], node.loops)
        base = x[0] if fresh else f"{paren(x, POWER)}.copy()"
        return f'{self.need("_add_diagonal")}("{axes}->{target}", {base}, {core[0]})', ATOM

    def _is_fresh(self, node, loops):
        """Whether the array of a node is new and has no other use, so that it can be written to."""
        while node.op in ("view", "reshape") and None not in node.attrs and self.uses[node.number] == 1:
            node = node.args[0]
        return node.op in FRESH and self.uses[node.number] == 1 and node.loops == loops

    def _softmax(self, node, texts):
        return self._named_reduction(node, texts, "_softmax")

    def __getattr__(self, name):
        raise MatcalcError(f"the NumPy back end cannot spell the operation `{name.lstrip('_')}`")
