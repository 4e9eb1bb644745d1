"""What keeps the factors of a product apart where a blank, which TeX drops, does not."""

import re

# A symbol before a bracket that would read as a function of this package: sigma*(a + b) and Sigmoid(a + b).
LIKE_A_CALL = re.compile(r"((?:\\sigma|(?:\\lambda|\b[uv])_\{[^{}]*\})) (?=\\left\()")
# A name of several letters, and a letter beside it, which without a space would be one name.
WORD_FIRST = re.compile(r"(\\math(?:it|bf)\{\w{2,}\}(?:[_^]\{[^{}]*\})*) (?=[A-Za-z{]|\\(?!right|odot|oslash|otimes|cdot|,)[A-Za-z])")
WORD_LAST = re.compile(r"((?<![\\A-Za-z])[A-Za-z](?:[_^]\{[^{}]*\})*) (?=\\math(?:it|bf)\{\w{2})")
# A differential beside a factor: A dX, and dX b, which without a space would be the differential of Xb.
DIFFERENTIAL_LAST = re.compile(r"(?<![-+=,])(?<!\\,)(?<!\\odot)(?<!\\cdot)(?<!\\otimes)(?<!\\oslash) (?=\\mathrm\{d\})")
DIFFERENTIAL_FIRST = re.compile(
    r"(\\mathrm\{d\}(?:\\[A-Za-z]+\{\w+\}|\\(?!left)[A-Za-z]+|[A-Za-z])(?:[_^]\{[^{}]*\})*) "
    r"(?=[A-Za-z{]|\\(?!right|odot|oslash|otimes|cdot|,)[A-Za-z])"
)
NUMBERS = re.compile(r"(\d\}?) (?=\d)")


def spaced(tex):
    """A product with what keeps its factors apart."""
    tex = NUMBERS.sub(r"\1 \\cdot ", LIKE_A_CALL.sub(r"\1 \\cdot ", tex))
    tex = WORD_LAST.sub(r"\1 \\, ", WORD_FIRST.sub(r"\1 \\, ", tex))
    return DIFFERENTIAL_FIRST.sub(r"\1 \\, ", DIFFERENTIAL_LAST.sub(r" \\, ", tex))
