"""prepare: the canonical form of an expression as typed. One idea: equal things become one object.

SymPy distributes transposes while one types, so ``(X*w - y).T*(X*w - y)`` arrives with two unshared copies of the residual. Here every
node gets one orientation (vectors are columns, else fewer transposes, ties by the key) and the other one is its `Transpose`.
"""

from sympy import Expr, KroneckerDelta, Mul, Pow, S, Subs, Sum, exp, log, sqrt
from sympy.matrices import MatrixBase
from sympy.matrices.expressions import (
    Adjoint,
    BlockDiagMatrix,
    BlockMatrix,
    Determinant,
    DiagMatrix,
    DotProduct,
    FunctionMatrix,
    HadamardPower,
    HadamardProduct,
    Identity,
    Inverse,
    KroneckerProduct,
    MatAdd,
    MatMul,
    MatPow,
    MatrixSlice,
    MatrixSymbol,
    OneMatrix,
    Trace,
    Transpose,
    ZeroMatrix,
)
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.diagonal import DiagonalMatrix, DiagonalOf
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.matrices.expressions.permutation import MatrixPermute, PermutationMatrix
from sympy.matrices.expressions.special import GenericIdentity, GenericZeroMatrix

from ..errors import MissingRuleError, ShapeError
from ..kernel import chains, make
from ..kernel.binding import substitute
from ..kernel.indices import reserve_indices
from ..kernel.interning import intern, raw
from ..kernel.order import sort_key
from ..kernel.scalars import scalar_product, scalar_sum
from ..kernel.session import session_state
from ..kernel.shapes import INDIVISIBLE, is_column, is_matrix, is_one, parted, same_size, shape_of
from ..kernel.symmetry import transpose
from ..kernel.walks import from_inside
from ..nodes import AsMatrix, Cholesky, CommutationMatrix, Einsum, LogSumExp, MatrixExp, MatrixSqrt, MatrixSum, MatrixUnit, Softmax, Vec
from ..nodes.arrays import is_array_expression
from ..nodes.bound import BOUND
from ..nodes.linearity import operator_of
from ..notation.expression import contains
from ..notation.softmax import may_have_softmax, with_softmax
from . import arrays as arrays
from . import entries as entries
from . import functions
from . import sums as sums
from .arguments import applied
from .array_sums import as_einsum
from .declared import matrix_operator, number_in_front, scalar_operator
from .diagonals import with_simple_diagonals
from .scalars import handles, has_matrix, prepare_scalar, prepared_einsum, rebuild

TABLE, SCALARS = {}, {}


def prepares(*classes):
    """Register a function as the canonical form of some classes."""

    def register(f):
        for cls in classes:
            TABLE[cls] = f
        return f

    return register


def as_scalar(*classes):
    """Register what scalar a node of some classes is where it is 1 x 1."""

    def register(f):
        for cls in classes:
            SCALARS[cls] = f
        return f

    return register


def prepare_whole(e):
    """`prepare`, from the innermost matrices outwards, so that deep nesting needs no deep recursion."""
    reserve_indices(e)
    return as_einsum(from_inside(lambda node: prepare(node) if _has_form(node) else None, e, _matrix_parts))


def _has_form(node):
    """Whether there is a canonical form of it: a scalar, a matrix or an array."""
    return is_matrix(node) or isinstance(node, (Expr, Einsum)) or is_array_expression(node)


def _matrix_parts(node):
    if isinstance(node, INDIVISIBLE) or not node.args:
        return ()
    return [a for a in node.args if a.args]


def prepare(e):
    """The canonical form of a scalar or matrix; a matrix that is literally 1 x 1 becomes a scalar."""
    table = session_state.prepared
    known = table.get(id(e))
    if known is None:
        found = intern(_prepared(e))
        table[id(e)] = known = (e, found)
        table[id(found)] = (found, found)
        if is_matrix(found):
            other = transpose(found)
            table.setdefault(id(other), (other, other))
    return known[1]


