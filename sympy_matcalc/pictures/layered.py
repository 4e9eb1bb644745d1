"""Layered drawing of a graph without cycles: boxes in rows, with few crossings, near what they are joined to, never overlapping.

The method of Sugiyama, Tagawa and Toda (1981): rows by longest path, barycentres for the order, then for the places the nearest to the
neighbours' mean that keeps the distances, by pooling (isotonic regression).
"""

from dataclasses import dataclass, field

SWEEPS = 24  # over all rows for the order, and as many for the places
GAP = 22.0  # pixels between boxes of a row


@dataclass(eq=False)
class Box:
    """What has a place: its row, its size, and after `arrange` its middle."""

    row: int
    width: float
    height: float
    x: float = 0.0
    above: list["Box"] = field(default_factory=list)
    below: list["Box"] = field(default_factory=list)

    def near(self, down: bool) -> list["Box"]:
        return self.above if down else self.below


def join(top: Box, bottom: Box, trunk: dict[int, Box] | None = None) -> list[Box]:
    """The boxes without width between two boxes, one a row, by which a long edge keeps its way free.

    trunk: {row: box} of the edges that go down from `top` so far, which this one shares.
    """
    trunk = {} if trunk is None else trunk
    way = [top, *(trunk.setdefault(row, Box(row, 1.0, 0.0)) for row in range(top.row + 1, bottom.row)), bottom]
    for a, b in zip(way, way[1:]):
        if b not in a.below:
            a.below.append(b)
            b.above.append(a)
    return way[1:-1]


def arrange(boxes: list[Box]) -> float:
    """Give every box its place in its row; the width of all."""
    rows: dict[int, list[Box]] = {}
    for box in boxes:
        rows.setdefault(box.row, []).append(box)
    ordered = [rows[k] for k in sorted(rows)]
    _order(ordered)
    _place(ordered)
    left = min(b.x - b.width / 2 for b in boxes)
    for b in boxes:
        b.x -= left
    return max(b.x + b.width / 2 for b in boxes)


def _order(rows: list[list[Box]]) -> None:
    best, fewest = [list(row) for row in rows], _crossings(rows)
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        for row in rows if down else reversed(rows):
            at = {id(b): k for other in rows for k, b in enumerate(other)}
            row.sort(key=lambda b: _mean([at[id(o)] for o in b.near(down)], at[id(b)]))
        count = _crossings(rows)
        if count < fewest:
            best, fewest = [list(row) for row in rows], count
    for row, found in zip(rows, best):
        row[:] = found


def _crossings(rows: list[list[Box]]) -> int:
    at = {id(b): k for row in rows for k, b in enumerate(row)}
    count = 0
    for row in rows:
        ends = [at[id(o)] for b in row for o in sorted(b.below, key=lambda o: at[id(o)])]
        count += sum(1 for i, a in enumerate(ends) for b in ends[i + 1 :] if a > b)
    return count


def _place(rows: list[list[Box]]) -> None:
    for row in rows:
        _spread(row, [0.0] * len(row))
    for sweep in range(SWEEPS):
        for row in rows if sweep % 2 == 0 else reversed(rows):
            near = [b.above + b.below if sweep >= SWEEPS // 2 else b.near(sweep % 2 == 0) for b in row]
            _spread(row, [_mean([o.x for o in others], b.x) for b, others in zip(row, near)])


def _spread(row: list[Box], wanted: list[float]) -> None:
    """The places nearest to those wanted that keep the order and the gaps."""
    offsets = [0.0]
    for a, b in zip(row, row[1:]):
        offsets.append(offsets[-1] + (a.width + b.width) / 2 + GAP)
    blocks: list[list[float]] = []  # (sum, count) of boxes that touch
    for want, offset in zip(wanted, offsets):
        blocks.append([want - offset, 1])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] > blocks[-1][0] / blocks[-1][1]:
            total, count = blocks.pop()
            blocks[-1][0] += total
            blocks[-1][1] += count
    places = [total / count for total, count in blocks for _ in range(int(count))]
    for box, place, offset in zip(row, places, offsets):
        box.x = place + offset


def _mean(values: list, otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
