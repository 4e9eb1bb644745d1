"""What is not right, and why: (pattern of the case's name, orders, reason)."""
from fnmatch import fnmatchcase

RANGE = "x'y and x'A x are out of range before they are divided; dividing x first would cost every quotient a pass over it"
KNOWN = [
    ("log normal distribution function", "hess", "r (x + r), with r the density over the distribution function, cancels in the tail"),
    ("softmax cross entropy", "hess", "X'diag(p)X - X'diag(p^2)X is taken of sums; the weights p (1 - p) first would hold"),
    ("cosine, 1e*200", "value grad", RANGE),
    ("Rayleigh quotient, 1e*200", "value grad", RANGE),
]


def reason(name, order):
    """Why the case is not right, an empty string where no reason is known."""
    return next((why for pattern, orders, why in KNOWN if fnmatchcase(name, pattern) and order in orders.split()), "")
