"""Random expressions by the other ways of `mc.lambdify`, judged by the evaluator: ``python tests/fuzz_paths.py --n 500 --seed 0``.

The ways are tiles under a bound of memory (also of batches, and of operators), a batch (NumPy, PyTorch, JAX), operators and sparse arrays as results, sparse arrays as arguments, and JAX under `jit`. The
expressions are those of `fuzz_numeric`. Each example of a batch, each operator made dense, has to be what the evaluator says. Prints what is
wrong and what crashed, with its seed and its way, then a line of counts.
"""

import argparse
import os
import sys
import traceback
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from scipy import sparse
from sympy import MatrixSymbol

import sympy_matcalc as mc
from sympy_matcalc.codegen.compiled import compiled
from sympy_matcalc.errors import MatcalcError, ShapeError
from sympy_matcalc.testing.time_limit import OutOfTime, time_limit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tests.fuzz_numeric import SIZES, Reference, arguments, case, differs, environment  # noqa: E402

POINTS = ((2, 3, 4), (3, 2, 1), (1, 3, 2), (3, 3, 3))
EXAMPLES = 3
REFUSED = (MatcalcError, NotImplementedError, np.linalg.LinAlgError, FloatingPointError)


class Way:
    """One way to the numbers of expressions: `values` gives (environment, results) pairs for a point."""

    module = "numpy"

    def __init__(self, args, exprs, rng):
        self.args, self.exprs, self.rng = args, exprs, rng
        self.matrices = [a for a in args if isinstance(a, MatrixSymbol)]
        self.function = self.compiled()

    def compiled(self):
        return mc.lambdify(self.args, self.exprs, modules=self.module, **self.options())

    def options(self):
        return {}

    def values(self, sizes, seed):
        env = environment(self.args, sizes, seed)
        yield env, [self.whole(v) for v in self.function(*(self.given(a, env[a]) for a in self.args))]

    def given(self, symbol, value):
        return value

    def whole(self, value):
        return np.asarray(value)


class Batch(Way):
    """Some arguments are batches."""

    def options(self):
        able = [a for a in self.args if a not in SIZES]
        chosen = [a for a in able if self.rng.random() < 0.6] or able[:1]
        if not chosen:
            raise MatcalcError("no argument to be a batch")
        self.batch = set(chosen)
        return {"batch": chosen}

    def values(self, sizes, seed):
        environments = [environment(self.args, sizes, seed + 1000 * j) for j in range(EXAMPLES)]
        stacked = {a: np.stack([np.asarray(env[a], float) for env in environments]) for a in self.batch}
        results = self.function(*(self.given(a, stacked.get(a, environments[0][a])) for a in self.args))
        for j, env in enumerate(environments):
            yield {**environments[0], **{a: env[a] for a in self.batch}}, [self.whole(r)[j] for r in results]


class TorchBatch(Batch):
    """The same, mapped by PyTorch."""

    module = "torch"

    def given(self, symbol, value):
        import torch

        return torch.as_tensor(value) if isinstance(value, np.ndarray) else value


class JaxBatch(Batch):
    """The same, mapped by JAX."""

    module = "jax"


class Jax(Way):
    """Code of JAX, under `jit` where no size is an argument."""

    module = "jax"

    def compiled(self):
        import jax

        function = super().compiled()
        return function if any(a in SIZES for a in self.args) else jax.jit(function)


class Operators(Way):
    """Operators, made dense."""

    def options(self):
        return {"structured": True}

    def whole(self, value):
        return value.totensor() if hasattr(value, "totensor") else value


class SparseResults(Way):
    """Sparse arrays, made dense."""

    def options(self):
        return {"structured": "sparse"}

    def values(self, sizes, seed):
        for env, results in super().values(sizes, seed):
            dense = [Reference(e, env).value for e in self.exprs]
            yield env, [r.reshape(d.shape) if r.size == d.size else r for r, d in zip(results, dense, strict=True)]

    def whole(self, value):
        return value.toarray() if sparse.issparse(value) else np.asarray(value)


class SparseArguments(Way):
    """Some matrices come as sparse arrays."""

    def options(self):
        able = [a for a in self.matrices if 1 not in a.shape]
        if not able:
            raise MatcalcError("no matrix")
        self.thin = {able[self.rng.integers(len(able))]}
        return {"sparse": list(self.thin)}

    def values(self, sizes, seed):
        env = environment(self.args, sizes, seed)
        for a in self.thin:
            keep = np.random.default_rng(seed).random(env[a].shape) < 0.5
            env[a] = np.where(keep | np.eye(*keep.shape, dtype=bool), env[a], 0)
        yield env, [self.whole(v) for v in self.function(*(self.given(a, env[a]) for a in self.args))]

    def given(self, symbol, value):
        if symbol not in self.thin:
            return value
        return (sparse.csc_array if value.shape[0] % 2 else sparse.csr_array)(value)

    def whole(self, value):
        return value.toarray() if sparse.issparse(value) else np.asarray(value)


