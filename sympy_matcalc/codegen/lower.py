"""SymPy tree to graph: the driver. What a node means is in the `lower_*` modules, one rule a SymPy class.

An expression in memory is a DAG that may be exponentially smaller than its tree, so every walk here remembers by object, and none
recurses with the depth of the expression: operands are lowered before the node, from an explicit stack.
"""

from sympy import Basic, Expr, Min, S
from sympy.concrete.expr_with_limits import ExprWithLimits
from sympy.core.symbol import Str, Symbol
from sympy.logic.boolalg import Boolean

from ..errors import MatcalcError, ShapeError
from ..nodes.declaration import is_library
from ..nodes.declared_code import code_of, expansion
from ..nodes.linearity import operator_of
from .ir.graph import Graph
from .network import contract, leaf
from .values import COL, ROW, Val, align

RULES, NETS, CHILDREN, INDEX_RULES = {}, {}, {}, {}
DECLARED = "declared code"  # the rule of all nodes whose numeric code is a declared function


class NeedsLoop(Exception):
    """What is under a Sum cannot be computed for all of its indices at once."""


def rule(*names):
    """Register ``f(ctx, e) -> Val`` for SymPy classes, by name."""

    def register(f):
        RULES.update(dict.fromkeys(names, f))
        return f

    return register


def network(*names):
    """Register ``f(ctx, e) -> Product`` for SymPy classes that are products of arrays."""

    def register(f):
        NETS.update(dict.fromkeys(names, f))
        RULES.update(dict.fromkeys(names, lambda ctx, e: contract(ctx, ctx.net(e))))
        return f

    return register


def children(*names):
    """Register ``f(e) -> operands to lower before e`` where these are not all of its args."""

    def register(f):
        CHILDREN.update(dict.fromkeys(names, f))
        return f

    return register


def read_arrays(*names):
    """Say of these nodes that only arrays among their args are operands: the others are sizes, positions, patterns, which rules read."""
    children(*names)(lambda e: [a for a in e.args if is_array(a)])


def find(table, e):
    """The entry for the class of e, or for the nearest of its base classes; a user's own class of the same name is not meant."""
    return next((table[cls.__name__] for cls in type(e).__mro__ if cls.__name__ in table and is_library(cls)), None)


def rule_of(e):
    """The rule of a node: the code that was declared for it, else that of its class."""
    code = code_of(type(e))
    return RULES[DECLARED] if code and code.functions else find(RULES, e)


def product_rule(e):
    """The network of the class of e, unless a nearer base class has a rule of another kind."""
    return next((NETS.get(cls.__name__) for cls in type(e).__mro__ if cls.__name__ in RULES and is_library(cls)), None)


def shape_of(e):
    """Sizes of the axes of a SymPy expression; () for a scalar."""
    shape = getattr(e, "shape", None)
    if shape is None and isinstance(e, ExprWithLimits):  # SymPy's Sum takes a matrix body but has no shape
        return shape_of(e.args[0])
    if shape and None in shape:  # DiagonalOf of a matrix of two symbolic sizes
        return Min(*shape_of(e.args[0])), S.One
    return tuple(S(s) for s in (shape or ()))


def order_of(e):
    """The number of rows of a square matrix, which is that of its columns."""
    return shape_of(e)[0]


def is_array(e):
    return bool(getattr(e, "is_Matrix", False) or shape_of(e))


