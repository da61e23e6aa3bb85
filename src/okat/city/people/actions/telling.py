"""Telling persons, by the way that reaches each: their account, a confirmed telephone, else a slip of paper and
somebody who brings it.
"""

import datetime as dt
import secrets
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.core import audit, clock, crypto, outbox
from okat.city.core.action import action
from okat.city.core.ids import new_id
from okat.city.core.limits import DAY, tallied, tally
from okat.city.notices.actions import notify
from okat.city.notices.queries import out_of_reach
from okat.city.notices.rules import KINDS, NIGHT, awake
from okat.city.partners.models import Partner
from okat.city.people.actions._locks import lock_person
from okat.city.people.actions._slips import bring_no_more, make_slips, outdate_slips, unsay
from okat.city.people.models import Person, PhoneCheck, Slip
from okat.city.people.queries.contact import may_contact
from okat.city.people.queries.telling import phones_of, told_lately
from okat.city.people.rules import LIVING, PeopleError

CODE_MINUTES, CODE_TRIES = 15, 5
TRIES_A_DAY = 10  # wrong digits for one number, whatever code they were for


@action
def tell(
    *, people: Iterable[Person], kind: str, params: Mapping[str, object] | None = None, url: str = "",
    until: dt.date | None = None, about: UUID | None = None, paper: bool = True, by: User | None,
) -> int:  # fmt: skip
    """As `notify`, but to persons: those without an account, or whom no channel reaches beside it, get an SMS to a
    confirmed telephone, else a slip. Give them with their `user`. `until` is the last day to answer; slips of the
    same app `about` the same thing say what does not hold any more, and go. No paper is for anybody without `paper`,
    and for nobody without an account of a kind that is `asked`: somebody's Today says already that they are to be."""
    known, thing = KINDS[kind], str(about) if about else ""
    whom = {p.pk: p for p in people if p.status in LIVING}
    accounts = {p.pk: p.user for p in whom.values() if p.user is not None and p.user.is_active}
    silent = set(whom) - set(accounts)
    if thing:  # before the newer news is there, which may be of the same kind
        outdate_slips(whom, kind.partition(".")[0], [thing], by, but=kind)
    if accounts:
        more = {**({"until": until.isoformat()} if until else {}), **({"about": thing} if thing else {})}
        own = {user.pk: pk for pk, user in accounts.items()}
        notify(users=accounts.values(), kind=kind, params={**(params or {}), **more}, url=url, records=own, by=by)
        away = out_of_reach(accounts.values(), binding=known.binding)
        silent |= {pk for pk, user in accounts.items() if user.pk in away}
    phones = phones_of(silent - set(accounts))
    _post([(whom[pk], phones[pk]) for pk in sorted(phones)], kind, until, thing)
    if paper:
        asked = {pk for pk, person in whom.items() if known.asked and person.user_id is None}
        make_slips([whom[pk] for pk in sorted(silent - set(phones) - asked)], kind, until, thing)
    audit.record(by=by, verb="people.tell", reason=kind)
    return len(whom)


def _post(to: Sequence[tuple[Person, str]], kind: str, until: dt.date | None, about: str) -> None:
    told = {"kind": kind, "until": until.isoformat() if until else "", "about": about}
    outbox.post_each(
        kind="people.told", channel="sms", go_at=awake(timezone.localtime(clock.now()), *NIGHT),
        to=[(phone, {"person": str(one.pk), "partner": one.registered_by_id, **told}) for one, phone in to],
    )  # fmt: skip


@action
def print_slips(*, slips: Sequence[Slip], by: User, partner: Partner | None = None) -> UUID:
    """They are on paper now, together; the sheet's name."""
    batch = new_id()
    rows = Slip.objects.filter(pk__in=[slip.pk for slip in slips], told_at=None)
    rows.update(printed_at=clock.now(), printed_by=by, batch=batch)
    code = partner.code if partner else ""
    audit.record(by=by, verb="people.print_slips", partner=code)
    audit.record_many(by=by, verb="people.print", subjects=[slip.person for slip in slips], partner=code, reason="slip")
    return batch


@action
def hand_over_slip(*, slip: Slip, how: Slip.How, by: User, partner: Partner | None = None) -> None:
    """The person knows now. A second sending changes nothing."""
    fresh = Slip.objects.filter(pk=slip.pk, told_at=None).update(told_at=clock.now(), told_by=by, how=how)
    audit.record(
        by=by, verb="people.hand_over_slip" if fresh else "people.hand_over_again", subject=slip.person, reason=how,
        partner=partner.code if partner else "",
    )  # fmt: skip


