"""Whoever may only look changes nothing: every address that takes POST, after an emergency opening, after a withdrawn
consent, after an ended role."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from tests import small_city
from tests.access.objects import makers
from tests.access.walk import addresses
from tests.cases.access import offered
from tests.read_aloud import words_on
from tests.rounds.access import made as made_round
from tests.signing import make_user, sign_in_fully
from tests.small_city import SmallCity

from okat.city.accounts.models import User
from okat.city.accounts.queries import system_user
from okat.city.cases import actions as cases
from okat.city.cases.rules import Sector
from okat.city.catalogue.actions import publish_many
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.rules.rows import OpportunityRow
from okat.city.core import clock
from okat.city.core.models import AuditEntry
from okat.city.learning import actions as learning
from okat.city.notices.models import Notice
from okat.city.partners import actions as partners
from okat.city.partners.models import Membership
from okat.city.partners.rules import Role
from okat.city.people import actions as people
from okat.city.people.models import Basis, BreakGlass, Consent, Person
from okat.city.people.queries import visible_to
from okat.city.people.rules import Emergency, Purpose
from okat.city.rounds.models import Application, Result
from okat.city.taxonomy.models import Term

pytestmark = pytest.mark.django_db
# What everybody leaves: sessions, the trail, an emergency's own report, counted tries, forms that were sent.
LEFT = {
    "django_session", "core_auditentry", "people_breakglass", "core_ratecount", "core_oncetoken", "axes_accesslog",
    "axes_accessattempt", "axes_accessfailurelog", "okat_cache",
}  # fmt: skip
# Where somebody writes of themselves alone, or for their own partner (new people whom it pins); and a passport's link,
# which opens by what it holds and counts how often.
OWN = ("accounts:", "notices:", "core:", "partners:choose", "people:pin", "people:queue", "jobs:talk", "jobs:youth",
       "learning:passport")  # fmt: skip
Deed = tuple[str, dict[str, Any], str, dict[str, Any]]  # address, its arguments, what follows "?", what is sent


def rows() -> dict[str, str]:
    """A digest of each table."""
    there = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    tables = sorted(there & set(connection.introspection.table_names()) - LEFT)
    # Names of our own tables.
    parts = [f"select '{t}', md5(coalesce(string_agg(r::text, '|' order by r::text), '')) from {t} r" for t in tables]
    with connection.cursor() as cursor:
        cursor.execute(" union all ".join(parts))
        return dict(cursor.fetchall())


class TriedError(Exception):
    pass


@contextmanager
def tried() -> Iterator[None]:
    """What happens inside is taken back."""
    try:
        with transaction.atomic():
            yield
            raise TriedError
    except TriedError:
        pass


def changed_by(client: Client, deed: Deed, before: dict[str, str]) -> list[str]:
    name, arguments, query, data = deed
    after = before
    with tried():
        client.post(reverse(name, kwargs=arguments) + query, data)
        after = rows()
    return [table for table, digest in after.items() if before[table] != digest]


def client_of(user: User) -> Client:
    client = Client()
    sign_in_fully(client, user)
    return client


@pytest.fixture
def city() -> SmallCity:
    found = small_city.build()
    partners.add_member(partner=found.here, user=found.users[Role.OFFICER], role=Role.FIELD_WORKER, by=system_user())
    return found


def deeds(city: SmallCity) -> list[Deed]:
    """What a worker of `here` may do for a person of theirs. The test shows that each changes something."""
    worker, case, _round = city.users[Role.FIELD_WORKER], offered(city), made_round(city)
    placed = Application.objects.get(result__answer="offered")
    Result.objects.filter(application=placed).update(answer_by=clock.today() + dt.timedelta(days=3))
    silent = Application.objects.filter(person__user=None, round__status="published").earliest("at")
    assert case.person is not None
    who, consent = case.person, case.person.consents.get()
    goal = cases.add_goal(case=case, sector=Sector.CARE, partner=city.here, text="พบหมอ", by=worker)
    income = Term.objects.create(vocabulary="need", code="income", th="รายได้", en="Income")
    people.add_need(person=who, term=income, by=worker)
    Term.objects.get_or_create(vocabulary="occupation_skill", code="sew", defaults={"th": "เย็บผ้า", "en": "Sewing"})
    row = OpportunityRow(provider="here", area=city.here.area.code, kind="interest", title_th="ทำขนม", capacity=3)
    course = Opportunity.objects.get(pk=publish_many(rows=[row], by=system_user()).ids[0])
    learning.set_first_come(opportunity=course, on=True, by=city.users[Role.OFFICER])
    asked, client = f"?person={who.pk}", client_of(worker)
    words = words_on(client, reverse("people:consent", args=[who.pk]))
    read = words_on(client, reverse("learning:place", args=[course.pk]) + asked)
    return [
        ("people:need", {"pk": who.pk}, "", {"term": "learn"}),
        ("people:visit", {"pk": who.pk}, "", {"kind": "home", "note": "ไปเยี่ยม"}),
        ("people:consent", {"pk": who.pk}, "", {"purpose": "refer", "recipient": "there", "how": "verbal", **words}),
        ("people:withdraw", {"pk": who.pk, "consent": consent.pk}, "", {"sure": "1"}),
        ("catalogue:wish-of", {"pk": who.pk}, "", {"do": "add", "opportunity": str(course.pk)}),
        ("catalogue:tell", {}, asked, {"need": "learn", "area": city.here.area.code}),
        ("cases:refer", {}, f"{asked}&about=need", {"how": "later", "partner": str(city.here.pk),
                                                     "need": str(income.pk)}),
        ("cases:act", {"pk": case.pk, "verb": "decline"}, "", {"reason": "far"}),
        ("cases:goal-add", {"pk": case.pk}, "", {"sector": "care", "partner": str(city.here.pk), "text": "ยา"}),
        ("cases:goal-end", {"pk": goal.pk, "status": "met"}, "", {}),
        ("rounds:answer", {"pk": placed.pk}, "", {"answer": "decline", "sure": "1"}),
        ("rounds:answer", {"pk": placed.pk}, "", {"answer": "accept"}),
        ("rounds:slip", {"pk": silent.pk}, "", {"as": "page"}),
        ("learning:place", {"pk": course.pk}, asked, {"do": "take", "agreed": "on", "how": "verbal", **read}),
    ]  # fmt: skip


def every(city: SmallCity) -> list[Deed]:
    """Each address that is not one's own, with a form that says yes to whatever it asks."""
    known = makers()
    things = {a.name: known[a.name](city).arguments if a.arguments else {} for a in addresses()}
    who = offered(city).person
    assert who is not None
    data = {
        "answer": "decline", "do": "take", "agreed": "on", "how": "verbal", "term": "learn", "reason": "far",
        "save": "1", "note": "ไม่มี", "kind": "home", "purpose": "refer", "recipient": "there", "login": "worker",
        "finding": "justified", "need": "learn", "area": city.here.area.code, "keep": str(who.pk), "skills": "sew",
        "text": "ยา", "sector": "care", "sure": "1",
    }  # fmt: skip
    asked, client = ("", f"?person={who.pk}"), client_of(city.users[Role.FIELD_WORKER])

    def read(name: str, values: dict[str, Any], query: str) -> dict[str, Any]:
        """With the words that a worker who may act is shown there."""
        asks = name in {"people:consent", "learning:place", "rounds:apply"}
        return data | (words_on(client, reverse(name, kwargs=values) + query) if asks else {})

    return [
        (name, values, query, read(name, values, query)) for name, values in things.items() for query in asked
        if not name.startswith(OWN) and (name, query) != ("catalogue:tell", "")  # for oneself
    ]  # fmt: skip


