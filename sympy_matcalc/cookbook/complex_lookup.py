"""Which identities of complex variables an expression with conjugates is an instance of.

Both are matched in stand-ins, where a conjugate is a symbol of its own: what stands for it has to be the conjugate of what stands for the
symbol.
"""

from itertools import islice

from ..kernel.session import complex_session
from ..wirtinger.comparing import in_stand_ins
from ..wirtinger.notation import Notation
from .match import Matcher

WAYS = 50


def substitution(identity, expr, variable):
    """{symbol of the identity: what it is in the expression}, None where it is no instance, by the variable (None: by any)."""
    with complex_session():
        (pattern,), own = in_stand_ins(identity.expression)
        (subject,), given = in_stand_ins(expr)
        names = own.of[identity.variable]
        matcher = Matcher(names, None if variable is None else given.of.get(variable, variable))
        for found in islice(matcher.match(pattern, subject, {}), WAYS):
            whole = _consistent(found, own, given)
            if whole is not None and matcher.closed(found | {names: whole[identity.variable]}):
                say = Notation({s: e for e, s in given.of.items()}, {s: e for e, s in given.conjugate_of.items()}, {}, {}).say
                return {s: say(value) for s, value in whole.items()}
    return None


def _consistent(found, own, given):
    """{symbol: value} where the conjugate of each symbol has the conjugate of its value, else None."""
    swapped = {given.of[s]: given.conjugate_of[s] for s in given.of} | {given.conjugate_of[s]: given.of[s] for s in given.of}
    whole = {}
    for s in own.of:
        value, barred = found.get(own.of[s]), found.get(own.conjugate_of[s])
        turned = None if barred is None else barred.xreplace(swapped)
        if value is None and turned is None or None not in (value, turned) and value != turned:
            return None
        whole[s] = turned if value is None else value
    return whole
