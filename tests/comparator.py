"""same_expression(a, b): whether two SymPy expressions are the same textbook expression, written in SymPy's many ways.

Each is turned into nested tuples. The same are: bound symbols by any name; the order of terms, of scalar factors and of Hadamard
factors; flat and nested sums and products; a coefficient inside or outside of a product, also of an elementwise one or a sum over an
index; A o A and the elementwise power; a transpose of a product, sum, inverse or
power and the product, sum, inverse or power of transposes; an inverse and a power -1; a 1x1 matrix, its entry [0, 0], and the Sum
over entries that SymPy makes of that; sum(A) and 1' A 1; mean(A) and that over the number of entries; softmax(z) and
exp(z)/sum(exp(z)); a reduced resolvent and the (l I - X)^+ as which it is printed; the determinant of a product of square
matrices and the product of theirs, which SymPy makes of it in any larger product; a number in front of a sum and inside of it (SymPy moves it inside). No other algebra: nothing
else is multiplied out, nothing is factored, no trace is turned.
"""

from collections import Counter
from itertools import permutations

import sympy as sp
from sympy import Basic, MatrixSymbol, Rational, S
from sympy.concrete.expr_with_limits import ExprWithLimits
from sympy.matrices import expressions as me
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.diagonal import DiagMatrix
from sympy.matrices.expressions.matexpr import MatrixElement

from sympy_matcalc.nodes import Eigenvalue, Einsum, ElementSum, MatrixSum, Mean, PseudoInverse, ReducedResolvent, Softmax

MOST_LIMITS = 5
TERMWISE = (me.HadamardProduct, me.HadamardPower, me.KroneckerProduct, me.MatAdd)
SAME_TRANSPOSED = (DiagMatrix, me.Identity)


def same_expression(a, b):
    """True where a and b are the same textbook expression; TypeError for what is no SymPy expression.

    >>> from sympy import MatrixSymbol
    >>> A, x = MatrixSymbol("A", 3, 3), MatrixSymbol("x", 3, 1)
    >>> same_expression((A*x).T*x, x.T*A.T*x), same_expression(A*x + x, (A + A**0)*x)
    (True, False)
    """
    return canonical(a) == canonical(b)


def canonical(expr):
    """The nested tuples that are equal for the same expressions; TypeError for what is no SymPy expression."""
    if not isinstance(expr, (Basic, sp.MatrixBase)):
        raise TypeError(f"a SymPy expression was needed, got `{expr}`")
    return _form(expr.as_immutable() if isinstance(expr, sp.MatrixBase) else expr, ())


def _ordered(items):
    return tuple(sorted(items, key=repr))


def _form(e, bound):
    """The form of a node; `bound` are the bound symbols outside of it, outermost first."""
    if e in bound:
        return ("bound", len(bound) - 1 - bound[::-1].index(e))
    for kinds, form in FORMS:
        if isinstance(e, kinds):
            return form(e, bound)
    return _one_by_one(e, bound) if _is_one_by_one(e) else _generic(e, bound)


def _is_one_by_one(e):
    return bool(getattr(e, "is_Matrix", False)) and e.shape == (1, 1)


def _explicit(e, bound):
    entries = tuple(_form(x, bound) for x in e.flat())
    return entries[0] if e.shape == (1, 1) else ("explicit", *map(int, e.shape), entries)


def _generic(e, bound):
    return (type(e).__name__, *(_form(a, bound) if isinstance(a, Basic) else repr(a) for a in e.args)) if e.args else _leaf(e, bound)


def _leaf(e, bound):
    return ("leaf", sp.srepr(e))


# ---- sums and products
def _add(e, bound):
    """Add and MatAdd: the terms, like ones counted together."""
    total = Counter()
    for a in e.args:
        for coefficient, term in _terms(_form(a, bound)):
            total[term] += coefficient
    terms = [(c, t) for t, c in total.items() if c != 0]
    if len(terms) == 1:
        return _scaled(*terms[0], matrix=bool(getattr(e, "is_Matrix", False)) and not _is_one_by_one(e))
    return ("sum", _ordered((repr(c), t) for c, t in terms)) if terms else ("number", "0")


