"""Times for talks, as the adviser's office opens them."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from okat.city.accounts.models import User
from okat.city.core.access import staff
from okat.city.core.ending import Ending, asks_first
from okat.city.core.once import once
from okat.city.core.paging import Paginator
from okat.city.core.permissions import Permission
from okat.city.core.templatetags.okat import be
from okat.city.jobs import actions
from okat.city.jobs.forms.talks import SlotsForm
from okat.city.jobs.queries import talks
from okat.city.jobs.rules import JobsError
from okat.city.jobs.rules.talks import HOW_LABELS, How
from okat.city.partners.queries import acting_partner

PAGE = 40


@staff(Permission.ANSWER_REFERRALS)
@require_http_methods(["GET", "POST"])
def slots(request: HttpRequest) -> HttpResponse:
    """What is open and booked; a day's times are opened at once."""
    assert isinstance(request.user, User)
    user, partner = request.user, acting_partner(request, Permission.ANSWER_REFERRALS)
    form = SlotsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if partner is None:
            raise Http404
        made = 0

        def do() -> str:
            nonlocal made
            names = ("minutes", "how")
            given = {name: form.cleaned_data[name] for name in names}
            made = actions.open_slots(partner=partner, starts=form.starts(), by=user, **given)
            return reverse("jobs:slots")

        to = once(user=user, token=form.cleaned_data["once"], do=do)
        messages.success(request, ngettext("%(n)s time was opened.", "%(n)s times were opened.", made) % {"n": made})
        return HttpResponseRedirect(to)
    rows = talks.slots_of(user)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    lines = [(row, HOW_LABELS[How(row.how)], getattr(row, "ask", None)) for row in page.object_list]
    booked = rows.filter(ask__isnull=False).count()
    context = {"page": page, "lines": lines, "booked": booked, "form": form, "partner": partner}
    return render(request, "jobs/slots.html", context)


def _closes(request: HttpRequest, pk: int) -> Ending:
    assert isinstance(request.user, User)
    found = talks.slot_of(request.user, pk)
    if found is None:
        raise Http404
    start = timezone.localtime(found.start)
    said = {"when": f"{be(start)} {start:%H:%M}"}
    follows = [_("Nobody can book a talk at %(when)s any more.") % said]
    undo, back = _("You can open the time again."), reverse("jobs:slots")
    return Ending(_("Take the time %(when)s back?") % said, follows, undo, _("Take the time back"), back)


@staff(Permission.ANSWER_REFERRALS)
@require_POST
@asks_first(_closes)
def close(request: HttpRequest, pk: int) -> HttpResponse:
    assert isinstance(request.user, User)
    found = talks.slot_of(request.user, pk)
    if found is None:
        raise Http404
    try:
        actions.close_slot(slot=found, by=request.user)
    except JobsError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The time was taken back."))
    return HttpResponseRedirect(reverse("jobs:slots"))
