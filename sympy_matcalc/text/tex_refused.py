"""What LaTeX has that is no formula of matrices, each with what to write instead."""

import re
from typing import Any

from .expectations import IN_TEX
from .tex_words import OPENING, SUBSCRIPT, WORD

ALONE = "write the function alone, and ask for its derivative"
REFUSED = {  # commands: what to do
    "nabla": ALONE, "partial": ALONE, "int": "integrals are not read", "lim": "limits are not read", "arg": ALONE, "argmin": ALONE,
    "argmax": ALONE, "in": "declare in front of the formula: `x vector; ...`", "mathbb": f"{IN_TEX}; sets are not read",
    "underset": ALONE, "overset": "write a name of its own", "log": "write `\\log(x)/\\log(2)`", "sim": "write its log-likelihood",
    "propto": ALONE, "approx": ALONE, "to": "write a map as `u \\mapsto u^2`", "prod": "write `\\operatorname{prod}(x)`",
    "cup": "sets are not read", "cap": "sets are not read", "forall": "write the formula alone", "ldots": "write `\\sum_{i=1}^{n}`",
    "cdots": "write `\\sum_{i=1}^{n}`", "dots": "write `\\sum_{i=1}^{n}`", "half": "write `\\frac{1}{2}`",
    **dict.fromkeys(("succ", "succeq", "prec", "preceq"), "state it in front of the formula: `A positive definite; ...`"),
    **dict.fromkeys(("lfloor", "lceil"), "rounding is not read: its derivative is 0"),
    "binom": "its logarithm is `\\operatorname{lgamma}(n + 1) - \\operatorname{lgamma}(k + 1) - \\operatorname{lgamma}(n - k + 1)`",
}  # fmt: skip
FONTED = r"(\\(?:mathbf|boldsymbol|bm|vec)\s*\{\s*(?:[a-z]|\\[a-z]+)\s*\}(?:_\w|_\{\w+\})?)"  # a small letter as vectors are written
VECTOR, VECTOR_BEHIND = re.compile(rf"\s*{FONTED}"), re.compile(rf"{FONTED}\s*$")
STEP = re.compile(r"\s*(?:[A-Za-z](?![A-Za-z])|\\(?:mathbf|boldsymbol|bm)\s*\{\s*\\?[A-Za-z]+\s*\}|\\(?:theta|beta|mu)(?![A-Za-z]))")
UPPER = re.compile(  # `W^{(1)}`, `W^{[1]}`, `a^{<t>}`
    r"\^\s*\{\s*(?:\\left\s*)?(?:\(|\[|<|\\langle)\s*(\w+)\s*(?:\\right\s*)?(?:\)|\]|>|\\rangle)\s*\}"
)
TURNED = r"\^\s*(?:\{\s*-?\s*|-\s*)?(?:1|T(?![A-Za-z])|\\(?:top|intercal|mathsf|mathrm)(?![A-Za-z]))"  # transposed, or inverted
ARGUMENT = r"(?:[A-Za-z]|\\(?:mathbf|boldsymbol|bm|vec)\s*\{\s*\\?[A-Za-z]+\s*\}|\\[a-z]+)(?:_\w|_\{\w+\})?"
LONE = re.compile(rf"(?:\\left\s*)?\(\s*{ARGUMENT}\s*(?:\\right\s*)?\)")  # a name in brackets right behind another
D = r"(?:d|\\mathrm\s*\{?\s*d\s*\}?|\\operatorname\s*\{\s*d\s*\}|\\partial)"
DERIVATIVE = re.compile(rf"\\[td]?frac\s*\{{\s*{D}(?:\s*\^\s*\{{?\d\}}?)?[^{{}}]*\}}\s*\{{\s*{D}\s*[^{{}}]+\}}")
APPLIED = {"phi", "varphi", "psi", "rho", "Phi", "Psi", "ell"}  # letters of functions, and of numbers
CONDITION = re.compile(r"(?<![|\\])\|(?!\|)|\\(?:mid|vert)(?![A-Za-z])")  # the bar of `p(x | y)`
OF_NORMAL = {"Phi": "normcdf", "phi": "normpdf", "varphi": "normpdf"}  # letters of the normal's distribution function and density
OF_FUNCTIONS = {"f", "g", "h"}  # and of nothing else, where they stand in front of brackets


def check_derivative(scanner: Any) -> None:
    """ParseError for ``\\frac{df}{dx}``, which is no quotient of products."""
    found = DERIVATIVE.match(scanner.text, scanner.place)
    if found and "d" not in scanner.declared:
        raise scanner.source.error(scanner.place, f"`{found[0]}` is a derivative", ALONE)


