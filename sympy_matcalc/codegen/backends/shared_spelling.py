"""What is spelled in one way in all libraries but for a few words, and what those have in common whose arrays have NumPy's methods."""

from .base import Backend
from .linalg_spelling import LinalgSpelling
from .spelling import ATOM, POWER, PRODUCT, paren, spells


class SharedSpelling(LinalgSpelling):
    """Spellings in which a library differs by what it calls an axis (`axis`), or by the one function that they use."""

    # ---- reductions
    def reduced_by(self, node, texts, function, *more, always=False):
        """A function that reduces axes, or works along them; over all of them by default, unless they have to be named."""
        raise NotImplementedError

    @spells("logsumexp", "softmax", "log_softmax", "hardmax")
    def _along_axes(self, node, texts):
        return self.reduced_by(node, texts, self.need("_" + node.op), always=True)

    @spells("weighted_softmax")
    def _weighted_softmax(self, node, texts):
        return self.reduced_by(node, texts, self.need("_weighted_softmax"), *(t[0] for t in texts[1:]), always=True)

    @spells("root_of_squares")
    def _root_of_squares(self, node, texts):
        return self.root_of_sum(node, texts)

    @spells("decay")
    def _decay(self, node, texts):
        return f"{self.need('_decay')}({texts[0][0]}, {self.fn(node.attrs[0])})", ATOM

    @spells("decayed")
    def _decayed(self, node, texts):
        return f"{self.need('_decayed' if node.attrs[0] else '_reverse_decayed')}({texts[0][0]}, {texts[1][0]})", ATOM

    # ---- construction
    @spells("eye")
    def _eye(self, node, texts):
        sizes = [texts[0][0]] + [t[0] for t in texts[2:]]
        return f"{self.fn('eye')}({', '.join(sizes)}, {self.placed(texts[1][0])})", ATOM

    @spells("stack")
    def _stack(self, node, texts):
        return f"{self.fn('stack')}({texts[0][0]}, {self.axis}=1)", ATOM

    def bounds(self, node, texts):
        """The arguments of a range, which begins with 0 by default."""
        return ", ".join(t[0] for t in (texts[1:2] if node.args[0].value == 0 else texts[:2]))

    # ---- products
    @spells("dot")
    def _dot(self, node, texts):
        if node.args[0].ndim == 1 and "view" not in (node.args[0].op, node.args[1].op):
            return f"{paren(texts[0], PRODUCT)} @ {paren(texts[1], PRODUCT)}", PRODUCT
        return self.total(f"{paren(texts[0], PRODUCT - 1)} * {paren(texts[1], PRODUCT)}"), ATOM

    def total(self, text):
        """The sum of all entries."""
        return f"{self.fn('sum')}({text})"


class WithMethods(Backend):
    """Arrays have the methods of NumPy's, and the library its functions: NumPy itself, JAX, Dask, PyTorch."""

    diagonal_axes = "axis1", "axis2"  # what the library calls the axes of a diagonal

    def function_of(self, node, texts, name):
        if name == "conj":
            return f"{paren(texts[0], POWER)}.conj()", ATOM
        return super().function_of(node, texts, name)

    @spells("reshape")
    def _reshape(self, node, texts):
        return f"{paren(texts[0], POWER)}.reshape({', '.join(t[0] for t in texts[1:]) or '()'})", ATOM

    @spells("diagonal")
    def _diagonal(self, node, texts):
        if node.args[0].ndim == 2:
            return f"{paren(texts[0], POWER)}.diagonal()", ATOM
        return self.called("diagonal", texts, *(f"{name}={k}" for name, k in zip(self.diagonal_axes, node.attrs, strict=True)))

    @spells("triangle")
    def _triangle(self, node, texts):
        return self.called(node.attrs[0], texts if texts[1][0] != "0" else texts[:1])

    @spells("diag", "kron", "trace")
    def _by_name(self, node, texts):
        return self.called(node.op, texts)

    @spells("einsum")
    def _einsum(self, node, texts):
        return f'{self.fn("einsum")}("{node.attrs[0]}", {texts[0][0]}, {texts[1][0]})', ATOM
