"""The push-through identity: ``(t I + X R)^-1 X = X (t I + R X)^-1``, which has the smaller inverse where X is tall.

Where the left side exists, so does the right side as long as X has no more columns than rows: the determinants differ by a power of t,
which is not zero where X is tall and the left side exists. At t = 0 with a tall X the left side does not exist, and the right side is
its limit.
"""

from sympy import Add, Integer, Mul, Pow, Symbol, preorder_traversal

from ..ir.labels import Label
from ..ir.lengths import Unnamed
from ..ir.product import Factor, Product


def pushed(p, terms):
    """(terms with every inverse that can be smaller made so, pairs of sizes (columns, rows) of which this holds), where there are any."""
    needs, out = set(), []
    if not p.push:
        return
    for t in terms:
        for _ in range(len(t.factors)):
            new = _pushed(p, t, needs)
            if new is None:
                break
            t = new
        out.append(t)
    if needs:
        yield out, needs


def _pushed(p, term, needs):
    for f in term.factors:
        if not f.inverse or f.planned or len(set(f.labels)) < 2:
            continue
        found = shifted(p, f.node)
        if found is None:
            continue
        product, t = found
        for y in term.factors:
            for side in (0, 1):  # y stands before the inverse, or behind it
                new = _across(p, term, f, y, side, product, t, needs)
                if new is not None:
                    return new
    return None


def shifted(reader, node):
    """(product, scalars t) where the node is ``t I`` plus a product, else None."""
    if node.op != "add_diagonal":
        return None
    terms = reader.terms_of(node, top=True)
    if len(terms) != 2 or not terms[1].is_diagonal or terms[1].factors or terms[0].is_diagonal or len(terms[0].factors) < 2:
        return None
    return terms[0], terms[1].scalars


def _across(p, term, f, y, side, product, t, needs):
    """The term with y on the other side of the inverse f of ``t I`` plus a product, which is then the smaller one; None where it is not."""
    near, far = f.labels[side], f.labels[1 - side]
    if not _stand_together(term, f, y, near, far):
        return None
    at = y.labels.index(near)
    same = _equal_end(product, y, side, at)
    if same is None:
        return None
    beyond, inner = y.labels[1 - at], same.labels[1 - at]
    if inner in product.out or p.sizes.of(inner.size) >= p.sizes.of(near.size) or not all(map(may_be_compared, (beyond.size, near.size))):
        return None
    rest, end = product.without(same), product.out[side]
    # the small matrix t I + R X, or t I + X R, with X once more at the other end
    z = Label(beyond.size)
    again = Factor(y.node, (end, z) if at == 0 else (z, end))
    out = (inner, z) if side == 1 else (z, inner)
    small, _ = p.build([Product(product.scalars, (*rest, again), out), Product(t, (), (z, z))])
    w = Label(z.size)
    moved = Factor(y.node, (far, w) if at == 0 else (w, far))
    inverse = Factor(small, (w, beyond) if side == 1 else (beyond, w), inverse=True, planned=True)
    needs.add((z.size, near.size))
    return Product(term.scalars, (*term.without(f, y), moved, inverse), term.out)


def _stand_together(term, f, y, near, far):
    """Whether the matrix y meets the inverse f at the label `near`, and nothing else does."""
    if y.inverse or y.planned or y is f or len(y.labels) != 2 or near not in y.labels or far in y.labels:
        return False
    return near not in term.out and not any(near in x.labels for x in term.without(f, y))  # else a diagonal is between them


def _equal_end(product, y, side, at):
    """The factor at the end of the product that is y too, the same way round: ``(t I + X R) X`` has it at the row label, ``X (t I + R X)``
    at the column label.
    """
    outer = product.out[1 - side]
    same = [x for x in product.factors if outer in x.labels]
    if len(same) != 1 or same[0].node is not y.node or same[0].inverse or len(same[0].labels) != 2:
        return None
    return same[0] if same[0].labels[at] is outer else None


def may_be_compared(size):
    """Whether generated code can compare a size with another: it is a polynomial of size symbols, not one with a floor, say."""
    return all(isinstance(x, (Symbol, Integer, Add, Mul, Pow)) and not isinstance(x, Unnamed) for x in preorder_traversal(size))
