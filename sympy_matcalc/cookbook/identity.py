"""Identity: a row of the tables, and the derivative that its kind asks for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..answers import as_answer
from ..api.derivatives import diff, gradient, hessian, jacobian
from ..canonical import prepare_whole
from ..kernel.session import session
from ..typed_input import as_expression
from ..wirtinger.comparing import is_same
from ..wirtinger.derivatives import BY, complex_derivative
from .show import Shown, identity_markdown, identity_text
from .symbols import plain

KINDS: dict[str, Callable[..., Any]] = {
    "gradient": gradient,
    "jacobian": jacobian,
    "derivative": diff,
    "hessian": hessian,
    "vec jacobian": lambda expr, X: jacobian(expr, X, form="vec"),
    "vec hessian": lambda expr, X: hessian(expr, X, form="vec"),
    **{f"complex {by}": lambda expr, X, by=by: complex_derivative(expr, X, by=by) for by in BY},
}
WORDS = {
    "complex Z": "Wirtinger derivative",
    "complex conjugate": "conjugate Wirtinger derivative",
    "complex real": "real-part derivative",
    "complex imag": "imaginary-part derivative",
}
SYMMETRIC = ("symmetric", "simple_spectrum", "spd")  # the domains of symmetric matrices


@dataclass(frozen=True, eq=False, repr=False)
class Identity(Shown):
    """A textbook identity: the derivative, of one of KINDS, of `expression` by `variable` is `book`.

    domain: what random numbers for a symbol must be ("spd", "positive", ...), and the values of sizes where not all will do. A
    fact such as "symmetric" is a condition of the book's answer; ours does not use it.
    """

    number: str
    source: str
    title: str
    expression: Any
    variable: Any
    kind: str
    domain: dict
    book: Any

    def __post_init__(self):
        for name in ("expression", "book"):
            object.__setattr__(self, name, plain(getattr(self, name)))

    @property
    def is_complex(self):
        """Whether it is of complex variables."""
        return self.kind.startswith("complex")

    @property
    def words(self):
        """The kind in words."""
        return WORDS.get(self.kind, self.kind)

    @property
    def derivative(self):
        """Our answer."""
        return as_answer(derive(self.kind, self.expression, self.variable), derived=True)

    @property
    def is_the_books(self):
        """Whether our answer is the book's expression, not only its value: both in the canonical form of the package."""
        if self.book is None:
            return False
        if self.is_complex:
            return is_same(self.derivative, self.book)
        with session():
            ours, book = (prepare_whole(as_expression(e)) for e in (self.derivative, self.book))
            return ours == book

    @property
    def conditions(self):
        """What the book's answer needs to have the value of ours: ``{"W": "symmetric"}``; nothing where they are one expression."""
        facts = {str(s): "symmetric" for s, d in self.domain.items() if d in SYMMETRIC}
        return {} if not facts or self.is_the_books else facts

    def text(self):
        return identity_text(self)

    def markdown(self):
        return identity_markdown(self)


def derive(kind, expr, X):
    """The derivative of a kind of KINDS."""
    return KINDS[kind](expr, X)
