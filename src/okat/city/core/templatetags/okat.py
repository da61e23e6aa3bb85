"""Tags and filters that every template may use."""

import datetime as dt
import functools
from typing import Any

from django import template
from django.db.models import Model
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from okat.thai import dates, numbers
from okat.thai.dates import Style
from okat.thai.errors import Lang
from okat.thai.partial import PartialDate

register = template.Library()


@register.filter
def be(value: dt.date | dt.datetime | PartialDate | None, style: Style = "short") -> str:
    """A date as people here read it: 6 ธ.ค. 2569, or 6 Dec 2026 in English."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        value = timezone.localdate(value)
    return dates.format_be(value, lang=_lang(), style=style)


@register.filter
def counted_on(day: dt.date | None) -> str:
    """Of a weekly figure: as of when it was counted, if it was."""
    return be(day) if day is not None else _("not counted yet")


@register.filter
def baht(value: Any) -> str:
    """Money with thousands separators; satang only where there are any."""
    return "" if value is None else numbers.format_baht(value, lang=_lang())


@register.filter
def grouped(number: Any) -> str:
    """A count as people read it: 3,168."""
    return f"{number:,}" if isinstance(number, int) else str(number)


@register.filter
def words(thing: Any) -> str:
    """`thing.th` or `thing.en` (or name_th, title_th ...) in the reader's language; the other where that is missing."""
    lang = _lang()
    for stem in ("", "name_", "title_"):
        for wish in (lang, "th", "en"):
            text = getattr(thing, f"{stem}{wish}", "")
            if text:
                return str(text)
    return ""


@register.filter
def label(row: Any, name: str) -> Any:
    """What the value of a field with choices is called: as `row.get_NAME_display`, which sorts all choices anew at
    each call. Empty for an empty value."""
    value = getattr(row, name)
    return _labels(row._meta.model, name).get(value, value)


@functools.cache
def _labels(model: type[Model], name: str) -> dict[Any, Any]:
    field: Any = model._meta.get_field(name)
    return {None: "", "": "", **dict(field.flatchoices)}


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """A value of a dictionary by a key that is itself a variable."""
    return mapping.get(key) if hasattr(mapping, "get") else None


def _lang() -> Lang:
    return "en" if translation.get_language() == "en" else "th"
