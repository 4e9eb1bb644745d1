"""SymPy nodes of the package, a family a file; each file lists its nodes in ``__all__``, and they are public."""

from . import (
    activations,
    adjugate,
    arrays,
    assembly,
    bases,
    cross,
    cumulative,
    decompositions,
    einsum,
    equations,
    extremes,
    factorizations,
    frechet,
    gathering,
    induced,
    matrix_functions,
    nonsymmetric,
    norms,
    partials,
    pencils,
    products,
    reductions,
    riccati,
    rotations,
    softmax,
    spectra,
    spectral,
    sums,
    tied_entries,
    triangles,
    undefined,
    unit,
    unknown,
    vec,
)
from .activations import *
from .adjugate import *
from .arrays import *
from .assembly import *
from .bases import *
from .cross import *
from .cumulative import *
from .decompositions import *
from .einsum import *
from .equations import *
from .extremes import *
from .factorizations import *
from .frechet import *
from .gathering import *
from .induced import *
from .matrix_functions import *
from .nonsymmetric import *
from .norms import *
from .partials import *
from .pencils import *
from .products import *
from .reductions import *
from .riccati import *
from .rotations import *
from .softmax import *
from .spectra import *
from .spectral import *
from .sums import *
from .tied_entries import *
from .triangles import *
from .undefined import *
from .unit import *
from .unknown import *
from .vec import *

__all__: list[str] = []
__all__ += activations.__all__
__all__ += adjugate.__all__
__all__ += arrays.__all__
__all__ += assembly.__all__
__all__ += bases.__all__
__all__ += cross.__all__
__all__ += cumulative.__all__
__all__ += decompositions.__all__
__all__ += einsum.__all__
__all__ += equations.__all__
__all__ += extremes.__all__
__all__ += factorizations.__all__
__all__ += frechet.__all__
__all__ += gathering.__all__
__all__ += induced.__all__
__all__ += matrix_functions.__all__
__all__ += nonsymmetric.__all__
__all__ += norms.__all__
__all__ += partials.__all__
__all__ += pencils.__all__
__all__ += products.__all__
__all__ += reductions.__all__
__all__ += riccati.__all__
__all__ += rotations.__all__
__all__ += softmax.__all__
__all__ += spectra.__all__
__all__ += spectral.__all__
__all__ += sums.__all__
__all__ += tied_entries.__all__
__all__ += triangles.__all__
__all__ += undefined.__all__
__all__ += unit.__all__
__all__ += unknown.__all__
__all__ += vec.__all__
