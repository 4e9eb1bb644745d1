"""One symbol, one spelling: Greek letters are what their names are, `Σ` is `Sigma`; names that differ in case only are told apart."""

import re
from collections.abc import Iterable

from ..errors import ParseError

NAMES = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lam mu nu xi omicron pi rho varsigma sigma tau upsilon phi chi psi omega "
    "Alpha Beta Gamma Delta Epsilon Zeta Eta Theta Iota Kappa Lambda Mu Nu Xi Omicron Pi Rho Sigma Tau Upsilon Phi Chi Psi Omega"
).split()
NAMED = dict(zip("αβγδεζηθικλμνξοπρςστυφχψωΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ", NAMES, strict=True))
LOOKING_ALIKE = {"Lam": "Lambda", **{name: name[0] for name in "Alpha Beta Epsilon Zeta Eta Iota Kappa Mu Nu Omicron Tau".split()}}
LOOKING_ALIKE |= {"Rho": "P", "Chi": "X", "Upsilon": "Y"}
STEM = re.compile(rf"([{''.join(NAMED)}])(?=[\d_]|$)")
SAME = {"lamda": "lam", "lambda": "lam", "Lamda": "Lambda"}  # as SymPy spells them


def one_spelling(name: str) -> str:
    """The name with a Greek letter by its name, where it begins with one and has no other letter before digits.

    >>> one_spelling("Σ"), one_spelling("σ2"), one_spelling("lamda"), one_spelling("Δx")
    ('Sigma', 'sigma2', 'lam', 'Δx')
    """
    name = STEM.sub(lambda m: NAMED[m[1]], name, count=1) if STEM.match(name) else name
    stem = re.split(r"[\d_]", name, maxsplit=1)[0]
    return SAME.get(stem, stem) + name[len(stem) :]


def check_declared(declared, names):
    """ParseError for a declaration of a name that does not occur, where one does that differs in case only and is not declared itself."""
    for name in declared:
        other = next((x for x in names if x not in declared and alike(x) == alike(name)), None) if name not in names else None
        if other:
            raise ParseError(f"`{name}` is declared, and the expression has `{other}`: two names; write both in one way")


def alike(name: str) -> str:
    """What names have in common that are one to a reader: their case, an index, Greek capitals that look as Latin letters do."""
    stem = name.rstrip("0123456789_")
    return (LOOKING_ALIKE.get(stem, stem) + name[len(stem) :].replace("_", "")).casefold()


def check_alike(names: Iterable[str]) -> None:
    """ParseError for two names that are one in a formula: `x1` and `x_1`."""
    seen: dict[str, str] = {}
    for name in names:
        other = seen.setdefault(re.sub(r"_(?=\d+$)", "", name), name)
        if other != name:
            raise ParseError(f"`{other}` and `{name}` are two names, and one in a formula; write both in one way, or take another letter")
