"""Linking a record to an account: an office asks, the account's owner answers, either may end it."""

import datetime as dt
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.core.fresh import guarded
from okat.city.core.registries import publish
from okat.city.notices.actions import notify
from okat.city.partners.models import Partner
from okat.city.people import queries, rules
from okat.city.people.actions._account import asking, take_told, until
from okat.city.people.actions._locks import lock_person
from okat.city.people.actions._slips import end_unread, holds_no_more
from okat.city.people.actions.telling import tell
from okat.city.people.models import LinkRequest, Person
from okat.city.people.queries.joining import one_human
from okat.city.people.rules import LinkAnswer, PeopleError, told


@action
def ask_link(*, person: Person, user: User | None, partner: Partner, by: User) -> LinkRequest:
    """Ask the account's owner whether the record is theirs. An earlier question about the record is taken back.

    Whoever asks learns nothing of the account before its owner has answered: where there is none, where it is linked
    to another record, or carries another name than the record, the question stands all the same and reaches nobody.
    Raises PeopleError for one's own account, where the record is linked, and where it holds no birth date by which the
    owner can show that it is theirs.
    """
    person = lock_person(person)
    if user == by:
        raise PeopleError("own_account", _("Somebody else links your own account."))
    if person.user_id is not None:
        raise PeopleError("account", _("This account or this record is linked already."))
    if person.birth_first is None:
        raise PeopleError(
            "birth", _("Write the birth date into the record first: by it the account's owner shows that it is theirs.")
        )
    user = user if user is not None and _may_be_asked(person, user) else None
    for earlier in LinkRequest.objects.filter(person=person, answered_at=None):
        _answered(earlier, LinkAnswer.RECALLED, by)
    asked = LinkRequest(person=person, user=user, partner=partner, by=by, asked_at=clock.now())
    asked.save()
    audit.record(by=by, verb="people.ask_link", subject=person, partner=partner.code)
    names = {"partner_th": partner.th, "partner_en": partner.en}
    if user is not None:
        names["about"] = str(asked.pk)
        notify(users=[user], kind="people.link_asked", params=names, url=reverse("people:mine-links"), by=by)
    return asked


@action
def recall_link(*, asked: LinkRequest, by: User) -> None:
    """The question was a mistake."""
    fresh = _open(asked)
    _answered(fresh, LinkAnswer.RECALLED, by)
    audit.record(by=by, verb="people.recall_link", subject=fresh.person, partner=fresh.partner.code)


@action
@guarded
def answer_link(*, asked: LinkRequest, yes: bool, birth: dt.date | None, by: User) -> LinkAnswer:
    """The owner's answer. Whoever says yes shows by the name and the birth date that the record is their own, and who
    works for a partner has a second factor: a date that differs closes the question. The person hears of a yes by
    telephone or on paper, not only in the account that opens the record from now on. Raises PeopleError."""
    fresh = _open(asked)
    if fresh.user_id != by.pk:
        raise PeopleError("not_asked", _("Another account was asked."))
    answer = LinkAnswer.NO
    if yes:
        _refuse_linked(fresh.person, by)
        answer = LinkAnswer.YES if _own(fresh.person, by, birth) else LinkAnswer.DIFFERS
    if answer is LinkAnswer.YES:
        # Before the account is theirs: told there alone, nobody would hear of a wrong account.
        tell(people=[fresh.person], kind="people.linked", by=by)
        link_account(person=fresh.person, user=by, by=by)
    _answered(fresh, answer, by)
    audit.record(
        by=by, verb="people.answer_link", subject=fresh.person, partner=fresh.partner.code, reason=answer.value
    )
    if fresh.by is not None:
        kind = "people.link_yes" if answer is LinkAnswer.YES else "people.link_no"
        notify(users=[fresh.by], kind=kind, url=reverse("people:person", args=[fresh.person_id]), by=by)
    return answer


@action
@guarded
def link_account(*, person: Person, user: User, by: User) -> Person:
    """Let an account open the person's own record; its owner has said so. Raises PeopleError when either is linked."""
    person = lock_person(person)
    _refuse_linked(person, user)
    person.user = user
    person.save(update_fields=["user", "updated_at"])
    publish("person.account", person=person, user=user, by=by)
    audit.record(by=by, verb="people.link_account", subject=person, fields=["user"])
    return person


@action
@guarded
def unlink_account(*, person: Person, by: User, partner: Partner | None = None) -> None:
    """The account no longer opens the record, which stays with its offices. Owner and office are told. What the account
    was told of the record goes with it; what waits for an answer reaches the person another way."""
    person = lock_person(person)
    user = person.user
    person.user = None
    person.save(update_fields=["user", "updated_at"])
    holds_no_more(one_human(person.pk), told.UNLINKED, by)
    for row in take_told(one_human(person.pk), by=by):
        about = row.params.get("about")
        tell(
            people=[person], kind=row.kind, until=until(row), about=UUID(str(about)) if about else None, by=by
        )  # fmt: skip
    audit.record(
        by=by, verb="people.unlink_account", subject=person, fields=["user"], partner=partner.code if partner else ""
    )
    if user is None:
        return
    publish("person.account", person=person, user=user, by=by)
    notify(users=[user], kind="people.unlinked", url=reverse("people:mine"), by=by)
    if user == by:
        page = reverse("people:person", args=[person.pk])
        asked = LinkRequest.objects.filter(person=person, user=user, answer=LinkAnswer.YES).select_related("by").first()
        whom = person.responsible or (asked.by if asked is not None else None)
        notify(users=[whom] if whom else [], kind="people.unlinked_by_owner", url=page, by=by)


def _may_be_asked(person: Person, user: User) -> bool:
    named = rules.same_name(user.name, person.given, person.family)
    return named and not Person.objects.filter(user=user).exists()


def _refuse_linked(person: Person, user: User) -> None:
    taken = Person.objects.filter(user=user).exclude(pk=person.pk).exists()
    if taken or (person.user_id is not None and person.user_id != user.pk):
        raise PeopleError("account", _("This account or this record is linked already."))


def _own(person: Person, user: User, birth: dt.date | None) -> bool:
    """Of a record that knows the year or the month alone, a day within it is enough, unless the account has a role."""
    works = queries.works_for_a_partner(user)
    if works and not user.second_factor:
        raise PeopleError("second_factor", _("Set up a second factor first: you work with other people's records."))
    first, last = person.birth_first, person.birth_last
    if birth is None or first is None or last is None or not first <= birth <= last or (works and first != last):
        return False
    return rules.same_name(user.name, person.given, person.family)


def _open(asked: LinkRequest) -> LinkRequest:
    """Locked, and the person before it, as `ask_link` does: so the two never wait for each other."""
    person = lock_person(LinkRequest.objects.select_related("person").get(pk=asked.pk).person)
    rows = LinkRequest.objects.select_for_update(of=("self",), no_key=True).select_related("partner", "by")
    fresh = rows.get(pk=asked.pk)
    fresh.person = person
    if fresh.answered_at is not None:
        raise PeopleError("answered", _("This question was answered or taken back in the meantime."))
    return fresh


def _answered(asked: LinkRequest, answer: LinkAnswer, by: User) -> None:
    """Nobody is asked any more, and no message says so."""
    asked.answered_at, asked.answer = clock.now(), answer
    asked.save(update_fields=["answered_at", "answer"])
    end_unread(asking([asked]), by)