def _scaled(number, form, matrix):
    """The form of number times a scalar, or a matrix."""
    if form[0] == "number":
        return ("number", repr(number * Rational(form[1])))
    if form[0] == "product":
        return _product_form(number * Rational(form[1]), *form[2:])
    factor = ((form[1], form[2][1]),) if form[0] == "power" and form[2][0] == "number" else ((form, "1"),)
    return _product_form(number, () if matrix else factor, factor if matrix else ())


def _terms(form):
    """(number, term) pairs of a form."""
    if form[0] == "sum":
        return [(Rational(c), t) for c, t in form[1]]
    if form[0] == "product":
        return [(Rational(form[1]), _product_form(S.One, form[2], form[3]))]
    if form[0] == "number":
        return [(Rational(form[1]), ("number", "1"))]
    return [(S.One, form)]


def _mul(e, bound):
    """Mul and MatMul: a number, scalar factors with exponents, and the chain of matrices.

    A chain is cut where the dimension between two factors is 1: x*x.T*y is (x.T*y)[0, 0] times x.
    """
    scalars, matrices = _flat_factors(e)
    segments = _segments([M for M in matrices if not isinstance(M, me.Identity)] or matrices[:1])
    scalars = [_form(a, bound) for a in scalars] + [_form(_entry_of_chain(s), bound) for s in segments if _outer_shape(s) == (1, 1)]
    chain = [_form(M, bound) for segment in segments if _outer_shape(segment) != (1, 1) for M in segment]
    number, powers, factors = S.One, Counter(), []
    for form, is_scalar in [(f, True) for f in scalars] + [(f, False) for f in chain]:
        n, inner_scalars, inner_chain = _taken_apart(form, is_scalar)
        number *= n
        factors += inner_chain
        for base, exponent in inner_scalars:
            powers[base] += Rational(exponent)
    return _product_form(number, _ordered((b, repr(p)) for b, p in powers.items() if p != 0), _merged(factors))


def _taken_apart(form, is_scalar):
    """(number, scalar factors, chain) of the form of a factor."""
    if form[0] == "number":
        return Rational(form[1]), (), ()
    if form[0] == "product":
        return Rational(form[1]), *form[2:]
    if form[0] == "sum":
        number, primitive = _content(form)
        return (number, ((primitive, "1"),), ()) if is_scalar else (number, (), ((primitive, "1"),))
    factor = ((form[1], form[2][1]),) if form[0] == "power" and form[2][0] == "number" else ((form, "1"),)
    return (S.One, factor, ()) if is_scalar else (S.One, (), factor)


def _content(form):
    """(number, sum) with form = number * sum, the coefficients of the sum coprime integers and that of its least term positive."""
    numbers = [Rational(c) for c, _ in form[1]]
    least = min(form[1], key=lambda pair: repr(pair[1]))
    content = sp.gcd_list(numbers) * (1 if Rational(least[0]) > 0 else -1)
    return content, ("sum", _ordered((repr(Rational(c) / content), t) for c, t in form[1]))


def _product_form(number, scalars, chain):
    """The form of number * scalars * chain, without a wrapper around a single factor."""
    if number == 0 or not scalars and not chain:
        return ("number", repr(number))
    if len(scalars) + len(chain) == 1 and (scalars + chain)[0][0][0] == "sum" and (scalars + chain)[0][1] == "1":
        (((_, terms), _),) = scalars + chain  # a number in front of nothing but a sum: SymPy distributes it
        return ("sum", _ordered((repr(number * Rational(c)), t) for c, t in terms))
    if number == 1 and not scalars and len(chain) == 1:
        base, power = chain[0]
        return base if power == "1" else ("power", base, ("number", power))
    if number == 1 and not chain and len(scalars) == 1:
        base, power = scalars[0]
        return base if power == "1" else ("power", base, ("number", power))
    return ("product", repr(number), scalars, chain)


