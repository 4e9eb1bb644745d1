"""install, uninstall, installed: SymPy's own diff, Derivative, simplify, refine and lambdify use this package. Nothing else touches SymPy.

The hooks sit where every way into SymPy's machinery passes, in class attributes that SymPy looks up at each call: `Derivative.__new__`
(behind `diff`, `Derivative.doit`, `derive_by_array`, ..), `_eval_simplify` and `_eval_refine` of expressions with a matrix inside, the
class that writes the source of `lambdify`, and the LaTeX that Jupyter shows. They ask whether they are wanted here: after
`install()` everywhere, inside of ``with installed():`` in that context only, so that other threads see SymPy as it is.
"""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from importlib import import_module
from inspect import CO_ASYNC_GENERATOR, CO_GENERATOR
from types import FrameType
from typing import Any

from sympy import Basic, Determinant, Dummy, Expr, Integral, MatrixSymbol, Product, Sum, Symbol, Tuple, sympify
from sympy.core._print_helpers import Printable
from sympy.core.cache import clear_cache
from sympy.core.function import AppliedUndef, Derivative
from sympy.matrices import MatrixBase
from sympy.matrices.expressions import MatMul
from sympy.matrices.expressions.matexpr import MatrixElement, MatrixExpr

from .api.derivatives import diff as matrix_diff
from .errors import ExpressionError, MatcalcError, MissingRuleError, ShapeError, UnsupportedVariableError
from .facts import read_facts
from .kernel.session import session_state
from .kernel.walks import holds
from .nodes import Einsum
from .printing import latex
from .rewriting.public import simplify_with
from .strict import sympified

_lock = threading.RLock()
_here: ContextVar[tuple["Block", ...]] = ContextVar("sympy_matcalc installed here", default=())  # the blocks around, open or left elsewhere
_everywhere = False
_open: set["Block"] = set()  # the `installed()` blocks that are open, in all threads
_replaced = {}  # (owner, name) -> (what was there, what is there now), while the hooks are in place
_ABSENT = object()


def install() -> None:
    """From now on `diff`, `Derivative`, `simplify`, `refine`, `lambdify` and Jupyter's LaTeX of matrix expressions are this package's.

    In all threads, until `uninstall`; a second call changes nothing. Where there is no rule a derivative stays unevaluated.

    >>> from sympy import Determinant, MatrixSymbol, log
    >>> import sympy_matcalc as mc
    >>> X = MatrixSymbol("X", 3, 3)
    >>> mc.install()
    >>> log(Determinant(X)).diff(X)
    X.T**(-1)
    >>> mc.uninstall()
    """
    global _everywhere
    with _lock:
        _everywhere = True
        _update()


def uninstall() -> None:
    """Undo `install`: SymPy is as it was. Blocks of ``with installed():`` that are open go on to their ends."""
    global _everywhere
    with _lock:
        _everywhere = False
        _update()


class Block:
    """One ``with installed():``. `generator`: the frame of the generator that it is in, which the block does not outlive a pause of."""

    def __init__(self, generator: FrameType | None) -> None:
        self.generator = generator

    @property
    def holds(self) -> bool:
        """Whether what runs now is inside of it: a generator that is suspended has no caller."""
        return self.generator is None or self.generator.f_back is not None


DRIVERS = ("contextlib", "_pytest.fixtures")  # run a generator up to its pause so that what follows is inside of it


def _generator_around() -> FrameType | None:
    """The frame of the generator that the block is written in; None in any other function, or where the generator is a context manager."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        outer = frame.f_back
        is_generator = bool(frame.f_code.co_flags & (CO_GENERATOR | CO_ASYNC_GENERATOR))
        if not (_module(frame) in DRIVERS or is_generator and _module(outer) in DRIVERS):
            return frame if is_generator else None
        frame = outer
    return None


def _module(frame: FrameType | None) -> str:
    return "" if frame is None else frame.f_globals.get("__name__", "")


@contextmanager
def installed() -> Iterator[None]:
    """A block in which `install` holds, for this thread (or asynchronous task) only; blocks nest.

    A generator that is suspended in its block leaves its caller without the hooks, unless the generator is itself a context manager.

    >>> from sympy import MatrixSymbol, Trace, diff
    >>> import sympy_matcalc as mc
    >>> A, X = MatrixSymbol("A", 3, 3), MatrixSymbol("X", 3, 3)
    >>> with mc.installed():
    ...     diff(Trace(A*X) + Trace(X), X)
    I + A.T
    """
    block = Block(_generator_around())
    _here.set((*_here.get(), block))
    with _lock:
        _open.add(block)
        _update()
    try:
        yield
    finally:
        with _lock:
            _open.discard(block)
            _update()
        _here.set(tuple(other for other in _here.get() if other is not block))  # generators close their blocks in any order


def _installed_here():
    return _everywhere or any(block.holds for block in _here.get() if block in _open)


def _wanted():
    """Whether the hooks are to act: not inside of the engine, which needs SymPy's own scalar calculus."""
    return session_state.table is None and _installed_here()


