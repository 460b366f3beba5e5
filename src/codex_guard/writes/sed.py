"""The files that a sed script writes: its ``w`` commands, and the ``w`` behind an ``s``."""

_TEXTS = "aic"  # commands whose text goes on to the line's end
_LABELS = "btT:"
_ENDS = ";\n}"


def files(script: str) -> list[str]:
    """Return the files that ``script`` writes, in order; none behind what is no sed."""
    found: list[str] = []
    closing = script.rfind("]")  # behind which no bracket can be closed
    at = 0
    while at < len(script):
        at = _behind_addresses(script, at, closing)
        if at >= len(script):
            break
        command = script[at]
        at += 1
        if command in "wWrR":
            end = _line_end(script, at)
            found += [script[at:end].strip(" \t")] if command in "wW" else []
            at = end
        elif command in "sy":
            delimiter = script[at : at + 1]
            at = _behind(script, at + 1, delimiter, closing if command == "s" else 0)
            at = _behind(script, at, delimiter)
            while at < len(script) and script[at] not in _ENDS:
                if script[at] == "w" and command == "s":
                    end = _line_end(script, at)
                    found.append(script[at + 1 : end].strip(" \t"))
                    at = end
                    break
                at += 1
        elif command in _TEXTS:
            at = _line_end(script, at)
            while script[at - 1 : at] == "\\" and at < len(script):
                at = _line_end(script, at + 1)
        elif command in _LABELS:
            while at < len(script) and script[at] not in ";\n":
                at += 1
    return [name for name in found if name and not name.startswith("/dev/std")]


def _behind_addresses(script: str, at: int, closing: int) -> int:
    """Return where the command begins, behind blanks and addresses."""
    while at < len(script):
        sign = script[at]
        if sign in ("/", "\\"):
            delimiter = script[at + 1 : at + 2] if sign == "\\" else "/"
            at = _behind(script, at + 1 + (sign == "\\"), delimiter, closing)
            while script[at : at + 1] in ("I", "M"):
                at += 1
        elif sign.isspace() or sign in "0123456789$,~+!;{}":
            at += 1
        elif sign == "#":
            at = _line_end(script, at)
        else:
            break
    return at


def _behind(script: str, at: int, delimiter: str, closing: int = 0) -> int:
    """Return where an expression is over: behind its ``delimiter``.

    That counts for nothing in ``[…]``, the last of which ends at ``closing``.
    """
    inside = False
    while at < len(script):
        sign = script[at]
        at += 1
        if sign == "\\":
            at += 1
        elif inside:
            inside = sign != "]"
        elif sign == delimiter:
            break
        elif sign == "[" and at < closing:
            inside = True
            at += script[at : at + 1] == "^"
            at += script[at : at + 1] == "]"
    return at


def _line_end(script: str, at: int) -> int:
    end = script.find("\n", at)
    return len(script) if end < 0 else end
