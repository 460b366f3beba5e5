"""The table ``[[checks.commands]]``: what an entry may say, what it may not, and how layers merge."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codex_guard.checks.own import Command
from codex_guard.errors import GuardError
from codex_guard.policy import check_commands, file, layers

README = Path(__file__).parent.parent.parent / "README.md"
WHOLE = r"""
[checks]
rounds = 2

[[checks.commands]]
name = "licences of sources"
command = [
    "tools/licences", "--check", "{files}",
    "",  # may be empty
]
files = ["src/**/*.py", "!src/generated/**"]
needs = ["jq", "tools/licences.json"]
scope = "project"
parser = "regex"
pattern = '^(?P<path>[^:]+):(?P<line>\d+): (?P<message>.+)'
statuses = [0, 3]
seconds = 60
required = true

[["checks".commands]]
name = "make"
command = ["make", "lint"]
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "policy.toml"


def read(path: Path, text: str) -> tuple[Command, ...]:
    path.write_text(text)
    found = file.read(str(path), managed=False)["checks.commands"]
    assert isinstance(found, tuple)
    return found


def entry(line: str = "", *, name: str = '"x"', command: str = '["x"]') -> str:
    return f"[[checks.commands]]\nname = {name}\ncommand = {command}\n{line}\n"


def test_every_key_of_an_entry_is_read(path: Path) -> None:
    assert read(path, WHOLE) == (
        Command(
            "licences of sources",
            ("tools/licences", "--check", "{files}", ""),
            ("src/**/*.py", "!src/generated/**"),
            "project",
            60,
            ("jq", "tools/licences.json"),
            "regex",
            r"^(?P<path>[^:]+):(?P<line>\d+): (?P<message>.+)",
            (0, 3),
            required=True,
            file=str(path),
            line=5,
        ),
        Command("make", ("make", "lint"), file=str(path), line=20),
    )


def test_the_readme_shows_every_key_of_an_entry(path: Path) -> None:
    readme = README.read_text(encoding="utf-8")
    shown = readme[readme.index("\n[checks]\n") : readme.index("```", readme.index("\n[[checks.commands]]"))]
    assert [command.name for command in read(path, shown)] == ["licences"]
    table = shown[shown.index("[[checks.commands]]") :]
    for key in check_commands._KEYS:
        assert f"\n{key} = " in table, key


RIGHT = {
    "an absolute program": entry(command='["/opt/acme/check"]'),
    "a program of a home": entry(command='["~/bin/check"]'),
    "a program below the top": entry(command='["./check"]'),
    "a program with spaces": entry(command='["my tools/check it"]'),
    "files as the last word": entry(command='["x", "{files}"]'),
    "other braces": entry(command='["x", "{file}", "{}"]'),
    "files that are all": entry("files = []"),
    "a file at the top": entry('needs = ["./package.json", "node_modules/"]'),
    "a pattern with a message only": entry("parser = 'regex'\npattern = '(?P<message>.*TODO.*)'"),
    "a pattern with repeats side by side": entry("parser = 'regex'\npattern = '(?P<path>.+):\\s*(.*)$'"),
    "inline": '[checks]\ncommands = [{name = "x", command = ["x"]}]',
}


@pytest.mark.parametrize("case", RIGHT)
def test_what_an_entry_may_say(path: Path, case: str) -> None:
    assert len(read(path, RIGHT[case])) == 1


