"""The identities of a corpus through SymPy's own functions: ``python tests/corpus_installed.py path/to/public.json [--only id,id] [--verbose]``.

Each derivative is taken by `mc.diff`, and under `mc.installed()` by `sympy.diff` and by `Derivative.doit`, all in SymPy's order of axes, and
judged by the corpus's own oracle (``oracle.py`` beside it). The exit status is 1 where the three do not have the same verdicts. Entries for
complex matrices and for structured ones are left out: SymPy's `diff` has no such derivative.
"""

import argparse
import sys
from collections import Counter
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import sympy

import sympy_matcalc as mc
from sympy_matcalc.testing import evaluate


def load_oracle(folder):
    """The module oracle.py of that folder, which need not be on the path."""
    spec = spec_from_file_location("corpus_oracle", folder / "oracle.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def by_doit(expr, variables):
    for v in variables:
        expr = sympy.Derivative(expr, v).doit()
    return expr


def installed(function):
    def taken(expr, variables):
        with mc.installed():
            return function(expr, variables)

    return taken


WAYS = {
    "mc.diff": lambda e, vs: mc.diff(e, *vs),
    "sympy.diff": installed(lambda e, vs: sympy.diff(e, *vs)),
    "Derivative.doit": installed(by_doit),
}


def verdict(oracle, entry, names, way):
    """(verdict, derivative or error): the oracle's word, "refused" for an error of the package and for what stays unevaluated."""
    expr = oracle.build(entry["expr"], entry, names)
    variables = [oracle.build(w, entry, names) for w in oracle.wrts(entry)]
    if entry["kind"] == "hessian" and len(variables) == 1:
        variables = variables * 2
    try:
        found = WAYS[way](expr, variables)
    except mc.MatcalcError as error:
        return "refused", error
    except Exception as error:  # whatever it is, it is the finding
        return "crash", f"{type(error).__name__}: {error}"
    if any(isinstance(e, sympy.Derivative) for e in sympy.preorder_traversal(found)) and not sympy.sympify(expr).has(sympy.Function):
        return "refused", found
    return judged(oracle, entry, names, found), found


def judged(oracle, entry, names, found):
    """The oracle's word; on the value by the package's independent evaluator where the oracle does not know a node, such as `Einsum`."""
    word = oracle.check(entry, found, layout="sympy", ns=names).status
    if word != "error":
        return word
    for trial in range(3):
        env, truth = oracle.truth(entry, trial)
        word = oracle.check_array(entry, evaluate(found, env), env, truth, layout="sympy").status
        if word != "ok":
            return word
    return word


def chosen(entries, only):
    """The entries of real matrices without structure; of these the ones whose ids are named, if any are."""
    plain = [e for e in entries if e["kind"] != "complex" and not e.get("structure") and not {"complex", "structured"} & set(e["needs"])]
    return [e for e in plain if e["id"] in only.split(",")] if only else plain


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--only", default="", help="ids of entries, separated by commas")
    parser.add_argument("--verbose", action="store_true", help="print each entry that is not right")
    a = parser.parse_args(argv)
    oracle = load_oracle(a.corpus.parent)
    names = {k: getattr(mc, k) for k in dir(mc) if isinstance(getattr(mc, k), type) and issubclass(getattr(mc, k), sympy.Basic)}
    entries = chosen(oracle.load(str(a.corpus)), a.only)
    totals, differing = {way: Counter() for way in WAYS}, 0
    for entry in entries:
        found = {way: verdict(oracle, entry, names, way) for way in WAYS}
        for way, (word, _) in found.items():
            totals[way][word] += 1
        differs = len({word for word, _ in found.values()}) > 1
        differing += differs
        if differs or a.verbose and found["mc.diff"][0] != "ok":
            lines = [f"    {way}: {word}  {what}" for way, (word, what) in found.items()]
            print("\n".join([f"{entry['id']}: {entry['expr']} by {entry['wrt']}", *lines]), flush=True)
    for way, total in totals.items():
        print(f"{way}: " + ", ".join(f"{count} {word}" for word, count in total.most_common()))
    return int(differing > 0)


if __name__ == "__main__":
    sys.exit(main())
