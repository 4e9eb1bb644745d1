"""From an expression linear in dX to the derivative: walk it from the top, carrying the cotangent."""

from .walk import transpose_linear as transpose_linear
