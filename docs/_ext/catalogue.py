"""Pages of the reference that are made from the package: functions and nodes by family, and the catalogue of rules from their registry."""

import inspect
import sys
from pathlib import Path

from notation import CITATION, to_markdown

import sympy_matcalc as mc
from sympy_matcalc import operators
from sympy_matcalc.nodes.declaration import OwnNode
from sympy_matcalc.nodes.linearity import LINEAR
from sympy_matcalc.rules.registry import ARRAY_RULES, NAMES, RULES

FUNCTIONS = {
    "Derivatives": "gradient jacobian hessian diff differential jvp vjp hvp taylor implicit fisher gauss_newton",
    "Steps, verdicts and checks": "explain Derivation Differential check Certificate verdict Verdict conditions",
    "Numbers": "lambdify at objective Objective StructuredObjective residuals Residuals",
    "Writing expressions": "parse scalar dot diag diagonal hstack vstack function",
    "Identities": "simplify expand collect rewrite rewrites idempotent cookbook",
    "Showing answers": "latex LatexPrinter abbreviate Abbreviated dataflow Dataflow plot_structure",
    "Variables with structure, complex variables, indices": "LinearStructure complex_derivative complex_jacobians complex_hessian "
    "to_index_notation to_matrix_notation",
    "Rules of one's own, SymPy": "rule linear install installed uninstall",
    "Errors": "MatcalcError MissingRuleError ShapeError UnsupportedVariableError ExpressionError ArgumentError IndexRangeError "
    "AssumptionError ParseError CheckError DtypeError MissingLibraryError TakenAsRealWarning",
}
RULES_HEAD = """\
# The catalogue of rules

Each is a function of its own in `sympy_matcalc/rules`, and each is checked against finite differences at two orders, and with mistakes
planted in it. A function of scalars needs none: its derivative is SymPy's, by the chain rule. This page is made from the registry.

"""
LINEAR_HEAD = """\

## Linear in an argument

The differential of a node that is linear in an argument is the node of the differential; these are declared so, with their adjoints.

"""


def public_functions():
    """The public names that are no nodes, as the page has them."""
    return [name for names in FUNCTIONS.values() for name in names.split()]


def nodes():
    """{module: its public nodes}."""
    found = {}
    for name in mc.__all__:
        if name not in public_functions():
            found.setdefault(getattr(mc, name).__module__, []).append(name)
    return found


def entry(name, module="sympy_matcalc"):
    """The directive that shows an object's docstring."""
    thing = getattr(sys.modules[module], name)
    if not inspect.isclass(thing):
        return f".. autofunction:: {module}.{name}\n"
    members = "" if issubclass(thing, (OwnNode, Exception)) else "   :members:\n"
    if members and (others := foreign(thing)):
        members += f"   :exclude-members: {', '.join(others)}\n"
    return f".. autoclass:: {module}.{name}\n{members}"


def foreign(thing):
    """The members of a class whose text is that of a class outside the package, such as SymPy's `free_symbols`."""

    def told_by(name):
        return next((c.__module__ for c in thing.__mro__ if getattr(vars(c).get(name), "__doc__", None)), "")

    return sorted(name for name in vars(thing) if name[0] != "_" and not (told_by(name) or "sympy_matcalc").startswith("sympy_matcalc"))


def heading(title, line):
    return f"{title}\n{line * len(title)}\n"


def title_of(module):
    """The first sentence of a module's docstring, as a title."""
    return inspect.cleandoc(sys.modules[module].__doc__).splitlines()[0].split(":")[0].split(". ")[0].rstrip(".").replace("`", "")


def functions_page():
    parts = [heading("Functions", "=")]
    for title, names in FUNCTIONS.items():
        parts += [heading(title, "-"), *map(entry, names.split())]
    return "\n".join(parts)


def nodes_page():
    parts = [heading("Nodes", "="), "Each is a SymPy node with shape, text, LaTeX, a differential rule and numeric code.\n"]
    for module, names in nodes().items():
        parts += [heading(title_of(module), "-"), *map(entry, names)]
    return "\n".join(parts)


def operators_page():
    names = [name for name, thing in inspect.getmembers(operators, inspect.isclass) if thing.__module__.startswith(operators.__name__)]
    parts = [heading("Operators", "="), inspect.cleandoc(operators.__doc__).replace("`", "``").replace("````", "``") + "\n"]
    return "\n".join(parts + [entry(name, "sympy_matcalc.operators") for name in names])


def row(*cells):
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def code(text):
    """Text as code in Markdown."""
    return f"`{' '.join(text.split())}`"


def rules_page():
    """The registry as tables, a family of rules each."""
    families = {}
    for key, rule in [*RULES.items(), *ARRAY_RULES.items()]:
        if not (rule.__module__ or "").startswith("sympy_matcalc.") or rule.__doc__ is None and key in LINEAR:
            continue  # a user's, or one of the second table
        name, source = NAMES[key].name, NAMES[key].source
        said = " ".join(rule.__doc__.split())
        formula = to_markdown(CITATION.sub("", said) if source else said).rstrip(".")
        line = row(code(key if isinstance(key, str) else key.__name__), formula, f"{name} ({source})" if source else name)
        families.setdefault(rule.__module__, []).append(line)
    parts = [RULES_HEAD]
    for module, lines in families.items():
        parts += [f"## {title_of(module)}\n", row("node", "rule", "what `explain` calls it (source)"), "|---|---|---|", *sorted(lines), ""]
    names = sorted({cls.__name__ for cls in LINEAR})
    return "\n".join(parts) + LINEAR_HEAD + ", ".join(map(code, names)) + "\n"


PAGES = {"functions.rst": functions_page, "nodes.rst": nodes_page, "operators.rst": operators_page, "rules.md": rules_page}


def write(folder: Path):
    """Write the pages that differ from those that are there."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in PAGES.items():
        path, text = folder / name, make()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
