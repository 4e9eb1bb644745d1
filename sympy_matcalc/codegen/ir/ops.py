"""The table of operations of the graph: one row an operation, with all that planning asks of it.

The columns are those of `Op`: name, what it is, shape, cost, sum of products, degree, symmetric, nonnegative, memory, form, numbers, sizes
that may not be 0, linear algebra; by name what a part of it is computed of (`cut`), how it comes of parts (`totals`), the room it needs
while it is computed (`room`). What it takes as operands and attributes is in parentheses. How it is spelled is for each back end to say (`backends.base.spells`).

An operation is added by a row here and a spelling in each back end, or its name among what the back end refuses; tests cross the table
with all questions and all back ends.
"""

from . import costs, cuts, degrees, shapes
from . import properties as shows
from . import terms as product
from .degrees import unknown
from .demands import (
    ANY,
    BY_FUNCTION,
    BY_ORDER,
    OF_REAL,
    REAL_VALUED,
    Form,
    any_size,
    entries,
    reciprocals,
    some_column,
    some_derivative,
    some_entry,
    some_matrix,
    some_of_second,
    some_states,
    some_value,
)
from .op import Memory, Op
from .properties import never
from .terms import one_factor

OWN, PART, HELD, EITHER = Memory
OPAQUE = (one_factor, unknown, never, never)  # not taken apart; nothing is known of how it scales, of its symmetry and its sign

PLAIN = (Form.OTHER, ANY, any_size, never)  # nothing is asked of the operands
SUM, PRODUCT, LINEAR, NORM = ((form, ANY, any_size, never) for form in (Form.SUM, Form.PRODUCT, Form.LINEAR, Form.NORM))
LINALG = (Form.OTHER, ANY, any_size, shows.always)

OPS: dict[str, Op] = {}


def operation(*columns, **options) -> Op:
    """Add a row to the table.

    Errors: TypeError where a column is missing, ValueError where the table has the operation already.
    """
    row = Op(*columns, **options)
    if row.name in OPS:
        raise ValueError(f"the operation `{row.name}` is in the table already")
    OPS[row.name] = row
    return row


# ---- leaves
operation("arg", "an argument that is an array (symbol)", shapes.of_symbol, costs.free, *OPAQUE, HELD, *PLAIN)
operation("sym", "an argument that is a number, or a size (symbol)", shapes.scalar, costs.free, *OPAQUE, HELD, *PLAIN)
operation("const", "a number (value)", shapes.scalar, costs.free, one_factor, unknown, never, shows.nonnegative_number, HELD, *PLAIN)
operation("dtype", "the dtype of the data", shapes.scalar, costs.free, *OPAQUE, HELD, *PLAIN)
operation("iter", "the variable of a loop", shapes.scalar, costs.free, *OPAQUE, HELD, *PLAIN, written=False)

# ---- integers
operation("int", "rounded (x)", shapes.of_first, costs.free, *OPAQUE, EITHER, *PLAIN, of_numbers=True, cut=cuts.first, room=cuts.sums)
operation("builtin", "max, min, abs (integers; name)", shapes.scalar, costs.functions, *OPAQUE, HELD, *PLAIN, of_numbers=True)
operation("direction", "1, or -1 for bounds in reverse (low, high)", shapes.scalar, costs.free, *OPAQUE, HELD, *PLAIN, of_numbers=True)
operation("within", "an index that is checked (index, size)", shapes.scalar, costs.free, *OPAQUE, HELD, *PLAIN, of_numbers=True)
operation("size", "the length of an axis (array; axis)", shapes.scalar, costs.free, *OPAQUE, HELD, Form.OTHER, REAL_VALUED, any_size, never, room=cuts.no_room)
operation("simple", "an index whose value is simple (values, index; kind)", shapes.scalar, costs.functions, *OPAQUE, HELD, Form.OTHER, ANY, some_value, never)

