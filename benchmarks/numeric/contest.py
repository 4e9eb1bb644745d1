"""One case: derive, make the contestants, compare their answers with the hand-written one, and time them in turn."""

import gc
import inspect
import statistics
import time

import numpy as np

import sympy_matcalc as mc

from .jax_times import jax_ratios
from .problem import jax_names

TOLERANCE = 1e-10  # relative to the largest entry
SLOW = 20.0  # seconds: a contestant that takes longer for one call (and its compilation) is left out
JAX_MODES = {"grad": ("grad",), "jac": ("jacrev", "jacfwd"), "hess": ("fwd-over-rev", "rev-over-rev"), "value": ("jit",)}


def derivative(problem, order, facts=None):
    expr, X = problem.expr, problem.args[0]
    if order == "value":
        return expr
    return {"grad": mc.gradient, "jac": mc.jacobian, "hess": mc.hessian}[order](expr, X, assumptions=facts)


def lambdified(problem, order, modules="numpy", facts=None, **options):
    """Our function; what is known goes to `lambdify` too where it takes assumptions."""
    if facts is not None and "assumptions" in inspect.signature(mc.lambdify).parameters:
        options["assumptions"] = facts
    return mc.lambdify(problem.args, derivative(problem, order, facts), modules=modules, **options)


def takes_structured():
    return "structured" in inspect.signature(mc.lambdify).parameters


def caller(function, data, modules):
    """A function of no arguments that returns when the result is there."""
    if modules == "jax":
        import jax

        jax_names()
        arrays, compiled = [jax.numpy.asarray(a) for a in data], jax.jit(function)
        return lambda: compiled(*arrays).block_until_ready()
    if modules == "torch":
        import torch

        tensors = [torch.as_tensor(a) for a in data]
        return lambda: function(*tensors)
    return lambda: function(*data)


def jax_callers(problem, order, data):
    """JAX's ways to the derivative, compiled: (name, function of no arguments)."""
    import jax

    names = jax_names()
    arrays = [jax.numpy.asarray(a) for a in data]
    make = {
        "grad": jax.grad,
        "jacrev": jax.jacrev,
        "jacfwd": jax.jacfwd,
        "jit": lambda f: f,
        "fwd-over-rev": lambda f: jax.jacfwd(jax.jacrev(f)),
        "rev-over-rev": lambda f: jax.jacrev(jax.jacrev(f)),
    }
    for mode in JAX_MODES[order]:
        compiled = jax.jit(make[mode](lambda *a: problem.fun(names, *a)))
        yield "jax " + mode, lambda f=compiled: f(*arrays).block_until_ready()


def error(got, want):
    """Largest difference relative to the largest entry; infinity for another shape or something that is not finite."""
    got, want = np.asarray(got), np.asarray(want)
    if got.shape != want.shape:
        if got.size != want.size:
            return float("inf")
        got = got.reshape(want.shape)
    e = float(np.max(np.abs(got - want), initial=0.0) / (np.max(np.abs(want), initial=0.0) or 1.0))
    return e if np.isfinite(e) else float("inf")


def contest(functions, rounds):
    """Median seconds a call. The contestants take turns, in another order each round; each turn is a block of at least 2 ms.

    Seconds are those of the processor in this process, all threads of it: on one core that is the time it takes, less the time in which
    another process has the core, which on a busy machine changes a turn of 2 ms to one of 6. Calls of more than half a second, of which
    there are some in the Hessians of peers, are timed twice only, of more than two seconds once.
    """
    clock, repeats, limit, times = time.process_time, {}, {}, {}
    for name, f in functions.items():
        start = clock()
        f()
        once = clock() - start
        repeats[name] = max(1, min(3000, int(0.002 / max(once, 1e-7))))
        limit[name], times[name] = (0, [once]) if once > 2 else (2 if once > 0.5 else rounds, [])
    names, start = list(functions), time.perf_counter()
    gc.disable()
    try:
        for r in range(rounds):
            if r >= 3 and time.perf_counter() - start > 6:
                break
            for name in names[r % len(names) :] + names[: r % len(names)]:
                f, count = functions[name], repeats[name]
                if r >= limit[name]:
                    continue
                if count < 20:
                    f()  # the one before, of perhaps a hundred times the memory, has left the caches full of its own
                t0 = clock()
                for _ in range(count):
                    f()
                times[name].append((clock() - t0) / count)
    finally:
        gc.enable()
    return {name: statistics.median(ts) for name, ts in times.items()}


class Derived:
    """Our functions of a problem and an order, made once for all sizes; a failure is kept as text."""

    def __init__(self, problem, order, modules):
        self.functions, self.failures, self.seconds = {}, {}, {}
        self._make("ours", problem, order, modules, None)
        if problem.facts is not None:
            self._make("ours told", problem, order, modules, problem.facts)
        if takes_structured() and modules == "numpy" and order in ("hess", "jac"):
            self._make("ours structured", problem, order, modules, None, structured=True)

    def _make(self, name, problem, order, modules, facts, **options):
        start = time.perf_counter()
        try:
            self.functions[name] = lambdified(problem, order, modules, facts, **options)
            self.seconds[name] = time.perf_counter() - start
        except Exception as x:  # whatever it raises, the benchmark goes on and reports it
            self.failures[name] = f"{type(x).__name__}: {x}".split("\n")[0][:160]


def dense(answer):
    return answer.todense() if hasattr(answer, "todense") else answer


def run_case(problem, order, size, derived, modules="numpy", jax=False, rounds=7):
    """A row: dims, seconds, error and failure of each contestant."""
    data = problem.make(order, size)
    hand = getattr(problem, order)
    want = np.asarray(hand(*data))
    row = dict(
        problem=problem.__name__,
        area=problem.area,
        kind=problem.kind if order in ("hess", "jac") else "rest",
        order=order,
        size=size,
        dims=problem.dims(order, size),
        assumes=problem.assumes,
        error={},
        failure=dict(derived.failures),
        derive=derived.seconds,
    )
    contestants = {"hand": lambda: hand(*data)}
    if hasattr(problem, "insight_" + order):
        insight = getattr(problem, "insight_" + order)
        contestants["insight"] = lambda: insight(*data)
    for name, function in derived.functions.items():
        contestants[name] = caller(function, data, modules)
    for name in [c for c in contestants if c != "hand"]:
        try:
            start = time.perf_counter()
            answer = contestants[name]()
            row["error"][name] = error(dense(answer), want)
            if name == "ours structured" and not hasattr(answer, "todense"):
                if np.ndim(answer) > 1:  # a number or a vector has no operator
                    row["failure"][name] = "a dense array"
                del contestants[name]
            elif time.perf_counter() - start > SLOW:
                row["failure"][name] = f"takes more than {SLOW:.0f} s"
                del contestants[name]
            del answer
        except Exception as x:
            row["failure"][name] = f"{type(x).__name__}: {x}".split("\n")[0][:160]
            del contestants[name]
    del want
    row["seconds"] = contest(contestants, rounds)
    if jax:
        _add_jax(row, jax_ratios(problem, order, size, rounds))
    return row


def _add_jax(row, found):
    if "failure" in found:
        row["failure"]["jax"] = found["failure"]
        return
    for mode, result in found.items():
        row["seconds"][mode] = result["ratio"] * row["seconds"]["hand"]
        row["error"][mode] = result["error"]
