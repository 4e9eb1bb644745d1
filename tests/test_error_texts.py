"""The texts of the errors, read off the syntax trees: each shows what was seen and says what to do."""

import ast
import re
from pathlib import Path

import sympy_matcalc as mc
from sympy_matcalc import errors

PACKAGE = Path(mc.__file__).parent
OURS = {name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, errors.MatcalcError)}
TO_DO = re.compile(  # what is wanted, what there is, or what to change
    r"\b(write|take|needs?|needed|must|expected|gives?|given|declared?|takes?|used?|call|add|mean|allowed|has to|have to|made?|make|ask|wants?|set|pass|"
    r"at most|at least|count(ed)? from|contradict|leave|rename|build it|state the|it has those|can|out of range|neither|Derive|got|more than|"
    r"there are|its (names|matrices) are|is not linear|is not the|not the value|no fact|no derivative by|has no numeric code|no entries|reliable|one of)\b"
)
SEEN_NOTHING = {  # there is nothing to show: nothing was given, or all of it is too much
    "differential` needs", "diff` needs", "Product of matrices", "--layout", "form='vec'", "together they are false", "`bounds`",
    "a structured result", "plot_structure", "residuals` needs", "grid of blocks needs", "nested too deep", "the text is empty",
}  # fmt: skip
OF_A_LIBRARY = ("a structured result", "plot_structure")  # that is missing: the error itself says how to install it
BUILT_ELSEWHERE = 7  # raises whose text a function makes, or is another error's: they have no text of their own to read


def raises():
    """(place, text, whether a value is shown) of every raise of an error of the package."""
    for file in sorted(PACKAGE.rglob("*.py")):
        if "runtime" in file.parts or file.relative_to(PACKAGE).parts[0] == "testing":
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            call = node.exc if isinstance(node, ast.Raise) else None
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in OURS and call.args:
                parts = list(ast.walk(call.args[0]))
                text = "".join(p.value for p in parts if isinstance(p, ast.Constant) and isinstance(p.value, str))
                yield f"{file.relative_to(PACKAGE)}:{node.lineno}", text, any(isinstance(p, (ast.FormattedValue, ast.Name)) for p in parts)


def test_every_error_shows_what_was_seen():
    assert not [(place, text) for place, text, shown in raises() if not shown and not any(part in text for part in SEEN_NOTHING)]


def test_every_error_says_what_to_do():
    found = list(raises())
    assert len(found) > 150
    bare = [(place, text) for place, text, _ in found if not TO_DO.search(text) and text not in OF_A_LIBRARY]
    assert len([place for place, text in bare if len(text) < 12]) <= BUILT_ELSEWHERE
    assert not [(place, text) for place, text in bare if len(text) >= 12]
