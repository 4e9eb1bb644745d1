"""Pictures: the graph of an expression's operations, the structure of a matrix."""

from .dataflow import Dataflow as Dataflow
from .dataflow import dataflow as dataflow
