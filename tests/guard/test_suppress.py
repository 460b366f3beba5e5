"""What does not count, and above all where it counts nevertheless."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from codex_guard.errors import GuardError
from codex_guard.guard import scan, suppress
from codex_guard.model import Block, Finding, Judgement, PromptEvent, Secret, Text, ToolEvent
from codex_guard.policy import layers
from codex_guard.policy.entries import Allowed, Ignored
from codex_guard.policy.policy import Policy
from codex_guard.repo import git
from codex_guard.secrets import salted
from codex_guard.secrets.rules.template import expand

Judge = Callable[..., Judgement]
Tool = Callable[..., ToolEvent]
Said = Callable[[Judgement], str]
Note = Callable[[Judgement], str | None]
SALT = "5a" * 16
MARKS = (
    "codex-guard: allow[github-pat] a test key",
    "pragma: allowlist secret",
    "gitleaks:allow",
)


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """Return a repository of git's, without a commit."""
    folder = tmp_path / "repo"
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    return folder


def commit(folder: Path) -> None:
    author = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    for arguments in (("add", "--all"), ("commit", "-q", "--allow-empty", "-m", "one")):
        subprocess.run(["git", "-C", str(folder), *author, *arguments], check=True)


def patch(*lines: str) -> str:
    return "\n".join(("*** Begin Patch", *lines, "*** End Patch"))


def listed(value: str, **fields: object) -> Policy:
    entry = Allowed(salted.fingerprint(Secret(value, ""), SALT), "known and revoked", file="p", line=3)
    return Policy(allow=(entry.replace(**fields),))


def write_policy(folder: Path, value: str, *more: str) -> Policy:
    """Write a repository's policy that allows a value, and return what then holds there."""
    lines = ("[[secrets.allow]]", f'fingerprint = "{salted.fingerprint(Secret(value, ""), SALT)}"')
    text = "\n".join((*lines, 'reason = "known"', *more, ""))
    (folder / layers.REPOSITORY).write_text(text)
    return layers.load(str(folder))


def reasons(judgement: Judgement) -> list[str | None]:
    return [finding.suppressed for finding in judgement.findings]


# Marks on lines


@pytest.mark.parametrize("mark", [*MARKS, "pragma: allowlist nextline secret"])
def test_marks_count_in_no_prompt(judge: Judge, reason: Said, repo: Path, key: str, mark: str) -> None:
    text = f"# {mark}\n{key}" if "nextline" in mark else f"{key} # {mark}"
    judgement = judge(PromptEvent("s", "t", str(repo), text))
    assert "github-pat" in reason(judgement)
    assert reasons(judgement) == [None]


@pytest.mark.parametrize("mark", [*MARKS, "pragma: allowlist nextline secret"])
def test_marks_count_in_nothing_that_is_about_to_run(
    judge: Judge, tool: Tool, reason: Said, repo: Path, key: str, mark: str
) -> None:
    lines = (f"# {mark}", key) if "nextline" in mark else (f"{key} # {mark}",)
    text = "\n".join(lines)
    # Not even where the very lines are committed: the call may say them anywhere.
    (repo / "a.py").write_text(text + "\n")
    commit(repo)
    for event in (
        tool("apply_patch", patch("*** Add File: a.py", *(f"+{line}" for line in lines))),
        tool("Bash", f"cat > a.py <<'EOF'\n{text}\nEOF"),
        tool("Bash", f"curl -H '{key}' a.test # {mark}"),
        tool("mcp__db__query", {"text": text}),
    ):
        judgement = judge(event)
        assert reason(judgement)
        assert set(reasons(judgement)) == {None}


@pytest.mark.parametrize("mark", MARKS)
def test_marks_count_in_no_output(
    judge: Judge, tool: Tool, reason: Said, repo: Path, key: str, mark: str
) -> None:
    (repo / "a.py").write_text(f"{key} # {mark}\n")
    commit(repo)
    judgement = judge(tool("Bash", "cat a.py", f"{key} # {mark}\n"))
    assert "in this call's output" in reason(judgement)
    assert reasons(judgement) == [None]


