"""From an expression as typed to the form the rules meet: one orientation a node, one bound symbol, no sums over entries, no 1x1."""

from . import arrays as arrays
from . import blocks as blocks
from . import conjugates as conjugates
from . import cross as cross
from . import decompositions as decompositions
from . import entries as entries
from . import entrywise as entrywise
from . import extremes as extremes
from . import gathering as gathering
from . import induced as induced
from . import matrix_powers as matrix_powers
from . import matrix_products as matrix_products
from . import matrix_scalars as matrix_scalars
from . import matrix_sums as matrix_sums
from . import package_nodes as package_nodes
from . import products as products
from . import samples as samples
from . import softmax as softmax
from . import spectra as spectra
from . import sums as sums
from . import tied_entries as tied_entries
from . import triangles as triangles
from . import unknown as unknown
from .form import prepare as prepare
from .form import prepare_whole as prepare_whole
from .samples import in_matrix_notation as in_matrix_notation
