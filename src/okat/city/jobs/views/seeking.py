"""Work that suits: a search that can be sent on, the resident's own page, and a worker's page for a person."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from okat.city.accounts.models import User
from okat.city.catalogue.queries import match as read
from okat.city.catalogue.solve.match import Reasoned, why
from okat.city.catalogue.views.words import Card, Chip, card, distance_words
from okat.city.core import menu
from okat.city.core.access import public, signed_in, staff
from okat.city.core.once import once
from okat.city.core.paging import Paginator
from okat.city.core.permissions import Permission
from okat.city.core.registries import Found, Panel, Step
from okat.city.core.show import Filter
from okat.city.core.templatetags.okat import be, words
from okat.city.jobs import actions
from okat.city.jobs.forms.seeking import SeekForm, SkillsForm, WishForm
from okat.city.jobs.queries import seeking
from okat.city.jobs.queries.skills import coded, skills
from okat.city.jobs.rules import LODGING_LABELS, Lodging
from okat.city.jobs.rules.fit import CONDITIONS, SKILLS, TIMES, WAY, Name
from okat.city.jobs.solve import Sought, Suited, seek, seek_for
from okat.city.jobs.views.words import hire_lines
from okat.city.people.models import Person
from okat.city.people.queries import may_act_for, may_see_sensitive, open_person
from okat.city.people.queries.pages import own_record
from okat.city.people.rules import HIDDEN
from okat.city.taxonomy.models import Term

PAGE = 15
# Presets for a group, as an address that can be sent on.
OLDER = "?hours=24&strength=light&strength_must=on&km=10"


@dataclass(frozen=True)
class Line:
    """One job for somebody, in words: the sentence ("3 of 4 skills; 4 km; lodging offered"), its parts, and for each
    skill that lacks the courses that teach it."""

    card: Card
    sentence: str
    parts: list[tuple[str, int, int]]
    total: int
    why: Reasoned
    lacks: list[tuple[Term, list[Card]]]
    unsaid: list[str]
    refer: str


@public
@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """Everything stands in the address; nothing is stored."""
    form = SeekForm(request.GET or None)
    context: dict[str, object] = {"form": form, "older": reverse("jobs:find") + OLDER}
    if form.is_bound and form.is_valid():
        found = seek(form.said(), form.asker(), form.seeker(form.chosen()))
        context |= _told(request, found, None)
    return render(request, "jobs/find.html", context)


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """The resident's own: what they can do, and the jobs that suit; without a record, the search for everybody."""
    user = _user(request)
    person = own_record(user)
    if person is None:
        return redirect("jobs:find")
    return _page(request, user, person, reverse("jobs:mine"), may_write=True)