def opened_in_emergency(city: SmallCity) -> User:
    """A field worker of the other partner who broke the glass for everybody here."""
    user = make_user("helper", name="ผู้ช่วย")
    areas = [city.here.area, city.there.area]
    partners.add_member(partner=city.there, user=user, role=Role.FIELD_WORKER, by=system_user())
    Membership.objects.get(user=user).areas.set(areas)
    for person in Person.objects.filter(status="active"):
        people.break_glass(person=person, reason=Emergency.LIFE, note="พบหมดสติที่ตลาด", partner=city.there, by=user)
    assert visible_to(user).exists()
    return user


def without_consent(city: SmallCity) -> User:
    for consent in Consent.objects.filter(withdrawn_at=None, person__status="active"):
        people.withdraw_consent(consent=consent, by=system_user())
    for basis in Basis.objects.filter(ended_at=None):
        people.end_basis(basis=basis, by=system_user())
    return city.users[Role.FIELD_WORKER]


def without_role(city: SmallCity) -> User:
    user = city.users[Role.FIELD_WORKER]
    for member in Membership.objects.filter(user=user):
        partners.end_membership(membership=member, by=system_user())
    return User.objects.get(pk=user.pk)


def test_each_deed_changes_something_for_whoever_may(city: SmallCity) -> None:
    wanted, client = deeds(city), client_of(city.users[Role.FIELD_WORKER])
    before = rows()
    assert [deed[0] for deed in wanted if not changed_by(client, deed, before)] == []


