"""Lowering of SymPy's scalar nodes; each works elementwise, since a bound symbol may stand for an array."""

from functools import partial, reduce

from sympy import Abs, Dummy, S, Symbol

from .lower import INDEX_RULES, NETS, RULES, children, rule, shape_of
from .network import contract
from .stable import beyond_branch, exp_minus_one, softplus_power, split_logistic
from .values import Val

NUMPY = dict(
    sin="sin",
    cos="cos",
    tan="tan",
    asin="arcsin",
    acos="arccos",
    atan="arctan",
    atan2="arctan2",
    sinh="sinh",
    cosh="cosh",
    tanh="tanh",
    asinh="arcsinh",
    acosh="arccosh",
    atanh="arctanh",
    exp="exp",
    Abs="abs",
    floor="floor",
    ceiling="ceil",
    conjugate="conj",
    re="real",
    im="imag",
    arg="angle",
    Mod="mod",
    And="logical_and",
    Or="logical_or",
    Not="logical_not",
    Xor="logical_xor",
    Max="maximum",
    Min="minimum",
)
FINITE = frozenset(  # for all numbers, in exact arithmetic
    "sin cos arctan sinh cosh tanh arcsinh exp abs floor ceil conj real imag sign maximum minimum".split()
)
OF_TWO = ("maximum", "minimum", "logical_and", "logical_or", "logical_xor")  # of many by two at a time
SCIPY = dict(
    erf="erf",
    erfc="erfc",
    erfinv="erfinv",
    erfcinv="erfcinv",
    erfi="erfi",
    gamma="gamma",
    loggamma="gammaln",
    digamma="digamma",
    beta="beta",
    besselj="jv",
    bessely="yv",
    besseli="iv",
    besselk="kv",
    binomial="binom",
    zeta="zeta",
    LambertW="lambertw",
    expint="expn",
    Ei="expi",
    legendre="eval_legendre",
    chebyshevt="eval_chebyt",
    chebyshevu="eval_chebyu",
    hermite="eval_hermite",
)
RECIPROCAL = dict(sec="cos", csc="sin", cot="tan", sech="cosh", csch="sinh", coth="tanh")
INVERSE_OF_RECIPROCAL = dict(asec="arccos", acsc="arcsin", acot="arctan", asech="arccosh", acsch="arcsinh", acoth="arctanh")
COMPARE = dict(Equality="==", Unequality="!=", StrictLessThan="<", LessThan="<=", StrictGreaterThan=">", GreaterThan=">=")
EXACT = 2**53


# ---- leaves
@rule("Symbol", "Dummy", "Wild")
def symbol(ctx, e):
    bound = ctx.bindings.get(e)
    if bound is not None:
        return ctx.floating(bound)
    whole = bool(e.is_integer) or e in ctx.size_symbols
    return Val(ctx.graph.make("sym", (), (e,), integer=whole, weak=whole))


@rule("Unnamed")
def unnamed(ctx, e):
    """The integer node that a size stands for."""
    return Val(ctx.graph.integers[e.number])


@rule("Integer")
def integer(ctx, e):
    return ctx.const(int(e) if abs(e) <= EXACT else float(e))


@rule("Rational", "Float", "NumberSymbol", "Infinity", "NegativeInfinity", "NaN", "TribonacciConstant")
def number(ctx, e):
    return ctx.const(float(e))


@rule("ComplexInfinity")
def complex_infinity(ctx, e):
    return ctx.const(float("nan"))


@rule("ImaginaryUnit")
def imaginary_unit(ctx, e):
    return ctx.const(1j)


@rule("BooleanTrue", "BooleanFalse")
def boolean(ctx, e):
    return ctx.const(bool(e))


# ---- arithmetic
@rule("Add")
def add(ctx, e):
    if any(s != 1 for a in e.args for s in shape_of(a)):
        return RULES["MatAdd"](ctx, e)
    minus_one = exp_minus_one(e)
    if minus_one:
        return ctx.mul(ctx.const(minus_one[0]), ctx.call("expm1", ctx.low(minus_one[1])))
    return ctx.add(*map(ctx.low, e.args))


@rule("Mul")
def mul(ctx, e):
    if any(s != 1 for a in e.args for s in shape_of(a)):
        return contract(ctx, NETS["MatMul"](ctx, e))
    slopes_are_of_real(ctx, e)
    powers, rest = split_logistic(e.args)
    vals = [ctx.low(a) for a in rest] + [v for p in powers for v in logistic(ctx, *p)]
    return ctx.mul(*vals)


def slopes_are_of_real(ctx, e):
    """In a product with u and a power of the absolute value of u, the slope of another such power for real u alone, u has to be real."""
    for size in (b for b in map(_base, e.args) if isinstance(b, Abs)):
        if size.args[0] in map(_base, e.args):
            require_real(ctx, size.args[0])


