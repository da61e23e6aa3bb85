"""Messages for persons whom nothing else reaches: printed, brought, told; and telephones that are confirmed."""

from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from okat.city.core.access import staff
from okat.city.core.outbox import channels
from okat.city.core.permissions import Permission
from okat.city.notices.rules import KINDS, NEWS
from okat.city.partners.queries import where_to_ask
from okat.city.partners.rules import DAYS
from okat.city.people import actions
from okat.city.people.models import Slip
from okat.city.people.queries import telling
from okat.city.people.queries.contact import may_contact, numbers_for
from okat.city.people.rules import PeopleError
from okat.city.people.views.shared import acting, helping, refuse, user_of

WORK = Permission.PIN_PERSON


@staff(WORK)
@never_cache
@require_GET
def slips(request: HttpRequest) -> HttpResponse:
    waiting, lately = telling.read_slips(user_of(request))
    numbers = numbers_for(user_of(request), [slip.person for slip in waiting])
    rows = [(slip, plain(slip), numbers[slip.person_id]) for slip in waiting]
    groups = groupby(rows, key=lambda row: row[0].person.area)
    values = {"groups": [(area, list(some)) for area, some in groups], "count": len(rows)}
    values["lately"] = [(slip, plain(slip)) for slip in lately]
    return render(request, "people/slips.html", values)


@staff(WORK)
@require_POST
def print_them(request: HttpRequest) -> HttpResponse:
    chosen = set(request.POST.getlist("slip"))
    listed = telling.slips_for(user_of(request))
    rows = [slip for slip in listed[: telling.SHOWN] if str(slip.pk) in chosen]
    if not rows:
        messages.error(request, _("Choose at least one message to print."))
        return redirect("people:slips")
    batch = actions.print_slips(slips=rows, by=user_of(request), partner=acting(request, WORK))
    return redirect("people:slips-sheet", batch)


@staff(WORK)
@never_cache
@require_GET
def sheet(request: HttpRequest, batch: UUID) -> HttpResponse:
    rows = telling.sheet_of(user_of(request), batch)
    if not rows:
        raise Http404
    where = where_to_ask({slip.partner_id for slip in rows})
    values = [(slip, plain(slip), where.get(slip.partner_id)) for slip in rows]
    return render(request, "people/slips_sheet.html", {"rows": values, "days": DAYS})


@staff(WORK)
@require_POST
def told(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The person knows: the paper was given over, or somebody said it."""
    slip = telling.slip_for(user_of(request), pk)
    if slip is None:
        raise Http404
    how = Slip.How.SAID if "said" in request.POST else Slip.How.GIVEN
    actions.hand_over_slip(slip=slip, how=how, by=user_of(request), partner=acting(request, WORK))
    text = _("Noted: %(name)s knows. A wrong tap? Take it back under “Told lately”.")
    messages.success(request, text % {"name": slip.person.full_name})
    return redirect("people:slips")


@staff(WORK)
@require_POST
def not_told(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A wrong tap: the person does not know yet."""
    slip = telling.lately_for(user_of(request)).filter(pk=pk).first()
    if slip is None:
        raise Http404
    try:
        actions.take_back_told(slip=slip, by=user_of(request), partner=acting(request, WORK))
    except PeopleError as error:
        refuse(request, error)
    else:
        messages.success(request, _("The message for %(name)s waits again.") % {"name": slip.person.full_name})
    return redirect("people:slips")


@staff(WORK)
@never_cache
@require_http_methods(["GET", "POST"])
def phone(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Confirm the number of the record: by ringing it, or by a code that the person reads out."""
    found, partner = helping(request, pk, WORK)
    if request.method == "POST":
        who: dict[str, Any] = {"person": found, "by": user_of(request), "partner": partner}
        try:
            if _done(request, who):
                messages.success(request, _("The number is confirmed: messages may go there."))
                return redirect("people:person", found.pk)
        except PeopleError as error:
            refuse(request, error)
        return redirect("people:phone", found.pk)
    values = {"person": found, "check": telling.phone_check(found), "sms": channels.goes("sms")}
    values["quiet"] = partner is not None and not may_contact(found, partner.pk)
    return render(request, "people/phone.html", values)


def _done(request: HttpRequest, who: dict[str, Any]) -> bool:
    """Whether the number is confirmed now."""
    if "rang" in request.POST:
        actions.ring_phone(**who)
        return True
    if "code" in request.POST:
        fits = actions.confirm_phone(**who, code=request.POST["code"][:20])
        if not fits:
            messages.error(request, _("These are not the digits that were sent. Look again, or send a new code."))
        return fits
    if not channels.goes("sms"):
        raise Http404  # the page has no such button
    actions.send_phone_code(**who)
    messages.success(request, _("A code is on its way. Ask the person to read it out."))
    return False


def plain(slip: Slip) -> str:
    """What the slip says, without anything of the person's own."""
    return str(KINDS[slip.kind].plain if slip.kind in KINDS else NEWS)
