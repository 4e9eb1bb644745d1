"""Does simplify grow faster than what it is given? Times families of growing expressions and fits the exponent in their nodes.

python benchmarks/simplify.py            # a table
python benchmarks/simplify.py --quick    # small sizes, as in the tests
"""

import argparse
from math import log
from time import perf_counter

from sympy import Add, Determinant, MatAdd, MatMul, MatrixSymbol, Mul, Q, Trace, preorder_traversal, symbols, tanh

import sympy_matcalc as mc

n = symbols("n", integer=True, positive=True)
x = MatrixSymbol("x", n, 1)


def matrices(k):
    return [MatrixSymbol(f"A{i}", n, n) for i in range(k)]


def nested(k):
    e = x
    for a in matrices(k):
        e = MatMul(a, e).applyfunc(tanh)
    return e


def horner(k):
    e = x
    for a in matrices(k):
        e = MatAdd(MatMul(a, e), x)
    return e


FAMILIES = {
    "sum with a common factor": lambda k: MatAdd(*[MatMul(a, x) for a in matrices(k)]),
    "long product": lambda k: MatMul(*matrices(k)),
    "sum of traces": lambda k: Add(*[Trace(MatMul(a, matrices(1)[0])) for a in matrices(k)]),
    "A(B(C + I) + I) + I": horner,
    "layers of tanh": nested,
    "determinant of a product": lambda k: Determinant(MatMul(*matrices(k))),
    "product of determinants": lambda k: Mul(*map(Determinant, matrices(k))),
    "orthogonal pairs cancel": lambda k: MatMul(*[f for a in matrices(k) for f in (a, matrices(1)[0].T, matrices(1)[0])]),
}


def time_of(e, facts):
    start = perf_counter()
    mc.simplify(e, facts)
    return perf_counter() - start


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small sizes")
    sizes = (4, 8) if parser.parse_args(argv).quick else (16, 32, 64, 128, 256)
    facts = Q.orthogonal(matrices(1)[0])
    print(f"{'family':26}" + "".join(f"{f'k={k}':>9}" for k in sizes) + "  exponent in nodes (last two sizes)")
    for name, make in FAMILIES.items():
        expressions = [make(k) for k in sizes]
        nodes = [sum(1 for _ in preorder_traversal(e)) for e in expressions]
        times = [min(time_of(e, facts) for _ in range(2)) for e in expressions]
        exponent = log(times[-1] / times[-2]) / log(nodes[-1] / nodes[-2])
        print(f"{name:26}" + "".join(f"{1e3 * t:7.1f}ms" for t in times) + f"  {exponent:.2f}")


if __name__ == "__main__":
    main()
