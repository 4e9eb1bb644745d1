"""Tools that judge derivatives by numbers alone: an evaluator, finite differences, random data and expressions, and a checker.

None of it uses the rules, the forms or the code generator of the package.
"""

from . import array_nodes as array_nodes
from . import book_nodes as book_nodes
from . import cross_nodes as cross_nodes
from . import decomposition_nodes as decomposition_nodes
from . import eigen_nodes as eigen_nodes
from . import equation_nodes as equation_nodes
from . import extreme_nodes as extreme_nodes
from . import function_nodes as function_nodes
from . import induced_nodes as induced_nodes
from . import matrix_nodes as matrix_nodes
from . import product_nodes as product_nodes
from . import rotation_nodes as rotation_nodes
from . import scalar_nodes as scalar_nodes
from . import selection_nodes as selection_nodes
from . import softmax_nodes as softmax_nodes
from . import spectra_nodes as spectra_nodes
from . import structure_nodes as structure_nodes
from . import unknown_nodes as unknown_nodes
from .check import check_rule as check_rule
from .data import random_env as random_env
from .differences import finite_difference as finite_difference
from .differences import second_difference as second_difference
from .evaluator import evaluate as evaluate
from .evaluator import evaluator as evaluator
from .generator import random_expression as random_expression
from .linear import check_linear as check_linear
