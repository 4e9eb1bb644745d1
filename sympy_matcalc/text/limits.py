"""What a text may be at most, and what a name is."""

import re
from decimal import Decimal

from sympy import Rational

MAX_DEPTH = 200
MAX_TOKENS = 3000  # names, numbers and signs of a text
MAX_PARTS = 600  # terms and their signs in one sum, factors in one product
MAX_INTEGER = 10**6  # of an exponent, a size or an index
MAX_NAMES = 200
MAX_DIGITS = 50  # of a number, in front of the point or behind it
RESERVED = {"I": "the identity matrix"}
NAME = re.compile(r"[^\W\d_]\w{0,39}")
SPLIT = "give intermediate results a name"
NAMES = "a name is a letter, then letters, digits and single underscores, 40 at most"


def is_moderate(text: str) -> bool:
    """Whether a decimal number is 0 or of at most 50 digits; as a float, 1e-5000 is 0."""
    try:
        value = Decimal(text)
    except ArithmeticError:
        return False
    return value.is_zero() or abs(value.adjusted()) <= MAX_DIGITS


def digits(number: Rational) -> float:
    """About how many digits a rational number has, in its numerator or its denominator; 0 for 1, -1 and infinity."""
    if not number.is_Rational:
        return 0.0
    return 0.30103 * (max(abs(int(number.p)), int(number.q)).bit_length() - 1)
