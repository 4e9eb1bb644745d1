"""The SymPy of calls. A node of the package is its class; the other functions have a line each, in a table."""

import re
from collections.abc import Callable

from sympy import (
    Determinant,
    DiagMatrix,
    DiagonalOf,
    Expr,
    HadamardPower,
    HadamardProduct,
    Heaviside,
    Identity,
    KroneckerProduct,
    Lambda,
    MatMul,
    Max,
    Min,
    Mul,
    OneMatrix,
    S,
    Trace,
    ZeroMatrix,
    log,
    polygamma,
)

from ..nodes import (
    DiscreteRiccati,
    Gather,
    InfinityNorm,
    Mean,
    Norm,
    OneNorm,
    Riccati,
    Scatter,
    SpectralNorm,
    Sylvester,
    Vec,
    assembly,
    hstack,
    vstack,
)
from ..nodes.analytic import not_analytic
from ..nodes.bound import BOUND, as_function
from .algebra import add_matrices, apply, inverse, is_matrix, is_scalar, multiply, scalar, transpose
from .axes import OF_ROWS
from .functions import ELEMENTWISE, FUNCTIONS, WRITTEN
from .ranged import build_delta
from .typed_sizes import size_of

MATRIX_FUNCTIONS = {name: f"`{name}m`" for name in ("exp", "log", "sqrt", "sin", "cos")}
MATRIX_FUNCTIONS |= {name: f"`funm({name}, X)`" for name in ("tan", "sinh", "cosh", "tanh")}
CONSTANTS = {"ones": OneMatrix, "zeros": ZeroMatrix, "I": Identity}
MATRICES = ("matrix", "vector", "stacked", "triple", "quaternion", "square", "direction", "value")
INDUCED = {S.One: OneNorm, S.Infinity: InfinityNorm}  # norms of a matrix by their power, where that is not of all entries
CALLS: dict[str, Callable[..., Expr]] = {}  # function of the grammar -> what it is of its arguments


def call(*names: str) -> Callable:
    """Register what the functions of these names are of their arguments."""

    def register(function: Callable) -> Callable:
        CALLS.update(dict.fromkeys(names, function))
        return function

    return register


def build_call(builder, node, args) -> Expr:
    """The expression of a call."""
    if node.value in ELEMENTWISE:
        _check_entries(builder, node)
        _note_entries(builder, node)
        return apply(lambda x: ELEMENTWISE[node.value](x, *map(scalar, args[1:])), args[0])
    if node.value == "apply":
        return apply(_function(builder, node, args), args[0])
    if node.value == "dot":
        _check_inner(builder, node, args)
        _note_dot(builder, node)
    _note_columns(builder, node)
    _note_extreme(builder, node)
    if node.value in CONSTANTS:
        return _constant(node)
    if node.value in OF_LITERALS:
        return OF_LITERALS[node.value](args[0], node.args[1].value, *(size_of(builder.source, a) for a in node.sizes))
    return CALLS[node.value](*args) if node.value in CALLS else _node_of_package(builder, node, args)


def _constant(node):
    if node.shape == (1, 1):
        return S.Zero if node.value == "zeros" else S.One
    return Identity(node.shape[0]) if node.value == "I" else CONSTANTS[node.value](*node.shape)


# ---- nodes of the package
def _node_of_package(builder, node, args):
    """The node of a function; what it is of a number where its matrix is one."""
    function = FUNCTIONS[node.value]
    if function.entrywise:
        return apply(lambda x: function.node(x, *map(scalar, args[1:])), args[0])
    given = [(kind, arg) for kind, arg in zip(node.kinds, args) if kind != "map"]
    values = [arg if kind in MATRICES else _checked_number(builder, node, kind, scalar(arg)) for kind, arg in given]
    first = [_function(builder, node, args)] if "function" in function.takes else []
    sizes = [size_of(builder.source, a) for a in node.sizes]
    if node.shape == (1, 1) and all(getattr(v, "shape", (1, 1)) == (1, 1) for v in values):
        return _of_number(builder, node, function, [*first, *map(scalar, values)])
    induced = _induced(builder, node, values)
    if induced:
        return induced(values[0])
    _note_norm(builder, node, values)
    _note_all(builder, node)
    if node.value == "spectral_norm" and 1 in values[0].shape:
        return Norm(values[0])
    return function.node(*sizes, *values) if function.takes[0] == "size" else function.node(*first, *values, *sizes)


