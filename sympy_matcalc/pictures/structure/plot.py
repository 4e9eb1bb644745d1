"""plot_structure: blocks, diagonals, bands, zeros of a matrix, with sizes on the axes."""

from typing import Any

import numpy as np
from sympy import S

from ...errors import MissingLibraryError
from ..escaping import shortened, shown
from ..languages import text_of
from .given import as_pattern
from .patterns import FULL, Band, Blocks, Kron, Mask, Sum, Unknown, Zero, has_entry, sizes_in

INK, FILL, PALE, LINE = "#b4531a", "#a9c3e0", "#f4f4f2", "#777777"  # a diagonal, a block, nothing, frames: apart in grey too
LONG_NAME = 12  # letters of a text beside rows, beyond which it is turned
RATIOS = (1.0, 0.7, 1.3, 0.55, 1.6, 0.85, 1.15)  # of symbolic sizes, in the order of their names
COPIES = 4  # of a block, where their number is a symbol or larger than MOST
MOST = 8
SMALLEST = 0.09  # of the whole, a row of blocks
NARROWEST = 0.2  # of the longer side, the shorter one
PIXELS = 256  # of a numeric matrix, a side
INCHES = 5.0


def plot_structure(H: Any, ax: Any = None) -> Any:
    """Draw where a matrix has entries: blocks, Kronecker products, diagonals, bands, triangles, zeros; gives the axes of Matplotlib.

    H: a matrix expression, such as a Hessian in the vec form; an array, a sparse matrix or a linear operator, drawn entry by entry; a
    Hessian by several variables as rows of blocks, ``[[Hxx, Hxy], [Hyx, Hyy]]``, or by variable, ``{(x, x): Hxx, (x, y): Hxy, ...}``,
    ``{x: {x: Hxx, y: Hxy}, ...}``, where (y, x) is taken from (x, y), and ``{x: Hxx, y: Hyy}`` leaves the others open. Symbolic sizes are
    drawn to a scale of their own. ax: axes of Matplotlib to draw in; new ones where left out.
    Errors: MissingLibraryError without Matplotlib, ShapeError, ExpressionError.

    >>> from sympy import MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> m, n = symbols("m n", integer=True, positive=True)
    >>> A, X = MatrixSymbol("A", m, n), MatrixSymbol("X", n, m)
    >>> H = mc.hessian(mc.Norm(A*X)**2, X, form="vec"); H
    2*KroneckerProduct(I(m), A.T*A)

    ``mc.plot_structure(H)`` draws its copies of A'A down the diagonal.
    """
    pattern, shape, text = as_pattern(H)
    scale = Scale([*shape, *sizes_in(pattern)])
    heights, widths = (pattern.heights, pattern.widths) if isinstance(pattern, Blocks) else ((shape[0],), (shape[1],))
    rows, cols = scale.sides(heights, widths)
    board = Board(ax or _new_axes(sum(cols) / sum(rows)), scale, sum(cols), sum(rows))
    board.draw(pattern, None, 0.0, 0.0, sum(cols), sum(rows))
    if text is not None and not isinstance(pattern, Blocks):
        board.ax.set_xlabel(shortened(shown(text_of(text))), fontsize=10, parse_math=False)
    board.finish(_named(heights, pattern, 0), _named(widths, pattern, 1), rows, cols)
    return board.ax


def _named(sizes: tuple, pattern: Any, axis: int) -> list[str]:
    """The texts beside rows or columns: the size, behind the name of the variable where there is one."""
    if isinstance(pattern, Kron) and 1 not in (pattern.copies[axis], pattern.shape[axis]):
        return [f"{text_of(S(sizes[0]))}: {text_of(S(pattern.copies[axis]))} times {text_of(S(pattern.shape[axis]))}"]
    names = pattern.names[axis] if isinstance(pattern, Blocks) and pattern.names else [""] * len(sizes)
    return [f"{name}: {text_of(S(size))}" if name else text_of(S(size)) for name, size in zip(names, sizes)]


