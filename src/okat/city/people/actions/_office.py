"""People from an office's table: rows of the reader to rows of a pin."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from okat.city.accounts.models import User
from okat.city.core import audit, clock
from okat.city.core.in_use import in_use
from okat.city.core.models import DataKey
from okat.city.core.permissions import Permission
from okat.city.partners.models import Partner
from okat.city.people.actions._locks import hold_to_delete
from okat.city.people.actions._office_place import Places, house_of
from okat.city.people.actions._office_there import may_be_one, there, twice_told
from okat.city.people.actions._pairs import propose
from okat.city.people.actions._same import sought
from okat.city.people.actions._telling import tells
from okat.city.people.actions.pin import pin_many
from okat.city.people.actions.rows import ConsentRow, PinRow
from okat.city.people.models import Grant, Household, ImportBatch, Person
from okat.city.people.queries.importing import LAW, NOT_EXPLICIT, Prepared, Rest, Undone, row_error
from okat.city.people.queries.joining import paired
from okat.city.people.queries.scope import visible_to
from okat.city.people.rules import SENSITIVE_LAWS, Disability, How, PeopleError, Purpose, check_birth, needs_guardian
from okat.city.people.rules.in_use import SEEN
from okat.city.places.models import Area
from okat.city.taxonomy.models import Term, Vocabulary
from okat.city.taxonomy.queries import wording_key
from okat.city.taxonomy.queries import words as city_words
from okat.files.office import ParsedRow, RowError, listed, vocabulary
from okat.thai.dates import format_be
from okat.thai.partial import PartialDate, age

_SEX = {"male": "m", "female": "f", "other": "x"}
# What an office writes on the way of a consent, where a record can say the same.
_HOW = {"written": How.SIGNATURE, "thumb": How.THUMB, "spoken": How.VERBAL, "guardian": How.GUARDIAN}
_NO_WAY = (
    (
        "ไฟล์บอกว่ายินยอม แต่ไม่บอกวิธีที่บันทึกได้ กรุณาเพิ่มคอลัมน์ “วิธีให้ความยินยอม” (ลงชื่อ พิมพ์ลายนิ้วมือ วาจา หรือผู้ปกครอง) "
        "หรือเลือกไม่อ่านคอลัมน์ความยินยอม"
    ),
    (
        "the file says that consent was given, but in no way that a record can say: add the column “How consent was "
        "given” (written, thumb print, spoken, or by a parent or guardian), or leave the column of consent out"
    ),
)
_NOT_SAID = (
    (
        "ไม่ได้บันทึกความพิการและความต้องการด้านสุขภาพ เพราะไฟล์ไม่ได้บอกว่ายินยอมโดยชัดแจ้ง ถ้ายินยอม กรุณาเพิ่มคอลัมน์ "
        "“ยินยอมให้เก็บข้อมูลสุขภาพและความพิการ” (ใช่) แล้วส่งอีกครั้งก่อนนำเข้า"
    ),
    (
        "the disability and needs that tell of health are left out: the file does not say that they were agreed to "
        "explicitly. If they were, add a column “Explicit consent to health and disability data” (yes) and send it "
        "again"
    ),
)
_OUT_OF_REACH = (
    "ไม่ได้บันทึกความพิการและความต้องการด้านสุขภาพ เพราะกฎหมายที่เลือกไว้ไม่ครอบคลุมข้อมูลนี้",
    "the disability and needs that tell of health are left out: the law that was chosen does not reach them",
)
_REFUSED = (
    "ไม่ได้บันทึกความพิการและความต้องการด้านสุขภาพ เพราะไฟล์บอกว่าไม่ยินยอมให้เก็บข้อมูลนี้",
    "the disability and needs that tell of health are left out: the file says no to keeping them",
)
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
        read = [(parsed, row) for parsed in rows if (row := reader.read(parsed)) is not None]
        looked = sought(row for _parsed, row in read)
        known = there(partner, looked)
        fresh, passed = [], []
        for (parsed, _row), one in zip(read, looked, strict=True):
            over, remark = known.judge(parsed, one, placed=reader.places.find(parsed.values).named)
            if over is not None:
                passed.append(over)
                continue
            fresh.append((parsed, one))
            reader.warnings += [remark] if remark is not None else []
        reader.warnings += twice_told(fresh)
        going = [one.row for _parsed, one in fresh]
        lawful = sum(not row.consents for row in going)
        return Prepared(going, reader.errors, reader.warnings, passed, lawful)

    def write(self, ready: Sequence[PinRow], batch: ImportBatch, by: User) -> int:
        ids = pin_many(rows=ready, partner=batch.partner, by=by, batch=batch)
        for person, other in may_be_one(batch, ids, sought(ready)):
            propose(person, other, source="import", by=by)
        return len(ids)

    def undone(self, batch: ImportBatch, by: User) -> Undone:
        """People whom nobody has touched since, in whatever app, go with their keys; the others stay."""
        mine = dict(Person.objects.filter(batch=batch).values_list("pk", "version"))
        stays: dict[UUID, list[str]] = {pk: list(why) for pk, why in in_use(Person, mine, batch.done_at).items()}
        if any(str(SEEN) in why for why in stays.values()):  # what a joined record brought along is the office's own
            since = Grant.objects.filter(person__in=mine, since__gt=batch.done_at).exclude(partner=batch.partner)
            others = set(since.values_list("person", flat=True))
            for pk, why in stays.items():
                stays[pk] = [each for each in why if each != str(SEEN) or pk in others]
            stays = {pk: why for pk, why in stays.items() if why}
        for pk in paired(mine, visible_to(by), since=batch.done_at):
            stays.setdefault(pk, []).append(_("may be the same person as another"))
        own = set(Person.objects.filter(batch=batch).exclude(user=None).values_list("pk", flat=True))
        for pk, version in mine.items():
            if version > 1:
                stays.setdefault(pk, []).append(_("was changed"))
            if pk in own:
                stays.setdefault(pk, []).append(_("has an account"))
        return Undone([pk for pk in mine if pk not in stays], stays)

    def undo(self, batch: ImportBatch, by: User) -> tuple[int, int]:
        hold_to_delete(Person.objects.filter(batch=batch).values_list("pk", flat=True))
        found = self.undone(batch, by)
        gone = list(Person.objects.filter(pk__in=found.goes))
        audit.record_many(by=by, verb="people.undo_pin", subjects=gone, partner=batch.partner.code)
        keys = [person.key_id for person in gone if person.key_id]
        Grant.objects.filter(person__in=gone).delete()
        Person.objects.filter(pk__in=found.goes).delete()
        DataKey.objects.filter(pk__in=keys).delete()
        Household.objects.filter(batch=batch, members=None).delete()
        return len(gone), len(found.stays)


class _Reader:
    """Reads the rows of one file; collects what is wrong."""

    def __init__(self, partner: Partner) -> None:
        self.partner = partner
        self.errors: list[RowError] = []
        self.warnings: list[RowError] = []
        self.places = Places(partner.area)
        self._today = clock.today()
        self._known = city_words()
        self._needs = self._known.by_wording(Vocabulary.NEED)
        self._schooling = set(Term.objects.filter(vocabulary=Vocabulary.EDUCATION).values_list("code", flat=True))
        self._versions = dict(Term.objects.filter(vocabulary=Vocabulary.DISABILITY).values_list("code", "version"))

    def read(self, parsed: ParsedRow) -> PinRow | None:
        """The row of a pin, or None with an error noted."""
        values, wrong = parsed.values, len(self.errors)
        rest = Rest(parsed.number, self.warnings)
        area = self._area(parsed, rest)
        birth = self._birth(values, rest)
        try:
            check_birth(birth, self._today)
        except PeopleError as error:
            self._wrong(parsed, "birth_date", error.code, str(error), str(error))
            return None
        needs = self._needs_of(values.get("needs", ()), rest)
        consents = self._consents(parsed, birth, rest)
        values, needs = self._allowed(values, needs, consents, rest)
        return None if len(self.errors) > wrong else self._row(values, area, birth, needs, consents, rest)

    def _allowed(
        self, values: Mapping[str, Any], needs: tuple[str, ...], consents: Sequence[ConsentRow], rest: Rest
    ) -> tuple[Mapping[str, Any], tuple[str, ...]]:  # fmt: skip
        """The row without what tells of health or a disability, where what it rests on does not reach that: a consent
        that is not explicit, a law for other things, or none that anybody has said; or where the file says no to it."""
        explicit = _explicit(values)
        if explicit if consents else values.get(LAW) in SENSITIVE_LAWS and explicit is not False:
            return values, needs
        plain = tuple(need for need in needs if not tells(self._known, needs=[need]))
        if (plain != needs or values.get("disabilities")) and (consents or values.get(LAW)):
            why = _REFUSED if explicit is False else _NOT_SAID if consents else _OUT_OF_REACH
            rest.remark("consent_sensitive", NOT_EXPLICIT, *why)
        return {name: value for name, value in values.items() if name != "disabilities"}, plain

    def _row(
        self, values: Mapping[str, Any], area: Area, birth: PartialDate | None, needs: tuple[str, ...],
        consents: tuple[ConsentRow, ...], rest: Rest,
    ) -> PinRow:  # fmt: skip
        pin = values.get("pin")
        if values.get("village_no") and not values.get("house_no"):
            rest.lines.append(f"หมู่ที่: {values['village_no']}")
        if contact := str(values.get("contact_phone", "")):
            rest.keep(
                "contact_phone", "โทรศัพท์ผู้ดูแลหรือญาติ", contact,
                "หมายเลขของผู้ดูแลหรือญาติไม่ใช่ของเจ้าตัว จึงเก็บไว้ในบันทึก",
                "the number of a carer or relative is not the person's own; it is kept in the note",
            )  # fmt: skip
        row = PinRow(
            area=area, birth=birth, sex=_SEX.get(str(values.get("sex", "")), ""), needs=needs,
            phone=_phone(values, rest), pin=pin.digits if pin else "",
            pin_flag=" ".join(sorted(pin.flags)) if pin else "", household=house_of(values, rest.number),
            household_role="head" if values.get("household_head") else "",
            education=self._schooling_of(values, rest), disabilities=self._disabilities(values),
            occupation=rest.fit("occupation", "อาชีพ", str(values.get("occupation", "")), 60),
            income=_baht(values.get("income"), rest), consents=consents,
            law=None if consents else values.get(LAW), no_health=_explicit(values) is False,
            title=rest.fit("title", "คำนำหน้า", values.get("title", ""), 40),
            given=values.get("given", ""), family=values.get("family", ""), nickname=values.get("nickname", ""),
        )  # fmt: skip
        notes = (values.get("situation"), values.get("address"), values.get("notes"), *values.get("aside", ()))
        return replace(row, note="\n".join(str(text) for text in (*notes, *rest.lines) if text))

    def _area(self, parsed: ParsedRow, rest: Rest) -> Area:
        found = self.places.find(parsed.values)
        if found.wrong:
            name = parsed.values[found.wrong]
            self._wrong(
                parsed, found.wrong, "area_unknown",
                f"ไม่พบพื้นที่ “{name}” หรือมีหลายแห่ง กรุณาใส่อำเภอและตำบลให้ครบ",
                f"the place “{name}” is not known, or there are several; give district and sub-district",
            )  # fmt: skip
        if found.community:
            rest.keep(
                "community", "ชุมชน", found.community,
                f"ไม่พบชุมชน “{found.community}” ในพื้นที่นี้ จึงเก็บชื่อไว้ในบันทึก",
                f"the community “{found.community}” is not known here; its name is kept in the note",
            )  # fmt: skip
        if found.assumed:
            home = self.partner.area
            why = ("ไม่ได้บอกตำบลหรืออำเภอ", "no sub-district or district is given")
            if found.unread:
                why = ("ที่อยู่ไม่ตรงกับพื้นที่ของหน่วยงาน", "the address names no place of the office's area")
            rest.remark(
                "subdistrict", "area_assumed", f"{why[0]} จึงใช้พื้นที่ของหน่วยงาน ({home.th})",
                f"{why[1]}; the office's own area ({home.en or home.th}) stands for it",
            )  # fmt: skip
        return found.area

    def _birth(self, values: Mapping[str, Any], rest: Rest) -> PartialDate | None:
        """The birth date; a bare age becomes the year in which most people of that age were born."""
        birth, said = values.get("birth_date"), values.get("age")
        if not isinstance(birth, PartialDate):
            return PartialDate(self._today.year - int(said)) if said is not None else None
        if said is not None and birth.first() <= self._today and not age(birth, self._today).about(int(said)):
            thai = "อายุไม่ตรงกับวันเกิด ใช้วันเกิด และเก็บอายุไว้ในบันทึก"
            english = "the age does not fit the birth date; the birth date is used, the age is kept in the note"
            rest.keep("age", "อายุ", said, thai, english)
        return birth

    def _consents(self, parsed: ParsedRow, birth: PartialDate | None, rest: Rest) -> tuple[ConsentRow, ...]:
        """What the file says was agreed to: on its day and in its way, or not at all."""
        values = parsed.values
        how, guardian = values.get("consent_how"), str(values.get("consent_by", ""))
        if not values.get("consent"):
            self._unsaid(values, rest)
            return ()
        way = _HOW.get(str(how or ""))
        on = self._day_of_consent(parsed, birth, rest)
        young = (birth is None or birth.first() <= (on or self._today)) and needs_guardian(birth, on or self._today)
        if way is None:
            self._wrong(parsed, "consent_how" if how else "consent", "consent_how", *_NO_WAY)
        elif young and way != How.GUARDIAN:
            self._wrong(
                parsed, "consent_how", "guardian",
                "วันที่ยินยอมอายุต่ำกว่า 20 ปี ผู้ปกครองต้องยินยอมด้วย กรุณาใส่วิธีเป็น “ผู้ปกครอง” และชื่อผู้ปกครอง",
                "under 20 on the day of consent, so a parent or guardian agrees too: write “guardian” and the name",
            )  # fmt: skip
        elif way == How.GUARDIAN and not guardian:
            self._wrong(
                parsed, "consent_by", "guardian_name",
                "กรุณาใส่ชื่อผู้ปกครองที่ให้ความยินยอมในคอลัมน์ “ชื่อผู้ปกครอง”",
                "write the name of the guardian who agreed in the column “ชื่อผู้ปกครอง”",
            )  # fmt: skip
        if guardian and way != How.GUARDIAN:
            rest.lines.append(f"ชื่อผู้ปกครอง: {guardian}")
        if way is None:
            return ()
        given = ConsentRow(
            Purpose.CARE, self.partner, way, sensitive=bool(_explicit(values)),
            witness=guardian if way == How.GUARDIAN else "", on=on,
        )  # fmt: skip
        return (given,)

    def _day_of_consent(self, parsed: ParsedRow, birth: PartialDate | None, rest: Rest) -> dt.date | None:
        day = parsed.values.get("consent_date")
        if not isinstance(day, PartialDate):
            rest.remark("consent_date", "consent_day_assumed", "ไม่ได้บอกวันที่ยินยอม จึงบันทึกเป็นวันที่นำเข้า",
                        "the day of consent is not given; the day of the import stands for it")  # fmt: skip
            return None
        if not day.complete:
            self._wrong(parsed, "consent_date", "consent_day", "กรุณาเขียนวันที่ให้ความยินยอมให้ครบ วัน เดือน ปี",
                        "write the whole day on which consent was given")  # fmt: skip
            return None
        if birth is not None and birth.first() > day.first():
            self._wrong(parsed, "consent_date", "consent_before_birth", "วันที่ให้ความยินยอมอยู่ก่อนวันเกิด กรุณาตรวจทั้งสองวัน",
                        "consent was given before the birth date: check both days")  # fmt: skip
        return day.first()

    def _unsaid(self, values: Mapping[str, Any], rest: Rest) -> None:
        """A way or a day of consent without the consent itself is none; it stays in the note."""
        day, how = values.get("consent_date"), str(values.get("consent_how", ""))
        said = [_label("consent_how", how) if how else "", format_be(day) if isinstance(day, PartialDate) else ""]
        if told := " ".join(filter(None, said)):
            rest.keep(
                "consent_date", "ความยินยอมตามไฟล์", told,
                "ไฟล์ไม่ได้บอกว่ายินยอมหรือไม่ จึงไม่บันทึกเป็นความยินยอม เก็บไว้ในบันทึก",
                "the file does not say whether consent was given; what it says is kept in the note",
            )  # fmt: skip
        if values.get("consent_sensitive"):
            rest.keep(
                "consent_sensitive", "ความยินยอมให้เก็บข้อมูลสุขภาพตามไฟล์", "ใช่",
                "ไฟล์ไม่ได้บอกว่ายินยอมให้เก็บข้อมูลหรือไม่ จึงไม่บันทึกเป็นความยินยอม เก็บไว้ในบันทึก",
                "the file does not say whether the record may be kept; what it says of health is kept in the note",
            )  # fmt: skip
        if values.get("consent_by"):
            rest.lines.append(f"ชื่อผู้ปกครอง: {values['consent_by']}")

    def _schooling_of(self, values: Mapping[str, Any], rest: Rest) -> str:
        """The city's own word; where that is another than the file's, the file's is kept too."""
        said = str(values.get("education", ""))
        code = _EDUCATION.get(said, said)
        found = code if code in self._schooling else ""
        if said and found != said.replace("_", "-"):
            rest.keep(
                "education", "ระดับการศึกษา", _label("education", said),
                "เมืองไม่มีคำนี้ในระดับการศึกษา จึงเก็บคำเดิมไว้ในบันทึก",
                "the city has no such level of schooling; the file's word is kept in the note",
            )  # fmt: skip
        return found

    def _disabilities(self, values: Mapping[str, Any]) -> tuple[Disability, ...]:
        return tuple(Disability(code, self._versions.get(code, "")) for code in values.get("disabilities", ()))

    def _needs_of(self, wanted: Iterable[str], rest: Rest) -> tuple[str, ...]:
        """Codes of the city's words; what is in nobody's words is kept as a note."""
        found = listed(wanted, lambda text: self._needs.get(wording_key(text)))
        if other := ", ".join(text for text, code in found.items() if code is None):
            rest.keep(
                "needs", "ความต้องการ", other, "บางความต้องการไม่อยู่ในคำของเมือง จึงเก็บไว้ในบันทึก",
                "some needs are not among the city's words; they are kept in the note",
            )  # fmt: skip
        return tuple(dict.fromkeys(code for code in found.values() if code))

    def _wrong(self, parsed: ParsedRow, field: str, code: str, thai: str, english: str) -> None:
        self.errors.append(row_error(parsed.number, field, code, thai, english))


