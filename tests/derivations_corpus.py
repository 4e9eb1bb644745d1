"""Derivations of a corpus: ``python tests/derivations_corpus.py [public.json] [--cookbook] [--style chain] [--every K] [--only ids]``.

Every entry is explained at all three details, and every step checked once more from outside: through `.steps` alone, with each held
`Differential` written out by ``doit()``, against differences of the expression at three random points with distinct sizes, and for
linearity in dX. Printed are what is not true as soon as it is found, how far it has come, and in the end as JSON what is left out and why,
the median number of lines at detail 0 and of the cost. The exit status is 1 where a step is not true.
"""

import argparse
import json
import re
import sys
import time
from collections import Counter
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
from sympy import MatrixSymbol  # noqa: E402

import sympy_matcalc as mc  # noqa: E402
from sympy_matcalc.cookbook.tables import identities  # noqa: E402
from sympy_matcalc.derivations.certify import is_stable  # noqa: E402
from sympy_matcalc.derivations.explain import derived  # noqa: E402
from sympy_matcalc.derivations.partial import Partial  # noqa: E402
from sympy_matcalc.errors import MatcalcError  # noqa: E402
from sympy_matcalc.testing import evaluate, random_env, random_expression  # noqa: E402
from sympy_matcalc.testing.differences import extrapolated, finite_difference_with_error, moved  # noqa: E402
from sympy_matcalc.testing.evaluator import Evaluation  # noqa: E402
from sympy_matcalc.testing.time_limit import OutOfTime, time_limit  # noqa: E402
from tests.corpus_installed import load_oracle  # noqa: E402

SECONDS = 60
TOLERANCE = 1e-6
POINTS = 3
EVERY = 20  # entries between two lines that say how far it has come
SIZES = ((3, 4, 2, 5, 6), (4, 2, 5, 3, 6), (5, 3, 2, 4, 6), (2, 5, 3, 4, 6))
DOMAIN_OF = {"pm1": "nonzero", "binary": "unit", "barrier": "above_one", "toeplitz": "any", "skew": "any"}
OPERATIONS = {"gradient": mc.gradient, "jacobian": mc.jacobian, "hessian": mc.hessian}


def of_corpus(path, only):
    """(name, expression, variable, order, domain, sizes, structure) of the entries of a corpus in one real variable."""
    oracle = load_oracle(path.parent)
    names = {name: getattr(mc, name) for name in dir(mc) if isinstance(getattr(mc, name), type)}
    for entry in oracle.load(str(path)):
        if entry["kind"] == "complex" or only and entry["id"] not in only:
            continue
        expr = oracle.build(entry["expr"], entry, names)
        variables = [oracle.build(w, entry, names) for w in oracle.wrts(entry)]
        if len(set(variables)) == 1:
            domain = {s: DOMAIN_OF.get(d, d) for s, d in entry["assumptions"].items()}
            given = {"structure": entry["structure"], "convention": "entries"} if entry.get("structure") else {}
            yield entry["id"], expr, variables[0], 2 if entry["kind"] == "hessian" else 1, domain, {}, given


def of_random(n, seed, order):
    """Random expressions of the fuzz, scalars only where the order is 2."""
    for s in range(seed, seed + n):
        try:
            with time_limit(SECONDS):
                expr, X, domain = random_expression(s)
        except (Exception, OutOfTime):
            continue
        if order == 1 or not getattr(expr, "is_Matrix", False) or tuple(expr.shape) == (1, 1):
            yield f"seed {s}", expr, X, order, domain, {}, {}


def of_cookbook(only):
    for row in identities():
        if not only or row.number in only:
            sizes = {s: d for s, d in row.domain.items() if isinstance(d, int)}
            domain = {s: d for s, d in row.domain.items() if s not in sizes}
            yield row.number, row.expression, row.variable, 2 if "hessian" in row.kind else 1, domain, sizes, {}


# ---------------------------------------------------------------- a step from outside


def written_out(e):
    """Without any held differential."""
    while e.has(mc.Differential):
        e = e.replace(lambda node: isinstance(node, mc.Differential), lambda node: node.doit())
    return e


def point(exprs, seed, sizes, domain):
    """Data at random, sizes distinct and in another order each time: what is asked for may need more rows than columns, or fewer."""
    symbols = {s for e in exprs for M in e.atoms(MatrixSymbol) for d in M.shape for s in getattr(d, "free_symbols", ())}
    free = sorted((s for s in symbols if str(s) not in map(str, sizes)), key=str)
    return random_env(exprs, seed, {**dict(zip(free, SIZES[seed % len(SIZES)])), **sizes}, domain)


