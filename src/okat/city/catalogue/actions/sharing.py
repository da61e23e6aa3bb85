"""What an opportunity looks for, and what partners put into it: offered, answered, used."""

from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.catalogue.models import Opportunity, Pledge, Sought
from okat.city.catalogue.rules import CatalogueError, Fault, Status
from okat.city.catalogue.rules.sharing import PledgeStatus, check_answer, check_used
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.core.kept import forget
from okat.city.core.permissions import Permission
from okat.city.notices.actions import notify
from okat.city.partners.actions import record_use
from okat.city.partners.models import Contribution, Partner
from okat.city.partners.queries import check_stay, workers
from okat.city.taxonomy.models import Term


@action
def seek(*, opportunity: Opportunity, resource: Term, unit: str, amount: Decimal, note: str, by: User) -> Sought:
    """Say what is looked for; the same resource and unit again change the line."""
    values = {"amount": amount, "note": note}
    found, _made = Sought.objects.update_or_create(
        opportunity=opportunity, resource=resource, unit=unit, defaults=values,
        create_defaults={**values, "added_at": clock.now()},
    )  # fmt: skip
    audit.record(by=by, verb="catalogue.seek", subject=opportunity, fields=["sought"])
    return found


@action
def stop_seeking(*, opportunity: Opportunity, sought: int, by: User) -> None:
    Sought.objects.filter(opportunity=opportunity, pk=sought).delete()
    audit.record(by=by, verb="catalogue.stop_seeking", subject=opportunity, fields=["sought"])


@action
def pledge(
    *, opportunity: Opportunity, partner: Partner, resource: Term, unit: str, planned: Decimal, by: User,
    note: str = "", contribution: Contribution | None = None,
) -> Pledge:  # fmt: skip
    """Offer something to an opportunity; the provider answers. What the provider itself puts in counts at once.

    Raises CatalogueError for an opportunity that is not published, or a contribution of somebody else."""
    check_stay(partner.pk)
    if opportunity.status != Status.PUBLISHED:
        raise CatalogueError(Fault("opportunity", _("It is not open now.")))
    if contribution is not None and contribution.partner_id != partner.pk:
        raise CatalogueError(Fault("contribution", _("Choose something that your own office shares.")))
    own = partner.pk == opportunity.provider_id
    made = Pledge.objects.create(
        opportunity=opportunity, partner=partner, contribution=contribution, resource=resource, unit=unit,
        planned=planned, note=note, status=PledgeStatus.ACCEPTED if own else PledgeStatus.OFFERED,
        offered_at=clock.now(), answered_at=clock.now() if own else None,
    )  # fmt: skip
    audit.record(by=by, verb="catalogue.pledge", subject=opportunity, fields=["pledges"], partner=partner.code)
    forget("catalogue")
    if not own:
        url = reverse("catalogue:sharing", args=[opportunity.pk])
        _tell(opportunity.provider, "catalogue.pledged", made, url, by)
    return made


@action
def answer_pledge(*, pledge: Pledge, accept: bool, by: User, reason: str = "") -> Pledge:
    """Accept it, or decline it with a reason; the same answer twice is one. Raises CatalogueError."""
    row = _locked(pledge)
    to = PledgeStatus.ACCEPTED if accept else PledgeStatus.DECLINED
    if check_answer(PledgeStatus(row.status), to, reason):
        row.status, row.reason, row.answered_at = to, "" if accept else reason.strip(), clock.now()
        row.save(update_fields=["status", "reason", "answered_at"])
        forget("catalogue")
        kind = "catalogue.pledge_accepted" if accept else "catalogue.pledge_declined"
        _tell(row.partner, kind, row, reverse("catalogue:wanted"), by)
    audit.record(by=by, verb="catalogue.answer_pledge", subject=row.opportunity, fields=["pledges"])
    return row


@action
def take_back(*, pledge: Pledge, by: User) -> Pledge:
    """The partner takes the offer back while nobody answered it. Raises CatalogueError."""
    row = _locked(pledge)
    if check_answer(PledgeStatus(row.status), PledgeStatus.TAKEN_BACK, ""):
        row.status, row.answered_at = PledgeStatus.TAKEN_BACK, clock.now()
        row.save(update_fields=["status", "answered_at"])
    audit.record(by=by, verb="catalogue.take_back", subject=row.opportunity, fields=["pledges"])
    return row


@action
def use_pledge(*, pledge: Pledge, used: Decimal, by: User) -> Pledge:
    """How much of it was used in all so far; the contribution that it came from counts along. Raises CatalogueError."""
    row = _locked(pledge)
    check_used(PledgeStatus(row.status), used)
    more, row.used = used - row.used, used
    row.save(update_fields=["used"])
    forget("catalogue")
    if row.contribution is not None and more:
        record_use(contribution=row.contribution, amount=max(more, -row.contribution.used), by=by)
    audit.record(by=by, verb="catalogue.use_pledge", subject=row.opportunity, fields=["used"])
    return row


def _locked(pledge: Pledge) -> Pledge:
    rows = Pledge.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("opportunity", "partner", "resource", "contribution__partner").get(pk=pledge.pk)


def _tell(partner: Partner, kind: str, row: Pledge, url: str, by: User) -> None:
    params = {
        "partner": row.partner.th, "what": f"{row.resource.th} {row.planned.normalize():f}",
        "title": row.opportunity.title_th, "reason": row.reason,
    }  # fmt: skip
    users = [user for user in workers(partner, Permission.MANAGE_OPPORTUNITIES) if user.pk != by.pk]
    notify(users=users, kind=kind, params=params, url=url, by=by)
