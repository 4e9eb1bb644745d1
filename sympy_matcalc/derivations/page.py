"""Derivations as HTML with lines that fold, as Markdown, and as data."""

from html import escape
from typing import Any

from .reading import readable
from .short import Names, names_of
from .tex import formula, notation, row, symbol_of
from .text import named, plain

SUMMARY = 'summary style="list-style-position: outside; margin: 0.35em 0 0.35em 1.2em"'  # the mark beside a formula, however wide


def html(d: Any) -> str:
    """Each line a formula with its rule and where that is found; opened, it says what has which shape."""
    names = names_of(d, plain)
    lines = "\n".join([_fold(d, step, names) for step in d.steps] + [f"<p>{inline(math)}</p>" for math in _where(names)])
    answer = _in_two(symbol_of(d, d.kind, {}), f"= {formula(d.result)}")
    foot = "" if d.certificate is None else f"<p><small>{escape(str(d.certificate))}</small></p>"
    return f'<details open class="tex2jax_process"><{SUMMARY}>{answer}</summary>\n{lines}\n{foot}</details>'


def _where(names: Names) -> list[str]:
    """What the names stand for, a formula each."""
    return [rf"\text{{where}} \quad {formula(s)} = {formula(part)}" for s, part in names.shown]


def _fold(d: Any, step: Any, names: Names) -> str:
    left, right = row(d, step, notation(d), names).split(" && ")[0].split("&=")
    shapes = "".join(f"<li><code>{escape(k)}</code>: {escape(shape_text(v))}</li>" for k, v in step.shapes.items())
    rule = f'<small style="display: inline-block; margin-left: 1.2em; opacity: 0.75">{escape(named(step))}</small>'
    return f'<details style="margin-left: 1em"><{SUMMARY}>{_in_two(left, f"= {right.strip()}")}{rule}</summary><ul>{shapes}</ul></details>'


def _in_two(left: str, right: str) -> str:
    """Both sides of an equation, between which a line can end."""
    return " ".join(inline(side) for side in (left.strip(), right) if side)


def inline(math: str) -> str:
    """A formula in a line of HTML."""
    return escape(f"${math}$", quote=False)


def shape_text(shape: tuple) -> str:
    return " x ".join(map(str, shape)) or "scalar"


def markdown(d: Any) -> str:
    """A numbered list of formulas with their rules."""
    lines, names = [], names_of(d, plain)
    for number, step in enumerate(d.steps, 1):
        math = row(d, step, notation(d), names).split(" && ")[0].replace("&=", "=").strip()
        lines.append(f"{number}. {named(step)}\n\n   $${math}$$\n")
    lines += [f"   $${math}$$\n" for math in _where(names)]
    foot = "" if d.certificate is None else f"\n{d.certificate}\n"
    return "\n".join(lines) + foot


def as_dict(d: Any) -> dict:
    """Everything as text, numbers, lists and dicts, the long parts by the names that the text has for them."""
    c, names, settings = d.certificate, names_of(d, plain), notation(d)
    return {
        "expression": plain(readable(d.expression)),
        "variable": plain(d.variable),
        "style": d.style,
        "detail": d.detail,
        "order": d.order,
        "kind": d.kind,
        "steps": [_step(s, settings, names) for s in d.steps],
        "result": plain(d.result),
        "latex": formula(d.result),
        "names": [{"name": plain(s), "part": plain(part, names.dX)} for s, part in names.shown],
        "short": plain(names(d.result)),
        "certificate": None if c is None else {**c._asdict(), "conditions": list(c.conditions), "text": str(c)},
    }


def _step(s: Any, settings: dict, names: Names) -> dict:
    left, right = names.of_left(s.left) if s.opening else names(s.left), names.of_right(s)
    return {
        "left": plain(left, names.dX),
        "right": plain(right, names.dX),
        "left_latex": formula(left, settings),
        "right_latex": formula(right, settings),
        "rule": s.rule,
        "source": s.source,
        "shapes": {plain(names(e), names.dX): [str(size) for size in getattr(e, "shape", ())] for e in s.shown},
        "note": s.note,
        "text": f"{plain(left, names.dX)} = {plain(right, names.dX)}   [{named(s)}]",
    }
