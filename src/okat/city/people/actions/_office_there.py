"""Who of an office's table is among the partner's people already: the same file twice makes nobody twice, and nobody is
taken for somebody else because of a name."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from okat.city.core import clock
from okat.city.partners.models import Partner
from okat.city.people.actions._renewed import Gone, Identity, agreed_since, doubtful, gone, identity_of
from okat.city.people.actions.rows import PinRow
from okat.city.people.models import Grant, ImportBatch, Person
from okat.city.people.queries.importing import row_error
from okat.city.people.queries.joining import numbered
from okat.city.people.queries.search import pin_hash
from okat.city.people.queries.withdrawn import withdrawn
from okat.city.people.rules import OPEN_STATUSES, Status
from okat.files.office import ParsedRow, RowError, vocabulary
from okat.thai.dates import format_be
from okat.thai.partial import PartialDate, age
from okat.thai.text import normalise

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
WITHDREW = (
    (
        "ถอนความยินยอมแล้วเมื่อ {day} ความยินยอมก่อนวันนั้นใช้ไม่ได้อีก ถ้ายินยอมใหม่ กรุณาใส่วันที่ยินยอมใหม่ "
        "ถ้าเป็นคนละคน กรุณาใส่เลขประจำตัวหรือวันเกิด แล้วส่งอีกครั้ง"
    ),
    (
        "withdrew the consent on {day}; what was agreed before that does not count any more. If they agreed anew, "
        "write the new day of consent; if it is another person, the identity number or the birth date. Then send it "
        "again"
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
    lives there, and the hashes of their numbers ("" for none, and for one that cannot be right). `gone`: those whose
    consent to the partner ended, and when."""

    partner: Partner
    numbers: dict[str, tuple[str, str]] = field(default_factory=dict)
    names: dict[Identity, set[str]] = field(default_factory=dict)
    gone: Gone = field(default_factory=Gone)
    held: dict[str, Person] = field(default_factory=dict)  # by the hash of the number

    def judge(self, parsed: ParsedRow, row: PinRow, *, placed: bool) -> tuple[RowError | None, RowError | None]:
        """Why a row is passed over, or what is to be remarked about it. `placed`: it names its area itself."""
        number = parsed.number
        name = f"{row.given} {row.family}".strip()
        called = self.names.get(identity_of(row))
        hashed = pin_hash(row.pin) if row.pin else ""
        if hashed in self.numbers:
            same = self.numbers[hashed] == (normalise(row.given), normalise(row.family))
            held = self.held.get(hashed)
            other = _differences(parsed.values, row, held, placed=placed) if held is not None else []
            words = _with_differences(NUMBER if same else OTHER_NAME, other)
            return row_error(number, "", "known_number", *words, value=name), None
        uncertain = not hashed or doubtful(row.pin_flag)
        if (ended := self.gone.ended(row)) and (hashed in self.gone.numbers or called is None or not uncertain):
            day = format_be(timezone.localdate(ended))
            anew = agreed_since(ended, row, self.partner, filed=True)
            thai, english = (said.format(day=day) for said in (ANEW if anew else WITHDREW))
            told = row_error(number, "", "agreed_anew" if anew else "withdrew", thai, english, value=name)
            return (None, replace(told, value="")) if anew else (told, None)
        if called is None:
            return None, None
        if not hashed:
            missing = NUMBER_TOO if row.birth is not None and row.birth.complete else EITHER
            thai, english = (said.format(th=missing[0], en=missing[1]) for said in SAME)
            return row_error(number, "", "known_name", thai, english, value=name), None
        if "" in called or doubtful(row.pin_flag):
            words = NUMBERLESS if "" in called else DOUBTFUL
            return None, row_error(number, "pin", "known_numberless", *words)
        return None, row_error(number, "pin", "two_people", *TWO_PEOPLE)


def there(partner: Partner, rows: Iterable[PinRow]) -> There:
    """Numbers and names that this partner's people have already; what a joined record says counts as well."""
    rows = list(rows)
    given = {normalise(row.given) for row in rows}
    hashes = {pin_hash(row.pin) for row in rows if row.pin}
    found = There(partner, gone=gone(partner, rows))
    wanted = Q(given__in=given) | Q(pin_hash__in=hashes)
    for person in _held(partner).filter(wanted).select_related("area"):
        identity = (person.given, person.family, person.birth, person.area_id)
        found.names.setdefault(identity, set()).add("" if doubtful(person.pin_flag) else person.pin_hash)
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


def may_be_one(batch: ImportBatch, ready: Sequence[PinRow]) -> list[tuple[Person, Person]]:
    """Who went in with this file and may be somebody that is here: by the identity number among all records, by the
    name among this partner's where either has no number, also where that record's consent had ended."""
    hashes = [pin_hash(row.pin) for row in ready if row.pin]
    others: dict[str, Person] = {}
    for number, person in numbered(hashes):
        if person.batch_id != batch.pk:
            others.setdefault(number, person)
    pairs = [(person, others[person.pin_hash]) for person in Person.objects.filter(batch=batch, pin_hash__in=others)]
    called: dict[Identity, list[Person]] = {}
    given = {normalise(row.given) for row in ready}
    for rows in (_held(batch.partner), withdrawn(batch.partner)):
        for other in rows.filter(given__in=given, status__in=OPEN_STATUSES).exclude(batch=batch):
            called.setdefault((other.given, other.family, other.birth, other.area_id), []).append(other)
    mine = Person.objects.filter(batch=batch, given__in={name for name, *_rest in called})
    for person in mine if called else ():
        same = called.get((person.given, person.family, person.birth, person.area_id), ())
        pairs += [(person, other) for other in same if not (_certain(person) and _certain(other))]
    return pairs


def _certain(person: Person) -> bool:
    """Whether the number alone says who this is."""
    return bool(person.pin_hash) and not doubtful(person.pin_flag)


def _held(partner: Partner) -> QuerySet[Person]:
    held = Grant.objects.in_force().filter(partner=partner).values("person")
    return Person.objects.filter(
        Q(pk__in=held, status__in=OPEN_STATUSES) | Q(merged_into__in=held, status=Status.MERGED)
    )
