"""What lets a phone keep the site: the manifest, the service worker at the site's root, the "no signal" page."""

import functools
import hashlib
import json
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from okat.city.core import city
from okat.city.core.access import public

# Files that every page needs; the worker keeps them on its first visit.
SHELL = (
    "okat/tokens.css",
    "okat/base.css",
    "okat/components.css",
    "okat/okat.js",
    "okat/icon.svg",
    "vendor/fonts/ibm-plex-sans-thai-looped-thai-400-normal.woff2",
    "vendor/fonts/ibm-plex-sans-thai-looped-latin-400-normal.woff2",
    "vendor/fonts/ibm-plex-sans-thai-thai-600-normal.woff2",
    "vendor/fonts/ibm-plex-sans-thai-latin-600-normal.woff2",
)


@public
@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    name = city.name()
    english = request.LANGUAGE_CODE == "en"
    content = {
        "name": f"{_('Okat')} {name.en if english else name.th}",
        "short_name": _("Okat"),
        "lang": request.LANGUAGE_CODE,
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#fbfaf6",
        "theme_color": "#0b5d5e",
        "icons": [{"src": static("okat/icon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}],
    }
    return JsonResponse(content, content_type="application/manifest+json")


@public
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """All files of static/okat/sw as one script; a change in any of them, or in the shell, makes a new version."""
    return HttpResponse(
        _script(settings.DEBUG),
        content_type="text/javascript; charset=utf-8",
        headers={"Cache-Control": "no-cache", "Service-Worker-Allowed": "/"},
    )


@public
@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    return render(request, "core/offline.html")


@functools.lru_cache(maxsize=1)
def _cached() -> str:
    return _script(True)


def _script(fresh: bool) -> str:
    if not fresh:
        return _cached()
    parts = [path.read_text(encoding="utf-8") for path in _parts()]
    shell = [name for name in SHELL if finders.find(name)]
    digest = hashlib.sha256("".join(parts).encode())
    for name in shell:
        digest.update(Path(str(finders.find(name))).read_bytes())
    head = f"self.OKAT_VERSION = {json.dumps(digest.hexdigest()[:12])};\n"
    head += f"self.OKAT_SHELL = {json.dumps([static(name) for name in shell])};\n"
    return head + "\n".join(parts)


def _parts() -> list[Path]:
    folder = finders.find("okat/sw")
    return sorted(Path(folder).glob("*.js")) if isinstance(folder, str) else []
