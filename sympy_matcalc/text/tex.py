"""The scanner of LaTeX: letters are names, factors stand beside one another, words are functions, bars come in pairs."""

from .instead import of_factorial
from .tex_arrays import array_of, begin
from .tex_names import Names
from .tex_respelled import in_other_words as in_other_words
from .tex_words import COMMAND, FUNCTIONS, GREEK, IS_TEX, KNOWN, PUNCTUATION, SIGNS


def is_tex(text: str) -> bool:
    """Whether a text has what only LaTeX has: a command that is known, a power or an index in braces."""
    return bool(IS_TEX.search(text)) or any(is_command(word) for word in COMMAND.findall(text))


def is_command(word: str) -> bool:
    return word in GREEK or word in SIGNS or word in FUNCTIONS or word in KNOWN


class TexScanner(Names):
    """Tokens of LaTeX."""

    def scan(self):
        found = array_of(self.text)
        if found:
            self.is_array, self.indices = True, set()
            begin(self, found)
        while self.place < self.end:
            self.step()
        for word in sorted(self.numbered & set(self.words)):
            stem = word.rstrip("0123456789")
            saw = f"`{word}` and `{stem}_{word[len(stem) :]}` are two names, and one in other spellings"
            raise self.source.error(self.words[word], saw, "take another letter")
        if found:
            self.add("_RPAR", self.end, self.end, ")")
        return self.finish()

    def step(self):
        """Read one thing."""
        self.skip()
        if self.place >= self.end:
            return
        steps = (self.grid, self.bars, self.sized, self.raised, self.styled, self.brace, self.subscript, self.number, self.command)
        if not any(step() for step in steps) and not self.letter() and not self.punctuation():
            if self.text[self.place] == "!":
                raise self.source.error(self.place, *of_factorial(self.text, self.place, "\\operatorname{{{}}}"))
            raise self.source.error(self.place, f"`{self.text[self.place]}` is not read", "leave it out")

    def punctuation(self):
        for text, token in PUNCTUATION.items():
            if self.text.startswith(text, self.place):
                return self.take(token, self.place + len(text))
        return False
