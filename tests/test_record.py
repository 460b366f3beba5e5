"""Frozen value types: what a dataclass with frozen and slots does, without its import."""

import copy
import pickle
import subprocess
import sys
from typing import Any

import pytest

from codex_guard import record
from codex_guard.record import Record


class Point(Record):
    """A record of two fields, one with a default."""

    x: int
    y: int = 0


class Named(Point):
    """A record that inherits fields."""

    name: str = "origin"


class Moved(Point):
    """A record that declares an inherited field again."""

    y: int = 7
    z: int = 1


class Other(Record):
    """A record with the fields of Point."""

    x: int
    y: int = 0


class Empty(Record):
    """A record without fields."""


MADE: list[tuple[Record, str]] = [
    (Point(1), "Point(x=1, y=0)"),
    (Point(1, 2), "Point(x=1, y=2)"),
    (Point(y=2, x=1), "Point(x=1, y=2)"),
    (Point(1, y=2), "Point(x=1, y=2)"),
    (Named(1), "Named(x=1, y=0, name='origin')"),
    (Named(1, 2, "a"), "Named(x=1, y=2, name='a')"),
    (Named(1, name="a"), "Named(x=1, y=0, name='a')"),
    (Moved(1), "Moved(x=1, y=7, z=1)"),
    (Moved(1, 2, 3), "Moved(x=1, y=2, z=3)"),
    (Empty(), "Empty()"),
]


@pytest.mark.parametrize(("value", "shown"), MADE)
def test_a_record_is_made_and_shown(value: Record, shown: str) -> None:
    assert repr(value) == str(value) == shown
    assert eval(shown) == value  # noqa: S307 - our own text


MISMADE: list[tuple[type[Record], tuple[int, ...], dict[str, int], str]] = [
    (Point, (), {}, "Point needs a value for 'x'"),
    (Point, (), {"y": 1}, "Point needs a value for 'x'"),
    (Point, (1, 2, 3), {}, "Point takes 2 fields, got 3"),
    (Point, (1,), {"x": 2}, "Point has no free field 'x'"),
    (Point, (1,), {"z": 2}, "Point has no free field 'z'"),
    (Point, (1, 2), {"y": 2}, "Point has no free field 'y'"),
    (Empty, (1,), {}, "Empty takes 0 fields, got 1"),
    (Moved, (1, 2, 3, 4), {}, "Moved takes 3 fields, got 4"),
]


@pytest.mark.parametrize(("kind", "values", "named", "said"), MISMADE)
def test_a_record_that_cannot_be_made_says_why(
    kind: type[Record], values: tuple[int, ...], named: dict[str, int], said: str
) -> None:
    with pytest.raises(TypeError, match=said):
        kind(*values, **named)


def test_records_are_compared_by_type_and_value() -> None:
    assert Point(1, 2) == Point(1, y=2)
    assert Point(1, 2) != Point(2, 1)
    assert Point(1, 2) != Other(1, 2)
    assert Point(1, 0) != Named(1, 0)
    assert Point(1, 2) != (1, 2)
    assert len({Point(1), Point(1, 0), Other(1), Named(1), Point(2)}) == 4
    assert hash(Point(1)) == hash(Point(1, 0))


def test_a_record_of_what_cannot_be_hashed_cannot_either() -> None:
    with pytest.raises(TypeError, match="unhashable"):
        hash(Other([]))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["x", "y", "z", "_fields", "__class__", "__dict__"])
def test_a_record_is_frozen(name: str) -> None:
    point = Point(1)
    with pytest.raises(AttributeError, match=f"Point is frozen: '{name}' cannot be set"):
        setattr(point, name, 2)
    with pytest.raises(AttributeError, match=f"Point is frozen: '{name}' cannot be deleted"):
        delattr(point, name)
    assert point == Point(1)


@pytest.mark.parametrize("value", [value for value, _ in MADE], ids=repr)
def test_a_record_takes_no_more_room_than_its_fields(value: Record) -> None:
    assert not hasattr(value, "__dict__")


@pytest.mark.parametrize("value", [value for value, _ in MADE], ids=repr)
def test_a_record_is_copied_and_pickled(value: Record) -> None:
    for same in (copy.copy(value), copy.deepcopy(value), pickle.loads(pickle.dumps(value)), value.replace()):  # noqa: S301
        assert (type(same), same) == (type(value), value)


def test_replace_changes_some_fields_of_a_copy() -> None:
    named = Named(1, 2, "a")
    assert named.replace(x=9, name="b") == Named(9, 2, "b")
    assert named == Named(1, 2, "a")
    with pytest.raises(TypeError, match="no free field 'z'"):
        named.replace(z=1)


def test_a_subclass_leaves_the_fields_of_its_base_alone() -> None:
    assert (Point._fields, Named._fields, Moved._fields) == (("x", "y"), ("x", "y", "name"), ("x", "y", "z"))
    assert (Point(1).y, Moved(1).y) == (0, 7)
    assert vars(Moved)["__slots__"] == ("z",)  # "y" has its place in Point


def test_a_default_is_not_the_class_own_attribute() -> None:
    assert type(Point.__dict__["y"]).__name__ == "member_descriptor"


@pytest.mark.parametrize("key", ["__annotate_func__", "__annotate__"])
def test_annotations_are_read_as_from_python_3_14_on(key: str) -> None:
    asked: list[int] = []

    def annotate(form: int) -> dict[str, Any]:
        asked.append(form)
        return {"x": int, "y": int}

    made: Any = record._RecordType("Late", (Record,), {key: annotate, "y": 3, "__module__": __name__})
    assert repr(made(1)) == "Late(x=1, y=3)"
    assert asked == [1]


#: Imported by every hook call, so none of them may import what costs more than a millisecond.
HOT = (
    "errors", "record", "model", "launch", "wire.events", "wire.fastjson", "wire.decisions", "policy.policy",
    "policy.layers",
)  # fmt: skip
COSTLY = {"re", "json", "typing", "dataclasses", "contextlib", "enum", "functools", "collections", "pathlib"}


@pytest.mark.parametrize("module", HOT)
def test_what_every_hook_imports_is_cheap(module: str) -> None:
    code = (
        f"import sys; sys.path.append({record.__file__.rpartition('/codex_guard')[0]!r});"
        f" import codex_guard.{module}; print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert not COSTLY & set(done.stdout.split())
