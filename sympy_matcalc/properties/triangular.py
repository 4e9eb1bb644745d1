"""Triangular matrices: stated only, and used for determinants."""

from .declared import declare

declare("unit_triangular", implies=("invertible",))
declare("upper_triangular", of_square=False)
declare("lower_triangular", of_square=False)
