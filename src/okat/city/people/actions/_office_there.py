"""Who of an office's table is among the partner's people already: the same file twice makes nobody twice, and nobody is
taken for somebody else because of a name."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from okat.city.core import clock
from okat.city.partners.models import Partner
from okat.city.people.actions._renewed import Gone, agreed_since, gone
from okat.city.people.actions._same import Sought, doubtful, resembling, twice, who_is
from okat.city.people.actions.rows import PinRow
from okat.city.people.models import Grant, ImportBatch, LifeEvent, Person
from okat.city.people.queries.importing import row_error
from okat.city.people.queries.joining import numbered
from okat.city.people.queries.withdrawn import withdrawn
from okat.city.people.rules import OPEN_STATUSES, Status
from okat.city.people.rules.same_person import Known
from okat.files.office import ParsedRow, RowError, vocabulary
from okat.thai.dates import format_be
from okat.thai.partial import PartialDate, age
from okat.thai.text import normalise

Identity = tuple[str, str, str, int]

_TOLD = ("birth_date", "nickname", "sex", "phones", "education", "occupation", "income", "subdistrict")
NUMBER = ("มีเลขประจำตัวนี้อยู่แล้ว", "this identity number is here already")
DIFFERS = (
    "{said} แต่ไฟล์บอก {what} ไม่เหมือนกับที่มีอยู่ ไฟล์ไม่เปลี่ยนข้อมูลของคนที่มีอยู่แล้ว ถ้าไฟล์ถูก กรุณาแก้ที่หน้าของคนนั้น",
    (
        "{said}, but the file says otherwise of: {what}. A file changes nothing of a person who is here: if it is "
        "right, change it on the person's page"
    ),
)
OTHER_NAME = (
    "มีเลขประจำตัวนี้อยู่แล้วในชื่ออื่น กรุณาเทียบกับบัตร",
    "this identity number is here already under another name: compare with the card",
)
SAME = (
    "มีคนชื่อ นามสกุล วันเกิด และพื้นที่เดียวกันอยู่แล้ว ถ้าเป็นคนละคน กรุณาใส่{th}แล้วส่งอีกครั้ง",
    ("somebody of this name, birth and place is here already; if it is another person, give {en} and send it again"),
)
NUMBER_TOO = ("เลขประจำตัว", "the identity number")
EITHER = ("เลขประจำตัวหรือวันเกิด", "the identity number or the birth date")
NUMBERLESS = (
    "มีคนชื่อนี้อยู่แล้วแต่ยังไม่มีเลขประจำตัวที่แน่นอน จึงบันทึกเป็นอีกคนไว้ก่อน และเสนอให้ตรวจว่าเป็นคนเดียวกันหรือไม่",
    (
        "somebody of this name is here without a certain identity number: the row goes in by itself, and whether both "
        "are one person is put to somebody who decides"
    ),
)
DOUBTFUL = (
    "มีคนชื่อนี้อยู่แล้ว แต่เลขประจำตัวในไฟล์ไม่น่าถูกต้อง จึงบันทึกเป็นอีกคนไว้ก่อน และเสนอให้ตรวจว่าเป็นคนเดียวกันหรือไม่",
    (
        "somebody of this name is here, and the identity number in the file cannot be right: the row goes in by "
        "itself, and whether both are one person is put to somebody who decides"
    ),
)
TWO_PEOPLE = (
    "มีคนชื่อเดียวกันอยู่แล้วแต่เลขประจำตัวต่างกัน จึงเป็นคนละคน",
    "somebody of the same name is here with another identity number: these are two people",
)
DIED = (
    ("มีเลขประจำตัวนี้อยู่แล้ว และบันทึกไว้ว่าเสียชีวิตแล้วเมื่อ {day} กรุณาลบแถวนี้ออก ถ้าบันทึกผิด กรุณาแก้ที่หน้าของคนนั้น"),
    (
        "this identity number is here, of somebody who is noted as died on {day}: take the row out. If the record is "
        "wrong, mend it on the person's page"
    ),
)
MAY_HAVE_DIED = (
    (
        "คนชื่อนี้ที่หน่วยงานมีอยู่ บันทึกไว้ว่าเสียชีวิตแล้วเมื่อ {day} และไม่มีอะไรในแถวนี้ที่บอกว่าเป็นคนละคน ถ้าเป็นคนเดียวกัน "
        "กรุณาลบแถวนี้ออก ถ้าเป็นคนละคน กรุณาใส่เลขประจำตัวและวันเกิดเต็ม (และเติมให้ครบในหน้าของคนที่เสียชีวิตด้วย) แล้วส่งอีกครั้ง"
    ),
    (
        "somebody of this name is noted as died on {day}, and nothing in this row tells the two apart. If it is the "
        "same person, take the row out; if another, write the identity number and the full birth date (also on the "
        "page of who died, where they are missing). Then send it again"
    ),
)
MAY_BE_HERE = (
    ("มีคนชื่อนี้อยู่แล้ว และไม่มีอะไรที่บอกว่าเป็นคนละคน จึงบันทึกเป็นอีกคนไว้ก่อน และเสนอให้ตรวจว่าเป็นคนเดียวกันหรือไม่"),
    (
        "somebody of this name is here, and nothing tells the two apart: the row goes in by itself, and whether both "
        "are one person is put to somebody who decides"
    ),
)
TWICE = (
    "อาจเป็นคนเดียวกับแถวที่ {row} ในไฟล์นี้ จึงบันทึกเป็นสองคนไว้ก่อน และเสนอให้ตรวจว่าเป็นคนเดียวกันหรือไม่",
    (
        "may be the same person as row {row} of this file: both go in by themselves, and whether they are one is put "
        "to somebody who decides"
    ),
)
WITHDREW = (
    (
        "คนชื่อนี้ถอนความยินยอมแล้วเมื่อ {day} ความยินยอมก่อนวันนั้นใช้ไม่ได้อีก ถ้าเป็นคนเดียวกัน กรุณาลบแถวนี้ออก "
        "หรือใส่วันที่ยินยอมใหม่ ถ้าเป็นคนละคน กรุณาใส่เลขประจำตัวและวันเกิดเต็ม แล้วส่งอีกครั้ง "
        "ถ้ายังไม่ผ่าน กรุณาปักหมุดคนนี้พร้อมความยินยอมใหม่"
    ),
    (
        "somebody of this name withdrew the consent on {day}; what was agreed before that does not count any more. If "
        "it is the same person, take the row out or write the new day of consent; if another, the identity number and "
        "the full birth date. Then send it again; where that is not enough, pin the person with a new consent"
    ),
)
ANEW = (
    "ถอนความยินยอมเมื่อ {day} และยินยอมใหม่หลังจากนั้น จึงบันทึกเป็นระเบียนใหม่ และเสนอให้ตรวจว่าเป็นคนเดียวกันหรือไม่",
    (
        "withdrew the consent on {day} and agreed anew since: the row goes in by itself, and whether both records are "
        "one person is put to somebody who decides"
    ),
)


@dataclass
class There:
    """`numbers`: the hash of an identity number and the name it stands under. `names`: who is called so, born so and
    lives there, and the hashes of their numbers ("" for none, and for one that cannot be right). `people`: all of them,
    to be found by what is known, and since when each is noted as died. `gone`: those whose consent to the partner has
    ended, and when."""

    partner: Partner
    numbers: dict[str, tuple[str, str]] = field(default_factory=dict)
    names: dict[Identity, set[str]] = field(default_factory=dict)
    people: Known[dt.datetime | None] = field(default_factory=Known)
    gone: Gone = field(default_factory=Gone)
    held: dict[str, Person] = field(default_factory=dict)  # by the hash of the number

    def judge(self, parsed: ParsedRow, one: Sought, *, placed: bool) -> tuple[RowError | None, RowError | None]:
        """Why a row is passed over, or what is to be remarked about it. `placed`: it names its area itself."""
        number, row, hashed = parsed.number, one.row, one.number
        name = f"{row.given} {row.family}".strip()
        called = self.names.get(_identity(row))
        if hashed in self.numbers:
            return self._numbered(parsed, row, hashed, name, placed=placed), None
        if (ended := self.gone.ended(one)) and (hashed or called is None):
            day = format_be(timezone.localdate(ended))
            anew = agreed_since(ended, row, self.partner, filed=True)
            thai, english = (said.format(day=day) for said in (ANEW if anew else WITHDREW))
            told = row_error(number, "", "agreed_anew" if anew else "withdrew", thai, english, value=name)
            return (None, replace(told, value="")) if anew else (told, None)
        alike = list(self.people.like(one.who))
        if died := max(filter(None, alike), default=None):
            thai, english = (said.format(day=format_be(timezone.localdate(died))) for said in MAY_HAVE_DIED)
            return row_error(number, "", "died_here", thai, english, value=name), None
        if called is None:
            return None, row_error(number, "", "may_be_here", *MAY_BE_HERE) if alike else None
        if not hashed:
            missing = NUMBER_TOO if row.birth is not None and row.birth.complete else EITHER
            thai, english = (said.format(th=missing[0], en=missing[1]) for said in SAME)
            return row_error(number, "", "known_name", thai, english, value=name), None
        if "" in called or doubtful(row.pin_flag):
            words = NUMBERLESS if "" in called else DOUBTFUL
            return None, row_error(number, "pin", "known_numberless", *words)
        return None, row_error(number, "pin", "two_people", *TWO_PEOPLE)

    def _numbered(self, parsed: ParsedRow, row: PinRow, hashed: str, name: str, *, placed: bool) -> RowError:
        """Somebody with this number is here."""
        held = self.held.get(hashed)
        if held is not None and (died := held.__dict__["died"]):
            thai, english = (said.format(day=format_be(timezone.localdate(died))) for said in DIED)
            return row_error(parsed.number, "", "known_number", thai, english, value=name)
        same = self.numbers[hashed] == (normalise(row.given), normalise(row.family))
        other = _differences(parsed.values, row, held, placed=placed) if held is not None else []
        words = _with_differences(NUMBER if same else OTHER_NAME, other)
        return row_error(parsed.number, "", "known_number", *words, value=name)


def _identity(row: PinRow) -> Identity:
    birth = row.birth.isoformat() if row.birth else ""
    return normalise(row.given), normalise(row.family), birth, row.area.pk


def there(partner: Partner, rows: Sequence[Sought]) -> There:
    """Numbers and names that this partner's people have already; what a joined record says counts as well."""
    found = There(partner, gone=gone(partner, rows))
    noted = LifeEvent.objects.filter(person=OuterRef("root"), kind=Status.DIED, mended_at=None).order_by("-at", "-id")
    held = _held(partner).filter(resembling(rows)).select_related("area").annotate(root=Coalesce("merged_into", "pk"))
    for person in held.annotate(died=Subquery(noted.values("at")[:1])):
        identity = (person.given, person.family, person.birth, person.area_id)
        found.names.setdefault(identity, set()).add("" if doubtful(person.pin_flag) else person.pin_hash)
        found.people.add(who_is(person), person.__dict__["died"])
        if person.pin_hash:
            found.numbers.setdefault(person.pin_hash, (person.given, person.family))
        if person.pin_hash and person.status in OPEN_STATUSES:
            found.held.setdefault(person.pin_hash, person)
    return found


