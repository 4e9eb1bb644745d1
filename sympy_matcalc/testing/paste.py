"""Expressions as code that one can paste: for the report of a failing random case."""

import sympy as sp
from sympy import Basic, Symbol
from sympy.printing.repr import ReprPrinter

from .. import nodes
from ..codegen.literals import identifiers, key_literal
from .algebra import symbols_of

# ---- reporting
PRELUDE = """from sympy import *
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.diagonal import DiagonalMatrix, DiagonalOf
from sympy.matrices.expressions.dotproduct import DotProduct
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.functions.elementary.piecewise import ExprCondPair
import sympy_matcalc as mc
from sympy_matcalc.nodes import *"""

PASTED = {*dir(sp), *dir(nodes), "mc", "facts", "expr", "MatrixElement", "ExprCondPair"}  # what pasted code calls so


class CodePrinter(ReprPrinter):
    """`srepr` with the symbols by the names given, and the arguments of sums and products in the order they have."""

    def __init__(self, names):
        super().__init__()
        self.names = names

    def _print_MatrixSymbol(self, node):
        return self.names[node]

    def _print_Symbol(self, node):
        return self.names.get(node) or super()._print_Symbol(node)

    _print_Dummy = ReprPrinter._print_Symbol

    def _print_MatAdd(self, node):
        return f"{type(node).__name__}({self.reprify(node.args, ', ')})"

    _print_MatMul = _print_HadamardProduct = _print_BlockDiagMatrix = _print_MatAdd

    def _print_BlockMatrix(self, node):
        rows = node.blocks.tolist()
        return "BlockMatrix([" + ", ".join(f"[{self.reprify(row, ', ')}]" for row in rows) + "])"

    def _print_Add(self, node):
        as_made = node.func(*node.args) == node
        return f"{type(node).__name__}({self.reprify(node.args, ', ')}{'' if as_made else ', evaluate=False'})"

    _print_Mul = _print_Add


def names_of(*exprs):
    """An identifier for each symbol of the expressions that is no Dummy, all different: a matrix `n` is `n_` next to a size `n`."""
    scalars = {s for e in exprs for s in e.atoms(Symbol) if not isinstance(s, sp.Dummy)}
    matrices = {M for e in exprs for M in symbols_of(e)}
    return identifiers([*sorted(scalars, key=sp.srepr), *sorted(matrices, key=sp.srepr)], PASTED)


def code(expr, names=None):
    """Python of an expression. names: what its symbols are called, by default as `names_of` has it for this expression alone."""
    return CodePrinter(names_of(expr) if names is None else names).doprint(expr)


def symbols_as_code(names):
    """Python that defines the symbols called by `names`."""
    for s, name in names.items():
        shape = [code(size, names) for size in getattr(s, "shape", ())]
        yield f"{name} = MatrixSymbol({', '.join([key_literal(s.name), *shape])})" if shape else f"{name} = {sp.srepr(s)}"


def facts_as_code(facts, names):
    prefix = {"idempotent": "mc.idempotent"}
    stated = " & ".join(f"{prefix.get(fact, 'Q.' + fact)}({names[M]})" for M, known in facts.items() for fact in known)
    return f"facts = {stated or None}"


def report(case, failure):
    """The failure as text: the seed brings the case back, the code below pastes."""
    lines = [commented(f"---- {failure.kind}: {failure.what}, seed {case.seed}  {failure.message}"), commented(f"{case.expr}, by {case.X}")]
    basic = [e for e in (case.expr, case.X, failure.result, *failure.facts) if isinstance(e, Basic)]
    names = names_of(*basic)
    lines += [*symbols_as_code(names), facts_as_code(failure.facts, names), f"expr = {code(case.expr, names)}"]
    if failure.result is None:
        return "\n".join(lines)
    got = code(failure.result, names) if isinstance(failure.result, Basic) else failure.result
    return "\n".join([*lines, commented(f"got: {failure.result}"), commented(f"got: {got}")])


def commented(text):
    return "\n".join(f"# {line}" for line in text.splitlines())
