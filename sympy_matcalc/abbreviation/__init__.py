"""Names for the repeated parts of a long answer: P for a softmax that occurs five times."""

from .public import abbreviate as abbreviate
from .result import Abbreviated as Abbreviated
