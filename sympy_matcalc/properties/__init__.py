"""Properties of matrices, one a file. Each merges what is stated with what follows from the form: True, False, or None for not known.

Expressions are prepared, symbols real, and what is inverted is taken to be invertible. To add a property: a file that declares its
name, what it implies, and a function that derives it; `facts` then reads it from assumptions.
"""

from .symmetric import is_symmetric as is_symmetric  # isort: skip  (the order in which users see the names)
from .orthogonal import is_orthogonal as is_orthogonal  # isort: skip
from .orthogonal import is_orthonormal as is_orthonormal  # isort: skip
from .diagonal import is_diagonal as is_diagonal  # isort: skip
from .positive_definite import is_positive_definite as is_positive_definite  # isort: skip
from .positive_semidefinite import is_positive_semidefinite as is_positive_semidefinite  # isort: skip
from .invertible import is_invertible as is_invertible  # isort: skip
from . import triangular as triangular  # isort: skip
from .idempotent import is_idempotent as is_idempotent  # isort: skip
from .declared import PROPERTIES as PROPERTIES, is_square as is_square  # isort: skip
from .signs import is_negative as is_negative, is_nonnegative as is_nonnegative, is_nonzero as is_nonzero, is_positive as is_positive  # isort: skip