# ---- elementwise, operands broadcast
operation("add", "sum (operands)",
          shapes.broadcast, costs.sums, product.add, degrees.add, shows.symmetric_sum, shows.nonnegative_operands, OWN, *SUM, elementwise=True, of_numbers=True, cut=cuts.operands, room=cuts.sums)
operation("mul", "product (operands)",
          shapes.broadcast, costs.products, product.mul, degrees.mul, shows.symmetric_operands, shows.nonnegative_operands, OWN, Form.PRODUCT, ANY, reciprocals, never, elementwise=True, of_numbers=True, cut=cuts.operands, room=cuts.sums)
operation("pow", "power (base, exponent)",
          shapes.broadcast, costs.powers, one_factor, degrees.power, shows.symmetric_operands, shows.nonnegative_power, OWN, *PLAIN, elementwise=True, of_numbers=True, cut=cuts.operands, room=cuts.sums)
operation("call", "a function of entries (operands; name)",
          shapes.broadcast, costs.function, one_factor, degrees.call, shows.symmetric_operands, shows.nonnegative_function, EITHER, Form.OTHER, BY_FUNCTION, any_size, never, elementwise=True, of_numbers=True, cut=cuts.operands, room=cuts.of_entries)
operation("compare", "comparison (a, b; operator)",
          shapes.broadcast, costs.functions, one_factor, unknown, never, shows.always, EITHER, Form.OTHER, BY_ORDER, any_size, never, elementwise=True, of_numbers=True, cut=cuts.operands, room=cuts.no_room)
operation("where", "one of two (condition, a, b)",
          shapes.broadcast, costs.functions, one_factor, unknown, never, shows.nonnegative_branches, EITHER, *PLAIN, elementwise=True, of_numbers=True, cut=cuts.operands, room=cuts.no_room)
operation("float", "integers, truth values as numbers (x, dtype of arrays)",
          shapes.of_first, costs.functions, one_factor, unknown, never, shows.nonnegative_first, EITHER, *PLAIN, of_numbers=True, cut=cuts.first, room=cuts.no_room)

# ---- axes
operation("view", "axes permuted, None for one of length 1 (x; axes)",
          shapes.view, costs.free, product.view, degrees.view, shows.symmetric_view, shows.nonnegative_first, PART, *LINEAR, cut=cuts.view, room=cuts.no_room)
operation("reshape", "axes split and joined (x, *sizes)",
          shapes.operands_after(1), costs.reshape, one_factor, degrees.reshape, never, shows.nonnegative_first, PART, *LINEAR, cut=cuts.reshape, room=cuts.no_room)
operation("full", "x broadcast to a shape (x, dtype if any, *sizes; has dtype)", shapes.full, costs.half_written, *OPAQUE, OWN, *LINEAR, cut=cuts.full, room=cuts.no_room)

# ---- sums of products, before they are planned, and what they are planned as
operation("contract", "a product of any number of arrays (arrays, scalar; labels, inverses, output, sizes)",
          shapes.contract, costs.functions, product.contract, degrees.contract, never, never, OWN, *PRODUCT, written=False)
operation("matmul", "product of vectors, matrices, stacks of them (a, b)",
          shapes.matmul, costs.matmul, one_factor, unknown, shows.symmetric_product, never, OWN, *PRODUCT, cut=cuts.matmul, totals=cuts.inner, room=cuts.no_room)
operation("dot", "sum of the products of entries (a, b)", shapes.scalar, costs.dot, *OPAQUE, EITHER, *PRODUCT, totals=cuts.entries)
operation("einsum", "a product of two arrays (a, b; subscripts)", shapes.einsum, costs.einsum, *OPAQUE, OWN, *PRODUCT, cut=cuts.einsum, totals=cuts.summed, room=cuts.no_room)
operation("outer_sum", "sum of outer products (left arrays, then right ones; how many first axes both have)", shapes.outer_sum, costs.outer_sum, *OPAQUE, OWN, *PLAIN, cut=cuts.outer_sum)
operation("sum_of_products", "sum of products of two arrays each that broadcast (a, b, c, d, ...)",
          shapes.broadcast, costs.products, *OPAQUE, OWN, *PLAIN)
