"""The structure of a matrix as a picture."""

from .plot import plot_structure as plot_structure