def _prepared(e):
    if not is_matrix(e):
        return prepare_scalar(e, prepare)
    return _as_scalar(e) if shape_of(e) == (S.One, S.One) else _matrix(e)


def _matrix(e):
    for cls in type(e).__mro__:
        if cls in TABLE:
            return TABLE[cls](e)
    if isinstance(e, MatrixBase):
        return explicit(e)
    operator = operator_of(type(e))
    return matrix_operator(e, operator, prepare) if operator else generic(e)


def generic(e):
    """A node of somebody else's: its arguments are prepared, itself is kept."""
    args = [prepare(a) if is_matrix(a) or isinstance(a, Expr) and not a.is_Atom else a for a in e.args]
    args = [new if is_matrix(new) or not is_matrix(old) else old for new, old in zip(args, e.args)]
    return intern(e if tuple(args) == e.args else e.func(*args))


def _as_scalar(e):
    """The scalar that a 1 x 1 matrix expression is."""
    if isinstance(e, MatAdd):
        _check_equal(e.args, "sum")
        return scalar_sum(*map(prepare, e.args))
    if isinstance(e, (Transpose, DiagonalMatrix, DiagMatrix)):
        return prepare(e.args[0])
    if isinstance(e, Adjoint):
        return conjugated(e)
    if isinstance(e, (MatPow, Inverse, HadamardPower)):
        return prepare(e.args[0]) ** prepare(e.args[1])
    if isinstance(e, (HadamardProduct, KroneckerProduct)):
        return Mul(*map(prepare, e.args))
    if isinstance(e, ElementwiseApplyFunction):
        return prepare_scalar(substitute(functions.body_of(e.function), {BOUND: prepare(e.args[1])}), prepare)
    if isinstance(e, MatMul):
        return _product(e.args)
    if isinstance(e, (Identity, OneMatrix)):
        return S.One
    if isinstance(e, (ZeroMatrix, GenericZeroMatrix)):
        return S.Zero
    if isinstance(e, MatrixBase):
        return prepare(e[0, 0])
    if isinstance(e, BlockDiagMatrix):
        return prepare(e.args[0])
    if isinstance(e, BlockMatrix):
        return prepare(e.blocks[0, 0])
    if isinstance(e, FunctionMatrix):
        return prepare_scalar(e[0, 0], prepare)
    if isinstance(e, MatrixUnit):
        return S.One
    if isinstance(e, MatrixSum):
        return prepare_scalar(Sum(prepare(e.body), *e.limits), prepare)
    for cls in type(e).__mro__:
        if cls in SCALARS:
            return SCALARS[cls](e)
    operator = operator_of(type(e))
    if operator:
        return scalar_operator(e, operator, prepare)
    return make.element(intern(e) if isinstance(e, MatrixSymbol) else _matrix(e))


# ---------------------------------------------------------------- symbols and constants


@prepares(MatrixSymbol, AsMatrix, PermutationMatrix, Identity, OneMatrix, ZeroMatrix, MatrixUnit, CommutationMatrix)
def leaf(e):
    return intern(e)


@prepares(GenericIdentity, GenericZeroMatrix)
def unknown_size(e):
    raise ShapeError(f"`{e}` has no size; write Identity(n) or ZeroMatrix(m, n)")


def explicit(e):
    """An explicit Matrix: its entries are prepared."""
    return intern(e.applyfunc(lambda x: prepare(x)).as_immutable())


@prepares(FunctionMatrix)
def function_matrix(e):
    return intern(e)


# ---------------------------------------------------------------- products


@prepares(MatMul)
def product(e):
    return _product(e.args)


