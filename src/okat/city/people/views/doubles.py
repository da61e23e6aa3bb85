"""Possible double records: a queue, two records side by side, a decision by a person, and the way back."""

import datetime as dt
import functools
from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from okat.city.core import clock
from okat.city.core.access import staff
from okat.city.core.once import done, once
from okat.city.core.paging import Paginator
from okat.city.core.permissions import Permission
from okat.city.core.registries import MERGE
from okat.city.core.show import Cell, Column, Table, Tone
from okat.city.core.templatetags.okat import be
from okat.city.people import actions, solve
from okat.city.people.forms.fields import in_words, lang
from okat.city.people.models import Merge, MergeProposal, Person
from okat.city.people.queries import may_see_sensitive, pages
from okat.city.people.rules import SETTLE_DAYS, PeopleError, Status, asked_alone
from okat.city.people.rules.told import FACTS, VERDICTS, found_by
from okat.city.people.views.alike import doubles_of
from okat.city.people.views.joined import foretold
from okat.city.people.views.shared import opened, refuse, user_of, working
from okat.thai.dates import format_be
from okat.thai.partial import PartialDate

TONES: dict[str, Tone] = {"same": "good", "near": "warn", "different": "no", "missing": "plain"}
PER_PAGE, MERGES = 20, 20


def _or_decided(view: Callable[[HttpRequest, UUID], HttpResponse]) -> Callable[[HttpRequest, UUID], HttpResponse]:
    """Another tab, or a colleague, was quicker: the page says so, with the list of what is open and what was joined."""

    @functools.wraps(view)
    def first(request: HttpRequest, pk: UUID) -> HttpResponse:
        try:
            return view(request, pk)
        except PeopleError as error:
            if done(user=user_of(request), token=request.POST.get("once", "")):
                raise Http404 from error  # the same form twice: leads where the first one led (core.pages)
            refuse(request, error)
            return redirect("people:doubles")

    return first


