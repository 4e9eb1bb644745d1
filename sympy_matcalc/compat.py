"""What older SymPy needs, each with its reason and the first version without it; the only place that asks for SymPy's version."""

import sympy
from sympy import Dummy, Mod, floor
from sympy.core.sympify import _sympify

BEFORE_1_14 = tuple(map(int, sympy.__version__.split(".")[:2])) < (1, 14)


class _Assumptions(dict):
    """The assumptions of a Dummy, pickled without what `srepr` wrote into them."""

    def __reduce__(self):
        return dict, ({name: value for name, value in self.items() if name != "dummy_index"},)


def dummy(name, index, **assumptions):
    """The Dummy of this index, which is the same one in every session.

    Before 1.14, `srepr` wrote the index into the very dictionary that pickle takes the assumptions from: an answer pickled after any call
    of `srepr` could not be loaded.
    """
    found = Dummy(name, dummy_index=index, **assumptions)
    if BEFORE_1_14:
        found._assumptions_orig = _Assumptions(found._assumptions_orig)
    return found


def modulo(p, q):
    """``p % q`` for p >= 0 and q > 0.

    Before 1.14, ``Mod(p, q)`` became ``p - q`` wherever p < 2*q, be p < q or not: ``Mod(1, n)`` of a positive n was ``1 - n``, and so was
    ``Mod(i, n)`` once i was replaced by 1. The remainder is written with the quotient there.
    """
    p, q = _sympify(p), _sympify(q)
    found = p % q
    if not BEFORE_1_14 or found.is_number or (not found.has(Mod) and found.is_nonnegative and (q - found).is_positive):
        return found
    return p - q * floor(p / q)
