"""The source of a numeric function as one definition, helpers and imports inside, of nested lists of arguments and of results."""

import ast
import re
from textwrap import indent

from sympy import Tuple

from ..errors import MatcalcError
from ..strict import sympified
from .lambdify import lambdify
from .literals import BUILTINS, identifier, is_identifier


def enclosed(funcname, args, expr):
    """Source that defines a function `funcname` of the symbols in `args`, nested as they are, which gives `expr`, nested as it is.

    Errors: as `lambdify`.

    >>> from sympy import MatrixSymbol, Trace
    >>> X, Y = MatrixSymbol("X", 2, 2), MatrixSymbol("Y", 2, 2)
    >>> text = enclosed("f", [[X, Y]], [Trace(X), (Trace(Y),)])
    >>> print(text[text.index("    def f("):])
        def f(_argument_0):
            [X, Y] = _argument_0
            _ = compute(X, Y)
            return [_[0], (_[1],)]
        return f
    <BLANKLINE>
    f = _write()
    <BLANKLINE>
    """
    if not is_identifier(funcname) or funcname in BUILTINS:
        raise MatcalcError(f"a function is named by a Python identifier that is no builtin, got {funcname!r}")
    text = lambdify(list(leaves(args)), list(map(sympified, leaves(expr)))).source
    (parameters,) = re.findall(r"^def compute\((.*)\):$", text, re.MULTILINE)
    names = parameters.split(", ")
    taken = set(_names(text))
    heads = _parameters(args, iter(names), taken)
    inner = identifier(funcname, taken)  # what the source imports and defines keeps its name
    body = [*_unpacking(heads, args, iter(names)), *_returning(expr, f"compute({', '.join(names)})")]
    outer = "\n".join([f"def {inner}({', '.join(heads)}):", *body])
    return f"def _write():\n{indent(text, '    ')}\n\n{indent(outer, '    ')}\n    return {inner}\n\n{funcname} = _write()\n"


def _names(source):
    """The names that a source defines, imports or uses."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, (ast.FunctionDef, ast.arg)):
            yield node.name if isinstance(node, ast.FunctionDef) else node.arg
        elif isinstance(node, ast.alias):
            yield (node.asname or node.name).partition(".")[0]


def leaves(nested):
    """What is in nested lists and tuples."""
    if isinstance(nested, (list, tuple, Tuple)):
        for part in nested:
            yield from leaves(part)
    else:
        yield nested


def mapped(f, nested):
    """Nested lists and tuples with f of what is in them."""
    if isinstance(nested, list):
        return [mapped(f, part) for part in nested]
    return tuple(mapped(f, part) for part in nested) if isinstance(nested, (tuple, Tuple)) else f(nested)


def _spelt(nested):
    """Python for nested lists and tuples of texts."""
    if isinstance(nested, str):
        return nested
    inner = ", ".join(map(_spelt, nested))
    return f"[{inner}]" if isinstance(nested, list) else f"({inner}{',' if len(nested) == 1 else ''})"


def _parameters(args, names, taken):
    """The parameters: the name of a symbol, a name of its own, none of `taken`, for a list of symbols."""
    heads = []
    for k, a in enumerate(args):
        own = [next(names) for _ in leaves(a)]
        heads.append(identifier(f"_argument_{k}", taken) if isinstance(a, (list, tuple, Tuple)) else own[0])
    return heads


def _unpacking(heads, args, names):
    for head, a in zip(heads, args):
        target = _spelt(mapped(lambda _: next(names), a))
        if target != head:
            yield f"    {target} = {head}"


def _returning(expr, call):
    if not isinstance(expr, (list, tuple, Tuple)):
        return [f"    return {call}[0]"]
    count = iter(range(len(list(leaves(expr)))))
    return [f"    _ = {call}", f"    return {_spelt(mapped(lambda _: f'_[{next(count)}]', expr))}"]
