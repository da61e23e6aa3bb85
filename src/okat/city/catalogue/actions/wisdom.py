"""Holders of local wisdom: who can teach what, and whether they agreed to be named."""

from collections.abc import Mapping
from typing import Any

from okat.city.accounts.models import User
from okat.city.catalogue.models import Wisdom
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.core.kept import forget
from okat.city.partners.models import Partner
from okat.city.partners.queries import check_stay
from okat.city.people.actions import keep_wording
from okat.city.people.rules import How
from okat.city.people.rules.wording import Words


@action
def keep_holder(*, partner: Partner, values: Mapping[str, Any], by: User, holder: Wisdom | None = None) -> Wisdom:
    """Write a holder whom `partner` knows; without `holder` a new one. `values` are fields of the model but for the
    consent, which has actions of its own."""
    check_stay(partner.pk)
    kept = holder or Wisdom(partner=partner)
    for name, value in values.items():
        setattr(kept, name, value)
    kept.save()
    forget("catalogue")
    audit.record(by=by, verb="catalogue.holder", subject=kept, fields=values, partner=partner.code)
    return kept


@action
def name_holder(*, holder: Wisdom, how: How, by: User, words: Words | None = None) -> Wisdom:
    """The holder agreed, today, to be named in public, in these words; agreeing twice leaves the first day."""
    kept = Wisdom.objects.select_for_update(of=("self",), no_key=True).get(pk=holder.pk)
    if not kept.named:
        kept.consent, kept.consent_how, kept.consent_on, kept.withdrawn_on = True, how, clock.today(), None
        kept.words_id = keep_wording(words=words, by=by) if words is not None else None
        kept.terms = words.version if words is not None else ""
        kept.save(update_fields=["consent", "consent_how", "consent_on", "withdrawn_on", "words", "terms"])
        forget("catalogue")
    audit.record(by=by, verb="catalogue.name_holder", subject=kept, fields=["consent"], reason=how)
    return kept


@action
def hide_holder(*, holder: Wisdom, by: User) -> Wisdom:
    """The holder withdrew the consent: the name leaves every public page at once, also as a teacher."""
    kept = Wisdom.objects.select_for_update(of=("self",), no_key=True).get(pk=holder.pk)
    if kept.named:
        kept.withdrawn_on = clock.today()
        kept.save(update_fields=["withdrawn_on"])
        kept.teaches.clear()
        forget("catalogue")
    audit.record(by=by, verb="catalogue.hide_holder", subject=kept, fields=["consent"])
    return kept
