"""The operators of all spellings, each said once: how it is written, where it is read, how strongly it binds, and what it makes.

A token has one type, whatever it is written as: `'`, `ᵀ` and `^\\top` are all PRIME. `grammar.py` is written over these types.
"""

from typing import NamedTuple

PYTHON, MATLAB, LATEX = "python", "matlab", "latex"
SYNTAXES = (PYTHON, MATLAB, LATEX)


class Spelling(NamedTuple):
    """One way to write a token; `instead`: what to write where it is not read, of a named syntax."""

    text: str
    token: str
    syntaxes: tuple[str, ...] = (PYTHON, MATLAB)
    instead: str = ""


BOTH = (PYTHON, MATLAB)
PLAIN = [  # of text as programs are written; longer ones first where one begins another
    Spelling("%*%", "STAR", (), "write the product as `*`"),  # R's
    Spelling("**", "POWER", (PYTHON,), "write powers as `^`"),
    Spelling("->", "ARROW"),
    Spelling("==", "COMPARE"),
    Spelling("!=", "COMPARE"),
    Spelling("<=", "COMPARE"),
    Spelling(">=", "COMPARE"),
    Spelling(".*", "DOTSTAR", (MATLAB,), "write the elementwise product as `had(x, y)`"),
    Spelling("./", "DOTSLASH", (MATLAB,), "write the elementwise quotient as `had(x, hpow(y, -1))`"),
    Spelling(".^", "DOTHAT", (MATLAB,), "write the elementwise power as `hpow(x, k)`"),
    Spelling(".+", "PLUS", (MATLAB,), "write the sum as `+`"),
    Spelling(".-", "MINUS", (MATLAB,), "write the difference as `-`"),
    Spelling(".'", "PRIME", (MATLAB,), "write the transpose as `x.T`"),
    Spelling("'", "PRIME", (MATLAB,), "write the transpose as `x.T`, text in quotes is not read"),
    Spelling("^", "HAT", (MATLAB,), "write powers as `**`"),
    Spelling("\\", "BACKSLASH", (MATLAB,), "write `A.I*b`"),
    Spelling("+", "PLUS"),
    Spelling("-", "MINUS"),
    Spelling("*", "STAR"),
    Spelling("@", "STAR", (PYTHON,), "write the product as `*`"),
    Spelling("/", "SLASH"),
    Spelling("<", "COMPARE"),
    Spelling(">", "COMPARE"),
    Spelling("=", "EQUALS"),
    Spelling("(", "_LPAR"),
    Spelling(")", "_RPAR"),
    Spelling("[", "_LSQB"),
    Spelling("]", "_RSQB"),
    Spelling(",", "_COMMA"),
    Spelling(":", "COLON"),
    Spelling(";", "_SEMI", (MATLAB,), "one expression is read at a time"),
]
BY_HAND = {  # of text as it is written by hand
    "STAR": "· ⋅ ∙ ×", "MINUS": "−", "SLASH": "∕ ÷", "DOTSTAR": "⊙ ∘", "DOTSLASH": "⊘", "OTIMES": "⊗", "PRIME": "ᵀ ⊤ ′", "HERMITIAN": "ᴴ",
    "PSEUDO": "† ⁺", "COMPARE": "≤ ≥", "ARROW": "→",
}  # fmt: skip
DOTS = ("·", "⋅", "∙", "\\cdot", "@")  # signs of products that of two columns are their inner product
OF_R = {"%*%": "@"}  # what a sign of R's is in NumPy
COMMANDS = {  # of LaTeX
    "STAR": "cdot times ast", "DOTSTAR": "odot circ", "DOTSLASH": "oslash", "OTIMES": "otimes", "COMPARE": "le leq ge geq lt gt",
    "ARROW": "mapsto to", "SLASH": "div",
}  # fmt: skip

PRECEDENCE = [  # from the weakest: (rule of the grammar, its operators); all are read from the left, powers by `**` from the right
    ("either", ["OR"]),
    ("both", ["AND"]),
    ("comparison", ["COMPARE"]),
    ("total", ["PLUS", "MINUS"]),
    ("product", ["STAR", "SLASH", "BACKSLASH", "DOTSTAR", "DOTSLASH", "OTIMES"]),
    ("signed", ["PLUS", "MINUS"]),  # in front
    ("beside", ["_JUXT"]),  # factors without a sign between them
    ("power", ["POWER", "HAT", "DOTHAT"]),
]
