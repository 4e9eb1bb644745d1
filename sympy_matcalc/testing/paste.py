"""Expressions as code that one can paste: for the report of a failing random case."""

import sympy as sp
from sympy import Basic, Symbol
from sympy.printing.repr import ReprPrinter

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


class CodePrinter(ReprPrinter):
    """`srepr` with the symbols by name, and the arguments of sums and products in the order they have."""

    def _print_MatrixSymbol(self, node):
        return name_of(node)

    def _print_Symbol(self, node):
        return node.name

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


def name_of(M):
    """The name of a matrix symbol, told from the sizes n, m, p."""
    return f"{M.name}_" if M.name in "nmpijk" else M.name


def code(expr):
    return CodePrinter().doprint(expr)


def symbols_as_code(exprs):
    """Python that defines the symbols of the expressions."""
    matrices = {M for e in exprs for M in symbols_of(e)}
    scalars = {s for e in exprs for s in e.atoms(Symbol) if not isinstance(s, sp.Dummy)}
    made = [(s.name, sp.srepr(s)) for s in sorted(scalars, key=str)]
    made += [(name_of(M), f"MatrixSymbol({M.name!r}, {M.rows}, {M.cols})") for M in sorted(matrices, key=str)]
    return [f"{name} = {text}" for name, text in made]


def facts_as_code(facts):
    prefix = {"idempotent": "mc.idempotent"}
    stated = " & ".join(f"{prefix.get(name, 'Q.' + name)}({name_of(M)})" for M, names in facts.items() for name in names)
    return f"facts = {stated or None}"


def report(case, failure):
    """The failure as text: the seed brings the case back, the code below pastes."""
    lines = [commented(f"---- {failure.kind}: {failure.what}, seed {case.seed}  {failure.message}"), commented(f"{case.expr}, by {case.X}")]
    lines += symbols_as_code([case.expr, case.X]) + [facts_as_code(failure.facts), f"expr = {code(case.expr)}"]
    if failure.result is None:
        return "\n".join(lines)
    got = code(failure.result) if isinstance(failure.result, Basic) else failure.result
    return "\n".join([*lines, commented(f"got: {failure.result}"), commented(f"got: {got}")])


def commented(text):
    return "\n".join(f"# {line}" for line in text.splitlines())
