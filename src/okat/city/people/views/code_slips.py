"""The code on a slip opens a page of one's own, once, without an account; and printing such a slip.

A code is never in an address: the picture on the slip carries it behind `#`, which no browser sends and no log keeps,
and the form sends it as what was typed.
"""

from typing import Any

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from okat.city.accounts.models import User
from okat.city.core.access import public
from okat.city.core.both import in_both, named_in_both
from okat.city.core.limits import client_address, too_many, wait_for
from okat.city.core.own_pages import OWN_PAGES
from okat.city.core.templatetags.okat import be
from okat.city.people import actions
from okat.city.people.models import CodeSlip
from okat.city.people.queries import code_slips
from okat.city.people.rules.codes import State, read_code
from okat.files.papers import Both, CodeSheet, code_slip_pdf

WRONG, WITHIN = 20, 600  # wrong codes of one connection; a right code opens all the same
ASKED = 20  # how often what became of a used code is told, for each code


@public
@never_cache
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Take a code. Nobody is locked out by what strangers type: only wrong codes count for a connection, and only who
    holds a code can ask for it too often."""
    if request.method == "GET":
        return render(request, "people/code.html", {"typed": ""})
    typed = request.POST.get("code", "")[:200]
    code = read_code(typed)
    if not code:
        return _again(request, typed, _("This is not a whole code. It has sixteen letters and digits; look again."))
    slip = code_slips.code_slip_called(code)
    if slip is None:
        wait = wait_for(name="code-slip", who=client_address(request), limit=WRONG, seconds=WITHIN)
        if wait:
            return too_many(request, wait)
        return _again(request, typed, _("No slip has this code. Compare it letter by letter with the paper."))
    if actions.open_code_slip(slip=slip, by=request.user if isinstance(request.user, User) else None):
        code_slips.remember(request, slip)
        return redirect(OWN_PAGES[slip.page].address)
    wait = wait_for(name="code-slip-one", who=str(slip.pk), limit=ASKED, seconds=WITHIN)
    return too_many(request, wait) if wait else _refused(request, code_slips.code_slip_called(code) or slip)


@public
@require_POST
def close(request: HttpRequest) -> HttpResponse:
    code_slips.forget(request)
    return redirect("people:code")


def _again(request: HttpRequest, typed: str, error: str) -> HttpResponse:
    return render(request, "people/code.html", {"typed": typed, "error": error})


def _refused(request: HttpRequest, slip: CodeSlip) -> HttpResponse:
    """What became of the code (read again: somebody else may have used it at this moment), told to whoever holds it."""
    state = code_slips.state_of(slip)
    newer = code_slips.newer_than(slip) if state is State.NEWER else None
    values = {"slip": slip, "used": slip.opened_at is not None, "newer": newer, "over": state is State.OVER}
    return render(request, "people/code_used.html", values)


def printed(request: HttpRequest, slip: CodeSlip, code: str) -> HttpResponse:
    """The slip on paper: a PDF, or a page that hides the code on the screen. It comes once and is kept nowhere."""
    address = settings.SITE_URL + reverse("people:code")
    link, name = f"{address}#{code}", f"slip-{timezone.localtime(slip.made_at):%Y%m%d-%H%M}.pdf"
    if request.POST.get("as") != "page":
        answer = HttpResponse(code_slip_pdf(_sheet(slip, code, address, link)), content_type="application/pdf")
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer
    drawn = segno.make(link, error="m").svg_inline(scale=4, border=2, svgclass="qr", lineclass=None, light="#fff")
    values: dict[str, Any] = {
        "slip": slip, "code": code, "address": address, "opens": OWN_PAGES[slip.page].opens,
        "fold": FOLD, "scan": HOW, "opens_once": ONCE,
        "picture": mark_safe(drawn),  # noqa: S308 - drawn by segno from modules, holds no text of ours
    }  # fmt: skip
    return render(request, "people/code_slip.html", values)


FOLD = gettext_lazy("Fold up along this line so that the code lies inside, and staple it shut. Do not read it.")
HOW = gettext_lazy("Scan the picture with a telephone, or write the code at")
ONCE = gettext_lazy(
    "The code opens the page once. If the page says that it was opened before, and it was not you, tell the office."
)


def _sheet(slip: CodeSlip, code: str, address: str, link: str) -> CodeSheet:
    office = named_in_both(slip.partner)
    asks = f" · {slip.partner.phone}" if slip.partner.phone else ""
    return CodeSheet(
        heading=_both(gettext_lazy("For %(name)s"), name=slip.person.full_name), area=named_in_both(slip.person.area),
        opens=_both(OWN_PAGES[slip.page].opens), how=_both(HOW), once=_both(ONCE), fold=_both(FOLD),
        until=_both(gettext_lazy("It can be used until %(day)s."), day=slip.until),
        office=Both(office.th + asks, office.en),
        made=_both(gettext_lazy("Printed on %(day)s"), day=slip.made_at), code=code, shown=address, link=link,
        alt=_both(gettext_lazy("A QR code that opens the page for the code")).th, at=slip.made_at,
    )  # fmt: skip


def _both(said: Promise, **values: Any) -> Both:
    def say() -> str:
        shown = {key: value if isinstance(value, str) else be(value) for key, value in values.items()}
        return str(said) % shown if shown else str(said)

    return in_both(say)
