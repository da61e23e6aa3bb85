"""Turns rows into the records of a pin and writes them in a constant number of statements."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.core import clock
from okat.city.core.bulk import copy_in, copy_values
from okat.city.core.ids import new_id
from okat.city.core.models import DataKey
from okat.city.partners.models import Partner
from okat.city.partners.queries import check_stay
from okat.city.people import rules
from okat.city.people.actions._answers import answer_records
from okat.city.people.actions._bases import basis_of
from okat.city.people.actions._telling import law_unsaid, refused, tells
from okat.city.people.actions.rows import ConsentRow, HouseRow, PinRow
from okat.city.people.models import (
    Answers,
    Basis,
    Consent,
    Grant,
    Household,
    ImportBatch,
    Need,
    Person,
    PersonKey,
    Questionnaire,
    Score,
    Visit,
    Wording,
)
from okat.city.people.queries.search import fold_names, pin_hash
from okat.city.people.rules import Law, PeopleError, Purpose, Why
from okat.city.people.rules.wording import Words
from okat.city.people.solve import codes_of
from okat.city.taxonomy.models import Term, Vocabulary
from okat.city.taxonomy.queries import Words as CityWords
from okat.city.taxonomy.queries import words
from okat.thai.sort import sort_key
from okat.thai.text import normalise

# What `sealed` repeats for the history, and what the rights screens export.
PERSONAL = (
    "title", "given", "family", "nickname", "sex", "birth", "phone", "lat", "lon", "household_role", "education",
    "occupation", "income", "situations",
)  # fmt: skip


@dataclass
class Builder:
    """Collects rows; `save` writes them. Use inside one transaction."""

    partner: Partner
    by: User
    batch: ImportBatch | None = None
    responsible: User | None = None
    people: list[Person] = field(default_factory=list)
    _keys: list[DataKey] = field(default_factory=list)
    _houses: dict[str, Household] = field(default_factory=dict)
    _needs: list[Need] = field(default_factory=list)
    _consents: list[Consent] = field(default_factory=list)
    _given: list[ConsentRow] = field(default_factory=list)
    _grants: list[Grant] = field(default_factory=list)
    _bases: dict[Law, Basis] = field(default_factory=dict)
    _answers: list[Answers] = field(default_factory=list)
    _scores: list[Score] = field(default_factory=list)
    _visits: list[Visit] = field(default_factory=list)
    _terms: dict[str, Term] = field(default_factory=dict)
    _forms: dict[str, Questionnaire] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.now, self._known = clock.now(), words()
        self._terms = {t.code: t for t in Term.objects.filter(vocabulary=Vocabulary.NEED)}
        self._forms = {q.code: q for q in Questionnaire.objects.filter(active=True)}

    def add(self, row: PinRow) -> Person:
        """Raises PeopleError where the row cannot be pinned."""
        check_row(row, self._known)
        key = DataKey.fresh()
        person = Person(
            id=row.id or new_id(), key=key, area=row.area, lat=row.lat, lon=row.lon, papers=row.papers,
            household=self._house(row), household_role=row.household_role, registered_by=self.partner,
            responsible=self.responsible, created_by=self.by, batch=self.batch, noted_at=row.noted_at,
        )  # fmt: skip
        fill(person, row)
        self._keys.append(key)
        self.people.append(person)
        self._consent(person, row)
        self._need(person, row)
        if row.note and person.key is not None:
            sealed = person.key.seal(row.note)
            self._visits.append(
                Visit(
                    person=person,
                    kind=rules.VisitKind.NOTE,
                    note_sealed=sealed,
                    partner=self.partner,
                    by=self.by,
                    at=self.now,
                )
            )
        if row.answers:
            self._answer(person, row)
        return person

    def save(self) -> None:
        """Raises LeftError where an office that gets something has left the network."""
        check_stay(self.partner.pk, *(given.recipient.pk for given in self._given))
        houses = [h for h in self._houses.values() if h._state.adding]
        made: tuple[Sequence[Model], ...] = (
            self._keys, houses, self.people, self._consents, self._grants, self._needs, self._answers, self._scores,
            self._visits,
        )  # fmt: skip
        keep_words(row.words for row in self._given if row.words is not None)
        for rows in made:
            copy_in(rows)
        save_keys(self.people)

    def _house(self, row: PinRow) -> Household | None:
        house = row.household
        if house is None:
            return None
        name = str(house.id or house.key)
        if name not in self._houses:
            known = Household.objects.filter(pk=house.id).first() if house.id else None
            self._houses[name] = known or self._new_house(house, row)
        return self._houses[name]

    def _new_house(self, house: HouseRow, row: PinRow) -> Household:
        rules.check_point(house.lat, house.lon)
        return Household(
            id=house.id or new_id(), area=row.area, house=normalise(house.house)[:160], tenure=house.tenure,
            lat=house.lat, lon=house.lon, registered_by=self.partner, batch=self.batch,
        )  # fmt: skip

    def _consent(self, person: Person, row: PinRow) -> None:
        made = [consent_record(person, given, self.by) for given in row.consents]
        self._consents += made
        self._given += row.consents
        care = next((c for c in made if c.purpose == Purpose.CARE and c.recipient_id == self.partner.pk), None)
        if care is None and row.law is None and self.batch is not None:
            raise law_unsaid()
        basis = self._basis(row.law or Law.TASK) if care is None else None
        self._grants.append(
            Grant(
                person=person, partner=self.partner, reason=Why.PIN, source=f"pin:{person.pk}", since=self.now,
                consent=care, basis=basis, sensitive=care.sensitive if care else row.health_by_law,
            )
        )  # fmt: skip
        self._grants += [
            consent_grant(c) for c in made if c.purpose == Purpose.CARE and c.recipient_id != self.partner.pk
        ]

    def _basis(self, law: Law) -> Basis:
        """What records without a consent rest on: one row for a file, one for all that is registered otherwise."""
        if law not in self._bases:
            source = f"import:{self.batch.pk}" if self.batch else "register"
            self._bases[law] = basis_of(self.partner, law, source)
        return self._bases[law]

    def _need(self, person: Person, row: PinRow) -> None:
        note = person.key.seal(row.need_note) if row.need_note and person.key else None
        for code in dict.fromkeys(row.needs):
            if code not in self._terms:
                raise PeopleError("need_unknown", _("This need is not among the city's words."))
            self._needs.append(
                Need(
                    person=person,
                    term=self._terms[code],
                    note_sealed=note,
                    partner=self.partner,
                    by=self.by,
                    since=self.now,
                )
            )

    def _answer(self, person: Person, row: PinRow) -> None:
        form = self._forms.get(row.questionnaire)
        if form is None:
            raise PeopleError("questionnaire_unknown", _("This questionnaire is not in use."))
        said, score = answer_records(person, form, row.answers, self.partner, self.by)
        self._answers.append(said)
        self._scores.append(score)


def check_row(row: PinRow, known: CityWords) -> None:
    """Raises PeopleError for what no record may hold, by the city's words as they are `known`."""
    if not normalise(row.given) and not normalise(row.nickname):
        raise PeopleError("no_name", _("Write a name; a nickname is enough."))
    rules.check_birth(row.birth, clock.today())
    rules.check_point(row.lat, row.lon)
    rules.check_income(row.income)
    allowed = row.health_by_law or any(c.purpose == Purpose.CARE and c.sensitive for c in row.consents)
    if not allowed and tells(
        known, needs=row.needs, situations=row.situations, disabilities=row.disabilities, card=row.disability_card
    ):
        raise refused()


