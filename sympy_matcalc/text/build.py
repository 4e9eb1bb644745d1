"""From a tree with shapes to SymPy, with SymPy's public constructors; sums and products stay as typed, nothing is expanded."""

from sympy import (
    Add,
    BlockMatrix,
    Determinant,
    DiagMatrix,
    DiagonalOf,
    HadamardPower,
    HadamardProduct,
    Identity,
    Inverse,
    KroneckerProduct,
    Lambda,
    MatAdd,
    MatMul,
    MatPow,
    MatrixSymbol,
    Mul,
    OneMatrix,
    Pow,
    S,
    Symbol,
    Trace,
    Transpose,
    ZeroMatrix,
    default_sort_key,
    log,
)
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.matexpr import MatrixElement

from ..errors import MatcalcError, ShapeError
from ..nodes import Vec
from ..nodes.analytic import not_analytic
from ..nodes.bound import BOUND, as_function
from .functions import ELEMENTWISE, FUNCTIONS, WRITTEN
from .grammar import MAX_INTEGER, digits
from .shapes import size_of
from .sizes import named_size

MATRIX_FUNCTIONS = {name: f"`{name}m`" for name in ("exp", "log", "sqrt", "sin", "cos")}
MATRIX_FUNCTIONS |= {name: f"`funm({name}, X)`" for name in ("tan", "sinh", "cosh", "tanh")}
CONSTANTS = {"ones": OneMatrix, "zeros": ZeroMatrix, "I": Identity}
MATRICES = ("matrix", "vector", "stacked", "square", "direction", "value")
MAX_WEIGHT = 2**17  # of a matrix expression: the visits that SymPy needs to tell its shape
MAX_POWER_DIGITS = 300  # of what numbers are multiplied to


def build(source, root, names, sizes):
    """(SymPy expression, {name: symbol}, notes) of a tree that `infer_shapes` has filled in.

    A 1 x 1 product stays a 1 x 1 matrix expression; where a scalar is needed it becomes its entry ``[0, 0]``.
    """
    return Builder(source, names, sizes).run(root)


