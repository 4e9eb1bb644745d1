"""Which identities an expression is an instance of, and which ones a text names."""

from dataclasses import dataclass
from itertools import islice
from typing import Any

from sympy import MatrixSymbol, S, Symbol
from sympy.matrices.expressions.matexpr import MatrixElement

from ..answers import as_answer
from ..api.derivatives import diff
from ..api.variables import sizes_in
from ..canonical import prepare_whole
from ..kernel import chains, make
from ..kernel.of_complex import is_of_complex
from ..kernel.session import session
from ..kernel.shapes import is_matrix
from ..notation.present import present
from ..typed_input import as_expression
from .bindings import weight
from .complex_lookup import substitution
from .identity import Identity, derive
from .match import Matcher
from .show import Shown, Table, match_markdown, match_text
from .tables import FAMILIES, all_identities, complex_identities, family

WAYS = 50  # ways of matching one identity that are looked at: long products have very many


@dataclass(frozen=True, eq=False, repr=False)
class Match(Shown):
    """`expression` is `factor` times the identity's, its symbols replaced by `substitution`; `variable` is what its variable became."""

    identity: Identity
    expression: Any
    variable: Any
    substitution: dict
    factor: Any = S.One

    @property
    def derivative(self):
        """Our derivative of the expression as it was typed."""
        return as_answer(derive(self.identity.kind, self.expression, self.variable), derived=True)

    def text(self):
        return match_text(self)

    def markdown(self):
        return match_markdown(self)


def matches(expr, variable=None, each=iter):
    """The identities that `expr` is an instance of, the nearest to a mere renaming first; `each` passes on the families one by one."""
    expr = as_expression(expr)
    if is_of_complex(expr):
        return _complex_matches(expr, variable)
    if variable is not None:
        diff(expr, variable)  # refuses what is no variable, in the engine's own words
    found = []
    with session():
        subject = prepare_whole(expr)
        of_real = (identity for name in each(FAMILIES) for identity in family(name) if not identity.is_complex)
        for place, identity in enumerate(of_real):
            for bindings, factor in _of_one(identity, subject, variable):
                rank = (factor != 1, *weight(bindings), place)
                found.append((rank, _as_match(identity, expr, bindings, factor)))
    return Table(match for _, match in sorted(found, key=lambda pair: pair[0]))


def _complex_matches(expr, variable):
    """Those of complex variables."""
    found = []
    for place, identity in enumerate(complex_identities()):
        values = substitution(identity, expr, variable)
        if values is not None and isinstance(values[identity.variable], (Symbol, MatrixSymbol)):
            found.append(((*weight(values), place), Match(identity, expr, values[identity.variable], values)))
    return Table(match for _, match in sorted(found, key=lambda pair: pair[0]))


def search(text):
    """The identities with every word of `text` in their number, title, source or kind."""
    words = text.lower().split()
    return Table(identity for identity in all_identities() if all(w in _described(identity) for w in words))


def find(number):
    """The identity of a number, such as "mc57"; KeyError without one."""
    return {identity.number: identity for identity in all_identities()}[number]


def _described(identity):
    return f"{identity.number} {identity.title} {identity.source} {identity.words}".lower()


def _of_one(identity, subject, variable):
    """(bindings, factor) for each variable that the identity can be about: those nearest to a renaming."""
    start = _start(identity.variable, variable)
    if start is None:
        return []
    matcher = Matcher(_symbol(identity.variable), _symbol(variable))
    pattern = prepare_whole(as_expression(identity.expression))
    (own, bare), (c, rest) = _without_number(pattern), _without_number(subject)
    best = {}
    for factor, p, s in ((S.One, pattern, subject), (c / own, bare, rest)):
        for bindings in islice(matcher.match(p, s, start), WAYS):
            x = bindings.get(matcher.variable)
            if matcher.closed(bindings) and x not in sizes_in(subject) and (x not in best or weight(bindings) < weight(best[x][0])):
                best[x] = bindings, factor
        if best:
            break
    return best.values()


def _start(pattern, target):
    """The bindings that the variables alone give; None where they cannot be the same."""
    if target is None:
        return {}
    if isinstance(pattern, MatrixElement) != isinstance(target, MatrixElement):
        return None
    index = dict(zip(pattern.args[1:], target.args[1:])) if isinstance(pattern, MatrixElement) else {}
    return Matcher(_symbol(pattern), _symbol(target)).bind(index, _symbol(pattern), _symbol(target))


def _symbol(variable):
    return variable.parent if isinstance(variable, MatrixElement) else variable


def _without_number(e):
    """(number, the rest of a prepared expression)."""
    if not is_matrix(e):
        return e.as_coeff_Mul()
    c, chain = chains.open_product(e)
    number, scalar = c.as_coeff_Mul()
    return number, make.mul(scalar, chains.express_chain(chain) if chain else make.identity_like(e))


def _as_match(identity, expr, bindings, factor):
    """With the variable as it is in `expr`, and a substitution of what changed, sizes left out."""
    symbol, variable = _symbol(identity.variable), identity.variable
    x = bindings[symbol]
    if isinstance(variable, MatrixElement):
        x = MatrixElement(x, *(bindings.get(index, index) for index in variable.args[1:]))
    sizes = sizes_in(prepare_whole(as_expression(identity.expression))) | sizes_in(symbol)
    shown = {s: present(bindings[s]) for s in sorted(bindings.keys() - sizes, key=str)}
    return Match(identity, expr, x, shown, factor)
