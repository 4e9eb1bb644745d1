"""Verdicts: how a user's own formula stands to the derivative."""

from .public import verdict as verdict
from .result import KINDS as KINDS
from .result import Verdict as Verdict
