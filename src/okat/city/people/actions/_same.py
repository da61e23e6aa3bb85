"""Who of an office's own records may be the person of a row, and who of the rows of one file may be another of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from okat.city.people.actions.rows import PinRow
from okat.city.people.models import Person, PersonKey
from okat.city.people.queries.search import pin_hash
from okat.city.people.rules.same_person import Known, Who
from okat.city.people.solve import telling_codes, who_of
from okat.thai.text import normalise


def doubtful(flags: str) -> bool:
    """Whether a number cannot be right, or has lost its last digits."""
    return "check_digit" in flags or "zeros" in flags


def who_is(person: Person) -> Who:
    """With the area."""
    return who_of(person, "" if doubtful(person.pin_flag) else person.pin_hash)


@dataclass(frozen=True, slots=True)
class Sought:
    """A row of a file or a form, with what its person is looked for by and told from others, worked out once. `number`:
    the hash of its identity number, also of one that cannot be right; `codes`: under which its person would be filed.
    """

    row: PinRow
    who: Who
    number: str
    codes: frozenset[int]


def sought(rows: Iterable[PinRow]) -> list[Sought]:
    return [_sought(row) for row in rows]


def _sought(row: PinRow) -> Sought:
    draft = Person(
        given=normalise(row.given), family=normalise(row.family), nickname=normalise(row.nickname), area=row.area,
        birth=row.birth.isoformat() if row.birth else "", phone=row.phone,
    )  # fmt: skip
    number = pin_hash(row.pin) if row.pin else ""
    who = who_of(draft, "" if doubtful(row.pin_flag) else number)
    return Sought(row, who, number, frozenset(telling_codes(draft)))


def resembling(rows: Iterable[Sought]) -> Q:
    """Whoever may be one of these rows, and some others: by the number, the name, the telephone or the birth date."""
    rows = list(rows)
    called = PersonKey.objects.filter(code__in=set[int]().union(*(one.codes for one in rows)))
    hashes = {one.number for one in rows if one.number}
    given = {normalise(one.row.given) for one in rows if one.row.given}
    return Q(pin_hash__in=hashes) | Q(given__in=given) | Q(pk__in=called.values("person"))


def twice(rows: Sequence[Sought]) -> list[tuple[int, int]]:
    """Rows that may be the person of an earlier one, each with the first of these: places in the sequence."""
    seen: Known[int] = Known()
    found = []
    for place, one in enumerate(rows):
        first = next(seen.like(one.who), None)
        if first is not None:
            found.append((first, place))
        seen.add(one.who, place)
    return found
