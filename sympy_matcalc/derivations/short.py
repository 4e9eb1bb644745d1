"""Names for the long parts of a derivation: those of its result, or of its longest line, stand for these parts in all of its lines."""

from collections.abc import Callable
from typing import Any

from sympy.matrices.expressions import MatMul, MatrixSymbol, Transpose

from ..abbreviation import abbreviate
from ..kernel import make
from ..kernel.occurrence import contains
from ..kernel.order import sort_key
from ..kernel.session import session
from ..kernel.walks import holds, postorder
from .node import Differential
from .replace import parts_of, rebuilt

SHORT = 12  # nodes of a product that has no name
RESULT = 80  # characters: of a longer result, repeated parts get names
PAGE = 300  # nodes of what a differential is held of
LINE = 100  # characters: so long may a line be that is no result


class Names:
    """``pairs``: (symbol, part), a later part may hold earlier symbols; called on an expression, the same with the symbols."""

    def __init__(self, pairs: tuple, shown: Any = None, result: Any = None):
        self.pairs, self.shown, self.result = pairs, shown, result

    def __call__(self, e: Any) -> Any:
        if e is self.result and e is not None:
            return self.shown
        with session():
            for symbol, part in self.pairs:
                e = put_in(e, part, symbol)
        return e

    def of_left(self, e: Any) -> Any:
        """A left side, which stays as it was typed unless it fills a page."""
        with session():
            size = sort_key(e.args[0])[1] if isinstance(e, Differential) else 0
        return self(e) if size > PAGE else e


def names_of(derivation: Any, text: Callable[[Any], str]) -> Names:
    """The names that a derivation is written with; none where all of its lines are short."""
    result, taken = derivation.result, [s.left for s in derivation.steps if s.left.is_symbol]
    if _is_longer(result, RESULT, text):
        names, (short, *_) = abbreviate([result, *taken])
        return Names(names, short, result)
    lines = [s.right for s in derivation.steps if not s.found]
    if not any(_is_longer(e, LINE, text) for e in lines):
        return Names(())
    with session():
        written_out = [e for e in lines if not holds(e, (Differential,))]
        longest = max(written_out, key=lambda e: sort_key(e)[1], default=result)
    return _worth_it(abbreviate([longest, result, *taken]).names, [*lines, result])


def _worth_it(pairs: tuple, lines: list) -> Names:
    """The names that shorten more lines than one, no short products of symbols among them."""
    for symbol, part in pairs[::-1]:
        shown = [*map(Names(pairs), lines), *(p for _, p in pairs)]
        with session():
            uses = sum(contains(e, symbol) for e in shown)
        if uses < 2 or _is_short(part):
            pairs = tuple((s, put_in(p, symbol, part)) for s, p in pairs if s != symbol)
    return Names(pairs)


def _is_short(part: Any) -> bool:
    """Whether it is a product of a few symbols, which needs no name."""
    with session():
        return isinstance(part, MatMul) and sort_key(part)[1] < SHORT and all(isinstance(f, (MatrixSymbol, Transpose)) for f in part.args)


def _is_longer(e: Any, limit: int, text: Callable[[Any], str]) -> bool:
    """Whether a text is longer; what has more nodes than that surely is, and where parts are shared its text has no bound."""
    with session():
        return bool(sort_key(e)[1] > 2 * limit) or len(text(e)) > limit


def put_in(top: Any, part: Any, symbol: Any) -> Any:
    """`top` with the symbol for a part, also where that is some neighbouring factors of a product."""
    found: dict[int, Any] = {}
    for node in postorder(top, _parts):
        if node == part:
            found[id(node)] = symbol
            continue
        args = [found.get(id(a), a) for a in node.args]
        new = node if all(x is y for x, y in zip(args, node.args)) else _with(node, args)
        found[id(node)] = _folded(new, part, symbol) if isinstance(part, MatMul) and isinstance(new, MatMul) else new
    return found[id(top)]


def _parts(node: Any) -> tuple:
    """Parts, that of a held differential among them."""
    return node.args if isinstance(node, Differential) else parts_of(node)


def _with(node: Any, args: list) -> Any:
    return node.func(*args) if isinstance(node, Differential) else rebuilt(node, args)


def _folded(product: Any, part: Any, symbol: Any) -> Any:
    """A product with the symbol for the factors of another one, wherever they stand side by side."""
    factors, wanted = list(product.args), list(part.args)
    for k in range(len(factors) - len(wanted), -1, -1):
        if factors[k : k + len(wanted)] == wanted:
            factors[k : k + len(wanted)] = [symbol]
    return product if len(factors) == len(product.args) else make.mul(*factors)
