"""Where a lower app needs a higher one: the higher fills a registry when it starts; each registry has one reader.

A test walks each registry and fails on a missing or a double handler.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar
from uuid import UUID

if TYPE_CHECKING:
    import datetime as dt

    from django.db.models import Q, QuerySet
    from django.utils.functional import Promise

    from okat.city.core.merging import Changes, Column, Sealed
    from okat.city.core.steady import Counted
    from okat.city.core.together import Together


T = TypeVar("T")


class Registry(Generic[T]):
    """Names to handlers; a name is taken once."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._items: dict[str, T] = {}

    def register(self, key: str, handler: T) -> None:
        if key in self._items and self._items[key] is not handler:
            raise RuntimeError(f"{self.name}: {key} has two handlers")
        self._items[key] = handler

    def __getitem__(self, key: str) -> T:
        return self._items[key]

    def __contains__(self, key: str) -> bool:
        return key in self._items

    def __iter__(self) -> Iterator[tuple[str, T]]:
        return iter(sorted(self._items.items()))


class MergeHandler(Protocol):
    """Moves an app's rows from one person's record to another and back (core.merging.Repoint, and what grows on it)."""

    @property
    def columns(self) -> "Sequence[Column]": ...

    @property
    def sealed(self) -> "Sequence[Sealed]": ...

    @property
    def stays(self) -> Sequence[tuple[str, str]]: ...

    def move(self, gone: UUID, keep: UUID) -> "Changes": ...

    def back(self, gone: UUID, keep: UUID, moved: "Changes") -> None: ...

    def settle(self, gone: UUID, keep: UUID, moved: "Changes", by: Any) -> None: ...

    def holds(self, gone: UUID, moved: "Changes") -> bool: ...

    def foretell(self, gone: UUID, keep: UUID, *, deep: bool) -> list[str]: ...


class FactSource(Protocol):
    """Facts of many people at once: person id -> fact name -> value (absent: unknown)."""

    def __call__(self, people: Iterable[UUID]) -> Mapping[UUID, Mapping[str, Any]]: ...


@dataclass(frozen=True)
class Found:
    """One line of the search box or a panel: what it is, in words or not at all, and where it leads. `tells`: beside a
    person it says something of their health or a disability; whoever reads the line out shows it to those alone who may
    see that."""

    kind: str
    title: str
    note: str
    url: str
    tells: bool = False


@dataclass(frozen=True)
class Task:
    """One line of *Today*: what waits, until when, where to do it. `count` above 1 folds many into one line."""

    key: str
    title: str
    note: str
    url: str
    due: "dt.date | None" = None
    count: int = 1


@dataclass(frozen=True)
class Step:
    """Something one may do next from a page: its button's words and its address."""

    label: str
    url: str


@dataclass(frozen=True)
class Panel:
    """What an app adds to one person's page: its lines about the person, and what may be done next."""

    title: str
    lines: tuple[Found, ...] = ()
    steps: tuple[Step, ...] = ()


# Reader: catalogue, when a rule asks what it cannot see itself. Key: the app's name.
FACTS: Registry[FactSource] = Registry("facts")
# Reader: core.events. Key: `event/app`.
HANDLERS: Registry[Callable[..., None]] = Registry("events")
# Readers: people's merge, its undo and its settling; the rights screens. Keys: the app's name.
MERGE: Registry[MergeHandler] = Registry("merge")
# Whoever walks it holds the person and the others first (people.actions.hold_with_others).
ERASE: Registry[Callable[[UUID], int]] = Registry("erase")
EXPORT: Registry[Callable[[UUID], Mapping[str, Any]]] = Registry("export")
# Reader: the desk.
SEARCH: Registry[Callable[[Any, str], Iterable[Found]]] = Registry("search")
TASKS: Registry[Callable[[Any], Iterable[Task]]] = Registry("tasks")
# Reader: people, for the page of a person; the handler takes who looks (an officer, or the resident, whose own page
# it then is) and the person, opened through the reader's scope, and answers nothing where it has nothing to say.
PANELS: Registry[Callable[[Any, Any], Panel | None]] = Registry("panels")
# Reader: people, whose page of a person asks these statements over the person's id in its own. Key: the app's name;
# the panel takes its rows with `Together.on(person)`.
ALONG: Registry["Together"] = Registry("along")
# Reader: people.queries.files, for whoever asks for a kept file. Key: the kind of file (people.rules.EvidenceKind); the
# handler takes who looks and says, as a condition on rows of Evidence, which of this kind they may open for what these
# were given for: none where that has ended. Of a kind without a handler the owner alone opens anything.
FILES: Registry[Callable[[Any], "Q"]] = Registry("files")
# Reader: the catalogue, for the page of an opportunity; the handler takes who looks (also nobody who signed in) and the
# opportunity, and answers nothing where it has nothing to say.
OFFERS: Registry[Callable[[Any, Any], Panel | None]] = Registry("offers")


