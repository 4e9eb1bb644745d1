"""Matrix calculus for SymPy: derivatives of and by vectors and matrices, in the notation of the textbooks."""

from importlib import import_module

from .abbreviation import Abbreviated as Abbreviated
from .abbreviation import abbreviate as abbreviate
from .adjoint import linear as linear
from .api.derivatives import diff as diff
from .api.derivatives import gradient as gradient
from .api.derivatives import hessian as hessian
from .api.derivatives import jacobian as jacobian
from .api.differentials import differential as differential
from .api.directional import hvp as hvp
from .api.directional import jvp as jvp
from .api.directional import vjp as vjp
from .api.implicit import implicit as implicit
from .api.taylor import taylor as taylor
from .errors import ArgumentError as ArgumentError
from .errors import AssumptionError as AssumptionError
from .errors import CheckError as CheckError
from .errors import DtypeError as DtypeError
from .errors import ExpressionError as ExpressionError
from .errors import IndexRangeError as IndexRangeError
from .errors import MatcalcError as MatcalcError
from .errors import MissingLibraryError as MissingLibraryError
from .errors import MissingRuleError as MissingRuleError
from .errors import ParseError as ParseError
from .errors import ShapeError as ShapeError
from .errors import TakenAsRealWarning as TakenAsRealWarning
from .errors import UnsupportedVariableError as UnsupportedVariableError
from .facts import idempotent as idempotent
from .indices import to_index_notation as to_index_notation
from .indices import to_matrix_notation as to_matrix_notation
from .nodes import *
from .nodes.base import conditions as conditions
from .printing import LatexPrinter as LatexPrinter
from .printing import latex as latex
from .rewriting import collect as collect
from .rewriting import expand as expand
from .rewriting import rewrite as rewrite
from .rewriting import rewrites as rewrites
from .rewriting import simplify as simplify
from .rules import rule as rule
from .structure import LinearStructure as LinearStructure
from .sympy_hooks import install as install
from .sympy_hooks import installed as installed
from .sympy_hooks import uninstall as uninstall
from .wirtinger.derivatives import complex_derivative as complex_derivative
from .wirtinger.derivatives import complex_hessian as complex_hessian
from .wirtinger.derivatives import complex_jacobians as complex_jacobians

# What needs NumPy is loaded when it is first asked for: it would double the time that `import sympy` takes.
_ON_DEMAND = {
    "lambdify": ".codegen.lambdify",
    "at": ".api.at",
    "check": ".certificate",
    "Certificate": ".certificate",
    "verdict": ".verdicts",
    "Verdict": ".verdicts",
    "cookbook": ".cookbook",
    "dataflow": ".pictures",
    "Dataflow": ".pictures",
    "plot_structure": ".pictures",
    "explain": ".derivations",
    "Derivation": ".derivations",
    "Differential": ".derivations",
    "parse": ".text",
    "objective": ".fitting",
    "Objective": ".fitting",
    "StructuredObjective": ".fitting",
    "residuals": ".fitting",
    "Residuals": ".fitting",
}


def __getattr__(name):
    if name in _ON_DEMAND:
        value = globals()[name] = getattr(import_module(_ON_DEMAND[name], __name__), name)
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return sorted([*globals(), *_ON_DEMAND])


__version__ = "0.1.0"