def check_differential(scanner: Any, end: int = 0) -> None:
    """ParseError for ``dX``, which may be a differential; `end`: where a roman d ends, that is one."""
    adjacent = re.compile(r"(?<![A-Za-z])d(?=[A-Za-z])").match(scanner.text, scanner.place)
    if "d" not in scanner.declared and (end or adjacent):
        text = scanner.text[scanner.place : (end or scanner.place + 1) + 1]
        saw = f"`{text}` can be a differential, and a product with `d`"
        raise scanner.source.error(scanner.place, saw, "a product is written with a space, `d X`; the differential is `mc.differential`'s")


def check_single_entry(scanner: Any, letter: str, below: str) -> None:
    """ParseError for ``E_{ij}``, an entry of a matrix E, and the name of books for the matrix with a 1 at i, j alone."""
    if letter != "E" or "E" in scanner.declared or not re.fullmatch(r"[ijkl\d]\s*,?\s*[ijkl\d]", below):
        return
    if not re.search(r"(?<![A-Za-z\\])E(?![A-Za-z]|\s*_)", scanner.text):
        both = f"declare `E: n x n` for the entry, write `\\operatorname{{unit}}(n, n, {below[0]}, {below[-1]})` for the matrix"
        raise scanner.source.error(scanner.place, f"`E_{{{below}}}` can be an entry, and the matrix with a 1 at this place", both)


def is_block(scanner: Any, typed: str, letter: str, below: str, is_bold: bool) -> bool:
    """Whether ``\\Sigma_{12}`` is a block of a partitioned matrix, a name of its own; ParseError where it can as well be an entry.

    A block is what is bold or declared, and has a transpose or an inverse somewhere; an entry is of what is declared or stands alone too.
    """
    if not re.fullmatch(r"[1-9][1-9]", below) or not letter[:1].isupper() or letter in scanner.declared:
        return False
    if {letter + below, f"{letter}_{below}"} & scanner.declared or is_bold:
        return True
    here = rf"(?<![A-Za-z\\]){re.escape(typed)}"
    if re.search(rf"{here}(?![A-Za-z]|\s*_)", scanner.text):
        return False
    if re.search(rf"{here}\s*_\s*\{{\s*[1-9][1-9]\s*\}}\s*{TURNED}", scanner.text):
        return True
    both = f"declare `{letter}{below}: n x m` for the block, write `{typed}_{{{below[0]},{below[1]}}}`, counted from 0, for the entry"
    raise scanner.source.error(scanner.place, f"`{typed}_{{{below}}}` can be a block of a partitioned matrix, and an entry", both)


def check_upper(scanner: Any) -> None:
    """ParseError for ``W^{(1)}``: an index of a layer or a sample, not a power."""
    found = UPPER.match(scanner.text, scanner.place)
    last = scanner.tokens[-1] if scanner.tokens else None
    if found and last is not None and last.type == "NAME":
        saw = f"`{last.value}{found[0]}` can be an upper index, and a power"
        raise scanner.source.error(
            scanner.place, saw, f"write the index below, `{last.value}_{{{found[1]}}}`, the power as `^{{{found[1]}}}`"
        )


def check_below(scanner: Any, word: str, end: int) -> None:
    """ParseError for what stands below a function, as in ``\\log_2 x`` and ``\\min_w f``."""
    found = SUBSCRIPT.match(scanner.text, end)
    if found:
        below = scanner.source.text[end : found.end()].strip()
        entries = re.fullmatch(r"_\s*\{?\s*[i-n]\s*\}?", below) and re.match(r"\s*\\?[A-Za-z]+\s*_", scanner.text[found.end() :])
        of_all = f"write `\\{word}(x)` for the {word}imum of the entries of x"
        instead = of_all if entries else ALONE if word in ("min", "max") else REFUSED.get(word, "leave it out")
        raise scanner.source.error(scanner.place, f"`{below}` below `{word}` is not read", instead)


