"""Open Referral HSDS 3.0 for reading: what the network offers, to any program, without a key. Public rows alone."""

import functools
import json
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_GET

from okat.city.api import ask as asked
from okat.city.api import find, make
from okat.city.api.ask import Ask, AskError
from okat.city.api.openapi import openapi
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.rules import Kind
from okat.city.core.access import public
from okat.city.core.paging import Paginator
from okat.city.taxonomy.models import Term

VERSION = "3.0"
PROFILE = "https://docs.openreferral.org/en/3.0/hsds/overview.html"
AT_ONCE = 200
View = Callable[..., HttpResponseBase]
Json = dict[str, Any]


def answering(view: View) -> View:
    """In Thai for everybody, readable from any page, errors as JSON in both languages."""

    @require_GET
    @functools.wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with translation.override("th"):
            try:
                page = view(request, *args, **kwargs)
            except AskError as error:
                page = _error(400, f"{error.parameter}: {error.th}", f"{error.parameter}: {error.en}", error.parameter)
        page.headers["Access-Control-Allow-Origin"] = "*"
        page.headers["Content-Language"] = "th"
        return page

    return public(answer)


@answering
def about(request: HttpRequest) -> HttpResponseBase:
    """What speaks here, and where its description is."""
    return _json({"version": VERSION, "profile": PROFILE, "openapi_url": make.site(reverse("api:hsds-openapi"))})


@answering
def document(request: HttpRequest) -> HttpResponseBase:
    return _json(openapi(VERSION, make.site(reverse("api:hsds")).rstrip("/")))


@answering
def services(request: HttpRequest) -> HttpResponseBase:
    wish = asked.read(request.GET, asked.SERVICES)
    if wish.minimal:
        return _listed(find.services(wish), wish, make.minimal)
    return _listed(find.services(wish), wish, lambda o: make.service(o, full=wish.full))


@answering
def service(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    return _one(find.service(pk), lambda o: make.service(o, full=True))


@answering
def organizations(request: HttpRequest) -> HttpResponseBase:
    wish = asked.read(request.GET, asked.ORGANIZATIONS)
    return _listed(
        find.organizations(wish), wish, lambda p: make.organization(p, find.venues(p) if wish.full else None)
    )


@answering
def organization(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    return _one(find.organization(pk), lambda p: make.organization(p, find.venues(p)))


@answering
def locations(request: HttpRequest) -> HttpResponseBase:
    wish = asked.read(request.GET, asked.LOCATIONS)
    return _listed(find.locations(wish), wish, make.location)


@answering
def location(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    return _one(find.location(pk), lambda v: make.location_of(v) if isinstance(v, Opportunity) else make.location(v))


@answering
def services_at_locations(request: HttpRequest) -> HttpResponseBase:
    wish = asked.read(request.GET, asked.PLACED)
    return _listed(find.services(wish, placed=True), wish, lambda o: make.service_here(o, full=wish.full))


@answering
def service_at_location(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    return _one(find.placed(pk), lambda o: make.service_here(o, full=True))


@answering
def taxonomies(request: HttpRequest) -> HttpResponseBase:
    wish = asked.read(request.GET, asked.PAGES)
    return _listed(find.vocabularies(wish), wish, make.vocabulary)


@answering
def taxonomy(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    return _one(find.vocabulary(pk), make.vocabulary)


@answering
def taxonomy_terms(request: HttpRequest) -> HttpResponseBase:
    wish = asked.read(request.GET, asked.TERMS)
    return _listed(find.terms(wish), wish, _term)


@answering
def taxonomy_term(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    return _one(find.term(pk), _term)


def _term(word: Term | Kind) -> Json:
    return make.term(word) if isinstance(word, Term) else make.kind(word)


def _listed(rows: Any, wish: Ask, draw: Callable[[Any], Json]) -> HttpResponseBase:
    """One page (HSDS API reference, "Page"), or every row on a line of its own."""
    if wish.format == "ndjson":
        return StreamingHttpResponse(_lines(rows, draw), content_type="application/x-ndjson; charset=utf-8")
    pages = Paginator(rows, wish.per_page)
    contents = [draw(row) for row in pages.page(wish.page)] if wish.page <= pages.num_pages else []
    return _json({
        "total_items": pages.count, "total_pages": pages.num_pages, "page_number": wish.page, "size": len(contents),
        "first_page": wish.page == 1, "last_page": wish.page >= pages.num_pages, "empty": not contents,
        "contents": contents,
    })  # fmt: skip


def _lines(rows: Any, draw: Callable[[Any], Json]) -> Iterator[bytes]:
    some = rows.iterator(chunk_size=AT_ONCE) if hasattr(rows, "iterator") else rows
    for row in some:
        with translation.override("th"):  # drawn while it is sent, when the request is over
            line = json.dumps(draw(row), ensure_ascii=False)
        yield line.encode() + b"\n"


def _one(row: Any, draw: Callable[[Any], Json]) -> HttpResponseBase:
    if row is None:
        return _error(404, "ไม่มีรายการนี้", "There is no such object")
    return _json(draw(row))


def _json(data: Json, status: int = 200) -> HttpResponse:
    return JsonResponse(data, status=status, json_dumps_params={"ensure_ascii": False})


def _error(status: int, th: str, en: str, parameter: str = "") -> HttpResponse:
    return _json({"error": {"th": th, "en": en, "parameter": parameter}}, status)
