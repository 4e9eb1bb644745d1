"""The style of Minka and of Magnus & Neudecker: differentials from the outside in, then the form from which the derivative is read off."""

from functools import partial
from typing import Any

from sympy import Add, Expr, MatrixSymbol, Mul, S, Trace
from sympy.matrices.expressions import DotProduct, Identity, MatAdd, MatMul
from sympy.matrices.expressions.matexpr import MatrixElement

from ..answers import echoed
from ..api.derivatives import gradient, hessian, jacobian, plain_gradient
from ..api.variables import is_scalar, shape_of
from ..canonical import prepare_whole
from ..cookbook.show import readable as as_typed
from ..errors import ShapeError, UnsupportedVariableError
from ..facts import read_facts
from ..indices import is_index_question
from ..kernel import make, shapes
from ..kernel.interning import raw, raw_scalar
from ..kernel.order import sort_key
from ..kernel.scalars import has_minus, scalar_product, scalar_sum
from ..kernel.session import id_memo
from ..kernel.shapes import is_matrix, is_one
from ..kernel.symmetry import transpose
from ..kernel.walks import holds
from ..nodes import MatrixSqrt, Unvec, Vec
from ..nodes.arrays import is_array_symbol
from ..notation.present import present
from ..notation.transposes import factors
from . import text
from .derivation import Step
from .moving import in_all, inner, moves
from .names import ADJOINT, COLLECTING, is_free, is_silent, is_turning, joined, moves_named, worth_naming
from .node import Differential, differential, name_of_differential
from .orientation import Orientation
from .recorder import Recorder
from .replace import held_in, outermost
from .stated import Stated
from .structured import Tied, moved_within, rule_of
from .tex import formula
from .unfolding import Unfolding, is_only_entry, levels, moves_of, zero_like

IDENTIFIED = {
    "gradient": "identification: df = tr(G' dX) makes G the gradient",
    "gradient of a vector": "identification: df = g' dx makes g the gradient",
    "jacobian": "identification: dF = J dx makes J the Jacobian",
    "vec jacobian": "identification: d vec F = J d vec X makes J the Jacobian",
    "derivative": "identification: df = f' dt makes f' the derivative",
    "hessian": "identification: the second differential dx' H dx makes H the Hessian",
    "second derivative": "identification: d^2 f = f'' dt^2 makes f'' the second derivative",
    "vec hessian": "identification: the second differential (d vec X)' H d vec X makes H the Hessian",
}
UNNAMED = "apply("  # how a function of entries begins in text that has no name; a formula shows its values alone
PAGE = 500  # nodes of an expression that is compared with what was typed
BOOK = "Magnus & Neudecker, ch. 9"


class Trail:
    """The lines of a derivation while it is made: `at` is where it stands, in canonical form and as it is shown."""

    def __init__(self, detail: int, X: Any, dX: Any, stated: Stated):
        self.detail, self.X, self.dX, self.stated = detail, X, dX, stated
        self.steps: list[Step] = []
        self.first: Any = None  # the left side of the chain of equations
        self.shown: Any = None

    def start(self, left: Any) -> None:
        """A new chain of equations."""
        self.first, self.shown, self.opening = left, left, True

    def line(self, right: Any, rule: str, source: str = "", note: str = "", parts: Any = (), found: Any = None) -> None:
        """One line more, unless it says what the last one does; found: (kind, the derivative that is read off it)."""
        right, said = self.stated.used_on(right)
        right = in_one_product(right)
        if not found and same(right, self.shown):
            return
        note = "; ".join(filter(None, [note, said]))
        self.steps.append(Step(self.shown, right, rule, source, tuple(parts), note, self.opening, found))
        self.shown, self.opening = right, False


def in_one_product(e: Any) -> Any:
    """c a'b, of scalars times the entry of a 1 x 1 product, as one product, which is how one writes it.

    Found out once a session for each term: from line to line most of them stay.
    """
    table = id_memo("in one product")
    found = table.get(e)
    if found is None:
        found = table[e] = e if is_matrix(e) else _in_one_product(e)
    return found


def _in_one_product(e: Any) -> Any:
    if e.is_Add:
        terms = [a if _is_minus_entry(a) else _sign_in_front(in_one_product(a)) for a in e.args]
        return e if all(x is y for x, y in zip(terms, e.args)) else scalar_sum(*terms)
    if not e.is_Mul:
        return e
    if any(a.is_Add and any(map(_holds_entry, a.args)) for a in e.args):  # of which it would be a product of a sum in brackets and matrices
        return _numbers_in_front(e)
    entries = [a for a in e.args if _is_entry(a)]
    if len(entries) != 1 or isinstance(entries[0].parent, MatAdd):
        return e
    return make.element(make.mul(*(a for a in e.args if a is not entries[0]), *factors(entries[0].parent)))


