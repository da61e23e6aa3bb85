"""Which column holds which field: a guess with its confidence, corrected and remembered by people."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from collections.abc import Mapping as Map
from dataclasses import dataclass, replace

from okat.files.office.agreeing import consent_columns
from okat.files.office.errors import OfficeError
from okat.files.office.grid import Cell, is_blank, text_of
from okat.files.office.headings import LEAST_OFFER, resembles, stands_over, sure
from okat.files.office.stems import heads_a_death
from okat.files.office.table import Column, RawTable
from okat.files.office.values import REFUSAL, looks_like
from okat.files.office.vocabulary import Field, Vocabulary, subjects, vocabulary
from okat.thai.digits import to_arabic
from okat.thai.text import fold, normalise

ACCEPT = 0.75  # below this a guess is only offered as an alternative
_OFFER = 0.5
_SAMPLE = 40
_LEAF_ONLY = 0.97  # a match of the innermost heading alone, where an outer heading says more
_WITHOUT_BRACKETS = 0.95
_OUTER = 0.7  # of the outermost heading alone
_CONTENT_WEIGHT = 0.15
_UNFIT, _HARDLY = 0.2, 0.2  # a known heading loses this much when fewer cells than that can be read
_NUMBER = re.compile(r"\d[\d\s\-]{3,}\d")
_BRACKETS = re.compile(r"\s*[(\[（][^()\[\]（）]*[)\]）]\s*")
_HOUSE, _RUNNING = "house_no", {fold("เลขที่")}  # the heading of a house number, or of a running number
_NAMES = ("full_name", "given")
_STRONG_CONTENT = {"pin": 0.9, "email": 0.9, "url": 0.9, "phone": 0.85}


@dataclass(frozen=True, slots=True)
class Guess:
    """A column and its field, or None for a column that is not read. `alternatives` are the next best, best first.
    `asked`: its heading speaks of consent, and nobody has said yet what it is."""

    column: int
    letter: str
    heading: str
    field: str | None
    confidence: float
    alternatives: tuple[tuple[str, float], ...] = ()
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Mapping:
    """The fields of all columns of one table."""

    kind: str
    guesses: tuple[Guess, ...]

    def headings(self) -> dict[str, str | None]:
        """What to remember for a partner: heading to field. Headings that occur twice get #2, #3; what nobody has said
        is not remembered."""
        keys = _keys(guess.heading for guess in self.guesses)
        return {key: guess.field for key, guess in zip(keys, self.guesses, strict=True) if not guess.asked}

    def fields(self) -> dict[int, str]:
        """Place of the column to field, for the columns that are read."""
        return {guess.column: guess.field for guess in self.guesses if guess.field}

    def override(self, choices: Map[str, str | None]) -> Mapping:
        """The mapping with columns (by letter) given another field or None. Raises OfficeError (column_unknown,
        field_unknown, field_twice)."""
        letters = {guess.letter for guess in self.guesses}
        for column, field in choices.items():
            if column not in letters:
                raise OfficeError("column_unknown", column)
            if field is not None:
                vocabulary(self.kind).field(field)
        guesses = tuple(
            replace(guess, field=choices[guess.letter], confidence=1.0, asked=False)
            if guess.letter in choices
            else guess
            for guess in self.guesses
        )
        fields = vocabulary(self.kind).fields
        _once(guess.field for guess in guesses if guess.field and fields[guess.field].type != REFUSAL)
        return replace(self, guesses=guesses)


def _once(fields: Iterable[str | None]) -> None:
    seen: set[str] = set()
    for field in fields:
        if field and field in seen:
            raise OfficeError("field_twice", field)
        if field:
            seen.add(field)


def _keys(headings: Iterable[str]) -> list[str]:
    counts: dict[str, int] = {}
    keys = []
    for heading in headings:
        key = normalise(heading)
        counts[key] = counts.get(key, 0) + 1
        keys.append(key if counts[key] == 1 else f"{key}#{counts[key]}")
    return keys


def guess_columns(table: RawTable, kind: str, *, remembered: Map[str, str | None] | None = None) -> Mapping:
    """The field of each column by its heading, by what stands below it, and by what was remembered (from `headings`).

    Each field is given once, to the column that fits it best. Raises OfficeError (kind_unknown, field_unknown).
    """
    words = _about(table, vocabulary(kind))
    samples = [_sample(table, column) for column in table.columns]
    merged = frozenset(place for left, right in table.merged_headings for place in range(left, right + 1))
    scores = [_scores(column, sample, words, merged) for column, sample in zip(table.columns, samples, strict=True)]
    known = _remembered(table, remembered or {}, words)
    chosen: dict[int, tuple[str | None, float]] = {place: (field, 1.0) for place, field in known.items()}
    exact, unsaid = consent_columns(table, words)
    taken_over = {place for place, field in exact.items() if field in known.values()}  # somebody gave it to another
    asked = (unsaid | taken_over) - known.keys()
    chosen |= {place: (field, 1.0) for place, field in exact.items() if place not in taken_over | known.keys()}
    chosen |= dict.fromkeys(asked, (None, 0.0))
    chosen |= _split_name(table, scores, samples, chosen, words)
    taken = {field for field, _ in chosen.values() if field}
    offers = sorted(
        ((score, -place, field) for place, row in enumerate(scores) for field, score in row.items()), reverse=True
    )
    for score, negative, field in offers:
        if score >= ACCEPT and -negative not in chosen and field not in taken:
            chosen[-negative] = (field, score)
            taken.add(field)
    _whole_names(chosen, samples, words)
    return Mapping(kind, tuple(_guess(column, chosen, scores, column.index in asked) for column in table.columns))


def _about(table: RawTable, words: Vocabulary) -> Vocabulary:
    """The words for whom the columns of names are about; where there are several, those whom all of them name."""
    anybody = words.about(["".join(map("".join, subjects()))])
    names = [anybody.fields[name] for name in _NAMES if name in words.fields]
    heads = (" ".join(column.headings) for column in table.columns)
    return words.about(fold(head) for head in heads if any(sure(head, field) for field in names))


def _guess(
    column: Column, chosen: dict[int, tuple[str | None, float]], scores: list[dict[str, float]], asked: bool
) -> Guess:  # fmt: skip
    field, confidence = chosen.get(column.index, (None, 0.0))
    ranked = sorted(scores[column.index].items(), key=lambda item: -item[1])
    others = tuple((name, round(score, 2)) for name, score in ranked if name != field and score >= _OFFER)[:3]
    return Guess(column.index, column.letter, column.heading, field, round(confidence, 2), others, asked)


def _remembered(table: RawTable, remembered: Map[str, str | None], words: Vocabulary) -> dict[int, str | None]:
    found: dict[int, str | None] = {}
    for place, key in enumerate(_keys(column.heading for column in table.columns)):
        if key and key in remembered:
            field = remembered[key]
            if field is not None:
                words.field(field)
            found[place] = field
    return found


def _sample(table: RawTable, column: Column) -> list[Cell]:
    cells = (row.cells[column.index] for row in table.rows[: 4 * _SAMPLE])
    return [cell for cell in cells if not is_blank(cell)][:_SAMPLE]


def _of_a_death(column: Column, words: Vocabulary) -> bool:
    """Whether the column is about the death of the person: never the day of a birth, nor anything else of who lives."""
    heading = " ".join(column.headings)
    return "consent" in words.fields and heads_a_death(heading) and not words.is_of_another(fold(heading))


def _nameless(column: Column, merged: frozenset[int]) -> bool:
    """Whether a column has no heading of its own: none, or one that stands over others too."""
    return not column.headings or (len(column.headings) == 1 and column.index in merged)


def _scores(column: Column, sample: list[Cell], words: Vocabulary, merged: frozenset[int]) -> dict[str, float]:
    """Fields that the column may hold, with a confidence of up to 1."""
    texts = _wordings(column)
    if any(text in words.ignore for text, _ in texts[:1]) or _of_a_death(column, words):
        return {}
    whole = fold(to_arabic(" ".join(column.headings)))
    if said := [name for name, field in words.guessed.items() if field.is_said_by(whole)]:
        return {said[-1]: 1.0}  # the later one is the narrower
    if words.is_of_another(whole):
        return {name: 1.0 for name, field in words.guessed.items() if whole in field.words}
    scores: dict[str, float] = {}
    counts, nameless = _counts(sample), _nameless(column, merged)
    for name, field in words.guessed.items():
        if name == _HOUSE and counts and whole in _RUNNING:
            continue
        if field.type == "tick" and not _ticks(sample):
            continue
        score, sure = _by_heading(column, texts, field, words)
        fit = looks_like(field, sample)
        if fit is not None and score:
            score = min(1.0, score + _CONTENT_WEIGHT * (fit - 0.5)) if score < 1 else score - _UNFIT * (fit < _HARDLY)
        if fit is not None and fit > 0.95 and len(sample) > 1 and field.type in _STRONG_CONTENT:
            score = max(score, _STRONG_CONTENT[field.type] * 0.9)
            sure = sure or nameless
        if score >= _OFFER:
            scores[name] = score if sure else min(score, LEAST_OFFER)
    return scores


def _by_heading(
    column: Column, texts: list[tuple[str, float]], field: Field, words: Vocabulary
) -> tuple[float, bool]:  # fmt: skip
    """How well the heading fits, and whether it says the field and nothing else."""
    said = [sure(" ".join(column.headings), field)]
    if len(column.headings) > 1 and all(stands_over(group, field, words) for group in column.headings[:-1]):
        said.append(_LEAF_ONLY * sure(column.headings[-1], field))
    if best := max(said):
        return best, True
    return max((weight * resembles(text, field) for text, weight in texts), default=0.0), False


def _counts(sample: list[Cell]) -> bool:
    """Whether the cells count the rows, with few left out: the number in class of a school's list ("เลขที่")."""
    texts = [to_arabic(text_of(cell)) for cell in sample]
    numbers = [int(text) for text in texts if text.isdecimal() and len(text) < 6]
    rising = all(one < next_one for one, next_one in itertools.pairwise(numbers))
    return len(numbers) == len(sample) > 1 and rising and numbers[-1] - numbers[0] < 2 * len(numbers)


