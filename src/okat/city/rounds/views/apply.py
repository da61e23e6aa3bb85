"""Applying: an ordered list, moved up and down by buttons; for oneself, or by a worker for a person."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from okat.city.catalogue.queries.wishes import wishes
from okat.city.core import clock
from okat.city.core.access import signed_in
from okat.city.core.once import once
from okat.city.core.permissions import Permission, may
from okat.city.core.refusals import UndoneError
from okat.city.partners.queries import acting_partner
from okat.city.people.models import Person
from okat.city.people.queries import consented, may_see_sensitive, open_to_act, search
from okat.city.people.rules import Purpose
from okat.city.rounds import actions, queries, solve
from okat.city.rounds.forms import ConsentForm
from okat.city.rounds.models import Place, Round
from okat.city.rounds.rules import Status
from okat.city.rounds.rules.policy import Policy, points_of, total
from okat.city.rounds.views.manage import user_of

SUGGESTED = 8


@dataclass(frozen=True)
class Offered:
    """A place as an applicant sees it: their points there and how far it is; `refused` by its own rule; `hidden` where
    it tells something of a disability, and the reader may not see that: then its key names it for this list alone."""

    place: Place
    key: str
    points: int
    km: float | None
    online: bool
    refused: bool
    hidden: bool = False

    @property
    def name(self) -> str:
        return queries.place_name(self.place.opportunity, deep=not self.hidden)


@signed_in
@require_http_methods(["GET", "POST"])
def apply(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Moving, adding and taking out redraw the page and store nothing; only sending the list does."""
    row = queries.open_public(pk)
    person = _person(request)
    if person is None:
        return _find(request, row)
    deep = may_see_sensitive(user_of(request), person)
    stored = _stored(row, person)
    offered = _offered(row, person, stored, deep)
    listed = _listed(request, row, person, offered, stored)
    form = _consent(request, row, person)
    error = ""
    if request.method == "POST" and "save" in request.POST:
        codes = {each.key: each.place.code for each in offered}
        answer = _send(request, row, person, [codes[key] for key in listed], form)
        if isinstance(answer, HttpResponse):
            return answer
        error = answer
    elif request.method == "POST":
        hidden = {each.key for each in offered if each.hidden}
        free = [key for key in listed if key not in hidden]
        _move(free, request.POST.get("move", ""), {each.key for each in offered} - hidden)
        listed = _kept(free, offered, stored)
    again = stored is not None
    context = _context(request, row, person, offered, listed, form, error, again=again, deep=deep)
    return render(request, "rounds/apply.html", {**context, "gone": _gone(row, stored, deep)})


def _person(request: HttpRequest) -> Person | None:
    """The person named in the address, through the worker's scope; else the reader's own record."""
    user, wanted = user_of(request), request.GET.get("person", "")
    if not wanted:
        return queries.own_person(user)
    try:
        key = UUID(wanted)
    except ValueError as error:
        raise Http404("person") from error
    return open_to_act(user, key, Permission.APPLY_FOR_OTHERS, why="round", fields=["identity", "needs"])


def _find(request: HttpRequest, row: Round) -> HttpResponse:
    """A worker searches for the person first; whoever may not is told where to turn."""
    user, text = user_of(request), request.GET.get("q", "").strip()
    works = may(user, Permission.APPLY_FOR_OTHERS)
    found = search(user, text) if works and text else []
    return render(request, "rounds/find.html", {"round": row, "text": text, "found": found, "works": works})


def _stored(row: Round, person: Person) -> list[str] | None:
    """The list as it stands; None where nobody has applied."""
    found = queries.application_of(row, person)
    return queries.wished_in(found) if found else None


def _gone(row: Round, stored: list[str] | None, deep: bool) -> list[str]:
    """What stands in the list and is out of the round meanwhile."""
    listed = queries.places_by_code(row.pk, set(stored or ()))
    return [queries.place_name(place.opportunity, deep=deep) for place in listed if place.off]


def _offered(row: Round, person: Person, stored: list[str] | None, deep: bool) -> list[Offered]:
    """The places of the round, those with the most points first. Points tell what is sensitive: who may not see that
    (not `deep`) has those that lie close by first, and of those that tell something by their kind only what stands in
    the list already, without its name."""
    scorer = solve.Scorer(queries.known([person.pk]), clock.now(), row.counts_on)
    policy, found = Policy.from_dict(row.rules), []
    for place in queries.places_of(row):
        if place.off:
            continue
        standing = scorer.standing(person.pk, place)
        points = total(points_of(policy, standing))
        refused = scorer.refused(person.pk, place)
        hidden = queries.hidden(place.opportunity, deep=deep)
        if not hidden:
            found.append(Offered(place, place.code, points, standing.km, standing.online, refused))
        elif stored and place.code in stored:
            key = f"hidden-{stored.index(place.code) + 1}"
            found.append(Offered(place, key, 0, None, online=False, refused=False, hidden=True))
    return sorted(found, key=lambda each: (each.refused, -each.points if deep else 0, each.km or 0.0, each.place.pk))


