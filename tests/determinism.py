"""One input, one answer: ``python tests/determinism.py [--every K] [--corpus path/to/public.json] [--only processes|spellings]``.

Every identity of the cookbook (and of a corpus) is derived twice in a row and once more with SymPy's cache cleared, in processes of several
hash seeds, each in a shuffled order of its own; and in other spellings: with and without ``[0, 0]``, transposed, traces turned, factors and
summands commuted. The trees of the answers must be the same. What is not is listed with its texts, and the exit status is 1.
``--every K`` takes every K-th identity; the command ends with how many of how many have one answer.
"""

import argparse
import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from sympy import Add, Dummy, Expr, Mul, S, Sum, Symbol, Trace, Transpose, srepr, symbols
from sympy.core.cache import clear_cache
from sympy.matrices.expressions import HadamardProduct, MatAdd, MatMul
from sympy.matrices.expressions.matexpr import MatrixElement, MatrixExpr

import sympy_matcalc as mc
from sympy_matcalc.cookbook import tables
from sympy_matcalc.cookbook.identity import derive

try:
    from .corpus_installed import load_oracle
except ImportError:  # run as a script
    from corpus_installed import load_oracle

ROOT = Path(__file__).resolve().parents[1]
SEEDS = ("0", "1", "4242")


class Case(NamedTuple):
    name: str
    expression: object
    variables: tuple
    kind: str


# ---------------------------------------------------------------- what is derived


def cases(corpus=None, every=1, only=None):
    """The identities of the cookbook, and those of a corpus file; only those of some names, if they are given."""
    found = [Case(i.number, i.expression, (i.variable,), i.kind) for i in tables.identities()]
    found += _of_corpus(Path(corpus)) if corpus else []
    return [case for case in found[::every] if only is None or case.name in only]


def _of_corpus(file):
    oracle, names = load_oracle(file.parent), {k: getattr(mc, k) for k in dir(mc) if isinstance(getattr(mc, k), type)}
    out = []
    for e in oracle.load(str(file)):
        if e["kind"] == "complex" or e.get("structure"):
            continue
        kind = {"matrix_by_matrix": "jacobian", "matrix_by_scalar": "derivative", "scalar_by_scalar": "derivative"}.get(
            e["kind"], e["kind"]
        )
        expression, variables = oracle.build(e["expr"], e, names), tuple(oracle.build(w, e, names) for w in oracle.wrts(e))
        out.append(Case(f"corpus {e['id']}", expression, variables, "derivative" if len(variables) > 1 else kind))
        if e.get("expected_vec"):
            out.append(Case(f"corpus {e['id']} vec", expression, variables, "vec hessian" if kind == "hessian" else "vec jacobian"))
    return out


def answer(case, expression=None):
    """The derivative, or the error without what it quotes."""
    expression = case.expression if expression is None else expression
    try:
        if len(case.variables) > 1:
            return mc.diff(expression, *case.variables)
        return derive(case.kind, expression, *case.variables)
    except mc.MatcalcError as error:
        return Symbol(f"{type(error).__name__}")


# ---------------------------------------------------------------- processes: seeds, order, caches, what went before


def texts(names_of, order):
    """{name: [text and tree of three derivations]}: twice in a row, then with SymPy's cache cleared, all in a shuffled order."""
    todo = cases(*names_of)
    random.Random(order).shuffle(todo)
    symbols(f"unused:{1000 * order}", cls=Dummy)  # so that the numbers of dummies are other ones
    return {case.name: thrice(case) for case in todo}


def thrice(case):
    found = [answer(case), answer(case)]
    clear_cache()
    return [[str(e), srepr(e)] for e in (*found, answer(case))]


