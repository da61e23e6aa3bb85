"""Whom the audit trail names, who is found in it, and what its reasons mean."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.signing import make_user, sign_in_fully
from tests.small_city import SmallCity, build

from okat.city.accounts.models import User
from okat.city.accounts.queries import system_user
from okat.city.core import audit, clock
from okat.city.core.models import AuditEntry
from okat.city.core.registries import VERBS, said
from okat.city.desk.queries.audit import Asked, trail
from okat.city.desk.rules import REASONS, why
from okat.city.partners import actions as partners
from okat.city.partners.models import Membership
from okat.city.partners.rules import Role
from okat.city.people import actions as people
from okat.city.people.actions import ConsentRow, PinRow
from okat.city.people.models import Person
from okat.city.people.rules import How, Purpose
from okat.city.people.rules import Why as Ground

pytestmark = pytest.mark.django_db
NONE = "ไม่มีบันทึกแบบนี้"


@pytest.fixture
def city() -> SmallCity:
    return build()


def reader(city: SmallCity) -> Client:
    client = Client()
    sign_in_fully(client, city.users[Role.AUDITOR])
    return client


def lines(client: Client, **asked: str) -> list[tuple[str, str, str, str]]:
    """Who, what, for whom and why, of each line of the page."""
    page = re.sub(r'<span class="whole">(.*?)</span>', r"\1", client.get(reverse("desk:audit"), asked).content.decode())
    body = page.partition("<tbody")[2].partition("</tbody>")[0]
    found = []
    for row in re.findall(r"<tr.*?</tr>", body, re.DOTALL):
        cells = [
            " ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in re.findall(r"<t[dh].*?</t[dh]>", row, re.S)
        ]
        found.append((cells[1], cells[2], cells[3], cells[4]))
    assert (NONE in page) == (not found)
    return found


def recorded_of(city: SmallCity, user: User) -> Person:
    """A person of `here`, whose record this account opens."""
    row = PinRow(area=city.here.area, given="มะลิ", family="ใจดี", consents=(
        ConsentRow(Purpose.CARE, city.here, How.SIGNATURE),
    ))  # fmt: skip
    [pk] = people.pin_many(rows=[row], partner=city.here, by=city.users[Role.FIELD_WORKER])
    return people.link_account(person=Person.objects.get(pk=pk), user=user, by=system_user())


def named(user: User) -> list[str]:
    return [user.login, f"{user.login}@example.org", user.name, user.name.upper(), f" {user.name} "]


def test_no_name_finds_an_account_that_never_had_a_role(city: SmallCity) -> None:
    person = recorded_of(city, city.resident)
    consent = people.record_consent(
        person=person, given=ConsentRow(Purpose.CONTACT, city.there, How.ONLINE), by=city.resident
    )
    people.withdraw_consent(consent=consent, by=city.resident)
    client = reader(city)
    sign_in_fully(Client(), city.resident)
    assert AuditEntry.objects.filter(actor_id=city.resident.pk).count() > 2
    verbs = ["", "people.", "accounts."]
    for asked in [*named(city.resident), "เธอผู้ไม่มีอยู่"]:
        assert [lines(client, who=asked, verb=verb) for verb in verbs] == [[], [], []], asked
    assert city.resident.name not in " ".join(who for who, *_rest in lines(client))


def test_a_resident_of_the_same_name_changes_nothing(city: SmallCity) -> None:
    worker = city.users[Role.FIELD_WORKER]
    recorded_of(city, city.resident)
    client = reader(city)
    before = lines(client, who=worker.name, verb="people.")
    assert before
    make_user("namesake", name=worker.name)
    assert lines(client, who=worker.name, verb="people.") == before


def test_whoever_works_is_a_resident_in_lines_about_the_own_record(city: SmallCity) -> None:
    worker = city.users[Role.FIELD_WORKER]
    person, other = recorded_of(city, worker), recorded_of(city, city.resident)
    consent = people.record_consent(person=person, given=ConsentRow(Purpose.CONTACT, city.there, How.ONLINE), by=worker)
    http = Client()
    sign_in_fully(http, worker)
    assert http.post(reverse("people:mine-withdraw", args=[consent.pk]), {"sure": "1"}).status_code == 302
    audit.record(by=worker, verb="people.read", subject=other)
    audit.record(by=worker, verb="people.wording", subject=consent)  # what hangs on the record, too
    client = reader(city)
    own = {said(verb) for verb in ("people.consent", "people.withdraw_consent", "people.wording")}
    for asked in named(worker):
        found = lines(client, who=asked)
        assert not [line for line in found if line[1].partition(" ช่อง")[0] in own], asked
        assert any(said("people.read") in what for _who, what, *_rest in found)
    deed = AuditEntry.objects.get(verb="people.withdraw_consent")
    about = AuditEntry.objects.filter(request_key=deed.request_key).exclude(request_key="")
    assert about.filter(subject_key="").exists()  # lines about nothing else tell it as well
    told = [line for line in lines(client) if line[1].partition(" ช่อง")[0] in own | {said(e.verb) for e in about}]
    assert len(told) >= about.count()
    assert {who for who, *_rest in told} == {"(ชาวเมือง)"}


def test_whoever_works_is_named_while_the_role_lasts(city: SmallCity) -> None:
    user, today = make_user("later", name="คนมาใหม่"), clock.today()
    verbs = {"before": "accounts.password", "within": "people.search", "after": "accounts.ask_line"}
    assert set(verbs.values()) <= {verb for verb, _words in VERBS}
    for when, days in (("before", -20), ("within", -5), ("after", 0)):
        with clock.at(clock.now() + dt.timedelta(days=days)):
            audit.record(by=user, verb=verbs[when])
    partners.add_member(partner=city.here, user=user, role=Role.OFFICER, by=system_user())
    Membership.objects.filter(user=user).update(
        began_on=today - dt.timedelta(days=10), ended_on=today - dt.timedelta(days=2)
    )
    client = reader(city)
    assert [what for _who, what, *_rest in lines(client, who=user.name)] == [said(verbs["within"])]
    whose = {what: who for who, what, *_rest in lines(client) if what in {said(verb) for verb in verbs.values()}}
    assert whose[said(verbs["within"])] == user.name
    assert {whose[said(verbs[when])] for when in ("before", "after")} == {"(ชาวเมือง)"}


def test_each_reason_is_said_as_its_own_verb_means_it(city: SmallCity) -> None:
    worker, client = city.users[Role.FIELD_WORKER], reader(city)
    recorded = {verb: words for verb, words in REASONS.items() if not verb.endswith(".")}
    assert set(recorded) <= {verb for verb, _words in VERBS}
    meanings: dict[str, set[str]] = {}
    for verb, words in recorded.items():
        for code, meant in words.items():
            meanings.setdefault(code, set()).add(str(meant))
            audit.record(by=worker, verb=verb, reason=code)
        found = lines(client, who=worker.login, verb="")[: len(words)]
        assert {why for *_rest, why in found} == {str(meant) for meant in words.values()}, verb
    assert len(meanings["consent"]) == 2  # why the words go by the verb


def test_a_consent_that_lets_an_office_in_is_not_told_as_withdrawn(city: SmallCity) -> None:
    person = recorded_of(city, city.resident)
    given = people.record_consent(
        person=person, given=ConsentRow(Purpose.ENROL, city.there, How.ONLINE), by=city.users[Role.OFFICER]
    )
    people.grant(
        person=person, partner=city.there, reason=Ground.CONSENT, source="course", rests_on=given,
        by=city.users[Role.OFFICER],
    )  # fmt: skip
    found = [reason for _who, what, _for, reason in lines(reader(city)) if said("people.grant") in what]
    assert found
    assert set(found) == {str(Ground.CONSENT.label)}
    assert why("people.grant", "consent") != why("cases.return", "consent")


def test_a_page_costs_the_same_however_many_residents_did_something(city: SmallCity) -> None:
    """Whose own record a line is about is asked of those alone who may be named."""
    counts = []
    for number in range(3):
        resident = make_user(f"resident{number}", name=f"ชาวเมือง {number}")
        person = recorded_of(city, resident)
        people.record_consent(person=person, given=ConsentRow(Purpose.CONTACT, city.there, How.ONLINE), by=resident)
        with CaptureQueriesContext(connection) as asked:
            page = trail(Asked(), by=city.users[Role.AUDITOR])
        assert {entry.actor_id for entry in page.entries if entry.pk not in page.named} >= {resident.pk}
        counts.append(len(asked))
    assert len(set(counts)) == 1, counts
