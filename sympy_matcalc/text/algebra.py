"""Sums, products, powers and functions of what was typed: as typed, without expansion, a 1 x 1 product as a scalar where one is needed."""

from sympy import Add, HadamardPower, HadamardProduct, Identity, Inverse, MatAdd, MatMul, Mul, S, Transpose, ZeroMatrix, default_sort_key
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.matexpr import MatrixElement

from ..api.scalar import entry_as_typed
from ..errors import ShapeError
from ..nodes.bound import as_function


def is_matrix(x):
    """Whether SymPy takes x for a matrix, one of a single entry too."""
    return getattr(x, "is_Matrix", False)


def scalar(x):
    """A 1 x 1 expression as a scalar: its entry, unexpanded, with a coefficient in front."""
    if not is_matrix(x):
        return x
    if x.shape != (1, 1):
        raise ShapeError(f"expected a scalar, got `{x}` of shape {x.shape}")
    return entry_as_typed(x)


def inverse(x):
    """x.I as typed: SymPy's `doit` would take it into a Kronecker product of factors that are not square."""
    if is_scalar(x):
        return scalar(x) ** -1
    if isinstance(x, ZeroMatrix):
        raise ValueError("a matrix of zeros has no inverse")
    check_rank(x)
    return x.arg if isinstance(x, Inverse) else x if isinstance(x, Identity) else Inverse(x)


def check_rank(x):
    """ValueError for a product that its sizes make singular, as X.T*X of a wide X: SymPy would cancel its inverse all the same."""
    n = x.shape[0]
    sizes = [size for a in x.args if is_matrix(a) for size in a.shape] if isinstance(x, MatMul) else []
    low = next((size for size in sizes if (n - size).is_positive), None)
    if low is not None:
        raise ValueError(f"of {n} rows, but of a rank of at most {low}: it has no inverse; its pseudo-inverse is `pinv`")


def transpose(x):
    """x.T as typed: sums, products and functions are transposed as a whole, with a number in front of them there."""
    if not is_matrix(x):
        return x
    if x.is_symbol or isinstance(x, (MatAdd, ElementwiseApplyFunction, HadamardProduct, HadamardPower)):
        return Transpose(x)
    if isinstance(x, MatMul):
        coefficient, matrices = x.as_coeff_matrices()
        turned = Transpose(MatMul(*matrices)) if len(matrices) > 1 else transpose(matrices[0])
        return multiply([coefficient, turned])
    return x.arg if isinstance(x, Transpose) else tidy(Transpose(x))


def multiply(args):
    """Product in order. One chain stays a matrix product; scalar chains among several, as in ``(x.T*x)*y``, become coefficients."""
    factors = []
    for arg in args:
        factors.extend(arg.args if isinstance(arg, MatMul) else (arg,))
    matrices, numbers = [f for f in factors if is_matrix(f)], [f for f in factors if not is_matrix(f)]
    if not matrices:
        return Mul(*numbers)
    groups = _split(matrices)
    if len(groups) == 1:
        coefficient = Mul(*numbers)
        if coefficient in (0, 1):
            return groups[0] if coefficient == 1 else ZeroMatrix(*groups[0].shape)
        product = MatMul(coefficient, *_factors(groups[0]))
        return product if isinstance(groups[0], MatAdd) else tidy(product)  # SymPy would make it 2*A - 2*B
    rest = [g for g in groups if g.shape != (1, 1)]
    if len(rest) == len(groups):
        left, right = groups[:2]
        raise ShapeError(
            f"in a product `{left}` is {left.shape[0]} x {left.shape[1]}, but `{right}` is {right.shape[0]} x {right.shape[1]}; "
            "the inner sizes must be equal"
        )
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


def is_scalar(x):
    """A number, or a matrix of a single entry."""
    return not is_matrix(x) or x.shape == (1, 1)


def add(args):
    """Sum of 1 x 1 expressions: a matrix sum if all are matrices, else a sum of scalars."""
    if all(map(is_matrix, args)):
        return add_matrices(args)
    return Add(*map(scalar, args))


def apply(function, x):
    """`function` of a scalar, or of each entry of a matrix expression."""
    if is_scalar(x):
        return function(scalar(x))
    return ElementwiseApplyFunction(as_function(function), x)