# Reader: the catalogue, before it cancels opportunities; the handler names the persons of whom something ends thereby.
CONCERNED: Registry[Callable[[Iterable[UUID]], Iterable[UUID]]] = Registry("concerned")


def nobody(_of: Any) -> tuple[Any, ...]:
    """Who else is reached, where nobody is."""
    return ()


@dataclass(frozen=True)
class Holding:
    """One kind of thing that a partner holds, and must settle before it leaves the network.

    `covers` are the columns that say so ("app.Model.field"); `say` puts a number of them in words; `hand` gives them
    to a successor, `close` ends them where nobody takes over (None: it cannot be done so); `taken` and `closed` say
    beforehand what follows. Both take the partner and who does it, `hand` the successor too. `people` are all who are
    held before either, `courses` all that are held after them and the rounds: with those of every other thing that
    is settled in the same transaction. `names` are what one knows the things by, for a page that says what ends.
    `before`: keys of things whose end would end some of these with them; they are ended once these are settled.
    `things`: no single person changes their number, which is told as it is. All others are told in whole tens, and what
    tells of a disability (`telling`) is not named among them: somebody stands beside it.
    """

    covers: tuple[str, ...]
    say: Callable[[int], str]
    count: Callable[[Any], int]
    taken: "Promise | str" = ""
    hand: Callable[..., object] | None = None
    closed: "Promise | str" = ""
    close: Callable[..., object] | None = None
    people: Callable[[Any], Iterable["UUID | None"]] = nobody
    courses: Callable[[Any], Iterable["UUID"]] = nobody
    names: Callable[[Any], "Sequence[Any] | QuerySet[Any]"] = nobody
    before: tuple[str, ...] = ()
    things: bool = False


@dataclass(frozen=True)
class Going:
    """One thing that goes on for a person: they take part in it already (`begun`), or wait for it. `tells` as of
    `Found`, and without a default: each app says it of each line."""

    begun: bool
    title: str
    note: str
    tells: bool


@dataclass(frozen=True)
class Life:
    """What an app keeps going for a person, and what becomes of it when they die or move away.

    `going` says it in lines; `end` ends it (`begun`: also what they take part in already) and names what it ended;
    `back` gives that back where it still can and says in words what it cannot. `others` are those to whom what ends may
    go on, and whose own things that changes; `offices` those to whom something comes back with the person; `courses`
    those in which a place may end, come back or go on.
    """

    going: Callable[[Any], list[Going]]
    end: Callable[..., list[str]]
    back: Callable[..., list[str]]
    others: Callable[[UUID], Iterable[UUID]] = nobody
    offices: Callable[[UUID], Iterable[int]] = nobody
    courses: Callable[[UUID], Iterable[UUID]] = nobody


# Reader: partners, for the page of a partner that leaves. Keys are in the order of settling: "NN app.noun".
HANDOVER: Registry[Holding] = Registry("handover")
# Readers: people, for the page of what changed in a life, and before what somebody has ends. Key: the app's name.
LIFE: Registry[Life] = Registry("life")
# Reader: the audit trail and the story of a record. Key: the verb; what was done, in words.
VERBS: Registry["Promise"] = Registry("verbs")
# Reader: core.weekly. Key: the kind of sheet; the handler counts the people of each of its numbers, `of` something.
FIGURES: Registry[Callable[[Any], "Mapping[str, int | Counted]"]] = Registry("figures")
# Reader: `okat city load`. Key: a two-digit floor and the app, so that lower apps load first; the handler takes
# the city's folder as read by okat.files.city and says in one line what it did.
CITY: Registry[Callable[..., str]] = Registry("city")


class RefusedError(Exception):
    """A listener knows why it cannot be; the text says so to a person, and what else is possible."""


def tell(words: "Mapping[str, Promise]") -> None:
    """The words for what an app's actions record."""
    for verb, said in words.items():
        VERBS.register(verb, said)


def said(verb: str) -> str:
    """What a verb of the audit trail means, in the reader's language; the verb itself where it is of an old version."""
    return str(VERBS[verb]) if verb in VERBS else verb


def publish(event: str, /, **values: Any) -> None:
    """Tell every app that listens to `event`, inside the caller's transaction: all happens or nothing does."""
    for key, handler in HANDLERS:
        if key.partition("/")[0] == event:
            handler(**values)
