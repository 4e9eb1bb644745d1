"""Facts about matrices as SymPy states them: `Q.symmetric(A)` and its kind, given as an argument or by `with assuming(...)`.

SymPy's predicates state the facts, what follows from them is decided here: `ask` takes an orthogonal matrix to be positive definite
(-I is not), and knows no symmetry of a positive definite one. Symbols are real, so hermitian is symmetric and unitary orthogonal.

>>> from sympy import MatrixSymbol, Q
>>> import sympy_matcalc as mc
>>> P = MatrixSymbol("P", 3, 3)
>>> mc.simplify(P*P.T*P, mc.idempotent(P) & Q.symmetric(P))
P
"""

from collections.abc import Mapping
from functools import cached_property

from sympy import And, Basic, Not, Q, S
from sympy.assumptions import Predicate
from sympy.assumptions.assume import AppliedPredicate, global_assumptions
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean
from sympy.matrices.expressions import Adjoint, Identity, Inverse, MatMul, MatPow, MatrixSymbol, Transpose
from sympy.matrices.expressions.matexpr import MatrixExpr

from .errors import AssumptionError, ExpressionError, ShapeError
from .kernel.session import session_with
from .properties import PROPERTIES, signs
from .properties.declared import DERIVED, has
from .properties.idempotent import idempotent as idempotent
from .strict import sympified

OF_SQUARE = {name for name, p in PROPERTIES.items() if p.of_square}


class _Predicates(Mapping):
    """{name: SymPy's predicate}; SymPy loads the handlers of its predicates when one is first asked for, which takes a while."""

    names = tuple(name for name, p in PROPERTIES.items() if p.listed)

    def __getitem__(self, name):
        if name not in self.names:
            raise KeyError(name)
        return idempotent if name == "idempotent" else getattr(Q, name)

    def __contains__(self, name):
        return name in self.names

    def __iter__(self):
        return iter(self.names)

    def __len__(self):
        return len(self.names)


PREDICATES = _Predicates()
EXCLUSIVE = [*signs.EXCLUSIVE, {"singular", "invertible"}]
OF_A_SIDE = {"upper_triangular", "lower_triangular"}  # of a matrix, and not of its transpose


class Facts:
    """The facts stated: {matrix or scalar expression: names of predicates, what follows included}, and those denied likewise."""

    def __init__(self, stated, denied=None):
        self.stated, self.denied = stated, denied or {}

    def __bool__(self):
        return bool(self.stated)

    def holds(self, name, node):
        """Whether a fact is stated of this very expression, or follows from what is."""
        return name in self.stated.get(node, ())

    def knows(self, name, node):
        """True where a fact is stated, or follows from what is; False where that is denied; None where nothing is said."""
        if name in self.stated.get(node, ()):
            return True
        return False if self.denied and name in self.denied.get(node, ()) else None

    def translated(self, prepare):
        """The same facts about the prepared expressions; those of a transpose are those of the matrix."""
        return Facts(*(_translated(table, prepare) for table in (self.stated, self.denied)))

    def without(self, name):
        """The same facts but for those of one name."""
        return Facts({node: names - {name} for node, names in self.stated.items()}, self.denied)

    @cached_property
    def of_scalars(self):
        """The facts about scalars as SymPy's boolean; True without any."""
        return And(
            *(
                getattr(Q, name)(node)
                for node, names in self.stated.items()
                if not isinstance(node, MatrixExpr)
                for name in names
                if name in signs.NAMES
            )
        )


NONE = Facts({})


def read_facts(assumptions=None):
    """`Facts` of a SymPy assumption and of the surrounding `with assuming(...)`.

    assumptions: a predicate as ``Q.symmetric(A)``, several joined by ``&``, or a list of them; None or True for no facts of one's own.
    Alternatives are left unused. Errors: AssumptionError for anything that is no SymPy
    assumption, for relations and for contradictions, ShapeError where a fact needs a square matrix.
    """
    if assumptions is None and not global_assumptions:
        return NONE
    stated, denied = _said(part for a in [*_as_list(assumptions), *global_assumptions] for part in And.make_args(a))
    for node, names in stated.items():
        _close(node, names)
        _check_together(node, names, denied.get(node, set()))
    _check_singular(stated)
    if not stated and not denied:
        return NONE
    tables = stated, _closed_denials(stated, denied)
    _check_signs(stated)
    _check_forms(*tables)
    return Facts(*({node: frozenset(names) for node, names in table.items()} for table in tables))


