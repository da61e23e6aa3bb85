"""Who can use an opportunity, in words: what is said of each stage, what to ask, what rules somebody out."""

from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _

from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.queries import usable
from okat.city.catalogue.rules.access import Clause, Usable, judge
from okat.city.catalogue.rules.look import Look
from okat.city.catalogue.views.words import Chip
from okat.city.core.templatetags.okat import words
from okat.city.partners.models import Venue
from okat.city.taxonomy import queries as taxonomy
from okat.city.taxonomy.models import Vocabulary
from okat.city.taxonomy.rules import ANSWER_LABELS, STAGE_LABELS, Answer, Stage

_TONES = {Answer.YES: "good", Answer.NO: "no", Answer.ASK: "warn", Answer.NOT_NEEDED: "plain"}


def format_words(code: str) -> str:
    term = taxonomy.words().by_code.get((Vocabulary.FORMAT, code))
    return words(term) if term is not None else code


def ability_words(code: str) -> str:
    return next((words(one) for one in usable.abilities() if one.code == code), code)


def clause_words(clause: Clause) -> str:
    """`The teaching itself: sign language or captions`."""
    found: dict[str, list[str]] = {}
    for each in sorted(clause):
        stage, _colon, code = each.partition(":")
        found.setdefault(stage, []).append(format_words(code))
    parts = [(stage, codes) for stage in Stage if (codes := found.get(stage))]
    some = [f"{STAGE_LABELS[stage]}: {_(' or ').join(codes)}" for stage, codes in parts]
    return _(" or ").join(some) or ", ".join(sorted(clause))


def asked(clauses: Iterable[Clause]) -> list[str]:
    return [clause_words(clause) for clause in clauses]


def chips(look: Look) -> Callable[[Opportunity], list[Chip]]:
    """What each card says to one who looks with hard conditions."""
    demand = usable.demand(look.formats, look.usable)
    said = {clause: Chip(_("ask: %(what)s") % {"what": clause_words(clause)}, "warn") for clause in demand}

    def of(opportunity: Opportunity) -> list[Chip]:
        verdict, clauses = judge(demand, usable.sides_of(opportunity.usable, opportunity.barred))
        fits = [Chip(_("usable at every stage"), "good")] if demand else []
        return fits if verdict is Usable.YES else [said[clause] for clause in clauses]

    return of


def stages(opportunity: Opportunity) -> list[tuple[str, list[Chip]]]:
    """What the provider answers at each stage; the venue speaks for the place where the opportunity does not."""
    place = opportunity.venue.accessibility if opportunity.venue else {}
    said = {stage: {**(place if stage is Stage.VENUE else {}), **opportunity.access.get(stage, {})} for stage in Stage}
    return [
        (str(STAGE_LABELS[stage]), [_chip(code, Answer(answer)) for code, answer in answers.items()])
        for stage, answers in said.items()
        if answers
    ]


def venue_chips(venue: Venue) -> list[Chip]:
    """What a place answers, in the order of the city's words."""
    terms = taxonomy.words().at(Stage.VENUE)
    return [_chip(term.code, Answer(said)) for term in terms if (said := venue.accessibility.get(term.code))]


def _chip(code: str, answer: Answer) -> Chip:
    text = format_words(code)
    return Chip(text if answer is Answer.YES else f"{text}: {ANSWER_LABELS[answer]}", _TONES[answer])
