"""A verdict in one sentence, as a tutor says it."""

from collections.abc import Callable

import numpy as np

from ..cookbook.show import readable

LAYOUT = "transposed"


def sentence(v, write: Callable, quote="`") -> str:
    """The sentence of a `Verdict`; write: expression -> its text."""
    return _BY_KIND[v.kind](v, lambda e: f"{quote}{write(e if isinstance(e, str) else readable(e))}{quote}")


def _the(v, say):
    return f"the {v.name} of {say(v.expr)} by {say(v.X)}" + ("" if v.Y is None or v.Y == v.X else f" and {say(v.Y)}")


def _is(v, say):
    return f"; the {v.name} is {say(v.answer)}"


def _right(v, say):
    how = "the difference simplifies to 0" if v.exact else f"the values agree at {v.points} random points{_of_sizes(v)}"
    form = f", {v.note}" if v.note else ""
    return f"Right{_digits(v)}: {say(v.mine)} is {_the(v, say)}{form} ({how})"


def _digits(v):
    """How far it is known, where that is not all the way."""
    return f" to {v.digits} digits" if v.digits else ""


def _of_sizes(v):
    listed = [", ".join(f"{s} = {k}" for s, k in some.items()) for some in v.sizes if some]
    return f" with {'; '.join(listed)}" if listed else ""


def _transposed(v, say):
    more = _more(v, say)
    return f"Transposed: {say(v.mine)} is {_the(v, say)} in another layout{_noted(v)}{more}{_is(v, say)}"


def _noted(v):
    return f" ({v.note})" if v.note else ""


def _more(v, say):
    """The second fault, or the other way to see this one."""
    out = ""
    if "sign" in v.also and v.factor is not None:
        out += ", and has the wrong sign"
    if "scaled" in v.also and v.factor is not None:
        out += f", and has the factor {say(v.factor)}"
    if "missing term" in v.also:
        out += f", and {_to_add(v, say)}"
    if "right if" in v.also:
        out += f"; it is right as it stands if {v.condition_words}" if v.kind == LAYOUT and v.as_it_stands else f", if {v.condition_words}"
    if LAYOUT in v.also and v.kind != LAYOUT:
        out += ", and it is transposed"
    return out


def _to_add(v, say):
    return f"{say(v.difference)} has to be added to it"


def _listed(v, say):
    """ "the term `a`", "the terms `a` and `b`"."""
    texts = [say(t) for t in v.terms]
    return f"the term {texts[0]}" if len(texts) == 1 else f"the terms {', '.join(texts[:-1])} and {texts[-1]}"


def _s(v):
    return "" if len(v.terms) > 1 else "s"


def _scaled(v, say):
    if v.terms:
        has = f"stand{_s(v)} with {say(v.factor)} times what {'they have' if len(v.terms) > 1 else 'it has'} to be"
        return f"Scaled: in {say(v.mine)} {_listed(v, say)} {has}: {_to_add(v, say)}{_noted(v)}{_is(v, say)}"
    return f"Scaled: {say(v.mine)} is {say(v.factor)} times {_the(v, say)}{_noted(v)}{_more(v, say)}{_is(v, say)}"


def _sign(v, say):
    if v.terms:
        has = "have" if len(v.terms) > 1 else "has"
        return f"Sign: in {say(v.mine)} {_listed(v, say)} {has} the wrong sign: {_to_add(v, say)}{_noted(v)}{_is(v, say)}"
    if v.factor is None:  # a slip inside of it
        return f"Sign: {say(v.mine)} is {_the(v, say)} but for one sign{_noted(v)}: {_to_add(v, say)}{_more(v, say)}{_is(v, say)}"
    return f"Sign: {say(v.mine)} is minus {_the(v, say)}{_noted(v)}{_more(v, say)}{_is(v, say)}"


def _right_if(v, say):
    return f"Right{_digits(v)} if {v.condition_words}: {say(v.mine)} is {_the(v, say)} then{_noted(v)}; in general it is {say(v.answer)}"


def _other_convention(v, say):
    return f"Other convention: {say(v.mine)} is {_the(v, say)}{_noted(v)}{_more(v, say)}; what was asked for is {say(v.answer)}"


def _missing(v, say):
    return f"Missing term: {_to_add(v, say)} to make {say(v.mine)} {_the(v, say)}{_noted(v)}{_more(v, say)}{_is(v, say)}"


def _wrong_shape(v, say):
    return f"Wrong shape: {v.note}{_is(v, say)}"


def _wrong(v, say):
    return f"Wrong: {say(v.mine)} is not {_the(v, say)}{_example(v.counterexample)}{_noted(v)}{_is(v, say)}"


def _example(found):
    if not found:
        return ""
    sizes = [f"{s} = {k}" for s, k in found["sizes"].items()]
    data = [f"{s} = {_value(a)}" for s, a in found["data"].items()]
    at = f"entry {list(found['entry'])} of it" if found["entry"] else "it"
    return f": with {', '.join(sizes + data)}, {at} is {_number(found['mine'])}, and should be {_number(found['derivative'])}"


def _value(a):
    if np.ndim(a) == 0:
        return _number(a)
    rows = ["[" + ", ".join(map(_number, row)) + "]" for row in np.atleast_2d(a)]
    return rows[0] if len(rows) == 1 else "[" + ", ".join(rows) + "]"


def _number(x):
    return f"{float(x) + 0:.4g}"  # 0 for -0


_BY_KIND = {
    "right": _right,
    "transposed": _transposed,
    "scaled": _scaled,
    "right if": _right_if,
    "other convention": _other_convention,
    "sign": _sign,
    "missing term": _missing,
    "wrong shape": _wrong_shape,
    "wrong": _wrong,
}
