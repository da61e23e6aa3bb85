"""Objects of this app's addresses, for tests/access."""

from decimal import Decimal

from tests.access.thing import Thing
from tests.small_city import SmallCity

from okat.city.accounts.queries import system_user
from okat.city.catalogue.actions import Wanted, keep_holder, look_out, pledge, publish_many
from okat.city.catalogue.models import Opportunity, Pledge
from okat.city.catalogue.rules import Status
from okat.city.catalogue.rules.rows import OpportunityRow
from okat.city.partners.rules import Role
from okat.city.people.actions import ConsentRow, PinRow, pin_person
from okat.city.people.rules import How, Purpose
from okat.city.taxonomy.models import Term
from okat.thai.partial import PartialDate


def opportunity(city: SmallCity) -> Thing:
    """A published one: anybody may read it."""
    row = OpportunityRow(provider=city.here.code, area=city.here.area.code, kind="service", title_th="พาไปหาหมอ")
    return Thing({"pk": publish_many(rows=[row], by=system_user()).ids[0]}, public=True)


def own(city: SmallCity) -> Thing:
    """A published one of `here`, for the pages of its officers."""
    return Thing(opportunity(city).arguments, owner=city.users[Role.OFFICER])


def draft(city: SmallCity) -> Thing:
    """One that may still be published."""
    row = OpportunityRow(provider=city.here.code, area=city.here.area.code, kind="service", title_th="ร่าง")
    return Thing({"pk": publish_many(rows=[row], by=system_user(), status=Status.DRAFT).ids[0]}, owner=own(city).owner)


def person(city: SmallCity) -> Thing:
    """Somebody whom the officer may see."""
    officer = city.users[Role.OFFICER]
    consents = (ConsentRow(Purpose.CARE, city.here, How.SIGNATURE),)
    row = PinRow(area=city.here.area, given="สมหญิง", birth=PartialDate(1960), consents=consents)
    return Thing({"pk": pin_person(row=row, partner=city.here, by=officer).pk}, owner=officer)


def pledged(city: SmallCity) -> Pledge:
    """Rooms that `there` offers to an opportunity of `here`."""
    made = Opportunity.objects.get(pk=opportunity(city).arguments["pk"])
    return pledge(
        opportunity=made, partner=city.there, resource=Term.objects.get(code="room"), unit="day", planned=Decimal(3),
        by=city.stranger,
    )  # fmt: skip


def to_answer(city: SmallCity) -> Thing:
    return Thing({"pk": pledged(city).pk}, owner=city.users[Role.OFFICER])


def own_pledge(city: SmallCity) -> Thing:
    """Offered by `here` to `there`."""
    row = OpportunityRow(provider=city.there.code, area=city.there.area.code, kind="service", title_th="พาไปหาหมอ")
    made = Opportunity.objects.get(pk=publish_many(rows=[row], by=system_user()).ids[0])
    officer = city.users[Role.OFFICER]
    room = Term.objects.get(code="room")
    offered = pledge(opportunity=made, partner=city.here, resource=room, unit="day", planned=Decimal(3), by=officer)
    return Thing({"pk": offered.pk}, owner=officer)


def holder(city: SmallCity) -> Thing:
    subject = Term.objects.get_or_create(
        vocabulary="subject", code="weaving", defaults={"th": "ทอผ้า", "en": "Weaving"}
    )[0]
    values = {"name": "ยายจันทร์", "subject": subject, "area": city.here.area, "teaches_th": "ทอผ้าไหม"}
    officer = city.users[Role.OFFICER]
    return Thing({"pk": keep_holder(partner=city.here, values=values, by=officer).pk}, owner=officer)


def lookout(city: SmallCity) -> Thing:
    """The resident waits for something."""
    need = Term.objects.get_or_create(vocabulary="need", code="job", defaults={"th": "หางาน", "en": "Job"})[0]
    wanted = Wanted(need, city.here.area)
    return Thing({"pk": look_out(wanted=wanted, user=city.resident, by=city.resident).pk}, owner=city.resident)


MAKERS = {
    "catalogue:lookout-stop": lookout,
    "catalogue:holder": holder,
    "catalogue:holder-name": holder,
    "catalogue:holder-hide": holder,
    "catalogue:pledge": opportunity,
    "catalogue:sharing": own,
    "catalogue:pledge-answer": to_answer,
    "catalogue:pledge-use": to_answer,
    "catalogue:pledge-back": own_pledge,
    "catalogue:fits-of": person,
    "catalogue:wish-of": person,
    "catalogue:open": opportunity,
    "catalogue:ics": opportunity,
    "catalogue:edit": own,
    "catalogue:rule": own,
    "catalogue:publish": draft,
    "catalogue:close": own,
    "catalogue:cancel": own,
}
