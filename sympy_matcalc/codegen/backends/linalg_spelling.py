"""How linear algebra is spelled: in names that libraries agree on, and with checks that can be traced."""

from .base import Backend
from .spelling import ATOM, POWER, paren, spells

PARTS = dict(svd=("U", "S", "Vh"), eigh=("eigenvalues", "eigenvectors"))
VALUES = dict(svd=1, eigh=0)  # which of the parts are the values


class LinalgSpelling(Backend):
    """The part of a back end for linear algebra: solving, spectra and factorisations."""

    @spells(
        "symmetric",
        "finite",
        "qr",
        "lu",
        "sylvester",
        "discrete_lyapunov",
        "care",
        "dare",
        "real_eigen",
        "group_resolvent",
        "pinv",
        "adjugate",
        "inverse_gaps",
        "gap_matrix",
        "reciprocal",
        "block_triangular",
        "duplication",
        "unit_matrix",
        "others",
        "other_pairs",
    )
    def _by_helper(self, node, texts):
        return self.helped(node, texts)

    @spells("distinct")
    def _distinct(self, node, texts):
        return self.helped(node, texts, f'"{node.attrs[0]}"')

    @spells("stumpff")
    def _stumpff(self, node, texts):
        return self.helped(node, texts, str(node.attrs[0]))

    @spells("inv", "det", "slogdet", "matrix_power", "solve", "cholesky")
    def _linalg(self, node, texts):
        return self.called(f"linalg.{node.op}", texts)

    # ---- spectra and factorisations
    def values_only(self, node):
        """Whether the function uses of a decomposition only the values."""
        return self.parts[node.number] == {VALUES[node.op]}

    @spells("svd")
    def _svd(self, node, texts):
        return self.called("linalg.svd", self.finite(texts), "compute_uv=False" if self.values_only(node) else "full_matrices=False")

    def finite(self, texts):
        """The operand, seen to be finite: some libraries never come back from the singular values of infinite entries."""
        return [(f"{self.need('_finite')}({texts[0][0]})", ATOM)]

    @spells("eigh")
    def _eigh(self, node, texts):
        return self.called("linalg.eigvalsh" if self.values_only(node) else "linalg.eigh", texts)

    @spells("item")
    def _item(self, node, texts):
        (source,), (k,) = node.args, node.attrs
        if source.op not in PARTS:
            return f"{paren(texts[0], POWER)}[{k}]", ATOM
        return texts[0] if self.values_only(source) else (f"{paren(texts[0], POWER)}.{PARTS[source.op][k]}", ATOM)


class TracedChecks(Backend):
    """What is known only by value and cannot raise when a function is traced or compiled: the result becomes NaN instead.

    `simple` is the index itself; what is taken at it is checked.
    """

    @spells("simple")
    def _simple(self, node, texts):
        self.checked = {**getattr(self, "checked", {}), node.number: (texts[0][0], texts[1][0], repr(node.attrs[0]))}
        return texts[1]

    @spells("index")
    def _index(self, node, texts):
        text = super()._index(node, texts)
        found = [self.checked[a.number] for a in node.args[1:] if a.op == "simple"]
        return (f"{self.need('_where_simple')}({text[0]}, {', '.join(found[0])})", ATOM) if found else text
