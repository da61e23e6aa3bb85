"""Opportunities from an office's table: rows of the reader to rows of the catalogue, and back out again."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from okat.city.accounts.models import User
from okat.city.catalogue.actions._build import Known, digest_of
from okat.city.catalogue.actions._listed import faults_in_words, prepare_listings, write_listings
from okat.city.catalogue.actions._listing import ABOUT, digests
from okat.city.catalogue.actions._undo import take_back, ways_back
from okat.city.catalogue.actions._words import CityWords
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.rules import Kind, Per, Status
from okat.city.catalogue.rules import access as usable
from okat.city.catalogue.rules.listed import Ready
from okat.city.catalogue.rules.office import asks_papers, condition_of, kind_of, said_of, slots_of
from okat.city.catalogue.rules.rows import OpportunityRow
from okat.city.core import audit
from okat.city.core.permissions import Permission
from okat.city.partners.models import Partner
from okat.city.people.models import ImportBatch
from okat.city.people.queries.importing import Prepared, Rest, Undone, row_error, there_already
from okat.city.places.models import Level
from okat.city.places.queries import wordings
from okat.city.taxonomy.queries import wording_key
from okat.city.taxonomy.rules import Stage
from okat.files.exchange import Listing
from okat.files.office import ParsedRow, RowError, listed, turns, vocabulary
from okat.thai.numbers import format_baht
from okat.thai.partial import PartialDate
from okat.thai.text import fold, truncate

MOST_TARGETS = 200  # opportunities that a calendar's meetings may be put onto, the last changed first
_PAID = {Kind.JOB, Kind.JOB_QUOTA, Kind.LOAN_PERSON, Kind.LOAN_GROUP, Kind.SUBSIDY, Kind.CHILD_GRANT, Kind.BENEFIT}
_TIMES = {"hour", "day", "week", "month", "year"}  # a stipend is what is paid in all; this is none
_LEVELS = {"some-primary": "below-primary", "vocational": "upper-secondary", "postgraduate": "bachelor"}
_PHONES = 60
_PER_TH = {
    "hour": "ชั่วโมง", "day": "วัน", "week": "สัปดาห์", "month": "เดือน", "year": "ปี", "person": "คน", "time": "ครั้ง",
    "course": "หลักสูตร",
}  # fmt: skip
_FIELDS = {
    "title_th": "title", "opens_on": "opens", "closes_on": "closes", "starts_on": "start", "ends_on": "end",
    "capacity": "capacity", "cost": "cost", "kind": "kind",
}  # fmt: skip


class OpportunityImporter:
    """Registered for the kind `opportunities`."""

    permission = Permission.IMPORT_OPPORTUNITIES

    def defaults(self, partner: Partner) -> Mapping[str, Any]:
        return {}

    def prepare(self, rows: Sequence[ParsedRow], partner: Partner) -> Prepared:
        reader = _Reader(partner)
        found = [(parsed, row) for parsed in rows if (row := reader.read(parsed)) is not None]
        beside, told_beside = self.beside(found)
        reader.errors += told_beside
        read = [(parsed.number, replace(row, beside=beside.get(parsed.number))) for parsed, row in found]
        known = Known.of([row for _number, row in read])
        errors = [
            *reader.errors,
            *(error for number, row in read for error in faults_in_words(number, row, known, _FIELDS)),
        ]
        before = digests(partner)
        changed = [number for number, row in read if row.key in before and before[row.key] != digest_of(row)]
        same = [there_already(number, row.title_th) for number, row in read if before.get(row.key) == digest_of(row)]
        told = [
            row_error(number, "title", "changes", "จะแก้ไขรายการเดิมที่นำเข้าไว้", "changes the row imported before")
            for number in changed
        ]
        ready = [row for _number, row in read if before.get(row.key) != digest_of(row)]
        return Prepared(ready, errors, [*reader.warnings, *told], same)

    def beside(self, rows: Sequence[tuple[ParsedRow, OpportunityRow]]) -> tuple[Mapping[int, Any], Sequence[RowError]]:
        """What an importer above reads beside each row (by its number), and what is wrong there."""
        return {}, ()

    def prepare_listings(self, listings: Sequence[Listing], partner: Partner, into: str) -> Prepared:
        return prepare_listings(listings, partner, into)

    def targets(self, partner: Partner) -> list[tuple[str, str]]:
        rows = (
            Opportunity.objects.filter(provider=partner).exclude(status=Status.CANCELLED).order_by("-updated_at", "id")
        )
        return [(str(pk), title) for pk, title in rows.values_list("pk", "title_th")[:MOST_TARGETS]]

    def write(self, ready: Sequence[Ready], batch: ImportBatch, by: User) -> int:
        return write_listings(ready, batch, by)

    def undone(self, batch: ImportBatch, by: User) -> Undone:
        """What the batch made goes, what it changed is as before; rows that somebody used or edited since stay."""
        ways = ways_back(_touched(batch), batch.pk, batch.done_at)
        stays = {pk: way.why for pk, way in ways.items() if way.why}
        return Undone([pk for pk in ways if pk not in stays], stays)

    def undo(self, batch: ImportBatch, by: User) -> tuple[int, int]:
        rows = _touched(batch, lock=True)
        ways, gone, kept = ways_back(rows, batch.pk, batch.done_at), 0, 0
        audit.record_many(by=by, verb="catalogue.undo_import", subjects=rows, partner=batch.partner.code)
        for opportunity in rows:
            if done := not ways[opportunity.pk].why:
                take_back(opportunity, ways[opportunity.pk], by)
            gone, kept = gone + done, kept + (not done)
        return gone, kept


def _touched(batch: ImportBatch, *, lock: bool = False) -> list[Opportunity]:
    rows = Opportunity.objects.filter(import_batch=batch.pk).order_by("pk")
    return list(rows.select_for_update() if lock else rows)  # some go: what names one meanwhile waits, and fails


class _Reader:
    """One file: the city's words looked up once, errors and warnings gathered."""

    def __init__(self, partner: Partner) -> None:
        self.partner = partner
        self.words = CityWords(partner)
        self.errors: list[RowError] = []
        self.warnings: list[RowError] = []
        self.times: Counter[str] = Counter()

    def read(self, parsed: ParsedRow) -> OpportunityRow | None:
        values, wrong = parsed.values, len(self.errors)
        rest = Rest(parsed.number, self.warnings, where=ABOUT)
        area = self._area(parsed)
        kind = self._kind(parsed)
        if len(self.errors) > wrong or kind is None:
            return None
        access = self._access(parsed, rest)
        money = values.get("stipend")
        paid = kind in _PAID
        per = self._per(parsed, kind, rest)
        row = OpportunityRow(
            provider=self.partner.code, area=area, kind=kind.value, title_th=values["title"],
            summary_th=truncate(str(values.get("description") or "").split("\n")[0], 380),
            needs=self._needs(parsed, rest), access=access, rule=condition_of(values, self.partner.th),
            needs_papers=asks_papers(str(values.get("requirements") or "")), capacity=values.get("capacity"),
            place_note=rest.fit("place", "สถานที่", str(values.get("place") or ""), 300),
            slots=slots_of(str(values.get("schedule") or "")), hours=values.get("hours"),
            level=self._level(values, rest), credits=values.get("credits"),
            cost=values.get("cost") or Decimal(0),
            stipend=None if paid or values.get("stipend_per") in _TIMES else money,
            amount=money if paid else None, amount_per=per,
            funder=self.words.funders.get(fold(str(values.get("funder") or "")), ""),
            opens_on=_first(values.get("opens")), closes_on=_last(values.get("closes")),
            starts_on=_first(values.get("start")), ends_on=_last(values.get("end")),
            contact=rest.fit("contact", "ผู้ประสานงาน", str(values.get("contact") or ""), 200),
            email=str(values.get("email") or ""), phone=_phones(values, rest), url=str(values.get("url") or ""),
            key=self._key(values, area),
        )  # fmt: skip
        _per_what(kind, values, rest)
        if len(self.errors) > wrong:
            return None
        return replace(row, about_th="\n\n".join(filter(None, [_about(values), *values.get("aside", ()), *rest.lines])))

    def _kind(self, parsed: ParsedRow) -> Kind | None:
        values = parsed.values
        kind, assumed = kind_of(str(values.get("kind") or ""), values["title"], values.get("hours"))
        if kind is None:
            thai = "บอกระดับชั้นในชื่อด้วย เช่น ประถม มัธยมต้น หรือมัธยมปลาย"
            self.errors.append(
                row_error(parsed.number, "title", "level", thai, "say the level of schooling in the title")
            )
        elif assumed:
            thai, english = "ไม่ได้บอกประเภท จึงเดาจากชื่อ", "the kind is not said; it was assumed from the title"
            self.warnings.append(row_error(parsed.number, "kind", "kind_assumed", thai, english))
        return kind

    def _per(self, parsed: ParsedRow, kind: Kind, rest: Rest) -> str:
        """For what the amount is paid, by its cell or heading. A job that says nothing pays by the month, and it is
        told; where a record cannot say what the file says, nothing is published of it."""
        values = parsed.values
        said = str(values.get("stipend_per") or "")
        if said in set(Per):
            return said
        works = kind in {Kind.JOB, Kind.JOB_QUOTA}
        if kind in _PAID and (said == "week" or (works and said in {"time", "course", "person"})):
            thai = (
                f"ระบบบอกค่าตอบแทนต่อ{_PER_TH[said]}ไม่ได้ กรุณาคิดเป็นต่อชั่วโมง ต่อวัน ต่อเดือน หรือต่อปี แล้วบอกหน่วยไว้ที่หัวคอลัมน์หรือในช่อง"
            )
            english = "pay for that is not known here; give it per hour, day, month or year, and say which"
            self.errors.append(row_error(parsed.number, "stipend", "pay_unit", thai, english))
        if not works:
            return Per.ONCE.value
        if not said and values.get("stipend"):
            thai = "ไม่ได้บอกว่าค่าตอบแทนนี้ต่ออะไร จึงลงเป็นบาทต่อเดือน ถ้าเป็นต่อวันหรือต่อชั่วโมง ให้เขียนไว้ที่หัวคอลัมน์หรือในช่อง"
            english = "what the pay is for is not said; it goes in as baht a month. If it is per day or hour, say so"
            rest.remark("stipend", "pay_month_assumed", thai, english)
        return Per.MONTH.value

    def _area(self, parsed: ParsedRow) -> str:
        """The sub-district, else the district, else the partner's own area."""
        sub, district = (str(parsed.values.get(name) or "") for name in ("subdistrict", "district"))
        for name, level, field in (
            (sub, Level.SUBDISTRICT, "subdistrict"), (district, Level.DISTRICT, "district"),
        ):  # fmt: skip
            if not name:
                continue
            found = [a for a in self.words.areas.get(fold(name), []) if a.level == level]
            if field == "subdistrict" and district:
                said = {fold(district), fold(f"เมือง{district}")}
                found = [a for a in found if a.parent and not said.isdisjoint(wordings(a.parent))]
            if len(found) == 1:
                return found[0].code
            self.errors.append(_area_error(parsed.number, field, name, many=len(found) > 1))
            break
        return self.partner.area.code

    def _needs(self, parsed: ParsedRow, rest: Rest) -> tuple[str, ...]:
        found: list[str] = []
        known = self.words.needs
        for said, code in listed(parsed.values.get("needs", ()), lambda text: known.get(wording_key(text))).items():
            if code:
                found.append(code)
                continue
            rest.lines.append(f"ตอบความต้องการด้าน: {said}")
            thai = f"ไม่รู้จักเรื่องที่ต้องการ “{said}” จึงเก็บไว้ในรายละเอียด"
            rest.remark("needs", "need_unknown", thai, f"the need “{said}” is not known; it is kept in the description")
        return tuple(dict.fromkeys(found))

    def _level(self, values: Mapping[str, Any], rest: Rest) -> str:
        """The city's own word; where that is another than the file's, the file's is kept too."""
        said = str(values.get("level") or "").replace("_", "-")
        code = _LEVELS.get(said, said)
        found = code if code in self.words.levels else ""
        if said != found:
            choices = vocabulary("opportunities").field("level").choices
            label = choices.labels[str(values["level"])][0] if choices is not None else said
            thai = "เมืองไม่มีคำนี้ในระดับการศึกษา จึงเก็บคำเดิมไว้ในรายละเอียด"
            english = "the city has no such level of schooling; the file's word is kept in the description"
            rest.keep("level", "ระดับการศึกษาที่จะได้", label, thai, english)
        return found

    def _access(self, parsed: ParsedRow, rest: Rest) -> usable.Access:
        """A plain list of formats speaks of each one's main stage; a column of a stage speaks of that stage."""
        values = parsed.values
        codes = [_format(code) for code in values.get("formats", ())]
        found = usable.from_list(codes, self.words.stages)
        for stage in Stage:
            named = listed(values.get(f"access_{stage}", ()), self._format_named)
            denied = any(code is None and turns(said) for said, code in named.items())  # it may reach all of the cell
            for said, code in named.items():
                word, answer = said_of(said)
                if code and not denied and stage in self.words.stages.get(code, ()):
                    found = usable.merged(found, usable.answered(usable.token(stage, code), answer=answer))
                    continue
                rest.lines.append(f"การเข้าถึง: {said}")
                thai = f"ไม่รู้จักรูปแบบ “{word}” ในช่องนี้ จึงเก็บไว้ในรายละเอียด"
                english = f"the format “{word}” is not known in this column; it is kept in the description"
                rest.remark(f"access_{stage}", "format_unknown", thai, english)
        return found

    def _format_named(self, said: str) -> str | None:
        return self.words.format_words.get(wording_key(said_of(said)[0]))

    def _key(self, values: Mapping[str, Any], area: str) -> str:
        """Title, place and area name a row; the n-th of the same name is its own row."""
        name = f"{fold(values['title'])}|{area}|{fold(str(values.get('place') or ''))}"
        self.times[name] += 1
        return hashlib.sha256(f"{name}|{self.times[name]}".encode()).hexdigest()


