"""For each rewrite an expression where it applies and, if it has a condition, one where it must not: {name: (applies, refuses)}.

Both are (expression, facts); facts are a dict from a symbol to names of predicates.
"""

from sympy import (
    Abs,
    BlockMatrix,
    Determinant,
    DiagMatrix,
    HadamardPower,
    HadamardProduct,
    Identity,
    Inverse,
    KroneckerProduct,
    MatrixSymbol,
    Rational,
    Trace,
    ZeroMatrix,
    cos,
    exp,
    log,
    sign,
    sqrt,
    symbols,
)
from sympy.matrices.expressions import MatMul, MatPow
from sympy.matrices.expressions.diagonal import DiagonalMatrix, DiagonalOf
from sympy.matrices.expressions.matexpr import MatrixElement

import sympy_matcalc as mc

m, n, p, q = symbols("m n p q", integer=True, positive=True)
A, B, C, D, P, S, U = (MatrixSymbol(name, n, n) for name in "ABCDPSU")
E = MatrixSymbol("E", n, n)
F, G = MatrixSymbol("F", m, m), MatrixSymbol("G", m, m)
X, Y = MatrixSymbol("X", m, n), MatrixSymbol("Y", n, m)
V, W = MatrixSymbol("V", p, q), MatrixSymbol("W", p, q)
x, y, u, v = (MatrixSymbol(name, n, 1) for name in "xyuv")
z = MatrixSymbol("z", m, 1)
I, Z = Identity(n), ZeroMatrix(n, n)
K = KroneckerProduct
k = symbols("k", integer=True)
ORTHOGONAL, SPD, INVERTIBLE, IDEMPOTENT = ("orthogonal",), ("positive_definite",), ("invertible",), ("idempotent",)


def form(*factors):
    """The entry of a 1 x 1 product, which SymPy would write out as a sum."""
    return MatrixElement(MatMul(*factors), 0, 0)


def block(a, b, c, d):
    return BlockMatrix([[a, b], [c, d]])


DN, KN = mc.DuplicationMatrix(n), mc.CommutationMatrix(n, n)
h, long = MatrixSymbol("h", n * (n + 1) / 2, 1), MatrixSymbol("v", n * n, 1)

