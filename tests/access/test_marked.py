"""What tells of health or a disability shows to nobody who may not see it: a mark in each sensitive field and word,
looked for at every address as every role."""

import io
import re
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from tests import small_city
from tests.access import marked
from tests.access.marked import BESIDE, NAME, WITHIN, Marked
from tests.access.objects import makers
from tests.access.thing import Thing
from tests.access.walk import Address, addresses
from tests.signing import make_user, sign_in_fully
from tests.small_city import SmallCity

from okat.city.accounts.models import User
from okat.city.accounts.queries import system_user
from okat.city.cases import actions as cases
from okat.city.cases.rules import CaseError
from okat.city.catalogue.actions import add_wish
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.solve import match
from okat.city.core.classify import Kind
from okat.city.core.models import RateCount
from okat.city.learning.models import FirstCome
from okat.city.learning.views.words import when
from okat.city.partners import actions as partners
from okat.city.partners.rules import Role
from okat.city.people import actions as people
from okat.city.people.actions import ConsentRow
from okat.city.people.models import Consent, MergeProposal, Need, Person
from okat.city.people.rules import HIDDEN, How, PeopleError, Purpose, Status
from okat.city.taxonomy.models import Term

pytestmark = pytest.mark.django_db
# Each sensitive field: the mark that was put into it, or where else it is looked for.
FIELDS = {
    "people.Person.pin_sealed": marked.NUMBER,
    "people.Person.pin_hash": "the value itself (`test_no_mark_shows`)",
    "people.Person.care_sealed": marked.DISABILITY,
    "people.PersonEvent.pin_sealed": marked.NUMBER,
    "people.PersonEvent.care_sealed": marked.DISABILITY,
    "people.Merge.own_sealed": "opened by undoing a merge alone (tests/people/test_merging.py)",
    "people.Basis.why_sealed": marked.LAW,
    "people.Answers.sealed": marked.POINTS,
    "people.Score.parts_sealed": marked.PART,
    "catalogue.Lookout.sealed": marked.FORMAT,
    "cases.Case.goal_sealed": marked.WISH,
    "cases.Goal.text_sealed": marked.GOAL,
    "learning.Assessment.sealed": marked.ASSESSED,
    "rounds.Application.sealed": "tests/rounds",
    "rounds.Choice.parts_sealed": "tests/rounds",
    "rounds.Decision.audit_sealed": "tests/rounds",
    "rounds.Decision.numbers_sealed": "tests/rounds",
    "rounds.Appeal.reason_sealed": "tests/rounds",
    "rounds.Appeal.answer_sealed": "tests/rounds",
    "core.KeptForm.sealed": "opened by a key that one browser holds (tests/core)",
    "core.Letter.sealed": "the address of a letter (tests/core, tests/notices)",
}
QUESTIONS = {"learning:assess": {"code": "reading", "moment": "before"}, "people:questions": {"code": "illness"}}
ABOUT_PEOPLE = ("notices:", "desk:today", "desk:search")  # of somebody's people, also without a name


def test_each_sensitive_field_is_looked_for() -> None:
    known = {
        f"{model._meta.label}.{name}"
        for model in apps.get_models()
        for name, kind in getattr(getattr(model, "PRIVACY", None), "kinds", {}).items()
        if kind is Kind.SENSITIVE
    }
    assert known == set(FIELDS)


@pytest.fixture
def city() -> SmallCity:
    return small_city.build()


@pytest.fixture
def things(city: SmallCity) -> dict[str, Thing]:
    """What the makers make, before there is anybody with a mark. Rounds: tests/rounds."""
    known = makers()
    return {a.name: known[a.name](city) for a in addresses() if a.arguments and not a.name.startswith("rounds:")}


@pytest.fixture
def whom(city: SmallCity, things: dict[str, Thing], tmp_path: Path) -> Marked:
    made = marked.make(city, tmp_path)
    made.made = things
    return made


@pytest.fixture
def everybody(city: SmallCity, whom: Marked) -> User:
    """Every role of `here` at once: what one of them opens, this account opens."""
    user = make_user("everybody", name="ทุกบทบาท")
    for role in Role:
        partners.add_member(partner=city.here, user=user, role=role, by=system_user())
    return user