class Scale:
    """How large sizes are drawn: whole numbers as they are, symbols as numbers of about that size, nothing too small to see."""

    def __init__(self, sizes: list[Any]):
        symbols = sorted({s for size in sizes for s in S(size).free_symbols}, key=str)
        known = [int(size) for size in sizes if S(size).is_Integer]
        typical = max(known, default=8) or 8
        self.values = {s: typical * RATIOS[k % len(RATIOS)] for k, s in enumerate(symbols)}

    def __call__(self, size: Any) -> float:
        try:
            value = float(S(size).subs(self.values))
        except TypeError:
            value = 1.0
        return value if value > 0 else 1.0

    def sides(self, heights: tuple, widths: tuple) -> tuple[list[float], list[float]]:
        """Lengths along both sides of a picture; the longer side is 1, the shorter one not too short."""
        high, wide = sum(map(self, heights)), sum(map(self, widths))
        longest = max(high, wide)
        return self.parts(heights, max(high / longest, NARROWEST)), self.parts(widths, max(wide / longest, NARROWEST))

    def parts(self, sizes: tuple, whole: float) -> list[float]:
        """Lengths of neighbours, which sum to `whole`, none too small to see."""
        lengths = [self(s) for s in sizes]
        least = SMALLEST * sum(lengths)
        lengths = [max(length, least) for length in lengths]
        return [length * whole / sum(lengths) for length in lengths]


