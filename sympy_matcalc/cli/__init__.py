"""The command line: typed expressions in, derivatives, checks, steps and code out, as text or JSON, once or as a server."""

from .main import main as main
