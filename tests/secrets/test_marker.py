"""Marks on a line: which there are, what they say, and which do not count."""

import pytest

from codex_guard.model import Finding, Secret
from codex_guard.secrets import marker
from codex_guard.secrets.marker import Marked
from codex_guard.secrets.rules.template import expand

VALUE = "the value"
OURS = "codex-guard: allow"


def finding(body: str, value: str = VALUE, rule: str = "a-rule", at: int = 0) -> Finding:
    start = body.index(value, at)
    line = body.count("\n", 0, start) + 1
    return Finding(
        rule,
        "A title",
        "high",
        "https://a.test",
        "a",
        line,
        1,
        start,
        start + len(value),
        Secret(value, rule),
    )


def judged(body: str, value: str = VALUE) -> Marked | None:
    found = list(marker.marked(body, (finding(body, value),)))
    assert len(found) <= 1
    return found[0] if found else None


#: A text with the value, and the reason why that does not count.
COUNTS = {
    "behind the value": (f"k = '{VALUE}'  # {OURS}[a-rule] a test key", "a test key"),
    "in any case": (f"{VALUE} # Codex-Guard: Allow[a-rule] yes", "yes"),
    "without blanks": (f"{VALUE} #codex-guard:allow[a-rule]yes", "yes"),
    "of several rules": (f"{VALUE} # {OURS}[other, a-rule ,more] yes", "yes"),
    "in a block comment": (f"{VALUE} /* {OURS}[a-rule] in C */ more", "in C"),
    "in markup": (f"<a>{VALUE}</a> <!-- {OURS}[a-rule] in HTML -->", "in HTML"),
    "in JSON": (f'{{"a": "{VALUE}", "b": "{OURS}[a-rule] in JSON"}}', "in JSON"),
    "with a Windows line end": (f"{VALUE} # {OURS}[a-rule] yes\r\nb\r\n", "yes"),
    "with a dash": (f"{VALUE} # {OURS}[a-rule] - yes, it is", "yes, it is"),
    "detect-secrets'": (f"{VALUE} # pragma: allowlist secret", "pragma: allowlist secret"),
    "detect-secrets', hyphened": (f"{VALUE} // pragma:allowlist-secret", "pragma: allowlist secret"),
    "detect-secrets' for the next line": (
        f"a\n# pragma: allowlist nextline secret\n{VALUE}\n",
        "pragma: allowlist nextline secret",
    ),
    "on the first line, for the second": (
        f"# pragma: allowlist nextline secret\n{VALUE}",
        "pragma: allowlist nextline secret",
    ),
    "gitleaks'": (f"{VALUE} # gitleaks:allow", "gitleaks:allow"),
    "before the value, another scanner's": (f"/* gitleaks:allow */ {VALUE}", "gitleaks:allow"),
    "ours bad, another scanner's good": (f"{VALUE} # {OURS}[a-rule] gitleaks:allow", "gitleaks:allow"),
}

#: A text with the value, and what is wrong with its mark; None: there is none on its line.
DOES_NOT = {
    "no mark": (f"{VALUE}", None),
    "a line before": (f"# {OURS}[a-rule] yes\n{VALUE}", None),
    "a line behind": (f"{VALUE}\n# {OURS}[a-rule] yes", None),
    "another scanner's a line before": (f"# gitleaks:allow\n# pragma: allowlist secret\n{VALUE}", None),
    "for the next line, on the line itself": (f"{VALUE} # pragma: allowlist nextline secret", None),
    "for the next line, two lines before": (f"# pragma: allowlist nextline secret\n\n{VALUE}", None),
    "for the next line, behind": (f"{VALUE}\n# pragma: allowlist nextline secret", None),
    "a word that goes on": (f"{VALUE} # pragma: allowlist secrets", None),
    "a key of a policy": (f"{VALUE} # codex-guard: allowed_paths", None),
    "no rule": (f"{VALUE} # {OURS} a test key", "it names no rule"),
    "empty brackets": (f"{VALUE} # {OURS}[ ] a test key", "it names no rule"),
    "brackets that stay open": (f"{VALUE} # {OURS}[a-rule a test key", "it names no rule"),
    "everything": (f"{VALUE} # {OURS}[*] a test key", "it allows everything"),
    "everything besides": (f"{VALUE} # {OURS}[a-rule, *] a test key", "it allows everything"),
    "no reason": (f"{VALUE} # {OURS}[a-rule]", "it gives no reason"),
    "a reason of signs": (f"{VALUE} # {OURS}[a-rule] --- !", "it gives no reason"),
    "the end of a comment as the reason": (f"{VALUE} /* {OURS}[a-rule] */ more()", "it gives no reason"),
    "another rule": (f"{VALUE} # {OURS}[b-rule, c-rule] yes", "it names b-rule, c-rule, not this rule"),
    "part of a rule's name": (f"{VALUE} # {OURS}[a-rul] yes", "not this rule"),
    "before the value": (f"/* {OURS}[a-rule] yes */ {VALUE}", "it stands before the value"),
    "within the value": (f"{OURS}[a-rule] {VALUE}", "it stands before the value"),
}


