"""My notices and when letters about them may come."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from okat.city.accounts.models import User
from okat.city.core.access import signed_in, staff
from okat.city.core.outbox import channels
from okat.city.core.paging import Paginator
from okat.city.core.permissions import Permission
from okat.city.notices import actions, queries
from okat.city.notices.forms import PreferenceForm
from okat.city.notices.queries import outgoing
from okat.city.notices.rules import CHANNELS, MailWish


@signed_in
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    page = Paginator(queries.notices_of(_user(request)), 50).get_page(request.GET.get("page"))
    return render(request, "notices/list.html", {"page": page})


@signed_in
@require_POST
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one as read and go where it leads."""
    notice = queries.notice_of(_user(request), pk)
    if notice is None:
        raise Http404
    actions.mark_read(notice=notice, by=_user(request))
    return HttpResponseRedirect(notice.url) if notice.url else redirect("notices:list")


@signed_in
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    actions.mark_all_read(by=_user(request))
    return redirect("notices:list")


@signed_in
@require_http_methods(["GET", "POST"])
def preference(request: HttpRequest) -> HttpResponse:
    user = _user(request)
    ways = queries.ways_of([user])[user.pk]
    wish, (quiet_from, quiet_until) = ways.wish, ways.quiet()
    form = PreferenceForm(
        request.POST or None,
        ways=ways.confirmed,
        initial={
            "mail": wish.mail, "quiet_from": quiet_from, "quiet_until": quiet_until, "first": wish.first,
            "off": wish.off, "muted": wish.muted,
        },
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        actions.set_preference(
            mail=MailWish(data["mail"]), quiet_from=data["quiet_from"], quiet_until=data["quiet_until"],
            first=data.get("first", wish.first), off=data.get("off", wish.off), muted=data["muted"], by=user,
        )  # fmt: skip
        messages.success(request, _("Saved."))
        return redirect("notices:list")
    return render(
        request,
        "notices/preference.html",
        {"form": form, "ways": [CHANNELS[way] for way in ways.confirmed], "line": channels.goes("line")},
    )


@staff(Permission.MANAGE_NETWORK)
@never_cache
@require_GET
def letters(request: HttpRequest) -> HttpResponse:
    """What went out this month by which way, what it cost, and what did not go."""
    return render(request, "notices/letters.html", outgoing.month())


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
