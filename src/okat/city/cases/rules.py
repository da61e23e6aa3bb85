"""The life of a case as one table: each state says who acts next, in how many days, what is told, and what it allows.

docs/reference/case-states.md is written from it; everything else in this app asks it.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from okat.city.core.holidays import next_open, working_days_after
from okat.city.core.permissions import Permission
from okat.city.core.refusals import UndoneError
from okat.city.people.rules import Status

FOLLOW_UP_DAYS = (30, 90, 180)
MONTH = 30  # a span of so many days and more has all days in it, a shorter one of an office those on which it is open


class Who(StrEnum):
    """Who acts. SYSTEM: what follows from elsewhere (a consent withdrawn, a partner gone, a place released)."""

    PERSON = "person"
    OWNER = "owner"
    RECEIVER = "receiver"
    TEAM = "team"
    SYSTEM = "system"
    NOBODY = "nobody"


class State(TextChoices):
    OFFERED = "offered", _("Offered")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", pgettext_lazy("case", "Declined")
    REFERRED = "referred", _("Referred")
    RECEIVED = "received", _("Received")
    RETURNED = "returned", _("Returned")
    ACTIVE = "active", _("Taking part")
    COMPLETED = "completed", _("Completed")
    LEFT = "left", _("Left early")
    OUTCOME = "outcome", _("Being followed up")
    CLOSED = "closed", pgettext_lazy("case", "Closed")


class Verb(TextChoices):
    """What somebody does; the labels are the buttons."""

    PROPOSE = "propose", _("Propose")
    ACCEPT = "accept", _("Accept the offer")
    DECLINE = "decline", _("Decline the offer")
    REFER = "refer", _("Refer to a partner")
    RECALL = "recall", _("Take the referral back")
    RECEIVE = "receive", _("Receive the case")
    RETURN = "return", _("Return with a reason")
    START = "start", _("Record the start")
    COMPLETE = "complete", _("Record completion")
    LEAVE = "leave", _("Record leaving")
    FOLLOW_UP = "follow_up", _("Record the outcome")
    CLOSE = "close", _("Close the case")
    HAND_OVER = "hand_over", _("Hand over to another partner")


class Source(TextChoices):
    WORKER = "worker", _("Proposed by a worker")
    ROUND = "round", _("Place from an allocation round")
    SELF = "self", _("Asked by the person")


class Sector(TextChoices):
    TRAINING = "training", _("Learning and training")
    WORK = "work", _("Work and income")
    CARE = "care", _("Care and health")
    RIGHTS = "rights", _("Papers and rights")


class GoalStatus(TextChoices):
    OPEN = "open", _("Not reached yet")
    MET = "met", _("Reached")
    DROPPED = "dropped", _("Dropped")


class Answer(TextChoices):
    """How a referral stands."""

    SENT = "sent", _("Waits for an answer")
    RECEIVED = "received", _("Received")
    RETURNED = "returned", _("Returned")
    RECALLED = "recalled", _("Taken back")
    DONE = "done", _("Done")


OFFICES = frozenset({Who.OWNER, Who.RECEIVER, Who.TEAM})
_EITHER = frozenset({Who.PERSON, Who.OWNER})
_OWNER = frozenset({Who.OWNER})
_RECEIVER = frozenset({Who.RECEIVER})
_SYSTEM = frozenset({Who.SYSTEM})


@dataclass(frozen=True)
class Edge:
    """Where a verb leads, and who may do it."""

    to: State
    who: frozenset[Who]


@dataclass(frozen=True)
class Row:
    """One state. `days`: until when whoever acts next must have acted (None: the next follow-up, or nothing).
    `message`: the notice to whoever acts next, `%(title)s` is what the case is about."""

    acts: Who
    days: int | None
    message: Promise
    allows: Mapping[Verb, Edge] = field(default_factory=dict)

    @property
    def working(self) -> bool:
        """Offices have days on which they are open; a person, and a stay of months, has all days."""
        return self.acts in (Who.OWNER, Who.RECEIVER) and self.days is not None and self.days < MONTH


_HAND = frozenset({Who.OWNER, Who.TEAM})
_ASKED = Edge(State.OUTCOME, _OWNER | _SYSTEM)
_AGAIN = {Verb.PROPOSE: Edge(State.OFFERED, _OWNER), Verb.FOLLOW_UP: _ASKED}
_END = Edge(State.LEFT, _EITHER | _SYSTEM)
_BACK = Edge(State.RETURNED, _RECEIVER | _SYSTEM)
_OVER = {Verb.FOLLOW_UP: Edge(State.OUTCOME, _SYSTEM)}  # the person died, or moved away: that is the outcome
_GONE = Edge(State.LEFT, frozenset({Who.PERSON, Who.RECEIVER, Who.SYSTEM}))

TABLE: Mapping[State, Row] = {
    State.OFFERED: Row(Who.PERSON, 7, _("“%(title)s” is offered to you. Say yes or no."), {
        Verb.ACCEPT: Edge(State.ACCEPTED, _EITHER), Verb.DECLINE: Edge(State.DECLINED, _EITHER | _SYSTEM),
        Verb.HAND_OVER: Edge(State.OFFERED, _HAND), **_OVER,
    }),
    State.ACCEPTED: Row(Who.OWNER, 5, _("“%(title)s” was accepted. Refer the person to who provides it."), {
        Verb.REFER: Edge(State.REFERRED, _OWNER), Verb.LEAVE: _END, Verb.HAND_OVER: Edge(State.ACCEPTED, _HAND),
        Verb.RETURN: Edge(State.RETURNED, _SYSTEM), **_OVER,
    }),
    State.DECLINED: Row(Who.OWNER, 14, _("“%(title)s” was declined. Look for something else, or record the outcome."), {
        **_AGAIN, Verb.HAND_OVER: Edge(State.DECLINED, _HAND),
    }),
    State.REFERRED: Row(Who.RECEIVER, 5, _("A person is referred to you for “%(title)s”. Receive or return it."), {
        Verb.RECEIVE: Edge(State.RECEIVED, _RECEIVER), Verb.RETURN: _BACK,
        Verb.RECALL: Edge(State.ACCEPTED, _OWNER), Verb.LEAVE: _END, **_OVER,
    }),
    State.RECEIVED: Row(Who.RECEIVER, 10, _("You received a case for “%(title)s”. Record the start."), {
        Verb.START: Edge(State.ACTIVE, _RECEIVER), Verb.RETURN: _BACK, Verb.LEAVE: _GONE, **_OVER,
    }),
    State.RETURNED: Row(Who.OWNER, 5, _("A referral for “%(title)s” came back. Refer elsewhere or propose anew."), {
        Verb.REFER: Edge(State.REFERRED, _OWNER), **_AGAIN, Verb.HAND_OVER: Edge(State.RETURNED, _HAND),
    }),
    State.ACTIVE: Row(Who.RECEIVER, 90, _("“%(title)s” has begun. Record when it is completed or left."), {
        Verb.COMPLETE: Edge(State.COMPLETED, _RECEIVER), Verb.LEAVE: _GONE, Verb.RETURN: Edge(State.RETURNED, _SYSTEM),
        **_OVER,
    }),
    State.COMPLETED: Row(Who.OWNER, None, _("“%(title)s” is completed. Ask after 30, 90 and 180 days how it went."), {
        Verb.FOLLOW_UP: _ASKED, Verb.HAND_OVER: Edge(State.COMPLETED, _HAND),
    }),
    State.LEFT: Row(Who.OWNER, None, _("“%(title)s” was left early. Ask after 30, 90 and 180 days how it goes."), {
        **_AGAIN, Verb.HAND_OVER: Edge(State.LEFT, _HAND),
    }),
    State.OUTCOME: Row(Who.OWNER, None, _("Follow-up of “%(title)s”: record the next outcome, or close the case."), {
        Verb.FOLLOW_UP: _ASKED, Verb.CLOSE: Edge(State.CLOSED, _OWNER | _SYSTEM),
        Verb.HAND_OVER: Edge(State.OUTCOME, _HAND), Verb.PROPOSE: Edge(State.OFFERED, _OWNER),
    }),
    State.CLOSED: Row(Who.NOBODY, None, _("The case about “%(title)s” is closed.")),
}  # fmt: skip

# After the last outcome, so many days to close.
DAYS_TO_CLOSE = 7
DONE = frozenset({State.DECLINED, State.COMPLETED, State.LEFT, State.OUTCOME})  # only the outcome is still asked for
GIVEN_BACK = _("Place being given back")  # how a case stands while its round holds the place for a taking back
OPEN_STATES = tuple(state for state in State if state is not State.CLOSED)
# Steps towards what a case leads to: none of them where that is called off.
FORWARD = frozenset({Verb.ACCEPT, Verb.REFER, Verb.RECEIVE, Verb.START})
# While these last, another partner holds the case.
AWAY = (State.REFERRED, State.RECEIVED, State.ACTIVE)

# What a role needs to do it for its partner. The person needs nothing; the system asks nobody.
NEEDS: Mapping[Verb, Permission] = {
    Verb.PROPOSE: Permission.REFER, Verb.ACCEPT: Permission.REFER, Verb.DECLINE: Permission.REFER,
    Verb.REFER: Permission.REFER, Verb.RECALL: Permission.REFER, Verb.HAND_OVER: Permission.REFER,
    Verb.RECEIVE: Permission.ANSWER_REFERRALS, Verb.RETURN: Permission.ANSWER_REFERRALS,
    Verb.START: Permission.ANSWER_REFERRALS, Verb.COMPLETE: Permission.RECORD_OUTCOME,
    Verb.LEAVE: Permission.RECORD_OUTCOME, Verb.FOLLOW_UP: Permission.RECORD_OUTCOME,
    Verb.CLOSE: Permission.RECORD_OUTCOME,
}  # fmt: skip

ROUNDS_OWN = frozenset({"released", "cancelled"})  # the round knows: it gave the word, or ends the place itself
OFFICE_LEFT = "partner_left"  # takes nothing from the person: what they have begun goes on

REASONS: Mapping[Verb, Mapping[str, Promise]] = {
    Verb.DECLINE: {
        "far": _("Too far"), "time": _("The time does not fit"), "cost": _("Costs too much"),
        "other_place": _("Has found something else"), "not_wanted": _("Does not want it"), "family": _("Family duties"),
        "released": _("The place was given back"), "cancelled": _("The provider cancelled it"),
    },
    Verb.RETURN: {
        "full": _("No places left"), "not_ours": _("Not what this office does"),
        "not_eligible": _("Does not meet the conditions"), "unreachable": _("Could not be reached"),
        "papers": _("Papers are missing"), "consent": _("The consent was withdrawn"),
        OFFICE_LEFT: _("The partner has ended this work"), "cancelled": _("The provider cancelled it"),
    },
    Verb.LEAVE: {
        "work": _("Found work"), "health": _("Health"), "family": _("Family duties"), "moved": _("Moved away"),
        "cost": _("Costs too much"), "not_useful": _("Did not help"), "unknown": _("Reason not known"),
        "released": _("The place was given back"),
    },
}  # fmt: skip
# Reasons that only follow from elsewhere; nobody chooses them.
SYSTEM_REASONS = frozenset({"released", "consent", OFFICE_LEFT, "cancelled"})

OUTCOMES: Mapping[str, Promise] = {
    "working": _("Has work or earns"), "learning": _("Is learning"), "better": _("The need is met"),
    "same": _("Nothing has changed"), "worse": _("Is worse off"), "other_help": _("Is helped elsewhere"),
    "not_wanted": _("Wants no more help"), "moved": _("Moved away"), "died": _("Died"),
    "unreachable": _("Could not be reached"),
}  # fmt: skip
# What an outcome, or why a case was left, says of a life: whoever holds the record is to look.
OF_LIFE = {"died": Status.DIED, "moved": Status.MOVED}
# How it reads once that is taken back.
TAKEN_BACK = {
    "died": _("%s (this was a mistake and is taken back)"),
    "moved": _("%s (taken back since)"),
}
# What only follows from elsewhere; nobody chooses it.
UNHELD = "not_held"
SYSTEM_OUTCOMES: Mapping[str, Promise] = {UNHELD: _("The office may not keep the record any more")}
# After these nobody asks again: the case may close without the remaining follow-ups.
FINAL = frozenset({"other_help", "not_wanted", "moved", "died"})

SENTENCES: Mapping[Verb, Promise] = {
    Verb.PROPOSE: _("%(partner)s proposed “%(title)s”."),
    Verb.ACCEPT: _("The offer was accepted."),
    Verb.DECLINE: _("The offer was declined: %(reason)s."),
    Verb.REFER: _("%(partner)s referred the case to %(other)s."),
    Verb.RECALL: _("%(partner)s took the referral back."),
    Verb.RECEIVE: _("%(partner)s received the case."),
    Verb.RETURN: _("The case came back: %(reason)s."),
    Verb.START: _("It began at %(partner)s."),
    Verb.COMPLETE: _("Completed at %(partner)s."),
    Verb.LEAVE: _("Left early: %(reason)s."),
    Verb.FOLLOW_UP: _("Asked how it went: %(reason)s."),
    Verb.CLOSE: _("The case was closed."),
    Verb.HAND_OVER: _("The case was handed over to %(other)s."),
}


class CaseError(UndoneError):
    """Something that cannot be done. `code` names why; `message` (lazy, translated) says what to do about it."""


class LateError(CaseError):
    """Somebody else acted first; `state` is how the case stands now."""

    def __init__(self, state: State) -> None:
        self.state = state
        super().__init__(
            "conflict",
            _("Somebody else acted on this case first. It now stands at “%(state)s”: look before you go on.")
            % {"state": state.label},
        )


def edge(state: State, verb: Verb, who: Who) -> Edge | None:
    """Where `verb` by `who` leads from `state`, or None where the table does not allow it."""
    found = TABLE[state].allows.get(verb)
    return found if found is not None and who in found.who else None


def edges() -> Iterator[tuple[State, Verb, Edge]]:
    for state, row in TABLE.items():
        for verb, found in row.allows.items():
            yield state, verb, found


def due_on(state: State, today: dt.date, next_follow_up: dt.date | None = None) -> dt.date | None:
    """Until when whoever acts next must act: an office has so many days on which offices are open, a person so many
    days, and neither's last day is a holiday. Follow-ups carry their own day (`follow_up_days`); after the last one the
    case closes."""
    row = TABLE[state]
    if row.acts is Who.NOBODY:
        return None
    if row.days is not None:
        return working_days_after(today, row.days) if row.working else next_open(today + dt.timedelta(days=row.days))
    return next_open(next_follow_up) if next_follow_up else working_days_after(today, DAYS_TO_CLOSE)


def follow_up_days(today: dt.date) -> dict[int, dt.date]:
    """On which days one asks how it went: 30, 90 and 180 days after, or as soon as somebody is there to ask."""
    return {days: next_open(today + dt.timedelta(days=days)) for days in FOLLOW_UP_DAYS}


def check_reason(verb: Verb, reason: str, *, system: bool = False) -> None:
    """Raises CaseError where a reason is asked for and `reason` is none of the table's."""
    known = REASONS.get(verb)
    if known is not None and (reason not in known or (reason in SYSTEM_REASONS and not system)):
        raise CaseError("reason", _("Choose a reason."))


