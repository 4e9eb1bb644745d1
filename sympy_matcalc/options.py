"""The parser of the options of the command line."""

import argparse
import json
from difflib import get_close_matches


class Parser(argparse.ArgumentParser):
    """Mistakes in the options name the nearest option, and are JSON where JSON was asked for."""

    json_asked = False

    def error(self, message):
        known = [option for action in self._actions for option in action.option_strings if option.startswith("--")]
        wrong = [word for word in message.split() if word.startswith("--") and word not in known]
        near = [f for word in wrong for f in get_close_matches(word.partition("=")[0], known, 1)]
        message += f"; did you mean `{near[0]}`?" if near and "unrecognized" in message else ""
        if self.json_asked:
            print(json.dumps({"error": message, "where": None}, indent=2))
            raise SystemExit(2)
        super().error(message)


class Raw(argparse.RawDescriptionHelpFormatter):
    """The epilog keeps its lines."""
