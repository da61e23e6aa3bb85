"""My place in a course that takes people first come, first served: to enrol, to wait, to answer, to give it back."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from okat.city.accounts.models import User
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.solve import of_sensitive_kind
from okat.city.catalogue.views.words import card
from okat.city.core.access import signed_in, staff
from okat.city.core.ending import Ending, asks_first
from okat.city.core.once import once
from okat.city.core.paging import Paginator
from okat.city.core.permissions import Permission, may
from okat.city.core.refusals import UndoneError
from okat.city.core.templatetags.okat import words as name_of
from okat.city.learning import actions
from okat.city.learning.forms.line import PlaceForm
from okat.city.learning.models import Enrolment, Turn
from okat.city.learning.queries import after, courses, line
from okat.city.learning.rules import LearningError, Standing
from okat.city.learning.rules.line import ANSWER_DAYS, Goes, State
from okat.city.learning.views import words
from okat.city.learning.views.ending import given_back, to_whom
from okat.city.learning.views.teach import sent, user_of
from okat.city.people.models import Person
from okat.city.people.queries import may_see_sensitive, numbers_for, open_to_act, search
from okat.city.people.queries.pages import own_record
from okat.city.people.rules import HIDDEN
from okat.city.rounds.models import Result
from okat.city.rounds.queries import goes_on, goes_to, moment_words, waits_on

PAGE = 20


@dataclass(frozen=True)
class Standpoint:
    """How one person stands to one course."""

    person: Person
    own: bool
    enrolment: Enrolment | None
    turn: Turn | None

    @property
    def offered(self) -> bool:
        return self.turn is not None and self.turn.state == State.OFFERED

    @property
    def learns(self) -> bool:
        """Takes part now, or did to the end: materials stay open."""
        return self.enrolment is not None and self.enrolment.standing in {Standing.ACTIVE, Standing.COMPLETED}

    @property
    def active(self) -> bool:
        return self.enrolment is not None and self.enrolment.standing == Standing.ACTIVE

    @property
    def seated(self) -> bool:
        """Whether a place comes free where they give theirs back; one above the number frees none."""
        return self.offered or (self.enrolment is not None and self.active and self.enrolment.seated)

    @property
    def arranged(self) -> str:
        """Whom to tell instead of giving the place back, in a sentence; nothing where it is the person's to give."""
        return line.arranged(self.enrolment) if self.enrolment is not None and self.active else ""


def may_read(user: User, person: Person, course: Opportunity) -> bool:
    """Whether the reader may know how the person stands to this course."""
    return not course.telling or may_see_sensitive(user, person)


def _leaving(request: HttpRequest, pk: UUID) -> Ending | None:
    """Giving a place back, letting an offered one go, or waiting no longer."""
    course, user, wish = line.course_called(pk), user_of(request), request.POST.get("do", "")
    person = _person(request, user)
    stands = _stands(person, course, user) if person is not None else None
    if stands is None or not may_read(user, stands.person, course):
        return None
    if not ((wish == "decline" and stands.turn) or (wish == "leave" and stands.active and not stands.arranged)):
        return None
    said = {"course": name_of(course), "person": stands.person.full_name}
    if stands.turn is not None and wish == "decline" and not stands.offered:
        number = line.position(stands.turn)
        title, yes = _("Wait no longer for “%(course)s”?") % said, _("Wait no longer")
        follows = [_("%(person)s leaves the waiting list.") % said]
        if number:
            follows = [_("%(person)s gives up number %(n)s on the waiting list.") % {**said, "n": number}]
        undo = _("Whoever waits again stands at the end of the list.")
    else:
        title, yes = _("Give the place in “%(course)s” back?") % said, _("Give the place back")
        given = line.from_round(stands.enrolment) if stands.enrolment is not None else None
        goes = line.goes_to(course, seated=stands.seated)
        on = _of_round(given, stands, user) if given is not None else to_whom(goes)
        follows = [_("%(person)s has no place in “%(course)s” any more.") % said, *on]
        undo = _(
            "This cannot be taken back: who wants it again asks anew, behind those who wait. What was attended stays."
        )
        if given is not None:
            undo = _("This cannot be taken back. What was attended stays.")
    return Ending(title, follows, undo, yes, request.get_full_path())


