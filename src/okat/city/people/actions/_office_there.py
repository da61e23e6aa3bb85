"""Who of an office's table is among the partner's people already: the same file twice makes nobody twice, and nobody is
taken for somebody else because of a name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from okat.city.partners.models import Partner
from okat.city.people.actions.rows import PinRow
from okat.city.people.models import Grant, ImportBatch, Person
from okat.city.people.queries.importing import row_error
from okat.city.people.queries.joining import numbered
from okat.city.people.queries.search import pin_hash
from okat.city.people.rules import OPEN_STATUSES, Status
from okat.files.office import RowError
from okat.thai.text import normalise

Identity = tuple[str, str, str, int]

NUMBER = ("มีเลขประจำตัวนี้อยู่แล้ว", "this identity number is here already")
OTHER_NAME = (
    "มีเลขประจำตัวนี้อยู่แล้วในชื่ออื่น กรุณาเทียบกับบัตร",
    "this identity number is here already under another name: compare with the card",
)
SAME = (
    "มีคนชื่อ นามสกุล วันเกิด และพื้นที่เดียวกันอยู่แล้ว ถ้าเป็นคนละคน กรุณาใส่เลขประจำตัวหรือวันเกิดแล้วส่งอีกครั้ง",
    (
        "somebody of this name, birth and place is here already; if it is another person, give the identity number "
        "or the birth date and send it again"
    ),
)
NUMBERLESS = (
    "มีคนชื่อนี้อยู่แล้วแต่ยังไม่มีเลขประจำตัวที่แน่นอน จึงบันทึกเป็นอีกคนไว้ก่อน และเสนอให้ตรวจว่าเป็นคนเดียวกันหรือไม่",
    (
        "somebody of this name is here without a certain identity number: the row goes in by itself, and whether both "
        "are one person is put to somebody who decides"
    ),
)
TWO_PEOPLE = (
    "มีคนชื่อเดียวกันอยู่แล้วแต่เลขประจำตัวต่างกัน จึงเป็นคนละคน",
    "somebody of the same name is here with another identity number: these are two people",
)


@dataclass
class There:
    """`numbers`: the hash of an identity number and the name it stands under. `names`: who is called so, born so and
    lives there, and the hashes of their numbers ("" for none, and for one that cannot be right)."""

    numbers: dict[str, tuple[str, str]] = field(default_factory=dict)
    names: dict[Identity, set[str]] = field(default_factory=dict)

    def judge(self, number: int, row: PinRow) -> tuple[RowError | None, RowError | None]:
        """Why a row is passed over, or what is to be remarked about it."""
        name = f"{row.given} {row.family}".strip()
        called = self.names.get(identity_of(row))
        hashed = pin_hash(row.pin) if row.pin else ""
        if hashed in self.numbers:
            same = self.numbers[hashed] == (normalise(row.given), normalise(row.family))
            return row_error(number, "", "known_number", *(NUMBER if same else OTHER_NAME), value=name), None
        if called is None:
            return None, None
        if not hashed:
            return row_error(number, "", "known_name", *SAME, value=name), None
        if "" in called or _doubtful(row.pin_flag):
            return None, row_error(number, "pin", "known_numberless", *NUMBERLESS)
        return None, row_error(number, "pin", "two_people", *TWO_PEOPLE)


def identity_of(row: PinRow) -> Identity:
    birth = row.birth.isoformat() if row.birth else ""
    return normalise(row.given), normalise(row.family), birth, row.area.pk


def there(partner: Partner, rows: Iterable[PinRow]) -> There:
    """Numbers and names that this partner's people have already; what a joined record says counts as well."""
    rows = list(rows)
    given = {normalise(row.given) for row in rows}
    hashes = {pin_hash(row.pin) for row in rows if row.pin}
    found = There()
    for person in _held(partner).filter(Q(given__in=given) | Q(pin_hash__in=hashes)):
        identity = (person.given, person.family, person.birth, person.area_id)
        found.names.setdefault(identity, set()).add("" if _doubtful(person.pin_flag) else person.pin_hash)
        if person.pin_hash:
            found.numbers.setdefault(person.pin_hash, (person.given, person.family))
    return found


def may_be_one(batch: ImportBatch, ready: Sequence[PinRow]) -> list[tuple[Person, Person]]:
    """Who went in with this file and may be somebody that is here: by the identity number among all records, by the
    name among this partner's who have no number."""
    hashes = [pin_hash(row.pin) for row in ready if row.pin]
    others: dict[str, Person] = {}
    for number, person in numbered(hashes):
        if person.batch_id != batch.pk:
            others.setdefault(number, person)
    pairs = [(person, others[person.pin_hash]) for person in Person.objects.filter(batch=batch, pin_hash__in=others)]
    called: dict[Identity, list[Person]] = {}
    given = {normalise(row.given) for row in ready if row.pin}
    for other in _held(batch.partner).filter(given__in=given, status__in=OPEN_STATUSES).exclude(batch=batch):
        called.setdefault((other.given, other.family, other.birth, other.area_id), []).append(other)
    mine = Person.objects.filter(batch=batch, given__in={name for name, *_rest in called}).exclude(pin_hash="")
    for person in mine if called else ():
        same = called.get((person.given, person.family, person.birth, person.area_id), ())
        pairs += [(person, other) for other in same if not other.pin_hash or _either_doubtful(person, other)]
    return pairs


def _either_doubtful(one: Person, other: Person) -> bool:
    return _doubtful(one.pin_flag) or _doubtful(other.pin_flag)


def _doubtful(flags: str) -> bool:
    return "check_digit" in flags


def _held(partner: Partner) -> QuerySet[Person]:
    held = Grant.objects.in_force().filter(partner=partner).values("person")
    return Person.objects.filter(
        Q(pk__in=held, status__in=OPEN_STATUSES) | Q(merged_into__in=held, status=Status.MERGED)
    )