operation("second_moments", "sum_s x_si x_sj f_s.. (X, F; whether the last two axes of F may change places)",
          shapes.second_moments, costs.second_moments, *OPAQUE, OWN, *PLAIN, totals=cuts.both)
operation("fourth_moments", "sum_s w_s x_si x_sj x_sk x_sl (X, w or nothing)", shapes.fourth_moments, costs.fourth_moments, *OPAQUE, OWN, *PLAIN, totals=cuts.both)
operation("weighted_gram", "X' diag(d) X (X, d)", shapes.gram, costs.weighted_gram, one_factor, unknown, shows.always, never, OWN, *PLAIN, totals=cuts.both)
operation("kron", "Kronecker product (A, B)", shapes.kron, costs.functions, *OPAQUE, OWN, *PRODUCT)

# ---- reductions of axes
operation("sum", "sum of entries (x; axes)", shapes.without_axes, costs.read, product.sum_, degrees.reduction, never, shows.nonnegative_first, EITHER, *LINEAR, cut=cuts.rest, totals=cuts.reduced("add"), room=cuts.no_room)
operation("prod", "product of entries (x; axes)", shapes.without_axes, costs.functions, *OPAQUE, EITHER, *PLAIN, cut=cuts.rest, totals=cuts.reduced("multiply"), room=cuts.no_room)
operation("others", "products of all others of the row (X)", shapes.of_first, costs.functions, *OPAQUE, OWN, *PLAIN, cut=cuts.rows)
operation("other_pairs", "products of all entries but two (x)", shapes.square_of_first, costs.functions, *OPAQUE, OWN, *PLAIN)
operation("cumulative", "cumulative sums, products, or logarithms of sums of exponentials down the columns (X; cumsum, cumprod or cumlogsumexp, forward)",
          shapes.of_first, costs.functions, one_factor, degrees.cumulative, never, never, OWN, *PLAIN, cut=cuts.columns)
operation("decay", "exp(l_j - l_i) on one side of the diagonal, where it is not above 1 (l; triu or tril)",
          shapes.square_of_first, costs.functions, *OPAQUE, OWN, *PLAIN)
operation("decayed", "sums of x_j exp(q_j - q_i) over j up to i, or from i on, down the columns, of q that does not fall so (X, q; forward)",
          shapes.of_first, costs.functions, *OPAQUE, OWN, *PLAIN)
operation("max", "largest entry (x; axes)", shapes.without_axes, costs.functions, one_factor, degrees.reduction, never, never, EITHER, Form.OTHER, OF_REAL, some_entry, never, cut=cuts.rest, totals=cuts.reduced("maximum"), room=cuts.no_room)
operation("max_or_zero", "largest entry, 0 where that is less, or where there are none (x; axes)", shapes.without_axes, costs.functions, one_factor, degrees.reduction, never, shows.always, EITHER, Form.OTHER, OF_REAL, any_size, never, cut=cuts.rest, totals=cuts.reduced("maximum"), room=cuts.no_room)
operation("min", "smallest entry (x; axes)", shapes.without_axes, costs.functions, one_factor, degrees.reduction, never, never, EITHER, Form.OTHER, OF_REAL, some_entry, never, cut=cuts.rest, totals=cuts.reduced("minimum"), room=cuts.no_room)
operation("hardmax", "1 at the largest entry, shared (x; axes)", shapes.of_first, costs.functions, one_factor, unknown, never, shows.always, OWN, Form.OTHER, OF_REAL, some_entry, never, cut=cuts.along)
operation("norm", "root of the sum of squares (x; axes)", shapes.without_axes, costs.functions, one_factor, degrees.reduction, never, never, EITHER, Form.NORM, REAL_VALUED, any_size, never, cut=cuts.rest, totals=cuts.reduced("hypot"))
operation("p_norm", "p-norm (x, p; axes)", shapes.without_axes, costs.functions, *OPAQUE, EITHER, Form.NORM, REAL_VALUED, some_entry, never, cut=cuts.rest)
operation("root_of_squares", "root of the sum of squares, scaled so that none overflows (x; axes)", shapes.without_axes, costs.functions, *OPAQUE, EITHER, *NORM, cut=cuts.rest)
operation("logsumexp", "log of the sum of exponentials (x; axes)", shapes.without_axes, costs.functions, *OPAQUE, EITHER, Form.OTHER, ANY, some_entry, never, cut=cuts.rest, room=cuts.few)
operation("softmax", "exponentials over their sum (x; axes)", shapes.of_first, costs.functions, one_factor, unknown, never, shows.always, OWN, Form.OTHER, ANY, some_entry, never, cut=cuts.along, room=cuts.few)
operation("weighted_softmax", "w exp(z) over its sum (z, w, exp(z) up to a factor of each sum if that is there; axes)",
          shapes.of_first, costs.functions, one_factor, unknown, never, never, OWN, Form.OTHER, ANY, some_entry, never, cut=cuts.along_of_all, room=cuts.few)