def truth(left, env):
    """The first left side by differences of what it is the differential of."""
    part, X, dX = left.args
    step = np.asarray(env[dX])
    found = [
        extrapolated(lambda h: (evaluate(part, moved(env, X, h * step)) - evaluate(part, moved(env, X, -h * step))) / (2 * h), h0)
        for h0 in (0.01, 0.004)
    ]
    return found[0][0], found[0][1] + np.abs(found[0][0] - found[1][0])


@np.errstate(all="ignore")
def judge(derivation, domain, sizes):
    """The sentences that say what is not true of a derivation; (sentences, points judged)."""
    if derivation.style == "chain":
        return judge_chain(derivation, domain, sizes)
    wrong, judged = [], 0
    first = derivation.steps[0].left
    sides = [s.right for s in derivation.steps]
    if not isinstance(first, mc.Differential):
        return ["the first left side is no Differential"], 0
    for seed in range(4 * POINTS):
        if judged == POINTS:
            break
        try:
            env = point([derivation.expression, derivation.variable, first.direction], seed, sizes, domain)
            starts = {s.left: truth(s.left, env) for s in derivation.steps if isinstance(s.left, mc.Differential)}
        except (ValueError, np.linalg.LinAlgError, NotImplementedError, IndexError):
            continue
        if any(not np.all(np.isfinite(v)) or np.max(e, initial=0) > 1e-7 * max(1, np.abs(v).max(initial=0)) for v, e in starts.values()):
            continue
        if not stable_here(derivation.steps[-1].right, env):
            continue
        judged += 1
        expected, degree = None, 1
        twice = {**env, first.direction: 2 * np.asarray(env[first.direction])}
        for step, side in zip(derivation.steps, sides):
            if isinstance(step.left, mc.Differential) and step.opening:
                expected = starts[step.left][0]
                degree = 2 if step.left.part.has(first.direction) else 1
            elif step.opening:  # where dX is put into the structure, an equation of its own
                expected = evaluate(step.left, env)
            value, double = (np.squeeze(evaluate(written_out(side), e)) for e in (env, twice))
            if off(value, np.squeeze(expected)):
                wrong.append(f"`{side}` ({step.rule}) is not `{first}`: {np.ravel(value)[:3]} for {np.ravel(expected)[:3]}")
            if off(double, 2**degree * value):
                wrong.append(f"`{side}` ({step.rule}) is not of degree {degree} in the differential")
    return wrong, judged


def stable_here(e, env):
    """Whether a value is settled where the symbols have these values; not where a matrix is singular."""
    try:
        return is_stable(e, Evaluation(env))
    except np.linalg.LinAlgError:
        return False


def judge_chain(derivation, domain, sizes):
    """Definitions in their order; all other left sides written out by ``doit()``, and the answer against differences."""
    wrong, judged = [], 0
    for seed in range(4 * POINTS):
        if judged == POINTS:
            break
        try:
            env = point([derivation.expression, derivation.variable], seed, sizes, domain)
            expected, error = finite_difference_with_error(derivation.expression, derivation.variable, env)
        except (ValueError, np.linalg.LinAlgError, NotImplementedError, IndexError):
            continue
        settled = np.all(np.isfinite(expected)) and np.max(error, initial=0) < 1e-7 * max(1, np.abs(expected).max(initial=0))
        if not settled or not stable_here(derivation.result, env):
            continue
        judged += 1
        if off(np.squeeze(evaluate(derivation.steps[-1].right, env)), np.squeeze(expected)):
            wrong.append("the answer is not the derivative")
        for step in derivation.steps:
            if step.left.is_symbol:
                env[step.left] = evaluate(step.right, env)
            elif off(*(np.squeeze(evaluate(partials_written_out(side), env)) for side in (step.left, step.right))):
                wrong.append(f"`{step.left}` is not `{step.right}` ({step.rule})")
    return wrong, judged


def partials_written_out(e):
    return e.replace(lambda node: isinstance(node, Partial), lambda node: node.doit())


def off(value, expected):
    return value.shape != expected.shape or not np.abs(value - expected).max(initial=0) <= TOLERANCE * max(
        1, np.abs(expected).max(initial=0)
    )


def answer(kind, expr, X, given=None):
    """What the package gives."""
    word, given = kind.removeprefix("vec "), given or {}
    return OPERATIONS[word](expr, X, form="vec", **given) if kind.startswith("vec") else OPERATIONS[word](expr, X, **given)


def timed(function, *args):
    best = np.inf
    for _ in range(2):
        start = time.process_time()
        found = function(*args)
        best = min(best, time.process_time() - start)
    return found, best


# ---------------------------------------------------------------- the run


KEYS = "expression variable style detail order kind steps result latex names short certificate".split()


