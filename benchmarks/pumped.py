"""Adversarial text for every rule: does the time grow faster than the text?

Each text opens with a keyword of the rule, or with one of its examples broken off, and goes on with many
repeats of one piece: characters of each kind, escapes, the keyword again, the examples' beginnings. The
rule's regex runs over the whole of each, which is more than the search lets it; then the search itself does.
"""

import re
import signal
import time
from collections.abc import Callable, Iterator, Sequence

from benchmarks.tables import one_line, show
from codex_guard.model import Text
from codex_guard.record import Record
from codex_guard.secrets.index import Index
from codex_guard.secrets.rules.pack import Rule
from codex_guard.secrets.rules.template import expand
from codex_guard.secrets.search import scan

_SIZES = (2_000, 4_000, 8_000, 16_000)  # characters
_QUADRATIC = 3.0  # twice the text in four times the time is quadratic; linear is two
_SLOWEST = 10  # rules that are listed whatever their growth
_LIMIT = 2.0  # seconds for one text, however small: past any hope of being linear
_SHOWN = 16  # characters of an opening and of a piece in the tables
_BREAKS = 12  # places where an example is broken off
_ESCAPES = ("\\", "\\n", "\\\\\\\\n")
_PIECES = (
    "a",
    "A",
    "0",
    "a0",
    "aA0",
    "_",
    "-",
    ".",
    "a.",
    "/",
    "=",
    "a=",
    " ",
    "\n",
    "'",
    '"a"',
    "é",
    *_ESCAPES,
)
_PIECES_AT_BREAKS = ("a", "0", "a0", "-", " ", "\n", "a=", *_ESCAPES)
# A faster text is not measured any further: quadratic work of 1 ns a pair takes 256 ms for 16,000 characters.
_FAST = {"its regex": 0.5, "the search": 15.0}  # milliseconds


class Growth(Record):
    """How one text's time grows with its size: ``milliseconds`` for each of the sizes."""

    rule: str
    what: str
    text: str
    milliseconds: tuple[float, ...]

    @property
    def worst(self) -> float:
        """The largest time of a text over that of half of it, where the time is long enough to tell."""
        pairs = zip(self.milliseconds, self.milliseconds[1:], strict=False)
        told = [
            after / before
            for before, after in pairs
            if after > _FAST[self.what] / 4 and before < float("inf")
        ]
        return max(told, default=float("inf") if float("inf") in self.milliseconds else 0.0)


def report(rules: Sequence[Rule], index: Index) -> None:
    """Pump every rule and print the texts whose time grows faster than they do, and the slowest ones."""
    slow: list[Growth] = []
    texts = 0

    def search(text: str) -> None:
        scan(Text("", text), index)

    for rule in rules:
        for head, piece in (*_texts(rule), *_broken_off(rule)):
            texts += 1
            if rule.regex or rule.value:
                slow += _growth(rule.id, "its regex", head, piece, _matcher(rule.regex or rule.value))
        # The search takes all rules to each text, and has few ways of its own to be slow.
        for head, piece in _repeated(rule):
            slow += _growth(rule.id, "the search", head, piece, search)
    print(f"\nRules: {len(rules)}. Texts: {texts}, up to {_SIZES[-1]} characters each.")
    bad = [growth for growth in slow if growth.worst > _QUADRATIC]
    if bad:
        _show(f"Grows more than {_QUADRATIC:.0f}-fold when the text doubles", _worst_of_each(bad))
    else:
        print(f"No time grows more than {_QUADRATIC:.0f}-fold when the text doubles.")
    _show("The slowest", _worst_of_each(slow)[:_SLOWEST])


def _worst_of_each(growths: Sequence[Growth]) -> list[Growth]:
    """Return each rule's slowest text, the slowest rule first."""
    ranked = sorted(growths, key=lambda growth: growth.milliseconds[-1])
    by_rule = {(growth.rule, growth.what): growth for growth in ranked}
    return sorted(by_rule.values(), key=lambda growth: -growth.milliseconds[-1])


def _matcher(regex: str) -> Callable[[str], None]:
    compiled = re.compile(regex)

    def match(text: str) -> None:
        for _ in compiled.finditer(text):
            pass

    return match


def _texts(rule: Rule) -> Iterator[tuple[str, str]]:
    """Yield openings, and what to repeat behind them."""
    examples = [expand(template) for template in rule.hit[:2]]
    beginnings = [example[: len(example) * part // 4] for example in examples for part in (1, 2, 3)]
    for keyword in rule.keywords:
        for piece in dict.fromkeys((*_PIECES, keyword, f"{keyword} ", f'{keyword}_key = "a0', *beginnings)):
            yield keyword, piece
    for example in examples:
        # Whole but for its last character, and then more of it.
        for piece in ("a", example[:-1]):
            yield example[:-1], piece


def _repeated(rule: Rule) -> Iterator[tuple[str, str]]:
    """Yield what a search begins at, over and over: a keyword, a name made of it, an example."""
    keyword = rule.keywords[0]
    yield from ((keyword, f"{keyword} "), (keyword, f'{keyword}_key = "a0'))
    yield from (("", expand(template)[:-1]) for template in rule.hit[:1])


def _broken_off(rule: Rule) -> Iterator[tuple[str, str]]:
    """Yield the first example broken off behind each of its first words, and what to repeat there."""
    for example in rule.hit[:1]:
        text = expand(example)
        for found in list(re.finditer(r"\w+|\W+", text))[:_BREAKS]:
            for piece in _PIECES_AT_BREAKS:
                yield text[: found.end()], piece


def _growth(rule: str, what: str, head: str, piece: str, run: Callable[[str], None]) -> Iterator[Growth]:
    """Time a pumped text at every size; yield nothing where its largest is done at once."""
    if not piece or _time(_pump(head, piece, _SIZES[-1]), run, 1) < _FAST[what]:
        return
    for rounds in (1, 7):  # what looks bad is measured again, so that a hiccup of the machine is none
        times = tuple(_time(_pump(head, piece, size), run, rounds) for size in _SIZES)
        growth = Growth(rule, what, _shape(head, piece), times)
        if growth.worst <= _QUADRATIC or times[-1] > _LIMIT * 1000:
            break
    yield growth


def _pump(head: str, piece: str, size: int) -> str:
    return (head + piece * (size // len(piece) + 1))[:size]


def _shape(head: str, piece: str) -> str:
    """Return the text's making in short: the made-up examples in it are cut, so none stands there whole."""
    opening, repeated = (text if len(text) <= _SHOWN else f"…{text[-_SHOWN:]}" for text in (head, piece))
    return one_line(f"{opening} ({repeated})*")


def _time(text: str, run: Callable[[str], None], rounds: int) -> float:
    """Return the least milliseconds of that many runs, in this process's own time; inf past the limit."""
    best = float("inf")
    for _ in range(rounds):
        started = time.process_time()
        before = signal.signal(signal.SIGALRM, _stop)
        signal.setitimer(signal.ITIMER_REAL, _LIMIT)  # a running regex looks for signals
        try:
            run(text)
        except TimeoutError:
            return float("inf")
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
        best = min(best, (time.process_time() - started) * 1000)
    return best


def _stop(_number: int, _frame: object) -> None:
    raise TimeoutError


def _show(title: str, growths: Sequence[Growth]) -> None:
    show(
        title,
        ("rule", "what", "text", *(f"{size} (ms)" for size in _SIZES), "worst ratio"),
        [(growth.rule, growth.what, growth.text, *growth.milliseconds, growth.worst) for growth in growths],
    )
