"""What is stated of the symbols of a complex expression: which are real, which matrices are Hermitian or unitary."""

from typing import Any, NamedTuple

from sympy import And, Basic, Expr, Q, S
from sympy.matrices.expressions import Inverse, MatMul, MatrixExpr, Transpose

from ..errors import AssumptionError
from ..facts import Facts, applied_predicates, read_facts
from ..kernel.interning import raw

SQUARE_FACTS = ("symmetric", "diagonal", "lower_triangular", "upper_triangular", "invertible", "singular")
REAL = {
    "real_elements",
    "integer_elements",
    "orthogonal",
    "real",
    "positive",
    "negative",
    "nonnegative",
    "nonpositive",
    "integer",
    "rational",
}
HERMITIAN = {"hermitian", "positive_definite"}
CONTRADICTIONS = ({"hermitian", "antihermitian"},)


class Stated(NamedTuple):
    """names: {symbol: the predicates stated of it}."""

    names: dict[Any, frozenset[str]]

    def conjugate(self, symbol: Any) -> Any:
        """The conjugate of a symbol in terms of itself, None where nothing says what it is."""
        names = self.names.get(symbol, frozenset())
        if names & REAL:
            return symbol
        if names & HERMITIAN:
            return raw(Transpose, symbol)
        if "antihermitian" in names:
            return raw(MatMul, S.NegativeOne, raw(Transpose, symbol)) if isinstance(symbol, MatrixExpr) else -symbol
        if "unitary" in names:
            return raw(Transpose, raw(Inverse, symbol, S.NegativeOne))
        return None

    def with_more(self, given: dict[Any, str]) -> "Stated":
        """The same with a predicate more of some symbols."""
        return Stated(self.names | {s: self.names.get(s, frozenset()) | {name} for s, name in given.items()})

    def without(self, symbol: Any) -> "Stated":
        """The same but for what is stated of one symbol."""
        return Stated({s: names for s, names in self.names.items() if s != symbol})

    def of_analytic(self, symbols: dict[Any, Any]) -> Facts:
        """What can be used where conjugates are variables of their own; symbols: {symbol: those that stand for it and its conjugate}."""
        found = []
        for symbol, names in self.names.items():
            for stand_in in symbols.get(symbol, (symbol,)):
                if isinstance(stand_in, MatrixExpr):
                    found += [getattr(Q, name)(stand_in) for name in self._usable(names)]
        return read_facts(And(*found)) if found else read_facts()

    @staticmethod
    def _usable(names: frozenset[str]) -> list[str]:
        usable = [name for name in SQUARE_FACTS if name in names]
        if names & {"positive_definite", "unitary"} and "invertible" not in usable:
            usable.append("invertible")
        if names & REAL and names & HERMITIAN and "symmetric" not in usable:
            usable.append("symmetric")
        return [*usable, "orthogonal"] if "orthogonal" in names else usable


def read_stated(assumptions: Any = None) -> Stated:
    """`Stated` of SymPy assumptions, as `facts.read_facts` takes them. Errors: AssumptionError."""
    read_facts(assumptions)
    table: dict[Any, set[str]] = {}
    for node, name in applied_predicates(assumptions):
        if isinstance(node, Basic):
            table.setdefault(node, set()).add(name)
    for node, names in table.items():
        if any(pair <= names for pair in CONTRADICTIONS):
            raise AssumptionError(f"the assumptions about `{node}` contradict one another: {', '.join(sorted(names))}")
        if not getattr(node, "is_symbol", False) and isinstance(node, Expr) and names & {*REAL, *HERMITIAN, "antihermitian", "unitary"}:
            raise AssumptionError(
                f"a complex derivative uses what is stated of symbols; `{node}` is none: state the fact of the symbols in it"
            )
    return Stated({node: frozenset(names) for node, names in table.items()})
