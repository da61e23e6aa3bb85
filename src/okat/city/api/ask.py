"""What a caller asks for in the address. Anything that we cannot read is refused in words, never guessed."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from okat.city.core.numbers import whole

MOST = 100
TEXT = 200


class AskError(Exception):
    """A parameter that cannot be read, in both languages."""

    def __init__(self, parameter: str, th: str, en: str) -> None:
        self.parameter, self.th, self.en = parameter, th, en
        super().__init__(f"{parameter}: {en}")


@dataclass(frozen=True, slots=True)
class Ask:
    """All conditions hold together. `proximity` is in metres around the middle of `postcode`."""

    search: str = ""
    page: int = 1
    per_page: int = 20
    format: str = "json"
    minimal: bool = False
    full: bool = False
    modified_after: dt.datetime | None = None
    taxonomy_term_id: UUID | None = None
    taxonomy_id: UUID | None = None
    organization_id: UUID | None = None
    postcode: str = ""
    proximity: int | None = None
    top_only: bool = False
    parent_id: UUID | None = None


PAGES = ("page", "per_page", "format", "search")
SERVICES = (
    *PAGES, "taxonomy_term_id", "taxonomy_id", "organization_id", "modified_after", "minimal", "full", "postcode",
    "proximity",
)  # fmt: skip
PLACED = tuple(name for name in SERVICES if name != "minimal")
ORGANIZATIONS = (*PAGES, "full")
LOCATIONS = (*PAGES, "organization_id", "postcode", "proximity")
TERMS = (*PAGES, "taxonomy_id", "top_only", "parent_id")


def read(query: Mapping[str, str], names: tuple[str, ...]) -> Ask:
    """The parameters of these names; others are not ours and do not matter. Raises AskError."""
    given = {name: _READ[name](name, query[name]) for name in names if name in query}
    if given.get("proximity") is not None and not given.get("postcode"):
        raise AskError("proximity", "ต้องบอก postcode ด้วย", "needs a postcode to measure from")
    return Ask(**given)


def _text(name: str, value: str) -> str:
    if len(value) > TEXT:
        raise AskError(name, f"ต้องเป็นข้อความไม่เกิน {TEXT} ตัวอักษร", f"give text of at most {TEXT} characters")
    return "".join(letter for letter in value if letter.isprintable())


def _number(least: int, most: int) -> Callable[[str, str], int]:
    def read_number(name: str, value: str) -> int:
        number = whole(value, least=least, most=most)
        if number is None:
            raise AskError(name, f"ต้องเป็นตัวเลข {least:,} ถึง {most:,}", f"give a number from {least:,} to {most:,}")
        return number

    return read_number


def _flag(name: str, value: str) -> bool:
    if value not in {"true", "false"}:
        raise AskError(name, "ต้องเป็น true หรือ false", "give true or false")
    return value == "true"


def _id(name: str, value: str) -> UUID:
    try:
        found = UUID(value)
    except ValueError:
        found = None
    if found is None or str(found) != value.lower():
        raise AskError(name, "ต้องเป็น UUID", "give a UUID")
    return found


def _moment(name: str, value: str) -> dt.datetime:
    try:
        found = dt.datetime.fromisoformat(value.replace(" ", "+"))  # a plus sign is a space in an address
        # The database knows no offsets as strange as +22:43, which the standard allows.
        return (found if found.tzinfo else timezone.make_aware(found)).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        mend = "ต้องเป็นวันเวลา เช่น 2026-11-01T08:00:00+07:00"
        raise AskError(name, mend, "give a date and time such as 2026-11-01T08:00:00+07:00") from None


def _one_of(*known: str) -> Callable[[str, str], str]:
    def choose(name: str, value: str) -> str:
        if value not in known:
            raise AskError(name, f"ต้องเป็น {' หรือ '.join(known)}", f"give {' or '.join(known)}")
        return value

    return choose


def _postcode(name: str, value: str) -> str:
    if not (value.isascii() and value.isdigit() and len(value) == 5):
        raise AskError(name, "ต้องเป็นรหัสไปรษณีย์ 5 หลัก", "give a postcode of 5 digits")
    return value


_READ: Mapping[str, Callable[[str, str], Any]] = {
    "search": _text, "page": _number(1, 1_000_000), "per_page": _number(1, MOST), "format": _one_of("json", "ndjson"),
    "minimal": _flag, "full": _flag, "modified_after": _moment, "taxonomy_term_id": _id, "taxonomy_id": _id,
    "organization_id": _id, "postcode": _postcode, "proximity": _number(1, 500_000), "top_only": _flag,
    "parent_id": _id,
}  # fmt: skip

_UUID = {"type": "string", "format": "uuid"}
SCHEMAS: Mapping[str, dict[str, Any]] = {
    "search": {"type": "string", "maxLength": TEXT, "pattern": r"^[^\u0000]*$"},
    "page": {"type": "integer", "minimum": 1, "maximum": 1_000_000},
    "per_page": {"type": "integer", "minimum": 1, "maximum": MOST},
    "format": {"type": "string", "enum": ["json", "ndjson"]},
    "minimal": {"type": "boolean"}, "full": {"type": "boolean"}, "top_only": {"type": "boolean"},
    "modified_after": {"type": "string", "format": "date-time"},
    "taxonomy_term_id": _UUID, "taxonomy_id": _UUID, "organization_id": _UUID, "parent_id": _UUID,
    "postcode": {"type": "string", "pattern": "^[0-9]{5}$"},
    "proximity": {"type": "integer", "minimum": 1, "maximum": 500_000},
}  # fmt: skip