def _function(builder, node, args):
    """The function that a call is given by name or as a map."""
    if node.function:
        return as_function(ELEMENTWISE[node.function])
    body = scalar(args[-1])
    bad = not_analytic(body, BOUND) if node.value != "apply" else ""
    if bad:
        builder.fail(node, f"`{node.value}` of a map with `{WRITTEN.get(bad, bad)}`, which is not analytic", "elementwise: `apply`")
    return Lambda(BOUND, body)


def _checked_number(builder, node, kind, value):
    """The index or the power of a norm, if it can be one."""
    text = f"in `{builder.source.at(node.span)}`"
    if kind == "index" and not (value.is_integer and value.is_nonnegative is not False):
        builder.fail(node, f"the index `{value}` {text}", "an index is a whole number from 0 on, or a name")
    if kind == "power" and (value.is_extended_real is False or (value < 1) == S.true):
        builder.fail(node, f"the power `{value}` of a norm {text}", "it is a number >= 1, a name or `inf`")
    return value


def _of_number(builder, node, function, values):
    if function.of_number is None:
        builder.fail(node, f"`{builder.source.at(node.span)}` of a number", "a number has no singular vectors")
    if "index" in node.kinds and any(v.is_number and v != 0 for k, v in zip(node.kinds, values) if k == "index"):
        builder.fail(node, f"the index in `{builder.source.at(node.span)}`, of a 1 x 1 matrix", "indices count from 0: it can only be 0")
    return function.of_number(*values)


def _check_entries(builder, node):
    """Of a square matrix LaTeX has one notation for functions of the matrix and of its entries."""
    rows, cols = node.shape
    if "unmarked" in node.kinds and rows == cols != 1 and node.value in MATRIX_FUNCTIONS:
        of_matrix = f"{node.value}m" if node.value in ("exp", "log", "sqrt", "sin", "cos") else f"funm({node.value}, ...)"
        both = f"write `\\{node.value}_{{\\odot}}(...)` entry by entry, `\\operatorname{{{of_matrix}}}(...)` of the matrix"
        builder.fail(node, f"`{builder.source.at(node.span)}`, of a square matrix, can be read in two ways", both)


# ---- notes on what could have been meant otherwise
def _note_entries(builder, node):
    if node.value in MATRIX_FUNCTIONS and S.One not in node.shape:
        text, other = builder.source.at(node.span), MATRIX_FUNCTIONS[node.value]
        builder.notes.append(f"`{text}` acts entry by entry; it is not the matrix function, which is {other}")


OF_TORCH = re.compile(r"torch\s*\.\s*norm\b")


def _check_inner(builder, node, args):
    """An error for NumPy's `inner` of matrices, which is ``A @ B.T``."""
    text, (a, b) = builder.source.at(node.span), (builder.source.at(x.span) for x in node.args)
    if re.search(r"\binner\s*\(", text) and is_matrix(args[0]) and 1 not in args[0].shape:
        builder.fail(
            node, f"`{text}` is a product of matrices in NumPy", f"write `{a} @ {b}.T`, or `vdot({a}, {b})` for the sum of the products"
        )


def _induced(builder, node, values):
    """The class of the induced norm that is meant: by 2 always, by 1 and infinity as MATLAB and NumPy have it; None for another norm."""
    if node.value != "norm" or S.One in values[0].shape or len(values) < 2:
        return None
    text, arg = builder.source.at(node.span), builder.source.at(node.args[0].span)
    if OF_TORCH.match(text) or text.startswith(arg) and re.match(r"\s*\)*\s*\.\s*norm\b", text[len(arg) :]):
        both = f"write `norm(vec({arg}), {values[1]})` for that, `np.linalg.norm({arg}, {values[1]})` for the induced norm"
        builder.fail(node, f"`{text}` is a norm of all entries in PyTorch", both)
    if values[1] == 2:
        builder.notes.append(f"`{text}` is the spectral norm, as in MATLAB and NumPy; Frobenius: `normF(X)`")
        return SpectralNorm
    if "elsewhere" not in node.kinds:
        return None
    if values[1] not in INDUCED:
        both = f"it is 1, 2 or `inf` of a matrix there; that of all entries is `norm(vec({arg}), {values[1]})`"
        builder.fail(node, f"the power `{values[1]}` of the norm `{text}`", both)
    which = "column" if values[1] == 1 else "row"
    builder.notes.append(
        f"`{text}` is the induced norm, the largest {which} sum, as in MATLAB and NumPy; of all entries: `norm(vec({arg}), {values[1]})`"
    )
    return INDUCED[values[1]]


