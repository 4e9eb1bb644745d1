r"""Functions of every entry, written as people write them: `\sigma\left(X w\right)`, `x^{\odot 2}`.

A function of a square matrix could be meant by its power series. Elementwise it is `\exp_{\odot}\left(X\right)`; of a matrix that is
not square nothing else can be meant. A function without a name is written out with elementwise operations: products `\odot`,
quotients `\oslash`, powers `^{\odot k}`, and constants in sums as multiples of ones. Where that would be long, or has no such
form, it is the map `\left(u \mapsto ...\right)_{\odot}\left(X\right)`.
"""

from sympy import Abs, Add, Function, Heaviside, Max, Min, Mul, OneMatrix, Pow, S, exp, loggamma, polygamma, sign
from sympy.printing.precedence import PRECEDENCE

from ..nodes import Sigmoid
from ..nodes.bound import BOUND, body_of
from ..nodes.declaration import NODES
from ..nodes.elementwise import Elementwise
from ..nodes.partials import UnknownScalarDerivative
from ..nodes.undefined import FunctionDerivative
from ..nodes.unknown import UnknownScalar
from ..nodes.words import own_sums_last
from ..notation.logistic import in_sigmoids
from .spacing import spaced

ADD, MUL, POW, ATOM = (PRECEDENCE[name] for name in ("Add", "Mul", "Pow", "Atom"))
FUNCTIONS = (Function, Max, Min)  # to SymPy the last two are none
HEADED = (FunctionDerivative, UnknownScalar, UnknownScalarDerivative)  # functions that are not given: they say their name by `head_latex`
LOG_GAMMA = r"\log\Gamma"
LONG = 300  # characters of the argument, all its occurrences together
OWN = [node for node in NODES.values() if issubclass(node, Elementwise) and not node.parameters]
NAMES = {node.definition(BOUND): node.latex_word() for node in OWN}  # a body that is typed as one of them
ENTRYWISE_ONLY = {Abs: r"\operatorname{abs}", sign: r"\operatorname{sign}"}  # no one takes these, or our own, for a power series


class _NoForm(Exception):
    """The function has no elementwise form that reads well."""


def spelled(printer, e):
    """The LaTeX of an ElementwiseApplyFunction."""
    body, argument = in_sigmoids(body_of(e.function)), printer._print(e.expr)
    try:
        if len(argument) * _mentions(body) > LONG and not _is_call(body):
            raise _NoForm
        return _Speller(printer, e.expr, argument).text(body)
    except _NoForm:
        (bound,) = e.function.variables
        return rf"\left({printer._print(bound)} \mapsto {printer._print(e.function.expr)}\right)_{{\odot}}\left({argument}\right)"


def binding(e):
    """How tightly the LaTeX holds together, as in `binding.binding`; brackets too many where it is not known."""
    return _binding(in_sigmoids(body_of(e.function)))


def _mentions(body):
    return 1 if body == BOUND else sum(map(_mentions, body.args))


def _is_call(body):
    return (
        isinstance(body, HEADED)
        or body in NAMES
        or isinstance(body, Function)
        and body.args[:1] == (BOUND,)
        and not any(a.has(BOUND) for a in body.args[1:])
    )


def _binding(body):
    if body in NAMES:
        return ATOM
    if isinstance(body, (*FUNCTIONS, *HEADED)):
        return ATOM
    return {Add: ADD, Mul: ADD if _negative(body) else MUL, Pow: POW}.get(type(body), ADD)


def _negative(body):
    return bool(body.as_coeff_Mul()[0].is_negative)


