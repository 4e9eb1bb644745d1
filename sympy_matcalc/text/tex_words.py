"""What LaTeX has for the tokens of the grammar, as data."""

import re

from .operators import COMMANDS
from .spelling import NAMED

SPACING = re.compile(
    r"(?:\s|~|&(?!amp)|\\[,;:! ]|\\(?:q?quad|displaystyle|textstyle|limits|nolimits|nonumber|notag|mathstrut)(?![A-Za-z])"
    r"|\\(?:begin|end)\s*\{(?:align|aligned|equation|gather|gathered|multline|split|displaymath|math)\*?\}|\\(?:tag|label)\s*\{[^{}]*\}|\$|\\[\[\]()])+"
)
SIZED = re.compile(r"\\(left|right|[bB]igg?([lrm]?))(?![A-Za-z])\s*(\.?)")
GREEK = {*(name.lower() for name in NAMED.values()), *NAMED.values(), "lambda"} | {*"varepsilon vartheta varphi varrho ell".split()}
SIGNS = {word: token for token, words in COMMANDS.items() for word in words.split()}
SPELLED = {"vecdiag": "diag", "Tr": "tr", "sgn": "sign", "trace": "tr", "Diag": "diag", "Vec": "vec", "Det": "det", "erf": "erf"}
FUNCTIONS = (
    "log ln exp det sin cos tan sinh cosh tanh arcsin arccos arctan max min tr Tr sgn".split()
)  # the commands that are functions; others are spelled `\operatorname{...}`
WORD = ("operatorname", "mathrm", "text", "mathop", "textrm", "mathsf", "textsf", "textit", "mathit", "rm")
LETTER = ("mathbb", "mathds", "mathbbm", "mathbf", "boldsymbol", "bm", "vec", "mathcal", "bf", "pmb", "symbf")
ACCENT = ("hat", "bar", "tilde", "widehat", "widetilde", "overline", "dot", "check")
STYLED = re.compile(rf"\\({'|'.join([*WORD, *LETTER, *ACCENT])})\*?(?![A-Za-z])\s*(?:\{{([^{{}}]*)\}}|(\\[A-Za-z]+|[^\s\\{{}}]))")
NESTED = (
    re.compile(  # an accent on a letter in a font, and the other way round: `\\hat{\\mathbf{x}}`, `\\mathbf{\\hat{x}}`, `\\hat\\mathbf{x}`
        rf"\\({'|'.join([*LETTER, *ACCENT])})(?![A-Za-z])\s*(?:\{{\s*)?\\({'|'.join([*LETTER, *ACCENT])})(?![A-Za-z])"
        r"\s*(?:\{\s*(\\?[A-Za-z]+)\s*\}|(\\[A-Za-z]+|[A-Za-z](?![A-Za-z])))\s*(\}?)"
    )
)
SWITCHED = re.compile(r"\{\s*\\(rm|sf|it|bf)(?![A-Za-z])\s*([A-Za-z]{2,})\s*\}")  # `{\rm tr}`
COMMAND = re.compile(r"\\([A-Za-z]+)")
NUMBER = re.compile(r"\d+(?:\.\d+)?|\.\d+")
TOP = r"(?:\\top|\\intercal|\\prime|T|\\(?:mathsf|mathrm|text|textsf)\s*\{?\s*T\s*\}?|\\(?:rm|sf|bf)\s+T|\\T|⊤)"
RAISED = [  # what stands behind `^` and is no power
    (re.compile(rf"\^\s*(?:\{{\s*{TOP}\s*\}}|{TOP}(?![A-Za-z])|T)"), "PRIME"),
    (re.compile(rf"\^\s*\{{\s*-\s*(?:1\s*)?{TOP}\s*\}}"), "INVT"),
    (re.compile(r"\^\s*(?:\{\s*(?:\\dagger|\+)\s*\}|\\dagger|\+)"), "PSEUDO"),
    (re.compile(r"\^\s*(?:\{\s*(?:\*|\\ast|H|\\(?:mathsf|mathrm)\s*\{?\s*H\s*\}?)\s*\}|\*|\\ast|H(?![A-Za-z]))"), "HERMITIAN"),
]
ENTRYWISE = re.compile(r"\^\s*\{\s*\\(?:odot|circ)\s*(?![A-Za-z])")
MARK = re.compile(r"\s*_\s*\{\s*\\odot\s*\}")  # of a function that is meant entry by entry
SUBSCRIPT = re.compile(r"\s*_\s*(?:\{([^{}]*)\}|(\\[A-Za-z]+|[^\s{}\\]))")
FONT = rf"\\(?:{'|'.join([*WORD, 'mathcal', 'mathbf', 'mathscr'])})\s*\{{\s*([A-Za-z][A-Za-z0-9]*)\s*\}}"
STYLED_BELOW = re.compile(rf"_\s*(?:\{{\s*{FONT}\s*\}}|{FONT})")  # a word in a font below a letter
POWER = re.compile(r"\s*\^\s*(?:\{[^{}]*\}|[\dA-Za-z]|\\[A-Za-z]+)(?=\s*_)")  # of a norm, in front of its kind
WEIGHT = re.compile(r"\s*_\s*(?:\{\s*((?:\\[A-Z][a-z]+|[A-Z])\s*\^\s*(?:\{\s*-\s*1\s*\}|-1))\s*\}|(?!))")  # of a norm: `_{\Sigma^{-1}}`
KIND = re.compile(r"\s*_\s*\{\s*\\(?:mathrm|mathsf|text|textrm|operatorname)\s*\{\s*([A-Za-z]+)\s*\}\s*\}")  # of a norm: `_{\mathrm{op}}`
EIGEN = {"lambda": "eigval", "q": "eigvec", "sigma": "singval"}  # with a number below they are those of a matrix
INDEX = re.compile(r"[ijkl]")
ENTRY = re.compile(r"(?<![A-Za-z])[A-Z]\s*_\s*\{\s*([ijkl\d]\s*,?\s*[ijkl\d])\s*\}")
BARS = {"\\lVert": ("NORM", 1), "\\rVert": ("NORM", -1), "\\Vert": ("NORM", 0), "\\|": ("NORM", 0), "‖": ("NORM", 0)}
BARS |= {"\\lvert": ("BAR", 1), "\\rvert": ("BAR", -1), "\\vert": ("BAR", 0), "||": ("NORM", 0), "|": ("BAR", 0)}
BAR = re.compile(r"\\(?:[lr]?[Vv]ert(?![A-Za-z])|\|)|‖|\|\||\|")
PUNCTUATION = {
    "+": "PLUS", "-": "MINUS", "−": "MINUS", "*": "STAR", "/": "SLASH", ",": "_COMMA", ":": "COLON", "=": "EQUALS", "<": "COMPARE",
    ">": "COMPARE", "(": "_LPAR", ")": "_RPAR", "[": "_LPAR", "]": "_RPAR", "\\{": "_LPAR", "\\}": "_RPAR", "'": "PRIME", "·": "STAR",
    "⊙": "DOTSTAR", "⊗": "OTIMES",
}  # fmt: skip
BARE = re.compile(
    r"[A-Za-z]{2,}(?=\s*(?:\\left\s*)?[(\[]|\s+(?:[A-Za-zΑ-Ωα-ω|]|\\[A-Za-z|]))"
)  # a word as a function stands, without a backslash
GRIDS = re.compile(r"\\(begin|end)\s*\{([bpvBV]?)matrix\}")
BRACED = re.compile(r"\s*\{((?:\\left)?\s*\()")  # as SymPy writes it
OPENING = re.compile(r"\s*(?:\(|\[|\\\{)")
IS_TEX = re.compile(r"\\[|,;!{]|^\s*\\[(\[]|[\^_]\s*\{|(?:^|[(+*/=^_{,-])\s*\\[A-Za-z]|\s\\[A-Za-z]{2}")
KNOWN = {
    *"frac tfrac dfrac sqrt left right top dagger begin lVert lvert rVert rvert Vert vert sum pi infty quad partial".split(),
    *WORD, *LETTER, *ACCENT,
}  # fmt: skip