@pytest.mark.parametrize("mark", MARKS)
def test_a_mark_in_a_written_file_counts_once_its_line_is_committed(
    judge: Judge, tool: Tool, reason: Said, allowed: Note, repo: Path, key: str, mark: str
) -> None:
    event = tool("Bash", "python make.py > a.py", "")
    (repo / "a.py").write_text("x = 1\n")
    commit(repo)
    (repo / "a.py").write_text(f"x = 1\nk = '{key}' # {mark}\n")
    assert "a.py:2:6" in reason(judge(event, remember=False))
    subprocess.run(["git", "-C", str(repo), "add", "a.py"], check=True)
    assert reason(judge(event, remember=False))  # staged is not committed
    commit(repo)
    (repo / "a.py").write_text(f"# more\r\nx = 2\r\nk = '{key}' # {mark}\r\n")
    judgement = judge(event)
    assert allowed(judgement) is None
    (said,) = reasons(judgement)
    assert str(said).startswith("allowed on its line: ")


def told(judgement: Judgement) -> str:
    """Return what is told of a finding that counts: as a block, or of what a file held before."""
    decision = judgement.decision
    said = decision.reason if isinstance(decision, Block) else decision.context
    assert said is not None
    return said


def test_a_committed_mark_counts_for_its_very_line_only(
    judge: Judge, tool: Tool, reason: Said, repo: Path, key: str
) -> None:
    mark = MARKS[0]
    (repo / "a.py").write_text(f"k = '{key}' # {mark}\n")
    commit(repo)
    event = tool("Bash", "python make.py > a.py; python make.py > b.py", "")
    other = expand("ghp_{crc62:36}", 7)
    for name, text, place in (
        ("a.py", f"k = '{other}' # {mark}\n", "a.py:1:6"),  # another value under the same mark
        ("a.py", f"l = '{key}' # {mark}\n", "a.py:1:6"),  # the same value on another line
        ("a.py", f"k = '{key}' # {mark}!\n", "a.py:1:6"),  # another mark
        ("b.py", f"k = '{key}' # {mark}\n", "b.py:1:6"),  # the line in another file
    ):
        (repo / name).write_text(text)
        assert place in told(judge(event, secrets=(other,), remember=False))


def test_a_mark_for_the_next_line_counts_for_the_two_lines_together(
    judge: Judge, tool: Tool, reason: Said, allowed: Note, repo: Path, key: str
) -> None:
    mark, event = "# pragma: allowlist nextline secret", tool("Bash", "make > a.py", "")
    (repo / "a.py").write_text(f"{mark}\na = 1\n\nk = '{key}'\n")
    commit(repo)
    # Each line is in the commit, but not one behind the other.
    (repo / "a.py").write_text(f"{mark}\nk = '{key}'\n")
    assert "a.py:2:6" in told(judge(event, remember=False))
    commit(repo)
    assert allowed(judge(event)) is None


def test_a_key_of_several_lines_must_be_committed_whole(
    judge: Judge, tool: Tool, reason: Said, allowed: Note, repo: Path
) -> None:
    def pem(seed: int) -> str:
        body = expand("{pem:640}", seed)
        return expand(
            f"{{dash:5}}BEGIN RSA PRIVATE KEY{{dash:5}}\n{body}\n{{dash:5}}END RSA PRIVATE KEY{{dash:5}}"
        )

    def text(seed: int) -> str:
        return f"k = '''{pem(seed)}''' # gitleaks:allow\n"

    event = tool("Bash", "make > a.py", "")
    (repo / "a.py").write_text(text(1))
    commit(repo)
    (repo / "a.py").write_text("# more\n" + text(1))
    assert allowed(judge(event)) is None
    (repo / "a.py").write_text(text(2))
    assert "a.py:2:1" in reason(judge(event, remember=False))


def test_outside_of_git_no_mark_counts(
    judge: Judge, tool: Tool, reason: Said, tmp_path: Path, key: str
) -> None:
    (tmp_path / "a.py").write_text(f"{key} # {MARKS[0]}\n")
    event = tool("Bash", "make > a.py", "")
    event = event.replace(cwd=str(tmp_path))
    assert "a.py:1:1" in reason(judge(event))


def test_a_repository_without_a_commit(judge: Judge, tool: Tool, reason: Said, repo: Path, key: str) -> None:
    (repo / "a.py").write_text(f"{key} # {MARKS[0]}\n")
    assert "a.py:1:1" in reason(judge(tool("Bash", "make > a.py", "")))


# Entries by fingerprint


