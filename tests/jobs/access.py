"""Objects of this app's addresses, for tests/access."""

from tests.access.thing import Thing
from tests.small_city import SmallCity

from okat.city.catalogue.actions import publish_many
from okat.city.catalogue.rules.rows import OpportunityRow
from okat.city.jobs import actions
from okat.city.partners.rules import Role
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


MAKERS = {"jobs:answer": ask, "jobs:work": work, "jobs:path": occupation}
