"""Faults planted in the answers of textbooks, and what `verdict` calls them: ``python tests/verdicts_corpus.py [path/to/public.json] [...]``.

Each derivative of a corpus (its ``oracle.py`` beside it builds the expressions) and of the cookbook gets a transposition, a factor, a sign,
a dropped term and the use of a symmetry that is not stated, each where it changes the value. Printed is the share whose kind is named
right, as ``.kind`` or, of a formula that is two things at once, in ``.also``; none may be called right. Complex entries, which `verdict`
does not judge, are left out. The exit status is 1 where less than 99 % are named, or one is called right.
"""

import argparse
import json
import signal
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
import sympy  # noqa: E402
from sympy import Add, Q, Rational  # noqa: E402
from sympy.matrices.expressions import MatAdd, MatrixSymbol  # noqa: E402

import sympy_matcalc as mc  # noqa: E402
from sympy_matcalc.cookbook.tables import identities  # noqa: E402
from sympy_matcalc.testing import evaluate, random_env  # noqa: E402
from sympy_matcalc.testing.data import DOMAINS  # noqa: E402
from sympy_matcalc.verdicts.arithmetic import combined, times, turned  # noqa: E402
from tests.corpus_installed import load_oracle  # noqa: E402

LEAST = 0.99
SECONDS = 120  # of the processor, for a row: whatever else the machine does
DOMAIN_OF = {"pm1": "nonzero", "binary": "unit", "barrier": "unit", "toeplitz": "any", "skew": "any"}
ORDERS = {"hessian": 2, "vec hessian": 2}


class Row(NamedTuple):
    """A derivative of a book: what `verdict` is asked, and the answers that faults are planted in."""

    name: str
    expr: Any
    X: Any
    given: dict
    answers: list


def of_corpus(path, only):
    oracle = load_oracle(path.parent)
    names = {k: getattr(mc, k) for k in dir(mc) if isinstance(getattr(mc, k), type) and issubclass(getattr(mc, k), sympy.Basic)}
    for entry in oracle.load(str(path)):
        if entry["kind"] == "complex" or "complex" in entry["needs"] or only and entry["id"] not in only:
            continue
        variables = [oracle.build(w, entry, names) for w in oracle.wrts(entry)]
        expr = oracle.build(entry["expr"], entry, names)
        given = {"order": 2 if entry["kind"] == "hessian" else 1, "domain": domain_of(entry, oracle, names)}
        given |= {"Y": variables[1]} if len(variables) > 1 else {}
        given |= {"structure": entry["structure"], "convention": "entries"} if entry.get("structure") else {}
        for key, form in (("expected", None), ("expected_vec", "vec")):
            if entry.get(key) or form is None:
                book = [oracle.build(entry[key], entry, names)] if entry.get(key) else []
                yield Row(f"{entry['id']} {form or ''}".strip(), expr, variables[0], given | ({"form": form} if form else {}), book)


def domain_of(entry, oracle, names):
    """The data of an entry, by name."""
    found = {}
    for name, domain in entry["assumptions"].items():
        domain = DOMAIN_OF.get(domain, domain)
        if domain in DOMAINS or domain.startswith("index:"):
            found[name] = domain
    return found


def of_cookbook(only):
    for identity in identities():
        if only and identity.number not in only:
            continue
        given = {"order": ORDERS.get(identity.kind, 1), "domain": identity.domain}
        given |= {"form": "vec"} if identity.kind.startswith("vec") else {}
        yield Row(
            "cookbook " + identity.number, identity.expression, identity.variable, given, [] if identity.book is None else [identity.book]
        )


# ---- planting
def derivative_of(row, **more):
    given = {k: v for k, v in row.given.items() if k not in ("order", "domain")} | more
    if row.given["order"] == 2:
        return mc.hessian(row.expr, row.X, given.pop("Y", None), **given)
    if is_scalar(row.expr) and not given.get("form"):
        return mc.gradient(row.expr, row.X, **given)
    return mc.jacobian(row.expr, row.X, **given)


def is_scalar(e):
    return not getattr(e, "is_Matrix", False) or e.shape == (1, 1)


def planted(row, right):
    """(the kind of the fault, the formula with it) of an answer that is right."""
    if getattr(right, "is_Matrix", False):
        yield "transposed", turned(right)
    yield "sign", times(-1, right)
    for factor in (2, Rational(1, 2), *sizes_of(row.X)[:1]):
        yield "scaled", times(factor, right)
    yield from (("missing term", mine) for mine in without_a_term(right))
    squares = [A for A in sorted(row.expr.atoms(MatrixSymbol), key=str) if A.shape[0] == A.shape[1] != 1]
    if not row.given.get("structure"):
        for A in squares:
            mine = derivative_of(row, assumptions=Q.symmetric(A))
            is_transpose = getattr(right, "is_Matrix", False) and mine.shape == right.shape[::-1] and not differs(row, mine, turned(right))
            yield "transpose under symmetry" if is_transpose else "right if", mine


def sizes_of(X):
    return [s for s in getattr(X, "shape", ()) if s.is_Symbol]


def without_a_term(e):
    terms = e.args if isinstance(e, (Add, MatAdd)) else getattr(mc.expand(e), "args", ()) if isinstance(mc.expand(e), (Add, MatAdd)) else ()
    for k in range(len(terms) if terms is e.args else min(1, len(terms))):
        rest = [*terms[:k], *terms[k + 1 :]]
        yield combined(*((1, t) for t in rest))


