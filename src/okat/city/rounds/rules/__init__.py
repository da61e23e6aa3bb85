"""The states of a round and of an answer, who acts next, and what is refused. No ORM here."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from okat.city.core.permissions import Permission
from okat.city.core.refusals import UndoneError

SMALLEST_SHOWN = 10  # a figure about fewer people is never shown (decisions.md: groups under 10 suppressed)
MOST_CHOICES = 20
READ_DAYS = 7  # whoever answered a request for review can read it for so long afterwards


class Status(StrEnum):
    DRAFT = "draft"
    FROZEN = "frozen"
    OPEN = "open"
    CLOSED = "closed"
    DRAWN = "drawn"
    DECIDED = "decided"
    PUBLISHED = "published"
    FINISHED = "finished"


STATUS_LABELS: dict[Status, Promise] = {
    Status.DRAFT: _("Being planned"),
    Status.FROZEN: _("Rules published"),
    Status.OPEN: _("Open for applications"),
    Status.CLOSED: _("Closed for applications"),
    Status.DRAWN: _("Draw joined"),
    Status.DECIDED: _("Decided and checked"),
    Status.PUBLISHED: _("Results published"),
    Status.FINISHED: _("Finished"),
}


class Actor(StrEnum):
    """Who makes a step: the city's team, or the clock when its time has come (the team may be early)."""

    TEAM = "team"
    CLOCK = "clock"


@dataclass(frozen=True)
class Step:
    """One row of the table of states."""

    verb: str
    now: Status
    to: Status
    actor: Actor
    permission: Permission
    label: Promise


STEPS: tuple[Step, ...] = (
    Step("freeze", Status.DRAFT, Status.FROZEN, Actor.TEAM, Permission.RUN_ROUNDS, _("Freeze and publish the rules")),
    Step("open", Status.FROZEN, Status.OPEN, Actor.CLOCK, Permission.RUN_ROUNDS, _("Open for applications")),
    Step("close", Status.OPEN, Status.CLOSED, Actor.CLOCK, Permission.RUN_ROUNDS, _("Close applications")),
    Step("draw", Status.CLOSED, Status.DRAWN, Actor.TEAM, Permission.RUN_ROUNDS, _("Enter the public draw")),
    Step("run", Status.DRAWN, Status.DECIDED, Actor.TEAM, Permission.RUN_ROUNDS, _("Decide and check")),
    Step("publish", Status.DECIDED, Status.PUBLISHED, Actor.TEAM, Permission.RUN_ROUNDS, _("Publish the results")),
    Step("finish", Status.PUBLISHED, Status.FINISHED, Actor.TEAM, Permission.RUN_ROUNDS, _("Finish the round")),
)
ORDER = tuple(Status)


def step(verb: str) -> Step:
    return next(each for each in STEPS if each.verb == verb)


def next_step(status: Status) -> Step | None:
    """The one thing to do next; None when the round is finished."""
    return next((each for each in STEPS if each.now is status), None)


def reached(status: Status, wanted: Status) -> bool:
    """Whether `status` is `wanted` or later."""
    return ORDER.index(status) >= ORDER.index(wanted)


UNDECIDED = ORDER[: ORDER.index(Status.DECIDED)]


class Answer(StrEnum):
    """What became of an applicant's result. `waiting`: no place, and on the lists of what they asked for; `returning`:
    given back and held for the round's grace time, in which it can be taken back; `left`: they stopped waiting before
    any place was theirs, or the record was closed or erased after the decision: no place is offered any more;
    `stopped`: what the place led to was left early; `cancelled`: the place held does not exist any more, no other is
    free, and they wait for nothing else."""

    WAITING = "waiting"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    RETURNING = "returning"
    DECLINED = "declined"
    EXPIRED = "expired"
    LEFT = "left"
    STOPPED = "stopped"
    CANCELLED = "cancelled"


HIDDEN = _("a place whose name shows only with explicit consent")
ENDED = (Answer.DECLINED, Answer.EXPIRED, Answer.STOPPED)  # of a place that was theirs, and which
HELD = (Answer.OFFERED, Answer.ACCEPTED)  # a place that one has and may give back
ANSWER_LABELS: dict[Answer, Promise] = {
    Answer.WAITING: _("On the waiting list"),
    Answer.OFFERED: _("Place offered"),
    Answer.ACCEPTED: _("Place accepted"),
    Answer.RETURNING: _("Place given back, still held"),
    Answer.DECLINED: _("Place declined"),
    Answer.EXPIRED: _("No answer in time"),
    Answer.LEFT: _("Left the round"),
    Answer.STOPPED: _("Left early"),
    Answer.CANCELLED: _("Place cancelled by its provider"),
}
WAITED_OUT = _("No place came free before the round ended")


def answer_words(answer: Answer, stage: Status) -> Promise:
    """An answer as people read it: once the round is finished nobody waits in it any more."""
    over = answer is Answer.WAITING and stage is Status.FINISHED
    return WAITED_OUT if over else ANSWER_LABELS[answer]


class Appeal(StrEnum):
    OPEN = "open"
    UPHELD = "upheld"
    REFUSED = "refused"


APPEAL_LABELS: dict[Appeal, Promise] = {
    Appeal.OPEN: _("Waiting for an answer"),
    Appeal.UPHELD: _("Found right"),
    Appeal.REFUSED: _("Result stands"),
}


class NextStep(StrEnum):
    """What follows when a review finds the person right. The published outcome itself is never edited."""

    EXTRA_PLACE = "extra_place"
    FIRST_NEXT_ROUND = "next_round"
    CORRECT_RECORD = "correct_record"


NEXT_STEP_LABELS: dict[NextStep, Promise] = {
    NextStep.EXTRA_PLACE: _("The provider is asked for an extra place"),
    NextStep.FIRST_NEXT_ROUND: _("The person is invited to the next round before all others"),
    NextStep.CORRECT_RECORD: _("The record is corrected; it counts from the next round on"),
}


class RoundError(UndoneError):
    """A wish that the rules of rounds refuse. `code` names why; `message` (translated when shown) says it."""


NO_GRACE = dt.timedelta(days=3)  # before the first session a place that is given back goes on at once


def held_until(now: dt.datetime, grace: dt.timedelta, first_session: dt.datetime | None) -> dt.datetime | None:
    """Until when a place that is given back now is held; None for not at all."""
    end = now + grace
    if first_session is not None:
        end = min(end, first_session - NO_GRACE)
    return end if end > now else None


def check_step(verb: str, now: Status) -> Step:
    """The step, if it may be made from `now`. Raises RoundError."""
    wanted = step(verb)
    if wanted.now is not now:
        words = _("“%(step)s” is not possible: the round is at “%(now)s”.")
        raise RoundError("step", words % {"step": wanted.label, "now": STATUS_LABELS[now]})
    return wanted


def suppressed(count: int) -> int | None:
    """The figure, or None where it is about so few that they could be recognised (0 is nobody and is shown)."""
    return count if count == 0 or count >= SMALLEST_SHOWN else None
