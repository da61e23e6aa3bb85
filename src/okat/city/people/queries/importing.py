"""What a kind of row must know to be imported; each app that imports registers one (people, opportunities)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from okat.city.core.permissions import Permission
from okat.city.core.registries import Registry
from okat.files.exchange import Listing
from okat.files.office import ParsedRow, RowError

if TYPE_CHECKING:
    from okat.city.accounts.models import User
    from okat.city.partners.models import Partner
    from okat.city.people.models import ImportBatch


@dataclass(frozen=True)
class Prepared:
    """Rows that are ready for `write`, what is wrong with others, and each that is passed over because it is there
    already. `lawful`: how many of those that are ready rest on no consent, so that somebody has to say the law."""

    ready: Sequence[Any]
    errors: Sequence[RowError] = ()
    warnings: Sequence[RowError] = ()
    passed: Sequence[RowError] = ()
    lawful: int = 0


@dataclass(frozen=True)
class Undone:
    """What taking an import back does: ids that go (or are put back as they were), and why others stay: the reasons of
    each, in the reader's language."""

    goes: Sequence[Any]
    stays: Mapping[Any, Sequence[str]]

    def reasons(self) -> list[tuple[str, int]]:
        """Why rows stay, the commonest first: each row is counted once, with all its reasons beside each other."""
        return Counter(" · ".join(dict.fromkeys(each)) for each in self.stays.values()).most_common()


class Importer(Protocol):
    """One kind of rows. `prepare` only reads; `write` and `undo` run inside the import's own transaction."""

    permission: Permission

    def defaults(self, partner: "Partner") -> Mapping[str, Any]: ...

    def prepare(self, rows: Sequence[ParsedRow], partner: "Partner") -> Prepared: ...

    def write(self, ready: Sequence[Any], batch: "ImportBatch", by: "User") -> int: ...

    def undone(self, batch: "ImportBatch", by: "User") -> Undone:
        """What taking it back would do now; only reads, and of records out of `by`'s sight it says nothing."""

    def undo(self, batch: "ImportBatch", by: "User") -> tuple[int, int]: ...


@runtime_checkable
class ListingImporter(Protocol):
    """Kinds of rows that other programs hand over as packages and calendars too. `into` names one of our own rows
    whose meetings they are (id and title of those that may are `targets`); empty: each listing is its own."""

    def targets(self, partner: "Partner") -> list[tuple[str, str]]: ...

    def prepare_listings(self, listings: Sequence[Listing], partner: "Partner", into: str) -> Prepared: ...


# Under this name of a row: the law that somebody said for the file.
LAW = "law"
# What a row wanted and did not get, though it goes in: said before, and kept with what was done.
HELD_STAYS = "held_stays"
LEFT = frozenset({HELD_STAYS})
# What of a row does not go in though the rest does: said before, and kept with the rows that do not.
NOT_EXPLICIT = "not_explicit"
# Why a row that is passed over is: it is here already. What is passed over for another reason is not counted as such.
ENDED_HERE = "ended_here"
HERE = frozenset({"there_already", "known_number", "known_name", ENDED_HERE})
IMPORTERS: Registry[Importer] = Registry("importers")


def row_error(
    row: int, field: str, code: str, thai: str, english: str, *, value: str = "", file: str = ""
) -> RowError:  # fmt: skip
    """An error that the spreadsheet reader cannot know, in its shape. `value`: what the file calls the row, for a list
    that only the reader of the file sees."""
    return RowError(row, "", "", field, code, thai, english, value, file)


class Rest:
    """What a row says and no field can hold: it is never cut, but kept whole, under its heading, and told. `where`: how
    the text in which it is kept is called, in Thai and English."""

    def __init__(
        self, number: int, told: list[RowError], *, where: tuple[str, str] = ("บันทึก", "the note"), file: str = ""
    ) -> None:  # fmt: skip
        self.number, self._told, self._where, self._file = number, told, where, file
        self.lines: list[str] = []

    def remark(self, field: str, code: str, thai: str, english: str) -> None:
        self._told.append(row_error(self.number, field, code, thai, english, file=self._file))

    def keep(self, field: str, heading: str, text: object, thai: str, english: str) -> None:
        """Keep a text among the lines and say why."""
        self.lines.append(f"{heading}: {text}")
        self.remark(field, "kept_whole", thai, english)

    def fit(self, field: str, heading: str, text: str, limit: int) -> str:
        """The text where the field holds all of it; else nothing, and the whole of it is kept."""
        if len(text) <= limit:
            return text
        thai, english = self._where
        self.keep(
            field, heading, text, f"“{heading}” ยาวเกินช่อง ({limit} ตัวอักษร) จึงเก็บทั้งหมดไว้ใน{thai}",
            f"this is longer than its field ({limit} characters); the whole of it is kept in {english}",
        )  # fmt: skip
        return ""


def there_already(row: int, value: str, *, file: str = "") -> RowError:
    """A row that says nothing new."""
    thai, english = "มีอยู่แล้วและไม่มีอะไรเปลี่ยน", "is here already, and nothing of it has changed"
    return row_error(row, "", "there_already", thai, english, value=value, file=file)


def in_groups(told: Iterable[RowError]) -> list[tuple[RowError, list[int]]]:
    """What is said of several rows alike, once: the first of it, and its rows."""
    groups: dict[tuple[str, ...], tuple[RowError, list[int]]] = {}
    for each in told:
        key = (each.message_th, each.message_en, each.column, each.heading, each.file)
        groups.setdefault(key, (each, []))[1].append(each.row)
    return list(groups.values())


def in_ranges(numbers: Iterable[int]) -> str:
    """Numbers of rows in few words: 3-9, 12."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in runs)
