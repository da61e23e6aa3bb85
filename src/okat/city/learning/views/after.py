"""Materials of a course for its teacher, and what a learner says after it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from okat.city.core.access import signed_in, staff
from okat.city.core.ending import asks_first
from okat.city.core.once import once
from okat.city.core.permissions import Permission
from okat.city.core.templatetags.okat import words as name_of
from okat.city.learning import actions
from okat.city.learning.forms.after import FeedbackForm, MaterialForm
from okat.city.learning.queries import after, courses, line
from okat.city.learning.rules import LearningError
from okat.city.learning.rules.after import Made
from okat.city.learning.views import ending, words
from okat.city.learning.views.teach import sent, user_of
from okat.city.people.queries.pages import own_record


@staff(Permission.TEACH)
@require_http_methods(["GET", "POST"])
def materials(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What there is, and one more."""
    user = user_of(request)
    found = courses.open_course(user, pk)
    sessions = [(one, words.when(one)) for one in courses.sessions_of(found)]
    form = MaterialForm(request.POST or None, sessions=sessions)
    here = reverse("learning:materials", args=[pk])
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data

        def do() -> str:
            actions.add_material(
                opportunity=found, title=data["title"], url=data["url"], text=data["text"], made=Made(data["made"]),
                session=form.sessions.get(data["session"]), by=user,
            )  # fmt: skip
            return here

        return HttpResponseRedirect(once(user=user, token=data["once"], do=do))
    rows = [words.material(row) for row in after.materials_of(found)]
    return render(request, "learning/materials.html", {"course": found, "form": form, "rows": rows})


@staff(Permission.TEACH)
@require_POST
@asks_first(ending.material)
def remove_material(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    user = user_of(request)
    found = after.material_of(courses.open_course(user, pk), number)
    here = reverse("learning:materials", args=[pk])

    def do() -> str:
        actions.remove_material(material=found, by=user)
        return here

    return sent(request, do, here)


@signed_in
@require_http_methods(["GET", "POST"])
def feedback(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Three questions to a learner, who answers for themselves."""
    user, course = user_of(request), line.course_called(pk)
    person = own_record(user)
    enrolment = line.place_of(person, course) if person is not None else None
    if enrolment is None:
        raise Http404("enrolment")
    form = FeedbackForm(request.POST or None)
    back = reverse("learning:place", args=[pk])
    if request.method == "POST" and form.is_valid():

        def do() -> str:
            actions.give_feedback(enrolment=enrolment, points=form.points(), by=user)
            messages.success(request, _("Thank you. Nobody sees which answers were yours."))
            return back

        try:
            return HttpResponseRedirect(once(user=user, token=form.cleaned_data["once"], do=do))
        except LearningError as refused:
            form.add_error(None, str(refused))
    context = {"course": course, "form": form, "back": back, "may": after.may_answer(enrolment)}
    return render(request, "learning/feedback.html", {**context, "title": name_of(course)})
