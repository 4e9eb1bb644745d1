"""The shapes of calls. A node of the package says its shape itself; the other functions have a rule each, in a table."""

from collections.abc import Callable
from typing import Any

from sympy import S

from .functions import ELEMENTWISE, FUNCTIONS
from .sizes import SCALAR
from .typed_sizes import size_of

WIDE = ("dot", "diag", "diag of offset", "sylv", "rowmean", "gather", "scatter")  # and the functions that take a "matrix" or a "vector"
NUMBERS = {"index": "an index", "power": "the power of a norm", "map": "the value of a map", "number": "a parameter"}
BY_AXIS = ("softmax", "logsumexp")  # of vectors, and with an axis of a matrix
LENGTHS = {"triple": 3, "quaternion": 4}  # of vectors
MAX_ORDER = 8
RULES: dict[str, Callable] = {}  # function of the grammar -> rule(inference, node), which sets the shape of the node


def shape_of(*names: str) -> Callable:
    """Register the rule of the functions of these names."""

    def register(rule: Callable) -> Callable:
        RULES.update(dict.fromkeys(names, rule))
        return rule

    return register


def shape_of_call(inference, node) -> None:
    """The shape of a call, and what its arguments have to be for it."""
    name, function = node.value, FUNCTIONS.get(node.value)
    if function is None or name in ELEMENTWISE or function.entrywise:
        node.number, node.shape = node.args[0].number, node.args[0].shape
    else:
        node.number, node.shape = function.scalar, SCALAR if function.scalar or not node.args else node.args[0].shape
    if name in WIDE:
        inference.wide.extend(a for a in node.args if a.op != "number")
    for kind, arg in zip(node.kinds, node.args):
        if kind in NUMBERS:
            inference.scalar(arg, NUMBERS[kind])
    if function and function.node:
        node_of_package(inference, node, function)
    elif name in RULES:
        RULES[name](inference, node)


# ---- nodes of the package
def node_of_package(inference, node, function) -> None:
    """What the arguments have to be, and the shape from the sizes of the first."""
    order: tuple[Any, ...] = ()
    for kind, arg in zip(node.kinds, node.args):
        if kind in ("matrix", "vector", "stacked"):
            inference.wide.append(arg)
        if kind == "square":
            inference.square(arg, f"`{node.value}`")
        elif kind in ("vector", "stacked"):
            inference.waiting.append(lambda arg=arg, stacked=kind == "stacked": _vector(inference, node, arg, stacked))
        elif kind in LENGTHS:
            what = f"`{node.value}` needs a column of length {LENGTHS[kind]}"
            inference.equate(arg.shape, (S(LENGTHS[kind]), S.One), lambda arg=arg, what=what: f"{what}, but {inference.place(arg)}")
        elif kind == "direction":
            inference.equal_places(node.args[0], arg)
        elif kind == "order":
            order = (_order(inference, node, arg),)
    sizes = (*(size_of(inference.source, a) for a in node.sizes), *order)
    if function.takes[0] == "size":
        node.shape = function.shape(*sizes)
        return
    first = node.args[0]
    found = lambda: function.shape(*map(inference.sizes.value, first.shape), *sizes)  # noqa: E731
    node.shape = found()
    if node.kinds[0] == "vector" and not function.scalar and node.shape != tuple(map(inference.sizes.value, first.shape)):
        node.shape = inference.fresh()  # the length is that of the one axis or of the other
        inference.waiting.append(lambda: _of_a_length(inference, node, first, found))


def _of_a_length(inference, node, arg, found):
    """Whether it is known which axis of the argument is its length, on which the shape depends."""
    known = any(map(inference.sizes.is_one, arg.shape))
    if known:
        inference.equate(node.shape, found(), lambda: f"{inference.place(node)}, but {inference.place(arg)}")
    return known


def _vector(inference, node, arg, stacked):
    """Whether it is known that the argument is a vector; of one that is stacked its length is that of all entries."""
    one, large = ([test(size) for size in arg.shape] for test in (inference.sizes.is_one, inference.sizes.is_large))
    if all(large):
        text = inference.source.at(arg.span)
        axis = f"; of each row: `{node.value}({text}, 1)`, of each column: `{node.value}({text}, 0)`" if node.value in BY_AXIS else ""
        hint = "" if stacked else f"{axis}; of all its entries: `{node.value}(vec({text}))`"
        raise inference.shape_error(lambda: f"`{node.value}` needs a vector, but {inference.place(arg)}{hint}")
    if any(one) and stacked:
        length = node.shape[0] * node.shape[1]
        long = arg.shape[:1] if one[1] else arg.shape[1:]
        what = f"`{inference.source.at(node.span)}` needs a vector of length {length}"
        inference.equate(long, (length,), lambda: f"{what}, but {inference.place(arg)}")
    return any(one)


