"""What a cell says where only a closed list is understood. Whatever stands beside a known word (☐, ✗, ?, ไม่, แม่) may
make another of it: it is compared with every sign, and what is alike is a slip of the pen or nothing."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from rapidfuzz.distance import OSA, Levenshtein

from okat.files.office.errors import CellError
from okat.files.office.grid import Cell, is_blank, text_of
from okat.files.office.refusing import refuses
from okat.files.office.vocabulary import AMBIGUOUS, Choices, Field
from okat.thai.text import closed_key, fold, normalise

UNSAID = re.compile(r"[\s.…_\-–—]+|ไม่ระบุ|n/a", re.I)


def _keys(*words: str) -> frozenset[str]:
    return frozenset(map(closed_key, words))


_YES = _keys(
    "ใช่", "มี", "ได้", "yes", "y", "true", "1", "x", "ยินยอม", "ให้", "ให้ความยินยอม", "เป็น", "ใช", "ok", "อนุญาต"
)  # fmt: skip
_NO = _keys(
    "ไม่ใช่", "ไม่มี", "ไม่", "ไม่ได้", "no", "n", "false", "0", "ไม่ยินยอม", "ไม่ให้", "ไม่เป็น", "ไม่ให้ความยินยอม", "ไม่อนุญาต",
    "ไม่ประสงค์", "ปฏิเสธ",
)  # fmt: skip
_YES_MARKS = frozenset("✓✔☑√/✅●•ü*")
_NO_MARKS = frozenset("✗✘☐-–×❌")
# What is a yes to consent, and what is none: a cross may mean either, so it is asked for in words.
_CONSENTS = _keys(
    "ยินยอม", "ให้ความยินยอม", "ยินยอมแล้ว", "อนุญาต", "ยอม", "สมัครใจ", "ตกลง", "consent", "consented", "agree", "agreed"
)  # fmt: skip
_YES_TO_CONSENT = _CONSENTS | _keys("ใช่", "ให้", "yes", "y", "true", "1", "ok")
_YES_TO_REFUSAL = _keys("ใช่", "มี", "yes", "y", "true", "1")
_CONSENT_MARKS = frozenset("✓✔☑√/✅")
_REFUSAL_MARKS = _CONSENT_MARKS | frozenset("xX✗✘×❌●•*")

_SHORTEST = 5  # letters of a word in which one may have slipped
_LIKE = 0.6  # from here on an error names the word that may be meant
# What makes another thing of a word: a no, a doubt, somebody else.
_TURNING = re.compile(
    "ไม|มิ|ไร้|งด|ห้าม|เคย|อาจ|สงสัย|แม่|พ่อ|ลูก|บิดา|มารดา|บุตร|พี่|น้อง|สามี|ภรรยา|ญาติ|หลาน|[✗✘×❌☐□]|"
    r"\b(?:no|not|non|without|mother|father|child)\b"
)


def code_of(text: str, choices: Choices) -> str | None:
    """The code of a wording: known word for word, but for tones and one slipped letter where nothing hangs on it."""
    key = closed_key(text)
    if key in choices.said or choices.word_for_word:
        return choices.said.get(key)
    loose = choices.toneless.get(closed_key(text, tones=False))
    if loose is not None:
        return loose
    if any(len(part) == 1 for part in text.split()):  # a letter alone is a mark, and no slip
        return None
    said = normalise(text).casefold()  # with its spaces: "no men" is no "women"
    near = {code for word, code in choices.said.items() if slipped(key, word) and not turns(said, word)}
    return near.pop() if len(near) == 1 else None


def slipped(said: str, meant: str) -> bool:
    """Whether one letter or mark was mistyped: never a digit or a sign, and nothing that turns the word."""
    if (
        min(len(said), len(meant)) < _SHORTEST
        or abs(len(said) - len(meant)) > 1
        or OSA.distance(said, meant, score_cutoff=1) > 1
    ):
        return False
    return _signs(said) == _signs(meant) and not turns(said, meant)


def turns(said: str, meant: str = "") -> bool:
    """Whether a text holds a no, a doubt or somebody else that the word does not."""
    return bool(Counter(_TURNING.findall(said)) - Counter(_TURNING.findall(meant)))


def _signs(text: str) -> str:
    return "".join(char for char in text if unicodedata.category(char)[0] not in "LM")


def chosen(text: str, field: Field) -> str:
    """The code of a text. Raises CellError, with the word that may be meant."""
    assert field.choices is not None
    code = code_of(text, field.choices)
    if code is not None and code != AMBIGUOUS:
        return code
    allowed = {"allowed_th": field.choices.allowed("th"), "allowed_en": field.choices.allowed("en")}
    like = _like(text, field.choices) if code is None else None
    if like:
        raise CellError("choice_like", text, like_th=like[0], like_en=like[1], **allowed)
    raise CellError("choice_unknown" if code is None else "choice_ambiguous", text, **allowed)


def _like(text: str, choices: Choices) -> tuple[str, str] | None:
    said = fold(text)
    best: dict[str, float] = {}
    for word, code in choices.words.items():
        inside = len(word) >= _SHORTEST and word in said
        score = 1.0 if inside else Levenshtein.normalized_similarity(said, word, score_cutoff=_LIKE)
        if score and code and code != AMBIGUOUS:
            best[code] = max(best.get(code, 0.0), score)
    found = max(best, key=lambda code: best[code], default="")
    return choices.labels[found] if found else None


def truth(cell: Cell) -> bool:
    """Yes or no. Raises CellError for what is neither."""
    if isinstance(cell, bool):
        return cell
    text = text_of(cell)
    key = closed_key(text)
    if text in _YES_MARKS or key in _YES:
        return True
    if text in _NO_MARKS or key in _NO:
        return False
    raise CellError("tick_unknown", text)


def says_no(cell: Cell) -> bool:
    """Whether a cell says no; what is neither yes nor no does not."""
    try:
        return not is_blank(cell) and not truth(cell)
    except CellError:
        return False


def consents(cell: Cell, *, worded: bool) -> bool | None:
    """A yes or a no to consent, None where nothing is said; what is neither is never taken for a yes. `worded`: a mere
    mark says nothing."""
    text = text_of(cell)
    if UNSAID.fullmatch(text):
        return None
    if refuses(cell):
        return False
    key = closed_key(text)
    if worded:
        if key in _CONSENTS:
            return True
        raise CellError("consent_unworded", text)
    if cell is True or text in _CONSENT_MARKS or key in _YES_TO_CONSENT:
        return True
    if cell is False or text in _NO_MARKS or key in _NO:
        return False
    raise CellError("consent_unclear", text)


def refused(cell: Cell) -> bool:
    """Whether a column of refusals says one: by a mark, a yes or in words. An empty one, or an unticked box, says
    nothing; anything else is put right first."""
    text = text_of(cell)
    if UNSAID.fullmatch(text) or cell is False or text in {"0", "☐"}:
        return False
    if refuses(cell) or cell is True or text in _REFUSAL_MARKS or closed_key(text) in _YES_TO_REFUSAL:
        return True
    raise CellError("refusal_unclear", text)