def facts_about(node, *names):
    """`Facts` of one matrix, what follows from them included."""
    found = set(names)
    _close(node, found)
    return Facts({node: frozenset(found)})


def applied_predicates(assumptions=None):
    """(expression, name of the predicate) for what is stated, as it was given and in `with assuming(...)`; nothing that follows from it."""
    for a in [*_as_list(assumptions), *sorted(global_assumptions, key=str)]:
        for part in And.make_args(a):
            if isinstance(part, AppliedPredicate) and len(part.arguments) == 1:
                yield part.arguments[0], str(part.function.name)


def predicates(assumptions=None):
    """The predicates of an assumption, for `with assuming(...)`; errors as `read_facts`, for contradictions with the surrounding too."""
    read_facts(assumptions)
    return [part for a in _as_list(assumptions) for part in And.make_args(a)]


def _said(parts):
    """({node: names that are stated}, {node: names that are denied}); what is denied to be singular is stated to be invertible."""
    stated, denied = {}, {}
    for part in parts:
        if isinstance(part, AppliedPredicate):
            _record(part, stated)
        elif isinstance(part, Not) and isinstance(part.args[0], AppliedPredicate):
            _record(part.args[0], denied)
    for node, names in denied.items():
        if "singular" in names and _is_square(node):
            stated.setdefault(node, set()).add("invertible")
    return stated, denied


def _check_together(node, names, denied):
    """AssumptionError where what is stated of one expression contradicts itself, what is denied, or what its symbol is declared to be."""
    every = names | _of_scalar(node, names)
    if every & denied or any(x <= every for x in EXCLUSIVE) or any(getattr(node, f"is_{x}", None) is False for x in every):
        raise AssumptionError(
            f"the assumptions about `{node}` contradict one another: {_listed(names)}" + (f"; denied: {_listed(denied)}" if denied else "")
        )


def _check_singular(stated):
    """AssumptionError where a matrix that is stated to be singular is invertible by its form."""
    for node in [node for node, names in stated.items() if "singular" in names and _is_square(node)]:
        if _is_surely_invertible(node, _invertible(stated)):
            raise AssumptionError(f"the assumptions contradict one another: `{node}` is stated to be singular, and is invertible")


def _check_signs(stated):
    """AssumptionError where a matrix and a negative multiple of it, of its transpose or its inverse, are both positive definite."""
    signs_of = {}
    for node, names in stated.items():
        if "positive_definite" in names and _is_square(node):
            sign, base = _signed(node)
            other = signs_of.setdefault(base, {}).setdefault(sign, node)
            opposite = signs_of[base].get(-sign)
            if sign and opposite is not None:
                raise AssumptionError(
                    f"the assumptions contradict one another: `{opposite}` and `{other}`, a negative multiple of it or of its inverse, "
                    "cannot both be positive definite"
                )


def _signed(node):
    """(sign, matrix) such that `node` is positive definite if the matrix times the sign is; sign 0 where it is not known."""
    sign = 1
    while True:
        if isinstance(node, (Transpose, Adjoint, Inverse)):
            node = node.args[0]
        elif isinstance(node, MatMul) and node.as_coeff_matrices()[0] != 1:
            number, rest = node.as_coeff_matrices()
            sign *= 1 if number.is_positive else -1 if number.is_negative else 0
            node = MatMul(*rest).doit(deep=False)
        else:
            return sign, node


def _check_forms(stated, denied):
    """AssumptionError where what is stated of a matrix, or denied, is otherwise by its form and by what is stated of the others."""
    for node in [node for node in {**stated, **denied} if _is_square(node) and not isinstance(node, MatrixSymbol)]:
        with session_with(
            Facts({n: names for n, names in stated.items() if n != node}, {n: names for n, names in denied.items() if n != node})
        ):
            for name in sorted(stated.get(node, ())):
                if name in DERIVED and has(name, node) is False or name == "singular" and has("invertible", node) is True:
                    raise AssumptionError(f"the assumptions contradict one another: `{node}` is stated to be {_word(name)}, and is not")
            for name in sorted(denied.get(node, ())):
                if name in DERIVED and has(name, node) is True:
                    what = "stated to be singular" if "singular" in stated.get(node, ()) else f"denied to be {_word(name)}"
                    raise AssumptionError(f"the assumptions contradict one another: `{node}` is {what}, and is {_word(name)}")


