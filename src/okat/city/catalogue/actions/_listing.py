"""One package or calendar read into rows: the city's words looked up once, errors and remarks gathered."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from django.utils import timezone

from okat.city.catalogue.actions._sessions import restored
from okat.city.catalogue.actions._words import CityWords
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.rules import Kind, Status
from okat.city.catalogue.rules import access as usable
from okat.city.catalogue.rules.listed import Ending, Meetings, series_of, short
from okat.city.catalogue.rules.office import asks_papers, condition_of, kind_of, slots_of
from okat.city.catalogue.rules.rows import OpportunityRow, SessionRow
from okat.city.partners.models import Partner
from okat.city.people.queries.importing import ENDED_HERE, Rest, row_error, there_already
from okat.city.taxonomy.queries import wording_key
from okat.files.exchange import Listing, Meeting
from okat.files.office import RowError
from okat.thai.text import fold, truncate


def digests(partner: Partner) -> dict[str, str]:
    """What each row of this partner said when it was last imported, by its key."""
    rows = Opportunity.objects.filter(provider=partner).exclude(row_key="")
    return dict(rows.order_by().values_list("row_key", "row_digest"))


ABOUT = ("รายละเอียด", "the description")  # where a record keeps what has no field
_LONGEST_TITLE, _LONGEST_DOCUMENT = 190, 300
# What everybody reads where the file gives no reason.
_ENDED = {Status.CANCELLED: "ผู้จัดแจ้งว่ายกเลิกแล้ว", Status.CLOSED: "ผู้จัดแจ้งว่าสิ้นสุดแล้ว"}


class ListingReader:
    """One file: the city's words looked up once, errors and remarks gathered."""

    def __init__(self, partner: Partner) -> None:
        self.partner = partner
        self.words = CityWords(partner)
        self.before = digests(partner)
        rows = Opportunity.objects.filter(provider=partner).exclude(row_key="").order_by()
        self.known = {key: (pk, status) for key, pk, status in rows.values_list("row_key", "pk", "status")}
        self.errors: list[RowError] = []
        self.warnings: list[RowError] = []
        self.endings: list[Ending] = []
        self.passed: list[RowError] = []

    def pass_over(self, listing: Listing) -> None:
        self.passed.append(there_already(listing.row, listing.title, file=listing.file))

    def remark(self, listing: Listing, code: str, thai: str, english: str) -> None:
        self.warnings.append(replace(row_error(listing.row, "", code, thai, english), file=listing.file))

    def row(self, listing: Listing) -> OpportunityRow | None:
        """None for one that its sender has ended: a known one is ended here too."""
        key = short(listing.uid)
        if listing.state != "active":
            self._ends(listing, key)
            return None
        access, needs, rest = self._terms(listing)
        title_th, title_en = _titles(listing)
        area = self._area(listing)
        sessions = tuple(self._session(meeting) for meeting in listing.meetings)
        hours = sum(((m.end - m.start).total_seconds() for m in listing.meetings if not m.off), 0.0) / 3600
        kind = self._kind(listing, Decimal(round(hours, 2)) if hours else None)
        age_min, age_max = listing.age
        over = Rest(listing.row, self.warnings, where=ABOUT, file=listing.file)
        place = over.fit("place", "สถานที่", listing.place, 300)
        contact = over.fit("contact", "ผู้ประสานงาน", listing.contact, 200)
        phone, url = over.fit("phone", "โทรศัพท์", listing.phone, 60), over.fit("url", "เว็บไซต์", listing.url, 400)
        for heading, text in (("ชื่อ", listing.title), ("ชื่อ", listing.other_title)):
            over.fit("name", heading, text, _LONGEST_TITLE)
        long = [text for text in listing.documents if len(text) > _LONGEST_DOCUMENT]
        for text in long:
            over.fit("document", "เอกสาร", text, _LONGEST_DOCUMENT)
        for note in dict.fromkeys(map(_note_of, listing.meetings)):
            over.fit("note", "หมายเหตุของนัด", note, _LONGEST_TITLE)
        about = "\n\n".join(filter(None, [_about(listing, rest), *over.lines]))
        thai = _is_thai(about) or not title_en
        summary = truncate(about.partition("\n")[0], 380)
        return OpportunityRow(
            provider=self.partner.code, area=area, kind=kind.value, title_th=title_th, title_en=title_en,
            needs=needs, access=access,
            summary_th=summary if thai else "", about_th=about if thai else "",
            summary_en="" if thai else summary, about_en="" if thai else about,
            rule=condition_of({"age_min": age_min, "age_max": age_max}, self.partner.th),
            needs_papers=any(asks_papers(document) for document in listing.documents),
            lat=listing.lat if listing.lon is not None else None, lon=listing.lon if listing.lat is not None else None,
            online=listing.online, place_note=place,
            venue=self.words.venues.get(fold(listing.place)),
            slots=slots_of(dict(listing.more).get("วันและเวลา", "")), cost=listing.cost or Decimal(0),
            hours=Decimal(f"{hours:.2f}") if hours else None, funder=self.words.funders.get(fold(listing.funder), ""),
            starts_on=listing.starts_on, ends_on=listing.ends_on,
            documents=tuple({"th": text, "en": ""} for text in listing.documents if text not in long),
            contact=contact, phone=phone, email=listing.email, url=url, sessions=sessions, key=key,
        )  # fmt: skip

    def meetings(self, listings: Sequence[Listing], own: Mapping[str, Opportunity]) -> list[Meetings]:
        found: dict[str, list[SessionRow]] = {}
        of: dict[str, list[Listing]] = {}
        for listing in listings:
            if listing.opportunity not in own:
                thai = "โอกาสที่ชี้ถึงไม่ใช่ของหน่วยงานนี้ กรุณาตัดลิงก์ออก หรือเลือกโอกาสของหน่วยงาน"
                english = (
                    "it points at an opportunity that is not this partner's; take the link out or choose one of yours"
                )
                wrong = row_error(listing.row, "URL", "not_ours", thai, english)
                self.errors.append(replace(wrong, file=listing.file))
            elif listing.uid.endswith("@okat"):
                self.pass_over(listing)  # our own calendar coming home
            else:
                off = listing.state != "active"
                rows = [replace(self._session(m), off=m.off or off) for m in listing.meetings]
                found.setdefault(listing.opportunity, []).extend(rows)
                of.setdefault(listing.opportunity, []).append(listing)
        ready = []
        for pk, rows in found.items():
            held = {row.uid: row for row in restored(own[pk].timetable)}
            if all(held.get(row.uid) == row for row in rows) and _sameseries_of(held, rows):
                for listing in of[pk]:
                    self.pass_over(listing)
            else:
                ready.append(Meetings(own[pk].pk, tuple(rows), len(of[pk])))
        return ready

    def _ends(self, listing: Listing, key: str) -> None:
        pk, status = self.known.get(key, (None, ""))
        to = Status.CANCELLED if listing.state == "defunct" else Status.CLOSED
        if pk is None or status in {Status.CANCELLED, to} or (status == Status.DRAFT and to is Status.CLOSED):
            code, thai, english = _why_out(listing.state, here=pk is not None)
            self.remark(listing, code, thai, english)
            self.passed.append(row_error(listing.row, "", code, thai, english, value=listing.title, file=listing.file))
            return
        self.remark(
            listing,
            "ends",
            "จะปิดหรือยกเลิกโอกาสที่มีอยู่ (ย้อนกลับไม่ได้)",
            "ends the opportunity that is here; this cannot be taken back",
        )
        self.endings.append(Ending(pk, to, listing.reason or _ENDED[to]))

    def _kind(self, listing: Listing, hours: Decimal | None) -> Kind:
        said = self.words.kind(listing.title, *(word for term in listing.terms for word in term[1:] if word))
        if said is not None:
            return said
        if listing.event:
            return Kind.EVENT
        guess = kind_of("", listing.title, hours)[0] or Kind.SERVICE
        if guess in {Kind.INTEREST, Kind.OCCUPATION} and not listing.meetings:
            guess = Kind.SERVICE
        self.remark(
            listing, "kind_assumed", "ไม่ได้บอกประเภท จึงเดาจากชื่อ", "the kind is not said; it was assumed from the title"
        )
        return guess

    def _terms(self, listing: Listing) -> tuple[usable.Access, tuple[str, ...], list[str]]:
        """Formats as answers at their main stage, needs, and the names of words that are neither."""
        formats, needs, rest = [], [], []
        for vocabulary, code, name in listing.terms:
            if vocabulary == "kind":
                continue  # one word may name a kind and a need: whoever says which means it
            words = [wording_key(word) for word in (code, name) if word]
            form = next((self.words.format_words[word] for word in words if word in self.words.format_words), "")
            need = next((self.words.needs[word] for word in words if word in self.words.needs), "")
            if form:
                formats.append(form)
            elif need:
                needs.append(need)
            elif self.words.kind(listing.title, code, name) is None:
                rest.append(name or code)
        if not {"onsite", "online", "home-visit"} & set(formats):
            formats.append("online" if listing.online else "onsite")
        return usable.from_list(formats, self.words.stages), tuple(dict.fromkeys(needs)), list(dict.fromkeys(rest))

    def _area(self, listing: Listing) -> str:
        found = self.words.area(listing.towns, listing.postcode)
        if found is not None:
            return found.code
        if any(listing.towns):
            self.remark(
                listing, "area_assumed", "ไม่พบพื้นที่ตามที่อยู่ จึงใช้พื้นที่ของหน่วยงาน",
                "the address names no area of this city; the partner's own area was taken",
            )  # fmt: skip
        return self.partner.area.code

    def _session(self, meeting: Meeting) -> SessionRow:
        start, end = timezone.localtime(meeting.start), timezone.localtime(meeting.end)
        uid, note = short(meeting.uid), truncate(_note_of(meeting), _LONGEST_TITLE)
        return SessionRow(start, end, self.words.venues.get(fold(meeting.place)), note, uid, meeting.off)


