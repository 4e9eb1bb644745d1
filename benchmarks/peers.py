"""How often is SymPy's own `diff` right on the textbooks' identities? ``PYTHONPATH=. python benchmarks/peers.py [--verbose]``

The gradients of the cookbook whose expression is made of SymPy's own nodes, by a matrix or a vector: the answer of SymPy's ``diff`` and of
this package, each judged by finite differences of the expression at a random point of the identity's domain.
"""

import argparse
import signal
from collections import Counter

import numpy as np
import sympy
from sympy import Derivative, MatrixSymbol, preorder_traversal

import sympy_matcalc as mc
from sympy_matcalc.cookbook.verify import environment
from sympy_matcalc.nodes.declaration import OwnNode
from sympy_matcalc.testing import evaluate
from sympy_matcalc.testing.differences import finite_difference_with_error

SECONDS = 20
OUTCOMES = ("right", "a silent 0", "wrong", "error", "unevaluated", "not judged")


class TooLong(Exception):
    """A derivative took longer than the limit."""


def stop(*_):
    raise TooLong


def of_sympy_alone(identity):
    """Whether the question can be put to SymPy: a gradient by a matrix, of an expression without nodes of this package."""
    nodes = list(preorder_traversal(identity.expression))
    variable = isinstance(identity.variable, MatrixSymbol)
    return identity.kind == "gradient" and variable and not any(isinstance(node, OwnNode) for node in nodes)


def outcome(derive, identity):
    """One of OUTCOMES."""
    signal.alarm(SECONDS)
    try:
        answer = derive(identity.expression, identity.variable)
    except Exception:
        return "error"
    finally:
        signal.alarm(0)
    if answer.has(Derivative):
        return "unevaluated"
    found = judge(answer, identity)
    return "a silent 0" if found == "wrong" and (answer == 0 or getattr(answer, "is_ZeroMatrix", False)) else found


def judge(answer, identity):
    """Whether an answer is right or wrong, by differences, at the first random point where they are reliable."""
    for seed in range(12):
        env = environment(identity, seed)
        expected, error = (np.ravel(a) for a in finite_difference_with_error(identity.expression, identity.variable, env))
        if not np.all(error < 1e-6 * (1 + np.abs(expected))):
            continue
        try:
            got = np.ravel(np.asarray(evaluate(answer, env), dtype=float))
        except Exception:
            return "not judged"
        got = np.broadcast_to(got, expected.shape) if got.size == 1 else got  # SymPy's 0 is the zero matrix
        return "right" if got.shape == expected.shape and np.allclose(got, expected, rtol=1e-5, atol=1e-5) else "wrong"
    return "not judged"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--verbose", action="store_true", help="name the identities that are not right")
    verbose = parser.parse_args().verbose
    signal.signal(signal.SIGALRM, stop)
    asked = [identity for identity in mc.cookbook() if of_sympy_alone(identity)]
    contestants = {f"sympy.diff {sympy.__version__}": sympy.diff, f"sympy_matcalc {mc.__version__}": mc.gradient}
    found = {name: {i.number: outcome(derive, i) for i in asked} for name, derive in contestants.items()}
    print(f"{len(asked)} gradients\n\n| | {' | '.join(OUTCOMES)} |\n|---|{'---|' * len(OUTCOMES)}")
    for name, outcomes in found.items():
        counts = Counter(outcomes.values())
        print(f"| {name} | {' | '.join(str(counts[o]) for o in OUTCOMES)} |")
    if verbose:
        for name, outcomes in found.items():
            for i in asked:
                if outcomes[i.number] != "right":
                    print(f"{name}: {outcomes[i.number]}: {i.number} {i.expression} by {i.variable}")


if __name__ == "__main__":
    main()