STANDS = [opened_in_emergency, without_consent, without_role]


@pytest.mark.parametrize("stands", STANDS, ids=lambda one: one.__name__)
def test_whoever_may_not_act_changes_nothing(city: SmallCity, stands: Any) -> None:
    wanted = deeds(city)
    client = client_of(stands(city))
    before = rows()
    assert [(deed[0], found) for deed in wanted if (found := changed_by(client, deed, before))] == []


@pytest.mark.parametrize("stands", STANDS, ids=lambda one: one.__name__)
def test_no_address_at_all_changes_a_row_for_whoever_may_not_act(city: SmallCity, stands: Any) -> None:
    wanted = every(city)
    client = client_of(stands(city))
    before = rows()
    assert [(deed[0], found) for deed in wanted if (found := changed_by(client, deed, before))] == []


def test_whoever_is_refused_has_looked_at_nobody(city: SmallCity) -> None:
    """No form and page that an emergency does not open stands among the looks that the person sees."""
    wanted = every(city)
    client = client_of(opened_in_emergency(city))
    found, refused = [], 0
    looks = AuditEntry.objects.filter(verb="people.read")
    for name, arguments, query, data in wanted:
        for send, sent in ((client.get, {}), (client.post, data)):
            with tried():
                before = looks.count()
                answer = send(reverse(name, kwargs=arguments) + query, sent)
                if answer.status_code == 403:
                    refused += 1
                    found += [name] if looks.count() > before else []
    assert refused > 20
    assert found == []


def naming(person: Person) -> dict[str, str]:
    """A digest of the rows of each table that name this person, by the record's own id."""
    there = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    tables = sorted(there & set(connection.introspection.table_names()) - LEFT)
    found = {}
    with connection.cursor() as cursor:
        for table in tables:
            query = (
                f"select md5(coalesce(string_agg(r::text, '|' order by r::text), '')) from {table} r"  # our own names
            )
            cursor.execute(f"{query} where r::text like %s", [f"%{person.pk}%"])
            found[table] = cursor.fetchone()[0]
    return found


BODY = ("other", "keep", "person", "people", "of", "with", "member", "household", "record", "pick", "choice", "chosen")


def test_no_address_of_ones_own_record_changes_another_that_the_body_names(city: SmallCity) -> None:
    """The address is one's to write; what is sent to it names a record that only an emergency opened."""
    known = makers()
    things = {a.name: known[a.name](city).arguments for a in addresses() if a.arguments}
    other = offered(city).person
    assert other is not None
    user = opened_in_emergency(city)
    row = people.PinRow(
        area=city.there.area, given="คนของเรา", family="ที่นี่", consents=(people.ConsentRow(Purpose.CARE, city.there),)
    )
    own = people.pin_person(row=row, partner=city.there, by=user)
    client = client_of(user)
    of_people = [
        (name, {**values, "pk": own.pk}) for name, values in things.items()
        if "pk" in values and Person.objects.filter(pk=values["pk"]).exists()
    ]  # fmt: skip
    assert "people:same" in dict(of_people)
    before, found = naming(other), {}
    for name, values in of_people:
        with tried():
            client.post(reverse(name, kwargs=values), {**dict.fromkeys(BODY, str(other.pk)), "do": "add", "sure": "1"})
            after = naming(other)
        if changed := [table for table, digest in after.items() if before[table] != digest]:
            found[name] = changed
    assert found == {}


def test_the_report_of_an_opening_reaches_the_holder_and_the_auditor_and_ends_with_the_role(city: SmallCity) -> None:
    person = offered(city).person
    assert person is not None
    user = opened_in_emergency(city)
    told = set(Notice.objects.filter(kind="people.emergency").values_list("user__login", flat=True))
    assert {"manager", "auditor", "stranger"} <= told  # who holds the record, who reads the trail, who reviews
    assert user.login not in told
    opening = BreakGlass.objects.filter(person=person).get()
    for role in (Role.MANAGER, Role.AUDITOR):
        client = client_of(city.users[role])
        assert "ผู้ช่วย" in client.get(reverse("people:openings")).content.decode()
        assert "พบหมดสติที่ตลาด" in client.get(reverse("people:opening", args=[opening.pk])).content.decode()
    assert client.post(reverse("people:opening", args=[opening.pk]), {"finding": "justified"}).status_code == 404
    partners.end_membership(membership=Membership.objects.get(user=user), by=system_user())
    partners.add_member(partner=city.there, user=user, role=Role.FIELD_WORKER, by=system_user())
    user.__dict__.pop("_memberships", None)
    assert not visible_to(user).exists()
