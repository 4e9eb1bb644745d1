"""All rules of lowering; importing this registers them."""

from . import lower_access as lower_access
from . import lower_build as lower_build
from . import lower_cross as lower_cross
from . import lower_declared as lower_declared
from . import lower_decompositions as lower_decompositions
from . import lower_eigen as lower_eigen
from . import lower_equations as lower_equations
from . import lower_extremes as lower_extremes
from . import lower_frechet as lower_frechet
from . import lower_functions as lower_functions
from . import lower_gathering as lower_gathering
from . import lower_induced as lower_induced
from . import lower_inverse as lower_inverse
from . import lower_linalg as lower_linalg
from . import lower_log as lower_log
from . import lower_matrix as lower_matrix
from . import lower_norms as lower_norms
from . import lower_products as lower_products
from . import lower_rotations as lower_rotations
from . import lower_scalar as lower_scalar
from . import lower_softmax as lower_softmax
from . import lower_spectra as lower_spectra
from . import lower_structures as lower_structures
from . import lower_sum as lower_sum
from . import lower_triangles as lower_triangles
from . import lower_unknown as lower_unknown