@staff(Permission.SEE_PERSON)
@never_cache
@require_http_methods(["GET", "POST"])
def of_person(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = _user(request)
    person = open_person(user, pk, why="work", fields=["situation", "skills"])
    if person.pk != pk:
        return redirect("jobs:of-person", person.pk)  # it was merged
    return _page(
        request, user, person, reverse("jobs:of-person", args=[pk]), may_act_for(user, person, Permission.PIN_PERSON)
    )


def _page(request: HttpRequest, user: User, person: Person, here: str, may_write: bool) -> HttpResponse:
    can, deep = seeking.skills_of(person), may_see_sensitive(user, person)
    stated = [one.code for one in can if one.course is None]
    ticks = SkillsForm(request.POST or None, initial={"skills": stated})
    if request.method == "POST":
        if not may_write:
            raise Http404
        if ticks.is_valid():

            def do() -> str:
                actions.state_skills(person=person, skills=ticks.cleaned_data["skills"], by=user)
                return here

            to = once(user=user, token=ticks.cleaned_data["once"], do=do)
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(to)
    form = WishForm(request.GET)
    wishes = form if form.is_valid() else WishForm({})
    wishes.is_valid()
    found = seek_for(person, user, wishes.seeker(frozenset(one.code for one in can)))
    own = person.user_id == user.pk
    refer = person if not own and may_act_for(user, person, Permission.REFER) else None
    context = {
        "form": form, "ticks": ticks, "own": own, "person": person, "may_write": may_write,
        "can": _said(can, deep=deep),
        "back": "" if own else reverse("people:person", args=[person.pk]), **_told(request, found, refer),
    }  # fmt: skip
    return render(request, "jobs/suits.html", context)


def _said(can: list[seeking.Can], *, deep: bool) -> list[tuple[str, str]]:
    """Each skill with where it is known from."""
    named = {term.code: words(term) for term in skills(one.code for one in can)}
    return [(named.get(one.code, one.code), _from(one, deep=deep)) for one in can]


def _from(one: seeking.Can, *, deep: bool) -> str:
    if one.course is not None and one.course.telling and not deep:
        return str(HIDDEN)
    if one.course is None:
        return _("says so, %(day)s") % {"day": be(one.since)}
    return _("certificate of %(course)s, %(day)s") % {"course": words(one.course), "day": be(one.since)}


def _told(request: HttpRequest, found: Sought, refer: Person | None) -> dict[str, object]:
    """What both pages show: the sentence on top, the list chosen by `?show=`, its lines, the formula."""
    show = "asks" if request.GET.get("show") == "asks" else "suits"
    some: list[Suited] = found.asks if show == "asks" else found.suits
    page = Paginator(some, PAGE).get_page(request.GET.get("page"))
    n = len(found.suits)
    asked = request.GET.copy()
    asked.pop("page", None)
    chips = []
    for name, label, number in (("suits", _("Suits"), n), ("asks", _("A question is open"), len(found.asks))):
        asked["show"] = name
        chips.append(Filter(f"{label} {number}", f"?{asked.urlencode()}", show == name))
    return {
        "title": ngettext("%(n)s job suits", "%(n)s jobs suit", n) % {"n": n},
        "note": ngettext("%(n)s is ruled out.", "%(n)s are ruled out.", found.out) % {"n": found.out},
        "page": page, "lines": _lines(page.object_list, found, refer), "chips": chips, "formula": _formula(),
        "searched": True,
    }  # fmt: skip


def _formula() -> list[tuple[str, int]]:
    return [
        (_("Skills that the job asks for and are there"), SKILLS), (_("It is near, at home, or with lodging"), WAY),
        (_("Conditions: hours, strength, distance"), CONDITIONS), (_("It is when the person can come"), TIMES),
    ]  # fmt: skip


def _lines(some: object, found: Sought, refer: Person | None) -> list[Line]:
    chosen: list[Suited] = list(some)  # type: ignore[call-overload]
    rows = read.listed(one.match.id for one in chosen)
    codes = {code for one in chosen for code in one.weighed.lacks}
    teaching = seeking.teaching(codes)
    taught = {term.code: (term, [card(course) for course in teaching.get(term.code, [])]) for term in skills(codes)}
    return [_line(one, card(rows[one.match.id]), found, taught, refer) for one in chosen if one.match.id in rows]


def _line(
    one: Suited, shown: Card, found: Sought, taught: dict[str, tuple[Term, list[Card]]], refer: Person | None
) -> Line:
    got = one.weighed
    named = (got.skills, got.way, got.conditions, got.times)
    parts = [(name, points, most) for (name, most), points in zip(_formula(), named, strict=True)]
    lacks = [taught[code] for code in got.lacks if code in taught]
    unsaid = [str(UNSAID[name]) for name in got.unsaid]
    address = menu.address("cases:refer") if refer is not None else ""
    go = f"{address}?person={refer.pk}&opportunity={one.match.id}" if address and refer is not None else ""
    if one.offer.hours is not None:
        shown.chips.append(Chip(_("%(n)s hours in a week") % {"n": f"{one.offer.hours.normalize():f}"}))
    return Line(shown, sentence(one), parts, got.total, why(one.match.digest, found.found), lacks, unsaid, go)


UNSAID = {
    Name.HOURS: gettext_lazy("The employer has not said how many hours it is. Ask."),
    Name.STRENGTH: gettext_lazy("The employer has not said how heavy the work is. Ask."),
    Name.KM: gettext_lazy("It is not known how far it is. Say where you live, or ask."),
}


def sentence(one: Suited) -> str:
    """Such as "3 of 4 skills; 4 km; lodging offered"."""
    said = []
    needed = len(one.offer.needed)
    if needed:
        words_ = ngettext("%(has)s of %(needed)s skill", "%(has)s of %(needed)s skills", needed)
        said.append(words_ % {"has": len(one.weighed.has), "needed": needed})
    else:
        said.append(_("no skills asked for"))
    if one.match.points.km is not None:
        said.append(distance_words(one.match.points.km))
    if one.offer.lodging in (Lodging.FREE, Lodging.PAID):
        said.append(str(LODGING_LABELS[Lodging(one.offer.lodging)]))
    return "; ".join(said)


@public
@require_GET
def skill(request: HttpRequest, code: str) -> HttpResponse:
    """One skill: where it is taught, who asks for it, and its code."""
    term = next(iter(skills([code])), None)
    if term is None or not term.active:
        raise Http404
    number, name = coded(term)
    context = {
        "term": term, "code": number, "name": name,
        "courses": [card(row) for row in seeking.teaching([code]).get(code, [])],
        "jobs": [card(row) for row in seeking.asking(code)],
    }  # fmt: skip
    return render(request, "jobs/skill.html", context)


def panel(user: User, person: Person) -> Panel | None:
    """What work adds to a person's page: what they can do, and where they work."""
    known = seeking.known_of(person)
    own = person.user_id == user.pk
    url = reverse("jobs:mine") if own else reverse("jobs:of-person", args=[person.pk])
    said = _said(known.can[:8], deep=may_see_sensitive(user, person))
    lines = tuple(Found("", name, note, "") for name, note in said)
    return Panel(_("Work and skills"), (*hire_lines(known.hires), *lines), (Step(_("Work that suits"), url),))


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
