"""What the page asks: a formula and its variable, answers as JSON."""

import json

import libraries  # noqa: F401, before what imports NumPy
import values
from sympy.assumptions.assume import assuming

import sympy_matcalc as mc
from sympy_matcalc.cli.asked import by_reason, is_scalar
from sympy_matcalc.cli.source import source
from sympy_matcalc.codegen import lambdify as code
from sympy_matcalc.derivations.explain import derived
from sympy_matcalc.errors import MatcalcError
from sympy_matcalc.facts import predicates, read_facts
from sympy_matcalc.kernel.walks import free_symbols
from sympy_matcalc.text import read
from sympy_matcalc.text.assumed import facts_of, read_assumptions

PARTS = ("hessian", "steps", "numpy", "jax", "torch")  # in this order: sources give the Hessian too
FIRST = ("w", "x", "X", "theta")  # by what is derived where nobody says it


class Text:
    """What takes the place of a compiled function: the page shows its source, and has no library to run it."""

    def __init__(self, source, given):
        self.source = source


code.compiled = Text


def ask(text, syntax, wrt):
    """JSON of the derivative with its check, or of the mistake with its caret; `rest` gives what belongs to it and takes longer."""
    Question.last = None
    return in_json(lambda: Question(text, syntax, wrt).first())


def rest(part):
    """JSON of one of the `PARTS` that belong to what was asked last: each by itself, so that a new question need not wait for all."""
    return in_json(lambda: {part: Question.last.rest(part)}) if Question.last else "{}"


def in_json(f):
    try:
        return json.dumps(f())
    except MatcalcError as error:
        return json.dumps({"error": str(error)})


class Question:
    """A formula by a variable, read."""

    last = None

    def __init__(self, text, syntax, wrt):
        self.reading = read(text, syntax=syntax)
        self.expr, names = self.reading.expr, self.reading.symbols
        self.variables = [s for s in names if names[s] in free_symbols(self.expr)]
        if not self.variables:
            raise MatcalcError("there is nothing to differentiate by: the formula has no names")
        self.wrt = wrt if wrt in self.variables else next((s for s in FIRST if s in self.variables), self.variables[0])
        self.X, self.facts = names[self.wrt], facts_of(read_assumptions(self.reading.facts), names)
        self.is_scalar = is_scalar(self.expr)
        self.point = values.Point(names.values(), read_facts(self.facts))

    def first(self):
        reading, kind = self.reading, "gradient" if self.is_scalar else "Jacobian"
        self.derivative = (mc.gradient if self.is_scalar else mc.jacobian)(self.expr, self.X, assumptions=self.facts)
        check = self.point.check if self.is_scalar else self.point.check_jacobian
        ok, said = check(self.expr, self.X, self.derivative)
        self.results = {"value": self.expr, kind: self.derivative}
        Question.last = self
        return {
            "variables": self.variables,
            "wrt": self.wrt,
            "shapes": ", ".join(f"{name}: {shape}" for name, shape in reading.shapes.items()),
            "notes": [*notes(reading), *mc.conditions(self.derivative)],
            "expression": mc.latex(self.expr),
            "kind": kind,
            **written(self.derivative),
            "ok": ok,
            "check": said,
        }

    def rest(self, part):
        if part == "hessian":
            return attempt(self.hessian) if self.is_scalar else None
        return attempt(self.steps) if part == "steps" else self.source(part)

    def source(self, library):
        return f"# returns {', '.join(self.results)}\n" + source(self.reading, tuple(self.results.values()), library)

    def hessian(self):
        found = mc.hessian(self.expr, self.X, assumptions=self.facts, form="vec" if values.is_wide(self.X) else None)
        self.results["Hessian"] = found
        ok, said = self.point.check_hessian(self.expr, self.X, found)
        return {**written(found), "ok": ok, "check": said}

    def steps(self):
        with assuming(*predicates(self.facts)):
            return {"markdown": derived(self.expr, self.X).markdown()}


def notes(reading):
    """How the text was read, in lines."""
    stated = [f"stated: {fact}" for fact in reading.facts]
    return [*([f"read as: {by_reason(reading.conventions)}"] if reading.conventions else []), *stated, *reading.notes]


def written(result):
    return {"text": str(result), "latex": mc.latex(result)}


def attempt(f, *args):
    """What a function gives, or in words why it gives nothing."""
    try:
        return f(*args)
    except (MatcalcError, NotImplementedError) as error:
        return {"none": str(error)}
