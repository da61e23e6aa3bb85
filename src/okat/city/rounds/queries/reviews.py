"""Who reads what of a request for review: those who see the person anyway, and for a time whoever answers it."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from okat.city.accounts.models import User
from okat.city.core import clock
from okat.city.people.models import Consent, Person
from okat.city.people.queries import may_see_sensitive, speaks_for, visible_to
from okat.city.people.rules import Purpose
from okat.city.rounds.models import Appeal, Round
from okat.city.rounds.queries.scope import may_answer
from okat.city.rounds.rules import READ_DAYS
from okat.city.rounds.rules import Appeal as AppealStatus


@dataclass(frozen=True)
class Sight:
    """What a reader sees of a request: who asks (`name`), the result and the list (`result`), the words that were
    written (`words`), the score, its parts and places that tell of a disability (`deep`). `ended`: the reader answers
    it, the person has taken the consent for the round back, and nothing else shows it all."""

    name: bool
    result: bool
    words: bool
    deep: bool
    ended: bool

    @property
    def looks(self) -> bool:
        """Whether it is a look at the person's record."""
        return self.name or self.words


def agreed_to(round_: Round) -> QuerySet[Consent]:
    """The consents by which the office that runs the round uses a record in it, and by those that ran it before; one
    rule with `ran_for`."""
    hosts = Q(recipient=round_.partner_id) | Q(recipient__in=round_.ran_before.values("pk"))
    return Consent.objects.filter(hosts, purpose=Purpose.ROUND, withdrawn_at=None)


def ran_for(consent: Consent) -> QuerySet[Round]:
    """The rounds in which that consent lets a record be used: those of its office, and those that the office handed
    over, whoever runs them by now."""
    return _ran_by(Consent.objects.filter(pk=consent.pk, purpose=Purpose.ROUND))


def ran_for_others(consent: Consent) -> QuerySet[Round]:
    """The rounds in which another consent of the same person lets the record be used, whatever becomes of this one."""
    return _ran_by(others_of(consent))


def others_of(consent: Consent) -> QuerySet[Consent]:
    """What the person says for other offices: what they said for the same one is withdrawn with it."""
    rows = Consent.objects.filter(person=speaks_for(consent), purpose=Purpose.ROUND, withdrawn_at=None)
    return rows.exclude(recipient=consent.recipient_id).select_related("recipient")


def _ran_by(consents: QuerySet[Consent]) -> QuerySet[Round]:
    """Those of their offices, and those that these handed over."""
    offices = consents.order_by().values("recipient")
    handed = Round.ran_before.through._default_manager.filter(partner__in=offices).values("round")
    return Round.objects.filter(Q(partner__in=offices) | Q(pk__in=handed))


def agreed(person: Person, round_: Round) -> Consent | None:
    """The person's, that for the office itself first."""
    rows = agreed_to(round_).filter(person=person)
    return next(iter(sorted(rows, key=lambda row: row.recipient_id != round_.partner_id)), None)


def sight_of(user: User, review: Appeal) -> Sight:
    """By duty somebody of the round who did not run it reads the words until they are answered; and, while the person's
    consent for the round stands, who asks and what the score is made of, until a few days after their own answer. An
    office that took the round over sees nothing sensitive by what was agreed to for another."""
    row = review.application
    if row.person is None:
        return Sight(name=False, result=may_answer(user, row.round), words=False, deep=False, ended=False)
    seen, deep = visible_to(user).filter(pk=row.person.pk).exists(), may_see_sensitive(user, row.person)
    consent = agreed(row.person, row.round)
    waits = review.status == AppealStatus.OPEN
    duty = (waits or (consent is not None and _answered_lately(user, review))) and may_answer(user, row.round)
    own = consent is not None and consent.recipient_id == row.round.partner_id
    return Sight(
        name=seen or (duty and consent is not None), result=seen or duty, words=duty or deep,
        deep=deep or (duty and own), ended=duty and consent is None and not (seen and deep),
    )  # fmt: skip


def _answered_lately(user: User, review: Appeal) -> bool:
    """By this reader, so that a slip of theirs can still be seen."""
    at = review.answered_at
    return review.answered_by_id == user.pk and at is not None and clock.now() < at + dt.timedelta(days=READ_DAYS)
