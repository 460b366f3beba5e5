"""Every answer that a test sees is held against what Codex accepts for that event."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema

_SCHEMAS = Path(__file__).parent.parent / "fixtures" / "schemas"


@cache
def _validator(event: str) -> Any:
    schema = json.loads((_SCHEMAS / f"{event}.output.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(schema)


def check(event: str, printed: str) -> dict[str, Any]:
    """Return the decoded answer; an answer that Codex would not obey fails the test. Silence is an answer."""
    if not printed:
        return {}
    answer: dict[str, Any] = json.loads(printed)
    _validator(event).validate(answer)
    assert len(reason(answer).encode()) <= 8_000
    return answer


def reason(answer: dict[str, Any]) -> str:
    """Return the reason or message in an answer, wherever its event puts it."""
    specific = answer.get("hookSpecificOutput", {})
    return (
        answer.get("reason") or specific.get("permissionDecisionReason") or answer.get("systemMessage") or ""
    )
