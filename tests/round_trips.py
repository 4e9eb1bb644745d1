"""What is printed is read back: `parse(to_text(e))` and `parse(latex(e))` over the formulas of a corpus and their derivatives.

usage: python -m tests.round_trips CORPUS.json [--form text|latex|str] [--only ID,ID] [-v]

CORPUS: a list of entries with "expr", "wrt" and "kind", built by the `oracle` module beside it.
"""

import argparse
import sys
import warnings
from collections import Counter
from pathlib import Path

import numpy as np
from sympy import Basic, Lambda, MatAdd, MatrixSymbol, Symbol, default_sort_key
from sympy.concrete.expr_with_limits import ExprWithLimits

import sympy_matcalc as mc
from sympy_matcalc.answers import as_answer
from sympy_matcalc.testing import evaluate, random_env
from sympy_matcalc.text import parse, to_text
from sympy_matcalc.text.reader import shape_text

PRINTERS = {"text": (to_text, "auto"), "latex": (mc.latex, "latex"), "str": (lambda e: str(as_answer(e)), "auto")}


def declared(expr):
    """The shapes of the symbols, as they are declared."""
    names = [s for s in expr.free_symbols if not (s.is_integer and s.is_positive)]
    return {s.name: shape_text(s.shape) if isinstance(s, MatrixSymbol) else "scalar" for s in names}


def judged(expr, form):
    """("same" | "equal" | "differs" | "refused", what was printed or said)."""
    printer, syntax = PRINTERS[form]
    text = printer(expr)
    try:
        back = parse(text, declared(expr), syntax=syntax)[0]
    except mc.MatcalcError as error:
        return "refused", f"{text}   {str(error).splitlines()[0][:200]}"
    if back == expr:
        return "same", text
    symbols = {s.name: s for s in expr.free_symbols}
    named = {s: symbols[s.name] for s in back.free_symbols if isinstance(s, Symbol) and s.name in symbols}
    back = back.xreplace(named)
    if back == expr or _renamed(back) == _renamed(expr):
        return "same", text
    env = random_env([expr, back])
    try:
        close = np.allclose(np.squeeze(evaluate(back, env)), np.squeeze(evaluate(expr, env)), rtol=1e-8, atol=1e-10, equal_nan=True)
    except Exception as error:  # of the evaluator: this is a report
        return "differs", f"{text}   {type(error).__name__}: {error}"[:300]
    return ("equal" if close else "differs"), f"{text}   {to_text(back)}"


def _renamed(expr, depth=0):
    """The expression with bound names by their depth: SymPy binds a new one every time, so that `x.applyfunc(sin)` is no other `x.applyfunc(sin)`."""
    if not expr.args:
        return expr
    bound = expr.variables if isinstance(expr, (Lambda, ExprWithLimits)) else (expr.args[1][0],) if isinstance(expr, mc.MatrixSum) else ()
    expr = expr.xreplace({s: Symbol(f"_{depth + k}") for k, s in enumerate(bound)})
    args = [_renamed(a, depth + len(bound)) for a in expr.args]
    return (
        MatAdd(*sorted(args, key=default_sort_key)) if isinstance(expr, MatAdd) else expr.func(*args) if args != list(expr.args) else expr
    )


def expressions(entries, oracle, names):
    for e in entries:
        if e["kind"] == "complex" or e.get("structure"):
            continue
        try:
            expr = oracle.build(e["expr"], e, names)
            ws = [oracle.build(w, e, names) for w in oracle.wrts(e)]
            derivative = mc.gradient(expr, ws[0]) if e["kind"] == "gradient" else mc.diff(expr, *ws)
        except Exception:  # an entry that is about something else
            continue
        for found in (expr, derivative):
            if isinstance(found, Basic) and hasattr(found, "free_symbols"):
                yield e["id"], found


def main():
    out = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    out.add_argument("corpus")
    out.add_argument("--form", choices=list(PRINTERS), default="text")
    out.add_argument("--only", default="")
    out.add_argument("-v", action="store_true")
    args = out.parse_args()
    warnings.simplefilter("ignore")
    sys.path.insert(0, str(Path(args.corpus).parent))
    import oracle

    names = {k: getattr(mc, k) for k in dir(mc) if isinstance(getattr(mc, k), type) and issubclass(getattr(mc, k), Basic)}
    entries = [e for e in oracle.load(args.corpus) if not args.only or e["id"] in args.only.split(",")]
    found = Counter()
    for name, expr in expressions(entries, oracle, names):
        verdict, text = judged(expr, args.form)
        found[verdict] += 1
        if args.v or verdict in ("differs", "refused"):
            print(f"{verdict:8s} {name:8s} {text}")
    total = sum(found.values())
    print(
        f"{args.form}: {found['same']} the same and {found['equal']} of equal value of {total}, {found['differs']} differ, {found['refused']} refused"
    )


if __name__ == "__main__":
    main()
