"""What a client of the web asks for: method and address, in every spelling."""

import pytest

from codex_guard.commands.requests import asked, asks
from codex_guard.shell.arguments import read_arguments
from codex_guard.shell.meaning import Scope
from codex_guard.shell.walk import walked


def of(command: str) -> tuple[str, list[str]]:
    invocation = walked(command, Scope("/work", {}, "/work")).invocations[0]
    return asked(invocation.program, read_arguments(invocation))


@pytest.mark.parametrize(
    ("command", "method", "address"),
    [
        ("curl https://api.example.com/v1/x", "GET", "api.example.com/v1/x"),
        ("curl -X DELETE https://api.example.com/v1/x", "DELETE", "api.example.com/v1/x"),
        ("curl -XDELETE api.example.com/v1/x", "DELETE", "api.example.com/v1/x"),
        ("curl --request=delete https://u:p@api.example.com/v1/x?a=1#b", "DELETE", "api.example.com/v1/x"),
        ("curl https://api.example.com/x -H 'A: b' --request DELETE", "DELETE", "api.example.com/x"),
        ("curl -sSfX DELETE api.example.com/x", "DELETE", "api.example.com/x"),
        ("curl -d a=b api.example.com/x", "POST", "api.example.com/x"),
        ("curl -G -d a=b api.example.com/x", "GET", "api.example.com/x"),
        ("curl -T file api.example.com/x", "PUT", "api.example.com/x"),
        ("curl --url api.example.com/x", "GET", "api.example.com/x"),
        ("wget --method=DELETE api.example.com/x", "DELETE", "api.example.com/x"),
        ("wget --post-data a=b api.example.com/x", "POST", "api.example.com/x"),
        ("http DELETE :9200/x", "DELETE", "localhost:9200/x"),
        ("http example.com/x a=b", "POST", "example.com/x"),
        ("https example.com/x a==b", "GET", "example.com/x"),
        ("xh delete example.com/x", "DELETE", "example.com/x"),
        ("gh api -X DELETE /repos/o/r", "DELETE", "api.github.com/repos/o/r"),
        ("gh api repos/o/r --method PATCH", "PATCH", "api.github.com/repos/o/r"),
        ("glab api -X DELETE projects/1", "DELETE", "gitlab.com/api/v4/projects/1"),
    ],
)
def test_a_request_is_read(command: str, method: str, address: str) -> None:
    found, addresses = of(command)
    assert (found, address in addresses) == (method, True), (found, addresses)


def test_other_commands_of_such_a_program_ask_for_nothing() -> None:
    assert of("gh repo view o/r") == ("", [])


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [
        ("DELETE api.example.com/v1/x", True),
        ("DELETE api.example.com/*", True),
        ("DELETE */v1/*", True),
        ("DELETE *", True),
        ("GET api.example.com/*", False),
        ("DELETE example.com/*", False),
        ("DELETE api.example.com/v1", False),
        ("DELETE api.example.com/v1/x*x", False),
    ],
)
def test_a_pattern_fits(pattern: str, *, fits: bool) -> None:
    invocation = walked("curl -X DELETE https://api.example.com/v1/x", Scope("/", {}, "/")).invocations[0]
    assert asks((pattern,), invocation, read_arguments(invocation)) is fits
