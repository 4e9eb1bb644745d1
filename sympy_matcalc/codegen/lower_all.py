"""All rules of lowering; importing this registers them."""

from . import (
    lower_cross,
    lower_declared,
    lower_extremes,
    lower_functions,
    lower_gathering,
    lower_induced,
    lower_linalg,
    lower_log,
    lower_matrix,
    lower_norms,
    lower_products,
    lower_scalar,
    lower_spectra,
    lower_sum,
    lower_triangles,
)

FAMILIES = (
    lower_cross,
    lower_declared,
    lower_extremes,
    lower_functions,
    lower_gathering,
    lower_induced,
    lower_linalg,
    lower_log,
    lower_matrix,
    lower_norms,
    lower_products,
    lower_scalar,
    lower_spectra,
    lower_sum,
    lower_triangles,
)
