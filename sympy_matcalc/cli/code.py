"""``code EXPRESSION --wrt X``: the value, the gradient and the Hessian as one function that shares their work."""

import argparse
from typing import Any

from ..errors import ExpressionError
from .asked import is_scalar, of_reading, read_typed, written
from .derive import differentiate
from .options import LIBRARIES, add_code, add_output, add_question
from .parser import Parser
from .source import source

EPILOG = f"""\
examples:
  python -m sympy_matcalc code "norm(X*w - y)**2" --wrt w
  python -m sympy_matcalc code "logdet(S) + x.T*inv(S)*x" --wrt S --assume "positive_definite: S" --code numpy
  python -m sympy_matcalc code "norm(X*w - y)**2" --wrt w --hessian --code jax > loss.py

The libraries are {", ".join(LIBRARIES)}; the source is written also where the library is not installed. It is
printed alone, with what was read in front as comments.

exit status: 0 done, 2 a mistake in what was asked, 3 a fault of the program."""


def parser() -> Parser:
    out = Parser("code", description="Value and derivatives as one function of arrays.", epilog=EPILOG)
    out.add_argument("expression", help='for example "norm(X*w - y)**2"')
    add_question(out)
    add_code(out, "numpy")
    add_output(out)
    return out


def report(args: argparse.Namespace) -> tuple[dict[str, Any], bool]:
    """(what was read, the names of what the function returns, its source; False)."""
    reading, variable = read_typed(args.expression, args)
    second = args.order == 2
    args.order = 1
    results = {"value": reading.expr}
    results.update([differentiate(reading.expr, variable, args)])
    if second:
        args.order = 2
        if not is_scalar(reading.expr):
            raise ExpressionError(f"`--hessian` is of a scalar, and `{args.expression}` is of shape {reading.expr.shape}: leave it out")
        results.update([differentiate(reading.expr, variable, args)])
    text = source(reading, tuple(results.values()), args.code)
    out = {**of_reading(reading, args), "wrt": written(variable, args), "library": args.code, "returns": list(results), "source": text}
    return out, False


def show(found: dict[str, Any], args: argparse.Namespace) -> str:
    shapes = ", ".join(f"{name}: {shape}" for name, shape in found["shapes"].items())
    said = [f"{found['expression']}, by {found['wrt']}; {shapes}", *found["notes"], f"returns {', '.join(found['returns'])}"]
    return "\n".join([*(f"# {line}" for line in said), found["source"].rstrip()])
