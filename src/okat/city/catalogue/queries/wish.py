"""From a typed text to what it may mean: its words, their synonyms, and, where little is found, what was misspelt.

Thai is cut into words by dictionary, so that a slip tears a word to pieces (มัดมี่ becomes มัด and มี่). Therefore
neighbouring pieces are also tried together, and the cheapest way to read the whole text is taken.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from django.db import connection

from okat.city.catalogue.queries.lexicon import Entry, Lexicon, lexemes_of, lexicon, synonyms
from okat.city.catalogue.rules.wish import Grade, Option, Part, Wish
from okat.thai import segment, sound
from okat.thai.text import fold

MAX_TEXT = 200  # characters: a search, not an essay
MAX_WORDS = 12
_SPAN = 5  # pieces that may be one word
_PHRASE = 24  # characters of the longest word that may be mended
_MEANT = 4  # words that one misspelt word may have been
# Said in a search and in no opportunity's name: "I would like", "please", "is there".
ASKING = frozenset({
    "อยาก", "อยากได้", "ต้องการ", "สนใจ", "ขอ", "หน่อย", "มี", "บ้าง", "แถว", "ใกล้", "เกี่ยวกับ", "สำหรับ", "คน",
    "i", "want", "would", "like", "need", "me", "my", "please", "some", "any", "is", "are", "there", "near", "about",
    "how",
})  # fmt: skip
# What reading a piece in a way costs: a word that stands in the catalogue the least, one that means nothing the most.
_KNOWN, _TONES, _SOUND, _SLIP, _UNKNOWN = 0.6, 0.8, 1.0, 1.1, 3.0


Said = Mapping[str, list[str]]
"""From a folded word to what the city gives for it."""


def narrow(text: str) -> Wish:
    """The words as they were typed, and their synonyms; of nothing but stop words these themselves."""
    pieces, said = _pieces(text), synonyms()
    parts, at = [], 0
    while at < len(pieces):
        ends = range(min(len(pieces), at + _SPAN), at, -1)
        end = next((end for end in ends if fold(_join(pieces[at:end])) in said), at + 1)
        parts.append(_plain(pieces[at:end], said, unfinished=end == len(pieces)))
        at = end
    meant = [part for part in parts if part.options]
    return Wish(tuple(meant or (Part(p, (Option(p, (p,), Grade.WRITTEN),)) for p in dict.fromkeys(pieces))))


def wide(text: str) -> Wish:
    """The words as they may have been meant: those that stand in the catalogue and sound or look alike."""
    pieces, known, said = _pieces(text), lexicon(), synonyms(broad=True)
    best: list[tuple[float, list[Part]]] = [(0.0, [])]
    for end in range(1, len(pieces) + 1):
        ways = []
        for start in range(max(0, end - _SPAN), end):
            for cost, part in _readings(pieces[start:end], known, said):
                ways.append((best[start][0] + cost, [*best[start][1], part]))
        best.append(min(ways, key=lambda way: way[0]))
    return Wish(tuple(_without_stop_words(part) for part in best[-1][1] if not _nothing(part)))


def _without_stop_words(part: Part) -> Part:
    return Part(part.typed, tuple(option for option in part.options if option.lexemes))


def _nothing(part: Part) -> bool:
    """A stop word, or most likely one."""
    return not part.options[0].lexemes


def _pieces(text: str) -> list[str]:
    return [word for word in segment.default().words(text[:MAX_TEXT]) if word not in ASKING][:MAX_WORDS]


def _join(pieces: Sequence[str]) -> str:
    """As it was typed: Thai without spaces, other words with them."""
    text = ""
    for piece in pieces:
        text += f" {piece}" if text and (piece.isascii() or text[-1].isascii()) else piece
    return text


def _plain(pieces: Sequence[str], said: Said, *, unfinished: bool) -> Part:
    typed = _join(pieces)
    words = tuple(word for word in pieces if word not in segment.STOP_WORDS)
    options = [Option(typed, words, Grade.WRITTEN, open=unfinished)] if words else []
    if len(words) == 1 and (root := stem(words[0])):
        options.append(Option(typed, (root,), Grade.WRITTEN, open=True))
    return Part(typed, (*options, *_same(typed, said, Grade.SYNONYM)))


def _same(text: str, said: Said, grade: Grade) -> list[Option]:
    found = [(phrase, lexemes_of(phrase)) for phrase in said.get(fold(text), ())]
    return [Option(phrase, lexemes, grade) for phrase, lexemes in found if lexemes]


def _readings(pieces: Sequence[str], known: Lexicon, said: Said) -> list[tuple[float, Part]]:
    """Ways to read these pieces as one word, with their costs; a single piece, however long, can always be read as it
    stands."""
    typed = _join(pieces)
    if len(pieces) == 1 and (typed in segment.STOP_WORDS or typed in known.words):
        lexemes = () if typed in segment.STOP_WORDS else (typed,)
        same = _same(typed, said, Grade.SYNONYM) if lexemes else ()
        return [(_KNOWN if lexemes else 0.1, Part(typed, (Option(typed, lexemes, Grade.WRITTEN), *same)))]
    found = _mended(typed, known, said) if len(typed) <= _PHRASE else []
    if len(pieces) == 1:
        found.append((_UNKNOWN, Part(typed, (Option(typed, (typed,), Grade.SPELT, open=len(typed) > 1),))))
    return found


def _mended(typed: str, known: Lexicon, said: Said) -> list[tuple[float, Part]]:
    """What it may have been, all of it, at the cost of the likeliest."""
    spelt, sounding, slipped = known.spelt(typed), known.sounding(typed), known.slipped(typed)
    costs = [_TONES] if spelt else []
    costs += [_SOUND + 1 - sound.likeness(typed, sounding[0].shown)] if sounding else []
    costs += [_SLIP + 0.2 * slipped[0][0]] if slipped else []
    if not costs:
        return []
    meant = {entry: Grade.SPELT for _, entry in slipped[:_MEANT]} | dict.fromkeys(sounding[:_MEANT], Grade.SOUND)
    if spelt:  # but for tone marks it is written like that: what else it may be comes after
        meant = dict.fromkeys(spelt, Grade.SOUND) | {e: g for e, g in meant.items() if e not in spelt and e.lexemes}
    return [(min(costs), _meant(typed, meant, said))]


def _meant(typed: str, entries: Mapping[Entry, Grade], said: Said) -> Part:
    options: list[Option] = []
    for entry, grade in entries.items():
        options.append(Option(entry.shown, entry.lexemes, grade))
        options += _same(entry.shown, said, grade)
    return Part(typed, tuple(sorted(options, key=lambda option: -option.grade)))


@lru_cache(maxsize=5_000)
def stem(word: str) -> str:
    """The root of an English word by PostgreSQL's own stemmer (weaving gives weav); empty for others and short ones."""
    if not (word.isascii() and word.isalpha() and len(word) > 3):
        return ""
    with connection.cursor() as cursor:
        cursor.execute("select (ts_lexize('english_stem', %s))[1]", [word])
        root = str(cursor.fetchone()[0] or "")
    return root if len(root) > 2 else ""