def _order(inference, node, arg):
    if arg.value not in range(1, MAX_ORDER + 1):
        saw = f"the order `{arg.value}` of `{node.value}`"
        raise inference.source.error(arg.span[0], saw, f"a whole number from 1 to {MAX_ORDER}")
    return int(arg.value)


# ---- the other functions
@shape_of("tr", "det")
def of_square(inference, node):
    inference.invertible(node.args[0], f"`{node.value}`")


@shape_of("logdet", "inv")
def of_invertible(inference, node):
    inference.invertible(node.args[0], f"`{node.value}`")


@shape_of("dot", "had")
def of_equal_shapes(inference, node):
    inference.entrywise.extend(node.args)
    for arg in node.args[1:]:
        inference.equal_places(node.args[0], arg, node.value == "had")


@shape_of("hpow")
def elementwise_power(inference, node):
    """Of a number as the exponent the shape of the base; else it waits for the exponent to be a scalar, or of the shape of the base."""
    base, exponent = node.args
    inference.entrywise.append(base)
    if exponent.number or inference.is_scalar(exponent.shape):
        inference.scalar(exponent, "an elementwise exponent")
        return
    node.shape, node.number = inference.fresh(), base.number and exponent.number
    inference.exponents.append(node)
    inference.waiting.append(lambda: _power_of_entries(inference, node, base, exponent))


def _power_of_entries(inference, node, base, exponent):
    """Whether the shape of an elementwise power is known: that of its base, or of its exponent where the base is a scalar."""
    if inference.is_scalar(exponent.shape):
        widest = base
    elif not inference.is_large(exponent.shape) or not (inference.is_large(base.shape) or inference.is_scalar(base.shape)):
        return False
    else:
        widest = exponent
        if not inference.is_scalar(base.shape):
            inference.equal_places(base, exponent)
    inference.equate(node.shape, widest.shape, lambda: inference.unequal(node, widest))
    return True


@shape_of("max of several", "min of several")
def extreme(inference, node):
    """The shape of the one argument that is no scalar."""
    others = [a for a in node.args if not (a.number or inference.is_scalar(a.shape))]
    node.number, node.shape = not others, others[0].shape if others else SCALAR
    if len(others) > 1:
        node.shape = inference.fresh()
        inference.waiting.append(lambda: _one_of_many(inference, node, others))


def _one_of_many(inference, node, args):
    """Whether each argument is known to be a scalar, or of the shape of the others that are none."""
    large = [a for a in args if inference.is_large(a.shape)]
    for arg in large[1:]:
        inference.equal_places(large[0], arg)
    rest = [a for a in args if not inference.is_scalar(a.shape)]
    if len(rest) > max(len(large), 1) or rest and not large:
        return False
    shape = rest[0].shape if rest else SCALAR
    inference.equate(node.shape, shape, lambda: f"{inference.place(node)}, but its entries are those of {inference.show(shape)}")
    return True


@shape_of("polygamma")
def of_second(inference, node):
    node.shape, node.number = node.args[1].shape, node.args[1].number


@shape_of("kron")
def kronecker(inference, node):
    rows, cols = SCALAR
    for arg in node.args:
        rows, cols = rows * inference.sizes.value(arg.shape[0]), cols * inference.sizes.value(arg.shape[1])
    node.shape = rows, cols


def _same(inference, a, b, what):
    """Two sizes are one."""
    inference.equate((a,), (b,), lambda: what)


@shape_of("sylv")
def sylvester(inference, node):
    A, B, C = node.args
    inference.square(A, "`sylv`")
    inference.square(B, "`sylv`")
    _same(inference, A.shape[0], C.shape[0], f"`sylv` needs as many rows of its third matrix as its first has: {inference.place(C)}")
    _same(inference, B.shape[0], C.shape[1], f"`sylv` needs as many columns of its third matrix as its second has: {inference.place(C)}")
    node.shape = C.shape


