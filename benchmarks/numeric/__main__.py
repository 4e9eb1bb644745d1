"""Is the generated code as fast as what an expert writes by hand, and faster than JAX?

    python -m benchmarks.numeric                                   # everything: problems, orders, sizes
    python -m benchmarks.numeric factorisation poisson --orders grad,hess --sizes medium --jax
    python -m benchmarks.numeric --area regression --output table.md --json table.json
    python -m benchmarks.numeric --smoke                           # are all answers right? small sizes, one round
    python -m benchmarks.numeric --data                            # batches, sparse data, SparseDiffPy (`pip install sparsediffpy`)
    python -m benchmarks.numeric --memory --sizes large            # peak memory too

One process, one thread, pinned to one core; the contestants of a case take turns. Exit status 1 if an answer is wrong or our code fails.
"""

import argparse
import json
import os
import platform
import sys

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
for variable in THREADS:  # before NumPy is imported, or they are not read
    os.environ.setdefault(variable, "1")


def arguments(argv):
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.numeric", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("problems", nargs="*", help="names of problems; all of them if left out")
    parser.add_argument("--area", action="append", default=[], help="all problems of a file of problems/, such as regression")
    parser.add_argument("--orders", default="value,grad,jac,hess")
    parser.add_argument("--sizes", default="small,medium,large")
    parser.add_argument("--modules", default="numpy", help="the back end of lambdify")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--jax", action="store_true", help="JAX too, the best of its modes")
    parser.add_argument("--data", action="store_true", help="batches, sparse data and SparseDiffPy in the place of the problems")
    parser.add_argument("--memory", action="store_true", help="peak memory, hand against ours")
    parser.add_argument("--smoke", action="store_true", help="small sizes, one round; the hand-written code against differences too")
    parser.add_argument("--no-pin", action="store_true", help="do not pin the process to one core")
    parser.add_argument("--fresh-pages", action="store_true", help="let the allocator give memory back: less repeatable")
    parser.add_argument("--output", help="write the tables to this file, else they are printed")
    parser.add_argument("--json", help="write all rows to this file")
    parser.add_argument("--list", action="store_true", help="list the problems")
    return parser.parse_args(argv)


def chosen(a, problems):
    unknown = sorted(set(a.problems) - set(problems)) + sorted(set(a.area) - {p.area for p in problems.values()})
    if unknown:
        raise SystemExit(f"no problem or area is called {', '.join(unknown)}; --list shows what there is")
    return [p for name, p in problems.items() if not (a.problems or a.area) or name in a.problems or p.area in a.area]


def versions():
    from importlib.metadata import PackageNotFoundError, version

    found = []
    for package in ("numpy", "scipy", "sympy", "jax", "sparsediffpy"):
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            pass
    return f"Python {platform.python_version()}, {', '.join(found)}, {platform.machine()}. {threads()}"


def threads():
    """The threads of the libraries, and the cores that the process may use."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"Threads: {', '.join(f'{name}={os.environ[name]}' for name in THREADS)}; cores: {cores}."


def rows_of(a, problems):
    """The rows, each shown on stderr as it is there."""
    from .contest import Derived, run_case
    from .memory import peak
    from .reference import disagreement

    sizes, orders = a.sizes.split(","), a.orders.split(",")
    for problem in problems:
        for order in [o for o in problem.orders() if o in orders]:
            derived = Derived(problem, order, a.modules)
            for size in sizes:
                row = run_case(problem, order, size, derived, a.modules, a.jax, a.rounds)
                if a.smoke:
                    row["differences"] = disagreement(problem, order, problem.make(order, size))
                if a.memory:
                    row["memory"] = {who: peak(problem, order, size, who) for who in ("hand", "ours")}
                print(line(row), file=sys.stderr, flush=True)
                yield row


def line(row):
    """One case in one line, ratios to hand."""
    from .report import wrong

    s = row["seconds"]
    return " ".join(
        [
            row["problem"],
            row["order"],
            row["size"],
            *(f"{name} {s[name] / s['hand']:.2f}" for name in s if name != "hand"),
            *(f"WRONG {name} {e:.0e}" for name, e in wrong(row)),
            *(f"FAILS {name}: {text}" for name, text in row["failure"].items()),
        ]
    )


def main(argv=None):
    a = arguments(argv)
    if a.smoke:
        a.sizes, a.rounds = "small", 1
    from .machine import keep_freed_memory, pin

    if not a.no_pin:
        pin()
    if not a.fresh_pages:
        keep_freed_memory()
    from .problems import PROBLEMS
    from .report import report, wrong

    problems = chosen(a, PROBLEMS)
    if a.list:
        print("\n".join(f"{p.area:15} {p.__name__:28} {' '.join(p.orders()):16} {p.__doc__}" for p in problems))
        return 0
    if a.data:
        return data_report(a)
    rows = list(rows_of(a, problems))
    written(a, report(rows, versions()), rows)
    return int(any(wrong(r) or "ours" in r["failure"] or r.get("differences", 0) > 1e-5 for r in rows))


def data_report(a):
    from .data import is_wrong, table
    from .data import rows as rows_of_data

    rows = list(rows_of_data(a.sizes.split(","), a.rounds))
    written(a, f"{versions()}\n\n{table(rows)}", rows)
    return int(any(map(is_wrong, rows)))


def written(a, text, rows):
    """Write the tables, or print them, and all rows where that is asked for."""
    if a.output:
        with open(a.output, "w", encoding="utf-8") as file:
            file.write(text)
    else:
        print(text)
    if a.json:
        with open(a.json, "w", encoding="utf-8") as file:
            json.dump(rows, file, indent=1)


if __name__ == "__main__":
    sys.exit(main())
