"""The youth opportunity centre: what one likes, what that may lead to, what it earns here, and whom to talk to."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from okat.city.accounts.models import User
from okat.city.accounts.queries import system_user
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.rules import PER_LABELS, Per
from okat.city.catalogue.views.words import Card, Chip, card
from okat.city.core.access import public
from okat.city.core.limits import limited
from okat.city.core.once import done, once
from okat.city.core.templatetags.okat import be
from okat.city.jobs import actions
from okat.city.jobs.forms.asking import LikesForm
from okat.city.jobs.forms.talks import TalkForm
from okat.city.jobs.models import Slot
from okat.city.jobs.queries import employers, ways
from okat.city.jobs.rules import LODGING_LABELS, STRENGTH_LABELS, JobsError, Lodging, Strength
from okat.city.jobs.rules.talks import How
from okat.city.jobs.rules.ways import Fit, Inventory, Words, fits
from okat.city.taxonomy.models import Term

BEST = 8


@dataclass(frozen=True)
class Suggestion:
    """One occupation with how well it fits, in percent, and the interests that it suits."""

    term: Term
    percent: int
    because: list[Words]


@public
@never_cache
@require_http_methods(["GET", "POST"])
def centre(request: HttpRequest) -> HttpResponse:
    """Answers come by POST, stand in no address, and are kept nowhere."""
    inventory = ways.inventory()
    form = LikesForm(request.POST or None, inventory=inventory)
    found: list[Suggestion] | None = None
    if request.method == "POST" and form.is_valid():
        answers = {question.code: form.cleaned_data[question.code] for question in inventory.questions}
        found = _suggestions(inventory, fits(inventory, answers)[:BEST])
    context = {
        "form": form, "found": found, "source": _said(inventory.source),
        "school": [card(one) for one in ways.schooling()] if found is not None else [],
        "every": ways.occupations(inventory.ways).values(), "number": len(inventory.questions),
    }  # fmt: skip
    return render(request, "jobs/youth.html", context)


def _suggestions(inventory: Inventory, best: list[Fit]) -> list[Suggestion]:
    terms = ways.occupations(fit.way for fit in best)
    return [
        Suggestion(
            terms[fit.way.occupation], round(100 * fit.share), [inventory.interests[i] for i in fit.way.interests]
        )
        for fit in best
        if fit.way.occupation in terms
    ]


def _said(words: Words) -> str:
    return words.en if translation.get_language() == "en" else words.th


@public
@require_GET
def path(request: HttpRequest, code: str) -> HttpResponse:
    term = _occupation(code)
    road = ways.path_to(term)
    context = {
        "term": term, "skills": road.skills, "went": road.went, "day": road.day, "years": ways.YEARS,
        "pay": [(pay, PER_LABELS[Per(pay.per)]) for pay in road.pay], "courses": _cards(road.courses),
        "jobs": _cards(road.jobs), "agreed": [(pay, PER_LABELS[Per(pay.per)]) for pay in road.agreed],
        "least": employers.least_wage(),
    }  # fmt: skip
    return render(request, "jobs/path.html", context)


def _cards(rows: list[Opportunity]) -> list[Card]:
    """With what is known of lodging and of how strong one must be."""
    found = []
    for row in rows:
        one, work = card(row), getattr(row, "work", None)
        labels = [LODGING_LABELS[Lodging(work.lodging)]] if work and work.lodging else []
        labels += [STRENGTH_LABELS[Strength(work.strength)]] if work and work.strength else []
        one.chips.extend(Chip(str(label)) for label in labels)
        found.append(one)
    return found


@public
@never_cache
@limited("talk", limit=10, seconds=3600)
@require_http_methods(["GET", "POST"])
def talk(request: HttpRequest) -> HttpResponse:
    """Book a talk; `?occupation=` says about what. Nothing of the interest questions is sent along."""
    code = request.GET.get("occupation", "")
    term = _occupation(code) if code else None
    user = request.user if isinstance(request.user, User) else None
    form = TalkForm(request.POST or None)
    if request.method == "POST" and (address := done(user=user, token=request.POST.get("once", ""))):
        return HttpResponseRedirect(address)  # sent before: the time is taken, by this very form
    if request.method == "POST" and form.is_valid():
        to, slot, when = form.chosen()

        def do() -> str:
            given = {name: form.cleaned_data[name] for name in ("name", "phone")}
            actions.ask_to_talk(
                to=to, slot=slot, when=when, by=user or system_user(), asker=user, occupation=term, **given
            )
            return reverse("jobs:youth")

        try:
            address = once(user=user, token=form.cleaned_data["once"], do=do)
        except JobsError as error:
            form.add_error(error.code, str(error))
        else:
            messages.success(request, _booked(slot))
            return HttpResponseRedirect(address)
    back = reverse("jobs:path", args=[term.code]) if term else reverse("jobs:youth")
    return render(request, "jobs/talk.html", {"form": form, "term": term, "back": back})


def _booked(slot: Slot | None) -> str:
    if slot is None:
        return _("They will call you. You need not do anything else.")
    start = timezone.localtime(slot.start)
    when = {"day": be(start), "time": f"{start:%H:%M}"}
    if slot.how == How.HERE:
        return _("Booked: %(day)s at %(time)s, at their office. Write it down.") % when
    return _("Booked: %(day)s at %(time)s. They call you; write it down.") % when


def _occupation(code: str) -> Term:
    term = ways.occupation(code)
    if term is None:
        raise Http404
    return term
