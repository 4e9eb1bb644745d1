"""Matrix calculus for SymPy: derivatives of and by vectors and matrices, in the notation of the textbooks."""
from importlib import import_module

from .calculus import diff as diff
from .calculus import differential as differential
from .calculus import gradient as gradient
from .calculus import hessian as hessian
from .calculus import jacobian as jacobian
from .errors import CheckError as CheckError
from .errors import ExpressionError as ExpressionError
from .errors import MatcalcError as MatcalcError
from .errors import MissingRuleError as MissingRuleError
from .errors import ParseError as ParseError
from .errors import ShapeError as ShapeError
from .errors import UnsupportedVariableError as UnsupportedVariableError
from .nodes import CommutationMatrix as CommutationMatrix
from .nodes import Einsum as Einsum
from .nodes import EinsumArray as EinsumArray
from .nodes import EinsumMatrix as EinsumMatrix
from .nodes import EinsumScalar as EinsumScalar
from .nodes import EinsumTerm as EinsumTerm
from .nodes import MatrixSum as MatrixSum
from .nodes import MatrixUnit as MatrixUnit
from .nodes import Vec as Vec
from .rules import rule as rule

# What needs NumPy is loaded when it is first asked for: it would double the time that `import sympy` takes.
_ON_DEMAND = {"lambdify": ".codegen.lambdify", "check": ".certificate", "Certificate": ".certificate"}


def __getattr__(name):
    if name in _ON_DEMAND:
        value = globals()[name] = getattr(import_module(_ON_DEMAND[name], __name__), name)
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return sorted([*globals(), *_ON_DEMAND])


__version__ = "0.1.0"
