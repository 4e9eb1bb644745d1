"""The graph of numeric work: hash-consed nodes, so that what occurs twice is computed once.

A node is an operation on arrays by position; it knows nothing of a back end. What operations there are is in `ops`.
"""

from itertools import count

from .costs import free
from .lengths import length
from .node import Node
from .ops import OPS

EVEN = {"abs", "cos", "cosh"}  # functions of real and of complex numbers that do not see the sign
VARIABLE = {"loop": 1, "tiles": 0}  # which attribute of a loop is its variable


class Graph:
    """Makes nodes; equal ones are one object.

    The methods write what has several spellings in one, so that it is known again: numbers are folded, in sums, products and powers;
    factors have an order, and a single number has no factors that are products; a transpose is undone by a transpose, and stands outside
    of an inverse and outside of a product that is known. All else that is made of a form is the work of passes.
    """

    def __init__(self):
        self._nodes = {}
        self._count = count()
        self._lengths = {}  # numbers for the sizes of axes
        self.integers = {}  # single integers, by number
        self._differences = {}  # the first of a difference and its negative, by summands and signs
        self.real = set()  # numbers of nodes whose values have to be real
        self.bounded = set()  # numbers of exponents that are relative to the largest, whose exponentials are in range
        self.symmetric = frozenset()  # numbers of matrices that are their own transpose, for the plan at hand

    def make(self, op, args=(), attrs=(), *, integer=False, weak=None):
        """The node, new or known. `weak`: a Python number, which does not decide the dtype of what it meets.

        Errors: ValueError for an operation that is not in the table.
        """
        key = (op, tuple([a.number for a in args]), tuple([(type(a), a) for a in attrs]) if attrs else ())
        node = self._nodes.get(key)
        if node is None:
            node = self._nodes[key] = self._new(op, tuple(args), tuple(attrs), integer, weak)
        return node

    def _new(self, op, args, attrs, integer, weak):
        kind = OPS.get(op)
        if kind is None:
            raise ValueError(f"the operation `{op}` is not in the table of operations, `codegen.ir.ops`")
        node = Node(op, args, attrs, kind, next(self._count))
        node.shape = kind.shape(node)
        node.axes = tuple([self._lengths.setdefault(s, len(self._lengths)) for s in node.shape])
        node.ndim = len(node.shape)
        node.loops = frozenset().union(*(a.loops for a in args)) if args else frozenset()
        if op in VARIABLE:
            node.loops -= {attrs[VARIABLE[op]]}
        node.integer = integer
        node.weak = weak if weak is not None else kind.of_numbers and node.ndim == 0 and all(a.weak for a in args)
        node.symmetric = node.ndim == 2 and kind.symmetric(node)
        node.nonnegative = kind.nonnegative(node)
        node.imaginary = isinstance(node.value, complex) or any(a.imaginary for a in args) and not kind.numbers.real_valued(node)
        node.is_free = kind.cost is free or node.ndim == 0 and node.weak
        node.costly = tuple([a for a in args if a.costly or not a.is_free])
        if integer and node.ndim == 0:
            self.integers[node.number] = node
        return node

    def remake(self, node, args):
        """The node with other operands."""
        if all(a is b for a, b in zip(args, node.args, strict=True)):
            return node
        return self.make(node.op, args, node.attrs, integer=node.integer, weak=node.weak)

    def is_symmetric(self, node):
        """Whether a matrix is known to be its own transpose, but for rounding; the inverse of one that is too."""
        core = node.args[0] if node.op == "inv" else node
        return node.symmetric or core.number in self.symmetric or node.number in self.symmetric

    # ---- leaves
    def const(self, value):
        return self.make("const", (), (value,), integer=isinstance(value, int), weak=True)

    def iter(self, *of):
        """A fresh loop variable; of: "tiles" for one of a loop that runs at least once."""
        node = self._new("iter", (), of, True, True)
        node.loops = frozenset([node])
        return node

    def dtype_node(self):
        return self.make("dtype", weak=False)

    # ---- elementwise
    def add(self, *args):
        terms, total = [], 0
        for a in args:
            for b in a.args if a.op == "add" and a.integer and a.ndim == 0 else (a,):
                if b.op == "const":
                    total += b.value
                else:
                    terms.append(b)
        if total != 0 or not terms:
            terms.append(self.const(total))
        if len(terms) == 1:
            return terms[0]
        return self.make("add", terms, integer=all(t.integer for t in terms))

    def mul(self, *args):
        if len(args) == 2 and args[0].value == 1 and args[1].op not in ("mul", "const") and not args[0].imaginary:
            return args[1]
        factors, total = [], 1
        for a in args:
            if a.op == "mul" and a.ndim and a.args[0].op == "const":  # the number of a multiple of an array
                total *= a.args[0].value
                a = a.args[1] if len(a.args) == 2 else self.make("mul", a.args[1:])
            for b in a.args if a.op == "mul" and a.ndim == 0 else (a,):
                if b.op == "const":
                    total *= b.value
                else:
                    factors.append(b)
        if not factors:
            return self.const(total)
        factors = ([self.const(total)] if total != 1 or isinstance(total, complex) else []) + sorted(factors, key=_rank)
        if len(factors) == 1:
            return factors[0]
        return self.make("mul", factors, integer=all(f.integer for f in factors))

    def pow(self, base, exponent):
        e = exponent.value
        if e is not None and e == 0:
            return self.const(1)
        if e is not None and e == 1:
            return base
        if e is not None and base.op == "const":
            return self._constant_power(base.value, e)
        if base.op == "pow" and isinstance(e, int) and isinstance(base.args[1].value, int):
            return self.pow(base.args[0], self.const(e * base.args[1].value))
        if isinstance(e, int) and e % 2 == 0:
            base = self._either_sign(base)
        integer = base.integer and exponent.integer and (e is None or e >= 0)
        return self.make("pow", (base, exponent), integer=integer)

    def _constant_power(self, base, e):
        try:
            value = base**e if not (isinstance(base, int) and isinstance(e, int) and e < 0) else float(base) ** e
        except (ZeroDivisionError, OverflowError):
            value = float("nan") if base != 0 else float("inf")
        return self.const(value)

    def call(self, name, *args, integer=False):
        if name in EVEN:
            args = tuple(map(self._either_sign, args))
        return self.make("call", args, (name,), integer=integer)

    def _either_sign(self, x):
        """A difference, or its negative, whichever came first: what is even is computed once, and the sign of a number changes no digit."""
        if x.op != "add" or not x.ndim or x.integer:
            return x
        parts = sorted((core.number, sign) for sign, core in map(self.signed, x.args))
        signs = {sign for _, sign in parts}
        if len(signs) < 2:
            return x
        return self._differences.setdefault(tuple((number, sign * parts[0][1]) for number, sign in parts), x)

    def signed(self, x):
        """(sign, the rest) of a summand."""
        if x.op == "view":
            sign, core = self.signed(x.args[0])
            return sign, x if sign == 1 else self.view(core, x.attrs)
        if x.op == "mul" and x.args[0].value == -1:
            return -1, self.mul(*x.args[1:])
        return 1, x

    def compare(self, op, a, b):
        return self.make("compare", (a, b), (op,), weak=False)

    def where(self, condition, a, b):
        if condition.op == "compare" and (a.value, b.value) == (1, 0):
            return self.floating(condition)
        node = self.make("where", (condition, a, b), weak=False)
        return self.floating(node) if a.weak and b.weak else node

    def floating(self, x):
        """Integers or truth values as numbers of the dtype of the data; a single one as a Python float."""
        return self.make("float", (x, self.dtype_node()) if x.ndim else (x,), weak=not x.ndim)

    # ---- shape
    def view(self, x, axes):
        """Axes of x in the order of `axes`, where None is a new axis of length 1."""
        axes = tuple(axes)
        while axes and axes[0] is None:  # NumPy broadcasts over missing leading axes
            axes = axes[1:]
        if axes == tuple(range(x.ndim)):
            return x
        if x.op == "view" and None not in x.attrs:  # before what is symmetric stays: a transpose of a transpose is never one
            return self.view(x.args[0], [None if k is None else x.attrs[k] for k in axes])
        if axes == (1, 0) and x.number in self.symmetric:
            return x
        return self.make("view", (x,), axes)

    def permute(self, x, axes):
        return self.view(x, axes)

    def transpose(self, x):
        return self.view(x, (1, 0))

    def index(self, x, at):
        """The part of x where the axes that are keys of `at` have these indices."""
        return self.make("index", (x, *(at[k] for k in sorted(at))), [0 if k in at else None for k in range(x.ndim)])

    def known(self, op, args, attrs=()):
        """The node if it has been made before, else None."""
        return self._nodes.get((op, tuple(a.number for a in args), tuple((type(a), a) for a in attrs)))

    # ---- linear algebra
    def contract(self, factors, out, scale):
        """The product of factors, each with a node, labels and `inverse`, summed over the labels that `out` has not, times a scalar node.

        attrs: the labels of the factors as numbers, which are inverses, the numbers of `out`, the SymPy sizes of the labels.
        """
        number = {x: k for k, x in enumerate(dict.fromkeys(x for f in factors for x in f.labels))}
        inputs = tuple(tuple(number[x] for x in f.labels) for f in factors)
        attrs = inputs, tuple(f.inverse for f in factors), tuple(number[x] for x in out), tuple(x.size for x in number)
        return self.make("contract", (*(f.node for f in factors), scale), attrs)

    def matmul(self, a, b):
        """The product of two arrays of one or two axes; where its transpose is known, that."""
        if a.ndim == b.ndim == 2:
            other = self.known("matmul", (self.transpose(b), self.transpose(a)))
            own = self.known("matmul", (a, b))
            if other is not None and (own is None or other.number < own.number):
                return self.transpose(other)
        return self.make("matmul", (a, b))

    def inv(self, a):
        if _is_transpose(a):
            return self.transpose(self.inv(a.args[0]))
        node = self.make("inv", (a,))
        if a.number in self.symmetric and a.op != "arg":  # that of an argument squared is a product with its own transpose
            self.symmetric |= {node.number}
        return node

    def solve(self, a, b):
        return self.make("solve", (a, b))

    def of_square(self, op, a):
        """A function of a square matrix that its transpose shares: det, slogdet."""
        return self.make(op, (a.args[0] if _is_transpose(a) else a,))

    def sum(self, x, axes):
        axes = tuple(sorted(axes))
        return self.make("sum", (x,), axes) if axes else x

    def full(self, x, sizes):
        """x broadcast to the shape `sizes` (nodes), as an array of its own."""
        dtype = (self.dtype_node(),) if x.weak and not x.imaginary else ()
        return self.make("full", (x, *dtype, *sizes), (bool(dtype),))

    def reshape(self, x, sizes):
        while x.op == "reshape":
            x = x.args[0]
        return x if x.shape == tuple(map(length, sizes)) else self.make("reshape", (x, *sizes))

    def eye(self, n):
        return self.make("eye", (n, self.dtype_node()))

    def to_int(self, x):
        return x if x.integer else self.make("int", (x,), integer=True)


def _rank(x):
    """The order of factors: single numbers first; what divides after what multiplies, so that a quotient is not first an inverse that may
    be out of range.
    """
    e = x.args[1].value if x.op == "pow" else 0
    return x.ndim, isinstance(e, (int, float)) and e < 0


def _is_transpose(x):
    return x.op == "view" and x.attrs == (1, 0)