def _product(args):
    """Flat, cut into scalars where it has rank 1, in normal form, in one orientation."""
    scalars, chain = [], []
    matrices = parted(args)[1]
    _check_product(matrices)
    for a in args:
        p = prepare(a)
        if not is_matrix(p):
            scalars.append(p)
            continue
        if not is_matrix(a):
            raise ShapeError(f"an array of shape {shape_of(p)} as a coefficient of matrices: `{a}`; write `AsMatrix({a})` for the matrix")
        c, inner = chains.open_product(p)
        if c is not S.One:
            scalars.append(c)
        chain += inner
        if isinstance(p, ZeroMatrix):
            return _zero_product(args)
    size = shape_of(matrices[0])[0]
    shape = (size, shape_of(matrices[-1])[1])
    merged, number = chains.normalise(tuple(chain)), S.One
    if shape == (S.One, S.One):  # else it says which vector is on the diagonal
        number, merged = with_simple_diagonals(merged)
    scalars, chain = _cut([*scalars, number], merged)
    coefficient = scalar_product(*scalars)
    if chain and isinstance(coefficient, (Mul, Pow)) and may_have_softmax(coefficient):
        parts = (coefficient, *map(chains.atom_node, chain))
        found = with_softmax(parts)
        if found is not parts:
            return _product(found)
    if shape == (S.One, S.One):
        return scalar_product(coefficient, chains.scalar(chain)) if chain else coefficient
    if not chain:
        return make.mul(coefficient, make.identity(size))
    return _distribute(coefficient, _oriented(chain))


def _check_product(matrices):
    """SymPy lets symbolic sizes differ; here they must be equal."""
    for left, right in zip(matrices, matrices[1:]):
        if not same_size(shape_of(left)[1], shape_of(right)[0]):
            raise ShapeError(
                f"product of shapes {shape_of(left)} and {shape_of(right)}: `{left}` has {shape_of(left)[1]} columns, "
                f"`{right}` has {shape_of(right)[0]} rows; the two must be equal"
            )


def _check_equal(parts, what):
    matrices = [a for a in parts if is_matrix(a)]
    for a in matrices[1:]:
        if not all(same_size(x, y) for x, y in zip(shape_of(a), shape_of(matrices[0]))):
            raise ShapeError(f"{what} of shapes {shape_of(matrices[0])} and {shape_of(a)}, which must be equal: `{matrices[0]}` and `{a}`")


def check_square(a, what):
    if is_matrix(a) and not same_size(*shape_of(a)):
        raise ShapeError(f"{what} needs a square matrix, got shape {shape_of(a)}: `{a}`")


def _zero_product(args):
    matrices = [a for a in args if is_matrix(a)]
    rows, cols = shape_of(matrices[0])[0], shape_of(matrices[-1])[1]
    return S.Zero if rows == cols == 1 else make.zero(rows, cols)


def _distribute(coefficient, node):
    return node if coefficient is S.One else make.zero(*shape_of(node)) if coefficient == 0 else make.mul(coefficient, *_factors(node))


def _factors(node):
    return node.args if isinstance(node, MatMul) else (node,)


def _cut(scalars, chain):
    """Segments between two axes of length 1 are scalars."""
    cuts = [i + 1 for i in range(len(chain) - 1) if is_one(chains.atom_shape(chain[i])[1])]
    if not cuts or len(chain) == 0:
        return scalars, chain
    bounds = [0, *cuts, len(chain)]
    segments = [chain[i:j] for i, j in zip(bounds, bounds[1:])]
    kept = []
    for s in segments:
        if chains.chain_shape(s) == (S.One, S.One):
            scalars.append(chains.scalar(s))
        else:
            kept += s
    return scalars, tuple(kept)


def _oriented(chain):
    """The node of a chain, or of its reverse under a Transpose, whichever is canonical."""
    rows, cols = chains.chain_shape(chain)
    turned = chains.reverse(chain)
    if is_one(cols) and not is_one(rows):
        keep = True
    elif is_one(rows) and not is_one(cols):
        keep = False
    else:
        keep = chains.chain_key(chain) <= chains.chain_key(turned)
    return chains.express_chain(chain) if keep else transpose(chains.express_chain(turned))


@prepares(Transpose)
def transposed(e):
    return transpose_prepared(prepare(e.args[0]))


@prepares(Adjoint)
def adjoint(e):
    return transpose_prepared(conjugated(e))  # SymPy's conjugate of a matrix is the adjoint of its transpose


