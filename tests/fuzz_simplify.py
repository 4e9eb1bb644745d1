"""Random expressions with random facts through `mc.simplify` and its kin: ``python tests/fuzz_simplify.py --n 500 --seed 0``.

Judged by the independent evaluator at data that satisfy the stated facts and nothing else: the value and the shape stay, nothing gets
larger, simplifying twice is simplifying once, the order of the arguments of sums and of entrywise and scalar products is of no
consequence, only errors of the package are raised, `assumptions=` and `with assuming(...)` agree and leave nothing behind, and a
derivative under assumptions has the value of the derivative without. Prints each failure with its seed as code that one can paste.
"""

import argparse
import sys
import time
import traceback
from collections import Counter, namedtuple

import numpy as np
import sympy as sp
from sympy import Add, Basic, HadamardProduct, Inverse, MatAdd, MatMul, MatPow, Mul, Symbol, assuming

import sympy_matcalc as mc
from sympy_matcalc.errors import MatcalcError, ShapeError
from sympy_matcalc.testing import evaluate
from sympy_matcalc.testing.algebra import canonical, inner_nodes, is_scalar, random_case, raw, rearranged, size, symbols_of
from sympy_matcalc.testing.facts import assumptions, env_with_facts, some_of
from sympy_matcalc.testing.generator import REFUSALS
from sympy_matcalc.testing.paste import PRELUDE, code, report
from sympy_matcalc.testing.time_limit import OutOfTime, time_limit

SECONDS = 20
POINTS = 3
NOISE = 1e-13  # relative, in the data: what moves by this much of its size ...
ILL = 1e-9  # ... more than by this is not judged
WORST = 1e9  # condition of a matrix that is inverted: one without full rank shows here, however its inverse cancels later
TOLERANCE = 1e-7

Failure = namedtuple("Failure", "kind what message result facts")


# ---- judging values
class Point:
    """Data, and the value of an expression there, None where that is not finite, not real, or too sensitive to be judged."""

    def __init__(self, expr, env):
        self.env = env
        try:
            self.value = np.asarray(evaluate(expr, env))
            if worst_condition(expr, env) > WORST:
                self.value = None
                return
            moved = [np.asarray(evaluate(expr, noisy(env, k))) for k in range(2)]
        except (np.linalg.LinAlgError, NotImplementedError):
            self.value = None
            return
        self.scale = max(1.0, np.abs(self.value).max(initial=0))
        error = max(np.abs(v - self.value).max(initial=0) for v in moved) if self.value.size else 0
        if not np.all(np.isfinite(self.value)) or not error <= ILL * self.scale or self.scale > 1e8:
            self.value = None

    def complaint(self, result, squeezed=False):
        """What is wrong with the value of the result here, None where nothing is."""
        try:
            got = np.asarray(evaluate(result, self.env))
        except (KeyError, np.linalg.LinAlgError, NotImplementedError, MatcalcError, ValueError, IndexError) as error:
            return "value", f"{type(error).__name__}: {error}"
        expected = np.squeeze(self.value) if squeezed else self.value
        got = np.squeeze(got) if squeezed else got
        if got.shape != expected.shape:
            return "shape", f"shape {got.shape}, expected {expected.shape}"
        if not np.all(np.abs(got - expected) <= TOLERANCE * self.scale):
            return "value", f"got {got.ravel()[:4]}, expected {expected.ravel()[:4]}"
        return None


def worst_condition(expr, env):
    """Of the matrices that the expression inverts."""
    inverted = [e.args[0] for e in inner_nodes(expr) if isinstance(e, Inverse) or isinstance(e, MatPow) and e.exp.is_negative]
    return max((np.linalg.cond(np.atleast_2d(evaluate(M, env))) for M in inverted), default=1)


def noisy(env, seed):
    rng = np.random.default_rng(seed)
    return {s: v * (1 + NOISE * rng.normal(size=np.shape(v))) if np.ndim(v) == 2 or isinstance(v, float) else v for s, v in env.items()}


def points(expr, case, facts, seed):
    """Where to judge: some random data with the facts, and one more for each symbolic size that has it at 1."""
    sizes = sorted({s for M in symbols_of(expr) for d in M.shape for s in d.free_symbols}, key=str)
    known = [{}] * POINTS + [{s: 1} for s in sizes]
    exprs = [expr] if case.X is None else [expr, case.X]
    return [Point(expr, env_with_facts(exprs, facts, seed + 7919 * k, some, case.domain)) for k, some in enumerate(known)]


