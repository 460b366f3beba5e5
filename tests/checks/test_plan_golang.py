"""Go's checks: vet for a module, staticcheck for the packages that changed."""

import os
import stat
from pathlib import Path

import pytest

from codex_guard.checks import golang
from codex_guard.checks.plan import Check, plan
from support.trees import bare, grow, program


@pytest.fixture(autouse=True)
def machine(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path_factory.mktemp("machine")
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(golang, "_USUAL", str(folder / "usual"))
    return bare(folder, monkeypatch)


def environment(machine: Path) -> tuple[tuple[str, str], ...]:
    caches = machine.parent.parent / f"codex-guard-checks-{os.getuid()}"
    return (
        ("GOCACHE", f"{caches}/go-build"),
        ("STATICCHECK_CACHE", f"{caches}/staticcheck"),
        ("GOPROXY", "off"),
    )


def test_each_module_is_checked(tmp_path: Path, machine: Path) -> None:
    grow(tmp_path, {"a/go.mod": "", "a/b/go.mod": ""})
    go, staticcheck = program(machine / "go"), program(machine / "staticcheck")
    variables = environment(machine)
    outer, inner = str(tmp_path / "a"), str(tmp_path / "a" / "b")
    outside, within = ("main.go", "x/y/1.go", "x/y/2.go"), ("1.go",)
    vet = (go, "vet", "./...")
    assert plan(str(tmp_path), ("a/b/1.go", "a/main.go", "a/x/y/1.go", "a/x/y/2.go", "outside.go"), None) == (
        Check("go vet", inner, vet, None, "go", "", within, "project", variables, (0, 1, 2)),
        Check("go vet", outer, vet, None, "go", "", outside, "project", variables, (0, 1, 2)),
        Check(
            "staticcheck", inner, (staticcheck, "-f", "json", "./"), parser="staticcheck-json", files=within,
            environment=variables,
        ),
        Check(
            "staticcheck", outer, (staticcheck, "-f", "json", "./", "./x/y"), parser="staticcheck-json",
            files=outside, environment=variables,
        ),
    )  # fmt: skip


def test_too_many_packages_are_the_whole_module(tmp_path: Path, machine: Path) -> None:
    grow(tmp_path, {"go.mod": ""})
    program(machine / "staticcheck")
    [check] = plan(str(tmp_path), tuple(f"{number}/a.go" for number in range(501)), ("staticcheck",))
    assert check.command[1:] == ("-f", "json", "./...")


def test_outside_of_a_module_there_is_nothing_to_check(tmp_path: Path, machine: Path) -> None:
    program(machine / "go")
    assert plan(str(tmp_path), ("a.go",), None) == ()
    assert plan(str(tmp_path), ("a.go",), ("go vet", "staticcheck")) == ()


def test_a_missing_go_is_told(tmp_path: Path) -> None:
    grow(tmp_path, {"a/go.mod": ""})
    [check] = plan(str(tmp_path), ("a/b.go",), None)
    assert (check.command, check.environment) == ((), ())
    assert str(check.problem).startswith("go vet was not run: a/go.mod asks for Go, which is not on PATH.")


def test_go_is_found_where_it_usually_is(tmp_path: Path) -> None:
    grow(tmp_path, {"go.mod": ""})
    usual = program(Path(golang._USUAL) / "go")
    [check] = plan(str(tmp_path), ("b.go",), None)
    assert check.command[0] == usual


def test_a_missing_staticcheck_is_told_to_who_asks_for_it(tmp_path: Path) -> None:
    grow(tmp_path, {"go.mod": "", "a/staticcheck.conf": ""})
    assert [check.tool for check in plan(str(tmp_path), ("b/x.go",), None)] == ["go vet"]
    [check] = plan(str(tmp_path), ("b/x.go",), ("staticcheck",))
    assert str(check.problem).startswith("staticcheck is not installed: it was not run.")
    [_, check] = plan(str(tmp_path), ("x.go", "a/b/x.go"), None)
    assert str(check.problem).startswith(
        "staticcheck is configured in a/staticcheck.conf, but not installed:"
    )


@pytest.mark.parametrize("name", ["staticcheck", "go-staticcheck"])
@pytest.mark.parametrize("place", ["PATH", "GOBIN", "GOPATH", "HOME"])
def test_where_staticcheck_can_be(
    tmp_path: Path, machine: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch, name: str, place: str
) -> None:
    grow(tmp_path, {"go.mod": ""})
    folders = {
        "PATH": machine,
        "GOBIN": tmp_path / "bin",
        "GOPATH": tmp_path / "bin",
        "HOME": own_home / "go/bin",
    }
    if place in {"GOBIN", "GOPATH"}:
        monkeypatch.setenv(place, str(tmp_path / "bin" if place == "GOBIN" else tmp_path))
    path = program(folders[place] / name)
    [check] = plan(str(tmp_path), ("b.go",), ("staticcheck",))
    assert check.command[0] == path


def test_the_caches_are_this_users_alone(tmp_path: Path, machine: Path) -> None:
    grow(tmp_path, {"go.mod": ""})
    program(machine / "go")
    [check] = plan(str(tmp_path), ("b.go",), ("go vet",))
    folder = os.path.dirname(dict(check.environment)["GOCACHE"])
    assert stat.S_IMODE(os.stat(folder).st_mode) == 0o700
    assert plan(str(tmp_path), ("b.go",), ("go vet",)) == (check,)


@pytest.mark.parametrize("planted", ["a file", "a link", "a folder for all", "no place"])
def test_a_cache_that_somebody_else_made_is_not_used(
    tmp_path: Path, machine: Path, monkeypatch: pytest.MonkeyPatch, planted: str
) -> None:
    grow(tmp_path, {"go.mod": ""})
    program(machine / "go")
    folder = Path(os.environ["TMPDIR"]) / f"codex-guard-checks-{os.getuid()}"
    if planted == "a file":
        folder.write_text("")
    elif planted == "a link":
        (tmp_path / "elsewhere").mkdir(mode=0o700)
        folder.symlink_to(tmp_path / "elsewhere")
    elif planted == "a folder for all":
        folder.mkdir()
        folder.chmod(0o777)
    else:
        monkeypatch.setenv("TMPDIR", str(tmp_path / "gone"))
    [check] = plan(str(tmp_path), ("b.go",), ("go vet",))
    assert check.environment == (("GOPROXY", "off"),)
