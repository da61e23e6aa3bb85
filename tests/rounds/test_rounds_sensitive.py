"""What implies a disability shows only where what is sensitive may be seen; one's own row is for nobody else."""

from django.test import Client
from django.urls import reverse
from tests.rounds.conftest import City

from okat.city.people.actions import ConsentRow, record_consent
from okat.city.people.rules import Purpose
from okat.city.rounds.models import Choice, Result
from okat.city.rounds.rules.policy import Policy

MARK = "แต้มที่บอกความพิการ"


def _part(row: Choice) -> None:
    person = row.application.person
    assert person is not None and person.key is not None  # noqa: PT018 - both hold for a fresh person
    kept = person.unseal(row.parts_sealed)
    kept["parts"] = [["own", 20, MARK, MARK]]
    Choice.objects.filter(pk=row.pk).update(parts_sealed=person.key.seal(kept))


def test_groups_and_parts_show_only_with_explicit_consent_and_the_row_to_nobody_else(
    client: Client, city: City
) -> None:
    offers = city.offers({"capacity": 1})
    made = city.opened(offers, Policy())
    city.applied(made, dict.fromkeys(city.pin(2), offers))
    city.published(made)
    lost = Result.objects.get(place=None).application
    person = lost.person
    assert person is not None
    _part(Choice.objects.select_related("application__person__key").get(application=lost))
    own = city.account(person, "me")
    page, proof = reverse("rounds:why", args=[lost.pk]), reverse("rounds:row", args=[lost.pk])

    def seen_by(user: object) -> tuple[str, int]:
        client.force_login(user, backend="okat.city.partners.queries.Accounts")  # type: ignore[arg-type]
        return client.get(page).content.decode(), client.get(proof).status_code

    text, status = seen_by(city.officer)
    assert person.full_name in text
    assert str(person.pk) not in text
    assert (MARK in text, proof in text, status) == (False, False, 404)
    record_consent(person=person, given=ConsentRow(Purpose.CARE, city.school, sensitive=True), by=city.officer)
    text, status = seen_by(city.officer)
    assert (MARK in text, status) == (True, 404)
    text, status = seen_by(own)
    assert (MARK in text, proof in text, status) == (True, True, 200)
