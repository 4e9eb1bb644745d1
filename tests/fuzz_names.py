"""Hostile names: no text in the name of a symbol, a size or a key is ever run, and the code computes as with plain names.

python tests/fuzz_names.py --n 10000 --seed 0        # each back end that is installed in turn
"""

import argparse
import builtins
import itertools
import random
import sys
import tempfile
import warnings
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import sympy
from sympy import Function, Lambda, MatrixSymbol, Symbol, Trace, exp, log, pretty, srepr

import sympy_matcalc as mc
from sympy_matcalc.testing import evaluate
from sympy_matcalc.testing.paste import PRELUDE, code, names_of, symbols_as_code
from sympy_matcalc.text import parse, to_text

CANARY = "__matcalc_canary__"  # a function of `builtins` that records that it was called
CALL = f"__import__('builtins').{CANARY}()"
PARTS = [
    *('"', "'", '"""', "'''", "\\", "\\\\", "\n", "\r", "\t", "\0", "\u2028", "\x85", "{", "}", "{{", "}}", "{0}", "{x!r}", "%s", "%(x)s"),
    *(" ", "", ";", ":", ",", ".", "(", ")", "[", "]", "=", "==", "#", "@", "`", "$", "\\N{BULLET}", "\\x22", "\ud800", "é", "α", "²", "½"),
    *("𐄇", "·", "़", "‮", "ⅷ", "lambda", "None", "import", "class", "np", "jnp", "torch", "xp", "self", "dtype", "compute", "flat", "_take"),
    *(
        "__import__",
        "__class__",
        "__builtins__",
        "_norm",
        "ShapeError",
        "x",
        "X",
        "t1",
        "i1",
        "n",
        "1",
        "0",
        "sum",
        "len",
        "print",
        "match",
    ),
    *(CALL, f"{{{CALL}}}", f'" + {CALL} + "', f"' + {CALL} + '", f'"}} , {CALL} , {{"', f"\n{CALL}\n", f"\n    {CALL}\n", f"); {CALL}; ("),
    *(f'"""\n{CALL}\n"""', f"\\\n{CALL}", f"\r{CALL}", f"x: {CALL}", f"x={CALL}", f"*{CALL}", f"\x85{CALL}", f"\u2028{CALL}", f"#\n{CALL}"),
]
OTHERS = 0.2  # the share of cases that go through the printers, the parser and the problems too, which takes longer
EVERY = 500  # cases between two reports of a long run, so that one that is stopped says how far it came
BACKENDS = {"numpy": "numpy", "jax": "jax", "torch": "torch", "dask": "dask", "array_api_strict": "array_api_strict"}


class Executed(Exception):
    """The canary was called: text of a name ran as code."""


def _canary(*_):
    raise Executed


def hostile_name(rng):
    """A name made of fragments that break out of strings, f-strings, lines and calls, or that mean something in a source."""
    name = "".join(rng.choice(PARTS) for _ in range(rng.randint(1, 4)))
    return name * rng.choice([1, 1, 1, 1, 20]) or "_"


def models(X, A, x, t, n, m):
    """Expressions that meet every kind of intake: matrices, vectors, scalars, sizes as numbers, loops, factorisations; each made when called."""
    r = A * x
    return [
        lambda: ([X], log(mc.Norm(X) ** 2 + 1)),
        lambda: ([X, A, x], mc.gradient((r.T * X * r)[0, 0], x)),
        lambda: ([X, A, x], {"value": Trace(X * X), "inverse": X.I * A * x}),
        lambda: ([x, t], mc.gradient(mc.LogSumExp(t * x), x)),
        lambda: ([A, x, t], [A * x * exp(t), mc.Softmax(A * x)]),
        lambda: ([t, n, X], X * t * n),
        lambda: ([X], mc.hessian(Trace(X.T * X * X), X)),
    ]


def matrix_function(X, t, name):
    """A function of a matrix with a parameter, and a function of a hostile name in it."""
    u = Symbol(name + "u")
    return mc.MatrixFunction(Lambda(u, exp(t * u) * (1 + _function(name)(t))), X)


def _function(name):
    """An undefined function of a name, but for what Python has in no name of a class."""
    return Function(name.encode("utf-8", "replace").decode().replace("\0", ""))


