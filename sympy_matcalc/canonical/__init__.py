"""From an expression as typed to the form the rules meet: one orientation a node, one bound symbol, no sums over entries, no 1x1."""

from . import cross as cross
from . import decompositions as decompositions
from . import extremes as extremes
from . import gathering as gathering
from . import induced as induced
from . import package_nodes as package_nodes
from . import products as products
from . import spectra as spectra
from . import triangles as triangles
from .form import prepare as prepare
from .form import prepare_whole as prepare_whole
