#!/usr/bin/env -S uv run --script
# /// script
# dependencies = ["nox>=2025.10.14"]
# ///
"""Tasks by name: `nox -l` lists them, `nox -s tests` runs one; each in an environment of its own."""

import nox

nox.needs_version = ">=2025.10.14"
nox.options.default_venv_backend = "uv|virtualenv"
EVERYTHING = ".[test,lint,backends,examples,plot]"


@nox.session
def lint(session: nox.Session) -> None:
    """Style and types."""
    session.install("-e", EVERYTHING)
    for command in (["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"]):
        session.run(*command)


@nox.session(default=False)
def smoke(session: nox.Session) -> None:
    """A selection of tests in less than a minute."""
    session.install("-e", EVERYTHING)
    session.run("pytest", "-n", "2", "-m", "smoke", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """All tests but the slow ones."""
    session.install("-e", EVERYTHING)
    session.run("pytest", "-n", "2", *session.posargs)


@nox.session(default=False)
def slow(session: nox.Session) -> None:
    """The slow tests."""
    session.run(".ci/slow", external=True)


@nox.session(default=False)
def docs(session: nox.Session) -> None:
    """The documentation site."""
    session.run(".ci/docs", external=True)


@nox.session(default=False)
def page(session: nox.Session) -> None:
    """The page that runs in the browser, used in headless Chromium."""
    session.run(".ci/page", external=True)


@nox.session(default=False)
def package(session: nox.Session) -> None:
    """Wheel and sdist, built, checked and used."""
    session.run(".ci/package", external=True)


if __name__ == "__main__":
    nox.main()
