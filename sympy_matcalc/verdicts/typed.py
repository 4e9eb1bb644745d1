"""A formula and an expression as typed text: both of the same symbols, and a formula whose shapes do not fit is told so as a verdict."""

from difflib import get_close_matches
from typing import Any

from sympy import Symbol

from ..errors import ParseError, ShapeError
from ..text import Reading, read, to_text
from ..text.functions import CONSTANTS
from ..text.tree import names_in
from ..text.trees import read_tree
from .public import verdict
from .question import Question
from .result import Verdict


def written(e: Any) -> str:
    """An expression as typed; of what could not be read, the text itself."""
    return e if isinstance(e, str) else to_text(e)


def read_formula(mine: str, reading: Reading) -> Any:
    """The formula of a text, read with the shapes of the expression.

    Errors: ParseError for a name that the expression has not; ShapeError where the formula's shapes do not fit together.
    """
    sizes = {str(s) for symbol in reading.symbols.values() for d in getattr(symbol, "shape", ()) for s in d.free_symbols}
    names = names_in(read_tree(mine)[1])
    for name in names:
        if name not in reading.symbols and name not in sizes and name not in CONSTANTS:
            near = get_close_matches(name, [*reading.symbols, *sizes], 1)
            hint = f"did you mean `{near[0]}`? Its" if near else "its"
            hint += f" names are {', '.join([*reading.symbols, *sorted(sizes)])}"
            raise ParseError(
                f"the formula `{mine}` uses `{name}`, which the expression `{reading.text}` has not; write it in those it has: {hint}"
            )
    found = read(mine, {name: symbol.shape if symbol.is_Matrix else "scalar" for name, symbol in reading.symbols.items() if name in names})
    same = {Symbol(s.name): s for symbol in reading.symbols.values() for d in getattr(symbol, "shape", ()) for s in d.free_symbols}
    return found.expr.subs({s: same[Symbol(s.name)] for s in found.symbols.values() if Symbol(s.name) in same})


def typed_verdict(mine: str, reading: Reading, order: int = 1, **given: Any) -> Verdict:
    """`verdict` on a typed formula about what was read; where its shapes do not fit together the kind is "wrong shape".

    >>> from sympy_matcalc.text import read
    >>> reading = read("norm(X*w - y)**2", variables=["w"])
    >>> typed_verdict("2*X.T*(X*w - y)", reading).kind
    'right'
    >>> typed_verdict("2*X*(X*w - y)", reading).kind
    'wrong shape'
    """
    (X,) = reading.variables
    try:
        formula = read_formula(mine, reading)
    except ShapeError as error:
        question = Question(mine, reading.expr, X, order=order, **given)
        what = str(error).partition("\n")[0]  # no picture with a caret in the middle of a sentence
        what = what.partition(" Shapes so far: ")[0].rstrip(".")  # they are those of the expression, which stands above
        note = f"`{mine.strip()}` does not fit together, {what}"
        return Verdict("wrong shape", mine.strip(), question.derivative(), reading.expr, X, question.name, note=note)
    return verdict(formula, reading.expr, X, order, **given)
