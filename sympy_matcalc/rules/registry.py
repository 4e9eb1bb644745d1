"""The table of differential rules: one function a node class; `rule` adds one, the user's as our own.

A rule is ``f(node, d)``: `d(a)` is the differential of a part of the node, None where the part does not depend on the variable.
It returns an expression linear in those differentials. Our own rules build nodes with `linear`, a user's with SymPy's operators.
"""

from collections.abc import Callable
from typing import NamedTuple

from sympy import Basic, Expr, Function
from sympy.core.function import Application
from sympy.matrices.expressions.matexpr import MatrixExpr

from ..nodes.arrays import array_class
from ..nodes.declaration import is_library
from ..nodes.declared_code import CODE, Numeric, checked_code

RULES = {}
ARRAY_RULES = {}  # by the name of the class: SymPy loads these classes on demand
USER = set()
NOT_DERIVED = {  # by the name of the class: why there is no rule
    "Permanent": "the derivative of a permanent is the matrix of the permanents of the minors, for which there is no node; of an explicit "
    "matrix write it out with `.doit()`"
}
NAMES = {}  # class, or the name of one of SymPy's array classes -> RuleName
TOO_BROAD = (Basic, Expr, MatrixExpr, Function, Application, object)


class RuleName(NamedTuple):
    """What a textbook calls a rule, where it is to be found, and whether the rule looks at what its differentials are made of.

    name_of: the name by the node, where some nodes of the class have one of their own; None of the others.
    """

    name: str
    source: str = ""
    looks_inside: bool = False
    name_of: Callable | None = None


def rule(
    *classes: type, name: str | None = None, source: str = "", evaluate: Numeric | None = None, **numeric: Numeric
) -> Callable[[Callable], Callable]:
    """Register the differential rule of a SymPy node class: ``@rule(Node)`` over a function ``f(node, d)``.

    `node` is the expression and ``d(a)`` the differential of a sub-expression `a` of it (a zero of the same shape where `a` does not
    depend on the variable). The function returns the differential of the node, linear in the ``d(...)``. name, source: what `explain`
    calls the rule, by default after the class, and where it is from.

    numpy, jax, torch, dask, array_api: numeric code, as `linear` takes it: the value of the node by a function of the values of all its
    arguments, arrays of two axes for matrices and numbers for scalars, or the dotted name of such a function. That of a scalar by scalars
    gets arrays of their entries where it is applied elementwise. evaluate: the same in NumPy for `check` and for certificates, which by
    default take that of ``numpy``. A class needs neither where its own ``doit()`` writes a node out in others.

    Errors: ArgumentError for code that is no function, or for another library; TypeError for `Basic`, `Expr`, `MatrixExpr` or `Function`,
    under which every node without a rule of its own would fall.

    >>> from sympy import MatrixSymbol, Symbol, Trace
    >>> from sympy.matrices.expressions.matexpr import MatrixExpr
    >>> import sympy_matcalc as mc
    >>> class Twice(MatrixExpr):
    ...     shape = property(lambda self: self.args[0].shape)
    >>> @mc.rule(Twice)
    ... def d_twice(node, d):
    ...     "d Twice(A) = 2 dA"
    ...     return 2*d(node.args[0])
    >>> n = Symbol("n", integer=True, positive=True)
    >>> X, A = MatrixSymbol("X", n, n), MatrixSymbol("A", n, n)
    >>> mc.gradient(Trace(A*Twice(X)), X)
    2*A.T

    With its value in NumPy the rule can be checked, and the derivative computed:

    >>> @mc.rule(Twice, numpy=lambda A: 2*A)
    ... def d_twice(node, d):
    ...     return 2*d(node.args[0])
    >>> mc.check(Trace(A*Twice(X)), X).ok
    True
    >>> mc.lambdify([X], Twice(X))([[1, 2], [3, 4]])
    array([[2., 4.],
           [6., 8.]])
    """
    _refuse_broad(classes)
    codes = {cls: checked_code("rule", cls.__name__, numeric, evaluate) for cls in classes if numeric or evaluate is not None}

    def register(f):
        CODE.update(codes)
        for cls in classes:
            RULES[cls] = f
            NAMES[cls] = RuleName(name or f"differential of {cls.__name__}", source)
            USER.add(cls)
        return f

    return register


def _refuse_broad(classes):
    for cls in classes:
        if cls in TOO_BROAD:
            raise TypeError(f"no rule may be registered on `{cls.__name__}`: every node without a rule would get it; name the node's class")
        if not (isinstance(cls, type) and issubclass(cls, Basic)):
            raise TypeError(f"`rule` takes SymPy node classes, got `{cls!r}`")


def builtin(*classes, name, source="", looks_inside=False, name_of=None):
    """`rule` for the rules of the package, which build raw nodes and treat None as zero; classes of SymPy's array expressions by name.

    name, source: what a textbook calls the rule, and which; looks_inside: whether it looks at what the differentials are made of;
    name_of: see `RuleName`.
    """
    _refuse_broad([cls for cls in classes if not isinstance(cls, str)])

    def register(f):
        for cls in classes:
            (ARRAY_RULES if isinstance(cls, str) else RULES)[cls] = f
            NAMES[cls] = RuleName(name, source, looks_inside, name_of)
            USER.discard(cls)
        return f

    return register


def find_rule(node):
    """(class, rule): the class of `node`, or its nearest base class, that has a rule; (None, None) if there is none."""
    owner, found = rule_of(type(node))
    return (owner, found) if found else (None, ARRAY_RULES.get(array_class(node)))


def rule_of(kind):
    """`find_rule` for the nodes of a class."""
    for cls in kind.__mro__:
        if cls in RULES:
            return cls, RULES[cls]
        if "fdiff" in cls.__dict__ and not is_library(cls):  # nearer than the rule of a base class
            break
    return None, None


def name_of_rule(node):
    """The `RuleName` of the rule for a node; one that has no rule is a scalar function, differentiated by the chain rule."""
    owner, found = find_rule(node)
    if not found:
        return RuleName("chain rule")
    name = NAMES[array_class(node) if owner is None else owner]
    own = name.name_of(node) if name.name_of else None
    return name if own is None else name._replace(name=own)
