"""Spelling in the manner of NumPy, for the libraries that follow it in names and methods: NumPy itself, JAX, Dask."""

from .shared_spelling import SharedSpelling, WithMethods
from .spelling import ATOM, POWER, listing, paren, spells


class NumpyStyle(WithMethods, SharedSpelling):
    """Reductions and constructors are those of NumPy too."""

    # ---- elementwise
    @spells("int")
    def _int(self, node, texts):
        return (f"{self.fn('rint')}({texts[0][0]}).astype(int)" if node.ndim else f"round({texts[0][0]})"), ATOM

    # ---- shape
    @spells("view")
    def _view(self, node, texts):
        axes = node.attrs
        order = [k for k in axes if k is not None]
        x = paren(texts[0], POWER)
        if order != sorted(order):
            x = self.permuted(x, order)
        if None in axes:
            x += "[" + ", ".join("None" if k is None else ":" for k in axes) + "]"
        return x, ATOM

    def permuted(self, x, order):
        if order == [1, 0] and x.endswith(".T"):  # of a matrix that is written as a transpose
            return x.removesuffix(".T")
        return x + (".T" if order == list(range(len(order)))[::-1] else f".transpose({', '.join(map(str, order))})")

    # ---- reductions
    @spells("sum", "prod", "max", "min")
    def _reduction(self, node, texts):
        """By a method of arrays."""
        axes = node.attrs
        where = "" if len(axes) == node.args[0].ndim else str(axes[0]) if len(axes) == 1 else str(tuple(axes))
        return f"{paren(texts[0], POWER)}.{node.op}({where})", ATOM

    @spells("max_or_zero")
    def _max_or_zero(self, node, texts):
        axes = node.attrs
        where = "" if len(axes) == node.args[0].ndim else f"{axes[0] if len(axes) == 1 else tuple(axes)}, "
        return f"{paren(texts[0], POWER)}.max({where}initial=0)", ATOM

    def reduced_by(self, node, texts, function, *more, always=False):
        axes = node.attrs
        where = "" if len(axes) == node.args[0].ndim else f", {axes[0] if len(axes) == 1 else tuple(axes)}"
        return f"{function}({', '.join([texts[0][0], *more])}{where})", ATOM

    def total(self, text):
        return f"({text}).sum()"

    # ---- construction
    @spells("full")
    def _full(self, node, texts):
        x, *sizes = texts
        dtype = f", {sizes.pop(0)[0]}" if node.attrs[0] else ""
        return f"{self.fn('full')}({listing([s[0] for s in sizes])}, {x[0]}{dtype})", ATOM

    @spells("cumulative")
    def _cumulative(self, node, texts):
        op, forward = node.attrs
        if op == "cumlogsumexp":
            return self.cumulated_exponentials(texts[0][0], forward), ATOM
        if forward:
            return f"{self.fn(op)}({texts[0][0]}, 0)", ATOM
        return f"{self.fn(op)}({paren(texts[0], POWER)}[::-1], 0)[::-1]", ATOM

    def cumulated_exponentials(self, text, forward):
        """Logarithms of cumulative sums of exponentials of what this is the text of."""
        return f"{self.need('_cumlogsumexp' if forward else '_reverse_cumlogsumexp')}({text})"

    @spells("arange")
    def _arange(self, node, texts):
        return f"{self.numpy('arange')}({self.bounds(node, texts)})", ATOM

    @spells("array")
    def _array(self, node, texts):
        *entries, dtype = texts
        entries = [e[0] for e in entries]
        complex_ = any(a.imaginary for a in node.args)
        kind = f"{self.fn('result_type')}({dtype[0]}, {self.fn('complex64')})" if complex_ else dtype[0]
        if len(node.attrs) > 1:
            n = node.attrs[1]
            entries = ["[" + ", ".join(entries[k : k + n]) + "]" for k in range(0, len(entries), n)]
        return f"{self.fn('array')}([{', '.join(entries)}], {kind})", ATOM

    @spells("block")
    def _block(self, node, texts):
        rows, cols = node.attrs
        texts = [t[0] for t in texts]
        return self.fn("block") + "([" + ", ".join(
            "[" + ", ".join(texts[k * cols : (k + 1) * cols]) + "]" for k in range(rows)
        ) + "])", ATOM

    @spells("tri")
    def _tri(self, node, texts):
        return f"{self.fn('tri')}({texts[0][0]}, dtype={texts[1][0]})", ATOM

    # ---- norms
    @spells("norm")
    def _norm(self, node, texts):
        return f"{self.fn('linalg.norm')}({texts[0][0]}{self.over(node)})", ATOM

    @spells("p_norm")
    def _p_norm(self, node, texts):
        return f"{self.need('_p_norm')}({texts[0][0]}, {texts[1][0]}{self.over(node)})", ATOM

    def over(self, node):
        """The axes of a reduction as a last argument; nothing where they are all."""
        axes = node.attrs
        return "" if len(axes) == node.args[0].ndim else f", axis={axes[0] if len(axes) == 1 else tuple(axes)}"
