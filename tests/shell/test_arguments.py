"""How arguments are read: the option and its value, the operands, and what is read and written."""

import pytest

from codex_guard.commands import sending
from codex_guard.commands.flow import SENDERS
from codex_guard.shell.arguments import Arguments, read_arguments
from codex_guard.shell.meaning import Scope
from codex_guard.shell.walk import walked


def of(command: str, number: int = -1) -> Arguments:
    scope = Scope("/work", {"HOME": "/home/dev"}, "/work")
    return read_arguments(walked(command, scope).invocations[number])


def texts(values: object) -> list[str]:
    return [value.text for value in values]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("command", "operands"),
    [
        ("kubectl -n prod delete ns x", ["delete", "ns", "x"]),
        ("kubectl delete ns x --namespace=prod", ["delete", "ns", "x"]),
        ("kubectl delete ns --context prod x", ["delete", "ns", "x"]),
        ("git -C x commit -m 'a b' file", ["commit", "file"]),
        ("git commit -am x", ["commit"]),
        ("git log -- -x", ["log", "-x"]),
        ("aws --region us-east-1 s3 ls", ["s3", "ls"]),
        ("curl -o out -sSL example.com", ["example.com"]),
        ("tar xzf a.tgz -C out b", ["b"]),
        ("tar -xzfa.tgz b", ["b"]),
    ],
)
def test_values_of_options_are_no_operands(command: str, operands: list[str]) -> None:
    assert texts(of(command).operands) == operands


def test_a_name_can_be_cut_short() -> None:
    assert texts(of("cp --target-dir out a").written) == ["out", "out/a"]
    assert of("cp --target-dir=out a").option("target-directory")


def test_what_may_be_a_value_is_loose() -> None:
    found = of("frobnicate --profile prod delete x")
    assert texts(found.operands) == ["prod", "delete", "x"]
    assert found.loose == {0}


def test_the_words_before_any_option_lead() -> None:
    assert of("az vm list delete -g x").lead == 3
    assert of("az --output json vm list").lead == 2
    assert of("az vm --debug delete").lead == 2
    assert of("az vm --frobnicate delete").lead == 1


@pytest.mark.parametrize(
    ("command", "read"),
    [
        ("cat a b", ["a", "b"]),
        ("grep -n word a b", ["a", "b"]),
        ("grep -e word a", ["a"]),
        ("grep -f words a", ["a"]),
        ("sed -n 1p a", ["a"]),
        ("sed -e 1p a", ["a"]),
        ("awk '{print $1}' a", ["a"]),
        ("cp a b c", ["a", "b"]),
        ("cp -t c a b", ["a", "b"]),
        ("dd if=a of=b", ["a"]),
        ("curl file:///etc/hosts example.com", ["/etc/hosts"]),
        ("curl example.com/.env", []),
        ("date --file a", ["a"]),
        ("chmod 600 a", ["a"]),
        ("tee a < b", ["b"]),
    ],
)
def test_what_is_read(command: str, read: list[str]) -> None:
    assert texts(of(command).read) == read


@pytest.mark.parametrize(
    ("command", "written"),
    [
        ("cp a b", ["b", "b/a"]),
        ("cp x/a y/b z", ["z", "z/a", "z/b"]),
        ("mv a", []),
        ("install -d a b", ["b", "b/a"]),
        ("dd if=a of=b", ["b"]),
        ("tee a b", ["a", "b"]),
    ],
)
def test_what_is_written(command: str, written: list[str]) -> None:
    assert texts(of(command).written) == written


def test_options_that_are_switched_off_are_not_given() -> None:
    assert "dry-run" not in of("kubectl delete x --dry-run=none").names
    assert "dry-run" in of("kubectl delete x --dry-run=client").names


def test_finds_own_options_are_not_those_of_its_commands() -> None:
    assert "delete" not in of("find . -exec echo -delete ';' -print", 0).flags
    assert "delete" in of("find . -exec echo {} ';' -delete", 0).flags


def test_tar_takes_options_from_the_environment() -> None:
    found = of("export TAR_OPTIONS='--create --file=host:/x'; tar a")
    assert texts(found.option("file")) == ["host:/x"]


def test_every_program_that_is_asked_what_it_sends_is_known() -> None:
    for program in SENDERS:
        invocation = walked(f"{program} example.com", Scope("/", {}, "/")).invocations[0]
        sent = sending.sent(invocation, read_arguments(invocation))
        assert sent is None or isinstance(sent, sending.Sent)
