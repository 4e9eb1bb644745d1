r"""Render derivations with KaTeX and pdflatex, all of a corpus and of the cookbook. Not a test: it needs both programs.

    python tests/derivations/render_corpus.py OUT [--corpus public.json] [--katex FOLDER] [--details 0,1,2] [--every K]

OUT: a folder for `derivations.tex`, `derivations.pdf` and `derivations.json`. FOLDER: where `npm install katex` was run. pdflatex needs
amsmath, amssymb and geometry only. Printed are what either program refuses, and the lines that are wider than the page.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import sympy_matcalc as mc  # noqa: E402
from sympy_matcalc.derivations.explain import derived  # noqa: E402
from sympy_matcalc.derivations.tex import DOCUMENT  # noqa: E402
from tests.derivations_corpus import of_cookbook, of_corpus  # noqa: E402
from tests.printing.render_corpus import KATEX  # noqa: E402

STYLES = ("differential", "chain")


def derivations(rows, styles, details):
    """(name, derivation) of each row that has one."""
    for name, expr, X, order, *_, given in rows:
        for style in styles:
            for detail in details:
                try:
                    yield f"{name} {style} {detail}", derived(expr, X, style, detail, order, **given)
                except mc.MatcalcError:  # arrays, indices; in the chain style matrices and structures
                    break


def compiled(pages, out):
    """(errors, overfull boxes) of pdflatex on all pages."""
    body = "\n".join(rf"\typeout{{AT {name}}}\noindent\verb|{name}|{tex}" for name, tex in pages)
    (out / "derivations.tex").write_text(DOCUMENT % body)
    run = subprocess.run(["pdflatex", "-interaction=nonstopmode", "derivations.tex"], cwd=out, capture_output=True)
    errors, wide, at = [], [], ""
    for line in run.stdout.decode(errors="replace").splitlines():
        at = line[3:] if line.startswith("AT ") else at
        if line.startswith("!"):
            errors.append(f"{at}: {line}")
        elif found := re.match(r"Overfull \\hbox \(([\d.]+)pt", line):
            wide.append(f"{at}: {found[1]} pt too wide")
    return errors, wide


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--katex", type=Path)
    parser.add_argument("--styles", default=",".join(STYLES))
    parser.add_argument("--details", default="0,1,2")
    parser.add_argument("--every", type=int, default=1)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    rows = [*(of_corpus(args.corpus, []) if args.corpus else []), *of_cookbook([])][:: args.every]
    found = list(derivations(rows, args.styles.split(","), [int(d) for d in args.details.split(",")]))
    pages = [(name, d.latex()) for name, d in found]
    (args.out / "derivations.json").write_text(json.dumps(pages, indent=0))
    print(f"{len(pages)} derivations of {len(rows)} rows")
    bad = 0
    if args.katex:
        run = subprocess.run(["node", "-e", KATEX], input=json.dumps(pages), text=True, cwd=args.katex, check=True, capture_output=True)
        print(run.stdout)
        bad += run.stdout.count("\n") - 1
    if shutil.which("pdflatex"):
        errors, wide = compiled(pages, args.out)
        print(f"pdflatex: {len(errors)} errors, {len(wide)} lines wider than the page", *errors[:20], *wide, sep="\n")
        bad += len(errors) + len(wide)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