def differs(row, mine, right):
    """Whether a fault changes the value, at a random point of the entry's domain."""
    sizes = {s: d for s, d in row.given["domain"].items() if isinstance(d, int)}
    domain = {s: d for s, d in row.given["domain"].items() if not isinstance(d, int)}
    for seed in range(8):
        try:
            env = random_env([row.expr, row.X, right], seed, sizes, domain)
            a, b = (np.asarray(evaluate(e, env)) for e in (mine, right))
        except (ValueError, np.linalg.LinAlgError):
            continue
        if np.all(np.isfinite(a)) and np.all(np.isfinite(b)):
            return a.shape != b.shape or np.abs(a - b).max(initial=0) > 1e-9 * np.abs(b).max(initial=0)
    return False


def answers_of(row):
    """The package's answer, and the book's where `verdict` agrees that it is right without a further fact."""
    ours = derivative_of(row)
    yield ours
    for book in row.answers:
        if book != ours and mc.verdict(book, row.expr, row.X, **row.given).kind == "right":
            yield book


class Outcome(NamedTuple):
    planted: str
    kind: str
    also: tuple
    row: str
    text: str

    @property
    def is_named(self):
        """Of what is the whole transpose and right under symmetry too, both names are right: "transposed", with the condition beside."""
        if self.planted == "transpose under symmetry":
            return self.kind == "right if" or self.kind == "transposed" and "right if" in self.also
        return self.planted == self.kind or self.planted in self.also


def outcomes(row):
    for right in answers_of(row):
        if isinstance(right, mc.Einsum):
            continue  # judged in its vec form
        own = mc.verdict(right, row.expr, row.X, **row.given)
        yield Outcome("right", own.kind, own.also, row.name, str(own))
        for kind, mine in planted(row, right):
            if differs(row, mine, right):
                v = mc.verdict(mine, row.expr, row.X, **row.given)
                yield Outcome(kind, v.kind, v.also, row.name, str(v))


def judge(row):
    """What is logged of a row: its outcomes, or why it could not be judged."""
    signal.signal(signal.SIGPROF, _too_long)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    start, found, error = time.process_time(), [], None
    try:
        found += outcomes(row)
    except Exception as e:  # whatever it is, it is the finding
        error = f"{type(e).__name__}: {str(e)[:300]}"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return {"row": row.name, "outcomes": found, "error": error, "seconds": round(time.process_time() - start, 2)}


def _too_long(*_):
    raise TimeoutError(f"more than {SECONDS} s")


def show(record):
    for o in map(Outcome._make, record["outcomes"]):
        if not o.is_named:
            print(f"  {o.planted} -> {o.kind} {tuple(o.also)} {o.row}: {o.text}", flush=True)
    if record["error"]:
        print(f"  not judged: {record['row']}: {record['error']}", flush=True)


def report(records):
    """Print the shares of all records; the exit status."""
    by_kind = defaultdict(list)
    for o in (Outcome._make(o) for r in records for o in r["outcomes"]):
        by_kind[o.planted].append(o)
    for kind, some in by_kind.items():
        first = sum(o.kind == kind for o in some)
        named = sum(o.is_named for o in some)
        print(f"{kind:13s} {named} of {len(some)} named, {first} of them as `.kind`; called {dict(Counter(o.kind for o in some))}")
    faults = [o for kind, some in by_kind.items() for o in some if kind != "right"]
    wrong = [o for o in faults if o.kind == "right"]
    share = sum(o.is_named for o in faults) / max(1, len(faults))
    refused = sum(r["error"] is not None for r in records)
    print(f"{len(records)} rows, {refused} not judged, {sum(r['seconds'] for r in records):.0f} s")
    print(f"{len(faults)} faults, {100 * share:.2f} % named, {len(wrong)} called right")
    return int(share < LEAST or bool(wrong))


def logged(path):
    return [json.loads(line) for line in path.read_text().splitlines()] if path and path.exists() else []


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path, nargs="?", help="without one, the cookbook alone")
    parser.add_argument("--only", default="", help="ids of entries, separated by commas")
    parser.add_argument("--every", type=int, default=1, help="only every n-th entry")
    parser.add_argument("--start", type=int, default=0, help="the first entry, counted from 0")
    parser.add_argument("--minutes", type=float, default=600, help="stop after that long, and report on the entries so far")
    parser.add_argument("--no-cookbook", action="store_true")
    parser.add_argument("--log", type=Path, help="a file of what was judged, to which is added; what is in it is not judged again")
    parser.add_argument("--report", action="store_true", help="judge nothing more")
    a = parser.parse_args(argv)
    only = tuple(filter(None, a.only.split(",")))
    rows = [*(of_corpus(a.corpus, only) if a.corpus else ()), *(() if a.no_cookbook else of_cookbook(only))][a.start :: a.every]
    records, start = logged(a.log), time.time()
    known = {r["row"] for r in records}
    for row in () if a.report else rows:
        if time.time() - start > 60 * a.minutes:
            break
        if row.name in known:
            continue
        records.append(judge(row))
        show(records[-1])
        if a.log:
            with a.log.open("a") as file:
                file.write(json.dumps(records[-1], default=str) + "\n")
    return report(records)


if __name__ == "__main__":
    sys.exit(main())
