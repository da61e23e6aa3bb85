"""The fields of each kind of table and the words that offices use for them, read from the JSON files in `fields/`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from importlib.resources import files
from typing import Any

from okat.files.office.errors import OfficeError
from okat.thai.errors import Lang
from okat.thai.text import closed_key, fold, normalise

KINDS = ("opportunities", "people", "jobs")
AMBIGUOUS = "?"  # the key under which values.json lists wordings that may mean several codes
_MEMBER = fold("สมาชิก")
_COUNTED = frozenset({"money", "capacity"})  # types of fields that say how much or how many of what
_WORD_FOR_WORD = frozenset({"disability", "consent_how"})  # lists of which a word is never guessed
TICK = ":"  # "formats:braille" is a column of ticks for one code of a field


@dataclass(frozen=True, slots=True)
class Choices:
    """Codes with their labels, and every accepted wording with its code: folded in `words`, as headings are compared,
    and with all its signs in `said` and `toneless`, as cells are. `word_for_word`: what is only alike is none."""

    labels: Mapping[str, tuple[str, str]]
    words: Mapping[str, str]
    said: Mapping[str, str]
    toneless: Mapping[str, str]
    word_for_word: bool = False

    def allowed(self, lang: Lang) -> str:
        """The labels in one line, for a message."""
        return ", ".join(label[0 if lang == "th" else 1] for label in self.labels.values())


@dataclass(frozen=True, slots=True)
class Field:
    """One field: `type` names its reader in `values`; `fills` are the names of the values it gives. `says`: a heading
    that holds a word of each group is this field's and no other's. `exact`: nothing but these headings (as `exact_key`)
    is this field's. `beside`: words (folded) that change nothing of what a heading of the field says; `whom` those for
    the people whom the table is about. `alone`: headings that say another thing as soon as they name somebody."""

    name: str
    type: str
    label_th: str
    label_en: str
    words: frozenset[str]
    fills: tuple[str, ...]
    max: int = 0
    choices: Choices | None = None
    prefixes: tuple[str, ...] = ()
    past: bool = False
    recent: bool = False
    says: tuple[tuple[str, ...], ...] = ()
    exact: frozenset[str] = frozenset()
    beside: frozenset[str] = frozenset()
    whom: frozenset[str] = frozenset()
    alone: frozenset[str] = frozenset()

    def is_said_by(self, heading: str) -> bool:
        """By a heading that is folded."""
        return bool(self.says) and all(any(word in heading for word in group) for group in self.says)

    def label(self, lang: Lang = "th") -> str:
        """The heading that people see."""
        return self.label_th if lang == "th" else self.label_en


def exact_key(heading: str) -> str:
    """A heading as it is compared where nothing may be guessed: every sign counts, but for spaces and capitals."""
    return "".join(normalise(heading).casefold().split())


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All fields of a kind by name (columns of ticks included), headings to pass over, and the values a
    row must have. `others`: words for people beside the one of the row; a heading with one of them is only taken for
    what it says word for word. `groups`: headings (folded) over others, and the fields that they leave as they are."""

    kind: str
    label_th: str
    label_en: str
    fields: Mapping[str, Field]
    ignore: frozenset[str]
    required: tuple[str, ...]
    others: tuple[str, ...] = ()
    groups: tuple[tuple[frozenset[str], frozenset[str]], ...] = ()

    def is_of_another(self, heading: str) -> bool:
        """Whether a heading (folded) names somebody beside the one of the row ("ชื่อสมาชิก" holds "อสม" by chance)."""
        return any(word in heading.replace(_MEMBER, "") for word in self.others)

    def about(self, names: Iterable[str]) -> Vocabulary:
        """The words for a table with these headings (folded) over its names: whom all of them name, a column may name
        and be of the person of its row. Whom they do not ("อายุเด็ก" beside "ชื่อผู้ขอ") may be anybody."""
        heads = list(names)
        named = (group for group in subjects() if all(any(word in head for word in group) for head in heads))
        whom = frozenset(word for group in named for word in group) if heads else frozenset()
        fields = {name: replace(field, whom=whom) for name, field in self.fields.items()}
        return replace(self, fields=fields) if whom and self.kind == "people" else self

    @property
    def guessed(self) -> dict[str, Field]:
        """Fields that a heading may only resemble."""
        return {name: field for name, field in self.fields.items() if not field.exact}

    def field(self, name: str) -> Field:
        """Raises OfficeError (field_unknown)."""
        if name not in self.fields:
            raise OfficeError("field_unknown", name)
        return self.fields[name]


