"""Is deriving faster than SymPy's own diff, and does its time grow no faster than its answer? ``python benchmarks/derive.py [--quick]``

Each family is timed in this process, contestants in turn, SymPy's cache cleared before each run, median of the rounds. Only ratios mean
anything. The exponent is that of our time in the number of tree nodes of the answer (distinct nodes for residual nets, whose trees are
exponential), between the two last sizes. SymPy is left out where it raises, is wrong (by the value at a random point) or is unevaluated.
"""

import argparse
import math
import statistics
import subprocess
import sys
import time

import numpy as np
from sympy import Derivative, Dummy, Lambda, MatAdd, MatMul, MatrixSymbol, OneMatrix, Trace, preorder_traversal, symbols, tanh
from sympy.core.cache import clear_cache

import sympy_matcalc as mc
from sympy_matcalc.testing import evaluate, random_env

n = symbols("n", integer=True, positive=True)
X, x = MatrixSymbol("X", n, n), MatrixSymbol("x", n, 1)
SLOW = 2.0  # seconds: a family ends for a contestant that takes longer


def matrices(k):
    return [MatrixSymbol(f"A{i}", n, n) for i in range(k)]


def chain(k):
    return Trace(MatMul(*matrices(k), X)), X, 1


def chain_of_many(k):
    return Trace(MatMul(*(f for a in matrices(k) for f in (a, X)))), X, 1


def quadratic_sum(k):
    return MatAdd(*(x.T * a * x for a in matrices(k))), x, 1


def net(k):
    h = x
    for a in matrices(k):
        h = (a * h).applyfunc(tanh)
    return MatMul(OneMatrix(1, n), h), x, 1


def net_by_weight(k):
    return net(k)[0], matrices(1)[0], 1


def residual_net(k):
    u = Dummy("u")
    h = x
    for a in matrices(k):
        h = MatAdd(MatMul(a, h), h.applyfunc(Lambda(u, tanh(u))))
    return MatMul(OneMatrix(1, n), h), x, 1


def power_of_form(k):
    return (x.T * matrices(1)[0] * x)[0, 0] ** k, x, 1


def kth_derivative(k):
    return (x.T * matrices(1)[0] * x)[0, 0] ** k, x, k


def hessian_of_chain(k):
    return MatMul(x.T, *matrices(k), x), x, 2


def nested_inverses(k):
    m = X
    for a in matrices(k):
        m = a + m.I
    return Trace(m), X, 1


FAMILIES = {
    chain: [4, 16, 64],
    chain_of_many: [4, 16, 64],
    quadratic_sum: [4, 16, 64],
    net: [1, 8, 16],
    net_by_weight: [1, 8, 16],
    residual_net: [4, 8, 16],
    power_of_form: [2, 16, 64],
    kth_derivative: [2, 3, 4],
    hessian_of_chain: [4, 16, 32],
    nested_inverses: [2, 4, 8],
}


def ours(expr, v, order):
    for _ in range(order):
        expr = mc.diff(expr, v)
    return expr


def sympys(expr, v, order):
    for _ in range(order):
        expr = expr.diff(v)
    return expr


def median_time(function, *args, rounds=5):
    times = []
    for _ in range(rounds):
        clear_cache()
        start = time.perf_counter()
        function(*args)
        times.append(time.perf_counter() - start)
        if sum(times) > SLOW:
            break
    return statistics.median(times)


def sympy_is_right(answer, theirs, expr, v):
    """Whether SymPy's answer has our value at a random point."""
    if theirs.has(Derivative):
        return False
    env = random_env([expr, v, answer], 0, {n: 3}, {})
    try:
        one, other = (np.squeeze(evaluate(e, env)) for e in (answer, theirs))
    except Exception:  # a node that has no value, such as an unevaluated derivative
        return False
    return one.shape == other.shape and np.allclose(one, other, rtol=1e-6)


def count(answer, shared):
    if not shared:
        return sum(1 for _ in preorder_traversal(answer))
    seen, stack = set(), [answer]
    while stack:
        node = stack.pop()
        if id(node) not in seen:
            seen.add(id(node))
            stack += node.args
    return len(seen)


def row(family, ks):
    points, ratios, note = [], [], ""
    for k in ks:
        expr, v, order = family(k)
        answer = ours(expr, v, order)
        t = median_time(ours, expr, v, order)
        points.append((count(answer, family is residual_net), t))
        if not note:
            try:
                start = time.perf_counter()
                right = sympy_is_right(answer, sympys(expr, v, order), expr, v)
                note = "" if right else "wrong or unevaluated"
                if right:
                    ratios.append(median_time(sympys, expr, v, order, rounds=3) / t)
                if time.perf_counter() - start > SLOW:
                    note = note or f"stopped after k = {k}"
            except Exception as error:
                note = f"k = {k}: {type(error).__name__}"
    (a, s), (c, t) = points[-2:]
    exponent = f"{math.log(t / s) / math.log(c / a):.2f}" if a != c else "same answer"
    shown = f"{min(ratios):.0f} to {max(ratios):.0f}" if ratios else "-"
    print(f"| {family.__name__} | {ks[-1]} | {1e3 * t:.1f} | {exponent} | {shown} | {note} |", flush=True)
    return ratios


def import_ratio(rounds):
    """Time of ``import sympy, sympy_matcalc`` over that of ``import sympy``, both read off within one fresh process."""
    code = (
        "import time; s = time.perf_counter(); import sympy; m = time.perf_counter(); import sympy_matcalc; "
        "print((time.perf_counter() - s)/(m - s))"
    )
    return statistics.median(
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout) for _ in range(rounds)
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="small sizes only")
    quick = parser.parse_args().quick
    print("| family | largest k | ours, ms | exponent | SymPy's time over ours | SymPy |\n|---|---|---|---|---|---|")
    ratios = [r for family, ks in FAMILIES.items() for r in row(family, [1, 2] if quick else ks)]
    print(f"\ngeometric mean of SymPy's time over ours where SymPy is right: {math.exp(statistics.mean(map(math.log, ratios))):.1f}")
    print(f"import sympy and sympy_matcalc over import sympy alone: {import_ratio(1 if quick else 9):.3f}")


if __name__ == "__main__":
    main()
