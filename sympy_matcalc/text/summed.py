"""How far what is summed goes: of ``\\sum_i w \\cdot x_i`` behind the dot, since the index stands there."""

from typing import Any

from .operators import DOTS

ENDS = ("beside", "signed", "summation")  # rules whose last part is the end of a factor
APPLIED = ("applied", "powered")


def rule_of(tree: Any) -> str:
    """The rule of a factor that goes on behind its end; "" of one in brackets."""
    start, end = getattr(tree.meta, "start_pos", 0), getattr(tree.meta, "end_pos", 0)
    inside = getattr(tree.meta, "container_start_pos", start) < start or getattr(tree.meta, "container_end_pos", end) > end
    return "" if inside else str(tree.data)


def taken_up(factors: list[Any]) -> list[Any]:
    """Factors and signs of a product, with those behind a sum in its body up to the last that has its index; of a sum that a function
    without brackets is of, too.

    A factor with the index of a sum outside of it would be an error, so nothing that is read without this is read in another way. What
    stands behind a dot is summed too, `\\sum_i a_i x_i \\cdot x`, where the dot is of two vectors; of numbers it is the same.
    """
    out = list(factors)
    for i in range(len(out) - 3, -1, -2):
        indices = indices_at_end(out[i])
        last = max((j for j in range(i + 2, len(out), 2) if has_index(out[j], indices)), default=0)
        last = max(last, i + 2 if indices and is_dot(out[i + 1]) and not (is_of_product(out[i]) or function_of_sum(out[i])) else 0)
        if last:
            out[i : last + 1] = [with_factors(out[i], out[i + 1 : last + 1])]
    return out


def indices_at_end(tree: Any) -> set[str]:
    """The indices of the sums that a factor ends with."""
    if rule_of(tree) not in (*ENDS, *APPLIED):
        return set()
    own = {str(tree.children[0].value.letter)} if tree.data == "summation" else set()
    return own | indices_at_end(tree.children[-1])


def is_dot(sign: Any) -> bool:
    return sign.type == "STAR" and str(sign) in DOTS


def is_of_product(tree: Any) -> bool:
    """Whether a factor ends with a product over an index."""
    if rule_of(tree) not in ENDS:
        return False
    return tree.data == "summation" and tree.children[0].value.word == "prod" or is_of_product(tree.children[-1])


def function_of_sum(tree: Any) -> Any:
    """The function without brackets, ``\\log \\sum_i x_i``, that a factor ends with; None where it ends with none of a sum."""
    data = rule_of(tree)
    if data in APPLIED:
        return tree if is_sum_at_end(tree.children[-1]) else None
    return function_of_sum(tree.children[-1]) if data in ENDS else None


def is_sum_at_end(tree: Any) -> bool:
    data = rule_of(tree)
    return data == "summation" or data in (*ENDS, *APPLIED) and is_sum_at_end(tree.children[-1])


def has_index(tree: Any, indices: set[str]) -> bool:
    return any(token.type == "NAME" and str(token) in indices for token in tree.scan_values(lambda token: True)) if indices else False


def with_factors(tree: Any, more: list[Any]) -> Any:
    """A factor that ends with a sum, with signs and factors behind its body."""
    last = tree.children[-1]
    goes_on = tree.data != "summation" or is_summed_inside(last, more)
    body = with_factors(last, more) if goes_on else made("product", [last, *more], last, more[-1])
    return made(tree.data, [*tree.children[:-1], body], tree, more[-1])


def is_summed_inside(body: Any, more: list[Any]) -> bool:
    """Whether what stands behind a body is part of a sum that this ends with; of the sum of a function, where it has the index of that."""
    applied = function_of_sum(body)
    indices = indices_at_end(body if applied is None else applied.children[-1])
    return any(has_index(tree, indices) for tree in more[1::2]) if applied is not None else bool(indices)


def check_divided(reader: Any, tree: Any, divisor: Any) -> None:
    """An error for ``\\log \\sum_i e^{x_i} / n``, of which nobody knows whether the sum is divided, or its logarithm."""
    applied = function_of_sum(tree)
    if applied is not None:
        text, below, inside = reader.text(applied), reader.text(divisor), reader.text(applied.children[-1])
        word = text[: len(text) - len(inside)].rstrip()
        below = f"({below})" if any(sign in below for sign in " +-*/") else below
        both = f"write `{word}({inside}/{below})`, or `({text})/{below}`"
        raise reader.error(divisor, f"`{text}/{below}` can be read in two ways", both)


def made(rule: str, children: list[Any], first: Any, last: Any) -> Any:
    """A tree from where one begins to where another ends."""
    tree = type(first)(rule, children)
    tree.meta.empty = False
    tree.meta.start_pos = first.meta.start_pos
    tree.meta.end_pos = getattr(last.meta, "container_end_pos", last.meta.end_pos)  # behind its bracket
    return tree
