"""For those who teach: courses, learners, the rule, certificates."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from okat.city.accounts.models import User
from okat.city.catalogue.models import Opportunity
from okat.city.core import audit
from okat.city.core.access import staff
from okat.city.core.once import once
from okat.city.core.paging import Paginator
from okat.city.core.permissions import Permission
from okat.city.core.show import Cell, Column, Table
from okat.city.core.templatetags.okat import be
from okat.city.core.templatetags.okat import words as name_of
from okat.city.learning import actions
from okat.city.learning.forms.proofs import RevokeForm
from okat.city.learning.models import Credential
from okat.city.learning.queries import after, assessing, line, proofs
from okat.city.learning.queries import courses as queries
from okat.city.learning.queries.courses import Learner
from okat.city.learning.rules import LearningError
from okat.city.learning.rules.after import QUESTIONS, RiskRule
from okat.city.learning.rules.completing import completed, sentences
from okat.city.learning.rules.proofs import VERDICTS
from okat.city.learning.views import words
from okat.city.people.queries.plain import shown_beside

PAGE = 25


@staff(Permission.TEACH)
@require_GET
def courses(request: HttpRequest) -> HttpResponse:
    """The courses of my partners that have learners."""
    page = Paginator(queries.courses_of(user_of(request)), PAGE).get_page(request.GET.get("page"))
    columns = [Column(_("Course")), Column(_("Starts")), Column(_("Learners now"), True), Column(_("By"))]
    rows: list[Any] = list(page.object_list)
    table = Table(columns, [
        [
            Cell(name_of(row), reverse("learning:course", args=[row.pk])), Cell(be(row.starts_on) or "–"),
            Cell(row.learners), Cell(name_of(row.provider)),
        ]
        for row in rows
    ])  # fmt: skip
    return render(request, "learning/courses.html", {"page": page, "table": table})


@staff(Permission.TEACH)
@require_GET
def course(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The timetable, the learners, the rule of completion, and what was gained."""
    user = user_of(request)
    found = queries.open_course(user, pk)
    rule = queries.rule_of(queries.completion_of(found))
    learners = queries.learners_of(user, found)
    ready = [one for one in learners if one.enrolment.standing == "active" and completed(rule, one.progress)]
    risks = after.at_risk(one.enrolment for one in learners)
    context = {
        "course": found, "said": sentences(rule, get_language() or "th"), "ready": len(ready),
        "learners": sum(one.enrolment.standing == "active" for one in learners),
        "gains": [words.gain(*one) for one in assessing.gains_of(found)],
        "renew": proofs.to_renew(found).count(),
        "sessions": _timetable(found), "table": _learners(learners, risks), "opinion": _opinion(found),
        "risks": [name_of(rule) for rule in after.risk_rules()], "first_come": line.first_come(found),
        "waiting": line.waiting(found), "in_round": line.in_round(found),
    }  # fmt: skip
    return render(request, "learning/course.html", context)


def _timetable(found: Opportunity) -> Table:
    columns = [Column(_("Session")), Column(_("State"))]
    rows = []
    for session in queries.sessions_of(found):
        text, tone = words.state(session)
        link = reverse("learning:session", args=[session.pk])
        rows.append([Cell(words.when(session), link, words.made_up(session) or session.note), Cell(text, tone=tone)])  # type: ignore[arg-type]
    return Table(columns, rows)


def _opinion(found: Opportunity) -> dict[str, Any]:
    """What learners thought, in words; no rows where too few answered."""
    opinion = after.opinion_of(found)
    rows = [(QUESTIONS[name], f"{mean:.1f}") for name, mean in (opinion.means or {}).items()]
    return {"answers": opinion.answers, "rows": rows, "day": opinion.day}