operation("log_softmax", "its logarithm (x; axes)", shapes.of_first, costs.functions, *OPAQUE, OWN, Form.OTHER, ANY, some_entry, never, cut=cuts.along)
operation("trace", "trace (X)", shapes.scalar, costs.along_diagonal, *OPAQUE, EITHER, *LINEAR, room=cuts.no_room)

# ---- linear algebra, over the last two axes
operation("solve", "solution of A X = B (A, B)", shapes.solution, costs.solve, *OPAQUE, OWN, *LINALG, factored="solve_factored", cut=cuts.right_sides, room=cuts.much)
operation("inv", "inverse (A)", shapes.of_first, costs.inverse, product.inverse, unknown, shows.symmetric_first, never, OWN, *LINALG, factored="inv_factored", room=cuts.much)
operation("det", "determinant (A)", shapes.of_stack, costs.functions, *OPAQUE, EITHER, *LINALG, factored="det_factored", room=cuts.much)
operation("slogdet", "sign and logarithm of a determinant (A)", shapes.scalar, costs.call_only, *OPAQUE, HELD, *LINALG, factored="slogdet_factored", room=cuts.much)
operation("matrix_power", "integer power (A, k)", shapes.of_first, costs.functions, *OPAQUE, EITHER, Form.OTHER, ANY, any_size, shows.inverted, room=cuts.much)
operation("adjugate", "adjugate, the transposed cofactors (A)",
          shapes.of_first, costs.functions, one_factor, unknown, shows.symmetric_first, never, OWN, *LINALG, room=cuts.much)
operation("regular", "A, its tiny pivots moved by a rounding error, in a factorisation (A)",
          shapes.of_first, costs.free, one_factor, unknown, shows.symmetric_first, never, HELD, *PLAIN, written=False)
operation("factor", "one factorisation for several uses (A, bound of its rank, arguments with which it is symmetric; kind, how many)", shapes.scalar, costs.factor, *OPAQUE, HELD, *LINALG, room=cuts.much)
operation("regular_factored", "it with tiny pivots moved (A, factor)", shapes.scalar, costs.call_only, *OPAQUE, HELD, *PLAIN, room=cuts.much)
operation("solve_factored", "solve with it (factor, B; transposed)", shapes.of_second, costs.solve, *OPAQUE, EITHER, *PLAIN, cut=cuts.right_sides, room=cuts.much)
operation("turned_factored", "solve with its transpose, where the solution with it is there (solution, factor, B)", shapes.of_first, costs.solve, *OPAQUE, PART, *PLAIN, room=cuts.much)
operation("gram_factored", "B' inverse B from it (factor, B; transposed)", shapes.gram_of_second, costs.solve_of_second, *OPAQUE, OWN, *PLAIN, room=cuts.much)
operation("forms_factored", "the diagonal of that (factor, B)", shapes.columns_of_second, costs.solve_of_second, *OPAQUE, OWN, *PLAIN, room=cuts.much)
operation("inv_factored", "inverse from it (factor)", shapes.of_source, costs.inverse, *OPAQUE, EITHER, *PLAIN, room=cuts.much)
operation("det_factored", "determinant from it (factor)", shapes.scalar, costs.call_only, *OPAQUE, EITHER, *PLAIN, room=cuts.much)
operation("slogdet_factored", "its sign and logarithm (factor)", shapes.scalar, costs.call_only, *OPAQUE, HELD, *PLAIN, room=cuts.much)

