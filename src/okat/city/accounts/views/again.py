"""Asking for the password once more before what opens an account, or much at once, is changed."""

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from okat.city.accounts import actions
from okat.city.accounts.forms import ProofForm
from okat.city.accounts.models import User
from okat.city.core import fresh
from okat.city.core.form_again import typed
from okat.city.core.limits import too_many, wait_for

View = Callable[..., HttpResponse]
OWN_FIELDS = frozenset({"csrfmiddlewaretoken", "proof"})
TRIES, SECONDS = 10, 900
# What is about to be done, where the password is asked for.
OWN = _("This changes how one gets into your account.")
MEMBERS = _("This changes who may work for an office, where, and how they get into their accounts.")
RECORD = _("This changes which account opens a record.")
OFFICE = _("This ends what an office holds, or gives it to another office.")


def asks_again(why: Promise) -> Callable[[View], View]:
    """Nothing is sent to this view before the password or a code was shown within the last five minutes.

    The page that asks says `why`: what is about to be done. It carries along what was sent, so that it is done as soon
    as the answer is right.
    """

    def mark(view: View) -> View:
        @functools.wraps(view)
        def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST" and not fresh.recently(request):
                page = _ask(request, why)
                if page is not None:
                    return page
            if not fresh.recently(request):
                return view(request, *args, **kwargs)
            with fresh.trusted():
                return view(request, *args, **kwargs)

        asked.__dict__["okat_asks_again"] = True
        return asked

    return mark


def _ask(request: HttpRequest, why: Promise) -> HttpResponse | None:
    """The page that asks; None once the answer was right."""
    user = request.user
    assert isinstance(user, User)
    form = ProofForm(request.POST if "proof" in request.POST else None)
    if form.is_bound and form.is_valid():
        if wait := wait_for(name="proof", who=str(user.pk), limit=TRIES, seconds=SECONDS):
            return too_many(request, wait)
        if shows(user, form.cleaned_data["proof"]):
            fresh.note(request)
            return None
        form.add_error("proof", _("This is neither your password nor the present code. Try again."))
    return render(request, "accounts/again.html", {"form": form, "why": why, "kept": typed(request.POST, OWN_FIELDS)})


def shows(user: User, proof: str) -> bool:
    """Whether this is the password or, for whoever has a second factor, a code that was not used yet."""
    if user.check_password(proof):
        actions.note_proof(right=True, by=user)
        return True
    if user.second_factor and proof.replace(" ", "").isdecimal():
        return actions.try_second_factor(code=proof, by=user) is not None
    actions.note_proof(right=False, by=user)
    return False
