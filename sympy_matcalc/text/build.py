"""From a tree with shapes to SymPy, with SymPy's public constructors; sums and products stay as typed, nothing is expanded."""

import re

from sympy import (
    And,
    BlockMatrix,
    Identity,
    ImmutableDenseMatrix,
    MatMul,
    MatPow,
    MatrixSymbol,
    Mul,
    OneMatrix,
    Or,
    Piecewise,
    Pow,
    S,
    Symbol,
    ZeroMatrix,
)
from sympy.matrices.expressions.matexpr import MatrixElement

from ..errors import MatcalcError
from ..nodes.bound import BOUND
from .algebra import add, add_matrices, check_rank, inverse, is_matrix, multiply, scalar, tidy, transpose
from .call_build import build_call, note_transposed
from .extents import build_extent
from .handwritten import build_bars, build_entrywise, build_filled
from .index_notation import build_einsum
from .limits import MAX_INTEGER, digits
from .ranged import build_ranged
from .sizes import named_size
from .slices import build_slice
from .sums import build_index, build_sum, symbol_of
from .tree import below, names_in
from .written_out import OF_ENTRIES

MAX_WEIGHT = 2**17  # of a matrix expression: the visits that SymPy needs to tell its shape
MAX_POWER_DIGITS = 300  # of what numbers are multiplied to


def build(source, root, names, sizes, positive=()):
    """(SymPy expression, {name: symbol}, notes) of a tree that `infer_shapes` has filled in; positive: the names of positive numbers.

    A 1 x 1 product stays a 1 x 1 matrix expression; where a scalar is needed it becomes its entry ``[0, 0]``.
    """
    return Builder(source, names, sizes, positive).run(root)