def _base(factor):
    return factor.base if factor.is_Pow else factor


def require_real(ctx, e):
    """The value of a scalar, refused where data makes it complex, unless the formula or its symbols say that it may be."""
    val = ctx.scalar(e)
    if not ctx.is_complex and not any(s.is_complex and not s.is_extended_real for s in e.free_symbols):
        ctx.graph.real.add(val.node.number)
    return val


def logistic(ctx, w, a, b, c):
    """The factors ``expit(w)**a``, ``expit(-w)**b``, ``exp(c*w)``."""
    arg = ctx.low(w)
    minus = ctx.mul(ctx.const(-1), arg)
    both = min(a, b)
    a, b = a - both, b - both
    out = [power(ctx, ctx.call(f, x), p) for f, x, p in (("expit_slope", arg, both), ("expit", arg, a), ("expit", minus, b)) if p != 0]
    if c != 0:
        out.append(ctx.call("exp", ctx.mul(ctx.low(c), arg)))
    return out


@children("Mul")
def mul_children(e):
    _, rest = split_logistic(e.args)
    return e.args if len(rest) == len(e.args) else [*rest, *(p[0] for p in split_logistic(e.args)[0])]


@rule("Pow")
def pow_(ctx, e):
    base, exponent = e.args
    beyond = beyond_branch(e, ctx.size_symbols)
    if beyond is not None:
        return ctx.low(beyond)
    found = softplus_power(e)
    if found and found[1].is_negative:
        w, p = found
        return power(ctx, ctx.call("expit", ctx.mul(ctx.const(-1), ctx.low(w))), -p)
    return power(ctx, ctx.scalar(base), exponent)


@rule("exp")
def exp_(ctx, e):
    return ctx.call("exp", ctx.scalar(e.args[0]))


def power(ctx, base, exponent):
    """The value `base` to the SymPy power `exponent`, square roots as such."""
    base = base if exponent.is_Integer and exponent.is_positive else ctx.guarded(base)
    if exponent == S.Half:
        return ctx.call("sqrt", base)
    if exponent == -S.Half:
        return ctx.elementwise(lambda x: ctx.graph.pow(ctx.graph.call("sqrt", x), ctx.graph.const(-1)), base)
    return ctx.elementwise(ctx.graph.pow, base, ctx.scalar(exponent))


# ---- functions
@rule(*NUMPY)
def numpy_function(ctx, e):
    name = NUMPY[type(e).__name__]
    vals = [ctx.scalar(a) for a in e.args]
    vals = vals if name in FINITE else list(map(ctx.guarded, vals))
    return reduce(partial(ctx.call, name), vals) if name in OF_TWO else ctx.call(name, *vals)


@rule("sign")
def sign(ctx, e):
    """The slope of the absolute value as a function of real numbers; of complex ones where the formula says that they are."""
    return ctx.call("sign", require_real(ctx, e.args[0]))


@rule(*SCIPY)
def scipy_function(ctx, e):
    return ctx.call("special." + SCIPY[type(e).__name__], *(ctx.guarded(ctx.scalar(a)) for a in e.args))


@rule("polygamma")
def polygamma(ctx, e):
    """The digamma function by its name, which libraries compute in less time."""
    order, x = e.args
    return ctx.call("special.digamma", ctx.scalar(x)) if order == 0 else ctx.call("special.polygamma", ctx.scalar(order), ctx.scalar(x))


@rule("uppergamma", "lowergamma")
def incomplete_gamma(ctx, e):
    """SciPy has the regularised ones."""
    s, x = map(ctx.scalar, e.args)
    name = "gammaincc" if type(e).__name__ == "uppergamma" else "gammainc"
    return ctx.mul(ctx.call("special." + name, s, x), ctx.call("special.gamma", s))


@rule(*RECIPROCAL)
def reciprocal(ctx, e):
    inner = ctx.call(RECIPROCAL[type(e).__name__], ctx.guarded(ctx.scalar(e.args[0])))
    return ctx.elementwise(lambda x: ctx.graph.pow(x, ctx.graph.const(-1)), inner)


@rule(*INVERSE_OF_RECIPROCAL)
def inverse_of_reciprocal(ctx, e):
    inner = ctx.elementwise(lambda x: ctx.graph.pow(x, ctx.graph.const(-1)), ctx.scalar(e.args[0]))
    return ctx.call(INVERSE_OF_RECIPROCAL[type(e).__name__], inner)


@rule("sinc")
def sinc(ctx, e):
    return ctx.call("sinc", ctx.mul(ctx.scalar(e.args[0]), ctx.const(float(1 / S.Pi))))


