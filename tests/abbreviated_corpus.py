"""What `abbreviate` does to the answers of a corpus: ``python tests/abbreviated_corpus.py path/to/public.json [--verbose]``.

Of each entry, in each layout, the parts put back have to be the very answer, and the nodes and the printed characters of definitions and
expression together may not be more than those of the answer, a symbol one node. The corpus's own ``oracle.py`` beside it builds the
expressions. The exit status is 1 where one of this does not hold.
"""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import sympy  # noqa: E402
from sympy import MatrixSymbol  # noqa: E402

import sympy_matcalc as mc  # noqa: E402
from tests.corpus_installed import load_oracle  # noqa: E402
from tests.forms_corpus import derivative  # noqa: E402

COMPLEX = {"wirtinger": "Z", "conj": "conjugate", "re": "real", "im": "imag", "gradient": "gradient"}


def answers(path):
    """(name, our derivative) of each entry of a corpus in each of its layouts."""
    oracle = load_oracle(path.parent)
    names = {k: getattr(mc, k) for k in dir(mc) if isinstance(getattr(mc, k), type) and issubclass(getattr(mc, k), sympy.Basic)}
    for entry in oracle.load(str(path)):
        expr = oracle.build(entry["expr"], entry, names)
        variables = [oracle.build(w, entry, names) for w in oracle.wrts(entry)]
        twice = any(getattr(x, "is_Matrix", False) for x in variables)
        for form in (None, "vec") if entry.get("expected_vec") else (None,):
            if entry["kind"] == "complex":
                yield entry["id"], mc.complex_derivative(expr, variables[0], by=COMPLEX[entry.get("complex_mode", "wirtinger")])
            elif entry.get("structure"):
                yield entry["id"], mc.gradient(expr, variables[0], structure=entry["structure"], convention="entries")
            else:
                yield entry["id"] + (" vec" if form else ""), derivative(entry["kind"], twice, expr, variables, form, None)


def nodes(e):
    return 1 if isinstance(e, MatrixSymbol) or not e.args else 1 + sum(map(nodes, e.args))


def faults(answer, short):
    """What does not hold of an abbreviation."""
    if short.doit() != answer:
        yield "the parts put back are another expression"
    if sum(1 + nodes(part) for _, part in short.names) + nodes(short.expression) > nodes(answer):
        yield "more nodes"
    if short.names and len(str(short)) >= len(str(answer)):
        yield "more characters"


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--verbose", action="store_true", help="print what got names")
    a = parser.parse_args(argv)
    count = named = wrong = 0
    for name, answer in answers(a.corpus):
        short = mc.abbreviate(answer)
        count, named = count + 1, named + bool(short.names)
        for fault in faults(answer, short):
            wrong += 1
            print(f"{name}: {fault}: {answer}", flush=True)
        if a.verbose and short.names:
            print(f"{name}\n    {answer}\n    is\n    " + str(short).replace("\n", "\n    "), flush=True)
    print(f"{count} answers, {named} with names, {wrong} faults")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
