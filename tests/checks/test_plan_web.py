"""ESLint, Biome and tsc: where they are configured, and which program is started."""

import os
from pathlib import Path

import pytest

from codex_guard.checks.plan import Check, plan
from support.trees import bare, grow, program

ESLINT = ("--format=json", "--no-color", "--no-error-on-unmatched-pattern")
BIOME = ("lint", "--reporter=github", "--colors=off", "--no-errors-on-unmatched")
TSC = ("--noEmit", "--pretty", "false", "--incremental", "--tsBuildInfoFile", "/dev/null", "-p")
WEB = ("tsc", "eslint", "biome")


@pytest.fixture(autouse=True)
def machine(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    return bare(tmp_path_factory.mktemp("machine"), monkeypatch)


def installed(folder: Path, *tools: str) -> None:
    for tool in tools or WEB:
        program(folder / "node_modules" / ".bin" / tool)


def found(
    root: Path, *files: str, tools: tuple[str, ...] | None = None
) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return the tool, the folder and the files of each check."""
    return [(c.tool, os.path.relpath(c.root, root), c.files) for c in plan(str(root), files, tools)]


def test_nothing_is_planned_that_is_not_configured(tmp_path: Path) -> None:
    installed(tmp_path)
    grow(tmp_path, {"package.json": '{"name": "eslintConfig"}'})
    assert found(tmp_path, "a.ts", "b.js", "c.json") == []
    assert found(tmp_path, "a.ts", "b.js", tools=("tsc", "eslint")) == []


def test_biome_by_its_name_needs_no_configuration(tmp_path: Path) -> None:
    grow(tmp_path, {"a/package.json": "{}"})
    installed(tmp_path)
    assert found(tmp_path, "a/x.js", "y.css", "z.txt", tools=("biome",)) == [
        ("biome", "a", ("x.js",)),
        ("biome", ".", ("y.css",)),
    ]


def test_each_is_started_as_it_must_be(tmp_path: Path) -> None:
    grow(tmp_path, {"a/tsconfig.json": "{}", "eslint.config.mjs": "", "biome.jsonc": ""})
    installed(tmp_path)
    root, files, named = str(tmp_path / "a"), ("-x.ts", "p/[id].tsx"), ("./-x.ts", "./p/[id].tsx")
    bins = tmp_path / "node_modules" / ".bin"
    assert plan(str(tmp_path), ("a/-x.ts", "a/p/[id].tsx"), None) == (
        Check(
            "tsc", root, (f"{bins}/tsc", *TSC, "./tsconfig.json"), parser="tsc", files=files, scope="project",
            statuses=(0, 1, 2),
        ),
        Check("eslint", root, (f"{bins}/eslint", *ESLINT, *named), parser="eslint-json", files=files),
        Check("biome", root, (f"{bins}/biome", *BIOME, *named), parser="biome", files=files),
    )  # fmt: skip


def test_too_many_files_are_the_whole_project(tmp_path: Path) -> None:
    grow(tmp_path, {"biome.json": "", "eslint.config.js": ""})
    installed(tmp_path)
    for check in plan(str(tmp_path), tuple(f"{number}.js" for number in range(501)), None):
        assert check.command[-1] == "."
        assert len(check.files) == 501
        assert check.scope == "changed"


def test_the_nearest_program_is_started(tmp_path: Path, machine: Path) -> None:
    grow(tmp_path, {"biome.json": "", "a/package.json": "", "a/b/package.json": ""})
    files = ("a/b/x.js", "y.js")
    assert all(check.command == () for check in plan(str(tmp_path), files, None))
    on_path = program(machine / "biome")
    assert [check.command[0] for check in plan(str(tmp_path), files, None)] == [on_path, on_path]
    installed(tmp_path)
    installed(tmp_path / "a")
    bins = [f"{tmp_path}/{folder}node_modules/.bin/biome" for folder in ("a/", "")]
    assert [check.command[0] for check in plan(str(tmp_path), files, None)] == bins


def test_a_relative_folder_of_path_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    grow(tmp_path, {"biome.json": ""})
    program(tmp_path / "bin" / "biome")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", "bin:./bin::.")
    [check] = plan(str(tmp_path), ("x.js",), None)
    assert check.command == ()
    assert str(check.problem).startswith(
        "biome is configured in biome.json, but not installed in the repository"
    )


def test_what_is_not_installed_is_told(tmp_path: Path) -> None:
    grow(tmp_path, {"a/tsconfig.json": "{}", ".eslintrc": "", "biome.json": ""})
    assert [check.problem for check in plan(str(tmp_path), ("a/x.ts",), None)] == [
        f"{tool} is configured in {file}, but not installed in a: it was not run. Install it there, or"
        " leave it out with checks.tools."
        for tool, file in (("tsc", "a/tsconfig.json"), ("eslint", ".eslintrc"), ("biome", "biome.json"))
    ]


# What configures ESLint, and whether the older form must be asked for.
CONFIGURED = {
    "eslint.config.js": ("", False),
    "eslint.config.ts": ("", False),
    ".eslintrc.json": ("{}", True),
    ".eslintrc.yml": ("", True),
    ".eslintrc": ("", True),
    "package.json": ('{"eslintConfig": {}}', True),
}


@pytest.mark.parametrize("name", CONFIGURED)
def test_what_configures_eslint(tmp_path: Path, name: str) -> None:
    text, older = CONFIGURED[name]
    grow(tmp_path, {name: text, "a/package.json": "{}"})
    installed(tmp_path)
    [check] = plan(str(tmp_path), ("a/x.mjs",), ("eslint",))
    assert check.root == str(tmp_path / "a")
    assert check.environment == ((("ESLINT_USE_FLAT_CONFIG", "false"),) if older else ())


def test_the_flat_form_rules_the_older_one_out(tmp_path: Path) -> None:
    grow(tmp_path, {"eslint.config.js": "", "a/.eslintrc": "", "a/package.json": "{}"})
    installed(tmp_path)
    [check] = plan(str(tmp_path), ("a/x.js",), ("eslint",))
    assert check.environment == ()


def test_each_file_goes_to_its_nearest_project(tmp_path: Path) -> None:
    """A configuration below the project's folder is found only from there."""
    grow(
        tmp_path,
        {
            "package.json": "{}", "biome.json": "", "a/package.json": "{}", "a/b/tsconfig.json": "{}",
            "c/d/biome.json": "", "c/package.json": "{}", "a/eslint.config.js": "",
        },
    )  # fmt: skip
    installed(tmp_path)
    files = ("a/1.js", "a/b/2.js", "a/b/e/3.js", "c/4.js", "c/d/5.js", "6.js")
    assert found(tmp_path, *files, tools=("biome",)) == [
        ("biome", "a", ("1.js",)),
        ("biome", "a/b", ("2.js", "e/3.js")),
        ("biome", "c", ("4.js",)),
        ("biome", "c/d", ("5.js",)),
        ("biome", ".", ("6.js",)),
    ]
    assert found(tmp_path, *files, tools=("eslint",)) == [
        ("eslint", "a", ("1.js",)),
        ("eslint", "a/b", ("2.js", "e/3.js")),
    ]


def test_which_files_each_reads(tmp_path: Path) -> None:
    grow(tmp_path, {"tsconfig.json": "{}", "biome.json": "", "eslint.config.js": ""})
    installed(tmp_path)
    files = ("a.ts", "b.mts", "c.tsx", "d.jsx", "e.vue", "f.json", "g.css", "h.md", "i.d.ts", "j.html")
    assert found(tmp_path, *files) == [
        ("tsc", ".", ("a.ts", "b.mts", "c.tsx", "i.d.ts")),
        ("eslint", ".", ("a.ts", "b.mts", "c.tsx", "d.jsx", "e.vue", "i.d.ts")),
        ("biome", ".", ("a.ts", "b.mts", "c.tsx", "d.jsx", "e.vue", "f.json", "g.css", "i.d.ts")),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("{}", []), ('{"compilerOptions": {"checkJs": true}}', ["a.js"]), ('{/**/"allowJs": true}', ["a.js"])],
)
def test_tsc_looks_at_javascript_where_it_is_told_to(tmp_path: Path, text: str, expected: list[str]) -> None:
    grow(tmp_path, {"tsconfig.json": text})
    installed(tmp_path)
    assert [file for _, _, files in found(tmp_path, "a.js") for file in files] == expected


