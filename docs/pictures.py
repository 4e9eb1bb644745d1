"""Draws the README's pictures, answer.svg, steps.svg and speed.svg: python docs/pictures.py (needs the `plot` extra)

Dark ink on a light card, so that they are legible on light and dark pages. speed.svg shows speed.json, which is written by
python -m benchmarks.numeric factorisation logistic_ridge softmax_cross_entropy gauss_covariance kalman_joseph --orders hess \\
    --sizes medium --jax --json docs/speed.json
"""

import json
from pathlib import Path

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt
from matplotlib.patches import FancyBboxPatch

import sympy_matcalc as mc

HERE = Path(__file__).resolve().parent
INK, QUIET, OURS, HAND, JAX = "#1c2a4a", "#57606a", "#1f6feb", "#8c959f", "#d9822b"
ANSWER = "sum(log(1 + exp(X*w))) - y'*X*w + lam/2*norm(w)^2"
STEPS = "logdet(S) + tr(S^-1*C)"
NAMES = {
    "factorisation": "matrix factorisation",
    "gauss_covariance": "Gaussian covariance",
    "kalman_joseph": "Kalman gain",
    "logistic_ridge": "logistic regression",
    "masked_factorisation": "masked factorisation",
    "softmax_cross_entropy": "softmax cross-entropy",
}


def formula(expr):
    """The package's LaTeX as Matplotlib reads it, which knows fewer commands and sets some of them apart."""
    tex = mc.latex(expr, transpose=r"\mathsf{T}")
    for theirs, mathtext in (
        (r"\left\lVert", r"\left\Vert"),
        (r"\right\rVert", r"\right\Vert"),
        (r"\lVert", r"\Vert"),
        (r"\rVert", r"\Vert"),
    ):
        tex = tex.replace(theirs, mathtext)
    return "$" + tex.replace(r"\mathrm{d} \log", r"\mathrm{d}\,\log") + "$"


def card(width, height):
    """A figure with a light card, in inches, and its axes with the same unit and y downwards."""
    figure = plt.figure(figsize=(width, height))
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(height, 0))
    axes.axis("off")
    box = FancyBboxPatch((0.1, 0.1), width - 0.2, height - 0.2, boxstyle="round,pad=0,rounding_size=0.12", fc="#ffffff", ec="#d0d7de")
    axes.add_patch(box)
    return figure, axes


def answer():
    """A formula as typed, with its gradient and Hessian."""
    expr, names = mc.parse(ANSWER)
    w = names["w"]
    figure, axes = card(5.4, 2.75)
    axes.text(0.35, 0.5, ANSWER, family="monospace", size=10.5, color=INK, va="center")
    rows = (("gradient by w", mc.gradient(expr, w)), ("Hessian", mc.hessian(expr, w)))
    for y, (label, result) in zip((1.0, 1.85), rows):
        axes.text(0.35, y, label, size=11, color=QUIET, va="center")
        axes.text(0.55, y + 0.38, formula(result), size=15, color=INK, va="center")
    return figure


def steps():
    """A derivation, below each line its rule."""
    expr, names = mc.parse(STEPS)
    derivation = mc.explain(expr, names["S"])
    lines = [step for step in derivation.steps if step.rule]
    figure, axes = card(5.4, 0.95 + 0.74 * len(lines))
    axes.text(0.35, 0.5, formula(lines[0].left), size=14, color=INK, va="center")
    for k, step in enumerate(lines):
        y, last = 1.0 + 0.74 * k, step is lines[-1]
        right = derivation.result if last else step.right
        axes.text(0.35, y, "gradient" if last else "$=$", size=11 if last else 14, color=QUIET if last else INK, va="center")
        axes.text(1.25 if last else 0.75, y, formula(right), size=14, color=INK, va="center")
        axes.text(1.25 if last else 0.75, y + 0.33, step.rule, size=10.5, color=QUIET, va="center")
    return figure


def speed():
    """Times of Hessians, over those of code written by hand."""
    rows = [row for row in json.loads((HERE / "speed.json").read_text(encoding="utf-8")) if row["order"] == "hess"]
    ratios = []
    for row in rows:
        s = row["seconds"]
        jax = min(v for k, v in s.items() if k.startswith("jax "))
        ratios.append((jax / s["hand"], s["ours"] / s["hand"], NAMES[row["problem"]]))
    figure, back = card(5.4, 1.5 + 0.62 * len(ratios))
    back.text(0.35, 0.4, "time of a Hessian, as a multiple of", size=11, color=INK, va="center")
    back.text(0.35, 0.65, "hand-written NumPy's (log scale)", size=11, color=INK, va="center")
    axes = figure.add_axes((0.345, 0.1, 0.6, 0.9 - 0.95 / figure.get_figheight()))
    for k, (jax, ours, _) in enumerate(sorted(ratios)):
        for offset, value, colour, who in ((0.19, ours, OURS, "sympy_matcalc"), (-0.19, jax, JAX, "JAX, jit, its best mode")):
            axes.barh(k + offset, value - 0.5, left=0.5, height=0.34, color=colour, label=who if k == 0 else None)
            ground = {"fc": "#ffffff", "ec": "none", "pad": 0.8}  # over the line at 1
            axes.text(value * 1.1, k + offset, f"{value:.3g}", va="center", size=10, color=INK, bbox=ground)
    axes.axvline(1, color=HAND, lw=1, ls="--", zorder=0)
    axes.set(xscale="log", xlim=(0.5, 4 * max(jax for jax, _, _ in ratios)), yticks=range(len(ratios)))
    axes.xaxis.set_major_formatter("{x:g}")
    axes.set_yticklabels([name for *_, name in sorted(ratios)], size=10, color=INK)
    axes.tick_params(axis="both", colors=QUIET, labelcolor=INK, left=False)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.legend(frameon=False, loc="lower right", labelcolor=INK, fontsize=9)
    return figure


if __name__ == "__main__":
    plt.rcParams.update(
        {"svg.hashsalt": "sympy_matcalc", "mathtext.fontset": "cm", "font.family": "DejaVu Sans", "savefig.transparent": True}
    )
    for draw in (answer, steps, speed):
        figure = draw()
        for axes in figure.axes:
            axes.set_facecolor("none")
        figure.savefig(HERE / f"{draw.__name__}.svg", metadata={"Date": None})
