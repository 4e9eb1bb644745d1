"""Powers and quotients that can be read in two ways, `x^2` and `1/x` of what is by convention a vector: an error that shows both.

Where the other reading makes no sense, as of the divisor `s` in ``exp(-norm(x)^2/s^2)``, then a vector, there is a note alone.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sympy import Integer

from ..errors import ShapeError
from .broadcasts import check_broadcasts
from .forced import ADDED_TO_A_NUMBER, DIVISOR, POWER, POWERED
from .instead_shapes import fresh
from .names import is_of_numbers, kind_of_name
from .sizes import SCALAR
from .tree import Node, below, names_in, unscaled

OF_ENTRIES = ("sum", "prod", "mean", "max", "min", "rowsum", "rowmean", "rowprod")

SMALL = {"e", "eps"}  # names of small numbers that are added, and of errors


def is_solve(node: Node) -> bool:
    """Whether a factor is the left side of ``A\\b``."""
    return node.op == "I" and node.value == "solve"


def check_all(inference: Any) -> None:
    """ShapeError for the first of what can be read in two ways."""
    for check in CHECKS:
        check(inference)


def check_two_ways(inference: Any) -> None:
    """ShapeError, with its place, for a name that is a scalar by its power or quotient alone, where entry by entry makes sense too.

    Of a capital, a matrix where nothing is said, always, as an exponent too; but not of a divisor that is the bare name: that has a note.
    """
    for name, need in inference.forced.names.items():
        if need.what in (POWER[0], DIVISOR[0], POWERED[0]) and inference.forced.is_vector_by_convention(name):
            capital = kind_of_name(name) == "matrix" and (need.what == POWERED[0] or need.part.op != "name")
            if capital or need.what != POWERED[0] and sensible(inference, name, need):
                raise two_ways(inference, name, need)


def check_traces(inference: Any) -> None:
    """ShapeError for the trace or determinant of what is a number only because a convention says so of all its names."""
    for node in below(inference.root):
        parts = list(below(node)) if node.op == "call" and node.value in ("tr", "det", "logdet") else []
        names = [n.value for n in parts if n.op == "name"]
        chosen = [name for name in names if name in inference.by_convention]
        if chosen and all(part.shape == SCALAR for part in parts):
            saw = f"`{inference.source.at(node.span)}` is of a number: `{chosen[0]}` is read as a scalar"
            raise inference.placed(f"{saw}; for a matrix declare `{chosen[0]}: n x n`", node.span[0])


def check_rows(inference: Any) -> None:
    """ShapeError for a capital, by convention a matrix, that is a row or column only because what it stands in has to be a scalar."""
    known = {*inference.declared, *inference.kinds}
    names = [n for n, shape in inference.names.items() if kind_of_name(n) == "matrix" and n not in known]
    thin = [n for n in names if inference.names[n] != SCALAR and SCALAR[0] in inference.names[n]]
    for need in inference.forced.needs if thin else ():
        name = next((n for n in thin if n in names_in(need.part)), None)
        scalar = need.what in (POWER[0], DIVISOR[0]) and need.part.shape == SCALAR and not need.part.number
        if name and scalar and tree_as(inference, name, elementwise):
            text, shape = inference.source.at(need.part.span), " x ".join(map(str, inference.names[name]))
            saw = f"`{text}` {need.what}, so that `{name}`, by convention a matrix, would be {shape}"
            raise inference.placed(f"{saw}; declare `{name}: {shape}`, or for a vector {need.instead}", need.part.span[0])


def check_starred(inference: Any) -> None:
    """ShapeError for ``A @ B*C``, ``np.sum(A*B)``: in NumPy's spelling, whose product is `@`, `*` is entry by entry."""
    for node, i, left in inference.starred:
        right = node.args[i]
        numbers = [e for e, shape in ((node.args[i - 1], left), (right, right.shape)) if inference.is_scalar(shape)]
        if not numbers and inference.sizes.is_one(left[1]) and inference.sizes.is_one(right.shape[1]):
            continue  # of two columns it is of each entry
        added = [n for e in numbers for n in names_in(e) if inference.how.get(n) == ADDED_TO_A_NUMBER and kind_of_name(n) == "column"]
        if not numbers or len(numbers) == 1 and added:  # `y` of ``y*np.log(p) + (1 - y)*...``
            a, b = inference.source.at((node.span[0], node.args[i - 1].span[1])), inference.source.at(right.span)
            sign = inference.source.text[: right.span[0]].rstrip("( ")[-1:]
            saw = f"`{sign}` in front of `{b}` can be read in two ways, in NumPy's spelling"
            b = f"hpow({b}, -1)" if sign == "/" else b
            other = f"declare `{added[0]}: scalar`, or write" if numbers else f"write `{a} @ {b}` for the product,"
            raise inference.placed(f"{saw}; {other} `had({a}, {b})` entry by entry", right.span[0])


