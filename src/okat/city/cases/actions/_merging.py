"""What a merge does to cases: all of them are of the kept record; two about the same thing are shown as such."""

from uuid import UUID

from django.db.models import Value
from django.utils.translation import gettext as _

from okat.city.cases.actions._owner import ask_by_office
from okat.city.cases.models import Case
from okat.city.cases.queries.desk import twice
from okat.city.cases.queries.record import title
from okat.city.cases.rules import OPEN_STATES
from okat.city.core.merging import Changes, Column, Repoint, Sealed

COLUMNS = (Column("cases.Case"),)
SEALED = (
    Sealed("cases.Case", "goal_sealed"),
    Sealed("cases.Referral", "note_sealed", "case__person"),
    Sealed("cases.FollowUp", "note_sealed", "case__person"),
    Sealed("cases.Goal", "text_sealed", "case__person"),
)


class CasesMerge(Repoint):
    def back(self, gone: UUID, keep: UUID, moved: Changes) -> None:
        """The account went back to its record before; what was offered meanwhile may stay with the other."""
        super().back(gone, keep, moved)
        ask_by_office((gone, keep))

    def foretell(self, gone: UUID, keep: UUID, *, deep: bool) -> list[str]:
        rows = list(
            Case.objects.filter(person__in=(gone, keep), state__in=OPEN_STATES)
            .select_related("opportunity", "need")
            .annotate(deep=Value(deep))
        )
        same = twice(rows)
        found = dict.fromkeys(title(case) for case in rows if case.pk in same)
        return [_("Two open cases about “%(title)s” will stand side by side: end one.") % {"title": t} for t in found]