def others(args, exprs, data, name):
    """Everything else that makes text or code of an expression: printers, pasted code, SymPy's `lambdify`, operators, problems, the parser."""
    e = exprs[0]
    for write in (str, srepr, pretty, mc.latex, to_text, code, mc.conditions, repr):
        _quietly(lambda write=write: write(e))
    _quietly(lambda: mc.cookbook(e))
    _quietly(lambda: parse(name))
    _quietly(lambda: parse("x.T*A*x", [name, f"A: {name}", f"{name}: n x m"]))
    _quietly(lambda: parse(to_text(e)))
    namespace = {}
    for line in [PRELUDE, *symbols_as_code(names_of(e))]:
        exec(line, namespace)
    _quietly(lambda: eval(code(e), namespace))
    with mc.installed():
        try:
            _quietly(lambda: sympy.lambdify(args, e, "numpy")(*(data[a] for a in args)))
        except SyntaxError:  # what is left to SymPy's own printer gives two symbols of one name one parameter
            pass
    _quietly(lambda: mc.lambdify(args, e, structured=True)(*(data[a] for a in args)))
    X = args[0]
    if isinstance(X, MatrixSymbol):
        _quietly(lambda: mc.objective(e, [X], {a: data[a] for a in args[1:]}).fun(np.ones(np.size(data[X]))))
        _quietly(lambda: mc.check(e, X, points=1))
        if X.shape[0] == X.shape[1]:
            node, t = matrix_function(X, Symbol(name), name), Symbol(name)
            F = _function(name)
            _quietly(lambda: evaluate(mc.differential(Trace(node), X), {**data, t: 0.5, F: lambda x: x}))


def check(seed, backend):
    """One case: derived, written, compiled, called with right and wrong arguments. Returns the source."""
    rng = random.Random(seed)
    names = [hostile_name(rng) for _ in range(6)]
    n, m = Symbol(names[0], integer=True, positive=True), Symbol(names[1], integer=True, positive=True)
    if n == m:
        m = n
    X, A, x, t = MatrixSymbol(names[2], m, m), MatrixSymbol(names[3], m, n), MatrixSymbol(names[4], n, 1), Symbol(names[5], real=True)
    args, expr = rng.choice(models(X, A, x, t, n, m))()
    if isinstance(expr, dict):
        expr = {hostile_name(rng) + key: e for key, e in expr.items()}
    exprs = list(expr.values()) if isinstance(expr, dict) else expr if isinstance(expr, list) else [expr]
    data = {X: np.eye(3) * 2, A: np.ones((3, 3 if m == n else 2)), x: np.ones((3 if m == n else 2, 1)), t: 0.5, n: 3 if m == n else 2}
    if rng.random() < OTHERS:
        others(args, exprs, data, hostile_name(rng))
    modules = __import__(backend) if backend == "array_api_strict" else backend
    fn = _quietly(lambda: mc.lambdify(args, expr, modules=modules))
    if fn is None:
        return None
    _quietly(lambda: fn(*(data[a] for a in args)))
    for a in args:  # every message about a wrong argument is written
        for wrong in (np.ones((2, 3, 4)), np.ones((1, 7)), "text", None, np.ones((5, 5))):
            _quietly(lambda a=a, wrong=wrong: fn(*(wrong if b is a else data[b] for b in args)))
    return fn.source


def _quietly(call):
    """The result of a call, None where it raised; what the canary raises goes through, and a program that does not parse."""
    try:
        return call()
    except (Executed, SyntaxError, NameError):
        raise
    except Exception:
        return None


def run(count, seed, backends, report=None):
    """(cases, cases with a function) of `count` seeds; raises at the first whose name was run or broke a source, and names the seed.

    report: called with both numbers every EVERY cases.
    """
    setattr(builtins, CANARY, _canary)
    made = 0
    try:
        for k, backend in zip(range(seed, seed + count), itertools.cycle(backends)):
            try:
                made += check(k, backend) is not None
            except (Executed, SyntaxError, NameError) as error:
                raise AssertionError(f"seed {k}, back end {backend}: {type(error).__name__}: {error}") from error
            if report is not None and (k + 1 - seed) % EVERY == 0:
                report(k + 1 - seed, made)
    finally:
        delattr(builtins, CANARY)
    return count, made


def installed_backends():
    """The back ends whose library is installed."""
    return [name for name, module in BACKENDS.items() if find_spec(module)]


def main():
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    before = set(Path(tempfile.gettempdir()).iterdir())
    report = lambda cases, made: print(f"{cases} cases from seed {options.seed}, {made} functions", flush=True)  # noqa: E731
    cases, made = run(options.n, options.seed, installed_backends(), report)
    print(
        f"{cases} cases, {made} functions made and called, nothing of a name was run; {len(set(Path(tempfile.gettempdir()).iterdir()) - before)} new files"
    )


if __name__ == "__main__":
    sys.exit(main())