def _listed(
    request: HttpRequest, row: Round, person: Person, offered: list[Offered], stored: list[str] | None
) -> list[str]:
    """The list as it was sent, or as it is stored, or else what the person wished for among what fits; each place
    once, in order. What the reader may not see they neither move nor take out."""
    if request.method == "POST":
        sent = request.POST.getlist("choice")
        free = {each.key for each in offered if not each.hidden}
        return _kept([key for key in dict.fromkeys(sent) if key in free], offered, stored)
    if stored is not None:
        keys = {each.place.code: each.key for each in offered}
        sent = [keys[code] for code in stored if code in keys]
    else:
        fits = {each.key for each in offered if not each.refused and not each.hidden}
        fitting = [key for each in wishes(person) if (key := str(each.pk)) in fits]
        sent = fitting[: Policy.from_dict(row.rules).most_choices]
    there = {each.key for each in offered}
    return [key for key in dict.fromkeys(sent) if key in there]


def _kept(free: list[str], offered: list[Offered], stored: list[str] | None) -> list[str]:
    """With the hidden wishes at the rank at which the person put them."""
    ranks = {each.key: (stored or []).index(each.place.code) for each in offered if each.hidden}
    listed = list(free)
    for key in sorted(ranks, key=lambda each: ranks[each]):
        listed.insert(ranks[key], key)
    return listed


def _move(listed: list[str], wish: str, there: set[str]) -> None:
    """One button: `up:KEY`, `down:KEY`, `out:KEY` or `add:KEY`; anything else moves nothing."""
    verb, _colon, key = wish.partition(":")
    if verb == "add" and key in there and key not in listed:
        listed.append(key)
    elif key in listed:
        at = listed.index(key)
        listed.remove(key)
        if verb in {"up", "down"}:
            listed.insert(max(0, at + (1 if verb == "down" else -1)), key)


def _consent(request: HttpRequest, row: Round, person: Person) -> ConsentForm | None:
    """The form of the agreement; nothing where it was given before."""
    if consented(person, Purpose.ROUND, row.partner):
        return None
    own = person.user_id == user_of(request).pk
    sent = request.POST if request.method == "POST" and "save" in request.POST else None
    carried = ("agreed", "how", "witness", *(["words"] if request.POST.get("agreed") else []))
    initial = {name: request.POST.get(name, "") for name in carried}  # a tick goes with the words it was set beside
    return ConsentForm(sent, partner=row.partner, own=own, initial=initial if request.method == "POST" else None)


def _send(
    request: HttpRequest, row: Round, person: Person, listed: list[str], form: ConsentForm | None
) -> HttpResponse | str:
    """The page of the application, or what is wrong with the list."""
    if form is not None and not form.is_valid():
        return ""
    user = user_of(request)
    partner = None if person.user_id == user.pk else acting_partner(request, Permission.APPLY_FOR_OTHERS)

    def do() -> str:
        made = actions.apply(
            round=row, person=person, opportunities=[UUID(key) for key in listed], by=user, partner=partner,
            consent=form.row() if form is not None else None,
        )  # fmt: skip
        return reverse("rounds:why", args=[made.pk])

    try:
        url = once(user=user, token=request.POST.get("once", ""), do=do)
    except UndoneError as error:
        return str(error)
    messages.success(request, _("The application is stored."))
    return HttpResponseRedirect(url)


def _context(  # noqa: PLR0917 - what one page shows
    request: HttpRequest, row: Round, person: Person, offered: list[Offered], listed: list[str],
    form: ConsentForm | None, error: str, *, again: bool, deep: bool,
) -> dict[str, Any]:  # fmt: skip
    by_key = {each.key: each for each in offered}
    rest = [each for each in offered if each.key not in listed and not each.refused and not each.hidden]
    policy = Policy.from_dict(row.rules)
    return {
        "round": row, "person": person, "own": person.user_id == user_of(request).pk,
        "listed": [by_key[key] for key in listed], "suggested": rest[:SUGGESTED], "rest": rest[SUGGESTED:],
        "refused": sum(each.refused for each in offered), "full": len(listed) >= policy.most_choices,
        "most": policy.most_choices, "form": form, "error": error, "open": row.stage is Status.OPEN,
        "again": again,
        "wished": bool(listed) and not again and request.method == "GET",
        "back": reverse("rounds:public", args=[row.pk]), "deep": deep,
    }  # fmt: skip
