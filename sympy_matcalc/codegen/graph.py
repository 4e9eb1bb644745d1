"""The graph of numeric work: hash-consed nodes, so that what occurs twice is computed once.

A node is an operation on arrays by position; it knows nothing of SymPy or of a back end. Operations:

    arg name | sym name | const value | iter | dtype            leaves
    add mul pow call(f) compare(op) where                       elementwise, operands broadcast
    view(axes)      axes permuted, None inserts an axis of length 1
    contract(inputs, inverses, output, sizes)                   a product of any number of arrays, before it is planned
    matmul tensordot(axes) einsum(spec) sum(axes) trace dot     what it is planned as
    solve inv det slogdet item(k) matrix_power      linear algebra, over the last two axes
    factor(kind) solve_factored(turned) inv_factored slogdet_factored det_factored      one factorisation for several uses
    svd eigh cholesky symmetric pinv reciprocal inverse_gaps simple(kind)      spectra and factorisations of one matrix
    matrix_function(name) frechet_exp frechet_sqrt block_triangular like      functions of one matrix
    norm p_norm max softmax log_softmax logsumexp (axes)      reductions of their own
    root_of_squares                                 of all entries
    outer_sum       a sum of outer products: the left arrays, then the right ones
    full reshape eye diag diagonal embed(spec) arange array     construction; add_diagonal(spec)
    selector        rows of the identity; pad: an array among zeros along an axis; zeros; add_band: a vector added to a diagonal of a block
    tri duplication unit_matrix stack               constant matrices; the columns that a loop has collected
    index(pattern) slice(pattern) block(rows) concat            access
    declared(operator, name, shape)     the call of a function that was declared for a node; the last operands are the sizes of its shape
    loop(kind)      a reduction that cannot be vectorised
"""

from itertools import count

from .softmax import logistic_pairs, one_minus_logistic


class Node:
    """One operation: `op`, `args` (nodes), `attrs` (hashable data), number of axes, and the loops it lies in."""

    __slots__ = ("op", "args", "attrs", "ndim", "loops", "weak", "integer", "number")

    def __init__(self, op, args, attrs, ndim, loops, weak, integer, number):
        self.op, self.args, self.attrs, self.ndim = op, args, attrs, ndim
        self.loops, self.weak, self.integer, self.number = loops, weak, integer, number

    def __repr__(self):
        return f"<{self.number} {self.op} {self.attrs} {[a.number for a in self.args]}>"

    @property
    def value(self):
        """The number of a `const`, else None."""
        return self.attrs[0] if self.op == "const" else None


ELEMENTWISE = {"add", "mul", "pow", "call", "compare", "where"}
SIZES = {"sym", "const", "add", "mul", "pow", "call", "int", "compare", "where", "iter"}