# ---- spectra and factorisations that are results
operation("svd", "singular value decomposition: U, values, V' (X)", shapes.scalar, costs.functions, *OPAQUE, HELD, *LINALG, room=cuts.much)
operation("eigh", "eigenvalues, eigenvectors (X)", shapes.scalar, costs.functions, *OPAQUE, HELD, *LINALG, room=cuts.much)
operation("stumpff", "sum of (-x)^j/(k + 2j)! (x; k)", shapes.of_first, costs.functions, *OPAQUE, OWN, Form.OTHER, OF_REAL, any_size, never, cut=cuts.first, room=cuts.much)
operation("real_eigen", "a real simple eigenvalue by the real part, its right and left vectors (A, i)", shapes.scalar, costs.functions, *OPAQUE, HELD, Form.OTHER, OF_REAL, some_value, shows.always, room=cuts.much)
operation("group_resolvent", "(c I - A + v u')^-1 - v u' (A, c, v, u)", shapes.of_first, costs.functions, *OPAQUE, OWN, Form.OTHER, ANY, some_value, shows.always, room=cuts.much)
operation("item", "one of several results (source; position)", shapes.item, costs.free, *OPAQUE, HELD, *PLAIN, room=cuts.no_room)
operation("symmetric", "X, checked to be symmetric (X)", shapes.of_first, costs.functions, one_factor, unknown, shows.always, never, EITHER, *PLAIN, room=cuts.much)
operation("finite", "X, checked to have finite entries (X)", shapes.of_first, costs.functions, one_factor, unknown, shows.symmetric_first, never, EITHER, *PLAIN)
operation("qr", "thin QR decomposition, R with a positive diagonal (X)", shapes.scalar, costs.functions, *OPAQUE, HELD, *LINALG, room=cuts.much)
operation("lu", "LU decomposition with partial pivoting: P, L, U (X)", shapes.scalar, costs.functions, *OPAQUE, HELD, *LINALG, room=cuts.much)
operation("sylvester", "solution of A X + X B = C (A, B, C)", shapes.of_third, costs.functions, *OPAQUE, OWN, *LINALG, room=cuts.much)
operation("discrete_lyapunov", "solution of X = A X A' + Q (A, Q)", shapes.of_second, costs.functions, *OPAQUE, OWN, *LINALG, room=cuts.much)
operation("care", "stabilising solution of A' X + X A - X B R^-1 B' X + Q = 0 (A, B, Q, R)",
          shapes.of_first, costs.functions, one_factor, unknown, shows.always, never, OWN, Form.OTHER, OF_REAL, some_states, shows.always, room=cuts.much)
operation("dare", "stabilising solution of X = A' X A - A' X B (R + B' X B)^-1 B' X A + Q (A, B, Q, R)",
          shapes.of_first, costs.functions, one_factor, unknown, shows.always, never, OWN, Form.OTHER, OF_REAL, some_states, shows.always, room=cuts.much)
operation("cholesky", "lower Cholesky factor (X)", shapes.of_first, costs.functions, *OPAQUE, OWN, *LINALG, room=cuts.much)
operation("pinv", "pseudo-inverse (X)", shapes.transposed, costs.functions, *OPAQUE, OWN, *LINALG, room=cuts.much)
operation("reciprocal", "1/s, 0 for those that are zero by rounding (values, right vectors)", shapes.of_first, costs.functions, *OPAQUE, EITHER, *PLAIN)
operation("distinct", "vectors whose values are seen to be distinct (vectors, values; kind)", shapes.of_first, costs.functions, *OPAQUE, EITHER, Form.OTHER, ANY, some_of_second, never)
operation("gap_matrix", "1/(v_j - v_i), 0 for j = i, of all pairs (values)", shapes.square_of_first, costs.functions, *OPAQUE, OWN, *PLAIN)
operation("inverse_gaps", "1/(v_j - v_i), 0 for j = i (values, i)", shapes.of_first, costs.functions, *OPAQUE, EITHER, *PLAIN)

