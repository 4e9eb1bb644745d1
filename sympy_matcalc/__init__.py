"""Matrix calculus for SymPy: derivatives of and by vectors and matrices, in the notation of the textbooks.

Expressions are SymPy's, of ``MatrixSymbol``s with symbolic sizes:

>>> from sympy import MatrixSymbol, Trace, log, det, symbols
>>> import sympy_matcalc as mc
>>> m, n = symbols("m n", integer=True, positive=True)
>>> X, w, y = MatrixSymbol("X", m, n), MatrixSymbol("w", n, 1), MatrixSymbol("y", m, 1)

Derive: ``gradient`` has the shape of the variable, ``jacobian`` has a row for each entry of the function, ``hessian`` is that of the
gradient; ``differential`` is linear in dX, ``diff`` takes any SymPy derivative, ``taylor`` expands.

>>> loss = mc.Norm(X*w - y)**2/2
>>> mc.gradient(loss, w)
X.T*(X*w - y)
>>> mc.hessian(loss, w)
X.T*X
>>> A = MatrixSymbol("A", n, n)
>>> mc.gradient(log(det(A)), A)
A.T**(-1)

Ask how it comes about and whether it is right: ``explain`` shows the steps, ``verdict`` judges a formula of your own, ``check`` compares
an answer with numbers, ``conditions`` says what it rests on.

>>> mc.verdict(2*X.T*(X*w - y), loss, w).kind
'scaled'

Use it: ``latex`` for papers, ``lambdify`` for fast numeric code in NumPy, JAX and torch, ``objective`` for optimisers, ``at`` for one
value, ``abbreviate`` for long answers, ``dataflow`` and ``plot_structure`` for pictures.

More: variables with structure (``gradient(..., structure="symmetric")``, ``LinearStructure``), complex matrices
(``complex_derivative``), index notation (``to_index_notation``), unknown functions (``function``), implicit functions (``implicit``), rules
of your own (``rule``, ``linear``). Functions of matrices that SymPy lacks, such as ``Norm`` and ``Eigenvalue``, are in ``dir(mc)``
with capital letters. ``install()`` lets SymPy's own ``diff`` and ``simplify`` use all this.
"""

from importlib import import_module as _import_module
from types import ModuleType as _ModuleType
from typing import TYPE_CHECKING as _TYPE_CHECKING

from .abbreviation import Abbreviated as Abbreviated
from .abbreviation import abbreviate as abbreviate
from .adjoint import linear as linear
from .answers import answers as _answers
from .api.derivatives import diff as diff
from .api.derivatives import gradient as gradient
from .api.derivatives import hessian as hessian
from .api.derivatives import jacobian as jacobian
from .api.differentials import differential as differential
from .api.directional import hvp as hvp
from .api.directional import jvp as jvp
from .api.directional import vjp as vjp
from .api.implicit import implicit as implicit
from .api.information import fisher as fisher
from .api.information import gauss_newton as gauss_newton
from .api.scalar import dot as dot
from .api.scalar import scalar as scalar
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

if _TYPE_CHECKING:  # what type checkers and editors see of the names below
    from .api.at import at as at
    from .certificate import Certificate as Certificate
    from .certificate import check as check
    from .codegen.lambdify import lambdify as lambdify
    from .cookbook import cookbook as cookbook
    from .derivations import Derivation as Derivation
    from .derivations import Differential as Differential
    from .derivations import explain as explain
    from .fitting import Objective as Objective
    from .fitting import Residuals as Residuals
    from .fitting import StructuredObjective as StructuredObjective
    from .fitting import objective as objective
    from .fitting import residuals as residuals
    from .pictures import Dataflow as Dataflow
    from .pictures import dataflow as dataflow
    from .pictures import plot_structure as plot_structure
    from .text import parse as parse
    from .verdicts import Verdict as Verdict
    from .verdicts import verdict as verdict

# What returns expressions returns them as people read them: derived ones in the words that there are, others in those that were typed.
for _name in (
    *("gradient", "jacobian", "hessian", "diff", "differential", "jvp", "vjp", "hvp", "implicit", "taylor"),
    *("fisher", "gauss_newton", "complex_derivative", "complex_jacobians", "complex_hessian", "simplify"),
):
    globals()[_name] = _answers(globals()[_name], derived=True)
for _name in ("scalar", "dot", "expand", "collect", "rewrite", "to_index_notation", "to_matrix_notation"):
    globals()[_name] = _answers(globals()[_name])

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


def _public() -> list[str]:
    """What was imported above, the nodes and what is loaded on demand; not the folders of the package, which importing binds here."""
    return sorted({name for name, value in globals().items() if name[0] != "_" and not isinstance(value, _ModuleType)} | {*_ON_DEMAND})


__all__ = _public()
__version__ = "0.1.0"


def __dir__() -> list[str]:
    return [*__all__, "__doc__", "__version__"]


if not _TYPE_CHECKING:

    def __getattr__(name):
        if name in _ON_DEMAND:
            value = globals()[name] = getattr(_import_module(_ON_DEMAND[name], __name__), name)
            return value
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