def _load(name: str) -> dict[str, Any]:
    text = files("okat.files.office").joinpath(f"fields/{name}.json").read_text(encoding="utf-8")
    data: dict[str, Any] = json.loads(text)
    return data


@cache
def _choices(name: str) -> Choices:
    labels: dict[str, tuple[str, str]] = {}
    words: dict[str, str] = {}
    for code, entry in _load("values")[name].items():
        if code != AMBIGUOUS:
            labels[code] = (entry["th"], entry["en"])
            words |= {word: code for word in (entry["th"], entry["en"], code) if word}
        words |= dict.fromkeys(entry["also"], code)
    toneless = partial(closed_key, tones=False)
    folded, said, bare = ({key(word): code for word, code in words.items()} for key in (fold, closed_key, toneless))
    return Choices(labels, folded, said, bare, name in _WORD_FOR_WORD)


def _folded(words: Iterable[str]) -> frozenset[str]:
    return frozenset(filter(None, map(fold, words)))


@cache
def subjects() -> tuple[frozenset[str], ...]:
    """Words for people whom a table may be about, those for the same people together."""
    return tuple(map(_folded, _load("beside")["subjects"]))


def _beside(kind: str, name: str, of_type: str) -> frozenset[str]:
    """The closed list: words for everything, for the kind, units that agree with the field. What a project costs and
    how many courses there are is another thing than what one pays and how many people find room."""
    lists = _load("beside")
    of_kind = () if of_type in _COUNTED else lists["kinds"][kind]
    return _folded([*lists["any"], *of_kind, *lists["types"].get(of_type, ()), *lists["fields"][kind].get(name, ())])


def _field(entry: dict[str, Any], kind: str) -> Field:
    label = entry["label"]
    return Field(
        name=entry["name"],
        type=entry["type"],
        label_th=label["th"],
        label_en=label["en"],
        words=frozenset(map(fold, [label["th"], label["en"], entry["name"], *entry["also"]])),
        fills=tuple(entry.get("fills", [entry["name"]])),
        max=entry.get("max", 0),
        choices=_choices(entry["values"]) if "values" in entry else None,
        prefixes=tuple(entry.get("prefixes", ())),
        past=entry.get("past", False),
        recent=entry.get("recent", False),
        says=tuple(tuple(map(fold, group)) for group in entry.get("says", ())),
        exact=frozenset(map(exact_key, [label["th"], label["en"], *entry["also"]] if entry.get("exact") else [])),
        beside=_beside(kind, entry["name"], entry["type"]),
        alone=_folded(entry.get("alone", ())),
    )


def _ticks(field: Field) -> list[Field]:
    if field.type != "choices" or field.choices is None:
        return []
    return [
        Field(
            name=f"{field.name}{TICK}{code}",
            type="tick",
            label_th=labels[0],
            label_en=labels[1],
            words=frozenset(w for w, c in field.choices.words.items() if c == code and not w.isdecimal()),
            fills=(field.name,),
            beside=field.beside,
        )
        for code, labels in field.choices.labels.items()
        if code
    ]


@cache
def vocabulary(kind: str) -> Vocabulary:
    """The fields of one of KINDS. Raises OfficeError (kind_unknown)."""
    if kind not in KINDS:
        raise OfficeError("kind_unknown", kind)
    data = _load(kind)
    if "extends" in data:  # all fields of another kind, and more
        other = _load(data["extends"])
        data = {**other, **data, "fields": [*other["fields"], *data["fields"]]}
    plain = [_field(entry, data.get("extends", kind)) for entry in data["fields"]]
    fields = {field.name: field for field in plain}
    fields |= {tick.name: tick for field in plain for tick in _ticks(field)}
    ignore = frozenset(map(fold, data["ignore"]))
    others = tuple(map(fold, data.get("others", ())))
    over = _load("beside")["groups"][data.get("extends", kind)]
    groups = tuple((_folded(each["words"]), frozenset(each["over"])) for each in over)
    required = tuple(data["required"])
    return Vocabulary(kind, data["label"]["th"], data["label"]["en"], fields, ignore, required, others, groups)


@cache
def heading_words() -> frozenset[str]:
    """Every known heading of every kind (folded), to recognise a header row before the kind is known."""
    return frozenset(
        word
        for kind in KINDS
        for words in (*(field.words for field in vocabulary(kind).fields.values()), vocabulary(kind).ignore)
        for word in words
        if word
    )
