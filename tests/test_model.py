"""The value types between rooms, and the one that must never show its value."""

import copy
import io
import json
import logging
import pickle
import pprint
import traceback
from collections.abc import Callable

import pytest

from codex_guard import model
from codex_guard.model import Allow, Block, Finding, Judgement, Secret, ToolEvent
from codex_guard.record import Record
from codex_guard.secrets.rules.template import expand

VALUE = expand("ghp_{crc62:36}")
SECRET = Secret(VALUE, "github-pat")
MASK = "<masked:github-pat>"


def found(secret: Secret = SECRET) -> Finding:
    return Finding("github-pat", "A token", "critical", "https://x", "a.env", 1, 7, 6, 46, secret)


def logged() -> str:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    logger = logging.getLogger("codex_guard.test")
    logger.addHandler(handler)
    logger.warning("%s %r %s", SECRET, SECRET, [found()])
    logger.removeHandler(handler)
    return stream.getvalue()


def traced() -> str:
    secret = SECRET
    with pytest.raises(ValueError, match="masked") as caught:
        raise ValueError(secret, found())
    return "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())


def asserted() -> str:
    try:
        assert Secret("a", "b") == SECRET, f"{SECRET} {found()}"
    except AssertionError as error:
        return "".join(traceback.format_exception(error))
    return ""


#: Every way in which a value gets out of a program by mistake.
SHOWN: dict[str, Callable[[], str]] = {
    "str": SECRET.__str__,
    "repr": lambda: repr(SECRET),
    "ascii": lambda: ascii(SECRET),
    "an f-string": lambda: f"{SECRET}",
    "an f-string's repr": lambda: f"{SECRET!r} {SECRET!s} {SECRET!a}",
    "an f-string's width": lambda: f"{SECRET:>40}",
    "an f-string's precision": lambda: f"{SECRET:.30}",
    "format": lambda: "{} {!r} {:^50}".format(SECRET, SECRET, SECRET),  # noqa: UP032
    "percent": lambda: "%s %r %40s" % (SECRET, SECRET, SECRET),  # noqa: UP031
    "print": lambda: (print(SECRET, [SECRET], file=(stream := io.StringIO())), stream.getvalue())[1],
    "a list": lambda: str([SECRET]),
    "a dictionary": lambda: str({SECRET: SECRET}),
    "a finding": lambda: repr(found()),
    "a judgement": lambda: repr(Judgement(Block("no"), (found(),))),
    "JSON with default": lambda: json.dumps({"secret": SECRET}, default=str),
    "JSON with repr": lambda: json.dumps([SECRET], default=repr),
    "pprint": lambda: pprint.pformat(found()),
    "a log": logged,
    "a traceback with its variables": traced,
    "an assertion": asserted,
    "a key error": lambda: str(KeyError(SECRET)),
    "a pickle": lambda: ascii(pickle.dumps([SECRET, found()])),
    "a copy": copy.copy(SECRET).reveal,
    "a deep copy": copy.deepcopy(found()).secret.reveal,
    "an unpickled one": pickle.loads(pickle.dumps(SECRET)).reveal,  # noqa: S301
}


@pytest.mark.parametrize("way", SHOWN)
def test_a_secret_is_never_shown(way: str) -> None:
    shown = SHOWN[way]()
    assert VALUE not in shown
    assert VALUE[4:20] not in shown
    assert "masked:github-pat" in shown


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_no_pickle_holds_it(protocol: int) -> None:
    assert VALUE.encode() not in pickle.dumps(found(), protocol)


def test_json_refuses_it() -> None:
    with pytest.raises(TypeError, match="not JSON serializable") as caught:
        json.dumps(SECRET)
    assert VALUE not in str(caught.value)


def test_it_has_no_dictionary_to_be_dumped() -> None:
    with pytest.raises(TypeError):
        vars(SECRET)


def test_it_is_revealed_only_when_asked_for() -> None:
    assert SECRET.reveal() == VALUE
    assert str(SECRET) == repr(SECRET) == MASK
    assert f"{SECRET:>25}" == MASK.rjust(25)


def test_secrets_are_equal_by_value() -> None:
    assert Secret(VALUE, "another-rule") == SECRET
    assert hash(Secret(VALUE, "another-rule")) == hash(SECRET)
    assert Secret(VALUE + "x", "github-pat") != SECRET
    assert SECRET != VALUE
    assert len({SECRET, Secret(VALUE, "b"), Secret("c", "b")}) == 2


@pytest.mark.parametrize("name", ["_value", "kind", "other"])
def test_a_secret_is_frozen(name: str) -> None:
    with pytest.raises(AttributeError, match=f"Secret is frozen: '{name}' cannot be set"):
        setattr(SECRET, name, "x")
    with pytest.raises(AttributeError, match=f"Secret is frozen: '{name}' cannot be deleted"):
        delattr(SECRET, name)
    assert (SECRET.reveal(), SECRET.kind) == (VALUE, "github-pat")


TYPES = [kind for kind in vars(model).values() if isinstance(kind, type) and issubclass(kind, Record)]


@pytest.mark.parametrize("kind", [kind for kind in TYPES if kind is not Record])
def test_every_type_is_a_frozen_value_with_a_meaning(kind: type[Record]) -> None:
    assert kind.__doc__
    values = [f"value of {field}" for field in kind._fields]
    made = kind(*values)
    assert made == kind(**dict(zip(kind._fields, values, strict=True)))
    assert len({made, kind(*values)}) == 1
    for field in kind._fields:
        assert made != made.replace(**{field: "another"})
        with pytest.raises(AttributeError, match="is frozen"):
            setattr(made, field, "another")


def test_silence_is_the_plainest_allow() -> None:
    assert Allow() == Allow(None)
    assert Allow() not in {Allow("a note"), Block("")}
    assert Judgement(Allow()) == Judgement(Allow(), (), (), (), (), ())


def test_a_call_that_has_not_run_has_no_response() -> None:
    call = ToolEvent("s", "t", "/", "Bash", {"command": "ls"}, "ls")
    assert (call.response, call.call) == (None, "")
