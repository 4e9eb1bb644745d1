"""Is deriving by a variable with structure within twice the time of deriving by all entries? ``python benchmarks/structured.py [--quick]``

Scalars as books have them, gradient and Hessian (plain, and in the vec form), each structure by each convention and in the vech form. One
process; the contestants of a case are timed in turn, SymPy's cache cleared before each run, and the least CPU time of the rounds counts.
Only ratios mean anything: time with the structure to that without, the geometric mean over the scalars and the largest. ``--calls`` counts
calls of functions, Python's and C's, in the place of time: the same on a busy machine, and nearly so from run to run.
"""

import argparse
import gc
import math
import sys
import time
from functools import partial

from sympy import Determinant, HadamardProduct, MatrixSymbol, Trace, exp, log, sqrt, symbols
from sympy.core.cache import clear_cache

import sympy_matcalc as mc
from sympy_matcalc.structure import CONVENTIONS, STRUCTURES

n = symbols("n", integer=True, positive=True)
X, A, B, C = (MatrixSymbol(c, n, n) for c in "XABC")
a, b = (MatrixSymbol(c, n, 1) for c in "ab")

SCALARS = {
    "tr(AX)": Trace(A * X),
    "a'Xb": (a.T * X * b)[0, 0],
    "tr(X'AX)": Trace(X.T * A * X),
    "tr(AXBX)": Trace(A * X * B * X),
    "log det X": log(Determinant(X)),
    "det X": Determinant(X),
    "tr(A X^-1)": Trace(A * X.I),
    "Gaussian": log(Determinant(X)) / 2 + Trace(X.I * C) / 2,
    "log det(AXA' + B)": log(Determinant(A * X * A.T + B)),
    "|AXB - C|^2": mc.Norm(A * X * B - C) ** 2,
    "|Xa - b|": sqrt(((X * a - b).T * (X * a - b))[0, 0]),
    "exp(a'X^2 b)": exp((a.T * X**2 * b)[0, 0]),
    "(a'Xa)(b'Xb)": (a.T * X * a)[0, 0] * (b.T * X * b)[0, 0],
    "tr((X o A)X)": Trace(HadamardProduct(X, A) * X),
    "tr exp X": Trace(mc.MatrixExp(X)),
    "sum of log(1 + exp(Xa))": mc.ElementSum((X * a).applyfunc(lambda u: log(1 + exp(u)))),
}


def cases(form):
    """(structure, convention) of a form."""
    for name, s in STRUCTURES.items():
        if form == "vech":
            yield from [(name, None)] if s.basis else []
        else:
            yield from ((name, c) for c in CONVENTIONS if c == "subspace" or s.ties)


def derive(order, f, name=None, convention=None, form=None):
    given = {k: v for k, v in (("structure", name), ("convention", convention), ("form", form)) if v is not None}
    return mc.gradient(f, X, **given) if order == 1 else mc.hessian(f, X, **given)


def least_times(calls, rounds):
    """The least time of each call, all of them in turn."""
    best = [math.inf] * len(calls)
    for _ in range(rounds):
        for k, call in enumerate(calls):
            clear_cache()
            start = time.process_time()
            call()
            best[k] = min(best[k], time.process_time() - start)
    return best


def calls_of(calls):
    """How many functions each of the calls calls, from an empty cache of SymPy's."""
    found = []
    for call in calls:
        call()  # what is imported or made once is not counted
        clear_cache()
        count = [0]
        add = count.__setitem__

        def seen(frame, event, arg, count=count, add=add):
            if event in ("call", "c_call"):
                add(0, count[0] + 1)

        sys.setprofile(seen)
        try:
            call()
        finally:
            sys.setprofile(None)
        found.append(count[0])
    return found


def measured(order, form, scalars, measure, only=()):
    """{(structure, convention): [(ratio, scalar), ...]}: the baseline is the derivative by all entries, in the vec form for vech."""
    asked = [c for c in cases(form) if not only or c[0] in only]
    found = {c: [] for c in asked}
    plain = "vec" if form == "vech" and order == 2 else form if form != "vech" else None
    for title, f in scalars.items():
        calls = [partial(derive, order, f, form=plain), *(partial(derive, order, f, *c, form) for c in asked)]
        gc.collect()
        gc.disable()
        base, *times = measure(calls)
        gc.enable()
        for c, t in zip(asked, times):
            found[c].append((t / base, title))
    return found


def table(found):
    lines = []
    for (name, convention), ratios in found.items():
        mean = math.exp(sum(math.log(r) for r, _ in ratios) / len(ratios))
        worst, title = max(ratios)
        lines.append(f"  {name:15} {convention or '':9} mean {mean:5.2f}   largest {worst:5.2f}  {title}{'   !' if mean > 2 else ''}")
    return "\n".join(lines)


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="two scalars and one round, as in the tests")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--calls", action="store_true", help="count calls of functions in the place of time")
    parser.add_argument("--only", default="", help="structures, with commas between them")
    args = parser.parse_args(argv)
    scalars = dict(list(SCALARS.items())[:2]) if args.quick else SCALARS
    only = tuple(filter(None, args.only.split(",")))
    measure = calls_of if args.calls else partial(least_times, rounds=1 if args.quick else args.rounds)
    what = "calls" if args.calls else "time"
    for order, form in ((1, None), (1, "vech"), (2, None), (2, "vec"), (2, "vech")):
        print(f"{'gradient' if order == 1 else 'Hessian'}, form {form or 'plain'}: {what} by that of all entries")
        print(table(measured(order, form, scalars, measure, only)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