class Builder:
    def __init__(self, source, names, sizes):
        self.source, self.shapes, self.sizes = source, names, sizes
        self.notes = []
        self.whole = set()  # scalar names used as an index or as the exponent of a matrix

    def run(self, root):
        self.collect_integers(root)
        self.symbols = {name: self.symbol(name) for name in self.shapes}
        return self.build(root), self.symbols, self.notes

    def collect_integers(self, root):
        stack = [root]
        while stack:
            node = stack.pop()
            stack.extend(node.args)
            if node.op == "entry":
                self.whole.update(n for a in node.args[1:] for n in _names_in(a))
            elif node.op == "call":
                self.whole.update(n for kind, a in zip(node.kinds, node.args) if kind == "index" for n in _names_in(a))
            elif node.op == "pow" and node.args[0].shape != (1, 1):
                self.whole.update(_names_in(node.args[1]))

    def symbol(self, name):
        shape = self.shapes[name]
        if name in self.sizes:
            return named_size(name)
        if shape != (1, 1):
            return MatrixSymbol(name, *shape)
        return Symbol(name, integer=True, nonnegative=True) if name in self.whole else Symbol(name, real=True)

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
        weights = [a.weight for a, x in zip(node.args, args) if _is_matrix(x)] or [0]
        node.weight = weights[0] + weights[-1] + 1 if node.op == "mul" else max(weights) + 1
        if node.weight > MAX_WEIGHT:
            self.fail(node, "signs or coefficients of matrices nested too deep", "give intermediate results a name")

    def build_number(self, node):
        return node.value

    def build_name(self, node):
        return self.symbols[node.value]

    def build_bound(self, node):
        return BOUND

    def build_identity(self, node):
        return Identity(node.shape[0]) if node.shape[0] != 1 else S.One

    def build_add(self, node, *args):
        if node.shape == (1, 1):
            return add(args)
        if node.broadcast:
            return add_matrices([a if _is_matrix(a) else multiply([a, OneMatrix(*node.shape)]) for a in args])
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
            return tidy(MatPow(base, exponent))
        return Pow(base, exponent)

    def fail(self, node, saw, allowed):
        raise self.source.error(node.span[0], saw, allowed)

    def build_T(self, node, arg):
        return transpose(arg)

    def build_H(self, node, arg):
        """Symbols are real, so the conjugate transpose is the transpose."""
        return transpose(arg)

    def build_I(self, node, arg):
        return inverse(arg)

    def build_entry(self, node, base, *index):
        for i, size in zip(index, node.args[0].shape):
            if i.is_Number and not (i.is_Integer and 0 <= i <= MAX_INTEGER and (i < size) != S.false):
                self.fail(node, f"the index `{i}` of `{self.source.at(node.args[0].span)}`", f"indices count from 0 and stay below {size}")
        if not _is_matrix(base):
            return base
        return MatrixElement(base, *index) if len(index) == 2 else MatrixElement(base, index[0], S.Zero)

    def build_block(self, node, *args):
        _, cols = node.value
        blocks = list(map(_block, args))
        return BlockMatrix([blocks[i : i + cols] for i in range(0, len(blocks), cols)])

    # ---- calls
    def build_call(self, node, *args):
        if node.value in ELEMENTWISE:
            self.note_entries(node)
            return apply(ELEMENTWISE[node.value], args[0])
        if node.value == "apply":
            return apply(self.function(node, args), args[0])
        if node.value in CONSTANTS:
            return self.constant(node)
        method = getattr(self, "call_" + node.value, None)
        return method(*args) if method else self.node_of_package(node, args)

    def constant(self, node):
        if node.shape == (1, 1):
            return S.Zero if node.value == "zeros" else S.One
        return Identity(node.shape[0]) if node.value == "I" else CONSTANTS[node.value](*node.shape)

    def node_of_package(self, node, args):
        """The node of a function; what it is of a number where its matrix is one."""
        function = FUNCTIONS[node.value]
        if function.entrywise:
            return apply(lambda x: function.node(x, *map(scalar, args[1:])), args[0])
        given = [(kind, arg) for kind, arg in zip(node.kinds, args) if kind != "map"]
        values = [arg if kind in MATRICES else self.check_number(node, kind, scalar(arg)) for kind, arg in given]
        first = [self.function(node, args)] if "function" in function.takes else []
        sizes = [size_of(self.source, a) for a in node.sizes]
        if node.shape == (1, 1) and all(getattr(v, "shape", (1, 1)) == (1, 1) for v in values):
            return self.of_number(node, function, [*first, *map(scalar, values)])
        self.note_norm(node, values)
        return function.node(*sizes, *values) if function.takes[0] == "size" else function.node(*first, *values, *sizes)

    def function(self, node, args):
        """The function that a call is given by name or as a map."""
        if node.function:
            return ELEMENTWISE[node.function]
        body = scalar(args[-1])
        bad = not_analytic(body, BOUND) if node.value != "apply" else ""
        if bad:
            self.fail(node, f"`{node.value}` of a map with `{WRITTEN.get(bad, bad)}`, which is not analytic", "elementwise: `apply`")
        return Lambda(BOUND, body)

    def check_number(self, node, kind, value):
        """The index or the power of a norm, if it can be one."""
        if kind == "index" and not (value.is_integer and value.is_nonnegative is not False):
            self.fail(node, f"the index `{value}` in `{self.source.at(node.span)}`", "an index is a whole number from 0 on, or a name")
        if kind == "power" and not (value.is_number and value >= 1):
            self.fail(node, f"the power `{value}` of a norm in `{self.source.at(node.span)}`", "it is a number >= 1 or `inf`")
        return value

    def of_number(self, node, function, values):
        if function.of_number is None:
            self.fail(node, f"`{self.source.at(node.span)}` of a number", "a number has no singular vectors")
        if "index" in node.kinds and any(v.is_number and v != 0 for k, v in zip(node.kinds, values) if k == "index"):
            self.fail(node, f"the index in `{self.source.at(node.span)}`, of a 1 x 1 matrix", "indices count from 0: it can only be 0")
        return function.of_number(*values)

    # ---- notes on what could have been meant otherwise
    def note_entries(self, node):
        if node.value in MATRIX_FUNCTIONS and S.One not in node.shape:
            text, other = self.source.at(node.span), MATRIX_FUNCTIONS[node.value]
            self.notes.append(f"`{text}` acts entry by entry; it is not the matrix function, which is {other}")

    def note_power(self, node, exponent):
        if exponent.is_Number and exponent != -1 and "square" not in node.args[0].kinds:
            text, base = self.source.at(node.span), self.source.at(node.args[0].span)
            self.notes.append(f"`{text}` is the matrix power; elementwise: `hpow({base}, {exponent})`")

    def note_norm(self, node, values):
        if node.value == "norm" and len(values) > 1 and S.One not in node.args[0].shape:
            text = f"`{self.source.at(node.span)}` takes all entries as one vector; it is no induced norm"
            self.notes.append(f"{text} (the induced 2-norm: `spectral_norm({self.source.at(node.args[0].span)})`)")

    def call_tr(self, arg):
        return Trace(arg) if _is_matrix(arg) and arg.shape != (1, 1) else scalar(arg)

    def call_det(self, arg):
        return Determinant(arg) if _is_matrix(arg) and arg.shape != (1, 1) else scalar(arg)

    def call_logdet(self, arg):
        return log(self.call_det(arg))

    def call_inv(self, arg):
        return inverse(arg)

    def call_dot(self, x, y):
        return scalar(multiply([transpose(x), y]))

    def call_had(self, *args):
        if not _is_matrix(args[0]) or args[0].shape == (1, 1):
            return multiply(args)
        return HadamardProduct(*(f for a in args for f in (a.args if isinstance(a, HadamardProduct) else (a,))))

    def call_hpow(self, arg, exponent):
        return HadamardPower(arg, scalar(exponent)) if _is_matrix(arg) and arg.shape != (1, 1) else scalar(arg) ** scalar(exponent)

    def call_diag(self, arg):
        if not _is_matrix(arg) or arg.shape == (1, 1):
            return arg
        return DiagMatrix(arg) if arg.shape[1] == 1 else DiagonalOf(arg)

    def call_kron(self, *args):
        matrices = [a for a in args if _is_matrix(a) and a.shape != (1, 1)]
        factor = [scalar(a) for a in args if not (_is_matrix(a) and a.shape != (1, 1))]
        return multiply([*factor, KroneckerProduct(*matrices) if len(matrices) > 1 else Mul(*matrices) if not matrices else matrices[0]])

    def call_vec(self, arg):
        return Vec(arg) if _is_matrix(arg) and arg.shape[1] != 1 else arg


