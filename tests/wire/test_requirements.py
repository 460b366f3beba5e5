"""Codex's requirements.toml: the hooks as an organisation enforces them."""

import tomllib

import pytest

from codex_guard.errors import GuardError
from codex_guard.wire import requirements
from codex_guard.wire.command import EXECUTABLES, Install, hook_command
from codex_guard.wire.events import TIMEOUTS

FOLDERS = [
    "/opt/guard",
    '/opt/it\'s a "guard"',
    "/opt/back\\slash\\u0041",
    "/opt/雪 😀/é",
    "/opt/tab\tline\nescape\x1b\x7f",
    "/opt/'''/\"\"\"",
]


@pytest.mark.parametrize("only_managed", [False, True])
@pytest.mark.parametrize("folder", FOLDERS)
def test_it_enforces_the_four_hooks(folder: str, *, only_managed: bool) -> None:
    how = Install(f"{folder}/bin/python3", f"{folder}/lib/codex_guard/launch.py")
    document = tomllib.loads(requirements.text(how, only_managed=only_managed))
    assert document["features"] == {"hooks": True}
    hooks = document.pop("hooks")
    assert hooks.pop("managed_dir") == f"{folder}/lib/codex_guard"
    assert list(hooks) == list(EXECUTABLES)
    for event, groups in hooks.items():
        [group] = groups
        assert group.keys() == {"hooks"}  # without a matcher: every tool
        [item] = group["hooks"]
        assert item.keys() == {"type", "command", "timeout", "statusMessage"}
        assert (item["type"], item["command"]) == ("command", hook_command(event, how))
        assert (type(item["timeout"]), item["timeout"]) == (int, TIMEOUTS[event])
    assert document.keys() == {"features"} | ({"allow_managed_hooks_only"} if only_managed else set())
    assert document.get("allow_managed_hooks_only", True) is True


def test_a_path_that_toml_cannot_hold_is_an_error() -> None:
    with pytest.raises(GuardError, match=r"is not UTF-8 .*: install it elsewhere"):
        requirements.text(Install("/opt/\udcff/python3", "/opt/\udcff/launch.py"), only_managed=False)
