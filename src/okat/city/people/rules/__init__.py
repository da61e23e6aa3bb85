"""What the words on a person mean, and the checks that need no database."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from okat.city.core.refusals import UndoneError
from okat.thai import partial
from okat.thai.errors import ThaiValueError
from okat.thai.partial import PartialDate
from okat.thai.text import fold

BACK_WITHIN = dt.timedelta(days=7)  # in which a message marked as told can be marked as not told
BREAK_GLASS_HOURS = 3
SETTLE_DAYS = 7  # so long undoing a merge gives back second places too; published on the page where records are joined
OLDEST_AGE = 130
# A parent or guardian consents for a child under 10; from 10 to 19 it depends on the act, so we ask for both
# (Thai PDPA s.20, as summarised by transatlanticlaw.com).
GUARDIAN_ALWAYS_BELOW = 10
MAJORITY = 20


# So long what a guardian agreed to stands while the person is asked themself: from the birthday, or from the day on
# which they were asked where nobody asked then.
GROWN_DAYS = 180


# In place of what tells of health or a disability, for whoever may not see that of the person.
HIDDEN = _("(shows only with the person's explicit consent)")
HIDDEN_TITLE = {  # for what is kept, or read in both languages
    "th": "(แสดงเมื่อเจ้าตัวยินยอมโดยชัดแจ้งเท่านั้น)",
    "en": "(shows only with the person's explicit consent)",
}


class Sex(TextChoices):
    FEMALE = "f", _("Female")
    MALE = "m", _("Male")
    OTHER = "x", _("Other or not said")


class Papers(TextChoices):
    """House registration: what part U calls papers."""

    REGISTERED = "registered", _("Registered here")
    ELSEWHERE = "elsewhere", _("Registered elsewhere")
    NONE = "none", _("No registration or no papers")
    UNKNOWN = "unknown", _("Not asked yet")


class Status(TextChoices):
    ACTIVE = "active", _("Active")
    MOVED = "moved", _("Moved away")
    DIED = "died", _("Died")
    MERGED = "merged", _("Joined with another record")
    ERASED = "erased", _("Erased")


class Turn(TextChoices):
    """What changes in a life and is kept: a status, the day from which one speaks for oneself, or that somebody
    elsewhere said so and whoever holds the record is to look."""

    DIED = "died", _("Died")
    MOVED = "moved", _("Moved away")
    GROWN = "grown", _("Turned twenty")
    SAID_DIED = "say_died", _("Is said to have died")
    SAID_MOVED = "say_away", _("Is said to have moved away")


# What one says of a life elsewhere -> what is then asked of whoever holds the record.
SAID = {Status.DIED: Turn.SAID_DIED, Status.MOVED: Turn.SAID_MOVED}
LIVING = (Status.ACTIVE, Status.MOVED)  # to whom something can still be told, offered or given
OPEN_STATUSES = (Status.ACTIVE, Status.MOVED, Status.DIED)


class HouseholdRole(TextChoices):
    HEAD = "head", _("Head of household")
    SPOUSE = "spouse", _("Spouse")
    CHILD = "child", _("Child")
    PARENT = "parent", _("Parent")
    GRANDCHILD = "grandchild", _("Grandchild")
    GRANDPARENT = "grandparent", _("Grandparent")
    RELATIVE = "relative", _("Other relative")
    OTHER = "other", _("Other member")


class Tenure(TextChoices):
    OWN = "own", _("Own house")
    RENT = "rent", _("Rents")
    FREE = "free", _("Lives with others for free")
    LAND_OF_OTHERS = "land", _("On land of others")
    NO_HOUSE = "none", _("No house")
    UNKNOWN = "unknown", _("Not asked yet")


class Purpose(TextChoices):
    CARE = "care", _("Keep my record and follow up")
    REFER = "refer", _("Pass my case on so that I get help")
    ENROL = "enrol", _("Know that I come to a course, and how to reach me")
    ROUND = "round", _("Take part in the allocation of places")
    CONTACT = "contact", _("Call or write to me")
    STUDY = "study", _("Study the city's needs, without my name")


# Figures about the city's needs are whole tens of everybody: a yes to be counted governed nothing; nobody asks for it.
ASKED = tuple(purpose for purpose in Purpose if purpose is not Purpose.STUDY)


class How(TextChoices):
    SIGNATURE = "signature", _("Signature")
    THUMB = "thumb", _("Thumb print")
    WITNESS = "witness", _("Spoken before a witness")
    VERBAL = "verbal", _("Spoken")
    GUARDIAN = "guardian", _("Given by parent or guardian")
    ONLINE = "online", _("By the person, signed in")


class Why(TextChoices):
    """Why a partner may see a person."""

    PIN = "pin", _("Pinned by this partner")
    CONSENT = "consent", _("The person agreed")
    REFERRAL = "referral", _("Referral")
    ROUND = "round", _("Allocation round")
    DUTY = "duty", _("Task assigned by the city team")


class Law(TextChoices):
    """What lets a partner hold a record where no consent does."""

    TASK = "s24_4", _("Public task (PDPA s.24(4))")
    WELFARE = "s26_5", _("Health or social protection by law (PDPA s.26(5))")


SENSITIVE_LAWS = frozenset({Law.WELFARE})  # those that reach what is sensitive


class NeedStatus(TextChoices):
    OPEN = "open", _("Open")
    MET = "met", _("Met")
    GONE = "gone", _("No longer needed")


class VisitKind(TextChoices):
    HOME = "home", _("Home visit")
    PHONE = "phone", _("Phone call")
    OFFICE = "office", _("At the office")
    OTHER = "other", _("Elsewhere")
    NOTE = "note", _("Note, no visit")


MET = [choice for choice in VisitKind.choices if choice[0] != VisitKind.NOTE]


class Emergency(TextChoices):
    """Why somebody opens a record outside their scope."""

    LIFE = "life", _("Danger to life or body")
    CHILD = "child", _("Protection of a child")
    VIOLENCE = "violence", _("Violence in the house")
    DISASTER = "disaster", _("Flood, fire or other disaster")
    LOST = "lost", _("A lost or unknown person was found")
    OTHER = "other", _("Other emergency")


class Finding(TextChoices):
    JUSTIFIED = "justified", _("Justified")
    NOT_JUSTIFIED = "not_justified", _("Not justified")


class EvidenceKind(TextChoices):
    PHOTO = "photo", _("Photo")
    SIGNATURE = "signature", _("Signature")
    DOCUMENT = "document", _("Document")  # laid before one office, for one thing


class LinkAnswer(TextChoices):
    """What became of the question whether a record is that of an account's owner."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    DIFFERS = "differs", _("The birth date differed")
    RECALLED = "recalled", _("Taken back")


