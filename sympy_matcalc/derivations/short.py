"""Names for the long parts of a derivation: those of its result, or of its longest line, stand for these parts in all of its lines."""

from collections.abc import Callable, Iterable
from re import escape, search
from typing import Any

from sympy import S, Symbol
from sympy.matrices.expressions import MatAdd, MatMul, MatrixSymbol, Transpose

from ..abbreviation import abbreviate
from ..kernel import make
from ..kernel.as_written import as_written
from ..kernel.occurrence import contains, occurrence_of
from ..kernel.order import sort_key
from ..kernel.session import session
from ..kernel.walks import holds, postorder
from ..notation.transposes import factors
from .node import Differential, is_plain
from .reading import readable
from .replace import differential_last, parts_of, rebuilt

SHORT = 12  # nodes of a product that has no name
RESULT = 80  # characters: of a longer result, repeated parts get names
PAGE = 300  # nodes of what a differential is held of
LINE = 100  # characters: so long may a line be that is no result
SIGN = Symbol("d")
BLOCK = 600  # characters: where names of the result leave a line that is longer, all lines share names


class Names:
    """``pairs``: (symbol, part), a later part may hold earlier symbols; called on an expression, how that is written with the symbols.

    known: pairs of an expression, the object itself, and the same with the symbols. dX: what moves, last in elementwise products.
    """

    def __init__(self, pairs: tuple, known: Iterable = (), dX: Any = None):
        self.pairs, self.known, self.dX = pairs, {id(e): (e, short) for e, short in known}, dX

    def __call__(self, e: Any) -> Any:
        known = self.known.get(id(e))
        with session():
            short = self._named(as_written(e)) if known is None else known[1]
            return short if self.dX is None else differential_last(short, self._moves())

    def _named(self, e: Any) -> Any:
        for symbol, part in self.pairs:
            e = put_in(e, part, symbol)
        return e

    def _moves(self) -> Callable[[Any], bool]:
        """Whether a part holds dX, or a name of what does."""
        holds = [occurrence_of(self.dX)]
        for symbol, part in self.pairs:
            holds += [occurrence_of(symbol)] if any(h(part) for h in holds) else []
        return lambda e: any(h(e) for h in holds)

    @property
    def shown(self) -> list:
        """The pairs, as the parts are written."""
        with session():
            moves = self._moves()
            return [(s, part if self.dX is None else differential_last(part, moves)) for s, part in self.pairs]

    def of_right(self, step: Any) -> Any:
        """A right side; of a definition u1 = A the part as it is where the whole has a name: u1 = c would say nothing."""
        short = self(step.right)
        is_definition = step.opening and isinstance(step.left, (Symbol, MatrixSymbol))
        return step.right if is_definition and any(short == symbol for symbol, _ in self.pairs) else short

    def of_left(self, left: Any) -> Any:
        """A left side as it was typed, with names only where it fills a page."""
        if id(left) in self.known:
            return self.known[id(left)][1]
        e = readable(left)
        with session():
            size = sort_key(e.args[0])[1] if isinstance(e, Differential) else 0
        return self(e) if size > PAGE else e


def names_of(derivation: Any, text: Callable[[Any], str]) -> Names:
    """The names that a derivation is written with; none where all of its lines are short."""
    found = _without_defined(_of_result(derivation, text), derivation, text)
    found.dX = getattr(derivation.steps[0].left, "direction", None)
    lines = [s.right for s in derivation.steps if not s.found]
    lefts = [s.left for s in derivation.steps if s.opening and not s.found]
    shown = [*map(found, lines), *map(found.of_left, lefts)]
    return _of_all(derivation, lines, lefts, found.dX) if any(_is_longer(e, BLOCK, text) for e in shown) else found


def _without_defined(names: Names, derivation: Any, text: Callable[[Any], str]) -> Names:
    """Without the names of what is a definition as a whole, u1 = A, and is written nowhere else."""
    sides = [derivation.result, *(s.right for s in derivation.steps if not isinstance(s.left, (Symbol, MatrixSymbol)))]
    written = " ".join(map(text, [*map(names, sides), *(p for _, p in names.pairs)])) if names.pairs and derivation.style == "chain" else ""
    unused = [s for s, _ in names.pairs if written and not search(rf"\b{escape(text(s))}\b", written)]
    if not unused:
        return names
    return Names(tuple(pair for pair in names.pairs if pair[0] not in unused), names.known.values(), names.dX)


