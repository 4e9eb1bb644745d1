"""A pass on the graph of an expression, printed, for the examples of passes."""

from sympy import Symbol

from . import lower_all as lower_all
from .backends import registry
from .context import Context
from .ir.text import text_of
from .lower import Lowerer, shape_of


def before_and_after(one, expr, looks_at_values=False, **facts):
    """Print the graph of an expression before and after a pass. looks_at_values: whether the library does; facts: symbols of which
    something is stated, named as in `Context`.
    """
    ctx = Lowerer({s for s in expr.free_symbols if isinstance(s, Symbol) and s.is_integer}, looks_at_values=looks_at_values)
    shape = shape_of(expr)
    root = ctx.dense(ctx.low(expr), shape).node
    context = Context(ctx.size, registry.find("numpy")({}), ctx.size_symbols, **facts)
    (new,) = one(ctx.graph, [root], context)
    print(f"before: {text_of(root)}\nafter:  {text_of(new)}")
