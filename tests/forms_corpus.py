"""How often an answer is the textbook's very expression: ``python tests/forms_corpus.py path/to/public.json [--only id,id] [--verbose]``.

Each derivative of a corpus is compared with the expected one by `tests.comparator.same_expression`, which sees through the ways SymPy writes
one expression; the corpus's own ``oracle.py`` beside it builds the expressions. Where the book uses a fact (a symmetric matrix),
the answer may be the one under that fact. What differs is listed with the number of nodes of both, the longest first.
Entries without a matrix answer, complex and structured ones are left out. The exit status is 1 where less than 95 % are the book's.
"""

import argparse
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import sympy  # noqa: E402
from sympy import And, Basic, Q, preorder_traversal  # noqa: E402

import sympy_matcalc as mc  # noqa: E402
from tests.comparator import same_expression  # noqa: E402
from tests.corpus_installed import load_oracle  # noqa: E402

FACTS = {"symmetric": Q.symmetric, "spd": Q.positive_definite, "diagonal": Q.diagonal, "orthogonal": Q.orthogonal}
LEAST = 0.95


class Answer(NamedTuple):
    """An entry in one layout: the book's answer and ours, the latter under the facts too."""

    name: str
    source: str
    expected: Basic
    plain: Basic
    with_facts: Basic

    @property
    def is_the_books(self):
        return same_expression(self.plain, self.expected) or same_expression(self.with_facts, self.expected)

    @property
    def ours(self):
        return self.plain if same_expression(self.plain, self.expected) else min(self.plain, self.with_facts, key=nodes)

    @property
    def ratio(self):
        return nodes(self.ours) / nodes(self.expected)


def nodes(e):
    return sum(1 for _ in preorder_traversal(e))


def derivative(kind, twice, expr, variables, form, facts):
    """The derivative in the layout of the entry's kind."""
    if kind == "gradient":
        return mc.gradient(expr, variables[0], assumptions=facts)
    if kind == "hessian" and twice:
        return mc.hessian(expr, *variables, form=form, assumptions=facts)
    if kind in ("jacobian", "matrix_by_matrix"):
        return mc.jacobian(expr, variables[0], form=form, assumptions=facts)
    return mc.diff(expr, *variables, assumptions=facts)


def answers(oracle, entry, names):
    """The `Answer` of each layout in which the entry has one."""
    for key, form in (("expected", None), ("expected_vec", "vec")):
        if not entry.get(key):
            continue
        expr, expected = (oracle.build(code, entry, names) for code in (entry["expr"], entry[key]))
        variables = [oracle.build(w, entry, names) for w in oracle.wrts(entry)]
        twice = any(getattr(x, "is_Matrix", False) for x in variables)
        stated = [FACTS[what](oracle.build(name, entry, names)) for name, what in entry["assumptions"].items() if what in FACTS]
        plain, with_facts = (derivative(entry["kind"], twice, expr, variables, form, f) for f in (None, And(*stated) if stated else None))
        yield Answer(entry["id"] + (" vec" if form else ""), f"{entry['expr']} by {entry['wrt']}", expected, plain, with_facts)


def all_answers(path, only=()):
    """The `Answer`s of a corpus, in its order."""
    oracle = load_oracle(path.parent)
    names = {k: getattr(mc, k) for k in dir(mc) if isinstance(getattr(mc, k), type) and issubclass(getattr(mc, k), sympy.Basic)}
    for entry in oracle.load(str(path)):
        is_asked = entry["id"] in only or not only
        if is_asked and entry["kind"] != "complex" and not entry.get("structure") and not {"complex", "structured"} & set(entry["needs"]):
            yield from answers(oracle, entry, names)


def described(answer):
    ours, book = nodes(answer.ours), nodes(answer.expected)
    return f"{answer.name} ({ours}/{book} nodes): {answer.source}\n    ours  {answer.ours}\n    book  {answer.expected}"


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--only", default="", help="ids of entries, separated by commas")
    parser.add_argument("--verbose", action="store_true", help="print those that are the book's too")
    a = parser.parse_args(argv)
    found = list(all_answers(a.corpus, tuple(filter(None, a.only.split(",")))))
    differing = [x for x in found if not x.is_the_books]
    for x in sorted(found if a.verbose else differing, key=lambda x: -x.ratio):
        print(described(x), flush=True)
    ratios = sorted(x.ratio for x in found)
    share = 1 - len(differing) / len(found)
    print(f"the book's expression: {len(found) - len(differing)} of {len(found)} ({100 * share:.1f} %)")
    print(f"nodes ours/book: 95th percentile {ratios[min(len(ratios) - 1, int(0.95 * len(ratios)))]:.2f}, most {ratios[-1]:.2f}")
    return int(share < LEAST)


if __name__ == "__main__":
    sys.exit(main())
