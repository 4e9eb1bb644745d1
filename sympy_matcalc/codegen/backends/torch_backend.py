"""How each operation of the graph is spelled in PyTorch.

The functions work on the device and in the dtype of their arguments, can be differentiated, and run under `torch.compile`.
"""

from .array_backend import ArrayBackend
from .base import COMMON_HELPERS, STEADY
from .factor_spelling import FactorSpelling
from .shared_helpers import DEPENDS, FACTORS, in_dialect
from .spelling import ATOM, POWER, paren
from .torch_dtypes import OneDtype
from .torch_factor import OWN as OWN_FACTORS

OWN = dict(
    _device="""
def _device(*args):
    for x in args:
        if isinstance(x, torch.Tensor):
            return x.device
    return torch.get_default_device()
""",
    _as_array="""
def _as_array(x, name, device):
    x = x if isinstance(x, torch.Tensor) else torch.as_tensor(x, device=device)
    return x if x.is_floating_point() or x.is_complex() else x.to(torch.get_default_dtype())
""",
    _result_type="""
def _result_type(*args):
    dtypes = [x if isinstance(x, torch.dtype) else getattr(x, "dtype", None) for x in args]
    dtypes = [x if isinstance(x, torch.dtype) and (x.is_floating_point or x.is_complex) else torch.get_default_dtype() for x in dtypes]
    return reduce(torch.promote_types, dtypes)
""",
    _as_scalar="""
def _as_scalar(t, name, dtype, device):
    t = t if isinstance(t, torch.Tensor) else torch.as_tensor(t, dtype=torch.promote_types(dtype, torch.complex64)
                                                              if isinstance(t, complex) else dtype, device=device)
    if t.ndim:
        raise ShapeError(f"argument `{name}`: expected a scalar, got an array of shape {tuple(t.shape)}")
    return t.to(torch.promote_types(dtype, torch.complex64)) if t.is_complex() else t.to(dtype)
""",
    # a negative index, or one past the end, is an error of index_select
    _take="""
def _take(x, at, axis):
    return x.index_select(axis, at.reshape(-1)).reshape(x.shape[:axis] + at.shape + x.shape[axis + 1:])
""",
    _array="""
def _array(entries, shape, dtype, device):
    return torch.stack([torch.as_tensor(e, dtype=dtype, device=device) for e in entries]).reshape(shape)
""",
    # the derivative is a block of the exponential of a block matrix (Higham, Functions of Matrices, 3.16)
    _frechet_exp="""
def _frechet_exp(x, e):
    rows = [torch.concat([x, e], dim=1), torch.concat([torch.zeros_like(x), x], dim=1)]
    return torch.linalg.matrix_exp(torch.concat(rows, dim=0))[:len(x), len(x):]
""",
    # of any order of derivative, which a form with abs(x) does not have at zero
    _expit_slope="""
def _expit_slope(x):
    return torch.sigmoid(x) * torch.sigmoid(-x)
""",
)
WORDS = [
    ("xp.take(x, place, axis=axis)", "x.index_select(axis, place)"),
    ("xp.take(d, i, axis=0)", "d.index_select(0, i)"),
    ("_is_complex(x)", "x.is_complex()"),
    ("_is_complex(vectors)", "vectors.is_complex()"),
    ("_kron(", "torch.kron("),
    ("xp.permute_dims(", "torch.permute("),
    ("axis", "dim"),
    ("keepdims=", "keepdim="),
    ("xp.max(x, dim", "torch.amax(x, dim"),
    ("xp.max(_real(x), dim", "torch.amax(_real(x), dim"),
    ("xp.sign(", "torch.sgn("),
    ("xp.", "torch."),
]
IN_PLACE_OF = ("_is_complex", "_conj", "_angle", "_sinc", "_heaviside", "_expit", "_diag", "_kron", "_einsum", "_logsumexp")
TORCH_NAMES = dict(expit="sigmoid", mod="remainder")


