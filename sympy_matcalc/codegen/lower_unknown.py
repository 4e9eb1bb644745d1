"""Unknown functions have no numeric code: what to do is said by name."""

from ..errors import MatcalcError
from .lower import children, rule

NODES = ("UnknownScalar", "UnknownMatrix", "UnknownScalarDerivative", "UnknownMatrixDerivative")


@children(*NODES)
def nothing(e):
    return ()


@rule(*NODES)
def refused(ctx, e):
    name = e.function.name
    raise MatcalcError(
        f"`lambdify`: the function `{name}` of `{e}` is not given; put one in its place first, "
        f"`expr.subs({name}, Lambda(...)).doit()`, and its derivatives are those of that function"
    )
