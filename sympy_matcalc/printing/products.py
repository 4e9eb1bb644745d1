"""Sums and products of matrices, and where brackets stand."""

from sympy import Add, Derivative, Function, Mul
from sympy.core.relational import Relational
from sympy.matrices.expressions import Determinant, DotProduct, HadamardProduct, KroneckerProduct, MatAdd

from ..nodes.algebra_text import in_order, is_fraction, is_negative, number, taken_apart
from .binding import ADD, MUL, binding, is_open, is_whole
from .matrices import Matrices
from .spacing import spaced


class Products(Matrices):
    """Mixin of the printer: sums, products, brackets."""

    def parenthesize(self, item, level, is_neg=False, strict=False):
        own = binding(item)
        if is_neg and strict or own < level or own == level and not strict:
            return rf"\left({self._print(item)}\right)"
        return self._print(item)

    def open_ended(self, tex):
        """What a factor behind it would be drawn into: in brackets, except alone, as a term, or as an argument."""
        return tex if self.stands_alone else rf"\left({tex}\right)"

    @property
    def stands_alone(self):
        """Whether what is being printed is all there is, a term of a sum, or an argument."""
        return self.parent is None or isinstance(self.parent, Add | MatAdd | Function | Derivative | Relational)

    def _needs_mul_brackets(self, expr, first=False, last=False):
        if first and last:
            return False
        if isinstance(expr, Determinant):
            return False
        if is_whole(expr) or isinstance(expr, DotProduct):
            return binding(expr) <= MUL
        if expr.is_Mul:
            return not first and is_negative(expr) or not last and is_open(expr)
        return binding(expr) < MUL or bool(expr.is_Relational) or not last and is_open(expr) or bool(expr.is_Piecewise)

    def _print_Mul(self, expr):
        return spaced(super()._print_Mul(expr))

    # ---- matrices
    def _print_MatAdd(self, expr):
        """Terms in their order, except that one without a minus sign comes first."""
        tex = ""
        for term in in_order(expr.args):
            text = rf"\left({self._print(term)}\right)" if isinstance(term, MatAdd) else self._print(term)
            tex += text if not tex else f" - {text[2:]}" if text.startswith("- ") else f" + {text}"
        return tex

    def _print_MatMul(self, expr):
        negative, above, matrices, below = taken_apart(expr.args)
        if is_fraction(above, matrices, below):
            return ("- " if negative else "") + rf"\frac{{{self._print(matrices[0])}}}{{{self._print(below)}}}"
        if len(matrices) > 1 and above == 1 and below.args and matrices[0].shape[0] == matrices[-1].shape[1] == 1:
            form = spaced(" ".join(self._factor(a, last=k == len(matrices) - 1) for k, a in enumerate(matrices)))
            return ("- " if negative else "") + rf"\frac{{{form}}}{{{self._print(below)}}}"  # x'Ax/x'x, a number
        scalars = [a for a in expr.args if not getattr(a, "is_Matrix", False)]
        sign, scale = self._scale(scalars, is_negative(expr))
        plain_number = all(s.is_number for s in scalars)
        if len(matrices) == 1 and (not sign + scale or plain_number and isinstance(matrices[0], HadamardProduct | KroneckerProduct)):
            factors = [self._print(matrices[0])]
        else:
            factors = [self._factor(a, last=k == len(matrices) - 1) for k, a in enumerate(matrices)]
        return sign + spaced(" ".join(filter(None, [scale, *factors])))

    def _factor(self, a, last):
        tight = binding(a)
        if a.shape == (1, 1) and tight <= MUL:  # (x'Ax) x is a multiple of x
            return rf"\left({self._print(a)}\right)"
        if tight < MUL or tight == MUL and not (last and is_open(a)) or is_open(a) and not last:
            return rf"\left({self._print(a)}\right)"
        return self._print(a)

    def _scale(self, scalars, negative):
        """(sign, LaTeX) of the scalars in front of a product of matrices."""
        size = [abs(number(s)) * _without_number(s) for s in scalars]
        scale = Mul(*size)
        if scale == 1:
            return ("- " if negative else ""), ""
        tex = self._print(scale)
        if binding(scale) <= ADD or is_open(scale) or is_whole(scale) and binding(scale) <= MUL or scale.is_Relational:
            tex = rf"\left({tex}\right)"
        return ("- " if negative else ""), tex

    def _print_HadamardProduct(self, expr):
        return r" \odot ".join(self.parenthesize(a, MUL) for a in expr.args)

    def _print_KroneckerProduct(self, expr):
        return r" \otimes ".join(self.parenthesize(a, MUL) for a in expr.args)

    def _print_DotProduct(self, expr):
        """As the product of a row and a column."""
        left, right = expr.args
        row = self.parenthesize(left, MUL) if left.shape[0] == 1 else self.superscripted(left, self.transpose_mark)
        column = self.parenthesize(right, MUL) if right.shape[1] == 1 else self.superscripted(right, self.transpose_mark)
        return f"{row} {column}"


def _without_number(scalar):
    return scalar.as_coeff_Mul()[1] if number(scalar) != 1 else scalar
