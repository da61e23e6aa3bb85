"""Forms of a name in which misspellings meet: as typed, folded by spelling, and its consonants by sound.

All three count Thai characters (code points), never bytes. The homophones are those of Thai orthography:
letters with one sound (ณ น, ศ ษ ส, ภ พ), long and short vowel signs, tone marks, and letters silenced by the
karan mark. Folding is bolder here than in `okat.thai.text.fold`: it finds people, it does not name columns.
"""

import re
import unicodedata

from okat.thai.digits import to_arabic
from okat.thai.text import normalise

# Thai text that `normalise` would leave as it is; most names are, and look-ups read hundreds of them.
_PLAIN = re.compile("(?!.*เเ)(?:[ก-ฮะาๅเแโใไ]|ำ(?![่-๎])|[ั-ฺ็-์](?![ั-ฺ็-๎]))*\\Z")
_KEPT_CATEGORIES = frozenset("LMN")

_SILENCED = re.compile("[ก-ฮ][ิุ]?์")
_AI = re.compile("[ใไ]([ก-ฮ])ย?")
_FINAL_YO_YING = re.compile("(?<=.)ญ(?=[ก-ฌฎ-ฮเแโใไ]|\\Z)")
_ONE_LETTER = dict(zip("ณศษฎฏฐฑฒธภญฬฌฆฅฃีืูๅ", "นสสดตถทททพยลชคคขิึุา", strict=True)) | dict.fromkeys("่้๊๋็์ํ๎ฺะ", "")
_ONE_SOUND = dict(zip("ขซฉถผฝฮรฤฦำ", "คสชทพฟหลลลม", strict=True)) | dict.fromkeys("ัาิึุเแโไใ", "")
_VOWELS_UNLESS_FIRST = frozenset("อaeiou")


def tidy(name: str) -> str:
    """The name as typed, in one encoding, without spaces, punctuation, invisible characters and case."""
    if _PLAIN.match(name):
        return name
    text = unicodedata.normalize("NFC", normalise(to_arabic(name)).casefold())
    return "".join(c for c in text if unicodedata.category(c)[0] in _KEPT_CATEGORIES)


def fold(tidied: str) -> str:
    """The spelling under which common misspellings of a tidied name are equal: ณัฐพล and นัฐพล, ชัย and ไชย."""
    text = _SILENCED.sub("", tidied) if "์" in tidied else tidied
    text = text.replace("รร", "ั")
    if "ไ" in text or "ใ" in text:
        text = _AI.sub("\\1ัย", text)
    if "ญ" in text:
        text = _FINAL_YO_YING.sub("น", text)  # ญ closes a syllable as น and opens it as ย
    return _mapped(text, _ONE_LETTER) or tidied


def sound(folded: str) -> str:
    """The consonants of a folded name by sound, ร with ล, vowels dropped: สมชาย and สมไชย are both สมชย."""
    heard = folded[:1] + "".join([c for c in folded[1:] if c not in _VOWELS_UNLESS_FIRST])
    return _mapped(heard, _ONE_SOUND) or folded


def _mapped(text: str, table: dict[str, str]) -> str:
    """Each character replaced by the table, and runs of one character shortened to one."""
    out: list[str] = []
    last = ""
    for char in text:
        put = table.get(char, char)
        if put and put != last:
            out.append(put)
            last = put
    return "".join(out)