def _phone(values: Mapping[str, Any], rest: Rest) -> str:
    """The first number; the others, and an extension, are kept beside."""
    first, *others = values.get("phones") or (None,)
    if first is not None and (others or first.extension):
        all_of_them = ", ".join(phone.formatted() for phone in (first, *others))
        thai = "ใช้หมายเลขแรก ทุกหมายเลขเก็บไว้ในบันทึก"
        rest.keep("phones", "โทรศัพท์", all_of_them, thai, "the first number is used; all are kept in the note")
    return first.number if first is not None else ""


def _baht(value: Any, rest: Rest) -> int | None:
    if value is not None and value != int(value):
        thai, english = f"เก็บเป็นบาทถ้วน จำนวนเต็ม {value} อยู่ในบันทึก", f"kept in whole baht; {value} is in the note"
        rest.keep("income", "รายได้ต่อเดือน", value, thai, english)
    return None if value is None else int(value)


def _explicit(values: Mapping[str, Any]) -> bool | None:
    """What the file says of health and disability; a no in any of its columns is a no."""
    explicit: bool | None = values.get("consent_sensitive")
    return False if values.get("refused_sensitive") else explicit


def _label(field: str, code: str) -> str:
    choices = vocabulary("people").field(field).choices
    return choices.labels.get(code, (code, code))[0] if choices is not None else code
