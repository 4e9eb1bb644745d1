"""Index notation: derivatives of sums over entries by an entry with symbolic indices, and the ways to and from matrix notation."""

from .derivative import derivative_by_entry as derivative_by_entry
from .derivative import is_index_question as is_index_question