def by_process(corpus, every, only=None, seeds=SEEDS):
    """{process: {name: texts}}."""
    out = {}
    for at, seed in enumerate(seeds):
        job = json.dumps({"names_of": [corpus, every, only], "order": at})
        done = subprocess.run(
            [sys.executable, __file__, "--job", job],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            cwd=ROOT,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        out[f"seed {seed}"] = json.loads(done.stdout)
    return out


def differing(processes):
    """[(name, [(text, where)])] of what was not answered the same everywhere."""
    out = []
    for name in next(iter(processes.values())):
        seen = {}
        for process, found in processes.items():
            for time, (text, tree) in zip(("first time", "second time", "cache cleared"), found[name]):
                seen.setdefault(tree, (text, []))[1].append(f"{process}, {time}")
        if len(seen) > 1:
            out.append((name, list(seen.values())))
    return out


# ---------------------------------------------------------------- spellings


def spellings(e):
    """[(what was done, the same expression spelled in another way)]."""
    changed = [(name, change(e)) for name, change in CHANGES.items()]
    out = [(name, again) for name, again in changed if again_differs(e, again)]
    if getattr(e, "is_Matrix", False) and e.shape == (1, 1):
        out += [
            ("transposed", Transpose(e)),
            ("factors transposed", transposed(e)),
            ("[0, 0] unevaluated", MatrixElement(e, S.Zero, S.Zero)),
        ]
        entry, turned = e[0, 0], transposed(e)[0, 0]
        if isinstance(entry, Expr):
            out += [("[0, 0]", entry), ("[0, 0], reversed", commuted(entry, lambda args: list(args)[::-1]))]
        if isinstance(turned, Expr):
            out.append(("factors transposed, [0, 0]", turned))
    return out


def again_differs(e, again):
    return again is not e and srepr(again) != srepr(e)


def transposed(e):
    """The transpose of a product with the transposes at its factors, as SymPy writes it."""
    return (
        e.T if not isinstance(e, MatMul) else MatMul(*(a.T if isinstance(a, MatrixExpr) else a for a in reversed(e.args)), evaluate=False)
    )


def commuted(e, order):
    """The expression with the arguments of every node that commutes in another order."""
    if not getattr(e, "args", ()) or isinstance(e, Sum) or not any(isinstance(a, (Expr, MatrixExpr)) for a in e.args):
        return e
    args = [commuted(a, order) if isinstance(a, (Expr, MatrixExpr)) and not a.is_Atom else a for a in e.args]
    if isinstance(e, (Add, Mul, MatAdd, HadamardProduct)) and not (isinstance(e, Mul) and any(a.is_Matrix for a in args)):
        return _unevaluated(e.func, order(args))
    if isinstance(e, MatMul):
        scalars = [a for a in args if not isinstance(a, MatrixExpr)]
        return MatMul(*order(scalars), *(a for a in args if isinstance(a, MatrixExpr)), evaluate=False)
    return e if all(x is y for x, y in zip(args, e.args)) else e.func(*args)


def _unevaluated(cls, args):
    return cls(*args, evaluate=False) if len(args) > 1 else args[0]


def with_traces(e, change):
    """The expression with the argument of every trace changed."""
    if isinstance(e, Trace):
        return Trace(change(e.arg))
    if not isinstance(e, Expr) or e.is_Matrix or not any(isinstance(a, Expr) and a.has(Trace) for a in e.args):
        return e
    return e.func(*(with_traces(a, change) if isinstance(a, Expr) else a for a in e.args))


def cycled(e):
    """A product with its first matrix moved to its end."""
    if not isinstance(e, MatMul):
        return e
    scalars, matrices = [a for a in e.args if not isinstance(a, MatrixExpr)], [a for a in e.args if isinstance(a, MatrixExpr)]
    return MatMul(*scalars, *matrices[1:], matrices[0], evaluate=False)


CHANGES = {
    "reversed": lambda e: commuted(e, lambda args: list(args)[::-1]),
    "rotated": lambda e: commuted(e, lambda args: [*args[1:], *args[:1]]),
    "traces transposed": lambda e: with_traces(e, Transpose),
    "traces transposed factor by factor": lambda e: with_traces(e, transposed),
    "traces turned": lambda e: with_traces(e, cycled),
}


def by_spelling(corpus, every):
    """[(name, [(text, spellings)])] of the identities whose answer depends on how they are typed."""
    found = ((case.name, answers_by_spelling(case)) for case in cases(corpus, every))
    return [(name, list(seen.values())) for name, seen in found if len(seen) > 1]


def answers_by_spelling(case):
    """{tree: (text, spellings that have it as their answer)}."""
    seen = {}
    for what, spelled in [("as it stands", case.expression), *spellings(case.expression)]:
        found = answer(case, spelled)
        seen.setdefault(srepr(found), (str(found), []))[1].append(what)
    return seen


# ---------------------------------------------------------------- the command


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, help="take every K-th identity only")
    parser.add_argument("--corpus", help="a corpus file, its oracle.py beside it")
    parser.add_argument("--only", default="", help="processes or spellings")
    parser.add_argument("--job", help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if options.job:
        json.dump(texts(**json.loads(options.job)), sys.stdout)
        return 0
    found = []
    if options.only in ("", "processes"):
        found += differing(by_process(options.corpus, options.every))
    if options.only in ("", "spellings"):
        found += by_spelling(options.corpus, options.every)
    for name, seen in found:
        print(name)
        for text, where in seen:
            print(f"    {text}\n        {'; '.join(where)}")
    total = len(cases(options.corpus, options.every))
    print(f"{total - len({name for name, _ in found})} of {total} identities have one answer")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
