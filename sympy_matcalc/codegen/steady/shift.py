"""Exponentials whose scale does not matter: in a quotient of the same degree in exp(z) above and below, z may be less its largest entry.

Take E = exp(z) as a variable. A node is homogeneous of degree d where E with its slices multiplied by numbers c, one for each index on the
axes that are kept, gives c**d times the node. Where operands with degrees meet in one of degree 0, E may be exp(z - max z) instead, which
cannot overflow; and the logarithm of a node of degree d is that of the node made so, plus d max z. So it is with softmax and log-sum-exp,
weighted or not, with their derivatives of any order, and with the product of those with something.
"""
from ..schedule import reachable
from .walk import called, rebuilt, scaled

ZERO = (0, None)
SAME = {"abs", "real", "imag", "conj"}


def shifted(g, roots):
    """The roots with the exponentials that only occur in ratios taken relative to the largest."""
    for z, kept in _groups(reachable(roots)):
        roots = _Shift(g, z, kept, reachable(roots)).run(roots)
    return roots


def _groups(order):
    """(z, axes of z that a scale may depend on), for each exp(z) under a sum, those with more axes first."""
    found = {}
    for node in order:
        for z, kept in _sums(node):
            found[z.number, kept] = z, kept
    return sorted(found.values(), key=lambda group: -len(group[1]))


def _sums(node):
    """The exponentials, and the axes of theirs that are left, where the node sums a product with one of them."""
    if node.op == "sum":
        array = node.args[0]
        for f in array.args if array.op == "mul" else (array,):
            z = called(f, "exp")
            if z is not None and z.ndim == array.ndim:
                yield z, tuple(k for k in range(z.ndim) if k not in node.attrs)
    elif node.op == "contract":
        inputs, _, output, _ = node.attrs
        for a, labels in zip(node.args, inputs):  # noqa: B905  the last operand is the scale
            for f in a.args if a.op == "mul" else (a,):
                z = called(f, "exp")
                if z is not None and z.ndim == len(labels) and not set(labels) <= set(output):
                    yield z, tuple(k for k, x in enumerate(labels) if x in output)


class _Shift:
    """The pass for one z and the axes that a scale may depend on."""

    def __init__(self, g, z, kept, order):
        self.g, self.z, self.kept = g, z, kept
        self.degrees, self.plain, self.moved = {}, {}, {}
        for node in order:
            self.degrees[node.number] = self._degree(node)

    def run(self, roots):
        order = reachable(roots)
        if not any(map(self._is_site, order)):
            return roots
        rest = iter(range(len(self.kept)))
        largest = self.g.make("max", (self.z,), tuple(k for k in range(self.z.ndim) if k not in self.kept), len(self.kept))
        self.largest = largest
        axes = [next(rest) if k in self.kept else None for k in range(self.z.ndim)]
        less = self.g.add(self.z, self.g.mul(self.g.const(-1), self.g.view(largest, axes)))
        for node in order:
            self._make(node, less)
        return [self.plain[r.number] for r in roots]

    def _make(self, node, less):
        """The node as it is to be, and, where it has a degree, as it is with the shift."""
        g, degree = self.g, self.degrees[node.number]
        moved = [self._has_degree(a) for a in node.args]
        operands = [(self.moved if m else self.plain)[a.number] for a, m in zip(node.args, moved, strict=True)]
        if degree is not None and degree[0]:
            multiple = self._multiple(node)
            self.moved[node.number] = rebuilt(g, node, operands) if multiple is None else g.call("exp", g.mul(g.const(multiple), less))
        if self._is_site(node):
            self.plain[node.number] = self._log(node, operands) if node.op == "call" else rebuilt(g, node, operands)
        else:
            self.plain[node.number] = rebuilt(g, node, [self.plain[a.number] for a in node.args])

    def _log(self, node, operands):
        """log of what has degree d: that of the shifted, and d times the shift."""
        g, (d, at) = self.g, self.degrees[node.args[0].number]
        by_axis = {axis: k for k, axis in enumerate(at)}
        shift = g.view(self.largest, [by_axis.get(k) for k in range(node.ndim)]) if node.ndim else self.largest
        return g.add(g.call("log", *operands), g.mul(g.const(d), shift))

    def _has_degree(self, node):
        degree = self.degrees[node.number]
        return degree is not None and degree[0] != 0

    def _is_site(self, node):
        """Whether degrees meet here and cancel, or end in a logarithm."""
        if not any(map(self._has_degree, node.args)):
            return False
        return self.degrees[node.number] == ZERO or called(node, "log") is not None

    # ---- degrees: (degree, axes of the node that are the kept ones), None where there is none
    def _multiple(self, node):
        """k > 0 where the node is exp(k z)."""
        exponent = called(node, "exp")
        k, z = (1, exponent) if exponent is self.z or exponent is None else scaled(exponent)
        return k if z is self.z and isinstance(k, (int, float)) and k > 0 else None

    def _degree(self, node):
        multiple = self._multiple(node)
        if multiple is not None:
            return multiple, self.kept
        operands = [self.degrees[a.number] for a in node.args]
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
        return operands[0]                                      # its rows scale with the entries; so do its columns

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