def reason_words(verb: Verb, reason: str, *, taken_back: bool = False) -> str:
    """`taken_back`: with what is known by now where it said something of a life that is not so."""
    words = {**OUTCOMES, **SYSTEM_OUTCOMES} if verb is Verb.FOLLOW_UP else REASONS.get(verb, {})
    said = str(words.get(reason, reason))
    return str(TAKEN_BACK.get(reason, "%s")) % said if taken_back else said


def may_close(pending: int, last_outcome: str) -> bool:
    """Only an outcome closes: the last of the follow-ups, or one after which nobody asks again."""
    return bool(last_outcome) and (pending == 0 or last_outcome in FINAL)


def outcomes_on(day: dt.date, due: dt.date | None) -> Mapping[str, Promise]:
    """The outcomes that may be recorded on `day`: before the follow-up's day, or without one, only final ones."""
    if due is not None and due <= day:
        return OUTCOMES
    return {code: words for code, words in OUTCOMES.items() if code in FINAL}


def reasons_for(verb: Verb) -> Mapping[str, Promise]:
    """The reasons that somebody may choose."""
    return {code: words for code, words in REASONS.get(verb, {}).items() if code not in SYSTEM_REASONS}


WHO_WORDS: Mapping[Who, Promise] = {
    Who.PERSON: _("the person"), Who.OWNER: _("the responsible partner"), Who.RECEIVER: _("the receiving partner"),
    Who.TEAM: _("the city team"), Who.SYSTEM: _("the system"), Who.NOBODY: _("nobody"),
}  # fmt: skip


