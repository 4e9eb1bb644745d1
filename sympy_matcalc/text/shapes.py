"""Shapes of all nodes of a tree, by unification; where the expression leaves a choice, the convention of `names.py` decides.

Every shape is a pair of sizes; a scalar is 1 x 1. A constraint that cannot act yet (is `a` in `a*x` a scalar?) waits. When nothing
moves any more, the next name takes its conventional shape and the waiting constraints go on, so the outcome depends on the text alone.
"""

from contextlib import suppress
from dataclasses import replace

from sympy import S
from sympy.core.symbol import Dummy

from .agreed import check_sizes
from .call_shapes import shape_of_call
from .defaults import apply_conventions
from .each_row import equate_axis, parted, repeat
from .forced import CHOSEN, COMPARED, POWER, POWERED, Forced, Need
from .handwritten import shape_of_bars, shape_of_entrywise, shape_of_filled
from .index_notation import shape_of_einsum
from .messages import Messages
from .names import is_column_by_use
from .powers import shape_of_power, shape_of_reciprocal
from .product import Product, turn_inner
from .ranged import shape_of_ranged, sizes_of_ranged
from .sizes import SCALAR, Clash, Sizes, named_size
from .slices import shape_of_slice
from .sums import shape_of_sum
from .tree import below, kronecker_factors
from .two_ways import check_all, is_solve
from .typed_sizes import size_of
from .weights import notes_on_matrices

POOL = ["n", "m", "k", "p", "q", "r", "s"]