@shape_of("care", "dare")
def riccati(inference, node):
    A, B, Q, R = node.args
    for arg in (A, Q, R):
        inference.square(arg, f"`{node.value}`")
    inference.wide.append(A)
    _same(inference, A.shape[0], B.shape[0], f"`{node.value}` needs as many rows of its second matrix as its first has")
    _same(inference, A.shape[0], Q.shape[0], f"`{node.value}` needs its third matrix of the shape of its first")
    _same(inference, B.shape[1], R.shape[0], f"`{node.value}` needs as many rows of its fourth matrix as its second has columns")
    node.shape = A.shape


@shape_of("hstack", "vstack")
def stacked(inference, node):
    """Sizes along the one axis are added up, those along the other are equal."""
    along = 1 if node.value == "hstack" else 0
    first = node.args[0]
    for arg in node.args[1:]:
        _same(
            inference, first.shape[1 - along], arg.shape[1 - along], f"`{node.value}` of matrices that do not fit: {inference.place(arg)}"
        )
    total = sum((inference.sizes.value(arg.shape[along]) for arg in node.args), S.Zero)
    node.shape = (first.shape[0], total) if along else (total, first.shape[1])


@shape_of("diag")
def diag(inference, node):
    node.shape = inference.fresh()
    arg = node.args[0]
    inference.waiting.append(lambda: _diagonal(inference, node, arg))


def _diagonal(inference, node, arg):
    """Of a column the diagonal matrix; of a square matrix its diagonal."""
    rows, cols = arg.shape
    one, large = inference.sizes.is_one(cols), inference.sizes.is_large(cols)
    if one:
        inference.equate(node.shape, (rows, rows), lambda: f"{inference.place(node)}, a diagonal matrix, but {inference.place(arg)}")
    elif large:
        inference.square(arg, "the diagonal")
        inference.equate(node.shape, (rows, S.One), lambda: f"{inference.place(node)}, a diagonal, but {inference.place(arg)}")
    return one or large


@shape_of("diag of offset")
def diag_of_offset(inference, node):
    node.shape = inference.fresh()
    arg, offset = node.args
    inference.waiting.append(lambda: _diagonal_of_offset(inference, node, arg, abs(offset.value)))


def _diagonal_of_offset(inference, node, arg, distance):
    """Of a column the square matrix with it on a diagonal; of a square matrix the column on that."""
    rows, cols = arg.shape
    one, large = inference.sizes.is_one(cols), inference.sizes.is_large(cols)
    length = inference.sizes.value(rows)
    if one:
        side = length + distance
        inference.equate(node.shape, (side, side), lambda: f"{inference.place(node)}, with {inference.place(arg)} on a diagonal")
    elif large:
        inference.square(arg, "the diagonal")
        inference.equate(node.shape, (length - distance, S.One), lambda: f"{inference.place(node)}, a diagonal, but {inference.place(arg)}")
    return one or large


@shape_of("rowmean")
def row_mean(inference, node):
    node.shape = (node.args[0].shape[0], S.One)


@shape_of("gather", "scatter")
def by_numbers(inference, node):
    """As many rows as there are numbers, or as it is said."""
    arg, numbers = node.args[:2]
    count = S(len(numbers.value))
    if node.value == "scatter":
        what = f"`scatter` of {count} numbers needs {count} rows"
        inference.equate(arg.shape[:1], (count,), lambda: f"{what}, but {inference.place(arg)}")
        count = size_of(inference.source, node.sizes[0])
    node.shape = (count, arg.shape[1])


@shape_of("outer")
def outer_product(inference, node):
    """Of two columns; NumPy's takes the entries of matrices in a row, one after the other."""
    inference.wide.extend(node.args)
    for arg in node.args:
        what = "`outer` needs two columns"
        inference.equate(arg.shape[1:], (S.One,), lambda arg=arg, what=what: f"{what}, but {inference.place(arg)}")
    x, y = node.args
    node.shape = x.shape[0], y.shape[0]


@shape_of("I")
def identity(inference, node):
    size = size_of(inference.source, node.sizes[0])
    node.shape = (size, size)


@shape_of("ones", "zeros")
def constant(inference, node):
    sizes = tuple(size_of(inference.source, a) for a in node.sizes)
    node.shape = sizes if len(sizes) == 2 else (*sizes, S.One)