def _flat_factors(e):
    """(scalar factors, matrix factors) of a product, nested products taken apart."""
    scalars, matrices = [], []
    for a in e.args:
        a = _transposed(a.arg) if isinstance(a, me.Transpose) else a
        if isinstance(a, (sp.Mul, me.MatMul)):
            inner = _flat_factors(a)
            scalars += inner[0]
            matrices += inner[1]
        else:
            (matrices if getattr(a, "is_Matrix", False) else scalars).append(a)
    return scalars, matrices


def _segments(matrices):
    """The chain cut where the inner dimension is 1, and around 1x1 matrices that scale what does not fit."""
    out = []
    for M in matrices:
        if out and out[-1][-1].shape[1] != 1 and M.shape[0] != 1:
            out[-1].append(M)
        else:
            out.append([M])
    return out


def _outer_shape(segment):
    return segment[0].shape[0], segment[-1].shape[1]


def _entry_of_chain(segment):
    """The entry (0, 0) of a 1x1 product, as SymPy makes it."""
    return segment[0] if len(segment) == 1 else me.MatMul(*segment)[0, 0]


def _merged(chain):
    """Neighbours with the same base and exponents of one sign, as one power: A*A is A**2."""
    out = []
    for base, power in chain:
        if out and out[-1][0] == base and Rational(out[-1][1]) * Rational(power) > 0:
            out[-1] = (base, repr(Rational(out[-1][1]) + Rational(power)))
        else:
            out.append((base, power))
    return tuple(out)


def _pow(e, bound):
    """Pow, MatPow and Inverse: the exponents of a power of a power with numbers are multiplied (of matrices: integers only)."""
    base = e.args[0]
    exponent = S.NegativeOne if isinstance(e, me.Inverse) else e.args[1]
    form, exponent = _form(base, bound), _form(exponent, bound)
    if form[0] == "power" and _is_integer(exponent) and form[2][0] == "number":
        form, exponent = form[1], ("number", repr(Rational(form[2][1]) * Rational(exponent[1])))
    if form[0] == "number" and _is_integer(exponent) and form[1] != "0":
        return ("number", repr(Rational(form[1]) ** Rational(exponent[1])))
    if form[0] == "product" and not form[3] and _is_integer(exponent):
        p = Rational(exponent[1])
        return _product_form(Rational(form[1]) ** p, tuple((b, repr(Rational(q) * p)) for b, q in form[2]), ())
    return form if exponent == ("number", "1") else ("power", form, exponent)


def _is_integer(form):
    return form[0] == "number" and Rational(form[1]).is_Integer


def _hadamard(e, bound):
    """Hadamard products: flat, in any order."""
    if _is_one_by_one(e):
        return _one_by_one(e, bound)
    number, powers = S.One, Counter()
    for a in e.args:
        scale, form = _number_out(_form(a, bound))
        number *= scale
        for factor in form[1] if form[0] == "hadamard" else [form]:
            base, k = factor[1:] if factor[0] == "HadamardPower" and factor[2][0] == "number" else (factor, ("number", "1"))
            powers[base] += Rational(k[1])
    factors = _ordered(b if k == 1 else ("HadamardPower", b, ("number", repr(k))) for b, k in powers.items() if k != 0)
    form = factors[0] if len(factors) == 1 else ("hadamard", factors)
    return form if number == 1 else _product_form(number, (), ((form, "1"),))


def _number_out(form):
    """(number, form) with the number in front of a factor, or of all terms of a sum, taken out."""
    if form[0] == "sum":
        return _content(form)
    if form[0] == "product" and not form[2]:
        return Rational(form[1]), _product_form(S.One, (), form[3])
    return S.One, form


def _number(e, bound):
    return ("number", repr(e)) if e.is_Rational else _leaf(e, bound)


