"""SARIF 2.1.0, as ruff, ty, Biome and staticcheck print it, and what else the standard allows."""

import json
from typing import Any

import pytest

from codex_guard.checks.reports.read import failures

ROOT = "/work/repo"
Row = tuple[str, int, int, str, str]


def result(uri: str | None, line: int | None = 3, column: int | None = 11, **changes: Any) -> dict[str, Any]:
    """Return a result as ruff prints it."""
    region = {"startLine": line, "startColumn": column, "endLine": line, "endColumn": 12}
    physical = {"artifactLocation": {"uri": uri}, "region": region}
    if line is None:
        del physical["region"]  # Biome's, for a file's format
    return {
        "level": "error",
        "locations": [{"physicalLocation": physical}] if uri is not None else [],
        "message": {"text": "Undefined name `y`"},
        "ruleId": "F821",
    } | changes


def run(*results: dict[str, Any], rules: tuple[object, ...] = (), **more: Any) -> dict[str, Any]:
    driver = {"name": "ruff", "informationUri": "https://github.com/astral-sh/ruff", "rules": list(rules)}
    return {"results": list(results), "tool": {"driver": driver}} | more


def rows(*runs: object) -> list[Row]:
    printed = json.dumps({"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "runs": list(runs)})
    found = failures("sarif", "tool", printed, ROOT)
    return [(one.path, one.line, one.column, one.code, one.message) for one in found]


def test_results_of_all_runs_are_failures() -> None:
    unused = result("file:///work/repo/a.py", 1, 8, ruleId="F401", message={"text": "`os` imported"})
    assert rows(run(result("file:///work/repo/a%20b/%C3%A9.py"), unused), run(result("c.py", None))) == [
        ("a b/é.py", 3, 11, "F821", "Undefined name `y`"),
        ("a.py", 1, 8, "F401", "`os` imported"),
        ("c.py", 0, 0, "F821", "Undefined name `y`"),
    ]


#: An artifact's location, the run's bases, and the path.
PATHS: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "relative": ({"uri": "src/a.py"}, {}, "src/a.py"),
    "encoded": ({"uri": "src/a%20b%231.py"}, {}, "src/a b#1.py"),
    "a percent sign that is none": ({"uri": "src/100%.py"}, {}, "src/100%.py"),
    "a bare path, as Biome's": ({"uri": "/work/repo/b c.ts"}, {}, "b c.ts"),
    "a file": ({"uri": "file:///work/repo/a.py"}, {}, "a.py"),
    "a file of a host": ({"uri": "file://build/work/repo/a.py"}, {}, "a.py"),
    "a file without a host": ({"uri": "FILE:/work/repo/a.py"}, {}, "a.py"),
    "a file outside": ({"uri": "file:///usr/lib/a.py"}, {}, "/usr/lib/a.py"),
    "an unknown base": ({"uri": "a.py", "uriBaseId": "%SRCROOT%"}, {}, "a.py"),
    "a base": (
        {"uri": "a.py", "uriBaseId": "S"},
        {"S": {"uri": "file:///work/repo/sub%20one/"}},
        "sub one/a.py",
    ),
    "a base in a base": (
        {"uri": "a.py", "uriBaseId": "S"},
        {"S": {"uri": "src/", "uriBaseId": "R"}, "R": {"uri": "file:///work/repo/x/"}},
        "x/src/a.py",
    ),
    "a base without a place": (
        {"uri": "a.py", "uriBaseId": "S"},
        {"S": {"uriBaseId": "R"}, "R": {"uri": "file:///work/repo/x"}},
        "x/a.py",
    ),
    "a base of itself": (
        {"uri": "a.py", "uriBaseId": "S"},
        {"S": {"uri": "s", "uriBaseId": "S"}},
        "s/s/s/s/s/s/s/s/a.py",
    ),
    "by its number": ({"index": 1}, {}, "known.py"),
    "by a number that is none": ({"index": 7}, {}, "."),
    "none": ({}, {}, "."),
}


@pytest.mark.parametrize("case", PATHS)
def test_paths(case: str) -> None:
    artifact, bases, expected = PATHS[case]
    located = [{"physicalLocation": {"artifactLocation": artifact, "region": {"startLine": 2}}}]
    artifacts = [{"location": {"uri": "first.py"}}, {"location": {"uri": "known.py"}}]
    found = rows(run(result(None, locations=located), originalUriBaseIds=bases, artifacts=artifacts))
    assert [row[:3] for row in found] == [(expected, 2, 0)]


#: What a result says about itself, and whether it fails.
COUNTED: dict[str, tuple[dict[str, Any], bool]] = {
    "an error": ({"level": "error"}, True),
    "a warning": ({"level": "warning"}, True),
    "a note": ({"level": "note"}, False),
    "none": ({"level": "none"}, False),
    "no level is a warning": ({"level": None}, True),
    "no level, a rule of notes": ({"level": None, "ruleId": "noted"}, False),
    "no level, that rule by its number": ({"level": None, "ruleIndex": 1}, False),
    "no level, that rule by reference": ({"level": None, "ruleId": None, "rule": {"id": "noted"}}, False),
    "a number that is no rule": ({"level": None, "ruleIndex": 7}, True),
    "its own level before the rule's": ({"level": "error", "ruleId": "noted"}, True),
    "a failure": ({"kind": "fail"}, True),
    "a pass": ({"kind": "pass"}, False),
    "suppressed": ({"suppressions": [{"kind": "inSource"}]}, False),
    "a suppression that was accepted": (
        {"suppressions": [{"kind": "external", "status": "accepted"}]},
        False,
    ),
    "a suppression that was refused": ({"suppressions": [{"kind": "external", "status": "rejected"}]}, True),
    "a suppression asked for": ({"suppressions": [{"kind": "external", "status": "underReview"}]}, True),
    "no suppressions": ({"suppressions": []}, True),
    "no longer there": ({"baselineState": "absent"}, False),
    "still there": ({"baselineState": "unchanged"}, True),
}


@pytest.mark.parametrize("case", COUNTED)
def test_what_counts(case: str) -> None:
    changes, fails = COUNTED[case]
    rules = ({"id": "F821"}, {"id": "noted", "defaultConfiguration": {"level": "note"}})
    assert len(rows(run(result("a.py", **changes), rules=rules))) == fails


RULE = {
    "id": "R1",
    "shortDescription": {"text": "What R1 is about"},
    "messageStrings": {"default": {"text": "{0} is no {1}"}},
}
#: What a result says, and its code and message.
MESSAGES: dict[str, tuple[dict[str, Any], tuple[str, str]]] = {
    "text": ({"ruleId": "R1", "message": {"text": "This\n  is it"}}, ("R1", "This is it")),
    "the rule's text": (
        {"ruleId": "R1", "message": {"id": "default", "arguments": ["a", "b"]}},
        ("R1", "a is no b"),
    ),
    "the rule's, without arguments": (
        {"ruleId": "R1", "message": {"id": "default"}},
        ("R1", "{0} is no {1}"),
    ),
    "neither": ({"ruleId": "R1", "message": {}}, ("R1", "What R1 is about")),
    "the rule by its number": ({"ruleIndex": 0, "ruleId": None}, ("R1", "Undefined name `y`")),
    "no rule": ({"ruleId": None}, ("error", "Undefined name `y`")),
}


@pytest.mark.parametrize("case", MESSAGES)
def test_messages(case: str) -> None:
    changes, expected = MESSAGES[case]
    [row] = rows(run(result("a.py", **changes), rules=(RULE,)))
    assert row[3:] == expected


@pytest.mark.parametrize("runs", [[], [None], [{}], [{"results": 1}], [{"results": [None, {}]}]])
def test_what_is_no_result_is_no_failure(runs: list[Any]) -> None:
    assert rows(*runs) == []
