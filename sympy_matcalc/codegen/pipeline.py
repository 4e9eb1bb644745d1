"""What happens to a graph between lowering and the source: passes in their order, with the search for plans between them.

A pass is a function ``(graph, roots, context) -> roots``. Its file says what stands there before and after.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from sympy import MatrixSymbol

from .bounded.bounded import bounded
from .context import Context
from .ir.graph import Graph
from .ir.node import Node
from .planning.adjugates import adjugates
from .planning.alike_sums import alike_sums
from .planning.at_hand import powers_at_hand
from .planning.between import between
from .planning.broadcast_products import broadcast_products
from .planning.centrings import centrings
from .planning.complements import cases
from .planning.components_first import components_first
from .planning.deltas import deltas
from .planning.entry_factors import entry_factors
from .planning.factorise import factorised
from .planning.folded import folded
from .planning.free_shifts import free_shifts
from .planning.known_numbers import known_numbers
from .planning.kroneckers import kroneckers
from .planning.made_products import made_products
from .planning.mirrored_sums import mirrored_sums
from .planning.opposites import opposites
from .planning.pair_exponentials import pair_exponentials
from .planning.powers import cheap_powers
from .planning.projections import projections
from .planning.regimes import variants
from .planning.removable import constants_apart
from .planning.shared_sums import shared_sums
from .planning.spectra import spectra
from .planning.stated import matrices, with_stated_facts
from .planning.symmetric_forms import symmetric_forms
from .planning.symmetry import symmetric_variants
from .planning.twins import twins
from .steady.centred import centred
from .steady.chords import chords
from .steady.chosen_entries import chosen_entries
from .steady.combined import combined
from .steady.diagonals import diagonals
from .steady.differences import differences
from .steady.divided import divided
from .steady.expansions import expansions
from .steady.fractional import fractional
from .steady.growth import growing
from .steady.in_turn import divided_in_turn
from .steady.kinks import at_kinks
from .steady.less_one import exponentials_less_one
from .steady.limits import limits
from .steady.log_sums import log_sums
from .steady.logistic import logistics
from .steady.roots_of_sums import roots_of_sums
from .steady.shares import shares
from .steady.shift import shifted
from .steady.slopes import slopes
from .steady.softmaxes import softmaxes
from .steady.together import together
from .steady.translations import translations

Comparison = tuple[Any, Any, int]
Pass = Callable[[Graph, list[Node], Context], list[Node]]

# forms that hold at the edge of floating point
STEADY: tuple[Pass, ...] = (
    limits, diagonals, shares, roots_of_sums, softmaxes, logistics, chords, shifted, together, log_sums, combined, divided, limits, slopes,
    fractional, growing, at_kinks, exponentials_less_one, centred, differences, translations, expansions, chosen_entries,
)  # fmt: skip
BEFORE: tuple[Pass, ...] = (
    kroneckers,
    centrings,
    projections,
    deltas,
    twins,
    symmetric_forms,
    *STEADY,
    known_numbers,
    entry_factors,
    free_shifts,
    folded,
    mirrored_sums,
    shared_sums,
    alike_sums,
    with_stated_facts,
    opposites,
    cheap_powers,
    between,
    symmetric_forms,
    made_products,
)
# on each plan
AFTER: tuple[Pass, ...] = (
    adjugates, constants_apart, factorised, divided_in_turn, powers_at_hand, pair_exponentials, spectra, broadcast_products,
    components_first,
)  # fmt: skip


def run(passes: tuple[Pass, ...], graph: Graph, roots: list[Node], context: Context) -> list[Node]:
    """The roots after some passes."""
    for one in passes:
        roots = one(graph, roots, context)
    return roots


def plans_of(graph: Graph, roots: list[Node], context: Context) -> list[tuple[tuple[Any, ...], list[Node]]]:
    """``(conditions, planned roots)``, to be tried in turn. A condition compares sizes, or is an argument that is to be symmetric."""
    roots = run(BEFORE, graph, roots, context)
    found = []
    for comparisons, new, known in cases(graph, roots, context):
        found += [((*comparisons, *conditions), planned, known) for conditions, planned in _plans(graph, new, known)]
    plans, failed = [], list[Comparison]()
    for conditions, planned, known in found:
        holds = [c for c in conditions if not isinstance(c, MatrixSymbol)]
        plans.append((conditions, _after(graph, conditions, planned, replace(known, known=(*known.known, *holds, *failed)))))
        failed += _opposite(conditions)
    if context.memory is None:
        return plans
    return [((*conditions, *more), tiled) for conditions, planned in plans for more, tiled in bounded(graph, planned, context)]


def _opposite(conditions: tuple[Any, ...]) -> list[Comparison]:
    """What holds where these conditions do not, where that is a comparison."""
    if len(conditions) != 1 or isinstance(conditions[0], MatrixSymbol):
        return []
    small, large, factor = conditions[0]
    return [(large + 1, small, 1)] if factor == 1 else []


def _plans(graph: Graph, roots: Sequence[Node], context: Context) -> list[tuple[tuple[Any, ...], list[Node]]]:
    plans = variants(graph, roots, context)
    if not context.backend.looks_at_values:
        return plans
    arguments, more = symmetric_variants(graph, roots, plans, context)
    return [((*comparisons, *arguments), planned) for comparisons, planned in more] + plans


def _after(graph: Graph, conditions: tuple[Any, ...], planned: list[Node], context: Context) -> list[Node]:
    """The roots of a plan after the last passes, with the arguments of its conditions known to be symmetric."""
    before = graph.symmetric
    graph.symmetric = before | matrices(planned, [c for c in conditions if isinstance(c, MatrixSymbol)])
    try:
        return run(AFTER, graph, planned, context)
    finally:
        graph.symmetric = before