def transpose_prepared(p):
    """The transpose of a prepared matrix, in canonical form."""
    if isinstance(p, MatMul) and not is_matrix(p.args[0]):
        return make.mul(p.args[0], *_factors(transpose_prepared(make.mul(*p.args[1:]))))
    if isinstance(p, MatMul):
        return _oriented(chains.reverse(chains.open_product(p)[1]))
    if isinstance(p, (Inverse, MatPow)):
        return _oriented(chains.reverse(chains.open_product(p)[1]))
    return transpose(p)


def conjugated(e):
    """Symbols are real, so that conjugation changes nothing; an imaginary unit is refused."""
    if contains(e, S.ImaginaryUnit):
        raise MissingRuleError(f"`{e}` conjugates an imaginary unit; symbols and expressions have to be real here")
    return prepare(e.args[0])


@prepares(MatrixPermute)
def permuted(e):
    """Rows in another order are P A, columns A P'."""
    a, permutation, axis = e.args
    p = raw(PermutationMatrix, permutation)
    return _product((p, a) if axis == 0 else (a, raw(Transpose, p)))


@prepares(Inverse, MatPow)
def power(e):
    check_square(e.args[0], "a power or inverse")
    base, k = prepare(e.args[0]), prepare(e.args[1])
    if isinstance(base, BlockMatrix) and is_block_diagonal(base):
        return block_diag(BlockDiagMatrix(*(make.power(base.blocks[i, i], k) for i in range(base.blocks.shape[0]))))
    c, chain = chains.open_product(base)
    if k is S.One:
        return base
    if chain and not chains.splits(c, k):
        return transpose(make.power(base.args[0], k)) if isinstance(base, Transpose) else make.power(base, k)
    if not chain or k is S.Zero:
        return make.mul(c**k, make.identity(shape_of(base)[0]))
    if len(chain) == 1 and isinstance(chain[0][0], MatrixSqrt) and (chain[0][2] * k / 2).is_Integer:
        return prepare(make.mul(c**k, make.power(transpose(chain[0][0].arg) if chain[0][1] else chain[0][0].arg, chain[0][2] * k / 2)))
    if len(chain) == 1 and chains.powers_multiply(chain[0], k):
        node, flipped, exponent = chain[0]
        exponent = exponent * k
        found = make.identity(shape_of(base)[0]) if exponent == 0 else make.power(node, exponent)
        return _distribute(c**k, transpose(found) if flipped else found)
    node = chains.express_chain(chain)
    oriented = _oriented(chain)
    if isinstance(oriented, Transpose):
        return _distribute(c**k, transpose(make.power(oriented.args[0], k)))
    return _distribute(c**k, make.power(node, k))


# ---------------------------------------------------------------- sums


@prepares(MatAdd)
def matrix_sum(e):
    """Nested sums flattened, equal summands added, ordered; zero summands dropped."""
    _check_equal(e.args, "sum")
    total, shape = {}, shape_of(e)
    todo = [(S.One, a) for a in e.args]
    for c, a in todo:
        p = prepare(a)
        if isinstance(p, MatAdd):
            todo += [(c, x) for x in p.args]
            continue
        if isinstance(p, Transpose) and isinstance(p.args[0], MatAdd):
            todo += [(c, transpose_prepared(x)) for x in p.args[0].args]
            continue
        scale, node = number_in_front(p)
        total[node] = total.get(node, S.Zero) + c * scale
    terms = [(c, node) for node, c in total.items() if c != 0 and not isinstance(node, ZeroMatrix)]
    if not terms:
        return make.zero(*shape)
    if len(terms) == 1:
        return _distribute(*terms[0])
    turned = [(c, transpose_prepared(node)) for c, node in terms]
    keep = is_one(shape[1]) if is_one(shape[0]) or is_one(shape[1]) else _sum_key(terms) <= _sum_key(turned)
    node = make.add(*(_distribute(*t) for t in sorted(terms if keep else turned, key=_term_key)))
    return node if keep else transpose(node)


