"""The table of moves: all that the planner may put in the place of something else, each with its condition and what it has to gain.

In the order in which they are tried; of two that are equally cheap the first is taken. How a stage uses its moves is in `move.Stage`. The
condition is what the function looks at; whether it is cheaper is for the prices to say. A move without a least gain is taken wherever its
condition holds.

A move is added by a function and a row here, and a row in ``tests/codegen/planning/rows.py``, where it has to fire once and to refuse once.
"""

from .band import bands_apart
from .common import as_arguments_lie, number_of_all, scalars_of_all, scalars_of_some, transpose_of_all
from .fourth_moments import as_fourth_moments
from .moments import as_second_moments
from .move import Move, Stage
from .node_moves import columns_for_rows, computed_first, function_as_arguments_lie, function_of_transposes, opposite_sum, scalars_first
from .outer import outer_products
from .push import pushed
from .sum_moves import (
    constant_multiplied_out,
    entries_taken_out,
    equal_products,
    factored,
    matrix_multiplied_out,
    multiplied_out,
    outer_multiplied_out,
    wholly_multiplied_out,
)
from .ways import (
    as_gram,
    beginning_with_equal,
    beginning_with_known,
    beginning_with_shared,
    beginning_with_sums,
    in_order,
    made_before,
    with_inverses,
)

SUM, PRODUCT, TERMS, VALUES, NODE, FACTORS, OPERAND = Stage

MOVES = (
    # ---- another sum of products
    Move("multiply out", "(A + B) C: A C + B C",
         "the sum is used here only, and meets another factor", 0.7, SUM, multiplied_out, loses_digits=True),
    Move("multiply out a constant", "sum_i (x_i - m): sum_i x_i - n m",
         "the same, and a summand is constant along a summed axis", 1, SUM, constant_multiplied_out, loses_digits=True),
    Move("multiply out outer products", "(a b' + c d')_ijk M_kl: a (b' M) + c (d' M)",
         "three axes or more, and nothing is left but outer products", 0.9, SUM, outer_multiplied_out, loses_digits=True, most=48),
    Move("multiply out a matrix", "(u v' + D) (diag(p) - p p'): u (p v - p p'v)' + D p - (D p) p'",
         "two axes, and what is left is outer, diagonal, by entries, or a Gram matrix", 0.9, SUM, matrix_multiplied_out, loses_digits=True),
    Move("multiply out all sums", "((a b + c) d + e) f: a b d f + c d f + e f",
         "three axes or more, and sums inside of sums", 0.9, SUM, wholly_multiplied_out, loses_digits=True),
    Move("take out a factor", "A C + B C: (A + B) C",
         "terms share a factor with an axis of the result, at the same place", 0.95, SUM, factored),
    Move("take out entries", "A * B + A * C by entries: A * (B + C)",
         "terms share an array of two axes or more of the result, at the same place", 0.95, SUM, entries_taken_out),
    Move("equal products", "s A B + t A B: (s + t) A B",
         "products are equal up to their scalars", 1, SUM, equal_products),
    Move("push through", "(t I + X Y)^-1 X: X (t I + Y X)^-1",
         "X has fewer columns than rows, which the plan then asks for", 0.95, SUM, pushed),
    # ---- a product, another way
    Move("made before", "C' B': (B C)'",
         "the chain of matrices, or its transpose, was made, or a product of three axes and more", None, PRODUCT, made_before),
    Move("begin with what others have", "(x' A) y: x' (A y)",
         "a vector meets the matrix in another product of the graph too", None, PRODUCT, beginning_with_shared),
    Move("begin with what is there", "A (B C): (A B) C",
         "the product of two factors is computed anyway", None, PRODUCT, beginning_with_known),
    Move("begin with what comes twice", "y' C^-1 K C^-1 y: z' K z with z = C^-1 y",
         "a vector meets the same matrix, or inverse, at two places", None, PRODUCT, beginning_with_equal),
    Move("begin with a sum", "d_sb S_sd X_sa W_cb: M_bda W_cb with M_bda = d_sb S_sd X_sa",
         "an axis that is summed is that of three factors and more, and there are others", None, PRODUCT, beginning_with_sums),
    Move("in order", "A B x: A (B x)",
         "always: by the fewest operations, and by the smallest intermediate results", None, PRODUCT, in_order),
    Move("form inverses", "solve(A, B): inv(A) B",
         "there are other factors, and no scalar among them", None, PRODUCT, with_inverses),
    Move("Gram matrix", "X' (d X): Z' Z with Z = sqrt(d) X",
         "exchanging labels turns one half of the factors into the other", None, PRODUCT, as_gram),
    Move("second moments", "sum_s x_si x_sj f_skl: of the pairs i <= j alone",
         "a matrix is there twice, along rows that other factors have too", None, PRODUCT, as_second_moments),
    Move("fourth moments", "sum_s w_s x_si x_sj x_sk x_sl: of the pairs i <= j and k <= l alone",
         "a matrix is there four times along rows that are summed, at four axes of the result", None, PRODUCT, as_fourth_moments),
    # ---- the products of a sum that is built
    Move("band", "S' (d R): d added on another diagonal",
         "rows of the identity on one side of a vector, or on both", None, TERMS, bands_apart),
    Move("common scalars", "2 t A + 2 t B: 2 t (A + B)",
         "all terms share them, up to the sign; two axes at most", None, TERMS, scalars_of_all),
    Move("products as arguments lie", "A B - C': (B' A' - C)'",
         "all summands that are arguments lie alike, and the product of two matrices is not made yet", None, TERMS, as_arguments_lie),
    Move("outer products together", "u v' + w z': [u w] [v z]'",
         "the terms part the axes alike, and those of a matrix are several", None, TERMS, outer_products),
    # ---- their nodes
    Move("common number", "2 A + 2 B: 2 (A + B)",
         "all nodes are multiples of it, up to the sign", None, VALUES, number_of_all),
    Move("common scalars of some", "A + t B - t C: A + t (B - C)",
         "nodes are multiples by the same scalars, up to the sign", None, VALUES, scalars_of_some),
    Move("common transpose", "A' + B': (A + B)'",
         "all nodes are transposes, numbers, or symmetric", None, VALUES, transpose_of_all),
    # ---- a node with planned operands
    Move("function of transposes", "f(A'): f(A)'",
         "an operand is the transpose of a computed matrix, and the others turn for free", None, NODE, function_of_transposes),
    Move("function as arguments lie", "f(A B) - C': (f(B' A') - C)'",
         "the others are transposes of arguments, and the product has no other use", None, NODE, function_as_arguments_lie),
    Move("columns for rows", "softmax of the rows of A B: of the columns of B' A'",
         "the matrix is a product, or a transpose", None, NODE, columns_for_rows),
    Move("scalars first", "A * (t B): t (A * B)",
         "an elementwise product of matrices", None, NODE, scalars_first),
    Move("computed first", "A * f(B): f(B) * A",
         "a factor is an array of its own, of no other use", None, FACTORS, computed_first),
    Move("opposite sum", "A - f(B): -(f(B) - A)",
         "what is subtracted is an array of its own, and the rest is at hand", None, OPERAND, opposite_sum),
)  # fmt: skip

BY_STAGE = {stage: tuple(m for m in MOVES if m.stage is stage) for stage in Stage}


def moves_at(stage: Stage) -> tuple[Move, ...]:
    """The moves of a stage, in order."""
    return BY_STAGE[stage]
