"""The server: one response to each request, whatever is sent; what takes too long is ended."""

import io
import json
import subprocess
import sys

import pytest

from sympy_matcalc.cli import serve, worker


class Here:
    """A worker in this process."""

    def __init__(self):
        self.modules = {name: worker.import_module(f"sympy_matcalc.cli.{module}") for name, module in worker.METHODS.items()}
        self.parsers = {name: module.parser() for name, module in self.modules.items()}

    def ask(self, method, params):
        return worker.outcome(method, params, self.modules, self.parsers)


@pytest.fixture(scope="module")
def here():
    return Here()


def asked(here, message):
    line = message if isinstance(message, bytes) else json.dumps(message).encode()
    return serve.answer_line(line, io.BytesIO(), here)


@pytest.mark.parametrize(
    ("method", "params", "key", "value"),
    [
        ("derive", {"expression": "x.T*A*x", "wrt": "x"}, "result", "(A + A.T)*x"), ("derive", {"expression": "-x.T*x", "wrt": ["x"], "no_check": True}, "ok", None),
        ("derive", {"expression": "x'*A*x", "wrt": "x", "order": 2, "assume": ["symmetric: A"]}, "result", "2*A"), ("derive", {"expression": "x'*A*x", "wrt": "x", "hessian": True}, "result", "A + A.T"), ("convert", {"expression": "x'*y", "to": "unicode"}, "result", "xᵀ·y"),
        ("check", {"mine": "2*x", "of": "x.T*x", "wrt": "x"}, "ok", True), ("explain", {"expression": "x.T*x", "wrt": "x"}, "result", "2*x"),
        ("code", {"expression": "x.T*x", "wrt": "x", "code": "numpy"}, "returns", ["value", "gradient"]),
        ("cookbook", {"find": "trace of the resolvent"}, "count", 1),
    ],
)  # fmt: skip
def test_methods_are_the_commands(here, method, params, key, value):
    found, more = asked(here, {"id": 7, "method": method, "params": params})
    assert more and found["id"] == 7 and found["status"] == 0 and found["result"][key] == value


def test_several_variables_and_a_failed_check(here):
    assert [
        r["wrt"] for r in asked(here, {"id": 1, "method": "derive", "params": {"expression": "x.T*A*x", "wrt": ["x", "A"]}})[0]["result"]
    ] == ["x", "A"]
    assert asked(here, {"id": 1, "method": "check", "params": {"mine": "3*x", "of": "x.T*x", "wrt": "x"}})[0]["status"] == 1


@pytest.mark.parametrize(
    ("message", "code", "says"),
    [
        (b"{", -32700, "no JSON"), (b"\xff\xfe", -32700, "no JSON"), (b"[" * 100_000, -32700, "no JSON"), (b"3", -32600, "a request is an object"), (b"[]", -32600, "a request is an object"),
        ({"id": 1}, -32600, "method"), ({"id": 1, "method": 5}, -32600, "method"), ({"id": [1], "method": "ping"}, -32600, "id"), ({"id": 1, "method": "drive"}, -32601, "no method `drive`"),
        ({"id": 1, "method": "derive", "params": [1]}, -32602, "object"), ({"id": 1, "method": "derive", "params": {}}, -32602, "required"),
        ({"id": 1, "method": "derive", "params": {"expression": "x.T*", "wrt": "x"}}, -32602, "ends with"), ({"id": 1, "method": "derive", "params": {"expr": "x", "wrt": "x"}}, -32602, "expression"),
        ({"id": 1, "method": "derive", "params": {"expression": {"a": 1}, "wrt": "x"}}, -32602, "text"), ({"id": 1, "method": "derive", "params": {"expression": "x", "wrt": "x", "help": True}}, -32602, "help"),
        ({"id": 1, "method": "derive", "params": {"expression": 5, "wrt": "x"}}, -32602, "the number 5; it is a text"),
        ({"id": 1, "method": "derive", "params": {"expression": ["x", "y"], "wrt": "x"}}, -32602, "unrecognized"), ({"id": 1, "method": "derive", "params": {"expression": "x", "wrt": "x", "order": 9}}, -32602, "order"),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_no_request_is_an_error(here, message, code, says):
    found, more = asked(here, message)
    assert more and found["error"]["code"] == code and says in found["error"]["message"]
    known = message["id"] if isinstance(message, dict) and not isinstance(message["id"], list) else None
    assert found["id"] == known  # whoever waits for this response knows it


def test_a_mistake_has_its_column(here):
    assert asked(here, {"id": 1, "method": "derive", "params": {"expression": "x.T*A*", "wrt": "x"}})[0]["error"]["data"]["where"] == 7


def test_a_huge_line_is_refused_and_passed_over(here):
    lines = io.BytesIO(b"x" * (serve.MAX_LINE * 2) + b"\n" + b'{"id": 2, "method": "ping"}\n')
    first = serve.answer_line(lines.readline(serve.MAX_LINE + 1), lines, here)[0]
    assert first["error"]["code"] == -32600 and "more than" in first["error"]["message"]
    assert serve.answer_line(lines.readline(), lines, here)[0]["result"] == "pong"


def test_notifications_and_batches(here):
    assert asked(here, {"method": "ping"}) == (None, True) and asked(here, b"\n") == (None, True)
    found, more = asked(here, [{"id": 1, "method": "ping"}, {"method": "ping"}, 5, {"id": 2, "method": "shutdown"}])
    assert not more and [f["id"] for f in found] == [1, None, 2]


def test_what_the_methods_take(here):
    found = asked(here, {"id": 1, "method": "methods"})[0]["result"]
    assert set(found) == set(worker.METHODS) and found["derive"]["expression"]["required"] and "jax" in found["code"]["code"]["choices"]


def test_a_process_answers_line_by_line_and_ends_what_takes_too_long():
    slow = "tr(" + "*".join(f"(A + {i}*B*C)" for i in range(2, 100)) + ")"  # equal factors would be a power
    requests = [
        {"id": 1, "method": "convert", "params": {"expression": "x'*A*x"}},
        {"id": 2, "method": "derive", "params": {"expression": slow, "wrt": "A", "order": 2}},
        "no json",
        {"id": 3, "method": "convert", "params": {"expression": "x'*y"}},
        {"id": 4, "method": "shutdown"},
        {"id": 5, "method": "ping"},
    ]
    lines = "".join((r if isinstance(r, str) else json.dumps(r)) + "\n" for r in requests)
    argv = [sys.executable, "-m", "sympy_matcalc", "serve", "--stdio", "--timeout", "2"]
    done = subprocess.run(argv, input=lines, capture_output=True, text=True, timeout=200, check=True)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [f["id"] for f in found] == [1, 2, None, 3, 4]
    assert found[0]["result"]["result"] == "x.T*A*x" and found[3]["result"]["result"] == "x.T*y"
    assert found[1]["error"]["data"]["status"] == 3 and "longer than 2 seconds" in found[1]["error"]["message"]
