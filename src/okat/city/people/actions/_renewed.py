"""A consent that was withdrawn does not come back with an older one: with the same file, or a pin that waited."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from okat.city.core import clock
from okat.city.core.templatetags.okat import be
from okat.city.partners.models import Partner
from okat.city.people.actions._same import Sought, resembling, sought, who_is
from okat.city.people.actions.rows import PinRow
from okat.city.people.queries.withdrawn import withdrawn
from okat.city.people.rules import PeopleError, Purpose
from okat.city.people.rules.same_person import Known


@dataclass
class Gone:
    """Whose consent to a partner ended, and when: by the hash of an identity number, and by what is known of each."""

    numbers: dict[str, dt.datetime] = field(default_factory=dict)
    people: Known[dt.datetime] = field(default_factory=Known)

    def ended(self, one: Sought) -> dt.datetime | None:
        """When the consent ended of whoever this is or may be: by the number, or by the name where nothing tells them
        apart."""
        if one.number in self.numbers:
            return self.numbers[one.number]
        return max(self.people.like(one.who), default=None)


def gone(partner: Partner, rows: Iterable[Sought]) -> Gone:
    """Of these rows; one statement."""
    found = Gone()
    for person in withdrawn(partner).filter(resembling(rows)).select_related("area"):
        ended = person.__dict__["ended"]
        found.people.add(who_is(person), ended)
        if person.pin_hash:
            found.numbers[person.pin_hash] = max(ended, found.numbers.get(person.pin_hash, ended))
    return found


def check_renewed(rows: Sequence[PinRow], partner: Partner, *, filed: bool) -> None:
    """Raises PeopleError where somebody withdrew their consent to this partner and the row brings no later one.
    `filed`: of a file's rows whoever brings them has judged the names, and remarked on them."""
    looked = sought(rows)
    found = gone(partner, looked) if looked else Gone()
    for one in looked:
        row, by_number = one.row, found.numbers.get(one.number)
        ended = by_number if filed else found.ended(one)
        if ended is not None and not agreed_since(ended, row, partner, filed=filed):
            words = _(
                "%(name)s withdrew the consent to your office on %(day)s. What was agreed before does not count any "
                "more: ask again, and pin with the new consent."
            )
            other = _(
                "The name is the same, and nothing tells the two apart. If it is another person, pin them with a new "
                "form."
            )
            said = words % {"name": _name(row), "day": be(ended)}
            raise PeopleError("withdrawn", said if by_number else f"{said} {other}")


def agreed_since(ended: dt.datetime, row: PinRow, partner: Partner, *, filed: bool) -> bool:
    """Whether the row's consent to the partner was given after that. `filed`: what an office's file says counts from
    the day after, and without a day not at all."""
    given = [one for one in row.consents if one.purpose == Purpose.CARE and one.recipient.pk == partner.pk]
    for one in given:
        if one.on is not None or filed:
            return one.on is not None and one.on > timezone.localdate(ended)
        return (row.noted_at or clock.now()) > ended
    return False


def _name(row: PinRow) -> str:
    return f"{row.given} {row.family}".strip() or row.nickname
