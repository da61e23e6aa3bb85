"""What fits one person: for a worker, for the resident's own record, and for a visitor who answers a few questions."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from okat.city.accounts.models import User
from okat.city.catalogue import actions
from okat.city.catalogue.forms import VisitorForm
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.queries import match as read
from okat.city.catalogue.queries.read import open_public
from okat.city.catalogue.queries.wishes import wishes
from okat.city.catalogue.rules import FAMILIES, FAMILY_LABELS, CatalogueError, Family
from okat.city.catalogue.rules.access import Usable
from okat.city.catalogue.rules.ranking import ACCESS, NEEDS, TIMES, WAY, Points
from okat.city.catalogue.solve import match
from okat.city.catalogue.views import access, words
from okat.city.core import menu
from okat.city.core.access import public, signed_in, staff
from okat.city.core.once import once
from okat.city.core.paging import Paginator
from okat.city.core.permissions import Permission
from okat.city.core.show import Filter
from okat.city.people.models import Person
from okat.city.people.queries import may_act_for, may_see_sensitive, open_person, open_to_act, visible_to
from okat.city.people.rules import PeopleError

PAGE = 15
SHOWS = ("fits", "nearly", "no")


@dataclass(frozen=True)
class Line:
    """One opportunity for one person, in words."""

    card: words.Card
    opportunity: Opportunity
    why: match.Reasoned
    points: list[tuple[str, int, int]]
    total: int
    refer: str
    wished: bool
    ask: list[str]  # of the provider, before it fits
    barred: list[str]  # what makes it unusable


@public
@never_cache
@require_http_methods(["GET", "POST"])
def visitor(request: HttpRequest) -> HttpResponse:
    """`?person=` leads to that person's page; a resident to the own one; everybody else answers a few questions.

    Answers come by POST, stand in no address, and are kept nowhere.
    """
    person = request.GET.get("person", "")
    if person:
        return HttpResponseRedirect(reverse("catalogue:fits-of", args=[_uuid(person)]))
    if request.method == "GET" and own_record(request) is not None:
        return redirect("catalogue:fits-mine")
    more = request.POST.getlist("more") if request.method == "POST" else []
    form = VisitorForm(request.POST or None, more=more)
    context: dict[str, Any] = {"form": form, "found": None}
    if request.method == "POST" and form.is_valid():
        found = match.fits_for(form.values(), form.asker())
        questions = match.best_questions(found)
        context |= {
            "found": found,
            "form": VisitorForm(request.POST, more=[*more, *(one.question.name for one in questions)]),
            "asked": questions,
            "parts": [
                (name, len(getattr(found, name)), _lines(getattr(found, name)[:size], found, None))
                for name, size in (("fits", 30), ("nearly", 15))
            ],
            "formula": _formula(),
            **_told(found),
        }
    return render(request, "catalogue/visitor.html", context)


@staff(Permission.SEE_PERSON)
@never_cache
@require_GET
def of_person(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = user_of(request)
    person = open_person(user, pk, why="match", fields=["situation", "needs"])
    if person.pk != pk:
        return redirect("catalogue:fits-of", person.pk)  # it was merged
    return _page(request, user, person, own=False)


@signed_in
@never_cache
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """The resident's own record; without one, the questions for everybody."""
    person = own_record(request)
    if person is None:
        return redirect("catalogue:fits")
    return _page(request, user_of(request), person, own=True)


def _page(request: HttpRequest, user: User, person: Person, *, own: bool) -> HttpResponse:
    family = request.GET.get("for", "")
    kinds = [kind.value for kind in FAMILIES[Family(family)]] if family in set(Family) else []
    show = request.GET.get("show", "fits")
    show = show if show in SHOWS else "fits"
    found = match.fits(person, user, kinds)
    page = Paginator(getattr(found, show), PAGE).get_page(request.GET.get("page"))
    deep = may_see_sensitive(user, person)
    liked = [one for one in wishes(person) if deep or not one.telling]
    # Who may only look, as in an emergency, is offered nothing to begin.
    may_refer = not own and may_act_for(user, person, Permission.REFER)
    may_wish = may_act_for(user, person, Permission.SEE_PERSON)
    asked = {"for": family if kinds else "", "show": show}
    context = {
        "person": person,
        "own": own,
        "page": page,
        "lines": _lines(page.object_list, found, person if may_refer else None, {o.pk for o in liked}),
        "filters": _filters(asked, found),
        "asked": match.best_questions(found) if show == "nearly" else [],
        "wishes": [(words.words_of(o), o, words.address(o), words.status_words(o)) for o in liked],
        "wish_url": _wish_url(person, own=own) if may_wish else "",
        "here": request.get_full_path(),
        "back": "" if own else _person_page(person),
        "show": show,
        "formula": _formula(),
        **_told(found),
    }
    return render(request, "catalogue/fits.html", context)


