"""People from an office's table: rows of the reader to rows of a pin."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from okat.city.accounts.models import User
from okat.city.core import audit, clock
from okat.city.core.in_use import in_use
from okat.city.core.models import DataKey
from okat.city.core.permissions import Permission
from okat.city.partners.models import Partner
from okat.city.people.actions._locks import hold_people
from okat.city.people.actions._pairs import propose
from okat.city.people.actions._telling import tells
from okat.city.people.actions.pin import pin_many
from okat.city.people.actions.rows import ConsentRow, HouseRow, PinRow
from okat.city.people.models import Grant, Household, ImportBatch, Person
from okat.city.people.queries.importing import Prepared, Undone, row_error
from okat.city.people.queries.joining import numbered
from okat.city.people.queries.search import pin_hash
from okat.city.people.rules import OPEN_STATUSES, Disability, How, PeopleError, Purpose, Status, check_birth
from okat.city.places.models import Area
from okat.city.taxonomy.models import Term, Vocabulary
from okat.city.taxonomy.queries import words as city_words
from okat.files.office import ParsedRow, RowError
from okat.thai.partial import PartialDate
from okat.thai.text import fold, normalise

_SEX = {"male": "m", "female": "f", "other": "x"}
_HOW = {"written": How.SIGNATURE, "spoken": How.VERBAL, "electronic": How.ONLINE}
# Words of offices for schooling, in the city's own words.
_EDUCATION = {
    "preschool": "none",
    "some_primary": "below-primary",
    "lower_secondary": "lower-secondary",
    "upper_secondary": "upper-secondary",
    "vocational": "upper-secondary",
    "postgraduate": "bachelor",
}


class PeopleImporter:
    """Registered for the kind `people`."""

    permission = Permission.IMPORT_PEOPLE

    def defaults(self, partner: Partner) -> Mapping[str, Any]:
        return {}

    def prepare(self, rows: Sequence[ParsedRow], partner: Partner) -> Prepared:
        reader = _Reader(partner)
        ready = [(parsed.number, row) for parsed in rows if (row := reader.read(parsed)) is not None]
        there = _there(partner, [row for _number, row in ready])
        fresh = [row for _number, row in ready if _identity(row) not in there and _pin_of(row) not in there]
        return Prepared(fresh, reader.errors, reader.warnings, known=len(ready) - len(fresh))

    def write(self, ready: Sequence[PinRow], batch: ImportBatch, by: User) -> int:
        ids = pin_many(rows=ready, partner=batch.partner, by=by, batch=batch)
        hashes = [pin_hash(row.pin) for row in ready if row.pin]
        others: dict[str, Person] = {}
        for number, person in numbered(hashes):
            if person.batch_id != batch.pk:
                others.setdefault(number, person)
        for person in Person.objects.filter(batch=batch, pin_hash__in=others):
            propose(person, others[person.pin_hash], source="import", by=by)
        return len(ids)

    def undone(self, batch: ImportBatch) -> Undone:
        """People whom nobody has touched since, in whatever app, go with their keys; the others stay."""
        mine = dict(Person.objects.filter(batch=batch).values_list("pk", "version"))
        stays: dict[UUID, list[str]] = {pk: list(why) for pk, why in in_use(Person, mine, batch.done_at).items()}
        own = set(Person.objects.filter(batch=batch).exclude(user=None).values_list("pk", flat=True))
        for pk, version in mine.items():
            if version > 1:
                stays.setdefault(pk, []).append(_("was changed"))
            if pk in own:
                stays.setdefault(pk, []).append(_("has an account"))
        return Undone([pk for pk in mine if pk not in stays], stays)

    def undo(self, batch: ImportBatch, by: User) -> tuple[int, int]:
        hold_people(Person.objects.filter(batch=batch).values_list("pk", flat=True))
        found = self.undone(batch)
        gone = list(Person.objects.filter(pk__in=found.goes))
        audit.record_many(by=by, verb="people.undo_pin", subjects=gone, partner=batch.partner.code)
        keys = [person.key_id for person in gone if person.key_id]
        Grant.objects.filter(person__in=gone).delete()
        Person.objects.filter(pk__in=found.goes).delete()
        DataKey.objects.filter(pk__in=keys).delete()
        Household.objects.filter(batch=batch, members=None).delete()
        return len(gone), len(found.stays)


def _pin_of(row: PinRow) -> str:
    return pin_hash(row.pin) if row.pin else "-"


def _identity(row: PinRow) -> tuple[str, str, str, int]:
    birth = row.birth.isoformat() if row.birth else ""
    return normalise(row.given), normalise(row.family), birth, row.area.pk


def _there(partner: Partner, rows: Iterable[PinRow]) -> set[object]:
    """Numbers and identities that this partner's people have already: the same file twice makes nobody twice."""
    given = {normalise(row.given) for row in rows}
    held = Grant.objects.in_force().filter(partner=partner).values("person")
    mine = Person.objects.filter(
        Q(pk__in=held, status__in=OPEN_STATUSES) | Q(merged_into__in=held, status=Status.MERGED)
    )  # what a joined record says counts as well
    found: set[object] = set()
    for person in mine.filter(Q(given__in=given) | Q(pin_hash__in=[_pin_of(row) for row in rows if row.pin])):
        found.add((person.given, person.family, person.birth, person.area_id))
        if person.pin_hash:
            found.add(person.pin_hash)
    return found