def fill(person: Person, row: PinRow) -> None:
    """Set the personal columns of a person, and their sealed copies."""
    for name, limit in (("title", 40), ("given", 120), ("family", 120), ("nickname", 60)):
        setattr(person, name, normalise(getattr(row, name))[:limit])
    person.sex, person.phone, person.education, person.occupation = row.sex, row.phone, row.education, row.occupation
    person.income, person.situations, person.pin_flag = row.income, sorted(set(row.situations)), row.pin_flag
    person.birth = row.birth.isoformat() if row.birth else ""
    person.birth_first = row.birth.first() if row.birth else None
    person.birth_last = row.birth.last() if row.birth else None
    assert person.key is not None
    person.pin_hash = pin_hash(row.pin) if row.pin else ""
    person.pin_sealed = person.key.seal(row.pin) if row.pin else None
    if row.disabilities or row.disability_card is not None:
        person.care_sealed = person.key.seal(care_of(row))
    seal_personal(person)


def care_of(row: PinRow) -> dict[str, object]:
    """The sensitive part as it is sealed."""
    return {"disabilities": [[d.type, d.version] for d in row.disabilities], "card": row.disability_card}


def personal_of(person: Person) -> dict[str, Any]:
    """What the sealed copy repeats. With the house, so that its page can say where somebody lived before."""
    home = person.household
    lived = {"household": str(home.pk) if home else "", "house": home.house if home else ""}
    return {name: getattr(person, name) for name in PERSONAL} | lived


def seal_personal(person: Person) -> None:
    """Bring the sealed copy and what follows from the names up to date; every change of a person ends here."""
    assert person.key is not None
    person.sealed = person.key.seal(personal_of(person))
    person.sort = sort_key(f"{person.given} {person.family}".strip() or person.nickname)[:400]
    person.find = fold_names(person.given, person.family, person.nickname, title=person.title)


def save_keys(people: list[Person], *, anew: bool = False) -> None:
    """File people under their keys for possible duplicates; `anew` after a change."""
    if anew:
        PersonKey.objects.filter(person__in=people).delete()
    filed = ((person.pk, code) for person in people for code in codes_of(person))
    copy_values(PersonKey, ("person_id", "code"), filed)


def consent_record(person: Person, given: ConsentRow, by: User) -> Consent:
    assert person.key is not None
    return Consent(
        id=new_id(), person=person, purpose=given.purpose, recipient=given.recipient, sensitive=given.sensitive,
        how=given.how, terms=given.words.version if given.words else "", by=by, at=_given_at(given),
        evidence=given.evidence,
        words_id=given.words.digest if given.words else None,
        witness_sealed=person.key.seal(given.witness) if given.witness else None,
    )  # fmt: skip


def _given_at(given: ConsentRow) -> dt.datetime:
    """Now; of a consent on a day before, the beginning of that day."""
    return clock.now() if given.on is None else timezone.make_aware(dt.datetime.combine(given.on, dt.time()))


def keep_words(read: Iterable[Words]) -> None:
    """What was read, once for all who read the same."""
    texts = {words.digest: words for words in read}
    rows = [Wording(digest=digest, language=words.language, text=words.text) for digest, words in texts.items()]
    Wording.objects.bulk_create(rows, ignore_conflicts=True)


def consent_grant(consent: Consent) -> Grant:
    """What a consent to keep the record opens to its recipient."""
    return Grant(
        person=consent.person, partner=consent.recipient, reason=Why.CONSENT, source=f"consent:{consent.pk}",
        sensitive=consent.sensitive, consent=consent, since=clock.now(),
    )  # fmt: skip
