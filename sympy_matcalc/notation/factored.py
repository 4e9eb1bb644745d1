"""Common factors of a prepared matrix as it stands: of a sum the common ends of its summands, of a product the scalars of its sums."""

from sympy import S

from ..kernel.chains import atom_shape, make_atom, open_product, product
from ..kernel.scalars import scalar_product
from ..kernel.shapes import is_one, shape_of
from .collect import added, is_sum, sum_of_chains, summands
from .content import content


def factored(node):
    """A prepared sum of matrices, a multiple or transpose of one too, with the common ends of its summands taken out; of a product the
    node with the common scalars of sums among its factors in front.
    """
    c, chain = open_product(node)
    if not is_sum(chain):
        return _with_contents_in_front(node, c, chain)
    return factored_sum(c, summands(chain), shape_of(node))


def factored_sum(c, terms, shape):
    """c times the sum of (coefficient, chain), equal chains added up, with the common ends of its summands taken out."""
    rows, cols = shape
    sizes = (rows,) if is_one(cols) else (rows, cols)
    if c.is_number or not all(k.is_Rational for k, _ in terms):
        return sum_of_chains([(scalar_product(c, k), inner) for k, inner in terms], sizes)
    common, numbers = content([k for k, _ in terms], outermost=False)  # the scalar in front stays there
    k, inner = open_product(sum_of_chains([(x, inner) for x, (_, inner) in zip(numbers, terms)], sizes))
    return product(scalar_product(c, common, k), inner, rows)


def _with_contents_in_front(node, c, chain):
    """c A (2 B + 2 C) as 2 c A (B + C)."""
    scalars, atoms = [c], []
    for atom in chain:
        if is_sum((atom,)):
            coefficients, inner = zip(*summands((atom,)), strict=True)
            common, rest = content(coefficients, outermost=False)
            if common is not S.One:
                scalars.append(common)
                rows, _ = atom_shape(atom)
                atom = make_atom(added(list(zip(rest, inner, strict=True)), rows), False, S.One)
        atoms.append(atom)
    rows, _ = shape_of(node)
    return product(scalar_product(*scalars), tuple(atoms), rows) if len(scalars) > 1 else node
