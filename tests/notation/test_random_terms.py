"""Random networks of leaves: the notation that they are read as has the value of the sum over their labels."""

import numpy as np
import pytest
from sympy import MatrixSymbol, S, exp, symbols
from sympy.matrices.expressions import DiagMatrix, HadamardPower, HadamardProduct, Identity, Inverse, KroneckerProduct, OneMatrix, Transpose

import sympy_matcalc as mc
from sympy_matcalc.canonical import prepare
from sympy_matcalc.kernel.session import session
from sympy_matcalc.notation import raise_terms
from sympy_matcalc.notation.expression import axis_sizes
from sympy_matcalc.notation.term import AdjointTerm, new_axis
from sympy_matcalc.testing import evaluate

SIZES = dict(zip(symbols("n m p", integer=True, positive=True), (2, 3, 4)))
c, index = symbols("c"), symbols("i", integer=True)
NAMES = [f"{letter}{k}" for letter in "AB" for k in range(2)]


def square(node):
    return node.shape[0] == node.shape[1]


class Network:
    """Leaves with the labels of their axes, and the axes of the result."""

    def __init__(self, seed):
        self.rng = np.random.default_rng(seed)
        self.labels = [new_axis(self.rng.choice(list(SIZES)))[0] for _ in range(self.rng.integers(2, 6))]
        self.size = {i: axis_sizes([(i,)])[0] for i in self.labels}
        makers = [self.matrix, self.vector, self.entrywise, self.kronecker, self.vec, self.plain, self.function, self.inner, self.summed]
        makers += [self.matrix] * 3
        self.leaves = [makers[self.rng.integers(len(makers))]() for _ in range(self.rng.integers(1, 6))]
        self.out = tuple(self.axis() for _ in range(self.rng.integers(0, 3)))

    def label(self, size=None):
        of_size = [i for i in self.labels if size is None or self.size[i] == size]
        return of_size[self.rng.integers(len(of_size))]

    def axis(self):
        return tuple(self.label() for _ in range(1 + (self.rng.random() < 0.4)))

    def symbol(self, *sizes):
        return MatrixSymbol("_".join([NAMES[self.rng.integers(len(NAMES))], *map(str, sizes)]), *sizes)

    def matrix(self):
        i, j = self.label(), self.label()
        node = self.symbol(self.size[i], self.size[j])
        node = Inverse(node) if square(node) and self.rng.random() < 0.2 else node
        return (node, (i,), (j,)) if self.rng.random() < 0.6 else (Transpose(node), (j,), (i,))

    def vector(self):
        i = self.label()
        node = self.symbol(self.size[i], S.One)
        return (node, (i,), ()) if self.rng.random() < 0.7 else (node.T, (), (i,))

    def entrywise(self):
        i, j = self.label(), self.label()
        sizes = self.size[i], self.size[j]
        kinds = [HadamardProduct(self.symbol(*sizes), self.symbol(*sizes)), HadamardPower(self.symbol(*sizes), 2)]
        node = [*kinds, self.symbol(*sizes).applyfunc(exp)][self.rng.integers(3)]
        return node, (i,), (j,)

    def kronecker(self):
        rows, cols = ([self.label(), self.label()] for _ in range(2))
        factors = [self.symbol(self.size[i], self.size[j]) for i, j in zip(rows, cols)]
        node = KroneckerProduct(*factors)
        return (node, tuple(rows), tuple(cols)) if self.rng.random() < 0.7 else (Transpose(node), tuple(cols), tuple(rows))

    def vec(self):
        i, j = self.label(), self.label()
        node = mc.Vec(self.symbol(self.size[i], self.size[j]))
        return (node, (j, i), ()) if self.rng.random() < 0.7 else (Transpose(node), (), (j, i))

    def plain(self):
        i, j = self.label(), self.label()
        if self.size[i] == self.size[j] and self.rng.random() < 0.7:
            node = Identity(self.size[i]) if self.rng.random() < 0.5 else DiagMatrix(self.symbol(self.size[i], S.One))
        else:
            node = OneMatrix(self.size[i], self.size[j]) if self.rng.random() < 0.5 else mc.MatrixUnit(self.size[i], self.size[j], 1, 0)
        return node, (i,), (j,)

    def function(self):
        """The matrix of the derivative of exp(A) by A, which has fused axes and is no Kronecker product."""
        i = self.label()
        rest = [self.label(self.size[i]) for _ in range(3)]
        return mc.FrechetMatrix(exp, self.symbol(self.size[i], self.size[i])), (i, rest[0]), (rest[1], rest[2])

    def inner(self):
        """A sum of products without a matrix notation of its own, or with one: A_ki B_kj v_k, or (A o B)_ij."""
        i, j = self.label(), self.label()
        sizes = self.size[i], self.size[j]
        if self.rng.random() < 0.5:
            factors = [(self.symbol(*sizes), (0,), (1,)) for _ in range(2)]
            return mc.Einsum(sizes, mc.EinsumTerm(2 * c, sizes, ((0,), (1,)), factors)), (i,), (j,)
        k = self.rng.choice(list(SIZES))
        factors = [(self.symbol(k, sizes[0]), (2,), (0,)), (self.symbol(k, sizes[1]), (2,), (1,)), (self.symbol(k, S.One), (2,), ())]
        return mc.Einsum(sizes, mc.EinsumTerm(S(3), (*sizes, k), ((0,), (1,)), factors)), (i,), (j,)

    def summed(self):
        """A sum over an index, which is the index of other such sums too."""
        i, j = self.label(), self.label()
        return mc.MatrixSum(index * self.symbol(self.size[i], self.size[j]), (index, 1, 2)), (i,), (j,)

    # ---- the value
    def env(self):
        found = {s for node, *_ in self.leaves for s in node.atoms(MatrixSymbol)}
        shape = lambda s: tuple(int(size.subs(SIZES)) for size in s.shape)  # noqa: E731
        return {**SIZES, c: 1.5, **{s: self.rng.uniform(0.5, 1.5, shape(s)) + np.eye(*shape(s)) for s in sorted(found, key=str)}}

    def value(self, env):
        """The sum over all labels; one that stands at several places of the result is a delta, one that no leaf has is constant."""
        dims = {i: SIZES[self.size[i]] for i in self.labels}
        operands, new = [], max(self.labels) + 1
        for node, *axes in self.leaves:
            flat = [i for axis in axes for i in axis]
            operands += [np.reshape(evaluate(node, env), [dims[i] for i in flat]), flat]
        kept: list[int] = []
        for i in (i for axis in self.out for i in axis):
            operands += [np.eye(dims[i]), [i, new]]
            kept.append(new)
            new += 1
        found = 1.5 * np.einsum(*operands, kept, optimize="greedy")
        return found.reshape([int(np.prod([dims[i] for i in axis])) for axis in self.out])


