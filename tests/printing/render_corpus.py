r"""Render the LaTeX of every answer of a corpus of identities and of the cookbook with KaTeX and pdflatex. Not a test: it needs both programs.

    python tests/printing/render_corpus.py CORPUS OUT [--katex FOLDER] [--settings '{"bold": true}']

Each expression and each answer is a formula; one that is in both is rendered once. CORPUS: a folder with `public.json` and the `check.py` that derives its entries. OUT: a folder for `answers.json`, `answers.tex`,
`answers.pdf`. FOLDER: where `npm install katex` was run. pdflatex needs amsmath and amssymb only.
"""

import argparse
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import sympy

import sympy_matcalc as mc
from sympy_matcalc.cookbook.tables import identities
from sympy_matcalc.printing import latex

KATEX = """
const katex = require('katex'), rows = JSON.parse(require('fs').readFileSync(0));
let bad = 0;
for (const [id, tex] of rows) {
  try { katex.renderToString(tex, {throwOnError: true, strict: 'error', displayMode: true}); }
  catch (e) { bad += 1; console.log(id, e.message, tex); }
}
console.log(`KaTeX: ${rows.length - bad} of ${rows.length} rendered`);
"""
HEAD = r"""\documentclass[10pt]{article}
\usepackage{amsmath,amssymb}
\usepackage[a4paper,landscape,margin=1cm]{geometry}
\begin{document}\noindent
"""


def answers(corpus):
    """(id, expression, variables, derivative) of each entry, plain and in vec form."""
    sys.path.insert(0, str(corpus))
    import check

    space = {k: v for k, v in vars(mc).items() if isinstance(v, type) and issubclass(v, sympy.Basic)}
    for entry in check.O.load(str(corpus / "public.json")):
        expr = check.O.build(entry["expr"], entry, space)
        variables = [check.O.build(w, entry, space) for w in check.O.wrts(entry)]
        for form in ({}, {"form": "vec"}) if entry.get("expected_vec") else ({},):
            try:
                yield entry["id"] + ("v" if form else ""), expr, variables, check.derivative(mc, entry, expr, variables, form, False)
            except (NotImplementedError, TypeError, AttributeError) as refusal:  # the last two: a kind that the package has not
                print(entry["id"], "no answer:", refusal)


def of_cookbook():
    """The same of the rows of the cookbook."""
    for identity in identities():
        yield "cookbook " + identity.number, identity.expression, [identity.variable], identity.derivative


def rendered(found, settings):
    """Rows (id, LaTeX of `d expression = answer`), each once, how many formulas are in them, the slowest print in seconds."""
    rows, formulas, slowest = {}, set(), 0.0
    for name, expr, variables, answer in found:
        start = time.perf_counter()
        tex = latex(answer, **settings)
        slowest = max(slowest, time.perf_counter() - start)
        of, by = latex(expr, **settings), r"\, ".join(rf"\partial {latex(v, **settings)}" for v in variables)
        formulas |= {of, tex}
        rows.setdefault(rf"\frac{{\partial}}{{{by}}} \left[{of}\right] = {tex}", name)
    return [(name, tex) for tex, name in rows.items()], len(formulas), slowest


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--katex", type=Path)
    parser.add_argument("--settings", type=json.loads, default={})
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    rows, formulas, slowest = rendered([*answers(args.corpus.resolve()), *of_cookbook()], args.settings)
    print(f"{len(rows)} answers, {formulas} formulas, the slowest printed in {1e3 * slowest:.0f} ms")
    (args.out / "answers.json").write_text(json.dumps(rows, indent=0))
    body = "\n".join(rf"{{\tiny\verb|{name}|}}\quad $\displaystyle {tex}$\\[6pt]" for name, tex in rows)
    (args.out / "answers.tex").write_text(HEAD + body + "\n\\end{document}\n")
    if args.katex:
        subprocess.run(["node", "-e", KATEX], input=json.dumps(rows), text=True, cwd=args.katex, check=True)
    if shutil.which("pdflatex"):
        run = subprocess.run(["pdflatex", "-interaction=nonstopmode", "answers.tex"], cwd=args.out, capture_output=True, text=True)
        errors = [line for line in run.stdout.splitlines() if line.startswith("!")]
        print(f"pdflatex: {len(errors)} errors in {len(rows)} formulas", *errors[:20], sep="\n")


if __name__ == "__main__":
    main()
