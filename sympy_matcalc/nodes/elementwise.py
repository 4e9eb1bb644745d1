"""Functions of every entry: what they have in common. A class says what it is in SymPy's functions; all else follows from that."""

from sympy import Basic, Expr, Function, Lambda
from sympy.core.function import ArgumentIndexError
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction

from ..compat import dummy
from ..errors import ExpressionError
from ..strict import sympified
from .bound import BOUND
from .declaration import OwnNode
from .shown import shown

FIRST_SLOT = 7_330_000  # the numbers of the symbols by which a definition is differentiated


class Elementwise(OwnNode, Function):
    """A scalar function ``f(x, *parameters)`` that is applied to every entry where x is a matrix; the parameters are scalars.

    A subclass defines ``definition(x, *parameters)``, the function in those of SymPy. Its derivative, by default that of the definition,
    may have a shorter form: `fdiff`. ``parameters`` names the parameters, in errors; ``defaults`` are the values of the last ones where
    they are left out; ``eval`` gives values that need no computing.
    """

    abstract = True
    is_analytic = False
    numeric: str | None = None
    parameters: tuple[str, ...] = ()
    defaults: tuple = ()

    def __new__(cls, x, *parameters, **options):
        x = cls.checked(x, "a scalar or a matrix")
        if getattr(x, "is_Matrix", False) and x.shape == (1, 1):
            x = x[0, 0]
        parameters = cls.checked_parameters(parameters)
        if getattr(x, "is_Matrix", False):
            return shown(ElementwiseApplyFunction(Lambda(BOUND, cls(BOUND, *parameters)), x))
        return super().__new__(cls, x, *parameters, **options)

    @classmethod
    def checked_parameters(cls, given):
        """The parameters as SymPy scalars; ExpressionError where there are too few or too many, or one is none."""
        missing = len(cls.parameters) - len(given)
        if not 0 <= missing <= len(cls.defaults):
            names = "".join(f", its {name}" for name in cls.parameters)
            raise ExpressionError(f"{cls.__name__} takes a scalar or a matrix{names}; got {len(given)} arguments after the first")
        given += cls.defaults[len(cls.defaults) - missing :]
        return tuple(cls.checked(p, f"a scalar as the {name}") for name, p in zip(cls.parameters, given))

    @classmethod
    def checked(cls, given, wanted):
        """The argument as SymPy's; ExpressionError where it is no scalar, nor a matrix if one is allowed."""
        try:
            value = sympified(given) if given is not None else given
        except ExpressionError:
            value = given
        if not isinstance(value, Expr) or getattr(value, "is_Matrix", False) and "matrix" not in wanted:
            raise ExpressionError(f"{cls.__name__} needs {wanted}, got {type(value).__name__}: `{value}`")
        return value

    @staticmethod
    def definition(x, *parameters):
        """The function of a number in the functions of SymPy."""
        raise NotImplementedError

    @classmethod
    def matrix_definition(cls, x, *parameters):
        """The definition that a square matrix is put into, where that of a number would overflow."""
        return cls.definition(x, *parameters)

    @classmethod
    def kinks(cls, *parameters):
        """The numbers where the function or its derivative jumps."""
        return ()

    @property
    def defined(self):
        """The value by the definition."""
        return self.definition(*self.args)

    def fdiff(self, argindex=1):
        if not 1 <= argindex <= len(self.args):
            raise ArgumentIndexError(self, argindex)
        slots = [dummy(f"u_{k}", FIRST_SLOT + k, real=True) for k, _ in enumerate(self.args)]
        slope = self.definition(*slots).diff(slots[argindex - 1])
        return slope.xreplace(dict(zip(slots, self.args)))

    def _eval_rewrite(self, rule, args, **hints):
        """In terms of a function that the definition has."""
        value = self.definition(*args)
        return value if isinstance(rule, type) and issubclass(rule, Basic) and value.has(rule) else None

    def _eval_evalf(self, prec):
        return self.defined._eval_evalf(prec)

    def _pythoncode(self, printer, **options):
        """SymPy's own `lambdify` knows the definition."""
        return printer._print(self.defined)

    _numpycode = _scipycode = _mpmathcode = _jaxcode = _torchcode = _pythoncode

    def _eval_is_extended_real(self):
        return self.args[0].is_extended_real

    @classmethod
    def latex_of(cls, printer, parameters):
        """The name in front of the brackets, with the parameters below it."""
        word = cls.latex_word()
        return rf"{word}_{{{', '.join(map(printer._print, parameters))}}}" if parameters else word

    def _latex(self, printer, exp=None):
        x, *parameters = self.args
        body = rf"{self.latex_of(printer, parameters)}\left({printer._print(x)}\right)"
        return body if exp is None else f"{body}^{{{exp}}}"