class _Speller:
    """A scalar body as LaTeX with the argument in the place of the bound symbol."""

    def __init__(self, printer, matrix, argument):
        self.printer, self.matrix, self.argument = printer, matrix, argument
        rows, cols = matrix.shape
        self.mark = r"_{\odot}" if rows == cols != 1 else ""

    def text(self, body):
        if body == BOUND:
            return self.argument
        if body in NAMES:
            return self.call(NAMES[body], BOUND)
        if not body.has(BOUND):
            return self.constant(body)
        if isinstance(body, HEADED) and len(body.point) == 1:
            return self.call(body.head_latex(self.printer), body.point[0])
        for kind, spell in ((Add, self.sum), (Mul, self.product), (Pow, self.power), (FUNCTIONS, self.function)):
            if isinstance(body, kind):
                return spell(body)
        raise _NoForm

    def bracketed(self, body, level):
        """The text, in brackets unless it binds more tightly than `level`."""
        if body == BOUND:
            return self.printer.parenthesize(self.matrix, level)
        tight = _binding(body) if body.has(BOUND) else MUL
        return self.text(body) if tight > level else rf"\left({self.text(body)}\right)"

    def constant(self, value):
        ones = self.printer._print(OneMatrix(*self.matrix.shape))
        return ones if value == 1 else f"{self.printer.parenthesize(value, MUL, strict=True)} {ones}"

    def sum(self, body):
        out = ""
        for k, term in enumerate(self.printer._as_ordered_terms(body)):
            minus = _negative(term)
            out += (" - " if k else "- ") if minus else " + " if k else ""
            term = -term if minus else term
            out += self.bracketed(term, ADD) if isinstance(term, Add) or term == BOUND else self.text(term)
        return out

    def product(self, body):
        """Coefficient, factors joined by the Hadamard product, and one quotient."""
        coefficient, body = body.as_independent(BOUND, as_Add=False)
        above, below = _fraction(own_sums_last(_with_sigmoids(Mul.make_args(body))))
        minus = coefficient.as_coeff_Mul()[0].is_negative
        coefficient = -coefficient if minus else coefficient
        pieces = len(above) + len(below)
        text = r" \odot ".join(self.factor(a, pieces) for a in above)
        if below and not above:
            text = self.power(Pow(Mul(*below), -1, evaluate=False))
        elif below:
            text += r" \oslash " + (self.factor(below[0], 2) if len(below) == 1 else rf"\left({self.text(Mul(*below))}\right)")
        scale = "" if coefficient == 1 else self.printer.parenthesize(coefficient, MUL, strict=True) + " "
        return ("- " if minus else "") + spaced(scale + text)

    def factor(self, body, pieces):
        """A factor among others; where it stands alone behind a coefficient, `- X w`, only a sum needs brackets."""
        return self.bracketed(body, MUL) if pieces > 1 else self.bracketed(body, ADD)

    def power(self, body):
        base, exponent = body.args
        if not exponent.has(BOUND):
            recognised = _sigmoid_of(body)
            if recognised is not None:
                return self.text(recognised)
            return rf"{self.bracketed(base, POW)}^{{\odot {_flat(self.printer, exponent)}}}"
        raised = self.printer.parenthesize(base, POW) if not base.has(BOUND) else self.bracketed(base, POW)
        return rf"{raised}^{{\odot {self.bracketed(exponent, MUL)}}}"

    def function(self, body):
        if isinstance(body, (Max, Min)):
            name = r"\max" if isinstance(body, Max) else r"\min"
            return rf"{name}\left({', '.join(self.text(a) if a.has(BOUND) else self.printer._print(a) for a in body.args)}\right)"
        if isinstance(body, Heaviside):
            return self.call(step(self.printer, body), body.args[0])
        if isinstance(body, polygamma) and not body.args[0].has(BOUND):
            return self.call(psi(self.printer, body), body.args[1])
        if isinstance(body, Elementwise) and not any(p.has(BOUND) for p in body.args[1:]):
            return self.call(body.latex_of(self.printer, body.args[1:]), body.args[0])
        if len(body.args) != 1:
            raise _NoForm
        if type(body) in ENTRYWISE_ONLY:
            return self.call(ENTRYWISE_ONLY[type(body)], body.args[0])
        return self.call(_name(self.printer, type(body)) + self.mark, body.args[0])

    def call(self, name, inner):
        return rf"{name}\left({self.text(inner)}\right)"


def _fraction(factors):
    """(numerator, denominator) factors."""
    below = [f for f in factors if isinstance(f, Pow) and f.exp.is_Rational and f.exp.is_negative]
    return [f for f in factors if f not in below], [Pow(f.base, -f.exp) for f in below]


def _with_sigmoids(factors):
    """Each ``1/(1 + exp(-g))`` as the sigmoid s of g, ``exp(-g) s**2`` as ``s (1 - s)``, and ``exp(-g) s`` as the sigmoid of -g."""
    factors = list(factors)
    for k, factor in enumerate(factors):
        power = _sigmoid_of(factor)
        if power is None:
            continue
        s, count = power.as_base_exp()
        twin = exp(-s.args[0])
        factors[k] = power
        if count in (1, 2) and twin in factors:
            factors[k] = s if count == 2 else Sigmoid(-s.args[0], evaluate=False)
            factors[factors.index(twin)] = 1 - s if count == 2 else S.One
    return [f for f in factors if f != 1] or [S.One]


def _sigmoid_of(factor):
    """``(1 + exp(g))**(-k)`` as ``Sigmoid(-g)**k``; None for anything else."""
    if not (isinstance(factor, Pow) and factor.exp.is_Integer and factor.exp.is_negative and isinstance(factor.base, Add)):
        return None
    one, *rest = factor.base.args
    if one != 1 or len(rest) != 1 or not isinstance(rest[0], exp) or not rest[0].args[0].has(BOUND):
        return None
    return Pow(Sigmoid(-rest[0].args[0], evaluate=False), -factor.exp)


def _name(printer, function):
    """SymPy has no name for exp, which it prints as a power, nor for the logarithm of the gamma function."""
    return {exp: r"\exp", loggamma: LOG_GAMMA}.get(function) or printer._hprint_Function(function.__name__)


def psi(printer, function):
    """The name of digamma and its derivatives."""
    order = function.args[0]
    return r"\psi" if order == 0 else rf"\psi^{{\left({printer._print(order)}\right)}}"


def _flat(printer, value):
    """A number as a superscript or subscript has it: 1/2 on one line."""
    return f"{value.p}/{value.q}" if value.is_Rational and value.q != 1 else printer._print(value)


def step(printer, heaviside):
    """The name of a unit step; its value at zero is shown unless that is 0, as it is in the derivative of relu."""
    at_zero = heaviside.args[1]
    return r"\operatorname{step}" + ("" if at_zero == 0 else f"_{{{_flat(printer, at_zero)}}}")
