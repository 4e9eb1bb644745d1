"""Answers as people see them: what every function of the package that returns expressions does with them last.

An answer is a SymPy expression and equals the one that is typed in SymPy. What is different is how it prints:

- the nodes that SymPy prints as no one writes them (a function of every entry, ones, zeros, an identity whose size nothing beside it
  says) are of classes derived from SymPy's that have a text of their own (`nodes.shown`); they stay in what is made of an answer;
- a sum of matrices has its terms in SymPy's order, and is written in that of the package (`kernel.as_written`);
- the object that is returned, and no other, carries the LaTeX of the package where Jupyter looks for it. A matrix is a copy with an
  attribute; sums, products and powers of numbers have no room for one and are of derived classes.

No class of SymPy, no printer and no setting of IPython is touched, so that other expressions print as before.
"""

from collections.abc import Callable
from functools import partial, wraps
from operator import is_
from typing import Any, ParamSpec, TypeVar

from sympy import Basic, Lambda
from sympy.matrices import MatrixBase
from sympy.matrices.expressions import BlockDiagMatrix, BlockMatrix, HadamardProduct, Identity, MatAdd, MatMul, Transpose
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction

from .errors import MatcalcError, MissingLibraryError, failed, is_inner
from .indices.recognised import as_typed
from .kernel.as_written import IS_WHOLE, WHOLE, is_answer, parts_as_written, parts_of
from .kernel.classes import Derived
from .kernel.interning import with_args
from .kernel.walks import from_inside
from .nodes.algebra_text import blocks_with_text, with_text
from .nodes.bound import BOUND
from .nodes.einsum import EinsumTerm
from .nodes.shown import DISPLAYED, SHOWN, Displayed, displayed, plain, shown
from .notation.logistic import in_sigmoids
from .printing import LatexPrinter, latex
from .printing.binding import POW, binding

P = ParamSpec("P")
R = TypeVar("R")
WRITTEN = {MatAdd, MatMul}  # of which an answer holds copies that have a text of their own
TEXTED = {*WRITTEN, BlockMatrix, BlockDiagMatrix}
IS_SIZED = Derived(MatAdd, HadamardProduct)  # whose other terms say the size of an identity


def answers(function: Callable[P, R], derived: bool = False) -> Callable[P, R]:
    """A function whose expressions print as people write them: that it returns, or holds in a tuple, list or dict.

    What it raises is the package's own, or comes from a user's code. derived: its expressions are not as someone typed them, so that
    functions of entries are written with the words that there are, ``sigmoid(X*w)``.
    """

    @wraps(function)
    def answering(*args: P.args, **options: P.kwargs) -> R:
        try:
            return as_answer(function(*args, **options), derived)
        except MatcalcError:
            raise
        except ModuleNotFoundError as error:
            raise MissingLibraryError(f"`{function.__name__}`", (error.name or "a library").partition(".")[0], error) from error
        except Exception as error:
            if not is_inner(error, function.__name__):
                raise
            raise failed(function.__name__, error) from error

    return answering


def as_answer(found: Any, derived: bool = False) -> Any:
    """An answer, or those in a tuple, list or dict, as they are shown."""
    if type(found) is dict:
        return {k: as_answer(e, derived) for k, e in found.items()}
    if type(found) in (tuple, list):
        return type(found)(as_answer(e, derived) for e in found)
    return _with_latex(found, derived) if isinstance(found, Basic) and not isinstance(found, MatrixBase) else found


# ---- text
def echoed(expr: Any) -> str:
    """What was typed, as people read it, for errors and for problems: entries of products, which SymPy writes as sums, are entries."""
    return str(as_answer(as_typed(expr)))


def readable(expr: Any, derived: bool = False) -> Any:
    """An expression with nodes that print well; parts that have none are the very objects."""
    parts = parts_as_written if is_answer(expr) else parts_of
    return from_inside(_Readable(derived, parts).of, expr, parts)


class _Readable:
    """The readable forms of nodes, each looked into once."""

    def __init__(self, derived, parts):
        self.derived, self.parts = derived, parts
        self.found = {}  # by id: all nodes are those of one expression

    def of(self, node):
        cls = type(node)
        if IS_WHOLE[cls]:
            return node
        found = self.found.get(id(node))
        if found is not None:
            return found
        if cls is EinsumTerm and not node.limits.args:  # there are many, with sizes and axes that print as they are
            found = self.found[id(node)] = node.with_parts(self.of)
            return found
        parts = self.parts(node)
        if not parts:
            return node
        if cls is Transpose and IS_WHOLE[type(parts[0])]:  # the most frequent of all, and as one writes it
            return node
        args = [a if IS_WHOLE[type(a)] else self.of(a) for a in parts]
        if IS_SIZED[cls] and not all(map(_is_of_identity, parts)):
            args = [_sized_by_others(a, b) if _is_of_identity(a) else b for a, b in zip(parts, args)]
        if cls in WRITTEN:
            found = with_text(node, args)
        elif cls is BlockMatrix or cls is BlockDiagMatrix:
            found = blocks_with_text(node, args)
        else:
            if self.derived and cls is ElementwiseApplyFunction:
                args = [_in_words(node.args[0]), args[1]]
            found = shown(node if all(map(is_, args, node.args)) else with_args(node, args))
        self.found[id(node)] = found
        return found


def _in_words(function):
    """The very function, or one of an equal body in which the logistic function has its word."""
    body = function.expr if function.variables == (BOUND,) else None
    written = body if body is None else in_sigmoids(body)
    return function if written == body else Lambda(BOUND, written)


def _is_of_identity(term):
    """Whether a term is a multiple of an identity, which takes its size from the others."""
    return isinstance(term, Identity) or isinstance(term, MatMul) and isinstance(term.args[-1], Identity) and len(term.args) == 2


def _sized_by_others(term, readable):
    """The readable form of a multiple of an identity, with the identity as it was."""
    return term if isinstance(term, Identity) else with_text(readable, (*readable.args[:-1], term.args[-1]))


# ---- Jupyter
def _with_latex(found, derived):
    """What is shown of an answer: an object of its own, which Jupyter shows in the LaTeX of the package."""
    expr = readable(found, derived)
    if not expr.args or isinstance(expr, WHOLE):
        return expr
    if type(expr) in DISPLAYED:
        return displayed(expr)
    if not hasattr(expr, "__dict__"):
        return expr
    copy = expr if type(expr) in TEXTED else with_args(expr, expr.args)
    copy.__dict__["_repr_latex_"] = partial(in_jupyter, found)
    if copy is expr or copy == expr:
        return copy
    return expr  # an Indexed has what its base is declared to be, and no copy of the arguments alone equals it


def in_jupyter(expr):
    """What Jupyter asks for; None where LaTeX cannot be printed, as a user's node may say."""
    try:
        return rf"$\displaystyle {latex(expr)}$"
    except NotImplementedError:
        return None


def _latex(self, printer, exp=None):
    """What a printer asks for; SymPy's gets the notation of the package, in its default settings.

    SymPy's takes any node that it does not know for an atom, so that what is a sum or a product as it is printed needs its brackets here.
    """
    node = plain(self)
    if isinstance(printer, LatexPrinter):
        return printer._print(node)
    text = LatexPrinter()._print(node)
    return rf"\left({text}\right)" if printer._print_level > 1 and binding(node) < POW else text


Displayed._repr_latex_ = in_jupyter
for _cls in SHOWN.values():
    _cls._latex = _latex