def _is_matrix(x):
    return getattr(x, "is_Matrix", False)


def _block(x):
    """A scalar as the 1 x 1 matrix that a block has to be."""
    if _is_matrix(x):
        return x
    return {0: ZeroMatrix(1, 1), 1: OneMatrix(1, 1)}.get(x) or MatMul(x, OneMatrix(1, 1))


def _names_in(node):
    stack, names = [node], []
    while stack:
        node = stack.pop()
        stack.extend(node.args)
        if node.op == "name":
            names.append(node.value)
    return names


def scalar(x):
    """A 1 x 1 expression as a scalar: its entry, unexpanded, with a coefficient in front."""
    if not _is_matrix(x):
        return x
    if x.shape != (1, 1):
        raise ShapeError(f"expected a scalar, got `{x}` of shape {x.shape}")
    if isinstance(x, (OneMatrix, ZeroMatrix, Identity)):
        return S.Zero if isinstance(x, ZeroMatrix) else S.One
    coefficient, matrices = x.as_coeff_matrices() if isinstance(x, MatMul) else (S.One, [x])
    if len(matrices) == 1 and not matrices[0].is_symbol:
        return coefficient * scalar(matrices[0]) if matrices[0] is not x else MatrixElement(x, S.Zero, S.Zero)
    return coefficient * MatrixElement(matrices[0] if len(matrices) == 1 else MatMul(*matrices), S.Zero, S.Zero)