ROWS = {
    # products
    "inverse_of_orthogonal": ((MatPow(U, -2) * A, {U: ORTHOGONAL}), (MatPow(U, -2) * A, {U: INVERTIBLE})),
    "power_of_symmetric_orthogonal": ((U**3 * A, {U: ("orthogonal", "symmetric")}), (U**3 * A, {U: ORTHOGONAL})),
    "power_of_idempotent": ((P**3 * A, {P: IDEMPOTENT}), (P**3 * A, {P: ("symmetric",)})),
    "invertible_idempotent": ((A * P, {P: ("idempotent", "invertible")}), (A * P, {P: IDEMPOTENT})),
    "pseudo_inverse_cancels": ((mc.PseudoInverse(A) * A, {A: INVERTIBLE}), (mc.PseudoInverse(A) * A, {A: ("symmetric",)})),
    "pseudo_inverse_of_invertible": ((mc.PseudoInverse(A) * B, {A: SPD}), (mc.PseudoInverse(A) * B, {B: INVERTIBLE})),
    "orthogonal_beside_transpose": ((U.T * U * A, {U: ORTHOGONAL}), (U.T * U * A, {U: INVERTIBLE})),
    "diagonals_commute": ((E * D * A, {D: ("diagonal",), E: ("diagonal",)}), (E * D * A, {D: ("diagonal",)})),
    "diagonal_times_vector": ((DiagMatrix(x) * y, {}), (DiagMatrix(x) * A, {})),
    "commutation_of_vec": ((mc.CommutationMatrix(m, n) * mc.Vec(X), {}), (mc.CommutationMatrix(n, m) * mc.Vec(X), {})),
    "commuted_kronecker": (
        (mc.CommutationMatrix(m, n) * K(A, F) * mc.CommutationMatrix(n, m), {}),
        (mc.CommutationMatrix(n, m) * K(A, F) * mc.CommutationMatrix(n, m), {}),
    ),
    "kronecker_mixed_product": ((K(A, F) * K(B, G), {}), (K(X, Y) * K(F, A), {})),
    "kronecker_of_vec": ((K(B.T, X) * mc.Vec(A), {}), (K(B.T, X) * MatrixSymbol("w", n * n, 1), {})),
    # functions of constants
    "function_of_multiple_of_identity": ((mc.MatrixExp(2 * I), {}), (mc.MatrixLog(-I), {})),
    "frechet_derivative_at_multiple_of_identity": ((mc.FrechetDerivative(exp, Z, A), {}), (mc.FrechetDerivative(exp, Z, A, B), {})),
    "function_of_equal_entries": ((Z.applyfunc(cos), {}), (Z.applyfunc(log), {})),
    # duplication, elimination and commutation matrices
    "square_of_commutation": ((mc.CommutationMatrix(n, n) ** 2 * K(A, B), {}), (A**2, {})),
    "commutation_beside_duplication": (
        (KN * DN * h, {}),
        (mc.CommutationMatrix(n, n) * mc.SkewBasis(n) * MatrixSymbol("w", n * (n - 1) / 2, 1), {}),
    ),
    "commutation_beside_inverse_of_duplication": ((mc.PseudoInverse(DN) * KN * long, {}), (mc.PseudoInverse(DN) * K(A, B) * long, {})),
    "inverse_of_duplication_cancels": ((mc.PseudoInverse(DN) * DN * h, {}), (mc.PseudoInverse(DN) * mc.EliminationMatrix(n).T * h, {})),
    "projection_on_symmetric": ((DN * mc.PseudoInverse(DN) * long, {}), (mc.EliminationMatrix(n).T * mc.PseudoInverse(DN) * long, {})),
    "elimination_of_duplication": ((mc.EliminationMatrix(n) * DN * h, {}), (mc.EliminationMatrix(n) * mc.UpperBasis(n) * h, {})),
    "basis_of_diagonals_is_orthonormal": (
        (mc.DiagonalBasis(n).T * mc.DiagonalBasis(n) * x, {}),
        (mc.CirculantBasis(n).T * mc.CirculantBasis(n) * x, {}),
    ),
    "inverse_between_duplications": (((DN.T * K(A, A) * DN).I * h, {A: SPD}), ((DN.T * K(A, B) * DN).I * h, {A: SPD, B: SPD})),
    # determinants
    "det_of_singular": ((Determinant(A), {A: ("singular",)}), (Determinant(A), {A: ("symmetric",)})),
    "det_of_unit_triangular": (
        (Determinant(A), {A: ("upper_triangular", "unit_triangular")}),
        (Determinant(A), {A: ("upper_triangular",)}),
    ),
    "det_of_power": ((Determinant(S ** Rational(1, 2)), {S: SPD}), (Determinant(S ** Rational(1, 2)), {S: ("symmetric",)})),
    "det_of_product_cancels": ((Determinant(U * A * U.T), {U: ORTHOGONAL}), (Determinant(U * A * B.T), {U: INVERTIBLE})),
    "det_of_numeric_multiple": ((Determinant(2 * MatrixSymbol("M", 3, 3)), {}), (Determinant(2 * A), {})),
    "det_of_block_triangular": ((Determinant(block(A, X.T, ZeroMatrix(m, n), F)), {}), (Determinant(block(A, X.T, X, F)), {})),
    "matrix_determinant_lemma": ((Determinant(I + 2 * x * y.T), {}), (Determinant(A + 2 * x * y.T), {})),
    "power_of_orthogonal_det": ((Determinant(U) ** 3, {U: ORTHOGONAL}), (Determinant(U) ** 3, {U: INVERTIBLE})),
    "abs_of_nonnegative": ((Abs(Determinant(S)), {S: SPD}), (Abs(Determinant(S)), {S: ("symmetric",)})),
    "sign_of_positive": ((sign(Trace(S)), {S: SPD}), (sign(Trace(S)), {S: ("orthogonal",)})),
    "root_of_power": ((sqrt(Determinant(S) ** 3), {S: SPD}), (sqrt(Determinant(S) ** 3), {S: ("symmetric",)})),
    "log_of_power": ((log(Determinant(S) ** 3), {S: SPD}), (log(Determinant(S) ** 3), {S: ("symmetric",)})),
    "log_of_product": ((log(Determinant(S) * Trace(A)), {S: SPD}), (log(Determinant(S) * Trace(A)), {S: ("orthogonal",)})),
    "det_of_product": ((Determinant(3 * A * B.T), {}), (Determinant(X * Y), {})),
    "det_of_kronecker": ((Determinant(K(A, F)), {}), (Determinant(K(X, Y)), {})),
    "determinant_lemma": ((Determinant(A + X.T * X), {A: INVERTIBLE}), (Determinant(A + B), {})),
    "adjugate_for_inverse": ((Determinant(A) * A.T.I * B, {A: INVERTIBLE}), (Determinant(B) * A.I, {})),
    # scalars
    "trace_of_blocks": ((Trace(block(A, X.T, X, F)), {}), (Trace(block(X, F, A, Y)), {})),
    "trace_of_diagonal_part": ((Trace(DiagonalMatrix(A)), {}), None),
    "product_of_vecs": ((form(mc.Vec(X).T, mc.Vec(Y.T)), {}), None),
    "trace_of_sum": ((Trace(A + B), {}), None),
    "norm_of_orthogonal_multiple": ((mc.Norm(U * x), {U: ORTHOGONAL}), (mc.Norm(U * x, 1), {U: ORTHOGONAL})),
    "sum_of_traces": ((Trace(A * B) + 2 * Trace(C * B), {}), None),
    "sum_of_forms": ((form(x.T, A, y) + 3 * form(x.T, B, y), {}), None),
    # sums
    "sum_of_linear": ((DiagMatrix(x) + 2 * DiagMatrix(y), {}), None),
    "sum_of_kronecker": ((K(A, F) + 3 * K(A, G), {}), (K(A, F) + K(B, G), {})),
    "sum_of_hadamard": ((HadamardProduct(A, B) + 3 * HadamardProduct(A, C), {}), (HadamardProduct(A, B) + C, {})),
    "hadamard_of_rank_one": ((HadamardProduct(x * z.T, y * (X * u).T), {}), (HadamardProduct(x * z.T, Y), {})),
    "hadamard_of_diagonals": ((HadamardProduct(DiagMatrix(x), DiagMatrix(y)), {}), (HadamardProduct(I, A), {})),
    "diagonal_part_of_diagonal": ((DiagonalMatrix(D), {D: ("diagonal",)}), (DiagonalMatrix(D), {D: ("symmetric",)})),
    "kronecker_of_identities": ((K(I, Identity(m), X), {}), (K(I, X, Identity(m)), {})),
    "vec_of_unvec": ((mc.Vec(mc.Unvec(MatrixSymbol("w", n * m, 1), m, n)), {}), None),
    "root_of_square": ((mc.MatrixSqrt(S**2), {S: SPD}), (mc.MatrixSqrt(S**2), {S: ("symmetric",)})),
    "sum_of_blocks": ((block(A, X.T, X, F) + 2 * block(B, Y, X, G), {}), None),
    "product_of_blocks": ((block(A, X.T, X, F) * block(B, Y, X, G), {}), (block(A, X.T, X, F) * MatrixSymbol("M", m + n, m + n), {})),
    "block_of_zeros": ((BlockMatrix([[Z, ZeroMatrix(n, m)]]), {}), (block(Z, Y, X, F), {})),
    "inverse_of_product": ((Inverse(A * B), {A: INVERTIBLE, B: SPD}), (Inverse(X.T * X), {})),
    "inverse_of_kronecker": ((Inverse(K(A, F)), {A: INVERTIBLE, F: INVERTIBLE}), (Inverse(A), {})),
    "power_of_kronecker": ((K(A, F) ** 3, {}), (K(X, Y) ** 3, {})),
    "hadamard_power_of_identity": ((HadamardPower(I, 3), {}), (HadamardPower(A, 3), {})),
    "diagonal_of_diag": ((DiagonalOf(DiagMatrix(x)), {}), (DiagonalOf(A), {})),
    # on request
    "woodbury": ((Inverse(A + X.T * F * X), {A: SPD, F: SPD}), (Inverse(A + B), {})),
    "push_through": ((X * Inverse(I + X.T * X), {}), (X * Inverse(I + Y * Y.T), {})),
}
