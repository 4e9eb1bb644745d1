"""How identities and matches look, in a terminal and in Jupyter."""

from collections.abc import Callable

from sympy import Sum
from sympy.matrices.expressions import MatAdd

from ..canonical import prepare_whole
from ..kernel import chains, make
from ..kernel.as_written import as_written
from ..kernel.session import session
from ..kernel.symmetry import transpose
from ..kernel.walks import holds
from ..nodes import Einsum
from ..notation.present import present
from ..printing import latex as printed
from ..text import to_text
from ..typed_input import as_expression

DIFFERENTIATED = {
    "gradient": r"\frac{{\partial}}{{\partial {x}}}",
    "jacobian": r"\frac{{\partial}}{{\partial {x}^{{\top}}}}",
    "derivative": r"\frac{{\partial}}{{\partial {x}}}",
    "hessian": r"\frac{{\partial^2}}{{\partial {x}\,\partial {x}^{{\top}}}}",
    "vec jacobian": r"\frac{{\partial\operatorname{{vec}}}}{{\partial\operatorname{{vec}}({x})^{{\top}}}}",
    "complex Z": r"\frac{{\partial}}{{\partial {x}}}",
    "complex conjugate": r"\frac{{\partial}}{{\partial \overline{{{x}}}}}",
    "complex real": r"\frac{{\partial}}{{\partial \operatorname{{Re}} {x}}}",
    "complex imag": r"\frac{{\partial}}{{\partial \operatorname{{Im}} {x}}}",
    "complex gradient": r"2 \frac{{\partial}}{{\partial \overline{{{x}}}}}",
    "vec hessian": r"\frac{{\partial^2}}{{\partial\operatorname{{vec}}({x})\,\partial\operatorname{{vec}}({x})^{{\top}}}}",
}
SHOWN = 40  # rows that a table prints, so that a long one does not derive hundreds of identities


class Shown:
    """What has a `text` and a `markdown`."""

    text: Callable[[], str]
    markdown: Callable[[], str]

    def __repr__(self):
        return self.text()

    def _repr_markdown_(self):
        return self.markdown()


class Table(Shown, tuple):
    """Identities or matches: a tuple that prints."""

    __slots__ = ()

    def text(self):
        return "\n\n".join([row.text() for row in self[:SHOWN]] + self._rest()) or "no identity of the cookbook"

    def markdown(self):
        return "\n\n".join([row.markdown() for row in self[:SHOWN]] + self._rest()) or "no identity of the cookbook"

    def _rest(self):
        return [f"... and {len(self) - SHOWN} more"] if len(self) > SHOWN else []


def identity_text(identity):
    return (
        f"{identity.number}  {identity.title}  [{identity.source}]\n"
        f"    {identity.words} of {text(identity.expression)} by {text(identity.variable)}:\n"
        f"    {text(identity.derivative)}{_conditions(identity)}"
    )


def match_text(match):
    here = ", ".join(f"{s} = {text(value)}" for s, value in match.substitution.items())
    times = "" if match.factor == 1 else f", times {match.factor}"
    return (
        f"{identity_text(match.identity)}\n"
        f"    here {here}{times}; {match.identity.words} by {text(match.variable)}:\n"
        f"    {text(match.derivative)}"
    )


def identity_markdown(identity):
    return f"**{identity.number}** {identity.title} ({identity.source}){_conditions(identity)}\n\n$${equation(identity)}$$"


def match_markdown(match):
    here = ", ".join(f"${latex(s)} = {latex(value)}$" for s, value in match.substitution.items())
    times = "" if match.factor == 1 else f", times ${latex(match.factor)}$"
    ours = side(match.identity.kind, match.expression, match.variable) + " = " + latex(match.derivative)
    return f"{identity_markdown(match.identity)}\n\nHere {here}{times}:\n\n$${ours}$$"


def equation(identity):
    """The identity with our answer, in LaTeX."""
    return f"{side(identity.kind, identity.expression, identity.variable)} = {latex(identity.derivative)}"


def side(kind, expr, X):
    """The left-hand side in LaTeX: the expression under its derivative."""
    return f"{DIFFERENTIATED[kind].format(x=latex(X))} {_bracketed(expr)}"


def text(e):
    return to_text(readable(e))


def latex(e):
    return printed(readable(e))


def readable(e):
    """As one would type it: without the sums over entries and the transposes of each term that SymPy makes of what is typed."""
    e = as_written(as_expression(e))
    if isinstance(e, Einsum) or not holds(e, (Sum, MatAdd)):
        return e
    with session():
        e = present(prepare_whole(e)) if holds(e, (Sum,)) else e
        return e.replace(lambda node: isinstance(node, MatAdd), _under_one_transpose)


def _under_one_transpose(terms):
    """(w'X' - y') as (Xw - y)'."""
    if terms.shape[0] == 1 != terms.shape[1]:
        return present(prepare_whole(terms))
    opened = [chains.open_product(t) for t in terms.args]
    turned = [(c, chains.reverse(chain)) for c, chain in opened]
    if not all(chain for _, chain in opened) or _flips(opened) <= 1 + _flips(turned):
        return terms
    return transpose(make.add(*(make.mul(c, chains.express_chain(chain)) for c, chain in turned)))


def _flips(opened):
    return sum(chains.count_flips(chain) for _, chain in opened)


def _conditions(identity):
    facts = ", ".join(f"{symbol} {fact}" for symbol, fact in identity.conditions.items())
    return f"  ({facts})" if facts else ""


def _bracketed(expr):
    inside = latex(expr)
    return inside if readable(expr).is_Atom else rf"\left[{inside}\right]"
