"""A case in words for its pages. No loading here."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from okat.city.cases import queries
from okat.city.cases.models import Case
from okat.city.cases.rules import TABLE, State, Who, reason_words
from okat.city.cases.rules import Verb as Verbs
from okat.city.core import clock
from okat.city.core.show import Moment, Tone
from okat.city.core.templatetags.okat import be, words


def headline(case: Case, step: Verbs | None = None) -> str:
    """Who acts next and by when, in one sentence; for whoever acts next what to do (`step`)."""
    if case.stage is State.CLOSED:
        return _("This case is closed")
    if case.given_back is not None:
        return _("The place is being given back: %(until)s") % {"until": queries.until_words(case)}
    if step is not None:
        return _("%(step)s by %(day)s") % {"step": step.label, "day": be(case.due_on)}
    return _("%(who)s acts next, by %(day)s") % {"who": acting(case), "day": be(case.due_on)}


def own_headline(case: Case) -> str:
    """The same, said to the person."""
    if case.stage is State.CLOSED:
        return _("This case is closed")
    if TABLE[case.stage].acts is Who.PERSON and case.given_back is None:
        return _("Please say yes or no by %(day)s") % {"day": be(case.due_on)}
    return headline(case)


def acting(case: Case) -> str:
    """Whose turn it is, by name where it is a partner."""
    if TABLE[case.stage].acts is Who.PERSON:
        return _("The person")
    return words(case.acts_next) if case.acts_next is not None else _("Nobody")


def turn(case: Case) -> str:
    """What whoever acts next is told."""
    return str(TABLE[case.stage].message) % {"title": queries.title(case)}


def late(case: Case) -> bool:
    return case.due_on is not None and case.given_back is None and case.due_on < clock.today()


def late_words(due: dt.date | None) -> str:
    """How late, or how soon; empty where there is time."""
    if due is None:
        return ""
    days = (clock.today() - due).days
    if days > 0:
        return ngettext("%(days)s day late", "%(days)s days late", days) % {"days": days}
    return _("today") if days == 0 else ""


def tone(case: Case) -> Tone:
    """How the state's chip looks: what came back, what goes well."""
    if case.given_back is not None or case.stage in (State.RETURNED, State.DECLINED, State.LEFT):
        return "warn"
    return "good" if case.stage is State.COMPLETED else "plain"


def timeline(found: queries.Page, *, own: bool = False) -> list[Moment]:
    """What happened, oldest first, then what comes: the answers still to ask, and until when somebody must act."""
    case = found.case
    asks = {f.due_on: f.after_days for f in found.follow_ups if f.recorded_at is None}
    moments = [Moment(be(row.at), queries.sentence(row, case)) for row in found.transitions]
    if case.stage is State.CLOSED:
        return moments
    if case.given_back is not None:
        return [*moments, Moment(be(case.given_back), _("The place goes on, if it is not taken back"), state="next")]
    if case.due_on is not None:
        words = _asked(asks.pop(case.due_on)) if case.due_on in asks else _next(case, own)
        moments.append(Moment(be(case.due_on), words, state="late" if late(case) else "next"))
    return moments + [Moment(be(day), _asked(days), state="next") for day, days in asks.items()]


def _next(case: Case, own: bool) -> str:
    if own and TABLE[case.stage].acts is Who.PERSON:
        return _("You say yes or no")
    return _("%(who)s acts") % {"who": acting(case)}


def _asked(days: int) -> str:
    if not days:
        return _("Ask how it goes")
    return _("Ask how it goes after %(days)s days") % {"days": days}


def outcomes(found: queries.Page) -> list[Moment]:
    """The recorded outcomes with their notes, for those who may read them."""
    return [
        Moment(
            be(f.recorded_at),
            reason_words(Verbs.FOLLOW_UP, f.outcome, taken_back=f.taken_back_at is not None),
            note=found.outcomes.get(f.pk, ""),
        )
        for f in found.follow_ups
        if f.recorded_at is not None
    ]
