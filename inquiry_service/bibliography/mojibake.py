"""Text that was UTF-8 once and was saved as Latin-1 or Windows-1252 by mistake: ``MÃ¼ller`` is ``Müller``.

Only that mistake is undone, only run by run, and only where the characters cannot have been meant: a bad repair
of a right name is worse than a wrong name that everybody sees. ``SÃO``, ``Ã“`` before a quotation mark and Greek,
Cyrillic, Vietnamese or Chinese text stay as they are.
"""

from __future__ import annotations

import re

from ftfy.badness import is_bad

# What each byte from 0x80 on looks like in Windows-1252 and, where that has no character, in Latin-1.
_BYTES = {bytes([code]).decode("latin-1"): code for code in range(0x80, 0x100)} | {
    char: code for code in range(0x80, 0xA0) if (char := bytes([code]).decode("cp1252", "ignore"))
}
_FOLLOWING = "".join(re.escape(char) for char, code in _BYTES.items() if code < 0xC0)
_RUN = re.compile(
    f"(?:[\u00c2-\u00df][{_FOLLOWING}]|[\u00e0-\u00ef][{_FOLLOWING}]{{2}}|[\u00f0-\u00f4][{_FOLLOWING}]{{3}})+"
)
# Signs that may really stand behind a capital letter with an accent: “À”, É…, «ANDRÉ», CAFÉ®. Behind a capital
# that is hardly ever the last of a word, the second set can only be one half of a letter: Ã© is é, Î² is β.
_QUOTES_AND_DASHES = set("“”„‘’‚«»‹›–—…•™†‡")
_SYMBOLS = set("·°®©ªº²³¹\u00a0")
_MOST_ROUNDS = 3


def restored(text: str) -> str:
    """Undo the mistake wherever a line of the text shows it beyond doubt; other text comes back unchanged."""
    if text.isascii() or not _RUN.search(text):
        return text
    return "".join(_restored_line(line) for line in text.splitlines(keepends=True))


def _restored_line(line: str) -> str:
    # Some text went through the mistake twice.
    for _ in range(_MOST_ROUNDS):
        runs = list(_RUN.finditer(line))
        if not any(_is_certain(run) for run in runs) or not is_bad(line):
            break
        line = _RUN.sub(_as_utf_8, line)
    return line


def _is_certain(run: re.Match[str]) -> bool:
    """Whether a run cannot be right text: a capital with an accent before a quotation mark or a dash can."""
    text = run[0]
    ambiguous = _QUOTES_AND_DASHES if text[0] in "ÂÃÎÏ" else _QUOTES_AND_DASHES | _SYMBOLS
    if len(text) > 2 or (text[1] not in ambiguous and text != "Ã\u00a0"):
        return _as_utf_8(run) != text
    before, behind = run.string[: run.start()][-1:], run.string[run.end() :][:1]
    # "Ã–sterreich" begins a word and goes on in it; "SÃO–PAULO" and "MAÇÃ–" do not.
    return text == "Ã–" and behind.isalpha() and not before.isalpha()


def _as_utf_8(run: re.Match[str]) -> str:
    try:
        return bytes(_BYTES[char] for char in run[0]).decode("utf-8")
    except UnicodeDecodeError:
        return run[0]
