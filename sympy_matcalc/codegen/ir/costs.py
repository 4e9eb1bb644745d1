"""The work of each operation whose operands are there, for numbers that stand for the sizes. The rules that the table of operations names.

The unit is one multiply-add inside a large product of matrices, so each constant is a ratio of times; `python -m benchmarks.costs` measures
them on the machine at hand and prints them beside these.
"""

from math import prod
from typing import Protocol

from .node import Node

CALL = 20_000  # of a function of the library
EACH = 6_000  # product of a stack of products
ELEMENT = 16  # read or written in memory
STRIDED = 30  # element that is not next to the one before
FUNCTION = 80  # of one entry, an exponential say
NARROW = 35  # entry of a stack of matrices that are multiplied by their own transposes, beside the multiply-adds: these are narrow
VECTOR = 8  # multiply-add in a product with a vector
SOLVE = 1.3  # multiply-add of a triangular solution, both of them
INVERSE = 0.8  # n^3 of an inverse whose factorisation is there
FACTORISATION = 0.5  # n^3 of a factorisation
CHEAP_FUNCTIONS = ("abs", "conj", "sign", "sqrt")


class Sizes(Protocol):
    """Numbers for sizes."""

    def shape(self, node: Node) -> tuple[int, ...]: ...

    def volume(self, node: Node) -> int: ...


def free(node: Node, sizes: Sizes) -> int:
    """Nothing is computed, not even a function is called."""
    return 0


def call_only(node: Node, sizes: Sizes) -> int:
    """A function is called, and no entry is touched."""
    return 0


