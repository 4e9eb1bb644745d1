"""c B'SB and c B'B, which are positive as c and S are."""

from collections.abc import Callable

from ..kernel import make
from ..kernel.chains import open_product, reverse
from ..kernel.session import session_state
from ..kernel.symmetry import transpose
from .declared import Truth, has, is_square


def is_congruence(node, of_scalar: Callable, of_middle: Callable, strict: bool) -> Truth:
    """True for c B'SB and c B'B with a c and an S of which the two hold; strict: with an invertible B."""
    c, chain = open_product(node)
    half, odd = divmod(len(chain), 2)
    left, right = chain[:half], chain[half + odd :]
    if session_state.is_complex or not of_scalar(c) or reverse(left) != right:  # of complex matrices B'B is no square
        return None
    if strict and not all(is_square(base) and has("invertible", base) for base, _, _ in left):
        return None
    return True if not odd else of_middle(_node(chain[half])) or None


def _node(atom):
    base, flip, k = atom
    return make.power(transpose(base) if flip else base, k)
