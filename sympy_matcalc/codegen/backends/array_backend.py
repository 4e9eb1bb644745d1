"""How each operation of the graph is spelled in the functions of the array API standard, for any library that follows it."""

from ..literals import string_literal
from .base import NAMED
from .core import SHARED
from .factor_spelling import USES_OF_FACTORS
from .linalg_spelling import TracedChecks
from .shared_spelling import SharedSpelling
from .spelling import ATOM, POWER, listing, paren, spells

STANDARD_NAMES = dict(
    arcsin="asin", arccos="acos", arctan="atan", arctan2="atan2", arcsinh="asinh", arccosh="acosh", arctanh="atanh", mod="remainder"
)


class ArrayBackend(TracedChecks, SharedSpelling):
    """A namespace of the array API standard.

    `axis`: what the library calls the argument that names axes.
    """

    title, package, xp, axis = "array API", "array-api", "xp", "axis"
    runtime: tuple[str, ...] = (*SHARED, "standard", "standard_equations", "standard_intake")
    refuses = USES_OF_FACTORS | {"frechet", "frechet_between", "frechet_matrix", "like", "lu", "matrix_function", "real_eigen", "spectrum"}
    renamed = STANDARD_NAMES
    named = NAMED | dict(real="_real", imag="_imag", conj="_conj", angle="_angle", sinc="_sinc", heaviside="_heaviside")
    array_only = {*NAMED}

    def __init__(self, names, namespace=None):
        if namespace is not None:
            self.module_name = namespace.__name__
            self.title = f"array API (`{namespace.__name__}`)"
        super().__init__(names)

    # ---- intake and results
    def placed(self, dtype):
        """The last arguments of a constructor."""
        return f"dtype={dtype}, device=device"

    def as_scalar(self, text, symbol):
        return f"{self.need('_as_scalar')}({text}, {string_literal(symbol)}, dtype, device)"

    def intake_shared(self, arrays, scalars, needed):
        place = [f"device = {arrays[0]}.device" if arrays else "device = None"] if needed else []
        return place + super().intake_shared(arrays, scalars, needed)

    def default_dtype(self, scalars):
        return f"{self.xp}.asarray(0.0).dtype"

    def constant(self, text, dtype=None):
        """A number as an array."""
        dtype = f", dtype={dtype}" if dtype else ""
        self.needs_dtype = True  # with it goes the device
        return f"{self.fn('asarray')}({text}{dtype}, device=device)"

    def number(self, node):
        """A complex one is an array of no axes: not all versions of the standard let it meet a real array."""
        return super().number(node) and not node.imaginary

    def returned_number(self, text):
        return self.constant(text, "dtype")

    def operands(self, node, texts):
        """Numbers next to arrays as arrays, which all versions of the standard take."""
        return [self.operand(a, t[0]) for a, t in zip(node.args, texts, strict=True)]

    def operand(self, node, text):
        if not self.number(node):
            return text
        return self.constant(text, None if node.op == "compare" or isinstance(node.value, bool) else "dtype")

    # ---- elementwise
    @spells("const")
    def _const(self, node, texts):
        if isinstance(node.value, complex):
            return self.constant(repr(node.value), self.result_type([self.dtype(), self.fn("complex64")])), ATOM
        return super()._const(node, texts)

    def cast(self, text, dtype):
        return f"{self.fn('astype')}({text[0]}, {dtype})"

    @spells("int")
    def _int(self, node, texts):
        if self.number(node):
            return f"round({texts[0][0]})", ATOM
        return self.cast((f"{self.fn('round')}({texts[0][0]})", ATOM), self.fn("int64")), ATOM

    # ---- shape
    @spells("view")
    def _view(self, node, texts):
        axes = node.attrs
        order = [k for k in axes if k is not None]
        x = texts[0][0]
        if order == [1, 0]:
            x = f"{paren(texts[0], POWER)}.T"
        elif order != sorted(order):
            x = self.permuted(x, order)
        elif None in axes:
            x = paren(texts[0], POWER)
        if None in axes:
            x += "[" + ", ".join("None" if k is None else ":" for k in axes) + "]"
        return x, ATOM

    def permuted(self, x, order):
        return f"{self.fn('permute_dims')}({x}, {tuple(order)})"

    @spells("reshape")
    def _reshape(self, node, texts):
        return f"{self.fn('reshape')}({texts[0][0]}, {listing([t[0] for t in texts[1:]])})", ATOM

    def shortened(self, parts):
        return parts

    # ---- reductions
    def reduced_by(self, node, texts, function, *more, always=False):
        axes = node.attrs
        where = [] if len(axes) == node.args[0].ndim and not always else [f"{self.axis}={axes[0] if len(axes) == 1 else tuple(axes)}"]
        return f"{function}({', '.join([texts[0][0], *more, *where])})", ATOM

    @spells("sum", "prod", "max", "min")
    def _reduction(self, node, texts):
        return self.reduced_by(node, texts, self.fn(node.op))

    @spells("max_or_zero")
    def _max_or_zero(self, node, texts):
        return self.reduced_by(node, texts, self.need("_max_or_zero"))

    @spells("norm")
    def _norm(self, node, texts):
        return self.reduced_by(node, texts, self.fn("linalg.vector_norm"))

    @spells("p_norm")
    def _p_norm(self, node, texts):
        return self.reduced_by(node, texts, self.need("_p_norm"), texts[1][0], always=True)

    # ---- construction
    @spells("full")
    def _full(self, node, texts):
        x, *sizes = texts
        dtype = sizes.pop(0)[0] if node.attrs[0] else None
        shape = listing([s[0] for s in sizes])
        if self.number(node.args[0]):
            return f"{self.fn('full')}({shape}, {x[0]}, {self.placed(dtype)})", ATOM
        return f"{self.fn('broadcast_to')}({x[0]}, {shape})", ATOM

    @spells("diagonal")
    def _diagonal(self, node, texts):
        i, j = node.attrs
        rest = [k for k in range(node.args[0].ndim) if k not in (i, j)]
        x = texts[0][0] if [*rest, i, j] == sorted([*rest, i, j]) else self.permuted(texts[0][0], [*rest, i, j])
        return f"{self.fn('linalg.diagonal')}({x})", ATOM

    @spells("cumulative")
    def _cumulative(self, node, texts):
        op, forward = node.attrs
        name = ("_" if forward else "_reverse_") + op
        return f"{self.need(name)}({texts[0][0]})", ATOM

    @spells("triangle")
    def _triangle(self, node, texts):
        return self.called(node.attrs[0], texts[:1], *([f"k={texts[1][0]}"] if texts[1][0] != "0" else []))

    @spells("arange")
    def _arange(self, node, texts):
        self.needs_dtype = True
        return f"{self.fn('arange')}({self.bounds(node, texts)}, device=device)", ATOM

    @spells("array")
    def _array(self, node, texts):
        *entries, dtype = (t[0] for t in texts)
        if any(a.imaginary for a in node.args):
            dtype = self.result_type([dtype, self.fn("complex64")])
        return f"{self.need('_array')}([{', '.join(entries)}], {node.attrs}, {dtype}, device)", ATOM

    @spells("block")
    def _block(self, node, texts):
        rows, cols = node.attrs
        texts = [t[0] for t in texts]
        joined = [self.joined(texts[k * cols : (k + 1) * cols], 1) for k in range(rows)]
        return self.joined(joined, 0), ATOM

    def joined(self, texts, axis):
        return f"{self.fn('concat')}([{', '.join(texts)}], {self.axis}={axis})" if len(texts) > 1 else texts[0]

    @spells("tri")
    def _tri(self, node, texts):
        return f"{self.fn('tril')}({self.filled('ones', f'({texts[0][0]}, {texts[0][0]})', texts[1][0])})", ATOM

    @spells("unit_matrix")
    def _unit_matrix(self, node, texts):
        return self.helped(node, texts, "device")

    @spells("duplication")
    def _duplication(self, node, texts):
        return f"{self.fn('asarray')}({self.need('_duplication')}({texts[0][0]}), {self.placed(texts[1][0])})", ATOM

    def from_numpy(self, text, dtype):
        return f"{self.fn('asarray')}({text}, {self.placed(dtype)})", ATOM

    # ---- products
    @spells("diag", "kron")
    def _by_name(self, node, texts):
        return self.helped(node, texts)

    @spells("einsum")
    def _einsum(self, node, texts):
        return f'{self.need("_einsum")}("{node.attrs[0]}", {texts[0][0]}, {texts[1][0]})', ATOM

    @spells("trace")
    def _trace(self, node, texts):
        return self.called("linalg.trace", texts)

    @spells("svd")
    def _svd(self, node, texts):
        finite = self.finite(texts)
        return self.called("linalg.svdvals", finite) if self.values_only(node) else self.called("linalg.svd", finite, "full_matrices=False")
