"""Slips with a code: made once, on paper alone; the first opening uses a code up."""

import datetime as dt
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.core.own_pages import OWN_PAGES
from okat.city.people.actions._locks import lock_person
from okat.city.people.models import CodeSlip, Person
from okat.city.people.queries.code_slips import code_hash, state_of
from okat.city.people.queries.scope import seeing_partner
from okat.city.people.rules import LIVING, PeopleError
from okat.city.people.rules.codes import CODE_DAYS, State, new_code


@action
def print_code_slip(*, person: Person, page: str, about: UUID, by: User) -> tuple[CodeSlip, str]:
    """A new slip, and the code that stands on it and nowhere else; those that were printed for this page before end.

    Raises PeopleError for whoever may not act for the person, for somebody with an account, or with nothing to show."""
    known, person = OWN_PAGES[page], lock_person(person)
    if person.status not in LIVING or not known.there(person.pk, about):
        raise PeopleError("nothing", _("There is nothing for this person to open now."))
    if person.user_id is not None:
        raise PeopleError("account", _("This person has an account: the page opens there."))
    partner = seeing_partner(by, person, known.permission)
    if partner is None:
        raise PeopleError("not_allowed", _("You cannot print this for this person."))
    now, code = clock.now(), new_code()
    CodeSlip.objects.filter(person=person, page=page, about=about, ended_at=None).update(ended_at=now)
    made = CodeSlip.objects.create(
        person=person, page=page, about=about, code_hash=code_hash(code), partner=partner, made_at=now, made_by=by,
        until=clock.today() + dt.timedelta(days=CODE_DAYS),
    )  # fmt: skip
    audit.record(by=by, verb="people.print_code", subject=person, partner=partner.code, reason=page)
    return made, code


@action
def open_code_slip(*, slip: CodeSlip, by: User | None) -> bool:
    """Use the code up: whether it opens the page now. Of two at once one gets in."""
    row = CodeSlip.objects.select_for_update(of=("self",), no_key=True).select_related("person").get(pk=slip.pk)
    fresh = state_of(row) is State.FRESH
    if fresh:
        row.opened_at, row.opened_by = clock.now(), by
        row.save(update_fields=["opened_at", "opened_by"])
    audit.record(
        by=by, verb="people.open_code", subject=row.person, partner=row.partner.code, reason="" if fresh else "refused"
    )
    return fresh
