"""Random and mutated text for the reader: every one is read or refused by an error of the package, at once, in little memory.

usage: python -m tests.fuzz_text [--n 100000] [--seed 0] [--limit 1.0]
"""

import argparse
import random
import resource
import time
import warnings

import sympy_matcalc as mc
from sympy_matcalc.text import read

from .text.test_declared import DECLARED
from .text.test_matlab import FORMULAS as MATLAB
from .text.test_plain import FORMULAS as PLAIN
from .text.test_tex import FORMULAS as TEX

TEXTS = [row[0] for table in (MATLAB, TEX, PLAIN, DECLARED) for row in table] + [row[1] for row in MATLAB]
PIECES = [
    "x", "A", "X*w", "'", ".T", ".*", "^", "**", "(", ")", "[", "]", "{", "}", "||", "|", "‖", "ᵀ", "⁻¹", "²", "\\top", "\\frac", "\\log", "\\lVert", "\\rVert",
    "\\mathbf", "\\operatorname", "\\begin{bmatrix}", "\\end{bmatrix}", "&", "\\\\", "_", "_{ij}", "^{\\top}", "->", ",", ";", "where ", " is ", "symmetric", "1e9", "0.1",
    "99999999999", "kron(", "block([[", "inv(", "norm(", "'fro'", "\\", "\n", "\0", "é", "𝐱", "∑", "lambda", "__", "e^", "\\sqrt", "\\left", "\\right", ":", "=", "<", "#", "%",
]  # fmt: skip
MEMORY = 200 * 2**20  # bytes that all of them together may add


def text_of(rng):
    """A random text: of pieces, of characters, a mutated formula, or something deep or long."""
    kind = rng.random()
    if kind < 0.2:
        return "".join(rng.choice(PIECES) for _ in range(rng.randint(1, 30)))
    if kind < 0.3:
        return "".join(chr(rng.choice([rng.randint(1, 127), rng.randint(128, 0x2FFF)])) for _ in range(rng.randint(1, 60)))
    if kind < 0.32:
        return rng.choice(PIECES) * rng.randint(1, 3000)
    text = rng.choice(TEXTS)
    for _ in range(rng.randint(1, 4)):
        i, j = sorted(rng.randint(0, len(text)) for _ in range(2))
        change = rng.random()
        if change < 0.3:
            text = text[:i] + text[i + 1 :]
        elif change < 0.7:
            text = text[:i] + rng.choice(PIECES) + text[i:]
        elif change < 0.85:
            text = text[:i] + text[i:j] * rng.randint(0, 5) + text[j:]
        else:
            other = rng.choice(TEXTS)
            text = text[:i] + other[rng.randint(0, len(other)) :]
    return text


def judged(text):
    """("read" | "refused" | the name of another error, seconds of the processor)."""
    start = time.process_time()
    try:
        read(text)
        seen = "read"
    except mc.MatcalcError:
        seen = "refused"
    except Exception as error:  # this is what is looked for
        seen = f"{type(error).__name__}: {error}"
    return seen, time.process_time() - start


def main():
    out = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    out.add_argument("--n", type=int, default=100_000)
    out.add_argument("--seed", type=int, default=0)
    out.add_argument("--limit", type=float, default=1.0, help="seconds that a text may take")
    args = out.parse_args()
    warnings.simplefilter("error")
    read("x'*x")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    counts = {"read": 0, "refused": 0, "crash": 0, "slow": 0}
    slowest = 0.0
    for seed in range(args.seed, args.seed + args.n):
        text = text_of(random.Random(seed))
        seen, seconds = judged(text)
        slowest = max(slowest, seconds)
        if seconds > args.limit:
            counts["slow"] += 1
            print(f"{seed}: {seconds:.1f} s: {text[:200]!r}", flush=True)
        counts[seen if seen in counts else "crash"] += 1
        if seen not in counts:
            print(f"{seed}: {seen[:200]}: {text[:200]!r}", flush=True)
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - before
    print(f"{counts}; the slowest {slowest:.2f} s; {used / 2**20:.0f} MiB more memory")
    return 1 if counts["crash"] or counts["slow"] or used > MEMORY else 0


if __name__ == "__main__":
    raise SystemExit(main())