@pytest.mark.parametrize(
    ("name", "command", "response"),
    [
        ("Bash", "curl -H '{}' a.test", None),
        ("Bash", "echo {} > a.py", None),
        ("apply_patch", patch("*** Add File: a.py", "+{}"), None),
        ("apply_patch", patch("*** Add File: {}.py", "+a"), None),
        ("Bash", "env", "A={}\n"),
        ("apply_patch", patch("*** Add File: {}.py", "+a"), "Success."),
    ],
)
def test_a_persons_entry_counts_everywhere(
    judge: Judge,
    tool: Tool,
    allowed: Note,
    reason: Said,
    key: str,
    name: str,
    command: str,
    response: str | None,
) -> None:
    event = tool(name, command.replace("{}", key), response and response.replace("{}", key))
    assert reason(judge(event, listed(key[:-1] + "-")))
    judgement = judge(event, listed(key))
    assert allowed(judgement) is None
    assert set(reasons(judgement)) == {"allowed in p:3: known and revoked"}


def test_a_persons_entry_counts_in_prompts(judge: Judge, allowed: Note, reason: Said, key: str) -> None:
    other = expand("ghp_{crc62:36}", 5)
    judgement = judge(PromptEvent("s", "t", "/nowhere", f"use {key}"), listed(key))
    assert allowed(judgement) is None
    assert len(judgement.findings) == 1
    told = reason(judge(PromptEvent("s", "t", "/nowhere", f"{key} {other}"), listed(key), secrets=(other,)))
    assert "it holds 1 secret" in told


def test_a_written_file(judge: Judge, tool: Tool, allowed: Note, repo: Path, key: str) -> None:
    (repo / "a.py").write_text(f"k = '{key}'\n")
    judgement = judge(tool("Bash", "make > a.py", ""), listed(key))
    assert allowed(judgement) is None
    assert reasons(judgement) == ["allowed in p:3: known and revoked"]


@pytest.mark.parametrize(
    ("fields", "counts"),
    [
        ({"rule": "github-pat"}, True),
        ({"rule": "gitlab-pat"}, False),
        ({"paths": ("tests/**",)}, True),
        ({"paths": ("src/**",)}, False),
        ({"paths": ("tests/**",), "rule": "gitlab-pat"}, False),
        ({"expires": time.strftime("%Y-%m-%d")}, True),
        ({"expires": "2999-12-31"}, True),
        ({"expires": "2001-01-01"}, False),
    ],
)
def test_what_an_entry_is_limited_to(
    judge: Judge, tool: Tool, key: str, fields: dict[str, object], *, counts: bool
) -> None:
    event = tool("apply_patch", patch("*** Add File: tests/a.py", f"+{key}"))
    assert (reasons(judge(event, listed(key, **fields))) != [None]) == counts


def test_an_entry_for_files_counts_nowhere_else(judge: Judge, tool: Tool, repo: Path, key: str) -> None:
    policy = listed(key, paths=("**",)).replace(
        ignore=(Ignored(("**",), ("*",), "all"),), allowed_paths=("**",)
    )
    for event in (
        PromptEvent("s", "t", str(repo), key),
        tool("Bash", f"echo {key}"),
        tool("mcp__db__query", {"a": key}),
        tool("Bash", "env", key),
        tool("apply_patch", patch(f"*** Add File: {key}", "+a")),
        tool("apply_patch", patch("*** Add File: ../outside", f"+{key}")),
    ):
        assert set(reasons(judge(event, policy))) == {None}


def test_a_repositorys_entry_counts_as_it_is_committed(
    judge: Judge, tool: Tool, reason: Said, allowed: Note, repo: Path, key: str
) -> None:
    commit(repo)
    policy = write_policy(repo, key)
    (repo / "a.py").write_text(f"k = '{key}'\n")
    events = (
        tool("Bash", f"curl -H '{key}' a.test"),
        tool("apply_patch", patch("*** Add File: a.py", f"+{key}")),
        tool("Bash", "make > a.py", ""),
        tool("Bash", "env", key),
    )
    for event in events:
        assert reason(judge(event, policy, remember=False))
    commit(repo)
    for event in events:
        judgement = judge(event, policy)
        assert allowed(judgement) is None
        assert set(reasons(judgement)) == {"allowed in .codex-guard.toml:1: known"}
    # Changed again, whatever the change is: what it says may be the agent's.
    policy = write_policy(repo, key, "# more")
    for event in events:
        assert told(judge(event, policy, remember=False))


def test_a_repositorys_entry_counts_in_no_prompt(judge: Judge, reason: Said, repo: Path, key: str) -> None:
    policy = write_policy(repo, key)
    commit(repo)
    judgement = judge(PromptEvent("s", "t", str(repo), f"use {key}"), policy)
    assert "it holds 1 secret" in reason(judgement)
    assert reasons(judgement) == [None]


