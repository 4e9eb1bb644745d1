"""How access to parts of arrays is spelled, what is written on diagonals, and products of arrays."""

from .core import Core
from .spelling import ATOM, POWER, PRODUCT, listing, paren, spells


class AccessSpelling(Core):
    """Indices and slices, diagonals, parts of an axis, products."""

    # ---- access
    @spells("index")
    def _index(self, node, texts):
        rest = iter(texts[1:])
        parts = [":" if p is None else next(rest)[0] for p in node.attrs]
        return f"{paren(texts[0], POWER)}[{', '.join(self.shortened(parts))}]", ATOM

    @spells("slice")
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
        return f"{paren(texts[0], POWER)}[{', '.join(self.shortened(parts))}]", ATOM

    def shortened(self, parts):
        """An index without the whole axes at its end."""
        while parts[-1] == ":":
            parts.pop()
        return parts

    @spells("gather", "scatter")
    def _by_numbers(self, node, texts):
        return self.helped(node, texts, str(list(node.attrs)))

    @spells("take")
    def _take(self, node, texts):
        return f"{self.need('_take')}({texts[0][0]}, {texts[1][0]}, {node.attrs[0]})", ATOM

    # ---- diagonals
    @spells("embed")
    def _embed(self, node, texts):
        core, dtype, *sizes = texts
        zeros = self.filled("zeros", listing([s[0] for s in sizes]), dtype[0])
        return self.on_diagonal(node, zeros, core[0])

    @spells("add_diagonal")
    def _add_diagonal(self, node, texts):
        return self.on_diagonal(node, texts[0][0], texts[1][0])

    def on_diagonal(self, node, x, core):
        """What is added to a diagonal, as a new array; the attributes of the node name its axes."""
        return f'{self.need("_add_diagonal")}("{"->".join(node.attrs)}", {x}, {core})', ATOM

    # ---- part of an axis
    @spells("selector")
    def _selector(self, node, texts):
        start, stop, step = (t[0] for t in texts[2:])
        rows = f"{'' if start == '0' else start}:{stop}" + ("" if step == "1" else f":{step}")
        return f"{self._eye(node, texts[:2])[0]}[{', '.join(self.shortened([rows, ':']))}]", ATOM

    @spells("pad")
    def _pad(self, node, texts):
        x, size, *at = (t[0] for t in texts)
        return f"{self.need('_pad')}({x}, {node.attrs[0]}, {size}, slice({', '.join(at)}))", ATOM

    @spells("zeros")
    def _zeros(self, node, texts):
        dtype, *sizes = (t[0] for t in texts)
        return self.filled("zeros", listing(sizes), dtype), ATOM

    @spells("add_band")
    def _add_band(self, node, texts):
        x, d, *at = (t[0] for t in texts)
        return self.on_band(node, x, d, f"slice({', '.join(at[:3])})", f"slice({', '.join(at[3:])})")

    def on_band(self, node, x, d, rows, columns):
        """A vector added to the diagonal of a block, as a new array."""
        return f"{self.need('_add_band')}({x}, {d}, {rows}, {columns})", ATOM

    # ---- products
    @spells("outer_sum")
    def _outer_sum(self, node, texts):
        half = len(texts) // 2
        left, right = (listing([t[0] for t in part]) for part in (texts[:half], texts[half:]))
        if node.attrs:
            return f"{self.need('_outer_sums')}({left}, {right}, {node.attrs[0]})", ATOM
        return f"{self.need('_outer_sum')}({left}, {right})", ATOM

    @spells("sum_of_products")
    def _sum_of_products(self, node, texts):
        pairs = [listing([t[0] for t in pair]) for pair in zip(texts[::2], texts[1::2], strict=True)]
        return f"{self.need('_sum_of_products')}({', '.join(pairs)})", ATOM

    @spells("second_moments")
    def _second_moments(self, node, texts):
        more = ", True" if node.attrs else ""
        return f"{self.need('_second_moments')}({texts[0][0]}, {texts[1][0]}{more})", ATOM

    @spells("fourth_moments")
    def _fourth_moments(self, node, texts):
        return self.helped(node, texts)

    @spells("weighted_gram")
    def _weighted_gram(self, node, texts):
        x, d = texts[0][0], paren(texts[1], POWER)
        return (f"{x}.T @ ({d}[:, None] * {x})", PRODUCT) if x.isidentifier() else self.helped(node, texts)

    @spells("matmul")
    def _matmul(self, node, texts):
        left = texts[0][0] if node.args[0].op == "matmul" and texts[0][1] == PRODUCT else paren(texts[0], PRODUCT)
        return f"{left} @ {paren(texts[1], PRODUCT)}", PRODUCT

    # ---- tiles
    @spells("room")
    def _room(self, node, texts):
        limit, *more = (t[0] for t in texts)
        return f"{self.need('_room')}({limit}, {node.attrs[0]}, {', '.join(more)})", ATOM

    @spells("tile_rows")
    def _tile_rows(self, node, texts):
        return self.helped(node, texts)

    def tile_step(self, result, part, how, start, size):
        """The statement that joins the part of one tile to a result. how: the name of a function of two parts, or the axis to place it."""
        if not self.computes_tiles:
            raise self.refused("numeric code for tiles under a bound of memory")
        if isinstance(how, str):
            function = self.need("_hypot") if how == "hypot" else self.fn(how)
            return f"{result} = {self.need('_total')}({function}, {result}, {part})"
        return f"{result} = {self.need('_placed')}({result}, {part}, {how}, {start}, {size})"