def _term_key(term):
    c, node = term
    return (c.could_extract_minus_sign(), -len(_factors(node)), sort_key(node))


def _sum_key(terms):
    return (sum(chains.count_flips(chains.open_product(node)[1]) for _, node in terms), sorted(sort_key(node) for _, node in terms))


# ---------------------------------------------------------------- elementwise


@prepares(HadamardProduct)
def hadamard(e):
    _check_equal(e.args, "elementwise product")
    parts, scalars = [], []
    for a in e.args:
        p = prepare(a)
        if not is_matrix(p):
            scalars.append(p)
        else:
            parts.append(p)
    if any(isinstance(p, ZeroMatrix) for p in parts):
        return make.zero(*shape_of(parts[0]))
    node = chains.hadamard_vectors(_oriented_parts(parts, plain := _keep_parts(parts)))
    if isinstance(node, HadamardPower) and isinstance(node.args[0], Transpose):  # as it is read when typed so
        node = transpose(make.hadamard_power(node.args[0].args[0], node.args[1]))
    node = _distribute(scalar_product(*scalars), node)
    return node if plain else transpose_prepared(node)


def _keep_parts(parts):
    """Whether the elementwise product stays as it is, rather than becoming the transpose of the product of transposes."""
    rows, cols = shape_of(parts[0])
    if is_one(rows) != is_one(cols):
        return is_one(cols)
    here = (sum(isinstance(p, Transpose) for p in parts), sorted(map(sort_key, parts)))
    turned = [transpose_prepared(p) for p in parts]
    return here <= (sum(isinstance(p, Transpose) for p in turned), sorted(map(sort_key, turned)))


def _oriented_parts(parts, keep):
    return parts if keep else [transpose_prepared(p) for p in parts]


@prepares(HadamardPower)
def hadamard_power(e):
    base, k = e.args
    if is_matrix(k) and shape_of(k) != (S.One, S.One):
        base, k = prepare(base), prepare(k)
        if not is_matrix(base):
            base = make.mul(base, make.ones(*shape_of(k)))
        return raw(HadamardPower, base, k)
    k = prepare(k)
    return _under(prepare(base), lambda node: functions.power(node, k))


def _under(p, f):
    """`f` of the canonical orientation, transposed back."""
    if isinstance(p, Transpose):
        return transpose(f(p.args[0]))
    rows, cols = shape_of(p)
    if isinstance(p, (MatMul, Inverse, MatPow)) and (is_one(rows) and not is_one(cols)):
        return transpose(f(transpose_prepared(p)))
    return f(p)


@prepares(ElementwiseApplyFunction)
def elementwise(e):
    body = functions.body_of(e.args[0])
    body = prepare_scalar(body, prepare)
    return _under(prepare(e.args[1]), lambda node: _log_softmax(node) if _is_log_softmax(body, node) else applied(body, node, prepare))


def _is_log_softmax(body, node):
    return isinstance(node, Softmax) and body == log(BOUND)


def _log_softmax(node):
    """log softmax(x) = x - logsumexp(x) 1, which neither overflows nor divides by what may be 0."""
    return prepare(make.add(node.arg, make.mul(S.NegativeOne, raw(LogSumExp, node.arg), make.ones(shape_of(node)[0]))))


# ---------------------------------------------------------------- Kronecker, diagonals, blocks


@prepares(KroneckerProduct)
def kronecker(e):
    scalars, parts = [], []
    for a in e.args:
        p = prepare(a)
        if not is_matrix(p):
            scalars.append(p)
            continue
        c, node = number_in_front(p)
        scalars.append(c)
        parts += node.args if isinstance(node, KroneckerProduct) else [node]
    if any(isinstance(p, ZeroMatrix) for p in parts):
        return make.zero(*shape_of(e))
    keep = _keep_parts_kron(parts)
    node = make.kron(*_oriented_parts(parts, keep))
    return _distribute(scalar_product(*scalars), node if keep else transpose(node))


