"""Variables with structure: what is tied together in a symmetric, triangular, Toeplitz, ... or orthogonal matrix, declared once each."""

from . import linear as linear
from . import manifolds as manifolds
from .declaration import CONVENTIONS as CONVENTIONS
from .declaration import DEFAULT as DEFAULT
from .declaration import REASON as REASON
from .declaration import STRUCTURES as STRUCTURES
from .declaration import Structure as Structure
from .notes import noted as noted
from .notes import notes_of as notes_of
from .request import Request as Request
from .request import read_request as read_request
from .user import LinearStructure as LinearStructure