def diagram() -> str:
    """The table as a Mermaid state diagram."""
    lines = ["stateDiagram-v2", "    [*] --> offered: propose", "    [*] --> accepted: place accepted in a round"]
    lines += [f"    {state} --> {found.to}: {verb}" for state, verb, found in edges() if state != found.to]
    return "\n".join([*lines, "    closed --> [*]"])


def reference() -> str:
    """docs/reference/case-states.md in full, in English."""
    rows = [
        f"| {state.value} | {row.acts.value} | {_when(row)} | "
        + ", ".join(f"{verb.value} ({', '.join(sorted(e.who))})" for verb, e in row.allows.items())
        + " |"
        for state, row in TABLE.items()
    ]
    return "\n".join([
        "# States of a case", "",
        "Written from the table in `okat.city.cases.rules`; a test compares. Only an outcome closes a case.", "",
        "```mermaid", diagram(), "```", "",
        "| State | Acts next | Within | Allows (by whom) |", "| --- | --- | --- | --- |", *rows, "",
    ])  # fmt: skip


def _when(row: Row) -> str:
    if row.acts is Who.NOBODY:
        return ""
    days = f"{row.days} working days" if row.working else f"{row.days} days"
    return days if row.days else f"the next follow-up ({', '.join(map(str, FOLLOW_UP_DAYS))} days)"