def test_outside_of_git_no_entry_of_a_folder_counts(
    judge: Judge, tool: Tool, reason: Said, tmp_path: Path, key: str
) -> None:
    policy = write_policy(tmp_path, key)
    assert policy.allow
    assert reason(judge(tool("Bash", f"echo {key}").replace(cwd=str(tmp_path)), policy))


def test_a_policy_that_is_gone_allows_nothing(repo: Path, key: str) -> None:
    write_policy(repo, key)
    commit(repo)
    assert suppress.committed(str(repo / layers.REPOSITORY))
    (repo / layers.REPOSITORY).unlink()
    assert not suppress.committed(str(repo / layers.REPOSITORY))


def test_of_many_values_the_first_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def derived(secret: Secret, salt: str) -> str:
        made.append(salt)
        return secret.reveal()

    monkeypatch.setattr(suppress, "_derived", derived)
    monkeypatch.setattr(salted, "salt_of", lambda _: SALT)
    keys = [expand("ghp_{crc62:36}", seed) for seed in range(60)]
    findings = scan.scanner(Policy(), "/").texts([Text("a", "\n".join(keys * 2))])
    assert len(findings) == 120
    policy = Policy(allow=tuple(Allowed(key, "x") for key in keys))
    marked = suppress.by_policy(findings, policy, None, suppress.never)
    assert len(scan.counted(marked)) == 40
    assert len(made) == 80  # a value that was tried is looked up again, and is derived once by a cache
    assert not scan.counted(suppress.by_policy(findings, policy, None, suppress.never, most=None))


def test_many_entries_of_one_file_cost_one_derivation(
    monkeypatch: pytest.MonkeyPatch, judge: Judge, tool: Tool, key: str
) -> None:
    made: list[str] = []

    def derived(_: Secret, salt: str) -> str:
        made.append(salt)
        return "none"

    monkeypatch.setattr(suppress, "_derived", derived)
    entries = tuple(Allowed(f"s1-{SALT}-{number:032x}", "x") for number in range(500))
    policy = Policy(allow=(*entries, Allowed(f"s1-{'00' * 16}-{'0' * 32}", "x", "another-rule")))
    judge(tool("Bash", f"echo {key}"), policy)
    assert made == [SALT]


# Paths


@pytest.mark.parametrize(
    ("rules", "path", "counts"),
    [
        (("github-pat",), "docs/a.md", True),
        (("*",), "docs/a.md", True),
        (("gitlab-pat", "github-pat"), "docs/a.md", True),
        (("gitlab-pat",), "docs/a.md", False),
        (("*",), "docs/keep.md", False),
        (("*",), "src/docs.py", False),
        (("*",), "../docs/a.md", False),
    ],
)
def test_ignored_paths(
    judge: Judge, tool: Tool, key: str, rules: tuple[str, ...], path: str, *, counts: bool
) -> None:
    policy = Policy(ignore=(Ignored(("docs/*", "!docs/keep.md"), rules, "made up", "/etc/p", 9),))
    expected = ["ignored in /etc/p:9: made up"] if counts else [None]
    assert reasons(judge(tool("apply_patch", patch(f"*** Add File: {path}", f"+{key}")), policy)) == expected


def test_a_repositorys_paths_count_as_they_are_committed(
    judge: Judge, tool: Tool, reason: Said, allowed: Note, repo: Path, key: str
) -> None:
    event = tool("apply_patch", patch("*** Add File: a.py", f"+{key}"))
    text = '[[secrets.ignore]]\npaths = ["**"]\nrules = ["*"]\nreason = "x"\n'
    (repo / layers.REPOSITORY).write_text(text)
    policy = layers.load(str(repo))
    assert reason(judge(event, policy))
    commit(repo)
    assert allowed(judge(event, policy)) is None


def test_a_pattern_that_is_none(judge: Judge, tool: Tool, key: str) -> None:
    policy = Policy(ignore=(Ignored(("a/***/[",), ("*",), "x"),))
    event = tool("apply_patch", patch("*** Add File: a.py", f"+{key}"))
    try:
        judge(event, policy)
    except GuardError as error:
        assert "no gitignore pattern" in str(error)  # noqa: PT017 - pathspec takes more from version to version


# Reasons are shown


