"""Who may see whom, after any history: what people said, offices did and records became, in any order.

The definition stands in `World.words`. It knows no grants: only who said yes to whom, for what, and what was opened
by it.
"""

import contextlib
import datetime as dt
import random
import re
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pytest
from django.db import transaction
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.amounts import amounts
from tests.people.conftest import City, member

from okat.city.accounts.models import User
from okat.city.accounts.queries import system_user
from okat.city.cases import actions as cases
from okat.city.cases.models import Case
from okat.city.cases.rules import CaseError
from okat.city.core import clock
from okat.city.partners.actions import LeavingError, leave_network
from okat.city.partners.models import Partner
from okat.city.partners.rules import LeftError, Role
from okat.city.people import actions as people
from okat.city.people.actions import ConsentRow
from okat.city.people.models import Basis, Consent, Grant, Merge, Person
from okat.city.people.queries import may_see_sensitive, standing, visible_to
from okat.city.people.rules import HIDDEN, HIDDEN_TITLE, How, Law, PeopleError, Purpose, Why
from okat.city.taxonomy.models import Term

CARE, REFER = Purpose.CARE, Purpose.REFER
WENT: list[int] = []  # offices that left in the histories of one run


class UndoneError(Exception):
    pass


@dataclass
class World:
    """What happened, as a neighbour would tell it. Offices and records by their keys."""

    city: City
    offices: list[Partner]
    readers: dict[int, User]
    people: list[Person]
    said: dict[tuple[UUID, Purpose, int], bool] = field(default_factory=dict)  # a yes in force: with health or not
    opened: dict[str, tuple[UUID, int, UUID]] = field(default_factory=dict)  # what for: whom, to whom, by whose yes
    lawful: dict[tuple[UUID, int], bool] = field(default_factory=dict)
    left: set[int] = field(default_factory=set)
    into: dict[UUID, UUID] = field(default_factory=dict)  # joined records, in the order in which they were
    # A yes that was given anew while joined: under which record it stands, and how far it is this record's word too.
    anew: dict[tuple[UUID, Purpose, int], tuple[UUID, bool]] = field(default_factory=dict)

    def group(self, record: UUID) -> list[UUID]:
        found = [record]
        for one in found:
            found += [gone for gone, keep in self.into.items() if keep == one]
        return found

    def kept(self, record: UUID) -> UUID:
        while record in self.into:
            record = self.into[record]
        return record

    def words(self, record: UUID, office: int) -> list[bool]:
        """By what the office sees the record, and whether that reaches what is sensitive. Empty: it does not."""
        if record in self.into or office in self.left:
            return []
        group = self.group(record)
        keep = [self.said[who, CARE, office] for who in group if (who, CARE, office) in self.said]
        passed = [self.said[who, REFER, to] for whom, to, who in self.opened.values() if whom in group and to == office]
        law = [deep for (who, by), deep in self.lawful.items() if who in group and by == office]
        return keep + passed + law

    def yes(self, record: UUID, purpose: Purpose, office: int) -> UUID | None:
        return next((who for who in self.group(record) if (who, purpose, office) in self.said), None)

    def forget(self, record: UUID, purpose: Purpose, office: int, instead: UUID | None = None) -> None:
        """A yes is taken back; or given anew, and what was passed on by it rests on the new one."""
        for who in self.group(record):
            self.said.pop((who, purpose, office), None)
            self.anew.pop((who, purpose, office), None)
        for name, (whom, to, who) in list(self.opened.items()):
            if purpose is REFER and to == office and who in self.group(record):
                if instead is None:
                    del self.opened[name]
                else:
                    self.opened[name] = (whom, to, instead)

    # What may happen. Each does it through the real action, and notes it only where that was taken.

    def give(self, person: Person, purpose: Purpose, office: Partner, deep: bool, _keep: Person) -> None:
        row = ConsentRow(purpose, office, sensitive=deep)
        people.record_consent(person=person, given=row, by=self.city.teacher)
        keys = [(who, purpose, office.pk) for who in self.group(person.pk) if who != person.pk]
        both = {one: deep and self.said[one] for one in keys if one in self.said}
        both |= {one: deep and self.anew[one][1] for one in keys if one in self.anew}
        self.forget(person.pk, purpose, office.pk, instead=person.pk)
        self.said[person.pk, purpose, office.pk] = deep
        self.anew |= {one: (person.pk, reach) for one, reach in both.items()}

    def withdraw(self, person: Person, purpose: Purpose, office: Partner, _deep: bool, _keep: Person) -> None:
        found = Consent.objects.filter(person=person, purpose=purpose, recipient=office, withdrawn_at=None).first()
        if found is not None:
            people.withdraw_consent(consent=found, by=self.city.teacher)
            self.forget(self.kept(person.pk), purpose, office.pk)  # words of joined records are one human's

    def hand_over(self, person: Person, _purpose: Purpose, office: Partner, _deep: bool, _keep: Person) -> None:
        case = Case.objects.filter(person=person).select_related("owner").order_by("id").first()
        if case is not None and case.owner_id in self.readers:
            cases.hand_over(case=case, to=office, by=self.readers[case.owner_id])
            self.opened[f"case:{case.pk}"] = (person.pk, office.pk, self._by(person, office))

    def share(self, person: Person, _purpose: Purpose, office: Partner, _deep: bool, _keep: Person) -> None:
        consent = Consent.objects.filter(person=person, purpose=REFER, recipient=office, withdrawn_at=None).first()
        name = f"referral:{person.pk}:{office.pk}"
        if consent is not None and name not in self.opened:
            people.grant(
                person=person, partner=office, reason=Why.REFERRAL, source=name, rests_on=consent, by=self.city.teacher
            )
            self.opened[name] = (person.pk, office.pk, self._by(person, office))

    def pass_on(self, person: Person, purpose: Purpose, office: Partner, deep: bool, keep: Person) -> None:
        self.give(person, REFER, office, deep, keep)
        self.share(person, purpose, office, deep, keep)

    def unshare(self, person: Person, _purpose: Purpose, office: Partner, _deep: bool, _keep: Person) -> None:
        name = f"referral:{person.pk}:{office.pk}"
        people.end_grant(source=name, by=self.city.teacher)
        self.opened.pop(name, None)

    def end_law(self, _person: Person, _purpose: Purpose, office: Partner, _deep: bool, _keep: Person) -> None:
        for basis in Basis.objects.filter(partner=office, ended_at=None):
            people.end_basis(basis=basis, by=self.city.teacher)
        self.lawful = {key: deep for key, deep in self.lawful.items() if key[1] != office.pk}

    def go(self, _person: Person, _purpose: Purpose, office: Partner, _deep: bool, _keep: Person) -> None:
        """It leaves, and whoever takes over its duties holds by law what it held, without what is sensitive."""
        to = next((one for one in self.offices if one.pk not in {office.pk, *self.left}), None)
        if to is None or office.pk in self.left:
            return
        home = {row.pk for row in Person.objects.filter(registered_by=office)}
        held = [
            row.pk
            for row in self.people
            if row.pk not in self.into and (row.pk in home or self.words(row.pk, office.pk))
        ]
        leave_network(partner=office, reason="ended", successor=to, by=self.city.teacher)
        self.left.add(office.pk)
        WENT.append(office.pk)
        for person in held:
            self.lawful.setdefault((person, to.pk), False)

    def leave(self, _person: Person, _purpose: Purpose, office: Partner, _deep: bool, _keep: Person) -> None:
        leave_network(partner=office, reason="ended", by=self.city.teacher)
        self.left.add(office.pk)
        self.opened = {
            name: one for name, one in self.opened.items() if not name.startswith("case:") or one[1] != office.pk
        }

    def merge(self, gone: Person, _purpose: Purpose, _office: Partner, _deep: bool, keep: Person) -> None:
        proposal = people.propose_merge(one=keep, other=gone, by=system_user())
        people.merge(proposal=proposal, keep=keep, by=self.city.teacher)
        self.into[gone.pk] = keep.pk

    def part(self, _person: Person, _purpose: Purpose, _office: Partner, _deep: bool, _keep: Person) -> None:
        done = Merge.objects.filter(undone_at=None).order_by("-at").first()
        if done is not None:
            people.undo_merge(merge=done, by=self.city.teacher)
            del self.into[done.gone_id]
            side = self.group(done.gone_id)
            self.each_keeps(side)
            self.each_keeps(self.group(done.kept_id))
            self.opened = {
                name: (whom, to, who) for name, (whom, to, who) in self.opened.items()
                if (whom in side) == (who in side)
            }  # fmt: skip

    def each_keeps(self, side: list[UUID]) -> None:
        """What was agreed anew in place of a word of this record, too, is its own word from now on."""
        for (who, purpose, office), (speaker, deep) in list(self.anew.items()):
            if who in side and speaker not in side:
                own = side[0], purpose, office
                self.said[own] = deep or self.said.get(own, False)
                self.anew[who, purpose, office] = (side[0], deep)
                for name, (whom, to, by) in list(self.opened.items()):
                    if purpose is REFER and to == office and whom in side and by == speaker:
                        self.opened[name] = (whom, to, side[0])
        for purpose, office in {(purpose, office) for _who, purpose, office in self.anew}:
            self.anew.pop((side[0], purpose, office), None)  # no echo beside the word itself

    def _by(self, person: Person, office: Partner) -> UUID:
        who = self.yes(person.pk, REFER, office.pk)
        assert who is not None
        return who


