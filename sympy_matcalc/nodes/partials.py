r"""Derivatives of unknown functions, of any order: gradients, Hessians, Jacobians, ``DF(X)[dX]`` and its adjoint.

The derivative of order k is a tensor with a group of axes for the value and one for each argument differentiated by; a node says which of
these are open and what stands in the others. As text and in LaTeX:

| of | is | text | LaTeX |
|---|---|---|---|
| ``F(t)`` by the scalar t, by another | the shape of F | ``F'(t)`` | ``\dot{F}(t)``, ``F'(s)`` |
| a scalar ``f(x)``, twice | gradient, Hessian | ``grad(f)(x)``, ``hess(f)(x)`` | ``\nabla f(x)``, ``\nabla^{2} f(x)`` |
| ``F(X)`` in the direction E | linear in E | ``D(F)(X)[E]`` | ``DF(X)[E]`` |
| its adjoint, <W, DF(X)[E]> = <DF(X)^*[W], E> | linear in W | ``D(F)(X)^*[W]`` | ``DF(X)^{*}[W]`` |
| its matrix, d vec F / d vec(X)' | | ``D(F)(X)`` | ``DF(X)`` |
| ``f(x, y)`` by y | | ``grad_y(f)(x, y)`` | ``\nabla_{y} f(x, y)`` |

An argument that is a plain symbol gives the derivative its name, any other its number, from 1.
"""

from sympy import Basic, Expr, MatrixSymbol, Symbol, Tuple
from sympy.matrices.expressions.matexpr import MatrixExpr

from ..errors import ArgumentError, ShapeError
from .unknown import (
    ONE_BY_ONE,
    Form,
    Hooks,
    MatrixOfUnknown,
    OfUnknown,
    ScalarOfUnknown,
    as_point,
    integers,
    is_function,
    shape_of,
    spec_of,
)

__all__ = ["UnknownScalarDerivative", "UnknownMatrixDerivative"]


def derivative_node(form: Form) -> Basic:
    """The node of a form."""
    cls = UnknownMatrixDerivative if form.open else UnknownScalarDerivative
    return cls(form.function, spec_of(form), *form.point, *form.given)


def _read(args: tuple) -> Form:
    f, spec, *rest = args
    count = int(spec[0])
    slots, rows, cols = map(integers, spec[1:])
    return Form(f, tuple(rest[:count]), slots, rows, cols, tuple(rest[count:]))


class _Derivative(OfUnknown):
    abstract = True

    def __new__(cls, f, spec, *rest):
        if not (isinstance(spec, Tuple) and len(spec) == 4):
            raise ArgumentError(f"{cls.__name__} is made by differentiating a `function`; got `{spec}` for what is differentiated")
        rest = as_point(getattr(f, "name", str(f)), rest)
        form = _read((f, spec, *rest))
        if not is_function(f):
            return cls._checked(Hooks.derivative(form))
        _check(cls, form)
        return Basic.__new__(cls, f, spec, *rest)

    form = property(lambda self: _read(self.args))

    def _sympystr(self, printer):
        form = self.form
        point = ", ".join(map(printer._print, form.point))
        name = form.function.name
        given = _listed(form, printer, ".")
        inner = f"[{', '.join(given)}]" if given else ""
        star = "^*" if 0 in form.filled else ""
        return f"{_text_head(form, name, printer)}({point}){star}{inner}{_unfolding(form, '_{}')}"

    def head_latex(self, printer):
        """The name of the derivative."""
        return _latex_head(self.form, printer)

    def _latex(self, printer, exp=None):
        form = self.form
        point = rf"\left({', '.join(map(printer._print, form.point))}\right)"
        given = _listed(form, printer, r"\cdot")
        inner = rf"\left[{', '.join(given)}\right]" if given else ""
        star = "^{*}" if 0 in form.filled else ""
        body = f"{self.head_latex(printer)}{point}{star}{inner}{_unfolding(form, '_{{{}}}')}"
        return body if exp is None else rf"\left({body}\right)^{{{exp}}}"


def _check(cls, form: Form) -> None:
    """What stands in the groups has to have their shapes."""
    groups = range(len(form.slots) + 1)
    if any(s not in range(len(form.point)) for s in form.slots) or len({*form.open} & {*groups}) != len(form.open):
        raise ArgumentError(f"{cls.__name__}: `{form.function}` has no such derivative, got arguments {form.slots}, axes {form.open}")
    if len(form.filled) != len(form.given):
        raise ArgumentError(f"{cls.__name__}: {len(form.filled)} directions are needed, got {len(form.given)}")
    for g, e in zip(form.filled, form.given):
        if any((a - b).expand().is_zero is False for a, b in zip(shape_of(e), form.shape_of_group(g))):
            raise ShapeError(f"{cls.__name__} needs a direction of the shape {form.shape_of_group(g)}, got {shape_of(e)}: `{e}`")


class UnknownScalarDerivative(ScalarOfUnknown, _Derivative, Expr):
    """A derivative of an unknown function that is a scalar: ``f'(s)``, or a partial derivative of ``f(s, x)`` by s.

    >>> from sympy import MatrixSymbol, Symbol, sin, Lambda
    >>> import sympy_matcalc as mc
    >>> x, s, f = MatrixSymbol("x", 3, 1), Symbol("s"), mc.function("f")
    >>> found = mc.gradient(f((x.T*x)[0, 0]), x)
    >>> found
    2*f'((x.T*x)[0, 0])*x
    >>> found.subs(f, Lambda(s, sin(s)))
    (2*cos((x.T*x)[0, 0]))*x
    """


