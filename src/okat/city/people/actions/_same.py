"""Who of an office's own records may be the person of a row, and who of the rows of one file may be another of them."""

from collections.abc import Iterable, Sequence

from django.db.models import Q

from okat.city.people.actions.rows import PinRow
from okat.city.people.models import Person, PersonKey
from okat.city.people.queries.search import pin_hash
from okat.city.people.rules.same_person import Known, Who
from okat.city.people.solve import name_codes, who_of
from okat.thai.text import normalise


def doubtful(flags: str) -> bool:
    """Whether a number cannot be right, or has lost its last digits."""
    return "check_digit" in flags or "zeros" in flags


def who_is(person: Person) -> Who:
    """With the area."""
    return who_of(person, "" if doubtful(person.pin_flag) else person.pin_hash)


def who_of_row(row: PinRow) -> Who:
    draft = Person(
        given=normalise(row.given), family=normalise(row.family), nickname=normalise(row.nickname), area=row.area,
        birth=row.birth.isoformat() if row.birth else "", phone=row.phone,
    )  # fmt: skip
    return who_of(draft, pin_hash(row.pin) if row.pin and not doubtful(row.pin_flag) else "")


def resembling(rows: Iterable[PinRow]) -> Q:
    """Whoever may be one of these rows, and some others: by the number, the name or the telephone."""
    rows = list(rows)
    called = PersonKey.objects.filter(code__in=name_codes(who_of_row(row) for row in rows))
    hashes = {pin_hash(row.pin) for row in rows if row.pin}
    phones = {row.phone for row in rows if row.phone}
    given = {normalise(row.given) for row in rows if row.given}
    return Q(pin_hash__in=hashes) | Q(phone__in=phones) | Q(given__in=given) | Q(pk__in=called.values("person"))


def twice(rows: Sequence[PinRow]) -> list[tuple[int, int]]:
    """Rows that may be the person of an earlier one, each with the first of these: places in the sequence."""
    seen: Known[int] = Known()
    found = []
    for place, row in enumerate(rows):
        who = who_of_row(row)
        first = next(seen.like(who), None)
        if first is not None:
            found.append((first, place))
        seen.add(who, place)
    return found