def world(city: City) -> World:
    """Two people whom the education office pinned, and one of its register; three offices that work everywhere."""
    third = Partner.objects.create(code="third", th="ที่สาม", en="third", kind="provincial", area=city.province)
    offices = [city.education, city.social, third]
    readers = {one.pk: member(one, Role.OFFICER, f"reader-{one.code}") for one in offices}
    for one in offices:  # whom a successor needs
        member(one, Role.MANAGER, f"manager-{one.code}")
    pinned = [city.pin("หนึ่ง"), city.pin("สอง")]
    people.pin_many(rows=[city.row("สาม", consents=(), law=Law.WELFARE)], partner=city.education, by=city.teacher)
    found = World(city, offices, readers, [*pinned, Person.objects.get(given="สาม")])
    found.said = {(one.pk, CARE, city.education.pk): True for one in pinned}
    found.lawful = {(found.people[2].pk, city.education.pk): True}
    for person in found.people:
        cases.propose(
            person=person, partner=city.education, by=readers[city.education.pk], need=Term.objects.get(code="income")
        )
    return found


def check(now: World, *, whole: bool) -> None:
    """By what hangs on the records; and by the queries, the same."""
    grants, people = list(Grant.objects.resting()), list(Person.objects.select_related("area"))
    for office, reader in now.readers.items():
        reader.__dict__.pop("_memberships", None)  # as a new request would
        seen = set(visible_to(reader).values_list("pk", flat=True)) if whole else None
        for row in people:
            words = now.words(row.pk, office)
            stands = standing(reader, row, [grant for grant in grants if grant.person_id == row.pk], ())
            assert (stands is not None) is bool(words), (row.given, office)
            assert stands is None or stands.sensitive is any(words), (row.given, office)
            if seen is not None:
                assert (row.pk in seen) is bool(words)
                assert not words or may_see_sensitive(reader, row) is any(words)


