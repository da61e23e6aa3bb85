"""Opportunities from other programs' packages and calendars: listings to rows of the catalogue, and meetings onto those
that are there."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from django.utils import translation

from okat.city.accounts.models import User
from okat.city.catalogue.actions._build import Known, digest_of, faults_of
from okat.city.catalogue.actions._concerned import hold_concerned
from okat.city.catalogue.actions._listing import ListingReader
from okat.city.catalogue.actions._save import known_by_key
from okat.city.catalogue.actions._sessions import foretold, restored, settle_off, stored, sync_sessions
from okat.city.catalogue.actions.many import publish_many
from okat.city.catalogue.actions.one import cancel, close
from okat.city.catalogue.models import Opportunity, Session
from okat.city.catalogue.queries.sessions import said_when
from okat.city.catalogue.rules import Fault, Status
from okat.city.catalogue.rules.listed import Ending, Meetings, Ready, rows_of, series_of
from okat.city.catalogue.rules.rows import OpportunityRow, SessionRow
from okat.city.core import audit, clock
from okat.city.core.kept import forget
from okat.city.partners.models import Partner
from okat.city.partners.queries import check_stay
from okat.city.people.models import ImportBatch
from okat.city.people.queries.importing import HELD_STAYS, Prepared, row_error
from okat.files.exchange import Listing
from okat.files.office import RowError

_COLUMNS = {
    "title_th": "name",
    "starts_on": "valid_from",
    "ends_on": "valid_to",
    "sessions": "opens_at",
    "cost": "amount",
}


def faults_in_words(number: int, row: OpportunityRow, known: Known, columns: Mapping[str, str]) -> list[RowError]:
    """Why a row cannot be kept, under the names that its columns have in the file."""
    if not faults_of(row, known):
        return []
    # Once more in each language: words with figures in them are put together at once.
    thai, english = (_in(language, row, known) for language in ("th", "en"))
    return [
        row_error(number, columns.get(fault.field, fault.field), "refused", str(fault.words), str(other.words))
        for fault, other in zip(thai, english, strict=True)
    ]


def _in(language: str, row: OpportunityRow, known: Known) -> list[Fault]:
    with translation.override(language):
        return [replace(fault, words=str(fault.words)) for fault in faults_of(row, known)]


def prepare_listings(listings: Sequence[Listing], partner: Partner, into: str) -> Prepared:
    """What would become of each listing; `into`: the opportunity of ours whose meetings all of them are."""
    reader = ListingReader(partner)
    chosen = [replace(listing, opportunity=into) if into else listing for listing in listings]
    meant = [listing for listing in chosen if listing.opportunity]
    own = {str(o.pk): o for o in Opportunity.objects.filter(provider=partner, pk__in={x.opportunity for x in meant})}
    ready: list[Ready] = list(reader.meetings(meant, own))
    rows = [(x, row) for x in chosen if not x.opportunity and (row := reader.row(x)) is not None]
    known = Known.of([row for _listing, row in rows])
    for listing, row in rows:
        found = faults_in_words(listing.row, row, known, _COLUMNS)
        reader.errors += [replace(error, file=listing.file) for error in found]
    sources = dict[str, tuple[Listing, Sequence[SessionRow]]]()
    for listing, row in rows:
        if reader.before.get(row.key) == digest_of(row):
            reader.pass_over(listing)
            continue
        if row.key in reader.before:
            reader.remark(listing, "changes", "จะแก้ไขรายการเดิมที่นำเข้าไว้", "changes what was imported before")
        ready.append(row)
        if row.sessions:
            sources[row.key] = listing, row.sessions
    _say_left(ready, sources, meant, own, reader)
    return Prepared([*ready, *reader.endings], reader.errors, reader.warnings, reader.passed)


def _say_left(
    ready: Sequence[Ready], sources: Mapping[str, tuple[Listing, Sequence[SessionRow]]], meant: Sequence[Listing],
    own: Mapping[str, Opportunity], reader: ListingReader,
) -> None:  # fmt: skip
    """Meetings that were held stay as they are: what the file says of them otherwise is told, and how to mend it.
    `sources`: what is ready and has meetings, by its key."""
    by_id = {listing.opportunity: listing for listing in reversed(meant)}  # the first of each
    wanted: dict[Opportunity, Sequence[SessionRow]] = {}
    where: dict[UUID, Listing] = {}
    for opportunity in Opportunity.objects.filter(provider=reader.partner, row_key__in=sources):
        where[opportunity.pk], wanted[opportunity] = sources[opportunity.row_key]
    for each in ready:
        if isinstance(each, Meetings):
            opportunity = own[str(each.opportunity)]
            where[opportunity.pk] = by_id[str(opportunity.pk)]
            wanted[opportunity] = _all_meetings(opportunity, each)
    for opportunity, (left, gone) in foretold(wanted).items():
        for session, row in left:
            reader.remark(where[opportunity.pk], HELD_STAYS, *_stays(opportunity, session, row))
        for session in gone:
            reader.remark(where[opportunity.pk], "meeting_dropped", *_drops(opportunity, session))


def _drops(opportunity: Opportunity, session: Session) -> tuple[str, str]:
    thai = f"นัด {said_when(session)} ของ “{opportunity.title_th}” ไม่มีในไฟล์นี้แล้ว จะถูกตัดออก และแจ้งผู้ที่เข้าร่วม"
    english = f"the meeting of {said_when(session)} of “{opportunity.title_th}” is not in this file any more"
    return thai, f"{english}: it is dropped, and whoever takes part is told"


def _stays(opportunity: Opportunity, session: Session, row: SessionRow | None) -> tuple[str, str]:
    thai = f"นัด {said_when(session)} ของ “{opportunity.title_th}” จัดไปแล้วหรือมีงานที่อ้างถึง จึงคงไว้ตามเดิม"
    english = (
        f"the meeting of {said_when(session)} of “{opportunity.title_th}” was held, or something rests on it; it stays"
    )
    if row is None:
        return (
            f"{thai} แม้ไฟล์นี้ไม่มีแล้ว ถ้าไม่ได้จัดจริง ให้งดนัดที่หน้าของคอร์ส",
            f"{english}, though this file has it no more. If it did not take place, call it off on the course's page",
        )
    moved = said_when(Session(start=row.start, end=row.end))
    mend = "If that is one more meeting, write it as a new one (with a UID of its own) and send the file again"
    return (
        f"{thai} แม้ไฟล์นี้ย้ายไป {moved} ถ้าเป็นอีกนัดหนึ่ง ให้เพิ่มเป็นนัดใหม่ (UID ใหม่) แล้วส่งไฟล์อีกครั้ง",
        f"{english}, though this file moves it to {moved}. {mend}",
    )


def _all_meetings(opportunity: Opportunity, wanted: Meetings) -> list[SessionRow]:
    """Meetings of other series stay."""
    series = {series_of(row.uid) for row in wanted.rows}
    return [*(row for row in restored(opportunity.timetable) if series_of(row.uid) not in series), *wanted.rows]


def write_listings(ready: Sequence[Ready], batch: ImportBatch, by: User) -> int:
    """Inside the import's own transaction: the office, whoever it concerns, and only then what changes."""
    check_stay(batch.partner_id)
    endings = [each for each in ready if isinstance(each, Ending)]
    rows = [each for each in ready if isinstance(each, OpportunityRow)]
    more = [each.opportunity for each in ready if isinstance(each, Meetings)]
    hold_concerned(
        [each.opportunity for each in endings if each.status is Status.CANCELLED],
        closing=[each.opportunity for each in endings if each.status is Status.CLOSED],
        others=[*more, *known_by_key(rows).values_list("pk", flat=True)],
    )
    done = publish_many(rows=rows, by=by, batch=batch.pk)
    ids = [pk for pk, row in zip(done.ids, rows, strict=True) if any(s.uid for s in row.sessions)]
    said = {row.key: row.sessions for row in rows}
    settle_off({o: said[o.row_key] for o in Opportunity.objects.filter(pk__in=ids)}, by)
    for each in ready:
        if isinstance(each, Meetings):
            _onto(each, batch, by)
        elif isinstance(each, Ending):
            found = Opportunity.objects.get(pk=each.opportunity)
            if each.status is Status.CANCELLED:
                cancel(opportunity=found, reason=each.reason, by=by, version=found.version, held=True)
            else:
                close(opportunity=found, reason=each.reason, by=by, version=found.version)
    return done.new + done.changed + sum(rows_of(each) for each in ready if not isinstance(each, OpportunityRow))


def _onto(wanted: Meetings, batch: ImportBatch, by: User) -> None:
    """Meetings of other series and those written here stay."""
    forget("catalogue")
    kept = (
        Opportunity.objects.select_for_update(of=("self",), no_key=True)
        .select_related("provider")
        .get(pk=wanted.opportunity)
    )
    rows = _all_meetings(kept, wanted)
    kept.timetable = stored(rows)
    kept.import_batch, kept.version, kept.updated_at = batch.pk, kept.version + 1, clock.now()
    kept.save(update_fields=["timetable", "import_batch", "version", "updated_at"])
    sync_sessions({kept: rows}, by=by)
    settle_off({kept: wanted.rows}, by)
    audit.record(by=by, verb="catalogue.write", subject=kept, fields=["sessions"], partner=kept.provider.code)
