"""Braces, bars, powers and grids of LaTeX."""

from collections.abc import Callable
from typing import Any

from .scanner import Scanner, Tok
from .tex_refused import check_upper
from .tex_sums import counts_from_1, indices_of
from .tex_words import BAR, BARS, ENTRYWISE, GRIDS, KIND, NUMBER, POWER, RAISED, SIZED, SPACING, STYLED_BELOW, SUBSCRIPT, WEIGHT


def tok(type: str, value: str, start: int, end: int | None = None) -> Tok:
    """A token; without an end one that is not in the text."""
    return Tok(type, value, start, start if end is None else end)


def plain_below(text: str) -> str:
    """The text with words in a font below letters as plain ones, in as many characters: ``w_{\\text{old}}``, ``w_\\mathrm{old}``.

    >>> plain_below(r"w_{\\text{old}}^2"), plain_below(r"w_\\rm{old}")
    ('w_{old       }^2', 'w_{old   }')
    """
    return STYLED_BELOW.sub(lambda m: f"_{{{m[1] or m[2]}{' ' * (len(m[0]) - 3 - len(m[1] or m[2]))}}}", text)


class Marks(Scanner):
    """What LaTeX has besides words and letters: braces, bars, powers, grids."""

    beside = True
    step: Callable[[], None]
    filled: Callable[..., bool]

    def __init__(self, source, declared=()):
        super().__init__(source, declared)
        self.text = plain_below(self.text)
        self.place = 0
        self.single = False  # the next thing is an exponent without braces
        self.braces: list[Any] = []  # what the closing brace of each open one is
        self.fonts: dict[str, str] = {}  # a letter: how it was written first
        self.grids = 0
        self.is_array = False  # whether the whole is index notation
        self.behind: dict[int, list[str]] = {}  # of a call at this depth of brackets: what stands behind its argument
        self.below_norms: dict[int, int] = {}  # where the kind of a norm stands that has been read: of `\\|x\\|^2_2`
        self.words: dict[str, int] = {}  # names of several letters, with their places
        self.numbered: set[str] = set()  # letters with the number below them
        self.marked: set[int] = set()  # where functions stand that are meant entry by entry
        self.indices = indices_of(self.text)
        self.counts_from_1 = counts_from_1(self.text)
        self.end = len(self.text.rstrip(" .,;"))

    def skip(self):
        if self.grids and self.text[self.place : self.place + 1] == "&":
            return
        found = SPACING.match(self.text, self.place)
        if found and "&" in found[0] and self.grids:
            self.place += found[0].index("&")
        elif found:
            self.place = found.end()

    def take(self, type, end, value=None):
        if type == "_RPAR" and len(self.open) - 1 in self.behind:
            self.add("_COMMA", self.place, self.place, ",")
            for text in self.behind.pop(len(self.open) - 1):
                self.add("SLASH" if text == "/" else "NUMBER" if text.isdecimal() else "NAME", self.place, self.place, text)
        self.add(type, self.place, end, value)
        self.place = end
        return True

    def is_factor_before(self, token):
        if self.braces and self.braces[-1] == "first of two" and token.type == "_LBRACE":
            return False
        return super().is_factor_before(token)

    def argument(self, kind="_RBRACE"):
        """What a command is of: in braces, or one thing."""
        self.skip()
        if self.text[self.place : self.place + 1] == "{":
            self.open_brace("_LBRACE", kind)
        else:
            if self.single:
                raise self.source.error(self.place, "a command without braces inside of another", "put what it is of in braces")
            self.opened(self.empty("_LBRACE"))
            self.once()
            self.add("_RBRACE", self.place, self.place, "}")
            self.closed(kind)

    def once(self):
        """One thing, of a number one digit."""
        before = len(self.tokens)
        self.single = True
        while len(self.tokens) == before and self.place < self.end:
            self.step()
        self.single = False

    def empty(self, type, value=""):
        return tok(type, value, self.place)

    def open_brace(self, type, kind):
        place = self.place
        self.opened(tok(type, "{", place, place + 1))
        self.braces.append(kind)
        self.place += 1

    # ---- a kind of thing each: whether one begins here
    def grid(self):
        found = GRIDS.match(self.text, self.place)
        if found:
            self.grids += 1 if found[1] == "begin" else -1
            if found[1] == "begin" and self.is_factor_before(tok("_LBRACE", "", self.place)):
                self.tokens.append(self.empty("_JUXT"))
            if found[2] == "V":
                raise self.source.error(
                    self.place, f"`{found[0]}` is not read", r"write a norm as `\left\| ... \right\|` around a `bmatrix`"
                )
            if found[2] == "v" and found[1] == "begin":
                self.tokens += [self.empty("NAME", "det"), self.empty("_LPAR")]
            self.take("_LSQB" if found[1] == "begin" else "_RSQB", found.end())
            self.tokens += [self.empty("_RPAR")] if found[2] == "v" and found[1] == "end" else []
            return True
        if self.grids and self.text.startswith("\\\\", self.place):
            return self.take("_SEMI", self.place + 2)
        if self.grids and self.text[self.place] == "&":
            return self.take("_COMMA", self.place + 1)
        return False

    def sized(self):
        """``\\left``, ``\\bigl``: of a bar behind it they say whether it opens."""
        found = SIZED.match(self.text, self.place)
        if not found:
            return False
        self.place = found.end()
        bar = BAR.match(self.text, self.place)
        side = {"left": 1, "right": -1, "l": 1, "r": -1}.get(found[2] or found[1], 0)
        return self.one_bar(bar, side) if bar else True

    def bars(self):
        found = BAR.match(self.text, self.place)
        return self.one_bar(found, 0) if found else False

    def one_bar(self, found, side):
        kind, own_side = BARS[found[0]]
        if found[0] == "||" and self.closes_a_bar():
            return self.directed("BAR", -1, found.start() + 1)
        return self.directed(kind, side or own_side, found.end())

    def directed(self, kind, side, end):
        if side == 0:
            self.bar(self.place, end, kind)
        else:
            self.add(f"{kind}{'OPEN' if side > 0 else 'CLOSE'}", self.place, end)
        self.place = end
        if self.tokens[-1].type == "NORMCLOSE":
            found = self.norm_kind(self.place)
            power = None if found else POWER.match(self.text, self.place)
            below = found or power and self.norm_kind(power.end())
            kind = (below[1] or below[2] or "").strip().lstrip("\\") if below else ""
            self.tokens[-1] = self.tokens[-1]._replace(value={"mathrm F": "F", "ast": "*"}.get(kind, kind))
            self.place = found.end() if found else self.place
            if power and below:
                self.below_norms[power.end()] = below.end()  # where it is passed over, behind the power
        return True

    def norm_kind(self, place):
        """What stands below the bar of a norm."""
        return next(filter(None, (pattern.match(self.text, place) for pattern in (WEIGHT, KIND, SUBSCRIPT))), None)

    def raised(self):
        if self.text[self.place] != "^":
            return False
        for pattern, token in RAISED:
            found = pattern.match(self.text, self.place)
            if found:
                self.note_star(found[0], token)
                return self.take(token, found.end())
        check_upper(self)
        found = ENTRYWISE.match(self.text, self.place)
        if found:
            self.take("DOTHAT", self.text.index("{", self.place))
            self.open_brace("_LBRACE", "_RBRACE")
            self.place = found.end()
            return True
        self.take("HAT", self.place + 1)
        self.skip()
        if self.text[self.place : self.place + 1] != "{":
            self.once()
        return True

    def note_star(self, text, token):
        """A note for ``x^*``, which may be the name of an optimum."""
        last = self.tokens[-1] if self.tokens else None
        if token == "HERMITIAN" and ("*" in text or "ast" in text) and last is not None and last.type == "NAME":
            self.notes.append(f"`{last.value}{text}` is read as the conjugate transpose; a name is written as `{last.value}_{{opt}}`")

    def brace(self):
        char = self.text[self.place]
        if char == "{":
            if self.is_factor_before(tok("_LBRACE", "{", self.place)):
                self.tokens.append(self.empty("_JUXT"))
            self.open_brace("_LBRACE", "_RBRACE")
            return True
        if char != "}":
            return False
        if not self.braces:
            raise self.source.error(self.place, "`}` closes nothing", "leave it out, or open it before")
        kind = self.braces.pop()
        if kind == "nothing":
            self.place += 1
            return True
        token = kind if kind in ("_RPAR", "_RSQB") else "_RBRACE"
        self.take(token, self.place + 1)
        self.closed(kind)
        return True

    def closed(self, kind):
        """Behind the numerator stands the denominator."""
        if kind == "first of two":
            self.argument()

    def number(self):
        found = NUMBER.match(self.text, self.place)
        if not found:
            return False
        if found[0] in ("0", "1") and not self.single and SUBSCRIPT.match(self.text, found.end()):
            return self.filled(found[0], found.end())
        return self.take("NUMBER", self.place + 1 if self.single else found.end())
