"""What the page asks: a formula, its variable, answers as JSON."""

import json

import values
from sympy import MatrixSymbol

import sympy_matcalc as mc
from sympy_matcalc.errors import MatcalcError


def ask(text, syntax, wrt):
    """JSON of the answer, or of the mistake with its caret."""
    try:
        return json.dumps(answer(text, syntax, wrt))
    except MatcalcError as error:
        return json.dumps({"error": str(error)})


def answer(text, syntax, wrt):
    expr, names = mc.parse(text, syntax=syntax)
    variables = [s for s in names if names[s] in expr.free_symbols]
    chosen = wrt if wrt in names else next((s for s in ("w", "x", "X", "theta") if s in variables), variables[0] if variables else None)
    if chosen is None:
        return {"error": "there is nothing to differentiate by: the formula has no names"}
    X = names[chosen]
    scalar = not hasattr(expr, "shape") or tuple(expr.shape) == (1, 1)
    first = mc.gradient(expr, X) if scalar else mc.jacobian(expr, X)
    out = {
        "variables": variables,
        "wrt": chosen,
        "shapes": {name: " x ".join(map(str, s.shape)) if isinstance(s, MatrixSymbol) else "scalar" for name, s in names.items()},
        "expression": mc.latex(expr),
        "kind": "gradient" if scalar else "Jacobian",
        "text": str(first),
        "latex": mc.latex(first),
        "conditions": list(mc.conditions(first)),
    }
    out["ok"], out["check"] = (
        values.check(expr, X, first, list(names.values())) if scalar else (None, "Jacobians are not checked in the page")
    )
    if scalar:
        second = attempt(lambda: mc.hessian(expr, X))
        out["hessian"], out["hessian_latex"] = (str(second), mc.latex(second)) if not isinstance(second, str) else (second, "")
    out["source"] = attempt(lambda: source(list(names.values()), first))
    return out


def attempt(f):
    """What a function gives, or in words why it gives nothing."""
    try:
        return f()
    except (MatcalcError, NotImplementedError) as error:
        return f"none: {error}"


def source(symbols, result):
    """NumPy's source of a result."""
    from sympy_matcalc.codegen import lambdify as module

    module._compile = lambda text, given: text  # the page shows the text; there is no NumPy to compile it for
    text = mc.lambdify(symbols, result)
    return text[text.rindex("\ndef compute") :].strip()
