"""What opportunities look for and what partners put in: said, offered, answered, used, and counted."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.catalogue.conftest import SmallCity, member, published, weaving
from tests.signing import sign_in_fully

from okat.city.catalogue import actions
from okat.city.catalogue.models import Opportunity, Pledge, Sought
from okat.city.catalogue.queries import sharing
from okat.city.catalogue.rules import CatalogueError
from okat.city.core.ids import new_id
from okat.city.notices.models import Notice
from okat.city.partners.actions import keep_contribution
from okat.city.partners.models import Contribution, Partner
from okat.city.partners.queries import unused_of
from okat.city.partners.rules import Role
from okat.city.taxonomy.models import Term


def term(code: str) -> Term:
    return Term.objects.get(vocabulary="resource", code=code)


@pytest.fixture
def offer(city: SmallCity) -> Opportunity:
    """A course of nfe."""
    return published(city, weaving())[0]


@pytest.fixture
def provider(city: SmallCity, client: Client) -> Client:
    sign_in_fully(client, city.officer)
    return client


@pytest.fixture
def giver(city: SmallCity) -> Client:
    """The officer of commerce."""
    client = Client()
    sign_in_fully(client, city.other)
    return client


def seek(
    city: SmallCity, offer: Opportunity, code: str = "teacher-hours", amount: int = 40, unit: str = "hour"
) -> Sought:
    return actions.seek(
        opportunity=offer, resource=term(code), unit=unit, amount=Decimal(amount), note="ครูทอผ้า", by=city.officer
    )


def pledged(city: SmallCity, offer: Opportunity, amount: int = 10, **more: Any) -> Pledge:
    return actions.pledge(
        opportunity=offer, partner=Partner.objects.get(code="commerce"), resource=term("teacher-hours"), unit="hour",
        planned=Decimal(amount), by=city.other, **more,
    )  # fmt: skip


def sent(**changes: object) -> dict[str, Any]:
    return {
        "resource": term("teacher-hours").pk,
        "amount": "๓๐",
        "unit": "hour",
        "note": "",
        "once": str(new_id()),
    } | changes


def test_from_looking_for_help_to_what_was_used(
    city: SmallCity, offer: Opportunity, provider: Client, giver: Client, django_capture_on_commit_callbacks: Any
) -> None:
    here, list_, open_ = (
        reverse("catalogue:sharing", args=[offer.pk]), reverse("catalogue:wanted"),
        reverse("catalogue:open", args=[offer.pk]),
    )  # fmt: skip
    provider.post(here, sent(seek="1", amount="40", note="วันเสาร์"))
    assert "วันเสาร์" in giver.get(list_).content.decode()
    assert "วันเสาร์" in Client().get(open_).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        form = sent(note="<b>ครูสองคน</b>")
        for _ in range(2):  # the same form twice is one offer
            giver.post(reverse("catalogue:pledge", args=[offer.pk]), form)
    made = Pledge.objects.get()
    assert (made.status, made.planned, made.partner.code) == ("offered", Decimal(30), "commerce")
    assert Notice.objects.get(kind="catalogue.pledged").user == city.officer
    assert [task.count for task in sharing.tasks(city.officer)] == [1]
    assert sharing.tasks(city.other) == []
    page = provider.get(here).content.decode()
    assert "&lt;b&gt;ครูสองคน" in page
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            provider.post(reverse("catalogue:pledge-answer", args=[made.pk]), {"answer": "accept"})
    made.refresh_from_db()
    assert made.status == "accepted"
    assert Notice.objects.filter(kind="catalogue.pledge_accepted").count() == 1
    assert sharing.sought_of(offer)[0].missing == 10
    assert [row.missing for row in sharing.wanted(made.partner)] == [10]
    provider.post(reverse("catalogue:pledge-use", args=[made.pk]), {"used": "12.5"})
    (total,) = sharing.totals(sharing.pledges_of(offer))
    assert (total.planned, total.used) == (Decimal(30), Decimal("12.5"))
    public = Client().get(open_).content.decode()
    assert "12.5" in public
    assert "พาณิชย์" in public


def test_an_offer_counts_only_once_it_is_accepted(city: SmallCity, offer: Opportunity) -> None:
    seek(city, offer)
    row = pledged(city, offer, 40)
    assert sharing.totals(sharing.pledges_of(offer)) == []
    assert sharing.sought_of(offer)[0].missing == 40
    actions.answer_pledge(pledge=row, accept=True, by=city.officer)
    assert sharing.sought_of(offer)[0].missing == 0
    assert list(sharing.wanted(None)) == []  # what is covered is looked for no more


def test_declining_needs_a_reason_and_nothing_typed_is_lost(
    city: SmallCity, offer: Opportunity, provider: Client, giver: Client
) -> None:
    row = pledged(city, offer)
    address = reverse("catalogue:pledge-answer", args=[row.pk])
    page = provider.post(address, {"answer": "decline", "reason": " "})
    assert page.status_code == 200
    assert f'id="p{row.pk}_reason"' in page.content.decode()
    row.refresh_from_db()
    assert row.status == "offered"
    provider.post(address, {"answer": "decline", "reason": "มีครูพอแล้ว"})
    row.refresh_from_db()
    assert (row.status, row.reason) == ("declined", "มีครูพอแล้ว")
    assert "มีครูพอแล้ว" in giver.get(reverse("catalogue:wanted")).content.decode()
    with pytest.raises(CatalogueError):
        actions.answer_pledge(pledge=row, accept=True, by=city.officer)
    with pytest.raises(CatalogueError):
        actions.use_pledge(pledge=row, used=Decimal(1), by=city.officer)


def test_taken_back_only_before_the_answer(city: SmallCity, offer: Opportunity, giver: Client) -> None:
    first, second = pledged(city, offer), pledged(city, offer)
    actions.answer_pledge(pledge=second, accept=True, by=city.officer)
    for row in (first, second):
        giver.post(reverse("catalogue:pledge-back", args=[row.pk]), {"sure": "1"})
    assert [row.status for row in Pledge.objects.order_by("pk")] == ["taken_back", "accepted"]


@pytest.mark.parametrize(
    "changes",
    [{"amount": "0"}, {"amount": "มาก"}, {"amount": ""}, {"unit": ""}, {"resource": ""}, {"resource": "999999"}],
)
def test_wrong_offers_are_refused_beside_the_field(offer: Opportunity, giver: Client, changes: dict[str, str]) -> None:
    page = giver.post(reverse("catalogue:pledge", args=[offer.pk]), sent(note="ข้อความยาว", **changes))
    assert page.status_code == 200
    assert "ข้อความยาว" in page.content.decode()
    assert not Pledge.objects.exists()


def test_what_comes_from_the_shared_shelf_is_counted_there(city: SmallCity, offer: Opportunity, giver: Client) -> None:
    commerce = Partner.objects.get(code="commerce")
    values = {
        "direction": "gives", "resource": term("teacher-hours"), "title": "ครูอาสา", "planned": Decimal(20),
        "unit": "hour",
    }  # fmt: skip
    shelf = keep_contribution(partner=commerce, values=values, by=city.other)
    address = reverse("catalogue:pledge", args=[offer.pk])
    page = giver.post(address, sent(contribution=shelf.pk, amount="21"))
    assert "20" in page.content.decode()
    assert not Pledge.objects.exists()
    giver.post(address, sent(contribution=shelf.pk, amount="8", resource="", unit=""))
    row = Pledge.objects.get()
    actions.answer_pledge(pledge=row, accept=True, by=city.officer)
    for used in ("8", "5"):
        actions.use_pledge(pledge=row, used=Decimal(used), by=city.officer)
    assert Contribution.objects.get(pk=shelf.pk).used == Decimal(5)
    (free,) = unused_of(commerce)
    assert free["left"] == Decimal(15)
    assert "15" in giver.get(reverse("partners:partner", args=["commerce"])).content.decode()
    theirs = keep_contribution(partner=Partner.objects.get(code="nfe"), values=values, by=city.officer)
    with pytest.raises(CatalogueError):
        pledged(city, offer, contribution=theirs)


def test_what_the_provider_puts_in_counts_at_once(city: SmallCity, offer: Opportunity, provider: Client) -> None:
    provider.post(reverse("catalogue:pledge", args=[offer.pk]), sent())
    assert Pledge.objects.get().status == "accepted"


def test_the_list_is_narrowed_by_kind_and_area(city: SmallCity, giver: Client) -> None:
    near, far = published(city, weaving(), weaving(area="4002", title_th="ทำอาหาร"))
    seek(city, near)
    seek(city, far, "money", 500, "baht")
    list_ = reverse("catalogue:wanted")
    assert {row.opportunity_id for row in giver.get(list_).context["page"].object_list} == {near.pk, far.pk}
    for query, wanted in (("resource=money", far), ("area=4001", near), ("area=400101&resource=teacher-hours", near)):
        assert [r.opportunity_id for r in giver.get(f"{list_}?{query}").context["page"].object_list] == [wanted.pk]
    assert not giver.get(f"{list_}?area=4002&resource=teacher-hours").context["page"].object_list
    actions.cancel(opportunity=near, reason="งด", by=city.officer, version=near.version)
    assert [r.opportunity_id for r in giver.get(list_).context["page"].object_list] == [far.pk]


def test_my_own_are_not_in_my_list_and_others_cannot_answer(
    city: SmallCity, offer: Opportunity, provider: Client, giver: Client
) -> None:
    seek(city, offer)
    assert not provider.get(reverse("catalogue:wanted")).context["page"].object_list
    row = pledged(city, offer)
    for name in ("catalogue:pledge-answer", "catalogue:pledge-use"):
        assert giver.post(reverse(name, args=[row.pk]), {"answer": "accept", "used": "1"}).status_code == 404
    assert giver.get(reverse("catalogue:sharing", args=[offer.pk])).status_code == 404
    assert provider.post(reverse("catalogue:pledge-back", args=[row.pk])).status_code == 404
    worker = Client()
    sign_in_fully(worker, member("worker", "commerce", Role.FIELD_WORKER))
    assert worker.get(reverse("catalogue:wanted")).status_code == 403


def test_the_lists_ask_a_constant_number_of_questions(
    city: SmallCity, offer: Opportunity, provider: Client, giver: Client
) -> None:
    def counted() -> list[int]:
        found = []
        for client, url in (
            (giver, reverse("catalogue:wanted")),
            (provider, reverse("catalogue:sharing", args=[offer.pk])),
            (Client(), reverse("catalogue:open", args=[offer.pk])),
        ):
            client.get(url)
            with CaptureQueriesContext(
                connection,
            ) as asked:
                assert client.get(url).status_code == 200
            found.append(len(asked))
        return found

    seek(city, offer)
    pledged(city, offer)
    before = counted()
    more = published(city, *(weaving(title_th=f"ทอผ้า {n}") for n in range(5)))
    for each in (*more, offer):
        seek(city, each, "money", 900, "baht")
        actions.answer_pledge(pledge=pledged(city, each), accept=True, by=city.officer)
    assert counted() == before