def _wordings(column: Column) -> list[tuple[str, float]]:
    """The heading as it may be compared, each with a weight: whole, innermost, without its brackets."""
    if not column.headings:
        return []
    leaf, whole = column.headings[-1], " ".join(column.headings)
    forms = [(whole, 1.0), (leaf, 1.0 if len(column.headings) == 1 else _LEAF_ONLY)]
    forms += [(_BRACKETS.sub(" ", text), weight * _WITHOUT_BRACKETS) for text, weight in list(forms)]
    if len(column.headings) > 1:
        forms.append((column.headings[0], _OUTER))
    best: dict[str, float] = {}
    for text, weight in forms:
        key = fold(to_arabic(text))
        if key:
            best[key] = max(best.get(key, 0.0), weight)
    return list(best.items())


def _ticks(sample: list[Cell]) -> bool:
    return all(len(text_of(cell)) <= 3 for cell in sample)


def _split_name(
    table: RawTable, scores: list[dict[str, float]], samples: list[list[Cell]], chosen: Map[int, object],
    words: Vocabulary,
) -> dict[int, tuple[str | None, float]]:  # fmt: skip
    """A heading "ชื่อ-สกุล" merged over two or three columns: given and family name, the title before them; not where
    one of them holds numbers."""
    if "full_name" not in words.fields:
        return {}
    for left, right in table.merged_headings:
        places = range(left, right + 1)
        parts = {2: ("given", "family"), 3: ("title", "given", "family")}.get(len(places))
        if parts is None or right >= len(scores) or any(place in chosen for place in places):
            continue
        if any(_NUMBER.search(to_arabic(text_of(cell))) for place in places for cell in samples[place]):
            continue
        if all(len(table.columns[p].headings) == 1 and scores[p].get("full_name", 0) >= ACCEPT for p in places):
            return {place: (part, 0.9) for place, part in zip(places, parts, strict=True)}
    return {}


def _whole_names(chosen: dict[int, tuple[str | None, float]], samples: list[list[Cell]], words: Vocabulary) -> None:
    """A column "ชื่อ" without a column for family names, whose cells hold several words, holds whole names; and beside a
    column "ชื่อ" one headed "ชื่อสกุล" (family name, or whole name) of single words holds family names."""
    taken = {field: place for place, (field, _) in chosen.items() if field}
    place = taken.get("given")
    other = taken.get("full_name")
    if place is not None and other is not None and "family" not in taken:
        if not any(" " in text_of(cell) for cell in samples[other]):
            chosen[other] = ("family", 0.9)
        return
    if place is None or "full_name" not in words.fields or {"family", "full_name"} & taken.keys():
        return
    spaced = sum(" " in text_of(cell) for cell in samples[place])
    if samples[place] and 2 * spaced >= len(samples[place]):
        chosen[place] = ("full_name", 0.9)
