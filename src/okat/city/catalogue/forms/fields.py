"""Fields of the catalogue's forms: money as people write it, meetings and papers one to a line, areas with parents."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from okat.city.catalogue.models import Session
from okat.city.catalogue.rules.rows import SessionRow
from okat.city.core.forms import OkatForm
from okat.city.core.numbers import whole
from okat.city.core.templatetags.okat import be, words
from okat.city.places.models import Area
from okat.thai import dates, digits, numbers
from okat.thai.errors import ThaiValueError

_HOURS = re.compile(
    r"(?P<day>.+?)\s+(?:เวลา\s*)?(?P<h1>\d{1,2})[:.](?P<m1>\d{2})\s*(?:น\.)?\s*(?:-|–|ถึง|to)\s*"
    r"(?P<h2>\d{1,2})[:.](?P<m2>\d{2})(?:\s*น\.)?(?:\s+(?P<note>.*))?"
)
_NUMBER = re.compile(r"(?P<place>\d{1,3})\)\s*")
MOST_LINES = 200


class BahtField(forms.CharField):
    """An amount as people write it: 1,500 บาท, ๓๐๐๐, ฟรี (0). Cleaned to Decimal, or None where nothing is said."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, *, most: Decimal = Decimal(10_000_000_000), **kwargs: Any) -> None:
        self.most = most
        super().__init__(max_length=40, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            amount = numbers.parse_baht(text)
        except ThaiValueError as error:
            raise forms.ValidationError(error.message("en" if translation.get_language() == "en" else "th")) from error
        if amount is not None and not 0 <= amount < self.most:
            raise forms.ValidationError(_("This amount is out of bounds."))
        return amount if amount is None else amount.quantize(Decimal("0.01"))


class MeetingsField(forms.CharField):
    """One meeting to a line: 6 ธ.ค. 2569 09:00-16:00 and, if wished, a note. Cleaned to a tuple of SessionRow. A line
    of a meeting that stands begins with its place in the list that was drawn, `2)`, by which it is known again."""

    widget = forms.Textarea(attrs={"rows": 4})

    def clean(self, value: Any) -> Any:
        lines = _lines(super().clean(value))
        if len(lines) > MOST_LINES:
            raise forms.ValidationError(_("At most %(most)s lines.") % {"most": MOST_LINES})
        return tuple(self._read(number, line) for number, line in enumerate(lines, 1))

    def _read(self, number: int, line: str) -> SessionRow:
        place, line = _place(digits.to_arabic(line))
        found = _HOURS.fullmatch(line)
        try:
            if found is None:
                raise ValueError(line)
            day = dates.parse_date(found["day"])
            if not day.complete:
                raise ValueError(line)
            start, end = (
                timezone.make_aware(dt.datetime.combine(day.first(), dt.time(int(found[h]), int(found[m]))))
                for h, m in (("h1", "m1"), ("h2", "m2"))
            )
        except (ValueError, ThaiValueError) as error:
            words = _("Line %(number)s: write a day and hours, like 6 ธ.ค. 2569 09:00-16:00.")
            raise forms.ValidationError(words % {"number": number}) from error
        if end <= start:
            raise forms.ValidationError(_("Line %(number)s: it ends before it starts.") % {"number": number})
        return SessionRow(start, end, note=(found["note"] or "")[:200], known=place)


def _place(line: str) -> tuple[int | None, str]:
    found = _NUMBER.match(line)
    return (int(found["place"]), line[found.end() :]) if found else (None, line)


def say_meetings(sessions: Iterable[Session]) -> str:
    """The reverse of MeetingsField."""
    lines = []
    for place, session in enumerate(sessions, 1):
        start, end = timezone.localtime(session.start), timezone.localtime(session.end)
        lines.append(f"{place}) {be(start)} {start:%H:%M}-{end:%H:%M} {session.note}".strip())
    return "\n".join(lines)


def meetings_drawn(rows: Iterable[SessionRow], drawn: str) -> tuple[SessionRow, ...]:
    """With the number of the stored meeting instead of the place in the list; `drawn`: the numbers in that order."""
    numbers = [number for text in drawn.split(",") if (number := whole(text)) is not None]
    return tuple(
        replace(row, known=numbers[row.known - 1] if row.known and row.known <= len(numbers) else None) for row in rows
    )


class PapersField(forms.CharField):
    """One document to a line, Thai and English divided by |. Cleaned to a tuple of {"th", "en"}."""

    widget = forms.Textarea(attrs={"rows": 3})

    def clean(self, value: Any) -> Any:
        found = []
        for line in _lines(super().clean(value))[:MOST_LINES]:
            th, _bar, en = (part.strip() for part in line.partition("|"))
            found.append({"th": th[:300], "en": en[:300]})
        return tuple(found)


def say_papers(documents: Iterable[dict[str, str]]) -> str:
    return "\n".join(f"{d['th']} | {d['en']}" if d.get("en") else d["th"] for d in documents)


def area_words(area: Area) -> str:
    return f"{words(area)} ({words(area.parent)})" if area.parent is not None else words(area)


class VersionedForm(OkatForm):
    """A form that says which version its writer saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def seen(self, version: int) -> None:
        """Draw it with the newer version: its reader was told of the other's change and may save over it."""
        sent: Any = self.data
        again = sent.copy()
        again["version"] = str(version)
        self.data = again


def _lines(text: str) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]