def sizes_in(env):
    return {str(s): v for s, v in env.items() if isinstance(s, Symbol)}


# ---- the promises
class Judge:
    """All checks on one case; collects the failures and counts what was done."""

    def __init__(self, case, simplify=None, seconds=SECONDS, only_simplify=False):
        self.case, self.seconds, self.only_simplify = case, seconds, only_simplify
        self.simplify = simplify or mc.simplify
        self.failures, self.counts = [], Counter()

    def run(self):
        case = self.case
        plain = self.check(self.simplify, "simplify", case.expr, {})
        if case.facts:
            part = some_of(case.seed, case.facts)
            full = self.check(self.simplify, "simplify", case.expr, case.facts)
            if part not in ({}, case.facts):
                self.check(self.simplify, "simplify", case.expr, part)
            if not self.failures and full is not None:
                self.check_assuming(plain, full)
        if not self.only_simplify:
            for name in ("expand", "collect"):
                self.check(lambda e, facts, name=name: getattr(mc, name)(e), name, case.expr, {})
            self.check_derivatives()
        return self.failures

    def fail(self, kind, what, message, result, facts):
        self.failures.append(Failure(kind, what, message, result, facts))

    def call(self, what, function, facts, quiet=False):
        """The result, None where it fails; a failure is recorded unless it is an error of the package."""
        try:
            with time_limit(self.seconds):
                return function()
        except MatcalcError as error:
            self.counts["refused"] += 1
            self.counts[f"refused: {type(error).__name__}: {str(error)[:80]}"] += 1
            if isinstance(error, ShapeError) and not quiet:  # the expression has a shape, so it is one of the package's own making
                self.fail("refused", what, f"ShapeError: {error}", None, facts)
        except OutOfTime as error:
            if not quiet:
                self.fail("slow", what, str(error), None, facts)
        except Exception as error:  # whatever it is, it is the finding
            if not quiet:
                self.fail("crash", what, last_frames(error), None, facts)
        return None

    def check(self, function, what, expr, facts):
        """The promises on the function's result; the result, None where there is none."""
        stated = assumptions(facts)
        result = self.call(what, lambda: function(expr, stated), facts)
        if result is None:
            return None
        self.counts["results"] += 1
        if not self.judged(what, expr, result, facts):
            return result
        if what == "simplify":
            before, after = size(expr), size(result)
            self.counts["smaller"] += after < before
            if after > before:
                self.fail("larger", what, f"{before} nodes became {after}", result, facts)
        self.check_twice(function, what, result, facts, stated)
        self.check_order(function, what, expr, result, facts, stated)
        return result

    def judged(self, what, expr, result, facts, squeezed=False):
        """Whether the values agree at all points, each point counted; the first that does not is a failure."""
        if not isinstance(result, Basic):
            self.fail("type", what, f"the result is a {type(result).__name__}", result, facts)
            return False
        with np.errstate(all="ignore"):
            for point in points(expr, self.case, facts, self.case.seed):
                self.counts["points" if point.value is not None else "points not judged"] += 1
                complaint = None if point.value is None else point.complaint(result, squeezed)
                if complaint:
                    self.fail(complaint[0], what, f"{complaint[1]}, sizes {sizes_in(point.env)}", result, facts)
                    return False
        return True

    def check_twice(self, function, what, result, facts, stated):
        again = self.call(f"{what} twice", lambda: function(result, stated), facts)
        if again is not None and again != result:
            self.fail("not idempotent", what, f"again: {again}", result, facts)

    def check_order(self, function, what, expr, result, facts, stated):
        for kind, other in self.orders(expr):
            self.counts["rearranged"] += 1
            changed = self.call(f"{what} rearranged", lambda other=other: function(other, stated), facts)
            if changed is not None and changed != result:
                self.fail(kind, what, f"of the rearranged: {changed}; rearranged: {code(other)}", result, facts)

    def orders(self, expr):
        """(kind of failure, rearrangement), one each: of matrices only, and of scalars that are not evaluated, too."""
        found = {}
        for k in range(6):
            try:
                other = rearranged(np.random.default_rng([self.case.seed, k]), expr, evaluate=k % 2 == 0)
            except (*REFUSALS, RecursionError):
                continue
            if other != expr and other not in found.values() and canonical(other) == canonical(expr):
                found.setdefault("order of unevaluated" if k % 2 else "order", other)
        return list(found.items())

    def check_assuming(self, plain, full):
        """`with assuming` is the same as the argument, and is forgotten afterwards."""
        case, stated = self.case, assumptions(self.case.facts)

        def within():
            with assuming(*sp.And.make_args(stated)):
                return self.simplify(case.expr)

        if self.simplify is mc.simplify:
            inside = self.call("with assuming", within, case.facts)
            if inside is not None and inside != full:
                self.fail("assuming", "simplify", f"with assuming: {inside}", full, case.facts)
            after = self.call("after assuming", lambda: self.simplify(case.expr), {})
            if None not in (after, plain) and after != plain:
                self.fail("assuming", "simplify", f"after assuming: {after}", plain, {})

    # ---- derivatives
    def check_derivatives(self):
        """A derivative under the facts, those of the variable among them, has the value of the one without."""
        case = self.case
        if not case.facts:
            return
        variables = [M for M in case.facts if M in symbols_of(case.expr)][:1] + [case.X]
        for X in dict.fromkeys(variables):
            for name in derivatives_of(case.expr, case.seed):
                self.check_derivative(name, X)

    def check_derivative(self, name, X):
        case, function = self.case, getattr(mc, name)
        plain = self.call(f"{name} by {X}", lambda: function(case.expr, X), {}, quiet=True)
        if plain is None:
            self.counts["derivatives without an answer"] += 1
            return
        self.counts["derivatives"] += 1
        what, stated = f"{name} by {X}", assumptions(case.facts)
        refused = self.counts["refused"]
        result = self.call(what, lambda: function(case.expr, X, assumptions=stated), case.facts)
        if result is None and self.counts["refused"] > refused and not any(f.what == what for f in self.failures):
            self.fail("refused", what, "refused with the facts only", None, case.facts)
        if result is None or not isinstance(plain, Basic):
            return
        try:
            self.judged(what, plain, result, case.facts, squeezed=True)
        except (IndexError, KeyError, ValueError):  # the derivative without facts is not for this judge
            self.counts["derivatives not judged"] += 1


