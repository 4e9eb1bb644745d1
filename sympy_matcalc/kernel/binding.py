"""Free and bound symbols: a Lambda inside of a function of the entries has the same bound symbol as the function itself."""

from typing import Any

from sympy import Basic, Derivative, Lambda, Limit, Subs
from sympy.concrete.expr_with_limits import ExprWithLimits

from ..errors import MissingRuleError
from .scalars import rebuild_scalar
from .session import IdMemo, memo

BINDERS = (ExprWithLimits, Subs, Derivative, Limit)  # of scalars: sums, products, integrals, and what is taken at a point


def bound_by(binder: Any) -> tuple:
    """The symbols that such a node binds; a derivative those that it is by, of which the point has the same name."""
    if isinstance(binder, Derivative):
        return tuple(binder.variables)
    return (binder.args[1],) if isinstance(binder, Limit) else tuple(binder.bound_symbols)


def is_bound_in(part: Basic, e: Basic) -> bool:
    """Whether a part of `e` holds a symbol that is bound in `e`: it is another thing for each value of that."""
    return any(s in part.free_symbols for binder in e.atoms(*BINDERS) for s in bound_by(binder))


def depends_on(e: Basic, symbol: Basic) -> bool:
    """Whether `symbol` is free in `e`, memoised; inside of a Lambda that binds it, it is another one."""
    table = memo("depends_on").setdefault(symbol, IdMemo())
    return _depends_on(e, symbol, table)


def _depends_on(e: Basic, symbol: Basic, table: IdMemo) -> bool:
    if not e.args or e is symbol:
        return bool(e == symbol)
    found = table.get(e)
    if found is None:
        bound = isinstance(e, Lambda) and symbol in e.variables
        found = table[e] = not bound and any(_depends_on(a, symbol, table) for a in e.args)
    return bool(found)


def substitute(e: Any, values: dict) -> Any:
    """`e` with some of its free parts replaced: `xreplace` by way of `rebuild_scalar`, which leaves bound symbols alone."""
    if e in values:
        return values[e]
    if not e.args:
        return e
    if isinstance(e, Lambda):
        return _inside_function(e, values)
    args = [substitute(a, values) for a in e.args]
    if isinstance(e, BINDERS):
        _refuse_caught(e, bound_by(e), values)
    return e if all(x is y for x, y in zip(args, e.args)) else rebuild_scalar(e, args)


def _inside_function(f: Lambda, values: dict) -> Any:
    """A Lambda with its free parts replaced; an error where what is put in would be caught by its bound symbol."""
    values = {old: new for old, new in values.items() if old not in f.variables}
    body = substitute(f.expr, values)
    if body is f.expr:
        return f
    if _is_caught(f.expr, f.variables[:1], values):
        raise MissingRuleError(
            f"a function inside of another one depends on the argument of both, met at `{f}`: write the outer one for every entry, "
            "or take the inner one out of it"
        )
    return Lambda(f.signature, body)


def _is_caught(body: Any, bound: Any, values: dict) -> bool:
    """Whether what is put into the body has a symbol that is bound there."""
    return any(s in new.free_symbols for old, new in values.items() for s in bound if body.has(old))


def _refuse_caught(e: Any, bound: Any, values: dict) -> None:
    if _is_caught(e, bound, values):
        names = ", ".join(f"`{s}`" for s in bound)
        raise MissingRuleError(f"{names} is bound in `{e}`, and stands for something else beside it: rename one of the two")