def run_for(root: Path, *files: str) -> list[str]:
    """Return the folder that each tsc runs in, and what it looks at; or why it does not run."""
    return [
        c.problem or f"{os.path.relpath(c.root, root)}: {c.command[1].strip('-')} {c.command[-1]}"
        for c in plan(str(root), files, ("tsc",))
    ]


REFERS = '{"files": [], "references": [{"path": "./tsconfig.app.json"}, {"path": "tsconfig.node.json"}]}'
# The configurations of a project in the folder "p", and how tsc is run for p/src/a.ts.
REFERENCES: dict[str, tuple[dict[str, str], list[str]]] = {
    "none": ({"tsconfig.json": "{}"}, ["p: noEmit ./tsconfig.json"]),
    "no JSON": ({"tsconfig.json": '{"references": ['}, ["p: noEmit ./tsconfig.json"]),
    "strange": (
        {"tsconfig.json": '{"references": [3, {}, {"path": 3}, {"path": "gone"}, {"path": "../../../x"}]}'},
        ["p: noEmit ./tsconfig.json"],
    ),
    "parts": (
        {"tsconfig.json": REFERS, "tsconfig.app.json": "{}", "tsconfig.node.json": "{}"},
        ["p: noEmit ./tsconfig.app.json", "p: noEmit ./tsconfig.node.json"],
    ),
    "parts beside its own": (
        {
            "tsconfig.json": '{// x\n"references": [{"path": "./tsconfig.node.json"},],}',
            "tsconfig.node.json": "{}",
        },
        ["p: noEmit ./tsconfig.json", "p: noEmit ./tsconfig.node.json"],
    ),
    "a part without a tsconfig.json": (
        {
            "tsconfig.json": '{"files": [], "references": [{"path": "src/lib.json"}, {"path": "b/x"}]}',
            "src/lib.json": "{}",
            "b/x": "{}",
        },
        ["p: noEmit ./src/lib.json"],
    ),
    "only others": (
        {"tsconfig.json": '{"files": [], "references": [{"path": "b"}]}', "b/tsconfig.json": "{}"},
        [],
    ),
}