def _update():
    """Put the hooks in place, or take them away, as is wanted by now; the lock is held."""
    if (_everywhere or _open) and not _replaced:
        for owner, name, make in _hooks():
            old = vars(owner).get(name, _ABSENT)
            new = make(old)
            setattr(owner, name, new)
            _replaced[owner, name] = old, new
        clear_cache()
    elif not (_everywhere or _open) and _replaced:
        for (owner, name), (old, new) in _replaced.items():
            if vars(owner).get(name) is not new:  # somebody else's by now, as by `init_printing`
                continue
            if old is _ABSENT:
                delattr(owner, name)
            else:
                setattr(owner, name, old)
        _replaced.clear()
        clear_cache()


def _hooks():
    """(owner, attribute, function from what is there to what is to be there)."""
    lambdify = import_module("sympy.utilities.lambdify")  # the module; the attribute of that name is the function
    return [
        (Derivative, "__new__", _derivative_hook),
        (Derivative, "doit", _doit_hook),
        (Expr, "_eval_simplify", _simplify_hook),
        (MatrixExpr, "_eval_simplify", _matrix_simplify_hook),
        (Expr, "_eval_refine", _refine_hook),
        (Printable, "_repr_latex_", _latex_hook),
        (MatMul, "could_extract_minus_sign", _sign_hook),
        (lambdify, "_EvaluatorPrinter", _lambdify_hook),
    ]


# ---------------------------------------------------------------- derivatives


def _derivative_hook(old):
    original = old.__func__ if isinstance(old, staticmethod) else old

    def __new__(cls, expr, *variables, **kwargs):
        if kwargs.get("evaluate", False) and variables and _wanted():
            found = _derivative(expr, variables)
            if found is _ABSENT:
                kwargs["evaluate"] = False  # no rule: SymPy's convention
            elif found is not None:
                return found
        return original(cls, expr, *variables, **kwargs)

    return staticmethod(__new__)


def _derivative(expr, variables):
    """The derivative; None for what is SymPy's own business, _ABSENT where there is no rule."""
    sequence = _sequence(variables)
    expr = sympify(expr)
    if sequence is None or not isinstance(expr, (Expr, Einsum)) or isinstance(expr, (Derivative, MatrixBase)):
        return None
    if not any(isinstance(v, MatrixSymbol) for v in sequence) and not _holds_matrix(expr):
        return None
    typed = expr
    try:
        for v in sequence:
            expr = _by_one(expr, v)
    except (ExpressionError, MissingRuleError, UnsupportedVariableError):
        # SymPy's rule for an integral by a scalar asks `diff` of the integrand, which is ours again
        by_scalar = (
            all(isinstance(v, Symbol) for v in sequence) and isinstance(expr, Expr) and not expr.is_Matrix and holds(expr, (Integral,))
        )
        return None if by_scalar else _ABSENT
    except ShapeError:
        if any(a.is_Matrix for f in typed.atoms(AppliedUndef) for a in f.args):  # f(X), of which nothing is known
            return _ABSENT
        raise
    return expr


def _by_one(expr, v):
    if isinstance(v, (AppliedUndef, Derivative)):  # as SymPy does: a symbol stands for the function
        x = Dummy("xi", real=True)
        return matrix_diff(expr.xreplace({v: x}), x).xreplace({x: v})
    return matrix_diff(expr, v)


def _sequence(variables):
    """The variables one by one in the order typed; None where one is of a kind that is SymPy's: arrays, explicit matrices."""
    out = []
    for v in map(sympify, variables):
        if getattr(v, "is_Integer", False) and out and v >= 0:
            out += [out[-1]] * (int(v) - 1) if v else []
            out = out if v else out[:-1]
            continue
        count = 1
        if isinstance(v, Tuple) and len(v) == 2 and getattr(v[1], "is_Integer", False) and v[1] >= 0:
            v, count = v[0], int(v[1])
        if not _is_variable(v):
            return None
        out += [v] * count
    return out or None


def _is_variable(v):
    if isinstance(v, MatrixElement):
        return isinstance(v.parent, MatrixSymbol)
    return isinstance(v, (MatrixSymbol, AppliedUndef, Derivative)) or isinstance(v, Symbol) and v.is_commutative


