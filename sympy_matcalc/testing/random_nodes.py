"""Random nodes of the package: each class that says how it is typed, with random arguments of the kinds that it takes."""

from typing import Any

from sympy import DiagMatrix, HadamardProduct, Identity, Lambda, MatrixExpr, MatrixSymbol, Rational, S, cos, exp, sin, tanh

from ..nodes import FrechetDerivative, Vec
from ..nodes.bound import BOUND
from ..nodes.declaration import NODES, OwnNode, typed_of
from ..nodes.elementwise import Elementwise

NOT_MADE = {  # why not
    **dict.fromkeys(("Einsum", "EinsumScalar", "EinsumMatrix", "EinsumArray"), "what derivatives are made of: the fuzzers meet it there"),
    "MatrixSum": "what derivatives of symbolic powers are made of: the fuzzers meet it there",
    **dict.fromkeys(("Gather", "Scatter"), "their lists of rows are within sizes that are numbers: the rows of the tests have them"),
    **dict.fromkeys(("QRFactorQ", "QRFactorR"), "they need a tall matrix of full column rank: the rows of the tests have them"),
    "Sylvester": "the sizes of its matrices are two: the rows of the tests have it",
    **dict.fromkeys(("Riccati", "DiscreteRiccati"), "the sizes of their matrices are two: the rows of the tests have them"),
    **dict.fromkeys(
        ("GeneralizedEigenvalue", "GeneralizedEigenvector", "PencilResolvent"),
        "their second matrix has to be positive definite: the rows of the tests have them",
    ),
    **dict.fromkeys(("Stumpff", "QuaternionRotation"), "they have no text; the rows of the tests have them"),
    "AsMatrix": "it stands for an array symbol: the rows of the tests have arrays",
    "FunctionDerivative": "it has no value until its function is given",
    **dict.fromkeys(
        ("UnknownScalar", "UnknownMatrix", "UnknownScalarDerivative", "UnknownMatrixDerivative"),
        "functions that are not given have a fuzzer of their own: tests/api/test_unknown.py",
    ),
    "FrechetMatrix": "its value by its definition takes a minute; it is met in Jacobians of functions of matrices",
}
MADE = [node for name, node in NODES.items() if name not in NOT_MADE]
SCALARS = [node for node in MADE if not issubclass(node, MatrixExpr)]
MATRICES = [node for node in MADE if issubclass(node, (MatrixExpr, Elementwise))]
FUNCTIONS = (exp, sin, cos, tanh, Lambda(BOUND, BOUND / (3 + BOUND)))
POSITIVE_DEFINITE = ("spd", "simple_spectrum", "real_spectrum", "logdomain")
RARELY = 0.8  # how many of the constants, and of what takes long, are given up


