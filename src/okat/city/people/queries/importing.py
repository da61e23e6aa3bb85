"""What a kind of row must know to be imported; each app that imports registers one (people, opportunities)."""

from collections import Counter
from collections.abc import Mapping, Sequence
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
    """Rows that are ready for `write`, what is wrong with others, and how many were there already."""

    ready: Sequence[Any]
    errors: Sequence[RowError] = ()
    warnings: Sequence[RowError] = ()
    known: int = 0


@dataclass(frozen=True)
class Undone:
    """What taking an import back does: ids that go (or are put back as they were), and why others stay: the reasons of
    each, in the reader's language."""

    goes: Sequence[Any]
    stays: Mapping[Any, Sequence[str]]

    def reasons(self) -> list[tuple[str, int]]:
        """How many stay for each reason, the commonest first."""
        return Counter(why for each in self.stays.values() for why in dict.fromkeys(each)).most_common()


class Importer(Protocol):
    """One kind of rows. `prepare` only reads; `write` and `undo` run inside the import's own transaction."""

    permission: Permission

    def defaults(self, partner: "Partner") -> Mapping[str, Any]: ...

    def prepare(self, rows: Sequence[ParsedRow], partner: "Partner") -> Prepared: ...

    def write(self, ready: Sequence[Any], batch: "ImportBatch", by: "User") -> int: ...

    def undone(self, batch: "ImportBatch") -> Undone:
        """What taking it back would do now; only reads."""

    def undo(self, batch: "ImportBatch", by: "User") -> tuple[int, int]: ...


@runtime_checkable
class ListingImporter(Protocol):
    """Kinds of rows that other programs hand over as packages and calendars too. `into` names one of our own rows
    whose meetings they are (id and title of those that may are `targets`); empty: each listing is its own."""

    def targets(self, partner: "Partner") -> list[tuple[str, str]]: ...

    def prepare_listings(self, listings: Sequence[Listing], partner: "Partner", into: str) -> Prepared: ...


# What a row wanted and did not get, though it goes in: said before, and kept with what was done.
HELD_STAYS = "held_stays"
LEFT = frozenset({HELD_STAYS})
IMPORTERS: Registry[Importer] = Registry("importers")


def row_error(row: int, field: str, code: str, thai: str, english: str) -> RowError:
    """An error that the spreadsheet reader cannot know, in its shape."""
    return RowError(row, "", "", field, code, thai, english)
