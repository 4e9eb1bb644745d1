"""Shapes of all nodes of a tree, by unification; where the expression leaves a choice, the convention of `names.py` decides.

Every shape is a pair of sizes; a scalar is 1 x 1. A constraint that cannot act yet (is `a` in `a*x` a scalar?) waits. When nothing
moves any more, the next name takes its conventional shape and the waiting constraints go on, so the outcome depends on the text alone.
"""

from itertools import product
from typing import Any

from sympy import Integer, S
from sympy.core.symbol import Dummy

from ..errors import ShapeError
from .defaults import apply_conventions
from .functions import FUNCTIONS
from .grammar import MAX_INTEGER
from .product import Product
from .sizes import Clash, Sizes, named_size

SCALAR = (S.One, S.One)
POOL = ["n", "m", "k", "p", "q", "r", "s"]
WIDE = ("dot", "diag")  # and the functions that take a "matrix" or a "vector"
NUMBERS = {"index": "an index", "power": "the power of a norm", "map": "the value of a map", "number": "a parameter"}
MAX_ORDER = 8
POWER = "the power (elementwise: `hpow(v, k)`; the sum of the squares: `v.T*v`)"
DIVISOR = "a divisor (elementwise: `had(x, hpow(y, -1))`)"


def infer_shapes(source, root, declared):
    """Fill in `shape` and `broadcast` of every node below `root`.

    declared: {name: (rows, columns)}. Returns {name: shape} in order of appearance, then the declared names that do not occur, and
    the set of the names that are sizes. ShapeError if the shapes contradict one another.
    """
    return Inference(source, root, declared).run()


def size_of(source, node):
    """The size that a `Node` writes: an integer from 1 to 10**6, a name, or a sum, product or power of these."""
    size = _size(source, node)
    if not size.is_integer and not _is_whole(size):
        raise source.error(node.span[0], f"the size `{source.at(node.span)}` is not a whole number", "as `n*(n + 1)/2` is")
    if size.is_nonpositive or (size.is_Integer and size > MAX_INTEGER):
        raise source.error(node.span[0], f"the size `{source.at(node.span)}` is out of range", f"sizes are from 1 to {MAX_INTEGER}")
    return size


def _size(source, node):
    if node.op == "number" and isinstance(node.value, Integer) and abs(node.value) <= MAX_INTEGER:
        return node.value
    if node.op == "name":
        return named_size(node.value)
    if node.op in ("add", "mul"):
        return _sum_or_product(node.op, [_part(source, a) for a in node.args])
    if node.op == "pow" and node.args[1].op == "number" and node.args[1].value in range(1, 5):
        return _size(source, node.args[0]) ** node.args[1].value
    raise source.error(node.span[0], f"`{source.at(node.span)}` is not a size", f"a size is an integer up to {MAX_INTEGER} or a name")


def _part(source, node):
    """A part of a size: also the reciprocal of an integer, as in ``n*(n + 1)/2``."""
    if node.op == "reciprocal" and node.args[0].op == "number" and node.args[0].value in range(1, 100):
        return 1 / node.args[0].value
    return _size(source, node)


def _sum_or_product(op, parts):
    total = sum(parts, S.Zero) if op == "add" else S.One
    for part in parts if op == "mul" else ():
        total = total * part
    return total


def _is_whole(size):
    """Whether a size with divisions is an integer for all values of its names: it is a polynomial, so a few values tell."""
    symbols = sorted(size.free_symbols, key=str)
    return all(size.subs(zip(symbols, point)).is_Integer for point in product(range(1, 6), repeat=min(len(symbols), 4)))