class _Places:
    """Areas by folded name."""

    def __init__(self) -> None:
        self.by_name: dict[str, list[Area]] = {}
        for area in Area.objects.select_related("parent__parent"):
            for name in {fold(area.th), fold(area.en)} - {""}:
                self.by_name.setdefault(name, []).append(area)

    def find(self, values: Mapping[str, Any], home: Area) -> Area | str:
        """The narrowest area that the row names (none: the office's), or the name of the field that fits no area."""
        found: Area | None = None
        for field in ("district", "subdistrict", "community"):
            name = values.get(field)
            if not name:
                continue
            fitting = [a for a in self.by_name.get(fold(str(name)), []) if a.level == field]
            inside = [a for a in fitting if a.path.startswith((found or home).path)]
            if len(inside) == 1:
                found = inside[0]
            elif field != "community" or found is None:
                return field
        return found or home


class _Reader:
    """Reads the rows of one file; collects what is wrong."""

    def __init__(self, partner: Partner) -> None:
        self.partner = partner
        self.errors: list[RowError] = []
        self.warnings: list[RowError] = []
        self._places = _Places()
        self._today = clock.today()
        self._needs = _words(Vocabulary.NEED)
        self._known = city_words()
        self._schooling = set(Term.objects.filter(vocabulary=Vocabulary.EDUCATION).values_list("code", flat=True))
        self._versions = dict(Term.objects.filter(vocabulary=Vocabulary.DISABILITY).values_list("code", "version"))

    def read(self, parsed: ParsedRow) -> PinRow | None:
        """The row of a pin, or None with an error noted."""
        values = parsed.values
        area = self._places.find(values, self.partner.area)
        if isinstance(area, str):
            name = values[area]
            self._wrong(
                parsed, area, "area_unknown",
                f"ไม่พบพื้นที่ “{name}” หรือมีหลายแห่ง กรุณาใส่อำเภอและตำบลให้ครบ",
                f"the place “{name}” is not known, or there are several; give district and sub-district",
            )  # fmt: skip
            return None
        if values.get("consent") is False:
            self._wrong(parsed, "consent", "consent_refused", "ไม่ยินยอมให้เก็บข้อมูล กรุณาลบแถวนี้ออก",
                        "consent was refused: take this row out of the file")  # fmt: skip
            return None
        birth = self._birth(values)
        try:
            check_birth(birth, self._today)
        except PeopleError as error:
            self._wrong(parsed, "birth_date", error.code, str(error), str(error))
            return None
        return self._row(values, area, birth)

    def _row(self, values: Mapping[str, Any], area: Area, birth: PartialDate | None) -> PinRow:
        needs, rest = self._split_needs(values.get("needs", ()))
        pin = values.get("pin")
        disabilities = tuple(Disability(code, self._versions.get(code, "")) for code in values.get("disabilities", ()))
        notes = (", ".join(rest), values.get("situation", ""), values.get("address", ""), values.get("notes", ""))
        schooling = str(values.get("education", ""))
        schooling = _EDUCATION.get(schooling, schooling)
        return PinRow(
            area=area, birth=birth, sex=_SEX.get(str(values.get("sex", "")), ""), needs=needs,
            phone=values["phones"][0].number if values.get("phones") else "",
            pin=pin.digits if pin else "", pin_flag=" ".join(sorted(pin.flags)) if pin else "",
            household=_house(values), household_role="head" if values.get("household_head") else "",
            education=schooling if schooling in self._schooling else "", disabilities=disabilities,
            occupation=str(values.get("occupation", ""))[:60], income=_baht(values.get("income")),
            consents=self._consents(values, tells(self._known, needs=needs, disabilities=disabilities)), by_law=True,
            note="\n".join(str(text) for text in notes if text),
            title=values.get("title", ""), given=values.get("given", ""), family=values.get("family", ""),
            nickname=values.get("nickname", ""),
        )  # fmt: skip

    def _birth(self, values: Mapping[str, Any]) -> PartialDate | None:
        """The birth date; a bare age becomes the year in which most people of that age were born."""
        birth = values.get("birth_date")
        if isinstance(birth, PartialDate):
            return birth
        age = values.get("age")
        return PartialDate(self._today.year - int(age)) if age is not None else None

    def _consents(self, values: Mapping[str, Any], sensitive: bool) -> tuple[ConsentRow, ...]:
        if not values.get("consent"):
            return ()
        how = _HOW.get(str(values.get("consent_how", "")), How.SIGNATURE)
        return (ConsentRow(Purpose.CARE, self.partner, how, sensitive=sensitive),)

    def _split_needs(self, wanted: Iterable[str]) -> tuple[tuple[str, ...], list[str]]:
        """Codes of the city's words, and what is in nobody's words (kept as a note)."""
        codes: list[str] = []
        rest: list[str] = []
        for text in wanted:
            code = self._needs.get(fold(text))
            (codes if code else rest).append(code or text)
        return tuple(dict.fromkeys(codes)), rest

    def _wrong(self, parsed: ParsedRow, field: str, code: str, thai: str, english: str) -> None:
        self.errors.append(row_error(parsed.number, field, code, thai, english))


def _words(vocabulary: Vocabulary) -> dict[str, str]:
    found: dict[str, str] = {}
    for term in Term.objects.filter(vocabulary=vocabulary, active=True):
        for text in (term.code, term.th, term.en, *term.synonyms):
            found.setdefault(fold(text), term.code)
    return found


def _house(values: Mapping[str, Any]) -> HouseRow | None:
    number, village = str(values.get("house_no", "")), str(values.get("village_no", ""))
    told = " ".join(part for part in (number, f"หมู่ {village}" if village else "") if part)
    key = str(values.get("household", "")) or (f"{told}|{values.get('subdistrict', '')}" if number else "")
    return HouseRow(key=key, house=told or key) if key else None


def _baht(value: Any) -> int | None:
    return None if value is None else int(value)
