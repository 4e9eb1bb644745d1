"""The command line: a typed expression in, its derivative out, as text, LaTeX and NumPy source, checked numerically."""

import argparse
import json
import sys
import textwrap

import numpy as np
from sympy import And, MatrixSymbol, Trace

import sympy_matcalc as mc

from .certificate import with_facts
from .derivations import command as explaining
from .errors import MatcalcError, MissingLibraryError, ParseError
from .facts import OF_SQUARE, PREDICATES, read_facts
from .options import Parser, Raw
from .printing import latex
from .structure import CONVENTIONS, DEFAULT, REASON, STRUCTURES
from .testing.data import random_env
from .testing.structures import judge_structured, random_point
from .text import read, to_text
from .text.assumed import read_assumptions
from .text.domains import domains
from .text.functions import help_of_elementwise, help_of_functions
from .text.operators import SYNTAXES
from .verdicts.typed import typed_verdict, written

RECURSION = 20_000  # deep expressions: SymPy's printers recurse several frames a level
HELP = ("-h", "--help")  # other options behind the word of a command make it an expression of that name
LINE = 80  # characters; of a longer answer, repeated parts get names
WRONG = 1  # exit status of a derivative that fails its check
DRAWS = 4  # random points at which a derivative with structure is judged
MISTAKE = 2  # exit status of what the user can put right

EPILOG = """\
examples:
  python -m sympy_matcalc "x.T*A*x" --wrt x
  python -m sympy_matcalc "log(det(X))" --wrt X --order 2 --form vec
  python -m sympy_matcalc "norm(Y - U*V.T)**2" --wrt U --shape "U: m x 3" --json
  python -m sympy_matcalc "logdet(S)" --wrt S --structure S:symmetric --convention entries
  python -m sympy_matcalc "x'*A*x where A is symmetric" --wrt x --wrt A
  python -m sympy_matcalc '\\lVert Xw - y\\rVert_2^2' --wrt w
  python -m sympy_matcalc explain "log(det(X.T*X))" --wrt X --detail 0
  python -m sympy_matcalc check "2*A*x" --of "x.T*A*x" --wrt x

grammar, in Python's spelling: names, numbers, pi, + - * @ / **, X.T, X.I (inverse), X.H, entries X[i, j] and x[i]; in MATLAB's
x', .* ./ .^ ^, A\\b, ||x||, [A, B; C, D]; LaTeX; by hand xᵀAx. Declarations stand in front ("A symmetric matrix, x vector; x'*A*x")
or behind the word where. The functions:
{functions}
functions of a scalar, which act entry by entry on vectors and matrices:
{elementwise}

shapes are inferred from use. What use leaves open: a capital is a matrix, h..z a column, a..g, t and small Greek a scalar
(all but t a column where transposed or right behind a matrix). The shapes are printed; --shape overrides.

exit status: 0 done, 1 the derivative failed its numeric check, 2 a mistake in what was asked."""


CHECK = """\
examples:
  python -m sympy_matcalc check "2*A*x" --of "x.T*A*x" --wrt x
  python -m sympy_matcalc check "2*inv(S)" --of "logdet(S)" --wrt S --structure S:symmetric --convention entries

Your formula is compared with the derivative as an expression, and at random points. The shapes are those of the expression.

exit status: 0 right, 1 not right, or right under a condition only, 2 a mistake in what was asked."""


def main(argv=None):
    """Run the command line on `argv`; returns the exit status: 0, 1 (check failed) or 2 (one message on stderr)."""
    argv = list(sys.argv[1:] if argv is None else argv)
    is_command = bool(argv) and argv[0] in COMMANDS and (not argv[1:2] or argv[1] in HELP or not argv[1].startswith("--"))
    read_arguments, run = COMMANDS[argv[0]] if is_command else (parser, derivative)
    options = read_arguments()
    options.json_asked = "--json" in argv
    args = options.parse_args(protect(argv[1:] if is_command else argv))
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, RECURSION))
    try:
        text, status = run(args)
    except MatcalcError as error:
        return refuse(str(error), getattr(error, "column", None), args)
    except RecursionError:
        return refuse("the expression is nested too deep; give intermediate results a name", None, args)
    finally:
        sys.setrecursionlimit(limit)
    write(text)
    return status


def derivative(args):
    """(what is printed, the exit status)."""
    reports = [derive(one) for one in by_each(args)]
    if args.json:
        text = json.dumps(reports if len(reports) > 1 else reports[0], indent=2, ensure_ascii=False)
    else:
        text = "\n\n".join(show(report, args) for report in reports)
    return text, WRONG if any(report["ok"] is False for report in reports) else 0


