"""NumPy with sparse arrays of SciPy among the arguments: what keeps them sparse has its spelling here, and nothing else is done with them.

A product with a dense array is dense. Sums of sparse arrays, products with scalars, rows and columns scaled, products of sparse arrays and
additions to a diagonal are sparse; so is a result that is one of these. Anything else would make a sparse array dense, and is an error.
"""

from collections.abc import Collection
from typing import Any

from ...errors import MatcalcError
from ..literals import string_literal
from .base import Backend
from .factor_spelling import USES_OF_FACTORS
from .numpy_backend import NumpyBackend
from .spelling import ATOM, POWER, PRODUCT, SUM, paren


class SparseNumpyBackend(NumpyBackend):
    """`sparse`: the symbols of the arguments that are sparse."""

    runtime: tuple[str, ...] = (*NumpyBackend.runtime, "sparse_helpers")
    computes_stacks = computes_tiles = weight_roots = False

    def __init__(self, names: Any, sparse: Collection[Any] = ()) -> None:
        super().__init__(names)
        self.sparse, self._sparse = frozenset(sparse), dict[int, bool]()

    def intake_arrays(self, arrays, demands, needs_dtype=False):
        dense = [(name, symbol) for name, symbol in arrays if symbol not in self.sparse]
        lines = [line for name, symbol in arrays if symbol in self.sparse for line in self.intake_array(name, symbol, demands)]
        return lines + super().intake_arrays(dense, demands)

    def intake_shared(self, arrays, scalars, needed):
        return Backend.intake_shared(self, arrays, scalars, needed)

    def length(self, name, symbol, axis):
        return Backend.length(self, name, symbol, axis) if symbol in self.sparse else super().length(name, symbol, axis)

    def intake_array(self, name, symbol, demands):
        if symbol not in self.sparse:
            return super().intake_array(name, symbol, demands)
        text = f"{self.need('_as_sparse')}({name}, {string_literal(symbol)})"
        return [f"{name} = {self.only_real(text, symbol, demands)}"]

    def is_sparse(self, node: Any) -> bool:
        """Whether the array of a node is sparse."""
        if node.number not in self._sparse:
            self._sparse[node.number] = self._found(node)
        return self._sparse[node.number]

    def _found(self, node):
        if node.op == "arg":
            return node.attrs[0] in self.sparse
        kinds = [self.is_sparse(a) for a in node.args]
        if node.op in ("view", "weighted_gram", "add_diagonal", "pow"):
            return kinds[0]
        if node.op in ("matmul", "add"):
            return all(kinds)
        return node.op == "mul" and any(kinds)

    def spell(self, node, texts):
        kinds = [self.is_sparse(a) for a in node.args]
        of_factor = node.op in USES_OF_FACTORS - {"factor"} and self.is_sparse(_factored(node))
        if not of_factor and not any(kinds):
            return super().spell(node, texts)
        self.number(node)
        found = getattr(self, f"_sparse_{node.op}", None)
        text = self._sparse_factored(node, texts) if of_factor else found(node, texts, kinds) if found else None
        if text is None:
            names = ", ".join(f"`{s}`" for s in sorted(self.sparse, key=str))
            operation = node.op.removesuffix("_factored")
            raise MatcalcError(
                f"`sparse`: the operation `{operation}` would make a sparse array dense ({names} are said to be sparse); "
                "leave `sparse` out and pass `.toarray()` if that fits into memory"
            )
        return text

    # ---- what keeps sparse arrays sparse: None where it does not
    def _sparse_view(self, node, texts, kinds):
        return (f"{paren(texts[0], POWER)}.T", ATOM) if node.attrs == (1, 0) else None

    def _sparse_mul(self, node, texts, kinds):
        arrays = [t for a, t, k in zip(node.args, texts, kinds) if k]
        dense = [t for a, t, k in zip(node.args, texts, kinds) if not k and a.ndim]
        scalars = [paren(t, PRODUCT) for a, t in zip(node.args, texts) if not a.ndim]
        out, precedence = arrays[0]
        for t in (*arrays[1:], *dense):
            out, precedence = f"{self.need('_rows_or_columns_scaled')}({out}, {t[0]})", ATOM
        return (f"{self.need('_multiple')}({' * '.join(scalars)}, {out})", ATOM) if scalars else (out, precedence)

    def _sparse_pow(self, node, texts, kinds):
        k = node.args[1].value
        return (f"{paren(texts[0], POWER)}.power({k})", ATOM) if isinstance(k, int) and k > 0 else None

    def _sparse_add(self, node, texts, kinds):
        return (" + ".join(paren(t, SUM - 1) for t in texts), SUM) if all(kinds) else None

    def _sparse_matmul(self, node, texts, kinds):
        return f"{self.need('_sparse_product')}({texts[0][0]}, {texts[1][0]})", ATOM

    def _sparse_cumulative(self, node, texts, kinds):
        """Dense, as the product with a triangle of ones that it is."""
        text = f"{paren(texts[0], POWER)}.toarray()"
        return self._cumulative(node, [(text, ATOM)]) if node.attrs[0] == "cumsum" else None

    def _sparse_weighted_gram(self, node, texts, kinds):
        return f"{self.need('_sparse_gram')}({texts[0][0]}, {texts[1][0]})", ATOM

    def _sparse_dot(self, node, texts, kinds):
        texts = texts if kinds[0] else texts[::-1]
        return f"{self.need('_sparse_dot')}({texts[0][0]}, {texts[1][0]})", ATOM

    def _sparse_sum(self, node, texts, kinds):
        axes = "" if len(node.attrs) == 2 else str(node.attrs[0])
        return f"{paren(texts[0], POWER)}.sum({axes})", ATOM

    def _sparse_size(self, node, texts, kinds):
        return f"{paren(texts[0], POWER)}.shape[{node.attrs[0]}]", ATOM

    def _sparse_diagonal(self, node, texts, kinds):
        return f"{paren(texts[0], POWER)}.diagonal()", ATOM

    _sparse_trace = lambda self, node, texts, kinds: (f"{paren(texts[0], POWER)}.trace()", ATOM)  # noqa: E731

    def _sparse_add_diagonal(self, node, texts, kinds):
        if node.attrs != ("aa", "a") or kinds[1]:
            return None
        return f"{self.need('_sparse_on_diagonal')}({texts[0][0]}, {texts[1][0]})", ATOM

    def _sparse_solve(self, node, texts, kinds):
        return (f"{self.need('_sparse_solve')}({texts[0][0]}, {texts[1][0]})", ATOM) if kinds == [True, False] else None

    def _sparse_slogdet(self, node, texts, kinds):
        return f"{self.need('_sparse_' + node.op)}({texts[0][0]})", ATOM

    _sparse_det = _sparse_slogdet

    def _sparse_factor(self, node, texts, kinds):
        known = [f"{node.attrs[0]}=True"] if node.attrs[0] == "positive_definite" else []
        return f"{self.need('_sparse_factor')}({', '.join([*(t[0] for t in texts), *known])})", ATOM

    def _sparse_factored(self, node, texts):
        """The use of a factorisation of a sparse array; an inverse is dense, and so are solutions with many right sides."""
        if node.op not in ("solve_factored", "slogdet_factored", "det_factored") or any(map(self.is_sparse, node.args)):
            return None
        turned = ["True"] if node.op == "solve_factored" and node.attrs[0] else []
        helper = self.need("_sparse_factor_" + node.op.removesuffix("_factored"))
        return f"{helper}({', '.join([*(t[0] for t in texts), *turned])})", ATOM

    def _sparse_item(self, node, texts, kinds):
        return f"{texts[0][0]}[{node.attrs[0]}]", ATOM


def _factored(node: Any) -> Any:
    """The matrix whose factorisation a node uses."""
    while node.op in USES_OF_FACTORS:
        node = node.args[-1 if node.op == "regular_factored" else 0]
    return node
