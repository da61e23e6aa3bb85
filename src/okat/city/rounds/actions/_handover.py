"""Rounds of a partner that leaves: whoever takes over runs them on by the rules that were published. And what rounds of
whatever office give of its opportunities."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from okat.city.accounts.models import User
from okat.city.catalogue.actions import hand_over
from okat.city.catalogue.models import Opportunity
from okat.city.core.kept import forget
from okat.city.core.registries import HANDLERS, HANDOVER, Holding
from okat.city.core.templatetags.okat import words
from okat.city.partners.actions import LeavingError
from okat.city.partners.models import Partner
from okat.city.partners.rules import Role
from okat.city.rounds.actions._lock import hold_rounds
from okat.city.rounds.actions.cancelling import end_places
from okat.city.rounds.models import Place, Result, Round
from okat.city.rounds.queries.read import concerned
from okat.city.rounds.rules import Answer, Status

ROUNDS = "70 rounds.round"
OPEN, PLACES, GIVEN = "30 catalogue.open", "35 rounds.place", "36 rounds.given"
TAKEN = Q(answer=Answer.ACCEPTED) | Q(was=Answer.ACCEPTED)


def register() -> None:
    HANDLERS.register("partner.holding/20 rounds", hold_settled)
    HANDOVER.register(
        PLACES,
        Holding(
            ("rounds.Place.opportunity",),
            lambda n: ngettext("%(n)s opportunity in rounds that go on", "%(n)s opportunities in rounds that go on", n)
            % {"n": n},
            lambda partner: len(_places(partner)),
            taken=_(
                "the rounds go on with them, and it provides them; one in which somebody has accepted a place goes "
                "with what was accepted"
            ),
            hand=partial(_hand_places, given=False),
            closed=_("they are out of the rounds at once, and whoever listed or was offered one is told"), close=_end,
            people=lambda partner: concerned(place.opportunity_id for place in _places(partner)),
            courses=lambda partner: [place.opportunity_id for place in _places(partner)],
            names=lambda partner: _named(_places(partner)), before=(OPEN,),
        ),
    )  # fmt: skip
    HANDOVER.register(
        GIVEN,
        Holding(
            ("rounds.Place.opportunity",),
            lambda n: ngettext(
                "%(n)s opportunity in which somebody has accepted a place from a round",
                "%(n)s opportunities in which people have accepted places from a round", n,
            ) % {"n": n},
            lambda partner: len(_places(partner, given=True)),
            taken=_("it provides them, and the rounds go on with them"), hand=partial(_hand_places, given=True),
            courses=lambda partner: [place.opportunity_id for place in _places(partner, given=True)],
            names=lambda partner: _named(_places(partner, given=True)),
        ),
    )  # fmt: skip
    HANDOVER.register(
        ROUNDS,
        Holding(
            ("rounds.Round.partner",),
            lambda n: ngettext("%(n)s round that is not finished", "%(n)s rounds that are not finished", n) % {"n": n},
            lambda partner: _going(partner).count(),
            taken=_("its city team runs them on, by the rules that were published"), hand=_hand, names=_going,
            things=True,
        ),
    )  # fmt: skip


def hold_settled(*, partner: Partner, keys: Sequence[str]) -> None:
    """Its rounds, and those in which one of its opportunities is or was a place, before the first course that goes
    along: whoever takes a place holds the round, then the course; and whoever closes a course holds all its rounds."""
    wanted = set(_going(partner).values_list("pk", flat=True)) if ROUNDS in keys else set()
    if {OPEN, PLACES} & set(keys):
        wanted |= set(Place.objects.filter(opportunity__provider=partner).values_list("round", flat=True))
    hold_rounds(wanted)


def _going(partner: Partner) -> QuerySet[Round]:
    return Round.objects.filter(partner=partner).exclude(status=Status.FINISHED).order_by("pk")


def _places(partner: Partner, *, given: bool = False) -> list[Place]:
    """Of opportunities of the partner, in rounds that are not over; with `given` those in which somebody accepted one,
    else the others."""
    rows = Place.objects.filter(opportunity__provider=partner, off="").exclude(round__status=Status.FINISHED)
    taken = Exists(Result.objects.filter(TAKEN, place=OuterRef("pk")))
    rows = rows.filter(taken if given else ~taken).select_related("opportunity", "round")
    return list(rows.order_by("round_id", "pk"))


@dataclass(frozen=True)
class Named:
    """A place by its opportunity and its round, in the reader's language."""

    th: str
    telling: bool


def _named(places: Sequence[Place]) -> list[Named]:
    return [Named(f"{words(each.opportunity)} ({words(each.round)})", each.opportunity.telling) for each in places]


def _hand_places(*, partner: Partner, to: Partner, by: User, given: bool) -> None:
    """What the catalogue left: opportunities that take nobody new, whose places rounds still give. One goes whole:
    where somebody has accepted a place of it in any of the rounds, that is what is asked of it (`given`)."""
    accepted = {place.opportunity_id for place in _places(partner, given=True)}
    others = {place.opportunity_id for place in _places(partner)} - accepted
    hand_over(Opportunity.objects.filter(pk__in=accepted if given else others), to, by)


def _end(*, partner: Partner, by: User) -> None:
    end_places(places=_places(partner), by=by)


def _hand(*, partner: Partner, to: Partner, by: User) -> None:
    if _going(partner).exists() and not to.memberships.filter(role=Role.COORDINATOR, ended_on=None).exists():
        raise LeavingError("team")
    remembered = Round.ran_before.through
    # People agreed that this office uses their record in them; nobody has applied in a draft.
    told = _going(partner).exclude(status=Status.DRAFT).values_list("pk", flat=True)
    rows = [remembered(round_id=pk, partner_id=partner.pk) for pk in told]
    remembered._default_manager.bulk_create(rows, ignore_conflicts=True)
    _going(partner).update(partner=to)
    forget("rounds")
