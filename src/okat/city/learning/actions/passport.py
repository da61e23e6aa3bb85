"""The passport shown to others: a link is made, opened and withdrawn."""

import datetime as dt
import secrets

from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.accounts.queries import system_user
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.learning.models import PassportLink, PassportOpening
from okat.city.learning.queries import passport
from okat.city.learning.rules import LearningError
from okat.city.learning.rules.passport import DAYS, MOST_LINKS
from okat.city.partners.models import Partner
from okat.city.people.actions import hold_whose, lock_person
from okat.city.people.models import Person


@action
def share_passport(*, person: Person, days: int, by: User) -> tuple[PassportLink, str]:
    """A link and its secret, which is told this once. Raises LearningError for another number of days, for one link
    too many, and for an account that does not open the record as its own."""
    if days not in DAYS:
        raise LearningError("days", _("Choose for how long the link is good."))
    person = lock_person(person)  # two sendings count one another
    if person.user_id != by.pk:
        raise LearningError("not_own", _("Your account does not open this record any more."))
    now = clock.now()
    if passport.good_links().filter(person=person).count() >= MOST_LINKS:
        raise LearningError("links", _("You have many links already. Withdraw one that you no longer need."))
    token = secrets.token_urlsafe(24)
    row = PassportLink.objects.create(
        person=person, by=by, digest=passport.digest(token), made_at=now, until=now + dt.timedelta(days=days)
    )
    audit.record(by=by, verb="learning.share", subject=row, fields=["until"])
    return row, token


@action
def withdraw_link(*, link: PassportLink, by: User) -> None:
    """From now on it opens nothing. A second time changes nothing."""
    hold_whose(link)
    PassportLink.objects.filter(pk=link.pk, withdrawn_at=None).update(withdrawn_at=clock.now())
    audit.record(by=by, verb="learning.withdraw_link", subject=link, fields=["withdrawn_at"])


@action
def end_links(*, person: Person, by: User, partner: Partner | None = None) -> int:
    """None of the links that show this person's passport opens anything any more; how many there were."""
    ended = PassportLink.objects.filter(person=person, withdrawn_at=None).update(withdrawn_at=clock.now())
    code = partner.code if partner is not None else ""
    audit.record(by=by, verb="learning.end_links", subject=person, fields=["withdrawn_at"], partner=code)
    return ended


@action
def record_opening(*, link: PassportLink, by: User | None) -> None:
    """Somebody looks at the passport through a link; the learner sees it."""
    PassportOpening.objects.create(link=link, by=by, at=clock.now())
    audit.record(by=by or system_user(), verb="learning.open_passport", subject=link.person, fields=["certificates"])
