"""Spelling in the manner of NumPy, for the libraries that follow it in names and methods: NumPy itself, JAX, Dask."""

from .linalg_spelling import LinalgSpelling
from .spelling import ATOM, POWER, PRODUCT, listing, paren, spells


class NumpyStyle(LinalgSpelling):
    """Arrays have the methods of NumPy's, and the library its functions."""

    # ---- elementwise
    def function_of(self, node, texts, name):
        if name == "conj":
            return f"{paren(texts[0], POWER)}.conj()", ATOM
        return super().function_of(node, texts, name)

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
        return x + (".T" if order == list(range(len(order)))[::-1] else f".transpose({', '.join(map(str, order))})")

    @spells("reshape")
    def _reshape(self, node, texts):
        return f"{paren(texts[0], POWER)}.reshape({', '.join(t[0] for t in texts[1:]) or '()'})", ATOM

    # ---- reductions
    @spells("sum")
    def _sum(self, node, texts):
        return self.reduced(node, texts, "sum")

    @spells("prod")
    def _prod(self, node, texts):
        return self.reduced(node, texts, "prod")

    @spells("max", "min")
    def _extreme(self, node, texts):
        return self.reduced(node, texts, node.op)

    def reduced(self, node, texts, name):
        """A method of arrays that reduces axes."""
        axes = node.attrs
        where = "" if len(axes) == node.args[0].ndim else str(axes[0]) if len(axes) == 1 else str(tuple(axes))
        return f"{paren(texts[0], POWER)}.{name}({where})", ATOM

    def reduced_by(self, node, texts, function):
        """A function that reduces axes, or works along them; over all of them by default."""
        axes = node.attrs
        where = "" if len(axes) == node.args[0].ndim else f", {axes[0] if len(axes) == 1 else tuple(axes)}"
        return f"{function}({texts[0][0]}{where})", ATOM

    @spells("logsumexp")
    def _logsumexp(self, node, texts):
        return self.reduced_by(node, texts, self.need("_logsumexp"))

    @spells("log_softmax")
    def _log_softmax(self, node, texts):
        return self.reduced_by(node, texts, self.need("_log_softmax"))

    @spells("softmax")
    def _softmax(self, node, texts):
        return self.reduced_by(node, texts, self.need("_softmax"))

    @spells("hardmax")
    def _hardmax(self, node, texts):
        return self.reduced_by(node, texts, self.need("_hardmax"))

    # ---- construction
    @spells("full")
    def _full(self, node, texts):
        x, *sizes = texts
        dtype = f", {sizes.pop(0)[0]}" if node.attrs[0] else ""
        return f"{self.fn('full')}({listing([s[0] for s in sizes])}, {x[0]}{dtype})", ATOM

    @spells("eye")
    def _eye(self, node, texts):
        sizes = [texts[0][0]] + [t[0] for t in texts[2:]]
        return f"{self.fn('eye')}({', '.join(sizes)}, dtype={texts[1][0]})", ATOM

    @spells("diag")
    def _diag(self, node, texts):
        return self.called("diag", texts)

    @spells("diagonal")
    def _diagonal(self, node, texts):
        i, j = node.attrs
        if node.args[0].ndim == 2:
            return f"{paren(texts[0], POWER)}.diagonal()", ATOM
        return f"{self.fn('diagonal')}({texts[0][0]}, axis1={i}, axis2={j})", ATOM

    @spells("others", "other_pairs")
    def _others(self, node, texts):
        return self.helped(node, texts)

    @spells("cumulative")
    def _cumulative(self, node, texts):
        op, forward = node.attrs
        if forward:
            return f"{self.fn(op)}({texts[0][0]}, 0)", ATOM
        return f"{self.fn(op)}({paren(texts[0], POWER)}[::-1], 0)[::-1]", ATOM

    @spells("triangle")
    def _triangle(self, node, texts):
        return self.called(node.attrs[0], texts if texts[1][0] != "0" else texts[:1])

    @spells("arange")
    def _arange(self, node, texts):
        bounds = texts[1:2] if node.args[0].value == 0 else texts[:2]
        return f"{self.numpy('arange')}({', '.join(t[0] for t in bounds)})", ATOM

    @spells("array")
    def _array(self, node, texts):
        *entries, dtype = texts
        entries = [e[0] for e in entries]
        complex_ = any(isinstance(a.value, complex) for a in node.args)
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

    @spells("stack")
    def _stack(self, node, texts):
        return f"{self.fn('stack')}({texts[0][0]}, axis=1)", ATOM

    # ---- products
    @spells("kron")
    def _kron(self, node, texts):
        return self.called("kron", texts)

    @spells("dot")
    def _dot(self, node, texts):
        if node.args[0].ndim == 1 and "view" not in (node.args[0].op, node.args[1].op):
            return f"{paren(texts[0], PRODUCT)} @ {paren(texts[1], PRODUCT)}", PRODUCT
        return f"({paren(texts[0], PRODUCT - 1)} * {paren(texts[1], PRODUCT)}).sum()", ATOM

    @spells("einsum")
    def _einsum(self, node, texts):
        return f'{self.fn("einsum")}("{node.attrs[0]}", {texts[0][0]}, {texts[1][0]})', ATOM

    @spells("trace")
    def _trace(self, node, texts):
        return self.called("trace", texts)

    # ---- norms
    @spells("root_of_squares")
    def _root_of_squares(self, node, texts):
        return self.root_of_sum(node, texts)

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
