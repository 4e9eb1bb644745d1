r"""Index notation as physicists write it: `A_{ij}`, `\delta_{ik}`."""

from .scalars import Scalars


class Indices(Scalars):
    """Mixin of the printer: entries of an IndexedBase, indices, deltas."""

    def _print_Indexed(self, expr):
        r"""`A_{ij}`; the name of a base with an index or an accent of its own in brackets: `\left(A_{1}\right)_{ij}`."""
        tex = self._print(expr.base)
        return (rf"\left({tex}\right)" if "_" in tex or "^" in tex else tex) + self.joined(expr.indices)

    def _print_Idx(self, expr):
        """The name of an index, without its range."""
        return self._print(expr.label)

    def _print_KroneckerDelta(self, expr, exp=None):
        r"""`\delta_{ij}`."""
        tex = rf"\delta{self.joined(expr.args[:2])}"
        return tex if exp is None else rf"\left({tex}\right)^{{{exp}}}"
