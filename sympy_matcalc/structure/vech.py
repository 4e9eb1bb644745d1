"""Derivatives by the free parameters theta, vec X = B theta: B' vec G of a gradient, J B of a Jacobian, B' H B of a Hessian.

Between B' and B commutation matrices go away where X' = X or X' = -X (K B = B, K B = -B), and ``B' (A kron C) B = B' (C kron A) B`` is
written in one order (Magnus & Neudecker, ch. 3, sec. 8 and ch. 17, sec. 3). Of a diagonal X, ``B' (A kron C) B = A o C``.
"""

from sympy import S
from sympy.matrices.expressions import KroneckerProduct, MatAdd, Transpose, ZeroMatrix

from ..canonical import prepare
from ..canonical.declared import number_in_front
from ..canonical.orientation import transpose_prepared
from ..kernel import make
from ..kernel.chains import open_product, product
from ..kernel.interning import raw
from ..kernel.scalars import scalar_product
from ..kernel.shapes import is_matrix, is_one, shape_of
from ..kernel.symmetry import transpose
from ..nodes import CommutationMatrix, Vec
from ..notation.factored import factored
from ..rewriting.expanding import Budget, terms_of
from .algebra import plus, times
from .kronecker_terms import MAX_TERMS, ordered


def gradient_by_parameters(request, G):
    """``B' vec(G)`` of a prepared gradient."""
    s = request.structure
    if not is_matrix(G):
        return G
    if s.vector is not None:
        return s.vector(G)
    c, G = number_in_front(G)
    G = G.args[0] if isinstance(G, Transpose) and request.turn == 1 else G
    B = prepare(s.basis(*request.X.shape))
    return times(c, transpose(B), G if is_one(shape_of(G)[1]) or isinstance(G, ZeroMatrix) else raw(Vec, G))


def jacobian_by_parameters(request, J):
    """J B of a prepared Jacobian in the vec form."""
    if request.X.shape == (1, 1):
        return J
    B = prepare(request.structure.basis(*request.X.shape))
    inner = _absorbed(J, request.turn)
    return times(inner, B)


def hessian_by_parameters(request, H):
    """B' H B of a prepared Hessian in the vec form."""
    if request.X.shape == (1, 1):
        return H
    B, turn = prepare(request.structure.basis(*request.X.shape)), request.turn
    inner = ordered(H, turn) if turn else H
    k = shape_of(B)[1]
    if isinstance(inner, ZeroMatrix) or inner == 0:
        return make.zero(k, k) if not is_one(k) else S.Zero
    if request.structure.between:
        return _in_own_notation(request, B, inner)
    return times(transpose(B), inner, B)


def hessian_in_vec(request, H):
    """B W B' H B W B', W = I for "entries" and ``(B'B)^-1`` for "subspace"; E H E' of a user's structure."""
    if request.structure.matrices:
        E = _given(request)
        return times(E, H, transpose_prepared(E))
    back = _back(request)
    inner = hessian_by_parameters(request, H)
    return make.zero(*shape_of(H)) if isinstance(inner, ZeroMatrix) else times(transpose(back), inner, back)


def jacobian_in_vec(request, J):
    """J B W B', W as for Hessians; J E' of a user's structure."""
    if request.structure.matrices:
        return times(J, transpose_prepared(_given(request)))
    return times(jacobian_by_parameters(request, J), _back(request))


def _given(request):
    return times(*map(prepare, request.structure.matrices[request.convention]))


def _back(request):
    """W B', from the parameters to the entries."""
    B = prepare(request.structure.basis(*request.X.shape))
    if request.convention == "entries" or request.structure.name == "diagonal":
        return transpose(B)
    if request.structure.name == "circulant":
        return times(1 / request.X.shape[0], transpose(B))
    return times(make.inverse(times(transpose(B), B)), transpose(B))


# ---------------------------------------------------------------- commutation matrices


def _absorbed(J, turn):
    """J without the commutation matrices at its end, K B = turn B; of a sum in each of its terms."""
    if not turn or not is_matrix(J):
        return J
    c, chain = open_product(J)
    while chain and isinstance(chain[-1][0], CommutationMatrix):
        c, chain = scalar_product(c, S(turn)), chain[:-1]
    if len(chain) == 1 and isinstance(chain[0][0], MatAdd) and not chain[0][1] and chain[0][2] is S.One:
        return times(c, plus(*(_absorbed(t, turn) for t in chain[0][0].args)))
    return product(c, chain, shape_of(J)[1])


# ---------------------------------------------------------------- structures that have a shorter notation


def _in_own_notation(request, B, H):
    """B' H B with the `between` of the structure for each A kron C in H, such as ``A o C`` of diagonals; any other term as it is."""
    c, chain = open_product(H)
    terms = [(c, chain)]
    if len(chain) == 1 and isinstance(chain[0][0], MatAdd):
        terms = [(scalar_product(c, k), inner) for k, inner in map(open_product, chain[0][0].args)]
    try:
        terms = [t for c, chain in terms for t in terms_of(product(c, chain, shape_of(H)[0]), MAX_TERMS)]
    except Budget:
        return times(transpose(B), H, B)
    found = plus(*(_term_in_own_notation(request, B, c, chain) for c, chain in terms))
    return prepare(factored(prepare(found))) if is_matrix(found) else found


def _term_in_own_notation(request, B, c, chain):
    between = request.structure.between
    if not chain:
        return times(c, between(*[make.identity(request.X.shape[0])] * 2))
    if len(chain) == 1 and isinstance(chain[0][0], KroneckerProduct) and len(chain[0][0].args) == 2 and chain[0][2] is S.One:
        kron, flip, _ = chain[0]
        return times(c, between(*(transpose(a) if flip else a for a in kron.args)))
    return times(transpose(B), product(c, chain, shape_of(B)[0]), B)