class Graph:
    """Makes nodes; equal ones are one object. The methods simplify what is free to simplify."""

    def __init__(self):
        self._nodes = {}
        self._count = count()
        self.symmetric = frozenset()  # numbers of matrices that are their own transpose, for the plan at hand

    def make(self, op, args=(), attrs=(), ndim=0, integer=False, weak=None):
        """The node, new or known. `weak`: a Python number, which does not decide the dtype of what it meets."""
        key = (op, tuple(a.number for a in args), tuple((type(a), a) for a in attrs), ndim)
        node = self._nodes.get(key)
        if node is None:
            loops = frozenset().union(*(a.loops for a in args)) if args else frozenset()
            if op == "loop":
                loops -= {attrs[1]}
            if weak is None:
                weak = op in SIZES and all(a.weak for a in args) and ndim == 0
            node = self._nodes[key] = Node(op, tuple(args), tuple(attrs), ndim, loops, weak, integer, next(self._count))
        return node

    # ---- leaves
    def const(self, value):
        return self.make("const", (), (value,), integer=isinstance(value, int), weak=True)

    def iter(self):
        """A fresh loop variable."""
        node = Node("iter", (), (), 0, frozenset(), True, True, next(self._count))
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
        if total == 1 and len(terms) == 1:
            logistic = one_minus_logistic(self, terms[0])
            if logistic is not None:
                return logistic
        if total != 0 or not terms:
            terms.append(self.const(total))
        if len(terms) == 1:
            return terms[0]
        return self.make("add", tuple(terms), (), _ndim(terms), integer=all(t.integer for t in terms))

    def mul(self, *args):
        factors, total = [], 1
        for a in args:
            if a.op == "mul" and a.ndim and a.args[0].op == "const":  # the number of a multiple of an array
                total *= a.args[0].value
                a = a.args[1] if len(a.args) == 2 else self.make("mul", a.args[1:], (), a.ndim)
            for b in a.args if a.op == "mul" and a.ndim == 0 else (a,):
                if b.op == "const":
                    total *= b.value
                else:
                    factors.append(b)
        if not factors:
            return self.const(total)
        factors = logistic_pairs(self, factors)
        factors = ([self.const(total)] if total != 1 or isinstance(total, complex) else []) + sorted(factors, key=_rank)
        if len(factors) == 1:
            return factors[0]
        return self.make("mul", tuple(factors), (), _ndim(factors), integer=all(f.integer for f in factors))

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
        if base.ndim and e == 3:
            return self.mul(base, self.pow(base, self.const(2)))
        if base.ndim and e == 4:
            return self.make("pow", (self.pow(base, self.const(2)), self.const(2)), (), base.ndim)
        integer = base.integer and exponent.integer and (e is None or e >= 0)
        return self.make("pow", (base, exponent), (), _ndim((base, exponent)), integer=integer)

    def _constant_power(self, base, e):
        try:
            value = base**e if not (isinstance(base, int) and isinstance(e, int) and e < 0) else float(base) ** e
        except (ZeroDivisionError, OverflowError):
            value = float("nan") if base != 0 else float("inf")
        return self.const(value)

    def call(self, name, *args, integer=False):
        return self.make("call", args, (name,), _ndim(args), integer=integer)

    def compare(self, op, a, b):
        return self.make("compare", (a, b), (op,), _ndim((a, b)), weak=False)

    def where(self, condition, a, b):
        node = self.make("where", (condition, a, b), (), _ndim((condition, a, b)), weak=False)
        return self.floating(node) if a.weak and b.weak else node

    def floating(self, x):
        """Integers or truth values as numbers of the dtype of the data; a single one as a Python float."""
        return self.make("float", (x, self.dtype_node()) if x.ndim else (x,), (), x.ndim, weak=not x.ndim)

    # ---- shape
    def view(self, x, axes):
        """Axes of x in the order of `axes`, where None is a new axis of length 1."""
        axes = tuple(axes)
        while axes and axes[0] is None:  # NumPy broadcasts over missing leading axes
            axes = axes[1:]
        if axes == tuple(range(x.ndim)) or axes == (1, 0) and x.number in self.symmetric:
            return x
        if x.op == "view" and None not in x.attrs:
            return self.view(x.args[0], [None if k is None else x.attrs[k] for k in axes])
        return self.make("view", (x,), axes, len(axes))

    def permute(self, x, axes):
        return self.view(x, axes)

    def transpose(self, x):
        return self.view(x, (1, 0))

    def known(self, op, args, attrs=(), ndim=0):
        """The node if it has been made before, else None."""
        return self._nodes.get((op, tuple(a.number for a in args), tuple((type(a), a) for a in attrs), ndim))

    # ---- linear algebra
    def contract(self, factors, out, scale):
        """The product of factors, each with a node, labels and `inverse`, summed over the labels that `out` has not, times a scalar node.

        attrs: the labels of the factors as numbers, which are inverses, the numbers of `out`, the SymPy sizes of the labels.
        """
        number = {x: k for k, x in enumerate(dict.fromkeys(x for f in factors for x in f.labels))}
        inputs = tuple(tuple(number[x] for x in f.labels) for f in factors)
        attrs = inputs, tuple(f.inverse for f in factors), tuple(number[x] for x in out), tuple(x.size for x in number)
        return self.make("contract", (*(f.node for f in factors), scale), attrs, len(out))

    def matmul(self, a, b):
        """The product of two arrays of one or two axes; where its transpose is known, that."""
        if a.ndim == b.ndim == 2:
            other = self.known("matmul", (self.transpose(b), self.transpose(a)), (), 2)
            own = self.known("matmul", (a, b), (), 2)
            if other is not None and (own is None or other.number < own.number):
                return self.transpose(other)
        return self.make("matmul", (a, b), (), a.ndim + b.ndim - 2)

    def inv(self, a):
        return self.transpose(self.inv(a.args[0])) if _is_transpose(a) else self.make("inv", (a,), (), a.ndim)

    def solve(self, a, b):
        return self.make("solve", (a, b), (), b.ndim)

    def of_square(self, op, a, ndim=0):
        """A function of a square matrix that its transpose shares: det, slogdet."""
        return self.make(op, (a.args[0] if _is_transpose(a) else a,), (), ndim)

    def sum(self, x, axes):
        axes = tuple(sorted(axes))
        return self.make("sum", (x,), axes, x.ndim - len(axes)) if axes else x

    def full(self, x, sizes):
        """x broadcast to the shape `sizes` (nodes), as an array of its own."""
        dtype = (self.dtype_node(),) if x.weak and not isinstance(x.value, complex) else ()
        return self.make("full", (x, *dtype, *sizes), (bool(dtype),), len(sizes))

    def reshape(self, x, sizes):
        return self.make("reshape", (x, *sizes), (), len(sizes))

    def eye(self, n):
        return self.make("eye", (n, self.dtype_node()), (), 2)

    def to_int(self, x):
        return x if x.integer else self.make("int", (x,), (), x.ndim, integer=True)


def _rank(x):
    """The order of factors: single numbers first; what divides after what multiplies, so that a quotient is not first an inverse that may
    be out of range.
    """
    e = x.args[1].value if x.op == "pow" else 0
    return x.ndim, isinstance(e, (int, float)) and e < 0


def _is_transpose(x):
    return x.op == "view" and x.attrs == (1, 0)


def _ndim(nodes):
    return max((n.ndim for n in nodes), default=0)
