"""Differentiator: apply the rules down an expression, once a node; the result is linear in dX."""

from sympy import Basic, Derivative, Integral, MatMul, S, Subs, Symbol
from sympy.core.function import Application
from sympy.logic.boolalg import Boolean
from sympy.matrices import MatrixBase
from sympy.matrices.expressions import MatrixSymbol, ZeroMatrix
from sympy.matrices.expressions.matexpr import MatrixElement

from ..canonical import prepare
from ..canonical.scalars import has_matrix
from ..errors import MissingRuleError, ShapeError
from ..kernel import make
from ..kernel.interning import intern, raw
from ..kernel.occurrence import contains, occurrence_of, occurs_nowhere
from ..kernel.order import sort_key
from ..kernel.shapes import INDIVISIBLE, is_matrix, is_one, shape_of
from ..kernel.walks import from_inside, postorder
from ..nodes import AsMatrix, Einsum, EinsumTerm
from ..nodes.arrays import array_class, is_array_symbol
from ..nodes.undefined import FunctionDerivative
from . import linear
from .arrays import units_at
from .degree import degree, reason
from .registry import NOT_DERIVED, USER, find_rule
from .scalar import d_function


def is_entry(variable):
    """Whether a variable is an entry of a matrix or an array."""
    return isinstance(variable, MatrixElement) or array_class(variable) == "ArrayElement"


