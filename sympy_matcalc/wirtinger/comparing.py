"""Whether two expressions of complex numbers are one, and the canonical form in stand-ins that this is read off."""

from typing import Any

from ..canonical import prepare_whole
from ..kernel.session import complex_session
from ..typed_input import as_expression
from .conjugation import Conjugation
from .stand_ins import StandIns
from .stated import read_stated


def in_stand_ins(*exprs: Any) -> tuple[list[Any], StandIns]:
    """The canonical forms of expressions in the same stand-ins, and these; inside of a `complex_session`."""
    given = [as_expression(e) for e in exprs]
    ins = StandIns(given, [], read_stated(None))
    conjugation = Conjugation(ins)
    return [prepare_whole(conjugation(e, False)) for e in given], ins


def is_same(a: Any, b: Any) -> bool:
    """Whether two expressions of complex numbers are one in canonical form."""
    with complex_session():
        (a, b), _ = in_stand_ins(a, b)
        return bool(a == b)