def _of_all(derivation: Any, lines: list, lefts: list, dX: Any) -> Names:
    """Names for what any lines have in common, without which the text of what is used again and again grows as two to the depth."""
    sides, taken = [derivation.result, *lines, *lefts], _taken(derivation)
    names, short = abbreviate([derivation.result, *lines, *map(readable, lefts), *taken])
    with session():
        for symbol, part in [pair for pair in names if _is_one_differential(pair[1])]:
            names = tuple((s, put_in(p, symbol, part)) for s, p in names if s != symbol)
            short = [put_in(e, symbol, part) for e in short]
    return Names(names, zip(sides, short), dX)


def _taken(derivation: Any) -> list:
    """What is no name of a part: the names of definitions, and the sign of the differential."""
    return [SIGN, *(s.left for s in derivation.steps if s.left.is_symbol)]


def _is_one_differential(part: Any) -> bool:
    """Whether it is d of a symbol, which needs no name."""
    return isinstance(part, Differential) and is_plain(part.part)


def _of_result(derivation: Any, text: Callable[[Any], str]) -> Names:
    """Names for the parts of a long result, else for those of the longest line."""
    result, taken = derivation.result, _taken(derivation)
    if _is_longer(result, RESULT, text):
        names, (short, *_) = abbreviate([result, *taken])
        return Names(names, [(result, short)])
    lines = [s.right for s in derivation.steps if not s.found]
    if not any(_is_longer(e, LINE, text) for e in lines):
        return Names(())
    with session():
        written_out = [e for e in lines if not holds(e, (Differential,))]
        longest = max(written_out, key=lambda e: sort_key(e)[1], default=result)
    return _worth_it(abbreviate([longest, result, *taken]).names, [*lines, result])


def _worth_it(pairs: tuple, lines: list) -> Names:
    """The names that shorten more lines than one, no short products of symbols among them."""
    with session():
        for symbol, part in pairs[::-1]:
            shown = [*map(Names(pairs), lines), *(p for _, p in pairs)]
            if sum(contains(e, symbol) for e in shown) < 2 or _is_short(part):
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
    """`top` with the symbol for a part, also where that is some neighbouring factors of a product, or a sum with the other sign."""
    found: dict[int, Any] = {}
    opposite = _opposite(part)
    for node in postorder(top, _parts):
        if node == part:
            found[id(node)] = symbol
            continue
        if opposite and isinstance(node, MatAdd) and set(node.args) == opposite:
            found[id(node)] = _negative(symbol)
            continue
        args = [found.get(id(a), a) for a in node.args]
        new = node if all(x is y for x, y in zip(args, node.args)) else _with(node, args)
        found[id(node)] = _folded(new, part, symbol) if isinstance(new, (MatMul, MatAdd)) and type(new) is type(part) else new
    return found[id(top)]


def _opposite(part: Any) -> set:
    """The summands of a - b for a sum b - a; none of all else."""
    return set(map(_negative, part.args)) if isinstance(part, MatAdd) else set()


def _negative(e: Any) -> Any:
    return make.mul(S.NegativeOne, *factors(e))


def _parts(node: Any) -> tuple:
    """Parts, that of a held differential among them."""
    return node.args if isinstance(node, Differential) else parts_of(node)


def _with(node: Any, args: list) -> Any:
    return node.func(*args) if isinstance(node, Differential) else rebuilt(node, args)


def _folded(whole: Any, part: Any, symbol: Any) -> Any:
    """A product with the symbol for the factors of another one, wherever they stand side by side; a sum with that for some summands."""
    if isinstance(whole, MatAdd):
        rest = [a for a in whole.args if a not in part.args]
        return make.add(symbol, *rest) if len(rest) + len(part.args) == len(whole.args) else whole
    factors, wanted = list(whole.args), list(part.args)
    for k in range(len(factors) - len(wanted), -1, -1):
        if factors[k : k + len(wanted)] == wanted:
            factors[k : k + len(wanted)] = [symbol]
    return whole if len(factors) == len(whole.args) else make.mul(*factors)
