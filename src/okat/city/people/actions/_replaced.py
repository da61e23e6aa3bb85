"""What was agreed anew while two records were one was agreed in place of what both had said: once they are two again
each keeps that word as its own."""

from collections.abc import Sequence
from uuid import UUID

from okat.city.core.ids import new_id
from okat.city.people.actions._build import consent_grant
from okat.city.people.models import Consent, Grant, Person
from okat.city.people.rules import Purpose

Chain = list[Consent]  # what was said, and each word that took its place, the last one in force


def keep_own_words(side: Sequence[UUID], other: Sequence[UUID]) -> None:
    """`side` are the records that are one human again, the kept one first. Where a word of theirs was replaced by one
    that stays with the `other`, they get it as a consent of their own, which reaches no further than what they had
    said themselves. What was withdrawn stays withdrawn."""
    found: dict[tuple[str, int], list[Chain]] = {}
    for row in Consent.objects.filter(person__in=side, replaced_by__person__in=other).order_by("at", "id"):
        chain = _followed(row)
        if chain[-1].withdrawn_at is None and chain[-1].person_id in other:
            found.setdefault((row.purpose, row.recipient_id), []).append(chain)
    for (purpose, recipient), chains in found.items():
        standing = Consent.objects.filter(person__in=side, purpose=purpose, recipient=recipient, withdrawn_at=None)
        if not standing.exists():
            _say_again(side, chains)


def _say_again(side: Sequence[UUID], chains: list[Chain]) -> None:
    chain = max(chains, key=_deep)
    end, deep = chain[-1], _deep(chain)
    said = end if end.sensitive == deep else next(one for one in reversed(chain) if not one.sensitive)
    # No photo of the other record; the witness's name is sealed anew with what goes back (`part_records`).
    made = Consent(
        id=new_id(), person=Person.objects.get(pk=side[0]), purpose=said.purpose, recipient=said.recipient,
        sensitive=deep, how=said.how, terms=said.terms, words_id=said.words_id, by=said.by, at=said.at,
        witness_sealed=said.witness_sealed,
    )  # fmt: skip
    made.save(force_insert=True)
    Consent.objects.filter(pk__in=[one[0].pk for one in chains]).update(replaced_by=made)
    Grant.objects.filter(person__in=side, consent=end, ended_at=None).update(consent=made, sensitive=deep)
    if made.purpose == Purpose.CARE:
        consent_grant(made).save(force_insert=True)


def _deep(chain: Chain) -> bool:
    return all(one.sensitive for one in chain)


def _followed(row: Consent) -> Chain:
    chain = [row]
    while chain[-1].replaced_by_id is not None:
        chain.append(Consent.objects.select_related("recipient").get(pk=chain[-1].replaced_by_id))
    return chain