def _area_error(number: int, field: str, name: str, *, many: bool) -> RowError:
    if many:
        thai, english = f"มี “{name}” หลายแห่ง กรุณาใส่อำเภอด้วย", f"there are several “{name}”; give the district as well"
        return row_error(number, field, "area_ambiguous", thai, english)
    thai, english = f"ไม่พบ “{name}” ในพื้นที่ของเมืองนี้", f"“{name}” is no area of this city"
    return row_error(number, field, "area_unknown", thai, english)


def _phones(values: Mapping[str, Any], rest: Rest) -> str:
    """As many numbers as the field holds, with their extensions."""
    numbers = [
        phone.number + (f" ต่อ {phone.extension}" if phone.extension else "") for phone in values.get("phones", ())
    ]
    held = next((n for n in range(len(numbers), 0, -1) if len(", ".join(numbers[:n])) <= _PHONES), 0)
    if held < len(numbers):
        thai, english = (
            "โทรศัพท์เกินช่อง ทุกหมายเลขเก็บไว้ในรายละเอียด",
            "more numbers than fit; all are kept in the description",
        )
        rest.keep("phones", "โทรศัพท์", ", ".join(numbers), thai, english)
    return ", ".join(numbers[:held])


def _per_what(kind: Kind, values: Mapping[str, Any], rest: Rest) -> None:
    """What an amount is for each of, where the record cannot say it beside the amount."""
    for name, heading, said in (("cost", "ค่าใช้จ่าย", True), ("stipend", "เงินที่ผู้เข้าร่วมได้รับ", kind not in _PAID)):
        per = values.get(f"{name}_per")
        if per and (said or per not in set(Per)):
            thai, english = "หน่วยของจำนวนเงินเก็บไว้ในรายละเอียด", "what the amount is for is kept in the description"
            rest.keep(name, heading, f"{format_baht(values[name])} ต่อ{_PER_TH.get(per, per)}", thai, english)


def _format(code: str) -> str:
    return "onsite" if code == "on_site" else code.replace("_", "-")


def _first(day: PartialDate | None) -> Any:
    return day.first() if day else None


def _last(day: PartialDate | None) -> Any:
    return day.last() if day else None


def _about(values: Mapping[str, Any]) -> str:
    """What has no column of its own, under its heading."""
    parts = [str(values.get("description") or "")]
    for name, heading in (
        ("schedule", "วันและเวลา"), ("requirements", "คุณสมบัติ"), ("provider", "จัดโดย"), ("funder", "งบประมาณจาก"),
        ("notes", "หมายเหตุ"),
    ):  # fmt: skip
        if values.get(name):
            parts.append(f"{heading}: {values[name]}")
    return "\n\n".join(filter(None, parts))