def _is_minus_entry(term: Any) -> bool:
    """Whether it is -(a'b), as it is to be."""
    if not term.is_Mul or len(term.args) != 2 or term.args[0] is not S.NegativeOne or not _is_entry(term.args[1]):
        return False
    parent = term.args[1].parent
    return not isinstance(parent, MatMul) or is_matrix(parent.args[0])


def _holds_entry(term: Any) -> bool:
    """Whether the entry of a 1 x 1 matrix is a factor."""
    return any(map(_is_entry, term.args if term.is_Mul else (term,)))


def _is_entry(a: Any) -> bool:
    return isinstance(a, MatrixElement) and shapes.shape_of(a.parent) == (S.One, S.One)


def _numbers_in_front(e: Any) -> Any:
    """2 a (b + c) for a (2 b + 2 c), into which SymPy multiplies numbers."""
    number, rest = S.One, []
    for a in e.args:
        numbers = {t.as_coeff_Mul()[0] for t in a.args} if a.is_Add else {S.One}
        c = numbers.pop() if len(numbers) == 1 else S.One
        number *= c
        rest.append(a if c is S.One else raw_scalar(Add, *(scalar_product(1 / c, t) for t in a.args)))
    return e if number is S.One else raw_scalar(Mul, number, *rest)


def _sign_in_front(e: Any) -> Any:
    """-(a'b) for the entry of (-1) a'b, a difference in a sum and no sum of something negative."""
    if not isinstance(e, MatrixElement) or not isinstance(e.parent, MatMul) or not is_one(shapes.shape_of(e.parent)[0]):
        return e
    c, *rest = e.parent.args
    if is_matrix(c) or not has_minus(c.as_coeff_Mul()[0]):
        return e
    table = id_memo("sign in front")
    found = table.get(e)
    if found is None:
        found = table[e] = scalar_product(S.NegativeOne, make.element(make.mul(-c, *rest)))
    return found


def same(a: Any, b: Any) -> bool:
    """Whether two sides are one expression, a 1 x 1 matrix and its entry taken for the same."""
    if isinstance(a, Differential) and isinstance(b, Differential):
        return same(a.part, b.part)
    return bool(_whole(a) == _whole(b))


def _reads_otherwise(written: Any, expr: Any) -> bool:
    """Whether it is worth a line that an expression is written so; not where only an order differs, nor where it fills a page.

    exp(exp(x)) may be one function or two as text is read, but looks alike as a formula.
    """
    if sort_key(written)[1] >= PAGE:
        return False
    typed = as_typed(expr)
    new, old = text.plain(written), text.plain(typed)
    if sorted(new) == sorted(old):
        return False
    may_look_alike = UNNAMED in old or UNNAMED in new or holds(expr, (DotProduct,))  # formulas take time to write
    return not (may_look_alike and sorted(formula(written)) == sorted(formula(typed)))


def _whole(e: Any) -> Any:
    return e.parent if _is_entry(e) else e


def answer_of(expr: Any, X: Any, order: int) -> tuple[str, Any]:
    """(kind, what the package gives): a Hessian of order 2, a gradient of a scalar, else a Jacobian, of more than two axes in vec form."""
    axes = [s for e in (expr, X) for s in (e.shape if is_matrix(e) else ()) if not is_one(s)]
    if order == 2:
        if not is_scalar(expr):
            raise ShapeError(f"`explain` with order=2 needs a scalar, got `{echoed(expr)}` of shape {shape_of(expr)}")
        wide = len([s for s in (X.shape if is_matrix(X) else ()) if not is_one(s)]) > 1
        return ("vec hessian", hessian(expr, X, form="vec")) if wide else ("hessian", hessian(expr, X))
    if is_scalar(expr):
        return "gradient", gradient(expr, X)
    return ("vec jacobian", jacobian(expr, X, form="vec")) if len(axes) > 2 else ("jacobian", jacobian(expr, X))


def answer_for(kind: str, expr: Any, X: Any, **structure: Any) -> Any:
    """What the package gives for a kind of derivative; structure: `structure` and `convention`."""
    function = {"gradient": gradient, "jacobian": jacobian, "hessian": hessian}[kind.removeprefix("vec ")]
    return function(expr, X, form="vec", **structure) if kind.startswith("vec ") else function(expr, X, **structure)