def check_numbers(inference: Any) -> None:
    """ShapeError for a letter of numbers that would be a row, `eta` of ``theta - eta*x``: it is theta that may be a column."""
    for name, shape in inference.names.items():
        if is_of_numbers(name) and shape != SCALAR and shape[0] == 1 and name not in {*inference.declared, *inference.kinds}:
            saw = f"`{name}`, by convention a number, would be a row, 1 x {shape[1]}"
            node = next(n for n in below(inference.root) if n.op == "name" and n.value == name)
            raise inference.placed(f"{saw}; declare `{name}: scalar`, or the shapes of what it is added to", node.span[0])


def check_at(inference: Any) -> None:
    """ShapeError for ``2@x``, ``alpha@x``: NumPy's product has no numbers as factors."""
    for node, i, left in inference.at:
        right = node.args[i]
        if inference.is_scalar(left) or inference.is_scalar(right.shape):
            start, end = right.span if inference.is_scalar(right.shape) else (node.span[0], node.args[i - 1].span[1])
            text = inference.source.balanced((start, end))
            saw = f"`{text}` is a number, and NumPy's `@` has none as a factor"
            raise inference.placed(f"{saw}; write `*`, or declare the shape of what is none", start)


def check_behind(inference: Any) -> None:
    """ShapeError for ``A*exp(lam)``, of a letter of numbers that may be a column behind a matrix as `lam` is in ``A*lam``."""
    for p in inference.products:
        names = [n for n in names_in(p.factor) if is_of_numbers(n) and n in inference.by_convention and p.factor.op == "call"]
        if names and p.factor.shape == SCALAR and inference.sizes.is_large(p.left[1]):
            if p.factor.args[0].op != "call" and is_read(inference, names[0], "column"):
                text = inference.source.at(p.factor.span)
                saw = f"`{text}` behind a matrix can be a number and a vector: `{names[0]}` is by convention a number"
                raise inference.placed(f"{saw}; declare `{names[0]}: scalar` or `{names[0]}: n`", p.factor.span[0])


def is_read(inference: Any, name: str, kind: str) -> bool:
    """Whether the text has shapes with a name of another kind."""
    kinds = {**inference.kinds, name: kind}
    try:
        type(inference)(inference.source, fresh(inference.root), inference.declared, inference.known_square, kinds, plain=True).run()
    except ShapeError:
        return False
    return True


def check_solves(inference: Any) -> None:
    """ShapeError for ``A\\2``: a matrix divides a column or a matrix."""
    for node in below(inference.root):
        for left, right in zip(node.args, node.args[1:]) if node.op == "mul" else ():
            if is_solve(left) and left.shape != SCALAR and right.shape == SCALAR:
                a, b = inference.source.at(left.span), inference.source.at(right.span)
                saw = f"`{b}` is a number, and `{a}\\` divides a column or a matrix"
                raise inference.placed(f"{saw}; write `{b}*inv({a})`, or declare what stands there", right.span[0])


def check_counted(inference: Any) -> None:
    """ShapeError for ``sum(x[i]*y[i])``, which is of a number: nothing says that `i` counts."""
    for node in below(inference.root):
        if node.op != "call" or node.value not in OF_ENTRIES or node.args[0].shape != SCALAR:
            continue
        entries = [part for part in below(node.args[0]) if part.op == "entry"]
        index = next((i.value for e in entries for i in e.args[1:] if i.op == "name"), None)
        if index:
            text, body = inference.source.at(node.span), inference.source.at(node.args[0].span)
            saw = f"`{text}` is of the one number `{body}`: `{index}` counts nothing there"
            added = f"write `Sum({body}, ({index}, 0, n - 1))`, or `dot(x, y)` and `sum(had(x, y))` of vectors"
            both = added if "sum" in node.value else f"write `{node.value}(x)` of a vector, `{node.value}(had(x, y))` of its products"
            raise inference.placed(f"{saw}; {both}", node.span[0])