def _word(name):
    return name.replace("_", " ")


def _closed_denials(stated, denied):
    """What is denied of square matrices, and what would imply that; a singular matrix is not invertible."""
    found = {node: set(names) for node, names in denied.items()}
    for node, names in stated.items():
        if "singular" in names:
            found.setdefault(node, set()).add("invertible")
    for node, names in found.items():
        more = {name for name, p in PROPERTIES.items() if names & {*p.implies}} if _is_square(node) else set()
        while not more <= names:
            names |= more
            more = {name for name, p in PROPERTIES.items() if names & {*p.implies}}
    return found


def _translated(table, prepare):
    found = {}
    for node, names in table.items():
        p = prepare(node)
        if isinstance(p, Transpose):
            p, names = p.args[0], names - OF_A_SIDE
        if not isinstance(node, MatrixExpr) or isinstance(p, MatrixExpr):  # what is 1 x 1 is a scalar by now
            found[p] = found.get(p, frozenset()) | names
    return found


def _as_list(assumptions):
    if assumptions is None or assumptions is True:
        return []
    given = list(assumptions) if isinstance(assumptions, (list, tuple, set, frozenset)) else [assumptions]
    out = []
    for a in given:
        try:
            a = sympified(a)
        except ExpressionError:
            a = None
        if not isinstance(a, (Boolean, AppliedPredicate)) or isinstance(a, (Predicate, Relational)):
            raise AssumptionError(
                f"`assumptions` takes SymPy predicates such as Q.symmetric(A) & Q.positive_definite(S), got "
                f"{type(assumptions).__name__}: `{assumptions}`"
            )
        if a is S.false:
            raise AssumptionError("the assumptions contradict one another: together they are false; leave one out")
        out.append(a)
    return out


def _record(applied, table):
    node = applied.arguments[0]
    if len(applied.arguments) != 1 or not isinstance(node, Basic):
        return
    name = str(applied.function.name)
    if name in PREDICATES and not isinstance(node, MatrixExpr):
        raise AssumptionError(f"`{applied}` is a fact of a matrix, `{node}` is none; use a MatrixSymbol")
    if name in OF_SQUARE and isinstance(node, MatrixExpr) and (S(node.shape[0]) - node.shape[1]).is_zero is not True:
        raise ShapeError(f"`{applied}` needs a square matrix, `{node}` has shape {tuple(node.shape)}")
    table.setdefault(node, set()).add(name)


def _close(node, names):
    """Add what follows."""
    if OF_A_SIDE <= names:
        names.add("diagonal")
    for name in list(names):
        if name in PROPERTIES and (PROPERTIES[name].of_square or _is_square(node)):
            names.update(PROPERTIES[name].implies)


def _of_scalar(node, names):
    """What follows of a scalar from what is stated of it."""
    found = set(names)
    while not isinstance(node, MatrixExpr):
        more = {fact for name in found for fact in signs.IMPLIED.get(name, ())} - found
        if not more:
            return found
        found |= more
    return set()


def _invertible(stated):
    """The matrices that are stated to be invertible, transposes as what they are of; of a product also its square factors."""
    stack = [node for node, names in stated.items() if "invertible" in names and isinstance(node, MatrixExpr)]
    found = set()
    while stack:
        node = stack.pop()
        found.add(node)
        if isinstance(node, (Transpose, Adjoint, Inverse, MatPow, MatMul)):
            stack += [a for a in node.args if _is_square(a)]
    return found


def _is_surely_invertible(node, known):
    """Whether a matrix is invertible by its form, given those that are known to be."""
    if node in known or isinstance(node, (Identity, Inverse)):
        return True
    if isinstance(node, (Transpose, Adjoint)):
        return _is_surely_invertible(node.args[0], known)
    if isinstance(node, MatPow) and node.exp.is_integer:
        return node.exp.is_negative is True or node.exp.is_zero is True or _is_surely_invertible(node.base, known)
    if isinstance(node, MatMul):
        return all(_is_surely_invertible(a, known) if isinstance(a, MatrixExpr) else a.is_nonzero is True for a in node.args)
    return False


def _is_square(node):
    return isinstance(node, MatrixExpr) and node.shape[0] == node.shape[1]


def _listed(names):
    return ", ".join(f"{'' if n == 'idempotent' else 'Q.'}{n}" for n in sorted(names))
