"""Small values that views hand to the components (templatetags.components); all texts are already in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Tone = Literal["", "plain", "warn", "no", "good"]
MOST_COLUMNS = 7


@dataclass(frozen=True)
class Column:
    """A column of a table; `number` aligns right."""

    label: str
    number: bool = False


@dataclass(frozen=True)
class Cell:
    """One cell: text, where it leads, and a small line below it. Plain strings and numbers are cells, too."""

    text: object
    url: str = ""
    note: str = ""
    tone: Tone = ""


@dataclass(frozen=True)
class Table:
    """At most seven columns: what does not fit opens in place or on a page of its own."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[object]]
    caption: str = ""
    csv_url: str = ""

    def __post_init__(self) -> None:
        if len(self.columns) > MOST_COLUMNS:
            raise ValueError(f"a table has at most {MOST_COLUMNS} columns, not {len(self.columns)}")
        if wrong := [row for row in self.rows if len(row) != len(self.columns)]:
            raise ValueError(f"{len(wrong)} rows do not have {len(self.columns)} cells")


@dataclass(frozen=True)
class Filter:
    """A chip of a list's filter: `url` switches it, `on` says whether it applies now."""

    label: str
    url: str
    on: bool = False


@dataclass(frozen=True)
class Moment:
    """One entry of a timeline; `state` is past, next or late."""

    when: str
    title: str
    note: str = ""
    url: str = ""
    state: Literal["past", "next", "late"] = "past"


@dataclass(frozen=True)
class Check:
    """One line of a certificate, in words."""

    text: str
    passed: bool


@dataclass(frozen=True)
class Part:
    """One part of a score: why so many points."""

    text: str
    points: object
