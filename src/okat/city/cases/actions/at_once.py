"""What a worker does while the person sits beside them: offer, hear the yes, and refer, all or nothing."""

from okat.city.accounts.models import User
from okat.city.cases.actions.referral import accept, propose
from okat.city.cases.actions.sending import refer
from okat.city.cases.models import Referral
from okat.city.cases.rules import State
from okat.city.catalogue.models import Opportunity
from okat.city.core.action import action
from okat.city.partners.models import Partner
from okat.city.partners.queries import check_stay
from okat.city.people.models import Person
from okat.city.taxonomy.models import Term


@action
def refer_at_once(
    *, person: Person, partner: Partner, to: Partner, by: User, opportunity: Opportunity | None = None,
    need: Term | None = None, goal: str = "", note: str = "",
) -> Referral:  # fmt: skip
    """Open a case of `partner`, accept for the person and refer it to `to`. Raises CaseError, and writes nothing,
    without consent or where a case about the same thing already stands elsewhere."""
    check_stay(partner.pk, to.pk)
    case = propose(person=person, partner=partner, opportunity=opportunity, need=need, goal=goal, by=by)
    if case.stage is State.OFFERED:
        case = accept(case=case, by=by)
    return refer(case=case, to=to, note=note, by=by)
