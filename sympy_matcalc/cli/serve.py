"""``serve --stdio``: the commands for editors and agents, JSON-RPC 2.0 with one message a line.

A request is ``{"id": 1, "method": "derive", "params": {"expression": "x.T*A*x", "wrt": "x"}}``: the method is a command, the params are its
arguments and options by their names, a list for one that may be repeated. The response has ``result``, what the command prints with
``--json``, and ``status``, its exit status; or ``error`` with ``code``, ``message``, and ``data.where``, the column of a mistake in a text.
A batch is a list of requests. Besides the commands there are ``ping``, ``methods`` (what each takes) and ``shutdown``.

The work is done in a process of its own: what takes longer than ``--timeout`` is ended there, and the next request gets a new one.
"""

import argparse
import json
import sys
from typing import Any, BinaryIO

from .parser import Parser
from .worker import METHODS, Worker

MAX_LINE = 1_000_000  # bytes of a request
UNREADABLE, INVALID, NO_METHOD, MISTAKE, TOO_LONG = -32700, -32600, -32601, -32602, -32000

EPILOG = f"""\
one request a line on standard input, one response a line on standard output (JSON-RPC 2.0):
  {{"id": 1, "method": "derive", "params": {{"expression": "x.T*A*x", "wrt": ["x"]}}}}
  {{"id": 2, "method": "methods"}}
  {{"method": "shutdown"}}

methods: {", ".join(METHODS)}, ping, methods, shutdown. Params are the arguments and options of the command of that name; results are
what it prints with --json, with its exit status. Errors: {UNREADABLE} no JSON, {INVALID} no request, {NO_METHOD} no such method, {MISTAKE}
a mistake in what was asked (data.where: the column), {TOO_LONG} over the time allowed, or a fault of the program.

exit status: 0 at the end of the input or after shutdown."""


def parser() -> Parser:
    out = Parser("serve", description="The commands for editors and agents.", epilog=EPILOG)
    out.add_argument("--stdio", action="store_true", required=True, help="by standard input and output")
    out.add_argument("--timeout", type=float, default=60.0, metavar="S", help="seconds that a request may take, default 60")
    return out


def report(args: argparse.Namespace) -> tuple[None, int]:
    """Answer requests until the input ends."""
    serve(sys.stdin.buffer, sys.stdout.buffer, args.timeout)
    return None, 0


def serve(requests: BinaryIO, responses: BinaryIO, timeout: float) -> None:
    """Answer the requests of a stream, a line each."""
    with Worker(timeout) as worker:
        while line := requests.readline(MAX_LINE + 1):
            found, more = answer_line(line, requests, worker)
            if found is not None:
                responses.write(json.dumps(found, ensure_ascii=True).encode() + b"\n")
                responses.flush()
            if not more:
                return


def answer_line(line: bytes, requests: BinaryIO, worker: Worker) -> tuple[Any, bool]:
    """(the response, None where none is due; whether more requests are read)."""
    if len(line) > MAX_LINE:
        while not line.endswith(b"\n") and line:
            line = requests.readline(MAX_LINE)
        return failure(None, INVALID, f"a line of more than {MAX_LINE} bytes"), True
    if not line.strip():
        return None, True
    try:
        message = json.loads(line)
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError among them
        return failure(None, UNREADABLE, f"no JSON: {error}"), True
    if isinstance(message, list) and message:
        found = [answer(m, worker) for m in message]
        return [f for f in found if f is not None] or None, not any(is_shutdown(m) for m in message)
    return answer(message, worker), not is_shutdown(message)


def is_shutdown(message: Any) -> bool:
    return isinstance(message, dict) and message.get("method") == "shutdown"


def answer(message: Any, worker: Worker) -> dict[str, Any] | None:
    """The response to a request; None to one without an id, which asks for none."""
    if not isinstance(message, dict) or not isinstance(message.get("method"), str):
        number = message.get("id") if isinstance(message, dict) else None  # whoever waits for it hears of it
        number = number if isinstance(number, (str, int, float)) else None
        return failure(number, INVALID, 'a request is an object with a "method", which is a text')
    number, method, params = message.get("id"), message["method"], message.get("params", {})
    if not isinstance(number, (str, int, float, type(None))):
        return failure(None, INVALID, 'the "id" of a request is a number or a text')
    if not isinstance(params, dict):
        found = failure(number, MISTAKE, '"params" are an object: the options of the command by their names')
    elif method in ("ping", "shutdown"):
        found = success(number, "pong" if method == "ping" else None)
    elif method not in (*METHODS, "methods"):
        found = failure(number, NO_METHOD, f"no method `{method[:60]}`; they are {', '.join(METHODS)}, ping, methods, shutdown")
    else:
        found = of_worker(number, worker.ask(method, params))
    return found if "id" in message else None


def of_worker(number: Any, outcome: dict[str, Any]) -> dict[str, Any]:
    """The response that an outcome of the worker makes."""
    if "result" in outcome:
        return {**success(number, outcome["result"]), "status": outcome["status"]}
    code = MISTAKE if outcome["status"] == 2 else TOO_LONG
    return failure(number, code, outcome["error"], {"where": outcome.get("where"), "status": outcome["status"]})


def success(number: Any, result: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": number, "result": result}


def failure(number: Any, code: int, message: str, data: Any = None) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": number, "error": {"code": code, "message": message, **({"data": data} if data else {})}}
