"""Words and letters of LaTeX, with what stands below them."""

import re
from difflib import get_close_matches

from .expectations import check_tex
from .functions import ALIASES, WORDS
from .instead import INSTEAD, near_words
from .spelling import one_spelling
from .tex_arrays import OF_AXES, SUMMED, delta, entry
from .tex_fonts import BOLD, Fonts
from .tex_marks import tok
from .tex_refused import (
    REFUSED,
    check_applied,
    check_below,
    check_cross,
    check_derivative,
    check_differential,
    check_gamma,
    check_single_entry,
    check_step,
    is_block,
)
from .tex_sums import INDEXED, read_ranges
from .tex_times import name_of_time
from .tex_words import (
    BARE,
    BRACED,
    COMMAND,
    EIGEN,
    ENTRY,
    FUNCTIONS,
    GREEK,
    INDEX,
    KNOWN,
    MARK,
    OPENING,
    SIGNS,
    SPACING,
    SPELLED,
    SUBSCRIPT,
)

FROBENIUS = re.compile(r"\s*_\s*(?:F(?![A-Za-z])|\{\s*F\s*\})")
AT_ZERO = re.compile(r"\s*_\s*\{\s*(\d+)\s*(?:(/)\s*(\d+))?\s*\}")  # of a step: its value at 0
LONE = re.compile(
    r"\s*(?:\\left\s*)?\(\s*(?:[A-Z]|\\(?:mathbf|boldsymbol|bm)\s*\{\s*\\?[A-Z][a-z]*\s*\}|\\[A-Z][a-z]+)\s*(?:\\right\s*)?\)"
)
LOG_GAMMA = re.compile(r"\s*\\Gamma\s*(?=(?:\\left\s*|\\[bB]igg?l?\s*)?\()")  # behind `\log`, which no matrix has
SUM_OVER = re.compile(r"\\(?:sum|prod)\s*(?:\\limits\s*)?_\s*\{?\s*([a-z])(?![A-Za-z])")  # what a sum goes over
OTHER_PI = re.compile(rf"\\(?:{'|'.join(BOLD)})\s*\{{?\s*\\pi(?![A-Za-z])|\\pi\s*_\s*(?:[a-z]|\{{\s*[a-z])")  # the weights


