"""The groups and words of the desk."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from okat.city.cases.rules import OF_LIFE, OUTCOMES, SYSTEM_OUTCOMES, GoalStatus, Sector, Verb
from okat.city.cases.rules import REASONS as CASES
from okat.city.core.own_pages import OWN_PAGES
from okat.city.learning.rules import Standing
from okat.city.learning.rules.assessing import When
from okat.city.learning.rules.proofs import REASONS as PROOFS
from okat.city.notices.rules import KINDS
from okat.city.partners.rules import LEAVING, ROLE_WORDS
from okat.city.people.rules import ALIKE, Emergency, Finding, How, Law, LinkAnswer, NeedStatus, Status, Why
from okat.city.people.rules.told import WHY

ANSWER_DAYS = 7  # a referral answered within a week is answered in time
AGES = ((0, 14), (15, 24), (25, 39), (40, 59), (60, 74), (75, 200))


@dataclass(frozen=True)
class Group:
    """Told of one group: who said that they need something, those of them who were reached, and those who wait. None is
    held back. Each is a whole ten by itself: the two parts need not add up."""

    key: str
    need: int | None
    reached: int | None
    waits: int | None


def band_of(key: str) -> tuple[int, int] | None:
    """The first and last year of an age band's key."""
    found = [band for band in AGES if str(band[0]) == key]
    return found[0] if found else None


# Whose task it is, in the words of the menu.
APPS: Mapping[str, Promise] = {
    "people": _("People"), "catalogue": _("Opportunities"), "rounds": _("Rounds"), "cases": _("Referrals"),
    "learning": _("Courses"), "jobs": _("Jobs"),
}  # fmt: skip
# What the audit trail may be narrowed to: the beginning of a verb.
VERBS: Mapping[str, Promise] = {
    "people.read": _("Opened a person's record"), "people.search": _("Searched for a person"),
    "people.break_glass": _("Opened a record in an emergency"),
    "people.emergency_try": _("Tried to open a record in an emergency by a number that opens none"),
    "people.export": _("Took a person's data along"),
    "people.": _("Everything about people"), "cases.": _("Everything about cases"),
    "rounds.": _("Everything about rounds"), "catalogue.": _("Everything about opportunities"),
    "partners.": _("Everything about partners"), "accounts.": _("Everything about accounts"),
    "audit.": _("Read the audit trail"),
}  # fmt: skip


def _labels(kind: type[TextChoices]) -> Mapping[str, Promise | str]:
    return {each.value: each.label for each in kind}


_RIGHT: Mapping[str, Promise] = {"right": _("The code was right"), "wrong": _("The code was wrong")}
_MANY: Mapping[str, Promise] = {"import": _("from a file"), "bulk": _("many at once")}
_BROUGHT: Mapping[str, Promise] = {
    "given": _("given over"), "said": _("told in person or on the telephone"),
    "over": _("no longer holds, so that nobody needs to bring it"),
}  # fmt: skip
_PAIRS: Mapping[str, Promise] = {
    "worker": _("seen by a worker"), "pin": _("the same identity number"), "import": _("from a file"),
    ALIKE: _("much alike"),
}  # fmt: skip
_LIFE: Mapping[str, Promise] = {why: OUTCOMES[why] for why in OF_LIFE}
_ENDED: Mapping[str, Promise] = {**_LIFE, **SYSTEM_OUTCOMES}
# Reasons are codes of whoever recorded them, and one code means several things (a consent that lets an office in, one
# that was withdrawn and ended a case): the words of each verb; a beginning of verbs stands for those not named.
REASONS: Mapping[str, Mapping[str, Promise | str]] = {
    "partners.": ROLE_WORDS, "partners.leave": dict(LEAVING), "accounts.": _RIGHT, "people.confirm_phone": _RIGHT,
    "people.read": WHY, "people.print": WHY, "people.export": WHY,
    "people.pin": {**_MANY, "none": _("a file without a new person")},
    "jobs.describe_many": {**_MANY, "undo": _("taken back")},
    "people.grant": _labels(Why), "people.grant_again": _labels(Why), "people.consent": _labels(How),
    "people.keep_by_law": _labels(Law), "people.end_by_law": _labels(Law), "people.say_law": _labels(Law),
    "people.basis": _labels(Law), "people.end_basis": _labels(Law), "people.import": _labels(Law),
    "people.break_glass": _labels(Emergency), "people.review_break_glass": _labels(Finding),
    "people.status": _labels(Status), "people.said": _labels(Status), "catalogue.stop_looking": _LIFE,
    "rounds.leave": _LIFE, "rounds.withdraw": CASES[Verb.RETURN], "learning.end": {**_LIFE, **_labels(Standing)},
    "jobs.end_hire": _LIFE, "cases.end": _LIFE, "cases.close": _ENDED,
    "cases.follow_up": {**OUTCOMES, **SYSTEM_OUTCOMES}, "cases.hand_over": {**CASES[Verb.RETURN], **_LIFE},
    "cases.release": CASES[Verb.DECLINE], **{f"cases.{verb}": words for verb, words in CASES.items()},
    "desk.count_disability": {"figures": _("for figures")},
    "notices.notify": {"unread": _("What was not read yet")},
    "people.open_code": {"refused": _("The code opened nothing")},
    "people.hand_over_slip": _BROUGHT, "people.hand_over_again": _BROUGHT,
    "people.take_back_told": _BROUGHT, "people.end_slips": APPS, "people.drop_slips": APPS,
    "people.propose_merge": _PAIRS, "people.refuse_merge": _PAIRS, "people.answer_link": _labels(LinkAnswer),
    "people.close_need": _labels(NeedStatus), "cases.add_goal": _labels(Sector), "cases.end_goal": _labels(GoalStatus),
    "catalogue.name_holder": _labels(How), "learning.revoke": PROOFS, "learning.assess": _labels(When),
    "learning.tend": {
        "closed": _("The course takes no more people"), "changed": _("The day or the places changed"),
        "cancelled": _("The course was cancelled"),
    },
    "jobs.ask": {"candidates": _("An employer looks for people"), "talk": _("Somebody would like to talk")},
    "accounts.address_confirmed": {
        "link": _("by a link that was sent there"), "code": _("by a code that was sent there"),
        "officer": _("an office rang, and the owner answered"), "demo": _("made up for the demonstration"),
    },
    "accounts.ask_reset": {
        "unknown": _("No account with an address was meant"), "too often": _("Asked too often"),
        "sent": _("A link was sent"),
    },
}  # fmt: skip
# The reason names a notice: its words without anything of its own.
NOTICES = frozenset({"notices.notify", "people.tell"})
OPENS = "people.print_code"  # the reason names the page that the slip opens


def why(verb: str, code: str) -> str:
    """What a reason means of this verb, in the reader's language; the code itself where it is of an old version."""
    if verb in NOTICES and code in KINDS:
        return str(KINDS[code].plain)
    if verb == OPENS and code in OWN_PAGES:
        return str(OWN_PAGES[code].opens)
    known = REASONS.get(verb, REASONS.get(f"{verb.partition('.')[0]}.", {}))
    return str(known.get(code, code))


# What was done, as the audit trail says it.
TOLD: Mapping[str, Promise] = {
    "audit.read": _("Read the audit trail"),
    "desk.count_disability": _("Looked at the figures about disability"),
}