def client_of(user: User | None) -> Client:
    client = Client()
    if user is not None:
        sign_in_fully(client, user)
    return client


def urls(whom: Marked, address: Address, *, wide: bool) -> list[str]:
    """The address with what hangs on the person in the place of what its maker made; and of lists what a reader may
    ask of them (`wide`)."""
    if not address.arguments:
        plain = reverse(address.name)
        who = f"?person={whom.person.pk}"
        tails = ("", who, f"{who}&about=need", f"?q={NAME}", "?all=1", "?all=1&format=csv") if wide else ("", who)
        return [plain + tail for tail in tails]
    asked = {**whom.made[address.name].arguments, **QUESTIONS.get(address.name, {})}
    found = [asked]
    for name, value in asked.items():
        for model, keys in whom.things.items():
            if _is(model, value) and (not isinstance(value, int) or address.name.startswith("learning:")):
                found = [{**one, name: key} for one in found for key in keys]
    tail = f"?person={whom.person.pk}" if address.name == "learning:place" else ""
    return [reverse(address.name, kwargs=one) + tail for one in found]


def _is(model: Any, value: Any) -> bool:
    try:
        return bool(model.objects.filter(pk=value).exists())
    except (ValueError, ValidationError):
        return False


def shown(page: Any) -> str:
    """What a reader sees: choices that are not chosen, and rows of files, too."""
    data = b"".join(page.streaming_content) if getattr(page, "streaming", False) else page.content
    if data[:2] == b"PK":
        packed = zipfile.ZipFile(io.BytesIO(data))
        data = b"\n".join(packed.read(name) for name in packed.namelist())
    text = data.decode("utf-8", "replace")
    text = re.sub(r"<option(?![^>]*\sselected)[^>]*>.*?</option>", "", text, flags=re.S)
    return re.sub(
        r"<label[^>]*>\s*<input type=\"(?:checkbox|radio)\"(?![^>]*\schecked).*?</label>", "", text, flags=re.S
    )


def told(whom: Marked, address: Address, url: str, page: HttpResponse) -> set[str]:
    """The marks that the page shows of the person."""
    text = shown(page)
    found = {mark for mark in WITHIN if mark in text}
    if whom.person.pin_hash in text:
        found.add("pin_hash")
    path, _mark, asked = unquote(url).partition("?")
    spoken = [one for one in whom.mentions if one in path or (one in text and one not in asked)]  # not merely repeated
    if address.name.startswith(ABOUT_PEOPLE) or spoken:
        found |= {mark for mark in BESIDE if re.search(rf"(?<![\w-]){mark}(?![\w-])", text)}
    return found


def walk(whom: Marked, user: User | None, *, wide: bool = False) -> dict[str, set[str]]:
    """By address, the marks that this reader sees."""
    client, found = client_of(user), {}
    whom.person.refresh_from_db()
    for address in addresses():
        if address.name.startswith(("rounds:", "accounts:sign-out")):
            continue  # rounds: tests/rounds
        for url in urls(whom, address, wide=wide):
            RateCount.objects.all().delete()
            if marks := told(whom, address, url, client.get(url)):  # type: ignore[arg-type]
                found[url if wide else f"{address.name} {url}"] = marks
    return found


READERS = ("anonymous", "resident", "stranger", "receiver", *(role.value for role in Role))


@pytest.mark.parametrize("name", READERS)
def test_no_mark_shows(name: str, city: SmallCity, whom: Marked) -> None:
    whom.agree(sensitive=False)
    others = {"anonymous": None, "resident": city.resident, "stranger": city.stranger, "receiver": whom.receiver}
    assert walk(whom, others[name] if name in others else city.users[Role(name)]) == {}


def test_no_mark_shows_to_all_roles_at_once_whatever_they_ask(whom: Marked, everybody: User) -> None:
    whom.agree(sensitive=False)
    assert walk(whom, everybody, wide=True) == {}


