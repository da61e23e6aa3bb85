"""Checked tables joined: one listing for each service at each of its locations."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from okat.files.exchange.errors import fault
from okat.files.exchange.hsds import days
from okat.files.exchange.hsds.check import CellError, Checked, Row
from okat.files.exchange.listing import Listing, Meeting
from okat.files.office.errors import RowError

_STATES = {"temporarily closed": "inactive"}
_WORDS = (  # columns of a service that have no field of their own, with the heading under which they are told
    ("eligibility_description", "คุณสมบัติ"), ("application_process", "วิธีสมัคร"), ("fees_description", "ค่าใช้จ่าย"),
    ("wait_time", "ระยะเวลารอ"), ("interpretation_services", "บริการล่าม"), ("accreditations", "การรับรอง"),
    ("licenses", "ใบอนุญาต"),
)  # fmt: skip
_BY_SERVICE = (
    "phones", "contacts", "schedules", "cost_options", "required_documents", "funding", "languages",
    "service_at_location",
)  # fmt: skip
_BY_LOCATION = ("addresses", "accessibility", "phones")


def listings(checked: Checked, today: dt.date) -> tuple[list[Listing], list[RowError], list[RowError]]:
    """The listings, and errors and remarks of what only shows when tables are joined."""
    join = _Join(checked, today)
    found = [listing for row in checked.of("services").rows for listing in join.of(row)]
    return found, list(join.errors), list(join.warnings)


class _Join:
    def __init__(self, checked: Checked, today: dt.date) -> None:
        self.checked, self.today = checked, today
        self.errors: dict[RowError, None] = {}
        self.warnings: dict[RowError, None] = {}
        self.of_maker = _grouped(checked, "phones", "organization_id")
        self.by_service = {name: _grouped(checked, name, "service_id") for name in _BY_SERVICE}
        self.by_location = {name: _grouped(checked, name, "location_id") for name in _BY_LOCATION}
        self.by_place = {name: _grouped(checked, name, "service_at_location_id") for name in ("schedules", "phones")}
        self.attributes = _grouped(checked, "attributes", "link_id")

    def of(self, service: Row) -> list[Listing]:
        places: list[Row | None] = [*self.by_service["service_at_location"][service.text("id")]]
        common = self._common(service)
        return [Listing(**common, **self._at(service, place)) for place in places or [None]]

    def _common(self, service: Row) -> dict[str, Any]:
        own = service.text("id")
        age = tuple(int(n) if (n := service.values.get(name)) is not None else None for name in _AGES)
        if age[0] is not None and age[1] is not None and age[0] > age[1]:
            self._wrong("services", service, "minimum_age", "ages")
        status = service.text("status")
        url = service.text("url")
        return {
            "file": self.checked.of("services").file, "row": service.number, "title": service.text("name"),
            "other_title": service.text("alternate_name"), "description": service.text("description"),
            "state": _STATES.get(status, status), "reason": service.text("alert"), "terms": self._terms(own),
            "age": age, "cost": self._cost(own), "email": service.text("email"),
            "url": url if url.startswith(("http://", "https://")) else "",
            "documents": tuple(r.text("document") for r in self._rows("required_documents", own) if r.text("document")),
            "funder": next((r.text("source") for r in self._rows("funding", own)), ""),
            "contact": next((r.text("name") for r in self._rows("contacts", own) if r.text("name")), ""),
        }  # fmt: skip

    def _at(self, service: Row, place: Row | None) -> dict[str, Any]:
        """What differs from place to place; the place is part of the name by which the listing is known again."""
        own = service.text("id")
        where = self.checked.of("locations").by_id[place.text("location_id")] if place else None
        schedules = [*self._rows("schedules", own), *(self._here("schedules", place) if place else [])]
        meetings, words, first, last = self._times(_once(schedules, where))
        numbers = [*(self._here("phones", place) if place else []), *self._rows("phones", own)]
        numbers += self.of_maker[service.text("organization_id")]
        return {
            "uid": f"hsds:{own}@{where.text('id')}" if where else f"hsds:{own}", "meetings": meetings,
            "starts_on": first, "ends_on": last, "phone": next((r.text("number") for r in numbers), ""),
            "more": self._more(service, where, words), **(self._where(where) if where else {}),
        }  # fmt: skip

    def _times(self, schedules: Iterable[Row]) -> tuple[tuple[Meeting, ...], list[str], dt.date | None, dt.date | None]:
        found: list[Meeting] = []
        words: list[str] = []
        starts: list[dt.date] = []
        stops: list[dt.date] = []
        forever = False
        for row in schedules:
            try:
                some = days.meetings(row, self.today) if days.ends(row) else []
            except CellError as wrong:
                column = "opens_at" if wrong.code == "reversed" else "freq"
                self._wrong("schedules", row, column, wrong.code, **wrong.params)
                continue
            if some and not days.says_zone(row):
                self._remark("schedules", row, "opens_at", "floating")
            if not some:
                words += filter(None, [days.in_words(row)])
            if days.repeats(row) and not days.ends(row):
                forever = True
                self._remark("schedules", row, "freq", "open_ended")
            found += some
            starts += [row.values[name] for name in ("dtstart", "valid_from") if name in row.values]
            stops += [row.values[name] for name in ("valid_to", "until") if name in row.values]
        held = [m.start.astimezone(days.BANGKOK).date() for m in found]
        first = min(held or starts, default=None)
        last = None if forever else max(held or stops or starts, default=None)
        return tuple(sorted(found, key=lambda m: (m.start, m.uid))), words, first, last

    def _where(self, where: Row) -> dict[str, Any]:
        address = next(iter(self.by_location["addresses"][where.text("id")]), None)
        lines = [where.text("name"), *(address.text(n) for n in ("address_1", "address_2", "city") if address)]
        return {
            "place": " ".join(dict.fromkeys(filter(None, lines))), "lat": where.values.get("latitude"),
            "lon": where.values.get("longitude"), "online": where.text("location_type") == "virtual",
            "towns": tuple(address.text(n) for n in ("region", "city", "state_province")) if address else (),
            "postcode": address.text("postal_code") if address else "",
        }  # fmt: skip

    def _more(self, service: Row, where: Row | None, words: list[str]) -> tuple[tuple[str, str], ...]:
        own = service.text("id")
        found = [(heading, service.text(name)) for name, heading in _WORDS]
        found.append(("วันและเวลา", "\n".join(dict.fromkeys(words))))
        costs = self._rows("cost_options", own)
        found.append(("แบบของค่าใช้จ่าย", "\n".join(filter(None, map(_said_cost, costs)))))
        found.append(("ภาษา", ", ".join(r.text("name") or r.text("code") for r in self._rows("languages", own))))
        if where is not None:
            found += [("การเดินทาง", where.text("transportation")), ("ข้อมูลสถานที่", where.text("description"))]
            access = self.by_location["accessibility"][where.text("id")]
            found.append(("การเข้าถึงสถานที่", "\n".join(r.text("description") or r.text("details") for r in access)))
        maker = self.checked.of("organizations").by_id.get(service.text("organization_id"))
        program = self.checked.of("programs").by_id.get(service.text("program_id"))
        found += [("จัดโดย", maker.text("name") if maker else ""), ("โครงการ", program.text("name") if program else "")]
        return tuple((heading, text) for heading, text in found if text)

    def _terms(self, own: str) -> tuple[tuple[str, str, str], ...]:
        """Vocabulary, code and name; the vocabulary is named by the term or by the taxonomy it belongs to."""
        found = []
        for attribute in self.attributes[own]:
            term = self.checked.of("taxonomy_terms").by_id[attribute.text("taxonomy_term_id")]
            whole = self.checked.of("taxonomies").by_id.get(term.text("taxonomy_id"))
            vocabulary = whole.text("name") if whole else term.text("taxonomy")
            found.append((vocabulary, term.text("code"), term.text("name")))
        return tuple(dict.fromkeys(found))

    def _cost(self, own: str) -> Decimal | None:
        """The greatest amount: nobody should find that it costs more than was said."""
        rows = [row for row in self._rows("cost_options", own) if "amount" in row.values]
        for row in rows:
            currency = row.text("currency").upper()
            if currency not in {"", "THB", "BAHT", "บาท"}:
                self._wrong("cost_options", row, "currency", "currency", currency)
            if row.values["amount"] < 0:
                self._wrong("cost_options", row, "amount", "range", row.values["amount"], low=0, high="-")
        if len({row.values["amount"] for row in rows}) > 1:
            self._remark("cost_options", rows[0], "amount", "several_costs")
        return max((Decimal(row.values["amount"]) for row in rows), default=None)

    def _rows(self, table: str, service: str) -> list[Row]:
        return self.by_service[table][service]

    def _here(self, table: str, place: Row) -> list[Row]:
        return self.by_place[table][place.text("id")]

    def _wrong(self, table: str, row: Row, column: str, code: str, value: object = "", **params: object) -> None:
        file = self.checked.of(table).file
        self.errors[fault(file, row.number, column, code, value or row.text(column), **params)] = None

    def _remark(self, table: str, row: Row, column: str, code: str) -> None:
        self.warnings[fault(self.checked.of(table).file, row.number, column, code, row.text(column))] = None


_AGES = ("minimum_age", "maximum_age")


def _grouped(checked: Checked, table: str, column: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in checked.of(table).rows:
        if row.text(column):
            found[row.text(column)].append(row)
    return found


def _once(rows: list[Row], where: Row | None) -> list[Row]:
    """A schedule that names both the service and the service at a location is one schedule; those of other locations
    are theirs."""
    return list({row.text("id"): row for row in rows if _held_at(row, where)}.values())


def _held_at(row: Row, where: Row | None) -> bool:
    return where is None or row.text("location_id") in {"", where.text("id")}


def _said_cost(row: Row) -> str:
    amount = row.values.get("amount")
    said = " ".join(filter(None, (row.text("option"), row.text("amount_description"))))
    return f"{said}: {amount:,f} บาท" if said and amount is not None else said