# ---- functions of a matrix
operation("matrix_function", "a function of a square matrix (A, spectrum or an exponent if any; name)", shapes.of_first, costs.functions, *OPAQUE, OWN, Form.OTHER, ANY, some_matrix, shows.always, room=cuts.much)
operation("spectrum", "eigenvalues, eigenvectors and their inverse where A is symmetric (A; whether it is known to be)", shapes.scalar, costs.functions, *OPAQUE, HELD, *LINALG, room=cuts.much)
operation("frechet", "a function of a matrix, its derivative in one direction or two (A, spectrum, *directions, *numbers; function, how many directions)",
          shapes.of_first, costs.functions, *OPAQUE, OWN, Form.OTHER, ANY, some_derivative, shows.always, room=cuts.of_derivatives)
operation("frechet_matrix", "its derivatives in the directions of all unit matrices (the same)",
          shapes.of_units, costs.functions, *OPAQUE, OWN, Form.OTHER, ANY, some_derivative, shows.always, room=cuts.of_derivatives)
operation("frechet_between", "those with a matrix at some of their axes (A, spectrum, *directions, *matrices, *numbers; function, how many directions, which axes have one)",
          shapes.of_units_between, costs.functions, *OPAQUE, OWN, Form.OTHER, ANY, some_derivative, shows.always, room=cuts.of_derivatives)
operation("block_triangular", "A on the diagonal, directions above it (A, *directions)", shapes.block_triangular, costs.functions, *OPAQUE, OWN, Form.OTHER, ANY, some_matrix, never, room=cuts.much)
operation("like", "x as real as A (x, A)", shapes.of_first, costs.functions, *OPAQUE, EITHER, *PLAIN, room=cuts.no_room)

# ---- construction
operation("eye", "identity (rows, dtype, columns if others)",
          shapes.eye, costs.half_written, one_factor, unknown, shows.square_identity, never, EITHER, *PLAIN, room=cuts.no_room)
operation("zeros", "zeros (dtype, *sizes)", shapes.operands_after(1), costs.zeros, *OPAQUE, OWN, *PLAIN, room=cuts.no_room)
operation("arange", "integers (low, high)", shapes.arange, costs.functions, *OPAQUE, EITHER, *PLAIN)
operation("array", "explicit entries (*entries, dtype; shape)", shapes.layout, costs.functions, *OPAQUE, EITHER, *PLAIN)
operation("block", "a matrix of matrices (blocks; rows, columns)", shapes.block, costs.functions, *OPAQUE, OWN, *PLAIN)
operation("stack", "columns that a loop has collected (loop)", shapes.stack, costs.functions, *OPAQUE, EITHER, Form.OTHER, ANY, some_column, never)
operation("tri", "ones on and below the diagonal (size, dtype)", shapes.square, costs.functions, *OPAQUE, OWN, *PLAIN)
operation("duplication", "duplication matrix (size, dtype)", shapes.duplication, costs.functions, *OPAQUE, OWN, *PLAIN)
operation("structure_basis", "the basis of matrices with a structure (rows, columns, dtype; its name)",
          shapes.structure_basis, costs.functions, *OPAQUE, OWN, *PLAIN)
operation("unit_matrix", "a matrix with a single one (size, position, dtype)", shapes.square, costs.functions, *OPAQUE, EITHER, *PLAIN)
operation("selector", "rows of the identity (size, dtype, start, stop, step)", shapes.selector, costs.half_written, *OPAQUE, EITHER, *PLAIN)