@rule("factorial")
def factorial(ctx, e):
    return ctx.call("special.gamma", ctx.add(ctx.scalar(e.args[0]), ctx.const(1)))


@rule("Heaviside")
def heaviside(ctx, e):
    return ctx.call("heaviside", ctx.scalar(e.args[0]), ctx.scalar(e.args[1] if len(e.args) > 1 else S.Half))


@rule("DiracDelta", "ArrayZero")
def dirac_delta(ctx, e):
    return ctx.const(0)


@rule("frac")
def frac(ctx, e):
    return ctx.call("mod", ctx.scalar(e.args[0]), ctx.const(1))


@rule("KroneckerDelta")
def kronecker_delta(ctx, e):
    i, j = (ctx.index(a) for a in e.args[:2])
    equal = ctx.elementwise(lambda a, b: ctx.graph.compare("==", a, b), i, j)
    return Val(ctx.graph.floating(equal.node), equal.labels)


@rule(*COMPARE)
def relational(ctx, e):
    op = COMPARE[type(e).__name__]
    return ctx.elementwise(lambda a, b: ctx.graph.compare(op, a, b), *(ctx.scalar(a) for a in e.args))


@rule("Piecewise")
def piecewise(ctx, e):
    out = ctx.const(float("nan"))
    for value, condition in reversed(e.args):
        value = ctx.scalar(value)
        if condition == True:  # noqa: E712  SymPy's true
            out = value
        else:
            out = ctx.elementwise(ctx.graph.where, ctx.low(condition), value, out)
    return out


@children("Piecewise")
def piecewise_children(e):
    return [x for pair in e.args for x in pair.args]


@rule("ITE")
def ite(ctx, e):
    return ctx.elementwise(ctx.graph.where, *map(ctx.low, e.args))


@rule("Subs")
def subs(ctx, e):
    return ctx.scoped({v: ctx.scalar(p) for v, p in zip(e.variables, e.point)}, lambda: ctx.scalar(e.expr))


# ---- integer expressions
def index_rule(*names):
    def register(f):
        INDEX_RULES.update(dict.fromkeys(names, f))
        return f

    return register


def are_whole(ctx, parts):
    """Whether all are integers: a rule of integers for a sum of halves, or for the floor of a number of the data, would round each part."""
    return all(e.is_integer or _with_whole_symbols(ctx, e).is_integer for e in parts)


def _with_whole_symbols(ctx, e):
    """The same with sizes, and what loops run over, as integers where they are not declared to be."""
    bound = {s for s, v in ctx.bindings.items() if v.node.integer}
    known = [s for s in e.free_symbols & (ctx.size_symbols | bound) if isinstance(s, Symbol) and not s.is_integer]
    return e.xreplace({s: Dummy(integer=True, positive=s.is_positive) for s in known}) if known else e


@index_rule("Add")
def index_add(ctx, e):
    if are_whole(ctx, e.args):
        return ctx.add(*map(ctx.index, e.args))
    return floor_division(ctx, *e.as_numer_denom())  # n/2 + m/2: the halves alone may be none


@index_rule("Mul")
def index_mul(ctx, e):
    numerator, denominator = e.as_numer_denom()
    if denominator is not S.One:
        return floor_division(ctx, numerator, denominator)
    return ctx.mul(*map(ctx.index, e.args)) if are_whole(ctx, e.args) else None


def floor_division(ctx, numerator, denominator):
    """The floor of a quotient of integers; None where it is none."""
    if denominator is S.One or not are_whole(ctx, (numerator, denominator)):
        return None
    return ctx.elementwise(lambda a, b: ctx.graph.call("floordiv", a, b, integer=True), ctx.index(numerator), ctx.index(denominator))


@index_rule("floor")
def index_floor(ctx, e):
    numerator, denominator = e.args[0].as_numer_denom()
    if denominator is S.One:
        return ctx.index(numerator) if are_whole(ctx, [numerator]) else None
    return floor_division(ctx, numerator, denominator)


@index_rule("Mod")
def index_mod(ctx, e):
    if not are_whole(ctx, e.args):
        return None
    return ctx.elementwise(lambda a, b: ctx.graph.call("intmod", a, b, integer=True), *map(ctx.index, e.args))


@index_rule("Max", "Min", "Abs")
def index_extreme(ctx, e):
    if not are_whole(ctx, e.args):
        return None
    vals = [ctx.index(a) for a in e.args]
    if any(v.labels for v in vals):
        return None
    name = {"Max": "max", "Min": "min", "Abs": "abs"}[type(e).__name__]
    return Val(ctx.graph.make("builtin", tuple(v.node for v in vals), (name,), integer=True, weak=True))


@index_rule("Symbol")
def index_symbol(ctx, e):
    return ctx.bindings.get(e)
