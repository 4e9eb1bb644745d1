"""Random expressions through the public functions, judged by finite differences: ``python tests/fuzz.py --n 500 --seed 0 [--order 2]``.

With ``--installed`` it is SymPy's own diff, Derivative and lambdify that are judged, under `mc.installed()`.

Prints each wrong derivative and each crash with its seed and the expression in a form one can paste, then a line of counts:
correct, wrong, refused (an error of the package), crash (any other error, or a time-out), unjudged (no reliable finite differences),
skipped (SymPy takes too long to make the expression).
"""

import argparse
import sys
import traceback
from collections import Counter, namedtuple
from contextlib import nullcontext
from functools import cached_property

import numpy as np
import sympy as sp

import sympy_matcalc as mc
from sympy_matcalc.errors import MatcalcError, MissingRuleError
from sympy_matcalc.testing import evaluate, evaluator, random_env, random_expression
from sympy_matcalc.testing.check import compare, judge, stray_symbols
from sympy_matcalc.testing.differences import finite_difference_with_error
from sympy_matcalc.testing.time_limit import OutOfTime, time_limit

Outcome = namedtuple("Outcome", "verdict what message derivative")
SECONDS = 10
POINTS = 4


def functions_for(expr, X, order, installed=False):
    """(name, function that gives the derivative, order, whether X's axes come first in it)."""
    is_scalar = not getattr(expr, "is_Matrix", False) or expr.shape == (1, 1)
    if installed:
        return _functions_of_sympy(expr, X, order, is_scalar)
    if order == 2:
        second = [("jacobian of jacobian", lambda: mc.jacobian(mc.jacobian(expr, X), X), 2, False)]
        return second + ([("hessian", lambda: mc.hessian(expr, X), 2, False)] if is_scalar else [])
    first = [("jacobian", lambda: mc.jacobian(expr, X), 1, False), ("diff", lambda: mc.diff(expr, X), 1, True)]
    return first + ([("gradient", lambda: mc.gradient(expr, X), 1, False)] if is_scalar else [])


def _functions_of_sympy(expr, X, order, is_scalar):
    """The same of SymPy's functions; of second derivatives only those whose order of axes does not matter."""
    if order == 2:
        return [("diff twice", lambda: by_sympy(lambda: sp.diff(expr, X, X)), 2, False)] if is_scalar else []
    return [
        ("sympy.diff", lambda: by_sympy(lambda: sp.diff(expr, X)), 1, True),
        ("Derivative.doit", lambda: by_sympy(lambda: sp.Derivative(expr, X).doit(deep=False)), 1, True),
    ]  # `doit` of a Sum takes SymPy forever


def by_sympy(function):
    """The derivative with the package installed; what stays unevaluated counts as refused."""
    with mc.installed():
        derivative = function()
    if any(isinstance(e, sp.Derivative) for e in sp.preorder_traversal(derivative)):
        raise MissingRuleError(f"unevaluated: {derivative}")
    return derivative


def know_ranged_deltas():
    """Teach the evaluator of this process the KroneckerDelta(i, j, (low, high)) of SymPy's derivatives of sums: 0 outside of the range."""

    @evaluator(sp.KroneckerDelta)
    def of_delta(ev, node):
        first, second = (ev.scalar(e) for e in node.args[:2])
        low, high = (ev.scalar(e) for e in node.args[2]) if len(node.args) > 2 else (-np.inf, np.inf)
        return np.where((first == second) & (low <= first) & (first <= high), 1.0, 0.0)[()]