class NodeMaker:
    """Mixin of the maker of random expressions: nodes of the package."""

    pick: Any
    chance: Any
    size: Any
    sizes: Any
    symbol: Any
    atom: Any
    matrix: Any
    scalar: Any
    leaf: Any
    domain: Any
    _scalar_symbol: Any

    def _own_scalar(self, depth):
        node = self.pick(SCALARS)
        if issubclass(node, Elementwise):
            return node(self.scalar(depth - 1), *self.parameters(node))
        return self.own(node, depth, self.size(), self.size())

    def _own_matrix(self, rows, cols, depth):
        node = self.pick(MATRICES)
        if issubclass(node, Elementwise):
            made = node(self.matrix(rows, cols, depth - 1), *self.parameters(node))
            return made if getattr(made, "is_Matrix", False) else self.atom(rows, cols)  # of 1 x 1 it is a scalar
        if (set(node.typed.kinds) <= {"size", "index"} or node is FrechetDerivative) and self.chance(RARELY):
            return self.atom(rows, cols)
        made = self.own(node, depth, *self.pick([(rows, cols), (cols, rows), (rows, self.size()), (self.size(), cols)]))
        made = HadamardProduct(made, made) if node.up_to_sign else made  # which does not depend on the sign
        return self.fitted(made, rows, cols) if getattr(made, "is_Matrix", False) else made * self.atom(rows, cols)

    def fitted(self, A, rows, cols):
        """A matrix of this shape with A as a factor."""
        left, right = (want if have != want else None for have, want in zip(A.shape, (rows, cols)))
        A = A if left is None else self.symbol(rows, A.shape[0]) * A
        return A if right is None else A * self.symbol(A.shape[1], cols)

    def own(self, node: type[OwnNode], depth, rows, cols):
        """A node with random arguments, its matrix of a shape like this, of the domain that it needs."""
        kinds, n = typed_of(node).kinds, self.pick([k for k in (rows, cols) if k != 1] or [self.pick(self.sizes)])
        sizes = [self.pick(self.sizes) for kind in kinds if kind == "size"]
        made, given = [], iter(sizes)
        for kind in kinds:
            if kind == "size":
                made.append(next(given))
            elif kind == "index" and kinds[0] == "size":
                made.append(self.pick([S.Zero, sizes[len(made) - len(sizes)] - 1]))
            else:
                made.append(self.argument(node, kind, depth, rows, cols, n, sizes))
        return node(*made)

    def argument(self, node, kind, depth, rows, cols, n, sizes):
        """A random argument of a kind: the node takes a rows x cols, an n x n matrix, or a vector of n, or of the product of the sizes."""
        if kind == "index":
            return self.pick([S.Zero, n - 1]) if "square" in node.typed.kinds else S.Zero
        if kind in ("power", "function"):
            return self.pick([S(1), S(2), S(3)] if kind == "power" else FUNCTIONS)
        if kind == "vector":
            return self.matrix(n, S.One, depth - 1).applyfunc(tanh)
        if kind == "triple":
            return self.matrix(S(3), S.One, depth - 1)
        if kind == "stacked":
            return Vec(self.matrix(*sizes, depth - 1)) + Vec(self.symbol(*sizes))
        if kind == "square":
            return self.in_domain(node, n, depth)
        return self.matrix(*((n, n) if kind == "direction" else (rows, cols)), depth - 1)

    def in_domain(self, node, n, depth):
        """A square matrix of the domain of a node."""
        domain = (
            node.domain if isinstance(node.domain, str) else node(MatrixSymbol("X", n, n)).domain if len(node.typed.kinds) == 1 else "any"
        )
        if domain == "simple_spectrum":  # what stands beside the diagonal may be of low rank
            return self.gram(n, depth - 1) + DiagMatrix(self.symbol(n, S.One).applyfunc(exp))
        if domain in POSITIVE_DEFINITE:
            return self.gram(n, depth - 1)
        return self.regular(n, depth) / 4 if domain == "invertible" else self.bounded(n, depth)

    def parameters(self, node):
        """Values of the parameters of a function of every entry, those of two ends in their order."""
        return sorted(self.pick([S.One, Rational(1, 2), S(2)]) for _ in node.parameters)

    # ---- matrices with a property
    def bounded(self, n, depth):
        """A square matrix with entries below 1/2; now and then a scalar times a matrix, as in the exponential of t A."""
        if self.chance(0.2):
            return self._scalar_symbol(0) * self.symbol(n, n) / 4
        return self.matrix(n, n, depth - 1).applyfunc(tanh) / 2

    def gram(self, n, depth):
        """A positive definite matrix: A A' + I."""
        A = self.matrix(n, self.size(), depth - 1)
        return A * A.T + Identity(n)

    def regular(self, n, depth):
        """An invertible, well conditioned matrix: the variable itself where its domain allows, A + 4 I, or A A' + I."""
        if getattr(self.leaf, "shape", None) == (n, n) and self.domain[self.leaf] in ("spd", "invertible", "posdet", "negdet"):
            if self.chance(0.5):
                return self.leaf
        return self.gram(n, depth) if self.chance(0.5) else self.atom(n, n) + 4 * Identity(n)
