"""Products in PyTorch are of one dtype: where a factor is complex, or real, whatever the data is, it meets the others in one dtype."""

from .base import Backend
from .spelling import ATOM, POWER, paren

MEETING = {"matmul", "dot", "einsum", "solve", "outer_sum", "weighted_gram"}  # what PyTorch computes of operands of one dtype only
COMPLEX_KIND, REAL_KIND, DATA_KIND = "complex", "real", "data"


class OneDtype(Backend):
    """The part of the PyTorch back end that casts the operands of a product where their kinds of dtype differ."""

    kinds: dict[int, str | None]

    def kind(self, node):
        """Of the dtype: complex, real, that of the data, or None for a number, which fits any."""
        if node.number not in self.kinds:
            self.kinds[node.number] = self._kind(node)
        return self.kinds[node.number]

    def _kind(self, node):
        if node.op == "const":
            return COMPLEX_KIND if isinstance(node.value, complex) else None
        if node.kind.numbers.real_valued(node) and node.op != "compare":  # a truth value takes the dtype of what it meets
            return REAL_KIND
        kinds = {self.kind(a) for a in node.args} - {None}
        if COMPLEX_KIND in kinds:
            return COMPLEX_KIND
        return kinds.pop() if len(kinds) == 1 else None if node.args and not kinds else DATA_KIND

    def meeting(self, node, texts):
        """The texts of the operands, in one dtype."""
        kinds = {self.kind(a) for a in node.args}
        if node.op not in MEETING or len(kinds) < 2:
            return texts
        dtype = self.dtype()
        if COMPLEX_KIND in kinds:
            dtype = f"torch.promote_types({dtype}, torch.complex64)"
        return [(f"{paren(t, POWER)}.to({dtype})", ATOM) for t in texts]
