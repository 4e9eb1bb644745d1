"""How functions of matrices and their derivatives are spelled: by helpers, to which a function is given in words."""

from .base import Backend
from .spelling import ATOM, listing, spells


def in_words(function):
    """Python source of a function in the words of `runtime.divided_differences`."""
    if isinstance(function, tuple):
        return listing([in_words(f) for f in function])
    return f'"{function}"' if isinstance(function, str) else str(function)


class FunctionSpelling(Backend):
    """The part of a back end for derivatives by one decomposition."""

    @spells("frechet", "frechet_matrix")
    def _frechet(self, node, texts):
        function, count = node.attrs
        operands = [t[0] for t in texts]
        matrix, directions, numbers = operands[:2], operands[2 : 2 + count], operands[2 + count :]
        return f"{self.need('_' + node.op)}({', '.join([*matrix, in_words(function), listing(numbers), *directions])})", ATOM

    @spells("frechet_between")
    def _frechet_between(self, node, texts):
        function, count, present = node.attrs
        operands = [t[0] for t in texts]
        start, end = 2 + count, 2 + count + sum(present)
        sides = iter(operands[start:end])
        matrices = listing([next(sides) if there else "None" for there in present])
        given = [*operands[:2], in_words(function), listing(operands[end:]), matrices, *operands[2:start]]
        return f"{self.need('_frechet_between')}({', '.join(given)})", ATOM

    @spells("spectrum")
    def _spectrum(self, node, texts):
        return self.helped(node, texts)


class TracedFunctions(FunctionSpelling):
    """The same, and functions of a matrix by helpers, where a matrix cannot be asked whether it is symmetric."""

    @spells("matrix_function")
    def _matrix_function(self, node, texts):
        return f"{self.need('_' + node.attrs[0])}({', '.join(t[0] for t in texts)})", ATOM

    @spells("spectrum")
    def _spectrum(self, node, texts):
        return super()._spectrum(node, texts) if node.attrs else ("None", ATOM)

    @spells("like")
    def _like(self, node, texts):
        return self.helped(node, texts)
