"""The passport taken along: one signed file, and links by which others see it for a time."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from okat.city.accounts.models import User
from okat.city.core import clock
from okat.city.core.access import public, signed_in, staff
from okat.city.core.ending import asks_first
from okat.city.core.limits import limited
from okat.city.core.once import once
from okat.city.core.permissions import Permission
from okat.city.core.templatetags.okat import words as name_of
from okat.city.learning import actions
from okat.city.learning.forms.passport import ShareForm
from okat.city.learning.models import PassportLink, PassportOpening
from okat.city.learning.queries import passport as queries
from okat.city.learning.queries import proofs, recognising
from okat.city.learning.rules import LearningError
from okat.city.learning.views import ending, words
from okat.city.learning.views.mine import as_file
from okat.city.learning.views.recognising import shown as recognised
from okat.city.learning.views.teach import user_of
from okat.city.people.models import Person
from okat.city.people.queries import open_to_act
from okat.city.people.queries.pages import own_record

FILE = "learning-passport.json"


@signed_in
@never_cache
@require_GET
def presentation(request: HttpRequest) -> HttpResponse:
    """All certificates that hold, in one file."""
    user = user_of(request)
    mine = proofs.own_certificates(user)
    try:
        made = queries.presentation(mine)
    except LearningError as refused:
        messages.error(request, str(refused))
        return redirect("learning:mine")
    actions.record_download(certificates=mine, by=user)
    return as_file(made, FILE)


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def share(request: HttpRequest) -> HttpResponse:
    """The learner's links: who looked, and one more. A new link is told once, on the page that answers."""
    user, told = user_of(request), ""
    person, form = own_record(user), ShareForm(request.POST or None)
    if person is not None and request.method == "POST" and form.is_valid():
        made: list[str] = []

        def do() -> str:
            made.append(actions.share_passport(person=person, days=int(form.cleaned_data["days"]), by=user)[1])
            return reverse("learning:share")

        try:
            back = once(user=user, token=form.cleaned_data["once"], do=do)
        except LearningError as refused:
            form.add_error("days", str(refused))
        else:
            if not made:  # the same form again: the secret is told no second time
                messages.warning(request, _("This link was made already. Not copied? Withdraw it and make another."))
                return HttpResponseRedirect(back)
            told, form = f"{proofs.base()}{reverse('learning:passport', args=[made[0]])}", ShareForm()
    links = [_row(link) for link in queries.links_of(user)]
    context = {
        "form": form, "told": told, "picture": words.picture(told) if told else "", "has_record": person is not None,
        "links": [link for link in links if link["good"]], "past": [link for link in links if not link["good"]],
    }  # fmt: skip
    return render(request, "learning/share.html", context)


def _row(link: PassportLink) -> dict[str, Any]:
    openings = [(opening.at, _who(opening)) for opening in link.openings.all()]
    good = link.withdrawn_at is None and link.until > clock.now()
    return {
        "pk": link.pk, "made": link.made_at, "until": link.until, "withdrawn": link.withdrawn_at, "good": good,
        "times": len(openings), "openings": openings[:20],
    }  # fmt: skip


def _who(opening: PassportOpening) -> str:
    return opening.by.name if opening.by is not None else _("Somebody without an account")


@signed_in
@require_POST
@asks_first(ending.link)
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = user_of(request)
    actions.withdraw_link(link=queries.own_link(user, pk), by=user)
    messages.success(request, _("The link opens nothing any more."))
    return redirect("learning:share")


@staff(Permission.RECORD_CONSENT)
@never_cache
@require_GET
def links(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What shows somebody's passport to others now, for an office with a right to the record; never the address."""
    person = _helped(request, pk)
    return render(request, "learning/links.html", {"person": person, "links": queries.links_to(person.pk)})


@staff(Permission.RECORD_CONSENT)
@require_POST
@asks_first(ending.link_of)
def end(request: HttpRequest, pk: UUID, link: UUID) -> HttpResponse:
    person = _helped(request, pk)
    actions.withdraw_link(link=queries.link_of(person, link), by=user_of(request))
    messages.success(request, _("The link opens nothing any more."))
    return redirect("learning:links", person.pk)


def _helped(request: HttpRequest, pk: UUID) -> Person:
    return open_to_act(user_of(request), pk, Permission.RECORD_CONSENT, why="passport", fields=["passport_links"])


@public
@limited("learning.passport", limit=60, seconds=60, methods=("GET", "POST"))
@never_cache
@require_http_methods(["GET", "POST"])
def shown(request: HttpRequest, token: str) -> HttpResponse:
    """What a link shows. First only a button: programs that look into addresses (chats draw previews) neither see the
    name nor count as somebody who looked."""
    link = queries.link_by(token[:80])
    if link is None:
        return _unseen(render(request, "learning/passport_gone.html", status=404))
    if request.method == "GET":
        return _unseen(render(request, "learning/passport_door.html", {"until": link.until}))
    user = request.user if isinstance(request.user, User) else None
    certificates = queries.certificates_that_hold(link.person)
    actions.record_opening(link=link, by=user)
    if request.POST.get("as") == "file" and certificates:
        return _unseen(as_file(queries.presentation(certificates), FILE))
    context = {
        "name": link.person.full_name, "until": link.until,
        "certificates": [(c, name_of(c.opportunity)) for c in certificates],
        "recognised": [recognised(row) for row in recognising.granted_to(link.person)],
        "others": [(e, name_of(e.opportunity)) for e in queries.completed_without(link.person)],
    }  # fmt: skip
    return _unseen(render(request, "learning/passport.html", context))


def _unseen(answer: HttpResponse) -> HttpResponse:
    """Nothing of a passport belongs into a search engine."""
    answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer
