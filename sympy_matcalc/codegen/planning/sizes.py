"""Shapes of nodes and costs of operations, for numbers that stand for the sizes."""

from itertools import zip_longest
from math import prod

from sympy import S

# In units of one multiply-add inside a large matrix product. Memory traffic, calls and factorisations were measured in those.
CALL = 20_000
EACH = 6_000  # product of a stack of them
ELEMENT = 16
STRIDED = 30
FUNCTION = 80
VECTOR = 8
SOLVE = 1.3
INVERSE = 0.8
FREE = {"arg", "sym", "const", "dtype", "iter", "view", "item", "within", "int", "direction", "size"}
SHAPE_OF_FIRST = {
    "add_band",
    "add_diagonal",
    "cholesky",
    "eigh",
    "float",
    "frechet_exp",
    "frechet_sqrt",
    "int",
    "inv",
    "inverse_gaps",
    "like",
    "log_softmax",
    "matrix_function",
    "matrix_power",
    "pinv",
    "reciprocal",
    "slogdet",
    "softmax",
    "svd",
    "symmetric",
}
REDUCTIONS = {"sum", "prod", "max", "logsumexp", "norm", "p_norm"}


def is_gram(a, b):
    """Whether a is the transpose of b, over the last two axes."""
    swap = (*range(a.ndim - 2), a.ndim - 1, a.ndim - 2)
    return a.ndim > 1 and (a.op == "view" and a.args[0] is b and a.attrs == swap or b.op == "view" and b.args[0] is a and b.attrs == swap)


class Sizes:
    """Shapes of the nodes of a graph where each size symbol has the number that `numbers` gives it, `other` those that it does not."""

    def __init__(self, numbers, other=64):
        self.numbers, self.other = numbers, other
        self._of, self._shapes, self._costs = {}, {}, {}

    def of(self, size):
        """The number for a SymPy size or an `Axis`."""
        if isinstance(size, Axis):
            return size.number
        if size not in self._of:
            value = S(size).xreplace({s: S(self.numbers.get(s, self.other)) for s in S(size).free_symbols})
            self._of[size] = max(1, int(value)) if value.is_number and value.is_finite else self.other
        return self._of[size]

    def _integer(self, node):
        """The number for the node of a size."""
        if node.op == "const":
            return int(node.value)
        if node.op == "sym":
            return self.numbers.get(node.attrs[0], self.other)
        if node.op in ("add", "mul") and node.integer:
            parts = [self._integer(a) for a in node.args]
            return sum(parts) if node.op == "add" else prod(parts)
        if node.op == "within":
            return self._integer(node.args[0])
        if node.op == "call" and node.attrs == ("floordiv",):
            return self._integer(node.args[0]) // max(1, self._integer(node.args[1]))
        return self.other

    def shape(self, node):
        """The lengths of the axes of a node."""
        found = self._shapes.get(node.number)
        if found is None:
            stack = [node]
            while stack:
                n = stack[-1]
                todo = [a for a in n.args if a.number not in self._shapes]
                if todo:
                    stack.extend(todo)
                    continue
                self._shapes[n.number] = self._shape(n)
                stack.pop()
            found = self._shapes[node.number]
        return found

    def volume(self, node):
        return prod(self.shape(node))

    def _shape(self, node):
        if node.ndim == 0:
            return ()
        rule = getattr(self, "_" + node.op, None)
        shape = rule(node, [self._shapes[a.number] for a in node.args]) if rule else None
        if shape is None and node.op in SHAPE_OF_FIRST:
            shape = self._shapes[node.args[0].number]
        if shape is None and node.op in REDUCTIONS:
            shape = tuple(s for k, s in enumerate(self._shapes[node.args[0].number]) if k not in node.attrs)
        return shape if shape is not None and len(shape) == node.ndim else (self.other,) * node.ndim

    def _arg(self, node, shapes):
        return tuple(self.of(s) for s in node.attrs[0].shape if s != 1)

    def _broadcast(self, node, shapes):
        out = [1] * node.ndim
        for shape in shapes:
            for k, s in enumerate(reversed(shape), 1):
                if k <= node.ndim:
                    out[-k] = max(out[-k], s)
        return tuple(out)

    _add = _mul = _pow = _call = _compare = _where = _broadcast

    def _declared(self, node, shapes):
        return tuple(self.of(s) for s in node.attrs[2])

    def _view(self, node, shapes):
        return tuple(1 if k is None else shapes[0][k] for k in node.attrs)

    def _contract(self, node, shapes):
        _, _, output, sizes = node.attrs
        return tuple(self.of(sizes[k]) for k in output)

    def _matmul(self, node, shapes):
        a, b = shapes
        if len(a) > 1 and len(b) > 1:
            batch = [max(x, y) for x, y in zip_longest(reversed(a[:-2]), reversed(b[:-2]), fillvalue=1)]
            return (*reversed(batch), a[-2], b[-1])
        return a[:-1] if len(b) == 1 else b[1:]

    def _tensordot(self, node, shapes):
        return tuple(s for shape, gone in zip(shapes, node.attrs, strict=True) for k, s in enumerate(shape) if k not in gone)

    def _einsum(self, node, shapes):
        inputs, out = node.attrs[0].split("->")
        size = {x: s for word, shape in zip(inputs.split(","), shapes, strict=True) for x, s in zip(word, shape, strict=True)}
        return tuple(size[x] for x in out)

    def _outer_sum(self, node, shapes):
        half = len(node.args) // 2
        return shapes[0] + shapes[half]

    def _weighted_gram(self, node, shapes):
        return shapes[0][1], shapes[0][1]

    def _solve(self, node, shapes):
        return shapes[1]

    def _full(self, node, shapes):
        return tuple(self._integer(a) for a in node.args[1 + bool(node.attrs[0]) :])

    def _reshape(self, node, shapes):
        return tuple(self._integer(a) for a in node.args[1:])

    def _embed(self, node, shapes):
        return tuple(self._integer(a) for a in node.args[2:])

    def _eye(self, node, shapes):
        rows = self._integer(node.args[0])
        return rows, self._integer(node.args[2]) if len(node.args) > 2 else rows

    def _selector(self, node, shapes):
        n, _, start, stop, step = map(self._integer, node.args)
        return max(1, (stop - start) // max(1, step)), n

    def _slice(self, node, shapes):
        rest, out = iter(node.args[1:]), []
        for s, p in zip(shapes[0], node.attrs, strict=True):
            if p == "slice":
                start, stop, step = (self._integer(next(rest)) for _ in range(3))
                out.append(max(1, (stop - start) // max(1, step)))
            elif p is None:
                out.append(s)
            else:
                next(rest)
        return tuple(out)

    def _pad(self, node, shapes):
        return tuple(self._integer(node.args[1]) if k == node.attrs[0] else s for k, s in enumerate(shapes[0]))

    def _zeros(self, node, shapes):
        return tuple(self._integer(a) for a in node.args[1:])

    def _arange(self, node, shapes):
        return (max(1, self._integer(node.args[1]) - self._integer(node.args[0])),)

    def _diag(self, node, shapes):
        return shapes[0] * 2

    def _diagonal(self, node, shapes):
        gone = node.attrs
        return (*(s for k, s in enumerate(shapes[0]) if k not in gone), shapes[0][gone[0]])

    def _index(self, node, shapes):
        return tuple(s for s, p in zip(shapes[0], node.attrs, strict=True) if p is None)

    def _kron(self, node, shapes):
        return tuple(a * b for a, b in zip(*shapes, strict=True))

    # ---- costs
    def cost(self, node):
        """The work of one node whose operands are there, without the factorisations."""
        if node.number not in self._costs:
            self._costs[node.number] = self._cost(node)
        return self._costs[node.number]

    def _cost(self, node):
        if node.op in FREE or node.ndim == 0 and node.weak:
            return 0
        rule = getattr(self, "_cost_" + node.op, None)
        return CALL + (rule(node) if rule else self._traffic(node) + FUNCTION * self.volume(node))

    def _traffic(self, node):
        return ELEMENT * (self.volume(node) + sum(self.volume(a) for a in node.args if a.ndim) // 4)

    def _cost_add(self, node):
        turned = any(a.op == "view" and None not in a.attrs for a in node.args)
        return (STRIDED if turned and node.ndim > 1 else ELEMENT) * self.volume(node) * (len(node.args) - 1)

    def _cost_mul(self, node):
        return ELEMENT * self.volume(node) * (len(node.args) - 1)

    def _cost_pow(self, node):
        e = node.args[1].value
        return (ELEMENT if e in (-1, 2, -2) else FUNCTION) * self.volume(node)

    def _cost_call(self, node):
        return (ELEMENT if node.attrs[0] in ("abs", "conj", "sign", "sqrt") else FUNCTION) * self.volume(node)

    def _cost_reshape(self, node):
        array = node.args[0]
        turned = array.op == "view" and [k for k in array.attrs if k is not None] != sorted(k for k in array.attrs if k is not None)
        return (ELEMENT if turned else 0) * self.volume(node)  # a copy, where the axes are not in order

    def _cost_sum(self, node):
        return ELEMENT * self.volume(node.args[0]) // 2

    def _cost_dot(self, node):
        return VECTOR * self.volume(node.args[0])

    def _cost_matmul(self, node):
        a, b = node.args
        inner = self.shape(a)[-1]
        if a.ndim == 1 or b.ndim == 1:
            return VECTOR * max(self.volume(a), self.volume(b))
        work = self.volume(node) * inner
        if is_gram(a, b):
            work //= 2  # NumPy calls syrk for a product with its own transpose
        return work + ELEMENT * self.volume(node) // 4 + EACH * prod(self.shape(node)[:-2])

    def _cost_weighted_gram(self, node):
        rows = self.volume(node.args[0])
        return self.volume(node) * self.shape(node.args[0])[0] // 2 + ELEMENT * (rows + self.volume(node) // 4) + CALL * 4

    def _cost_tensordot(self, node):
        inner = prod(self.shape(node.args[0])[k] for k in node.attrs[0])
        same = node.args[0] is node.args[1] and node.attrs[0] == node.attrs[1]
        copies = sum(self.volume(a) for a in node.args if a.ndim > 2)
        return self.volume(node) * inner // (2 if same else 1) + ELEMENT * copies

    def _cost_einsum(self, node):
        inputs = node.attrs[0].split("->")[0].split(",")
        size = {x: s for word, a in zip(inputs, node.args, strict=True) for x, s in zip(word, self.shape(a), strict=True)}
        return 2 * prod(size.values())

    def _cost_outer_sum(self, node):
        return ELEMENT * self.volume(node)

    def _cost_solve(self, node):
        n = self.shape(node.args[0])[-1]
        columns = self.shape(node)[1] if node.ndim > 1 else 1
        return int(SOLVE * n * n * columns) + VECTOR * n * n

    def _cost_inv(self, node):
        n = self.shape(node)[-1]
        return int(INVERSE * n**3) + ELEMENT * n * n

    def factorisation(self, node):
        """The work of factoring the matrix that a solve, an inverse or a determinant needs."""
        n = self.shape(node)[-1]
        return n**3 // 2 + CALL + 2 * ELEMENT * n * n

    def _cost_slogdet(self, node):
        return 0

    def _cost_trace(self, node):
        return ELEMENT * self.shape(node.args[0])[0]

    _cost_diagonal = _cost_trace

    def _cost_add_diagonal(self, node):
        return ELEMENT * (self.shape(node)[0] + self.volume(node) // 2)

    def _cost_embed(self, node):
        return ELEMENT * (self.volume(node.args[0]) + self.volume(node) // 256)  # zeros cost little before they are written

    def _cost_full(self, node):
        return ELEMENT * self.volume(node) // 2

    _cost_diag = _cost_eye = _cost_selector = _cost_full

    def _cost_slice(self, node):
        return 0

    def _cost_pad(self, node):
        return ELEMENT * (self.volume(node.args[0]) + self.volume(node) // 8)

    def _cost_zeros(self, node):
        return self.volume(node) // 8

    def _cost_add_band(self, node):
        return ELEMENT * self.shape(node)[0]


class Axis:
    """The size of an axis of a node, where no SymPy size is known for it; `number` stands for it."""

    __slots__ = ("node", "axis", "number")

    def __init__(self, node, axis, number):
        self.node, self.axis, self.number = node, axis, number