class Fused(Network):
    """A matrix with fused axes, or one between the labels of both, and what hangs on its labels: matrices and vectors."""

    def __init__(self, seed):
        self.rng = np.random.default_rng(seed)
        self.labels, self.size, self.leaves = [], {}, []
        rows, cols = self.core()
        rows, cols = ([i for x in axis for i in self.beyond(x)] for axis in (rows, cols))
        for axis in (rows, cols):
            if len(axis) == 2 and self.rng.random() < 0.2:
                self.leaves.append((self.symbol(*(self.size[i] for i in axis)), *((i,) for i in axis)))
            if axis and self.rng.random() < 0.2:
                self.leaves.append((self.symbol(self.size[axis[0]], S.One), (axis[0],), ()))
            self.rng.shuffle(axis)
        if rows and cols and self.rng.random() < 0.15:  # no axis of the result is one of the leaf
            rows[0], cols[0] = cols[0], rows[0]
        out = (tuple(map(int, rows)), tuple(map(int, cols)))
        self.out = out if self.rng.random() < 0.5 else out[::-1]

    def new(self, size=None):
        label = new_axis(size or self.rng.choice(list(SIZES)))[0]
        self.labels.append(label)
        self.size[label] = axis_sizes([(label,)])[0]
        return label

    def core(self):
        kind = self.rng.integers(3)
        a, b = self.new(), self.new()
        if kind == 0:  # a mask between the labels of both axes
            self.leaves.append((self.symbol(self.size[a], self.size[b]), (a,), (b,)))
            return (a, b), (a, b)
        d = self.new()
        if kind == 1:
            e = self.new()
            factors = [self.symbol(self.size[i], self.size[j]) for i, j in ((a, d), (b, e))]
            self.leaves.append((KroneckerProduct(*factors), (a, b), (d, e)))
            return (a, b), (d, e)
        b, d, e = (self.new(self.size[a]) for _ in range(3))
        self.leaves.append((mc.FrechetMatrix(exp, self.symbol(self.size[a], self.size[a])), (a, b), (d, e)))
        return (a, b), (d, e)

    def beyond(self, x):
        """The label itself, that of a matrix at it, or none where it is summed with a vector."""
        chance = self.rng.random()
        if chance < 0.5:
            return [x]
        if chance < 0.65:
            self.leaves.append((self.symbol(self.size[x], S.One), (x,), ()))
            return []
        y = self.new()
        node = self.symbol(self.size[x], self.size[y])
        self.leaves.append((node, (x,), (y,)) if chance < 0.8 else (Transpose(node), (y,), (x,)))
        return [y]


@pytest.mark.parametrize("kind, seed", [(kind, seed) for kind in (Network, Fused) for seed in range(150)])
def test_value(kind, seed):
    with session():
        net = kind(seed)
        term = AdjointTerm(c, tuple((prepare(node), *axes) for node, *axes in net.leaves), net.out, ())
        found = raise_terms([term], axis_sizes(net.out))
    env = net.env()
    np.testing.assert_allclose(np.squeeze(evaluate(found, env)), np.squeeze(net.value(env)), rtol=1e-9, err_msg=f"{found} of {net.leaves}")