def inverse(x):
    """x.I as typed: SymPy's `doit` would take it into a Kronecker product of factors that are not square."""
    if not _is_matrix(x) or x.shape == (1, 1):
        return scalar(x) ** -1
    if isinstance(x, ZeroMatrix):
        raise ValueError("a matrix of zeros has no inverse")
    return x.arg if isinstance(x, Inverse) else x if isinstance(x, Identity) else Inverse(x)


def transpose(x):
    """x.T, pulled up: sums and functions are transposed as a whole, so that they stay as typed."""
    if not _is_matrix(x):
        return x
    if x.is_symbol or isinstance(x, (MatAdd, ElementwiseApplyFunction, HadamardProduct, HadamardPower)):
        return Transpose(x)
    if isinstance(x, MatMul):
        coefficient, matrices = x.as_coeff_matrices()
        return multiply([coefficient, *map(transpose, reversed(matrices))])
    return x.arg if isinstance(x, Transpose) else tidy(Transpose(x))


def multiply(args):
    """Product in order. One chain stays a matrix product; scalar chains among several, as in ``(x.T*x)*y``, become coefficients."""
    factors = []
    for arg in args:
        factors.extend(arg.args if isinstance(arg, MatMul) else (arg,))
    matrices, numbers = [f for f in factors if _is_matrix(f)], [f for f in factors if not _is_matrix(f)]
    if not matrices:
        return Mul(*numbers)
    groups = _split(matrices)
    if len(groups) == 1:
        coefficient = Mul(*numbers)
        return groups[0] if coefficient == 1 else tidy(MatMul(coefficient, *_factors(groups[0])))
    rest = [g for g in groups if g.shape != (1, 1)]
    numbers += [scalar(g) for g in groups if g.shape == (1, 1)]
    return Mul(*numbers) if not rest else multiply([Mul(*numbers), *rest])


def _factors(product):
    return product.args if isinstance(product, MatMul) else (product,)


def _split(matrices):
    """The chain cut into runs whose inner sizes agree: `x.T*A*x*y.T*y` is two scalars, `(x.T*x)*y` a scalar and a column."""
    runs = [[matrices[0]]]
    for factor in matrices[1:]:
        start, end = runs[-1][0].shape[0], runs[-1][-1].shape[1]
        fits = end == factor.shape[0] and not (start == 1 and end == 1)
        if fits:
            runs[-1].append(factor)
        else:
            runs.append([factor])
    return [tidy(MatMul(*run)) if len(run) > 1 else run[0] for run in runs]


def tidy(x):
    """SymPy's `doit` of the top node alone, unless SymPy would write a scalar product out as a sum over its entries to do so."""
    return x if x.has(MatrixElement) else x.doit(deep=False)


def add_matrices(args):
    """Sum of matrices with like terms merged, in SymPy's order; `MatAdd.doit` would go through all levels below, again at every level."""
    counts = {}
    for term in (t for a in args for t in (a.args if isinstance(a, MatAdd) else (a,))):
        coefficient, matrices = term.as_coeff_matrices() if isinstance(term, MatMul) else (S.One, [term])
        rest = matrices[0] if len(matrices) == 1 else MatMul(*matrices)
        counts[rest] = counts.get(rest, S.Zero) + coefficient
    terms = [r if c == 1 else MatMul(c, *_factors(r)) for r, c in counts.items() if c != 0 and not isinstance(r, ZeroMatrix)]
    if len(terms) < 2:
        return terms[0] if terms else ZeroMatrix(*args[0].shape)
    return MatAdd(*sorted(terms, key=default_sort_key))


def add(args):
    """Sum of 1 x 1 expressions: a matrix sum if all are matrices, else a sum of scalars."""
    if all(map(_is_matrix, args)):
        return add_matrices(args)
    return Add(*map(scalar, args))


def apply(function, x):
    """`function` of a scalar, or of each entry of a matrix expression."""
    if not _is_matrix(x) or x.shape == (1, 1):
        return function(scalar(x))
    return ElementwiseApplyFunction(as_function(function), x)


def _coefficient(base):
    """The number that a scalar or matrix is a multiple of."""
    first = base.args[0] if isinstance(base, (Mul, MatMul)) else base
    return first if first.is_Number else S.One