WORDS = (World.give, World.give, World.pass_on, World.pass_on, World.withdraw, World.share, World.hand_over)
RARE = (World.unshare, World.end_law, World.leave, World.go, World.go)
STEPS = 12


def step(now: World, chance: random.Random) -> None:
    """One deed; most concern the first two people and the second office, where histories meet."""
    who, other = chance.choice([(0, 1), (0, 1), (1, 0), (1, 0), (2, 0), (0, 2)])
    person, keep = (Person.objects.get(pk=now.people[n].pk) for n in (who, other))
    office = Partner.objects.get(pk=now.offices[chance.choice([1, 1, 1, 1, 0, 2])].pk)
    deed = chance.choice(WORDS * 2 + RARE + (World.part if now.into else World.merge,) * 5)
    with contextlib.suppress(PeopleError, CaseError, LeavingError, LeftError), transaction.atomic():
        deed(now, person, chance.choice([CARE, REFER]), office, chance.random() < 0.5, keep)


def test_a_word_given_while_joined_is_not_the_other_persons_once_they_are_apart(city: City) -> None:
    now = world(city)
    one, other, _third = now.people
    social = city.social
    now.merge(one, REFER, social, True, other)
    now.give(other, CARE, social, True, one)
    now.pass_on(other, REFER, social, True, one)
    check(now, whole=True)
    now.part(one, REFER, social, True, other)
    check(now, whole=True)
    assert not now.words(one.pk, social.pk)
    assert now.words(other.pk, social.pk) == [True, True]


