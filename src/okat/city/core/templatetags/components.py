"""The components of the screens; the living page /style/ shows each. Optional parts are left empty."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import template
from django.template.context import RequestContext
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from okat.city.core import frame
from okat.city.core.show import Cell, Check, Filter, Moment, Part, Table
from okat.city.core.thai_words import WHOLE

register = template.Library()


@register.filter(is_safe=True, needs_autoescape=True)
def whole(text: Any, autoescape: bool = True) -> SafeString:
    """Keep glossary words on one line: browsers split ผู้|พิการ, which changes how it reads. Tags pass untouched."""
    escaped = conditional_escape(text) if autoescape else SafeString(text)
    # Safe: the text is escaped above, and the words that are wrapped are our own.
    return mark_safe(WHOLE.sub(_kept, escaped))  # noqa: S308


def _kept(match: re.Match[str]) -> str:
    found = match.group(0)
    return found if found.startswith("<") else f'<span class="whole">{found}</span>'


@register.simple_tag
def frame_files() -> SafeString:
    """The style sheets and scripts of every page; core.frame."""
    return frame.files()


@register.simple_tag(takes_context=True)
def frame_head(context: RequestContext) -> SafeString:
    """The way in, the menus and the reader's own corner; core.frame."""
    return frame.head(context["request"], int(context["unread_notices"]))


@register.simple_tag(takes_context=True)
def frame_foot(context: RequestContext) -> SafeString:
    return frame.foot(context["request"])


@register.inclusion_tag("components/page_head.html")
def page_head(
    title: object, kicker: object = "", note: object = "", action: object = "", url: str = "", back: str = ""
) -> dict[str, object]:
    """The sentence with the figure as the page's heading, and the one action at its side."""
    return {"title": title, "kicker": kicker, "note": note, "action": action, "url": url, "back": back}


@register.inclusion_tag("components/chip.html")
def chip(text: object, tone: str = "", url: str = "") -> dict[str, object]:
    return {"text": text, "tone": tone, "url": url}


@register.inclusion_tag("components/figure.html")
def figure(value: object, label: object, of: object = "", url: str = "", note: object = "") -> dict[str, object]:
    """A figure with what it counts; `of` is the small "of 199"; `url` opens the rows or the definition behind it."""
    return {"value": value, "label": label, "of": of, "url": url, "note": note}


@register.inclusion_tag("components/table.html")
def data_table(table: Table) -> dict[str, object]:
    """A table that becomes one block per row on a narrow screen; its roles are kept for screen readers."""
    rows = [[cell if isinstance(cell, Cell) else Cell(cell) for cell in row] for row in table.rows]
    return {
        "columns": table.columns,
        "rows": [list(zip(table.columns, row, strict=True)) for row in rows],
        "caption": table.caption,
        "csv_url": table.csv_url,
    }


@register.inclusion_tag("components/empty.html")
def empty_state(title: object, text: object = "", action: object = "", url: str = "") -> dict[str, object]:
    """What to do next where there is nothing yet."""
    return {"title": title, "text": text, "action": action, "url": url}


@register.inclusion_tag("components/alert.html")
def alert(text: object, title: object = "", tone: str = "") -> dict[str, object]:
    return {"text": text, "title": title, "tone": tone}


@register.inclusion_tag("components/progress.html")
def progress(done: float, total: float, label: object) -> dict[str, object]:
    """Long work with its counts."""
    return {"done": done, "total": total, "label": label}


@register.inclusion_tag("components/bar.html")
def bar(value: float, label: object, cut: float | None = None, most: float = 100) -> dict[str, object]:
    """A bar from 0 to `most` with a mark at `cut`; drawn as SVG because the content policy allows no inline style."""
    return {
        "label": label,
        "fill": round(_share(value, most), 1),
        "cut": None if cut is None else round(_share(cut, most), 1),
    }


@register.inclusion_tag("components/why_box.html")
def why_box(
    title: object,
    sentence: object,
    score: float,
    cutoff: float,
    *,
    most: float = 100,
    parts: Sequence[Part] = (),
    correct_url: str = "",
) -> dict[str, object]:
    """Why this answer: the sentence, one's own score against the cut-off, and where the score comes from."""
    return {
        "title": title,
        "sentence": sentence,
        "score": score,
        "cutoff": cutoff,
        "most": most,
        "parts": parts,
        "correct_url": correct_url,
    }


@register.inclusion_tag("components/certificate.html")
def certificate(checks: Iterable[Check], note: object = "", url: str = "") -> dict[str, object]:
    """What was checked of a decision, line by line; `url` leads to checking it oneself."""
    return {"checks": list(checks), "note": note, "url": url}


@register.inclusion_tag("components/steps.html")
def steps(labels: Sequence[str], current: int) -> dict[str, object]:
    """Where one is in a task of several pages; `current` counts from 1."""
    return {"steps": [(label, number < current, number == current) for number, label in enumerate(labels, 1)]}


@register.inclusion_tag("components/timeline.html")
def timeline(moments: Iterable[Moment]) -> dict[str, object]:
    return {"moments": list(moments)}


@register.inclusion_tag("components/filters.html")
def filter_chips(filters: Iterable[Filter], label: object) -> dict[str, object]:
    """Filters as chips that live in the address, so that a list can be shared as it is seen."""
    return {"filters": list(filters), "label": label}


@register.inclusion_tag("components/pages.html", takes_context=True)
def pagination(context: RequestContext, page: Any, parameter: str = "page") -> dict[str, object]:
    """Older and newer pages of a Django `Page`; the other filters of the address are kept."""
    return {
        "page": page,
        "older": _address(context, parameter, page.next_page_number() if page.has_next() else None),
        "newer": _address(context, parameter, page.previous_page_number() if page.has_previous() else None),
    }


@register.inclusion_tag("components/post_button.html", takes_context=True)
def post_button(
    context: RequestContext, url: str, label: object, tone: str = "", hidden: Mapping[str, object] | None = None
) -> dict[str, object]:
    """A button that changes something: a form of its own, sent once."""
    return {
        "url": url,
        "label": label,
        "tone": tone,
        "hidden": dict(hidden or {}),
        "csrf_token": context["csrf_token"],
        "once": context["once"],
    }


@register.inclusion_tag("components/map.html")
def map_block(geojson_url: str, label: object, tiles_url: str = "") -> dict[str, object]:
    """A map of areas and points over a list that the page draws first; without WebGL or JavaScript the list remains.

    GeoJSON properties: `name`, `text` (second line), `url`, `share` (0 to 1: depth of the colour).
    """
    return {"geojson_url": geojson_url, "label": label, "tiles_url": tiles_url}


def _share(value: float, most: float) -> float:
    return 0.0 if most <= 0 else max(0.0, min(100.0, 100.0 * float(value) / float(most)))


def _address(context: RequestContext, parameter: str, value: object) -> str:
    if value is None:
        return ""
    query = context["request"].GET.copy()
    query[parameter] = str(value)
    return f"?{query.urlencode()}"
