"""One person's page. It opens the record through the scope, which notes the look."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from okat.city.accounts.models import User
from okat.city.core import clock
from okat.city.core.access import staff
from okat.city.core.permissions import Permission
from okat.city.people import queries, rules
from okat.city.people.forms.fields import in_words
from okat.city.people.models import Need, Person, Score
from okat.city.people.queries import files, pages, plain
from okat.city.people.queries.contact import taken_back
from okat.city.people.rules.told import FIELDS
from okat.city.people.views.joined import beside
from okat.city.people.views.say import born, looks, score_parts, story
from okat.city.people.views.shared import opened, user_of
from okat.city.taxonomy.models import Vocabulary
from okat.city.taxonomy.queries import words


@staff(Permission.SEE_PERSON)
@never_cache
@require_GET
def person(request: HttpRequest, pk: UUID) -> HttpResponse:
    user = user_of(request)
    try:
        sheet = queries.open_sheet(user, pk)
    except Http404:
        return redirect("people:person", opened(request, pk, "view").pk)  # it was merged, or it is not for this reader
    values = {"person": sheet.person, **_about(sheet), **_around(user, sheet)}
    return render(request, "people/person.html", values)


@staff(Permission.SEE_PERSON)
@never_cache
@require_GET
def trail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who has looked at the record, and what was done to it."""
    found = opened(request, pk, "view")
    values = {
        "person": found,
        "story": story(queries.timeline(found), deep=queries.may_see_sensitive(user_of(request), found)),
        "looks": looks(queries.accesses_of(found)),
    }
    return render(request, "people/trail.html", values)


def _about(sheet: queries.Sheet) -> dict[str, Any]:
    """What is known of the person; the sensitive part only where the reader may see it."""
    found, sensitive, score = sheet.person, sheet.standing.sensitive, sheet.score
    care = found.unseal(found.care_sealed) if sensitive else None
    codes = [code for code, _v in care["disabilities"]] if care else []
    needs, told = plain.needs_told(sheet.needs, deep=sensitive), plain.score_told(score, deep=sensitive)
    open_codes = [need.term.code for need in needs if need.status == rules.NeedStatus.OPEN]
    terms = [term for term in pages.need_words(open_codes) if sensitive or not term.sensitive]
    return {
        "age": rules.age_of(found.birth, clock.today()), "born": born(found), "sensitive": sensitive,
        "schooling": _words(Vocabulary.EDUCATION, [found.education]),
        "situations": _words(Vocabulary.SITUATION, plain.situations_told(found, deep=sensitive)),
        "disabilities": _words(Vocabulary.DISABILITY, codes),
        "card": care["card"] if care else None, "number": bool(found.pin_hash), "beside": beside(found, sheet.joined),
        "needs": [_need(found, need) for need in needs], "terms": terms,
        "score": told, "asked": score, "parts": score_parts(found, score) if sensitive else [],
        "missing": [str(FIELDS[name]) for name in _missing(found, score)], "questionnaires": pages.questionnaires(),
    }  # fmt: skip


def _around(user: User, sheet: queries.Sheet) -> dict[str, Any]:
    """Who is near, who comes, and what may be done next."""
    found, standing = sheet.person, sheet.standing
    works = standing.partner_for(user, found, Permission.PIN_PERSON) is not None
    panels, died = pages.panels_for(user, found), found.status == rules.Status.DIED
    return {
        "point": queries.may_see_point(user, found) and found.lat is not None, "family": sheet.family,
        "consents": queries.allowed(found, sheet.consents), "bases": sheet.bases,
        "panels": [panel for panel in panels if panel.lines],
        "steps": [] if died else [step for panel in panels for step in panel.steps],
        "visits": [(visit, found.unseal(visit.note_sealed) or "") for visit in sheet.visits],
        "quiet": taken_back(sheet.consents, {partner.pk for partner in standing.partners}),
        "phone": sheet.phone, "untold": len(sheet.slips),
        "works": works, "helps": works and not died,
        "laws": standing.partner_for(user, found, Permission.RECORD_BASIS) is not None,
        "evidence": sheet.evidence,
        "emergency": standing.opening if not works and not standing.own and not standing.partners else None,
    }  # fmt: skip


def _words(vocabulary: str, codes: list[str]) -> list[str]:
    return [in_words(term) for term in words().called(vocabulary, codes)]


def _need(found: Person, need: Need) -> tuple[Need, str]:
    return need, found.unseal(need.note_sealed) or ""


def _missing(found: Person, score: Score | None) -> list[str]:
    """What to ask next, by the names of FIELDS."""
    known = {
        "birth": found.birth, "phone": found.phone, "education": found.education,
        "papers": found.papers != rules.Papers.UNKNOWN, "income": found.income is not None,
        "household": found.household_id, "score": score,
    }  # fmt: skip
    return [name for name, there in known.items() if not there]


@staff(Permission.SEE_PERSON)
@never_cache
@require_GET
def evidence(request: HttpRequest, pk: UUID, evidence: UUID) -> HttpResponse:
    """A file that is kept of the person, as far as the reader may open it; what was refused is no look."""
    user = user_of(request)
    found = queries.find_person(user, pk)
    kept = files.file_of(user, found, evidence)
    data = files.content(found, kept) if kept is not None else None
    if kept is None or data is None:
        raise Http404
    queries.note_look(user, found, why="evidence", fields=["evidence"])
    return HttpResponse(data, content_type=kept.content_type, headers={"Content-Disposition": "inline"})
