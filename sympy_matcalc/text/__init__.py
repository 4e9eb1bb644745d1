"""Typed expressions: ``parse("x.T*A*x")``. Text is read through a whitelist and is never evaluated."""

from .reader import Reading as Reading
from .reader import parse as parse
from .reader import read as read
from .writer import to_text as to_text