def derivatives_of(expr, seed):
    """The names of the functions to try; the second derivatives now and then."""
    if is_scalar(expr):
        return ["gradient", "hessian"] if seed % 8 == 0 and size(expr) < 40 else ["gradient"] if seed % 3 else ["gradient", "diff"]
    return ["jacobian"] if size(expr) < 80 and seed % 2 else []


def last_frames(error):
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    return f"{type(error).__name__}: {error} at " + " < ".join(f"{f.filename.rsplit('/', 1)[-1]}:{f.lineno}" for f in reversed(frames))


def failures(case, simplify=None, **options):
    """The failures on one case; of `simplify` alone where that is given."""
    return Judge(case, simplify, only_simplify=simplify is not None, **options).run()


# ---- small examples
def shrunk(case, failure, simplify=None, seconds=SECONDS, budget=15):
    """A smaller case with a failure of this kind: parts of the expression, and facts left out, tried in turn."""

    def still(candidate):
        try:
            found = Judge(candidate, simplify, 5, only_simplify=" by " not in failure.what and failure.what == "simplify").run()
        except (Exception, OutOfTime):
            return None
        return next((f for f in found if f.kind == failure.kind and f.what.split()[0] == failure.what.split()[0]), None)

    until = time.monotonic() + budget
    improved = True
    while improved and time.monotonic() < until:
        improved = False
        for candidate in smaller_cases(case):
            found = still(candidate) if time.monotonic() < until else None
            if found:
                case, failure, improved = candidate, found, True
                break
    return case, failure


def smaller_cases(case):
    """The case with a smaller expression, or a fact less."""
    for expr in smaller_expressions(case.expr):
        X = case.X if expr.has(case.X) else symbols_of(expr)[0]
        yield case._replace(expr=expr, X=X, facts={M: names for M, names in case.facts.items() if expr.has(M)})
    for M, names in case.facts.items():
        for name in names:
            rest = tuple(k for k in names if k != name)
            yield case._replace(facts={**{k: v for k, v in case.facts.items() if k != M}, **({M: rest} if rest else {})})


