"""The audit trail, for those who watch over the work."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from okat.city.accounts.models import User
from okat.city.core.access import staff
from okat.city.core.models import AuditEntry
from okat.city.core.numbers import whole
from okat.city.core.permissions import Permission
from okat.city.core.registries import said
from okat.city.core.show import Cell, Column, Table
from okat.city.core.templatetags.okat import be, words
from okat.city.desk.forms import TrailForm
from okat.city.desk.queries import audit
from okat.city.desk.rules import why


@staff(Permission.SEE_AUDIT)
@require_GET
def trail(request: HttpRequest) -> HttpResponse:
    """`day`, `who` and `verb` narrow it; `before` goes on from an entry."""
    assert isinstance(request.user, User)
    form = TrailForm(request.GET)
    fits = form.is_valid()
    data = form.cleaned_data
    asked = audit.Asked(data.get("day"), data.get("who", ""), data.get("verb", ""), whole(request.GET.get("before")))
    found = audit.trail(asked, by=request.user) if fits else audit.Trail([], frozenset(), None)
    query = request.GET.copy()
    query["before"] = str(found.older)
    values = {
        "form": form,
        "table": _table(found),
        "number": len(found.entries),
        "fits": fits,
        "older": f"?{query.urlencode()}" if found.older else "",
        "narrowed": bool(asked.day or asked.who or asked.verb or asked.before),
    }
    return render(request, "desk/audit.html", values)


def _table(found: audit.Trail) -> Table:
    columns = [_("At what time"), _("Who"), _("What was done"), _("For partner"), _("Reason")]
    return Table([Column(label) for label in columns], [_row(entry, found) for entry in found.entries])


def _row(entry: AuditEntry, found: audit.Trail) -> list[object]:
    """Who acts on their own record is not named, with a role or without: the trail tells what was done, not to whom."""
    if entry.actor is None:
        who = _("(nobody signed in)")
    elif entry.actor.is_system:
        who = _("(the system)")
    else:
        who = entry.actor.name if entry.pk in found.named else _("(a resident)")
    partner = found.partners.get(entry.partner_code)
    fields = _("Fields: %(names)s") % {"names": ", ".join(entry.fields)} if entry.fields else ""
    return [
        Cell(be(entry.at), note=f"{timezone.localtime(entry.at):%H:%M:%S}"), who, Cell(said(entry.verb), note=fields),
        words(partner) if partner else entry.partner_code, why(entry.verb, entry.reason_code),
    ]  # fmt: skip
