"""Sums and means over tied entries in canonical form, and the bases of matrices with a structure, which are constants."""

from sympy import S
from sympy.matrices.expressions import MatMul, Transpose, ZeroMatrix

from ..kernel import make
from ..kernel.interning import raw
from ..kernel.symmetry import transpose
from ..nodes import CirculantSums, EliminationMatrix, HankelMeans, HankelSums, ToeplitzMeans, ToeplitzSums
from ..nodes.bases import StructureBasis
from ..nodes.declaration import NODES
from .declared import number_in_front
from .form import as_scalar, leaf, prepare, prepares

TIED = (ToeplitzSums, ToeplitzMeans, HankelSums, HankelMeans, CirculantSums)
BASES = (EliminationMatrix, *(cls for cls in NODES.values() if issubclass(cls, StructureBasis)))
MEANS = {ToeplitzSums: ToeplitzMeans, HankelSums: HankelMeans}


@prepares(*TIED)
def tied(e):
    return tied_of(type(e), prepare(e.arg))


def tied_of(cls, a):
    """The sums or means of a prepared matrix; what has the structure is its own mean, and means have the sums of what they are of."""
    if isinstance(a, ZeroMatrix):
        return a
    c, a = number_in_front(a)
    found = _unscaled(cls, a)
    return found if c is S.One else make.mul(c, *(found.args if isinstance(found, MatMul) else (found,)))


def _unscaled(cls, a):
    if isinstance(a, Transpose):
        return transpose(_unscaled(cls, a.args[0]))
    sums, means = next(((s, m) for s, m in MEANS.items() if cls in (s, m)), (cls, cls))
    if means is not sums:
        if cls is means and isinstance(a, (sums, means)):
            return a
        if cls is sums and isinstance(a, means):
            return raw(sums, a.arg)
    return raw(cls, a)


@as_scalar(*TIED)
def entry(e):
    return prepare(e.arg)


@prepares(*BASES)
def constant(e):
    return leaf(e)


@as_scalar(*BASES)
def of_scalar(e):
    return S.One
