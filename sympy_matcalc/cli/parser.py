"""The parser of the options of the command line."""

import argparse
from difflib import get_close_matches
from typing import Any, NoReturn

from ..errors import ParseError

PROG = "sympy-matcalc"  # the console command; `matcalc` is another project's


class OptionsError(ParseError):
    """Options that cannot be read; `usage` is how they are written."""

    usage = ""


class Parser(argparse.ArgumentParser):
    """Mistakes in the options are errors of the package that name the nearest option."""

    def __init__(self, command: str = "", **given: Any):
        self.added: list[argparse.Action] = []  # what argparse keeps to itself
        super().__init__(f"{PROG} {command}".strip(), formatter_class=Raw, **given)

    def add_argument(self, *names: Any, **given: Any) -> argparse.Action:
        self.added.append(super().add_argument(*names, **given))
        return self.added[-1]

    def error(self, message: str) -> NoReturn:
        known = [option for action in self.added for option in action.option_strings if option.startswith("--")]
        wrong = [word for word in message.split() if word.startswith("--") and word not in known]
        near = [f for word in wrong for f in get_close_matches(word.partition("=")[0], known, 1)]
        bare = message.removeprefix("unrecognized arguments: ")
        hint = f"; did you mean `{near[0]}`?" if near and bare != message else ""
        hint = f"; did you mean `--wrt {bare}`?" if "--wrt" in known and bare.isidentifier() else hint
        found = OptionsError(message + hint)
        found.usage = self.format_usage()
        raise found


class Raw(argparse.RawDescriptionHelpFormatter):
    """The epilog keeps its lines."""