def by_each(args):
    """The options of each variable: a structure that names another of them is that one's."""
    for name in args.wrt:
        of = (args.structure or "").rpartition(":")[0].strip()
        other = of in args.wrt and of != name
        given = {"wrt": [name], "structure": None if other else args.structure, "convention": None if other else args.convention}
        yield argparse.Namespace(**{**vars(args), **given})


def refuse(message, column, args):
    """Show a mistake: one message on stderr, with `--json` an object on stdout."""
    if args.json:
        write(json.dumps({"error": message, "where": column}, indent=2, ensure_ascii=False))
    else:
        print(f"matcalc: error: {message}", file=sys.stderr)
    return MISTAKE


def protect(argv):
    """An expression such as ``-x.T*x`` with a blank in front, so that argparse does not take it for an option."""
    return [" " + a if a.startswith("-") and not a.startswith("--") and a != "-h" else a for a in argv]


def write(text):
    """Print, also where the terminal cannot show a letter of a name; a reader that closed the pipe is no error."""
    try:
        print(text.encode(sys.stdout.encoding or "utf-8", "backslashreplace").decode(sys.stdout.encoding or "utf-8"), flush=True)
    except BrokenPipeError:
        sys.stderr.close()


def parser():
    out = Parser("matcalc", description="Derivative of a matrix expression.", epilog=epilog(), formatter_class=Raw)
    out.add_argument("expression", help='for example "x.T*A*x"')
    add_question(out)
    out.add_argument("--no-check", action="store_true", help="skip the numeric check")
    only = out.add_mutually_exclusive_group()
    only.add_argument("--json", action="store_true", help="everything as one JSON object")
    only.add_argument("--latex-only", action="store_true", help="print the derivative's LaTeX, nothing else")
    only.add_argument("--source-only", action="store_true", help="print the derivative's NumPy source, nothing else")
    out.add_argument("--version", action="version", version=f"sympy_matcalc {mc.__version__}")
    return out


def checker():
    what = "What a formula of your own is to a derivative."
    out = Parser("matcalc check", description=what, epilog=CHECK, formatter_class=Raw)
    out.add_argument("mine", help='your formula, for example "2*A*x"')
    out.add_argument("--of", required=True, metavar="EXPRESSION", help='what it is meant to be the derivative of: "x.T*A*x"')
    add_question(out)
    out.add_argument("--json", action="store_true", help="everything as one JSON object")
    return out


def add_question(out):
    """The options that say which derivative is meant."""
    out.add_argument("--wrt", required=True, action="append", metavar="X", help="the variable: a name or an entry, X[0,1]; may be repeated")
    out.add_argument("--syntax", choices=("auto", *SYNTAXES), default="auto", help="the spelling of the formula; default: as it looks")
    out.add_argument("--order", type=int, choices=(1, 2), default=1, help="2: the Hessian of a scalar")
    out.add_argument("--form", choices=("vec", "vech"), help="vec: d vec F / d vec(X)', columns stacked; vech: by the free parameters")
    out.add_argument("--structure", metavar="X:symmetric", help=f"what the variable is: {', '.join(STRUCTURES)}")
    out.add_argument("--convention", choices=CONVENTIONS, help=f"of a derivative with structure; default {DEFAULT}, {REASON}")
    out.add_argument("--layout", choices=("numerator", "denominator"), default="numerator", help="layout of a Jacobian")
    out.add_argument("--shape", action="append", default=[], metavar='"X: m x n"', help='also "v: n" and "t: scalar"; may be repeated')
    out.add_argument(
        "--assume",
        action="append",
        default=[],
        metavar='"symmetric: A, S"',
        help=f"facts that shorten the answer: {', '.join(PREDICATES)}; may be repeated",
    )


def epilog():
    elementwise = textwrap.fill(help_of_elementwise(), 116, initial_indent="  ", subsequent_indent="  ")
    return EPILOG.format(functions=textwrap.indent("\n".join(help_of_functions()), "  "), elementwise=elementwise)


# ---- the work
def derive(args):
    """The report: a dict of strings and lists of such, plus ``ok`` (True, False, or None where not checked)."""
    reading, variable = read_typed(args.expression, args)
    kind, result = differentiate(reading.expr, variable, args)
    report = {
        "expression": to_text(reading.expr),
        "wrt": to_text(variable),
        "shapes": reading.shapes,
        "conventions": reading.conventions,
        "notes": list(reading.notes),
        "kind": kind,
        "result": to_text(result),
        "latex": latex(result),
        "conditions": list(mc.conditions(result)),
    }
    report["names"], report["short"] = shortened(result, report["result"])
    report["ok"], report["check"] = (None, "skipped") if args.no_check else verdict(reading.expr, variable, result, args)
    report["notes"] += domains(reading.expr)[1] if report["ok"] is not None else []
    report["source"] = source(reading, result)
    return report


