"""What do the steps cost over the derivative itself? ``python benchmarks/explain.py [--corpus public.json] [--every K] [--detail D]``

For the cookbook (and a corpus) and for nets of growing depth: the time of a derivation without its certificate over that of the derivative
alone, both in this process, in turn, with SymPy's cache cleared before each run, the best of the rounds. Only ratios mean anything.
``--calls`` counts Python's calls in place of seconds, which does not depend on what else the machine does.
"""

import argparse
import cProfile
import sys
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from sympy import MatAdd, MatMul, MatrixSymbol, OneMatrix, log, symbols, tanh  # noqa: E402
from sympy.core.cache import clear_cache  # noqa: E402

from sympy_matcalc.derivations.explain import derived  # noqa: E402
from sympy_matcalc.errors import MatcalcError  # noqa: E402
from tests.derivations_corpus import answer, of_cookbook, of_corpus  # noqa: E402

n = symbols("n", integer=True, positive=True)
x = MatrixSymbol("x", n, 1)


def plain_net(k):
    h = x
    for i in range(k):
        h = MatMul(MatrixSymbol(f"A{i}", n, n), h).applyfunc(tanh)
    return MatMul(OneMatrix(1, n), h)


def skip_net(k):
    h = x
    for i in range(k):
        h = MatAdd(h, MatMul(MatrixSymbol(f"A{i}", n, n), h).applyfunc(tanh))
    return MatMul(OneMatrix(1, n), h)


def squares(k):
    h = (x.T * x)[0, 0]
    for _ in range(k // 2):  # SymPy's own assumptions take exponential time in it
        h = log(1 + h**2) + h
    return h


FAMILIES = {"net": plain_net, "net with skip connections": skip_net, "scalars used twice": squares}


def nets(depths):
    for name, family in FAMILIES.items():
        for k in depths:
            yield f"{name}, {k} layers", family(k), x, 1, {}, {}, {}


def seconds(function, *args):
    clear_cache()
    start = time.process_time()
    function(*args)
    return time.process_time() - start


def calls(function, *args):
    clear_cache()
    profile = cProfile.Profile()
    profile.runcall(function, *args)
    return sum(entry.callcount for entry in profile.getstats())


def ratio(expr, X, style, detail, order, measure, rounds):
    """The cost of the derivation over that of the derivative."""
    found = derived(expr, X, style, detail, order)
    answer(found.kind, expr, X)
    pairs = [(measure(derived, expr, X, style, detail, order), measure(answer, found.kind, expr, X)) for _ in range(rounds)]
    return min(p[0] for p in pairs) / min(p[1] for p in pairs), len(found.steps)


def figures(rows, args):
    measure, rounds = (calls, 1) if args.calls else (seconds, args.rounds)
    for name, expr, X, order, *_ in rows:
        try:
            yield (*ratio(expr, X, args.style, args.detail, order, measure, rounds), name)
        except MatcalcError:  # no derivation: arrays, indices
            continue


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--every", type=int, default=1, help="every one, every second, ... of corpus and cookbook")
    parser.add_argument("--style", default="differential")
    parser.add_argument("--detail", type=int, default=1)
    parser.add_argument("--depths", default="4,8,16")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--calls", action="store_true")
    parser.add_argument("--nets-only", action="store_true")
    args = parser.parse_args()
    if not args.nets_only:
        for title, rows in [("cookbook", of_cookbook([])), ("corpus", of_corpus(args.corpus, []) if args.corpus else ())]:
            found = sorted(figures(list(rows)[:: args.every], args))
            if found:
                print(f"{title}: {len(found)}, median {median(r for r, _, _ in found):.2f}, most {found[-1][0]:.2f}")
                print("   ", ", ".join(f"{name} {r:.1f}" for r, _, name in found[-8:][::-1]))
    for r, lines, name in figures(nets([int(k) for k in args.depths.split(",")]), args):
        print(f"{name}: {r:.2f} ({lines} lines)")


if __name__ == "__main__":
    main()
