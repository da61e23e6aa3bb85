"""What somebody may not see of a person decides nothing that they may ask about: two people who differ in what is
sensitive alone are answered alike by each rule that an offer may have and that is not hidden with its offer."""

import json
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests import small_city
from tests.read_aloud import words_on
from tests.signing import sign_in_fully
from tests.small_city import SmallCity

from okat.city.accounts.queries import system_user
from okat.city.catalogue import solve
from okat.city.catalogue.actions import publish_many
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.rules.rows import OpportunityRow
from okat.city.catalogue.solve.match import verdict_for
from okat.city.core import clock
from okat.city.learning import actions
from okat.city.learning.models import Enrolment
from okat.city.learning.queries import line
from okat.city.partners.rules import Role
from okat.city.people import actions as people
from okat.city.people.actions import ConsentRow, PinRow, load_questionnaires
from okat.city.people.models import Person, Score
from okat.city.people.queries import may_see_sensitive
from okat.city.people.rules import Disability, How, Purpose
from okat.city.rounds.models import Place
from okat.city.rounds.queries import known
from okat.city.rounds.solve import Scorer
from okat.city.taxonomy.actions import load_terms
from okat.city.taxonomy.models import Term
from okat.engine.eligibility import Kind, Rule, dump_rule
from okat.engine.eligibility.nodes import Compare, Exists, HasAll, HasAny, IsTrue, Not, OneOf, Source
from okat.files.city import read_city

pytestmark = pytest.mark.django_db
FOLDER = Path("cities/khon-kaen")
LAW = Source("กฎ", "ทดสอบ", True)
SAID = {"income_head": "under-1500", "steady": False, "reads": True}


@pytest.fixture
def city() -> SmallCity:
    made = small_city.build()
    load_terms(city=read_city(FOLDER), by=system_user())
    load_questionnaires(folder=FOLDER / "questionnaires", by=system_user())
    return made


def pin(city: SmallCity, name: str, **more: Any) -> Person:
    worker = city.users[Role.FIELD_WORKER]
    care = ConsentRow(Purpose.CARE, city.here, How.SIGNATURE, sensitive=True)
    answers = {**SAID, **more.pop("answers", {})}
    row = PinRow(
        area=city.here.area, given=name, consents=(care,), questionnaire="vulnerability", answers=answers, **more
    )  # fmt: skip
    made = people.pin_person(row=row, partner=city.here, by=worker)
    # The yes is given anew without what is sensitive: from now on they see the record, and not that.
    people.record_consent(person=made, given=ConsentRow(Purpose.CARE, city.here), by=worker, partner=city.here)
    assert not may_see_sensitive(worker, made)
    return Person.objects.select_related("key", "area").get(pk=made.pk)


@pytest.fixture
def two(city: SmallCity) -> tuple[Person, Person]:
    """One with a disability, a card, a situation of the kind and no other, and a long illness; one without."""
    sick = Term.objects.filter(vocabulary="situation", sensitive=True).order_by("id")[0].code
    kind = Term.objects.filter(vocabulary="disability").order_by("id")[0].code
    one = pin(
        city, "หนึ่ง", situations=(sick,), disabilities=(Disability(kind, 1),), disability_card=True,
        answers={"care_health": "help", "able_to_work": False},
    )  # fmt: skip
    return one, pin(city, "สอง")


def rules() -> Iterator[Rule]:
    """What one condition may ask of each fact of the city, and its opposite."""
    for fact in solve.facts():
        codes = tuple(code for code, _words in fact.codes)
        found: list[Rule] = [Exists(fact.name, LAW)] if fact.optional else []
        if fact.kind is Kind.BOOL:
            found.append(IsTrue(fact.name, LAW))
        elif fact.kind in {Kind.INT, Kind.NUMBER}:
            found += [
                Compare(fact.name, ">=", n if fact.kind is Kind.INT else Decimal(n), LAW) for n in range(5, 100, 5)
            ]
        elif fact.kind is Kind.CODE and codes:
            found += [OneOf(fact.name, (code,), LAW) for code in codes]
        elif fact.kind is Kind.CODES and codes:
            found += [each(fact.name, (code,), LAW) for code in codes for each in (HasAny, HasAll)]
        yield from (either for rule in found for either in (rule, Not(rule)))


def test_no_rule_that_may_be_asked_about_tells_two_apart(city: SmallCity, two: tuple[Person, Person]) -> None:
    one, other = two
    now, worker = clock.now(), city.users[Role.FIELD_WORKER]
    scorer = Scorer(known([one.pk, other.pk]), now, now.date())
    asked, hidden = 0, 0
    for rule in rules():
        data = dump_rule(rule)
        offer = Opportunity(rule=data, rule_digest=solve.digest(data))
        said = [line.refusal(person, offer) for person in two]
        differs = said[0] != said[1]
        if solve.tells(offer, frozenset()):
            hidden += differs
        else:
            asked += 1
            assert not differs, data
            assert scorer.refused(one.pk, Place(opportunity=offer)) == scorer.refused(
                other.pk, Place(opportunity=offer)
            )
        assert verdict_for(data, one, worker) == verdict_for(data, other, worker), data
    assert asked > 100  # that the walk asks something
    assert hidden  # and that the two differ where it is hidden


def test_what_the_citys_own_questions_mark_as_sensitive_is_so(settings: Any, tmp_path: Path) -> None:
    rule = IsTrue("reads", LAW)
    assert not solve.asks_sensitive(rule)
    settings.CITY = shutil.copytree(FOLDER, tmp_path / "city")
    path = settings.CITY / "questionnaires" / "vulnerability.json"
    data = json.loads(path.read_text())
    next(each for each in data["questions"] if each.get("fact") == "reads")["sensitive"] = True
    path.write_text(json.dumps(data))
    assert solve.asks_sensitive(rule)


def test_the_score_is_not_read_from_what_a_rule_answers(city: SmallCity, two: tuple[Person, Person]) -> None:
    """A worker who sees the record without what is sensitive tries one number after another."""
    person, worker = two[0], city.users[Role.FIELD_WORKER]
    score, client = Score.objects.get(person=person, current=True).value, Client()
    sign_in_fully(client, worker)
    answers = set()
    for number in (score, score + 1):
        rule = dump_rule(Compare("vulnerability", ">=", number, LAW))
        row = OpportunityRow(
            provider=city.here.code, area=city.here.area.code, kind="interest", title_th="ทอผ้า", capacity=1, rule=rule
        )  # fmt: skip
        course = Opportunity.objects.get(pk=publish_many(rows=[row], by=system_user()).ids[0])
        actions.set_first_come(opportunity=course, on=True, by=city.users[Role.OFFICER])
        where = f"/learning/{course.pk}/place/?person={person.pk}"
        page = client.get(where)
        sent = words_on(client, where) if page.status_code == 200 else {}
        answer = client.post(where, {"do": "take", "agreed": "on", "how": "verbal", **sent})
        answers.add((page.status_code, answer.status_code, getattr(answer, "url", "")))
    assert answers == {(302, 302, f"/people/{person.pk}/")}
    assert not Enrolment.objects.exists()