class TorchBackend(OneDtype, FactorSpelling, ArrayBackend):
    """torch, torch.linalg and torch.special."""

    title, package, xp, module_name, axis = "PyTorch", "torch", "torch", "torch", "dim"
    HELPERS = COMMON_HELPERS | in_dialect(WORDS, OWN, leave=IN_PLACE_OF) | in_dialect(WORDS, OWN_FACTORS, texts=FACTORS)
    DEPENDS = {name: tuple(o for o in others if o not in IN_PLACE_OF) for name, others in DEPENDS.items()}
    renamed = TORCH_NAMES
    named = dict(softplus="_softplus", expit_slope="_expit_slope", imag="_imag", **STEADY)

    def __init__(self, names):
        super().__init__(names)
        self.kinds = {}

    def spell(self, node, texts):
        self.kind(node)
        return super().spell(node, self.meeting(node, texts))

    def import_line(self):
        return "import torch"

    # ---- intake
    def intake_start(self, parameters):
        return [f"device = {self.need('_device')}({', '.join(parameters)})"]

    def intake_array(self, name, symbol):
        return [f'{name} = {self.need("_as_array")}({name}, "{symbol}", device)']

    def intake_shared(self, arrays, scalars, needed):
        """PyTorch multiplies matrices of one dtype only."""
        several = len(arrays) > 1
        lines = [f"dtype = {self.result_type(arrays or scalars) if arrays or scalars else 'torch.get_default_dtype()'}"]
        lines += [f"{', '.join(arrays)} = {', '.join(f'{x}.to(dtype)' for x in arrays)}"] if several else []
        return lines if needed or several else []

    def result_type(self, texts):
        return f"{self.need('_result_type')}({', '.join(texts)})"

    # ---- elementwise
    def function_of(self, node, texts, name):
        if name == "conj":
            return f"{paren(texts[0], POWER)}.conj()", ATOM
        return super().function_of(node, texts, name)

    def has_special(self, name):
        return hasattr(self.module.special, name)

    def special_of(self, node, texts, name):
        if name != "polygamma":  # whose order is a Python integer
            texts = [(t, ATOM) for t in self.operands(node, texts)]
        return self.called_special(texts, name, "torch", "special")

    def _where(self, node, texts):
        condition, *values = zip(node.args, texts, strict=True)
        return self.called("where", [(self.operand(condition[0], condition[1][0]), ATOM), *(t for _, t in values)])

    def cast(self, text, dtype):
        return f"{paren(text, POWER)}.to({dtype})"

    # ---- shape
    def permuted(self, x, order):
        return f"{x}.permute({', '.join(map(str, order))})" if x.isidentifier() else f"torch.permute({x}, {tuple(order)})"

    def _reshape(self, node, texts):
        return f"{paren(texts[0], POWER)}.reshape({', '.join(t[0] for t in texts[1:]) or '()'})", ATOM

    # ---- reductions
    def _max(self, node, texts):
        return self.reduced_by(node, texts, "torch.amax", always=True)

    def _logsumexp(self, node, texts):
        return self.reduced_by(node, texts, "torch.logsumexp", always=True)

    # ---- construction
    def _diag(self, node, texts):
        return self.called("diag", texts)

    def _diagonal(self, node, texts):
        i, j = node.attrs
        if node.args[0].ndim == 2:
            return f"{paren(texts[0], POWER)}.diagonal()", ATOM
        return self.called("diagonal", texts, f"dim1={i}", f"dim2={j}")

    def _duplication(self, node, texts):
        return f"torch.as_tensor({self.need('_duplication')}({texts[0][0]}), {self.placed(texts[1][0])})", ATOM

    # ---- products
    def _kron(self, node, texts):
        return self.called("kron", texts)

    def _tensordot(self, node, texts):
        return self.called("tensordot", texts, f"dims={node.attrs}")

    def _einsum(self, node, texts):
        return f'torch.einsum("{node.attrs[0]}", {texts[0][0]}, {texts[1][0]})', ATOM

    def _trace(self, node, texts):
        return self.called("trace", texts)

    # ---- functions of a matrix
    def _matrix_function(self, node, texts):
        if node.attrs != ("expm",):
            raise self.refused(f"numeric code for the function `{node.attrs[0]}` of a matrix")
        return self.called("linalg.matrix_exp", texts)

    def _frechet_exp(self, node, texts):
        return self.helped(node, texts)