def _of_round(given: Result, stands: Standpoint, user: User) -> list[str]:
    """What becomes of a place that a round gave, and of the turns there."""
    on = waits_on(given, deep=stands.own or may_see_sensitive(user, stands.person))
    return [goes_to(given), *([on] if on else [])]


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
@asks_first(_leaving)
def place(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One page for all of it; a worker names the person in the address."""
    course, user = line.course_called(pk), user_of(request)
    person = _person(request, user)
    if person is None:
        return _find(request, course)
    if not may_read(user, person, course):
        said = _("This course says something of health or a disability: ask for the person's explicit consent first.")
        messages.warning(request, said)
        return redirect("people:person", person.pk)
    stands = _stands(person, course, user)
    clashes = [] if stands.active or (stands.turn and not stands.offered) else line.clashes(person, course, user)
    form = _form(request, stands, course, clash=bool(clashes))
    fault = ""
    if request.method == "POST":
        answer = _send(request, stands, course, form)
        if isinstance(answer, HttpResponse):
            return answer
        # As it stands now: who was refused the last place is not told that it is free.
        course = line.course_again(course)
        fault, stands = answer, _stands(person, course, user)
    context = {
        "course": course, "person": person, "own": stands.own, "stands": stands, "form": form, "fault": fault,
        "clashes": [(words.when(one.wanted), name_of(one.other.opportunity), words.when(one.other)) for one in clashes],
        "every": bool(clashes) and line.all_clash(person, course, user), "deep": may_see_sensitive(user, person),
        "position": line.position(stands.turn) if stands.turn and not stands.offered else 0,
        # Where the number of people itself would tell of them, the page says only whether there is a place.
        "few": of_sensitive_kind(course),
        "left": course.places_left, "days": ANSWER_DAYS,
        "open": line.takes_people(course) and line.in_window(course) and not line.in_round(course),
        "back": _back(stands), "given_back": _given_back_until(stands),
        "sessions": _timetable(stands, course),
        "materials": [words.material(row) for row in after.materials_of(course)] if stands.learns else [],
        "answers": bool(stands.own and stands.enrolment and after.may_answer(stands.enrolment)),
        "full": course.places_left == 0 or line.waiting(course) > 0,
    }  # fmt: skip
    return render(request, "learning/place.html", context, status=409 if fault else 200)


def _given_back_until(stands: Standpoint) -> str:
    """Until when a place that its round holds can be taken back there; nothing of another."""
    given = line.from_round(stands.enrolment) if stands.enrolment is not None and stands.active else None
    return moment_words(given.held_until) if given is not None and given.held_until is not None else ""


def _person(request: HttpRequest, user: User) -> Person | None:
    """The person named in the address, through the worker's scope; else the reader's own record."""
    wanted = request.GET.get("person", "")
    if not wanted:
        return own_record(user) if "other" not in request.GET else None
    try:
        key = UUID(wanted)
    except ValueError as error:
        raise Http404("person") from error
    return open_to_act(user, key, Permission.APPLY_FOR_OTHERS, why="course", fields=["identity"])


def _find(request: HttpRequest, course: Opportunity) -> HttpResponse:
    """A worker searches for the person first; whoever may not is told where to turn."""
    user, text = user_of(request), request.GET.get("q", "").strip()
    works = may(user, Permission.APPLY_FOR_OTHERS)
    found = search(user, text) if works and text else []
    return render(request, "learning/find.html", {"course": course, "text": text, "found": found, "works": works})


def _stands(person: Person, course: Opportunity, user: User) -> Standpoint:
    return Standpoint(person, person.user_id == user.pk, line.place_of(person, course), line.turn_of(person, course))


def _form(request: HttpRequest, stands: Standpoint, course: Opportunity, *, clash: bool) -> PlaceForm:
    given = line.agreement_of(stands.person, course)
    sent_now = request.POST if request.method == "POST" else None
    return PlaceForm(
        sent_now, partner=None if given else course.provider, own=stands.own, clash=clash, telling=course.telling
    )


def _send(request: HttpRequest, stands: Standpoint, course: Opportunity, form: PlaceForm) -> HttpResponse | str:
    """The next page, or what is refused ("" where the form says it itself)."""
    user, wish = user_of(request), request.POST.get("do", "")
    leaves = wish in {"leave", "decline"}
    if not leaves and not form.is_valid():
        return ""
    here = request.get_full_path()

    def do() -> str:
        messages.success(request, _do(wish, stands, course, form, user))
        return here

    try:
        return HttpResponseRedirect(once(user=user, token=request.POST.get("once", ""), do=do))
    except UndoneError as refused:
        return str(refused)


def _do(wish: str, stands: Standpoint, course: Opportunity, form: PlaceForm, user: User) -> str:
    """Do what a button says; what was done, in words."""
    if wish in {"take", "wait"}:
        made = actions.take_seat(
            person=stands.person, opportunity=course, by=user, consent=form.consent(), wait=wish == "wait",
            despite=bool(form.cleaned_data.get("despite")),
        )  # fmt: skip
        return _("Enrolled.") if isinstance(made, Enrolment) else _("On the waiting list.")
    if wish == "accept" and stands.turn is not None:
        actions.accept_turn(
            turn=stands.turn, by=user, consent=form.consent(), despite=bool(form.cleaned_data.get("despite"))
        )
        return _("Enrolled.")
    if wish in {"decline", "leave"}:
        return _give_back(wish, stands, course, user)
    raise _changed()


def _give_back(wish: str, stands: Standpoint, course: Opportunity, user: User) -> str:
    if wish == "decline" and stands.turn is not None:
        offered = actions.leave_line(turn=stands.turn, by=user)
        if not stands.offered:
            return _("You wait no longer.")
    elif wish == "leave" and stands.enrolment is not None:
        given = line.from_round(stands.enrolment)
        if given is not None:
            actions.leave_course(enrolment=stands.enrolment, by=user)
            return given_back(Goes.NEXT if goes_on(given) else Goes.NOBODY)
        offered = actions.leave_course(enrolment=stands.enrolment, by=user)
    else:
        raise _changed()
    return given_back(line.goes_to(course, seated=stands.seated, offered=offered))


def _changed() -> LearningError:
    return LearningError("changed", _("This has changed meanwhile. Look at the page as it is now."))


def _timetable(stands: Standpoint, course: Opportunity) -> list[tuple[str, str, str, str]]:
    """Each session with its own attendance: when, the tone and word of how it stands, and a note."""
    marks = after.own_marks(stands.enrolment) if stands.enrolment is not None else {}
    return [(words.when(one), *words.mark(one, marks.get(one.pk)), words.made_up(one)) for one in
            courses.sessions_of(course)]  # fmt: skip


def _back(stands: Standpoint) -> str:
    return reverse("learning:mine") if stands.own else reverse("people:person", args=[stands.person.pk])


@staff(Permission.APPLY_FOR_OTHERS)
@require_GET
def offers(request: HttpRequest) -> HttpResponse:
    """Whom to tell that a place is offered: people without an account, the first day to answer first."""
    page = Paginator(line.offers_to_tell(user_of(request)), PAGE).get_page(request.GET.get("page"))
    line.note_names(user_of(request), page.object_list)
    told = [person for turn in page.object_list if (person := turn.person) is not None]
    numbers = numbers_for(user_of(request), told)
    rows = [
        (person.full_name, numbers[person.pk], str(HIDDEN), turn.answer_by, reverse("people:person", args=[person.pk]))
        if line.hidden(turn) else
        (person.full_name, numbers[person.pk], name_of(turn.opportunity), turn.answer_by,
         reverse("learning:place", args=[turn.opportunity_id]) + f"?person={turn.person_id}")
        for turn in page.object_list
        if (person := turn.person) is not None
    ]  # fmt: skip
    return render(request, "learning/offers.html", {"page": page, "rows": rows})


@signed_in
@require_GET
def first_come(request: HttpRequest) -> HttpResponse:
    """Courses that one may enrol in at once, for oneself or for the person named in the address."""
    user = user_of(request)
    person = _person(request, user)
    page = Paginator(line.open_first_come(), PAGE).get_page(request.GET.get("page"))
    tail = f"?person={person.pk}" if person is not None and person.user_id != user.pk else ""
    rows = [(card(o), reverse("learning:place", args=[o.pk]) + tail) for o in page.object_list]
    return render(request, "learning/first_come.html", {"page": page, "rows": rows, "person": person, "tail": tail})


@staff(Permission.TEACH)
@require_POST
def set_first_come(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The provider says how places are given."""
    user = user_of(request)
    found = courses.open_course(user, pk)
    back = reverse("learning:course", args=[pk])

    def do() -> str:
        actions.set_first_come(opportunity=found, on=request.POST.get("on") == "1", by=user)
        return back

    return sent(request, do, back)