class Inference:
    def __init__(self, source, root, declared):
        self.source, self.root, self.declared = source, root, declared
        self.sizes = Sizes()
        self.names = {}  # name: shape, in order of appearance
        self.how = {}  # name: why it has that shape
        self.waiting = []  # constraints, each returns True when it is done
        self.identities, self.sums, self.products, self.pairs = [], [], [], []
        self.powers = []  # bases that are square because they have a power
        self.wide = []  # shapes of what stands under .T, sum(...), [i]: what suggests a vector
        self.size_names = {str(s) for shape in declared.values() for size in shape for s in size.free_symbols}

    def run(self):
        self.collect_sizes()
        self.visit(self.root)
        self.propagate()
        apply_conventions(self)
        self.finish()
        names = {**self.names, **{name: s for name, s in self.declared.items() if name not in self.names}}
        return names, self.size_names

    def collect_sizes(self):
        stack = [self.root]
        while stack:
            node = stack.pop()
            stack.extend(node.args)
            self.size_names.update(str(s) for a in node.sizes for s in size_of(self.source, a).free_symbols)

    # ---- errors
    def show(self, shape):
        texts = ["?" if isinstance(v := self.sizes.value(s), Dummy) else str(v) for s in shape]
        return "scalar" if texts == ["1", "1"] else " x ".join(texts)

    def place(self, node):
        return f"`{self.source.at(node.span)}` (column {node.span[0] + 1}) is {self.show(node.shape)}"

    def shape_error(self, message):
        """ShapeError of `message()`, which is called once the sizes that are known not to be 1 have names to show."""
        self.name_free_sizes(self.sizes.large)
        known = [f"{name}: {self.show(s)} ({self.how.get(name, 'by use')})" for name, s in list(self.names.items())[:10]]
        hint = f' Shapes so far: {", ".join(known)}. `--shape "{next(iter(self.names), "x")}: ..."` declares one.' if known else ""
        return ShapeError(message() + "." + hint)

    def equate(self, shape, other, message):
        try:
            for a, b in zip(shape, other):
                self.sizes.equate(a, b)
        except Clash:
            raise self.shape_error(message) from None

    # ---- one method a kind of node: sets node.shape, node.number (a scalar by construction)
    def visit(self, node):
        for arg in node.args:
            self.visit(arg)
        getattr(self, "visit_" + node.op)(node)

    def visit_number(self, node):
        node.shape, node.number = SCALAR, True

    visit_bound = visit_number

    def visit_identity(self, node):
        size = self.sizes.fresh()
        node.shape = (size, size)
        self.identities.append(size)

    def visit_name(self, node):
        name = node.value
        if name not in self.names:
            self.names[name] = self.first_shape(name)
        node.shape, node.number = self.names[name], name in self.size_names

    def first_shape(self, name):
        if name in self.declared:
            self.how[name] = "declared"
            return self.declared[name]
        if name in self.size_names:
            self.how[name] = "a size"
            return SCALAR
        return self.sizes.fresh(), self.sizes.fresh()

    def visit_T(self, node):
        arg = node.args[0]
        node.shape, node.number = arg.shape[::-1], arg.number
        self.wide.append(arg.shape)

    visit_H = visit_T

    def visit_I(self, node):
        self.same_as_square(node, "the inverse")

    def same_as_square(self, node, what):
        arg = node.args[0]
        node.shape, node.number = arg.shape, arg.number
        self.square(arg, what)

    def square(self, arg, what):
        try:
            self.sizes.equate(*arg.shape)
        except Clash:
            raise self.shape_error(lambda: f"{what} needs a square matrix, but {self.place(arg)}") from None

    def scalar(self, arg, what):
        try:
            for size in arg.shape:
                self.sizes.equate(size, S.One)
        except Clash:
            raise self.shape_error(lambda: f"{what} must be a scalar, but {self.place(arg)}") from None

    def visit_pow(self, node):
        base, exponent = node.args
        node.shape = base.shape
        if not self.wait_for_length(base, POWER):
            self.square(base, POWER)
            self.powers.append(base)
        self.scalar(exponent, "an exponent")
        node.number = base.number and exponent.number

    def visit_reciprocal(self, node):
        if not self.wait_for_length(node.args[0], DIVISOR):
            self.scalar(node.args[0], DIVISOR)
        node.shape, node.number = SCALAR, True

    def wait_for_length(self, arg, what):
        """Whether an argument is a column or row of unknown length: use and convention say that, not the power or quotient of it."""
        ones = list(map(self.sizes.is_one, arg.shape))
        if all(ones) or not any(ones) or self.is_large(arg.shape):
            return False
        self.waiting.append(lambda: self.is_scalar(arg.shape) or self.is_large(arg.shape) and self.refuse(arg, what))
        return True

    def refuse(self, arg, what):
        raise self.shape_error(lambda: f"{what} must not be of a vector, but {self.place(arg)}")

    def refuse_power(self, base):
        what = f"`{self.source.at(base.span)}` (column {base.span[0] + 1}) stands where a vector does"
        raise self.shape_error(lambda: f"{what}, and has a power; elementwise: `hpow(v, k)`; the sum of the squares: `v.T*v`")

    def visit_entry(self, node):
        base, *index = node.args
        for i in index:
            self.scalar(i, "an index")
        if len(index) == 1:
            self.equate(base.shape[1:], (S.One,), lambda: f"an entry with one index is of a column, but {self.place(base)}")
        self.wide.append(base.shape)
        node.shape, node.number = SCALAR, True

    def visit_mul(self, node):
        node.number = all(a.number for a in node.args)
        left = node.args[0].shape
        for i in range(1, len(node.args)):
            left = self.product(node, i, left)
        node.shape = left

    def product(self, node, i, left):
        """Shape of the first i factors, of shape `left`, times the next."""
        right = node.args[i].shape
        if self.is_scalar(left) or self.is_scalar(right):
            return right if self.is_scalar(left) else left
        out = (self.sizes.fresh(), self.sizes.fresh())
        constraint = Product(self, node, i, left, right, out)
        self.waiting.append(constraint)
        self.products.append(constraint)
        return out

    def visit_add(self, node):
        others = [a for a in node.args if not a.number]
        node.number = not others
        node.shape = others[0].shape if others else SCALAR
        for arg in others[1:]:
            self.equal_places(others[0], arg)
        if others and len(others) < len(node.args):
            self.waiting.append(lambda: self.broadcast(node))
            self.sums.append(node)

    def broadcast(self, node):
        """A number plus a column adds to every entry; plus a matrix it is refused, since `X + 1` may mean `X + I`."""
        if self.is_scalar(node.shape):
            return True
        rows, cols = node.shape
        large = self.sizes.is_large(rows), self.sizes.is_large(cols)
        if all(large):
            raise self.shape_error(lambda: f"{self.place(node)}: a number and a matrix do not add; write `+ c*I` or `+ c*ones(m, n)`")
        node.broadcast = (large[0] and self.sizes.is_one(cols)) or (large[1] and self.sizes.is_one(rows))
        return node.broadcast

    def equal_places(self, a, b):
        self.pairs.append((a, b))
        try:
            for x, y in zip(a.shape, b.shape):
                self.sizes.equate(x, y)
        except Clash:
            raise self.shape_error(lambda: self.unequal(a, b)) from None

    def unequal(self, a, b):
        return f"{self.place(a)}, but {self.place(b)}; the shapes must be equal"

    def visit_block(self, node):
        rows, cols = node.value
        grid = [node.args[i * cols : (i + 1) * cols] for i in range(rows)]
        for row in grid:
            for a, b in zip(row, row[1:]):
                self.equate(a.shape[:1], b.shape[:1], lambda a=a, b=b: f"{self.unequal(a, b)} in their rows")
        for row, below in zip(grid, grid[1:]):
            for a, b in zip(row, below):
                self.equate(a.shape[1:], b.shape[1:], lambda a=a, b=b: f"{self.unequal(a, b)} in their columns")
        node.shape = sum((row[0].shape[0] for row in grid), S.Zero), sum((a.shape[1] for a in grid[0]), S.Zero)

    # ---- calls
    def visit_call(self, node):
        name, function = node.value, FUNCTIONS.get(node.value)
        node.number = function.scalar if function and not function.entrywise else node.args[0].number
        node.shape = SCALAR if function and function.scalar or not node.args else node.args[0].shape
        if name in WIDE:
            self.wide.extend(a.shape for a in node.args)
        for kind, arg in zip(node.kinds, node.args):
            if kind in NUMBERS:
                self.scalar(arg, NUMBERS[kind])
        if function and function.node:
            self.visit_node_of_package(node, function)
        getattr(self, "call_" + name, lambda node: None)(node)

    def visit_node_of_package(self, node, function):
        """What the arguments have to be, and the shape from the sizes of the first."""
        order: tuple[Any, ...] = ()
        for kind, arg in zip(node.kinds, node.args):
            if kind in ("matrix", "vector", "stacked"):
                self.wide.append(arg.shape)
            if kind == "square":
                self.square(arg, f"`{node.value}`")
            elif kind in ("vector", "stacked"):
                self.waiting.append(lambda arg=arg, stacked=kind == "stacked": self.vector(node, arg, stacked))
            elif kind == "direction":
                self.equal_places(node.args[0], arg)
            elif kind == "order":
                order = (self.order(node, arg),)
        first = () if function.takes[0] == "size" else map(self.sizes.value, node.args[0].shape)
        node.shape = function.shape(*first, *(size_of(self.source, a) for a in node.sizes), *order)

    def vector(self, node, arg, stacked):
        """Whether it is known that the argument is a vector; of one that is stacked its length is that of all entries."""
        one, large = ([test(size) for size in arg.shape] for test in (self.sizes.is_one, self.sizes.is_large))
        if all(large):
            hint = "" if stacked else f"; of all its entries: `{node.value}(vec(...))`"
            raise self.shape_error(lambda: f"`{node.value}` needs a vector, but {self.place(arg)}{hint}")
        if any(one) and stacked:
            length = node.shape[0] * node.shape[1]
            long = arg.shape[:1] if one[1] else arg.shape[1:]
            self.equate(long, (length,), lambda: f"`{self.source.at(node.span)}` needs a vector of length {length}, but {self.place(arg)}")
        return any(one)

    def order(self, node, arg):
        if arg.value not in range(1, MAX_ORDER + 1):
            raise self.source.error(arg.span[0], f"the order `{arg.value}` of `{node.value}`", f"a whole number from 1 to {MAX_ORDER}")
        return int(arg.value)

    def call_det(self, node):
        self.square(node.args[0], f"`{node.value}`")

    call_tr = call_logdet = call_inv = call_det

    def call_dot(self, node):
        for arg in node.args:
            self.equate(arg.shape[1:], (S.One,), lambda arg=arg: f"`dot` wants columns, but {self.place(arg)}")
        self.equal_places(*node.args)

    def call_had(self, node):
        for arg in node.args[1:]:
            self.equal_places(node.args[0], arg)

    def call_hpow(self, node):
        self.scalar(node.args[1], "an elementwise exponent")

    def call_kron(self, node):
        rows, cols = SCALAR
        for arg in node.args:
            rows, cols = rows * self.sizes.value(arg.shape[0]), cols * self.sizes.value(arg.shape[1])
        node.shape = rows, cols

    def call_diag(self, node):
        node.shape = self.sizes.fresh(), self.sizes.fresh()
        arg = node.args[0]
        self.waiting.append(lambda: self.diagonal(node, arg))

    def diagonal(self, node, arg):
        """Of a column the diagonal matrix; of a square matrix its diagonal."""
        rows, cols = arg.shape
        if self.sizes.is_one(cols):
            self.equate(node.shape, (rows, rows), lambda: f"{self.place(node)}, a diagonal matrix, but {self.place(arg)}")
        elif self.sizes.is_large(cols):
            self.square(arg, "the diagonal")
            self.equate(node.shape, (rows, S.One), lambda: f"{self.place(node)}, a diagonal, but {self.place(arg)}")
        return self.sizes.is_one(cols) or self.sizes.is_large(cols)

    def call_I(self, node):
        size = size_of(self.source, node.sizes[0])
        node.shape = (size, size)

    def call_ones(self, node):
        sizes = tuple(size_of(self.source, a) for a in node.sizes)
        node.shape = sizes if len(sizes) == 2 else (*sizes, S.One)

    call_zeros = call_ones

    # ---- waiting constraints and conventions
    def is_scalar(self, shape):
        return all(map(self.sizes.is_one, shape))

    def is_large(self, shape):
        return any(map(self.sizes.is_large, shape))

    def propagate(self):
        before = -1
        while before != self.sizes.changes:
            before = self.sizes.changes
            self.waiting = [constraint for constraint in self.waiting if not constraint()]
            self.retry()

    def retry(self):
        try:
            self.sizes.retry()
        except Clash:
            raise self.shape_error(lambda: "the sizes of a Kronecker product, vec or block matrix do not fit what they meet") from None

    def same(self, shape, other):
        return [self.sizes.value(s) for s in shape] == [self.sizes.value(s) for s in other]

    def is_open(self, shape):
        """A convention still has something to say: a size is unknown and not yet said to be large."""
        return any(isinstance(v := self.sizes.value(s), Dummy) and v not in self.sizes.large for s in shape)

    def finish(self):
        self.propagate()
        if self.waiting or self.sizes.delayed:
            raise self.shape_error(lambda: "the shapes are not settled by the expression; declare them")
        self.name_free_sizes()
        stack = [self.root]
        while stack:
            node = stack.pop()
            node.shape = tuple(map(self.sizes.value, node.shape))
            stack.extend(node.args)
        self.names = {name: tuple(map(self.sizes.value, shape)) for name, shape in self.names.items()}

    def name_free_sizes(self, only=None):
        """n, m, k, p, ... for the unknown sizes in order of appearance, leaving out what the text uses."""
        used = set(self.names) | self.size_names
        pool = (name + suffix for suffix in ["", *map(str, range(1, 1000))] for name in POOL)
        free = [s for shape in self.names.values() for s in shape] + self.identities
        for size in free:
            for dummy in sorted(self.sizes.value(size).atoms(Dummy), key=lambda d: d.dummy_index):
                if only is None or dummy in only:
                    self.sizes.bound[dummy] = named_size(next(n for n in pool if n not in used))
