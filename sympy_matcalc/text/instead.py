"""What to write for functions of other languages that are not read, and for factorials."""

import re
from collections.abc import Sequence
from difflib import get_close_matches

INSTEAD = {
    "var": "write `mean(hpow(x - mean(x), 2))`", "std": "write `sqrt(mean(hpow(x - mean(x), 2)))`",
    "reshape": "write `unvec(x, m, n)`, with the columns one after the other", "repmat": "write `kron(ones(m, n), X)`",
    "size": "sizes are names: `X: m x n`, or `size(X, 1)`", "multi_dot": "write `A @ B @ C`", "bsxfun": "write `X - mean(X, 1)`",
    "symmetric": "write `A`, and in front of the formula `A symmetric;`", "hermitian": "write `A`, in front of the formula `A symmetric;`",
    "integral": "integrals are not read", "grad": "write the function alone",
    "diff": "write the function alone", "gradient": "write the function alone", "hessian": "write the function alone",
    "mldivide": "write `A.I*b`", "mtimes": "write `A*B`", "times": "write `had(A, B)`",
    "cov": "write `X.T*(I - ones(n, n)/n)*X/(n - 1)`, of n rows that are observations",
    "cbrt": "write `hpow(x, 1/3)`",
    "rownorms": "write `sqrt(rowsum(hpow(X, 2)))`", "colsums": "write `sum(X, axis=0)`", "rowsums": "write `rowsum(X)`",
    "qr": "write `qr_q(X)` and `qr_r(X)`, the two factors", "lu": "write `lu_p(X)`, `lu_l(X)` and `lu_u(X)`, the three factors",
    "svd": "write `left_singvecs(X)`, `singvals(X)` and `right_singvecs(X)`",
} | {
    name: "write `eigvals(A)` and `eigvecs(A)`, of a symmetric matrix" for name in ("eig", "eigh")
} | {
    name: "write `unvec(toepbasis(m + n - 1, n)*vstack(x, zeros(2*n - 2)), m + n - 1, n)*w`, of m and n entries"
    for name in ("conv", "convolve")
} | {
    "kl": "write `sum(had(p, log(p) - log(q)))`",
    "vech": "write `elimination(n)*vec(S)`; derivatives by the free parameters of S are `--structure S:symmetric --form vech`",
    "gamma": "write its logarithm as `lgamma(x)`, the function itself as `exp(lgamma(x))`, a product with its sign",
    "factorial": "write its logarithm as `lgamma(x + 1)`, the factorial itself as `exp(lgamma(x + 1))`",
    "cconv": "write `unvec(circbasis(n)*x, n, n)*w`",
}  # fmt: skip
OF_PACKAGES = INSTEAD | {  # and with a package in front, where the name alone means something else here, or nothing
    "divide": "write `had(x, hpow(y, -1))`", "add": "write `x + y`",
    "subtract": "write `x - y`", "array": "write a name",
    "cov": "write `X*(I - ones(n, n)/n)*X.T/(n - 1)`, of n columns that are observations",
    "where": "write `apply(u -> where(u > 0, u, 0), x)`",
}  # fmt: skip
OPERAND = re.compile(r"(?:\\?[^\W\d_]+|\d+)(?:_(?:\w+|\{[^{}]*\}))?(?:\[[^\[\]]*\])?\s*$|(?:\\left\s*)?\(([^()]*?)(?:\\right\s*)?\)\s*$")


def of_factorial(text: str, place: int, function: str) -> tuple[str, str]:
    """(what is not read, what to write) for the `!` at a place; function: how a function of this name is written."""
    found = OPERAND.search(text, 0, place)
    typed, inner = (found[0].strip(), (found[1] or found[0]).strip()) if found else ("x", "x")
    log = function.format("lgamma") + f"({inner} + 1)"
    return f"`{typed}!` is not read", f"write its logarithm as `{log}`, the factorial itself as `{function.format('exp')}({log})`"


def near_words(typed: str, words: Sequence[str], most: int = 3) -> list[str]:
    """The words that may be meant: those that are near, else those with the same letters, of which short words have few that match.

    >>> near_words("lodget", ["det", "logdet", "log"]), near_words("epx", ["exp", "log"])
    (['logdet'], ['exp'])
    """
    typed = typed.lower()
    return get_close_matches(typed, words, most, 0.7) or [word for word in words if sorted(word) == sorted(typed)][:most]
