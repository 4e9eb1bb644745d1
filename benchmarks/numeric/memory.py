"""Peak memory of one call, in a process of its own for each contestant.

tracemalloc, to which NumPy reports every array, and not the high-water mark of resource.getrusage: that one never goes down, so that making
the arguments or importing SciPy hides the call; it counts pages, so that nothing under about 1 MB shows; and it leaves out zeros that
nobody has touched. What tracemalloc does not see is the constant packing buffer of the BLAS, the same for both. The process of its own
keeps caches of one contestant (and of the timing, which tracing would slow down) out of the other's account.
"""

import json
import subprocess
import sys
import tracemalloc


def peak(problem, order, size, who):
    """Bytes above what was there before the call, the result included; measured in a new process, None where it fails."""
    command = [sys.executable, "-m", "benchmarks.numeric.memory", problem.__name__, order, size, who]
    done = subprocess.run(command, capture_output=True, text=True)
    return json.loads(done.stdout) if done.returncode == 0 else None


def main(name, order, size, who):
    from .contest import lambdified
    from .problems import PROBLEMS

    problem = PROBLEMS[name]
    function = getattr(problem, order) if who == "hand" else lambdified(problem, order)
    function(*problem.make(order, "small"))  # what is made once, such as opened libraries, is no part of a call
    data = problem.make(order, size)
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    tracemalloc.reset_peak()
    function(*data)
    print(json.dumps(tracemalloc.get_traced_memory()[1] - before))


if __name__ == "__main__":
    main(*sys.argv[1:])
