"""What is done on a person's page: needs, visits, consents, questions."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from okat.city.core.access import staff
from okat.city.core.ending import asks_first
from okat.city.core.once import once
from okat.city.core.permissions import Permission
from okat.city.people import actions, queries, rules
from okat.city.people.forms.care import VisitForm
from okat.city.people.forms.consent import ConsentForm
from okat.city.people.forms.fields import lang
from okat.city.people.forms.questions import QuestionsForm, version_sent
from okat.city.people.models import Person
from okat.city.people.queries import pages, plain
from okat.city.people.rules import PeopleError
from okat.city.people.views.ending import consent_of
from okat.city.people.views.shared import answer, helping, refuse, user_of, working

WORK = Permission.PIN_PERSON


@staff(WORK)
@require_POST
def need(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Note a need (`term`), or close one (`close` holds its id, `gone` says that it was not met)."""
    found, partner = helping(request, pk, WORK)
    page = reverse("people:person", args=[found.pk]) + "#needs"
    deep = queries.may_see_sensitive(user_of(request), found)
    needs = plain.needs_told(pages.needs_of(found), deep=deep)
    closing = next((n for n in needs if str(n.pk) == request.POST.get("close")), None)
    term = pages.need_called(request.POST.get("term", ""))

    def do() -> str:
        if closing is not None:
            status = rules.NeedStatus.GONE if "gone" in request.POST else rules.NeedStatus.MET
            actions.close_need(need=closing, by=user_of(request), partner=partner, status=status)
        elif term is not None:
            note = request.POST.get("note", "")[:1000]
            actions.add_need(person=found, term=term, by=user_of(request), partner=partner, note=note)
        return page

    try:
        return HttpResponseRedirect(once(user=user_of(request), token=request.POST.get("once", ""), do=do))
    except PeopleError as error:
        refuse(request, error)
        return redirect(page)


@staff(WORK)
@never_cache
@require_http_methods(["GET", "POST"])
def visit(request: HttpRequest, pk: UUID) -> HttpResponse:
    found, partner = helping(request, pk, WORK)
    form = VisitForm(request.POST or None)

    def do() -> str:
        data = form.cleaned_data
        actions.record_visit(
            person=found, kind=rules.VisitKind(data["kind"]), partner=partner, by=user_of(request), note=data["note"],
            next_on=data["next_on"],
        )  # fmt: skip
        messages.success(request, _("The visit is noted."))
        return reverse("people:person", args=[found.pk])

    return answer(request, form, "people/form.html", _page(found, _("Note a visit")), do)


@staff(Permission.RECORD_CONSENT)
@never_cache
@require_http_methods(["GET", "POST"])
def consent(request: HttpRequest, pk: UUID) -> HttpResponse:
    found, partner = helping(request, pk, Permission.RECORD_CONSENT)
    form = ConsentForm(request.POST or None)

    def do() -> str:
        actions.record_consent(person=found, given=form.row(), by=user_of(request), partner=partner)
        messages.success(request, _("The consent is recorded."))
        return reverse("people:person", args=[found.pk]) + "#consents"

    values = _page(found, _("Record a consent"))
    return answer(request, form, "people/form.html", values, do)


@staff(Permission.RECORD_CONSENT)
@require_POST
@asks_first(consent_of)
def withdraw(request: HttpRequest, pk: UUID, consent: UUID) -> HttpResponse:
    """At the person's wish; whoever saw the record because of it no longer does, perhaps oneself."""
    found, _partner = working(request, pk, Permission.RECORD_CONSENT)
    row = pages.consent_of(found, consent)
    if row is None:
        raise Http404
    actions.withdraw_consent(consent=row, by=user_of(request))
    messages.success(request, _("The consent is withdrawn; whoever saw the record because of it no longer does."))
    still = queries.visible_to(user_of(request)).filter(pk=found.pk).exists()
    return redirect("people:person", found.pk) if still else redirect("people:search")


@staff(WORK)
@never_cache
@require_http_methods(["GET", "POST"])
def questions(request: HttpRequest, pk: UUID, code: str) -> HttpResponse:
    """A questionnaire's page, made from its data; every question may stay open."""
    found, partner = helping(request, pk, WORK)
    asked = pages.questionnaire_called(code, version_sent(request.POST))
    newest = pages.questionnaire_called(code)
    if asked is None or newest is None:
        raise Http404
    old = asked.pk != newest.pk
    deep = queries.may_see_sensitive(user_of(request), found)
    form = QuestionsForm(
        request.POST or None, data_of=asked.data, said=pages.said_before(found, code), sensitive=deep,
        version=asked.version,
    )  # fmt: skip

    def do() -> str:
        score = actions.answer_questionnaire(
            person=found, form=asked, answers=form.answers(), partner=partner, by=user_of(request)
        )
        if plain.score_told(score, deep=deep) is None:
            messages.success(request, _("The answers are kept."))
        else:
            messages.success(request, _("The answers are kept; the score is %(n)d.") % {"n": score.value})
        if old:
            messages.warning(
                request, _("The questions were changed meanwhile. These answers are kept with the old ones.")
            )
        return reverse("people:person", args=[found.pk]) + "#score"

    values = {**_page(found, asked.data["title"][lang()]), "held_back": not deep and form.has_sensitive, "old": old}
    return answer(request, form, "people/questions.html", values, do)


def _page(found: Person, title: str) -> dict[str, Any]:
    return {"person": found, "title": title}
