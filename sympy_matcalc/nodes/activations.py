"""The functions of machine learning: sigmoid, softplus and relu entry by entry; softmax and log-sum-exp of a vector."""

from sympy import Basic, Expr, Function, Heaviside, Lambda, Max, S, exp, log
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction

from ..errors import ExpressionError
from ..strict import sympified
from .base import MatrixOfMatrix, ScalarOfMatrix, as_matrix
from .bound import BOUND


class Elementwise(Function):
    """A scalar function that is applied to every entry where its argument is a matrix."""

    latex_name = ""
    is_analytic = False

    def __new__(cls, x, **options):
        x = sympified(x) if x is not None else x
        if getattr(x, "is_Matrix", False) and x.shape == (1, 1):
            x = x[0, 0]
        if getattr(x, "is_Matrix", False):
            return ElementwiseApplyFunction(Lambda(BOUND, cls(BOUND)), x)
        if not isinstance(x, Expr):
            raise ExpressionError(f"{cls.__name__} needs a scalar or a matrix, got {type(x).__name__}: `{x}`")
        return super().__new__(cls, x, **options)

    def _eval_is_extended_real(self):
        return self.args[0].is_extended_real

    def _latex(self, printer, exp=None):
        body = rf"{self.latex_name}\left({printer._print(self.args[0])}\right)"
        return body if exp is None else f"{body}^{{{exp}}}"


class Sigmoid(Elementwise):
    """The logistic function ``1/(1 + exp(-x))``, of every entry where x is a matrix; its derivative is ``s (1 - s)``.

    >>> from sympy import Symbol, exp
    >>> from sympy_matcalc import Sigmoid
    >>> t = Symbol("t", real=True)
    >>> Sigmoid(t).diff(t)
    (1 - Sigmoid(t))*Sigmoid(t)
    >>> Sigmoid(t).rewrite(exp)
    1/(1 + exp(-t))
    """

    latex_name = r"\sigma"
    is_analytic = True

    @classmethod
    def eval(cls, x):
        if x.is_zero:
            return S.Half
        return S.One if x is S.Infinity else S.Zero if x is S.NegativeInfinity else None

    def fdiff(self, argindex=1):
        return self * (1 - self)

    def _eval_rewrite_as_exp(self, x, **kwargs):
        return 1 / (1 + exp(-x))

    def _eval_evalf(self, prec):
        return self.rewrite(exp)._eval_evalf(prec)


class Softplus(Elementwise):
    """``log(1 + exp(x))``, of every entry where x is a matrix; its derivative is the sigmoid.

    >>> from sympy import Symbol
    >>> from sympy_matcalc import Softplus
    >>> t = Symbol("t", real=True)
    >>> Softplus(t).diff(t)
    Sigmoid(t)
    """

    latex_name = r"\operatorname{softplus}"
    is_analytic = True

    @classmethod
    def eval(cls, x):
        return log(2) if x.is_zero else S.Infinity if x is S.Infinity else S.Zero if x is S.NegativeInfinity else None

    def fdiff(self, argindex=1):
        return Sigmoid(self.args[0])

    def _eval_rewrite_as_log(self, x, **kwargs):
        return log(1 + exp(x))

    def _eval_evalf(self, prec):
        return self.rewrite(log)._eval_evalf(prec)


class Relu(Elementwise):
    """``max(x, 0)``, of every entry where x is a matrix; its derivative is 1 for x > 0, and 0 for x <= 0: the kink counts as off.

    >>> from sympy import Symbol
    >>> from sympy_matcalc import Relu
    >>> t = Symbol("t", real=True)
    >>> Relu(t).diff(t)
    Heaviside(t, 0)
    """

    latex_name = r"\operatorname{relu}"

    @classmethod
    def eval(cls, x):
        if x.is_extended_nonnegative:
            return x
        return S.Zero if x.is_extended_nonpositive else None

    def fdiff(self, argindex=1):
        return Heaviside(self.args[0], 0)

    def _eval_rewrite_as_Max(self, x, **kwargs):
        return Max(x, 0)

    def _eval_evalf(self, prec):
        return self.rewrite(Max)._eval_evalf(prec)


class Softmax(MatrixOfMatrix):
    """``exp(x)/sum(exp(x))`` of a vector; ``d s = (diag(s) - s s') dx``. For the rows or columns of a matrix, take them one by one.

    >>> from sympy import MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> n = symbols("n", integer=True, positive=True)
    >>> x = MatrixSymbol("x", n, 1)
    >>> mc.jacobian(mc.Softmax(x), x)
    DiagMatrix(Softmax(x)) - Softmax(x)*Softmax(x).T
    """

    latex_name = r"\operatorname{softmax}"

    def __new__(cls, x):
        return Basic.__new__(cls, as_matrix(cls, x, vector=True))

    def _value(self, x):
        total = sum(exp(t) for t in x.flat())
        return x.applyfunc(lambda t: exp(t) / total)


class LogSumExp(ScalarOfMatrix):
    """``log(sum(exp(x)))`` of a vector; its gradient is the softmax.

    >>> from sympy import MatrixSymbol, symbols
    >>> import sympy_matcalc as mc
    >>> n = symbols("n", integer=True, positive=True)
    >>> x = MatrixSymbol("x", n, 1)
    >>> mc.gradient(mc.LogSumExp(x), x)
    Softmax(x)
    """

    latex_name = r"\operatorname{logsumexp}"

    def __new__(cls, x):
        return Basic.__new__(cls, as_matrix(cls, x, vector=True))

    def _value(self, x):
        return log(sum(exp(t) for t in x.flat()))
