"""All rules, in their order."""

from ..schedule import reachable
from .determinants import quotient_of_determinants
from .functions import exp_times_logistic, logistic_power, normal_ratio, root_less_one, sinh_over_cosh, slope_of_tanh
from .kinks import at_kinks
from .logs import log_of_function, log_of_normal, logs_beside_zeros
from .norms import divided_factors, divided_in_turn, divided_powers, root_of_squares
from .shift import shifted
from .walk import passed


def steadied(g, roots, has_special):
    """The roots in forms that hold at the edge of floating point. `has_special`: whether the library has a special function."""
    logs = [log_of_normal] if has_special("log_ndtr") else []
    ratios = [normal_ratio] if has_special("erfcx") else []
    roots = shifted(g, roots)
    roots = passed(
        g,
        roots,
        {
            "call": [*logs, log_of_function, root_of_squares],
            "pow": [root_of_squares, logistic_power],
            "mul": [logs_beside_zeros, sinh_over_cosh, exp_times_logistic, *ratios, quotient_of_determinants],
            "contract": [logs_beside_zeros],
            "add": [root_less_one],
        },
    )
    slope = slope_of_tanh(_uses(roots))
    roots = passed(g, roots, {"mul": [divided_powers, divided_in_turn], "contract": [divided_factors], "add": [slope]})
    return at_kinks(g, roots)


def _uses(roots):
    """How often each node is an operand or a root, by number."""
    uses = {}
    for node in [*roots, *(a for n in reachable(roots) for a in n.args)]:
        uses[node.number] = uses.get(node.number, 0) + 1
    return uses
