"""What the scanners of all spellings share: tokens with their places, brackets and bars that match, factors beside one another."""

from typing import NamedTuple

from .beside import is_function, is_half
from .limits import MAX_DEPTH, SPLIT

ENDS = {  # an operand may end with it
    "NUMBER", "NAME", "TEXT", "ATTR", "PRIME", "HERMITIAN", "PSEUDO", "INVT", "SUP", "_RPAR", "_RSQB", "_RBRACE", "NORMCLOSE", "BARCLOSE",
}  # fmt: skip
STARTS = {"NUMBER", "NAME", "FUNC", "_LPAR", "_LBRACE", "NORMOPEN", "BAROPEN", "FRAC", "ROOT", "SUM"}  # one may begin with it
CLOSING = {"_RPAR": "_LPAR", "_RSQB": "_LSQB", "_RBRACE": "_LBRACE", "NORMCLOSE": "NORMOPEN", "BARCLOSE": "BAROPEN"}


class Tok(NamedTuple):
    """A token: its type in the grammar, its text or what it stands for, its place."""

    type: str
    value: str
    start: int
    end: int


OF_BARS = (  # ``p(y|x)``, ``KL(p||q)``
    "close it first, or write out what has a bar in it: a divergence as `sum(had(p, log(p) - log(q)))`, "
    "the logarithm of a density as its formula"
)


class Scanner:
    """Collects the tokens of a text; `beside`: whether factors may stand next to one another without a sign."""

    beside = False

    def __init__(self, source, declared=()):
        self.source, self.text, self.declared = source, source.text, frozenset(declared)
        self.tokens: list[Tok] = []
        self.open: list[Tok] = []  # brackets and bars that are not closed yet
        self.notes: list[str] = []

    def add(self, type, start, end, value=None):
        token = Tok(type, self.text[start:end] if value is None else value, start, end)
        if self.beside and type in STARTS and self.is_factor_before(token):
            self.tokens.append(Tok("STAR" if is_half(self, token) else "_JUXT", "", start, start))
        if type in CLOSING:
            self.close(token)
        elif type in CLOSING.values():
            self.opened(token)
            return
        self.tokens.append(token)

    def opened(self, token):
        """Add a bracket that opens."""
        self.tokens.append(token)
        self.open.append(token)
        if len(self.open) > MAX_DEPTH:
            raise self.source.error(token.start, f"brackets nested deeper than {MAX_DEPTH}", SPLIT)

    def is_factor_before(self, token):
        """Whether what was read last is a factor that the token begins the next of."""
        if not self.tokens or self.tokens[-1].type not in ENDS:
            return False
        last = self.tokens[-1]
        return not (token.type == "_LPAR" and last.type == "NAME" and is_function(last.value))

    def close(self, token):
        if not self.open or self.open[-1].type != CLOSING[token.type]:
            if self.open:
                last = self.open[-1]
                saw = f"`{token.value}` does not close the `{last.value}` of column {last.start + 1}"
                raise self.source.error(token.start, saw, OF_BARS if last.type in ("BAROPEN", "NORMOPEN") else "close it first")
            raise self.source.error(token.start, f"`{token.value}` closes nothing", "leave it out, or open it before")
        self.open.pop()

    def closes_a_bar(self):
        """Whether a single bar is open and an operand has ended: `||` of `|a||b|` is two bars there."""
        return bool(self.open) and self.open[-1].type == "BAROPEN" and bool(self.tokens) and self.tokens[-1].type in ENDS

    def bar(self, start, end, kind):
        """A bar: closes the innermost one of its kind where an operand ends, else opens one."""
        opens, closes = f"{kind}OPEN", f"{kind}CLOSE"
        after = bool(self.tokens) and self.tokens[-1].type in ENDS
        self.add(closes if after and self.open and self.open[-1].type == opens else opens, start, end)

    def finish(self):
        if self.open:
            last = self.open[-1]
            raise self.source.error(last.start, f"`{last.value}` was never closed", "close it")
        return self.tokens