def _keep_parts_kron(parts):
    turned = [transpose_prepared(p) for p in parts]
    shapes = [shape_of(p) for p in parts]
    if all(is_one(c) for _, c in shapes):
        return True
    if all(is_one(r) for r, _ in shapes):
        return False
    count = lambda ps: sum(isinstance(p, Transpose) for p in ps)  # noqa: E731
    return (count(parts), [sort_key(p) for p in parts]) <= (count(turned), [sort_key(p) for p in turned])


@prepares(DiagMatrix)
def diag(e):
    v = prepare(e.args[0])
    rows, cols = shape_of(v)
    if not (is_one(rows) or is_one(cols)):
        raise ShapeError(f"DiagMatrix needs a vector, got a matrix of shape {(rows, cols)}: `{e}`")
    v = v if is_one(cols) else transpose_prepared(v)
    c, node = number_in_front(v)
    if isinstance(node, OneMatrix):
        return _distribute(c, make.identity(shape_of(node)[0]))
    return _distribute(c, make.diag_matrix(node))


@prepares(DiagonalMatrix)
def diagonal_matrix(e):
    check_square(e.args[0], "DiagonalMatrix")
    a = prepare(e.args[0])
    return make.diagonal_matrix(a.args[0] if isinstance(a, Transpose) and len(set(shape_of(a))) == 1 else a)


@prepares(DiagonalOf)
def diagonal_of(e):
    rows, cols = shape_of(e.args[0])
    if not same_size(rows, cols) and (rows - cols).is_extended_positive is None:
        raise ShapeError(
            f"`{e}`: the diagonal of a {rows} x {cols} matrix is as long as the smaller of two sizes that are not known; "
            "take a square slice of it first"
        )
    a = prepare(e.args[0])
    return make.diagonal_of(a.args[0] if isinstance(a, Transpose) else a)


@as_scalar(DiagonalOf)
def diagonal_of_vector(e):
    """The diagonal of a row or column is its first entry."""
    return prepare(make.element(e.args[0], S.Zero, S.Zero))


@as_scalar(MatrixSlice)
def slice_of_one_entry(e):
    rows, cols = _bounds(e.rowslice, e.parent.shape[0]), _bounds(e.colslice, e.parent.shape[1])
    return prepare(make.element(e.parent, rows[0], cols[0]))


@prepares(BlockDiagMatrix)
def block_diag(e):
    parts = list(map(_keep_matrix, e.args))
    rows = [
        [p if i == j else make.zero(shape_of(parts[i])[0], shape_of(parts[j])[1]) for j, p in enumerate(parts)] for i in range(len(parts))
    ]
    return make.block(rows)


@prepares(BlockMatrix)
def block(e):
    blocks = e.blocks
    rows = [[_keep_matrix(blocks[i, j]) for j in range(blocks.shape[1])] for i in range(blocks.shape[0])]
    return make.block(rows)


def _keep_matrix(m):
    """A block must stay a matrix, also where it is 1 x 1."""
    p = prepare(m)
    return p if is_matrix(p) else make.mul(p, make.identity(S.One))


@prepares(MatrixSlice)
def matrix_slice(e):
    parent, rows, cols = e.args
    p = prepare(parent)
    rows, cols = _bounds(rows, e.parent.shape[0]), _bounds(cols, e.parent.shape[1])
    found = chains.block_slice(p, (rows, cols)) if isinstance(p, BlockMatrix) else None
    if found is not None:
        return found
    if isinstance(p, Transpose):
        return transpose(make.slice_of(p.args[0], cols, rows))
    return make.slice_of(p, rows, cols)


def _bounds(bounds, size):
    start, stop, step = (S(x) for x in bounds)
    if step != 1 and ((stop - start) / step).is_integer is not True:
        raise ShapeError(
            f"a slice from {start} to {stop} in steps of {step}: SymPy rounds its length down and leaves out the last entry; "
            f"give a stop that is a whole number of steps from the start"
        )
    return start, stop, step


@prepares(Vec)
def vec(e):
    p = prepare(e.arg)
    return p if is_column(p) else raw(Vec, p)