@pytest.mark.parametrize("case", REFERENCES)
def test_tsc_looks_at_what_a_configuration_refers_to(tmp_path: Path, case: str) -> None:
    files, expected = REFERENCES[case]
    grow(tmp_path / "p", files)
    installed(tmp_path)
    assert run_for(tmp_path, "p/src/a.ts") == expected


TO_BUILD = '{"compilerOptions": {"outDir": "%s"}, "references": [{"path": "../lib"}]}'
# The configurations of a project that needs what another one's build writes.
BUILDS: dict[str, tuple[dict[str, str], bool]] = {
    "all ignored": ({"app/tsconfig.json": TO_BUILD % "dist"}, True),
    "beside the sources": ({"app/tsconfig.json": TO_BUILD.replace("outDir", "x")}, False),
    "not ignored": ({"app/tsconfig.json": TO_BUILD % "out"}, False),
    "outside": ({"app/tsconfig.json": TO_BUILD % "../../dist"}, False),
    "types elsewhere": ({"app/tsconfig.json": TO_BUILD % 'dist", "declarationDir": "types'}, False),
    "no output": ({"app/tsconfig.json": TO_BUILD.replace('"outDir": "%s"', '"noEmit": true')}, True),
    "of a base": (
        {
            "app/tsconfig.json": '{"extends": "../base", "references": [{"path": "../lib"}]}',
            "base.json": '{"compilerOptions": {"outDir": "${configDir}/dist"}}',
        },
        True,
    ),
    "of a base that is a package's": (
        {"app/tsconfig.json": '{"extends": "@x/base", "references": [{"path": "../lib"}]}'},
        False,
    ),
    "of a base that extends itself": (
        {"app/tsconfig.json": '{"extends": "./tsconfig.json", "references": [{"path": "../lib"}]}'},
        False,
    ),
    "of a base outside": (
        {"app/tsconfig.json": '{"extends": "../../x.json", "references": [{"path": "../lib"}]}'},
        False,
    ),
    "in a circle": (
        {
            "app/tsconfig.json": TO_BUILD % "dist",
            "lib/tsconfig.json": (TO_BUILD % "dist").replace("lib", "app"),
        },
        True,
    ),
    "too many": (
        {"app/tsconfig.json": TO_BUILD % "dist"}
        | {
            f"lib{number or ''}/tsconfig.json": (TO_BUILD % "dist").replace("lib", f"lib{number + 1}")
            for number in range(201)
        },
        False,
    ),
    "the other's is not ignored": (
        {
            "app/tsconfig.json": TO_BUILD % "dist",
            "lib/tsconfig.json": '{"compilerOptions": {"outDir": "out"}}',
        },
        False,
    ),
}


@pytest.mark.parametrize("case", BUILDS)
def test_tsc_builds_only_into_what_git_ignores(tmp_path: Path, case: str) -> None:
    files, builds = BUILDS[case]
    grow(
        tmp_path,
        {".gitignore": "dist\n", "lib/tsconfig.json": '{"compilerOptions": {"outDir": "dist"}}'} | files,
    )
    installed(tmp_path)
    [said] = run_for(tmp_path, "app/a.ts")
    if builds:
        assert said == ".: build ./app/tsconfig.json"
        [check] = plan(str(tmp_path), ("app/a.ts",), ("tsc",))
        assert (check.files, check.scope) == (("app/a.ts",), "project")
    else:
        assert said.startswith("tsc was not run: app/tsconfig.json refers to other projects")