def _holds_matrix(expr):
    """Whether there is more of a matrix in an expression than single entries of matrix symbols, which SymPy differentiates rightly."""
    stack, seen = [expr], set()
    while stack:
        node = stack.pop()
        if isinstance(node, MatrixBase):
            stack += node.flat()
        elif isinstance(node, MatrixElement) and isinstance(node.parent, MatrixSymbol):
            continue
        elif isinstance(node, (MatrixExpr, Einsum)) or isinstance(node, (Sum, Product)) and node.has(MatrixSymbol):
            return True
        elif id(node) not in seen:
            seen.add(id(node))
            stack += getattr(node, "args", ())
    return False


def _doit_hook(old):
    """SymPy evaluates what is to be differentiated first, which writes out its sums and products; a derivative does not need that."""

    def doit(self, **hints):
        if _wanted():
            found = _derivative(self.expr, self.variable_count)
            if found is _ABSENT:
                return self
            if found is not None:
                return found
        return old(self, **hints)

    return doit


# ---------------------------------------------------------------- simplify, refine


def _simplify_hook(old):
    """`Expr` has no such method: where the hook is not to act, there must seem to be none."""

    def _eval_simplify(self):
        if not _wanted() or not _holds_matrix(self):
            raise AttributeError("_eval_simplify")
        return lambda **kwargs: _simplified(self, kwargs, lambda: self)

    return property(_eval_simplify)


def _matrix_simplify_hook(old):
    def _eval_simplify(self, **kwargs):
        return _simplified(self, kwargs, lambda: old(self, **kwargs)) if _wanted() else old(self, **kwargs)

    return _eval_simplify


SCALAR_OPTIONS = {"inverse": False, "rational": False, "doit": True}  # of SymPy's `simplify`, and what they are if not asked for


def _simplified(expr, options, otherwise):
    """ratio and measure are about SymPy's own forms; the other options go to its simplification of the scalars."""
    asked = {k: options[k] for k, usual in SCALAR_OPTIONS.items() if options.get(k, usual) != usual}
    try:
        return simplify_with(expr, read_facts(), **asked)
    except (MatcalcError, RecursionError):
        return otherwise()


def _refine_hook(old):
    """SymPy's `refine` comes here with refined arguments; None leaves the node to its handlers."""

    def _eval_refine(self):
        if not _wanted() or not _holds_matrix(self):
            raise AttributeError("_eval_refine")
        return lambda assumptions=True: _refined(self, assumptions)

    return property(_eval_refine)


def _refined(expr, assumptions):
    """None where nothing follows, which leaves the node to SymPy's handlers; of a determinant they take it to be 1 if orthogonal."""
    try:
        facts = read_facts(None if assumptions is True else assumptions)
        found = simplify_with(expr, facts) if facts else expr
    except (MatcalcError, RecursionError):
        return None
    return found if found != expr or facts and isinstance(expr, Determinant) else None


# ---------------------------------------------------------------- lambdify, Jupyter


def _lambdify_hook(old):
    """The class that writes the source text of SymPy's `lambdify`: matrix expressions for NumPy get the text of ours."""

    base: Any = old

    class EvaluatorPrinter(base):
        def __init__(self, printer=None, dummify=False):
            super().__init__(printer, dummify)
            self._numpy = type(printer).__name__ in ("NumPyPrinter", "SciPyPrinter") and not printer._settings.get("user_functions")

        def doprint(self, funcname, args, expr, *, cses=()):
            text = _source(funcname, args, expr, list(cses)) if self._numpy and _wanted() else None
            return text or super().doprint(funcname, args, expr, cses=cses)

    return EvaluatorPrinter


def _source(funcname, args, expr, cses):
    """The definition of a function by that name, its helpers and imports inside; None where SymPy's own printer has to do."""
    from .codegen.enclosed import enclosed, leaves, mapped  # NumPy is loaded when it is needed

    for x, value in reversed(cses):
        expr = expr if value is None else mapped(lambda e: e.xreplace({x: value}), expr)  # noqa: B023
    parts = [sympify(e) if isinstance(e, (int, float, complex)) else e for e in leaves(expr)]
    if not all(isinstance(e, (Expr, Einsum, MatrixBase)) for e in parts) or not any(map(_holds_matrix, parts)):
        return None
    try:
        return enclosed(funcname, [args] if isinstance(args, Expr) else list(args), expr)
    except MatcalcError:
        return None


def _sign_hook(old):
    """SymPy's printers ask a product for its sign; SymPy negates it with `doit` to see, which may expand all of its entries."""

    def could_extract_minus_sign(self):
        if not _installed_here():
            return super(MatMul, self).could_extract_minus_sign() if old is _ABSENT else old(self)
        first = self.args[0]
        return not first.is_Matrix and first.could_extract_minus_sign()

    return could_extract_minus_sign


def _latex_hook(old):
    def _repr_latex_(self):
        if _wanted() and isinstance(self, Basic | MatrixBase) and holds(sympified(self), (MatrixExpr,)):
            return f"$\\displaystyle {latex(self)}$"
        return old(self)

    return _repr_latex_