def refuse(expr: Any, X: Any) -> None:
    """Errors for what has no derivation in matrix notation."""
    if is_array_symbol(X) or not is_matrix(expr) and not isinstance(expr, Expr):
        raise UnsupportedVariableError(
            f"`explain` writes scalars and matrices; `{expr}` by `{X}` has arrays of more axes: take `jacobian`, which has no steps"
        )
    if is_index_question(expr, X):
        raise UnsupportedVariableError(f"`explain` works in matrix notation, and `{X}` is an entry in index notation: take `diff` by it")


def derive(expr: Any, X: Any, detail: int, order: int, tied: Tied | None = None) -> tuple[str, Any, list[Step]]:
    """(kind, result, steps), in a session; tied: the structure of X, None for a free X."""
    refuse(expr, X)
    kind, result = answer_of(expr, X, order)
    dX = name_of_differential(expr, X)
    stated = Stated(read_facts(), X)
    trail = Trail(detail, X, dX, stated)
    trail.start(differential(expr, X, dX))
    if order == 1:
        form, rule, book = partial(identified, expr, X, kind), IDENTIFIED[_word(kind, X)], BOOK
        final = form(dX, result)
        close(trail, expand_all(trail, expr), kind, final)
    else:
        form, rule, book = partial(quadratic, kind), IDENTIFIED[_word(kind, X)], "Magnus & Neudecker, ch. 10"
        first = stated.of_constants(plain_gradient(expr, X))  # what is stated of X is not so of what is near it: this is differentiated
        close(trail, expand_all(trail, expr), "gradient", inner(first, dX))
        read_off(trail, inner(first, dX), IDENTIFIED[_word("gradient", X)], BOOK, ("gradient", first))
        final = form(dX, result)
        second_order(trail, first, final)
    if tied:
        within, result = form(moved_within(tied.request, dX), result), answer_for(kind, expr, X, **tied.given)
        name, book = rule_of(tied.request)
        final = form(dX, result)
        trail.start(within)
        trail.line(final, name, book)
    read_off(trail, final, rule, book, (kind, result))
    return kind, result, trail.steps


def read_off(trail: Trail, final: Any, rule: str, source: str, found: tuple) -> None:
    """The last line: what the chain of equations began with is what it ended with, from which the derivative is read off."""
    trail.start(trail.first)
    trail.line(final, rule, source, found=found)


def expand_all(trail: Trail, expr: Any, around: Any = None) -> Any:
    """The lines from d(expr) to an expression of dX alone, which is returned in canonical form; around: what the differential stands in."""
    prepared = prepare_whole(expr)
    recorder = Recorder(prepared, trail.X, trail.dX)
    state = recorder(prepared)
    oriented = Orientation(expr, trail.X, trail.dX, trail.detail == 2)
    if state is None:
        trail.line(S.Zero if around else zero_like(expr), "constant", note=f"{text.plain(trail.X)} does not occur")
        return None
    written = oriented(present(prepared))
    if trail.detail and not around and _whole(written) != _whole(expr) and _reads_otherwise(written, expr):
        trail.line(differential(written, trail.X, trail.dX), "in matrix notation")
    first = len(trail.steps)
    while held_in(state):
        used, state = _one_line(trail, recorder, state, levels(len(trail.steps) - first + 1, trail.detail))
        names = [recorder.name_of(h) for h in used if not is_only_entry(h.part)] or [recorder.name_of(h) for h in used]
        right, note = oriented(present(around(state) if around else state)), "; ".join(dict.fromkeys(map(_proviso, used))).strip("; ")
        trail.line(right, *joined(names, trail.detail), note, parts=[present(h) for h in used])
    return state if around else oriented(state, lambda product: product)


def _proviso(held: Any) -> str:
    """What has to hold for the rule though not for the value, in words: a root of A'A has a differential where A'A is nonsingular."""
    part = held.part.args[0] if isinstance(held.part, Trace) else held.part
    return f"where {', '.join(part.is_smooth_where)}" if isinstance(part, MatrixSqrt) and not part.conditions else ""


def _one_line(trail: Trail, recorder: Recorder, state: Any, deep: int) -> tuple[list, Any]:
    """(the differentials that were written out, the state after it): one, all that there are, or these and all that need no line.

    deep: how many times in this line. With all details a line also takes d(A') = (dA)', which it names.
    """
    line = Unfolding(recorder, state)
    if trail.detail == 2:
        line.pass_entries()
        for _ in range(deep):
            line.write_out(outermost(line.held)[:1])
            line.pass_entries()
        line.write_out_while(is_turning)
        line.pass_entries()
        return line.used, line.written()
    needs_no_line = is_silent if trail.detail else is_free
    line.write_out_while(needs_no_line)
    for _ in range(deep):
        line.write_out(outermost(line.held))
        line.write_out_while(needs_no_line)
    return line.used, line.written()


# ---------------------------------------------------------------- the form from which the derivative is read off


