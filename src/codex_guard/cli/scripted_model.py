"""A Responses API on loopback that answers Codex from a script, so that Codex runs without a real model.

A turn is what the model answers to one request: a list of output items, or a function that is given
the decoded request and returns that list. After the last turn the answer is a plain closing message,
which ends whatever Codex was doing. ``tool_outputs`` and ``user_texts`` read what a request holds.
"""

import json
import threading
import uuid
from collections.abc import Callable, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from codex_guard.errors import GuardError

Item = dict[str, Any]
Body = dict[str, Any]
Turn = Sequence[Item] | Callable[[Body], Sequence[Item]]

_CONFIG = """\
model = {model}
model_provider = "scripted"
approval_policy = {approval}
sandbox_mode = {sandbox}
check_for_update_on_startup = false
[model_providers.scripted]
name = "scripted"
base_url = "http://127.0.0.1:{port}/v1"
wire_api = "responses"
requires_openai_auth = false
request_max_retries = 0
stream_max_retries = 0
supports_websockets = false
[analytics]
enabled = false
{projects}[features]
plugins = false
apps = false
remote_plugin = false
enable_request_compression = false
"""
# Seconds between two looks at whether to shut down: leaving the context waits for the next one.
_POLL = 0.02
_USAGE = {
    "input_tokens": 10,
    "input_tokens_details": {"cached_tokens": 0},
    "output_tokens": 5,
    "output_tokens_details": {"reasoning_tokens": 0},
    "total_tokens": 15,
}


def _fresh(prefix: str) -> str:
    return f"{prefix}_{uuid.uuid4().hex[:16]}"


def message(text: str) -> Item:
    """Return the item with which the model says ``text``; alone in a turn, it ends Codex's turn."""
    content = [{"type": "output_text", "text": text, "annotations": []}]
    return {
        "type": "message",
        "role": "assistant",
        "id": _fresh("msg"),
        "status": "completed",
        "content": content,
    }


def function_call(name: str, arguments: dict[str, Any] | str, namespace: str | None = None) -> Item:
    """Return a call of a JSON tool; ``arguments`` as text is sent as it is, well-formed or not.

    A tool of an MCP server is called by its bare name with ``mcp__<server>`` as the namespace.
    """
    item: Item = {
        "type": "function_call",
        "id": _fresh("fc"),
        "call_id": _fresh("call"),
        "name": name,
        "arguments": arguments if isinstance(arguments, str) else json.dumps(arguments),
        "status": "completed",
    }
    return item if namespace is None else item | {"namespace": namespace}


def custom_call(name: str, text: str) -> Item:
    """Return a call of a freeform tool, such as ``apply_patch`` or code mode's ``exec``."""
    return {
        "type": "custom_tool_call",
        "id": _fresh("ctc"),
        "call_id": _fresh("call"),
        "name": name,
        "input": text,
        "status": "completed",
    }


def shell(command: str, **extra: Any) -> Item:
    """Return a call of Codex's shell tool; ``extra`` adds arguments such as ``workdir``."""
    return function_call("exec_command", {"cmd": command, **extra})


def patch(text: str) -> Item:
    """Return a call of Codex's ``apply_patch`` tool with a patch in its own format."""
    return custom_call("apply_patch", text)


def tool_outputs(body: Body) -> dict[str, str]:
    """Return the tool results in a request by call id, as the text the model sees."""
    kinds = ("function_call_output", "custom_tool_call_output")
    return {item["call_id"]: _flat(item["output"]) for item in body["input"] if item.get("type") in kinds}


def _flat(output: str | list[dict[str, Any]]) -> str:
    # Code mode and images give a list of parts.
    return output if isinstance(output, str) else "".join(part.get("text", "") for part in output)


def user_texts(body: Body) -> list[str]:
    """Return the texts of a request's user messages; the first ones are Codex's own context."""
    messages = (item for item in body["input"] if item.get("type") == "message")
    return [part.get("text", "") for item in messages if item["role"] == "user" for part in item["content"]]


def _event_stream(items: Sequence[Item]) -> bytes:
    response = {"id": _fresh("resp")}
    events: list[dict[str, Any]] = [{"type": "response.created", "response": response}]
    for index, item in enumerate(items):
        events += [
            {"type": f"response.output_item.{state}", "output_index": index, "item": item}
            for state in ("added", "done")
        ]
    finished = response | {"output": list(items), "usage": _USAGE}
    events.append({"type": "response.completed", "response": finished})
    return "".join(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in events).encode()


def _quoted(text: str) -> str:
    # A JSON string is a TOML basic string.
    return json.dumps(text)


class ScriptedModel:
    """The server, as a context manager; ``requests`` holds the decoded bodies in order of arrival.

    Whatever goes wrong while answering (a turn's function raises, a body cannot be read) is answered
    with an error status and raised on leaving the context, because Codex reports only the status.
    """

    def __init__(self, turns: Sequence[Turn]) -> None:
        self.requests: list[Body] = []
        self._turns = list(turns)
        self._failure: Exception | None = None
        # Subagents ask at the same time; each request takes exactly one turn.
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(_POLL,), daemon=True)

    @property
    def port(self) -> int:
        """The loopback port the server listens on."""
        return self._server.server_address[1]

    def config(self, model: str, approval: str, sandbox: str, trusted: Path | None) -> str:
        """Return a config.toml with which Codex asks this model and calls no other service.

        ``trusted`` is the folder of a trusted project, if any. The last table is ``[features]``.
        """
        projects = "" if trusted is None else f'[projects.{_quoted(str(trusted))}]\ntrust_level = "trusted"\n'
        strings = {"model": _quoted(model), "approval": _quoted(approval), "sandbox": _quoted(sandbox)}
        return _CONFIG.format(port=self.port, projects=projects, **strings)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        if error is None and self._failure is not None:
            raise self._failure

    def _answer(self, raw: bytes, encoding: str) -> bytes:
        """Return the event stream for one request's raw body."""
        if encoding:
            raise GuardError(
                f"Codex sent a request with content-encoding {encoding}, which the scripted model cannot "
                "read: keep enable_request_compression off in the rehearsal's config.toml."
            )
        body = json.loads(raw)
        with self._lock:
            turn = self._turns[len(self.requests)] if len(self.requests) < len(self._turns) else None
            self.requests.append(body)
            if turn is None:
                return _event_stream([message("The script has no further turn.")])
            return _event_stream(turn(body) if callable(turn) else turn)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        model = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers.get("content-length") or 0))
                if not self.path.partition("?")[0].endswith("/responses"):
                    self._reply(404, b"")
                    return
                try:
                    stream = model._answer(raw, self.headers.get("content-encoding", ""))
                except Exception as failure:  # noqa: BLE001 - kept, and raised on leaving the context
                    model._failure = failure
                    self._reply(500, b"")
                else:
                    self._reply(200, stream)

            def _reply(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("content-type", "text/event-stream")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
                """Keep quiet: the base class writes each request to stderr."""

        return Handler
