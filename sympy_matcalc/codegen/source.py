"""The text of a module with one function, from planned graphs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sympy import MatrixSymbol

from .backends import registry
from .backends.factor_spelling import AT, FACTORED
from .demands import Demands
from .intake import Intake
from .ir.op import Memory
from .literals import BUILTINS, key_literal, string_literal
from .planning.removable import REMOVABLE
from .schedule import Scheduler
from .structured import imports

ERRORS = {"DtypeError": "TypeError", "IndexRangeError": "IndexError", "ShapeError": "ValueError"}  # of the package: what they are else
EXAMPLE = "_example"  # the function of one example, where a batch is mapped
HELD = {"_LAPACK", "_DOUBLE"}  # names that helpers have beside functions
RESERVED = {*ERRORS, "flat", "single", "dtype", "device", "compute", EXAMPLE, AT, FACTORED, *HELD, *registry.NAMES, *BUILTINS}


@dataclass
class Asked:
    """What the function is to have: a back end, its parameters, the names of symbols, the symbols that are integers, what each result is
    made of, and the keys and the container of the results; which arguments have to be real; the parameters that are batches, of a function
    of one example that is mapped.
    """

    backend: Any
    parameters: list
    names: dict
    integers: set
    results: list
    keys: Any
    exprs: Any
    real: set
    mapped: Sequence = ()


def source_of(asked, plans):
    """The module text. `plans`: ``(conditions, planned roots)``, tried in turn; the roots are the nodes of all results. A condition is a
    comparison of sizes, or an argument that has to be symmetric.
    """
    backend, parameters = asked.backend, asked.parameters
    taken = {*asked.names.values(), *RESERVED}
    demands = Demands(real=asked.real)
    intake = Intake(backend, parameters, asked.names, asked.integers, demands)
    intake.tells_single = any(r.is_matrix and not any(s != 1 for s in r.shape) for r in asked.results)
    need_dtype, body = False, []
    for conditions, roots in plans:
        if conditions:
            body.append(f"    if {' and '.join(_condition(backend, intake, c) for c in conditions)}:")
        lines, scheduler = _branch(asked, roots, taken, depth=2 if conditions else 1)
        body += lines
        demands.add_planned(scheduler.order, backend)
        need_dtype = need_dtype or any(n.op == "dtype" for n in scheduler.order)
    head = intake.write(need_dtype or backend.needs_dtype)
    names = ", ".join(p.name for p in parameters)
    lines = [f"def {EXAMPLE if asked.mapped else 'compute'}({names}):", *("    " + line for line in head), *body]
    lines += _mapping(asked, names) if asked.mapped else []
    helpers = backend.helper_source()
    backend.imports |= dict.fromkeys(imports(asked.results), True)
    errors = "".join(f"{name} = {base}\n" for name, base in ERRORS.items() if f"raise {name}(" in helpers)
    head = backend.header() + ("\n" + errors if errors else "")
    return head + helpers + "\n\n" + "\n".join(lines) + "\n"


def _mapping(asked, names):
    """The function of batches, by the function of one example."""
    backend, stacks = asked.backend, asked.mapped
    lines = backend.intake_start([p.name for p in stacks])
    lines += [line for p in stacks for line in backend.intake_array(p.name, p.symbol, Demands())]
    pairs = ", ".join(f"({string_literal(p.symbol)}, {p.name})" for p in stacks)
    lines.append(f"{backend.need('_same_batch')}({pairs})")
    own = ", ".join(p.name for p in stacks)
    lines.append(f"return {backend.vmap()}(lambda {own}: {EXAMPLE}({names}))({own})")
    return ["", "", f"def compute({names}):", *("    " + line for line in lines)]


def _branch(asked, roots, taken, depth):
    """(statements that compute the roots of one plan and return the results, their scheduler)."""
    room = [r for r in roots[:1] if r.op == "room"]  # the check of a bound, which is no result
    rest = iter(roots[len(room) :])
    parts = [(r, [next(rest) for _ in r.nodes]) for r in asked.results]
    vectors = [nodes[0] for r, nodes in parts if r.layout is None and nodes[0].ndim == 1 + r.is_stack and r.shape[1 + r.is_stack :] == (1,)]
    scheduler = Scheduler(asked.backend, roots, taken, [*room, *vectors])
    removable = any(n.op == "factor" and n.attrs[0] == REMOVABLE for n in scheduler.order)
    lines = scheduler.body(depth + removable)
    flat, single, taken_out = any(p.is_vector for p in asked.parameters), any(p.is_single for p in asked.parameters), set()
    texts = [_returned(asked.backend, scheduler.texts, nodes, result, flat, single, taken_out) for result, nodes in parts]
    lines.append("    " * (depth + removable) + "return " + _collected(texts, asked.keys, asked.exprs))
    return asked.backend.continued(depth, lines) if removable else lines, scheduler


def _condition(backend, intake, condition):
    if isinstance(condition, MatrixSymbol):
        return f"{backend.need('_is_symmetric')}({backend.names[condition]})"
    small, large, factor = condition
    times = f"{factor} * " if factor != 1 else ""
    return f"{times}{intake.size_text(small)} <= {intake.size_text(large)}"


def _returned(backend, texts, nodes, result, flat, single, taken_out):
    """The text of a result in the shape that was promised, or of an operator. flat, single: whether there are vectors, and matrices that
    are 1 x 1, among the arguments. taken_out: the arrays that earlier results are.
    """
    if result.layout is not None:
        return result.text(nodes, texts)
    (node,), shape = nodes, result.shape
    if node.ndim == 0 and all(s == 1 for s in shape):
        body, _ = texts[node.number]
        body = backend.returned_number(body) if backend.number(node) and not node.imaginary else body
        return f"{body} if single else {backend.fn('reshape')}({body}, (1, 1))" if result.is_matrix and single else body
    body, precedence = _own(backend, node, texts[node.number], taken_out) if node.ndim else texts[node.number]
    if node.ndim == len(shape):
        return body
    body = body if precedence > 80 else f"({body})"
    if node.ndim == len(shape) - 1 and shape[-1] == 1 and len(shape) - result.is_stack == 2:
        column = f"{body}[{':, ' * node.ndim}None]"
        return f"{body} if flat else {column}" if flat else column
    return body + "[" + ", ".join("None" if s == 1 else ":" for s in shape) + "]"


def _own(backend, node, text, taken_out):
    """(text, precedence) of a result into which may be written without that anything else changes."""
    body, precedence = text
    array = _array_of(node)
    if array.op in ("arg", "declared") or array.number in taken_out:
        body, precedence = backend.own(body if precedence > 80 else f"({body})"), 100
    taken_out.add(array.number)
    return body, precedence


def _array_of(node):
    """The array that a node is, or shows a part of."""
    while node.kind.memory is Memory.PART:
        node = node.args[0]
    return node


def _collected(texts, keys, exprs):
    if keys is None:
        return texts[0]
    if isinstance(exprs, dict):
        return "{" + ", ".join(f"{key_literal(k)}: {t}" for k, t in zip(keys, texts, strict=True)) + "}"
    inner = ", ".join(texts)
    return f"[{inner}]" if isinstance(exprs, list) else f"({inner}{',' if len(texts) == 1 else ''})"
