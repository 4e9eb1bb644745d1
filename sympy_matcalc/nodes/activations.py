"""The functions of machine learning, entry by entry: sigmoid, softplus, relu, clip, huber."""

from sympy import Abs, And, Heaviside, Max, Min, Piecewise, S, exp, log, tanh

from ..errors import ArgumentError
from .declaration import Typed
from .elementwise import Elementwise

__all__ = ["Sigmoid", "Softplus", "Relu", "Clip", "Huber"]


class Sigmoid(Elementwise):
    """The logistic function ``1/(1 + exp(-x))``, of every entry where x is a matrix; its derivative is ``s (1 - s)``.

    >>> from sympy import Symbol, exp
    >>> from sympy_matcalc import Sigmoid
    >>> t = Symbol("t", real=True)
    >>> Sigmoid(t).diff(t)
    (1 - sigmoid(t))*sigmoid(t)
    >>> Sigmoid(t).rewrite(exp)
    1/(1 + exp(-t))
    """

    typed = Typed("sigmoid", "value", "1/(1 + exp(-x))")
    latex_name = r"\sigma"
    numeric = "expit"
    is_analytic = True

    @classmethod
    def eval(cls, x):
        if x.is_zero:
            return S.Half
        return S.One if x is S.Infinity else S.Zero if x is S.NegativeInfinity else None

    def fdiff(self, argindex=1):
        return self * (1 - self)

    @staticmethod
    def definition(x):
        return 1 / (1 + exp(-x))

    @classmethod
    def matrix_definition(cls, x):
        return (1 + tanh(x / 2)) / 2


class Softplus(Elementwise):
    """``log(1 + exp(x))``, of every entry where x is a matrix; its derivative is the sigmoid.

    >>> from sympy import Symbol
    >>> from sympy_matcalc import Softplus
    >>> t = Symbol("t", real=True)
    >>> Softplus(t).diff(t)
    sigmoid(t)
    """

    typed = Typed("softplus", "value", "log(1 + exp(x))")
    numeric = "softplus"
    is_analytic = True

    @classmethod
    def eval(cls, x):
        return log(2) if x.is_zero else S.Infinity if x is S.Infinity else S.Zero if x is S.NegativeInfinity else None

    def fdiff(self, argindex=1):
        return Sigmoid(self.args[0])

    @staticmethod
    def definition(x):
        return log(1 + exp(x))


class Relu(Elementwise):
    """``max(x, 0)``, of every entry where x is a matrix; its derivative is 1 for x > 0, and 0 for x <= 0: the kink counts as off.

    >>> from sympy import Symbol
    >>> from sympy_matcalc import Relu
    >>> t = Symbol("t", real=True)
    >>> Relu(t).diff(t)
    Heaviside(t, 0)
    """

    typed = Typed("relu", "value", "max(x, 0)")

    @classmethod
    def eval(cls, x):
        if x.is_extended_nonnegative:
            return x
        return S.Zero if x.is_extended_nonpositive else None

    def fdiff(self, argindex=1):
        return Heaviside(self.args[0], 0)

    @staticmethod
    def definition(x):
        return Max(x, 0)

    @classmethod
    def kinks(cls):
        return (S.Zero,)


class Clip(Elementwise):
    """``min(max(x, low), high)``, of every entry where x is a matrix; its derivative is 1 from low to high with the ends, and 0 beyond.

    Errors: ArgumentError for a lower end above the upper one.

    >>> from sympy import Symbol
    >>> from sympy_matcalc import Clip
    >>> Clip(3, -1, 1)
    1
    >>> Clip(Symbol("t", real=True), 0, 1).diff()
    Piecewise((1, (t >= 0) & (t <= 1)), (0, True))
    """

    typed = Typed("clip", "value number number", "min(max(x, c), d)")
    parameters = ("lower end", "upper end")

    @classmethod
    def checked_parameters(cls, given):
        low, high = super().checked_parameters(given)
        if (low - high).is_extended_positive:
            raise ArgumentError(f"Clip needs a lower end that is not above the upper one, got {low} and {high}: Clip(x, low, high)")
        return low, high

    @classmethod
    def eval(cls, x, low, high):
        return cls.definition(x, low, high) if x.is_Number and low.is_Number and high.is_Number else None

    @staticmethod
    def definition(x, low, high):
        return Min(Max(x, low), high)

    def fdiff(self, argindex=1):
        x, low, high = self.args
        return Piecewise((S.One, And(x >= low, x <= high)), (S.Zero, True)) if argindex == 1 else super().fdiff(argindex)

    @classmethod
    def kinks(cls, low, high):
        return low, high


class Huber(Elementwise):
    """The loss ``x**2/2`` where ``|x| <= delta``, ``delta*(|x| - delta/2)`` beyond, of every entry where x is a matrix.

    delta: the threshold, positive, 1 unless given. Its derivative is x clipped to [-delta, delta]. Source: Huber, Annals of Mathematical
    Statistics 35 (1964). Errors: ArgumentError for a threshold that is not positive.

    >>> from sympy import MatrixSymbol, Symbol
    >>> import sympy_matcalc as mc
    >>> mc.Huber(3, 2), mc.Huber(1, 2)
    (4, 1/2)
    >>> X, w, y = MatrixSymbol("X", 5, 3), MatrixSymbol("w", 3, 1), MatrixSymbol("y", 5, 1)
    >>> f = mc.ElementSum(mc.Huber(X*w - y))
    >>> print(mc.latex(f))
    \\operatorname{sum}\\left(\\operatorname{huber}_{1}\\left(X w - y\\right)\\right)
    """

    typed = Typed("huber", "value number", "x**2/2 for |x| <= c, linear beyond; c = 1 unless given", arity=(1, 2))
    parameters, defaults = ("threshold",), (S.One,)

    @classmethod
    def checked_parameters(cls, given):
        (delta,) = super().checked_parameters(given)
        if delta.is_extended_positive is False:
            raise ArgumentError(f"Huber needs a positive threshold, got `{delta}`")
        return (delta,)

    @classmethod
    def eval(cls, x, delta):
        return cls.definition(x, delta) if x.is_Number and delta.is_Number else None

    @staticmethod
    def definition(x, delta):
        return Piecewise((x**2 / 2, Abs(x) <= delta), (delta * (Abs(x) - delta / 2), True))

    def fdiff(self, argindex=1):
        x, delta = self.args
        return Clip(x, -delta, delta) if argindex == 1 else super().fdiff(argindex)

    @classmethod
    def kinks(cls, delta):
        return -delta, delta