@prepares(MatrixSum)
def sum_of_matrices(e):
    p = prepare(e.body)
    if isinstance(p, Transpose):
        return transpose(make.matrix_sum(p.args[0], *e.limits))
    return make.matrix_sum(p, *e.limits)


@prepares(Einsum)
def einsum(e):
    return prepared_einsum(e, prepare)


# ---------------------------------------------------------------- scalars of matrices


@handles(DotProduct)
def dot_product(e, prepare):
    left, right = (prepare(a) for a in e.args)
    if not is_matrix(left):
        return left * right
    row, col = (x if is_column(x) else transpose_prepared(x) for x in (left, right))
    return _product((transpose(row), col))


@handles(Trace)
def trace(e, prepare):
    check_square(e.arg, "a trace")
    p = prepare(e.arg)
    if not is_matrix(p):
        return p
    c, chain = chains.open_product(p)
    return scalar_product(c, chains.trace(chain, shape_of(p)[0]))


@handles(Determinant)
def determinant(e, prepare):
    check_square(e.arg, "a determinant")
    p = prepare(e.arg)
    if not is_matrix(p):
        return p
    p = p.args[0] if isinstance(p, Transpose) else p
    if isinstance(p, BlockMatrix) and is_block_diagonal(p):
        return scalar_product(*(prepare(make.det(p.blocks[i, i])) for i in range(p.blocks.shape[0])))
    if isinstance(p, MatrixExp):
        return exp(prepare(make.trace(p.arg)))
    if isinstance(p, Cholesky):
        return sqrt(prepare(make.det(p.arg)))
    c, chain = chains.open_product(p)
    if c is S.One and len(chain) == 1 and chain[0][2] is not S.One and chain[0][2].is_integer:
        return prepare(make.det(chain[0][0])) ** chain[0][2]
    if any(is_one(chains.atom_shape(atom)[1]) for atom in chain[:-1]):
        return _of_rank_one(c, chain, shape_of(p)[0])
    return S.One if isinstance(p, Identity) else make.det(p)


def _of_rank_one(c, chain, n):
    """det(c x y') is 0, but c y'x where the matrix is 1 x 1, which a symbolic size may turn out to be."""
    return S.Zero if n.is_Integer else scalar_product(KroneckerDelta(1, n), c, chains.trace(chain, n))


def is_block_diagonal(p):
    """Whether a block matrix is zero but for square blocks on its diagonal."""
    k, cols = p.blocks.shape
    return (
        k == cols
        and all(same_size(*shape_of(p.blocks[i, i])) for i in range(k))
        and all(isinstance(p.blocks[i, j], ZeroMatrix) for i in range(k) for j in range(k) if i != j)
    )


def check_index(e, i, j):
    """SymPy lets a negative index of a MatrixSymbol stand, which is no entry."""
    for at, size in zip((i, j), e.parent.shape):
        if at.is_negative or (at - size).is_nonnegative:
            raise ShapeError(f"`{e}`: the index {at} is out of range; an axis of size {size} is counted from 0 to {size - 1}")


@handles(Subs)
def substituted(e, prepare):
    """Carried out where a matrix stands inside; else the chain rule of `Subs` has it."""
    if not has_matrix(e.expr):
        return rebuild(e, prepare)
    return prepare(e.expr.subs(dict(zip(e.variables, e.point)), simultaneous=True))  # which leaves bound symbols alone


@handles(MatrixElement)
def element(e, prepare):
    parent, i, j = e.args
    i, j = prepare_scalar(i, prepare), prepare_scalar(j, prepare)
    check_index(e, i, j)
    p = prepare(parent)
    if not is_matrix(p):
        return p
    if isinstance(p, MatrixBase) and i.is_Integer and j.is_Integer:
        return p[i, j]
    if isinstance(p, (Identity, OneMatrix, ZeroMatrix, MatrixUnit, FunctionMatrix)):
        return p[i, j]
    c, chain = chains.open_product(p)
    return scalar_product(c, chains.entry(chain, i, j))