class Point:
    """An environment, and the finite differences there, taken when first asked for and then kept."""

    def __init__(self, expr, X, env):
        self.expr, self.X, self.env = expr, X, env

    @cached_property
    def differences(self):
        """(derivative, estimate of its error)"""
        return finite_difference_with_error(self.expr, self.X, self.env)

    def verdict(self, derivative, order, variable_first):
        """ "right", "wrong" or "unreliable" here; where an eigenvalue is not simple, say, there is no derivative."""
        try:
            return self._verdict(derivative, order, variable_first)
        except np.linalg.LinAlgError:
            return "unreliable"

    def _verdict(self, derivative, order, variable_first):
        if stray_symbols(derivative, self.env):
            return "wrong"
        if order == 2:
            return judge(derivative, self.expr, self.X, self.env, 2, 1e-4)
        if not variable_first:
            return judge(derivative, self.expr, self.X, self.env, 1, 1e-6, self.differences)
        expected, error = (np.squeeze(_variable_first(a, self.X)) for a in self.differences)
        return compare(np.squeeze(evaluate(derivative, self.env)), expected, error, 1e-6)


def _variable_first(array, X):
    """The axes of expr.shape + X.shape with those of X moved to the front."""
    rank = 2 if isinstance(X, sp.MatrixSymbol) else 0
    return np.moveaxis(array, range(array.ndim - rank, array.ndim), range(rank))


def lambdified(derivative, env, installed=False):
    """The value by ``mc.lambdify``, or SymPy's, with every symbol of the environment that occurs as an argument."""
    used = derivative.free_symbols | {s for M in derivative.atoms(sp.MatrixSymbol) for d in M.shape for s in d.free_symbols}
    args = sorted(used, key=str)
    with mc.installed() if installed else nullcontext():
        function = sp.lambdify(args, derivative, docstring_limit=0) if installed else mc.lambdify(args, derivative)  # str() is slow
    return function(*[env[a] for a in args])


def points(expr, X, domain, seed, order):
    """Where to judge: some random environments, and one more for each size symbol that has it at 1."""
    sizes = sorted({s for M in sp.Tuple(expr, X).atoms(sp.MatrixSymbol) for s in M.shape if s.is_Symbol}, key=str)
    known = [{}] * (POINTS if order == 1 else 1) + [{s: 1} for s in sizes]
    return [Point(expr, X, random_env([expr, X], seed + 7919 * k, some, domain)) for k, some in enumerate(known)]


def judged(derivative, places, order, variable_first):
    """(verdict, message): wrong if at one point, correct if right at one, unjudged if finite differences are unreliable at all."""
    verdicts = set()
    for point in places:
        verdicts.add(point.verdict(derivative, order, variable_first))
        if "wrong" in verdicts:
            return "wrong", f"sizes {_sizes(point.env)}"
    return ("correct" if "right" in verdicts else "unjudged"), ""


def judged_code(derivative, places, installed=False):
    """(verdict, message) on the generated code, against the evaluator."""
    judged = 0
    for env in (point.env for point in places):
        try:
            value, expected = np.squeeze(lambdified(derivative, env, installed)), np.squeeze(evaluate(derivative, env))
        except np.linalg.LinAlgError:
            continue
        judged += 1
        if value.shape != expected.shape:
            return "wrong", f"shape {value.shape}, expected {expected.shape}, sizes {_sizes(env)}"
        if not np.allclose(value, expected, rtol=1e-7, atol=1e-9 * max(1, np.abs(expected).max(initial=0)), equal_nan=True):
            return "wrong", f"sizes {_sizes(env)}"
    return ("correct" if judged else "unjudged"), ""


def _sizes(env):
    return {str(s): v for s, v in env.items() if isinstance(s, sp.Symbol)}


def outcomes(seed, order=1, seconds=SECONDS, code=True, installed=False, **options):
    """(expr, X) of this seed, and the `Outcome` of each public function on it, and of the code generated for each derivative."""
    error, made = attempt(lambda: random_expression(seed, **options), 3 * seconds)
    if error:
        return (None, None), [Outcome("skipped", "making the expression", error[1], None)]
    expr, X, domain = made
    places = points(expr, X, domain, seed, order)
    each = (_outcomes(name, *how, places, seconds, code, installed) for name, *how in functions_for(expr, X, order, installed))
    return (expr, X), [outcome for some in each for outcome in some]


