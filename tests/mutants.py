"""Random mutants of the package, each run against the tests of its mirrored path: which survive?

python tests/mutants.py --n 100 --seed 0                     # over the folders below
python tests/mutants.py --n 20 sympy_matcalc/notation        # of one folder
python tests/mutants.py --show 17                            # what the mutant with this number is, without running it

A mutant is one flipped comparison, swapped branch, whole number off by one, or changed sign. It is killed when a test fails, takes too
long, or cannot be collected. Mutants of functions are tried in copies of one process that has collected the tests (`forked.py`), which
takes a tenth of the time; what survives there, or can't be judged there, in a process of its own. A survivor gets a test, or is shown
to be equivalent in `equivalent.txt`: a file, the line as it is, the line with the mutant, and why no test can tell them apart.
"""

import argparse
import ast
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from forked import Edited, judge  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ["kernel", "notation", "canonical", "adjoint", "rewriting", "codegen/planning", "codegen/structured", "codegen/lower*"]
TIMEOUT = 600  # seconds of processor time of one run; the slowest mirrored path takes a quarter of it
COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    **{ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.GtE, ast.GtE: ast.Lt, ast.Gt: ast.LtE, ast.LtE: ast.Gt},
    **{ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In},
}
EQUIVALENT = Path(__file__).parent / "equivalent.txt"


@dataclass(frozen=True)
class Mutant:
    """An edit of one file: the text from `start` to `end`, offsets in characters, becomes `new`."""

    file: str
    start: int
    end: int
    old: str
    new: str
    line: int
    key: tuple[str, str, str]  # the file, and the line without and with the mutant; no number, which moves

    def __str__(self):
        return f"{self.file}:{self.line}: {_on_one_line(self.old)} -> {_on_one_line(self.new)}"


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def equivalent() -> dict[tuple[str, str, str], str]:
    """The keys of mutants that no test can tell from the original, and why."""
    blocks = EQUIVALENT.read_text(encoding="utf-8").strip().split("\n\n")
    return {(file, old.strip(), new.strip()): why.strip() for file, old, new, why in (b.splitlines() for b in blocks)}


def mutants_of(file: Path) -> Iterator[Mutant]:
    """Every mutant of a file, in the order of its text."""
    source = file.read_text(encoding="utf-8")
    starts = [0]
    for line in source.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    lines = source.split("\n")

    def place(row: int, column: int) -> int:  # columns of `ast` count bytes
        return starts[row - 1] + len(lines[row - 1].encode()[:column].decode())

    def mutant(node: ast.expr, new: str) -> Mutant:
        start, end = place(node.lineno, node.col_offset), place(node.end_lineno or 0, node.end_col_offset or 0)
        first, last = source.rfind("\n", 0, start) + 1, source.index("\n", end)
        whole = source[first:last], source[first:start] + new + source[end:last]
        name = file.relative_to(ROOT).as_posix()
        return Mutant(name, start, end, source[start:end], new, node.lineno, (name, *map(_on_one_line, whole)))  # type: ignore[arg-type]

    found = [mutant(node, ast.unparse(new)) for node in _mutable(ast.parse(source)) for new in _changes(node)]
    yield from sorted(found, key=lambda m: (m.start, m.end, m.new))


def _mutable(tree: ast.Module) -> Iterator[ast.expr]:
    """Expressions whose text can be replaced: not those inside f-strings, which have no positions before Python 3.12."""
    stack: list[ast.AST] = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.JoinedStr):
            continue
        if isinstance(node, (ast.If, ast.While)):
            yield ast.copy_location(ast.BoolOp(ast.Or(), [node.test]), node.test)  # stands for the condition as such
        elif isinstance(node, ast.expr):
            yield node
        stack.extend(ast.iter_child_nodes(node))


