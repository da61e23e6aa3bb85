from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.apps import AppConfig


class LearningConfig(AppConfig):
    name = "okat.city.learning"
    label = "learning"

    def ready(self) -> None:
        from django.db.models import Exists, F, OuterRef
        from django.utils.text import format_lazy
        from django.utils.translation import gettext_lazy as _

        from okat.city.catalogue.queries.sessions import CALLED_OFF
        from okat.city.core import registries
        from okat.city.core.ending import CONSENT_FOLLOWS
        from okat.city.core.in_use import IN_USE
        from okat.city.learning.actions._handover import register as register_holdings
        from okat.city.learning.actions._merging import COLUMNS, SEALED, LearningMerge
        from okat.city.learning.models import Attendance
        from okat.city.learning.queries.after import opinion
        from okat.city.learning.queries.desk import tasks
        from okat.city.learning.queries.proofs import OF_PERSON
        from okat.city.learning.queries.recognising import pictures_open_to
        from okat.city.learning.rules import after, in_use, line, timetable
        from okat.city.learning.rules.told import TOLD
        from okat.city.notices.rules import GROUPS, KINDS, NEWS, Kind
        from okat.city.people.rules import EvidenceKind

        IN_USE.register("learning", in_use.IN_USE)
        registries.FIGURES.register("learning.opinion", opinion)
        CONSENT_FOLLOWS.register("learning", _follows)
        registries.tell({**TOLD, **line.TOLD, **timetable.TOLD, **after.TOLD})
        for name in ("at", "reason"):
            CALLED_OFF.register(name, F(f"called_off__{name}"))
        CALLED_OFF.register("marked", Exists(Attendance.objects.filter(session=OuterRef("pk"))))
        registries.MERGE.register("learning", LearningMerge(COLUMNS, SEALED))
        registries.TASKS.register("learning", tasks)
        registries.OFFERS.register("learning", _offer)
        registries.FILES.register(EvidenceKind.DOCUMENT, pictures_open_to)
        register_holdings()
        registries.CONCERNED.register("learning", _concerned)
        life = registries.Life(_going, _end_life, _resume, offices=_offices, courses=_courses)
        registries.LIFE.register("learning", life)
        registries.ERASE.register("learning", _erase)
        registries.EXPORT.register("learning", _export)
        registries.PANELS.register("learning", _panel)
        registries.ALONG.register("learning", OF_PERSON)
        registries.CITY.register("11 learning", _load_city)
        for event, handler in {
            "case.active": _active,
            "case.ended": _ended,
            "place.released": _released,
            "person.account": _account,
            "opportunity.cancelled": _cancelled,
            "session.called_off": _called_off,
            "session.reinstated": _reinstated,
            "sessions.changed": _changed,
            "place.accepting": _accepting,
            "opportunity.closed": _closed,
            "opportunities.changed": _places_changed,
            "opportunities.handed_over": _handed_over,
        }.items():
            registries.HANDLERS.register(f"{event}/learning", handler)
        texts = {
            "called_off": _("A session of “%(title)s” was called off: %(reason)s"),
            "reinstated": _("A session of “%(title)s” that was called off takes place after all: %(when)s"),
            "moved": _("Sessions of “%(title)s” have moved: %(changes)s"),
            "taken_out": _("Sessions of “%(title)s” do not take place: %(changes)s"),
            # Told before each change had words of its own; what was told then stays readable.
            "pass_on": _("“%(title)s”: %(what)s. Tell those whom you look after; they have no account."),
            "planned": _("New sessions of “%(title)s” are in the timetable."),
            "make_up": _("“%(title)s”: a session that you missed or that was called off is made up on %(day)s."),
            "turn_offered": _("A place in “%(title)s” has come free. Look until which day to answer."),
            "turn_expired": _("The place in “%(title)s” was not answered in time and went to the next person."),
            "turn_unfit": _(
                "A place in “%(title)s” came free, but its condition is not met any more. Ask about others."
            ),
            "line_closed": _("“%(title)s” takes nobody new. You keep your turn: what comes free still goes to you."),
            "turn_over": _("“%(title)s” takes nobody any more. The waiting list has ended."),
            "turn_cancelled": _("“%(title)s” does not take place: %(reason)s. The waiting list has ended."),
            "course_cancelled": _("“%(title)s”, in which you have a place, does not take place: %(reason)s"),
            "place_ended": _("A learner’s place in “%(title)s” has ended. Look at who takes part now."),
            "handed_over": _("“%(title)s” goes on: %(partner)s gives it from now on, in the place of %(before)s."),
            "request_handed_over": _(
                "%(partner)s reads your request for recognition from now on, in the place of %(before)s."
                " You may withdraw it."
            ),
            "issued": _("Your certificate of “%(title)s” is ready."),
            "recognised": _("Your request for recognition is decided."),
            "revoked": _("Your certificate of “%(title)s” was taken back. Ask the provider why."),
        }
        for name, text in texts.items():
            plain, binding = timetable.PLAIN.get(name, NEWS), name in timetable.BINDING
            KINDS.register(f"learning.{name}", Kind(text, plain=plain, binding=binding))
        for name in timetable.PASSED_ON:
            KINDS.register(f"learning.{name}_for", Kind(format_lazy("{} · {}", texts[name], timetable.PASS_ON)))
        GROUPS.register("learning", _("Courses"))