def test_each_mark_shows_where_it_may_be_seen(whom: Marked, everybody: User) -> None:
    worker = whom.city.users[Role.FIELD_WORKER]  # who keeps the look-out
    seen = set().union(*walk(whom, everybody, wide=True).values(), *walk(whom, worker).values())
    assert {*BESIDE, *WITHIN} - seen == {marked.NUMBER}  # an identity number is never shown


def test_the_walk_comes_past_the_clash_and_what_joining_does(whom: Marked, everybody: User) -> None:
    """Each of these pages names what the other person's course, line or case is, to whoever may see it of both."""
    client, beside = client_of(everybody), Opportunity.objects.get(title_th="ทอผ้ายามบ่าย")
    clash = f"{reverse('learning:place', args=[beside.pk])}?person={whom.person.pk}"
    pair = reverse("people:double", args=whom.things[MergeProposal])
    hour = clock_of(Opportunity.objects.get(title_th=marked.COURSE))
    page = client.get(clash).content.decode()
    assert marked.COURSE in page
    assert hour in page
    joining = client.get(pair).content.decode()
    assert {mark for mark in (marked.COURSE, marked.LINE, marked.NEED) if f"“{mark}”" in joining} == {
        marked.COURSE, marked.LINE, marked.NEED,
    }  # fmt: skip
    whom.agree(sensitive=False)
    page, joining = client.get(clash).content.decode(), client.get(pair).content.decode()
    assert marked.COURSE not in page
    assert hour not in page  # it would name the course: the catalogue shows its hours
    assert joining.count(f"“{HIDDEN}”") >= 3
    care = ConsentRow(Purpose.CARE, whom.city.here, How.SIGNATURE, sensitive=True)
    people.record_consent(person=whom.person, given=care, by=whom.city.users[Role.FIELD_WORKER])
    assert marked.LINE not in client.get(pair).content.decode()  # of one of the two is not enough


def clock_of(course: Opportunity) -> str:
    """As the page says when the last session is."""
    return when(course.sessions.order_by("start")[1])


@pytest.mark.parametrize("sensitive", [True, False])
def test_what_cannot_be_given_back_is_named_to_whoever_may_see_it(sensitive: bool, whom: Marked) -> None:
    """Somebody was said to have died and did not: what is lost is said in words, by every app."""
    worker = whom.city.users[Role.FIELD_WORKER]
    people.set_status(person=whom.person, status=Status.DIED, by=worker)
    FirstCome.objects.all().delete()
    whom.agree(sensitive=sensitive)
    left = " ".join(people.come_back(person=whom.person, by=worker))
    wanted = {marked.COURSE, marked.LINE, marked.NEED, marked.JOB} if sensitive else set()
    assert {mark for mark in BESIDE if mark in left} == wanted
    assert sensitive or left.count(str(HIDDEN)) >= 4


def test_the_person_sees_their_own(whom: Marked, city: SmallCity) -> None:
    user = make_user("own", name="เจ้าตัว")
    people.link_account(person=whom.person, user=user, by=city.users[Role.FIELD_WORKER])
    whom.agree(sensitive=False)
    seen = set().union(*walk(whom, user).values())
    assert {marked.NEED, marked.COURSE, marked.JOB, marked.LINE, marked.WISH, marked.GOAL} <= seen


def test_a_planted_fault_is_found(whom: Marked, city: SmallCity, monkeypatch: pytest.MonkeyPatch) -> None:
    from okat.city.people.queries import plain

    whom.agree(sensitive=False)

    def everything(needs: Iterable[Need], *, deep: bool) -> list[Need]:
        return list(needs)

    monkeypatch.setattr(plain, "needs_told", everything)
    client = client_of(city.users[Role.FIELD_WORKER])
    address = next(a for a in addresses() if a.name == "people:person")
    url = reverse(address.name, args=[whom.person.pk])
    assert marked.NEED in told(whom, address, url, client.get(url))  # type: ignore[arg-type]