def close(trail: Trail, state: Any, kind: str, final: Any) -> None:
    """From an expression linear in dX to tr(G' dX), or J dX, with the result in it."""
    if state is not None:
        moves = kind == "gradient" and isinstance(trail.dX, MatrixSymbol)
        trail.line(final, (moves and _move(trail, state, final)) or _collecting(kind, trail))


def _word(kind: str, X: Any) -> str:
    if not is_matrix(X):
        return "second derivative" if kind == "hessian" else "derivative"
    return "gradient of a vector" if kind == "gradient" and S.One in X.shape else kind


def _collecting(kind: str, trail: Trail) -> str:
    if not isinstance(trail.dX, MatrixSymbol):
        return COLLECTING
    if kind == "gradient":
        if trail.detail:
            return COLLECTING
        return "collecting terms, a scalar is its own transpose" if S.One in trail.dX.shape else "transposing and cycling under the trace"
    return "vec of both sides" if kind == "vec jacobian" else "as a matrix times the differential"


def _move(trail: Trail, state: Any, final: Any) -> str:
    """Transposing and cycling, move by move or at once; what the last of these lines does, "" for collecting terms."""
    if trail.detail == 2:
        for names, moved in moves(state, trail.dX, final, moves_of):
            right = scalar_sum(*(a if a is final else present(a) for a in moved))
            trail.line(right, moves_named(names, trail.shown, right))
    elif trail.detail == 1:
        names, separate = in_all(state, trail.dX)
        name = worth_naming(names)
        if separate is None and not Add.make_args(state)[1:]:
            return "" if ADJOINT in name else name
        if separate is not None:
            trail.line(present(separate), name)
    return ""


def identified(expr: Any, X: Any, kind: str, dX: Any, result: Any) -> Any:
    """The differential with the result in it: tr(G' dX), g' dx, J dx, and of a matrix by a matrix unvec(J vec(dX))."""
    if kind == "gradient":
        return inner(result, dX)
    one = shapes.shape_of(dX) == (S.One, S.One) if is_matrix(dX) else True
    if kind == "vec jacobian":
        product = make.mul(*factors(result), *([make.element(dX)] if one else [_column(dX)]))
        return raw(Unvec, product, *shapes.shape_of(expr)) if _is_wide(expr) else _like(product, expr)
    if one:
        step = make.element(dX) if is_matrix(dX) else dX
        return _like(make.mul(step, *factors(result)), expr)
    return _like(make.mul(*_but_identity(result), _column(dX)), expr)


def _but_identity(J: Any) -> list:
    """The factors of a matrix, without the identity."""
    return [a for a in factors(J) if not isinstance(a, Identity)]


def _is_wide(e: Any) -> bool:
    return not any(map(is_one, shapes.shape_of(e)))


def _column(e: Any) -> Any:
    """A vector as a column, of a matrix its vec."""
    rows, cols = shapes.shape_of(e)
    return e if is_one(cols) else transpose(e) if is_one(rows) else raw(Vec, e)


def _like(e: Any, expr: Any) -> Any:
    """With the shape of the expression, of which it may be the transpose."""
    return present(transpose(e)) if shapes.shape_of(e) != shapes.shape_of(expr) else e


# ---------------------------------------------------------------- second order


def second_order(trail: Trail, first: Any, final: Any) -> None:
    """d^2 f = tr((dG)' dX) with dX held fixed, to dx' H dx."""
    X, dX = trail.X, trail.dX
    trail.start(differential(trail.stated.used_on_constants(inner(first, dX)), X, dX))
    around = partial(_times, dX)
    trail.line(around(differential(first, X, dX)), "differential of the differential, dX held fixed", "Magnus & Neudecker, ch. 6")
    if expand_all(trail, first, around) is not None:
        trail.line(final, "as a quadratic form in dX" if is_matrix(dX) else COLLECTING)


def _times(dX: Any, e: Any) -> Any:
    """<E, dX>; of a sum without held differentials the scalar dt is multiplied out, dt^2 a + dt^2 b."""
    if is_matrix(dX) or not e.is_Add or held_in(e):
        return inner(e, dX)
    return scalar_sum(*(scalar_product(dX, a) for a in e.args))


def quadratic(kind: str, dX: Any, H: Any) -> Any:
    """dx' H dx, and of a matrix (d vec X)' H d vec X."""
    if not is_matrix(dX):
        return scalar_product(H, dX**2)
    if shapes.shape_of(dX) == (S.One, S.One):
        return scalar_product(make.element(H) if is_matrix(H) else H, make.element(dX) ** 2)
    v = _column(dX)
    return make.element(make.mul(transpose(v), *_but_identity(H), v))
