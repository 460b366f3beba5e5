"""Decisions out: what each event's hook prints, exactly as Codex accepts it.

Codex drops an answer with a key too many or a blank reason and goes ahead, so the spelling is as
plain as it can be: one object, only the keys that the decision needs.
"""

from codex_guard.model import Allow, Decision
from codex_guard.wire.fastjson import quote

#: Codex spills a text of more than about 2,500 tokens to a world-readable file; this stays below it
#: in UTF-8 bytes whatever the language.
LONGEST = 8_000

#: Events whose answer can tell the model something besides; in others Codex drops the whole answer for it.
_TELLS_MODEL = ("UserPromptSubmit", "PostToolUse")


def spell(event: str, decision: Decision) -> str:
    """Return the JSON that tells Codex of ``decision``, or nothing where silence says it."""
    if isinstance(decision, Allow):
        return _allowed(event, (decision.note or "").strip(), (decision.context or "").strip())
    reason = shorten(decision.reason)
    if event == "PreToolUse":
        # Codex goes on behind the reason with ". Command: ...".
        reason = reason.removesuffix(".").rstrip() or reason
        return (
            '{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"deny",'
            f'"permissionDecisionReason":{quote(reason)}}}}}'
        )
    return f'{{"decision":"block","reason":{quote(reason)}}}'


def _allowed(event: str, note: str, context: str) -> str:
    parts = [f'"systemMessage":{quote(shorten(note))}'] if note else []
    if context and event in _TELLS_MODEL:
        parts.append(
            f'"hookSpecificOutput":{{"hookEventName":"{event}","additionalContext":{quote(shorten(context))}}}'
        )
    return "{" + ",".join(parts) + "}" if parts else ""


def shorten(text: str) -> str:
    """Return ``text``, cut at LONGEST bytes with a word about it, and never blank."""
    text = text.strip() or "codex-guard blocked this without a reason: please report it."
    encoded = text.encode("utf-8", "backslashreplace")
    if len(encoded) <= LONGEST:
        return encoded.decode("utf-8")
    tail = f"\n[{len(encoded) - LONGEST + 60} more bytes are left out here]"
    return encoded[: LONGEST - len(tail)].decode("utf-8", "ignore") + tail
