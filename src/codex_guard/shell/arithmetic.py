"""Arithmetic whose outcome is known before it runs: integers, parentheses and variables that hold them."""

from codex_guard.shell.meaning import Scope

_MOST = 100  # tokens of one expression
_LIMIT = 1 << 63
_BINDS = {"|": 0, "^": 1, "&": 2, "<<": 3, ">>": 3, "+": 4, "-": 4, "*": 5, "/": 5, "%": 5}
_DIGITS = frozenset("0123456789")


def result(text: str, scope: Scope) -> str | None:
    """Return what ``$((text))`` becomes; None where it is more than four rules on known integers."""
    tokens = _tokens(text)
    if not tokens:
        return None
    values: list[int] = []
    operators: list[str] = []
    operand = True  # whether one is expected
    for sign in tokens:
        if operand:
            if sign in ("(", "-", "+"):
                operators.append(sign if sign == "(" else "u" + sign)
                continue
            number = _number(sign, scope)
            if number is None:
                return None
            values.append(number)
            operand = _unary(values, operators)
        elif sign == ")":
            if not _settled(values, operators, 0) or not operators:
                return None
            operators.pop()
            _unary(values, operators)
        elif sign in _BINDS:
            if not _settled(values, operators, _BINDS[sign]):
                return None
            operators.append(sign)
            operand = True
        else:
            return None
    whole = _settled(values, operators, 0) and not operators and len(values) == 1
    return str(values[0]) if whole else None


def _settled(values: list[int], operators: list[str], binds: int) -> bool:
    """Apply the operators up to a parenthesis that bind at least so much; False where one cannot be."""
    while operators and operators[-1] != "(" and _BINDS.get(operators[-1], 9) >= binds:
        if not _apply(values, operators.pop()):
            return False
    return True


def _tokens(text: str) -> list[str]:
    """Split an expression into numbers, names and signs; nothing where it has more than those."""
    found: list[str] = []
    at = 0
    while at < len(text) and len(found) <= _MOST:
        character = text[at]
        end = at + 1
        if character.isspace():
            at = end
            continue
        if character.isalnum() or character == "_":
            while end < len(text) and (text[end].isalnum() or text[end] == "_"):
                end += 1
        elif character in "<>":
            end += 1
        found.append(text[at:end])
        at = end
    return found if len(found) <= _MOST else []


def _number(token: str, scope: Scope) -> int | None:
    if token.isidentifier():
        token = scope.lookup(token) or ""
    digits = token.removeprefix("-")
    if not digits or not _DIGITS.issuperset(digits) or (digits[0] == "0" and digits != "0"):
        return None
    return int(token) if len(digits) < len(str(_LIMIT)) else None


def _unary(values: list[int], operators: list[str]) -> bool:
    """Apply the signs in front of an operand; nothing further is expected then but an operator."""
    while operators and operators[-1] in ("u-", "u+"):
        if operators.pop() == "u-":
            values[-1] = -values[-1]
    return False


def _apply(values: list[int], operator: str) -> bool:
    """Put the outcome of the last two values in their place; False where there is none."""
    if operator not in _BINDS or len(values) < 2:  # noqa: PLR2004 - both sides
        return False
    right, left = values.pop(), values.pop()
    if (operator in "/%" and right == 0) or (operator in ("<<", ">>") and not 0 <= right < 64):  # noqa: PLR2004
        return False
    if operator in "/%":
        quotient = abs(left) // abs(right) * (1 if (left < 0) == (right < 0) else -1)
        outcome = quotient if operator == "/" else left - quotient * right
    else:
        outcome = {
            "|": left | right, "^": left ^ right, "&": left & right, "+": left + right, "-": left - right,
            "*": left * right, "<<": left << max(right, 0) % 64, ">>": left >> max(right, 0) % 64,
        }[operator]  # fmt: skip
    values.append(outcome)
    return -_LIMIT <= outcome < _LIMIT