def check_applied(scanner: Any, letter: str, end: int, below: str = "") -> None:
    """ParseError for ``f(x)``, where nobody means a product, and for ``\\phi(x - y)``, ``\\rho_\\tau(x)``, which can be both."""
    found = re.compile(r"\s*(?:\\left\s*)?\(").match(scanner.text, end)
    name = below.lstrip("\\")
    names = {letter, f"{letter}{name}", f"{letter}_{name}"} if below else {letter}
    if not found or names & scanner.declared:
        return
    before = [t.type for t in scanner.tokens[-2:-1]]
    is_below = scanner.text[: scanner.place].endswith("_") and before == ["NAME"]  # the i of `y_i`, read as an entry
    start = scanner.tokens[-2].start if is_below else scanner.place
    text = scanner.text[start:end]
    inner = in_brackets(scanner.text, found.end())
    if len(CONDITION.findall(inner)) % 2 or ";" in inner:
        saw = f"`{text}(...)` with a condition is a density of which nothing is known"
        written = r"write its logarithm out, as in `-\frac{1}{2} (x - \mu)^\top \Sigma^{-1} (x - \mu) - \frac{1}{2} \log \det \Sigma`"
        raise scanner.source.error(start, saw, written)
    if letter in OF_FUNCTIONS:
        instead = f"write it out; a product is `{text} \\cdot (...)`, a function `\\operatorname{{name}}(...)`"
        raise scanner.source.error(start, f"`{text}(...)` is a function of which nothing is known", instead)
    lone = LONE.match(scanner.text, end)
    if lone:
        saw = f"`{scanner.text[start : lone.end()]}` can be a function and its argument, and a product"
        raise scanner.source.error(
            start, saw, f"leave the brackets out for the product; of a function write the name alone, `{text}`{of_normal(letter)}"
        )
    with_parameter = len(letter) == 1 and re.fullmatch(r"\\[a-z]+", below)  # `H_\delta(r)` of Huber's loss, `D_\phi(x)`
    if (letter in APPLIED or with_parameter) and not scanner.is_other(text, letter):
        saw = f"`{text}(...)` can be a function of what is in the brackets, and a product"
        both = f"write the function out, as in `\\operatorname{{exp}}(...)`, the product as `{text} \\cdot (...)`{of_normal(letter)}"
        raise scanner.source.error(start, saw, both)


def check_step(scanner: Any, letter: str, end: int) -> None:
    """ParseError for ``\\Delta x``, a step or a product, where Delta stands in front of letters alone and is not declared."""
    found = STEP.match(scanner.text, end)
    if letter not in ("Delta", "delta") or not found or letter in scanner.declared:
        return
    places = re.finditer(rf"\\{letter}(?![A-Za-z])", scanner.text)
    if all(STEP.match(scanner.text, place.end()) for place in places):
        text = scanner.source.text[scanner.place : found.end()].strip()
        both = f"take a letter of its own for a step, write `\\{letter} \\cdot` for the product, or declare `{letter}`"
        raise scanner.source.error(scanner.place, f"`{text}` can be one symbol, a step, and a product", both)


def check_cross(scanner: Any, end: int) -> None:
    """ParseError for ``\\vec{a} \\times \\vec{b}``, the cross product of two vectors by their font."""
    left, right = VECTOR_BEHIND.search(scanner.text, 0, scanner.place), VECTOR.match(scanner.text, end)
    if left and right:
        a, b = (scanner.source.text[slice(*found.span(1))] for found in (left, right))
        saw = f"`{a} \\times {b}` is a cross product by the font of its letters"
        raise scanner.source.error(scanner.place, saw, f"write `\\operatorname{{cross}}({a}, {b})`, a product of numbers without a sign")


def of_normal(letter: str) -> str:
    """What is said of a letter that is that of the normal distribution's function, or of its density."""
    return f"; of the normal distribution it is `\\operatorname{{{OF_NORMAL[letter]}}}(...)`" if letter in OF_NORMAL else ""


def check_gamma(scanner: Any, font: str, below: str, end: int) -> None:
    """ParseError for ``\\Gamma(a + b)``, to most readers the gamma function; bold, declared or with a number below it is a matrix."""
    raised = re.compile(r"\s*\^\s*(?:\d|\{\s*\d+\s*\})|").match(scanner.text, end)
    power, end = raised[0].strip() if raised else "", raised.end() if raised else end
    opening = OPENING.match(scanner.text, scanner.behind_sizes(end))
    name = f"Gamma_{below}" if below else "Gamma"
    function = font in ("", *WORD) and name not in scanner.declared and re.fullmatch(r"[a-z]?", below) and not scanner.counts(below)
    if not opening or not function:
        return
    inner = re.sub(r"\\(?:left|right|[bB]igg?[lr]?)?\s*$", "", in_brackets(scanner.text, opening.end()).strip()).strip()
    letter = scanner.text[scanner.place : end].strip()
    saw = f"`{letter}({inner})` can be {'the multivariate' if below else 'the'} gamma function, and a product with a matrix"
    log = f"\\operatorname{{lgamma}}({inner})"
    written = "write that function out" if below else f"the logarithm of that function is `{log}`, it itself `\\exp({log}){power}`"
    raise scanner.source.error(scanner.place, saw, f"{written}, the product `{letter} \\cdot ({inner})`, or declare `{name}: n x n`")


def in_brackets(text: str, start: int) -> str:
    """The text behind a bracket that opened in front of `start`, up to the one that closes it."""
    depth = 1
    for place in range(start, len(text)):
        depth += (text[place] in "([{") - (text[place] in ")]}")
        if depth == 0:
            return text[start:place]
    return text[start:]