def _note_norm(builder, node, values):
    if node.value != "norm" or S.One in node.args[0].shape:
        return
    if len(values) == 1 and "named" not in node.kinds:
        arg = builder.source.at(node.args[0].span)
        builder.notes.append(f"`{builder.source.at(node.span)}` is the Frobenius norm; the spectral norm: `norm2({arg})`")
    if len(values) > 1:
        text = f"`{builder.source.at(node.span)}` takes all entries as one vector; it is no induced norm"
        builder.notes.append(f"{text} (the induced 2-norm: `spectral_norm({builder.source.at(node.args[0].span)})`)")


def _note_columns(builder, node):
    """Of a matrix the cumulative sums are down each column; NumPy's own, without an axis, are of all entries."""
    if node.value in ("cumsum", "revcumsum") and S.One not in node.args[0].shape:
        text, arg = builder.source.at(node.span), builder.source.at(node.args[0].span)
        builder.notes.append(
            f"`{text}` is down each column, as in MATLAB; of all entries, as in NumPy without an axis: `cumsum(vec({arg}.T))`"
        )


def _note_extreme(builder, node):
    """``max(A, 1)`` of a matrix: of each entry and 1, not along an axis."""
    if node.value not in ("max of several", "min of several") or len(node.args) != 2:
        return
    arg, number = node.args
    typed = builder.source.at(node.span)
    if typed.startswith(f"{node.value[:3]}(") and number.op == "number" and number.value in (1, 2) and S.One not in arg.shape:
        text, word = typed, node.value[:3]
        other = f"{word}({builder.source.at(arg.span)}, axis=1)"
        builder.notes.append(
            f"`{text}` is the {'larger' if word == 'max' else 'smaller'} of each entry and {number.value}; of each row: `{other}`"
        )


def _note_dot(builder, node):
    if S.One not in node.args[0].shape:
        text, (a, b) = builder.source.at(node.span), (builder.source.at(arg.span) for arg in node.args)
        builder.notes.append(f"`{text}` is of all entries, `tr(({a})'*({b}))`; MATLAB's is of each column, `diag(({a})'*({b}))`")


def note_transposed(builder, node):
    """A note for ``mean(X)'*w``: no one transposes a number, so that a vector may be meant."""
    if node.op == "call" and node.value in OF_ROWS and len(node.args) == 1 and node.shape == (1, 1):
        _note_of_all(builder, node)


def _note_all(builder, node):
    if "all" in node.kinds:
        _note_of_all(builder, node)


def _note_of_all(builder, node):
    if S.One not in node.args[0].shape:
        text = builder.source.at(node.span)
        columns = f"`{OF_ROWS[node.value]}(X')'`"
        builder.notes.append(f"`{text}` is of all entries; MATLAB itself takes it of each column, which is {columns}")


# ---- the other functions
@call("tr")
def trace(x):
    return S.Zero if isinstance(x, ZeroMatrix) else scalar(x) if is_scalar(x) else Trace(x)


@call("det")
def det(x):
    return S.Zero if isinstance(x, ZeroMatrix) else scalar(x) if is_scalar(x) else Determinant(x)


@call("logdet")
def logdet(x):
    return log(det(x))


CALLS["inv"] = inverse


@call("dot")
def inner_product(x, y):
    """The sum of the products of entries, as a product of vectors or a trace."""
    if is_matrix(x) and 1 not in x.shape:
        return Trace(multiply([transpose(x), y]))
    return scalar(multiply([x, transpose(y)] if is_matrix(x) and x.shape[0] == 1 else [transpose(x), y]))


@call("outer")
def outer_product(x, y):
    return multiply([x, transpose(y)])


