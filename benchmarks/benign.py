"""Text without secrets: how often we cry wolf in what developers have on disk, and how fast we read it."""

import os
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from benchmarks.tables import one_line, show
from codex_guard.errors import GuardError
from codex_guard.model import Finding, Text
from codex_guard.record import Record
from codex_guard.secrets.index import Index
from codex_guard.secrets.masking import veil
from codex_guard.secrets.search import scan

_FAMILIES = {
    "Python": (".py",),
    "documents": (".md", ".rst", ".txt"),
    "data": (".json", ".toml", ".xml", ".yaml", ".yml"),
    "web": (".css", ".html", ".js"),
    "C": (".c", ".h"),
}
_FAMILY = {suffix: family for family, suffixes in _FAMILIES.items() for suffix in suffixes}
_LARGEST = 1_000_000  # characters of one file: a single data file must not outweigh all others
_NOISIEST = 15  # rules that are listed
_ROUNDS = 9
_MEGABYTE = 1_000_000
# What a hook pays: imports, the index, the automaton, the regexes that are touched. Prints milliseconds.
_COLD = """
import sys, time
sys.path.insert(0, sys.argv[1])
with open(sys.argv[2], encoding="utf-8", newline="") as file:
    text = file.read()
started = time.perf_counter()
from codex_guard.model import Text
from codex_guard.secrets.index import load
from codex_guard.secrets.search import scan
scan(Text("", text), load())
print((time.perf_counter() - started) * 1000)
"""


class Source(Record):
    """A file's text: ``family`` is the kind of files it belongs to."""

    path: str
    family: str
    text: str


def folders() -> tuple[str, ...]:
    """Return where this interpreter keeps the standard library, installed packages and its C headers."""
    paths = sysconfig.get_paths()
    return tuple(dict.fromkeys(paths[name] for name in ("stdlib", "purelib", "platlib", "include")))


def sources(roots: Sequence[str]) -> Iterator[Source]:
    """Read the files of a known family below the roots, in the order of names; each place once.

    Raises GuardError for a root that is no folder.
    """
    for root in roots:
        if not os.path.isdir(root):
            raise GuardError(f"{root} is no folder: --benign takes folders, or none for Python's own files.")
    seen: set[str] = set()
    for root in roots:
        for folder, below, names in os.walk(root):
            place = os.path.realpath(folder)
            # Packages below the standard library are not this interpreter's, unless they are a root.
            below[:] = [] if place in seen else sorted(name for name in below if name != "site-packages")
            for name in sorted(names) if place not in seen else ():
                family = _FAMILY.get(os.path.splitext(name)[1].lower())
                path = os.path.join(folder, name)
                if family and os.path.isfile(path) and not os.path.islink(path):
                    with open(path, encoding="utf-8", errors="replace", newline="") as file:
                        yield Source(path, family, file.read(_LARGEST))
            seen.add(place)


def megabyte(index: Index) -> str:
    """Return a million characters of Python source text without a finding."""
    pieces: list[str] = []
    size = 0
    for source in sources(folders()[:1]):
        if source.family == "Python" and not scan(Text("", source.text), index):
            pieces.append(source.text)
            size += len(source.text)
            if size >= _MEGABYTE:
                break
    return "".join(pieces)[:_MEGABYTE]


def report(roots: Sequence[str], index: Index, *, alarms: bool) -> None:
    """Scan every file below the roots and print findings per MB, the noisiest rules and the speed."""
    sizes: Counter[str] = Counter()
    files: Counter[str] = Counter()
    found: Counter[str] = Counter()
    rules: Counter[str] = Counter()
    seconds = 0.0
    places: list[str] = []
    for source in sources(roots):
        started = time.perf_counter()
        findings = scan(Text(source.path, source.text), index)
        seconds += time.perf_counter() - started
        sizes[source.family] += len(source.text.encode("utf-8", "surrogatepass"))
        files[source.family] += 1
        found[source.family] += len(findings)
        rules.update(finding.rule for finding in findings)
        places += _places(source, findings)
    rows = [(family, files[family], sizes[family], found[family]) for family in _FAMILIES if files[family]]
    rows.append(("all", files.total(), sizes.total(), found.total()))
    show(
        "Findings in benign text",
        ("files", "number", "MB", "findings", "findings per MB"),
        [
            (name, number, size / 1e6, hits, f"{hits * 1e6 / max(size, 1):.2f}")
            for name, number, size, hits in rows
        ],
    )
    show("Rules that fire most there", ("rule", "findings"), rules.most_common(_NOISIEST))
    if alarms:
        print("\n#### Each place\n")
        print("\n".join(places))
    speed_of_all = sizes.total() / 1e6 / max(seconds, 1e-9)
    print(f"\nThe whole tree: {speed_of_all:.1f} MB/s on one core, reading not counted.")


def speed(index: Index) -> None:
    """Print what scanning 1 MB of source text costs above scanning nothing, in fresh and warm processes."""
    text = megabyte(index)
    cold_floor, cold = _cold(("", text))
    warm_floor, warm = (_warm(body, index) for body in ("", text))
    show(
        "1 MB of source text, in the process (medians, in ms)",
        ("", "an empty text", "1 MB", "above it"),
        [
            ("the first scan of a process", cold_floor, cold, cold - cold_floor),
            ("every further one", f"{warm_floor:.3f}", warm, warm - warm_floor),
        ],
    )


def _places(source: Source, findings: Sequence[Finding]) -> Iterable[str]:
    for finding in findings:
        start = source.text.rfind("\n", 0, finding.start) + 1
        end = source.text.find("\n", finding.end)
        line = source.text[start : end if end >= 0 else len(source.text)]
        # Masked whole, before it is cut: half a secret tells as much.
        yield f"{source.path}:{finding.line}: {finding.rule}: {one_line(veil(line.strip(), tuple(findings)))}"


def _cold(texts: Sequence[str]) -> list[float]:
    """Return the median milliseconds of the first scan of each text in a process of its own."""
    times: list[list[float]] = [[] for _ in texts]
    root = os.path.dirname(os.path.dirname(os.path.abspath(sys.modules["codex_guard"].__file__ or "")))
    with tempfile.TemporaryDirectory() as folder:
        names = [os.path.join(folder, str(number)) for number in range(len(texts))]
        for name, text in zip(names, texts, strict=True):
            with open(name, "w", encoding="utf-8", newline="") as file:
                file.write(text)
        for _ in range(_ROUNDS):
            for name, taken in zip(names, times, strict=True):
                command = [sys.executable, "-c", _COLD, root, name]
                taken.append(float(subprocess.run(command, capture_output=True, check=True).stdout))
    return [statistics.median(taken) for taken in times]


def _warm(text: str, index: Index) -> float:
    times = []
    for _ in range(_ROUNDS):
        started = time.perf_counter()
        scan(Text("", text), index)
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)