def _differences(values: Mapping[str, Any], row: PinRow, person: Person, *, placed: bool) -> list[str]:
    """Which cells the file has otherwise than the record, where both cannot be true; not what it leaves open, nor what
    stands for that."""
    cells = {
        "nickname": (row.nickname, person.nickname), "sex": (row.sex, person.sex),
        "education": (row.education, person.education), "occupation": (row.occupation, person.occupation),
        "income": (row.income, person.income),
    }  # fmt: skip
    here, there_ = row.area.path, person.area.path
    differs = {name: now not in ("", None) and now != before for name, (now, before) in cells.items()}
    differs |= {
        "birth_date": _born_otherwise(values, row.birth, person.birth),
        "phones": bool(row.phone) and person.phone not in {phone.number for phone in values["phones"]},
        "subdistrict": placed and not (here.startswith(there_) or there_.startswith(here)),
    }
    return [name for name in _TOLD if differs[name]]


def _born_otherwise(values: Mapping[str, Any], birth: PartialDate | None, before: str) -> bool:
    """A year holds all its days, and an age two years and more: offices count the year that runs."""
    if birth is None or not before:
        return birth is not None
    known = PartialDate.from_iso(before)
    if "birth_date" in values:
        return birth.last() < known.first() or known.last() < birth.first()
    return not age(known, clock.today()).about(int(values["age"]))


