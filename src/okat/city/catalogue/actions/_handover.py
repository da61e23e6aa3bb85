"""What a partner offers, promised to others, and whom it knows: taken over, or ended."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext, ngettext, override
from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.catalogue.actions._build import index
from okat.city.catalogue.actions._holding import hold_courses
from okat.city.catalogue.actions.one import close
from okat.city.catalogue.models import Opportunity, Pledge, Wisdom
from okat.city.catalogue.rules import Status
from okat.city.catalogue.rules.sharing import PledgeStatus
from okat.city.core import audit, clock
from okat.city.core.kept import forget
from okat.city.core.registries import HANDLERS, HANDOVER, Holding, publish
from okat.city.partners.models import Partner
from okat.city.taxonomy.models import Term, Vocabulary

VENUES = "80 partners.venue"


def register() -> None:
    HANDLERS.register("partner.holding/30 catalogue", hold_settled)
    HANDOVER.register(
        "30 catalogue.open",
        Holding(
            ("catalogue.Opportunity.provider",),
            lambda n: ngettext("%(n)s published opportunity", "%(n)s published opportunities", n) % {"n": n},
            lambda partner: _open(partner).count(),
            taken=_("it provides them from now on, with their places, sessions and waiting lists"), hand=_hand_open,
            closed=_("they take nobody any more, and whoever waits is told"), close=_close, courses=_handed,
            names=_open, things=True,
        ),
    )  # fmt: skip
    HANDOVER.register(
        "31 catalogue.pledge",
        Holding(
            ("catalogue.Pledge.partner",),
            lambda n: ngettext("%(n)s promise to share", "%(n)s promises to share", n) % {"n": n},
            lambda partner: _promised(partner).count(),
            taken=_("it keeps them"), hand=_hand_pledges,
            closed=_("they are taken back; the providers see it beside their opportunity"), close=_take_back,
            names=lambda partner: [row.opportunity for row in _promised(partner).select_related("opportunity")],
            things=True,
        ),
    )  # fmt: skip
    HANDOVER.register(
        "32 catalogue.wisdom",
        Holding(
            ("catalogue.Wisdom.partner",),
            lambda n: ngettext("%(n)s holder of local wisdom", "%(n)s holders of local wisdom", n) % {"n": n},
            lambda partner: Wisdom.objects.filter(partner=partner, withdrawn_on=None).count(),
            taken=_("it keeps in touch with them"), hand=_hand_wisdom,
        ),
    )  # fmt: skip


def hold_settled(*, partner: Partner, keys: Sequence[str]) -> None:
    """Every course that settling these things changes, before the first of them, also those of others at its venues:
    in lots, two who settle, or one and whoever changes two courses, could wait for each other."""
    there = Opportunity.objects.filter(venue__partner=partner).values_list("pk", flat=True) if VENUES in keys else ()
    hold_courses(there, *(HANDOVER[key].courses(partner) for key in keys))


def _handed(partner: Partner) -> QuerySet[Opportunity, UUID]:
    rows = Opportunity.objects.filter(provider=partner, status__in=(Status.DRAFT, Status.PUBLISHED))
    return rows.values_list("pk", flat=True)


def _open(partner: Partner) -> QuerySet[Opportunity]:
    return Opportunity.objects.filter(provider=partner, status=Status.PUBLISHED).order_by("pk")


def _hand_open(*, partner: Partner, to: Partner, by: User) -> None:
    """Drafts too; what was closed or cancelled stays in the name of whoever gave it, but for those with learners."""
    hand_over(Opportunity.objects.filter(provider=partner, status__in=(Status.DRAFT, Status.PUBLISHED)), to, by)


def hand_over(wanted: QuerySet[Opportunity], to: Partner, by: User) -> None:
    """Another office provides these from now on; whoever has people in them hears `opportunities.handed_over`."""
    rows = list(wanted.select_for_update(of=("self",), no_key=True).select_related("area", "provider").order_by("pk"))
    before = {row.pk: row.provider for row in rows}
    terms = {term.code: term for term in Term.objects.filter(vocabulary=Vocabulary.NEED)}
    for row in rows:
        row.provider, row.version, row.updated_at = to, row.version + 1, clock.now()
        row.row_key = ""  # a table of the old office does not change it any more
        index(row, [terms[code] for code in row.need_codes if code in terms])
    names = ["provider", "version", "updated_at", "row_key", "search", "title_fold"]
    Opportunity.objects.bulk_update(rows, names, batch_size=500)
    forget("catalogue")
    audit.record_many(by=by, verb="catalogue.handed_over", subjects=rows, fields=["provider"], partner=to.code)
    if rows:
        publish("opportunities.handed_over", opportunities=rows, before=before, by=by)
        publish("opportunities.changed", opportunities=rows, by=by)


def _close(*, partner: Partner, by: User) -> None:
    """It may stay after all, and somebody may take over what has begun: the page says itself when it has left."""
    with override("th"):
        reason = gettext("The provider takes nobody any more.")
    for row in _open(partner):
        close(opportunity=row, reason=reason, by=by, version=row.version)


def _promised(partner: Partner) -> QuerySet[Pledge]:
    kept = Q(status=PledgeStatus.ACCEPTED, used__lt=F("planned"), opportunity__status=Status.PUBLISHED)
    return Pledge.objects.filter(Q(status=PledgeStatus.OFFERED) | kept, partner=partner)


def _hand_pledges(*, partner: Partner, to: Partner, by: User) -> None:
    _promised(partner).update(partner=to)
    forget("catalogue")


def _take_back(*, partner: Partner, by: User) -> None:
    with override("th"):
        reason = gettext("The partner has ended its part.")
    _promised(partner).update(status=PledgeStatus.TAKEN_BACK, answered_at=clock.now(), reason=reason)
    forget("catalogue")


def _hand_wisdom(*, partner: Partner, to: Partner, by: User) -> None:
    Wisdom.objects.filter(partner=partner).update(partner=to)
    forget("catalogue")
