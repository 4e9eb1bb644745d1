"""Results as operators: what `lambdify(..., structured=True)` returns for two axes and more.

An expression is a sum of `terms`, each a network of arrays with an index for each axis; `forms` finds the operator whose arrays are the
smallest, `parts` makes these arrays as nodes of the graph, so that they are planned and shared with everything else, and a `Layout` writes
the constructor around their names.
"""

from .results import Result as Result
from .results import imports as imports
from .results import results_of as results_of
