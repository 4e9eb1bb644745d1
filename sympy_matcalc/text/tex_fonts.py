"""Letters of LaTeX in fonts and with accents, ones and zeros in bold type."""

import re
from collections.abc import Callable

from .tex_marks import Marks
from .tex_refused import REFUSED, check_differential
from .tex_words import ACCENT, GREEK, NESTED, STYLED, SUBSCRIPT, SWITCHED, WORD

BOLD = ("mathbf", "boldsymbol", "bm", "bf", "pmb", "vec")


class Fonts(Marks):
    """What stands in a font or under an accent."""

    name: Callable[..., bool]
    word: Callable[..., bool]
    note_bar: Callable[..., None]

    def nested(self):
        """An accent and a font around one letter."""
        found = NESTED.match(self.text, self.place)
        if not found or (found[1] in ACCENT) == (found[2] in ACCENT):
            return False
        closed = "{" in self.text[found.start(1) : found.start(2)]
        accent, font = (found[1], found[2]) if found[1] in ACCENT else (found[2], found[1])
        letter = (found[3] or found[4]).lstrip("\\")
        if closed != bool(found[5]) and closed or font in ("mathbb", "mathds", "mathbbm") or len(letter) > 1 and letter not in GREEK:
            return False
        name, end = self.accented(letter, accent), found.end() if closed else found.start(5)
        if accent in ("bar", "overline"):
            self.note_bar(rf"\{font}{{{letter if len(letter) == 1 else chr(92) + letter}}}", name, found)
        return self.name(name, font, end)

    def styled(self):
        if self.nested():
            return True
        found = SWITCHED.match(self.text, self.place) or STYLED.match(self.text, self.place)
        if not found:
            return False
        kind, content = found[1], next(part for part in found.groups()[1:] if part is not None).strip()
        if kind in WORD and content == "d":
            check_differential(self, found.end())
        if kind in (*WORD, "sf", "it") and len(content) > 1 and not content.startswith("\\"):
            return self.word(content, found.end(), kind in ("mathit", "textit", "it"))
        if content in ("1", "0") and kind not in ACCENT:
            return self.filled(content, found.end())
        if kind in ("mathbb", "mathds", "mathbbm"):
            raise self.source.error(self.place, f"`{found[0]}` is not read", REFUSED["mathbb"])
        letters = [content] if content == "lam" else re.findall(r"\\[A-Za-z]+|[^\W\d_]", content)  # as `\\lambda` is spelled
        if not letters or "".join(letters) != content.replace(" ", ""):
            raise self.source.error(self.place, f"`{found[0]}` is not a name", "write a letter, as in `\\mathbf{x}`")
        names = [self.accented(letter.lstrip("\\"), kind) for letter in letters]
        if kind in ("bar", "overline"):
            self.note_bar(letters[0], names[0], found)
        for name in names[:-1]:
            self.name(name, kind, self.place)
        return self.name(names[-1], kind, found.end())

    def accented(self, letter, kind):
        """`x_hat`, or `xhat` where that is what is declared."""
        if kind not in ACCENT:
            return letter
        return letter + kind if letter + kind in self.declared and f"{letter}_{kind}" not in self.declared else f"{letter}_{kind}"

    def filled(self, content, end):
        """A bold 1: ones of the length that is needed, or of the one that is written below."""
        found = SUBSCRIPT.match(self.text, end)
        below = (found[1] or found[2] or "").strip() if found else ""
        sizes = [size for size in re.split(r"\\times|,", below) if size.strip()]
        word = "vector" if not sizes else "ones" if content == "1" else "zeros"
        start, self.place = self.place, found.end() if found else end
        self.add("NAME", start, self.place, word)
        self.add("_LPAR", start, start, "(")
        for i, size in enumerate(sizes or [content]):
            if i:
                self.add("_COMMA", start, start, ",")
            self.add("NUMBER" if size.strip().isdecimal() else "NAME", start, self.place, size.strip())
        self.add("_RPAR", self.place, self.place, ")")
        return True
