"""A new case: for whom, about what, and whether the person says yes at once."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from okat.city.accounts.models import User
from okat.city.cases import actions, queries
from okat.city.cases.forms import NOW, AgainForm, ProposeForm
from okat.city.cases.models import Case
from okat.city.cases.rules import Verb
from okat.city.cases.views import act as acts
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.queries import search
from okat.city.catalogue.rules.look import MAX_TEXT, Look
from okat.city.catalogue.views.words import places_chip
from okat.city.core import menu
from okat.city.core.access import staff
from okat.city.core.once import once
from okat.city.core.permissions import Permission
from okat.city.core.refusals import UndoneError
from okat.city.core.templatetags.okat import words as named
from okat.city.partners.models import Partner
from okat.city.partners.queries import partners_where
from okat.city.people.models import Person
from okat.city.people.queries import open_to_act
from okat.city.people.rules import Purpose
from okat.thai.text import normalise


@staff(Permission.REFER)
@require_http_methods(["GET", "POST"])
def refer(request: HttpRequest) -> HttpResponse:
    """`person`, then `opportunity` (found here by `q`) or `about=need`; with `case` the offer is a new one in it."""
    assert isinstance(request.user, User)
    user, asked = request.user, request.GET
    opportunity = _opportunity(asked)
    if not asked.get("person"):
        values = {"about": _title(opportunity), "people": menu.address("people:search")}
        return render(request, "cases/refer_person.html", values)
    fields = ("identity", "needs", "consents")
    case = _case(user, asked)
    person = open_to_act(user, _uuid(asked, "person"), Permission.REFER, why="refer", fields=fields)
    if opportunity is None and (case is not None or asked.get("about") != "need"):
        return _search(request, person, case)
    if case is not None and opportunity is not None:
        return _again(request, user, person, case, opportunity)
    return _new(request, user, person, opportunity)


def _search(request: HttpRequest, person: Person, case: Case | None) -> HttpResponse:
    """Find what to propose, by words; the nearest to where the person lives first."""
    text = normalise(request.GET.get("q", ""))[:MAX_TEXT]
    found = search.find(Look(text=text, near=person.area.code, places=True))
    values = {
        "person": person,
        "back": queries.person_page(person.pk),
        "text": text,
        "case": case,
        "closed": bool(request.GET.get("opportunity")),
        "rows": [
            (o, _title(o), f"?{_query(request.GET, opportunity=str(o.pk), q='')}", places_chip(o).text)
            for o in found.rows
        ],
        "need_url": "" if case else f"?{_query(request.GET, about='need', q='', opportunity='')}",
        "fits": f"{fits}?person={person.pk}" if (fits := menu.address("catalogue:fits")) else "",
    }
    return render(request, "cases/refer_search.html", values)


def _again(request: HttpRequest, user: User, person: Person, case: Case, opportunity: Opportunity) -> HttpResponse:
    """Something else in the same case."""
    form = AgainForm(request.POST or None, initial={"version": case.version})
    if request.method == "POST" and form.is_valid():

        def do() -> str:
            actions.propose_again(case=case, opportunity=opportunity, version=form.cleaned_data["version"], by=user)
            return queries.page_of(case)

        try:
            return HttpResponseRedirect(once(user=user, token=form.cleaned_data["once"], do=do))
        except UndoneError as refused:
            acts.add_refusal(form, refused)
    return _draw(request, form, person, opportunity, [])


def _new(request: HttpRequest, user: User, person: Person, opportunity: Opportunity | None) -> HttpResponse:
    partners = _partners(user, person)
    needs = queries.needs_of(user, person) if opportunity is None else None
    first = opportunity.provider_id if opportunity is not None else None
    form = ProposeForm(request.POST or None, person=person, partners=partners, needs=needs, first=first)
    if request.method == "POST" and form.is_valid():
        try:
            url = once(user=user, token=form.cleaned_data["once"], do=lambda: _do(form, user, person, opportunity))
        except UndoneError as refused:
            acts.add_refusal(form, refused)
        else:
            messages.success(request, _("Done. You can follow the case here."))
            return HttpResponseRedirect(url)
    return _draw(request, form, person, opportunity, _consents(person, opportunity, partners))


def _do(form: ProposeForm, user: User, person: Person, opportunity: Opportunity | None) -> str:
    data = form.cleaned_data
    about = {"person": person, "partner": data["partner"], "opportunity": opportunity, "need": data.get("need")}
    if data["how"] == NOW:
        sent = actions.refer_at_once(**about, goal=data["goal"], to=data["to"], note=data["note"], by=user)
        return queries.page_of(sent.case)
    return queries.page_of(actions.propose(**about, goal=data["goal"], by=user))


def _draw(
    request: HttpRequest, form: AgainForm | ProposeForm, person: Person, opportunity: Opportunity | None,
    consents: list[tuple[str, bool]],
) -> HttpResponse:  # fmt: skip
    values = {
        "form": form,
        "person": person,
        "opportunity": opportunity,
        "about": _title(opportunity),
        "person_url": queries.person_page(person.pk),
        "consents": consents,
        "purpose": Purpose.REFER.label,
        "refused": getattr(form, "refused", "") == "consent",
        "search": f"?{_query(request.GET, opportunity='', about='')}",
    }
    return render(request, "cases/refer.html", values)


def _consents(person: Person, opportunity: Opportunity | None, own: list[Partner]) -> list[tuple[str, bool]]:
    """The consent that is needed for who provides it, said before anything is sent."""
    if opportunity is None or any(p.pk == opportunity.provider_id for p in own):
        return []
    return [(named(opportunity.provider), opportunity.provider_id in queries.given_to(person))]


def _partners(user: User, person: Person) -> list[Partner]:
    """Those for which the user may refer, the one that registered the person first."""
    found = partners_where(user, Permission.REFER)
    return sorted(found, key=lambda p: (p.pk != person.registered_by_id, p.code))


def _opportunity(asked: QueryDict) -> Opportunity | None:
    return queries.offerable(_uuid(asked, "opportunity")) if asked.get("opportunity") else None


def _case(user: User, asked: QueryDict) -> Case | None:
    """The case in which something else is looked for. Raises Http404 where it is not the user's to do so, and where it
    is not the case of the person named beside it."""
    if not asked.get("case"):
        return None
    case = queries.case_for(user, _uuid(asked, "case"))
    if case.person_id != _uuid(asked, "person") or all(
        verb is not Verb.PROPOSE for verb, _edge, _who in queries.possible(user, case)
    ):
        raise Http404("case")
    return case


def _uuid(asked: QueryDict, name: str) -> UUID:
    try:
        return UUID(asked.get(name, ""))
    except ValueError as error:
        raise Http404(name) from error


def _title(opportunity: Opportunity | None) -> str:
    return named(opportunity) if opportunity is not None else ""


def _query(asked: QueryDict, **changes: str) -> str:
    query = asked.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value:
            query[name] = value
    return query.urlencode()