def check_added(inference: Any) -> None:
    """ShapeError for ``x + epsilon``, ``x.^2 + e``, of a name of numbers that is a column only because it is added to one."""
    known = {*inference.declared, *inference.kinds}
    of_numbers = [n for n in inference.names if n not in known and (is_of_numbers(n) or n in SMALL)]
    names = [n for n in of_numbers if inference.names[n][0] != 1 and inference.names[n][1] == 1]
    places: dict[str, list[Node | None]] = {name: [] for name in names}
    for node in below(inference.root) if names else ():
        for arg in node.args if unscaled(node) is node and not is_power(node) else ():
            part = unscaled(arg)
            part = part.args[0] if is_power(part) else part  # `eps**2` as `eps`
            if part.op == "name" and part.value in places:
                places[part.value].append(node if node.op == "add" else None)
    for name, sums in places.items():
        if sums and all(sums):
            node = next(n for n in below(inference.root) if n.op == "name" and n.value == name)
            saw = f"`{inference.source.at(node.span)}` is added to a vector: it can be a number that is added to each entry, or a vector"
            size = inference.names[name][0]
            raise inference.placed(f"{saw}; declare `{name}: scalar` or `{name}: {size}`", node.span[0])


def is_power(node: Node) -> bool:
    return node.op == "pow" or node.op == "call" and node.value == "hpow"


def check_transposes(inference: Any) -> None:
    """ShapeError for ``A^T``, ``x^t``, which are no transposes but powers, unless the letter is declared or, of a `t`, stands elsewhere."""
    known = {*inference.declared, *inference.kinds}
    powers = [node for node in below(inference.root) if node.op == "pow" and node.args[1].op == "name"]
    for node in powers:
        base, exponent = node.args
        name = exponent.value
        alone = [n.args[1].value for n in powers].count(name) == names_in(inference.root).count(name)
        large = base.op == "name" or base.shape != SCALAR
        letters = [n for n in names_in(base) if kind_of_name(n) in ("column", "matrix") and n not in known]
        small = name == "t" and alone and large and bool(letters)
        if name not in known and (name in ("T", "H") or small):
            text, inner = inference.source.at(node.span), inference.source.factor(base)
            spelled = f"`{inner}^\\top`" if "\\" in inference.source.text else f"`{inner}'`, `{inner}.T` in Python's spelling"
            meant = f"the transpose is {spelled}" if base.op not in ("T", "H") else f"`{inner}` is a transpose already"
            saw = f"`{text}` can be read in two ways: {meant}"
            raise inference.placed(f"{saw}; for a power declare `{name}: scalar`", exponent.span[0])


def check_primes(inference: Any) -> None:
    """ShapeError for ``x - x'``, which has shapes for a number x alone: the prime is hardly the transpose of a number."""
    known = {*inference.declared, *inference.kinds}
    for node in below(inference.root):
        name = node.args[0].value if node.op == "T" and node.args[0].op == "name" else ""
        if name and kind_of_name(name) == "column" and name not in known and node.args[0].shape == SCALAR:
            text = inference.source.at(node.span)
            saw = f"`{text}` is the transpose of a number, since `{name}` is one by its use"
            raise inference.placed(f"{saw}; name another point otherwise, as `z`, or declare `{name}: scalar`", node.span[0])


def sensible(inference: Any, name: str, need: Any) -> bool:
    """Whether the text has shapes entry by entry, or of a divisor as a product with its inverse."""
    return reads_as(inference, name, need, elementwise) or need.what == DIVISOR[0] and reads_as(inference, name, need, inverted)


def reads_as(inference: Any, name: str, need: Any, rewritten: Callable[[Node, str], Node]) -> bool:
    """Whether the text has shapes with the name as a vector or matrix, rewritten for that; of a divisor, and is as much a scalar."""
    root = tree_as(inference, name, rewritten)
    others = [n for n in inference.names if n != name and not inference.is_scalar(inference.names[n])]
    divides = need.what == DIVISOR[0] or any(n.op == "reciprocal" and need.whole in below(n) for n in below(inference.root))
    return root is not None and (not (divides and others) or inference.root.shape != SCALAR or root.shape == SCALAR)


