"""What a name is when nothing in the expression or in a declaration says so.

| name | taken as |
|---|---|
| begins with a capital (A .. Z, Sigma, X1) | matrix |
| begins with h .. z, but n and t (x, y1, weights) | column |
| begins with a .. g (a, c2), or is small Greek (lam, sigma2) | scalar; a column under a transpose, right behind a matrix, in `a*b'` |
| n | scalar, as a size is; a column as small Greek is |
| t | scalar |
Use comes first: a name is whatever shape the expression forces. `1 + x` alone makes x a scalar; `x**2`, `1/x` and `x.I` alone are an error.
"""

import re

GREEK = set(
    "alpha beta gamma delta epsilon varepsilon zeta eta theta iota kappa lam lamda mu nu "
    "xi omicron pi rho sigma tau upsilon phi chi psi omega".split()
)
NUMBERS = set("alpha gamma delta epsilon varepsilon eta kappa lam lamda rho sigma tau".split())  # letters of numbers in most books
COUNTS = set("ijklmnpN")  # numbers to every reader, whatever the convention says
TABLE = {
    "matrix": "a capital is a matrix",
    "column": "a letter h..z is a column",
    "scalar": "a letter a..g, or a small Greek one, is a scalar",
    "number": "`t` is a scalar",
}


def is_of_numbers(name):
    """Whether a Greek letter is in most books that of a number, as `epsilon` is, and `mu` is not."""
    return re.sub(r"[\d_].*$", "", name) in NUMBERS


def is_column_by_use(name, shape):
    """Whether a letter that is by convention of a number is a column, as `b` in ``A*x - b``."""
    return kind_of_name(name) == "scalar" and shape[1] == 1 and shape[0] != 1


def kind_of_name(name):
    """'matrix', 'column', 'scalar' (a column where use suggests it) or 'number' (a scalar, whatever use suggests)."""
    stem = re.sub(r"[\d_].*$", "", name)
    first = name[0]
    if first.isupper():
        return "matrix"
    if stem == "t":
        return "number"
    return "scalar" if first in "abcdefg" or stem == "n" or stem in GREEK or "α" <= first <= "ω" else "column"


def reasons(conventions: dict[str, str]) -> list[str]:
    """The names that a convention, or use, has given their shapes, a sentence a reason."""
    by_reason: dict[str, list[str]] = {}
    for name, why in conventions.items():
        by_reason.setdefault(why if why.startswith("by ") else f"by convention: {why}", []).append(name)
    return [f"{', '.join(names)} {why}" for why, names in by_reason.items()]