class Board:
    """Axes with the patterns drawn so far; places are fractions, y downwards."""

    def __init__(self, ax: Any, scale: Scale, width: float, height: float):
        self.ax, self.scale = ax, scale
        box = ax.get_window_extent()
        self.pixels = min(box.width / width, box.height / height) * 72 / ax.figure.dpi  # points of a unit

    def draw(self, p: Any, text: Any, x: float, y: float, w: float, h: float) -> None:
        """A pattern in a rectangle, with its text."""
        if isinstance(p, Blocks):
            return self._blocks(p, x, y, w, h)
        self._rectangle(x, y, w, h, PALE)
        if isinstance(p, Sum):
            for term in p.terms:
                self._part(term, x, y, w, h, INK if term == Band(0, 0) else FILL)
        else:
            self._part(p, x, y, w, h, FILL)
        self._rectangle(x, y, w, h, "none", LINE)
        label = "0" if isinstance(p, Zero) else "?" if isinstance(p, Unknown) else "" if text is None else text_of(text)
        self._text(label, x + w / 2, y + h / 2, w, h)

    def _part(self, p: Any, x: float, y: float, w: float, h: float, colour: str) -> None:
        if isinstance(p, Band):
            self._band(p, x, y, w, h, colour)
        elif isinstance(p, Mask):
            self._mask(p.entries, x, y, w, h)
        elif isinstance(p, Kron):
            self._copies(p, x, y, w, h)
        elif isinstance(p, Blocks):
            self._blocks(p, x, y, w, h)
        elif isinstance(p, Sum):
            for term in p.terms:
                self._part(term, x, y, w, h, colour)
        elif isinstance(p, Unknown):
            self._rectangle(x, y, w, h, "white", LINE, hatch="//")

    # ---- each kind
    def _band(self, p: Band, x: float, y: float, w: float, h: float, colour: str) -> None:
        """A polygon around the diagonal, a line at least."""
        if p.is_full:
            return self._rectangle(x, y, w, h, colour)
        thick = 0.035 if not self._is_wide(p) else 0.07
        below = 1.0 if p.lower >= FULL else max(p.lower, 0) * 0.05 + thick / 2
        above = 1.0 if p.upper >= FULL else max(p.upper, 0) * 0.05 + thick / 2
        below, above = min(below, 1.0), min(above, 1.0)
        corners = [(0, 0), (above, 0), (1, 1 - above), (1, 1), (1 - below, 1), (0, below)]
        self._polygon([(x + a * w, y + b * h) for a, b in corners], INK if p == Band(0, 0) else colour)

    def _is_wide(self, p: Band) -> bool:
        return p.lower >= FULL or p.upper >= FULL

    def _mask(self, entries: np.ndarray, x: float, y: float, w: float, h: float) -> None:
        """The entries that are not 0; of a large matrix each pixel where any in it is not."""
        image = np.zeros((*(small := _reduced(entries)).shape, 4))
        image[small] = (0.247, 0.435, 0.639, 1.0)
        self.ax.imshow(image, extent=(x, x + w, y + h, y), aspect="auto", interpolation="nearest", zorder=2)

    def _blocks(self, p: Blocks, x: float, y: float, w: float, h: float) -> None:
        rows, cols = self.scale.parts(p.heights, h), self.scale.parts(p.widths, w)
        for i, row in enumerate(p.rows):
            for j, (inner, text) in enumerate(row):
                self.draw(inner, text, x + sum(cols[:j]), y + sum(rows[:i]), cols[j], rows[i])

    def _copies(self, p: Kron, x: float, y: float, w: float, h: float) -> None:
        """A few copies of the right factor at the entries of the left one, dots for the others."""
        m, n = (_count(size, p.left, axis) for axis, size in enumerate(p.copies))
        dots = any(not S(size).is_Integer or size > MOST for size in p.copies)
        for i in range(m):
            for j in range(n):
                place = (x + j * w / n, y + i * h / m, w / n, h / m)
                if dots and isinstance(p.left, Band) and not p.left.is_full and i == m - 2 and j == n - 2:
                    self._dots(*place)
                elif has_entry(p.left, i, j):
                    self._part(p.right, *place, FILL)
                    self._rectangle(*place, "none", LINE, thin=True)

    # ---- Matplotlib
    def _dots(self, x: float, y: float, w: float, h: float) -> None:
        """Three dots down the diagonal."""
        steps = (0.35, 0.5, 0.65)
        self.ax.plot([x + s * w for s in steps], [y + s * h for s in steps], ".", color=LINE, markersize=4, zorder=4)

    def _rectangle(self, x, y, w, h, fill, line="none", hatch=None, thin=False) -> None:
        style = {"facecolor": fill, "edgecolor": line, "hatch": hatch, "linewidth": 0.5 if thin else 1.0}
        self.ax.add_patch(_matplotlib().patches.Rectangle((x, y), w, h, zorder=1 if line == "none" else 3, **style))

    def _polygon(self, corners, colour) -> None:
        self.ax.add_patch(_matplotlib().patches.Polygon(corners, facecolor=colour, edgecolor="none", zorder=2))

    def _text(self, text: str, x: float, y: float, w: float, h: float) -> None:
        """A text that fits, smaller where it has to be, cut where it would be too small."""
        text = shown(text)
        room = w * self.pixels * 0.92
        size = min(11.0, h * self.pixels * 0.5, room / (0.62 * max(len(text), 1)))
        if size < 6.5:
            size, letters = 6.5, int(room / (0.62 * 6.5))
            if letters < 2 or h * self.pixels < 8:
                return
            text = text if len(text) <= letters else text[: letters - 1] + "\N{HORIZONTAL ELLIPSIS}"
        box = {"facecolor": "white", "edgecolor": "none", "alpha": 0.75, "pad": 0.8}
        self.ax.text(x, y, text, ha="center", va="center", fontsize=size, bbox=box, zorder=4, parse_math=False)

    def finish(self, rows: list[str], cols: list[str], heights: list[float], widths: list[float]) -> None:
        """Sizes at the left and at the top, the frame around all."""
        ax, height, width = self.ax, sum(heights), sum(widths)
        ax.set_xlim(-0.01, width + 0.01)
        ax.set_ylim(height + 0.01, -0.01)
        ax.set_aspect("equal")
        ax.xaxis.tick_top()
        ax.set_xticks([sum(widths[:k]) + widths[k] / 2 for k in range(len(widths))])
        ax.set_yticks([sum(heights[:k]) + heights[k] / 2 for k in range(len(heights))])
        for set_labels, texts in ((ax.set_xticklabels, cols), (ax.set_yticklabels, rows)):
            set_labels([shortened(shown(t)) for t in texts], fontsize=9, parse_math=False)
        if max(map(len, rows)) > LONG_NAME:
            for label in ax.get_yticklabels():
                label.set(rotation=90, verticalalignment="center")
        ax.tick_params(length=0)
        for spine in ax.spines.values():
            spine.set_visible(False)


def _count(size: Any, left: Any, axis: int) -> int:
    """How many copies are drawn."""
    if isinstance(left, Mask):
        return left.entries.shape[axis]
    return int(size) if S(size).is_Integer and size <= MOST else COPIES


def _reduced(entries: np.ndarray) -> np.ndarray:
    """A mask of at most PIXELS a side; an entry stays one where its neighbours are left out."""
    for axis in range(2):
        size = entries.shape[axis]
        if size > PIXELS:
            starts = np.arange(PIXELS) * size // PIXELS
            entries = np.logical_or.reduceat(entries, starts, axis=axis)
    return entries


def _new_axes(ratio: float) -> Any:
    pyplot = _matplotlib().pyplot
    width, height = (INCHES, INCHES / ratio) if ratio >= 1 else (INCHES * ratio, INCHES)
    return pyplot.subplots(figsize=(max(width, 1.5) + 1, max(height, 1.5) + 1), layout="constrained")[1]


def _matplotlib() -> Any:
    try:
        import matplotlib.patches
        import matplotlib.pyplot
    except ImportError as error:
        raise MissingLibraryError("plot_structure", "matplotlib", error) from error
    return matplotlib
