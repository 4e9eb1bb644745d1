"""Answers as they are printed, call by call, in files named ``answers.txt`` beside the tests: what changes a form or a value shows there.

python tests/answers.py              # says which answers are others today
python tests/answers.py --update     # writes them down, after they have been looked at

A file has pairs of lines: a call with the names below (`code`: the statements of the NumPy function), and under it, indented, what it prints.
"""

import argparse
import ast
import sys
from pathlib import Path

import sympy
from sympy import (
    Determinant,
    Identity,
    Inverse,
    KroneckerDelta,
    MatAdd,
    MatMul,
    MatPow,
    MatrixSymbol,
    Q,
    Rational,
    Sum,
    Symbol,
    Trace,
    cos,
    det,
    exp,
    log,
    sin,
    sqrt,
    symbols,
    tanh,
)
from sympy.matrices.expressions import BlockMatrix, DiagMatrix, HadamardPower, HadamardProduct, KroneckerProduct, OneMatrix, ZeroMatrix
from sympy.matrices.expressions.diagonal import DiagonalMatrix, DiagonalOf
from sympy.tensor.array.expressions import ArrayAdd, ArrayContraction, ArrayDiagonal, ArrayTensorProduct

import sympy_matcalc as mc
from sympy_matcalc.canonical import prepare_whole
from sympy_matcalc.codegen import lower_all as lower_all
from sympy_matcalc.codegen.backends import registry
from sympy_matcalc.codegen.context import Context
from sympy_matcalc.codegen.ir.text import text_of
from sympy_matcalc.codegen.lower import Lowerer, shape_of
from sympy_matcalc.codegen.pipeline import BEFORE, run
from sympy_matcalc.codegen.planning.planner import Planner
from sympy_matcalc.kernel.session import session
from sympy_matcalc.kernel.walks import free_symbols
from sympy_matcalc.nodes.words import OwnSumsLast

HERE = Path(__file__).parent
FILE = "answers.txt"


def canonical(e):
    """The canonical form, in a session of its own."""
    with session():
        return prepare_whole(e)


def code(e, facts=None, structured=False):
    """The statements of the NumPy function of an expression, where facts hold, without those that look at its arguments; with the branches
    for sizes and for arguments that are symmetric, which are those that return.
    """
    given = sorted(free_symbols(e), key=str)
    tree = ast.parse(mc.lambdify(given, e, assumptions=facts, structured=structured).source)
    (made,) = [f for f in tree.body if isinstance(f, ast.FunctionDef) and f.name == "compute"]
    returns = lambda s: any(isinstance(part, ast.Return) for part in ast.walk(s))  # noqa: E731
    return "; ".join(ast.unparse(s) for s in made.body if returns(s) or not isinstance(s, ast.If) and "flat" not in ast.unparse(s))


def operator(e):
    """The statements of the function whose results are operators."""
    return code(e, structured=True)


def planned(exprs, numbers):
    """The text of the planned graph of several results, for numbers that the sizes stand for."""
    ctx = Lowerer(set(numbers))
    roots = [ctx.dense(ctx.low(e), shape_of(e)).node for e in exprs]
    roots = run(BEFORE, ctx.graph, roots, Context(ctx.size, registry.find("numpy")({}), frozenset(numbers)))
    return "; ".join(map(text_of, Planner(ctx.graph, numbers, ctx.size).run(roots)))


def plan(*exprs, n=1000, m=1000):
    """The planned graph at these sizes."""
    return planned(exprs, {NAMES["n"]: n, NAMES["m"]: m})


def names() -> dict:
    """What the calls can use: sizes n, m; scalars s, t; square A, B, C; X, Y of n x m, Z of m x n; vectors x, y, u, row; P of 2 x 3."""
    n, m = symbols("n m", integer=True, positive=True)
    i, j, k = symbols("i j k", integer=True, nonnegative=True)
    t, s = symbols("t s", real=True)
    out = {name: MatrixSymbol(name, n, n) for name in "ABC"}
    out |= {"X": MatrixSymbol("X", n, m), "Y": MatrixSymbol("Y", n, m), "Z": MatrixSymbol("Z", m, n)}
    out |= {"x": MatrixSymbol("x", n, 1), "y": MatrixSymbol("y", n, 1), "u": MatrixSymbol("u", m, 1), "row": MatrixSymbol("row", 1, n)}
    out |= {"P": MatrixSymbol("P", 2, 3), "c": Symbol("c", positive=True), "n": n, "m": m, "i": i, "j": j, "k": k, "t": t, "s": s}
    functions = (Determinant, KroneckerDelta, Rational, Sum, Trace, cos, det, exp, log, sin, sqrt, tanh, BlockMatrix, DiagMatrix)
    functions += (
        HadamardPower,
        HadamardProduct,
        KroneckerProduct,
        OneMatrix,
        ZeroMatrix,
        DiagonalMatrix,
        DiagonalOf,
        Identity,
        Inverse,
        MatAdd,
        MatMul,
        MatPow,
        ArrayAdd,
        ArrayContraction,
        ArrayDiagonal,
        ArrayTensorProduct,
        canonical,
        code,
        operator,
        plan,
    )
    return out | {f.__name__: f for f in functions} | {"I": Identity(n), "Q": Q, "mc": mc, "sympy": sympy}


NAMES = names()


class Shown(OwnSumsLast):
    """Prints as SymPy does, but of matrices of zeros and ones their shape too."""

    def _print_ZeroMatrix(self, e):
        return f"zeros({self._print(e.rows)}, {self._print(e.cols)})"

    def _print_OneMatrix(self, e):
        return f"ones({self._print(e.rows)}, {self._print(e.cols)})"


def answer(call: str) -> str:
    """What a call prints, in one line; of a refusal the name of the error."""
    try:
        found = eval(call, dict(NAMES))  # the calls are ours
        return " ".join((found if isinstance(found, str) else Shown().doprint(found)).split())
    except mc.MatcalcError as error:
        return type(error).__name__


def rows(folder: Path) -> list[tuple[str, str]]:
    """(call, answer) of the file in a folder."""
    lines = (folder / FILE).read_text(encoding="utf-8").splitlines()
    return [(call, found.strip()) for call, found in zip(lines[::2], lines[1::2], strict=True)]


def main() -> int:
    """Command line; status 1 where an answer is another one than the file says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--update", action="store_true", help="write the files anew")
    options = parser.parse_args()
    changed = 0
    for file in sorted(HERE.rglob(FILE)):
        today = [(call, old, answer(call)) for call, old in rows(file.parent)]
        for call, old, new in today:
            if old != new:
                changed += 1
                print(f"{call}\n  was  {old}\n  is   {new}")
        if options.update:
            file.write_text("".join(f"{call}\n    {new}\n" for call, _, new in today), encoding="utf-8")
    print(f"{changed} answers are others than the files say")
    return int(changed > 0 and not options.update)


if __name__ == "__main__":
    sys.exit(main())
