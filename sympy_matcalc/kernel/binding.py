"""Free and bound symbols: a Lambda inside of a function of the entries has the same bound symbol as the function itself."""

from typing import Any

from sympy import Basic, Lambda

from ..errors import MissingRuleError
from .scalars import rebuild_scalar
from .session import IdMemo, memo


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
    return e if all(x is y for x, y in zip(args, e.args)) else rebuild_scalar(e, args)


def _inside_function(f: Lambda, values: dict) -> Any:
    """A Lambda with its free parts replaced; an error where what is put in would be caught by its bound symbol."""
    values = {old: new for old, new in values.items() if old not in f.variables}
    body = substitute(f.expr, values)
    if body is f.expr:
        return f
    caught = [new for old, new in values.items() if f.variables[0] in new.free_symbols and f.expr.has(old)]
    if caught:
        raise MissingRuleError(
            f"a function inside of another one depends on the argument of both, met at `{f}`: write the outer one for every entry, "
            "or take the inner one out of it"
        )
    return Lambda(f.signature, body)
