"""Step and Derivation: what `explain` returns. How they look is in `text`, `tex` and `page`."""

from dataclasses import dataclass, replace
from typing import Any

from ..errors import ArgumentError
from ..strict import sympified
from . import page, tex, text
from .certified import Certified


@dataclass(frozen=True, eq=False)
class Step:
    """One line: `left` is `right`, two SymPy expressions of equal value, by a rule with the name that a textbook uses.

    source: the book, where the rule has one. parts: the differentials that were written out. note: a remark, or "". opening: whether the
    left side is written out, as that of the first line is. found: (kind, derivative) that is read off this line, or None.
    """

    left: Any
    right: Any
    rule: str
    source: str = ""
    parts: tuple = ()
    note: str = ""
    opening: bool = False
    found: Any = None

    @property
    def shown(self) -> tuple:
        """The expressions whose shapes are said: the parts that were written out, and the right side."""
        return (*self.parts, self.right)

    @property
    def shapes(self) -> dict:
        """The shapes of the parts and of the right side, by their text; () of a scalar."""
        return {text.plain(e): tuple(getattr(e, "shape", ())) for e in self.shown}

    def __repr__(self) -> str:
        return text.step_text(self)


@dataclass(frozen=True, eq=False)
class Derivation:
    """A derivative with its steps.

    steps: a tuple of `Step`. result: what `mc.gradient`, `mc.jacobian` or `mc.hessian` gives, `kind` says which. certificate: at how
    many points which steps were found true. Shows itself by ``str()``, ``text(unicode=)``, ``latex(standalone=)``, ``markdown()``,
    ``as_dict()``, and in Jupyter.
    """

    expression: Any
    variable: Any
    style: str
    detail: int
    order: int
    kind: str
    steps: tuple
    result: Any
    certificate: Any = None

    def certified(self, certificate: Certified) -> "Derivation":
        """The same with a certificate."""
        return replace(self, certificate=certificate)

    def explicitly(self, X: Any, result: Any) -> "Derivation":
        """The same of an explicit variable X, for which the MatrixSymbol of the steps stands, with the explicit result."""
        last = self.steps[-1]
        note = "; ".join(filter(None, [last.note, f"where {text.plain(self.variable)} = {text.plain(X.as_immutable())}"]))
        steps = (*self.steps[:-1], replace(last, found=(self.kind, result), note=note))
        return replace(self, steps=steps, result=result)

    def descent(self, rate: Any) -> Any:
        """Where a step of gradient descent leads, ``x - rate * gradient``; ArgumentError where the derivative is no gradient."""
        if self.kind != "gradient":
            raise ArgumentError(f"a step of gradient descent needs a gradient, and this is a {self.kind}")
        return self.variable - sympified(rate) * self.result

    def __len__(self) -> int:
        return len(self.steps)

    def __iter__(self) -> Any:
        return iter(self.steps)

    def __str__(self) -> str:
        return text.of_derivation(self)

    __repr__ = __str__

    def text(self, unicode: bool = False) -> str:
        """The lines, right sides under one another, the names of the rules behind them."""
        return text.of_derivation(self, unicode)

    def latex(self, standalone: bool = False, **settings: Any) -> str:
        """An `align*` environment; standalone: a whole document. settings: those of `mc.latex`."""
        return tex.of_derivation(self, standalone, settings)

    def _repr_latex_(self) -> str:
        return self.latex()

    def _repr_html_(self) -> str:
        return page.html(self)

    def markdown(self) -> str:
        """A list of formulas with the names of their rules, for pages that render LaTeX between dollar signs."""
        return page.markdown(self)

    def as_dict(self) -> dict:
        """Everything as text, numbers, lists and dicts, for JSON; the keys stay the same from version to version.

        expression, variable: as typed. style, detail, order: as asked for. kind: "gradient", "jacobian", "hessian", or one of the last
        two with "vec " in front. result, latex: the whole derivative, as typed and in LaTeX; short: the same with the names of long
        parts; names: [{name, part}], a part may hold names that stand before it. steps: [{left, right, left_latex, right_latex, rule,
        source, shapes, note, text}], the sides with those names; shapes: {expression: [rows, columns]}, [] of a scalar; source, note: ""
        where there is none; text: the step on one line. certificate: {steps, points, error, sizes, reason, conditions, text}, None where
        nothing was checked; reason: why no point could be judged; conditions: what holds at the points, a list of sentences.
        """
        return page.as_dict(self)
