"""``completion bash``: a script with which a shell completes commands, options and their values.

It is written from the parsers themselves and asks no program at each key, as argcomplete does: loading SymPy takes too long for that.
"""

import argparse
from importlib import import_module
from typing import Any

from .main import COMMANDS
from .parser import PROG, Parser

SHELLS = ("bash", "zsh", "fish")
EPILOG = f"""\
to use it:
  bash   {PROG} completion bash > ~/.local/share/bash-completion/completions/{PROG}
  zsh    {PROG} completion zsh >> ~/.zshrc
  fish   {PROG} completion fish > ~/.config/fish/completions/{PROG}.fish"""

BASH = """\
_{name}() {{
    local words="$1" cur="${{COMP_WORDS[COMP_CWORD]}}" prev="${{COMP_WORDS[COMP_CWORD-1]}}" command=derive i
    case "${{COMP_WORDS[1]}}" in {commands}) command="${{COMP_WORDS[1]}}" ;; esac
    COMPREPLY=()
    case "$command $prev" in
{values}
    esac
    case "$command" in
{options}
    esac
    [[ $COMP_CWORD -eq 1 && "$cur" != -* ]] && words="{all}"
    COMPREPLY=($(compgen -W "$words" -- "$cur"))
}}
complete -F _{name} {prog}
"""


def parser() -> Parser:
    out = Parser("completion", description="What a shell needs to complete words.", epilog=EPILOG)
    out.add_argument("shell", choices=SHELLS)
    out.add_argument("--json", action="store_true", help="the script as JSON, mistakes too")
    return out


def report(args: argparse.Namespace) -> tuple[dict[str, str], bool]:
    return {"script": {"bash": bash, "zsh": zsh, "fish": fish}[args.shell](parsers())}, False


def show(found: dict[str, str], args: argparse.Namespace) -> str:
    return found["script"].rstrip()


def parsers() -> dict[str, Parser]:
    return {word: import_module(f"{__package__}.{module}").parser() for word, module in COMMANDS.items()}


def values(action: Any) -> str:
    """The words that may follow an option."""
    return " ".join(map(str, action.choices or ()))


def bash(known: dict[str, Parser]) -> str:
    name = PROG.replace("-", "_")
    after, options = [], []
    for word, parser in known.items():
        for action in parser.added:
            if action.option_strings and action.nargs != 0:
                patterns = "|".join(f'"{word} {option}"' for option in action.option_strings)
                after.append(f'        {patterns}) COMPREPLY=($(compgen -W "{values(action)}" -- "$cur")); return ;;')
        places = [values(a) for a in parser.added if not a.option_strings and a.choices]
        flags = [option for a in parser.added for option in a.option_strings if option.startswith("--")]
        options.append(f'        {word}) words="{" ".join([*flags, *places])}" ;;')
    words = list(known)
    return BASH.format(
        name=name, prog=PROG, commands="|".join(words), all=" ".join(words), values="\n".join(after), options="\n".join(options)
    )


def zsh(known: dict[str, Parser]) -> str:
    return "autoload -Uz compinit bashcompinit && compinit && bashcompinit\n" + bash(known)


def fish(known: dict[str, Parser]) -> str:
    """A line for each command and each option."""
    lines = [f"complete -c {PROG} -f"]
    for word, parser in known.items():
        about = quoted(parser.description or "")
        lines.append(f"complete -c {PROG} -n '__fish_use_subcommand' -a {word} -d {about}")
        others = f"not __fish_seen_subcommand_from {' '.join(w for w in known if w != 'derive')}"
        where = quoted(others if word == "derive" else f"__fish_seen_subcommand_from {word}")
        lines += [fish_option(action, where) for action in parser.added if action.option_strings or action.choices]
    return "\n".join(lines) + "\n"


def fish_option(action: Any, where: str) -> str:
    names = "".join(f" -l {o[2:]}" if o.startswith("--") else f" -s {o[1:]}" for o in action.option_strings)
    takes = f" -a {quoted(values(action))}" if action.choices else ""
    takes_words = action.option_strings and action.nargs != 0
    required = (" -x" if action.choices else " -r") if takes_words else ""  # of known words no files are offered
    return f"complete -c {PROG} -n {where}{names}{required}{takes} -d {quoted((action.help or '').split(';')[0])}"


def quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
