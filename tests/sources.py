"""All generated sources in one file, to compare before and after a change of the code generator.

    python tests/sources.py dump OUT.json [--fuzz 300] [--problems FILE] [--modules numpy,jax]
    python tests/sources.py compare BEFORE.json AFTER.json [--show 20]

`dump` writes the source of every benchmark (`benchmarks.numeric`), of the identities of the cookbook, of random expressions (those of
`fuzz_numeric`, by seed), and of the problems in a FILE that defines ``PROBLEMS`` (name -> object with `sizes`, by order of derivative,
and ``sym() -> (expression, variable, arguments)``), with the seconds of processor time that deriving and generating took. `compare`
prints the lines that differ, equal differences counted once, and the ratio of the times. Set PYTHONHASHSEED to compare a single line.
"""

import argparse
import difflib
import json
import math
import runpy
import sys
import time
from collections import Counter
from pathlib import Path

from sympy import MatrixSymbol, Symbol

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import sympy_matcalc as mc  # noqa: E402
from benchmarks.numeric import problems  # noqa: E402, F401  registers the problems
from benchmarks.numeric.problem import PROBLEMS  # noqa: E402
from sympy_matcalc.cookbook.tables import identities  # noqa: E402
from sympy_matcalc.errors import MatcalcError  # noqa: E402
from tests import fuzz_numeric  # noqa: E402

DERIVATIVES = {"value": lambda expr, X: expr, "grad": mc.gradient, "hess": mc.hessian, "jac": mc.jacobian}


class Dump:
    """Collects sources and times by name."""

    def __init__(self, modules):
        self.modules, self.sources, self.seconds = modules, {}, {}

    def add(self, name, args, exprs, **options):
        for module in self.modules if not options else ("numpy",):
            start = time.process_time()
            try:
                source = mc.lambdify(args, exprs, modules=module, **options).source
            except (MatcalcError, NotImplementedError) as error:
                source = f"{type(error).__name__}: {error}"
            self.seconds[f"{name}/{module}"] = time.process_time() - start
            self.sources[f"{name}/{module}"] = source

    def derived(self, name, args, expr, order):
        start = time.process_time()
        exprs = DERIVATIVES[order](expr, args[0])
        self.seconds[f"{name}/{order}/derive"] = time.process_time() - start
        self.add(f"{name}/{order}", args, exprs)
        if order in ("hess", "jac"):
            self.add(f"{name}/{order}/structured", args, exprs, structured=True)

    def benchmarks(self):
        for name, problem in PROBLEMS.items():
            for order in problem.orders():
                self.derived(f"benchmark {name}", list(problem.args), problem.expr, order)

    def cookbook(self):
        for identity in identities():
            exprs = [identity.expression, identity.derivative]
            self.add(f"cookbook {identity.number}", arguments(exprs), exprs)

    def problems(self, file):
        for name, problem in runpy.run_path(file)["PROBLEMS"].items():
            if problem.sym is not None:
                expr, X, args = problem.sym()
                args = [X, *(a for a in args if a != X)]
                for order in problem.sizes:
                    self.derived(f"problem {name}", args, expr, order)

    def fuzz(self, count):
        for seed in range(count):
            try:
                with fuzz_numeric.time_limit(20):
                    exprs, many_axes = fuzz_numeric.case(seed)
            except (Exception, fuzz_numeric.OutOfTime):  # what cannot be made is no case
                continue
            args = fuzz_numeric.arguments(exprs)
            self.add(f"fuzz {seed}", args, exprs)
            if many_axes:
                self.add(f"fuzz {seed} structured", args, exprs, structured=True)


def arguments(exprs):
    """The symbols of some expressions but for the sizes of its matrices."""
    found = sorted({s for e in exprs for s in e.free_symbols | e.atoms(MatrixSymbol)}, key=str)
    matrices = [s for s in found if isinstance(s, MatrixSymbol)]
    sizes = {s for M in matrices for size in M.shape for s in size.free_symbols}
    names = {M.name for M in matrices}
    return matrices + [s for s in found if isinstance(s, Symbol) and s not in sizes and s.name not in names]


def dump(args):
    out = Dump(args.modules.split(","))
    out.benchmarks()
    out.cookbook()
    if args.problems:
        out.problems(args.problems)
    out.fuzz(args.fuzz)
    Path(args.out).write_text(json.dumps({"sources": out.sources, "seconds": out.seconds}, indent=0))
    print(
        f"{len(out.sources)} sources, {sum('Error: ' in s[:40] for s in out.sources.values())} refused, {sum(out.seconds.values()):.1f} s"
    )


def compare(args):
    before, after = (json.loads(Path(f).read_text()) for f in (args.before, args.after))
    old, new = before["sources"], after["sources"]
    different, seen = [k for k in old if old[k] != new.get(k)], Counter()
    example = {}
    for name in different:
        lines = difflib.unified_diff(old[name].split("\n"), new.get(name, "").split("\n"), lineterm="", n=0)
        text = "\n".join(line for line in lines if not line.startswith(("---", "+++", "@@")))
        seen[text] += 1
        example.setdefault(text, name)
    for text, count in seen.most_common(args.show):
        print(f"===== {count} times, as in {example[text]}\n{text[:1500]}")
    both = [k for k in before["seconds"] if k in after["seconds"]]
    for kind in ("derive", "lambdify"):
        names = [k for k in both if k.endswith("/derive") == (kind == "derive")]
        total = sum(after["seconds"][k] for k in names) / max(1e-9, sum(before["seconds"][k] for k in names))
        logs = [math.log(max(1e-4, after["seconds"][k]) / max(1e-4, before["seconds"][k])) for k in names]
        print(f"{kind}: {total:.3f} of the time before, geometric mean of the ratios {math.exp(sum(logs) / max(1, len(logs))):.3f}")
    print(f"{len(old)} sources before, {len(new)} after, {len(different)} differ")
    return bool(different)


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(required=True)
    one = commands.add_parser("dump", help="write all sources")
    one.add_argument("out")
    one.add_argument("--fuzz", type=int, default=300, help="number of random expressions")
    one.add_argument("--problems", help="a Python file that defines PROBLEMS")
    one.add_argument("--modules", default="numpy,jax,torch,dask")
    one.set_defaults(run=dump)
    two = commands.add_parser("compare", help="print what differs")
    two.add_argument("before")
    two.add_argument("after")
    two.add_argument("--show", type=int, default=20, help="number of differences to print")
    two.set_defaults(run=compare)
    args = parser.parse_args(argv)
    return args.run(args)


if __name__ == "__main__":
    sys.exit(main())
