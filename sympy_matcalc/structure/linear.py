"""The linear structures: subspaces of matrices, each with its two gradients and its basis.

Sources: Magnus, Linear Structures (1988); Petersen & Pedersen, The Matrix Cookbook, sec. 2.8 ("entries" of symmetric and Toeplitz X);
Srinivasan & Panda, What is the gradient of a scalar function of a symmetric matrix? (2020), for "subspace".
"""

from sympy import Rational, S
from sympy.matrices.expressions import DiagonalOf, Identity

from ..canonical import prepare
from ..kernel import make
from ..kernel.shapes import is_matrix
from ..nodes import (
    CirculantBasis,
    CirculantSums,
    DiagonalBasis,
    DuplicationMatrix,
    EliminationMatrix,
    HankelBasis,
    HankelMeans,
    HankelSums,
    LowerTriangle,
    SkewBasis,
    StrictlyLowerBasis,
    StrictlyUpperBasis,
    ToeplitzBasis,
    ToeplitzMeans,
    ToeplitzSums,
    TridiagonalBasis,
    UpperBasis,
    UpperTriangle,
    Vec,
)
from .algebra import diagonal_part, half, minus, node, plus, rows_of, same_diagonal, times, trace_of, turned
from .declaration import AS_IT_IS, CONVENTIONS, ON_DIAGONAL, TURNED, Structure, declare

HALF = Rational(1, 2)


def _identity(G):
    return make.identity(rows_of(G)) if is_matrix(G) else S.One


def _pattern(name, keep, basis, says, **more):
    """A structure of zeros: what is kept of G is its projection, and has each parameter once."""
    declare(Structure(name, lambda G, X: keep(G), keep, basis, says=(says, says), **more))


declare(
    Structure(
        "symmetric",
        lambda G, X: half(plus(G, turned(G))),
        lambda G: plus(G, turned(G), minus(diagonal_part(G))),
        lambda m, n: DuplicationMatrix(n),
        by_basis=("entries",),
        turn=1,
        facts=("symmetric",),
        parts={
            "entries": ((S.One, AS_IT_IS), (S.One, TURNED), (S.NegativeOne, ON_DIAGONAL)),
            "subspace": ((HALF, AS_IT_IS), (HALF, TURNED)),
        },
        says=("G + G' - G o I", "(G + G')/2"),
    )
)
declare(
    Structure(
        "skew",
        lambda G, X: half(plus(G, minus(turned(G)))),
        lambda G: plus(G, minus(turned(G))),
        lambda m, n: SkewBasis(n),
        turn=-1,
        parts={"entries": ((S.One, AS_IT_IS), (S.NegativeOne, TURNED)), "subspace": ((HALF, AS_IT_IS), (-HALF, TURNED))},
        says=("G - G'", "(G - G')/2"),
        also=("antisymmetric", "skew-symmetric"),
    )
)
_pattern(
    "diagonal",
    diagonal_part,
    lambda m, n: DiagonalBasis(n),
    "G o I",
    vector=lambda G: node(DiagonalOf, same_diagonal(G)),
    between=lambda A, C: prepare(make.hadamard(A, C)),
    by_basis=CONVENTIONS,
    turn=1,
    facts=("diagonal",),
)
_pattern(
    "lower",
    lambda G: node(LowerTriangle, G),
    lambda m, n: EliminationMatrix(n).T,
    "tril(G)",
    of_shape="any",
    also=("lower triangular", "tril"),
)
_pattern(
    "upper", lambda G: node(UpperTriangle, G), lambda m, n: UpperBasis(n), "triu(G)", of_shape="any", also=("upper triangular", "triu")
)
_pattern(
    "strictly_lower", lambda G: node(LowerTriangle, G, S.NegativeOne), lambda m, n: StrictlyLowerBasis(n), "tril(G, -1)", of_shape="any"
)
_pattern("strictly_upper", lambda G: node(UpperTriangle, G, S.One), lambda m, n: StrictlyUpperBasis(n), "triu(G, 1)", of_shape="any")
_pattern(
    "tridiagonal",
    lambda G: node(LowerTriangle, node(UpperTriangle, G, S.NegativeOne), S.One),
    lambda m, n: TridiagonalBasis(n),
    "the three middle diagonals of G",
    also=("banded",),
    of_shape="any",
)
declare(
    Structure(
        "toeplitz",
        lambda G, X: node(ToeplitzMeans, G),
        lambda G: node(ToeplitzSums, G),
        lambda m, n: ToeplitzBasis(m, n),
        by_basis=CONVENTIONS,
        of_shape="any",
        says=("sums of G over each diagonal", "means of G over each diagonal"),
    )
)
declare(
    Structure(
        "hankel",
        lambda G, X: node(HankelMeans, G),
        lambda G: node(HankelSums, G),
        lambda m, n: HankelBasis(m, n),
        by_basis=CONVENTIONS,
        turn=1,
        facts=("symmetric",),
        of_shape="any",
        says=("sums of G over each antidiagonal", "means of G over each antidiagonal"),
    )
)
declare(
    Structure(
        "circulant",
        lambda G, X: times(1 / rows_of(G), node(CirculantSums, G)),
        lambda G: node(CirculantSums, G),
        lambda m, n: CirculantBasis(n),
        by_basis=CONVENTIONS,
        says=("sums of G over each wrapped diagonal", "means of G over each wrapped diagonal"),
    )
)
declare(
    Structure(
        "scalar",
        lambda G, X: times(1 / rows_of(G), trace_of(G), _identity(G)),
        lambda G: times(trace_of(G), _identity(G)),
        lambda m, n: Vec(Identity(n)),
        vector=lambda G: trace_of(G),
        between=lambda A, C: trace_of(times(A, turned(C))),
        turn=1,
        says=("tr(G) I", "tr(G) I/n"),
    )
)
