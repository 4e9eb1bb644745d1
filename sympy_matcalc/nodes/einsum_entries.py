"""The entries of a term of an Einsum, written out: its summed indices go one by one."""

from collections.abc import Iterator
from itertools import product
from math import prod
from typing import Any

from sympy import Add, Integer, Mul, Sum
from sympy.matrices.expressions.matexpr import MatrixExpr

from .written_out import written_out

Table = tuple[list[int], dict[tuple, Any]]  # (indices, {their numbers: entry})


def entries_of(term: Any) -> dict[tuple, Any]:
    """{index of the result: its scalar, written out} of an `EinsumTerm` that can be opened.

    Each entry of an operand is written out once. The summed index with the fewest entries left over goes first, so that a product of many
    operands is no sum over all of their indices at once.
    """
    dims = [int(d) for d in term.dims]
    tables = [_table(term, operand, axes) for operand, axes in term.factors]
    left = term.summed
    while left:
        i = min(left, key=lambda i: (prod(dims[k] for k in _beside(i, tables)), i))
        left.remove(i)
        inner = [t for t in tables if i in t[0]]
        tables = [t for t in tables if i not in t[0]] + [_summed(inner, i, dims)]
    kept = list(dict.fromkeys(i for axis in term.out for i in axis))
    coefficient, found = term.coefficient.doit(), {}
    for value in _values(kept, dims):
        index = tuple(term.fused(axis, value) for axis in term.out)
        found[index] = coefficient * Mul(*(_at(t, value) for t in tables))
    return found


def _values(indices: list[int], dims: list[int]) -> Iterator[dict[int, Integer]]:
    """The assignments of numbers to some indices, one after the other."""
    return (dict(zip(indices, at)) for at in product(*(map(Integer, range(dims[i])) for i in indices)))


def _table(term: Any, operand: Any, axes: Any) -> Table:
    """The table of an operand."""
    operand = written_out(operand.doit()) if isinstance(operand, MatrixExpr) else operand
    indices, table = list(dict.fromkeys(i for axis in axes for i in axis)), {}
    for value in _values(indices, [int(d) for d in term.dims]):
        found = term.operand_entry(operand, axes, value)
        table[tuple(value.values())] = found.doit() if found.has(Sum) else found
    return indices, table


def _summed(tables: list[Table], i: int, dims: list[int]) -> Table:
    """The product of some tables, summed over an index; without tables the number of the terms."""
    indices, found = _beside(i, tables), {}
    for value in _values(indices, dims):
        found[tuple(value.values())] = Add(*(Mul(*(_at(t, {**value, i: Integer(at)}) for t in tables)) for at in range(dims[i])))
    return indices, found


def _beside(i: int, tables: list[Table]) -> list[int]:
    """The other indices of the tables that have an index."""
    return [k for k in dict.fromkeys(k for indices, _ in tables if i in indices for k in indices) if k != i]


def _at(table: Table, value: dict[int, Integer]) -> Any:
    """The entry of a table at an assignment of its indices."""
    indices, entries = table
    return entries[tuple(value[i] for i in indices)]