class Names(Fonts):
    """Words, letters and what stands below them."""

    def word(self, word, end, is_name=False):
        """A function in front of its brackets, or of its one factor; else a name."""
        spelled = SPELLED.get(word, word)
        if word in REFUSED and word not in self.declared and ALIASES.get(spelled, spelled) not in WORDS:
            raise self.source.error(self.place, f"`{word}` is not read", REFUSED[word])
        spelled = spelled if spelled in WORDS else spelled.lower() if spelled.lower() in WORDS else spelled
        mark = MARK.match(self.text, end)
        end = mark.end() if mark else end
        at_zero = AT_ZERO.match(self.text, end) if spelled == "step" else None
        if at_zero:
            self.behind[len(self.open)] = [t for t in at_zero.groups() if t]
            end = at_zero.end()
        elif spelled in WORDS:
            check_below(self, word, end)
        of_gamma = LOG_GAMMA.match(self.text, end) if word in ("log", "ln") and "Gamma" not in self.declared else None
        if of_gamma:
            self.notes.append(f"`{self.text[self.place : of_gamma.end()]}(...)` is read as the logarithm of the gamma function, `lgamma`")
            return self.take("NAME", of_gamma.end(), "lgamma")
        called = OPENING.match(self.text, self.behind_sizes(end))
        braced = BRACED.match(self.text, end)
        if mark:
            self.marked.add(self.place)
        if braced and spelled in WORDS:
            self.take("NAME", end, spelled)
            self.place = braced.start(1)
            self.braces.append("nothing")
            return True
        if is_name and not called or spelled not in WORDS and not called:
            self.words[word] = self.place
            return self.name(word, "", end)
        if not called:
            return self.take("FUNC", end, spelled)
        if spelled not in WORDS:
            near = near_words(word, sorted(WORDS))
            known = f"did you mean {' or '.join(f'`{w}`' for w in near)}?" if near else "allowed: the functions listed by `--help`"
            known = INSTEAD.get(word.lower(), known)
            raise self.source.error(self.place, f"`{word}` is not a function of the grammar", known)
        return self.take("NAME", end, spelled)

    def behind_sizes(self, place):
        """The place behind spaces and ``\\left``."""
        found = re.compile(rf"(?:{SPACING.pattern}|\\left(?![A-Za-z])|\\[bB]igg?l?(?![A-Za-z]))*").match(self.text, place)
        return found.end() if found else place

    def command(self):
        found = COMMAND.match(self.text, self.place)
        if not found:
            return False
        word, end = found[1], found.end()
        if word in ("frac", "tfrac", "dfrac"):
            check_derivative(self)
            self.take("FRAC", end)
            self.argument("first of two")
            return True
        if word == "sqrt":
            if self.text[end:].lstrip().startswith("["):
                raise self.source.error(self.place, "a root other than the square root is not read", "write `x^{1/3}`")
            self.take("ROOT", end)
            self.argument()
            return True
        if word in ("langle", "rangle"):
            return self.inner(word, end)
        summed = SUMMED.match(self.text, self.place) if self.is_array else None
        if summed:
            self.place = summed.end()
            return True
        if word == "sum" or word == "prod" and INDEXED.match(self.text, self.place):
            return self.sum()
        if word == "times":
            check_cross(self, end)
        if word in SIGNS:
            value = {"le": "<=", "leq": "<=", "ge": ">=", "geq": ">=", "lt": "<", "gt": ">"}.get(word)
            return self.take(SIGNS[word], end, value)
        if word == "sigma" and OPENING.match(self.text, self.behind_sizes(end)) and not self.is_other(f"\\{word}", word):
            self.notes.append("`\\sigma(...)` is read as the sigmoid function; a product: `\\sigma \\cdot (...)`")
            return self.take("NAME", end, "sigmoid")
        if word in GREEK or word == "pi":
            return self.name(word, "", end)
        if word in FUNCTIONS or ALIASES.get(word, word) in WORDS:
            return self.word(word, end)
        return self.refuse(word)

    def inner(self, word, end):
        """``\\langle x, y \\rangle``."""
        if word == "rangle":  # `\\rangle_F` is of all entries too
            return self.take("_RPAR", end) and self.passed_over(FROBENIUS)
        self.add("NAME", self.place, self.place, "dot")
        return self.take("_LPAR", end)

    def passed_over(self, pattern):
        found = pattern.match(self.text, self.place)
        self.place = found.end() if found else self.place
        return True

    def positive_part(self, end):
        """``[1 - y w^\\top x]_+``: what is in the brackets, where it is positive."""
        depth, place = 0, len(self.tokens) - 1
        while depth or place == len(self.tokens) - 1:
            depth += {"_RPAR": 1, "_LPAR": -1}.get(self.tokens[place].type, 0)
            place -= 1
        before = self.tokens[place] if place >= 0 else None
        if before is not None and before.type in ("NAME", "FUNC") and before.end == self.tokens[place + 1].start:
            return False
        start = self.tokens[place + 1].start
        self.tokens.insert(place + 1, tok("NAME", "relu", start, start))
        self.place = end
        return True

    def sum(self):
        """A sum for each index."""
        ranges, end = read_ranges(self.source, self.place)
        for one in ranges:
            self.add("SUM", self.place, end, one)
        self.place = end
        return True

    def is_other(self, typed, word):
        """Whether a Greek letter, with what is typed below it, stands somewhere without brackets behind it, or is declared."""
        others = re.findall(rf"{re.escape(typed)}(?![A-Za-z])(?!\s*(?:\\left)?\s*\()", self.text)
        return bool(others) or word in self.declared

    def refuse(self, word):
        if word in REFUSED:
            raise self.source.error(self.place, f"`\\{word}` is not read", REFUSED[word])
        near = get_close_matches(word, [*GREEK, *SIGNS, *FUNCTIONS, *KNOWN], 1, 0.7)
        known = f"did you mean `\\{near[0]}`?" if near and near[0] != word else "write a function as `\\operatorname{name}`"
        raise self.source.error(self.place, f"`\\{word}` is not read", known)

    def letter(self):
        char = self.text[self.place]
        if not char.isalpha() or not char.isascii() and one_spelling(char) == char:
            return False
        if char in "sp" and INDEXED.match(self.text, self.place):  # `sum_{i=1}^n`, as people type it
            return self.sum()
        word = BARE.match(self.text, self.place)
        if word and not self.text[self.place - 1 : self.place].isalpha() and SPELLED.get(word[0], word[0]) in WORDS:
            return self.word(word[0], word.end())
        check_differential(self)
        return self.name(char, "", self.place + 1)

    def name(self, letter, font, end):
        """A letter with what stands below it, which is of its name unless it counts entries."""
        found = None if end in self.below_norms else SUBSCRIPT.match(self.text, end)
        below = (found[1] or found[2] or "").strip() if found else ""
        if letter == "pi":
            letter = self.vector_pi(font, below)
        if font or not self.counts(below):  # x_i may be an entry of the bold x
            self.check_font(letter, font)
        if letter == "Gamma":
            check_gamma(self, font, below, found.end() if found and below else end)
        if found is None or not below:
            check_tex(self, letter, font, end)
            check_step(self, letter, end)
            check_applied(self, letter, end)
            return self.take("NAME", end, letter)
        if letter == "I" and re.fullmatch(r"\w+", below):
            return self.identity(below, found.end())
        if letter in EIGEN and self.of_letter(letter, below, found.end()):
            return True
        of_matrix = letter in EIGEN and OPENING.match(self.text, self.behind_sizes(found.end()))
        if of_matrix:
            both = f"write `\\operatorname{{{EIGEN[letter]}}}(X, i)` or `{self.text[self.place : found.end()]} \\cdot (...)`"
            raise self.source.error(self.place, "an eigenvalue or vector, or a product: it can be read in two ways", both)
        if not self.counts(below):
            check_applied(self, letter, found.end(), below)
        if self.is_array and OF_AXES.fullmatch(below):
            return self.take("NAME", end, letter)
        if letter == "delta" and letter not in self.declared and delta(self, below, found.end()):
            return True
        if letter == "delta" and len(below) == 2:
            raise self.source.error(self.place, "Kronecker's delta is not read", "it is an entry of the identity: `I_{ij}`")
        mixed = not self.counts(below) and len(below) < 3 and any(c in self.indices for c in below)
        if mixed and (self.counts_from_1 or not all(INDEX.fullmatch(c) for c in below) or not letter[:1].isupper()):
            free = next(c for c in below if c not in self.indices)
            raise self.source.error(self.place, f"`{free}` is the index of no sum, and `{below}` has one", "sum over both, or over none")
        inner = re.search(r"_\s*\{?\s*([a-z])(?![A-Za-z])", below)
        if inner and inner[1] in self.indices:
            text = self.text[self.place : found.end()]
            raise self.source.error(
                self.place, f"`{text}` has an index with an index", "write it as a product with a matrix of zeros and ones"
            )
        check_single_entry(self, letter, below)
        if self.is_name(letter, below):
            self.check_entries(below, found)
            self.note_own(letter, below, found)
            if re.fullmatch(r"[ijkl]{2}", below):
                self.notes.append(f"`{self.text[self.place : found.end()].strip()}` is read as a name, not as an entry")
            if below.isdecimal():
                self.numbered.add(letter + below)
            return self.take("NAME", found.end(), self.numbered_name(letter, below.lstrip("\\")))
        typed = self.text[self.place : found.start()].strip()
        time = name_of_time(self, typed, letter, below)
        if time:
            return self.take("NAME", found.end(), time)
        if is_block(self, typed, letter, below, font in BOLD):
            self.notes.append(f"`{typed}_{{{below}}}` is read as a name of its own, a block, not as an entry of `{letter}`")
            return self.take("NAME", found.end(), self.numbered_name(letter, below))
        return self.take("NAME", end, letter)

    def numbered_name(self, letter, below):
        """The name of a letter with what stands below it, spelled as it is declared: `x1`, or `x_1`."""
        joined = letter + below if below.isdecimal() else f"{letter}_{below}"
        return f"{letter}_{below}" if joined not in self.declared and f"{letter}_{below}" in self.declared else joined

    def of_letter(self, letter, below, end):
        """Whether ``\\lambda_i(X)`` is read, as an eigenvalue: a single capital in brackets is no factor."""
        if not LONE.match(self.text, end) or not re.fullmatch(r"[a-z]", below):
            return False
        self.notes.append(f"`{self.text[self.place : end]}(...)` is read as `{EIGEN[letter]}(..., {below})`, counted from 0")
        self.behind[len(self.open)] = [below]
        return self.take("NAME", end, EIGEN[letter])

    def note_own(self, letter, below, found):
        """A note for a name such as `x_0` beside `x` or `x_i`, of which it could be an entry; of `w_y` beside `w_k` of a sum an error."""
        bare = re.search(rf"(?<![A-Za-z\\]){re.escape(letter)}(?![A-Za-z]|\s*_)", self.text)
        summed = self.summed(self.text[self.place : found.start()].strip())
        text = self.text[self.place : found.end()].strip()
        if summed and re.fullmatch(r"[a-z]", below) and f"{letter}_{below}" not in self.declared:
            saw = f"`{text}` can be one of `{summed}`, which are summed, and a name of its own"
            raise self.source.error(self.place, saw, f"take another letter for another one, or declare `{letter}_{below}`")
        if summed and re.fullmatch(r"[A-Z]", below):
            self.notes.append(f"`{text}` is read as a name of its own, not as one of `{summed}`")
        if below.isdecimal() and (summed or len(letter) == 1 and letter.islower() and bare):
            self.notes.append(f"`{text}` is read as a name of its own, not as an entry of `{letter}`")

    def note_bar(self, letter, name, found):
        """A note for ``\\bar x`` beside a sum of `x_i`: to most readers it is their mean."""
        summed = next(filter(None, map(self.summed, (letter, *(f"\\{font}{{{letter}}}" for font in BOLD)))), "")
        if summed and name not in self.declared and not SUBSCRIPT.match(self.text, found.end()):
            text, other = found[0].strip(), summed.rpartition("_")[0].strip() + "_j"
            mean = f"\\frac{{1}}{{n}} \\sum_{{j=1}}^{{n}} {other}"
            self.notes.append(f"`{text}` is read as a symbol of its own, not as the mean of `{summed}`, which is `{mean}`")

    def summed(self, letter):
        """The text of a letter with the index of a sum, `x_i`, anywhere; "" where there is none."""
        indices = set(SUM_OVER.findall(self.text))
        places = re.finditer(rf"(?<![A-Za-z\\]){re.escape(letter)}\s*_\s*(?:\{{\s*([a-z])\s*\}}|([a-z]))", self.text)
        return next((p[0] for p in places if (p[1] or p[2]) in indices), "")

    def check_entries(self, index, found):
        """A name such as `x_j` beside an entry `A_{ij}`: is it one too?"""
        entry = next((e for e in ENTRY.finditer(self.text) if index in e[1]), None) if INDEX.fullmatch(index) else None
        if entry:
            text = self.text[self.place : found.end()].strip()
            saw = f"`{text}` can be a name, and with the index of `{entry[0]}` an entry"
            raise self.source.error(self.place, saw, f"sum over `{index}` for entries, or name the index of the vector otherwise")

    def check_time(self, below):
        """``x_{t+1}``: an entry, or the vector of another time?"""
        found = re.fullmatch(r"([a-z])\s*([-+])\s*(\w+)", below)
        last = self.tokens[-1]
        if not found or found[1] in self.indices or last.type != "NAME":
            return
        text, letter = f"{last.value}_{{{below}}}", re.escape(last.value)
        if found[1] == "t" or re.search(rf"{letter}\s*_\s*(?:{found[1]}(?!\w)|\{{\s*{found[1]}\s*\}})", self.text):
            both = f"name the vector of another time by a letter or number of its own, or write the entry as `{last.value}[{below}]`"
            raise self.source.error(last.start, f"`{text}` can be an entry, and a vector of another time", both + " in Python's spelling")
        self.notes.append(f"`{text}` is read as an entry, counted from 0")

    def vector_pi(self, font, below):
        """`pi_` for the weights that \\pi is with an index of a sum and in bold type, else `pi`, the number."""
        if font in BOLD or self.counts(below):
            return "pi_"
        if not below and OTHER_PI.search(self.text) and not (self.tokens and self.tokens[-1].type == "NUMBER"):
            both = "write `\\boldsymbol{\\pi}` for the vector, the number with another in front, as in `2\\pi`"
            raise self.source.error(self.place, "`\\pi` can be the number and the vector of which others here are the entries", both)
        return "pi"

    def check_font(self, letter, font):
        known = self.fonts.setdefault(letter, font)
        if known != font:
            both = " and ".join(sorted(f"`\\{f}{{{letter}}}`" if f else f"`{letter}`" for f in (known, font)))
            raise self.source.error(self.place, f"{both}: one symbol or two?", "write one symbol in one way")

    def identity(self, size, end):
        """``I_n``."""
        self.take("NAME", end, "I")
        for type, value in (("_LPAR", "("), ("NUMBER" if size.isdecimal() else "NAME", size), ("_RPAR", ")")):
            self.add(type, end, end, value)
        return True

    def is_name(self, letter, below):
        """Whether what stands below a letter is of its name: `\\beta_0`, `x_k`, `\\Sigma_{xy}`; of a capital `_{ij}` is an entry."""
        if not re.fullmatch(r"\\?\w+", below) or self.counts(below):
            return False
        return not (letter[:1].isupper() and len(below) == 2 and all(INDEX.fullmatch(c) or c.isdecimal() for c in below))

    def counts(self, below):
        """Whether what stands below counts entries: it has the index of a sum."""
        return any(c in self.indices for c in below) and all(c in self.indices or c.isdecimal() for c in below)

    def subscript(self):
        """An entry, counted from 0."""
        if self.place in self.below_norms:
            self.place = self.below_norms[self.place]
            return True
        found = SUBSCRIPT.match(self.text, self.place)
        if not found or found.end() > self.end:
            return False
        below = (found[1] or found[2] or "").strip()
        if below == "+" and self.tokens and self.tokens[-1].type == "_RPAR" and self.positive_part(found.end()):
            return True
        if not self.is_factor_before(tok("NUMBER", "", self.place)):
            raise self.source.error(self.place, "`_` stands below nothing", "write it behind a letter or a bracket")
        if self.is_array and OF_AXES.fullmatch(below):
            return entry(self, found.start(), found.end(), below)
        counts = self.counts(below)
        if re.fullmatch(r"\w{3,}", below) and not below.isdecimal() or "(" in below:
            raise self.source.error(
                self.place, f"the indices `{below}` of more than two axes", "index notation is read by `mc.to_matrix_notation`"
            )
        if counts and len(below) == 2 or re.fullmatch(r"[ijkl\d]{2}", below):
            text = self.text[self.tokens[-1].start : found.end()]
            self.notes += [] if counts else [f"`{text}` is read as an entry, counted from 0"]
            self.add("_LSQB", self.place, self.place, "[")
            for i, char in enumerate(below):
                if i:
                    self.add("_COMMA", self.place, self.place, ",")
                self.add("NUMBER" if char.isdecimal() else "NAME", found.start(), found.end(), char)
            self.place = found.end()
            self.add("_RSQB", self.place, self.place, "]")
            return True
        self.check_time(below)
        if not counts and re.fullmatch(r"\w\s*,\s*\w", below):
            self.notes.append(f"`{self.text[self.tokens[-1].start : found.end()]}` is read as an entry, counted from 0")
        self.place += len(self.text[self.place : found.end()]) - len(self.text[self.place : found.end()].lstrip(" _"))
        if self.text[self.place : self.place + 1] == "{":
            self.open_brace("_LSQB", "_RSQB")
            return True
        self.add("_LSQB", self.place, self.place, "[")
        self.once()
        self.add("_RSQB", self.place, self.place, "]")
        return True
