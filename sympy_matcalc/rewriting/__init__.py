"""Identities of matrix algebra as named rewrites, the facts they need, and the walk that uses them."""

from . import bases as bases
from . import constants as constants
from . import determinants as determinants
from . import products as products
from . import request as request
from . import scalars as scalars
from . import sums as sums
from .public import collect as collect
from .public import expand as expand
from .public import rewrite as rewrite
from .public import rewrites as rewrites
from .public import simplify as simplify
