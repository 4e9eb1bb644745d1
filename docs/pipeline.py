"""Draws docs/pipeline.svg, the data flow of the package: python docs/pipeline.py"""

from html import escape
from pathlib import Path

WIDTH, ROW, BOX = 880, 74, 46
DERIVE = [  # (folder, what it does, what goes out of it)
    ("canonical", "one orientation a node, one bound symbol, sums over entries recognised", "prepared expression"),
    ("rules", "one differential rule a node: d(A⁻¹) = −A⁻¹ dA A⁻¹", "expression linear in dX"),
    ("adjoint", "one walk from the top, with the cotangent through every linear operator", "index terms"),
    ("notation", "products, traces, Hadamard and Kronecker products read off the indices", "SymPy matrix expression"),
]
COMPUTE = [
    ("codegen: lowering", "one function a class of SymPy node", "graph of operations"),
    ("codegen: passes", "stable forms, contraction orders, factorisations, branches by size", "planned graph"),
    ("codegen: back ends", "how a library spells each operation; helpers from real modules", "source of a function"),
]


def box(y, title, text, x=20, width=WIDTH - 40):
    """A labelled box."""
    return (
        f'<rect x="{x}" y="{y}" width="{width}" height="{BOX}" rx="6" class="box"/>'
        f'<text x="{x + 14}" y="{y + 28}" class="name">{escape(title)}</text>'
        f'<text x="{x + 200}" y="{y + 28}" class="what">{escape(text)}</text>'
    )


def arrow(y, label):
    """An arrow downwards with what flows along it."""
    x = WIDTH // 2 - 210
    return (
        f'<path d="M {x} {y} v {ROW - BOX - 8}" class="line" marker-end="url(#head)"/>'
        f'<text x="{x + 14}" y="{y + 17}" class="flow">{escape(label)}</text>'
    )


def column(y, first, rows):
    """(drawing, y below it) of the boxes of a pipeline under what goes in."""
    out = [arrow(y, first)]
    for name, text, result in rows:
        y += ROW - BOX
        out += [box(y, name, text), arrow(y + BOX, result)]
        y += BOX
    return out, y + ROW - BOX


def drawing():
    """The whole picture as SVG."""
    parts, y = column(10, "expression, as typed in SymPy or as text", DERIVE)
    parts.append(box(y, "rewriting, printing", "named identities with conditions; LaTeX, index notation", 20, WIDTH - 40))
    more, y = column(y + BOX, "any expression: a function, its gradient, its Hessian together", COMPUTE)
    parts += more
    style = (
        ".box{fill:#f4f6fb;stroke:#5b6b8c}.name{font:600 15px sans-serif;fill:#1c2a4a}.what{font:13px sans-serif;fill:#333}"
        ".flow{font:italic 12px sans-serif;fill:#5b6b8c}.line{stroke:#5b6b8c;fill:none}"
    )
    head = (
        '<defs><marker id="head" markerWidth="9" markerHeight="9" refX="6" refY="4" orient="auto">'
        '<path d="M0,0 L8,4 L0,8 z" fill="#5b6b8c"/></marker></defs>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y + 8}" viewBox="0 0 {WIDTH} {y + 8}" role="img" '
        f'aria-label="Data flow: typed expression, canonical form, rules, adjoint, notation, then lowering, passes and back ends">'
        f'<rect width="100%" height="100%" fill="white"/><style>{style}</style>{head}{"".join(parts)}</svg>\n'
    )


if __name__ == "__main__":
    Path(__file__).with_name("pipeline.svg").write_text(drawing(), encoding="utf-8")
