"""The style of "The matrix calculus you need for deep learning" (Parr & Howard): intermediate variables, their Jacobians, chain rules."""

from dataclasses import replace
from typing import Any

from sympy import Add, Basic, Indexed, MatrixSymbol, Max, Min, Mul, Pow, S, Symbol
from sympy.matrices.expressions import DiagMatrix, HadamardPower, HadamardProduct, Identity, MatAdd, MatMul, OneMatrix
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.matexpr import MatrixElement

from ..api.derivatives import gradient, jacobian, plain_jacobian
from ..api.structured import shortened
from ..api.variables import is_scalar
from ..canonical import prepare_whole
from ..errors import ArgumentError
from ..facts import read_facts
from ..kernel import make
from ..kernel.interning import raw, raw_scalar
from ..kernel.scalars import scalar_product, scalar_sum
from ..kernel.shapes import is_matrix, is_one, parted, shape_of
from ..kernel.symmetry import transpose
from ..kernel.walks import every_node, holds
from ..notation.present import present
from ..notation.transposes import factors
from ..rules.registry import name_of_rule
from .derivation import Step
from .graph import Operation, operations, refusal
from .partial import MatrixPartial, Partial
from .stated import Stated
from .text import plain

BOOK = "Parr & Howard"
BROADCAST = "a scalar is broadcast: a vector of ones"
DIAGONAL = "elementwise operation: the Jacobian is diagonal"
SUM = "sum: the derivative is a row of ones"
ROW = "vectors are columns: the transpose of the row, which has the same Jacobian"
OF_THE_PAPER = (BROADCAST, DIAGONAL, SUM)
ELEMENTWISE = (HadamardProduct, HadamardPower, ElementwiseApplyFunction, MatAdd)


def derive(expr: Any, X: Any, detail: int, order: int) -> tuple[str, Any, list[Step]]:
    """(kind, result, steps), in a session. Errors: UnsupportedVariableError where an intermediate variable is a matrix."""
    if order != 1:
        raise ArgumentError(f"`explain`: style='chain' has the order 1 only, got {order}; take style='differential' for a Hessian")
    _check_shapes(expr, X)
    kind, result = ("gradient", gradient(expr, X)) if is_scalar(expr) else ("jacobian", jacobian(expr, X))
    is_row = not is_scalar(expr) and is_one(expr.shape[0]) and not is_one(expr.shape[1])
    prepared = prepare_whole(transpose(expr) if is_row else expr)
    ops = operations(prepared, X, detail)
    steps = [definition(o, ops) for o in ops]
    steps[-1] = replace(steps[-1], note=ROW) if is_row else steps[-1]
    facts = read_facts()
    locals_ = {(o.symbol, v): shortened(plain_jacobian(o.op, v), facts) for o in ops for v in o.on}
    steps += [local(o, v, locals_[o.symbol, v]) for o in ops for v in o.on]
    total = Partial(ops[-1].symbol, present(prepared), X, total=True)
    row, _ = Stated(facts, X).used_on(_row(result) if kind == "gradient" else result)
    steps += chain(ops, X, locals_, total, row)
    return kind, result, concluded(steps, total, kind, result)


def _check_shapes(expr: Any, X: Any) -> None:
    """Errors for what is no function of a scalar or a column to such a one."""
    if isinstance(X, (MatrixElement, Indexed)):
        raise refusal(f"the variable `{X}` is an entry, and the operations are those on all of `{X.args[0]}`")
    if not isinstance(X, (Symbol, MatrixSymbol)):
        raise refusal(f"the variable `{X}` is an array")
    if isinstance(X, MatrixSymbol) and X.shape[1] != 1:
        what = "a row, and vectors are columns: write the function with the transpose" if X.shape[0] == 1 else "a matrix"
        raise refusal(f"the variable `{X}` of shape {tuple(X.shape)} is {what}")
    if not is_scalar(expr) and 1 not in expr.shape:
        raise refusal(f"`{plain(expr)}` is a matrix of shape {tuple(expr.shape)}")


# ---------------------------------------------------------------- intermediate variables and their Jacobians


def definition(o: Operation, ops: list[Operation]) -> Step:
    """u_k = ..."""
    last = o is ops[-1]
    rule = "the function" if last and len(ops) == 1 else "the function, in intermediate variables" if last else "intermediate variable"
    return Step(o.symbol, o.op, rule, note=_remark(o, ops), parts=(o.symbol,), opening=True)


