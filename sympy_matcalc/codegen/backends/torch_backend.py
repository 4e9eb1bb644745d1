"""How each operation of the graph is spelled in PyTorch.

The functions work on the device and in the dtype of their arguments, can be differentiated, and run under `torch.compile`.
"""

from ..literals import string_literal
from .array_backend import ArrayBackend
from .base import STEADY
from .core import TRACED
from .factor_spelling import FactorSpelling
from .function_spelling import TracedFunctions
from .helpers import Dialect
from .shared_spelling import WithMethods
from .spelling import ATOM, POWER, paren, spells
from .torch_dtypes import OneDtype

TORCH_NAMES = dict(expit="sigmoid", mod="remainder")


class TorchBackend(OneDtype, FactorSpelling, TracedFunctions, WithMethods, ArrayBackend):
    """torch, torch.linalg and torch.special."""

    title, package, xp, module_name, axis = "PyTorch", "torch", "torch", "torch", "dim"
    diagonal_axes = "dim1", "dim2"
    runtime = (*TRACED, "torch_helpers", "torch_factors")
    words = Dialect(functions={"permute_dims": "permute", "max": "amax", "sign": "sgn"}, renamed={"axis": "dim", "keepdims": "keepdim"})
    renamed = TORCH_NAMES
    refuses = frozenset()  # functions of a matrix too, which a namespace of the standard has not
    named = dict(softplus="_softplus", sign="_sign", heaviside="_heaviside", expit_slope="_expit_slope", imag="_imag", **STEADY)

    def __init__(self, names):
        super().__init__(names)
        self.kinds = {}

    def spell(self, node, texts):
        self.kind(node)
        return super().spell(node, self.meeting(node, texts))

    def vmap(self):
        return self.need("_vmap")

    # ---- intake
    def intake_start(self, parameters):
        return [f"device = {self.need('_device')}({', '.join(parameters)})"]

    def as_array(self, text, symbol):
        return f"{self.need('_as_array')}({text}, {string_literal(symbol)}, device)"

    def intake_shared(self, arrays, scalars, needed):
        """PyTorch multiplies matrices of one dtype only."""
        several = len(arrays) > 1
        lines = [f"dtype = {self.result_type(arrays or scalars) if arrays or scalars else 'torch.get_default_dtype()'}"]
        lines += [f"{', '.join(arrays)} = {', '.join(f'{x}.to(dtype)' for x in arrays)}"] if several else []
        return lines if needed or several else []

    def result_type(self, texts):
        return f"{self.need('_result_type')}({', '.join(texts)})"

    @spells("kron")
    def _kron(self, node, texts):
        return self.helped(node, texts)

    # ---- elementwise
    def has_special(self, name):
        return hasattr(self.module.special, name)

    def special_of(self, node, texts, name):
        if name != "polygamma":  # whose order is a Python integer
            texts = [(t, ATOM) for t in self.operands(node, texts)]
        return self.called_special(texts, name, "torch", "special")

    @spells("where")
    def _where(self, node, texts):
        condition, *values = zip(node.args, texts, strict=True)
        return self.called("where", [(self.operand(condition[0], condition[1][0]), ATOM), *(t for _, t in values)])

    def cast(self, text, dtype):
        return f"{paren(text, POWER)}.to({dtype})"

    # ---- shape
    def permuted(self, x, order):
        return f"{x}.permute({', '.join(map(str, order))})" if x.isidentifier() else f"torch.permute({x}, {tuple(order)})"

    # ---- reductions
    @spells("max", "min")
    def _extreme(self, node, texts):
        return self.reduced_by(node, texts, f"torch.a{node.op}", always=True)

    @spells("logsumexp")
    def _logsumexp(self, node, texts):
        return self.reduced_by(node, texts, "torch.logsumexp", always=True)

    # ---- construction
    @spells("cumulative")
    def _cumulative(self, node, texts):
        op, forward = node.attrs
        op = "logcumsumexp" if op == "cumlogsumexp" else op
        if forward:
            return f"torch.{op}({texts[0][0]}, 0)", ATOM
        return f"torch.flip(torch.{op}(torch.flip({texts[0][0]}, (0,)), 0), (0,))", ATOM

    @spells("duplication")
    def _duplication(self, node, texts):
        return f"torch.as_tensor({self.need('_duplication')}({texts[0][0]}), {self.placed(texts[1][0])})", ATOM
