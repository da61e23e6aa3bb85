"""The quota for anybody who asks, and how the public sector itself keeps it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from okat.city.core import permissions
from okat.city.core.access import public
from okat.city.core.permissions import Permission
from okat.city.core.show import Cell, Column, Table
from okat.city.core.templatetags.okat import be, words
from okat.city.jobs.forms.employing import TryForm
from okat.city.jobs.queries import employers
from okat.city.jobs.rules.quota import quota
from okat.city.jobs.views.seeking import OLDER
from okat.city.jobs.views.words import told


@public
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The ways into work."""
    held = permissions.of(request.user)  # type: ignore[arg-type]  # anybody has a set, an empty one too
    asked = employers.asks_of(request.user) if request.user.is_authenticated else []
    context = {
        "manages": Permission.MANAGE_PARTNER in held, "answers": Permission.ANSWER_REFERRALS in held,
        "writes": Permission.MANAGE_OPPORTUNITIES in held, "asked": asked, "older": reverse("jobs:find") + OLDER,
    }  # fmt: skip
    return render(request, "jobs/home.html", context)


@public
@require_GET
def calculator(request: HttpRequest) -> HttpResponse:
    """The count stands in the address; nothing is written."""
    form = TryForm(request.GET if "heads" in request.GET else None)
    found = told(quota(form.count(), employers.wages())) if form.is_bound and form.is_valid() else None
    return render(request, "jobs/quota.html", {"form": form, "found": found})


@public
@require_GET
def public_sector(request: HttpRequest) -> HttpResponse:
    """Agencies with what the law asks of them. How many they employ is not shown, of all together neither: beside
    what each must and who does, it would speak of single persons."""
    counted, silent = employers.public_sector()
    required = sum(one.quota.required for one in counted)
    missing = sum(1 for one in counted if not one.quota.met)
    table = Table(
        (
            Column(_("Agency")), Column(_("Workers"), number=True), Column(_("Must employ"), number=True),
            Column(_("Quota")), Column(_("Counted on")),
        ),
        [_line(one) for one in counted],
    )  # fmt: skip
    context = {
        "table": table, "silent": silent, "required": required, "behind": missing,
        "counted": len(counted),
    }  # fmt: skip
    return render(request, "jobs/public.html", context)


def _line(one: employers.Agency) -> tuple[object, ...]:
    found = one.quota
    state = Cell(_("met"), tone="good") if found.met else Cell(_("not met yet"), tone="warn")
    return words(one.partner), f"{found.count.heads:,}", found.required, state, be(found.count.on)
