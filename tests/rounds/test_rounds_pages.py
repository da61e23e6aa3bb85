"""The pages of a round: what anybody sees, what a resident sees and answers, and who may take the audit bundle."""

from pathlib import Path

import pytest
from django.test import Client
from tests.rounds.conftest import DRAWN, City
from tests.signing import sign_in_fully

from okat.city.core import clock
from okat.city.rounds.models import Result
from okat.city.rounds.rules import Answer
from okat.files.verify import verify_bundle


@pytest.mark.parametrize("lang", ["th", "en"])
def test_a_resident_reads_why_answers_once_and_asks_for_a_review(
    client: Client, city: City, tmp_path: Path, lang: str
) -> None:
    offers = city.offers({"title_th": "ทอผ้าไหม", "capacity": 1}, {"title_th": "ขนมไทย", "capacity": 1})
    made = city.opened(offers)
    people = city.pin(3)
    rows = city.applied(made, dict.fromkeys(people, offers))
    assert client.get(f"/rounds/{made.pk}/").status_code == 200
    city.published(made)
    second = Result.objects.get(place__opportunity=offers[1]).application
    assert second.person is not None
    user = city.account(second.person, "me")
    client.cookies["okat_language"] = lang
    for address in ("/rounds/", f"/rounds/{made.pk}/"):
        assert client.get(address).status_code == 200
    (tmp_path / "public.zip").write_bytes(client.get(f"/rounds/{made.pk}/bundle.zip").content)
    assert verify_bundle(tmp_path / "public.zip").exit_code == 4

    client.force_login(user, backend="okat.city.partners.queries.Accounts")
    assert second.receipt in client.get("/rounds/mine/").content.decode()
    page = client.get(f"/rounds/why/{second.pk}/").content.decode()
    assert "ขนมไทย" in page
    assert "ทอผ้าไหม" in page
    (tmp_path / "row.json").write_bytes(client.get(f"/rounds/why/{second.pk}/row.json").content)
    report = verify_bundle(tmp_path / "public.zip", row=tmp_path / "row.json")
    assert not report.findings, report.findings
    assert report.exit_code == 4
    assert any(city.auditor.name in each for each in report.cannot)
    stranger = next(row for row in rows if row.pk != second.pk)
    assert client.get(f"/rounds/why/{stranger.pk}/").status_code == 404
    with clock.at(DRAWN):
        for _ in range(2):
            client.post(f"/rounds/why/{second.pk}/answer/", {"answer": "accept", "once": str(made.pk)})
        client.post(f"/rounds/why/{second.pk}/appeal/", {"reason": "คะแนนไม่ตรง"})
    assert Result.objects.get(application=second).answer == Answer.ACCEPTED
    assert second.appeals.count() == 1
    assert client.get(f"/rounds/why/{second.pk}/").status_code == 200


def test_the_fingerprint_of_the_secret_stands_whole_where_it_is_looked_for(client: Client, city: City) -> None:
    made = city.opened(city.offers({"capacity": 1}))
    assert len(made.commitment) == 64
    client.cookies["okat_language"] = "en"
    sign_in_fully(client, city.lead)
    for address in (f"/rounds/{made.pk}/", f"/rounds/manage/{made.pk}/"):
        page = client.get(address).content.decode()
        assert "Fingerprint of the sealed secret" in page
        assert made.commitment in page


def test_only_a_named_auditor_takes_the_audit_bundle(client: Client, city: City, tmp_path: Path) -> None:
    offers = city.offers({"capacity": 1})
    made = city.opened(offers)
    city.applied(made, dict.fromkeys(city.pin(2), offers))
    city.published(made)
    address = f"/rounds/{made.pk}/audit.zip"
    assert client.get(address).status_code in (302, 403)
    sign_in_fully(client, city.lead)
    assert client.get(address).status_code == 403
    sign_in_fully(client, city.auditor)
    (tmp_path / "audit.zip").write_bytes(client.get(address).content)
    assert verify_bundle(tmp_path / "audit.zip").proven
    made.auditors.clear()
    assert client.get(address).status_code == 404
