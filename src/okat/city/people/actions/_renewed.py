"""A consent that was withdrawn does not come back with an older one: with the same file, or a pin that waited."""

import datetime as dt
from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from okat.city.core import clock
from okat.city.core.templatetags.okat import be
from okat.city.partners.models import Partner
from okat.city.people.actions.rows import PinRow
from okat.city.people.queries.search import pin_hash
from okat.city.people.queries.withdrawn import withdrawn_numbers
from okat.city.people.rules import PeopleError, Purpose


def check_renewed(rows: Sequence[PinRow], partner: Partner, *, filed: bool) -> None:
    """Raises PeopleError where somebody withdrew their consent to this partner and the row brings no later one."""
    numbers = {pin_hash(row.pin): row for row in rows if row.pin}
    for number, ended in withdrawn_numbers(partner, numbers).items() if numbers else ():
        if not agreed_since(ended, numbers[number], partner, filed=filed):
            words = _(
                "%(name)s withdrew the consent to your office on %(day)s. What was agreed before does not count any "
                "more: ask again, and pin with the new consent."
            )
            raise PeopleError("withdrawn", words % {"name": _name(numbers[number]), "day": be(ended)})


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
