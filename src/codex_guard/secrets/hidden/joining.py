"""What belongs together and stands apart, in a text: pieces of strings, of lines, and reversed runs."""

from codex_guard.secrets.disguise import CALLS, LEAD, QUOTES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from codex_guard.secrets.disguise import Edit

    Joint = tuple[int, int]

_LEAST = 12  # characters of a run that could be a credential
_LONG = 20  # the same, where it is only turned round: names are long too
_REACH = 64  # characters to look for a run's end in: more do not make it more of a run
_LIST = 8192  # characters of a list of strings that is joined
_DIGITS = b"0123456789"


def strings(data: bytes, runs: bytes, met: "list[Joint]") -> "list[Edit]":
    """Return the joints of strings that are put together, each as a deletion, in order.

    ``data`` is the text, a byte a character; ``runs`` has an ``a`` for each token character of it. ``met``
    are the joints without a call, where quotes stand between two token characters.
    """
    joints = [*met, *_continued(data, runs)]
    marked = data.translate(QUOTES)
    for call in CALLS:
        if call in marked:
            joints += _called(marked, call)
    joints.sort()
    return [(start, end, "", 1, 1) for start, end in _long_enough(joints, data, runs)]


def _is_token(runs: bytes, *places: int) -> bool:
    return all(0 <= place < len(runs) and runs[place] == 97 for place in places)  # noqa: PLR2004 - an a


def _continued(data: bytes, runs: bytes) -> "Iterator[Joint]":
    """Yield backslashes at line ends within a word, with the break and the next line's indentation."""
    for mark in (b"\\\n", b"\\\r\n"):
        at = data.find(mark)
        while at >= 0:
            begin = at + len(mark)
            lead = data[begin : begin + _REACH]
            end = begin + len(lead) - len(lead.lstrip(b" \t"))
            if _is_token(runs, at - 1, end):
                yield at, end
            at = data.find(mark, at + 1)


def _called(marked: bytes, call: bytes) -> "list[Joint]":
    """Return the joints in the lists that a call joins; ``marked`` has ``"`` for every quote."""
    joints: list[Joint] = []
    done = 0
    at = marked.find(call)
    while at >= 0:
        if at >= done:
            if call.startswith(b".join"):
                start, end = marked.rfind(b"[", max(done, at - _LIST), at), at
            else:
                start = at + len(call)
                end = marked.find(b")", start, start + _LIST)
            if 0 <= start < end:
                joints += _commas(marked, start, end)
                done = end
        at = marked.find(call, at + 1)
    return joints


def _commas(marked: bytes, start: int, end: int) -> "Iterator[Joint]":
    """Yield where one string of a list ends and the next begins, with the comma between them."""
    at = start - 1
    for piece in marked[start:end].split(b'"'):
        stop = at + 1 + len(piece)
        if piece.strip() == b"," and stop < end:
            yield at, stop + 1
        at = stop


def _long_enough(joints: "list[Joint]", data: bytes, runs: bytes) -> "Iterator[Joint]":
    """Yield the joints of chains that make a run that could be a credential; overlapping ones once."""
    chain: list[Joint] = []
    for start, end in joints:
        if chain and start < chain[-1][1]:
            continue
        if chain and start - _before(runs, start) > chain[-1][1]:
            yield from chain if _could_matter(chain, data, runs) else ()
            chain = []
        chain.append((start, end))
    yield from chain if _could_matter(chain, data, runs) else ()


def _could_matter(chain: "list[Joint]", data: bytes, runs: bytes) -> bool:
    """Say whether what a chain of joints puts together is long enough and has a digit."""
    if not chain:
        return False
    at = chain[0][0] - _before(runs, chain[0][0])
    word = b""
    for start, end in chain:
        word += data[at:start]
        at = end
        if len(word) > _REACH:
            break
    word += data[at : at + _after(runs, at)]
    return len(word) >= _LEAST and len(word.translate(None, _DIGITS)) < len(word)


def _before(runs: bytes, at: int) -> int:
    """Return how long a run of token characters ends at ``at``, as far as it matters."""
    low = max(0, at - _REACH)
    return at - max(low, runs.rfind(b" ", low, at) + 1)


def _after(runs: bytes, at: int) -> int:
    """Return how long a run of token characters starts at ``at``, as far as it matters."""
    end = runs.find(b" ", at, at + _REACH)
    return (min(len(runs), at + _REACH) if end < 0 else end) - at


def lines(data: bytes, numbers: list[int]) -> "list[Edit]":
    """Return the breaks behind the lines of those numbers (from 0) and the next one's lead, as deletions."""
    found: list[Edit] = []
    wanted = set(numbers)
    rows = data.split(b"\n")
    at = 0
    for number, row in enumerate(rows):
        at += len(row)
        if number in wanted:
            following = rows[number + 1]
            start = at - len(row) + len(row.rstrip(b"\r"))
            found.append((start, at + 1 + len(following) - len(following.lstrip(LEAD)), "", 1, 1))
        at += 1
    return found


def turned(data: bytes, runs: bytes) -> "list[Edit]":
    """Return the long runs that could be credentials, each with its reverse."""
    found: list[Edit] = []
    at = runs.find(b"a" * _LONG)
    while at >= 0:
        end = runs.find(b" ", at)
        end = len(runs) if end < 0 else end
        word = data[at:end]
        if len(word) - len(word.translate(None, _DIGITS)) > 2:  # noqa: PLR2004 - a name has a number or two
            found.append((at, end, word[::-1].decode("ascii"), end - at, end - at))
        at = runs.find(b"a" * _LONG, end)
    return found


def nulls(data: bytes) -> "list[Edit]":
    """Return the NULs, each with the character behind it: UTF-16 that was read as bytes has them."""
    found: list[Edit] = []
    if data.count(b"\0") < _LEAST:
        return found
    at = data.find(b"\0")
    while at >= 0:
        end = at
        while data[end : end + 1] == b"\0":
            end += 1
        if end < len(data) and data[end] < 128:  # noqa: PLR2004 - what is not ASCII is no longer told apart
            found.append((at, end + 1, chr(data[end]), 1, end + 1 - at))
        else:
            found.append((at, end, "", 1, 1))
        at = data.find(b"\0", end)
    return found