def tree_as(inference: Any, name: str, rewritten: Callable[[Node, str], Node]) -> Node | None:
    """The rewritten tree with shapes where the name is a vector or matrix, as convention has it; None where they contradict each other."""
    root = rewritten(inference.root, name)
    kinds = {**inference.kinds, name: kind_of_name(name)}
    declared = {n: s for n, s in inference.declared.items() if n != name}
    try:
        type(inference)(inference.source, root, declared, inference.known_square, kinds, plain=True).run()
    except ShapeError:
        return None
    return root


def elementwise(node: Node, name: str) -> Node:
    """A copy of a tree in which powers of a name, and quotients by it, are taken entry by entry."""
    args = tuple(elementwise(a, name) for a in node.args)
    if node.op == "pow" and holds(node.args[0], name):
        return call("hpow", args, node)
    if node.op == "reciprocal" and holds(node, name):
        return call("hpow", (*args, number(-1, node)), node)
    divided = [holds(a, name) and a.op == "reciprocal" for a in node.args]
    if node.op == "mul" and any(divided):
        factors = tuple(a for a, d in zip(args, divided) if not d)
        left = factors[0] if len(factors) == 1 else replace(node, args=factors, shape=(), number=False)
        for divisor in (a for a, d in zip(args, divided) if d):
            left = Node("entrywise", (left, divisor), node.span)
        return left
    return replace(node, args=args, shape=(), number=False, broadcast=False)


def inverted(node: Node, name: str) -> Node:
    """A copy of a tree in which a quotient by a name is a product with its inverse, as MATLAB has it."""
    args = tuple(inverted(a, name) for a in node.args)
    op = "I" if node.op == "reciprocal" and holds(node, name) else node.op
    return replace(node, op=op, args=args, shape=(), number=False, broadcast=False)


def holds(node: Node, name: str) -> bool:
    return any(n.op == "name" and n.value == name for n in below(node))


def call(function: str, args: tuple[Node, ...], node: Node) -> Node:
    return Node("call", args, node.span, function, kinds=("value",) * len(args))


def number(value: int, node: Node) -> Node:
    return Node("number", (), node.span, Integer(value))


def two_ways(inference: Any, name: str, need: Any) -> ShapeError:
    """The error that shows how each of the two is written."""
    source, text = inference.source, inference.source.at(need.whole.span)
    bare, vector = source.at(need.part.span), kind_of_name(name) == "column"
    if need.part.span == need.whole.span and need.what == POWER[0]:  # as of `\\sin^2 x`
        bare = f"{need.part.value}({source.at(need.part.args[0].span)})"
    part = f"({bare})" if need.part.op in ("add", "mul") else bare
    if need.what == POWERED[0]:
        base = source.at(need.whole.args[0].span)
        left = f"({base})" if need.whole.args[0].op in ("add", "mul") else base
        each = f"`{left}.^{part}`, `hpow({base}, {bare})` in Python's spelling"
    elif need.what == POWER[0]:
        power = source.at(need.whole.args[1].span)
        each = f"`{part}.^{power}`, `hpow({bare}, {power})` in Python's spelling" + (
            f", `{part}'*{part}` for the sum of the squares" * vector
        )
    else:
        text = f"/{part}"
        each = f"`./{part}`, `hpow({bare}, -1)` in Python's spelling" + (
            "" if vector else f", `inv({bare})` for the inverse, as MATLAB divides"
        )
    kind = "a vector" if vector else "a matrix"
    saw = f"`{text}` can be read in two ways: `{name}` is by convention {kind}"
    return inference.placed(saw + f"; for a scalar declare `{name}: scalar`, for {kind} write {each}", need.whole.span[0])


CHECKS = (
    check_transposes,
    check_two_ways,
    check_rows,
    check_starred,
    check_at,
    check_behind,
    check_traces,
    check_primes,
    check_solves,
    check_counted,
    check_added,
    check_numbers,
    check_broadcasts,
)
