"""Jobs and training places from an office's table: what the catalogue reads, and the columns about work."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from okat.city.accounts.models import User
from okat.city.catalogue.actions import OpportunityImporter
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.rules.listed import Ready
from okat.city.catalogue.rules.rows import OpportunityRow
from okat.city.jobs.actions.work import describe_many, take_back
from okat.city.jobs.rules import HOURS_OF_A_WEEK
from okat.city.jobs.rules.rows import WorkRow
from okat.city.people.models import ImportBatch
from okat.city.people.queries.importing import row_error
from okat.city.taxonomy.models import Vocabulary
from okat.city.taxonomy.queries import wording_key, words
from okat.files.office import ParsedRow, RowError, listed


class JobImporter(OpportunityImporter):
    """Registered for the kind `jobs`: all columns of opportunities, and those about work."""

    def beside(self, rows: Sequence[tuple[ParsedRow, OpportunityRow]]) -> tuple[Mapping[int, Any], Sequence[RowError]]:
        reader = _Words()
        read = {parsed.number: reader.read(parsed) for parsed, _row in rows}
        return {number: row for number, row in read.items() if row.says_something}, reader.errors

    def write(self, ready: Sequence[Ready], batch: ImportBatch, by: User) -> int:
        done = super().write(ready, batch, by)
        said = {row.key: row.beside for row in ready if isinstance(row, OpportunityRow) and row.beside is not None}
        kept = Opportunity.objects.filter(provider=batch.partner, row_key__in=said).order_by()
        describe_many(rows=[(pk, said[key]) for pk, key in kept.values_list("pk", "row_key")], by=by)
        return done

    def undo(self, batch: ImportBatch, by: User) -> tuple[int, int]:
        touched = list(Opportunity.objects.filter(import_batch=batch.pk).order_by("pk").values_list("pk", flat=True))
        counts = super().undo(batch, by)
        still = Opportunity.objects.filter(import_batch=batch.pk).values_list("pk", flat=True)
        take_back(opportunities=sorted(set(touched) - set(still)), by=by)
        return counts


class _Words:
    """The city's words by every way of writing them."""

    def __init__(self) -> None:
        self.errors: list[RowError] = []
        self.known = {each: words().by_wording(each) for each in (Vocabulary.SKILL, Vocabulary.OCCUPATION)}

    def read(self, parsed: ParsedRow) -> WorkRow:
        said = parsed.values
        hours = said.get("week_hours")
        if hours is not None and not 0 < hours <= HOURS_OF_A_WEEK:
            thai, english = "หนึ่งสัปดาห์มี 168 ชั่วโมง กรุณาแก้", "a week has 168 hours; mend the number"
            self.errors.append(row_error(parsed.number, "week_hours", "week_hours", thai, english))
        named = [str(said.get("occupation") or "")]
        return WorkRow(
            occupation=next(iter(self._codes(parsed, "occupation", named, Vocabulary.OCCUPATION)), ""),
            needed=self._codes(parsed, "skills_needed", said.get("skills_needed", ()), Vocabulary.SKILL),
            taught=self._codes(parsed, "skills_taught", said.get("skills_taught", ()), Vocabulary.SKILL),
            hours=hours, lodging=str(said.get("lodging") or ""), strength=str(said.get("strength") or ""),
            lodging_contact=str(said.get("lodging_contact") or ""),
        )  # fmt: skip

    def _codes(self, parsed: ParsedRow, field: str, said: Iterable[str], vocabulary: Vocabulary) -> tuple[str, ...]:
        found, known = [], self.known[vocabulary]
        for word, code in listed(filter(None, said), lambda text: known.get(wording_key(text))).items():
            if code is None:
                thai = f"เมืองยังไม่มีคำว่า “{word}” กรุณาใช้คำในหน้า “ทักษะและรหัส” หรือเพิ่มคำนี้ที่นั่นก่อน"
                english = f"the city has no word “{word}”; use one of the page “Skills and their codes”"
                self.errors.append(row_error(parsed.number, field, "word_unknown", thai, english))
            else:
                found.append(code)
        return tuple(dict.fromkeys(found))
