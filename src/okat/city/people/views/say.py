"""Dates, scores and the trail of a record, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from okat.city.core.registries import VERBS, said
from okat.city.core.show import Moment
from okat.city.people.forms.fields import in_words, lang
from okat.city.people.models import Person, Score
from okat.city.people.queries.record import Access, value_of
from okat.city.people.rules.told import FOUND, QUIET, WHY
from okat.thai.dates import format_be


@dataclass(frozen=True)
class ScorePart:
    """One part of a score; `known` is False while its question is open."""

    text: str
    points: int
    known: bool


def born(found: Person) -> str:
    """The birth date as far as it is known; empty when nothing is."""
    known = value_of(found, "birth")
    return format_be(known, lang=lang(), style="long") if known else ""


def score_parts(found: Person, score: Score | None) -> list[ScorePart]:
    if score is None:
        return []
    words = {part["code"]: part[lang()] for part in score.questionnaire.data["score"]["parts"]}
    kept = found.unseal(score.parts_sealed) or []
    return [ScorePart(words.get(code, code), points, known) for code, points, known in kept]


def story(entries: Iterable[Access], *, deep: bool) -> list[Moment]:
    """What was done to a record. Who may not read every need is not told either how many were noted, and nobody that
    the city itself found a record much alike: it may be another office's."""
    quiet = QUIET if deep else QUIET | {"people.add_need", "people.close_need"}
    return [
        Moment(_moment(e), said(e.verb) if e.verb in VERBS else _("Noted by another part"), note=_who(e))
        for e in entries
        if e.verb not in quiet and not (e.verb in FOUND and e.reason != "worker")
    ]


def looks(entries: Iterable[Access]) -> list[Moment]:
    """Who has looked, and why; looks of one person one after another on one day are told together."""
    runs = [list(run) for _key, run in groupby(entries, lambda e: (e.by, e.partner, timezone.localdate(e.at)))]
    return [_look(run) for run in runs]


def _look(run: list[Access]) -> Moment:
    told = dict.fromkeys(f"{said(e.verb)} {WHY.get(e.reason, '')}".strip() for e in run)
    times = ngettext("%(n)d time", "%(n)d times", len(run)) % {"n": len(run)}
    why = ", ".join(told)
    return Moment(_moment(run[0]), _who(run[0]) or _("by the system"), note=f"{why} · {times}" if run[1:] else why)


def _moment(entry: Access) -> str:
    at = timezone.localtime(entry.at)
    return f"{format_be(timezone.localdate(at), lang=lang())} {at:%H:%M}"


def _who(entry: Access) -> str:
    return " · ".join(part for part in (entry.by, in_words(entry.partner) if entry.partner else "") if part)