def test_a_reason_never_shows_a_value(repo: Path, key: str) -> None:
    other = expand("glpat-{base64url:20}")
    text = Text("a.py", f"{key} # codex-guard: allow[github-pat] like {key} and {other}\n")
    findings, problems = suppress.by_marks(text, scan.scanner(Policy(), "/").texts([text]))
    assert problems == [
        "1: the mark on this line does not count: it stands before the value: put it behind.",
        "1: the mark on this line does not count: it names github-pat, not this rule.",
    ]
    (said,) = [finding.suppressed for finding in findings if finding.suppressed]
    assert said == "allowed on its line: like <masked:github-pat> and <masked:gitlab-pat>"
    policy = listed(key, reason=f"it is {key}, and {other}")
    (finding,) = suppress.by_policy(
        scan.scanner(policy, "/").texts([Text("", key)]), policy, None, suppress.never
    )
    assert finding.suppressed == "allowed in p:3: it is <masked:github-pat>, and <masked:gitlab-pat>"


def test_a_rules_name_in_a_mark_never_shows_a_value(key: str) -> None:
    text = Text("a.py", f"{key} # codex-guard: allow[{key}] yes\n")
    _, problems = suppress.by_marks(text, scan.scanner(Policy(), "/").texts([text]))
    assert problems
    assert not [problem for problem in problems if key in problem]


def test_a_reason_is_short(key: str) -> None:
    text = Text("a.py", f"{key} # codex-guard: allow[github-pat] {'word ' * 1_000}\n")
    (finding,), _ = suppress.by_marks(text, scan.scanner(Policy(), "/").texts([text]))
    assert len(str(finding.suppressed)) == 301


def test_a_reason_with_a_value_of_several_lines(key: str) -> None:
    findings = tuple(
        Finding(
            "a", "A", "high", "https://a.test", "a", 1, 1, start, start + 1, Secret("one\nlong: two", "a")
        )
        for start in (1, 2)
    )
    marked = suppress._marked(findings, ["x one", "long: two"])
    assert {finding.suppressed for finding in marked} == {"its reason is not shown"}


def test_what_is_suppressed_already_keeps_its_reason(key: str) -> None:
    policy = listed(key)
    findings = tuple(
        finding.replace(suppressed="before") for finding in scan.scanner(policy, "/").texts([Text("", key)])
    )
    assert suppress.by_policy(findings, policy, None, suppress.never) == findings


def test_nothing_is_loaded_for_a_clean_event(repo: Path) -> None:
    policy = write_policy(repo, "none")
    assert policy.allow
    program = (
        "import sys\n"
        "from codex_guard.guard import after_tool, before_tool, prompt\n"
        "from codex_guard.model import PromptEvent, ToolEvent\n"
        "from codex_guard.policy.policy import Policy\n"
        "policy = Policy(allow=(1,), ignore=(1,), allowed_paths=('*',))\n"
        "cwd = sys.argv[1]\n"
        "prompt.judge(PromptEvent('s', 't', cwd, 'hello'), policy)\n"
        "call = ToolEvent('s', 't', cwd, 'Bash', {'command': 'echo a > b'}, 'echo a > b')\n"
        "before_tool.judge(call, policy)\n"
        "after_tool.judge(call.replace(response='fine'), policy)\n"
        "names = ('guard.suppress', 'secrets.marker', 'secrets.salted', 'policy.entries', 'repo.git')\n"
        "loaded = [name for name in names if f'codex_guard.{name}' in sys.modules]\n"
        "loaded += [name for name in ('hashlib', 'pathspec', 'datetime') if name in sys.modules]\n"
        "sys.exit(f'loaded: {loaded}' if loaded else 0)\n"
    )
    (repo / "b").write_text("a\n")
    command = [sys.executable, "-I", "-c", program, str(repo)]
    ran = subprocess.run(command, capture_output=True, check=False, text=True)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_a_link_to_what_another_repository_has_committed_does_not_count(tmp_path: Path) -> None:
    other, here = tmp_path / "other", tmp_path / "here"
    for folder in (other, here):
        folder.mkdir()
        git.output(str(folder), "init", "-q")
    (other / ".codex-guard.toml").write_text("[secrets]\n")
    git.output(str(other), "add", ".codex-guard.toml")
    git.output(str(other), "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "x")
    assert suppress.committed(str(other / ".codex-guard.toml"))
    (here / ".codex-guard.toml").symlink_to(other / ".codex-guard.toml")
    assert not suppress.committed(str(here / ".codex-guard.toml"))
