"""What a run will take, said before it starts; and the smoke selection, `pytest -m smoke`."""

import os
from zlib import crc32

import pytest

for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(threads, "1")  # before NumPy is loaded: threads on 3 x 3 matrices of two workers wait for each other

SMOKE = (  # from every stage of the pipeline a part, together a minute on one core
    "tests/test_layers.py",
    "tests/kernel",
    "tests/canonical",
    "tests/api/test_textbook.py",
    "tests/rewriting/test_rewrites.py",
    "tests/text/test_values.py",
    "tests/codegen/planning",
)
LONG = (  # beside them, and too long for that
    "tests/canonical/test_functions.py",
    "tests/canonical/test_kronecker_sums.py",
    "tests/canonical/test_samples.py",
    "tests/canonical/test_sums.py",
    "tests/codegen/planning/test_adjugates.py",
    "tests/codegen/planning/test_planner.py",
    "tests/kernel/test_order.py",
)
WHOLE = (  # measured on two cores of 2026; `pytest --durations=20` says where it goes
    "all tests: about 10 minutes with -n 2 on two cores, 20 minutes of processor time; "
    "`-m smoke` is a selection of less than a minute, `-m slow` the long ones"
)


def pytest_addoption(parser):
    parser.addoption(
        "--share",
        metavar="K/N",
        default="1/1",
        help="run the K-th of N shares of the tests, told apart by their names: the same tests on every machine and with every SymPy",
    )


def pytest_configure(config):
    """Of the smoke selection only its own files are collected: to import all others takes longer than it does."""
    from_testpaths = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    if config.getoption("markexpr") == "smoke" and from_testpaths:
        config.args = [str(config.rootpath / part) for part in SMOKE]


def share_of(option):
    """(K, N) of ``--share K/N``."""
    try:
        k, n = map(int, option.split("/"))
    except ValueError:
        k = n = 0
    if not 1 <= k <= n:
        raise pytest.UsageError(f"--share takes K/N with 1 <= K <= N, such as 1/3, got `{option}`")
    return k, n


def pytest_sessionstart(session):
    """Say how long the whole takes, also under -q, where pytest prints no header."""
    config = session.config
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and not hasattr(config, "workerinput") and config.args_source is pytest.Config.ArgsSource.TESTPATHS:
        if config.getoption("markexpr") == "not slow":
            reporter.write_line(WHOLE)


def pytest_collection_modifyitems(config, items):
    k, n = share_of(config.getoption("share"))
    if n > 1:
        others = [item for item in items if crc32(item.nodeid.encode()) % n != k - 1]
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if crc32(item.nodeid.encode()) % n == k - 1]
    root = config.rootpath
    for item in items:
        place = item.path.relative_to(root).as_posix() if item.path.is_relative_to(root) else ""
        part_of_it = any(place == part or place.startswith(part + "/") for part in SMOKE) and place not in LONG
        if part_of_it and item.get_closest_marker("slow") is None:
            item.add_marker(pytest.mark.smoke)