class Differentiator:
    """``d = Differentiator(expr, X)``; ``d(node)`` is the differential of a prepared node, None where it does not depend on X.

    symbol: what stands for dX, one that the expression does not have; made up where it is left out. direction: what the differential of X
    is instead, prepared and linear in that symbol, as a function of it.
    """

    def __init__(self, expr, variable, symbol=None, direction=None):
        self.variable, self.expr, self.direction = variable, expr, direction
        self.parent = intern(variable.args[0] if is_entry(variable) else variable)
        self.depends = occurrence_of(self.parent)
        from_inside(self.depends, expr, _any_parts)
        self.symbol = self._name(expr) if symbol is None else intern(symbol)
        self.memo = {}  # {id(node): (node, differential)}: the node is kept, so that its id stays its own
        self.placeholders = {}
        self.asked = []  # what the rules under way asked for, one set a rule

    def _name(self, expr):
        """dX: a symbol that the expression does not have."""
        name = "d" + str(self.parent.name)
        while True:
            symbol = self._differential_symbol(name)
            if occurs_nowhere(symbol, expr):
                return intern(symbol)
            name += "'"

    def _differential_symbol(self, name):
        """A symbol of this name for dX."""
        if isinstance(self.variable, (MatrixSymbol, AsMatrix)):
            return MatrixSymbol(name, *self.variable.shape)
        if is_array_symbol(self.variable):
            return type(self.variable)(name, self.variable.shape)
        return Symbol(name, real=True)

    def _seed(self):
        if not is_entry(self.variable):
            return self.direction(self.symbol) if self.direction else self.symbol
        if not isinstance(self.variable, MatrixElement):
            array, index = self.variable.args
            units, axes = units_at(shape_of(array), index)
            return intern(Einsum(shape_of(array), EinsumTerm(self.symbol, [s for s in shape_of(array) if not is_one(s)], axes, units)))
        x, i, j = self.variable.args
        rows, cols = shape_of(x)
        return raw(MatMul, self.symbol, make.matrix_unit(rows, cols, i, j))

    def __call__(self, node):
        if self.asked:
            self.asked[-1].add(node)
        known = self.memo.get(id(node))
        if known is None:
            self.memo[id(node)] = known = (node, self._differential(node))
        return known[1]

    def of_part(self, part):
        """The differential of an argument, which is a scalar where that is literally 1 x 1 and so stands as it was given."""
        self.asked[-1].add(part)
        return self(prepare(part))

    def _differential(self, node):
        if node == self.parent:
            return self._seed()
        if not self.depends(node):
            return None
        bound = self.parent in getattr(node, "bound_symbols", ())
        if bound and self.parent not in node.free_symbols:
            return None
        if isinstance(self.variable, Symbol) and isinstance(node, (Derivative, Integral, Subs)) and not has_matrix(node):
            return linear.mul(node.diff(self.variable), self.symbol)  # SymPy's own calculus, where no matrix is in it
        if bound:
            raise MissingRuleError(f"`{self.variable}` is both the bound symbol of `{node}` and free in it: rename the bound symbol")
        owner, rule = find_rule(node)
        if rule is None and isinstance(node, (Application, FunctionDerivative)):
            rule = d_function
        if rule is None:
            raise MissingRuleError(self._missing(node))
        self.asked.append(set())
        found = self._user_rule(rule, node) if owner in USER else rule(node, self)
        self._refuse_ignored(node, node, self.asked.pop())
        return found

    def _refuse_ignored(self, node, top, asked):
        """Every part that holds the variable must have been asked for: an exponent or a limit that a rule passes over is no constant.

        Conditions may be passed over: they are constant but for jumps. The name of an array is no symbol.
        """
        if is_array_symbol(node):
            return
        for a in node.args:
            if (isinstance(a, Symbol) or not isinstance(a, Boolean)) and self.depends(a) and a not in asked:
                if a == self.parent or not a.args or isinstance(a, MatrixSymbol):
                    raise MissingRuleError(
                        f"the rule of `{type(top).__name__}` gives no derivative by `{self.variable}` where it stands in `{top}` "
                        f"(an exponent, an index or a limit, say); add a rule of your own with `@mc.rule({type(top).__name__})`"
                    )
                self._refuse_ignored(a, top, asked)

    def _user_rule(self, rule, node):
        """A user's rule sees symbols for the differentials, so that SymPy's operators cannot spread them out."""
        used = {}

        def d(part):
            p = prepare(part)
            dp = self(p)
            self.asked[-1].add(part)
            if dp is None:
                return make.zero(*shape_of(part)) if is_matrix(part) else S.Zero
            if p not in used:
                used[p] = self._placeholder(p, dp)
            return used[p] if is_matrix(p) or not is_matrix(part) else raw(MatMul, used[p], make.identity(S.One))

        if not is_matrix(node) and node.is_commutative is not True:
            raise MissingRuleError(f"`{type(node).__name__}` is a scalar that does not commute: set `is_commutative = True` in the class")
        return self._checked(rule, node, rule(node, d), used.values())

    def _checked(self, rule, node, answer, symbols):
        """What a user's rule has returned, in canonical form: of the node's shape, and linear in these symbols; None for zero."""
        name = type(node).__name__
        answer = S.Zero if type(answer) is int and answer == 0 else answer
        answer = answer.as_immutable() if isinstance(answer, MatrixBase) else answer
        if not isinstance(answer, Basic):
            raise MissingRuleError(f"the rule `{rule.__name__}` of `{name}` must return an expression, got {answer!r}")
        expected, given = (tuple(shape_of(e)) if is_matrix(e) else () for e in (node, answer))
        if given != expected and not {given, expected} <= {(), (S.One, S.One)}:
            raise ShapeError(f"the rule `{rule.__name__}` of `{name}` must return the node's shape {expected}, got {given}")
        answer = prepare(answer)
        if any(contains(answer, s) for s in symbols):
            if degree(answer, symbols) == 1:
                return answer
            raise MissingRuleError(
                f"the rule `{rule.__name__}` of `{name}` is not linear in the differentials: `{answer}`{reason(answer, symbols)}"
            )
        if answer == 0 or isinstance(answer, ZeroMatrix):
            return None
        raise MissingRuleError(f"the rule `{rule.__name__}` of `{name}` is not linear: `{answer}` has no differential in it")

    def _placeholder(self, p, dp):
        """A symbol that stands for the differential dp of the part p."""
        name = f"d_{len(self.placeholders)}"
        taken = {node.name for node in postorder(self.expr, _any_parts) if isinstance(node, (MatrixSymbol, Symbol))}
        taken.add(self.symbol.name)
        while name in taken:
            name += "_"
        symbol = intern(MatrixSymbol(name, *shape_of(p)) if is_matrix(p) else Symbol(name, real=True))
        self.placeholders[symbol] = dp
        return symbol

    def _missing(self, node):
        name = type(node).__name__
        why = f" ({NOT_DERIVED[name]})" if name in NOT_DERIVED else ""
        return (
            f"no differential rule for `{name}`{why}, met at `{node}` in `{self.expr}`, which depends on `{self.variable}`. "
            f"Add one: `@mc.rule({name})` over `def d_{name.lower()}(node, d): return ...`, where d(a) is the differential of a part a"
        )


def differential_of(expr, variable, symbol=None, direction=None):
    """(linear expression in dX or None, the Differentiator); symbol: what stands for dX, direction: what the differential of X is."""
    d = Differentiator(expr, variable, symbol, direction)
    try:
        return d(expr), d
    except RecursionError:  # deep nesting: from the inside out
        d.asked.clear()
    for node in postorder(expr, _parts):
        if is_matrix(node):
            sort_key(node)
            d(node)
    return d(expr), d


def _any_parts(node):
    return () if isinstance(node, MatrixSymbol) else node.args


def _parts(node):
    """Matrices below a node that its rule asks for the differentials of."""
    if isinstance(node, INDIVISIBLE) or type(node) in USER:
        return ()
    return [a for a in node.args if a.args]