@pytest.mark.parametrize("word", [marked.NEED, marked.COURSE, marked.JOB])
def test_a_search_tells_it_neither(word: str, whom: Marked, everybody: User) -> None:
    client = client_of(everybody)
    keys = [str(pk) for pk in whom.mentions]
    page = f"{reverse('desk:search')}?q={word}"
    assert any(key in client.get(page).content.decode() for key in keys)
    whom.agree(sensitive=False)
    assert not any(key in client.get(page).content.decode() for key in keys)


def test_what_may_not_be_seen_is_not_written_down_either(whom: Marked, city: SmallCity) -> None:
    """Whoever has no explicit consent does not note such a need, nor a case, a wish or a look-out for one."""
    whom.agree(sensitive=False)
    client, page = client_of(city.users[Role.FIELD_WORKER]), reverse("people:person", args=[whom.person.pk])
    before = Person.objects.get(pk=whom.person.pk).needs.count()
    said = client.post(reverse("people:need", args=[whom.person.pk]), {"term": "disability-card"}, follow=True)
    assert "ยินยอมโดยชัดแจ้ง" in said.content.decode()
    assert whom.person.needs.count() == before
    assert client.get(page).status_code == 200


def test_a_case_of_that_kind_goes_on_only_where_it_may(whom: Marked, city: SmallCity) -> None:
    """Proposed by nobody who may not see it, and passed on by no less than the explicit consent for that office."""
    worker, need = city.users[Role.FIELD_WORKER], Term.objects.get(code="disability-card")
    rest = {"person": whom.person, "partner": city.here, "by": worker}
    case = cases.accept(case=cases.propose(**rest, need=need), by=worker)
    plain = ConsentRow(Purpose.REFER, city.there, How.SIGNATURE)
    people.record_consent(person=whom.person, given=plain, by=worker, partner=city.here)
    with pytest.raises(CaseError, match="ยินยอมโดยชัดแจ้ง"):
        cases.refer(case=case, to=city.there, by=worker)
    whom.agree(sensitive=True)
    assert cases.refer(case=case, to=city.there, by=worker).receiver == city.there
    whom.agree(sensitive=False)
    course = Opportunity.objects.get(title_th=marked.LINE)
    for act in (
        lambda: cases.propose(**rest, opportunity=Opportunity.objects.get(title_th=marked.JOB)),
        lambda: people.add_need(person=whom.person, term=need, by=worker),
        lambda: add_wish(person=whom.person, opportunity=course, by=worker),
    ):
        with pytest.raises(PeopleError) as refused:
            act()
        assert refused.value.code == "no_explicit_consent"


def test_enrolling_in_what_tells_is_agreed_to_in_so_many_words(whom: Marked, city: SmallCity) -> None:
    """Without the explicit yes the worker is led back to the person; with it the form asks for the office's own."""
    client = client_of(city.users[Role.FIELD_WORKER])
    course = Opportunity.objects.get(title_th=marked.LINE)
    page = f"{reverse('learning:place', args=[course.pk])}?person={whom.person.pk}"
    Consent.objects.filter(person=whom.person, purpose=Purpose.ENROL).delete()
    assert 'name="explicit"' in client.get(page).content.decode()
    whom.agree(sensitive=False)
    led = client.get(page, follow=True)
    assert led.redirect_chain[0][0] == reverse("people:person", args=[whom.person.pk])
    assert marked.LINE not in led.content.decode()


def test_the_order_of_what_fits_tells_no_need(whom: Marked, city: SmallCity) -> None:
    """The points and the order are the same whether the person has such a need or not."""
    marked.offered(city, "ZQHEALTH", "service", rule=None, needs=("health", "learn"))
    worker = city.users[Role.FIELD_WORKER]

    def listed() -> list[tuple[object, int]]:
        found = match.fits(Person.objects.select_related("key", "area").get(pk=whom.person.pk), worker)
        return [(one.id, one.points.total) for one in (*found.fits, *found.nearly, *found.no)]

    def without_needs() -> list[tuple[object, int]]:
        Need.objects.filter(person=whom.person, status="open").update(status="gone")
        found = listed()
        Need.objects.filter(person=whom.person, status="gone").update(status="open")
        return found

    assert listed() != without_needs()
    whom.agree(sensitive=False)
    assert listed() == without_needs()
