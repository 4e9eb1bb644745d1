"""The identities, a family a module; each is built when it is first asked for."""
from functools import lru_cache
from importlib import import_module

FAMILIES = {
    "basics": "Rules of calculation",
    "vectors": "Linear and quadratic forms",
    "jacobians": "Linear and affine maps",
    "entries": "Single entries",
    "traces": "Traces",
    "determinants": "Determinants",
    "inverses": "Inverses and projections",
    "norms": "Norms",
    "elementwise": "Elementwise operations",
    "matrix_functions": "Matrix functions",
    "spectra": "Eigenvalues and eigenvectors",
    "equations": "Matrix equations",
    "rotations": "Rotations",
    "kronecker_vec": "Kronecker products and vec",
    "statistics": "Statistics",
    "machine_learning": "Machine learning",
    "hessians": "Second derivatives",
    "complex_variables": "Complex variables",
}


@lru_cache
def family(name):
    """The identities of one family, as a tuple."""
    return tuple(import_module(f".{name}", __name__).IDENTITIES)


def all_identities():
    """All identities, in the order of the families."""
    return [identity for name in FAMILIES for identity in family(name)]


def identities():
    """Those of real variables."""
    return [identity for identity in all_identities() if not identity.is_complex]


def complex_identities():
    """Those of complex variables."""
    return [identity for identity in all_identities() if identity.is_complex]