def _remark(o: Operation, ops: list[Operation]) -> str:
    """The error term of a loss: a difference from data that is squared; not x - mean(x) 1, where all summands vary."""
    if not isinstance(o.op, (Add, MatAdd)) or not any(_is_square(other.op, o.symbol) for other in ops):
        return ""
    return "" if all(any(_occurs(a, v) for v in o.on) for a in o.op.args) else "the error term"


def _is_square(op: Any, symbol: Any) -> bool:
    if isinstance(op, HadamardPower) or op.is_Pow:
        return bool(op.args[0] == symbol and op.args[1] == 2)
    return any(
        isinstance(a, MatMul) and [f for f in a.args if is_matrix(f)] == [transpose(symbol), symbol] for a in op.args if is_matrix(symbol)
    )


def local(o: Operation, v: Any, value: Any) -> Step:
    """du_k/dv = ..., with what it is an example of."""
    left = Partial(o.symbol, o.op, v)
    name = _name_of(o.op, v, value)
    return Step(left, value, name, BOOK if name in OF_THE_PAPER else "", parts=(left,), note=_shape_note(left), opening=True)


def _shape_note(left: Any) -> str:
    return " x ".join(map(str, left.shape)) if is_matrix(left) else "scalar"


def _name_of(op: Any, v: Any, value: Any) -> str:
    of_vector = is_matrix(op) and not is_one(shape_of(op)[0])
    if of_vector and not is_matrix(v):
        return BROADCAST if isinstance(value, OneMatrix) else "vector by scalar"
    core = next((f for f in factors(value) if is_matrix(f)), value) if is_matrix(value) else value
    if of_vector and (isinstance(core, (DiagMatrix, Identity)) or isinstance(op, ELEMENTWISE)) and _is_diagonal(value):
        return DIAGONAL
    if isinstance(core, OneMatrix):
        return SUM
    if is_matrix(v) and not _occurs(value, v):
        return "linear function"
    return _name_of_scalar(prepare_whole(op), v)


def _name_of_scalar(op: Any, v: Any) -> str:
    """What a textbook calls the derivative of an operation on scalars, or of vectors to a scalar."""
    if isinstance(op, (Max, Min)):
        return "derivative of a maximum, by pieces" if isinstance(op, Max) else "derivative of a minimum, by pieces"
    if isinstance(op, Mul) and sum(_occurs(a, v) for a in op.args) == 1:
        return "constant factor"
    if isinstance(op, Pow) and not op.exp.is_number:
        return "derivative of an exponential"
    name = name_of_rule(op).name
    if name == "entry":
        return "derivative of a product of vectors"
    return f"derivative of {op.func.__name__}" if name == "chain rule" else name.replace("differential", "derivative")


def _is_diagonal(value: Any) -> bool:
    terms = value.args if isinstance(value, MatAdd) else (value,)
    return all(isinstance(f, (DiagMatrix, Identity)) for t in terms for f in factors(t) if is_matrix(f))


def _occurs(e: Any, v: Any) -> bool:
    return any(node == v for node in every_node(e))


# ---------------------------------------------------------------- the chain rule


def chain(ops: list[Operation], X: Any, locals_: dict, total: Any, result: Any) -> list[Step]:
    """df/dx as products of Jacobians; then with their values, then in terms of the variable."""
    if len(ops) == 1:
        value = locals_.get((ops[0].symbol, X), result)
        return [] if value == result else [Step(value, result, "in matrix notation")]
    uses: dict[Any, int] = {}
    for o in ops:
        for v in o.on:
            uses[v] = uses.get(v, 0) + 1
    written: dict[Any, Any] = {}  # symbol -> its derivative by X in terms of partial derivatives
    values: dict[Any, Any] = {}  # the same with their values
    steps = []
    for o in ops:
        pairs = [(v, Partial(o.symbol, o.op, v)) for v in o.on]
        written[o.symbol] = _sum([p if v == X else times(p, written[v]) for v, p in pairs])
        values[o.symbol] = _sum([locals_[o.symbol, v] if v == X else times(locals_[o.symbol, v], values[v]) for v, _ in pairs])
        if o is not ops[-1] and uses[o.symbol] > 1 and written[o.symbol] not in (pairs[0][1],):
            left = Partial(o.symbol, o.whole, X, total=True)
            steps.append(Step(left, written[o.symbol], rule_of([*o.on, o.symbol, X], o.on), BOOK, parts=(left,), opening=True))
            steps.append(Step(written[o.symbol], values[o.symbol], "the Jacobians put in"))
            written[o.symbol] = left
    f = ops[-1].symbol
    steps.append(Step(total, written[f], rule_of([o.symbol for o in ops] + [X], _branches(ops)), BOOK, parts=(total,), opening=True))
    steps.append(Step(written[f], values[f], "the Jacobians put in"))
    return steps if values[f] == result else [*steps, Step(values[f], result, "the intermediate variables substituted back")]


