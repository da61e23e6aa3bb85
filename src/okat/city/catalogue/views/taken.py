"""What a search finds, taken along: as a feed and as a table."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from okat.city.catalogue import solve
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.queries import read, search
from okat.city.catalogue.rules.look import read_look
from okat.city.catalogue.views import formats, words
from okat.city.core import clock
from okat.city.core.access import public
from okat.city.core.csvfile import csv_file
from okat.city.core.templatetags.okat import words as name_of


@public
@require_GET
def feed(request: HttpRequest) -> HttpResponse:
    """The newest of a search; of everything without one."""
    site = request.build_absolute_uri
    look = read_look(request.GET)
    entries = [
        (o, words.words_of(o), words.summary_of(o), site(words.address(o))) for o in read.newest(search.matched(look))
    ]
    page = site(reverse("catalogue:search") + ("" if look.empty else f"?{look.address()}"))
    title = _("New opportunities") if look.empty else _("New opportunities for this search")
    content = formats.atom(entries, title=title, page=page, own=site(), now=clock.now())
    return HttpResponse(content, content_type="application/atom+xml; charset=utf-8")


@public
@require_GET
def table(request: HttpRequest) -> HttpResponse:
    """The newest 2,000 of a search, days as ISO 8601, money in baht."""
    rows = read.newest(search.matched(read_look(request.GET)), read.TABLE_LIMIT)
    head = (
        _("Opportunity"), _("Kind"), _("By"), _("Area"), _("Places left"), _("Places"), _("Cost"), _("Apply by"),
        _("First day"), _("Address on the web"),
    )  # fmt: skip
    lines = (_line(o, request.build_absolute_uri(words.address(o))) for o in rows)
    return csv_file("okat-opportunities.csv", [head, *lines])


def _line(o: Opportunity, url: str) -> list[object]:
    texts = [words.words_of(o), words.kind_words(o), name_of(o.provider), name_of(o.area)]
    left: object = o.places_left
    if left is not None and solve.of_sensitive_kind(o):
        left = _("some left") if left else _("none left")
    return [*texts, left, o.capacity, f"{o.cost:.2f}", o.closes_on, o.starts_on, url]