class Tiles(Way):
    """Under a bound of memory, by tiles of one or two rows."""

    def options(self):
        return {"memory": "10 MB"}

    def compiled(self):
        function = super().compiled()
        source = function.source.replace("max(64, cached // max(each, 1))", str(self.rng.integers(1, 3)))
        if source == function.source and "_tile_rows(" in source:
            raise AssertionError("the helper `_tile_rows` has another text: tiles are not as short as this is to try")
        return compiled(source, function.given)


class TilesOfBatches(Batch, Tiles):
    """The same for batches."""

    def options(self):
        return Batch.options(self) | Tiles.options(self)


class TilesOfOperators(Operators, Tiles):
    """The same for the arrays of operators."""

    def options(self):
        return Operators.options(self) | Tiles.options(self)


WAYS = {
    "tiles": Tiles,
    "tiles of batches": TilesOfBatches,
    "tiles of operators": TilesOfOperators,
    "batch": Batch,
    "operators": Operators,
    "sparse results": SparseResults,
    "sparse arguments": SparseArguments,
}
if find_spec("jax"):
    WAYS |= {"jax": Jax, "jax batch": JaxBatch}
if find_spec("torch"):
    WAYS |= {"torch batch": TorchBatch}


def expressions(seed, seconds):
    """The expressions of a seed; none where SymPy cannot make them, which is not what is tested here."""
    try:
        with time_limit(seconds):
            return case(seed)[0]
    except (Exception, OutOfTime):
        return []


def findings(seed, name, exprs, counts):
    """What is wrong by one way with some expressions; counts what has been compared."""
    args = arguments(exprs)
    if not args:
        return
    way = WAYS[name](args, exprs, np.random.default_rng(seed))
    for sizes in POINTS:
        try:
            pairs = list(way.values(sizes, seed))
        except ShapeError:  # of sizes that one of the vectors does not show
            continue
        for env, results in pairs:
            references = [Reference(e, env) for e in exprs]
            if any(not np.isfinite(r.value).all() or r.largest > 1e6 for r in references):
                continue
            for k, (value, reference) in enumerate(zip(results, references, strict=True)):
                bad = differs(_shaped(value, reference), reference)
                counts[name] += 1
                if bad:
                    yield f"result {k}, sizes {sizes}: {bad}\nargs = {args}\nexprs = {exprs}\n{way.function.source if hasattr(way.function, 'source') else ''}"
                    return


def _shaped(value, reference):
    """A value without, or with, axes of length 1, as the evaluator has it."""
    value = np.asarray(value)
    return value.reshape(reference.value.shape) if value.size == reference.value.size else value


def run(count, seed=0, ways=tuple(WAYS), seconds=30):
    """Counts by kind over some seeds; prints what is wrong."""
    kinds, counts, reasons = Counter(), Counter(), Counter()
    for one in range(seed, seed + count):
        exprs = expressions(one, seconds)
        kinds["expressions"] += len(exprs)
        for name in ways if exprs else ():
            try:
                with time_limit(seconds):
                    found = list(findings(one, name, exprs, counts))
            except REFUSED as error:
                kinds["refused"] += 1
                reasons[f"{name}: {type(error).__name__}: {str(error)[:70]}"] += 1
                continue
            except OutOfTime:
                kinds["skipped"] += 1
                continue
            except Exception as error:
                kinds["crash"] += 1
                print(f"=== crash, seed {one}, {name}: {''.join(traceback.format_exception(error)[-3:])[-900:]}", flush=True)
                continue
            kinds["wrong"] += len(found)
            for text in found:
                print(f"=== wrong, seed {one}, {name}: {text}", flush=True)
    for reason, times in reasons.most_common(8):
        print(f"{times} times: {reason}")
    by_way = ", ".join(f"{v} by {key}" for key, v in sorted(counts.items()))
    print(", ".join(f"{v} {key}" for key, v in kinds.items()) + f"; {sum(counts.values())} values compared: {by_way}", flush=True)
    return kinds


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--n", type=int, default=500, help="number of seeds")
    parser.add_argument("--seed", type=int, default=0, help="the first; the others follow")
    parser.add_argument("--ways", nargs="*", default=list(WAYS), choices=list(WAYS))
    a = parser.parse_args(argv)
    os.environ.setdefault("JAX_ENABLE_X64", "1")  # read when JAX is loaded, which is later
    kinds = run(a.n, a.seed, a.ways)
    return 1 if kinds["wrong"] or kinds["crash"] else 0


if __name__ == "__main__":
    sys.exit(main())