@action
def take_back_told(*, slip: Slip, by: User, partner: Partner | None = None) -> None:
    """The person does not know after all: a wrong tap. The slip waits again, as it was. Raises PeopleError where it
    does not hold any more, or newer news of the same waits already."""
    lock_person(slip.person)
    row = told_lately().filter(pk=slip.pk).first()
    newer = Slip.objects.filter(person=slip.person_id, kind=slip.kind, about=slip.about, told_at=None)
    if row is None or newer.exists():
        raise PeopleError("slip", _("This message does not hold any more: nobody needs to bring it."))
    Slip.objects.filter(pk=row.pk).update(told_at=None, told_by=None, how="")
    audit.record(
        by=by, verb="people.take_back_told", subject=row.person, reason=row.how, partner=partner.code if partner else ""
    )


@action
def end_slips(*, people: Iterable[Person], app: str, about: UUID, by: User) -> None:
    """These persons have answered, and so know what an app's slips say about this thing."""
    ids = [person.pk for person in people]
    said = Slip.objects.filter(person__in=ids, kind__startswith=f"{app}.", about__in=("", str(about)))
    said.filter(told_at=None).update(told_at=clock.now(), told_by=by, how=Slip.How.SAID)
    bring_no_more(said)
    unsay(ids, app, ["", str(about)], by)
    audit.record(by=by, verb="people.end_slips", reason=app)


@action
def drop_slips(*, people: Iterable[UUID], app: str, about: UUID, also: Iterable[UUID] = (), by: User) -> None:
    """What an app's slips say about this thing does not hold for these persons any more: nobody brings them. `also`:
    nor what they say of what belongs to it."""
    outdate_slips(people, app, [str(thing) for thing in (about, *also)], by)
    audit.record(by=by, verb="people.drop_slips", reason=app)


@action
def ring_phone(*, person: Person, by: User, partner: Partner | None = None) -> PhoneCheck:
    """The officer rang the number of the record and spoke with the person: messages may go there."""
    row = _check_of(lock_person(person), partner)
    _confirm(row, PhoneCheck.How.RANG, by)
    audit.record(
        by=by, verb="people.ring_phone", subject=person, fields=["phone"], partner=partner.code if partner else ""
    )
    return row


@action
def send_phone_code(*, person: Person, by: User, partner: Partner | None = None) -> PhoneCheck:
    """An SMS with six digits to the number of the record, for the person to read out. Raises TooOftenError where enough
    went to that number today."""
    row = _check_of(lock_person(person), partner)
    code = f"{secrets.randbelow(10**6):06d}"
    row.proof, row.tries, row.proof_until = _proof(row, code), 0, clock.now() + dt.timedelta(minutes=CODE_MINUTES)
    row.save()
    outbox.post(kind="people.code", channel="sms", address=row.phone, secret={"code": code})
    audit.record(
        by=by, verb="people.send_phone_code", subject=person, fields=["phone"], partner=partner.code if partner else ""
    )
    return row


@action
def confirm_phone(*, person: Person, code: str, by: User, partner: Partner | None = None) -> bool:
    """Whether the digits are those that were sent. After five wrong ones a new code is needed, and after ten in a day,
    of whatever codes, another day: PeopleError says so."""
    row = _check_of(lock_person(person), partner)
    if tallied(name="phone-code", who=row.phone, seconds=DAY) >= TRIES_A_DAY:
        raise PeopleError("tries", _("Too many wrong digits today. Ring the number, or send a code tomorrow."))
    alive = row.proof and row.proof_until is not None and row.proof_until > clock.now() and row.tries < CODE_TRIES
    fits = bool(alive) and secrets.compare_digest(row.proof, _proof(row, "".join(code.split())))
    if fits:
        _confirm(row, PhoneCheck.How.CODE, by)
    else:
        row.tries += 1
        row.save()
        tally(name="phone-code", who=row.phone, seconds=DAY)
    audit.record(
        by=by, verb="people.confirm_phone", subject=person, fields=["phone"], reason="right" if fits else "wrong",
        partner=partner.code if partner else "",
    )  # fmt: skip
    return fits


def _check_of(person: Person, partner: Partner | None) -> PhoneCheck:
    """Raises PeopleError where the record has no telephone, or the person asked this office not to use it."""
    if not may_contact(person, partner.pk if partner is not None else person.registered_by_id):
        raise PeopleError(
            "no_contact", _("The person asked not to be called or written to. Ask in person, and note a new consent.")
        )
    if not person.phone:
        raise PeopleError("no_phone", _("Write the telephone number into the record first."))
    found = PhoneCheck.objects.filter(person=person, phone=person.phone).first()
    return found or PhoneCheck(person=person, phone=person.phone, made_at=clock.now())


def _confirm(row: PhoneCheck, how: PhoneCheck.How, by: User) -> None:
    row.how, row.by, row.confirmed_at = how, by, clock.now()
    row.proof, row.proof_until, row.tries = "", None, 0
    row.save()


def _proof(row: PhoneCheck, code: str) -> str:
    return crypto.keyed_hash(code, f"phone:{row.person_id}:{row.phone}")