class UnknownMatrixDerivative(MatrixOfUnknown, _Derivative, MatrixExpr):
    """A derivative of an unknown function that is a matrix: a gradient, a Hessian, a Jacobian, a directional derivative or its adjoint.

    >>> from sympy import MatrixSymbol, Trace, Lambda
    >>> import sympy_matcalc as mc
    >>> X, Y, C, F = *(MatrixSymbol(s, 3, 3) for s in "XYC"), mc.function("F", (3, 3))
    >>> found = mc.gradient(Trace(C.T*F(X)), X)
    >>> found
    D(F)(X)^*[C]
    >>> found.subs(F, Lambda(Y, Y*Y)).doit()
    C*X.T + X.T*C
    >>> mc.jacobian(F(X), X, form="vec")
    D(F)(X)
    """

    @property
    def is_hessian(self):
        """Whether it is a Hessian, twice by the same argument."""
        form = self.form
        return len(form.rows) == len(form.cols) == 1 and 0 not in form.open and len({form.slots[g - 1] for g in form.open}) == 1

    def _eval_transpose(self):
        return self if self.is_hessian else super()._eval_transpose()

    def is_symmetric_by_form(self, is_symmetric):
        return self.is_hessian


# ---------------------------------------------------------------- print


def _listed(form, printer, dot):
    """What is in brackets: the directions, that in the place of the value last, and a dot for what is open if that is not clear."""
    given = dict(zip(form.filled, map(printer._print, form.given)))
    value = [given.pop(0)] if 0 in given else []
    _, arrays = _orders(form)
    if given and (value or len(set(arrays)) > 1):
        given |= dict.fromkeys((g for g in form.open if g), dot)
    return [given[g] for g in sorted(given)] + value


def _unfolding(form, mark):
    """How groups are stacked, where it is not the usual way."""
    usual = not form.cols or len(form.rows) == len(form.cols) == 1 and form.rows < form.cols
    return "" if usual else mark.format(f"{','.join(map(str, form.rows))};{','.join(map(str, form.cols))}")


def _name_of(form, slot, printer):
    """The name of an argument: itself where it is a plain symbol that no other is, else its number."""
    p = form.point[slot]
    plain = isinstance(p, (Symbol, MatrixSymbol)) and form.point.count(p) == 1
    return printer._print(p) if plain else str(slot + 1)


def _orders(form):
    """(slots of scalars, slots of vectors and matrices) that the function is differentiated by."""
    scalar = [s for g, s in enumerate(form.slots, 1) if form.shape_of_group(g) == ONE_BY_ONE]
    return scalar, [s for g, s in enumerate(form.slots, 1) if form.shape_of_group(g) != ONE_BY_ONE]


def _is_time(form):
    return len(form.point) == 1 and isinstance(form.point[0], Symbol) and form.point[0].name == "t"


def _text_head(form, name, printer):
    scalar, arrays = _orders(form)
    by_scalars = "".join(f"_{_name_of(form, s, printer)}" for s in scalar)
    if not arrays and len(form.point) == 1:
        return name + "'" * len(scalar)
    names = by_scalars + "".join(f"_{_name_of(form, s, printer)}" for s in arrays) if len(form.point) > 1 else ""
    if form.function.shape in ((), ONE_BY_ONE) and arrays and not scalar:
        words = {1: "grad", 2: "hess"}
        return f"{words.get(len(arrays), f'grad{len(arrays)}')}{names}({name})"
    return f"D{len(form.slots) if len(form.slots) > 1 else ''}{names}({name})"


def _latex_head(form, printer):
    name = printer._print(form.function)
    scalar, arrays = _orders(form)
    several = len(form.point) > 1
    if scalar and not several:
        if _is_time(form) and len(scalar) <= 4:
            return rf"\{'d' * len(scalar)}ot{{{name}}}"
        return name + "'" * len(scalar) if len(scalar) < 4 else rf"{name}^{{({len(scalar)})}}"
    if scalar and not arrays:
        return _fraction(name, [_name_of(form, s, printer) for s in scalar], several)
    prefix = "".join(rf"\partial_{{{_name_of(form, s, printer)}}} " for s in scalar)
    power = f"^{{{len(arrays)}}}" if len(arrays) > 1 else ""
    names = f"_{{{' '.join(_name_of(form, s, printer) for s in arrays)}}}" if several else ""
    symbol = r"\nabla" if form.function.shape in ((), ONE_BY_ONE) else "D"
    gap = " " if symbol == r"\nabla" else ""
    return f"{prefix}{symbol}{power}{names}{gap}{name}"


def _fraction(name, names, several):
    r"""``\frac{\partial^{2} f}{\partial s \partial t}``; by numbers ``\partial_{1} \partial_{2} f``."""
    if any(n.isdigit() for n in names):
        return "".join(rf"\partial_{{{n}}} " for n in names) + name
    power = f"^{{{len(names)}}}" if len(names) > 1 else ""
    below = r" ".join(rf"\partial {n}" for n in names)
    return rf"\frac{{\partial{power} {name}}}{{{below}}}"