# What was done, as the audit trail says it.
TOLD: Mapping[str, Promise] = {
    "cases.propose": _("Proposed something to a person"),
    "cases.accept": _("An offer was accepted"),
    "cases.decline": _("An offer was declined"),
    "cases.refer": _("Referred a case to a partner"),
    "cases.recall": _("Took a referral back"),
    "cases.receive": _("Received a case"),
    "cases.return": _("Returned a case"),
    "cases.start": _("Recorded that it began"),
    "cases.complete": _("Recorded that it was completed"),
    "cases.leave": _("Recorded that somebody left early"),
    "cases.follow_up": _("Recorded an outcome"),
    "cases.close": _("Closed a case"),
    "cases.hand_over": _("Handed a case over"),
    "cases.end_unheld": _("Closed cases whose office may not keep the record any more"),
    "cases.leave_behind": _("Freed a place of which nobody can speak any more"),
    "cases.end": _("Closed cases whose person died or moved away"),
    "cases.not_so": _("Marked that what a case said of somebody's life is not so"),
    "cases.resume": _("Proposed again what a wrong word had closed"),
    "cases.follow_account": _("Offers to the account that was parted are asked by the office now"),
    "cases.follow_move": _("Cases followed their person to another area"),
    "cases.open": _("Opened a case for a place that was accepted"),
    "cases.release": _("Ended a case whose place was given back"),
    "cases.consent_withdrawn": _("Ended access after a consent was withdrawn"),
    "cases.erase": _("Took a person out of cases"),
    "cases.opportunity_cancelled": _("Told cases that an opportunity was cancelled"),
    "cases.remind": _("Reminded of a late case"),
    "cases.add_goal": _("Noted a goal of a case"),
    "cases.end_goal": _("Noted how a goal ended"),
    "cases.propose_again": _("Proposed the same once more: nothing changed"),
}
