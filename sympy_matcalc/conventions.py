"""Layouts, vec and index order: the one home of every convention.

| function | index order of the result | example |
|---|---|---|
| `gradient(f, X)` | X.shape | d(a'x)/dx = a, a column like x |
| `jacobian(F, X)` | F.shape + X.shape (numerator layout) | d(Wv)/dv = W |
| `jacobian(F, X, layout="denominator")` | X.shape + F.shape | d(Wv)/dv = W' |
| `jacobian(F, X, form="vec")` | d vec F / d vec(X)', columns stacked | d(AXB) = B' (x) A |
| `jacobian(F, X, form="vech", structure=S)` | d vec F / d theta', theta the free parameters of X, column by column | J D |
| `hessian(f, X, Y)` | X.shape + Y.shape | d2(x'Ax) = A + A' |
| `diff(F, X)` | X.shape + F.shape, SymPy's order | d(Wv)/dv = W' |

Axes of length 1 are dropped (of a literal 1, never of a symbol that happens to be 1). What is left: no axis is a scalar; one axis a
column if it comes from F in `jacobian`, a row if it comes from X there; in `gradient` and `diff` it is what it was in X or F; two axes are
a matrix; more an `Einsum`.
"""

from .errors import MatcalcError

LAYOUTS = ("numerator", "denominator")
FORMS = (None, "vec", "vech")


def check_layout(layout, form):
    """Raise for a layout or a form that does not exist."""
    if layout not in LAYOUTS:
        raise MatcalcError(f"layout must be one of {LAYOUTS}, got {layout!r}")
    if form not in FORMS:
        raise MatcalcError(f"form must be None, 'vec' or 'vech', got {form!r}")
    if form is not None and layout == "denominator":
        raise MatcalcError(
            f"form={form!r} is d vec F / d {form}(X)', which has no layout; for the denominator layout take the transpose of it"
        )


def check_gradient_form(form):
    """Raise for a form that a gradient has not."""
    if form not in (None, "vech"):
        raise MatcalcError(f"form of a gradient must be None or 'vech', got {form!r}; vec of it is `Vec(gradient)`")


def vec_axis(axes):
    """The fused axis of vec: the columns of a matrix stacked, so the column index is the slow one."""
    row, col = axes if len(axes) == 2 else (axes[0] if axes else (), ())
    return col + row