def same_name(account: str, given: str, family: str) -> bool:
    """Whether an account carries the name of a record, a title or a nickname aside."""
    name = fold(given) + fold(family)
    return bool(fold(given)) and bool(fold(family)) and name in fold(account)


ALIKE = "alike"  # the source of a pair that saving a pin put up, of which its worker sees one record alone


def asked_alone(source: str, asked_by: object, decides: object) -> bool:
    """Whether the worker who put a pair up, or typed what makes it much alike, would decide it; what equal numbers
    alone put up has no such worker."""
    return source in ("worker", ALIKE) and asked_by == decides


class PeopleError(UndoneError):
    """An action that cannot be done. `code` names why; `message` (lazy, translated) says it to a person."""


@dataclass(frozen=True)
class Disability:
    """`type` is a code of the vocabulary `disability`; `version` names the notification it is from."""

    type: str
    version: str


@dataclass(frozen=True)
class Difference:
    """One field that two workers filled differently."""

    field: str
    theirs: object
    yours: object


class ConflictError(PeopleError):
    """Someone saved the record in between; `differences` shows both values, `version` is the present one."""

    def __init__(self, version: int, differences: tuple[Difference, ...]) -> None:
        self.version = version
        self.differences = differences
        super().__init__(
            "conflict", _("Someone else changed this record while you were writing. Compare both values and choose.")
        )


def check_birth(birth: PartialDate | None, today: dt.date) -> None:
    """Raises PeopleError for a birth in the future or more than OLDEST_AGE years ago."""
    if birth is None:
        return
    try:
        years = partial.age(birth, today)
    except ThaiValueError as error:
        raise PeopleError("birth_future", _("The birth date lies in the future. Check the year.")) from error
    if years.low > OLDEST_AGE:
        raise PeopleError("birth_too_early", _("The birth date is more than 130 years ago. Check the year."))


def age_of(birth: str, today: dt.date) -> partial.AgeRange | None:
    """Age from the stored ISO text; None when unknown (or when a clock jumped before the birth)."""
    if not birth:
        return None
    try:
        return partial.age(PartialDate.from_iso(birth), today)
    except ThaiValueError:
        return None


def needs_guardian(birth: PartialDate | None, today: dt.date) -> bool:
    """Whether a parent or guardian must give the consent (see GUARDIAN_ALWAYS_BELOW). Unknown age: no."""
    if birth is None:
        return False
    return partial.age(birth, today).high < MAJORITY


def check_point(lat: float | None, lon: float | None) -> None:
    """Both or neither, inside Thailand's bounding box (5 to 21 N, 97 to 106 E). Raises PeopleError."""
    if lat is None and lon is None:
        return
    if lat is None or lon is None or not (5 <= lat <= 21 and 97 <= lon <= 106):
        raise PeopleError("point", _("The point on the map is not in Thailand. Mark it again or leave it out."))


def check_income(value: Decimal | int | None) -> None:
    if value is not None and not 0 <= value < 100_000_000:
        raise PeopleError("income", _("The income must be 0 or more baht a month."))
