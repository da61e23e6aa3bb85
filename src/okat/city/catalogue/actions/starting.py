"""A draft from a suggestion: what was asked for, where, for how many, and what it needs from partners."""

from decimal import Decimal

from django.utils.translation import gettext as _

from okat.city.accounts.models import User
from okat.city.catalogue.actions.one import write
from okat.city.catalogue.actions.sharing import seek
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.queries.unmet import area_of, need_called
from okat.city.catalogue.rules import FAMILIES, CatalogueError, Family, Fault, Kind
from okat.city.catalogue.rules.access import answered, merged, token
from okat.city.catalogue.rules.rows import OpportunityRow
from okat.city.catalogue.rules.unmet import KIND_FOR, Suggestion
from okat.city.core import audit
from okat.city.core.action import action
from okat.city.partners.models import Partner
from okat.city.taxonomy.models import Term, Vocabulary
from okat.city.taxonomy.queries import words
from okat.city.taxonomy.rules import Answer


@action
def start_draft(*, suggestion: Suggestion, partner: Partner, by: User) -> Opportunity:
    """Write a draft for the partner: need, area, as many places as asks, the formats that they need as
    questions still to be answered, and the hours of teacher and room as what is looked for. Raises CatalogueError."""
    one, need, area = suggestion, need_called(suggestion.need), area_of(suggestion.area)
    if need is None or area is None:
        raise CatalogueError(Fault("need", _("This suggestion does not stand any more.")))
    kind = _kind(need)
    row = OpportunityRow(
        provider=partner.code, area=area.code, kind=kind.value, title_th=f"{need.th} {area.th}",
        title_en=f"{need.en}, {area.en or area.th}", needs=(need.code,), capacity=one.asks,
        hours=one.hours if kind in FAMILIES[Family.LEARN] else None, access=_asked(one),
    )  # fmt: skip
    made = write(row=row, by=by)
    terms = {term.code: term for term in words().by_id.values() if term.vocabulary == Vocabulary.RESOURCE}
    for code in ("teacher-hours", "room-hours"):
        if code in terms and row.hours:
            amount = Decimal(row.hours)
            seek(opportunity=made, resource=terms[code], unit="hour", amount=amount, note="", by=by)
    audit.record(by=by, verb="catalogue.start_draft", subject=made, fields=["all"], partner=partner.code)
    return made


def _kind(need: Term) -> Kind:
    above = words().by_id.get(need.parent_id or 0)
    return KIND_FOR.get(need.code) or (KIND_FOR.get(above.code) if above else None) or Kind.SERVICE


def _asked(one: Suggestion) -> dict[str, dict[str, str]]:
    """What was asked for stands as `ask first` until the partner answers; abilities ask for several formats."""
    stages = words().stages()
    tokens = [token(stage, code) for code in one.named for stage in stages.get(code, ())]
    return merged(answered(*tokens, answer=Answer.ASK))
