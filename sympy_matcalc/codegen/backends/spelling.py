"""What the spelling of every operation shares: texts with a precedence, parentheses, tuples."""

ATOM, POWER, UNARY, PRODUCT, SUM, COMPARE, LOWEST = 100, 80, 70, 60, 50, 40, 0


def paren(text, least):
    """The text, in parentheses where its precedence is not above `least`."""
    return text[0] if text[1] > least else f"({text[0]})"


def listing(texts):
    """A Python tuple of the texts."""
    return "(" + ", ".join(texts) + ("," if len(texts) == 1 else "") + ")"