# ---- transposes
def _transposed(e):
    """e.T with the transpose pushed to the leaves of products, sums, inverses, powers and functions of entries."""
    if not getattr(e, "is_Matrix", False) or isinstance(e, SAME_TRANSPOSED):
        return e
    if isinstance(e, me.Transpose):
        return _pushed(e.arg)
    if isinstance(e, me.MatMul):
        scalars, matrices = _flat_factors(e)
        return me.MatMul(*scalars, *[_transposed(M) for M in reversed(matrices)], evaluate=False)
    if isinstance(e, TERMWISE):
        return e.func(*[_transposed(a) for a in e.args])
    if isinstance(e, (me.Inverse, me.MatPow)):
        return e.func(_transposed(e.args[0]), *e.args[1:])
    if isinstance(e, ElementwiseApplyFunction):
        return ElementwiseApplyFunction(e.function, _transposed(e.expr))
    if isinstance(e, (me.OneMatrix, me.ZeroMatrix)):
        return e.func(e.shape[1], e.shape[0])
    if isinstance(e, MatrixSum):
        return MatrixSum(_transposed(e.body), *e.limits)
    return e.transpose()


def _pushed(e):
    return _transposed(e.arg) if isinstance(e, me.Transpose) else e


def _transpose(e, bound):
    if _is_one_by_one(e):
        return _form(e.arg, bound)
    flipped = _transposed(e.arg)
    return ("T", _form(flipped.arg, bound)) if isinstance(flipped, me.Transpose) else _form(flipped, bound)


# ---- entries and sums over entries
def _one_by_one(e, bound):
    """A 1x1 matrix is the scalar that its entry is."""
    return _element(MatrixElement(e, S.Zero, S.Zero), bound)


def _symbol(e, bound):
    return _one_by_one(e, bound) if _is_one_by_one(e) else _named(e, bound)


def _named(e, bound):
    return ("matrix", e.name, *(_form(s, bound) for s in e.shape))


def _element(e, bound):
    """An entry; of a product, a sum, a transpose... what SymPy makes of that when it is indexed."""
    parent, i, j = e.parent, e.i, e.j
    if isinstance(parent, me.Transpose):
        return _element(MatrixElement(parent.arg, j, i), bound)
    if isinstance(parent, MatrixSymbol):
        return ("entry", _named(parent, bound), _form(i, bound), _form(j, bound))
    if isinstance(parent, (me.Inverse, me.MatPow)):
        flipped = ("entry", _form(_transposed(parent), bound), _form(j, bound), _form(i, bound))
        plain = ("entry", _form(parent, bound), _form(i, bound), _form(j, bound))
        return _form(parent, bound) if _is_one_by_one(parent) else min(plain, flipped, key=repr)
    entry = parent[i, j]
    if isinstance(entry, MatrixElement) and entry.parent == parent:
        return ("entry", _generic(parent, bound), _form(i, bound), _form(j, bound))
    return _form(entry, bound)


def _with_limits(e, bound):
    """Sum, Product, MatrixSum, Integral: the order of independent limits does not matter; the least form over their orders."""
    limits = list(e.limits)
    body = e.args[0]
    names = {lim[0] for lim in limits}
    independent = not any(names & b.free_symbols for lim in limits for b in lim[1:]) and len(limits) <= MOST_LIMITS
    orders = permutations(limits) if independent else [limits]
    name = "MatrixSum" if isinstance(e, sp.Sum) and getattr(body, "is_Matrix", False) else type(e).__name__
    return min((_limited(name, body, list(order), bound) for order in orders), key=repr)


def _limited(name, body, limits, bound):
    inner, bounds = bound, []
    for lim in reversed(limits):
        bounds.append(tuple(_form(b, inner) for b in lim[1:]))
        inner = (*inner, lim[0])
    form = _form(body, inner)
    return _coefficient_out(name, form, tuple(bounds)) if name != "Product" else (name, form, tuple(bounds))


