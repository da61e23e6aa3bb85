"""Holders of local wisdom are named in public only while they agree; who withdrew is gone at once, everywhere."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.catalogue.conftest import SmallCity, member, published, weaving
from tests.catalogue.test_manage import said
from tests.read_aloud import words_on
from tests.signing import sign_in_fully

from okat.city.catalogue import actions
from okat.city.catalogue.models import Opportunity, Wisdom
from okat.city.catalogue.queries.read import row_of
from okat.city.core.ids import new_id
from okat.city.core.models import AuditEntry
from okat.city.partners.models import Partner
from okat.city.partners.rules import Role
from okat.city.people.rules import How
from okat.city.places.models import Area
from okat.city.taxonomy.models import Term

NAME = "ยายจันทร์ <b>ทองดี</b>"
SAFE = "ยายจันทร์ &lt;b&gt;ทองดี"


@pytest.fixture
def desk(city: SmallCity, client: Client) -> Client:
    sign_in_fully(client, city.officer)
    return client


def typed(**changes: object) -> dict[str, Any]:
    return {
        "name": NAME, "subject": Term.objects.get(vocabulary="subject", code="weaving").pk, "phone": "081-000-0000",
        "area": Area.objects.get(code="400101").pk, "teaches_th": "ทอผ้าไหมมัดหมี่ลายโบราณ", "can_teach": "on",
        "once": str(new_id()),
    } | changes  # fmt: skip


def named(city: SmallCity, name: str = NAME, partner: str = "nfe") -> Wisdom:
    values = {
        "name": name, "subject": Term.objects.get(vocabulary="subject", code="weaving"),
        "area": Area.objects.get(code="400101"), "teaches_th": "ทอผ้า",
    }  # fmt: skip
    made = actions.keep_holder(partner=Partner.objects.get(code=partner), values=values, by=city.officer)
    return actions.name_holder(holder=made, how=How.SIGNATURE, by=city.officer)


def public(path: str = "") -> str:
    return Client().get(path or reverse("catalogue:wisdom")).content.decode()


def test_added_without_consent_named_with_it_and_hidden_when_withdrawn(city: SmallCity, desk: Client) -> None:
    form = typed()
    for _ in range(2):  # sent twice is one
        desk.post(reverse("catalogue:holder-new"), form)
    holder = Wisdom.objects.get()
    assert (holder.named, holder.consent_on) == (False, None)
    assert SAFE not in public()
    read = words_on(desk, reverse("catalogue:holder", args=[holder.pk]))
    desk.post(reverse("catalogue:holder-name", args=[holder.pk]), {"how": "witness", "agreed": "on", **read})
    assert SAFE in public()
    assert "081-000-0000" not in public()
    holder.refresh_from_db()
    assert (holder.consent_how, holder.consent_on is not None) == ("witness", True)
    for _ in range(2):
        desk.post(reverse("catalogue:holder-hide", args=[holder.pk]), {"once": str(new_id())})
        assert SAFE not in public()
    read = words_on(desk, reverse("catalogue:holder", args=[holder.pk]))
    desk.post(reverse("catalogue:holder-name", args=[holder.pk]), {"how": "signature", "agreed": "on", **read})
    assert SAFE in public()
    assert AuditEntry.objects.filter(verb="catalogue.read_holder").exists()


def test_changed_by_form_with_what_was_typed_kept(city: SmallCity, desk: Client) -> None:
    holder = named(city)
    address = reverse("catalogue:holder", args=[holder.pk])
    page = desk.post(address, typed(name="", teaches_th="ลายนาค"))
    assert page.status_code == 200
    assert "ลายนาค" in page.content.decode()
    desk.post(address, typed(name="ยายจันทร์", can_teach=""))
    holder.refresh_from_db()
    assert (holder.name, holder.can_teach, holder.named) == ("ยายจันทร์", False, True)
    new = reverse("catalogue:holder-new")
    page = desk.post(new, typed(agreed="on", how="", **words_on(desk, new)))
    assert 'id="id_how_error"' in page.content.decode()
    assert Wisdom.objects.count() == 1


def test_named_as_a_teacher_until_they_withdraw(city: SmallCity, desk: Client) -> None:
    agreed, silent = named(city), named(city, "ยายเงียบ")
    actions.hide_holder(holder=silent, by=city.officer)
    form = desk.get(reverse("catalogue:new")).content.decode()
    assert SAFE in form
    assert "ยายเงียบ" not in form
    refused = desk.post(reverse("catalogue:new"), said(teachers=[str(silent.pk)]))
    assert refused.status_code == 200
    desk.post(reverse("catalogue:new"), said(teachers=[str(agreed.pk)]))
    made = Opportunity.objects.get()
    actions.publish(opportunity=made, by=city.officer, version=made.version)
    page = reverse("catalogue:open", args=[made.pk])
    assert SAFE in public(page)
    made.refresh_from_db()
    desk.post(reverse("catalogue:edit", args=[made.pk]), said(version=made.version, teachers=[str(agreed.pk)]))
    assert SAFE in public(page)
    actions.hide_holder(holder=agreed, by=city.officer)
    assert SAFE not in public(page)
    assert not made.teachers.exists()


def test_a_race_between_writing_and_withdrawing_names_nobody(city: SmallCity) -> None:
    holder, (offer,) = named(city), published(city, weaving())
    actions.hide_holder(holder=holder, by=city.officer)
    actions.write(row=row_of(offer), opportunity=offer, teachers=[holder], by=city.officer)
    assert not offer.teachers.exists()


def test_only_the_office_that_knows_them_sees_who_did_not_agree(city: SmallCity, desk: Client) -> None:
    silent = named(city, "ยายเงียบ")
    actions.hide_holder(holder=silent, by=city.officer)
    assert "ยายเงียบ" in desk.get(reverse("catalogue:holders")).content.decode()
    other = Client()
    sign_in_fully(other, city.other)
    assert "ยายเงียบ" not in other.get(reverse("catalogue:holders")).content.decode()
    for name in ("holder", "holder-name", "holder-hide"):
        address = reverse(f"catalogue:{name}", args=[silent.pk])
        assert other.post(address, typed(how="signature")).status_code == 404
    worker = Client()
    sign_in_fully(worker, member("worker", "nfe", Role.FIELD_WORKER))
    assert worker.get(reverse("catalogue:holders")).status_code == 403


def test_the_public_list_is_narrowed_by_what_they_teach(city: SmallCity) -> None:
    holder = named(city)
    food = named(city, "ป้าแดง")
    Wisdom.objects.filter(pk=food.pk).update(subject=Term.objects.get(vocabulary="subject", code="food"))
    page = public(f"{reverse('catalogue:wisdom')}?subject=food")
    assert "ป้าแดง" in page
    assert SAFE not in page
    assert holder.named


def test_the_lists_ask_a_constant_number_of_questions(city: SmallCity, desk: Client) -> None:
    def counted() -> list[int]:
        found = []
        for client, url in ((desk, reverse("catalogue:holders")), (Client(), reverse("catalogue:wisdom"))):
            client.get(url)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(url).status_code == 200
            found.append(len(asked))
        return found

    named(city)
    before = counted()
    for number in range(8):
        named(city, f"ยาย {number}")
    assert counted() == before
