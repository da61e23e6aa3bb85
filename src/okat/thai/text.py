"""One spelling for texts that look the same, and lengths counted as Thai people count them.

Keyboards and copies from PDF leave Thai text in several encodings of one picture: sara am typed as two
signs, tone
marks before vowels or twice, two เ for แ, invisible characters. `normalise` brings all of them to one.
"""

from __future__ import annotations

import re
import unicodedata

from okat.thai.digits import to_arabic

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f\x80-\x84\x86-\x9f]")
_SPACE = re.compile(r"\s+")
_SPACE_IN_LINE = re.compile(r"[^\S\n]+")
_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")

# The order in which marks on one consonant are stored: below, above, nikhahit, tone, silencer. It agrees
# with NFC.
_MARK_ORDER = "ฺุูัิีึื็ํ่้๊๋์๎"
_RANK = {mark: rank for rank, mark in enumerate(_MARK_ORDER)}
_MARKS = re.compile(f"[{_MARK_ORDER}]{{2,}}")
_TONE_AFTER_AM = re.compile("ำ([่-๋]+)")
_SPLIT_AM = re.compile("ํ([่-์๎]*)า")

_TONES = re.compile("[็-์๎]")
_HARMLESS = re.compile(r"\s|(?<!\.)\.(?!\.)|(?<=[^\s.])[-_‐‑](?=[^\s.])")
_LEADING_VOWELS = "เแโใไ"
_SARA_AM = "ำ"


# Whatever `normalise` might change: outside printable ASCII and Thai, spaces to close up, signs to join or reorder.
# Nearly all texts hold none of it, and importing a long table asks for each cell several times.
_SUSPECT = re.compile(r"[^ -~ก-๛]|  |\A | \Z|เเ|ำ[่-๋]|ํ|[ฺุูัิีึื็][ฺุูัิีึื็]|[่้๊๋์๎][ฺุูัิีึื็่้๊๋์๎]")


def _one_order(match: re.Match[str]) -> str:
    return "".join(sorted(set(match.group()), key=_RANK.__getitem__))


def normalise(text: str, *, keep_lines: bool = False) -> str:
    """One spelling: NFC, composed sara am, marks in one order and once, no invisible or control
    characters, single
    spaces, nothing at the ends. With `keep_lines` line breaks stay (as \\n). Applying it twice changes
    nothing."""
    if not _SUSPECT.search(text):
        return text
    return _normalise_fully(text, keep_lines=keep_lines)


def _normalise_fully(text: str, *, keep_lines: bool) -> str:
    text = unicodedata.normalize("NFC", _CONTROL.sub("", _INVISIBLE.sub("", text)))
    before = ""
    while text != before:  # marks that were put in order may stand before a tone that belongs across them
        before = text
        text = _TONE_AFTER_AM.sub(r"\1ำ", text.replace("เเ", "แ")).replace(_SARA_AM, "ํา")
        text = _SPLIT_AM.sub(r"\1ำ", _MARKS.sub(_one_order, text))
    if keep_lines:
        lines = _LINE_ENDS.sub("\n", text).split("\n")
        return "\n".join(_SPACE_IN_LINE.sub(" ", line).strip() for line in lines).strip("\n")
    return _SPACE.sub(" ", text).strip()


def fold(text: str) -> str:
    """A key for comparing names and headers: normalised, lower case, Arabic digits, without tone marks,
    the silencer, maitaikhu, spaces and punctuation. Two texts with one fold are alike, not the same."""
    bare = _TONES.sub("", normalise(to_arabic(text)).casefold())
    # What stood between two marks may be gone now, so the spelling is settled once more.
    return normalise("".join(c for c in bare if _is_word(c)))


def closed_key(text: str, *, tones: bool = True) -> str:
    """A key for words of a closed list: normalised, lower case, Arabic digits, without spaces, single full stops and
    hyphens inside. Every other sign stays: ☐, ✗ or ? beside a word says another thing than the word."""
    bare = _HARMLESS.sub("", normalise(to_arabic(text)).casefold())
    return normalise(_TONES.sub("", bare)) if not tones else bare


def _is_word(char: str) -> bool:
    return unicodedata.category(char)[0] in "LNM"


def length(text: str) -> int:
    """Characters (code points) of the normalised text. Never bytes: แก้ว has 4 characters and 12 bytes."""
    return len(normalise(text, keep_lines=True))


def graphemes(text: str) -> list[str]:
    """What a reader sees as single signs: a base with its marks; sara am joins the consonant before it
    (UAX #29)."""
    parts: list[str] = []
    for char in text:
        joins = unicodedata.category(char) in ("Mn", "Me", "Mc") or char in (_SARA_AM, "\u200d")
        if parts and (joins or parts[-1].endswith("\u200d")):
            parts[-1] += char
        else:
            parts.append(char)
    return parts


def truncate(text: str, limit: int, ellipsis: str = "…") -> str:
    """At most `limit` signs (graphemes), the ellipsis included; never cuts a mark from its base or leaves
    a leading
    vowel (เ แ โ ใ ไ) without its consonant. Raises ValueError if the limit cannot hold the ellipsis."""
    parts = graphemes(text)
    if len(parts) <= limit:
        return text
    room = limit - len(graphemes(ellipsis))
    if room < 0:
        raise ValueError(f"limit {limit} is shorter than the ellipsis {ellipsis!r}")
    kept = parts[:room]
    while kept and (kept[-1] in _LEADING_VOWELS or kept[-1].isspace()):
        kept.pop()
    return "".join(kept) + ellipsis
