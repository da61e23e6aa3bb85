"""Putting what was typed back into the form of a page, in its HTML: it works for every form, and without scripts."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import accumulate
from urllib.parse import urljoin, urlsplit

from django.utils.html import escape

Typed = list[tuple[str, str]]
# The page's own, or what is never written by a server.
NOT_TYPED = {"hidden", "password", "file", "submit", "button", "reset", "image"}


@dataclass
class Field:
    tag: str
    name: str
    attrs: dict[str, str | None]
    start: int
    end: int
    close: int = 0  # where the text of a textarea ends


@dataclass
class Form:
    action: str
    fields: list[Field] = field(default_factory=list)

    def fit(self, typed: Typed) -> int:
        return len({name for name, _ in typed} & {one.name for one in self.fields})


class Forms(HTMLParser):
    """The forms of a page that are sent by POST, and where its messages stand."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.starts = [0, *accumulate(len(line) + 1 for line in html.split("\n"))]
        self.forms: list[Form] = []
        self.messages = -1
        self._form: Form | None = None
        self._select = ""
        self.feed(html)
        self.close()

    def _here(self) -> int:
        line, column = self.getpos()
        return self.starts[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known, start = dict(attrs), self._here()
        end = start + len(self.get_starttag_text() or "")
        if known.get("id") == "messages":
            self.messages = end
        if tag == "form":
            self._form = Form(known.get("action") or "")
            if (known.get("method") or "").lower() == "post":
                self.forms.append(self._form)
        if self._form is None or tag not in {"input", "textarea", "select", "option"}:
            return
        if tag == "select":
            self._select = known.get("name") or ""
        name = self._select if tag == "option" else known.get("name") or ""
        self._form.fields.append(Field(tag, name, known, start, end))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        if tag == "textarea" and self._form is not None and self._form.fields:
            self._form.fields[-1].close = self._here()


def fill(html: str, *, page: str, action: str, typed: Typed, note: str) -> str | None:
    """The page with `note` among its messages and its form for `action` filled; None where it has no such form."""
    read = Forms(html)
    fitting = [one for one in read.forms if urlsplit(urljoin(page, one.action)).path == action and one.fit(typed)]
    if not fitting or read.messages < 0:
        return None
    left: dict[str, list[str]] = {}
    for name, value in typed:
        left.setdefault(name, []).append(value)
    edits = [(read.messages, read.messages, note)]
    for one in max(fitting, key=lambda form: form.fit(typed)).fields:
        edits += _edit(one, left)
    for start, end, text in sorted(edits, reverse=True):
        html = html[:start] + text + html[end:]
    return html


def _edit(one: Field, typed: dict[str, list[str]]) -> list[tuple[int, int, str]]:
    kind, values = (one.attrs.get("type") or "text").lower(), typed.get(one.name, [])
    if one.tag == "select" or not one.name or (one.tag == "input" and kind in NOT_TYPED):
        return []
    if one.tag == "option":
        return [(one.start, one.end, _tag(one, "selected", on=(one.attrs.get("value") or "") in values))]
    if one.tag == "input" and kind in {"checkbox", "radio"}:
        return [(one.start, one.end, _tag(one, "checked", on=(one.attrs.get("value") or "on") in values))]
    if not values:
        return []
    value = values.pop(0)  # fields of one name are filled in their order
    if one.tag == "textarea":
        return [(one.end, one.close, "\n" + escape(value))] if one.close else []
    one.attrs["value"] = value
    return [(one.start, one.end, _tag(one))]


def _tag(one: Field, mark: str = "", *, on: bool = False) -> str:
    attrs: dict[str, str | None] = {name: value for name, value in one.attrs.items() if name != mark}
    if on:
        attrs[mark] = None
    told = "".join(f" {name}" if value is None else f' {name}="{escape(value)}"' for name, value in attrs.items())
    return f"<{one.tag}{told}>"
