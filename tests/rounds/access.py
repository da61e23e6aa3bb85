"""Objects of this app's addresses, for tests/access: one round, made once for each small city."""

from dataclasses import dataclass

from tests.access.thing import Thing
from tests.rounds.conftest import City
from tests.small_city import SmallCity

from okat.city.accounts.models import User
from okat.city.accounts.queries import system_user
from okat.city.partners.rules import Role
from okat.city.rounds import actions
from okat.city.rounds.models import Appeal, Application, Result, Round
from okat.city.taxonomy.models import Term


@dataclass
class Made:
    """A published round of `here`, and one application whose person holds a place."""

    round: Round
    draft: Round
    application: Application
    appeal: Appeal
    resident: User


def made(city: SmallCity) -> Made:
    found: Made | None = city.__dict__.get("_round")
    if found is None:
        found = city.__dict__["_round"] = _make(city)
    return found


def _make(city: SmallCity) -> Made:
    Term.objects.get_or_create(vocabulary="need", code="learn", defaults={"th": "เรียนต่อ", "en": "Learn"})
    lead = city.users[Role.COORDINATOR]
    rounds = City(
        city.here, city.here, city.here.area, lead, lead, city.users[Role.OFFICER], city.users[Role.AUDITOR],
        system_user(),
    )  # fmt: skip
    offers = rounds.offers({"provider": city.here.code, "capacity": 1})
    opened = rounds.opened(offers)
    people = rounds.pin(2)
    rounds.applied(opened, dict.fromkeys(people, offers))
    rounds.published(opened)
    # The lot fell on one of the two.
    mine = Result.objects.get(application__round=opened, place__isnull=False).application
    assert mine.person is not None
    resident = rounds.account(mine.person, "holder")
    asked = actions.appeal(application=mine, reason="คะแนนไม่ตรง", by=resident)
    return Made(opened, rounds.draft(), mine, asked, resident)


def seen_by_all(city: SmallCity) -> Thing:
    return Thing({"pk": made(city).round.pk}, public=True)


def for_auditors(city: SmallCity) -> Thing:
    return Thing({"pk": made(city).round.pk}, owner=city.users[Role.AUDITOR])


def steered(city: SmallCity) -> Thing:
    return Thing({"pk": made(city).round.pk}, owner=city.users[Role.COORDINATOR])


def planned(city: SmallCity) -> Thing:
    """A round whose rules are not frozen yet."""
    found = made(city)
    return Thing({"pk": found.draft.pk}, owner=city.users[Role.COORDINATOR])


def review(city: SmallCity) -> Thing:
    return Thing({"pk": made(city).appeal.pk}, owner=city.users[Role.COORDINATOR])


def own(city: SmallCity) -> Thing:
    found = made(city)
    return Thing({"pk": found.application.pk}, owner=found.resident)


def printed(city: SmallCity) -> Thing:
    """A slip is printed by whoever may act for the person."""
    found = made(city)
    return Thing({"pk": found.application.pk}, owner=city.users[Role.OFFICER])


MAKERS = {
    "rounds:public": seen_by_all,
    "rounds:apply": seen_by_all,
    "rounds:bundle": seen_by_all,
    "rounds:cutoffs-csv": seen_by_all,
    "rounds:audit-bundle": for_auditors,
    "rounds:manage": steered,
    "rounds:draw": steered,
    "rounds:step": steered,
    "rounds:compare": steered,
    "rounds:shares-csv": steered,
    "rounds:edit": planned,
    "rounds:rules": planned,
    "rounds:places": planned,
    "rounds:appeal-answer": review,
    "rounds:why": own,
    "rounds:answer": own,
    "rounds:appeal": own,
    "rounds:withdraw": own,
    "rounds:row": own,
    "rounds:row-published": own,
    "rounds:slip": printed,
}