def _note_of(meeting: Meeting) -> str:
    return " · ".join(part for part in (meeting.note, meeting.place) if part)


def _sameseries_of(held: Mapping[str, SessionRow], rows: Sequence[SessionRow]) -> bool:
    """Whether nothing of these series stands here that the file names no more."""
    series = {series_of(row.uid) for row in rows}
    return {uid for uid in held if series_of(uid) in series} <= {row.uid for row in rows}


def _is_thai(text: str) -> bool:
    return any("ก" <= letter <= "๛" for letter in text)


def _titles(listing: Listing) -> tuple[str, str]:
    """The Thai title and the other one; a title in one language alone stands for both."""
    first, second = truncate(listing.title, _LONGEST_TITLE), truncate(listing.other_title, _LONGEST_TITLE)
    if not _is_thai(first) and _is_thai(second):
        return second, first
    return first, second if second != first else ""


def _about(listing: Listing, rest: Sequence[str]) -> str:
    """The description, and under its heading what has no field of its own."""
    more = [*listing.more, *([("คำสำคัญ", ", ".join(rest))] if rest else [])]
    return "\n\n".join(filter(None, [listing.description, *(f"{heading}: {text}" for heading, text in more)]))


def _why_out(state: str, *, here: bool) -> tuple[str, str, str]:
    """Of a listing that its sender has ended: a code, Thai and English."""
    if here:
        return ENDED_HERE, "มีอยู่แล้วและสิ้นสุดแล้ว ไม่มีอะไรเปลี่ยน", "is here and has ended already; nothing of it has changed"
    if state == "defunct":
        return (
            "never_here",
            "ผู้จัดยกเลิกแล้ว และไม่เคยนำเข้ามาก่อน จึงไม่นำเข้า",
            "it is cancelled and was never here: it does not go in",
        )
    thai, english = "ผู้จัดปิดแล้ว และไม่เคยนำเข้ามาก่อน จึงไม่นำเข้า", "it is closed and was never here: it does not go in"
    return "never_here", thai, english
