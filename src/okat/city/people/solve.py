"""The door to the engine: keys and suggestions of possible duplicates, and the facts that rules ask for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from okat.city.core import crypto
from okat.city.people.models import Answers, Person, Score
from okat.city.people.rules import OPEN_STATUSES, Status
from okat.city.people.rules.same_person import Who
from okat.city.places.models import Area
from okat.engine.eligibility.values import ABSENT, DateSpan, Point, Value
from okat.engine.linkage import (
    PER_KEY,
    UNKNOWN,
    Birth,
    Comparison,
    Key,
    PersonKey,
    Suggestion,
    compare,
    keys,
    lookups,
    rank,
    say,
)
from okat.thai.names import bare_name
from okat.thai.partial import PartialDate
from okat.thai.text import fold

SHOWN = 5
# Who may be one person by rules.same_person has the number or one of these in common.
_TELLING = ("name", "born", "phone")
# The lowest ids first, at most PER_KEY for each key: one index read each, whatever the size of the register.
_CANDIDATES = """
select distinct k.person_id from unnest(%s::bigint[]) as wanted(code)
cross join lateral (
    select person_id from people_personkey where code = wanted.code order by person_id limit %s
) k
"""


@dataclass(frozen=True)
class Alike:
    """A person who may be the one being entered; `why` in the reader's language, `band` likely or possible."""

    person: Person
    total: float
    band: str
    why: str
    parts: tuple[tuple[str, str], ...]


def code_of(key: Key) -> int:
    """A key as a signed 64-bit number under the city's secret."""
    return int.from_bytes(bytes.fromhex(crypto.keyed_hash(f"{key.kind}|{key.key}", "blocking")[:16]), signed=True)


def codes_of(person: Person) -> list[int]:
    """The keys under which a person is filed."""
    return [code_of(key) for key in keys(compared(person))]


def compared(person: Person) -> PersonKey:
    """What of a person is compared. A title may stand in a given name that somebody typed."""
    given, family = _called(person)
    return PersonKey(
        given=given, family=family, sex=person.sex, phone=person.phone, birth=birth_of(person.birth),
        house=_house(person), pin=person.pin_hash,
    )  # fmt: skip


def _called(person: Person) -> tuple[str, str]:
    """Given and family name as they are filed and compared: the nickname stands for a given name that nobody wrote."""
    return bare_name(person.given or person.nickname), bare_name(person.family)


def who_of(person: Person, number: str) -> Who:
    """What tells people of an office apart; with the area. `number`: the hash of one that can be right, or ""."""
    called, named = _called(person)
    key = PersonKey(given=called, family=named)
    given, family = key.given_forms, key.family_forms
    birth = PartialDate.from_iso(person.birth) if person.birth else None
    whole = bool(person.given or family.fold)  # a nickname alone is nobody's whole name
    return Who(
        given.fold + family.fold if whole else "", given.sound + family.sound,
        given.fold if person.given else "", family.fold, fold(person.nickname), birth, person.area.path, person.phone,
        number,
    )  # fmt: skip


def telling_codes(person: Person) -> set[int]:
    """Under which of these keys somebody like this is filed."""
    return {code_of(key) for key in keys(compared(person)) if key.kind in _TELLING}


def birth_of(iso: str) -> Birth:
    """The stored ISO text as the engine has it; a Thai year that began in April keeps its first year."""
    if not iso:
        return UNKNOWN
    known = PartialDate.from_iso(iso)
    return Birth(known.year, known.month, known.day)


def _house(person: Person) -> str:
    """A dwelling in one wording; a household without a house number is one by its id."""
    home = person.household
    if home is None:
        return ""
    return f"{home.area_id}|{home.house}" if home.house else str(home.pk)


def alike(wish: PersonKey, lang: str, *, besides: UUID | None = None, limit: int | None = SHOWN) -> list[Alike]:
    """The best candidates of the whole register, best first (all of them without a limit). Two queries. The caller
    hides what is out of scope."""
    found = _candidates(wish, besides)
    best = rank(wish, {str(pk): compared(person) for pk, person in found.items()}, len(found))
    roots = _kept(found.values())
    once: dict[UUID, Alike] = {}  # a record and those joined into it are one person, at their best likeness
    for suggestion in best:
        person = roots.get(found[UUID(suggestion.id)].merged_into_id, found[UUID(suggestion.id)])
        if person.pk != besides and person.status in OPEN_STATUSES:
            once.setdefault(person.pk, _alike(person, suggestion, lang))
    return list(once.values())[:limit]


