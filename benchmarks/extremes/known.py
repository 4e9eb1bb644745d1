"""What is not right, and why: (pattern of the case's name, orders, reason)."""
from fnmatch import fnmatchcase

RANGE = "x'x is out of range; so it is for numpy.linalg.norm"
POWERS = "a power of the norm is out of range, or a product of two, where the quotients are not; normalise first"
KNOWN = [
    ("log(1 + exp) typed", "value", "a map of a map is not read as one function, so that log(1 + exp) is not seen"),
    ("tanh, each entry", "jac", "1 - tanh(x)^2 where tanh rounds to 1; 1/cosh(x)^2 would hold"),
    ("log cosh", "value grad hess", "cosh and sinh overflow: the value has no stable form, the gradient is not written as tanh"),
    ("log normal distribution function", "value grad hess", "1 + erf(x) in the lower tail; erfcx and log_ndtr hold"),
    ("log of a softmax, all equal*", "value", "x - logsumexp(x) rounds at the size of x; take the largest off first"),
    ("entropy of a softmax, all equal*", "value", "x - logsumexp(x) rounds at the size of x; take the largest off first"),
    ("softmax cross entropy", "hess", "X'diag(p)X - X'diag(p^2)X is taken of sums; the weights p (1 - p) first would hold"),
    ("rows of a softmax typed", "grad", "the value is read as a softmax, its derivative is not: exp(Z) and powers of its sums remain"),
    ("log-likelihood of a mixture", "value grad hess", "log of a'exp(x) with weights a is not read as a log-sum-exp"),
    ("pseudo-Huber", "value", "sqrt(1 + x^2) - 1 cancels; x^2/(1 + sqrt(1 + x^2)) would hold"),
    ("x log x at 0", "value", "0 log 0; scipy.special.xlogy holds"),
    ("x log(x/y) at 0", "value", "0 log 0; scipy.special.xlogy holds"),
    ("norm, 1e*150", "hess", POWERS),
    ("sqrt(x'x) typed, 1e*150", "hess", POWERS),
    ("cosine, 1e*150", "grad", POWERS),
    ("Rayleigh quotient, 1e*150", "grad", POWERS),
    ("3-norm, 1e*200", "grad", POWERS),
    ("norm, 1e*200", "value grad hess", RANGE),
    ("sqrt(x'x) typed, 1e*200", "value grad hess", RANGE),
    ("cosine, 1e*200", "value grad", RANGE),
    ("Rayleigh quotient, 1e*200", "value grad", RANGE),
    ("det A/det S, both *", "value grad", "both determinants are out of range; only under a logarithm is their ratio by slogdet"),
]


def reason(name, order):
    """Why the case is not right, an empty string where no reason is known."""
    return next((why for pattern, orders, why in KNOWN if fnmatchcase(name, pattern) and order in orders.split()), "")
