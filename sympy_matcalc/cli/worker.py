"""The process that does the work of the server: it can be ended when a request takes too long, whatever it is doing."""

import multiprocessing
import sys
from importlib import import_module
from typing import Any

from ..errors import MatcalcError, ParseError
from .main import COMMANDS, RECURSION
from .parser import Parser
from .terminal import Look

METHODS = {word: module for word, module in COMMANDS.items() if word not in ("serve", "completion")}
START = 60.0  # seconds that a process may take to load the package


class Worker:
    """Asks a process; starts one when it is needed."""

    def __init__(self, timeout: float):
        self.timeout = timeout
        self.process: Any = None
        self.pipe: Any = None

    def __enter__(self) -> "Worker":
        return self

    def __exit__(self, *_: Any) -> None:
        self.stop()

    def start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, other = context.Pipe()
        self.process = context.Process(target=work, args=(other,), daemon=True)
        self.process.start()
        other.close()
        self.pipe.poll(START) and self.pipe.recv()

    def stop(self) -> None:
        if self.process:
            self.process.kill()
            self.process.join()
            self.pipe.close()
        self.process = None

    def ask(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        """The outcome of a request: ``result`` or ``error``, and ``status``."""
        try:
            if self.process is None or not self.process.is_alive():
                self.stop()
                self.start()
            self.pipe.send((method, params))
            if self.pipe.poll(self.timeout):
                return dict(self.pipe.recv())
            said = f"`{method}` took longer than {self.timeout:g} seconds and was ended"
        except (EOFError, OSError):
            said = f"the process that worked on `{method}` has ended: too deep, or too little memory?"
        self.stop()
        return {"error": said, "status": 3}


def work(pipe: Any) -> None:
    """Answer what comes through a pipe until it is closed; what the package prints goes to stderr."""
    sys.stdout = sys.stderr
    sys.setrecursionlimit(RECURSION)
    modules = {method: import_module(f"{__package__}.{name}") for method, name in METHODS.items()}
    parsers = {method: module.parser() for method, module in modules.items()}
    pipe.send("ready")
    while True:
        try:
            method, params = pipe.recv()
        except EOFError:
            return
        pipe.send(outcome(method, params, modules, parsers))


def outcome(method: str, params: dict[str, Any], modules: dict[str, Any], parsers: dict[str, Parser]) -> dict[str, Any]:
    """What a request comes to; no error leaves it."""
    try:
        if method == "methods":
            return {"result": {name: takes(parser) for name, parser in parsers.items()}, "status": 0}
        args = parsers[method].parse_args(words(parsers[method], params))
        args.look = Look()
        result, status = modules[method].report(args)
        return {"result": result, "status": int(status)}
    except MatcalcError as error:
        return {"error": str(error), "where": getattr(error, "column", None), "status": 2}
    except RecursionError:
        return {"error": "the expression is nested too deep; give intermediate results a name", "status": 2}
    except (Exception, SystemExit) as error:
        return {"error": f"a fault of the program, {type(error).__name__}: {error}", "status": 3}


HIDDEN = {"help", "version", "json", "plain", "latex_only", "source_only"}  # what is of no use to a program


def options(parser: Parser) -> dict[str, Any]:
    """The arguments and options of a command by their names."""
    return {a.dest: a for a in reversed(parser.added) if a.dest not in HIDDEN}


def by_flag(parser: Parser, name: str) -> Any:
    """The option that is called so on the command line, `hessian` of `--hessian`; None where there is none."""
    return next((a for a in parser.added if f"--{name}" in a.option_strings and a.dest not in HIDDEN), None)


def takes(parser: Parser) -> dict[str, Any]:
    """What a method takes: the options by name, each in words."""
    return {
        name: {"help": action.help, "required": bool(action.required), "choices": list(action.choices) if action.choices else None}
        for name, action in sorted(options(parser).items())
    }


def words(parser: Parser, params: dict[str, Any]) -> list[str]:
    """The words of a command line that say what params do.

    Errors: ParseError for a name that is no option, or a value that is no text, number, truth value or list of them.
    """
    known, named, places = options(parser), ["--json"], []
    for name, value in params.items():
        action = known.get(name) or by_flag(parser, name)
        if action is None:
            parser.error(f"unrecognized param --{name}; the params are {', '.join(sorted(known))}")
        if action.type is None and is_number(value):
            raise ParseError(f"the param `{name}` got the number {value}; it is a text: write it in quotes")
        for text in texts(name, value):
            if not action.option_strings:
                places.append(text)
            elif action.nargs == 0 and name != "order":
                named += [action.option_strings[0]] if text != "false" else []
            else:
                named.append(f"{max(action.option_strings, key=len)}={text}")
    if not any(a.dest == "json" for a in parser.added):
        named.remove("--json")
    return [*named, "--", *places]


def is_number(value: Any) -> bool:
    """Whether a param is a number, or has one in its list; the truth values of JSON are none."""
    return any(isinstance(v, (int, float)) and not isinstance(v, bool) for v in (value if isinstance(value, list) else [value]))


def texts(name: str, value: Any) -> list[str]:
    """The values of a param as texts; of None none."""
    if value is None:
        return []
    values = value if isinstance(value, list) else [value]
    if not all(isinstance(v, (str, int, float)) for v in values):
        raise ParseError(f"the param `{name}` got {str(value)[:60]}; write a text, a number, true or false, or a list of them")
    return [str(v).lower() if isinstance(v, bool) else str(v) for v in values]