def _coefficient_out(name, form, bounds):
    """Sum(2*f) is 2*Sum(f): the number in front of the body goes in front of the sum."""
    if form[0] == "sum":
        number, inner = _content(form)
    elif form[0] == "product":
        number, inner = Rational(form[1]), _product_form(S.One, form[2], form[3])
    else:
        number, inner = S.One, form
    if number == 1:
        return (name, inner, bounds)
    matrix = name == "MatrixSum"
    factor = (((name, inner, bounds), "1"),)
    return _product_form(number, () if matrix else factor, factor if matrix else ())


def _lambda(e, bound):
    variables = tuple(e.variables)
    return ("Lambda", len(variables), _form(e.expr, (*bound, *variables)))


def _einsum(e, bound):
    """The terms in any order, each with the least form over the numberings of its summed indices."""
    return ("Einsum", tuple(_form(s, bound) for s in e.axes_shape), _ordered(_einsum_term(t, bound) for t in e.terms))


def _einsum_term(t, bound):
    inner = (*bound, *(lim[0] for lim in t.limits))
    kept = list(dict.fromkeys(i for axis in t.out for i in axis))
    forms = []
    for order in permutations(t.summed):
        number = {i: k for k, i in enumerate([*kept, *order])}
        axes = [tuple(tuple(number[i] for i in axis) for axis in part) for part in (t.out, *(a for _, a in t.factors))]
        factors = _ordered((_form(op, inner), a) for (op, _), a in zip(t.factors, axes[1:], strict=True))
        dims = tuple(_form(t.dims[i], inner) for i in [*kept, *order])
        limits = tuple(tuple(_form(b, inner) for b in lim[1:]) for lim in t.limits)
        forms.append((_form(t.coefficient, inner), dims, axes[0], factors, limits))
    return min(forms, key=repr)


def _commutative(e, bound):
    return (type(e).__name__, _ordered(_form(a, bound) for a in e.args))


def _sum_of_entries(e, bound):
    """sum(A) is 1' A 1."""
    rows, cols = e.arg.shape
    ones = [me.OneMatrix(1, rows)] * (rows != 1) + [e.arg] + [me.OneMatrix(cols, 1)] * (cols != 1)
    return _form(MatrixElement(me.MatMul(*ones), S.Zero, S.Zero), bound)


def _mean(e, bound):
    return _form(sp.Mul(ElementSum(e.arg), *(1 / s for s in e.arg.shape)), bound)


def _softmax(e, bound):
    powers = e.arg.applyfunc(sp.exp)
    return _form(me.MatMul(1 / ElementSum(powers), powers), bound)


def _resolvent(e, bound):
    X, i = e.args
    return _form(PseudoInverse(me.MatAdd(me.MatMul(Eigenvalue(X, i), me.Identity(X.shape[0])), me.MatMul(-1, X))), bound)


def _determinant(e, bound):
    scalars, matrices = _flat_factors(e.arg) if isinstance(e.arg, me.MatMul) else ([], [e.arg])
    if len(matrices) < 2 or not all(M.shape[0] == M.shape[1] for M in matrices):
        return _generic(e, bound)
    return _form(sp.Mul(*(c ** e.arg.shape[0] for c in scalars), *map(sp.Determinant, matrices)), bound)


FORMS = [
    (ElementSum, _sum_of_entries),
    (Mean, _mean),
    (Softmax, _softmax),
    (ReducedResolvent, _resolvent),
    (sp.Determinant, _determinant),
    (sp.MatrixBase, _explicit),
    (sp.Number, _number),
    ((sp.Add, me.MatAdd), _add),
    ((sp.Mul, me.MatMul), _mul),
    ((sp.Pow, me.MatPow, me.Inverse), _pow),
    (me.HadamardProduct, _hadamard),
    (MatrixSymbol, _symbol),
    (MatrixElement, _element),
    ((me.Transpose, sp.transpose), _transpose),
    ((sp.Lambda,), _lambda),
    (Einsum, _einsum),
    ((ExprWithLimits, MatrixSum), _with_limits),
    ((sp.Max, sp.Min, sp.And, sp.Or, sp.Eq, sp.Ne, sp.KroneckerDelta, me.DotProduct), _commutative),
]