def _changes(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        yield ast.Compare(node.left, [COMPARISONS[type(node.ops[0])]()], node.comparators)
    elif isinstance(node, ast.IfExp):
        yield ast.IfExp(node.test, node.orelse, node.body)
    elif isinstance(node, ast.BoolOp) and len(node.values) == 1:
        yield ast.UnaryOp(ast.Not(), node.values[0])
    elif isinstance(node, ast.Constant) and type(node.value) is int:
        yield ast.Constant(node.value + 1)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
        yield ast.BinOp(node.left, ast.Sub() if isinstance(node.op, ast.Add) else ast.Add(), node.right)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield node.operand


def files_of(folders: list[str]) -> list[Path]:
    """The files of the named folders, or of patterns of files, below the package."""
    package = ROOT / "sympy_matcalc"
    out: set[Path] = set()
    for name in folders:
        path = ROOT / name if (ROOT / name).exists() else None
        if path is not None and path.is_file():
            out.add(path)
        elif path is not None or (package / name).is_dir():
            out |= set((path or package / name).rglob("*.py"))
        else:
            out |= set(package.glob(name + ".py"))
    return sorted(f for f in out if "runtime" not in f.parts)


def chosen(count: int, seed: int, folders: list[str]) -> list[Mutant]:
    """Random mutants: a file by the number of its mutants, all different."""
    everything = [m for f in files_of(folders) for m in mutants_of(f)]
    return random.Random(seed).sample(everything, min(count, len(everything)))


def mirrored(file: str) -> list[str]:
    """The tests of a file: those in the folder of the same path, without folders below it; nearest by name first."""
    path = Path(file).relative_to("sympy_matcalc")
    folder = ROOT / "tests" / path.parent
    tests = sorted(folder.glob("test_*.py"), key=lambda f: (f.stem != f"test_{path.stem}", f.name))
    return [f.relative_to(ROOT).as_posix() for f in tests]


def copied(folder: Path) -> Path:
    """A copy of what the tests need, in which mutants stand one at a time."""
    for name in ("sympy_matcalc", "tests", "docs", "benchmarks"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "setup.cfg", "README.md"):
        shutil.copy(ROOT / name, folder)
    return folder


def edited(mutant: Mutant, root: Path) -> Edited:
    """The file of a copy, as it is and with the mutant."""
    source = (root / mutant.file).read_text(encoding="utf-8")
    return Edited(root / mutant.file, source, source[: mutant.start] + mutant.new + source[mutant.end :], mutant.start)


def survives(mutant: Mutant, root: Path) -> bool:
    """Whether all tests of the mirrored path pass with the mutant in its place, in a process of their own."""
    edit = edited(mutant, root)
    edit.path.write_text(edit.new, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *mirrored(mutant.file)]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(root)}

    def limit():
        resource.setrlimit(resource.RLIMIT_CPU, (TIMEOUT, TIMEOUT))

    try:
        return subprocess.run(command, cwd=root, env=environment, capture_output=True, preexec_fn=limit).returncode == 0
    finally:
        edit.path.write_text(edit.old, encoding="utf-8")


def judged(todo: list[Mutant], quick: bool) -> list[Mutant]:
    """Print the fate of each mutant of one set of tests; those that survive."""
    left: list[Mutant] = []
    with tempfile.TemporaryDirectory() as folder:
        root = copied(Path(folder))

        def report(k: int, killed: bool | None) -> None:
            mutant = todo[k]
            if not killed and not (quick and killed is False):
                killed = not survives(mutant, root)
            print(f"{'killed  ' if killed else 'SURVIVED'} {mutant}", flush=True)
            left.extend([] if killed else [mutant])

        judge(root, mirrored(todo[0].file), [edited(mutant, root) for mutant in todo], report)
    return left


def by_tests(todo: list[Mutant]) -> list[list[Mutant]]:
    """The mutants, together those that the same tests are for."""
    groups: dict[Path, list[Mutant]] = {}
    for mutant in todo:
        groups.setdefault(Path(mutant.file).parent, []).append(mutant)
    return list(groups.values())


def main() -> int:
    """Command line; status 1 where more than one in twenty survives."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", default=FOLDERS)
    parser.add_argument("--n", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2, help="sets of tests at a time")
    parser.add_argument("--quick", action="store_true", help="don't try what survives again in a process of its own")
    parser.add_argument("--show", type=int, help="print the mutant with this number only")
    options = parser.parse_args()
    todo = chosen(options.n, options.seed, options.folders)
    if options.show is not None:
        print(todo[options.show])
        return 0
    known = equivalent()
    for mutant in todo:
        if mutant.key in known:
            print(f"equivalent: {mutant}: {known[mutant.key]}", flush=True)
    with ProcessPoolExecutor(options.jobs, get_context("spawn"), max_tasks_per_child=1) as pool:
        found = pool.map(judged, by_tests([m for m in todo if m.key not in known]), repeat(options.quick))
        left = [mutant for survivors in found for mutant in survivors]
    for mutant in left:
        print(f"survived: {mutant}")
    print(f"{len(todo) - len(left)} of {len(todo)} killed or equivalent")
    return int(len(left) > len(todo) / 20)


if __name__ == "__main__":
    sys.exit(main())
