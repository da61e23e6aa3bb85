"""Objects of this app's addresses, for tests/access: all of them public."""

from tests.access.thing import Thing
from tests.small_city import SmallCity

from okat.city.accounts.queries import system_user
from okat.city.api.ids import coded, outer, twin
from okat.city.catalogue.actions import publish_many
from okat.city.catalogue.rules.rows import OpportunityRow


def _service(city: SmallCity) -> Thing:
    row = OpportunityRow(provider=city.here.code, area=city.here.area.code, kind="service", title_th="พาไปหาหมอ")
    return Thing({"pk": publish_many(rows=[row], by=system_user()).ids[0]}, public=True)


def _twin(kind: str, city: SmallCity) -> Thing:
    return Thing({"pk": twin(kind, _service(city).arguments["pk"])}, public=True)


MAKERS = {
    "api:hsds-service": _service,
    "api:hsds-organization": lambda city: Thing({"pk": outer("partner", city.here.pk)}, public=True),
    "api:hsds-location": lambda city: _twin("location", city),
    "api:hsds-service-at-location": lambda city: _twin("service_at_location", city),
    "api:hsds-taxonomy": lambda city: Thing({"pk": coded("taxonomy", "need")}, public=True),
    "api:hsds-taxonomy-term": lambda city: Thing({"pk": coded("kind", "job")}, public=True),
}
