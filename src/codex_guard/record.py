"""Frozen value types without the 14 ms that importing ``dataclasses`` costs every hook call.

``class Point(Record): x: int; y: int = 0`` gives slots, an initialiser, equality, hashing and a
``repr``, and is understood by type checkers as a frozen dataclass.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Self, dataclass_transform
else:

    def dataclass_transform(**_options: object) -> object:
        """Stand in for ``typing.dataclass_transform``, whose module costs 9 ms to import."""
        return lambda cls: cls


def _annotations(body: "dict[str, Any]") -> "dict[str, Any]":
    """Return a class body's annotations; from Python 3.14 on (PEP 649) they are made on demand."""
    if "__annotations__" in body:
        return dict(body["__annotations__"])
    annotate = body.get("__annotate_func__") or body.get("__annotate__")
    return dict(annotate(1)) if annotate else {}  # 1: as values, annotationlib.Format.VALUE


class _RecordType(type):
    """Turns a class body's annotations into slots and its assignments into defaults."""

    def __new__(mcs, name: str, bases: tuple[type, ...], body: "dict[str, Any]") -> "_RecordType":
        own = tuple(_annotations(body))
        inherited: tuple[str, ...] = ()
        defaults: dict[str, Any] = {}
        for base in reversed(bases):
            inherited += getattr(base, "_fields", ())
            defaults |= getattr(base, "_defaults", {})
        defaults |= {field: body.pop(field) for field in own if field in body}
        # A field declared again keeps its place and its slot, and takes the new default.
        body["__slots__"] = tuple(field for field in own if field not in inherited)
        body["_fields"] = tuple(dict.fromkeys(inherited + own))
        body["_defaults"] = defaults
        return super().__new__(mcs, name, bases, body)


@dataclass_transform(frozen_default=True)
class Record(metaclass=_RecordType):
    """Base of every value type: immutable, compared by value."""

    if TYPE_CHECKING:
        _fields: tuple[str, ...]
        _defaults: dict[str, Any]

    def __init__(self, *values: "Any", **named: "Any") -> None:
        fields = self._fields
        if not named and len(values) == len(fields):
            for field, value in zip(fields, values, strict=True):
                object.__setattr__(self, field, value)
            return
        if len(values) > len(fields):
            raise TypeError(f"{type(self).__name__} takes {len(fields)} fields, got {len(values)}")
        given = dict(zip(fields, values, strict=False))
        for field in named:
            if field not in fields or field in given:
                raise TypeError(f"{type(self).__name__} has no free field {field!r}")
        given |= named
        for field in fields:
            if field in given:
                object.__setattr__(self, field, given[field])
            elif field in self._defaults:
                object.__setattr__(self, field, self._defaults[field])
            else:
                raise TypeError(f"{type(self).__name__} needs a value for {field!r}")

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen: {name!r} cannot be set")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen: {name!r} cannot be deleted")

    def _values(self) -> "tuple[Any, ...]":
        return tuple(getattr(self, field) for field in self._fields)

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self._values() == other._values()

    def __hash__(self) -> int:
        return hash((type(self).__name__, self._values()))

    def __repr__(self) -> str:
        inner = ", ".join(f"{field}={getattr(self, field)!r}" for field in self._fields)
        return f"{type(self).__name__}({inner})"

    def __reduce__(self) -> "tuple[Any, ...]":
        return (type(self), self._values())

    def replace(self, **changes: "Any") -> "Self":
        """Return a copy with some fields changed."""
        return type(self)(**(dict(zip(self._fields, self._values(), strict=True)) | changes))