def read_typed(text, args):
    """(what was read, the variable); facts and structure of the options are put in `args` as what they state."""
    if len(args.wrt) > 1:
        got = " and ".join(f"`{name}`" for name in args.wrt)
        raise ParseError(f"`--wrt` of `check` takes one variable, got {got}; ask for them one after the other")
    facts = read_assumptions(args.assume)
    square = [name for fact, name, _ in facts if fact in OF_SQUARE] + square_by(args)
    reading = read(text, args.shape, args.wrt, square, args.syntax)
    facts += read_assumptions(reading.facts)
    (variable,) = reading.variables
    args.facts = facts_of(facts, reading.symbols)
    args.structure = structure_of(args.structure, variable)
    return reading, variable


def checked(args):
    """(what ``matcalc check`` prints, the exit status)."""
    report = compare(args)
    return show_comparison(report, args), 0 if report["ok"] else WRONG


def compare(args):
    """The report of ``matcalc check``: what `Verdict.as_dict` has, with shapes and notes of what was read; ok is whether it is right."""
    reading, _ = read_typed(args.of, args)
    given = {"form": args.form, "layout": args.layout, "structure": args.structure, "convention": args.convention}
    found = typed_verdict(args.mine, reading, args.order, assumptions=args.facts, **given)
    return {**found.as_dict(written), "shapes": reading.shapes, "notes": list(reading.notes), "ok": bool(found)}


def shortened(result, text):
    """([{"name", "part"}, ...], the answer in these names); nothing where it fits on a line, or where no name shortens it."""
    names, short = mc.abbreviate(result) if len(text) > LINE else ((), result)
    return [{"name": to_text(s), "part": to_text(part)} for s, part in names], to_text(short) if names else text


def facts_of(stated, symbols):
    """The SymPy assumption of what is stated; None without any."""
    out = []
    for fact, name, text in stated:
        if name not in symbols or not isinstance(symbols[name], MatrixSymbol):
            matrices = ", ".join(s for s in symbols if isinstance(symbols[s], MatrixSymbol)) or "none"
            raise ParseError(f'`--assume "{text}"`: there is no matrix `{name}` in the expression; its matrices are {matrices}')
        out.append(PREDICATES[fact](symbols[name]))
    return And(*out) if out else None


def square_by(args):
    """The variable, where its structure makes it square."""
    found = STRUCTURES.get((args.structure or "").rpartition(":")[2].strip())
    return args.wrt if found and found.of_shape == "square" else []


def structure_of(text, variable):
    """The structure that ``X:symmetric``, or only ``symmetric``, states of the variable; None without one."""
    if text is None:
        return None
    name, colon, structure = (part.strip() for part in text.partition(":"))
    if not colon:
        return name
    if name != to_text(variable):
        raise ParseError(f'`--structure "{text}"` is of the variable, `{to_text(variable)}`, got `{name}`')
    return structure


def differentiate(expr, variable, args):
    """('gradient' | 'jacobian' | 'hessian', the derivative)."""
    given = {"assumptions": args.facts, "structure": args.structure, "convention": args.convention}
    if args.order == 2:
        if args.layout != "numerator":
            raise ParseError("`--layout` is of a Jacobian, and a Hessian has none: leave it out with `--order 2`")
        return "hessian", mc.hessian(expr, variable, form=args.form, **given)
    if is_scalar(expr) and args.form in (None, "vech") and args.layout == "numerator":
        return "gradient", mc.gradient(expr, variable, form=args.form, **given)
    return "jacobian", mc.jacobian(expr, variable, layout=args.layout, form=args.form, **given)


def is_scalar(expr):
    return not getattr(expr, "is_Matrix", False) or expr.shape == (1, 1)


def verdict(expr, variable, result, args):
    """(ok, text) of the numeric check of `result` against finite differences; ok is None where no point could be judged."""
    given = {"domain": domains(expr)[0], "assumptions": args.facts}
    if args.structure:
        return structured_verdict(expr, variable, result, args, given["domain"])
    try:
        if args.form or args.layout == "denominator":  # `check` judges numerator layout, from which these are read off
            certificate = mc.check(expr if args.order == 1 else mc.gradient(expr, variable), variable, **given)
        elif args.order == 2:
            certificate = mc.check(mc.gradient(expr, variable), variable, derivative=result, **given)
        else:
            certificate = mc.check(expr, variable, derivative=result, **given)
    except mc.CheckError as error:
        return False, str(error)
    except IndexError as error:
        return None, f"not checked: {error}; declare larger sizes with --shape"
    except (ValueError, NotImplementedError, MissingLibraryError) as error:  # LinAlgError among them
        return None, f"not checked: {error}"
    if not certificate.ok:
        return None, "not checked: finite differences are not reliable at any of the random points"
    return True, str(certificate._replace(conditions=()))


