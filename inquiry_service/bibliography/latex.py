"""LaTeX as it stands in bibliographic fields, turned into plain Unicode text.

Own reading of braces, accents and markup, because fields are not documents: an unescaped ``%`` or ``$`` in an
abstract is a percentage or a price and must not swallow the rest, as it does in a LaTeX parser. The names of
the symbols come from pylatexenc's table.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from pylatexenc.latex2text import get_default_latex_context_db

from inquiry_service.bibliography.normalise import lowered, raised

_TOKEN = re.compile(r"\\(?P<name>[A-Za-z]+)\*?\s*|\\(?P<sign>.)|(?P<text>[^\\{}$~^_]+|.)", re.DOTALL)
_SPECIAL = re.compile(r"[\\{}$~]|--|``")
# A pair of signs is mathematics when what it encloses is short or reads like a formula; else it is money.
_MATHS = re.compile(r"(?<!\\)\$((?:[^$\\]|\\.){1,200}?)(?<!\\)\$", re.DOTALL)
_FORMULA = re.compile(r"[\\^_{]|\A\S{1,24}\Z|[<>=≤≥]")

_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", '"': "\u0308", "=": "\u0304", ".": "\u0307",
    "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "k": "\u0328", "d": "\u0323", "b": "\u0331",
    "r": "\u030a", "t": "\u0361",
}  # fmt: skip
_RAISING = {"textsuperscript": raised, "sp": raised, "textsubscript": lowered, "sb": lowered}
_SYMBOLS = {
    "copyright": "©", "pounds": "£", "textdegree": "°", "degree": "°", "textless": "<", "textgreater": ">", "S": "§",
    "P": "¶", "textasciitilde": "~", "textasciicircum": "^", "textbackslash": "\\", "textbar": "|", "dag": "†",
    "ddag": "‡", "slash": "/", "textdollar": "$", "textpercent": "%", "textunderscore": "_", "textbraceleft": "{",
    "textbraceright": "}", "ensuremath": "", "mu": "μ", "textmu": "µ", "euro": "€", "newline": " ", "linebreak": " ",
    "par": "\n\n", "space": " ", "quad": " ", "qquad": " ", "aa": "å", "AA": "Å",
}  # fmt: skip
# Commands that only change the look; their text follows as a group or to the end of one.
_LOOKS = re.compile(
    r"(?:it|bf|rm|sc|tt|sl|sf|em|tiny|small|large|Large|protect|relax|noindent|displaystyle|mathrm|mathit|mathbf"
    r"|(?:it|bf|up|sc|rm|sf|tt|sl)(?:shape|series|family)|normalfont|text[a-z]{0,10}|emph|mbox|hbox|mkbibquote"
    r"|mkbibemph|url|path|nocase|uppercase|lowercase|MakeUppercase|boldmath|left|right|ignorespaces|underline)\Z"
)
# Deeper nesting is no markup; its braces are dropped without being matched.
_DEEPEST = 50
_MARKS = {",": " ", ";": " ", ":": " ", " ": " ", "-": "", "/": "", "\\": " ", "!": "", "@": "", "(": "", ")": ""}


def to_unicode(text: str) -> str:
    """Turn LaTeX text into Unicode text; what is no LaTeX stays as it is.

    Args:
        text: the value of a field without its outer delimiters.
    """
    if not _SPECIAL.search(text):
        return text
    text = _MATHS.sub(lambda match: _formula(match[1]) if _FORMULA.search(match[1]) else match[0], text)
    plain = _Reader(text).sequence()
    if "``" in plain:
        plain = plain.replace("``", "“").replace("''", "”")
    return unicodedata.normalize("NFC", plain.replace("---", "—").replace("--", "–"))


def plain(text: str) -> str:
    """Take a locator (DOI, link, number) out of its braces and escapes; tildes and dashes are part of it."""
    return re.sub(r"\\([_%&#$~{}])(?:\{\})?", r"\1", re.sub(r"\\url\s*\{([^{}]*)\}", r"\1", text)).strip("{} \t\r\n")


def _formula(text: str) -> str:
    return "{" + re.sub(r"([\^_])(\{[^{}]*\}|\\[A-Za-z]+|.)", _scripted, text) + "}"


def _scripted(match: re.Match[str]) -> str:
    command = "sp" if match[1] == "^" else "sb"
    return rf"\{command}{{{match[2].strip('{}')}}}"


@cache
def _symbols() -> dict[str, str]:
    """Every command that pylatexenc writes as a fixed text."""
    database = get_default_latex_context_db()
    known = {}
    for category in database.categories():
        for name, spec in database.d[category]["macros"].items():
            if isinstance(getattr(spec, "simplify_repl", None), str) and "%" not in spec.simplify_repl:
                known[name] = spec.simplify_repl
    return known | _SYMBOLS


class _Reader:
    """Reads a text token by token; a group is read by calling itself."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0

    def sequence(self, end: str = "") -> str:
        """Text up to the closing brace, or up to the end."""
        pieces: list[str] = []
        while match := self._next():
            if match["text"] == end == "}":
                break
            pieces.append(self._piece(match))
        return "".join(pieces)

    def _next(self) -> re.Match[str] | None:
        match = _TOKEN.match(self._text, self._at)
        if match:
            self._at = match.end()
        return match

    def _piece(self, match: re.Match[str]) -> str:
        if match["name"]:
            return self._command(match["name"], match[0])
        if match["sign"]:
            sign: str = match["sign"]
            return self._accented(sign) if sign in _ACCENTS else _MARKS.get(sign, sign)
        text: str = match["text"]
        if text == "{" and self._depth < _DEEPEST:
            self._depth += 1
            inner = self.sequence("}")
            self._depth -= 1
            return inner
        return {"{": "", "}": "", "~": "\u00a0"}.get(text, text)

    def _command(self, name: str, written: str) -> str:
        if name in _ACCENTS and self._argument_follows(written):
            return self._accented(name)
        if name in _RAISING:
            return _RAISING[name](self._argument())
        if name in {"begin", "end", "vspace", "hspace", "label", "cite"}:
            self._argument()
            return ""
        if name == "href":
            self._argument()
            return self._argument()
        if name == "ElsevierGlyph":
            return _character(self._argument())
        symbol = _symbols().get(name)
        if symbol is not None:
            # "\o{}" and "{\o}" end the command; a blank after it does, too, and is not printed.
            return symbol
        return "" if _LOOKS.match(name) or self._text.startswith("{", self._at) else written

    def _argument_follows(self, written: str) -> bool:
        return written[-1:].isspace() or self._text.startswith(("{", "\\"), self._at)

    def _argument(self) -> str:
        while self._text[self._at : self._at + 1].isspace():
            self._at += 1
        match = self._next() if self._depth < _DEEPEST else None
        if match is None:
            return ""
        if match["text"] and match["text"] != "{":
            # Only one character: the rest of the run is read again.
            self._at = match.start() + 1
            return match["text"][0]
        self._depth += 1
        argument = self._piece(match)
        self._depth -= 1
        return argument

    def _accented(self, accent: str) -> str:
        letters = self._argument().lstrip()
        base = {"ı": "i", "ȷ": "j"}.get(letters[:1], letters[:1])
        if not base.isalpha():
            return base + letters[1:]
        return unicodedata.normalize("NFC", base + _ACCENTS[accent]) + letters[1:]


def _character(code: str) -> str:
    try:
        return chr(int(code, 16))
    except (ValueError, OverflowError):
        return ""
