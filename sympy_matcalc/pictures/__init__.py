"""Pictures: the graph of an expression's operations, the structure of a matrix."""

from .dataflow import Dataflow as Dataflow
from .dataflow import dataflow as dataflow
from .structure import plot_structure as plot_structure