def _branches(ops: list[Operation]) -> tuple:
    return max((o.on for o in ops), key=len)


def rule_of(symbols: list, on: tuple) -> str:
    """Which of the three chain rules."""
    if any(is_matrix(s) for s in symbols):
        return "vector chain rule"
    return "single-variable total-derivative chain rule" if len(on) > 1 else "single-variable chain rule"


def times(a: Any, b: Any) -> Any:
    """The product of two Jacobians, scalars among them; 1 x 1 is a scalar."""
    a, b = _as_row_times_column(a), _as_row_times_column(b)
    if not is_matrix(a) and not is_matrix(b):
        return scalar_product(a, b) if not holds(a, (Partial,)) else raw_scalar(Mul, *_in_order(a), *_in_order(b))
    product = _chain_of(a, b) if holds(a, (Partial,)) else make.mul(*_but_identities([*factors(a), *factors(b)]))
    return make.element(product) if tuple(shape_of(product)) == (S.One, S.One) else product


def _as_row_times_column(e: Any) -> Any:
    """The 1 x 1 product of which something is the entry, so that what stands in front of it needs no brackets around it."""
    is_product = isinstance(e, MatrixElement) and isinstance(e.parent, MatMul) and tuple(shape_of(e.parent)) == (S.One, S.One)
    return e.parent if is_product else e


def _but_identities(values: list) -> list:
    """The factors without the identities among them, but for one where there is no other matrix."""
    rest = [f for f in values if not isinstance(f, Identity)]
    return rest if any(map(is_matrix, rest)) else [*rest, next(f for f in values if isinstance(f, Identity))]


def _chain_of(a: Any, b: Any) -> Any:
    """The factors in their order, scalars in front, but for those behind a column, which stay there as 1 x 1 matrices."""
    in_order = [x for f in (*factors(a), *factors(b)) for x in (_in_order(f) if not is_matrix(f) else (f,))]
    first = next(k for k, f in enumerate(in_order) if is_matrix(f))
    in_place = [Basic.__new__(MatrixPartial, *f.args) if isinstance(f, Partial) else f for f in in_order[first:]]
    scalars, matrices = parted([*in_order[:first], *in_place])
    front = scalars if len(scalars) < 2 else [raw_scalar(Mul, *scalars)]
    return raw(MatMul, *front, *matrices) if len(front) + len(matrices) > 1 else matrices[0]


def _in_order(e: Any) -> tuple:
    return e.args if isinstance(e, Mul) else (e,)


def _sum(terms: list) -> Any:
    if not is_matrix(terms[0]):
        return raw_scalar(Add, *terms) if len(terms) > 1 and holds(terms[0], (Partial,)) else scalar_sum(*terms)
    return make.add(*(x for t in terms for x in (t.args if isinstance(t, MatAdd) else (t,))))


def _row(gradient: Any) -> Any:
    """The derivative of a scalar in numerator layout."""
    return present(transpose(gradient)) if is_matrix(gradient) else gradient


def concluded(steps: list[Step], total: Any, kind: str, result: Any) -> list[Step]:
    """The gradient is the transposed row; else the derivative is what the last line has found."""
    if kind == "gradient" and is_matrix(result) and tuple(result.shape) != (1, 1):
        left = transpose(total)
        return [*steps, Step(left, result, "the gradient is the row, transposed", parts=(left,), opening=True, found=(kind, result))]
    *before, last = steps
    if last.right == result and not isinstance(
        last.left, (Symbol, MatrixSymbol)
    ):  # read off there: a line of its own would say the same again
        return [*before, replace(last, left=total, parts=(total,), opening=True, found=(kind, result))]
    word = "Jacobian" if kind == "jacobian" else kind if is_matrix(total.variable) else "derivative"
    return [*steps, Step(total, result, f"this is the {word}", parts=(total,), opening=True, found=(kind, result))]
