"""Objects of this app's addresses, for tests/access."""

import datetime as dt

from tests.access.thing import Thing
from tests.learning.making import resident_of
from tests.small_city import SmallCity

from okat.city.cases import actions as cases
from okat.city.catalogue.actions import publish_many
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.rules.rows import OpportunityRow
from okat.city.core import clock
from okat.city.jobs import actions
from okat.city.jobs.models import Slot
from okat.city.jobs.rules.concessions import Given, Way
from okat.city.jobs.rules.talks import How as How_
from okat.city.partners.rules import Role
from okat.city.people import actions as people
from okat.city.people.actions import ConsentRow
from okat.city.people.rules import How, Purpose
from okat.city.taxonomy.models import Term, Vocabulary


def ask(city: SmallCity) -> Thing:
    """Asked of `here` by whoever manages `there`."""
    made = actions.ask_for_candidates(employer=city.there, to=city.here, wanted=2, by=city.stranger)
    return Thing({"pk": made.pk}, owner=city.users[Role.OFFICER])


def work(city: SmallCity) -> Thing:
    row = OpportunityRow(provider="here", area="400101", kind="job", title_th="งาน", title_en="Job")
    made = publish_many(rows=[row], by=city.users[Role.OFFICER])
    return Thing({"pk": made.ids[0]}, owner=city.users[Role.OFFICER])


def occupation(city: SmallCity) -> Thing:
    Term(vocabulary=Vocabulary.OCCUPATION, code="cook", th="พ่อครัวแม่ครัว", en="Cook").save()
    return Thing({"code": "cook"}, public=True)


def skill(city: SmallCity) -> Thing:
    Term(vocabulary=Vocabulary.SKILL, code="cooking", th="ทำอาหาร", en="Cooking").save()
    return Thing({"code": "cooking"}, public=True)


def person(city: SmallCity) -> Thing:
    return Thing({"pk": resident_of(city).pk}, owner=city.users[Role.OFFICER])


def hire(city: SmallCity) -> Thing:
    """Of an employer that is `here`."""
    officer, pinned = city.users[Role.OFFICER], resident_of(city)
    consent = ConsentRow(Purpose.REFER, city.here, How.VERBAL)
    people.record_consent(person=pinned, given=consent, by=city.users[Role.FIELD_WORKER], partner=city.here)
    job = Opportunity.objects.get(pk=work(city).arguments["pk"])
    case = cases.refer_at_once(person=pinned, partner=city.here, to=city.here, opportunity=job, by=officer).case
    case = cases.start(case=cases.receive(case=case, by=officer), by=officer)
    return Thing({"pk": case.hire.pk}, owner=officer)


def given(city: SmallCity) -> Thing:
    what = Given(way=Way.SPACE, what="แผง", places=2, taken=0, since=dt.date(2026, 1, 1))
    made = actions.give(partner=city.here, given=what, by=city.users[Role.MANAGER])
    return Thing({"pk": made.pk}, owner=city.users[Role.MANAGER])


def slot(city: SmallCity) -> Thing:
    start = clock.now() + dt.timedelta(days=1)
    actions.open_slots(partner=city.here, starts=[start], minutes=30, how=How_.PHONE, by=city.users[Role.OFFICER])
    return Thing({"pk": Slot.objects.get().pk}, owner=city.users[Role.OFFICER])


MAKERS = {
    "jobs:answer": ask, "jobs:work": work, "jobs:path": occupation, "jobs:skill": skill, "jobs:of-person": person,
    "jobs:hire": hire, "jobs:given": given, "jobs:slot-close": slot,
}  # fmt: skip
