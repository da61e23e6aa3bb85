"""An opportunity in words: chips of a card, lines of facts. No loading here."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from okat.city.catalogue import solve
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.rules import (
    FAMILY_OF,
    KIND_LABELS,
    PER_LABELS,
    SLOT_LABELS,
    STATUS_LABELS,
    Family,
    Kind,
    Per,
    Slot,
    Status,
)
from okat.city.catalogue.rules.reach import KM_PER_MINUTE
from okat.city.core import clock
from okat.city.core.templatetags.okat import baht, be, words
from okat.city.taxonomy import queries as taxonomy
from okat.city.taxonomy.models import Vocabulary


@dataclass(frozen=True)
class Chip:
    text: str
    tone: str = "plain"


@dataclass(frozen=True)
class Card:
    """One opportunity in a list. `why`: how it meets the words of a search."""

    url: str
    title: str
    summary: str
    kind: str
    who: str
    chips: list[Chip]
    why: str = ""


def card(
    opportunity: Opportunity, km: float | None = None, more: Iterable[Chip] = (), why: str = ""
) -> Card:  # fmt: skip
    o = opportunity
    chips = [places_chip(o), *more]
    if o.amount is not None:
        chips.insert(0, Chip(amount_words(o)))
    if o.cost or FAMILY_OF[Kind(o.kind)] in (Family.LEARN, Family.HELP):  # nobody asks whether a loan is free
        chips.insert(0, Chip(cost_words(o), "good" if o.cost == 0 else "plain"))
    if not o.needs_papers:
        chips.append(Chip(_("no papers needed")))
    if o.online:
        chips.append(Chip(_("online")))
    if km is not None and not o.online:
        chips.append(Chip(distance_words(km)))
    if o.hours:
        chips.append(Chip(ngettext("%(n)s hour", "%(n)s hours", int(o.hours)) % {"n": f"{o.hours.normalize():f}"}))
    if o.credits:
        chips.append(
            Chip(ngettext("%(n)s credit", "%(n)s credits", int(o.credits)) % {"n": f"{o.credits.normalize():f}"})
        )
    if o.starts_on:
        chips.append(Chip(_("starts %(day)s") % {"day": be(o.starts_on)}))
    if o.closes_on:
        chips.append(Chip(_("apply by %(day)s") % {"day": be(o.closes_on)}, "warn"))
    who = f"{words(o.provider)} · {words(o.area)}"
    return Card(address(o), words_of(o), summary_of(o), kind_words(o), who, chips, why)


def address(opportunity: Opportunity) -> str:
    return reverse("catalogue:open", args=[opportunity.pk])


def words_of(opportunity: Opportunity) -> str:
    """The title in the reader's language; Thai where English is missing."""
    return (opportunity.title_en if _english() else "") or opportunity.title_th


def summary_of(opportunity: Opportunity) -> str:
    return (opportunity.summary_en if _english() else "") or opportunity.summary_th


def about_of(opportunity: Opportunity) -> str:
    return (opportunity.about_en if _english() else "") or opportunity.about_th


def _english() -> bool:
    return translation.get_language() == "en"


def kind_words(opportunity: Opportunity) -> str:
    return str(KIND_LABELS[Kind(opportunity.kind)])


def status_words(opportunity: Opportunity) -> str:
    return str(STATUS_LABELS[Status(opportunity.status)])


def cost_words(opportunity: Opportunity) -> str:
    return _("free") if opportunity.cost == 0 else baht(opportunity.cost)


def not_open(opportunity: Opportunity) -> str:
    """Why nobody can come to it now, in a sentence; empty where somebody can. Its meetings are loaded."""
    if opportunity.status == Status.CANCELLED:
        return _("This does not take place.")
    if opportunity.status == Status.DRAFT:
        return ""  # its own office alone reads it, and reads so above
    if is_over(opportunity):
        return _("This is over.")
    if opportunity.status == Status.CLOSED:
        return _("This takes nobody new any more.")
    if opportunity.closes_on is not None and opportunity.closes_on < clock.today():
        return _("The last day to apply was %(day)s.") % {"day": be(opportunity.closes_on)}
    return ""


def is_over(opportunity: Opportunity) -> bool:
    """Whether its last meeting, or its last day, has passed. Its meetings are loaded."""
    ends = [session.end for session in opportunity.sessions.all()]
    if ends:
        return max(ends) <= clock.now()
    return opportunity.ends_on is not None and opportunity.ends_on < clock.today()


def places_chip(opportunity: Opportunity) -> Chip:
    """How many places are free; only whether there are any, where the number itself would tell of people."""
    left, capacity = opportunity.places_left, opportunity.capacity
    if left is None or capacity is None:
        return Chip(_("no limit of places"))
    if left == 0:
        return Chip(_("full"), "no")
    if solve.of_sensitive_kind(opportunity):
        return Chip(_("some left"))
    words = ngettext("%(left)s of %(capacity)s place left", "%(left)s of %(capacity)s places left", left)
    return Chip(words % {"left": left, "capacity": capacity}, "warn" if left <= 3 else "plain")


def distance_words(km: float) -> str:
    """Kilometres as the crow flies, and minutes at KM_PER_MINUTE."""
    if km < 1:
        return _("less than 1 km")
    minutes = max(1, round(km / KM_PER_MINUTE))
    return _("%(km)s km, about %(minutes)s min") % {"km": f"{km:.1f}" if km < 10 else f"{km:.0f}", "minutes": minutes}


def amount_words(opportunity: Opportunity) -> str:
    if opportunity.amount is None:
        return ""
    per = Per(opportunity.amount_per)
    return baht(opportunity.amount) if per is Per.ONCE else f"{baht(opportunity.amount)} {PER_LABELS[per]}"


def number(value: Decimal) -> str:
    """Without zeros behind the point."""
    return f"{value.normalize():f}"


def level_words(opportunity: Opportunity) -> str:
    """The schooling that it leads to."""
    term = taxonomy.words().by_code.get((Vocabulary.EDUCATION, opportunity.level)) if opportunity.level else None
    return words(term) if term is not None else opportunity.level


def facts(opportunity: Opportunity) -> list[tuple[str, str]]:
    """What there is to know, each with its name; empty ones left out."""
    o = opportunity
    period = " – ".join(be(day) for day in (o.starts_on, o.ends_on) if day)
    window = " – ".join(be(day) for day in (o.opens_on, o.closes_on) if day)
    place = words(o.venue) if o.venue else o.place_note
    lines = [
        (_("Cost"), cost_words(o)),
        (_("Places"), "" if o.status == Status.CANCELLED or is_over(o) else places_chip(o).text),
        (_("Stipend"), baht(o.stipend) if o.stipend is not None else ""),
        (_("Amount"), amount_words(o)),
        (_("Level"), level_words(o)),
        (_("Credits"), number(o.credits) if o.credits else ""),
        (_("Hours"), number(o.hours) if o.hours is not None else ""),
        (_("When"), period),
        (_("Times"), ", ".join(str(SLOT_LABELS[Slot(slot)]) for slot in o.slots)),
        (_("Apply"), window),
        (_("Where"), " · ".join(filter(None, (_("online") if o.online else "", place, words(o.area))))),
        (_("Papers"), _("identity card or house registration needed") if o.needs_papers else _("no papers needed")),
        (_("By"), words(o.provider)),
        (_("Paid by"), words(o.funder) if o.funder else ""),
    ]
    return [(name, text) for name, text in lines if text]
