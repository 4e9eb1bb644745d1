"""Degrees of homogeneity in E = exp(z): a node has degree d where E with its slices multiplied by numbers c, one for each index on the axes
that are kept, gives c**d times the node.
"""

from .walk import called, scaled

ZERO = (0, None)
SAME = {"abs", "real", "imag", "conj"}


class Degrees:
    """(degree, axes of the node that are the kept ones) of nodes by number, None for those that have none. `kept`: axes of z."""

    def __init__(self, z, kept, order):
        self.z, self.kept = z, kept
        self._known = {}
        for node in order:
            self._known[node.number] = self._degree(node)

    def of(self, node):
        return self._known[node.number]

    def matters(self, node):
        """Whether the node has a degree that is not 0."""
        degree = self.of(node)
        return degree is not None and degree[0] != 0

    def multiple(self, node):
        """k > 0 where the node is exp(k z)."""
        exponent = called(node, "exp")
        k, z = (1, exponent) if exponent is self.z or exponent is None else scaled(exponent)
        return k if z is self.z and isinstance(k, (int, float)) and k > 0 else None

    def _degree(self, node):
        multiple = self.multiple(node)
        if multiple is not None:
            return multiple, self.kept
        operands = [self.of(a) for a in node.args]
        if None in operands:
            return None
        if all(d == 0 for d, _ in operands):
            return ZERO
        rule = getattr(self, "_of_" + node.op, None)
        degree = rule(node, operands) if rule else None
        return ZERO if degree is not None and degree[0] == 0 else degree

    def _aligned(self, node, operands):
        """The degrees of broadcast operands, with axes as the node has them."""
        out = []
        for a, (d, at) in zip(node.args, operands, strict=True):
            out.append((d, at and tuple(k + node.ndim - a.ndim for k in at)))
        return out

    def _product(self, degrees):
        total, places = sum(d for d, _ in degrees), {at for d, at in degrees if d}
        return (total, places.pop()) if len(places) == 1 else None

    # ---- one operation each
    def _of_mul(self, node, operands):
        return self._product(self._aligned(node, operands))

    def _of_add(self, node, operands):
        degrees = set(self._aligned(node, operands))
        return degrees.pop() if len(degrees) == 1 else None

    def _of_pow(self, node, operands):
        p = node.args[1].value
        return (operands[0][0] * p, operands[0][1]) if isinstance(p, (int, float)) else None

    def _of_call(self, node, operands):
        d, at = operands[0]
        if node.attrs[0] == "sqrt":
            return d / 2, at
        return (d, at) if node.attrs[0] in SAME else None

    def _of_sum(self, node, operands):
        d, at = operands[0]
        return None if set(at) & set(node.attrs) else (d, tuple(k - sum(x < k for x in node.attrs) for k in at))

    _of_max = _of_norm = _of_sum

    def _of_view(self, node, operands):
        d, at = operands[0]
        return d, tuple(node.attrs.index(k) for k in at)

    def _of_diagonal(self, node, operands):
        d, at = operands[0]
        rest = [k for k in range(node.args[0].ndim) if k not in node.attrs]
        return d, tuple(rest.index(k) if k in rest else len(rest) for k in at)

    def _of_diag(self, node, operands):
        return operands[0]  # its rows scale with the entries; so do its columns

    def _of_add_diagonal(self, node, operands):
        if node.attrs != ("aa", "a") or operands[0][0] != operands[1][0]:
            return None
        return operands[0] if not self.kept or operands[0][1] in ((0,), (1,)) and operands[1][1] == (0,) else None

    def _of_reshape(self, node, operands):
        return None if self.kept else operands[0]

    def _of_contract(self, node, operands):
        inputs, inverses, output, _ = node.attrs
        *operands, scale = operands
        degrees = [scale]
        for (d, at), labels, inverse in zip(operands, inputs, inverses, strict=True):
            if d and inverse and at:
                return None
            degrees.append((-d if inverse else d, at and tuple(labels[k] for k in at)))
        degree = self._product(degrees)
        if degree is None or degree[0] == 0:
            return degree
        d, at = degree
        return (d, tuple(output.index(x) for x in at)) if set(at) <= set(output) else None
