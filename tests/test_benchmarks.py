"""The benchmarks run; what they measure is for people to read, no time is asserted."""

import json
import subprocess
import sys
from pathlib import Path

from sympy_matcalc.codegen.ir import costs

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"


def test_derive_prints_its_table():
    done = subprocess.run([sys.executable, str(BENCHMARKS / "derive.py"), "--quick"], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("|") > 60 and "geometric mean" in done.stdout


def test_simplify_prints_its_table():
    done = subprocess.run([sys.executable, str(BENCHMARKS / "simplify.py"), "--quick"], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("ms") >= 16


def test_structured_has_a_row_for_each_structure_and_convention():
    done = subprocess.run(
        [sys.executable, str(BENCHMARKS / "structured.py"), "--quick", "--only", "symmetric,orthogonal"],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    rows = [line.split()[:2] for line in done.stdout.splitlines() if line.startswith("  ")]
    plain = [["symmetric", "entries"], ["symmetric", "subspace"], ["orthogonal", "subspace"]]
    assert rows == plain + [["symmetric", "mean"]] + plain + plain + [["symmetric", "mean"]]


def test_costs_prints_each_constant_beside_its_measurement():
    command = [sys.executable, "-m", "benchmarks.costs", "--quick"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=BENCHMARKS.parent)
    assert done.returncode == 0, done.stderr
    lines = {line.split()[0]: line.split()[1:3] for line in done.stdout.splitlines()[3:]}
    constants = {name for name, value in vars(costs).items() if name.isupper() and isinstance(value, (int, float))}
    assert set(lines) == constants | {"LOOK"}
    assert all(float(code) > 0 and float(seen) >= 0 for code, seen in lines.values())


def test_numeric_answers_agree_with_the_hand_written_ones(tmp_path):
    rows_file, page = tmp_path / "rows.json", tmp_path / "table.md"
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.numeric", "--smoke", "--json", str(rows_file), "--output", str(page)],
        capture_output=True,
        text=True,
        timeout=300,
        cwd=BENCHMARKS.parent,
    )
    rows = json.loads(rows_file.read_text())
    assert len(rows) > 140 and page.read_text().count("|") > 1000
    for row in rows:
        name = f"{row['problem']} {row['order']}"
        assert row["error"]["ours"] < 1e-10, name
        assert max(row["error"].values()) < 1e-10, name
        assert row["differences"] < 1e-5, name
    assert done.returncode == 0, done.stderr


def test_extremes_are_right_or_have_a_known_reason(tmp_path):
    results_file = tmp_path / "results.json"
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.extremes", "--wrong", "--json", str(results_file)],
        capture_output=True,
        text=True,
        timeout=600,
        cwd=BENCHMARKS.parent,
    )
    results = json.loads(results_file.read_text())
    assert len(results) > 500 and sum(r["right"] for r in results) > 400
    assert [r for r in results if not r["right"] and not r["known"]] == []
    assert done.returncode == 0, done.stdout


def test_data_agrees_with_the_hand_written_code(tmp_path):
    rows_file = tmp_path / "rows.json"
    command = [sys.executable, "-m", "benchmarks.numeric", "--data", "--sizes", "small", "--rounds", "1", "--json", str(rows_file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=BENCHMARKS.parent)
    assert done.returncode == 0, done.stderr
    assert "OPENBLAS_NUM_THREADS=" in done.stdout and "cores: " in done.stdout
    rows = json.loads(rows_file.read_text())
    assert len(rows) == 6
    assert all(row["error"]["ours"] <= 1e-10 for row in rows)
