"""Which command is asked for, and what becomes of its outcome: text or JSON, one message for a mistake, an exit status."""

import json
import sys
import traceback
from difflib import get_close_matches
from importlib import import_module
from typing import Any

import sympy_matcalc as mc

from ..errors import MatcalcError, MissingLibraryError, ParseError
from .front_page import front_page
from .parser import PROG, OptionsError
from .terminal import coloured, look_of

RECURSION = 20_000  # deep expressions: SymPy's printers recurse several frames a level
HELP = ("-h", "--help")
COMMANDS = {  # word in front: the module with its parser, report and show
    "derive": "derive",
    "explain": "explain",
    "check": "compare",
    "code": "code",
    "cookbook": "identities",
    "convert": "convert",
    "serve": "serve",
    "completion": "completion",
}
DONE, WRONG, MISTAKE, FAULT, STOPPED = 0, 1, 2, 3, 130  # exit statuses


def main(argv: list[str] | None = None) -> int:
    """Run the command line on `argv` and return the exit status.

    0: done. 1: the derivative failed its check, or the formula is not right. 2: a mistake in what was asked, one message on stderr.
    3: a fault of the package. 130: stopped from the keyboard.
    """
    argv = list(sys.argv[1:] if argv is None else argv)
    as_json = "--json" in argv
    try:
        return carried_out(argv)
    except MatcalcError as error:
        return refuse(error, as_json)
    except RecursionError:
        return refuse(MatcalcError("the expression is nested too deep; give intermediate results a name"), as_json)
    except KeyboardInterrupt:
        return STOPPED
    except ModuleNotFoundError as error:  # an installation without what the package needs; a module of its own is a fault
        library = (error.name or "").partition(".")[0]
        if library in ("", mc.__name__):
            return fault(error, as_json)
        return refuse(MissingLibraryError("the command line", library), as_json)
    except Exception as error:
        return fault(error, as_json)


def fault(error: Exception, as_json: bool) -> int:
    """Print the traceback and what is said of it.

    It is for a report, and a script can tell its exit status from a failed check.
    """
    traceback.print_exc()
    refuse(MatcalcError(f"a fault of the program, {type(error).__name__}: {error}"), as_json)
    return FAULT


def carried_out(argv: list[str]) -> int:
    """Run a command whose words are right; returns its exit status."""
    about = of_the_program(argv)
    if about is not None:
        write(as_json(about) if "--json" in argv else "\n".join(about.values()))
        return DONE
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, RECURSION))
    try:
        command, rest = command_of(argv)
        parser, words = command.parser(), protect(rest)
        check_variable(parser, words)
        args = parser.parse_args(words)
        args.look = look_of(sys.stdout, args)
        report, status = command.report(args)
        if report is not None:
            write(as_json(report) if getattr(args, "json", False) else command.show(report, args))
        return int(status)
    finally:
        sys.setrecursionlimit(limit)


def of_the_program(argv: list[str]) -> dict[str, str] | None:
    """What ``--version`` and, where no command is named, ``--help`` ask for."""
    words = with_flags_behind(argv)
    if words[:1] == ["--version"]:
        return {"version": f"sympy_matcalc {mc.__version__}"}
    if words[:1] == ["help"] and len(words) == 1 or words[:1] and words[0] not in COMMANDS and any(word in HELP for word in words):
        return {"help": front_page()}
    return None


def command_of(argv: list[str]) -> tuple[Any, list[str]]:
    """(the module of the command, the words behind it): an expression alone is derived."""
    argv = with_flags_behind(argv)
    named = bool(argv) and argv[0] in COMMANDS and not is_expression(argv)
    if not named and len(argv) > 1 and argv[0].isidentifier() and not argv[1].startswith("-"):
        raise ParseError(f"`{argv[0]}` is no command that can stand in front of an expression; {instead_of(argv[0])}")
    module = COMMANDS[argv[0]] if named else "derive"
    return import_module(f"{__package__}.{module}"), argv[1:] if named else argv


def with_flags_behind(argv: list[str]) -> list[str]:
    """The flags that stand in front of a command behind it: ``--json derive ...``."""
    count = next((i for i, word in enumerate(argv) if word not in ("--json", "--plain")), len(argv))
    return [*argv[count:], *argv[:count]]


def instead_of(word: str) -> str:
    """What to write in the place of a word that is no command."""
    if word.lower() in ("hessian", "hess"):
        return "write the expression with `--hessian`"
    if word.lower() in ("gradient", "grad", "jacobian", "diff", "derivative", "differentiate", "d"):
        return "leave it out: a derivative is what is answered without a command"
    near = get_close_matches(word.lower(), COMMANDS, 1)
    return f"did you mean `{near[0]}`?" if near else f"the commands are {', '.join(COMMANDS)}; an expression with blanks stands in quotes"


def check_variable(parser: Any, words: list[str]) -> None:
    """ParseError where `--wrt` is missing, with the names that it could be."""
    needed = any("--wrt" in action.option_strings and action.required for action in parser.added)
    if not needed or any(word.partition("=")[0] in ("--w", "--wr", "--wrt", *HELP, "--version") for word in words):
        return
    from ..text import read

    args = parser.parse_args([*words, "--wrt", "?"])  # other mistakes are said first
    reading = read(getattr(args, "of", None) or args.expression, args.shape, syntax=args.syntax)
    names = [name for name, symbol in reading.symbols.items() if not symbol.is_integer]
    known = f"it may be {' or '.join(f'`--wrt {name}`' for name in names)}" if names else "the expression has no name that it could be"
    raise ParseError(f"`--wrt` is missing; add the variable of the derivative: {known}")


def is_expression(argv: list[str]) -> bool:
    """Whether the word of a command is a name that is differentiated: ``check --wrt check``."""
    asked = [argv[i + 1] for i, word in enumerate(argv[:-1]) if word == "--wrt"]
    return argv[1:2] != [] and argv[1].startswith("--") and argv[0] in asked


def protect(argv: list[str]) -> list[str]:
    """An expression such as ``-x.T*x`` with a blank in front, so that argparse does not take it for an option."""
    return [" " + a if a.startswith("-") and not a.startswith("--") and a != "-h" else a for a in argv]


def as_json(report: Any) -> str:
    return json.dumps(report, indent=2, ensure_ascii=False)


def refuse(error: MatcalcError, in_json: bool) -> int:
    """Show a mistake: one message on stderr, with ``--json`` an object on stdout."""
    if in_json:
        write(as_json({"error": str(error), "where": getattr(error, "column", None)}))
    else:
        usage = error.usage if isinstance(error, OptionsError) else ""
        print(f"{usage}{coloured(f'{PROG}: error:', 'red', look_of(sys.stderr))} {error}", file=sys.stderr)
    return MISTAKE


def write(text: str) -> None:
    """Print, also where the terminal cannot show a letter of a name; a reader that closed the pipe is no error."""
    try:
        print(text.encode(sys.stdout.encoding or "utf-8", "backslashreplace").decode(sys.stdout.encoding or "utf-8"), flush=True)
    except BrokenPipeError:
        sys.stderr.close()
