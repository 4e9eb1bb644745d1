"""The product of two factors, either of which may turn out to be a scalar; the dot of two columns."""

from dataclasses import replace

from .names import is_of_numbers, kind_of_name
from .sizes import SCALAR
from .tree import Node


class Product:
    """The waiting constraint of a product whose factors may be scalars: acts once it is known which of them are.

    dot: its sign, where that is a dot, or NumPy's `@`; between two columns it is their inner product, `is_inner` then, and between a
    column and a matrix NumPy takes the column as a row, `is_row`. NumPy's `*` of two columns, which have no product, is of each entry,
    `is_entrywise`.
    """

    def __init__(self, inference, node, i, left, right, out, dot=""):
        self.inference, self.node, self.i = inference, node, i
        self.dot, self.starred = ("", True) if dot == "*" else (dot, False)
        self.is_inner, self.is_row, self.is_entrywise = False, False, False
        self.left, self.right, self.out = left, right, out
        self.factor = node.args[i]

    def __call__(self):
        inf, left, right = self.inference, self.left, self.right
        if inf.is_scalar(left) or inf.is_scalar(right):
            inf.equate(self.out, right if inf.is_scalar(left) else left, self.out_message)
            return True
        known = inf.is_large(left), inf.is_large(right)
        columns = self.is_column(left), self.is_column(right)
        open_side = any(columns) and not all(known) and inf.is_scalar(self.out) and not (self.has_number() or self.has_row())
        if self.dot and (all(columns) or open_side):
            self.is_inner = True
            inf.equate(left, right, self.inner_message)
            inf.equate(self.out, SCALAR, self.out_message)
            inf.notes.append(f"{self.text(self.i)} is read as the inner product of two columns")
            return True
        if self.starred and all(columns):
            self.is_entrywise = True
            inf.equate(left, right, self.entries_message)
            inf.equate(self.out, left, self.out_message)
            inf.notes.append(f"{self.text(self.i)} is read entry by entry, as NumPy has it")
            return True
        if self.dot == "@" and columns[0] and inf.sizes.is_large(right[0]) and inf.sizes.is_large(right[1]):
            self.is_inner = self.is_row = True
            inf.equate(left[:1], right[:1], self.inner_message)
            inf.equate((SCALAR[0], right[1]), self.out, self.out_message)
            inf.notes.append(f"{self.text(self.i - 1)} is read as a row in front of `@`, as NumPy reads one-dimensional arrays")
            return True
        if all(known) or (any(known) and inf.is_scalar(self.out)):
            inf.equate(left[1:], right[:1], self.inner_message)
            inf.equate((left[0], right[1]), self.out, self.out_message)
            return True
        return False

    def has_number(self):
        """Whether a side is a letter of numbers, a step size: no column because the other side is one."""
        return any(e.op == "name" and is_of_numbers(e.value) for e in (self.node.args[self.i - 1], self.factor))

    def has_row(self):
        """Whether a vector is transposed in front, ``b.T @ x``, ``2*y.T @ X @ w``: what is in front of the sign is a row."""
        turned = [e.args[0] for e in self.node.args[: self.i] if e.op in ("T", "H")]
        return any(e.op != "name" or kind_of_name(e.value) != "matrix" for e in turned)

    def is_column(self, shape):
        return self.inference.sizes.is_one(shape[1]) and self.inference.sizes.is_large(shape[0])

    def text(self, last):
        start, end = self.node.span[0], self.node.args[last].span[1]
        return f"`{self.inference.source.balanced((start, end))}` (column {start + 1})"

    def entries_message(self):
        left = f"{self.text(self.i - 1)} is {self.inference.show(self.left)}"
        return f"{left}, but {self.inference.place(self.factor)}; a product of each entry, as NumPy has it, needs equal shapes"

    def inner_message(self):
        inf = self.inference
        left = f"{self.text(self.i - 1)} is {inf.show(self.left)}"
        return f"in a product {left}, but {inf.place(self.factor)}; the inner sizes must be equal ({self.instead()})"

    def instead(self):
        """What may be meant by a product that there is not: of two columns, or entry by entry."""
        one = self.inference.sizes.is_one
        a, b = (self.inference.source.at(n.span) for n in (self.node.args[self.i - 1], self.factor))
        turned = self.i == 1 and one(self.left[1]) and not one(self.right[1])
        if turned and self.inference.sizes.value(self.left[0]) == self.inference.sizes.value(self.right[0]):
            return f"with the row: `{self.inference.source.factor(self.node.args[0])}.T*{b}`, elementwise: `had(x, y)`"
        columns = self.i == 1 and one(self.left[1]) and one(self.right[1]) and self.node.args[0].op != "T"
        return f"the inner product: `dot({a}, {b})`, elementwise: `had({a}, {b})`" if columns else "elementwise: `had(x, y)`"

    def out_message(self):
        inf, left, right = self.inference, self.left, self.right
        product = left if self.is_entrywise else (SCALAR[0] if self.is_inner else left[0], right[1])
        shape = right if inf.is_scalar(left) else left if inf.is_scalar(right) else product
        said = inf.forced.message(self.out, shape)
        if said:
            return said
        other = next((b if a.shape is self.out else a for a, b in inf.pairs if self.out is a.shape or self.out is b.shape), None)
        where = inf.place(other) if other and other.shape is not self.out else f"{inf.show(self.out)} is needed there"
        return f"{self.text(self.i)} is {inf.show(shape)}, but {where}; the shapes must be equal"


def turn_inner(products):
    """Transpose what stands in front of the dot of an inner product, in the trees; a product of each entry is a node of its own."""
    by_node = {}
    for p in products:
        if p.is_inner or p.is_entrywise:
            by_node.setdefault(id(p.node), (p.node, {}))[1][p.i] = p
    for node, found in by_node.values():
        factors = [node.args[0]]
        for i, factor in enumerate(node.args[1:], 1):
            if i in found:
                p = found[i]
                rows, columns = map(p.inference.sizes.value, p.left)
                numbers = [f for f in factors if p.inference.is_scalar(f.shape)]
                others = [f for f in factors if not p.inference.is_scalar(f.shape)]
                left = others[0] if len(others) == 1 else replace(node, args=tuple(others), value=None, shape=(rows, columns))
                if p.is_entrywise:
                    span = (left.span[0], factor.span[1])
                    factors = [*numbers, Node("entrywise", (left, factor), span, shape=(rows, columns))]
                    continue
                factors = [*numbers, Node("T", (left,), left.span, shape=(columns, rows))]
            factors.append(factor)
        node.args = tuple(factors)
