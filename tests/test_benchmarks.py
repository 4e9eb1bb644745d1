"""The benchmarks run; what they measure is for people to read, no time is asserted."""
import subprocess
import sys
from pathlib import Path

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"


def test_derive_prints_its_table():
    done = subprocess.run([sys.executable, str(BENCHMARKS / "derive.py"), "--quick"], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("|") > 60 and "geometric mean" in done.stdout


def test_simplify_prints_its_table():
    done = subprocess.run([sys.executable, str(BENCHMARKS / "simplify.py"), "--quick"], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("ms") >= 16