def _with_differences(said: tuple[str, str], names: Sequence[str]) -> tuple[str, str]:
    """With what differs, by the headings of the cells and never by what stands there."""
    if not names:
        return said
    fields = vocabulary("people").fields
    thai, english = (", ".join(fields[name].label(lang) for name in names) for lang in ("th", "en"))
    return DIFFERS[0].format(said=said[0], what=thai), DIFFERS[1].format(said=said[1], what=english)


def may_be_one(batch: ImportBatch, made: Sequence[UUID], rows: Sequence[Sought]) -> list[tuple[Person, Person]]:
    """Who went in with this file (`made`, in the order of the rows) and may be somebody: by the identity number among
    all records, by the name among this partner's where either has no number, also where that record's consent had
    ended, and among the rows themselves. Of a record that is joined into another that other is meant."""
    others: dict[str, Person] = {}
    for number, person in numbered({one.number for one in rows if one.number}):
        if person.batch_id != batch.pk:
            others.setdefault(number, person)
    called: Known[Person] = Known()
    for people in (_held(batch.partner), withdrawn(batch.partner)):
        near = people.filter(resembling(rows)).exclude(batch=batch).select_related("area", "merged_into")
        for person in near:
            root = person.merged_into or person
            if root.status in OPEN_STATUSES:
                called.add(who_is(person), root)
    hits: dict[tuple[UUID, UUID], Person | None] = {}
    for pk, one in zip(made, rows, strict=True):
        alike = [*([others[one.number]] if one.number in others else ()), *called.like(one.who)]
        hits |= {(pk, other.pk): other for other in alike}
    hits |= {(made[first], made[later]): None for first, later in twice(rows)}
    new = Person.objects.in_bulk({pk for pair in hits for pk in pair} & set(made)) if hits else {}
    return [(new[pk], other or new[also]) for (pk, also), other in hits.items()]


def twice_told(rows: Sequence[tuple[ParsedRow, Sought]]) -> list[RowError]:
    """What is to be remarked about rows that may be the person of another one of the same file."""
    pairs = twice([one for _parsed, one in rows])
    return [
        row_error(rows[later][0].number, "", "twice_here", *(said.format(row=rows[first][0].number) for said in TWICE))
        for first, later in pairs
    ]


def _held(partner: Partner) -> QuerySet[Person]:
    held = Grant.objects.in_force().filter(partner=partner).values("person")
    return Person.objects.filter(
        Q(pk__in=held, status__in=OPEN_STATUSES) | Q(merged_into__in=held, status=Status.MERGED)
    )
