"""Are the numbers right where a formula as typed would overflow, cancel or divide nothing by nothing?

    python -m benchmarks.extremes             # a table of all cases
    python -m benchmarks.extremes --wrong     # of those that are not right
    python -m benchmarks.extremes softmax

Exit status 1 if something is not right that known.py has no reason for.
"""
import argparse
import json
import sys
from pathlib import Path

from .case import CASES, run
from .known import reason


def main(argv=None):
    parser = argparse.ArgumentParser(prog="python -m benchmarks.extremes", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="cases whose name contains one of these; all if left out")
    parser.add_argument("--wrong", action="store_true", help="show only what is not right")
    parser.add_argument("--json", help="write all results to this file")
    a = parser.parse_args(argv)
    results = [r for case in CASES if not a.names or any(n in case.name for n in a.names) for r in run(case)]
    print("| case | order | dtype | error, units of rounding | |\n|---|---|---|---|---|")
    for r in results:
        r["known"] = reason(r["name"], r["order"])
        verdict = "right" if r["right"] else f"known: {r['known']}" if r["known"] else "NOT RIGHT"
        if not (a.wrong and r["right"]):
            print(f"| {r['name']} | {r['order']} | {r['dtype']} | {r['units']:.3g} | {verdict} {r['note']} |")
    print(f"\n{sum(r['right'] for r in results)} of {len(results)} right")
    if a.json:
        Path(a.json).write_text(json.dumps(results, indent=1), encoding="utf-8")
    return int(any(not r["right"] and not r["known"] for r in results))


if __name__ == "__main__":
    sys.exit(main())