@call("had")
def elementwise_product(*args):
    if is_scalar(args[0]):
        return multiply(args)
    return HadamardProduct(*(f for a in args for f in (a.args if isinstance(a, HadamardProduct) else (a,))))


@call("hpow")
def elementwise_power(base, exponent):
    if is_scalar(exponent):
        return scalar(base) ** scalar(exponent) if is_scalar(base) else HadamardPower(base, scalar(exponent))
    return apply(lambda u: scalar(base) ** u, exponent) if is_scalar(base) else HadamardPower(base, exponent)


@call("max of several")
def largest(*args):
    return _extreme(Max, args)


@call("min of several")
def smallest(*args):
    return _extreme(Min, args)


def _extreme(function, args):
    """Max or Min of scalars; of matrices among them each entry's."""
    matrices = [a for a in args if not is_scalar(a)]
    numbers = [scalar(a) for a in args if is_scalar(a)]
    if not matrices:
        return function(*numbers)
    parts = [_scaled(m) for m in matrices]
    if len({base for _, base in parts}) == 1:  # as of the pinball loss, `max(tau*r, (tau - 1)*r)`
        return apply(lambda u: function(*(c * u for c, _ in parts), *numbers), parts[0][1])
    first, *others = matrices
    found = apply(lambda u: function(u, *numbers), first) if numbers else first
    for other in others:
        found = _of_two(function, found, other)
    return found


def _scaled(matrix):
    """(the number, the matrix) that a matrix is a multiple of."""
    if not isinstance(matrix, MatMul):
        return S.One, matrix
    number, rest = matrix.as_coeff_matrices()
    return number, MatMul(*rest) if len(rest) > 1 else rest[0]


def _of_two(function, x, y):
    """The larger of the entries of each, `had(step(x - y, 1/2), x) + had(step(y - x, 1/2), y)`: a difference added to x loses digits."""
    first, last = (x, y) if function is Max else (y, x)
    less = add_matrices([first, MatMul(S.NegativeOne, last)])
    more = add_matrices([last, MatMul(S.NegativeOne, first)])
    return add_matrices([elementwise_product(apply(Heaviside, less), x), elementwise_product(apply(Heaviside, more), y)])


CALLS["polygamma"] = lambda k, x: apply(lambda u: polygamma(scalar(k), u), x)


CALLS["KroneckerDelta"] = build_delta


@call("diag")
def diag(x):
    if is_scalar(x):
        return x
    return DiagMatrix(x) if x.shape[1] == 1 else DiagonalOf(x)


@call("rowmean")
def row_mean(x):
    return x if is_scalar(x) else Mean(x, axis=1)


OF_LITERALS: dict[str, Callable[..., Expr]] = {  # what functions are of a matrix and of numbers that are no expressions
    "diag of offset": lambda x, k: (assembly.diag if _matrix(x).shape[1] == 1 else assembly.diagonal)(_matrix(x), k),
    "gather": lambda x, numbers: x if is_scalar(x) and len(numbers) == 1 else Gather(_matrix(x), numbers),
    "scatter": lambda x, numbers, count: Scatter(_matrix(x), numbers, count),
}


def _matrix(a):
    """A scalar as the 1 x 1 matrix that it stands for."""
    return scalar(a) * Identity(1) if is_scalar(a) else a


@call("sylv")
def sylvester(a, b, c):
    return scalar(c) / (scalar(a) + scalar(b)) if all(map(is_scalar, (a, b, c))) else Sylvester(*map(_matrix, (a, b, c)))


@call("care")
def riccati(*args):
    return Riccati(*map(_matrix, args))


@call("dare")
def discrete_riccati(*args):
    return DiscreteRiccati(*map(_matrix, args))


@call("hstack")
def beside(*args):
    return hstack(*map(_matrix, args))


@call("vstack")
def below(*args):
    return vstack(*map(_matrix, args))


@call("kron")
def kronecker(*args):
    matrices = [a for a in args if not is_scalar(a)]
    factor = [scalar(a) for a in args if is_scalar(a)]
    return multiply([*factor, KroneckerProduct(*matrices) if len(matrices) > 1 else Mul(*matrices) if not matrices else matrices[0]])


@call("vec")
def vec(x):
    return Vec(x) if is_matrix(x) and x.shape[1] != 1 else x
