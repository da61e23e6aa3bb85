from typing import Any
from uuid import UUID

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "okat.city.jobs"
    label = "jobs"

    def ready(self) -> None:
        from okat.city.core import registries
        from okat.city.core.in_use import IN_USE
        from okat.city.core.merging import Column, Repoint
        from okat.city.jobs.actions._handover import register as register_holdings
        from okat.city.jobs.actions.office import JobImporter
        from okat.city.jobs.queries import employers, hires, ways
        from okat.city.jobs.queries.seeking import OF_PERSON
        from okat.city.jobs.rules import in_use
        from okat.city.jobs.rules.told import TOLD
        from okat.city.notices.rules import GROUPS, KINDS, Kind
        from okat.city.people.queries.importing import IMPORTERS

        registries.tell(TOLD)
        IN_USE.register("jobs", in_use.IN_USE)
        IMPORTERS.register("jobs", JobImporter())
        registries.TASKS.register("jobs", employers.tasks)
        registries.FIGURES.register("jobs.candidates", employers.candidates)
        registries.FIGURES.register("jobs.employers", hires.of_employers)
        registries.FIGURES.register("jobs.courses", hires.of_courses)
        registries.FIGURES.register("jobs.ways", ways.counted)
        registries.PANELS.register("jobs", _panel)
        registries.ALONG.register("jobs", OF_PERSON)
        registries.HANDLERS.register("case.active/jobs", _active)
        registries.HANDLERS.register("case.ended/jobs", _ended)
        registries.HANDLERS.register("place.released/jobs", _released)
        stated = Column("jobs.StatedSkill", unique=("skill",))
        registries.MERGE.register("jobs", Repoint((stated, Column("jobs.Hire"))))
        register_holdings()
        registries.LIFE.register("jobs", registries.Life(_going, _end_life, _resume))
        registries.ERASE.register("jobs", _erase)
        registries.EXPORT.register("jobs", _export)
        registries.OFFERS.register("jobs", _offer)
        for name, text in {
            "candidates": _("An employer asks you for candidates."),
            "talk": _("A young person would like to talk about work."),
            "hired": _("Somebody started at “%(title)s”. Say what was agreed."),
            "answered": _("%(partner)s answered you: %(answer)s"),
        }.items():
            KINDS.register(f"jobs.{name}", Kind(text))
        GROUPS.register("jobs", _("Jobs"))


def _offer(user: Any, opportunity: Any) -> Any:
    from okat.city.jobs.views.words import beside

    return beside(opportunity)


def _panel(user: Any, person: Any) -> Any:
    from okat.city.jobs.views.seeking import panel

    return panel(user, person)


def _active(**values: Any) -> None:
    """A placement began; those in a job open a hire."""
    from okat.city.jobs.actions import open_hire
    from okat.city.jobs.queries.ways import JOBS

    job = values["opportunity"]
    if job is not None and values["person"] is not None and job.kind in JOBS:
        open_hire(case=values["case"], by=values["by"])


def _ended(**values: Any) -> None:
    from okat.city.cases.rules import State
    from okat.city.jobs.actions import end_hire
    from okat.city.jobs.queries.ways import JOBS

    job = values["opportunity"]
    if values["case"].state == State.LEFT and job is not None and job.kind in JOBS:
        end_hire(case=values["case"], by=values["by"])


def _released(**values: Any) -> None:
    """A place from a round ends, and the work that its case led to, wherever that case stands by now."""
    from okat.city.cases.models import Case
    from okat.city.jobs.actions import end_hire

    for case in Case.objects.filter(reference=values["application"].pk, hire__ended_on=None, hire__isnull=False):
        end_hire(case=case, by=values["by"])


def _going(person: UUID) -> Any:
    from okat.city.jobs.queries.living import going

    return going(person)


def _end_life(**values: Any) -> list[str]:
    from okat.city.jobs.actions.living import end_work

    return end_work(**values)


def _resume(**values: Any) -> list[str]:
    from okat.city.jobs.actions.living import resume_work

    return resume_work(**values)


def _erase(person: UUID) -> int:
    from okat.city.accounts.queries import system_user
    from okat.city.jobs.actions import erase_work
    from okat.city.people.queries.joining import one_human

    return sum(erase_work(person=pk, by=system_user()) for pk in one_human(person))


def _export(person: UUID) -> Any:
    from okat.city.jobs.queries.hires import export

    return export(person)
