"""The conventions of `names.py`, applied to the names whose shape use leaves open."""

from sympy import S, expand
from sympy.core.symbol import Dummy

from .forced import ADDED, ADDED_TO_A_NUMBER, EXPONENT
from .names import COUNTS, GREEK, TABLE, is_of_numbers, kind_of_name
from .operators import DOTS
from .tree import below, names_in, unscaled
from .weights import label_numbers, weigh_numbers
from .written_out import OF_ENTRIES

OF_SQUARE = {
    "expm": "exp",
    "logm": "log",
    "sqrtm": "sqrt",
    "sinm": "sin",
    "cosm": "cos",
    "inv": "inverse",
}  # functions of matrices: of entries


def apply_conventions(inference):
    """Give every name that is still open its conventional shape, capitals first, letting the constraints act after each."""
    Defaults(inference).apply()


class Defaults:
    def __init__(self, inference):
        self.inference = inference
        self.sizes, self.names = inference.sizes, inference.names
        self.squared = []  # block matrices whose diagonal was made square, with its blocks

    def apply(self):
        kinds = {name: kind_of_name(name) for name in self.names}
        weigh_numbers(self.inference, self.make_scalar)
        self.kronecker_of_vectors(kinds)
        for name in [n for n in kinds if kinds[n] == "matrix"]:
            self.by_convention(name, self.make_matrix)
        for size in self.inference.identities:
            if isinstance(self.sizes.value(size), Dummy):
                self.sizes.grow(size)
        self.inference.propagate()
        self.square_blocks()
        self.kronecker_of_vec()
        self.equal_vecs()
        self.scalars_added_to_numbers()
        label_numbers(self.inference, self.make_scalar, lambda name: self.is_wide(name) or self.meets_a_matrix(name))
        self.exponents()
        for name in [n for n in kinds if kinds[n] == "column" or (kinds[n] == "scalar" and self.is_wide(n))]:
            self.by_convention(name, self.make_column)
        as_columns = self.follows_a_matrix, self.is_before_a_row, self.is_dotted, self.is_at
        for name in [n for n in kinds if kinds[n] in ("scalar", "number")]:
            column = kinds[name] == "scalar" and any(test(name) for test in as_columns)
            self.by_convention(name, self.make_column if column else self.make_scalar)
            if column:
                self.note_behind(name)
        self.square_of_ones()
        self.square_blocks()
        self.note_square()
        self.inference.identities += [size for node in below(self.inference.root) if node.op == "zeros" for size in node.shape]

    def by_convention(self, name, make):
        if self.chosen(name, make):
            self.inference.propagate()

    def chosen(self, name, make):
        """Whether the convention has something to say of a name; the constraints have not acted yet."""
        if not self.inference.is_open(self.names[name]):
            return False
        kind, is_column = kind_of_name(name), make == self.make_column
        why = "by use: a column" if is_column and kind != "column" else "by convention: " + TABLE[kind]
        self.inference.how[name] = why
        self.inference.by_convention.add(name)
        make(self.names[name])
        return True

    def make_matrix(self, shape):
        for size in shape:
            if isinstance(self.sizes.value(size), Dummy):
                self.sizes.grow(size)

    def make_scalar(self, shape):
        for size in shape:
            if isinstance(self.sizes.value(size), Dummy) and self.sizes.value(size) not in self.sizes.large:
                self.sizes.equate(size, S.One)

    def make_column(self, shape):
        """A column, unless use made it square (then a scalar), a row, or a matrix."""
        rows, cols = map(self.sizes.value, shape)
        if rows == cols:
            self.refuse_power_of_vector(shape)
            self.refuse_square_vector(shape)
            return self.make_scalar(shape)
        if isinstance(cols, Dummy) and cols not in self.sizes.large:
            self.sizes.equate(cols, S.One)
        if isinstance(rows, Dummy):
            if self.sizes.is_large(cols):
                self.sizes.equate(rows, S.One)
            else:
                self.sizes.grow(rows)

    def refuse_power_of_vector(self, shape):
        """ShapeError where a name that is square only by its power stands where a vector does: under `.T`, in `sum` and its kind."""
        wide = next((arg for arg in self.inference.wide if self.inference.same(shape, arg.shape)), None)
        powers = [need for need in self.inference.powers if self.inference.same(shape, need.part.shape)]
        for name, need in self.inference.forced.names.items() if wide else ():
            if need in powers:
                self.inference.forced.refuse(name, wide)

    def refuse_square_vector(self, shape):
        """ShapeError for the exponential or the inverse of what is by convention a vector: that of a matrix, or entry by entry?"""
        inference = self.inference
        for node in below(inference.root):
            entries = "inverse" if node.op == "I" else OF_SQUARE.get(node.value, "") if node.op == "call" else ""
            inverse = entries == "inverse"
            if entries and inference.same(shape, node.args[0].shape):
                name = next((n for n, s in inference.names.items() if inference.same(s, shape)), "x")
                text, part = inference.source.at(node.span), inference.source.at(node.args[0].span)
                saw = f"`{text}` can be read in two ways: `{name}` is by convention a vector"
                word = f"hpow({part}, -1)" if inverse else f"{entries}({part})"
                both = f"write `{word}` entry by entry, or declare `{name}: scalar` or `{name}: n x n`"
                raise inference.placed(f"{saw}; {both}", node.span[0])

    def exponents(self):
        """`hpow(x, y)`: y is a scalar, unless it has the shape of the power, or something else says that it is none."""
        for node in self.inference.exponents:
            shape = node.args[1].shape
            names = names_in(node.args[1])
            vector = self.inference.same(shape, node.shape) or any(self.is_wide(n) or self.meets_a_matrix(n) for n in names)
            if not vector and not self.inference.is_scalar(node.args[0].shape) and self.inference.is_open(shape):
                self.inference.forced.add(node.args[1], node, *EXPONENT)
                self.make_scalar(shape)
                self.inference.propagate()

    def scalars_added_to_numbers(self):
        """`1 + x`: x is a scalar, unless something next to it or equal in shape to it says otherwise."""
        entrywise = [arg.shape for arg in self.inference.entrywise]
        for node in self.inference.sums:
            if node.kinds == OF_ENTRIES or any(self.inference.same(node.shape, shape) for shape in entrywise):
                continue  # as of `1./(1 + exp(-x))`, `log1p(x)`
            for name, shape in self.names.items():
                same = self.inference.same(shape, node.shape) and kind_of_name(name) != "matrix"
                column = self.is_wide(name) or self.meets_a_matrix(name) or self.is_behind_a_row(name) or self.is_starred(name)
                column = column or self.is_in_a_sum(name)
                if same and self.inference.is_open(shape) and not column:
                    self.inference.forced.add(node, node, *ADDED)
                    self.by_convention(name, self.make_scalar)
                    self.inference.how[name] = ADDED_TO_A_NUMBER
                    self.inference.by_convention.discard(name)

    def kronecker_of_vectors(self, kinds):
        """``np.kron(x, y)``: letters of columns are columns there, before ``@`` can make a row of one of them."""
        products = [node for node in below(self.inference.root) if is_call(node, "kron", len(node.args)) and "numpy" in node.kinds]
        for name in dict.fromkeys(arg.value for node in products for arg in node.args if arg.op == "name"):
            if kinds.get(name) == "column":
                self.chosen(name, self.make_column)
        self.inference.propagate()

    def square_blocks(self):
        """``det([A, B; 0, D])``: of a block matrix that has to be square those on the diagonal are, where nothing else says so."""
        for node in below(self.inference.root):
            if node.op == "block" and node.value[0] == node.value[1] and self.has_to_be_square(node.shape):
                on_diagonal = [node.args[i * (node.value[1] + 1)] for i in range(node.value[0])]
                for block in on_diagonal:
                    if all(isinstance(self.sizes.value(size), Dummy) for size in block.shape):
                        self.sizes.equate(*block.shape)
                self.squared.append((node, on_diagonal))
        self.inference.propagate()

    def note_square(self):
        for node, blocks in self.squared:
            if not all(self.sizes.is_one(block.shape[0]) for block in blocks):
                text = self.inference.source.at(node.span)
                self.inference.notes.append(f"the blocks on the diagonal of `{text}` are square, by convention")

    def has_to_be_square(self, shape):
        """Whether its numbers of rows and columns are to be equal, and are not yet."""
        surplus = expand(self.sizes.value(shape[0]) - self.sizes.value(shape[1]))
        waiting = (expand(self.sizes.value(a) - self.sizes.value(b)) for a, b, _ in self.sizes.delayed)
        return surplus != 0 and any(other in (surplus, -surplus) for other in waiting)

    def kronecker_of_vec(self):
        """``kron(A, B)*vec(X)``: X has as many rows as B has columns, and columns as A, as in ``vec(B*X*A')``."""
        for p in self.inference.products:
            before = p.node.args[p.i - 1]
            if is_call(before, "kron", 2) and is_call(p.factor, "vec", 1):
                (a, b), x = (arg.shape for arg in before.args), p.factor.args[0].shape
                if all(isinstance(self.sizes.value(size), Dummy) for size in x):
                    for size, other in zip(x, (b[1], a[1])):
                        self.sizes.equate(size, other)
                    self.inference.propagate()
                    left, right, whole = (self.inference.source.at(n.span) for n in (*before.args, p.factor.args[0]))
                    self.inference.notes.append(
                        f"`{whole}` has as many rows as `{right}` has columns, and columns as `{left}`, by convention"
                    )

    def square_of_ones(self):
        """``vector(1)*vector(1)'``: square, where nothing says how long the first is."""
        for p in self.inference.products:
            before = p.node.args[p.i - 1]
            if before.op == "filled" and p.factor.op == "T" and p.factor.args[0].op == "filled":
                rows, columns = map(self.sizes.value, (before.shape[0], p.factor.shape[1]))
                if isinstance(rows, Dummy) and rows != columns:
                    self.sizes.equate(rows, columns)
                    text = self.inference.source.at((before.span[0], p.factor.span[1]))
                    self.inference.notes.append(f"`{text}` is square, by convention")
        self.inference.propagate()

    def equal_vecs(self):
        """``vec(A)'*vec(B)``, ``vec(A) - vec(B)``: of matrices of one shape, where nothing says otherwise."""
        inner = [(p.node.args[p.i - 1], p.factor) for p in self.inference.products if p.node.args[p.i - 1].op in ("T", "H")]
        for a, b in [*((a.args[0], b) for a, b in inner), *(map(unscaled, pair) for pair in self.inference.pairs)]:
            if is_call(a, "vec", 1) and is_call(b, "vec", 1):
                x, y = a.args[0], b.args[0]
                if all(isinstance(self.sizes.value(size), Dummy) for size in (*x.shape, *y.shape)) and not self.inference.same(
                    x.shape, y.shape
                ):
                    for size, other in zip(x.shape, y.shape):
                        self.sizes.equate(size, other)
                    left, right = (self.inference.source.at(n.span) for n in (x, y))
                    self.inference.notes.append(f"`{left}` and `{right}` are of one shape, by convention")
        self.inference.propagate()

    def is_wide(self, name):
        return any(self.inference.same(self.names[name], arg.shape) for arg in self.inference.wide)

    def meets_a_matrix(self, name):
        """The name is a factor next to something that is no scalar, or has the shape of a product that is not settled."""
        mine = self.names[name]
        for p in self.inference.products:
            large = self.inference.is_large(p.left), self.inference.is_large(p.right)
            if any(large) and any(self.inference.same(mine, shape) for shape in (p.left, p.right, p.out)):
                return True
        return False

    def follows_a_matrix(self, name):
        """`A*b`, `A*log(b)`, but not `A*x*b`: something with several columns stands in front of it, or of a function of its entries."""
        behind = [p for p in self.inference.products if self.is_of_entries(name, p.factor)]
        return any(self.sizes.is_large(p.left[1]) for p in behind)

    def is_behind_a_row(self, name):
        """`y'*log(1 - p)`, `y'*(1 - p)` of a letter that is by convention a column: an inner product, since no one writes numbers there."""
        mine = self.names[name]
        return kind_of_name(name) == "column" and any(
            p.node.args[p.i - 1].op in ("T", "H") and name in names_in(p.factor) and self.inference.same(p.factor.shape, mine)
            for p in self.inference.products
        )

    def note_behind(self, name):
        """A note on a letter that is a column only inside of a function of its entries behind a matrix."""
        factors = [p.factor for p in self.inference.products if self.is_of_entries(name, p.factor)]
        called = [f for f in factors if any(part.op == "call" for part in below(f))]
        if called and self.sizes.is_large(self.names[name][0]) and not any(f.op == "name" for f in factors):
            saw = f"`{name}` is read as a column, since `{self.inference.source.at(called[0].span)}` is multiplied as one"
            self.inference.notes.append(f"{saw}; for a number declare `{name}: scalar`")

    def is_of_entries(self, name, node):
        """Whether a factor is a name, or has its shape because it is a function of its entries: `log(b)`, `exp(-b)`, `a - b`."""
        if node.op == "name":
            return node.value == name
        of_numbers = is_of_numbers(name) or name in COUNTS
        return not of_numbers and name in names_in(node) and self.inference.same(node.shape, self.names[name])

    def is_before_a_row(self, name):
        """`a*b'`, `exp(a)*b'*X`, which no one writes of a number, but not `a*b'*x`, `lam*b'`, `a*x'`: an outer product of letters alike."""
        if is_of_numbers(name) or name in COUNTS:
            return False
        for p in self.inference.products:
            before, turned = p.node.args[p.i - 1], p.factor
            if self.is_of_entries(name, before) and turned.op in ("T", "H"):
                others = [n for n in dict.fromkeys(names_in(turned)) if self.is_of_entries(n, turned.args[0])]
                last = [f for f in p.node.args[p.i :] if f.op != "reciprocal"][-1]
                if any(kind_of_name(n) == "scalar" for n in others) and self.sizes.is_large(last.shape[1]):
                    return True
        return False

    def is_starred(self, name):
        """`y` of ``y*np.log(p) + (1 - y)*np.log(1 - p)``: NumPy's `*` is of each entry, and `p` is by convention no number either."""
        for p in self.inference.products if kind_of_name(name) == "column" else ():
            before, factor = p.node.args[p.i - 1], p.factor
            for side, other in ((before, factor), (factor, before)) if p.starred else ():
                mine = name in names_in(side) and self.inference.same(side.shape, self.names[name])
                if mine and not other.number and any(self.is_no_number(n) for n in names_in(other) if n != name):
                    return True
        return False

    def is_in_a_sum(self, name):
        """`x` of ``np.sum(np.exp(x)/(1 + np.exp(x)))``: in a sum, in a product or quotient of each entry."""
        wide = [part for arg in self.inference.wide for part in below(arg)] if kind_of_name(name) == "column" else []
        return any(p.starred and name in names_in(p.node) and any(p.node is part for part in wide) for p in self.inference.products)

    def is_no_number(self, name):
        """Whether a name is by convention a vector or matrix, and nothing says otherwise."""
        return kind_of_name(name) in ("column", "matrix") and not self.inference.is_scalar(self.names[name])

    def is_at(self, name):
        """`a@x`, `A@exp(b)`: NumPy's product has no numbers as factors."""
        return any(
            p.dot == "@" and any(self.is_of_entries(name, f) for f in (p.node.args[p.i - 1], p.factor)) for p in self.inference.products
        )

    def is_dotted(self, name):
        """`theta` of ``\\theta \\cdot x``, for a column x; of ``a \\cdot b`` where b is a column."""
        for p in self.inference.products:
            pair = [(p.node.args[p.i - 1], p.right), (p.factor, p.left)]
            for mine, other in pair if p.dot in DOTS[:-1] else ():
                if mine.op == "name" and mine.value == name and p.is_column(other) and not is_of_numbers(name):
                    beside = pair[0][0] if mine is p.factor else p.factor
                    if name in GREEK or beside.op == "name" and kind_of_name(beside.value) == "scalar":
                        return True
        return False


def is_call(node, function, count):
    return node.op == "call" and node.value == function and len(node.args) == count