@pytest.mark.parametrize("case", COUNTS)
def test_what_counts(case: str) -> None:
    body, reason = COUNTS[case]
    mark = judged(body)
    assert mark is not None
    assert (mark.reason, mark.problem) == (reason, None)


@pytest.mark.parametrize("case", DOES_NOT)
def test_what_does_not(case: str) -> None:
    body, problem = DOES_NOT[case]
    mark = judged(body)
    if problem is None:
        assert mark is None
    else:
        assert mark is not None
        assert mark.reason is None
        assert problem in str(mark.problem)


def test_a_long_reason_ends_with_a_whole_word() -> None:
    mark = judged(f"{VALUE} # {OURS}[a-rule] {'word ' * 10_000}")
    assert mark is not None
    assert len(str(mark.reason)) < 2_000
    assert set(str(mark.reason).split()) == {"word"}
    mark = judged(f"{VALUE} # {OURS}[a-rule]{'w' * 10_000}")
    assert mark is not None
    assert "it gives no reason" in str(mark.problem)


LONG = "BEGIN\nmiddle\nEND"


@pytest.mark.parametrize(
    ("body", "reason", "lines"),
    [
        (
            f"a\nk = '''{LONG}''' # {OURS}[a-rule] yes\nb",
            "yes",
            ("k = '''BEGIN", "middle", "END''' # MARK yes"),
        ),
        (f"gitleaks:allow {LONG}\n", "gitleaks:allow", ("gitleaks:allow BEGIN", "middle", "END")),
        (f"{LONG} gitleaks:allow", "gitleaks:allow", ("BEGIN", "middle", "END gitleaks:allow")),
        (
            f"pragma: allowlist nextline secret\n{LONG}",
            "pragma: allowlist nextline secret",
            ("pragma: allowlist nextline secret", "BEGIN", "middle", "END"),
        ),
        (LONG.replace("middle", "middle gitleaks:allow"), None, ()),
    ],
)
def test_a_value_of_several_lines(body: str, reason: str | None, lines: tuple[str, ...]) -> None:
    value = body[body.index("BEGIN") : body.index("END") + 3]
    mark = judged(body, value)
    assert (mark and mark.reason) == reason
    if mark is not None:
        assert mark.lines == tuple(line.replace("MARK", f"{OURS}[a-rule]") for line in lines)


@pytest.mark.parametrize("place", ["first", "last"])
@pytest.mark.parametrize("mark", ["gitleaks:allow", f"{OURS}[a-rule] yes"])
def test_a_keys_lines_of_dashes_are_its_own(place: str, mark: str) -> None:
    first = expand("k = '{dash:5}BEGIN A KEY{dash:5}")
    last = expand("{dash:5}END A KEY{dash:5}'")
    if place == "first":
        first = f"{first} # {mark}"
    else:
        last = f"{last} # {mark}"
    found = judged(f"a\n{first}\none\n{VALUE}\n{last}\nb", f"one\n{VALUE}")
    assert found is not None
    assert found.reason in {"yes", "gitleaks:allow"}
    assert found.lines == (first, "one", VALUE, last)
    # A line further there is none.
    assert judged(f"a # {mark}\nb\none\n{VALUE}\nc\nd # {mark}", f"one\n{VALUE}") is None


def test_two_values_on_a_line() -> None:
    body = f"one two # {OURS}[a-rule] both\none"
    findings = (finding(body, "one"), finding(body, "two"), finding(body, "one", at=8))
    assert [mark.finding for mark in marker.marked(body, findings)] == list(findings[:2])


def test_a_line_of_many_values_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    line = marker._Line

    def counting(body: str, place: int) -> marker._Line:
        read.append(place)
        return line(body, place)

    monkeypatch.setattr(marker, "_Line", counting)
    body = (
        " ".join(f"v{number:05}" for number in range(2_000)) + f" # {OURS}[a-rule] all of them\nnext v00000"
    )
    findings = tuple(finding(body, f"v{number:05}") for number in range(2_000))
    assert len(list(marker.marked(body, findings))) == 2_000
    assert len(read) == 1