#: What stands in a file, the line it is told at, and the words.
WRONG = {
    "an unknown key": (entry("filez = []"), 4, "has no key 'filez'; did you mean 'files'?"),
    "a key nearest to nothing": (entry("zzz = 1"), 4, "has no key 'zzz'; its keys are name, command, files,"),
    "no name": ('[[checks.commands]]\ncommand = ["x"]', 1, "this entry of 'checks.commands' has no 'name'"),
    "no command": ('\n[[checks.commands]]\nname = "x"', 2, "has no 'command': add it"),
    "an empty name": (entry(name='""'), 2, "'checks.commands.name' must be a text of 1 to 60"),
    "a long name": (entry(name=f'"{"x" * 61}"'), 2, "'checks.commands.name' must be"),
    "a name with a line's end": (entry(name=r'"a\nb"'), 2, "'checks.commands.name' must be"),
    "a name that hides": (entry(name=r'"a\u202eb"'), 2, "'checks.commands.name' must be"),
    "a tool's name": (entry(name='"ruff"'), 2, "is 'ruff', which is a tool of codex-guard's own plan"),
    "a name twice": (f"{entry()}{entry()}", 6, "'checks.commands.name' is 'x' as on line 1: give each"),
    "a command as a text": (entry(command='"make lint"'), 3, "must be a list of texts, the program first"),
    "no words": (entry(command="[]"), 3, "'checks.commands.command' must be a list of texts"),
    "a number as a word": (entry(command='["x", 1]'), 3, "'checks.commands.command' must be"),
    "a NUL": (entry(command=r'["x", "\u0000"]'), 3, "'checks.commands.command' must be"),
    "a long word": (entry(command=f'["{"x" * 1_001}"]'), 3, "'checks.commands.command' must be"),
    "many words": (entry(command=str(["x"] * 201)), 3, "'checks.commands.command' must be"),
    "an empty program": (entry(command='[""]'), 3, "must begin with a program"),
    "files as a program": (entry(command='["{files}"]'), 3, "must begin with a program"),
    "files within a word": (
        entry(command='["x", "--on={files}"]'),
        3,
        "'checks.commands.command' has {files} within a word: make it a word of its own",
    ),
    "files twice": (entry(command='["x", "{files}", "{files}"]'), 3, "has {files} twice: leave one out"),
    "a program above the top": (
        entry(command='["../x"]'),
        3,
        "'checks.commands.command' holds '../x': write a path below the repository's top, without ..",
    ),
    "files as a text": (entry('files = "*.py"'), 4, "'checks.commands.files' must be a list of gitignore"),
    "an empty pattern of files": (entry('files = [""]'), 4, "'checks.commands.files' must be a list"),
    "another scope": (entry('scope = "all"'), 4, "'checks.commands.scope' must be one of changed, project"),
    "no seconds": (entry("seconds = 0"), 4, "'checks.commands.seconds' must be a whole number from 1 to 200"),
    "a switch as seconds": (entry("seconds = true"), 4, "'checks.commands.seconds' must be"),
    "too many seconds": (entry("seconds = 201"), 4, "'checks.commands.seconds' must be"),
    "an absolute need": (entry('needs = ["/etc/x"]'), 4, "'checks.commands.needs' holds '/etc/x': name a"),
    "a need of a home": (entry('needs = ["~/x"]'), 4, "'checks.commands.needs' holds '~/x'"),
    "a need above the top": (entry('needs = ["a/../../x"]'), 4, "'checks.commands.needs' holds 'a/../../x'"),
    "an empty need": (entry('needs = [""]'), 4, "'checks.commands.needs' must be a list of programs"),
    "another parser": (entry('parser = "junit"'), 4, "'checks.commands.parser' must be one of ruff-json,"),
    "a parser without its pattern": (
        entry('parser = "regex"'),
        4,
        "'checks.commands.parser' is regex, which needs a 'pattern' with a group path or message: add it",
    ),
    "a pattern without its parser": (
        entry("pattern = '(?P<path>x)'"),
        4,
        "'checks.commands.pattern' is for parser = \"regex\": set that, or leave the pattern out",
    ),
    "a pattern that is none": (
        entry("parser = 'regex'\npattern = '(?P<path>'"),
        5,
        "'checks.commands.pattern' is no regular expression that can be used (missing ), unterminated",
    ),
    "a pattern that Python warns of": (
        entry("parser = 'regex'\npattern = '(?P<path>[[a])'"),
        5,
        "that can be used (Possible nested set at position 10): correct it",
    ),
    "a pattern that cannot be judged": (
        entry("parser = 'regex'\npattern = '(a)?(?P<path>(?(1)b|c))'"),
        5,
        "that can be used (it holds what cannot be judged (groupref_exists): write it without): correct it",
    ),
    "a pattern without groups": (
        entry("parser = 'regex'\npattern = '(?P<line>[0-9]+)'"),
        5,
        "has neither a group (?P<path>...) nor (?P<message>...): add one",
    ),
    "a pattern that takes forever": (
        entry("parser = 'regex'\npattern = '(?P<message>(?:\\w+ ?)+)$'"),
        5,
        "can split the same text in many ways, as (a+)+ can",
    ),
    "a long pattern": (entry(f"parser = 'regex'\npattern = '{'x' * 501}'"), 5, "must be a text of 1 to 500"),
    "statuses as a number": (entry("statuses = 0"), 4, "'checks.commands.statuses' must be a list of whole"),
    "no statuses": (entry("statuses = []"), 4, "'checks.commands.statuses' must be"),
    "a status that is none": (entry("statuses = [0, 256]"), 4, "'checks.commands.statuses' must be"),
    "a switch as a status": (entry("statuses = [false]"), 4, "'checks.commands.statuses' must be"),
    "required as a text": (entry('required = "yes"'), 4, "'checks.commands.required' must be true or false"),
    "one table": ('[checks]\n[checks.commands]\nname = "x"', 2, "must be a list of tables: [[checks."),
    "no tables": ('[checks]\ncommands = ["x"]', 2, "must be a list of tables: [[checks.commands]]"),
    "the second entry": (entry() + entry("seconds = 0", name='"y"'), 8, "'checks.commands.seconds' must"),
    "inline": ('[checks]\n\ncommands = [{name = "x", command = []}]', 3, "'checks.commands.command' must"),
    "many": ("".join(entry(name=f'"{n}"') for n in range(51)), 201, "has 51 entries: at most 50"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_told_with_its_line(path: Path, case: str) -> None:
    text, line, said = WRONG[case]
    path.write_text(text)
    with pytest.raises(GuardError) as caught:
        file.read(str(path), managed=False)
    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert said in str(caught.value)
    assert str(caught.value).endswith((".", "?"))


ANY = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.sampled_from(["{files}", "regex", "../x"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=6,
)


@given(st.lists(st.dictionaries(st.sampled_from([*check_commands._KEYS, "other"]), ANY), max_size=3) | ANY)
def test_whatever_stands_there_is_commands_or_a_sentence(tables: object) -> None:
    try:
        found = check_commands.read("p", tables, lambda _number, _key: 7)
    except GuardError as error:
        assert str(error).startswith("p:7: ")  # noqa: PT017 - either is right, and which is not told beforehand
    else:
        assert isinstance(tables, list)
        assert [command.name for command in found] == [table["name"] for table in tables]


@given(st.text(alphabet="ab(?P<path>)+*|[]{1,}\\.^$", max_size=60))
def test_any_text_as_a_pattern_is_a_command_or_a_sentence(pattern: str) -> None:
    table = {"name": "x", "command": ["x"], "parser": "regex", "pattern": f"(?P<message>{pattern})"}
    try:
        [found] = check_commands.read("p", [table], lambda _number, _key: 7)
    except GuardError as error:
        assert str(error).startswith("p:7: 'checks.commands.pattern' ")  # noqa: PT017 - as above
    else:
        assert found.pattern == table["pattern"]


class Layers:
    """The three files, somewhere that a test may write to."""

    def __init__(self, folder: Path) -> None:
        self.organisation = folder / "etc" / "policy.toml"
        self.user = Path(layers.user_file())
        self.repo = folder / "repo"
        self.repository = self.repo / layers.REPOSITORY

    def load(self, organisation: str, user: str, repository: str) -> list[tuple[str, tuple[str, ...], bool]]:
        for path, text in (
            (self.organisation, organisation),
            (self.user, user),
            (self.repository, repository),
        ):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        found = layers.load(str(self.repo)).check_commands
        return [(command.name, command.command, command.shared) for command in found]


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Layers:
    found = Layers(tmp_path)
    (found.repo / ".git").mkdir(parents=True)
    monkeypatch.setattr(layers, "ORGANISATION", str(found.organisation))
    return found


def commands(**named: str) -> str:
    return "".join(entry(name=f'"{name}"', command=f'["{program}"]') for name, program in named.items())


def test_commands_add_up_and_the_later_layers_counts(files: Layers) -> None:
    assert files.load(commands(a="1", b="1"), commands(b="2", c="2"), commands(c="3", d="3")) == [
        ("a", ("1",), False),
        ("b", ("2",), False),
        ("c", ("3",), True),
        ("d", ("3",), True),
    ]


def test_what_the_organisation_locks_is_not_replaced(files: Layers) -> None:
    locked = 'locked = ["checks.commands"]\n'
    assert files.load(locked + commands(a="1"), commands(a="2", b="2"), commands(a="3", b="3", c="3")) == [
        ("a", ("1",), False),
        ("b", ("2",), False),
        ("c", ("3",), True),
    ]


def test_an_entry_knows_its_file_and_line(files: Layers) -> None:
    files.load("", "", f"\n\n{commands(a='1')}")
    [command] = layers.load(str(files.repo)).check_commands
    assert (command.file, command.line) == (str(files.repository), 3)