def smaller_expressions(expr):
    """A part of the expression in its place, or the expression with a part replaced by something below it."""
    inner = inner_nodes(expr)
    options = sorted((e for e in inner if e != expr), key=size)
    for old in inner:
        below = [e for e in inner_nodes(old) if e != old and getattr(e, "shape", ()) == getattr(old, "shape", ())]
        options += [replaced(expr, old, e) for e in below]
        if isinstance(old, (Add, Mul, MatAdd, MatMul, HadamardProduct)):
            options += [replaced(expr, old, raw_without(old, k)) for k in range(len(old.args))]
    return dict.fromkeys(e for e in options if e is not None and size(e) < size(expr) and symbols_of(e))


def raw_without(node, k):
    """The node with an argument less, None where the shape would change."""
    args = [a for i, a in enumerate(node.args) if i != k]
    try:
        new = args[0] if len(args) == 1 else raw(node, args)
        return new if getattr(new, "shape", ()) == getattr(node, "shape", ()) else None
    except (*REFUSALS, IndexError):
        return None


def replaced(expr, old, new):
    try:
        return expr.xreplace({old: new}) if new is not None else None
    except REFUSALS:
        return None


def made(seed, seconds):
    """The case of this seed, None where SymPy takes too long or fails on the way."""
    try:
        with time_limit(seconds):
            return random_case(seed)
    except (Exception, OutOfTime):
        return None


def run(n, seed=0, simplify=None, stop=None, shrink=True, verbose=False, seconds=SECONDS, ignore=()):
    """Counts over n seeds; prints each failure, shrunk, unless its kind, message or expression contains a text to ignore."""
    counts, start = Counter(), time.monotonic()
    for s in range(seed, seed + n):
        case = made(s, seconds)
        if case is None:
            counts["not made"] += 1
            continue
        judge = Judge(case, simplify, seconds, only_simplify=simplify is not None)
        found = judged_whole(judge, counts)
        counts.update(judge.counts)
        counts["expressions"] += 1
        for failure in {(f.kind, f.what.split()[0]): f for f in reversed(found)}.values():
            if any(text in f"{failure.kind}: {failure.what}: {failure.message} of {case.expr}" for text in ignore):
                counts["ignored"] += 1
                continue
            counts["failures"] += 1
            counts[f"failure: {failure.kind}, {failure.what.split()[0]}"] += 1
            print(report(*(shrunk(case, failure, simplify) if shrink and failure.kind != "slow" else (case, failure))), flush=True)
        if stop and counts["failures"] >= stop:
            break
    print(summary(counts, time.monotonic() - start, verbose))
    return counts


def judged_whole(judge, counts):
    """The failures; where the fuzzer's own work (evaluating, rearranging) takes too long or fails, that is counted."""
    try:
        return judge.run()
    except Exception as error:
        counts[f"unjudged: {last_frames(error)[:160]}"] += 1
        return judge.failures


def summary(counts, seconds, verbose=False):
    """Failures by kind, then one line; refusals by their text when verbose."""
    details = [
        f"{times} {text}" for text, times in counts.most_common() if text.startswith(("failure:", "unjudged:")) or verbose and ":" in text
    ]
    names = (
        "expressions",
        "not made",
        "results",
        "smaller",
        "rearranged",
        "points",
        "points not judged",
        "derivatives",
        "derivatives without an answer",
        "refused",
        "ignored",
        "failures",
    )
    return "\n".join([*details, ", ".join(f"{counts[k]} {k}" for k in names) + f", {seconds:.0f} s"])


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--n", type=int, default=500, help="number of expressions")
    parser.add_argument("--seed", type=int, default=0, help="seed of the first; the others follow")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="time for one call")
    parser.add_argument("--stop", type=int, help="stop after so many failures")
    parser.add_argument("--ignore", nargs="*", default=[], help="leave out failures with one of these texts, to see what else there is")
    parser.add_argument("--no-shrink", action="store_true", help="print the cases as they were found")
    parser.add_argument("--verbose", action="store_true", help="say what was refused, too")
    a = parser.parse_args(argv)
    print(PRELUDE)
    counts = run(a.n, a.seed, stop=a.stop, shrink=not a.no_shrink, verbose=a.verbose, seconds=a.seconds, ignore=a.ignore)
    return 1 if counts["failures"] else 0


if __name__ == "__main__":
    sys.exit(main())
