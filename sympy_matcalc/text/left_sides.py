"""The left side of ``f(x) = x^T A x``, ``L = ...``, ``\\mathcal{L}(w) = ...``: the name of what is read, which is the right side."""

import re

NAME = r"(?:\\(?:math[a-z]+|operatorname|text|hat|tilde|bar|boldsymbol)\s*\{\s*\\?\w+\s*\}|\\?[^\W\d_]\w*)"
BELOW = r"(?:\s*_\s*(?:\{[^{}=]*\}|[A-Za-z0-9]))?"
ARGUMENTS = r"(?:\s*(?:\\left\s*)?\((?P<arguments>[^()=]*?)(?:\\right\s*)?\))?"
EQUALS = r"(?::=|\\coloneqq|\\triangleq|\\equiv|=(?!=))"
NAMED = ("\\mathcal", "\\hat", "\\tilde", "\\bar")  # what defines by its form
AROUND = r"(?:\s|\$|\\[\[(]|\\begin\s*\{(?:align|aligned|equation|gather|multline|split)\*?\})*"  # what displays a formula
LEFT = re.compile(rf"{AROUND}(?P<name>{NAME}{BELOW}){ARGUMENTS}\s*&?\s*{EQUALS}\s*(?=\S)")


def without_left_side(formula: str) -> tuple[str, list[str]]:
    """(the right side, a note) of a formula that defines one name, which the right side has not; else (the formula, nothing).

    >>> without_left_side("f(x) = x'*A*x")
    ("x'*A*x", ['`f(x) =` is left out: what stands behind it is read'])
    >>> without_left_side("y = A*x"), without_left_side("L = L + x'*x")
    (('y = A*x', []), ("L = L + x'*x", []))
    """
    found = LEFT.match(formula)
    rest = formula[found.end() :] if found else ""
    if (
        not found
        or not is_definition(found, rest)
        or has_equation(rest)
        or re.search(rf"(?<![\w\\]){re.escape(found['name'])}(?!\w)", rest)
    ):
        return formula, []
    return rest, [f"`{found[0].strip()}` is left out: what stands behind it is read"]


def is_definition(found: re.Match[str], rest: str) -> bool:
    """Whether a left side names what stands behind it: a function of something, a word, a capital; `y = A*x` may be an equation."""
    name = re.sub(r"_.*$", "", found["name"], flags=re.S)
    letter = name.lstrip("\\")
    word = name[0] != "\\" and len(letter) > 1 or name.startswith(NAMED) or letter in ("f", "g", "h", "ell")
    capital = letter[0].isupper() and re.fullmatch(r"\s*\\?\w+\s*", rest) is None
    return found["arguments"] is not None or ":" in found[0] or word or capital


def has_equation(text: str) -> bool:
    """Whether an equals sign stands outside of all brackets."""
    depth = 0
    for i, char in enumerate(text):
        depth += (char in "([{") - (char in ")]}")
        if char == "=" and depth == 0 and text[i - 1 : i] not in ("<", ">", "!", "=") and text[i + 1 : i + 2] != "=":
            return True
    return False