def _concerned(opportunities: Iterable[UUID]) -> Iterable[UUID]:
    from okat.city.learning.queries import line

    return line.concerned(opportunities)


def _offices(person: UUID) -> Iterable[int]:
    from okat.city.learning.queries.living import offices

    return offices(person)


def _courses(person: UUID) -> Iterable[UUID]:
    from okat.city.learning.queries.living import courses

    return courses(person)


def _going(person: UUID) -> Any:
    from okat.city.learning.queries.living import going

    return going(person)


def _end_life(**values: Any) -> list[str]:
    from okat.city.learning.actions.living import end_learning

    return end_learning(**values)


def _resume(**values: Any) -> list[str]:
    from okat.city.learning.actions.living import resume_learning

    return resume_learning(**values)


def _active(**values: Any) -> None:
    """A placement began; those that are courses open a place."""
    from okat.city.learning.actions import enrol
    from okat.city.learning.queries.courses import LEARNING

    course, person = values["opportunity"], values["person"]
    if course is not None and person is not None and course.kind in LEARNING:
        enrol(person=person, opportunity=course, case=values["case"], by=values["by"])


def _ended(**values: Any) -> None:
    """However the case left, its place ends; not where it was completed: the certificate is still to come. Places of a
    course that does not take place end together (_cancelled)."""
    from okat.city.cases.rules import State
    from okat.city.catalogue.rules import Status
    from okat.city.learning.actions import end
    from okat.city.learning.queries.courses import LEARNING

    course = values["opportunity"]
    if values["case"].state == State.COMPLETED or course is None or course.status == Status.CANCELLED:
        return
    if course.kind in LEARNING:
        end(case=values["case"], by=values["by"])


def _account(*, person: Any, user: Any, by: Any) -> None:
    """Another account opens the record from now on, or none does: what the one before showed to others ends."""
    from okat.city.learning.actions import end_links
    from okat.city.learning.queries.passport import has_links

    if has_links(person):
        end_links(person=person, by=by)


def _released(**values: Any) -> None:
    """A place from a round ends, and the place in the course that its case led to, wherever that case stands by now."""
    from okat.city.cases.models import Case
    from okat.city.learning.actions import end
    from okat.city.learning.rules import Standing

    led = Case.objects.filter(reference=values["application"].pk, enrolments__standing=Standing.ACTIVE)
    for case in led.distinct():
        end(case=case, by=values["by"])


def _cancelled(**values: Any) -> None:
    from okat.city.learning.actions import cancel_course

    cancel_course(opportunity=values["opportunity"], by=values["by"])


def _accepting(**values: Any) -> None:
    """People take places of a round: not where nothing of it could be attended."""
    from django.utils.translation import gettext as _

    from okat.city.core.registries import RefusedError
    from okat.city.learning.queries import line

    taking = values["taking"]
    for person, _course in line.cannot_attend(taking, values["by"]):
        said = _("Every session is at the time of another course of yours. Leave that one first.")
        raise RefusedError(said if len(taking) == 1 else f"{person.full_name}: {said}")


def _closed(**values: Any) -> None:
    from okat.city.learning.actions import tell_closed

    tell_closed(opportunity=values["opportunity"], by=values["by"])


def _handed_over(**values: Any) -> None:
    from okat.city.learning.actions import tell_handed_over

    tell_handed_over(opportunities=values["opportunities"], before=values["before"], by=values["by"])


def _places_changed(**values: Any) -> None:
    from okat.city.learning.actions import offer_added

    offer_added(opportunities=values["opportunities"], by=values["by"])


def _called_off(**values: Any) -> None:
    from okat.city.learning.actions import cancel_session

    cancel_session(session=values["session"], reason=values["reason"], by=values["by"])


def _follows(consent: Any, deep: bool) -> list[str]:
    from okat.city.learning.views.ending import consent_follows

    return consent_follows(consent, deep)


def _reinstated(**values: Any) -> None:
    from okat.city.learning.actions import reinstate_session
    from okat.city.learning.queries.timetable import stands_instead

    instead = [one.pk for one in stands_instead(values["session"])]
    reinstate_session(session=values["session"], drop=instead, by=values["by"])


def _changed(**values: Any) -> None:
    from okat.city.learning.actions import follow_changes

    follow_changes(**values)


def _load_city(*, city: Any, by: Any) -> str:
    """The city folder's instruments of assessment, which have the form of questionnaires."""
    from okat.city.people.actions import load_questionnaires

    folder = city.folder / "assessments"
    found = load_questionnaires(folder=folder, by=by) if folder.is_dir() else []
    return f"{len(found)} assessments"


def _export(person: UUID) -> Any:
    from okat.city.learning.queries import proofs, recognising

    return {**proofs.export(person), "recognitions": recognising.export(person)}


def _panel(user: Any, person: Any) -> Any:
    from okat.city.learning.views.mine import panel

    return panel(user, person)


def _offer(user: Any, opportunity: Any) -> Any:
    from okat.city.learning.views.offer import panel

    return panel(user, opportunity)


def _erase(person: UUID) -> int:
    from okat.city.accounts.queries import system_user
    from okat.city.learning.actions import erase_learning
    from okat.city.people.queries.joining import one_human

    return sum(erase_learning(person=pk, by=system_user()) for pk in one_human(person))