class Inference(Messages):
    def __init__(self, source, root, declared, square=(), kinds=None, plain=False, wide_sums=False):
        self.wide_sums = wide_sums  # whether sums over rows may be of vectors and matrices
        self.plain = plain  # whether what can be read in two ways is not looked for
        self.source, self.root, self.declared, self.known_square = source, root, declared, frozenset(square)
        self.kinds = kinds or {}
        self.sizes = Sizes()
        self.names = {}  # name: shape, in order of appearance
        self.how = {}  # name: why it has that shape
        self.by_convention = set()  # names whose shape nothing but a convention says
        self.waiting = []  # constraints, each returns True when it is done
        self.identities, self.sums, self.products, self.pairs = [], [], [], []
        self.powers = []  # needs: bases that are square because they have a power
        self.starred = []  # products by `*` in a text with `@`, with the shape of what stands before
        self.at = []  # products by NumPy's `@`, in the same way, as they were typed
        self.exponents = []  # elementwise powers whose exponent may be a scalar or not
        self.wide = []  # what stands under .T, sum(...), [i]: what suggests a vector
        self.entrywise = []  # what stands in `had` and its kind: where a scalar makes no sense
        self.with_axes = []  # sums of matrices and of what is along an axis of one
        self.forced = Forced(self)
        self.notes = []
        self.size_names = {str(s) for shape in declared.values() for size in shape for s in size.free_symbols}

    check_readings = staticmethod(check_all)  # of what can be read in two ways

    def run(self):
        self.collect_sizes()
        self.visit(self.root)
        self.propagate()
        apply_conventions(self)
        self.finish()
        if not self.plain:
            self.check_readings(self)
        names = {**self.names, **{name: s for name, s in self.declared.items() if name not in self.names}}
        chosen = {name: why for name, why in self.how.items() if name in self.by_convention}
        chosen |= {name: "by use: a column" for name in self.names if name not in self.how and is_column_by_use(name, self.names[name])}
        return names, self.size_names, [*self.forced.notes(), *self.notes, *notes_on_matrices(self)], chosen

    def collect_sizes(self):
        for node in below(self.root):
            self.size_names.update(str(s) for a in node.sizes for s in size_of(self.source, a).free_symbols)
            if node.op == "ranged":
                self.size_names |= sizes_of_ranged(node)
        check_sizes(self)

    def equate(self, shape, other, message):
        try:
            for a, b in zip(shape, other):
                self.sizes.equate(a, b, message)
        except Clash:
            raise self.shape_error(message) from None

    def grow(self, size, node):
        """Say that a size is not 1; ShapeError where it is."""
        try:
            self.sizes.grow(size)
        except Clash:
            raise self.shape_error(lambda: f"`{self.source.at(node.span)}` goes beyond an axis of length 1") from None

    # ---- one method a kind of node: sets node.shape, node.number (a scalar by construction)
    def visit(self, node):
        for arg in node.args:
            self.visit(arg)
        getattr(self, "visit_" + node.op)(node)

    def visit_number(self, node):
        node.shape, node.number = SCALAR, True

    visit_bound = visit_index = visit_running = visit_extent = visit_number

    def visit_sum(self, node):
        shape_of_sum(self, node)

    def visit_ranged(self, node):
        shape_of_ranged(self, node)

    def visit_identity(self, node):
        size = self.sizes.fresh()
        node.shape = (size, size)
        self.identities.append(size)

    def visit_zeros(self, node):
        node.shape = self.sizes.fresh(), self.sizes.fresh()

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
        if name in self.known_square or self.kinds.get(name) == "square":
            size = self.sizes.fresh()
            self.sizes.grow(size)
            self.how[name] = "square, by what is stated"
            return size, size
        if name in self.kinds:
            return self.of_kind(name, self.kinds[name])
        return self.fresh()

    def of_kind(self, name, kind):
        """A shape of what is declared in a word."""
        self.how[name] = "by use: the rows are vectors" if kind == "samples" else f"declared a {kind}"
        large = {"scalar": (), "column": (0,), "row": (1,), "matrix": (0, 1), "samples": (0, 1)}[kind]
        shape = tuple(self.sizes.fresh() if axis in large else S.One for axis in (0, 1))
        for axis in large:
            self.sizes.grow(shape[axis])
        return shape

    def fresh(self):
        """A shape of which nothing is known."""
        return self.sizes.fresh(), self.sizes.fresh()

    def visit_T(self, node):
        arg = node.args[0]
        node.shape, node.number = arg.shape[::-1], arg.number
        self.wide.append(arg)

    visit_H = visit_T

    def visit_I(self, node):
        self.same_as_square(node, "the inverse")

    def same_as_square(self, node, what):
        arg = node.args[0]
        node.shape, node.number = arg.shape, arg.number
        self.invertible(arg, what)

    def invertible(self, arg, what):
        """Square; of a Kronecker product that is invertible so are the factors, as far as their shapes are open."""
        self.square(arg, what)
        for factor in kronecker_factors(arg):
            with suppress(Clash):
                self.sizes.equate(*factor.shape)

    def square(self, arg, what):
        try:
            self.sizes.equate(*arg.shape, lambda: f"{what} needs a square matrix, but {self.place(arg)}")
        except Clash:
            raise self.shape_error(lambda: f"{what} needs a square matrix, but {self.place(arg)}") from None

    def scalar(self, arg, what):
        self.forced.scalars.append((arg, what))
        try:
            for size in arg.shape:
                self.sizes.equate(size, S.One)
        except Clash:
            raise self.shape_error(lambda: f"{what} must be a scalar, but {self.place(arg)}") from None

    def visit_pow(self, node):
        base, exponent = node.args
        node.shape = base.shape
        if node.kinds:
            shape_of_power(self, node)
            return
        need = self.forced.add(base, node, *POWER)
        if not self.wait_for_length(need):
            self.need_equal_sizes(need)
            self.powers.append(need)
        self.forced.remember(Need(exponent, node, *POWERED))
        self.scalar(exponent, "an exponent")
        node.number = base.number and exponent.number

    def visit_reciprocal(self, node):
        shape_of_reciprocal(self, node)

    def visit_compare(self, node):
        for arg in node.args:
            self.need_scalar(arg, node, COMPARED)
        node.shape, node.number = SCALAR, True

    def visit_and(self, node):
        node.shape, node.number = SCALAR, True

    visit_or = visit_and

    def visit_where(self, node):
        for value in [*node.args[1::2], node.args[-1]]:
            self.need_scalar(value, node, CHOSEN)
        node.shape, node.number = SCALAR, True

    def need_scalar(self, part, whole, why):
        need = self.forced.add(part, whole, *why)
        if not self.wait_for_length(need):
            self.equate(part.shape, SCALAR, lambda: self.forced.too_large(need, part.shape))

    def need_equal_sizes(self, need):
        rows, cols = need.part.shape
        if self.is_large((rows,)) and self.is_large((cols,)):
            self.square(need.part, "a power")
        self.equate((rows,), (cols,), lambda: self.forced.too_large(need, need.part.shape))

    def wait_for_length(self, need):
        """Whether a part is a column or row of unknown length: use and convention say that, not the power or quotient of it."""
        shape = need.part.shape
        ones = list(map(self.sizes.is_one, shape))
        if all(ones) or not any(ones) or self.is_large(shape):
            return False
        self.waiting.append(lambda: self.is_scalar(shape) or self.is_large(shape) and self.refuse(need))
        return True

    def refuse(self, need):
        raise self.shape_error(lambda: self.forced.too_large(need, need.part.shape))

    def visit_entry(self, node):
        base, *index = node.args
        for i in index:
            self.scalar(i, "an index")
        if len(index) == 1:
            self.equate(base.shape[1:], (S.One,), lambda: f"an entry with one index is of a column, but {self.place(base)}")
        self.wide.append(base)
        node.shape, node.number = SCALAR, True

    def visit_mul(self, node):
        node.number = all(a.number for a in node.args)
        left = node.args[0].shape
        for i in range(1, len(node.args)):
            if is_solve(node.args[i - 1]) and not node.args[i].number:
                self.wide.append(node.args[i])
            sign = (node.value or {}).get(i)
            if sign == "*":
                self.starred.append((replace(node), i, left))
            elif sign == "@":
                self.at.append((replace(node), i, left))
            left = self.product(node, i, left, sign or "")
        node.shape = left

    def product(self, node, i, left, dot=""):
        """Shape of the first i factors, of shape `left`, times the next."""
        right = node.args[i].shape
        if self.is_scalar(left) or self.is_scalar(right):
            return right if self.is_scalar(left) else left
        out = self.fresh()
        constraint = Product(self, node, i, left, right, out, dot)
        self.waiting.append(constraint)
        self.products.append(constraint)
        return out

    def visit_add(self, node):
        others = [a for a in node.args if not (a.number or a.shape == SCALAR)]  # declared to be scalars too
        node.number = not others
        node.shape = others[0].shape if others else SCALAR
        wide, thin = parted(others)
        for arg in wide[1:]:
            self.equal_places(wide[0], arg)
        if thin:
            node.shape = wide[0].shape
            self.with_axes.append(node)
        for arg in thin:
            equate_axis(self, wide[0], arg)
        if others and len(others) < len(node.args):
            self.waiting.append(lambda: self.broadcast(node))
            self.sums.append(node)

    def broadcast(self, node):
        """A number plus a vector or matrix adds to every entry; of a matrix with a note, since `X + 1` may be meant as `X + I`."""
        if self.is_scalar(node.shape):
            return True
        large, one = (list(map(test, node.shape)) for test in (self.sizes.is_large, self.sizes.is_one))
        node.broadcast = any(large) and all(a or b for a, b in zip(large, one))
        return node.broadcast

    def equal_places(self, a, b, multiplied=False):
        """multiplied: whether the two are factors, so that one may be meant for each row or column of the other."""
        self.pairs.append((a, b))
        self.equate(a.shape, b.shape, lambda: self.unequal(a, b) + (self.scaled(a, b) if multiplied else ""))

    def visit_written(self, node):
        for arg in node.args:
            self.scalar(arg, "an entry of a `Matrix`")
        node.shape = tuple(map(S, node.value))

    def visit_length(self, node):
        node.shape, node.number = (self.sizes.fresh(), S.One), True

    def visit_einsum(self, node):
        shape_of_einsum(self, node)

    def visit_block(self, node):
        rows, cols = node.value
        grid = [node.args[i * cols : (i + 1) * cols] for i in range(rows)]
        for row in grid:
            for a, b in zip(row, row[1:]):
                self.equate(a.shape[:1], b.shape[:1], lambda a=a, b=b: f"{self.unequal(a, b)} in their rows")
        for row, next_row in zip(grid, grid[1:]):
            for a, b in zip(row, next_row):
                self.equate(a.shape[1:], b.shape[1:], lambda a=a, b=b: f"{self.unequal(a, b)} in their columns")
        node.shape = sum((row[0].shape[0] for row in grid), S.Zero), sum((a.shape[1] for a in grid[0]), S.Zero)

    def visit_slice(self, node):
        shape_of_slice(self, node)

    def visit_call(self, node):
        shape_of_call(self, node)

    def visit_entrywise(self, node):
        shape_of_entrywise(self, node)

    def visit_bars(self, node):
        shape_of_bars(self, node)

    def visit_filled(self, node):
        shape_of_filled(self, node)

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
        except Clash as clash:
            unplaced = "the sizes of a Kronecker product, vec or block matrix do not fit what they meet"
            raise self.shape_error(clash.message or (lambda: unplaced)) from None

    def same(self, shape, other):
        return [self.sizes.value(s) for s in shape] == [self.sizes.value(s) for s in other]

    def is_open(self, shape):
        """A convention still has something to say: a size is unknown and not yet said to be large."""
        return any(isinstance(v := self.sizes.value(s), Dummy) and v not in self.sizes.large for s in shape)

    def finish(self):
        self.propagate()
        if self.waiting or self.sizes.delayed:
            raise self.unsettled()
        self.forced.check()
        self.name_free_sizes()
        for node in below(self.root):
            node.shape = tuple(map(self.sizes.value, node.shape))
            node.length = node.length if node.length is None else self.sizes.value(node.length)
        turn_inner(self.products)
        repeat(self)
        self.names = {name: tuple(map(self.sizes.value, shape)) for name, shape in self.names.items()}

    def name_free_sizes(self, only=None):
        """n, m, k, p, ... for the unknown sizes in order of appearance, leaving out what the text uses."""
        used = set(self.names) | self.size_names | {n.value[0] for n in below(self.root) if n.op == "index"}
        pool = (name + suffix for suffix in ["", *map(str, range(1, 1000))] for name in POOL)
        free = [s for shape in self.names.values() for s in shape] + self.identities
        for size in free:
            for dummy in sorted(self.sizes.value(size).atoms(Dummy), key=lambda d: d.dummy_index):
                if only is None or dummy in only:
                    self.sizes.bound[dummy] = named_size(next(n for n in pool if n not in used))
