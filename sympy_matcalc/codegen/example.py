"""A pass on the graph of an expression, printed, for the examples of passes."""

from sympy import Symbol

from . import lower_all as lower_all
from .backends import registry
from .context import Context
from .ir.text import text_of
from .lower import Lowerer, shape_of


def before_and_after(one, expr, decomposes=False, looks_at_values=True, first=None, **facts):
    """Print the graph of an expression before and after a pass. decomposes, looks_at_values: whether the library has functions of
    matrices by decompositions, and may ask for the values of arrays; first: what is done to the graph before, as a pass; facts: symbols
    of which something is stated, named as in `Context`.
    """
    ctx = Lowerer({s for s in expr.free_symbols if isinstance(s, Symbol) and s.is_integer}, decomposes=decomposes)
    shape = shape_of(expr)
    root = ctx.dense(ctx.low(expr), shape).node
    backend = registry.find("numpy")({})
    backend.looks_at_values = looks_at_values
    context = Context(ctx.size, backend, ctx.size_symbols, **facts)
    if first is not None:
        (root,) = first(ctx.graph, [root], context)
    (new,) = one(ctx.graph, [root], context)
    print(f"before: {text_of(root)}\nafter:  {text_of(new)}")