@pytest.mark.parametrize("purpose", [CARE, REFER])
@pytest.mark.parametrize(("before", "anew"), [(True, False), (True, True), (False, True), (False, False)])
def test_a_word_given_anew_in_place_of_both_is_the_word_of_each(
    city: City, purpose: Purpose, before: bool, anew: bool
) -> None:
    """Narrowed while they were one, nothing was withdrawn: neither record is out of everybody's sight."""
    now = world(city)
    one, other, _third = now.people
    social = city.social
    for person in (one, other):
        now.give(person, purpose, social, before, person)
        now.share(person, purpose, social, before, person)
    now.merge(one, purpose, social, True, other)
    now.give(other, purpose, social, anew, one)
    check(now, whole=True)
    now.part(one, purpose, social, True, other)
    check(now, whole=True)
    assert now.words(one.pk, social.pk) == [before and anew]
    assert now.words(other.pk, social.pk) == [anew]
    now.withdraw(other, purpose, social, True, one)
    check(now, whole=True)
    assert now.words(one.pk, social.pk) == [before and anew]


def test_the_word_that_both_keep_is_the_same_text_and_day_and_a_withdrawal_stays_one_for_both(city: City) -> None:
    now = world(city)
    one, other, _third = (Person.objects.get(pk=person.pk) for person in now.people)
    now.merge(one, CARE, city.education, True, other)
    form = ConsentRow(CARE, city.education, How.WITNESS, witness="ป้าศรี", on=clock.today() - dt.timedelta(days=3))
    given = people.record_consent(person=other, given=form, by=city.teacher)
    people.undo_merge(merge=Merge.objects.get(), by=city.teacher)
    same = Consent.objects.get(person=one, withdrawn_at=None)
    assert (same.how, same.at, same.sensitive, same.words_id) == (given.how, given.at, False, given.words_id)
    assert Person.objects.get(pk=one.pk).unseal(same.witness_sealed) == "ป้าศรี"
    now.merge(one, CARE, city.education, True, other)
    again = people.record_consent(person=other, given=form, by=city.teacher)
    people.withdraw_consent(consent=again, by=city.teacher)
    people.undo_merge(merge=Merge.objects.get(undone_at=None), by=city.teacher)
    assert not Consent.objects.filter(withdrawn_at=None, person__in=[one.pk, other.pk]).exists()


def test_a_consent_given_twice_and_withdrawn_once_opens_nothing(city: City) -> None:
    person = city.pin()
    for deep in (True, False, True):
        now = people.record_consent(person=person, given=ConsentRow(CARE, city.social, sensitive=deep), by=city.teacher)
        assert may_see_sensitive(city.officer, person) is deep
    people.withdraw_consent(consent=now, by=city.teacher)
    assert not visible_to(city.officer).filter(pk=person.pk).exists()


def test_nothing_reads_grants_but_through_what_is_in_force() -> None:
    """Whoever asks for sight elsewhere asks `resting` or `in_force`, which look at what a grant rests on."""
    src = Path(people.__file__).parents[2]
    bare = re.compile(r"Grant\.objects(?!\.(?:resting|in_force)\(\))")
    found = [
        str(path.relative_to(src))
        for path in sorted(src.rglob("*.py"))
        if bare.search(path.read_text(encoding="utf-8"))
    ]
    ends = {
        "people/actions/by_law.py",
        "people/actions/_erase.py",
        "people/actions/_merging.py",
        "people/actions/_replaced.py",
        "people/actions/consent.py",
    }
    others = {
        "people/actions/_office.py",  # whether an import may be taken back
        "people/actions/_handover.py",  # makes and ends those of an office that leaves
        "people/queries/desk.py",  # whether there is anything to look for at all: the full question asks `in_force`
    }
    assert set(found) - ends == others


@amounts("histories", 12, 50)
def test_any_history_leaves_who_may_see_as_it_is_defined(histories: int, city: City) -> None:
    start = world(city)

    @settings(max_examples=histories, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.integers(0, 2**32))
    def live(seed: int) -> None:
        chance = random.Random(seed)
        with contextlib.suppress(UndoneError), transaction.atomic():
            now = World(
                start.city, start.offices, start.readers, start.people, dict(start.said), {}, dict(start.lawful)
            )
            for _ in range(STEPS):
                step(now, chance)
                check(now, whole=False)
            check(now, whole=True)
            raise UndoneError

    WENT.clear()
    live()
    assert len(WENT) >= histories // 5  # many of them meet an office that leaves


def test_what_stands_in_place_of_a_hidden_title_is_the_same_wherever_it_is_said() -> None:
    for language, said in HIDDEN_TITLE.items():
        with translation.override(language):
            assert said == str(HIDDEN)