def _learners(learners: list[Learner], risks: Mapping[UUID, RiskRule]) -> Table:
    columns = [Column(_("Learner")), Column(_("State")), Column(_("Attended"), True), Column(_("Learning certificate"))]
    return Table(columns, [
        [
            _name(one, risks.get(one.enrolment.pk)), Cell(
                words.standing(one.enrolment), tone=words.TONES[one.enrolment.standing]
            ),
            _attended(one), _proof(one),
        ]
        for one in learners
    ])  # fmt: skip


def _attended(one: Learner) -> Cell:
    text, share = words.attended(one.enrolment, one.progress)
    return Cell(text, note=share)


def _name(one: Learner, rule: RiskRule | None) -> Cell:
    link = reverse("learning:learner", args=[one.enrolment.pk]) if one.name else ""
    note = _("Ask how it goes: %(rule)s") % {"rule": name_of(rule)} if rule is not None else ""
    return Cell(one.name or _("Name not shown"), link, note)


def _proof(one: Learner) -> Cell:
    found = one.certificate
    if found is None:
        return Cell("–")
    text = _("Revoked") if found.revoked_at else _("Issued on %(day)s") % {"day": be(found.issued_at)}
    return Cell(text, reverse("learning:revoke", args=[found.pk]))


@staff(Permission.TEACH)
@require_POST
def issue(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Certificates for all who reached the rule."""
    user = user_of(request)
    found = queries.open_course(user, pk)

    def do() -> str:
        made = actions.issue(opportunity=found, by=user)
        messages.success(request, _("%(n)s certificates were issued.") % {"n": len(made)})
        return reverse("learning:course", args=[pk])

    return sent(request, do, reverse("learning:course", args=[pk]))


@staff(Permission.TEACH)
@require_http_methods(["GET", "POST"])
def revoke(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A certificate of my course: how it stands, and taking it back."""
    user = user_of(request)
    found = proofs.open_certificate(user, pk)
    form, back = RevokeForm(request.POST or None), reverse("learning:course", args=[found.opportunity_id])
    if request.method == "POST" and form.is_valid():

        def do() -> str:
            actions.revoke(certificate=found, reason=form.cleaned_data["reason"], by=user)
            return back

        return HttpResponseRedirect(once(user=user, token=form.cleaned_data["once"], do=do))
    state = proofs.state_of(found)
    context = {
        "certificate": found, "form": form, "back": back, "said": VERDICTS[state], "holds": not state,
        "title": name_of(found.opportunity), "newer": getattr(found, "replaced_by", None),
        "names": names_of(user, found),
    }  # fmt: skip
    return render(request, "learning/revoke.html", context)


@staff(Permission.TEACH)
@require_POST
def issue_anew(request: HttpRequest, pk: UUID) -> HttpResponse:
    """In place of one that was taken back."""
    user = user_of(request)
    found = proofs.open_certificate(user, pk)

    def do() -> str:
        made = actions.issue_anew(certificate=found, by=user)
        messages.success(
            request, _("A new certificate was issued. The learner is told in the account, by telephone or on paper.")
        )
        return reverse("learning:revoke", args=[made.pk])

    return sent(request, do, reverse("learning:revoke", args=[pk]))


def names_of(user: User, found: Credential) -> tuple[str, str] | None:
    """The name on the certificate and the name of the record, for whoever may see the person."""
    person, named = found.person, shown_beside(user, telling=found.opportunity.telling)
    if person is None or not named.filter(pk=person.pk).exists():
        return None
    audit.record(by=user, verb="people.read", subject=person, fields=["identity"], reason="certificate")
    document = proofs.document_of(found)
    written = document["credentialSubject"]["identifier"][0]["identityHash"] if document else ""
    return written, person.full_name


def sent(request: HttpRequest, do: Callable[[], str], back: str) -> HttpResponse:
    """A button's work, once; what the rules refuse is said on the page that it came from."""
    try:
        return HttpResponseRedirect(once(user=user_of(request), token=request.POST.get("once", ""), do=do))
    except LearningError as refused:
        messages.error(request, str(refused))
        return redirect(back)


def user_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
