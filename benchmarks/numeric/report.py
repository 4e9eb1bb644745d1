"""The tables, in Markdown."""

import math

from .contest import JAX_MODES, TOLERANCE
from .problem import ORDERS, SIZES

LIMIT = 1.15  # a case slower than this against the hand-written code is listed by name


def mean(ratios):
    return math.exp(sum(map(math.log, ratios)) / len(ratios))


def ratio(row, one, other):
    """seconds of one over the other, None if one of them did not run."""
    s = row["seconds"]
    return s[one] / s[other] if one in s and other in s else None


def best_jax(row):
    return min((name for name in row["seconds"] if name.startswith("jax ")), key=row["seconds"].get, default=None)


def ours_best(row):
    """Our faster spelling: without facts, or told them."""
    return min((name for name in ("ours", "ours told") if name in row["seconds"]), key=row["seconds"].get, default=None)


def wrong(row):
    """(contestant, error) of those that disagree with the hand-written answer; JAX is held to what its solvers reach."""
    return [(name, e) for name, e in row["error"].items() if e > (1e-7 if name.startswith("jax") else TOLERANCE)]


def number(x, digits=2):
    return "-" if x is None else f"{x:.0f}" if x >= 100 else f"{x:.{digits}f}"


def dims(row):
    return " ".join(f"{k}={v}" for k, v in row["dims"].items())


def summary(rows):
    """Geometric means by order, size and class."""
    lines = [
        "| order | size | class | cases | ours/hand | worst | told the facts | best JAX/ours | least |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for order in ORDERS:
        for size in SIZES:
            here = [r for r in rows if r["order"] == order and r["size"] == size and "ours" in r["seconds"]]
            classes = {"all": here}
            if order in ("jac", "hess"):
                classes |= {kind: [r for r in here if r["kind"] == kind] for kind in ("rest", "structured")}
            lines += [_summary_line(order, size, kind, some) for kind, some in classes.items() if some]
    return lines


def _summary_line(order, size, kind, rows):
    ratios = [(ratio(r, "ours", "hand"), r["problem"]) for r in rows]
    told = [ratio(r, ours_best(r), "hand") for r in rows]
    jax = [(r["seconds"][best_jax(r)] / r["seconds"]["ours"], r["problem"]) for r in rows if best_jax(r)]
    worst, least = max(ratios), min(jax, default=None)
    return (
        f"| {order} | {size} | {kind} | {len(rows)} | {mean([x for x, _ in ratios]):.2f} | {worst[0]:.2f} {worst[1]} | "
        f"{mean(told):.2f} | " + (f"{mean([x for x, _ in jax]):.1f} | {least[0]:.2f} {least[1]} |" if jax else "- | - |")
    )


def cases(rows):
    lines = [
        "| problem | order | size | dims | hand, ms | ours/hand | told the facts | insight/hand | JAX/ours | best mode | error |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for r in rows:
        jax = best_jax(r)
        ours = number(ratio(r, "ours", "hand")) if "ours" in r["seconds"] else "fails"
        lines.append(
            f"| {r['problem']} | {r['order']} | {r['size']} | {dims(r)} | {1e3 * r['seconds']['hand']:.4g} | {ours} | "
            f"{number(ratio(r, 'ours told', 'hand'))} | {number(ratio(r, 'insight', 'hand'), 3)} | "
            f"{number(ratio(r, jax, 'ours') if jax else None)} | {(jax or '-').removeprefix('jax ')} | "
            f"{r['error'].get('ours', math.nan):.0e} |"
        )
    return lines


def structured(rows):
    """What is gained where the result need not be a dense array."""
    lines = ["| problem | order | size | dims | hand, dense, ms | ours structured/hand | error |", "|---|---|---|---|---|---|---|"]
    here = [r for r in rows if "ours structured" in r["seconds"]]
    for r in here:
        lines.append(
            f"| {r['problem']} | {r['order']} | {r['size']} | {dims(r)} | {1e3 * r['seconds']['hand']:.4g} | "
            f"{number(ratio(r, 'ours structured', 'hand'), 4)} | {r['error']['ours structured']:.0e} |"
        )
    return lines if here else ["Skipped: this `lambdify` has no `structured`, or none of the cases has a structured result."]


def memory(rows):
    lines = ["| problem | order | size | dims | hand, MB | ours/hand |", "|---|---|---|---|---|---|"]
    for r in rows:
        if "memory" in r:
            ours, hand = r["memory"].get("ours"), r["memory"]["hand"]
            lines.append(
                f"| {r['problem']} | {r['order']} | {r['size']} | {dims(r)} | {hand / 1e6:.3g} | "
                f"{number(ours / max(hand, 1)) if ours is not None else 'fails'} |"
            )
    return lines


def complaints(rows):
    """Every answer that is wrong, every contestant that failed."""
    lines = [
        f"- {r['problem']} {r['order']} {r['size']}: {name} differs from the hand-written answer by {e:.1e}"
        for r in rows
        for name, e in wrong(r)
    ]
    failures = dict.fromkeys(
        f"- {r['problem']} {r['order']}: {name}: {text}" for r in rows for name, text in r["failure"].items() if name != "ours structured"
    )
    return [*lines, *failures] or [f"None: every answer agrees to {TOLERANCE:.0e}."]


def slow(rows):
    some = [(ratio(r, "ours", "hand"), r) for r in rows if "ours" in r["seconds"]]
    some = sorted(((x, r) for x, r in some if x > LIMIT), key=lambda pair: -pair[0])
    return [f"- {x:.2f}: {r['problem']} {r['order']} {r['size']}" for x, r in some] or ["None."]


def report(rows, versions):
    """The whole page."""
    parts = [
        [
            "# Generated code against hand-written NumPy",
            "",
            "One process, one thread, one core; contestants in turn; median of the rounds in processor time. Only ratios mean anything.",
            versions,
        ],
        ["## Geometric means", "", *summary(rows)],
    ]
    if any(best_jax(r) for r in rows):
        modes = "; ".join(f"{o}: {', '.join(ms)}" for o, ms in JAX_MODES.items())
        parts[-1] += ["", f"JAX's modes: {modes}; the best of each case counts."]
    parts += [
        ["## Wrong or failing", "", *complaints(rows)],
        [f"## Slower than {LIMIT} times hand", "", *slow(rows)],
        ["## Structured results", "", *structured(rows)],
    ]
    if any("memory" in r for r in rows):
        parts.append(["## Peak memory of one call", "", *memory(rows)])
    parts.append(["## All cases", "", *cases(rows)])
    return "\n\n".join("\n".join(part) for part in parts) + "\n"
