"""JAX's times of a case, in a process of its own.

Its Hessians take and free gigabytes between the turns of the others: in one process that moves the arrays of the next contestant to other
memory and was seen to change the ratio of ours to hand by a factor of ten. So the hand-written code is timed here once more, before JAX is
imported, and JAX against that.
"""

import json
import os
import subprocess
import sys


def jax_ratios(problem, order, size, rounds):
    """{mode: {"ratio": seconds over the hand-written code's, "error": ...}}, or {"failure": text}."""
    command = [sys.executable, "-m", "benchmarks.numeric.jax_times", problem.__name__, order, size, str(rounds)]
    environment = dict(os.environ, XLA_FLAGS="--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    return json.loads(done.stdout) if done.returncode == 0 else {"failure": (done.stderr.strip().splitlines() or ["killed"])[-1][:160]}


def main(name, order, size, rounds):
    import time

    import numpy as np

    from .contest import SLOW, contest, error, jax_callers
    from .machine import keep_freed_memory
    from .problems import PROBLEMS

    keep_freed_memory()
    problem = PROBLEMS[name]
    data, hand = problem.make(order, size), getattr(problem, order)
    want = np.asarray(hand(*data))
    base = contest({"hand": lambda: hand(*data)}, int(rounds))["hand"]
    out = {}
    for mode, call in jax_callers(problem, order, data):
        start = time.perf_counter()
        e = error(call(), want)
        if time.perf_counter() - start < SLOW:
            out[mode] = dict(ratio=contest({mode: call}, int(rounds))[mode] / base, error=e)
    print(json.dumps(out))


if __name__ == "__main__":
    main(*sys.argv[1:])
