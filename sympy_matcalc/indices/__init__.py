"""Index notation: derivatives of sums over entries by an entry with symbolic indices, and the ways to and from matrix notation."""

from .derivative import derivative_by_entry as derivative_by_entry
from .derivative import is_index_question as is_index_question
from .to_indices import to_index_notation as to_index_notation
from .to_matrices import to_matrix_notation as to_matrix_notation