# ---- diagonals
operation("diag", "diagonal matrix (d)", shapes.diag, costs.half_written, one_factor, degrees.diag, never, never, EITHER, *LINEAR, room=cuts.no_room)
operation("diagonal", "diagonal of two axes, as the last (x; two axes)",
          shapes.diagonal, costs.along_diagonal, one_factor, degrees.diagonal, never, shows.nonnegative_first, PART, *LINEAR, room=cuts.no_room)
operation("embed", "written on the diagonal of zeros (core, dtype, *sizes; axes, target)", shapes.operands_after(2), costs.embed, one_factor, degrees.embed, never, never, OWN, *LINEAR, room=cuts.no_room)
operation("add_diagonal", "added to the diagonal (x, core; axes, target)",
          shapes.of_first, costs.on_diagonal, product.add_diagonal, degrees.add_diagonal, shows.symmetric_first, never, OWN, *SUM, room=cuts.no_room)
operation("triangle", "what lies on one side of a diagonal (X, its number; triu or tril)", shapes.of_first, costs.functions, *OPAQUE, OWN, *LINEAR)
operation("tied", "sums or means over the entries of a class (X; toeplitz, hankel or circulant, whether means)",
          shapes.of_first, costs.functions, *OPAQUE, OWN, *LINEAR)
operation("add_band", "a vector added to a diagonal of a block (x, d, rows, columns)", shapes.of_first, costs.on_band, *OPAQUE, OWN, *PLAIN)

# ---- access
operation("index", "axes fixed (x, *indices; 0 for these)", shapes.index, costs.functions, one_factor, degrees.reshape, never, shows.nonnegative_first, PART, Form.LINEAR, ANY, entries, never, cut=cuts.kept, room=cuts.no_room)
operation("slice", "parts of axes (x, bounds; slice, index, None)",
          shapes.part, costs.call_only, one_factor, degrees.reshape, never, shows.nonnegative_first, PART, Form.LINEAR, ANY, entries, never, cut=cuts.kept, room=cuts.no_room)
operation("take", "an axis at several indices (x, indices; axis)",
          shapes.take, costs.functions, one_factor, degrees.reshape, never, shows.nonnegative_first, EITHER, *LINEAR, cut=cuts.taken)
operation("gather", "rows by their numbers (X; numbers)", shapes.gather, costs.functions, *OPAQUE, EITHER, *LINEAR, cut=cuts.columns)
operation("scatter", "rows added up at their numbers (X, rows of the result; numbers)", shapes.scatter, costs.functions, *OPAQUE, OWN, *LINEAR, cut=cuts.columns)
operation("pad", "an array among zeros along an axis (x, size, start, stop, step; axis)", shapes.pad, costs.pad, *OPAQUE, OWN, *LINEAR)

# ---- loops, and what a user declares
operation("loop", "a reduction that cannot be vectorised (body, low, high, dtype, *sizes; kind, variable, forward)",
          shapes.of_first, costs.functions, *OPAQUE, EITHER, *PLAIN, written=False)
operation("declared", "the function that was declared for a node (values, sizes of the result; code, name, shape, whether of entries)",
          shapes.declared, costs.functions, *OPAQUE, HELD, *PLAIN)

# ---- tiles of an axis, under a bound of memory
operation("room", "how many numbers tiles may take, an error where the bound is too low (bound, numbers beside tiles, of the least tile, dtype, *arrays; bytes of a number)",
          shapes.scalar, costs.free, *OPAQUE, HELD, *PLAIN, room=cuts.no_room)
operation("tile_rows", "how long tiles are (room, length of the axis, numbers of any tile, numbers for each row)", shapes.scalar, costs.free, *OPAQUE, HELD, *PLAIN, room=cuts.no_room)
operation("tiles", "results that come tile by tile (parts, length of the axis, length of a tile; variable, how each is joined)",
          shapes.scalar, costs.free, *OPAQUE, HELD, *PLAIN, room=cuts.no_room, written=False)
operation("of_tiles", "one of them (tiles; position)", shapes.of_tiles, costs.free, *OPAQUE, OWN, *PLAIN, room=cuts.no_room, written=False)
