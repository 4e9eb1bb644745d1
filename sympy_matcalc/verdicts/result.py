"""`Verdict`: what is said about a formula, as an object, a sentence, LaTeX, HTML and plain data."""

from dataclasses import dataclass
from html import escape
from typing import Any

from ..cookbook.show import readable
from ..printing import latex
from ..text import to_text
from .sentences import sentence

KINDS = ("right", "transposed", "scaled", "right if", "other convention", "sign", "missing term", "wrong shape", "wrong")


@dataclass(frozen=True, eq=False)
class Verdict:
    """What `verdict` found about a formula. True only where it is right.

    What it says:

    - kind: "right", "transposed", "scaled", "right if", "other convention", "sign", "missing term", "wrong shape" or "wrong"; also: the
      kinds of further faults, or of another way to see this one.
    - mine, answer: the formula and the package's derivative, of the kind that `name` says ("gradient", "Jacobian", "Hessian"), of `expr`
      by `X`, of a mixed Hessian also by `Y`.
    - factor: the formula is this times the derivative, or of single terms times those in `terms`.
    - condition: predicates of SymPy's, or equations, joined by ``&``; condition_words: the same as words. as_it_stands: False of a
      formula whose transpose is right under the condition, and not itself.
    - difference: what has to be added to the formula. note: which form, layout or convention the formula is in.
    - counterexample: {"sizes", "data", "entry", "mine", "derivative"}.

    What it rests on:

    - points: how many random points it was compared at; sizes: those sizes; exact: whether the difference simplifies to 0.
    - digits: to how many digits it is known to agree where that is as it says: None where the two agree to 90 or exactly, 15 where
      decimals are rounded, 9 where a node has no value with more than floating point gives.
    """

    kind: str
    mine: Any
    answer: Any
    expr: Any
    X: Any
    name: str
    also: tuple = ()
    factor: Any = None
    condition: Any = None
    condition_words: str = ""
    difference: Any = None
    terms: tuple = ()
    note: str = ""
    convention: str | None = None
    counterexample: dict | None = None
    points: int = 0
    sizes: tuple = ()
    exact: bool = False
    digits: int | None = None
    as_it_stands: bool = True
    Y: Any = None

    def __bool__(self):
        return self.kind == "right"

    def __str__(self):
        return sentence(self, to_text)

    def __repr__(self):
        return f"<Verdict {self.kind!r}: {self}>"

    def latex(self, **settings: Any) -> str:
        """The sentence with its formulas in LaTeX, as text with inline mathematics. settings: those of `mc.latex`."""
        return sentence(self, lambda e: e if isinstance(e, str) else f"${latex(e, **settings)}$", quote="")

    def _repr_latex_(self):
        return self.latex()

    def _repr_html_(self):
        text = sentence(self, lambda e: escape(e) if isinstance(e, str) else f"${escape(latex(e))}$", quote="")
        head, _, rest = text.partition(":")
        return f'<p class="matcalc-verdict"><strong>{head}:</strong>{rest}</p>'

    def as_dict(self, write: Any = to_text) -> dict[str, Any]:
        """Everything as strings, numbers, lists and dicts, the same keys whatever the kind; write: expression -> its text."""
        text = lambda e: None if e is None else write(e if isinstance(e, str) else readable(e))  # noqa: E731
        return {
            "kind": self.kind,
            "also": list(self.also),
            "sentence": sentence(self, write),
            "mine": text(self.mine),
            "expression": text(self.expr),
            "wrt": write(self.X),
            "derivative": self.name.lower(),
            "answer": text(self.answer),
            "answer_latex": latex(self.answer),
            "factor": text(self.factor),
            "condition": None if self.condition is None else str(self.condition),
            "condition_words": self.condition_words or None,
            "difference": text(self.difference),
            "terms": [write(t) for t in self.terms],
            "note": self.note or None,
            "convention": self.convention,
            "counterexample": _plain(self.counterexample),
            "points": self.points,
            "sizes": [{str(s): k for s, k in some.items()} for some in self.sizes],
            "exact": self.exact,
            "digits": self.digits,
        }


def _plain(example):
    """A counterexample as JSON has it."""
    if example is None:
        return None
    listed = {str(s): v.tolist() if hasattr(v, "tolist") else v for s, v in example["data"].items()}
    return {**example, "sizes": {str(s): k for s, k in example["sizes"].items()}, "data": listed, "entry": list(example["entry"])}
