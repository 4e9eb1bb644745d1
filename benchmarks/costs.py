"""The constants of the cost model, measured on the machine at hand and printed beside those in the code (`codegen.ir.costs`).

python -m benchmarks.costs            # a table, about half a minute
python -m benchmarks.costs --quick    # small arrays and few runs, as in the tests

The unit is one multiply-add inside a large product of matrices, on one core of a machine that does nothing else: all are ratios, of which
most hardly depend on the machine. Plans are compared by sums of these, so that only their order of magnitude matters: a constant is worth
another look where it is off by 3 or more (`!`).
"""

import argparse
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import numpy as np  # noqa: E402  after the number of threads is set
from scipy.linalg import lapack  # noqa: E402

from benchmarks.numeric.machine import keep_freed_memory, pin  # noqa: E402
from sympy_matcalc.codegen.ir import costs  # noqa: E402
from sympy_matcalc.codegen.planning import symmetry  # noqa: E402

OFF = 3  # a ratio that is marked


@dataclass(frozen=True)
class Row:
    """A constant: what it is, how it is measured, and the function that measures it in seconds an operation."""

    name: str
    value: float
    what: str
    how: str
    seconds: Callable[["Bench"], float]


class Bench:
    """Arrays of one size, and the least time of many runs."""

    def __init__(self, n, runs):
        rng = np.random.default_rng(0)
        self.n, self.runs = n, runs
        self.A, self.B = rng.standard_normal((2, n, n))
        self.symmetric = self.A + self.A.T
        self.x, self.small = self.A[0], rng.standard_normal(4)
        self.narrow = rng.standard_normal((20, n, 4))
        self.stack = rng.standard_normal((n, 3, 3))
        self.out = np.empty((n, n))
        self.lu, self.pivots, _ = lapack.dgetrf(self.A)

    def least(self, function, inner=1):
        """Seconds of the fastest run, each of `inner` calls."""
        best = float("inf")
        for _ in range(self.runs):
            start = perf_counter()
            for _ in range(inner):
                function()
            best = min(best, perf_counter() - start)
        return best / inner

    @property
    def call(self):
        return self.least(lambda: np.add(self.small, self.small), inner=1000)

    def of_each(self, function, count):
        """Seconds for each of what a call does, without the call itself."""
        return max(0.0, self.least(function) - self.call) / count

    @property
    def unit(self):
        return self.of_each(lambda: np.matmul(self.A, self.B, out=self.out), self.n**3)


ROWS = [
    Row("CALL", costs.CALL, "a function of the library is called", "add of 4 entries", lambda b: b.call),
    Row("EACH", costs.EACH, "one product of a stack of products", "a stack of 3 x 3 products",
        lambda b: b.of_each(lambda: b.stack @ b.stack, b.n)),
    Row("NARROW", costs.NARROW, "an entry of a stack of narrow matrices, times their transposes", "a stack of products with 4 x 4 results",
        lambda b: b.of_each(lambda: b.narrow.transpose(0, 2, 1) @ b.narrow, b.narrow.size)),
    Row("ELEMENT", costs.ELEMENT, "an entry is read, or written", "add of two matrices",
        lambda b: b.of_each(lambda: np.add(b.A, b.B), b.n**2)),
    Row("STRIDED", costs.STRIDED, "an entry that is not next to the one before", "add of a matrix and a transpose",
        lambda b: b.of_each(lambda: np.add(b.A, b.B.T), b.n**2)),
    Row("FUNCTION", costs.FUNCTION, "a function of an entry", "exp of a matrix", lambda b: b.of_each(lambda: np.exp(b.A), b.n**2)),
    Row("VECTOR", costs.VECTOR, "a multiply-add in a product with a vector", "matrix times vector",
        lambda b: b.of_each(lambda: b.A @ b.x, b.n**2)),
    Row("SOLVE", costs.SOLVE, "a multiply-add of both triangular solutions", "getrs, as many columns as rows",
        lambda b: b.of_each(lambda: lapack.dgetrs(b.lu, b.pivots, b.B), b.n**3)),
    Row("INVERSE", costs.INVERSE, "n^3-th of an inverse whose factorisation is there", "getri",
        lambda b: b.of_each(lambda: lapack.dgetri(b.lu, b.pivots), b.n**3)),
    Row("FACTORISATION", costs.FACTORISATION, "n^3-th of a factorisation", "getrf",
        lambda b: b.of_each(lambda: lapack.dgetrf(b.A), b.n**3)),
    Row("LOOK", symmetry.LOOK, "an entry is compared with that across the diagonal", "(A == A').all()",
        lambda b: b.of_each(lambda: (b.symmetric == b.symmetric.T).all(), b.n**2)),
]  # fmt: skip


def measured(bench):
    """``(row, value in the unit)`` of each constant."""
    unit = bench.unit
    return [(row, row.seconds(bench) / unit) for row in ROWS]


def table(found):
    lines = [f"{'constant':14} {'in the code':>12} {'measured':>12} {'ratio':>7}   what it costs that (measured by)"]
    for row, value in found:
        ratio = value / row.value
        mark = " " if 1 / OFF < ratio < OFF else "!"
        lines.append(f"{row.name:14} {row.value:12.4g} {value:12.4g} {ratio:7.2f} {mark} {row.what} ({row.how})")
    return "\n".join(lines)


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small arrays and few runs")
    args = parser.parse_args(argv)
    pin()
    keep_freed_memory()
    bench = Bench(120, 5) if args.quick else Bench(1000, 30)
    print(f"unit: one multiply-add in a product of {bench.n} x {bench.n} matrices, {bench.unit * 1e12:.1f} ps\n")
    print(table(measured(bench)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