def said_of_data(derivation):
    """What is not as it should be of the derivation as data."""
    data = derivation.as_dict()
    same = json.loads(json.dumps(data)) == data and list(data) == KEYS and len(data["steps"]) == len(derivation.steps)
    return [] if same and str(derivation) and derivation.latex() and derivation.markdown() else ["the data are no JSON with the known keys"]


def judged_row(row, style, verbose):
    """What is found of an entry, as data: lines, cost, points, what is not true of it, or why it is left out."""
    name, expr, X, order, domain, sizes, given = row
    record = {"row": name, "style": style, "lines": [], "points": [], "ratio": None, "wrong": [], "left_out": None}
    try:
        with time_limit(SECONDS):
            for detail in (0, 1, 2):
                found, cost = timed(derived, expr, X, style, detail, order, *given.values())
                record["lines"].append(len(found.steps))
                if detail == 1:
                    ours, once = timed(answer, found.kind, expr, X, given)
                    record["ratio"] = round(cost / once, 2)
                    if found.result != ours or found.steps[-1].found != (found.kind, ours):
                        record["wrong"].append("the last line is not the package's answer")
                if verbose and detail == 0:
                    print(f"--- {name}\n{found}")
                said, judged = judge(found, domain, sizes)
                record["points"].append(judged)
                record["wrong"] += [f"detail {detail}: {s}" for s in [*said[:2], *said_of_data(found)]]
    except MatcalcError as error:
        record["left_out"] = f"{type(error).__name__}: {error}"
    except OutOfTime:
        record["left_out"] = "more than a minute"
    except Exception as error:  # whatever it is, it is the finding
        record["wrong"].append(f"{type(error).__name__}: {error}"[:300])
    return record


def show(record, number, count):
    if record["wrong"] or not number % EVERY or number == count:
        print(f"{number} of {count}: {record['row']}", *(f"  WRONG {w}" for w in record["wrong"]), sep="\n", flush=True)


def summary(records):
    """The figures of all records, as data."""
    explained = [r for r in records if not r["left_out"] and r["lines"]]
    reasons = Counter(re.sub(r"`[^`]*`|\([^()]*\)", "..", r["left_out"])[:150] for r in records if r["left_out"])
    board = [r["lines"][0] for r in explained]
    costs = [(r["ratio"], r["row"]) for r in explained if r["ratio"]]
    return {
        "entries": len(records),
        "explained": len(explained),
        "derivations": sum(len(r["points"]) for r in explained),
        "steps": sum(sum(r["lines"]) for r in explained),
        "wrong": {r["row"]: r["wrong"] for r in records if r["wrong"]},
        "left out": dict(reasons.most_common()),
        "at fewer than three points": {r["row"]: r["points"] for r in explained if min(r["points"], default=0) < POINTS},
        "lines at detail 0": {"median": median(board), "most": max(board)} if board else {},
        "cost over that of the derivative": {"median": median(c for c, _ in costs), "largest": sorted(costs)[-5:]} if costs else {},
    }


def run(rows, style, verbose, log):
    records = [json.loads(line) for line in log.read_text().splitlines()] if log and log.exists() else []
    known = {(r["row"], r["style"]) for r in records}
    for number, row in enumerate(rows, 1):
        if (row[0], style) in known:
            continue
        records.append(judged_row(row, style, verbose))
        show(records[-1], number, len(rows))
        if log:
            with log.open("a") as file:
                file.write(json.dumps(records[-1]) + "\n")
    figures = summary([r for r in records if r["style"] == style])
    print(json.dumps(figures, indent=2))
    return not figures["wrong"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", nargs="?", type=Path)
    parser.add_argument("--cookbook", action="store_true", help="the rows of the cookbook")
    parser.add_argument("--style", default="differential")
    parser.add_argument("--only", default="")
    parser.add_argument("--every", type=int, default=1, help="every one, every second, ...")
    parser.add_argument("--random", type=int, default=0, metavar="N", help="N random expressions")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--order", type=int, choices=(1, 2), default=1, help="of the random expressions")
    parser.add_argument(
        "--log", type=Path, help="a file to which a line of JSON is added for each entry; what is in it is not judged again"
    )
    parser.add_argument("--verbose", action="store_true")
    args = parser.parse_args()
    only = [x for x in args.only.split(",") if x]
    rows = [*(of_corpus(args.path, only) if args.path else []), *(of_cookbook(only) if args.cookbook else [])]
    rows += of_random(args.random, args.seed, args.order)
    return 0 if run(rows[:: args.every], args.style, args.verbose, args.log) else 1


if __name__ == "__main__":
    sys.exit(main())