@staff(Permission.MERGE_PEOPLE)
@never_cache
@require_GET
def doubles(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    listed = Paginator(pages.proposals_for(user), PER_PAGE).get_page(request.GET.get("page"))
    merges = [(merge, *_how_long(merge)) for merge in pages.merges_for(user)[:MERGES]]
    why = {pair.pk: found_by(pair.source, pair.left.pin_hash, pair.right.pin_hash) for pair in listed}
    values = {"listed": listed, "count": listed.paginator.count, "merges": merges, "why": why}
    return render(request, "people/doubles.html", values)


def _how_long(merge: Merge) -> tuple[bool, bool, dt.date]:
    """Whether the kept record was joined with another since, whether something is held twice, and until which day."""
    held = merge.settled_at is None and any(
        handler.holds(merge.gone_id, merge.moved.get(name, [])) for name, handler in MERGE
    )
    until = timezone.localdate(merge.at) + dt.timedelta(days=SETTLE_DAYS)
    return merge.kept.status == Status.MERGED, held, until


@staff(Permission.MERGE_PEOPLE)
@never_cache
@require_GET
@_or_decided
def double(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Both records fact by fact; that both were opened is recorded."""
    found = _open(request, pk)
    left, right = (opened(request, one.pk, "compare") for one in (found.left, found.right))
    deep = all(may_see_sensitive(user_of(request), one) for one in (left, right))
    ways = [foretold(left, right, 1, deep=deep), foretold(right, left, 2, deep=deep)]
    alone = asked_alone(found.source, found.by_id, user_of(request).pk)
    values = {
        "pair": found,
        "alone": alone,
        "left": left,
        "right": right,
        "table": _side_by_side(left, right),
        "ways": ways,
    }
    return render(request, "people/double.html", values)


def _side_by_side(left: Person, right: Person) -> Table:
    rows = [_row(one.fact, one.left, one.right, one.verdict) for one in solve.side_by_side(left, right).rows]
    areas = (in_words(left.area), in_words(right.area))
    rows.append(_row("area", *areas, "same" if left.area_id == right.area_id else "different"))
    rows.append([str(FACTS["registered"]), in_words(left.registered_by), in_words(right.registered_by), "–"])
    heads = [_("Fact"), _("First record"), _("Second record"), _("Alike?")]
    return Table([Column(head) for head in heads], rows)


def _row(fact: str, left: str, right: str, verdict: str) -> list[object]:
    return [
        str(FACTS[fact]), _value(fact, left), _value(fact, right), Cell(str(VERDICTS[verdict]), tone=TONES[verdict])
    ]  # fmt: skip


def _value(fact: str, value: str) -> str:
    """A value of the comparison as people read it; a number's digits are never here, only whether it is known."""
    if not value:
        return "–"
    if fact == "birth":
        try:
            return format_be(PartialDate.from_iso(value), lang=lang())
        except ValueError:
            return value
    if fact == "sex":
        return str(dict(Person._meta.get_field("sex").flatchoices).get(value, value))
    if fact == "house":
        return value.partition("|")[2] or _("the same household")
    return _("known") if fact == "pin" else value


@staff(Permission.MERGE_PEOPLE)
@require_POST
@_or_decided
def join(request: HttpRequest, pk: UUID) -> HttpResponse:
    """They are one person: everything moves to the record that is kept."""
    found = _open(request, pk)
    keep = next((p for p in (found.left, found.right) if str(p.pk) == request.POST.get("keep")), None)
    if keep is None:
        refuse(request, _("Choose which record is kept."))
        return redirect("people:double", pk)

    def do() -> str:
        actions.merge(proposal=found, keep=keep, by=user_of(request))
        words = _(
            "The two records are one now. Until %(day)s it can be taken back as if nothing had been: below the list."
        )
        messages.success(request, words % {"day": be(clock.today() + dt.timedelta(days=SETTLE_DAYS))})
        return reverse("people:person", args=[keep.pk])

    return _try(request, do)


@staff(Permission.MERGE_PEOPLE)
@require_POST
@_or_decided
def refuse_pair(request: HttpRequest, pk: UUID) -> HttpResponse:
    """They are two people; nobody is asked again."""
    found = _open(request, pk)

    def do() -> str:
        actions.refuse_merge(proposal=found, by=user_of(request))
        messages.success(request, _("Noted: these are two people. Nobody is asked again."))
        return reverse("people:doubles")

    return _try(request, do)


@staff(Permission.MERGE_PEOPLE)
@require_POST
@_or_decided
def part(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a joining back."""
    found = _merge(request, pk)

    def do() -> str:
        actions.undo_merge(merge=found, by=user_of(request))
        words = _(
            "There are two records again; what was added since stays with the first, and what was agreed anew in place "
            "of both holds for both."
        )
        messages.success(request, words)
        return reverse("people:person", args=[found.kept_id])

    return _try(request, do, "people:doubles")


@staff(Permission.MERGE_PEOPLE)
@require_POST
@_or_decided
def settle(request: HttpRequest, pk: UUID) -> HttpResponse:
    """It is sure that they are one: second places go on now, not only when the days are over."""
    found = _merge(request, pk)

    def do() -> str:
        actions.settle_merge(merge=found, by=user_of(request))
        messages.success(request, _("Settled. What was held twice went to whoever waits for it."))
        return reverse("people:doubles")

    return _try(request, do, "people:doubles")


def _merge(request: HttpRequest, pk: UUID) -> Merge:
    found = pages.merges_for(user_of(request)).filter(pk=pk).first()
    if found is None:
        raise _gone(request, pk, _("This merge has been undone already."))
    return found


@staff(Permission.PIN_PERSON)
@never_cache
@require_http_methods(["GET", "POST"])
def same(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who resembles this person; a worker asks whether two are one, and whoever may decide finds them in the queue."""
    found, _partner = working(request, pk, Permission.PIN_PERSON)
    if request.method == "GET":
        values = {"person": found, "alike": doubles_of(user_of(request), found)}
        return render(request, "people/same.html", values)
    # Both are changed by it: a record that only an emergency opens is not proposed either.
    other, _its_partner = working(request, _uuid(request.POST.get("other", "")), Permission.PIN_PERSON)

    def do() -> str:
        actions.propose_merge(one=found, other=other, by=user_of(request))
        messages.success(request, _("Noted. Somebody compares the two records and decides."))
        return reverse("people:person", args=[found.pk])

    return _try(request, do)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error


def _open(request: HttpRequest, pk: UUID) -> MergeProposal:
    found = pages.proposals_for(user_of(request)).filter(pk=pk).first()
    if found is None:
        raise _gone(request, pk, _("Somebody has decided about this pair already."))
    return found


def _gone(request: HttpRequest, pk: UUID, words: str) -> Exception:
    """Whoever might have decided reads that it is decided; nobody else learns that it ever was."""
    return PeopleError("decided", words) if pages.decided_for(user_of(request), pk) else Http404()


def _try(request: HttpRequest, do: Callable[[], str], else_to: str = "people:search") -> HttpResponse:
    try:
        return HttpResponseRedirect(once(user=user_of(request), token=request.POST.get("once", ""), do=do))
    except PeopleError as error:
        refuse(request, error)
        return redirect(else_to)