class Builder:
    def __init__(self, source, names, sizes, positive=()):
        self.source, self.shapes, self.sizes, self.positive = source, names, sizes, positive
        self.notes = []
        self.pairs = {}  # of a sum over an index that is compared with another: what is summed
        self.whole = set()  # scalar names used as an index or as the exponent of a matrix

    def run(self, root):
        self.collect_integers(root)
        self.symbols = {name: self.symbol(name) for name in self.shapes}
        return self.build(root), self.symbols, self.notes

    def collect_integers(self, root):
        for node in below(root):
            if node.op in ("entry", "slice"):
                whole = list(node.args[1:])
            elif node.op == "call":
                whole = [a for kind, a in zip(node.kinds, node.args) if kind == "index"]
            else:
                whole = [node.args[1]] if node.op == "pow" and node.args[0].shape != (1, 1) else []
            self.whole.update(name for a in whole for name in names_in(a))

    def symbol(self, name):
        shape = self.shapes[name]
        if name in self.sizes:
            return named_size(name)
        if shape != (1, 1):
            return MatrixSymbol(name, *shape)
        sign = {"positive": True} if name in self.positive else {"nonnegative": True} if name in self.whole else {}
        return Symbol(name, integer=True, **sign) if name in self.whole else Symbol(name, **(sign or {"real": True}))

    # ---- one method a kind of node
    def build(self, node):
        """The expression of a node; ParseError where it is no finite value, or nothing that SymPy can build."""
        args = list(map(self.build, node.args))
        try:
            result = getattr(self, "build_" + node.op)(node, *args)
        except IndexError as error:  # IndexRangeError among them
            self.fail(node, f"an index in `{self.source.at(node.span)}` ({error})", "indices count from 0")
        except MatcalcError:
            raise
        except (ValueError, TypeError, NotImplementedError) as error:  # NonInvertibleMatrixError among them
            self.fail(node, f"`{self.source.at(node.span)}` cannot be built ({error})", "write it in another way")
        if node.op != "number" and result in (S.NaN, S.ComplexInfinity, S.Infinity, S.NegativeInfinity):
            self.fail(node, f"`{self.source.at(node.span)}` has no finite value", "a division by zero?")
        if any(getattr(x, "is_Number", False) and digits(x) > MAX_POWER_DIGITS for x in (result, *result.args)):
            self.fail(node, f"a number of more than {MAX_POWER_DIGITS} digits in `{self.source.at(node.span)}`", "use a symbol")
        self.weigh(node, args)
        return result

    def weigh(self, node, args):
        """Refuse nested products of a scalar and one matrix: SymPy asks for the shape of that matrix twice, at each level."""
        weights = [a.weight for a, x in zip(node.args, args) if is_matrix(x)] or [0]
        node.weight = weights[0] + weights[-1] + 1 if node.op == "mul" else max(weights) + 1
        if node.weight > MAX_WEIGHT:
            self.fail(node, "signs or coefficients of matrices nested too deep", "give intermediate results a name")

    def build_number(self, node):
        return node.value

    def build_name(self, node):
        return self.symbols[node.value]

    def build_bound(self, node):
        return BOUND

    def build_index(self, node):
        return build_index(self, node)

    def build_sum(self, node, body):
        return build_sum(self, node, body)

    def build_running(self, node):
        return symbol_of(node.value)

    def build_ranged(self, node, *args):
        return build_ranged(node, *args)

    def build_identity(self, node):
        return Identity(node.shape[0]) if node.shape[0] != 1 else S.One

    def build_add(self, node, *args):
        if node.shape == (1, 1):
            return add(args)
        if node.broadcast:
            self.note_broadcast(node)
            return add_matrices([a if is_matrix(a) else multiply([a, OneMatrix(*node.shape)]) for a in args])
        return add_matrices(args)

    def build_mul(self, node, *args):
        return multiply(args)

    def build_reciprocal(self, node, arg):
        return scalar(arg) ** -1

    def build_pow(self, node, base, exponent):
        exponent = scalar(exponent)
        if exponent.is_Number and abs(exponent) > MAX_INTEGER:
            self.fail(node, f"the exponent `{str(exponent)[:20]}` is out of range", f"at most {MAX_INTEGER}")
        base = base if node.shape != (1, 1) else scalar(base)
        if exponent.is_Number and abs(exponent) * digits(_coefficient(base)) > MAX_POWER_DIGITS:
            self.fail(node, "a power of numbers that is out of range", f"at most {MAX_POWER_DIGITS} digits")
        if node.shape != (1, 1):
            self.note_power(node, exponent)
            if exponent.is_negative:
                check_rank(base)
            return tidy(MatPow(base, exponent))
        if exponent == -1:
            self.note_one_over(node.args[0])
        self.note_power_behind(node)
        return Pow(base, exponent)

    def fail(self, node, saw, allowed):
        raise self.source.error(node.span[0], saw, allowed)

    def build_T(self, node, arg):
        note_transposed(self, node.args[0])
        return transpose(arg)

    def build_H(self, node, arg):
        """Symbols are real, so the conjugate transpose is the transpose."""
        return self.build_T(node, arg)

    def build_I(self, node, arg):
        return inverse(arg)

    def build_entry(self, node, base, *index):
        for i, size in zip(index, node.args[0].shape):
            self.check_index(node, i, size)
        if node.args[0].shape == (1, 1):
            self.check_whole(node, index)
        if not is_matrix(base):
            return base
        return MatrixElement(base, *index) if len(index) == 2 else MatrixElement(base, index[0], S.Zero)

    def check_whole(self, node, index):
        """Of a number, the index of its one entry is 0, or that of a sum around."""
        for part, i in zip(node.args[1:], index):
            if i != 0 and part.op not in ("index", "running"):
                text = self.source.at(node.args[0].span)
                self.fail(node, f"the index `{i}` of `{text}`, which is a number", f"leave it out, or declare the shape of `{text}`")

    def check_index(self, node, i, size):
        if i.is_Number and not (i.is_Integer and 0 <= i <= MAX_INTEGER and (i < size) != S.false):
            self.fail(node, f"the index `{i}` of `{self.source.at(node.args[0].span)}`", f"indices count from 0 and stay below {size}")

    def build_slice(self, node, base, *index):
        return build_slice(self, node, base, *index)

    def build_compare(self, node, *args):
        sides = list(map(scalar, args))
        return And(*(operator(a, b) for operator, a, b in zip(node.value, sides, sides[1:])))

    def build_and(self, node, *args):
        return And(*args)

    def build_or(self, node, *args):
        return Or(*args)

    def build_where(self, node, *args):
        pairs = [(scalar(value), condition) for condition, value in zip(args[:-1:2], args[1::2])]
        return Piecewise(*pairs, (scalar(args[-1]), True))

    def build_written(self, node, *args):
        return ImmutableDenseMatrix(*node.value, list(map(scalar, args)))

    def build_length(self, node):
        return S.One

    def build_einsum(self, node, *args):
        return build_einsum(node, *args)

    def build_extent(self, node, arg):
        return build_extent(self, node)

    def build_zeros(self, node):
        return ZeroMatrix(*node.shape)

    def build_block(self, node, *args):
        _, cols = node.value
        if all(not is_matrix(x) or x.shape == (1, 1) for x in args):  # ``[1, 2; 3, t]``
            self.note_numbers(node)
            return self.build_written(node, *args)
        blocks = list(map(_block, args))
        return BlockMatrix([blocks[i : i + cols] for i in range(0, len(blocks), cols)])

    def build_call(self, node, *args):
        return build_call(self, node, args)

    def build_entrywise(self, node, *args):
        return build_entrywise(self, node, *args)

    def build_bars(self, node, arg):
        return build_bars(self, node, arg)

    def build_filled(self, node):
        return build_filled(self, node)

    def note_broadcast(self, node):
        if S.One not in node.shape and node.kinds != OF_ENTRIES:
            self.notes.append(f"`{self.source.at(node.span)}` adds a number to every entry; on the diagonal: `+ c*I`")

    def note_numbers(self, node):
        """A note on letters that are columns by convention, and entries of a matrix of numbers."""
        if node.kinds:
            text, where = ", ".join(f"`{name}`" for name in node.kinds), self.source.at(node.span)
            read = "is read as a number" if len(node.kinds) == 1 else "are read as numbers"
            self.notes.append(f"{text} in `{where}` {read}; for a column declare `{node.kinds[0]}: n`")

    def note_one_over(self, base):
        """A note on ``tr(M)^-1``, by which some mean the trace of the inverse."""
        if base.op == "call" and base.value == "tr" and len(base.args) == 1:
            text, inner = self.source.at(base.span), self.source.at(base.args[0].span)
            power = "^{-1}" if text.startswith("\\") else "^-1"
            whole = inner if len(inner) == 1 else f"({inner})"
            start = text.rindex(inner)
            other = text[:start] + whole + power + text[start + len(inner) :]
            self.notes.append(f"`{text}{power}` is read as one over the trace; the trace of the inverse: `{other}`")

    def note_power_behind(self, node):
        r"""A note on ``\log(a - b)^2``, by which some mean the logarithm of the square."""
        base, exponent = (self.source.at(arg.span) for arg in node.args)
        found = re.fullmatch(r"(\\(?:log|ln))\s*((?:\\left\s*)?\(.*\))", base)
        if found and node.args[0].op == "call" and self.source.text.startswith("^", node.args[0].span[1]):
            name, of = found.groups()
            of = of[1:-1] if re.fullmatch(r"\(\w\)", of) else of
            self.notes.append(f"`{base}^{exponent}` is the power of the logarithm; that of what it is of: `{name}({of}^{exponent})`")

    def note_power(self, node, exponent):
        if exponent.is_Number and exponent != -1 and "square" not in node.args[0].kinds:
            text, base = self.source.at(node.span), self.source.at(node.args[0].span)
            self.notes.append(f"`{text}` is the matrix power; elementwise: `hpow({base}, {exponent})`")


def _block(x):
    """A scalar as the 1 x 1 matrix that a block has to be."""
    if is_matrix(x):
        return x
    return {0: ZeroMatrix(1, 1), 1: OneMatrix(1, 1)}.get(x) or MatMul(x, OneMatrix(1, 1))


def _coefficient(base):
    """The number that a scalar or matrix is a multiple of."""
    first = base.args[0] if isinstance(base, (Mul, MatMul)) else base
    return first if first.is_Number else S.One