# ---- by entries
def functions(node: Node, sizes: Sizes) -> int:
    """A function of each entry, and what is read for it."""
    volume = sizes.volume(node)
    return ELEMENT * (volume + sum(sizes.volume(a) for a in node.args if a.ndim) // 4) + FUNCTION * volume


def written(node: Node, sizes: Sizes) -> int:
    return ELEMENT * sizes.volume(node)


def half_written(node: Node, sizes: Sizes) -> int:
    return ELEMENT * sizes.volume(node) // 2


def sums(node: Node, sizes: Sizes) -> int:
    """Operands one after the other, with those that are written across the others dearer."""
    turned = any(a.op == "view" and None not in a.attrs for a in node.args)
    return (STRIDED if turned and node.ndim > 1 else ELEMENT) * sizes.volume(node) * (len(node.args) - 1)


def products(node: Node, sizes: Sizes) -> int:
    return ELEMENT * sizes.volume(node) * (len(node.args) - 1)


def powers(node: Node, sizes: Sizes) -> int:
    return (ELEMENT if node.args[1].value in (-1, 2, -2) else FUNCTION) * sizes.volume(node)


def function(node: Node, sizes: Sizes) -> int:
    return (ELEMENT if node.attrs[0] in CHEAP_FUNCTIONS else FUNCTION) * sizes.volume(node)


def reshape(node: Node, sizes: Sizes) -> int:
    """A copy, where the axes are not in order."""
    array = node.args[0]
    axes = [k for k in array.attrs if k is not None] if array.op == "view" else []
    return ELEMENT * sizes.volume(node) if axes != sorted(axes) else 0


def read(node: Node, sizes: Sizes) -> int:
    """A sum of entries."""
    return ELEMENT * sizes.volume(node.args[0]) // 2


def zeros(node: Node, sizes: Sizes) -> int:
    """Zeros cost little before they are written."""
    return sizes.volume(node) // 8


# ---- along a diagonal, or part of an axis
def along_diagonal(node: Node, sizes: Sizes) -> int:
    return ELEMENT * sizes.shape(node.args[0])[0]


def on_diagonal(node: Node, sizes: Sizes) -> int:
    return ELEMENT * (sizes.shape(node)[0] + sizes.volume(node) // 2)


def on_band(node: Node, sizes: Sizes) -> int:
    return ELEMENT * sizes.shape(node)[0]


def embed(node: Node, sizes: Sizes) -> int:
    return ELEMENT * (sizes.volume(node.args[0]) + sizes.volume(node) // 256)


def pad(node: Node, sizes: Sizes) -> int:
    return ELEMENT * (sizes.volume(node.args[0]) + sizes.volume(node) // 8)


# ---- products of arrays
def dot(node: Node, sizes: Sizes) -> int:
    return VECTOR * sizes.volume(node.args[0])


def matmul(node: Node, sizes: Sizes) -> int:
    a, b = node.args
    inner = sizes.shape(a)[-1]
    if a.ndim == 1 or b.ndim == 1:
        return VECTOR * max(sizes.volume(a), sizes.volume(b))
    work = sizes.volume(node) * inner
    if is_gram(a, b):
        work //= 2  # NumPy calls syrk for a product with its own transpose
        work += NARROW * sizes.volume(b) if b.ndim > 2 else 0
    return work + ELEMENT * sizes.volume(node) // 4 + EACH * prod(sizes.shape(node)[:-2])


def is_gram(a: Node, b: Node) -> bool:
    """Whether a is the transpose of b, over the last two axes."""
    swap = (*range(a.ndim - 2), a.ndim - 1, a.ndim - 2)
    return a.ndim > 1 and (a.op == "view" and a.args[0] is b and a.attrs == swap or b.op == "view" and b.args[0] is a and b.attrs == swap)


def outer_sum(node: Node, sizes: Sizes) -> int:
    """Written once, as a product of matrices, after the sides are put together; a call more for each of a stack."""
    rank, first = len(node.args) // 2, sizes.shape(node)[: sum(node.attrs)]
    sides = sum(sizes.volume(a) for a in node.args)
    return (ELEMENT // 2 + rank) * sizes.volume(node) + ELEMENT * sides + 2 * CALL + (CALL // 20 * prod(first) if first else 0)


def weighted_gram(node: Node, sizes: Sizes) -> int:
    entries, volume = sizes.volume(node.args[0]), sizes.volume(node)
    return volume * sizes.shape(node.args[0])[0] // 2 + ELEMENT * (entries + volume // 4) + CALL * 4


def second_moments(node: Node, sizes: Sizes) -> int:
    """Half of the products of rows, and of the others half where they may change places; each is then written twice."""
    rows, columns = sizes.shape(node.args[0])
    pairs, half = rows * columns * (columns + 1) // 2, 1 + len(node.attrs)
    others = sizes.volume(node.args[1]) // rows
    return pairs * others // half + ELEMENT * (pairs + (half - 1) * sizes.volume(node.args[1]) + sizes.volume(node)) + CALL * columns


def fourth_moments(node: Node, sizes: Sizes) -> int:
    """The Gram matrix of the distinct pairs, which is then written out."""
    rows, columns = sizes.shape(node.args[0])
    pairs = columns * (columns + 1) // 2
    return rows * pairs * pairs // 2 + ELEMENT * (2 * rows * pairs + 2 * sizes.volume(node)) + 10 * CALL


def einsum(node: Node, sizes: Sizes) -> int:
    inputs = node.attrs[0].split("->")[0].split(",")
    size = {x: s for word, a in zip(inputs, node.args, strict=True) for x, s in zip(word, sizes.shape(a), strict=True)}
    return 2 * prod(size.values())


# ---- linear algebra
def solve(node: Node, sizes: Sizes) -> int:
    """Without the factorisation."""
    *stack, n, columns = sizes.shape(node) if node.ndim > 1 else (*sizes.shape(node), 1)
    return prod(stack) * (int(SOLVE * n * n * columns) + VECTOR * n * n)


def solve_of_second(node: Node, sizes: Sizes) -> int:
    """A solution of the second operand, and a product with it or a sum."""
    n, columns = sizes.shape(node.args[1])
    return int(SOLVE * n * n * columns) + sizes.volume(node) * n


def inverse(node: Node, sizes: Sizes) -> int:
    """Without the factorisation."""
    *stack, _, n = sizes.shape(node)
    return prod(stack) * (int(INVERSE * n**3) + ELEMENT * n * n)


def factorisation(node: Node, sizes: Sizes) -> int:
    """Of the matrix that a solve, an inverse or a determinant needs."""
    *stack, _, n = sizes.shape(node)
    return prod(stack) * (int(FACTORISATION * n**3) + 2 * ELEMENT * n * n) + CALL


def factor(node: Node, sizes: Sizes) -> int:
    return factorisation(node.args[0], sizes)