def _outcomes(name, function, order, variable_first, places, seconds, code, installed):
    error, derivative = attempt(function, seconds)
    if error:
        return [Outcome(error[0], name, error[1], None)]
    error, verdict = attempt(lambda: judged(derivative, places, order, variable_first), 6 * seconds)
    found = [Outcome(*_placed(name, error or verdict), derivative)]
    if code and hasattr(mc, "lambdify"):
        error, verdict = attempt(lambda: judged_code(derivative, places, installed), 2 * seconds)
        found.append(Outcome(*_placed(f"lambdify of {name}", error or verdict), derivative))
    return found


def attempt(function, seconds):
    """(None, result), or (verdict and message, None) where it raises or takes too long."""
    try:
        with time_limit(seconds):
            return None, function()
    except MatcalcError as error:
        return ("refused", f"{type(error).__name__}: {error}"), None
    except (Exception, OutOfTime) as error:  # whatever it is, it is the finding
        return ("crash", _last_frames(error)), None


def _placed(name, verdict):
    return verdict[0], name, verdict[1]


def _last_frames(error):
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    return f"{type(error).__name__}: {error} at " + " < ".join(f"{f.filename.rsplit('/', 1)[-1]}:{f.lineno}" for f in reversed(frames))


def report(seed, expr, X, outcome):
    """The finding as text that can be pasted: the seed brings the expression back."""
    lines = [f"--- {outcome.verdict}: {outcome.what}, seed {seed}  {outcome.message}", f"expr = {expr}", f"X = {X}"]
    if outcome.verdict == "wrong":
        lines += [f"got = {outcome.derivative}", f"srepr = {sp.srepr(expr)}"]
    return "\n".join(lines)


def run(n, seed=0, order=1, verbose=False, stop=None, **options):
    """Counts of the verdicts over n seeds; prints what is wrong and what crashed (and what was refused, when verbose)."""
    counts, reasons = Counter(), Counter()
    for s in range(seed, seed + n):
        (expr, X), results = outcomes(s, order, **options)
        for outcome in results:
            counts[outcome.verdict] += 1
            if outcome.verdict == "refused":
                reasons[outcome.message[:90]] += 1
            if outcome.verdict in ("wrong", "crash") or verbose and outcome.verdict not in ("correct", "skipped"):
                print(report(s, expr, X, outcome), flush=True)
        if stop and counts["wrong"] + counts["crash"] >= stop:
            break
    for reason, times in reasons.most_common(10):
        print(f"refused {times} times: {reason}")
    print(", ".join(f"{counts[v]} {v}" for v in ("correct", "wrong", "refused", "crash", "unjudged", "skipped")))
    return counts


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--n", type=int, default=500, help="number of expressions")
    parser.add_argument("--seed", type=int, default=0, help="seed of the first; the others follow")
    parser.add_argument("--order", type=int, default=1, choices=(1, 2))
    parser.add_argument("--depth", type=int, default=3)
    parser.add_argument("--kind", help="of the variable: matrix, square, column, row, scalar, entry, 'symbolic entry'")
    parser.add_argument("--concrete", action="store_true", help="literal sizes in place of m, n, p")
    parser.add_argument("--book", action="store_true", help="with norms, matrix functions and the other nodes of the reference books")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="time for one derivative")
    parser.add_argument("--stop", type=int, help="stop after so many findings")
    parser.add_argument("--installed", action="store_true", help="SymPy's own functions, with the package installed")
    parser.add_argument("--no-code", action="store_true", help="leave lambdify out")
    parser.add_argument("--verbose", action="store_true", help="print refusals too")
    a = parser.parse_args(argv)
    options = {
        "depth": a.depth,
        "kind": a.kind,
        "concrete": a.concrete,
        "book": a.book,
        "code": not a.no_code,
        "seconds": a.seconds,
        "installed": a.installed,
    }
    if a.installed:
        know_ranged_deltas()
    counts = run(a.n, a.seed, a.order, a.verbose, a.stop, **options)
    return 1 if counts["wrong"] or counts["crash"] else 0


if __name__ == "__main__":
    sys.exit(main())
