"""Pinning: one person, a household, or many at once; all go through the same builder."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.core.ids import new_id
from okat.city.partners.models import Partner
from okat.city.people import rules
from okat.city.people.actions._build import Builder
from okat.city.people.actions._pairs import propose, propose_unseen
from okat.city.people.actions._renewed import check_renewed
from okat.city.people.actions.rows import HouseRow, PinRow
from okat.city.people.models import ImportBatch, Person
from okat.city.people.queries.joining import numbered
from okat.city.people.queries.search import pin_hash
from okat.city.people.rules import PeopleError, Purpose

PINNED = ("identity", "situation", "needs", "consents")


@action
def pin_person(*, row: PinRow, partner: Partner, by: User) -> Person:
    """Pin one person. Raises PeopleError (no name, impossible birth, no consent, id of another record ...).

    The same id sent twice by the same user gives the person of the first time. An identity number that is there
    already does not stop the pin: the two records become a merge proposal, for whoever may see both. So does a record
    that is very likely the same person and out of the worker's sight: before saving nobody told them of it. Where the
    consent of the number's record to this partner was withdrawn, only one given since lets the person be pinned anew.
    """
    return _pin([row], partner, by)[0]


@action
def pin_household(*, rows: Sequence[PinRow], house: HouseRow, partner: Partner, by: User) -> list[Person]:
    """Pin people who live together; all or none."""
    if not rows:
        raise PeopleError("household_empty", _("Write at least one member of the household."))
    shared = replace(house, key=house.key or "household")
    return _pin([replace(row, household=shared) for row in rows], partner, by)


@action
def pin_many(
    *, rows: Sequence[PinRow], partner: Partner, by: User, batch: ImportBatch | None = None,
    responsible: User | None = None,
) -> list[UUID]:  # fmt: skip
    """Pin people of an import or the demo: a constant number of statements per 1,000 rows, ids in the order of rows.

    Consents are taken as given; a row of a file without one needs the law that somebody said. The rows' own
    checks are the same as on the form. Raises PeopleError for the first row that cannot be pinned; nothing is kept.
    """
    check_renewed(rows, partner, filed=True)
    builder = Builder(partner=partner, by=by, batch=batch, responsible=responsible)
    ids = [builder.add(row).pk for row in rows]
    builder.save()
    audit.record_many(
        by=by, verb="people.pin", subjects=builder.people, fields=PINNED, partner=partner.code,
        reason="import" if batch else "bulk",
    )  # fmt: skip
    if not ids:
        audit.record(by=by, verb="people.pin", partner=partner.code, reason="none")
    return ids


def _pin(rows: list[PinRow], partner: Partner, by: User) -> list[Person]:
    rows = [row if row.id else replace(row, id=new_id()) for row in rows]
    _queue_up(rows)
    done = _already(rows, by)
    if done is not None:
        audit.record_many(by=by, verb="people.pin_again", subjects=done, partner=partner.code)
        return done
    builder = Builder(partner=partner, by=by, responsible=by)
    for row in rows:
        builder.add(row)
        _check_consent(row, partner)
    check_renewed(rows, partner, filed=False)
    same = _same_number(rows)
    builder.save()
    audit.record_many(by=by, verb="people.pin", subjects=builder.people, fields=PINNED, partner=partner.code)
    for person in builder.people:
        for other in same.get(person.pin_hash, ()):
            propose(person, other, source="pin", by=by)
    propose_unseen(builder.people, by, but=[one for others in same.values() for one in others])
    return builder.people


def _queue_up(rows: Iterable[PinRow]) -> None:
    """Two sendings of one id or one identity number wait for each other, until the transaction ends."""
    names = sorted({str(row.id) for row in rows} | {pin_hash(row.pin) for row in rows if row.pin})
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(n, 0)) from unnest(%s::text[]) n", [names])


def _already(rows: list[PinRow], by: User) -> list[Person] | None:
    """The people of an earlier sending; None when it is the first. Raises PeopleError for somebody else's ids."""
    found = {p.pk: p for p in Person.objects.filter(pk__in=[row.id for row in rows])}
    if not found:
        return None
    if len(found) != len(rows) or any(person.created_by_id != by.pk for person in found.values()):
        raise PeopleError("id_taken", _("This pin was sent before with other contents. Open the form again."))
    return [found[row.id] for row in rows if row.id is not None]


def _same_number(rows: list[PinRow]) -> dict[str, list[Person]]:
    hashes = [pin_hash(row.pin) for row in rows if row.pin]
    found: dict[str, list[Person]] = {}
    for number, person in numbered(hashes):
        if person not in found.setdefault(number, []):
            found[number].append(person)
    return found


def _check_consent(row: PinRow, partner: Partner) -> None:
    care = [c for c in row.consents if c.purpose == Purpose.CARE and c.recipient.pk == partner.pk]
    if not care:
        raise PeopleError(
            "no_consent", _("Ask whether your office may keep this record. Without a yes it is not saved.")
        )
    if rules.needs_guardian(row.birth, clock.today()) and care[0].how != rules.How.GUARDIAN:
        raise PeopleError("guardian", _("Under 20 a parent or guardian agrees too: choose “parent or guardian”."))
