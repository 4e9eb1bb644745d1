"""Index notation: derivatives of sums over entries by an entry with symbolic indices, and the ways to and from matrix notation."""

from . import matrix_entries as matrix_entries
from . import scalars_of_matrices as scalars_of_matrices
from .derivative import derivative_by_entry as derivative_by_entry
from .derivative import is_index_question as is_index_question
from .in_matrices import by_matrices as by_matrices
from .in_matrices import in_matrices as in_matrices
from .in_matrices import matrix_of_base as matrix_of_base
from .to_indices import to_index_notation as to_index_notation
from .to_matrices import to_matrix_notation as to_matrix_notation