def structured_verdict(expr, variable, result, args, domain):
    """(ok, text) of a derivative with structure against finite differences along the structure, both forms of it from the plain one."""
    if not is_scalar(expr):
        return None, "not checked: only derivatives of scalars by a variable with structure are"
    derive = mc.gradient if args.order == 1 else mc.hessian
    answer = derive(expr, variable, structure=args.structure, convention=args.convention) if args.form else result
    verdicts, facts = [], read_facts(args.facts)
    scalar = Trace(expr) if getattr(expr, "is_Matrix", False) else expr  # of one entry
    for seed in range(DRAWS):
        rng = np.random.default_rng(seed)
        env = with_facts(random_env([expr, variable], seed, None, {s: d for s, d in domain.items() if s != variable}), facts, seed)
        try:
            env[variable] = random_point(args.structure, env[variable].shape, rng)
            verdicts.append(judge_structured(args.order, scalar, variable, env, answer, args.structure, args.convention or DEFAULT, rng))
        except (ValueError, NotImplementedError, IndexError) as error:  # LinAlgError among them
            verdicts.append(f"not checked: {error}")
    if "wrong" in verdicts:
        return False, f"the derivative of `{expr}` with structure {args.structure} is wrong"
    judged = verdicts.count("right")
    if not judged:
        return None, next(
            (v for v in verdicts if v != "unreliable"), "not checked: finite differences are not reliable at the points tried"
        )
    of = "" if args.form is None else f", of which the {args.form} form is made"
    return True, f"checked at {judged} random points with this structure against finite differences along it{of}"


def source(reading, result):
    """NumPy source of the derivative as a function of the names it contains; of more names, then of sizes, where a size is not shown."""
    used = {str(s) for s in result.free_symbols}
    every = list(reading.symbols.values())
    shapes = {d for s in every for size in getattr(s, "shape", ()) for d in size.free_symbols}
    sizes = sorted((shapes | result.free_symbols) - set(every), key=str)
    failure = None
    for args in ([s for s in every if str(s) in used], every, every + sizes):
        try:
            return mc.lambdify(args, result).source
        except MissingLibraryError as error:
            return f"# {error}\n{error.source}"
        except (MatcalcError, NotImplementedError) as error:
            failure = failure or error
    return f"# no NumPy source: {failure}"


# ---- the output
def show_comparison(report, args):
    if args.json:
        return json.dumps(report, indent=2, ensure_ascii=False)
    shapes = ", ".join(f"{name}: {shape}" for name, shape in report["shapes"].items())
    lines = [("shapes", shapes), ("expression", report["expression"]), ("yours", report["mine"])]
    lines += [("note", note) for note in report["notes"]]
    lines += [(report["derivative"], report["answer"]), ("verdict", report["sentence"])]
    return "\n".join(f"{label + ':':12}{value}" for label, value in lines)


def by_reason(conventions):
    """The names that a convention has given their shapes, by the convention."""
    reasons = {}
    for name, why in conventions.items():
        reasons.setdefault(why.partition(": ")[2] or why, []).append(name)
    return "; ".join(f"{', '.join(names)} by convention: {why}" for why, names in reasons.items())


def show(report, args):
    if args.latex_only or args.source_only:
        return report["latex" if args.latex_only else "source"].rstrip()
    shapes = ", ".join(f"{name}: {shape}" for name, shape in report["shapes"].items())
    lines = [("shapes", shapes)]
    lines += [("read as", by_reason(report["conventions"]))] if report["conventions"] else []
    lines += [("expression", report["expression"])]
    lines += [("note", note) for note in report["notes"]]
    lines += [(report["kind"], report["result"])]
    lines += [("where", f"{d['name']} = {d['part']}") for d in report["names"]]
    lines += [("it is", report["short"])] if report["names"] else []
    lines += [("latex", report["latex"])]
    lines += [("conditions", "; ".join(report["conditions"]))] if report["conditions"] else []
    lines += [("check", report["check"])]
    text = "\n".join(f"{label + ':':12}{value}" for label, value in lines)
    return f"{text}\nsource:\n{textwrap.indent(report['source'].rstrip(), '    ')}"


COMMANDS = {  # word in front -> (parser of the rest, what it does)
    "explain": (explaining.parser, explaining.run),
    "check": (checker, checked),
}
