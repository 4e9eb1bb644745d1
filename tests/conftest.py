"""What a run will take, said before it starts; and the smoke selection, `pytest -m smoke`."""

import pytest

SMOKE = (  # from every stage of the pipeline a part, together under a minute of processor time
    "tests/test_layers.py",
    "tests/kernel",
    "tests/canonical",
    "tests/api/test_textbook.py",
    "tests/rewriting/test_rewrites.py",
    "tests/text/test_values.py",
    "tests/codegen/planning",
)
WHOLE = (  # measured on two cores of 2026; `pytest --durations=20` says where it goes
    "all tests: about 8 minutes with -n 2 on two cores, 15 minutes of processor time; "
    "`-m smoke` is a selection of about half a minute, `-m slow` the long ones"
)


def pytest_sessionstart(session):
    """Say how long the whole takes, also under -q, where pytest prints no header."""
    config = session.config
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and not hasattr(config, "workerinput") and config.args_source is pytest.Config.ArgsSource.TESTPATHS:
        if config.getoption("markexpr") == "not slow":
            reporter.write_line(WHOLE)


def pytest_collection_modifyitems(config, items):
    root = config.rootpath
    for item in items:
        place = item.path.relative_to(root).as_posix() if item.path.is_relative_to(root) else ""
        if any(place == part or place.startswith(part + "/") for part in SMOKE):
            item.add_marker(pytest.mark.smoke)
