"""The graph as SVG: the computation downwards, beside it the backward pass upwards, row by row the same operations."""

from collections.abc import Iterator
from typing import Any

from .escaping import columns, shortened, xml
from .languages import Drawn, Edge, backward, forward, ids_of
from .layered import Box, arrange, join

FONT, SMALL = 14, 12  # pixels
COLUMN = 0.62  # width of a letter, in heights of the font: a little more than fonts of one width have
PAD, ROW, MARGIN = 9, 40.0, 16
THERE, BACK = "#767676", "#b15b5b"  # of edges and their labels: as far from white as from black, since the page shows between the boxes
COLOURS = {
    "input": ("#eef4fb", "#5b84b1"),
    "operation": ("#ffffff", "#555555"),
    "output": ("#fff6e0", "#b98a1c"),
    "cotangent": ("#fbeeee", BACK),
}


class Side:
    """One half of the picture: boxes of the graph and of the labels on its edges, with places."""

    def __init__(self, boxes: list[Drawn], edges: list[Edge], rows: dict[str, int], upwards: bool):
        self.drawn, self.upwards = boxes, upwards
        self.boxes = {b.name: Box(rows[b.name], columns(shortened(b.text)) * FONT * COLUMN + 2 * PAD, FONT + 2 * PAD) for b in boxes}
        self.trunks: dict[Box, dict[int, Box]] = {b: {} for b in self.boxes.values()}
        self.edges = [(e, *self._joined(e)) for e in edges]
        every = list(dict.fromkeys([*self.boxes.values(), *(b for _, way, _ in self.edges for b in way[1:-1])]))
        self.width = arrange(every) if every else 0.0

    def _joined(self, e: Edge) -> tuple[list[Box], Box]:
        """(the boxes from the upper to the lower end, that of the label): the label is beside the operation, which is the lower end."""
        top, bottom = (self.boxes[e.end], self.boxes[e.start]) if self.upwards else (self.boxes[e.start], self.boxes[e.end])
        label = Box(bottom.row - 1, columns(shortened(e.label)) * SMALL * COLUMN + 6, SMALL + 6)
        return [top, *join(top, label, self.trunks[top]), label, *join(label, bottom), bottom], label

    def shapes(self, left: float) -> Iterator[str]:
        """The SVG of this side, moved to the right."""
        for _, way, label in self.edges:
            points = [(b.x + left, y, b.height) for b in way for y in [_middle(b.row)]]
            yield _curve(points, self.upwards, way.index(label))
        for e, _, label in self.edges:
            yield _text(e.label, label.x + left, _middle(label.row), SMALL, BACK if self.upwards else THERE, label)
        for b in self.drawn:
            box = self.boxes[b.name]
            yield _box(b, box, left)
            yield _text(b.text, box.x + left, _middle(box.row), FONT, "#111111", None)


def drawing(graph: Any) -> str:
    """The picture of a `Dataflow`."""
    rows = _rows(graph)
    there, back = forward(graph), backward(graph)
    sides = [Side(*there, rows, False)]
    if back[0]:
        sides.append(Side(*back, {b.name: rows["f" + b.name[1:]] for b in back[0]}, True))
    left, shapes = float(MARGIN), []
    for side in sides:
        shapes += list(side.shapes(left))
        left += side.width + 3 * MARGIN
    width, height = left - 2 * MARGIN, _middle(max(rows.values())) + ROW / 2 + MARGIN
    return "\n".join([_head(width, height), *shapes, "</svg>"])


def _rows(graph: Any) -> dict[str, int]:
    """The row of each box: as far above the result as its longest way there; two rows an operation, one for the labels."""
    ids, below = ids_of(graph), {}
    for op in reversed(graph.operations):
        below.setdefault(op.symbol, 0)
        for s in op.operands:
            below[s] = max(below.get(s, 0), below[op.symbol] + 1)
    deepest = max(below.values(), default=0)
    return {name: 2 * (deepest - below.get(s, 0)) for s, name in ids.items()} or {"f1": 0}


def _middle(row: int) -> float:
    return MARGIN + ROW / 2 + row * ROW


def _head(width: float, height: float) -> str:
    size = f'width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="DejaVu Sans Mono, Menlo, Consolas, monospace">'


Point = tuple[float, float]


def _curve(points: list[tuple[float, float, float]], upwards: bool, label: int) -> str:
    """An edge from box to box, by way of its label, where it is interrupted; vertical at each of the three."""
    above = [(x, y) for x, y, _ in points[: label + 1]]
    below = [(x, y) for x, y, _ in points[label:]]
    (x, y, top), (lx, ly, middle), (ex, ey, bottom) = points[0], points[label], points[-1]
    above[0], above[-1] = (x, y + top / 2), (lx, ly - middle / 2)
    below[0], below[-1] = (lx, ly + middle / 2), (ex, ey - bottom / 2)
    colour = BACK if upwards else THERE
    (tip_x, tip_y), turn = (above[0], 1) if upwards else (below[-1], -1)
    head = f"M{tip_x:.1f},{tip_y:.1f}l-3.5,{7 * turn}h7z"
    line = _smooth(above) + _smooth(below)
    return f'<path d="{line}" fill="none" stroke="{colour}"/><path d="{head}" fill="{colour}"/>'


def _smooth(points: list[Point]) -> str:
    """A curve through points, vertical at both ends, between them in the direction from the point before to the one behind."""
    slopes = [((c[0] - a[0]) / 2, (c[1] - a[1]) / 2) for a, c in zip(points, points[2:])]
    first, last = points[1][1] - points[0][1], points[-1][1] - points[-2][1]
    tangents = [(0.0, 1.5 * first), *slopes, (0.0, 1.5 * last)]
    parts = [f"M{points[0][0]:.1f},{points[0][1]:.1f}"]
    for (x, y), (dx, dy), (nx, ny), (ndx, ndy) in zip(points, tangents, points[1:], tangents[1:]):
        parts.append(f"C{x + dx / 3:.1f},{y + dy / 3:.1f} {nx - ndx / 3:.1f},{ny - ndy / 3:.1f} {nx:.1f},{ny:.1f}")
    return "".join(parts)


def _box(b: Drawn, box: Box, left: float) -> str:
    fill, line = COLOURS[b.kind]
    corner = box.height / 2 if b.kind == "input" else 4
    x, y = box.x + left - box.width / 2, _middle(box.row) - box.height / 2
    size = f'x="{x:.1f}" y="{y:.1f}" width="{box.width:.1f}" height="{box.height:.1f}" rx="{corner:.0f}"'
    return f'<rect {size} fill="{fill}" stroke="{line}"/>'


def _text(text: str, x: float, y: float, size: int, colour: str, box: Box | None) -> str:
    """A text in the middle of a place; the whole of it as a tooltip where it is cut."""
    title = f"<title>{xml(text)}</title>" if shortened(text) != text else ""
    style = f'text-anchor="middle" font-size="{size}" fill="{colour}"'
    return f'<text x="{x:.1f}" y="{y + size * 0.35:.1f}" {style}>{title}{xml(shortened(text))}</text>'