def _kept(found: Iterable[Person]) -> Mapping[UUID | None, Person]:
    """The records that the joined ones among these lead to; a statement only where there are any."""
    wanted = {person.merged_into_id for person in found if person.merged_into_id}
    if not wanted:
        return {}
    rows = Person.objects.filter(pk__in=wanted).select_related("household", "area__parent")
    return {person.pk: person for person in rows}


def _candidates(wish: PersonKey, besides: UUID | None) -> dict[UUID, Person]:
    codes = [code_of(key) for key in lookups(wish)]
    if not codes:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_CANDIDATES, [codes, PER_KEY])
        ids = [row[0] for row in cursor.fetchall() if row[0] != besides]
    rows = Person.objects.filter(pk__in=ids, status__in=(*OPEN_STATUSES, Status.MERGED))
    rows = rows.select_related("household", "area__parent")
    return {person.pk: person for person in rows.defer("sealed", "pin_sealed", "care_sealed", "find", "sort")}


def _alike(person: Person, found: Suggestion, lang: str) -> Alike:
    score = found.score
    parts = tuple((part.comparison, part.level) for part in score.parts)
    return Alike(person, score.total, score.band, say(score, "en" if lang == "en" else "th"), parts)


def side_by_side(one: Person, other: Person) -> Comparison:
    """Both records fact by fact, for whoever decides."""
    return compare(compared(one), compared(other))


def facts_of(people: Iterable[UUID]) -> Mapping[UUID, Mapping[str, Value]]:
    """Facts of many persons for the rules, by the names of the city's facts.json; what is not known is absent.

    A constant number of queries: persons with keys and areas, areas above them, latest answers, scores, households.
    """
    ids = list(people)
    rows = list(Person.objects.filter(pk__in=ids).select_related("key", "area"))
    points = _points(rows)
    said = _answers(rows)
    scores = dict(Score.objects.filter(person__in=ids, current=True).order_by("at").values_list("person_id", "value"))
    sizes = _sizes(rows)
    return {
        person.pk: {
            **_own(person), **_care(person), **said.get(person.pk, {}), **points.get(person.area_id, {}),
            **({"vulnerability": scores[person.pk]} if person.pk in scores else {}),
            **({"household_size": sizes[person.household_id]} if person.household_id in sizes else {}),
        }
        for person in rows
    }  # fmt: skip


def _own(person: Person) -> dict[str, Value]:
    found: dict[str, Value] = {
        "area_codes": frozenset(person.area.path.strip("/").split("/")),
        "situations": frozenset(person.situations),
    }
    if person.birth_first and person.birth_last:
        found["birth_date"] = _span(person.birth_first, person.birth_last)
    found |= {name: value for name in ("sex", "education", "occupation") if (value := getattr(person, name))}
    if person.papers != "unknown":
        found["papers"] = person.papers
    if person.income is not None:
        found["income_month"] = Decimal(person.income)
    if not person.situations:
        del found["situations"]  # an empty box is a question not asked
    return found


def _span(first: date, last: date) -> Value:
    return first if first == last else DateSpan(first, last)


def _care(person: Person) -> dict[str, Value]:
    care = person.unseal(person.care_sealed)
    if care is None:
        return {}
    types = frozenset(code for code, _version in care["disabilities"])
    found: dict[str, Value] = {"disability_types": types or ABSENT}
    if care["card"] is not None:
        found["disability_card"] = care["card"]
    return found


def _points(rows: list[Person]) -> dict[int, dict[str, Value]]:
    """Home is the area's own point: distances need no dot on a house."""
    areas = Area.objects.filter(pk__in={row.area_id for row in rows}, lat__isnull=False, lon__isnull=False)
    return {area.pk: {"home": Point(area.lat or 0, area.lon or 0)} for area in areas}


def _sizes(rows: list[Person]) -> dict[UUID | None, int]:
    homes = {row.household_id for row in rows if row.household_id}
    found: dict[UUID | None, int] = {}
    members = Person.objects.filter(household__in=homes, status__in=OPEN_STATUSES)
    for home in members.order_by().values_list("household_id", flat=True):
        found[home] = found.get(home, 0) + 1
    return found


def _answers(rows: list[Person]) -> dict[UUID, dict[str, Value]]:
    """Latest answers to questions that name a fact."""
    by_id = {row.pk: row for row in rows}
    said = Answers.objects.filter(person__in=by_id).select_related("questionnaire").order_by("at", "id")
    found: dict[UUID, dict[str, Value]] = {}
    for one in said:
        values = by_id[one.person_id].unseal(one.sealed)
        for question in one.questionnaire.data["questions"]:
            if question.get("fact") and question["code"] in values:
                found.setdefault(one.person_id, {})[question["fact"]] = _value(values[question["code"]])
    return found


def _value(answer: Any) -> Value:
    if isinstance(answer, list):
        return frozenset(answer)
    value: Value = answer
    return value