def _wish_url(person: Person, *, own: bool) -> str:
    return reverse("catalogue:wish-mine") if own else reverse("catalogue:wish-of", args=[person.pk])


def _told(found: match.Fits) -> dict[str, str]:
    """The sentence at the top."""
    told = ngettext("%(n)s opportunity fits", "%(n)s opportunities fit", len(found.fits)) % {"n": len(found.fits)}
    words_more = ngettext(
        "%(n)s more may fit, once a question is answered", "%(n)s more may fit, once questions are answered",
        len(found.nearly),
    )  # fmt: skip
    return {"title": told, "note": words_more % {"n": len(found.nearly)} if found.nearly else ""}


def _formula() -> list[tuple[str, int]]:
    return [
        (_("It helps with what the person needs"), NEEDS), (_("It is near, online or at home"), WAY),
        (_("The person can use it, from the place to the help along the way"), ACCESS),
        (_("It is when the person can come"), TIMES),
    ]  # fmt: skip


def _lines(
    some: Any, found: match.Fits, refer: Person | None, wished: set[UUID] | frozenset[UUID] = frozenset()
) -> list[Line]:
    chosen: list[match.Match] = list(some)
    rows = read.listed(one.id for one in chosen)
    return [_line(one, rows[one.id], found, refer, one.id in wished) for one in chosen if one.id in rows]


def _line(one: match.Match, o: Opportunity, found: match.Fits, refer: Person | None, wished: bool) -> Line:
    address = menu.address("cases:refer") if refer is not None else ""
    go = f"{address}?person={refer.pk}&opportunity={o.pk}" if address and refer is not None else ""
    open_ = access.asked(one.use.clauses)
    return Line(
        words.card(o, one.points.km), o, match.why(one.digest, found), _parts(one.points), one.points.total, go, wished,
        open_ if one.use.usable is Usable.ASK else [], open_ if one.use.usable is Usable.NO else [],
    )  # fmt: skip


def _parts(points: Points) -> list[tuple[str, int, int]]:
    named = (points.needs, points.way, points.access, points.times)
    return [(name, got, most) for (name, most), got in zip(_formula(), named, strict=True)]


def _filters(asked: dict[str, str], found: match.Fits) -> list[Filter]:
    labels = {"fits": _("Fits"), "nearly": _("Nearly fits"), "no": _("Does not fit")}
    chips = [
        Filter(f"{labels[name]} {len(getattr(found, name))}", _query(asked, show=name), asked["show"] == name)
        for name in SHOWS
    ]
    for family in Family:
        on = asked["for"] == family
        chips.append(Filter(str(FAMILY_LABELS[family]), _query(asked, **{"for": "" if on else family.value}), on))
    return chips


def _query(asked: dict[str, str], **changes: str) -> str:
    kept = {**asked, **changes}
    return "?" + "&".join(f"{name}={value}" for name, value in kept.items() if value)


@staff(Permission.SEE_PERSON)
@require_POST
def wish_of(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Add, drop, move up or down, for a person in one's scope."""
    person = open_to_act(user_of(request), pk, Permission.SEE_PERSON, why="wish", fields=["wishes"])
    return _wish(request, person, reverse("catalogue:fits-of", args=[person.pk]))


@signed_in
@require_POST
def wish_mine(request: HttpRequest) -> HttpResponse:
    """The same for the own list."""
    person = own_record(request)
    if person is None:
        raise Http404
    return _wish(request, person, reverse("catalogue:fits-mine"))


def _wish(request: HttpRequest, person: Person, back: str) -> HttpResponse:
    user, pk = user_of(request), _uuid(request.POST.get("opportunity", ""))
    acts: dict[str, Callable[[], object]] = {
        "add": lambda: actions.add_wish(person=person, opportunity=open_public(pk, user), by=user),
        "drop": lambda: actions.drop_wish(person=person, opportunity=pk, by=user),
        "up": lambda: actions.move_wish(person=person, opportunity=pk, up=True, by=user),
        "down": lambda: actions.move_wish(person=person, opportunity=pk, up=False, by=user),
    }
    act = acts.get(request.POST.get("do", ""))
    if act is None:
        raise Http404

    def do() -> str:
        act()
        return f"{back}#wishes"

    try:
        return HttpResponseRedirect(once(user=user, token=request.POST.get("once", ""), do=do))
    except CatalogueError as refused:
        for fault in refused.faults:
            messages.error(request, str(fault.words))
    except PeopleError as refused:
        messages.error(request, str(refused))
    return HttpResponseRedirect(back)


def own_record(request: HttpRequest) -> Person | None:
    """The signed-in reader's own record."""
    user = request.user
    if not isinstance(user, User):
        return None
    return visible_to(user).filter(user=user).select_related("area").first()


def user_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _person_page(person: Person) -> str:
    return reverse("people:person", args=[person.pk])


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error