class Lowerer:
    """Lowers expressions into one graph. `bindings`: what the bound symbols of Lambda, Sum, FunctionMatrix stand for now.

    is_complex: whether arrays may be complex where a formula says it of no node, as in a norm. decomposes: whether the back end has
    functions of matrices by decompositions.
    """

    needs_loop = NeedsLoop

    def __init__(self, size_symbols=(), is_complex=False, decomposes=False):
        self.size_symbols, self.is_complex, self.decomposes = frozenset(size_symbols), is_complex, decomposes
        self.stacks = frozenset()  # the arguments that are batches: bound everywhere
        self.is_tiled = False  # whether the index of a sum runs over a tile, so that matrices may be stacked along it
        self.is_bounded = False  # whether memory is, so that no array has a size that is known at run time alone
        self.mask = None  # which pairs of two indices of sums are meant, see `lower_pairs`
        self.graph = Graph()
        self.bindings = {}
        self._memo, self._nets, self._free, self._alive, self._meanings = {}, {}, {}, {}, {}
        self.uses = {}

    # ---- the walk
    def low(self, e):
        """The value of e."""
        key = self._key(e)
        if key not in self._memo:
            self._drive(e)
        return self._memo[key]

    def _drive(self, root):
        stack = [(root, False)]
        while stack:
            e, ready = stack.pop()
            key = self._key(e)
            if key in self._memo:
                continue
            if not ready:
                stack.append((e, True))
                stack.extend((c, False) for c in self._operands(e) if self._key(c) not in self._memo)
            else:
                self._memo[key] = self._apply(e)

    def _operands(self, e):
        if isinstance(e, Symbol) or not e.args:
            return ()
        meaning = self._meaning(e)
        if meaning is not None:
            return [meaning]
        get = find(CHILDREN, e)
        operands = get(e) if get else e.args
        return [c for c in operands if isinstance(c, (Expr, Boolean)) or is_array(c)]

    def _meaning(self, e):
        """What a node without a rule writes out that it is, the same object whenever it is asked; None where it does not."""
        if not is_library(type(e)) and id(e) not in self._meanings and rule_of(e) is None:
            self._meanings[id(self._keep(e))] = expansion(e)
        return self._meanings.get(id(e))

    def _apply(self, e):
        f = rule_of(e)
        if f is not None:
            return self._number(e, f(self, e))
        if self._meaning(e) is not None:
            return self.low(self._meaning(e))
        name = type(e).__name__
        by = f"mc.linear({name}, ..., numpy=function)" if operator_of(type(e)) else f"mc.rule({name}, numpy=function)"
        hint = "" if is_library(type(e)) else f": give it in `{by}`, or let `{name}.doit()` write the node out"
        raise MatcalcError(f"`lambdify` has no numeric code for the node `{name}` in `{_short(e)}`{hint}")

    def _number(self, e, val):
        """The value; that of a function of numbers which is complex is computed here: NumPy's functions of real numbers give nan."""
        if not (val.node.weak and val.node.op in ("call", "pow")) or not e.is_number or e.is_extended_real:
            return val
        real, imaginary = e.evalf(20).as_real_imag()
        is_complex = real.is_Number and imaginary.is_Number and not imaginary.is_zero
        return self.const(complex(real, imaginary)) if is_complex else val

    def net(self, e):
        """The network of e: its own where e is a product, else one factor."""
        make = product_rule(e)
        if make is None:
            return leaf(self.low(e), shape_of(e))
        key = self._key(e)
        if key not in self._nets:
            net = make(self, e)
            self._nets[key] = net if len(net.factors) <= 24 else leaf(contract(self, net), shape_of(e))
        return self._nets[key].fresh()

    def net_inside(self, e):
        """The network of an operand of a product; a long one becomes one factor, the sooner if it has other uses too."""
        net = self.net(e)
        most = 3 if self.uses.get(id(e), 0) > 1 else 8
        return net if len(net.factors) <= most or 1 in shape_of(e) else leaf(self.low(e), shape_of(e))

    def count_uses(self, exprs):
        """Count, by object, how often each subexpression is an operand."""
        stack, seen = list(exprs), set()
        while stack:
            e = stack.pop()
            if id(e) in seen:
                continue
            seen.add(id(self._keep(e)))
            for a in e.args:
                if isinstance(a, Basic):
                    self.uses[id(a)] = self.uses.get(id(a), 0) + 1
                    stack.append(a)

    # ---- scopes
    def _key(self, e):
        if not self.bindings:
            return id(self._keep(e)), ()
        free = self.free(e)
        return id(self._keep(e)), tuple((s, v) for s, v in self.bindings.items() if s in free)

    def _keep(self, e):
        return self._alive.setdefault(id(e), e)

    def free(self, e):
        """The symbols that occur in e, bound ones included."""
        stack = [e]
        while stack:
            x = stack[-1]
            if id(x) in self._free:
                stack.pop()
                continue
            todo = [a for a in x.args if isinstance(a, Basic) and id(a) not in self._free]
            if todo and not isinstance(x, Symbol):
                stack.extend(todo)
                continue
            self._keep(x)
            own = {x} if isinstance(x, Symbol) else ()
            parts = [] if isinstance(x, (Symbol, Str)) else [self._free[id(a)] for a in x.args if isinstance(a, Basic)]
            self._free[id(x)] = frozenset(own).union(*parts)
            stack.pop()
        return self._free[id(e)]

    def scoped(self, bindings, work):
        """The result of ``work()`` with these symbols bound."""
        old = self.bindings
        self.bindings = {**old, **bindings}
        try:
            return work()
        finally:
            self.bindings = old

    # ---- integers
    def index(self, e):
        """The value of an integer expression: an index, a bound of a sum, a size."""
        e = S(e)
        f = find(INDEX_RULES, e)
        val = f(self, e) if f else None
        if val is None:
            val = self.low(e)
        return Val(self.graph.to_int(val.node), val.labels)

    def size(self, e):
        """The node of a size; it may not depend on the index of a vectorised sum."""
        val = self.index(e)
        if val.labels:
            raise NeedsLoop(f"size {e}")
        return val.node

    def floating(self, val):
        """An integer array (the index of a sum) in the dtype of the data, for use as a number."""
        node = val.node
        if not (node.integer and node.ndim):
            return val
        return Val(self.graph.floating(node), val.labels)

    def within(self, node, size):
        """The integer `node`, checked at run time to lie in 0 .. size - 1 unless that is plain."""
        if node.op == "const" and size.is_Integer or node.value == 0:
            return node
        return self.graph.make("within", (node, self.size(size)), integer=True, weak=True)

    def end(self, stop, length):
        """Where a slice ends, checked to be within the axis unless that is its end."""
        return self.size(stop) if stop == length else self.within(self.size(stop), length + 1)

    # ---- helpers for the rules
    def const(self, value):
        return Val(self.graph.const(value))

    def elementwise(self, make, *vals):
        """``make`` of the aligned nodes of the values."""
        nodes, labels = align(self.graph, vals)
        return Val(make(*nodes), labels)

    def call(self, name, *vals):
        return self.elementwise(lambda *nodes: self.graph.call(name, *nodes), *vals)

    def guarded(self, val):
        """The argument of a function that may be infinite: 1 for pairs of indices that are not meant."""
        if self.mask is None or not self.mask.is_over(val):
            return val
        return self.elementwise(self.graph.where, self.mask.val, val, self.const(1.0))

    def meant(self, val):
        """The value, 0 for pairs of indices that are not meant."""
        return val if self.mask is None else self.elementwise(self.graph.where, self.mask.val, val, self.const(0.0))

    def add(self, *vals):
        return self.elementwise(self.graph.add, *vals)

    def sum_of(self, pairs):
        """The sum of matrix values, given with their shapes; diagonal ones are added to the diagonal of the rest."""
        diagonal = [v for v, _ in pairs if v.diag]
        base = self.add(self.const(0), *(v for v, _ in pairs if not v.diag))
        if not diagonal:
            return base
        total = self.add(*(Val(v.node, v.labels) for v in diagonal))
        if base.node.value == 0:
            return Val(total.node, total.labels, diag=True)
        if set(base.labels) == {ROW, COL} and total.labels in ((), (ROW,)):
            return Val(self.graph.make("add_diagonal", (base.node, total.node), ("aa", "a")), base.labels)
        shape = next(s for v, s in pairs if v.diag)
        return self.add(base, *(self.undiag(v, shape) for v in diagonal))

    def mul(self, *vals):
        return self.elementwise(self.graph.mul, *vals)

    def scalar(self, e):
        """The value of e, which has to be a scalar or 1x1."""
        if any(s != 1 for s in shape_of(e)):
            raise ShapeError(f"a scalar is needed, got `{_short(e)}` of shape {shape_of(e)}")
        return self.low(e)

    def undiag(self, val, shape):
        """A diagonal value as the full matrix; others as they are."""
        if not val.diag:
            return val
        if not val.labels:
            return self.mul(val if val.node.value != 1 else self.const(1), Val(self.graph.eye(self.size(shape[0])), (ROW, COL)))
        if val.labels == (ROW,):
            return Val(self.graph.make("diag", (val.node,)), (ROW, COL))
        return self.mul(Val(val.node, val.labels), Val(self.graph.eye(self.size(shape[0])), (ROW, COL)))

    def dense(self, val, shape):
        """The value with a label for every axis that is not literally 1, axes of the expression last and in order."""
        val = self.undiag(val, shape)
        return self.dense_axes(val, [k for k, s in enumerate(shape) if s != 1], shape)

    def dense_axes(self, val, axes, sizes):
        """The value with exactly these axes of the expression, of the given sizes, after the indices of sums."""
        extra = sorted((x for x in val.labels if x not in axes), key=lambda x: x.serial)
        order = (*extra, *axes)
        if set(val.labels) == set(order):
            return Val(self.graph.permute(val.node, [val.labels.index(x) for x in order]), order)
        if extra and not self.is_tiled and not self.stacks:
            raise NeedsLoop("broadcast under a Sum")
        node = self.graph.view(val.node, [val.labels.index(x) if x in val.labels else None for x in order])
        lengths = [x.size for x in extra] + [sizes[k] for k in axes]
        return Val(self.graph.full(node, [self.size(s) for s in lengths]), order)

    def matrix(self, e):
        """(node, shape) of a matrix as an array of exactly two axes, literal 1s included."""
        shape = shape_of(e)
        val = self.dense(self.low(e), shape)
        if len(val.labels) != sum(s != 1 for s in shape):
            raise NeedsLoop(f"{type(e).__name__} under a Sum")
        axes = [k for k, s in enumerate(shape) if s != 1]
        if not axes:
            return self.graph.full(val.node, [self.graph.const(1)] * 2), shape
        at = [axes.index(k) if k in axes else None for k in range(len(shape))]
        node = val.node if None not in at else self.graph.make("view", (val.node,), tuple(at))
        return node, shape

    def square(self, e):
        """The node of a square matrix, indices of sums in front; for 1x1 None: the caller treats it as a scalar."""
        shape = shape_of(e)
        if shape == (1, 1):
            return None, ()
        val = self.dense(self.low(e), shape)
        return val.node, val.labels[:-2]


def _short(e, limit=80):
    text = str(type(e).__name__) if _large(e) else str(e)
    return text if len(text) <= limit else text[: limit - 3] + "..."


def _large(e, limit=60):
    """Whether the tree of e has more than `limit` nodes."""
    stack, seen = [e], 0
    while stack and seen <= limit:
        x = stack.pop()
        seen += 1
        stack.extend(a for a in x.args if isinstance(a, Basic))
    return seen > limit
